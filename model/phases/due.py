"""Chances of birth, death, marriage, leaving home and need of care, and to whom they come about this month (E19)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.due import KINDS, YEAR, by_month, due_now, plan_range
from model.kernels.jit import kernel
from model.kernels.rows import at_once, count_rows, ranges, sort_rows
from model.kernels.screen import AGES, ALWAYS, LANES, cuts
from model.spec.codes import Flag
from model.state.table import Due
from model.world.vital import CARE_FROM, FERTILE, OLDEST, care_hazard_year

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

MARRIED: Final = int(Flag.MARRIED)
STOP_MEN, STOP_WOMEN, STOP_OTHER, STOP_FARM = 60 * 12, 55 * 12, 65 * 12, 70 * 12
TURNS: Final = (36, 72, 144, 180, STOP_WOMEN, STOP_MEN, STOP_OTHER, STOP_FARM)
"""Ages in months at which something happens to everybody, a year apart at least."""
UNION_AGES: Final = ((20, 24), (25, 29), (30, 34), (35, 39), (40, 49))
UNION_SHAPE: Final = ((0.35, 0.9, 0.75, 0.35, 0.12), (0.5, 1.0, 0.8, 0.35, 0.12))
"""Chance of marrying in a year relative to the peak, men and women, by UNION_AGES (assumed from census shapes)."""
LEAVE_AGES: Final = (22, 34)
BIRTH_ROOM: Final = ((15, 12.0), (20, 5.0), (25, 2.0), (30, 1.5))
"""The most by which births per married woman may exceed births per woman, from each age on."""
WEDDING_MONTHS: Final = (10, 11, 12, 1, 2)
SEASON: Final = np.array([m + 1 in WEDDING_MONTHS for m in range(YEAR)]).astype(np.int64)
LANE_TOP: Final = 65_535


class Risks(NamedTuple):
    """Monthly chances of this calendar year."""

    death: np.ndarray  # float64[U + 1, 2, 111]
    birth: np.ndarray  # float64[U + 1, 111], of women of the age
    boy: float


class Screen(NamedTuple):
    """What the year is planned with, by age in months at its beginning (A = 1332)."""

    cut: np.ndarray  # int32[2, A, 4], by sex: death, birth or care, marriage, leaving
    turn: np.ndarray  # int8[A], month of the year in which life turns, -1 none
    limits: np.ndarray  # uint64[AGES], the larger of `of_sex`, and who is looked at in any case; see `screen_block`
    of_sex: np.ndarray  # uint64[2, A], what the four lanes stay below where something may happen within the year
    always: np.ndarray  # uint64[2, A], top bits of lanes in which it may whatever they hold


def chances(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Monthly chances of marriage, float64[2, 2, 111] out of and in the season, of need of care and of leaving home."""
    if "chances" not in world.kept:
        p, union, leave = world.p, np.zeros((2, 2, OLDEST + 1)), np.zeros(OLDEST + 1)
        peak = -np.log1p(-p.marriage_peak_year) / 12.0
        for season, pace in enumerate(((12.0 - 5.0 * p.wedding_season) / 7.0, p.wedding_season)):
            for (a, b), *shape in zip(UNION_AGES, *UNION_SHAPE):
                union[season, :, a : b + 1] = -np.expm1(-peak * pace * np.array(shape))[:, None]
        union[:, 0, 20:22] = 0.0
        leave[LEAVE_AGES[0] : LEAVE_AGES[1] + 1] = -np.expm1(np.log1p(-p.leave_home_year) / 12.0)
        world.kept["chances"] = union, -np.expm1(-care_hazard_year(p) / 12.0), leave
    return world.kept["chances"]


def risks_of(world: World, month: Month) -> Risks:
    """Monthly chances from the yearly tables."""
    start, tables = world.input.start_ordinal, world.accounts
    year = (start + month.index) // 12 - start // 12
    return Risks(tables["death_month"][year], tables["birth_month"][year], float(tables["boy_share"][year]))


