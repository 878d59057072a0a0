"""The size of a run changes its noise and nothing else; the number of processes changes nothing at all."""

import numpy as np
import pytest

from model.engine import simulate
from model.spec.registry import REGISTRY
from runs.api import run
from tests.science.test_month import make_input

MONTHS = 14
SEEDS = (1, 2, 3)
SMALL, MIDDLE, LARGE = 0.002, 0.004, 0.01
BANDS = {
    "resident_urbanization_rate": 0.01,
    "hukou_urbanization_rate": 0.02,
    "citizenization_gap": 0.02,
    "in_county_urbanization_share": 0.12,
    "resident_population": 0.01,
    "net_migration_rate": 0.01,
    "hukou_conversions": 0.35,
    "integration_index": 0.04,
    "urban_rural_income_ratio": 0.06,
    "price_to_income": 0.06,
    "debt_ratio": 0.06,
}
"""Widest difference from the largest run: a share of its value for counts and ratios, points of one for shares."""
RELATIVE = {"resident_population", "hukou_conversions", "urban_rural_income_ratio", "price_to_income", "debt_ratio"}


EXTENSIVE = {
    "resident_population": 0.01, "urban_population": 0.02, "births": 0.3, "deaths": 0.3, "in_moves": 0.25,
    "out_moves": 0.25, "county_spending_yuan": 0.03, "debt_yuan": 0.03,
}
"""What is counted, and how far from twice as much it may be by chance in three small runs (a share of twice)."""


@pytest.fixture(scope="module")
def outcomes():
    """Scale -> headline -> mean over seeds for the prefecture at 2021-12 (flows: sum of the year)."""
    out, keys = {}, {**BANDS, **EXTENSIVE}
    for scale in (SMALL, MIDDLE, LARGE):
        lived = [simulate(make_input(seed=seed, scale=scale, months=MONTHS)).indicators for seed in SEEDS]
        out[scale] = {key: float(np.mean([last_year(key, one[key][:, -1]) for one in lived])) for key in keys}
    return out


def last_year(key: str, path: np.ndarray) -> float:
    reduce = REGISTRY.indicators[key].reduce.value
    return float(np.nansum(path[-12:]) if reduce == "sum" else path[-1])


def test_every_headline_has_a_band():
    assert set(BANDS) == {key for key, indicator in REGISTRY.indicators.items() if indicator.headline}


@pytest.mark.parametrize("scale", [SMALL, MIDDLE])
@pytest.mark.parametrize("key", list(BANDS))
def test_headlines_agree_across_scales(key, scale, outcomes):
    small, large = outcomes[scale][key], outcomes[LARGE][key]
    size = abs(large) if key in RELATIVE else 1.0
    assert abs(small - large) <= BANDS[key] * size, (small, large)


@pytest.mark.parametrize("key", list(EXTENSIVE))
def test_twice_the_people_and_places_make_twice_of_what_is_counted(key, outcomes):
    """At twice the scale there are twice the people, homes, posts, seats and money: counts as lived, not weighted."""
    once, twice = outcomes[SMALL][key] * SMALL, outcomes[MIDDLE][key] * MIDDLE
    assert twice / once == pytest.approx(2.0, rel=EXTENSIVE[key])


@pytest.mark.slow
def test_one_process_and_two_leave_the_same_bytes(tmp_path, monkeypatch):
    kept = []
    for workers in (1, 2):
        monkeypatch.setenv("RUNS_DIR", str(tmp_path / f"with{workers}"))
        run(["current_practice", "action_plan"], scale=0.001, seeds=2, workers=workers, progress=False)
        store = tmp_path / f"with{workers}" / "store"
        kept.append({path.name: path.read_bytes() for path in store.glob("*.part")})
    assert kept[0] and kept[0] == kept[1]
