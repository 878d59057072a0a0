"""Birth, death, and the ages at which a life turns (E19). Nothing here answers to policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.households import append_member, spouse_of, unlink_member
from model.kernels.rng import Stream, mix_uid, uniform
from model.kernels.screen import LANES, cuts, lane, screen_key, screen_word
from model.phases.kin import tell_kin, update_kin
from model.phases.kinship import mend
from model.phases.schooling import schooling
from model.phases.unions import leave_home, unite
from model.spec.codes import NO_SECTOR, Activity, Event, Flag, Sector
from model.world.vital import CARE_FROM, FERTILE, OLDEST, care_hazard_year

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

DEATH, BIRTH, UNION, LEAVE, CARE, TURN, STOP = 1, 2, 4, 8, 16, 32, 64
MARRIED, CARE_NEED, AWAY = int(Flag.MARRIED), int(Flag.CARE_NEED), int(Flag.COLLEGE_AWAY)
CONTRACT, INSURED, APART = int(Flag.CONTRACT), int(Flag.INSURED), int(Flag.APART)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
INACTIVE, RETIRED = int(Activity.INACTIVE), int(Activity.RETIRED)
FARMING: Final = int(Sector.FARMING)
NO_MARKET: Final = 255
LANE_TOP: Final = 65_535
S_DEATH, S_BIRTH, S_SEX, S_CARE = Stream.DEATH, Stream.BIRTH, Stream.BIRTH_SEX, Stream.CARE
E_DEATH, E_BIRTH, E_CARE = int(Event.DEATH), int(Event.BIRTH), int(Event.PARENT_CARE)
TURNS: Final = np.zeros(181, np.uint16)
"""Event raised in the month in which a child is so many months old."""
TURNS[[36, 72, 144, 180]] = (Event.CHILD_3, Event.CHILD_6, Event.CHILD_12, Event.CHILD_15)
STOP_MEN, STOP_WOMEN, STOP_OTHER, STOP_FARM = 60 * 12, 55 * 12, 65 * 12, 70 * 12
MILESTONES: Final = np.zeros(OLDEST * 12 + 12, np.bool_)
MILESTONES[[36, 72, 144, 180, STOP_MEN, STOP_WOMEN, STOP_OTHER, STOP_FARM]] = True
"""Ages in months at which something happens to everybody."""
UNION_AGES: Final = ((20, 24), (25, 29), (30, 34), (35, 39), (40, 49))
UNION_SHAPE: Final = ((0.35, 0.9, 0.75, 0.35, 0.12), (0.5, 1.0, 0.8, 0.35, 0.12))
"""Chance of marrying in a year relative to the peak, men and women, by UNION_AGES (assumed from census shapes)."""
LEAVE_AGES: Final = (22, 34)
BIRTH_ROOM: Final = ((15, 12.0), (20, 5.0), (25, 2.0), (30, 1.5))
"""The most by which births per married woman may exceed births per woman, from each age on."""
WEDDING_MONTHS: Final = (10, 11, 12, 1, 2)


class Risks(NamedTuple):
    """What everybody is screened with this month."""

    death: np.ndarray  # float64[U + 1, 2, 111]
    birth: np.ndarray  # float64[U + 1, 111]
    union: np.ndarray  # float64[2, 111]
    care: np.ndarray  # float64[111]
    leave: float
    boy: float
    death_cut: np.ndarray  # int64[2, 111]
    birth_cut: np.ndarray  # int64[111]
    union_cut: np.ndarray  # int64[2, 111]
    care_cut: np.ndarray  # int64[111]
    leave_cut: int


def demography(world: World, month: Month) -> None:
    """One month of deaths, births, school and working ages, marriages and departures from home (E19).

    Death: P = 1 - exp(-s_u m(age, sex)/12). Birth: P = f_u(age) W(age)/W_married(age) for married women, so that
    births equal the schedule over all women. Marriage, care need and leaving home are hazards by age.

    **Reads** residents (birth, sex, flags, usual), households, the frozen tables of `model.world.vital`.
    **Writes** residents (rows, household, next, place, since, education, activity, sector, job_market, wage_yuan,
    flags), households (rows, head, size, place, split_place, config, tenure, owns, land_mu, savings_fen, debt_fen,
    since, events_next, collective, kin_uid, kin_elder), accounts.women_per_wife, ledger (inheritance);
    counts births, deaths, births_urban, deaths_urban by unit.
    """
    risks = risks_of(world, month)
    rows, codes = find_events(world, month, risks)
    ratio = births_per_wife(world, month)
    touched = [die(world, month, risks, rows[codes & DEATH > 0])]
    turn_ages(world, month, risks, rows, codes)
    tell_kin(world)
    if month.of_year == 1:
        update_kin(world, month.index)
    give_birth(world, month, risks, rows[codes & BIRTH > 0], ratio)
    touched.append(schooling(world, month))
    touched.append(unite(world, month, risks.union, risks.union_cut, rows[codes & UNION > 0]))
    touched.append(leave_home(world, month, risks.leave, risks.leave_cut, rows[codes & LEAVE > 0]))
    mend(world, month, np.unique(np.concatenate(touched)))


def risks_of(world: World, month: Month) -> Risks:
    """Monthly chances of this month from the yearly tables and parameters."""
    p, tables = world.p, world.accounts
    year = (world.input.start_ordinal + month.index) // 12 - world.input.start_ordinal // 12
    death, birth = tables["death_month"][year], tables["birth_month"][year]
    peak = -np.log1p(-p.marriage_peak_year) / 12.0
    wedding = p.wedding_season if month.of_year in WEDDING_MONTHS else (12.0 - 5.0 * p.wedding_season) / 7.0
    union = np.zeros((2, OLDEST + 1))
    for (a, b), *shape in zip(UNION_AGES, *UNION_SHAPE):
        union[:, a : b + 1] = -np.expm1(-peak * wedding * np.array(shape))[:, None]
    union[0, 20:22] = 0.0
    care = -np.expm1(-care_hazard_year(p) / 12.0)
    leave = -np.expm1(np.log1p(-p.leave_home_year) / 12.0)
    room = np.zeros(OLDEST + 1)
    for a, r in BIRTH_ROOM:
        room[a : FERTILE[1]] = r
    return Risks(
        death, birth, union, care, leave, float(tables["boy_share"][year]), cuts(death.max(axis=0)),
        cuts(np.minimum(birth.max(axis=0) * room, 1.0)), cuts(union), cuts(care), int(cuts(np.array([leave]))[0]),
    )


def find_events(world: World, month: Month, risks: Risks) -> tuple[np.ndarray, np.ndarray]:
    """Rows of people to whom something may happen this month, and its codes."""
    people = world.residents
    key = np.uint64(screen_key(world.seed, np.uint64(Stream.DEATH), np.uint64(month.index)))
    return _find(
        people.n, key, month.index, people.birth, people.sex, people.household, people.activity, people.flags,
        people.uid, lane_table(risks), MILESTONES,
    )


def lane_table(risks: Risks) -> np.ndarray:
    """Cuts by sex and age in months of the lanes death, birth or care, marriage, leaving home: uint16[2, 1332, 4]."""
    table = np.zeros((2, OLDEST + 1, 4), np.int64)
    table[:, :, 0] = risks.death_cut
    table[1, :, 1] = risks.birth_cut
    table[:, :, 1] += risks.care_cut
    table[:, :, 2] = risks.union_cut
    table[:, LEAVE_AGES[0] : LEAVE_AGES[1] + 1, 3] = risks.leave_cut
    return np.repeat(np.minimum(table, LANE_TOP).astype(np.uint16), 12, axis=1)


@njit(cache=True)
def _find(n, key, month, birth, sex, household, activity, flags, uid, table, milestones):
    rows, codes = np.empty(n, np.int32), np.empty(n, np.uint8)
    k, last = 0, milestones.size - 1
    for i in range(n):
        # Unsigned: an index that cannot be negative costs no check.
        months = np.uint64(min(month - birth[i], last))
        s = np.uint64(sex[i])
        word = screen_word(key, uid[i])
        # One branch for all: hardly anybody passes, and ages come in no order that a processor could foresee.
        die, two = lane(word, 0) < table[s, months, 0], lane(word, 1) < table[s, months, 1]
        union, leave = lane(word, 2) < table[s, months, 2], lane(word, 3) < table[s, months, 3]
        if (die | two | union | leave | milestones[months]) and household[i] >= 0:
            code = DEATH * die + LEAVE * leave
            married = flags[i] & MARRIED != 0
            code |= UNION * (union and not married)
            if months < CARE_FROM * 12:
                code |= BIRTH * (two and married)
            else:
                code |= CARE * (two and flags[i] & CARE_NEED == 0)
            if months <= 180:
                code |= TURN * milestones[months]
            elif milestones[months] and (activity[i] == EMPLOYED or activity[i] == UNEMPLOYED):
                code |= STOP
            if code:
                rows[k], codes[k] = i, code
                k += 1
    return rows[:k].copy(), codes[:k].copy()


def births_per_wife(world: World, month: Month) -> np.ndarray:
    """Women over married women by age, float64[111]; counted at the start and in every month 1."""
    people, a = world.residents, world.accounts
    if month.of_year == 1 or "women_per_wife" not in a:
        a["women_per_wife"] = _women_per_wife(
            people.n, month.index, people.birth, people.sex, people.household, people.flags
        )
    return a["women_per_wife"]


@njit(cache=True)
def _women_per_wife(n, month, birth, sex, household, flags):
    women, wives = np.zeros(OLDEST + 1, np.int64), np.zeros(OLDEST + 1, np.int64)
    for i in range(n):
        if sex[i] == 1 and household[i] >= 0:
            age = min((month - birth[i]) // 12, OLDEST)
            women[age] += 1
            wives[age] += flags[i] & MARRIED != 0
    ratio = np.zeros(OLDEST + 1)
    for a in range(OLDEST + 1):
        ratio[a] = women[a] / wives[a] if wives[a] > 0 else 0.0
    return ratio


def die(world: World, month: Month, risks: Risks, rows: np.ndarray) -> np.ndarray:
    """Take the dead out of their households; return the households they leave behind."""
    people, homes, places = world.residents, world.households, world.places
    counts = np.zeros((2, world.n_units + 1), np.int64)
    dead = _die(
        rows, world.seed, month.index, risks.death, risks.death_cut, people.uid, people.birth, people.sex,
        people.usual, people.household, people.next, people.flags, people.activity, people.sector,
        people.job_market, people.wage_yuan, homes.head, homes.size, homes.events_next, places.unit, places.urban,
        counts,
    )
    world.count("deaths", counts[0, :-1])
    world.count("deaths_urban", counts[1, :-1])
    return dead


@njit(cache=True)
def _die(
    rows, seed, month, chance, cut, uid, birth, sex, usual, household, nxt, flags, activity, sector, job_market,
    wage, head, size, events_next, place_unit, urban, counts,
):
    units = counts.shape[1] - 1
    dead = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        age = min((month - birth[i]) // 12, OLDEST)
        u = place_unit[usual[i]]
        p = chance[u if u >= 0 else units, sex[i], age]
        if uniform(seed, S_DEATH, uid[i], month, 0) * cut[sex[i], age] < p * LANES:
            dead[k] = i
            k += 1
    # Who is widowed is settled before anybody leaves a list, so that two deaths in one home cannot interact.
    spouse = np.empty(k, np.int64)
    for r in range(k):
        i = dead[r]
        spouse[r] = spouse_of(i, head, nxt, household, birth, sex, flags, uid) if flags[i] & MARRIED else -1
    homes = np.empty(k, np.int64)
    for r in range(k):
        i = dead[r]
        u = place_unit[usual[i]]
        counts[0, u if u >= 0 else units] += 1
        counts[1, u if u >= 0 else units] += urban[usual[i]]
        homes[r] = household[i]
        events_next[homes[r]] |= E_DEATH
        unlink_member(i, head, size, nxt, household)
        activity[i], sector[i], job_market[i], wage[i] = INACTIVE, NO_SECTOR, NO_MARKET, 0
        flags[i] = 0
    for r in range(k):
        if spouse[r] >= 0:
            flags[spouse[r]] &= ~MARRIED
    return homes


def turn_ages(world: World, month: Month, risks: Risks, rows: np.ndarray, codes: np.ndarray) -> None:
    """Children who reach 3, 6, 12 or 15, elders who come to need care, and people who stop work."""
    people, homes = world.residents, world.households
    _turn(
        rows, codes, world.seed, month.index, risks.care, risks.care_cut, TURNS, people.uid, people.birth, people.sex,
        people.household, people.activity, people.sector, people.job_market, people.wage_yuan, people.flags,
        homes.events_next,
    )


@njit(cache=True)
def _turn(
    rows, codes, seed, month, care, care_cut, turns, uid, birth, sex, household, activity, sector, job_market, wage,
    flags, events_next,
):
    for r in range(rows.size):
        i, code = rows[r], codes[r]
        if household[i] < 0 or code & (TURN | CARE | STOP) == 0:
            continue
        months = month - birth[i]
        if code & TURN:
            events_next[household[i]] |= turns[months]
        if code & CARE:
            age = min(months // 12, OLDEST)
            if uniform(seed, S_CARE, uid[i], month, 0) * care_cut[age] < care[age] * LANES:
                flags[i] |= CARE_NEED
                events_next[household[i]] |= E_CARE
        if code & STOP:
            pension = flags[i] & INSURED and sector[i] != FARMING
            farmer = sector[i] == FARMING
            if pension and months == (STOP_WOMEN if sex[i] else STOP_MEN):
                activity[i] = RETIRED
            elif months == STOP_FARM or (months == STOP_OTHER and not farmer):
                activity[i] = RETIRED if pension else INACTIVE
            else:
                continue
            sector[i], job_market[i], wage[i] = NO_SECTOR, NO_MARKET, 0
            flags[i] &= ~CONTRACT


def give_birth(world: World, month: Month, risks: Risks, rows: np.ndarray, ratio: np.ndarray) -> None:
    """Children are born where their mother lives, with her registration and her usual residence."""
    people, homes, places = world.residents, world.households, world.places
    mothers = _mothers(
        rows, world.seed, month.index, risks.birth, risks.birth_cut, ratio, people.uid, people.birth, people.usual,
        people.household, places.unit,
    )
    mothers = mothers[np.argsort(people.uid[mothers])]
    new = people.append(mothers.size)
    counts = np.zeros((2, world.n_units + 1), np.int64)
    _born(
        mothers, new.start, world.seed, month.index, risks.boy, people.uid, people.birth, people.sex,
        people.household, people.next, people.place, people.usual, people.since, people.hukou, people.activity,
        people.sector, people.job_market, people.job_since, people.flags, homes.head, homes.size,
        homes.events_next, places.unit, places.urban, counts,
    )
    world.count("births", counts[0, :-1])
    world.count("births_urban", counts[1, :-1])


@njit(cache=True)
def _mothers(rows, seed, month, chance, cut, ratio, uid, birth, usual, household, place_unit):
    units = chance.shape[0] - 1
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        if household[i] < 0:
            continue
        age = (month - birth[i]) // 12
        u = place_unit[usual[i]]
        p = chance[u if u >= 0 else units, age] * ratio[age]
        if uniform(seed, S_BIRTH, uid[i], month, 0) * cut[age] < p * LANES:
            out[k] = i
            k += 1
    return out[:k].copy()


@njit(cache=True)
def _born(
    mothers, first, seed, month, boy, uid, birth, sex, household, nxt, place, usual, since, hukou, activity, sector,
    job_market, job_since, flags, head, size, events_next, place_unit, urban, counts,
):
    units = counts.shape[1] - 1
    for r in range(mothers.size):
        m, i = mothers[r], first + r
        # One birth a month at most, so the month stands for the birth order and survives a change of history.
        uid[i] = mix_uid(uid[m], np.uint64(month + 1))
        birth[i], since[i], job_since[i] = month, month, month
        sex[i] = 0 if uniform(seed, S_SEX, uid[i], month, 0) < boy else 1
        place[i], usual[i], hukou[i] = place[m], usual[m], hukou[m]
        sector[i], job_market[i] = NO_SECTOR, NO_MARKET
        flags[i] = flags[m] & APART
        append_member(i, household[m], head, size, nxt, household)
        events_next[household[m]] |= E_BIRTH
        u = place_unit[usual[m]]
        counts[0, u if u >= 0 else units] += 1
        counts[1, u if u >= 0 else units] += urban[usual[m]]


def compact(world: World) -> None:
    """Drop the dead and empty households, keep the order of the others, renumber who points at whom."""
    people, homes = world.residents, world.households
    alive = np.flatnonzero(people.household[: people.n] >= 0)
    kept = np.flatnonzero(homes.size[: homes.n] > 0)
    person_row = np.full(people.n + 1, -1, np.int32)
    person_row[alive] = np.arange(alive.size)
    home_row = np.full(homes.n + 1, -1, np.int32)
    home_row[kept] = np.arange(kept.size)
    people.next[: people.n] = person_row[people.next[: people.n]]
    people.household[: people.n] = home_row[people.household[: people.n]]
    homes.head[: homes.n] = person_row[homes.head[: homes.n]]
    if homes.n == world.triggered.size:
        world.triggered = world.triggered[kept]
    people.keep(alive)
    homes.keep(kept)
