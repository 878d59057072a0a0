"""Bands, spreads and the scale that a question needs, from numbers that are known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis import scale_agreement as agreement
from analysis.figures import style
from analysis.figures.cost import cost
from analysis.pages import performance_page
from runs.bench.curves import exponent
from runs.bench.kept import budgets, growth

KEYS = {"resident_urbanization_rate": 0.6, "resident_population": 3e6}


def made(scale, seeds, shift=0.0, noise=0.01):
    """Two scenarios of two headlines; noise of the city falls with the root of the scale."""
    rows = []
    for seed in range(seeds):
        dice = np.random.default_rng([seed, int(1000 * scale)])
        for key, level in KEYS.items():
            for place in ("city", "north", "south"):
                luck = dice.normal() * noise * level * math.sqrt(0.01 / scale) * (1 if place == "city" else 3)
                for k, name in enumerate(("base", "plan")):
                    value = level * (1 + 0.05 * k) + luck + shift * level
                    rows.append((name, seed, "2027-12", place, key, value))
    return pd.DataFrame(rows, columns=["scenario", "seed", "month", "place", "indicator", "value"])


@pytest.fixture
def frames(monkeypatch):
    shown = {0.01: made(0.01, 8), 0.1: made(0.1, 3), 1.0: made(1.0, 1)}
    monkeypatch.setattr(agreement, "lived", lambda scenarios, scale, count, settings, **options: shown[scale])
    return shown


def test_runs_that_differ_by_chance_alone_agree(frames):
    found = agreement.agreement(scenarios=("base", "plan"))
    assert found["agree"] and len(found["rows"]) == 2 * len(KEYS)
    level, difference = found["rows"][:2]
    assert (level["what"], difference["what"]) == ("level", "difference")
    assert difference["scales"]["0.01"]["mean"] == pytest.approx(0.05 * 0.6)
    assert difference["scales"]["0.01"]["band"] == pytest.approx(agreement.TOLERANCE["share"][1])
    assert level["scales"]["0.01"]["band"] > level["scales"]["1.0"]["band"] == level["tolerance"]
    assert all(line for line in agreement.table(found)[2:-4])


def test_a_small_run_that_is_off_does_not_agree(frames):
    frames[0.01] = made(0.01, 8, shift=0.1)
    found = agreement.agreement(scenarios=("base", "plan"))
    assert not found["agree"]
    assert [row["scales"]["0.01"]["agrees"] for row in found["rows"]] == [False, True, False, True]


def test_a_finer_question_needs_more_people(frames):
    found = agreement.agreement(scenarios=("base", "plan"))["questions"]
    need = [found[question]["three_quarters_need"] for question in agreement.QUESTIONS]
    assert need[0] < need[1] < need[2] == pytest.approx(need[0] / agreement.GROUP, rel=0.01)
    assert found["city"]["scale"] == 0.01 < found["group"]["scale"]


def test_a_lonely_seed_borrows_the_spread_of_the_next_smaller_scale():
    values = {0.01: np.array([1.0, 2.0, 3.0]), 0.1: np.array([5.0]), 1.0: np.array([7.0])}
    spreads = agreement.spread_by_scale(values)
    assert spreads == pytest.approx({0.01: 1.0, 0.1: math.sqrt(0.1), 1.0: 0.1})


def curves():
    def axis(*pairs):
        return {"points": [{"x": x, "ms_per_month": y, "places": 400} for x, y in pairs], "exponent": 1.0}

    return {
        "months": 86, "repeat": 3, "scenario": "current_practice", "measured": "2026-01-01 00:00 UTC",
        "people": axis((3e3, 0.5), (3e5, 6), (3e6, 60)), "months_lived": axis((12, 55), (86, 60)),
        "places": axis((200, 0.5), (1600, 2)), "levers": axis((0, 0.7), (92, 0.8)), "threads": axis((1, 60), (2, 35)),
    }


def test_the_figure_and_its_table_can_be_made(tmp_path):
    written = style.save(cost(curves()), tmp_path / "cost")
    assert all(path.stat().st_size > 1000 for path in written)
    text = performance_page.filled("<!-- measured: curves -->\nold\n<!-- end -->", {"curves": curves()})
    assert "old" not in text and "| threads | 1: 60; 2: 35 | 1.00 |" in text


def test_a_region_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        performance_page.filled("<!-- measured: other -->\n<!-- end -->", {})


def test_without_results_every_region_says_so():
    for name in performance_page.FILL:
        text = performance_page.filled(f"<!-- measured: {name} -->\n<!-- end -->", {})
        assert "not measured" in text or name == "budget"
    assert all(budget.met is None for budget in budgets({}))


def test_exponents():
    assert exponent([{"x": x, "ms_per_month": 3.0 * x**1.5} for x in (0, 1, 4, 9)]) == pytest.approx(1.5)
    assert exponent([{"x": 1, "ms_per_month": 2.0}]) is None
    small, large = {"people": 10, "loop_s": 1.0}, {"people": 100, "loop_s": 12.0}
    assert growth(small, large) == pytest.approx(math.log10(12), abs=1e-3)
    assert growth(small, small) is None
