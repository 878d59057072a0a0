"""Compiled code is never older than its sources, wherever the edit was made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import cli
from runs import numba_cache
from runs.kernel_cache import stamp

ROOT = Path(__file__).resolve().parents[2]

CALLER = """
from numba import njit
from model.near import helper

@njit(cache=True)
def caller(x):
    return helper(x) + 1
"""

HELPER = """
from numba import njit

@njit(cache=True)
def helper(x):
    return x * {factor}
"""

ASK = """
import sys
from pathlib import Path
from runs import numba_cache
chosen = numba_cache.prepare()
sys.path.insert(0, sys.argv[1])
from model.far import caller
print(caller(10), sum(caller.stats.cache_hits.values()), len(list(chosen.rglob("*.nbc"))))
"""


def python(code: str, *arguments: str, **variables: str) -> str:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    environ.pop("NUMBA_CACHE_DIR", None)
    environ.pop("NUMBA_CACHE_LOCATOR_CLASSES", None)
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_edit_in_another_file_is_seen_at_once(tmp_path):
    folder = tmp_path / "copy" / "model"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "far.py").write_text(CALLER)

    def answer(factor: int) -> list[str]:
        (folder / "near.py").write_text(HELPER.format(factor=factor))
        # Python's own bytecode cache cannot tell two edits of one size within a second; ours must, so leave it out.
        own = {"XIANCHENG_CACHE": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        return python(ASK, str(folder.parent), **own).split()

    assert answer(2) == ["21", "0", "2"]
    assert answer(2) == ["21", "1", "2"], "the second process loads what the first compiled"
    assert answer(3) == ["31", "0", "4"], "both kernels are compiled again, and those of the old source stay"
    assert answer(2) == ["21", "1", "4"], "the old source finds its own again"


@pytest.mark.parametrize("code", [
    "import xiancheng; xiancheng.load",
    *(f"from analysis.cli import cli; cli.get_command(None, {name!r})" for name in cli.WITH_KERNELS),
])
def test_entries_choose_the_folder_before_numba(code):
    out = python(f"{code}\nimport os, sys; print('numba' in sys.modules, os.environ['NUMBA_CACHE_DIR'])")
    assert out == f"False {numba_cache.folder()}"


@pytest.mark.parametrize("code", [
    "import runs.api, analysis.study, analysis.summary, analysis.figures, analysis.screen, analysis.pages",
    "import scenarios, scenarios.compile, scenarios.explain, scenarios.schema",
])
def test_the_process_that_only_directs_never_loads_numba(code):
    assert python(f"{code}\nimport sys; print('numba' in sys.modules)") == "False"


def test_a_worker_loads_neither_mesa_nor_tables():
    code = """
from runs import worker, numba_cache
numba_cache.prepare()
import importlib, sys
importlib.import_module(worker.SIMULATE.partition(":")[0])
importlib.import_module("model.warm_up")
print(sorted({"mesa", "pandas", "matplotlib", "networkx", "click"} & set(sys.modules)))
"""
    assert python(code) == "[]"


REACH = """
import sys, types
from pathlib import Path
from numba.core.dispatcher import Dispatcher
from runs import numba_cache
numba_cache.prepare()
from runs.kernel_cache import reach
import model.engine, model.warm_up

def names(code):
    return set(code.co_names).union(*(names(c) for c in code.co_consts if isinstance(c, types.CodeType)))

modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "model"]
kernels = {k for module in modules for k in vars(module).values() if isinstance(k, Dispatcher)}
missed = []
for kernel in kernels:
    file = Path(kernel.py_func.__code__.co_filename).resolve()
    for name in names(kernel.py_func.__code__):
        value = kernel.py_func.__globals__.get(name)
        if isinstance(value, Dispatcher):
            other = Path(value.py_func.__code__.co_filename).resolve()
            if other not in reach(file):
                missed.append((kernel.__name__, name))
print(len(kernels) > 60, missed)
"""


def test_the_stamp_of_a_kernel_covers_every_kernel_that_it_calls():
    assert python(REACH) == "True []"


def test_an_edit_that_no_kernel_sees_compiles_nothing(tmp_path):
    file = tmp_path / "near.py"
    file.write_text(HELPER.format(factor=2))
    before = stamp(file)
    file.write_text("\n\n" + HELPER.format(factor=2) + "\ndef story(x: int) -> int:\n    return helper(x) + 1\n")
    assert stamp(file) == before
    file.write_text(HELPER.format(factor=2).replace("x * 2", "x * factor") + "\nfactor = 2\n")
    constant = stamp(file)
    file.write_text(HELPER.format(factor=2).replace("x * 2", "x * factor") + "\nfactor = 3\n")
    assert len({before, constant, stamp(file)}) == 3


NOTHING_LEFT = """
import sys
from numba.core.dispatcher import Dispatcher
import scenarios
from model.engine import CountyModel, warm_up
from model.world.tables import load_prefecture
from scenarios.compile import compile_scenario

def known():
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "model"]
    kernels = {kernel for module in modules for kernel in vars(module).values() if isinstance(kernel, Dispatcher)}
    return {(kernel.py_func.__module__, kernel.__name__, types) for kernel in kernels for types in kernel.signatures}

warm_up()
before = known()
for name in ("current_practice", "action_plan", "settlement_reform"):
    scenario = scenarios.load(name)
    made = compile_scenario(scenario, load_prefecture(scenario.prefecture), scale=0.001, seed=1)
    CountyModel(made, checked=True).run()
print(len(before) > 60, sorted(known() - before))
"""


def test_after_the_warm_up_a_run_needs_no_kernel_more():
    """Neither compiled nor loaded: so it also holds where the cache is warm already."""
    assert python(NOTHING_LEFT) == "True []"
