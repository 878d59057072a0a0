"""Rates of death and birth by unit, sex and age for every calendar year of a run (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import Stream, uniform
from model.kernels.rows import count_rows, over_rows
from model.spec.codes import Activity, Flag

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World
    from model.world.tables import Prefecture

OLDEST: Final = 110
"""Last single year of age in the tables; older people share its rates."""

FERTILE: Final = (15, 50)
CARE_FROM: Final = 60
CARE_NEED: Final = int(Flag.CARE_NEED)
INACTIVE: Final = int(Activity.INACTIVE)
CARE: Final = Stream.CARE
SLOT_START: Final = 1
CENSUS_AGE_STARTS: Final = (0, 1, *range(5, 90, 5))


def start_demography(world: World) -> None:
    """Freeze the tables of the run in `world.accounts`.

    death_month: float64[Y, U + 1, 2, 111], monthly chance of dying; birth_month: float64[Y, U + 1, 111], monthly
    chance that a woman gives birth; boy_share: float64[Y]; home_share: float64[2]. Y calendar years from the
    start; row U is outside.
    """
    years = calendar_years(world)
    world.accounts["death_month"] = death_month(world.prefecture, years)
    world.accounts["birth_month"] = birth_month(world.prefecture, years, float(world.p.fertility_trend_year))
    mark_care_need(world)
    world.accounts["home_share"] = share_at_home(world)
    world.accounts["boy_share"] = np.array([world.prefecture.male_share_at_birth(y) for y in years])


def care_hazard_year(p: Params) -> np.ndarray:
    """Yearly hazard of coming to need daily care by single year of age, float64[111]; it doubles with age."""
    age = np.arange(OLDEST + 1)
    hazard = p.care_need_60_year * np.exp2((age - CARE_FROM) / p.care_need_double_years)
    return np.where(age >= CARE_FROM, hazard, 0.0)


def mark_care_need(world: World) -> None:
    """Give older people at the start the need of care that the hazard would have left them with.

    Without it the stock of people in need would climb for decades to where it belongs.
    """
    people = world.residents
    need = -np.expm1(-np.cumsum(care_hazard_year(world.p)))
    over_rows(_mark_care, people.n, world.seed, people.birth, people.uid, people.flags, need)


@kernel
def _mark_care(start, stop, seed, birth, uid, flags, need):
    for i in range(start, stop):
        age = min(-birth[i] // 12, need.size - 1)
        if age >= CARE_FROM:
            flags[i] &= ~CARE_NEED
            if uniform(seed, CARE, uid[i], 0, SLOT_START) < need[age]:
                flags[i] |= CARE_NEED


def share_at_home(world: World) -> np.ndarray:
    """Share of residents aged 25-44 outside the labour force at the start, men and women: float64[2].

    Those who finish school take it over, so that participation does not creep up as they replace their elders.
    """
    people = world.residents
    home, prime = count_rows(
        _at_home, people.n, (2, 2), people.birth, people.sex, people.activity, people.usual, world.places.unit
    )
    return home / np.maximum(prime, 1)


@kernel
def _at_home(start, stop, out, birth, sex, activity, usual, unit):
    """Adds those of 25-44 outside the labour force, and all of that age, by sex."""
    for i in range(start, stop):
        if 25 * 12 <= -birth[i] < 45 * 12 and unit[usual[i]] >= 0:
            out[0, sex[i]] += activity[i] == INACTIVE
            out[1, sex[i]] += 1


def calendar_years(world: World) -> range:
    """The calendar years that the run touches."""
    start = world.input.start_ordinal
    return range(start // 12, (start + world.input.n_months - 1) // 12 + 1)


def by_single_year(groups: np.ndarray, starts: tuple[int, ...]) -> np.ndarray:
    """Spread rates of age groups (first axis, opening ages `starts`) over single years 0 to 110, constant within."""
    return groups[np.searchsorted(starts, np.arange(OLDEST + 1), side="right") - 1]


def death_month(prefecture: Prefecture, years: range) -> np.ndarray:
    """1 - exp(-s_u m(age, sex) / 12).

    m are the United Nations' national rates; s_u makes the crude death rate that m implies for the unit's census
    age structure equal `crude_death_rate_per_1000` at the start, and is kept. Outside s = 1.
    """
    from model.world.tables import MORTALITY_AGES

    first = prefecture.mortality(years[0])
    level = np.append(death_scale(prefecture, by_single_year(first, MORTALITY_AGES)), 1.0)
    out = np.empty((len(years), level.size, 2, OLDEST + 1))
    for y, year in enumerate(years):
        rate = by_single_year(prefecture.mortality(year), MORTALITY_AGES).T
        out[y] = -np.expm1(-level[:, None, None] * rate[None] / 12.0)
    return out


def death_scale(prefecture: Prefecture, rate: np.ndarray) -> np.ndarray:
    """s_u, float64[U]: given crude death rate over the one that `rate` (float64[111, 2]) implies at the start."""
    implied = implied_death_rate(prefecture.start_census["age_sex"], rate)
    return prefecture.state["crude_death_rate_per_1000"] / 1000.0 / implied


def implied_death_rate(people: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Deaths per person and year, float64[U], of people by census age group and sex (float64[U, 19, 2])."""
    starts = np.array([*CENSUS_AGE_STARTS, OLDEST])
    # Within a census group people are spread evenly; in the open one as in a declining pyramid.
    weight = np.zeros((len(CENSUS_AGE_STARTS), OLDEST + 1))
    for g in range(len(CENSUS_AGE_STARTS)):
        weight[g, starts[g] : starts[g + 1]] = 1.0
    weight[-1] *= np.exp(-0.18 * np.arange(OLDEST + 1))
    weight /= weight.sum(axis=1, keepdims=True)
    return np.einsum("ugs,ga,as->u", people, weight, rate) / people.sum(axis=(1, 2))


def birth_month(prefecture: Prefecture, years: range, trend: float) -> np.ndarray:
    """1 - exp(-f_u(age) path(year) / 12), with the path of `Prefecture.fertility_path`.

    f_u is the national schedule scaled to the unit's total fertility at the start; away from home, the mean of
    the units weighted by their population. Policy has no part in it.
    """
    from model.world.tables import FERTILE_AGES

    starts = tuple(int(a.split("-")[0]) for a in FERTILE_AGES)
    unit = prefecture.fertility(prefecture.start_year, trend=False)
    people = prefecture.start_census["residents"]
    rates = np.vstack([unit, (unit * (people / people.sum())[:, None]).sum(axis=0)])
    single = np.zeros((rates.shape[0], OLDEST + 1))
    for g, a in enumerate(starts):
        single[:, a : a + 5] = rates[:, g : g + 1]
    return np.stack([-np.expm1(-single * prefecture.fertility_path(y, trend) / 12.0) for y in years])