def screen_of(world: World) -> Screen:
    """Made once a run, from the largest chances of any of its years and units."""
    if "screen" not in world.kept:
        (union, care, leave), tables, room = chances(world), world.accounts, np.zeros(OLDEST + 1)
        for a, r in BIRTH_ROOM:
            room[a : FERTILE[1]] = r
        birth = np.minimum(tables["birth_month"].max(axis=(0, 1)) * room, 1.0)
        by_age = np.zeros((2, OLDEST + 1, 4), np.int64)
        by_age[:, :, 0] = cuts(tables["death_month"].max(axis=(0, 1)))
        by_age[:, :, 1] = cuts(care) + np.array([0, 1])[:, None] * cuts(birth)
        by_age[:, :, 2], by_age[:, :, 3] = cuts(union.max(axis=0)), cuts(leave)
        months = np.arange(OLDEST * YEAR + YEAR)
        ages = np.minimum(months // YEAR, OLDEST), np.minimum((months + YEAR - 1) // YEAR, OLDEST)
        cut = np.maximum(by_age[:, ages[0]], by_age[:, ages[1]])
        cut[cut * YEAR > LANE_TOP] = int(LANES)  # in every month, since a year has no room for so many
        turn = np.full(months.size, -1, np.int8)
        for at in TURNS:
            turn[at - YEAR + 1 : at + 1] = np.arange(YEAR)[::-1]
        world.kept["screen"] = Screen(cut.astype(np.int32), turn, *limits_of(cut, turn))
    return world.kept["screen"]


def limits_of(cut: np.ndarray, turn: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The last three of `Screen` from the first two."""
    year, shift = cut * YEAR, np.array([0, 16, 32, 48], np.uint64)
    lanes = np.minimum(year, LANE_TOP).astype(np.uint64) << shift
    always = np.bitwise_or.reduce((year > LANE_TOP).astype(np.uint64) << (shift + np.uint64(15)), axis=2)
    limits, out = np.bitwise_or.reduce(lanes.max(axis=0), axis=1), np.zeros(AGES, np.uint64)
    limits |= np.where((turn >= 0) | always.any(axis=0), ALWAYS, np.uint64(0))
    out[: limits.size], out[limits.size : AGES // 2] = limits, limits[-1]
    out[AGES - YEAR :] = limits[0]
    return out, np.bitwise_or.reduce(lanes, axis=2), always


def largest(world: World, risks: Risks, ratio: np.ndarray) -> np.ndarray:
    """Largest chances of a month of this year: float64[2, 4, 2, 111] by season, lane, sex and age in years."""
    (union, care, leave), out = chances(world), np.zeros((2, 4, 2, OLDEST + 1))
    out[:, 0] = risks.death.max(axis=0)
    out[:, 1, 1] = risks.birth.max(axis=0) * ratio
    out[:, 1, :, CARE_FROM:] = care[CARE_FROM:]
    out[:, 2], out[:, 3] = union, leave
    return out


def due_of_year(world: World, month: Month, risks: Risks, ratio: np.ndarray) -> Due:
    """What comes to whom in what is left of this calendar year; kept with the residents.

    ratio: float64[111], see `births_per_wife`.
    """
    people, first = world.residents, month.index + 1 - month.of_year
    if people.due is None or people.due.first != first:
        screen, most, n = screen_of(world), largest(world, risks, ratio), people.n
        parts = at_once([
            partial(
                plan_range, a, b, world.seed, first, month.of_year - 1, SEASON, people.uid, people.birth, people.sex,
                people.household, *screen, most,
            )
            for a, b in ranges(n)
        ])
        entries = parts[0] if len(parts) == 1 else np.concatenate(parts)
        rows, kinds = np.empty(entries.size, np.int32), np.empty(entries.size, np.uint8)
        start = np.zeros(YEAR + 1, np.int64)
        by_month(entries, rows, kinds, start)
        people.due = Due(first, n, rows, kinds, start, most)
    return people.due


def due_this_month(world: World, month: Month, risks: Risks) -> list[np.ndarray]:
    """Rows of those to whom something happens this month by kind (see model.kernels.due), int64[k] each, ascending."""
    ratio = births_per_wife(world, month)
    people, due, screen = world.residents, due_of_year(world, month, risks, ratio), screen_of(world)
    k = month.of_year - 1
    a, b = due.start[k], due.start[k + 1]
    found, _ = sort_rows(
        due_now, int(b - a) + people.n - due.seen, KINDS, (1,), world.seed, month.index, due.rows[a:b],
        due.kinds[a:b], due.first, due.seen, SEASON[k], screen.cut, screen.turn, due.most, risks.death, risks.birth,
        ratio, people.uid, people.birth, people.sex, people.household, people.activity, people.flags, people.usual,
        world.places.unit,
    )
    return found


def births_per_wife(world: World, month: Month) -> np.ndarray:
    """Women over married women by age, float64[111]; counted at the start and in every month 1."""
    people, a = world.residents, world.accounts
    if month.of_year == 1 or "women_per_wife" not in a:
        _, single, wives = count_rows(
            _women_and_wives, people.n, (3, OLDEST + 1), month.index, people.birth, people.sex, people.household,
            people.flags,
        )
        a["women_per_wife"] = np.where(wives > 0, (single + wives) / np.maximum(wives, 1), 0.0)
    return a["women_per_wife"]


@kernel
def _women_and_wives(start, stop, out, month, birth, sex, household, flags):
    """Adds everybody to out[0 others, 1 women without a husband, 2 wives, age]."""
    # Everybody is counted somewhere: which it is comes in no order that a processor could foresee.
    for i in range(start, stop):
        age = min(np.uint64(month - birth[i]) // np.uint64(12), np.uint64(OLDEST))
        woman = np.uint64((sex[i] == 1) & (household[i] >= 0))
        out[woman + (woman & np.uint64(flags[i] & MARRIED != 0)), age] += 1
