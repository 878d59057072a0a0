"""Months in which something may happen: every month has its chance, and a year can be planned from any month on."""

import numpy as np
import pytest

from model.kernels.due import KINDS, LEAVE, YEAR, by_month, due_now, plan_range
from model.kernels.rows import sort_rows
from model.phases.due import births_per_wife, due_of_year, due_this_month, limits_of, risks_of
from model.world.vital import start_demography
from tests.worlds import month_of, small_world

FIRST = 24


def people(n):
    rng = np.random.default_rng(3)
    return (
        rng.integers(1, 2**63, n).astype(np.uint64), np.full(n, FIRST - 300, np.int16), np.zeros(n, np.uint8),
        np.zeros(n, np.int32), np.zeros(n, np.uint8), np.zeros(n, np.uint16), np.zeros(n, np.int16),
    )


def years_events(p, n, late=False):
    """Who leaves home in each month of a year in which everybody does with chance p: bool[12, n]."""
    uid, birth, sex, household, activity, flags, usual = people(n)
    cut, turn = np.zeros((2, 1332, 4), np.int64), np.full(1332, -1, np.int8)
    cut[:, :, LEAVE] = min(int(np.ceil(p * 65536)) + 1, 65536)
    cut[cut * 12 > 65535] = 65536
    most, season = np.zeros((2, 4, 2, 111)), np.zeros(12, np.int64)
    most[:, LEAVE] = p
    screen = (cut.astype(np.int32), turn, *limits_of(cut, turn))
    entries = plan_range(0, n, np.uint64(5), FIRST, 0, season, uid, birth, sex, household, *screen, most)
    rows, kinds, start = np.empty(entries.size, np.int32), np.empty(entries.size, np.uint8), np.zeros(13, np.int64)
    by_month(entries, rows, kinds, start)
    if late:
        start[:] = 0
    out = np.zeros((YEAR, n), bool)
    for k in range(YEAR):
        bucket = slice(start[k], start[k + 1])
        found, _ = sort_rows(
            due_now, int(start[k + 1] - start[k]) + n * late, KINDS, (1,), np.uint64(5), FIRST + k, rows[bucket],
            kinds[bucket], FIRST, n * (1 - late), 0, screen[0], turn, most, most[0], most[0, 0], np.ones(111), uid,
            birth, sex, household, activity, flags, usual, np.zeros(1, np.int16),
        )
        out[k, found[LEAVE]] = True
        assert all(found[kind].size == 0 for kind in range(KINDS) if kind != LEAVE)
    return out


@pytest.mark.parametrize("p", [0.002, 0.03, 0.08, 0.3])
def test_every_month_has_its_chance_and_months_are_independent(p):
    n = 60_000
    hit = years_events(p, n)
    np.testing.assert_allclose(hit.mean(axis=1), p, atol=4.5 * np.sqrt(p * (1 - p) / n))
    both = (hit[:-1] & hit[1:]).mean(axis=1)
    np.testing.assert_allclose(both, p * p, atol=4.5 * np.sqrt(p * p / n) + 1e-9)
    assert abs(hit.any(axis=0).mean() - (1 - (1 - p) ** 12)) < 4.5 * np.sqrt(0.25 / n)


@pytest.mark.parametrize("p", [0.03, 0.3])
def test_those_who_came_later_are_met_as_if_planned(p):
    np.testing.assert_array_equal(years_events(p, 2000, late=True), years_events(p, 2000))


def test_what_is_left_of_a_year_is_what_was_planned():
    world = small_world(300)
    start_demography(world)
    january, k = next(m for m in range(12, 24) if month_of(m).of_year == 1), 5
    month, later = month_of(january), month_of(january + k)
    risks, ratio = risks_of(world, month), births_per_wife(world, month)
    whole = due_of_year(world, month, risks, ratio)
    world.residents.due = None
    rest = due_of_year(world, later, risks, ratio)
    for m in range(YEAR):
        before, after = (due.rows[due.start[m] : due.start[m + 1]] for due in (whole, rest))
        np.testing.assert_array_equal(after, before if m >= k else before[:0])


def test_lists_do_not_depend_on_what_the_year_was_planned_with():
    world = small_world(300)
    start_demography(world)
    month = month_of(15)
    planned = due_this_month(world, month, risks_of(world, month))
    due = world.residents.due
    world.residents.due = due._replace(seen=0, start=np.zeros(13, np.int64))
    for a, b in zip(planned, due_this_month(world, month, risks_of(world, month))):
        np.testing.assert_array_equal(a, b)
