"""Schedules: what each way of writing a setting does to months and places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.spec.registry import REGISTRY
from scenarios.fields import read_lever
from scenarios.schedule import Setting, month_text, ordinal, path_of

START = ordinal("2020-11")
MONTHS = 86
PRACTICE = np.array([0.2, 0.2, 0.2, 0.2])
SHARE = np.array([0.1, 0.2, 0.3, 0.4])
ALL = np.ones(4, dtype=bool)
SOME = np.array([False, True, False, True])


def row(month: str) -> int:
    return ordinal(month) - START


def settings(value: object, lever: str = "job_matching") -> tuple[Setting, ...]:
    found, complaints = read_lever(lever, value)
    assert not complaints
    return found


def path(value: object, mask: np.ndarray = ALL, share: np.ndarray | None = None, practice: np.ndarray = PRACTICE,
         lever: str = "job_matching") -> np.ndarray:
    found = settings(value, lever)
    return path_of(found, practice, [mask] * len(found), share, START, MONTHS)


def test_a_number_holds_from_the_first_month_to_the_last():
    assert (path(0.9) == 0.9).all()
    assert (path("0.9 share") == 0.9).all()


def test_from_and_to_are_both_lived_and_practice_holds_outside():
    made = path({"value": 0.9, "from": "2024-07", "to": "2024-09"})[:, 0]
    assert np.flatnonzero(made == 0.9).tolist() == [row("2024-07"), row("2024-08"), row("2024-09")]
    assert set(made.tolist()) == {0.2, 0.9}


def test_only_the_chosen_places_change():
    made = path({"value": 0.9}, SOME)
    assert (made[:, SOME] == 0.9).all()
    assert (made[:, ~SOME] == 0.2).all()


def test_a_ramp_is_straight_between_its_dates_and_holds_the_last():
    made = path({"ramp": {"2024-07": 0.2, "2025-07": 0.8, "2026-01": 0.5}})[:, 0]
    assert (made[: row("2024-07") + 1] == 0.2).all()
    assert made[row("2025-01")] == pytest.approx(0.5)
    assert made[row("2025-07")] == 0.8
    assert (made[row("2026-01"):] == 0.5).all()


def test_steps_hold_until_the_next():
    for value in ({"2026-01": 0.9, "2024-07": 0.5}, {"steps": {"2024-07": 0.5, "2026-01": 0.9}}):
        made = path(value)[:, 0]
        assert made[row("2024-06")] == 0.2
        assert (made[row("2024-07"): row("2026-01")] == 0.5).all()
        assert (made[row("2026-01"):] == 0.9).all()


def test_a_series_ends_with_its_numbers():
    made = path({"series": [0.3, 0.4, 0.5], "from": "2024-07"})[:, 0]
    first = row("2024-07")
    assert made[first - 1: first + 4].tolist() == [0.2, 0.3, 0.4, 0.5, 0.2]
    assert path({"series": [0.3] * 200})[-1, 0] == 0.3


def test_times_and_add_start_from_each_place_own_practice():
    practice = np.array([100.0, 200.0, 300.0, 400.0])
    doubled = path({"times": 2, "from": "2024-07"}, SOME, SHARE, practice, "school_seats")
    assert doubled[-1].tolist() == [100.0, 400.0, 300.0, 800.0]
    more = path({"add": 60}, SOME, SHARE, practice, "school_seats")
    assert more[-1] == pytest.approx([100.0, 200.0 + 60 * 0.2 / 0.6, 300.0, 400.0 + 60 * 0.4 / 0.6])
    level = path({"add": 0.1}, SOME)
    assert level[-1] == pytest.approx([0.2, 0.3, 0.2, 0.3])


def test_a_total_is_divided_by_the_shares_of_the_chosen_places():
    made = path({"value": 600}, SOME, SHARE, lever="rental_housing_units")
    assert made[0, SOME].sum() == pytest.approx(600)
    assert made[0, 3] == pytest.approx(2 * made[0, 1])
    assert (path({"value": 600}, ALL, SHARE, lever="rental_housing_units")[0] == 600 * SHARE).all()


def test_later_items_are_laid_over_earlier_ones():
    made = path([{"value": 0.5, "from": "2024-07"}, {"value": 0.9, "from": "2025-01", "to": "2025-06"}])[:, 0]
    assert made[[row("2024-12"), row("2025-01"), row("2025-06"), row("2025-07")]].tolist() == [0.5, 0.9, 0.9, 0.5]


def test_what_starts_after_the_end_does_nothing():
    assert (path({"value": 0.9, "from": "2030-01"}) == 0.2).all()
    assert (path({"ramp": {"2030-01": 0.9}}) == 0.2).all()


@given(st.integers(1900 * 12, 2099 * 12 + 11))
def test_months_are_read_as_they_are_written(month):
    assert ordinal(month_text(month)) == month


dates = st.lists(st.integers(START, START + MONTHS - 1).map(month_text), min_size=1, max_size=4, unique=True)


@given(dates, st.sampled_from(["ramp", "steps"]), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_before_the_first_date_practice_and_never_outside_the_numbers(months, kind, numbers):
    points = dict(zip(months, numbers))
    made = path({kind: points})[:, 0]
    first = row(min(months))
    assert (made[:first] == 0.2).all()
    assert min(points.values()) - 1e-12 <= made[first:].min()
    assert made[first:].max() <= max(points.values()) + 1e-12
    assert made[-1] == pytest.approx(points[max(months)])


series = st.fixed_dictionaries(
    {"series": st.lists(st.floats(0, 1), min_size=1, max_size=5)}, optional={"from": dates.map(min)}
)
forms = st.one_of(
    st.floats(0, 1),
    st.fixed_dictionaries({"value": st.floats(0, 1)}, optional={"from": dates.map(min), "where": st.just("pilot")}),
    st.fixed_dictionaries({"times": st.floats(0, 2)}, optional={"to": dates.map(min)}),
    st.dictionaries(dates.map(min), st.floats(0, 1), min_size=1, max_size=3),
)


@given(forms | series | st.lists(series, min_size=1, max_size=3))
def test_a_setting_written_back_is_the_same_setting(value):
    found = settings(value)
    assert settings([setting.to_json() for setting in found]) == found


@pytest.mark.parametrize("key", REGISTRY.levers)
def test_the_plan_of_every_lever_is_in_the_grammar(key):
    assert settings(REGISTRY.levers[key].plan, key)
