"""Residents one by one: place class, age, sex, schooling, marital state, activity, industry.

Every conditional table is fitted at full size to the margins of its unit (`ipf.fit`), and people are then
given whole attributes by carrying the rounding error along an order in which units are contiguous
(`ipf.diffuse`), so that every margin of every unit comes out within about one person at any scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.spec.codes import NO_SECTOR, Activity, Sector
from model.world.census import AGE_STARTS, MARITAL
from model.world.ipf import Margin, diffuse, fit, order_by, round_to_total, shift_to_total
from model.world.margins import (
    EDUCATION_FROM,
    LEVELS,
    N_AGES,
    SECTORS,
    Margins,
    Seeds,
    age_group,
    single_years,
)

MARRIED: Final = MARITAL.index("married")
ADULT: Final = 18
N_ACTIVITIES: Final = len(Activity)
SENIOR: Final = LEVELS.index("senior")
EDUCATION_GROUP: Final = np.array([0, 0, 0, 0, 1, 2, 2])


@dataclass(slots=True)
class People:
    """Residents in a fixed order (unit, rural before urban, age group, sex); arrays of n persons.

    unit uint8, urban uint8, age uint8 (whole years), sex, education, marital (as census MARITAL), activity,
    sector uint8; collective bool.
    """

    unit: np.ndarray
    urban: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    education: np.ndarray
    marital: np.ndarray
    activity: np.ndarray
    sector: np.ndarray
    collective: np.ndarray

    @property
    def n(self) -> int:
        """Number of persons."""
        return int(self.unit.size)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the fits say at full size; U units, 2 place classes (village, town), 105 ages, 2 sexes.

    urban: float64[U, 19, 2], urban share by age group and sex; ages: float64[U, 105, 2], people;
    education: float64[U, 2, 105, 2, 7], marital: float64[U, 105, 2, 4],
    activity: float64[U, 2, 105, 2, 7, 6], sector: float64[U, 2, 3, 2, 3, 19] (age under 35, 35-54, 55+; skill):
    conditional probabilities over the last axis.
    """

    urban: np.ndarray
    ages: np.ndarray
    education: np.ndarray
    marital: np.ndarray
    activity: np.ndarray
    sector: np.ndarray


def _normal(table: np.ndarray) -> np.ndarray:
    total = table.sum(axis=-1, keepdims=True)
    return np.divide(table, total, out=np.full_like(table, 1.0 / table.shape[-1]), where=total > 0)


def expect(full: Margins, seeds: Seeds, jobless: np.ndarray) -> Expected:
    """Fit every conditional table. full: the margins at scale 1; jobless: float64[U], share of the labour force."""
    units = full.people.size
    starts = np.array(AGE_STARTS)
    odds = seeds.by_age("urban_by_age", ("odds",), smooth=True)[starts, 0]
    urban = np.empty((units, starts.size, 2))
    for u in range(units):
        seed = np.stack([np.ones((starts.size, 2)), np.repeat(odds[:, None], 2, axis=1)], axis=2)
        split = np.array([full.people[u] - full.urban[u], full.urban[u]], dtype=np.float64)
        table = fit(seed, [Margin((2,), split), Margin((0, 1), full.age_sex[u].astype(np.float64))]).table
        urban[u] = table[:, :, 1] / table.sum(axis=2)
    ages = single_years(full.age_sex)
    group = age_group(np.arange(N_AGES))
    in_town = urban[:, group]
    people = np.stack([ages * (1 - in_town), ages * in_town], axis=1)
    education = _education(full, seeds, people)
    marital = _marital(full, seeds, ages)
    activity = _activity(full, seeds, people, education, jobless)
    employed = people[..., None] * education * activity[..., Activity.EMPLOYED]
    return Expected(urban, ages, education, marital, activity, _sector(full, seeds, employed))


def _education(full: Margins, seeds: Seeds, people: np.ndarray) -> np.ndarray:
    level = seeds.by_age("education_by_age", LEVELS)
    town = seeds.rows("education_in_town", LEVELS, ("odds",))[:, 0]
    women = seeds.by_age("education_women_above_junior", ("odds",), smooth=True)[:, 0]
    seed = np.repeat(level[None, :, None, :], 2, axis=0).repeat(2, axis=2)
    seed[1] *= town
    seed[:, :, 1, SENIOR:] *= women[None, :, None]
    out = np.empty((*people.shape, len(LEVELS)))
    for u in range(people.shape[0]):
        of = people[u, :, EDUCATION_FROM:]
        # The printed totals of schooling miss the population by up to one per cent: their shares are used.
        target = full.education[u] * of.sum(axis=(0, 1))[None, :]
        table = _normal(seed[:, EDUCATION_FROM:]) * of[..., None]
        fitted = fit(table, [Margin((2, 3), target.T), Margin((0, 1, 2), of)]).table
        out[u, :, EDUCATION_FROM:] = _normal(fitted)
        out[u, :, :EDUCATION_FROM] = _normal(np.maximum(level[:EDUCATION_FROM, None, :], 0))[None]
        out[u, :, :3] = np.eye(len(LEVELS))[0]
    return out


