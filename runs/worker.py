"""What a worker does: take a member, live it, write its part, say so.

A worker is a fresh interpreter started with `serve`; only what a member needs is imported in it. It takes
pickled tasks from its standard input, and ends when that is closed, so that no worker outlives its parent by
more than one member.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from runs import numba_cache
from runs.identity import sources_digest
from runs.store import Store

SIMULATE: Final = "model.simulate:simulate"
THREAD_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class SourcesChanged(RuntimeError):
    """The code is no longer the one that a member is named by."""


@dataclass(frozen=True, slots=True)
class Task:
    """One member to live.

    sources: digest of `model/` that the identity was made with. simulate: `module:function`. threads: of numba,
    set for the whole worker. checked: invariants after every phase.
    """

    identity: str
    scenario: str
    seed: int
    model_input: Any
    store: str
    sources: str
    simulate: str = SIMULATE
    threads: int = 1
    checked: bool = False


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Compile every kernel once, so that the other workers find it done.

    part: 0 compiles all; 1 helps from the other end, side by side with 0.
    """

    simulate: str = SIMULATE
    part: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one member. On failure: the stage (load, simulate, store, worker) and the record's text."""

    identity: str
    ok: bool
    seconds: float
    stage: str = ""
    error: str = ""


def environment(threads: int) -> dict[str, str]:
    """Variables a worker must have before it imports anything."""
    return {"NUMBA_NUM_THREADS": str(threads), **dict.fromkeys(THREAD_VARIABLES, "1")}


def live(task: Task) -> Outcome:
    """Live one member and keep what came of it. Top level and picklable, so that any executor can call it."""
    started = time.perf_counter()
    stage = "load"
    try:
        simulate = _load(task)
        stage = "simulate"
        results = simulate(task.model_input, checked=task.checked)
        stage = "store"
        Store(Path(task.store)).write(task.identity, task.seed, results)
    except Exception as error:
        record = failure(task, stage, type(error).__name__, str(error), traceback.format_exc())
        Store(Path(task.store)).fail(task.identity, record)
        text = f"{type(error).__name__}: {error}"
        return Outcome(task.identity, False, time.perf_counter() - started, stage, text)
    return Outcome(task.identity, True, time.perf_counter() - started)


def failure(task: Task, stage: str, exception: str, message: str, trace: str = "") -> dict[str, Any]:
    """The record of a failed member."""
    return {
        "scenario": task.scenario, "seed": task.seed, "stage": stage,
        "exception": exception, "message": message, "traceback": trace,
    }


def warm_up(task: WarmUp) -> Outcome:
    """Call `warm_up` of the module that simulates, if it has one."""
    started = time.perf_counter()
    try:
        compile_all = getattr(importlib.import_module(task.simulate.partition(":")[0]), "warm_up", None)
        if compile_all is not None:
            compile_all(task.part)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return Outcome("", False, time.perf_counter() - started, "warm up", text)
    return Outcome("", True, time.perf_counter() - started)


def serve() -> None:
    """Take tasks from standard input and answer on standard output until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not run into the answers: it goes to standard error.
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    while True:
        try:
            task = pickle.load(requests)
        except EOFError:
            return
        outcome = warm_up(task) if isinstance(task, WarmUp) else live(task)
        try:
            pickle.dump(outcome, answers)
            answers.flush()
        except BrokenPipeError:
            return


_sources: dict[str, str] = {}


def _load(task: Task) -> Any:
    """The function that simulates. Raises SourcesChanged when it is not the code the identity was made with."""
    module, _, name = task.simulate.partition(":")
    if module not in sys.modules:
        # An executor of somebody else does not inherit the folder from us.
        numba_cache.prepare()
    function = getattr(importlib.import_module(module), name)
    if module not in _sources:
        _sources[module] = sources_digest()
    if module.startswith("model.") and _sources[module] != task.sources:
        raise SourcesChanged("a file under model/ was edited after the run began; start it again")
    return function
