"""Whatever dies and whenever it does: what is finished stays, the rest is lived, and the results are the same."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numba
import pytest

from runs import numba_cache
from runs.api import AllFailed, carry_out
from runs.experiment import open_folder
from runs.paths import ROOT
from runs.store import Store
from tests.unit.fake_plan import ENGINE, FakeScenario, fake_plan

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A place for runs and caches of its own; `trace` gets one file for each member that is lived."""
    (tmp_path / "trace").mkdir()
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("XIANCHENG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FAKE_TRACE", str(tmp_path / "trace"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(numba.config, "CACHE_DIR", numba.config.CACHE_DIR)
    return tmp_path


def lived(here) -> list[str]:
    return sorted(path.name.rsplit("-", 2)[0] for path in (here / "trace").glob("*.0-*"))


def go(plan=None, simulate="simulate", **options):
    return carry_out(plan or fake_plan(), simulate=f"{ENGINE}:{simulate}", progress=False, workers=2, **options)


def parts(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "runs" / "store").glob("*.part"))}


def test_every_member_is_lived_once_and_kept(here):
    experiment = go()
    assert lived(here) == sorted(f"{effect}-{seed}" for effect in (0.0, 1.0) for seed in (1, 2, 3))
    frame = experiment.frame()
    assert list(frame.columns) == ["scenario", "seed", "month", "place", "indicator", "value"]
    assert len(frame) == 6 * 4 * 86 * 3
    assert len(experiment.moves()) == 6 * 8 * 5 * 5
    programmes = experiment.programmes()
    assert list(programmes.columns) == ["scenario", "seed", "year", "lever", "place", "delivered", "level"]
    assert len(programmes) == 6 * 8 * 2 * 2
    row = programmes.query("scenario == 'plan' and seed == 2 and year == '2023' and lever == 'road_investment'")
    assert row["place"].tolist() == ["north", "south"]
    assert row["delivered"].tolist() == [0.0, 1.5] and row["level"].tolist() == [1.0, 2.5]


def test_a_second_call_lives_nothing_and_finds_the_same_folder(here):
    one = go()
    before = lived(here)
    two = go()
    assert lived(here) == before
    assert one == two


def test_more_seeds_live_only_what_is_new(here):
    go()
    go(fake_plan(seeds=5))
    assert lived(here) == sorted(f"{effect}-{seed}" for effect in (0.0, 1.0) for seed in (1, 2, 3, 4, 5))