def _marital(full: Margins, seeds: Seeds, ages: np.ndarray) -> np.ndarray:
    seed = np.stack([seeds.by_age("marital_men", MARITAL), seeds.by_age("marital_women", MARITAL)], axis=1)
    out = np.zeros((*ages.shape, len(MARITAL)))
    out[..., 0] = 1.0
    for u in range(ages.shape[0]):
        of = ages[u, 15:]
        target = full.marital[u] * of.sum(axis=0)[None, :]
        out[u, 15:] = _normal(fit(seed[15:] * of[..., None], [Margin((1, 2), target.T), Margin((0, 1), of)]).table)
    return out


def _activity(
    full: Margins, seeds: Seeds, people: np.ndarray, education: np.ndarray, jobless: np.ndarray
) -> np.ndarray:
    age = np.arange(N_AGES)
    by_age = seeds.by_age("employment_by_age", ("men", "women"), smooth=True)
    by_age[:16] = 0.0
    level = seeds.rows("employment_by_education", LEVELS, ("odds",))[:, 0]
    place = np.array([seeds.tables["employment_by_place"]["village"]["odds"], 1.0])
    odds = place[:, None, None, None] * by_age[None, :, :, None] * level
    out = np.zeros((*education.shape, N_ACTIVITIES))
    study = np.zeros((N_AGES, len(LEVELS)))
    study[15:18] = seeds.number("studying_15_17")
    study[18:22, SENIOR:] = seeds.number("studying_18_21")
    working_age = (age >= 16) & (age < 60)
    for u in range(people.shape[0]):
        of = people[u][..., None] * education[u]
        work = shift_to_total(odds, of, float(full.employed[u]))
        pupil = (1 - work) * study[None, :, None, :]
        free = (1 - work - pupil) * working_age[None, :, None, None]
        seekers = float(full.employed[u]) * jobless[u] / (1 - jobless[u])
        seeking = free * min(1.0, seekers / max(float((of * free).sum()), 1.0))
        rest = 1 - work - pupil - seeking
        out[u, ..., Activity.EMPLOYED], out[u, ..., Activity.UNEMPLOYED] = work, seeking
        out[u, ..., Activity.PUPIL] = pupil
        out[u, :, :60, ..., Activity.INACTIVE] = rest[:, :60]
        out[u, :, 60:, ..., Activity.RETIRED] = rest[:, 60:]
        out[u, :, :6] = np.eye(N_ACTIVITIES)[Activity.CHILD]
        out[u, :, 6:15] = np.eye(N_ACTIVITIES)[Activity.PUPIL]
    return out


def _sector(full: Margins, seeds: Seeds, employed: np.ndarray) -> np.ndarray:
    odds = seeds.rows("industry", SECTORS, ("town", "woman", "low", "middle", "high", "under_35", "over_55"))
    town = np.stack([np.ones(len(SECTORS)), odds[:, 0]])
    sex = np.stack([np.ones(len(SECTORS)), odds[:, 1]])
    skill = odds[:, 2:5].T
    band = np.stack([odds[:, 5], np.ones(len(SECTORS)), odds[:, 6]])
    seed = (
        town[:, None, None, None] * band[None, :, None, None] * sex[None, None, :, None] * skill[None, None, None]
    )
    out = np.empty((employed.shape[0], *seed.shape))
    of_age, skill = work_age_band(np.arange(N_AGES)), EDUCATION_GROUP
    for u in range(employed.shape[0]):
        cells = np.zeros(seed.shape[:-1])
        for a in range(3):
            for s in range(3):
                cells[:, a, :, s] = employed[u][:, of_age == a][..., skill == s].sum(axis=(1, 3))
        target = full.sector[u] * cells.sum()
        fitted = fit(seed * cells[..., None], [Margin((4,), target), Margin((0, 1, 2, 3), cells)]).table
        out[u] = np.where(cells[..., None] > 0, _normal(fitted), _normal(seed))
    return out


def work_age_band(age: np.ndarray) -> np.ndarray:
    """0 under 35, 1 for 35-54, 2 from 55 on."""
    return (np.asarray(age) >= 35).astype(np.int64) + (np.asarray(age) >= 55)


