"""Paired differences against arithmetic done by hand, and against what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.paired import Unpaired, common, compare, difference, seeds_needed

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


def tidy(**values: list[float]) -> pd.DataFrame:
    """One cell; scenario -> a value for each seed from 1."""
    rows = [
        (name, seed, "2027-12", "city", "births", value)
        for name, series in values.items() for seed, value in enumerate(series, start=1)
    ]
    return pd.DataFrame(rows, columns=["scenario", "seed", "month", "place", "indicator", "value"])


def only(frame: pd.DataFrame, **options) -> pd.Series:
    table = difference(frame, **options)
    assert len(table) == 1
    return table.iloc[0]


def test_by_hand():
    row = only(tidy(base=[10.0, 20.0, 30.0, 40.0], plan=[11.0, 23.0, 32.0, 42.0]))
    # Differences 1, 3, 2, 2: mean 2, variance 2/3, standard error sqrt(2/3)/2; t(0.95, 3) = 2.353363.
    assert row["mean"] == 2.0
    assert row["se"] == pytest.approx(math.sqrt(2 / 3) / 2)
    assert row["p05"] == pytest.approx(1.15)
    assert row["p95"] == pytest.approx(2.85)
    assert row["low"] == pytest.approx(2 - 2.353363 * math.sqrt(2 / 3) / 2, abs=1e-6)
    assert row["high"] == pytest.approx(2 + 2.353363 * math.sqrt(2 / 3) / 2, abs=1e-6)
    assert row["share_up"] == 1.0
    assert row["sign_probability"] == pytest.approx(stats.t.cdf(2 / (math.sqrt(2 / 3) / 2), 3))
    assert row["n"] == 4
    # 6.314 sd / sqrt(2) = 3.65 > 2, but 2.920 sd / sqrt(3) = 1.38 < 2.
    assert row["seeds_needed"] == 3


def test_pairing_takes_out_what_the_seeds_share():
    noise = np.random.default_rng(1).normal(0, 100, 20)
    frame = tidy(base=list(noise), plan=list(noise + 1 + np.random.default_rng(2).normal(0, 0.1, 20)))
    assert only(frame)["se"] < 0.1
    assert only(frame, unpaired=True)["se"] > 10


def test_unpaired_is_welch():
    one, two = [1.0, 2.0, 4.0, 9.0], [2.0, 3.5, 1.0]
    frame = tidy(base=two, plan=one)
    with pytest.raises(Unpaired, match="plan and base do not share each seed: 4"):
        difference(frame)
    row = only(frame, unpaired=True)
    expected = stats.ttest_ind(one, two, equal_var=False)
    interval = expected.confidence_interval(0.90)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))
    assert row["mean"] / row["se"] == pytest.approx(expected.statistic)


def test_what_some_seeds_lack_is_left_out_only_when_asked():
    frame = tidy(base=[1.0, 2.0], plan=[2.0, 3.0, 9.0])
    kept = common(frame)
    assert sorted(kept["seed"].unique()) == [1, 2]
    assert only(kept)["mean"] == 1.0


def test_one_seed_gives_a_difference_without_an_interval():
    row = only(tidy(base=[1.0], plan=[3.0]))
    assert row["mean"] == 2.0
    assert row[["se", "low", "high", "sign_probability", "seeds_needed"]].isna().all()


def test_equal_scenarios_differ_by_nothing():
    row = only(tidy(base=[0.1, 0.2, 0.3], plan=[0.1, 0.2, 0.3]))
    assert (row["mean"], row["se"], row["low"], row["high"], row["share_up"]) == (0, 0, 0, 0, 0.5)
    assert row["sign_probability"] == 0.5
    assert row["seeds_needed"] == math.inf


def test_pairs_without_a_number_are_left_out():
    row = only(tidy(base=[1.0, math.nan, 3.0], plan=[2.0, 5.0, 5.0]))
    assert (row["mean"], row["n"]) == (1.5, 2)
    nothing = only(tidy(base=[math.nan, math.nan], plan=[2.0, 5.0]))
    assert math.isnan(nothing["mean"]) and nothing["n"] == 0


def test_a_value_that_is_there_twice_is_refused():
    frame = tidy(base=[1.0, 2.0], plan=[1.0, 2.0])
    with pytest.raises(ValueError, match="two values"):
        difference(pd.concat([frame, frame.tail(1)]))


def test_an_unknown_base_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="base, plan"):
        difference(tidy(base=[1.0], plan=[2.0]), "nobody")


def test_a_single_scenario_has_no_differences():
    assert difference(tidy(base=[1.0, 2.0])).empty


def test_compare_takes_the_last_month_of_the_city():
    frame = tidy(base=[1.0, 2.0], plan=[2.0, 4.0])
    earlier = frame.assign(month="2026-12")
    other = frame.assign(place="north")
    table = compare(pd.concat([earlier, frame, other]))
    assert table[["month", "place", "mean"]].to_numpy().tolist() == [["2027-12", "city", 1.5]]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=12), st.randoms())
def test_what_always_holds(pairs, dice):
    base, plan = (list(series) for series in zip(*pairs))
    row = only(tidy(base=base, plan=plan))
    gaps = np.subtract(plan, base)
    assert row["mean"] == pytest.approx(gaps.mean(), abs=1e-6)
    assert row["se"] == pytest.approx(stats.sem(gaps), abs=1e-6, rel=1e-6)
    assert row["low"] <= row["mean"] <= row["high"]
    assert gaps.min() - 1e-9 <= row["p05"] <= row["p95"] <= gaps.max() + 1e-9
    assert 0 <= row["share_up"] <= 1 and 0.5 <= row["sign_probability"] <= 1
    back = only(tidy(plan=plan, base=base))
    assert back["mean"] == pytest.approx(-row["mean"], abs=1e-9)
    assert back["se"] == pytest.approx(row["se"])
    assert back["seeds_needed"] == row["seeds_needed"]
    shuffled = tidy(base=base, plan=plan).sample(frac=1.0, random_state=dice.randrange(1000))
    again = only(shuffled, base="base")
    assert again["mean"] == pytest.approx(row["mean"], abs=1e-9)


@settings(deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_the_number_of_seeds_is_the_smallest_that_does(mean, spread):
    needed = seeds_needed(np.array([mean]), np.array([spread]))[0]

    def fixed(n: float) -> bool:
        return stats.t.ppf(0.95, n - 1) * spread / math.sqrt(n) < mean

    if math.isinf(needed):
        assert not fixed(10_000)
    else:
        assert fixed(needed)
        assert needed == 2 or not fixed(needed - 1)