def test_a_damaged_part_is_lived_again(here):
    go()
    whole = parts(here)
    name = random.Random(1).choice(sorted(whole))
    path = here / "runs" / "store" / name
    path.write_bytes(whole[name][: len(whole[name]) // 2])
    go()
    assert len(lived(here)) == 7
    assert parts(here) == whole


def test_after_a_killed_worker_everything_is_done_in_the_end(here):
    experiment = go(simulate="dies_once")
    assert not experiment.failed
    assert len(parts(here)) == 6


def test_a_member_that_always_kills_its_worker_is_given_up_and_the_others_are_fine(here):
    experiment = go(simulate="dies_on_two")
    assert {(r["scenario"], r["seed"], r["stage"]) for r in experiment.failed.values()} == {
        ("base", 2, "worker"), ("plan", 2, "worker")
    }
    assert lived(here).count("0.0-2") == 3
    assert sorted(experiment.frame()["seed"].unique()) == [1, 3]


def test_a_member_that_fails_is_recorded_and_the_others_are_fine(here):
    experiment = go(simulate="fails_on_two")
    assert len(experiment.failed) == 2
    for identity, record in experiment.failed.items():
        assert record == Store(here / "runs" / "store").failure(identity)
        assert (record["seed"], record["stage"], record["exception"]) == (2, "simulate", "ArithmeticError")
        assert "heads do not add up" in record["traceback"]
    assert sorted(experiment.frame()["seed"].unique()) == [1, 3]
    mended = go()
    assert not mended.failed
    assert not list((here / "runs" / "store").glob("*.error.json"))


def test_when_all_fail_there_is_no_manifest(here):
    plan = fake_plan(FakeScenario("only"), seeds=[2])
    with pytest.raises(AllFailed, match=r"all 1 runs failed.*ArithmeticError"):
        go(plan, simulate="fails_on_two")
    with pytest.raises(FileNotFoundError):
        open_folder(here / "runs" / plan.run_id)


def test_an_engine_that_cannot_be_loaded_is_told(here):
    with pytest.raises(AllFailed, match="ModuleNotFoundError"):
        carry_out(fake_plan(), simulate="no_such_module:simulate", progress=False, workers=1)


def test_workers_have_one_thread_their_own_cache_and_no_tables_library(here, capfd):
    with pytest.raises(AllFailed) as error:
        go(simulate="tells")
    message = next(iter(error.value.failed.values()))["message"]
    assert message == f"['1', '1', '{numba_cache.folder()}'] []"
    assert "must not reach" not in capfd.readouterr().out


def test_kernels_are_compiled_once_in_two_parts(here):
    go()
    go(fake_plan(seeds=[8, 9]))
    assert sorted(path.name.split("-")[1] for path in (here / "trace").glob("warm-*")) == ["0", "1"]


@pytest.mark.parametrize("how", ["in this process", "any executor"])
def test_other_ways_of_living_leave_the_same_bytes(here, how):
    go()
    whole = parts(here)
    for path in (here / "runs" / "store").iterdir():
        path.unlink()
    if how == "in this process":
        carry_out(fake_plan(), simulate=f"{ENGINE}:simulate", progress=False, workers=0)
    else:
        with ThreadPoolExecutor(2) as executor:
            go(executor=executor)
    assert parts(here) == whole


PARENT = (
    # A shell that starts the tests in the background has them ignore the signal.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from tests.unit.fake_plan import *; from runs.api import carry_out;"
    "carry_out(fake_plan(seeds={seeds}), simulate=ENGINE + ':slow', workers=2)"
)


def interrupt(here, how: signal.Signals, wait: float, seeds: int = 4) -> str:
    """Start the same experiment in a process group of its own, and hit it some time after a member began."""
    before = len(lived(here))
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(seeds=seeds)], cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE,
        text=True,
    )
    while len(lived(here)) == before and parent.poll() is None:
        time.sleep(0.01)
    time.sleep(wait)
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if how == signal.SIGINT else os.kill)(parent.pid, how)
    return parent.communicate(timeout=60)[1]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_experiment_hit_at_any_moment_ends_like_one_left_alone(here, monkeypatch, how):
    dice = random.Random(how)
    for _ in range(3):
        interrupt(here, how, dice.uniform(0.0, 0.4))
        store = Store(here / "runs" / "store")
        for path in store.folder.glob("*.part"):
            store.read(path.stem)
    experiment = go(fake_plan(seeds=4))
    ended = parts(here)
    monkeypatch.setenv("RUNS_DIR", str(here / "alone" / "runs"))
    alone = go(fake_plan(seeds=4))
    assert ended == parts(here / "alone")
    assert experiment.frame().equals(alone.frame())


@pytest.mark.slow
def test_ctrl_c_leaves_no_worker_and_no_manifest_behind(here):
    assert "KeyboardInterrupt" in interrupt(here, signal.SIGINT, 0.1, seeds=40)
    folder = here / "runs" / fake_plan(seeds=40).run_id
    assert not (folder / "manifest.json").exists()
    assert json.loads((folder / "log.jsonl").read_text().splitlines()[-1])["event"] == "interrupted"
    count = len(lived(here))
    time.sleep(1.0)
    assert len(lived(here)) == count


def test_kernels_nobody_used_for_a_month_go_and_others_stay(here):
    chosen = numba_cache.prepare()
    old, recent = [chosen / "old-kernel", chosen.parent / "old-version"], chosen / "recent-kernel"
    for path in (*old, recent):
        path.mkdir()
    for path in old:
        os.utime(path, (time.time() - 31 * 24 * 3600,) * 2)
    assert set(numba_cache.prune(chosen)) == set(old)
    assert chosen.exists() and recent.exists()


def test_the_folder_says_what_was_asked_and_how_to_do_it_again(here):
    experiment = go()
    manifest = json.loads((experiment.folder / "manifest.json").read_text())
    assert manifest["status"] == "complete"
    assert set(manifest["files"]) == {
        "results.parquet", "moves.parquet", "programmes.parquet", "base.scenario.resolved.yaml",
        "plan.scenario.resolved.yaml",
    }
    assert len(manifest["members"]) == 6 and all(m["digest"] for m in manifest["members"])
    assert {"python", "numpy", "numba"} <= set(manifest["versions"])
    assert (experiment.folder / "plan.scenario.resolved.yaml").read_text().startswith("name: plan")
    events = [json.loads(line)["event"] for line in (experiment.folder / "log.jsonl").read_text().splitlines()]
    assert events == ["start", *["lived"] * 6, "finish"]


def test_code_that_was_edited_under_a_run_is_noticed(here):
    plan = dataclasses.replace(fake_plan(seeds=1), sources="as it was")
    with pytest.raises(AllFailed, match="edited after the run began"):
        carry_out(plan, simulate="model.inputs:ModelInput", progress=False, workers=1)