def draw_people(margins: Margins, expected: Expected, seeds: Seeds) -> People:
    """Whole residents that add up to the margins at their scale."""
    units = margins.people.size
    town = np.empty_like(margins.age_sex)
    for u in range(units):
        real = expected.urban[u] * margins.age_sex[u]
        town[u] = _capped(round_to_total(real.T, int(margins.urban[u])).T, margins.age_sex[u])
    counts = np.stack([margins.age_sex - town, town], axis=1)
    keys = np.indices(counts.shape).reshape(4, -1)
    unit, urban, group, sex = (np.repeat(k, counts.ravel()).astype(np.uint8) for k in keys)
    age = _ages(expected, unit, urban, group, sex)
    n, cell_age = unit.size, age.astype(np.int64)
    cell = ((unit.astype(np.int64) * 2 + urban) * N_AGES + cell_age) * 2 + sex
    by_unit = units * 2 * N_AGES * 2
    order = order_by(((sex.astype(np.int64) * units + unit) * 2 + urban) * N_AGES + cell_age, by_unit)
    education = _give(cell, expected.education, order, n)
    marital_cell = (unit.astype(np.int64) * N_AGES + cell_age) * 2 + sex
    marital = _give(marital_cell, expected.marital, order, n)
    cell = cell * len(LEVELS) + education
    # Rows are sorted again by schooling, so that what comes next is spread over all levels of schooling.
    order = order[order_by(education[order].astype(np.int64), len(LEVELS))]
    order = order[order_by(unit[order].astype(np.int64), units)]
    activity = _give(cell, expected.activity, order, n)
    sector = np.full(n, NO_SECTOR, np.uint8)
    at_work = order[activity[order] == Activity.EMPLOYED]
    cell = (
        ((unit.astype(np.int64) * 2 + urban) * 3 + work_age_band(age)) * 2 + sex
    ) * 3 + EDUCATION_GROUP[education]
    at_work = at_work[order_by(urban[at_work].astype(np.int64) + 2 * unit[at_work].astype(np.int64), 2 * units)]
    diffuse(cell.astype(np.int32), expected.sector.reshape(-1, len(SECTORS)), at_work, sector)
    people = People(unit, urban, age, sex, education, marital, activity, sector, np.zeros(n, np.bool_))
    people.collective[:] = _collective(people, margins, seeds)
    return people


def _capped(counts: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Move what exceeds `most` to the cells with room, largest room first; totals stay."""
    over = int(np.maximum(counts - most, 0).sum())
    counts = np.minimum(counts, most)
    while over > 0:
        room = most - counts
        k = np.unravel_index(int(np.argmax(room)), room.shape)
        step = min(over, int(room[k]))
        counts[k] += step
        over -= step
    return counts


def _ages(
    expected: Expected, unit: np.ndarray, urban: np.ndarray, group: np.ndarray, sex: np.ndarray
) -> np.ndarray:
    starts = np.append(np.array(AGE_STARTS), N_AGES)
    units, groups, width = expected.ages.shape[0], len(AGE_STARTS), int(np.diff(starts).max())
    table = np.zeros((units, groups, 2, width))
    for g in range(groups):
        part = expected.ages[:, starts[g] : starts[g + 1]]
        table[:, g, :, : part.shape[1]] = part.transpose(0, 2, 1)
    wide = (((sex.astype(np.int64) * groups + group) * units + unit) * 2) + urban
    order = order_by(wide, 2 * groups * units * 2)
    cell = (unit.astype(np.int64) * groups + group) * 2 + sex
    return (starts[group] + _give(cell, _normal(table), order, unit.size)).astype(np.uint8)


def _give(cell: np.ndarray, probability: np.ndarray, order: np.ndarray, n: int) -> np.ndarray:
    out = np.zeros(n, np.uint8)
    table = np.ascontiguousarray(probability.reshape(-1, probability.shape[-1]))
    diffuse(cell.astype(np.int32), table, order, out)
    return out


def _collective(people: People, margins: Margins, seeds: Seeds) -> np.ndarray:
    """Who lives in a collective household: the residents of each unit less its family-household people."""
    factor = seeds.tables["collective_factor"]
    kind = np.full(N_ACTIVITIES, factor["other"]["odds"])
    kind[Activity.PUPIL], kind[Activity.EMPLOYED] = factor["pupil"]["odds"], factor["worker"]["odds"]
    odds = seeds.by_age("collective_by_age", ("odds",))[:, 0][people.age] * kind[people.activity]
    odds = odds * np.where(people.marital == MARRIED, factor["married"]["odds"], 1.0)
    odds *= np.where(people.sex == 0, factor["men"]["odds"], 1.0)
    site = (people.sector == Sector.MINING) | (people.sector == Sector.CONSTRUCTION)
    odds *= np.where(site, factor["mining_or_building"]["odds"], 1.0)
    out = np.zeros(people.n, np.bool_)
    edges = np.searchsorted(people.unit, np.arange(margins.people.size + 1))
    for u in range(margins.people.size):
        rows = slice(edges[u], edges[u + 1])
        total = int(margins.people[u] - margins.family_people[u])
        if total > 0:
            values, back = np.unique(odds[rows], return_inverse=True)
            p = shift_to_total(values, np.bincount(back).astype(np.float64), float(total))[back]
            out[rows] = round_to_total(p, total) > 0
    return out
