"""The kept results of `xiancheng bench`: their shape, their place in the docs, and a gate against getting slow."""

from __future__ import annotations

import json
import time

import pytest

from analysis.pages import performance_page
from model.schedule import MONTH
from runs.bench.kept import SECTIONS, budgets, keep, load

KEPT = load()
GENEROUS = 3.0
"""A month may cost so many times what it did, measured in hashes of this machine, before the gate closes."""
AROUND = {"opening", "recording", "closing"}


def test_what_is_kept_is_known():
    assert set(KEPT) <= set(SECTIONS) and "bench" in KEPT
    assert len(json.dumps(KEPT)) < 200_000


def test_the_result_has_its_shape():
    found = KEPT["bench"]
    assert set(found) == {"probe", "scales", "measured"}
    assert {"cores", "copy_gb_s", "read_gb_s", "exp_float32_ns", "hash_ns"} <= set(found["probe"])
    for scale, at in found["scales"].items():
        assert scale == str(float(scale))
        wanted = {"people", "months", "loop_s", "end_to_end_s", "ns_per_person_month", "peak_mib", "phases"}
        assert wanted <= set(at)
        assert {phase.name for phase in MONTH} <= set(at["phases"]) <= {phase.name for phase in MONTH} | AROUND
        assert sum(phase["share"] for phase in at["phases"].values()) == pytest.approx(1.0, abs=0.1)
        assert at["ns_per_person_month"] == pytest.approx(1e9 * at["loop_s"] / at["people"] / at["months"], rel=0.01)
        assert at["end_to_end_s"] > at["loop_s"] > 0.0 and at["peak_mib"] > 0.0
        assert all(at["phases"][phase.name]["mib_touched"] >= 0.0 for phase in MONTH)


def test_threads_changed_no_byte():
    assert all(at.get("same_bytes", True) for at in KEPT["bench"]["scales"].values())


def test_the_kept_numbers_stand_in_the_docs():
    text = performance_page.PAGE.read_text(encoding="utf-8")
    assert performance_page.filled(text, KEPT) == text, "run `xiancheng docs`"
    for budget in budgets(KEPT):
        if budget.value is not None:
            assert f"| {budget.what} | {f'{budget.value:.4g} {budget.unit}'.strip()} |" in text


def test_a_section_is_replaced_and_the_others_stay(tmp_path):
    path = tmp_path / "results.json"
    keep("sweep", {"runs": 1}, path)
    keep("bench", {"scales": {}}, path)
    keep("sweep", {"runs": 2}, path)
    kept = load(path)
    assert list(kept) == ["bench", "sweep"] and kept["sweep"]["runs"] == 2 and kept["bench"]["measured"]
    with pytest.raises(KeyError, match="no section"):
        keep("other", {}, path)


@pytest.mark.slow
def test_a_month_costs_no_more_of_this_machine_than_it_did():
    """CPU of months at 1:100 in units of the machine's hash, against the same ratio in the kept result."""
    from model.recorder import Recorder
    from model.simulate import live_month, warm_up
    from model.world.start import start_world
    from runs.bench.probe import probe
    from runs.plan import make

    warm_up()
    made = make(["current_practice"], scale=0.01, seeds=1).members[0].model_input
    costs = []
    for _ in range(3):
        world = start_world(made)
        recorder = Recorder(world)
        started = time.process_time()
        for index in range(24):
            live_month(world, recorder, index)
        costs.append((time.process_time() - started) / 24)
    at = KEPT["bench"]["scales"]["0.01"]
    then = at["loop_s"] / at["months"] / KEPT["bench"]["probe"]["hash_ns"]
    assert min(costs) / probe()["hash_ns"] < GENEROUS * then
