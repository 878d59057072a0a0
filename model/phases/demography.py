"""Birth, death, and the ages at which a life turns (E19). Nothing here answers to policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.households import append_member, spouse_of, unlink_member
from model.kernels.jit import kernel
from model.kernels.kin import forget_parents, move_parents
from model.kernels.rng import Stream, mix_uid, uniform
from model.kernels.rows import BLOCK, count_rows, find_rows
from model.kernels.screen import AGES, ALWAYS, LANES, cuts, lane, screen_block, screen_key, screen_word
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


class Hazards(NamedTuple):
    """Monthly chances of the whole run, and the cuts that let them through the screen."""

    union: np.ndarray  # float64[2, 2, 111], out of and in the wedding season
    care: np.ndarray  # float64[111]
    leave: float
    death_cut: np.ndarray  # int64[Y, 2, 111]
    birth_cut: np.ndarray  # int64[Y, 111]
    union_cut: np.ndarray  # int64[2, 2, 111]
    care_cut: np.ndarray  # int64[111]
    leave_cut: int


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
    lanes: np.ndarray  # uint16[2, 1332, 4], cuts by sex and age in months: death, birth or care, marriage, leaving
    limits: np.ndarray  # uint64[AGES], the larger cuts of the sexes, for `screen_block`


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
    moved = world.ledger.transfers()
    left = [die(world, month, risks, rows, codes)]
    turn_ages(world, month, risks, rows, codes)
    if month.of_year == 1:
        update_kin(world, month.index)
    give_birth(world, month, risks, rows, codes, ratio)
    left.append(schooling(world, month))
    left.append(unite(world, month, risks.union, risks.union_cut, rows, codes, UNION, moved))
    left.append(leave_home(world, month, risks.leave, risks.leave_cut, rows, codes, LEAVE, moved))
    mend(world, month, np.concatenate(left), moved)
    world.ledger.carry(moved)


def hazards_of(world: World) -> Hazards:
    """The chances that depend on the parameters and tables of the run, worked out once."""
    if "hazards" not in world.kept:
        p, tables = world.p, world.accounts
        peak = -np.log1p(-p.marriage_peak_year) / 12.0
        union = np.zeros((2, 2, OLDEST + 1))
        for season, pace in enumerate(((12.0 - 5.0 * p.wedding_season) / 7.0, p.wedding_season)):
            for (a, b), *shape in zip(UNION_AGES, *UNION_SHAPE):
                union[season, :, a : b + 1] = -np.expm1(-peak * pace * np.array(shape))[:, None]
        union[:, 0, 20:22] = 0.0
        care = -np.expm1(-care_hazard_year(p) / 12.0)
        leave = float(-np.expm1(np.log1p(-p.leave_home_year) / 12.0))
        room = np.zeros(OLDEST + 1)
        for a, r in BIRTH_ROOM:
            room[a : FERTILE[1]] = r
        world.kept["hazards"] = Hazards(
            union, care, leave, cuts(tables["death_month"].max(axis=1)),
            cuts(np.minimum(tables["birth_month"].max(axis=1) * room, 1.0)), cuts(union), cuts(care),
            int(cuts(np.array([leave]))[0]),
        )
    return world.kept["hazards"]


def risks_of(world: World, month: Month) -> Risks:
    """Monthly chances of this month from the yearly tables and parameters; kept by year and season."""
    start = world.input.start_ordinal
    year, season = (start + month.index) // 12 - start // 12, int(month.of_year in WEDDING_MONTHS)
    known = world.kept.setdefault("risks", {})
    if (year, season) not in known:
        h, tables = hazards_of(world), world.accounts
        lanes, limits = np.zeros((2, OLDEST * 12 + 12, 4), np.uint16), np.zeros(AGES, np.uint64)
        death_cut, birth_cut, union_cut = h.death_cut[year], h.birth_cut[year], h.union_cut[season]
        _lanes(death_cut, birth_cut, h.care_cut, union_cut, h.leave_cut, MILESTONES, lanes, limits)
        known[year, season] = Risks(
            tables["death_month"][year], tables["birth_month"][year], h.union[season], h.care, h.leave,
            float(tables["boy_share"][year]), death_cut, birth_cut, union_cut, h.care_cut, h.leave_cut, lanes, limits,
        )
    return known[year, season]


@kernel
def _lanes(death_cut, birth_cut, care_cut, union_cut, leave_cut, milestones, lanes, limits):
    """Fill the tables of `Risks` that the screen compares with."""
    for m in range(lanes.shape[1]):
        age, limit = m // 12, np.uint64(0)
        for lane_number in range(4):
            most = 0
            for s in range(2):
                cut = death_cut[s, age]
                if lane_number == 1:
                    cut = care_cut[age] + (birth_cut[age] if s == 1 else 0)
                elif lane_number == 2:
                    cut = union_cut[s, age]
                elif lane_number == 3:
                    cut = leave_cut if LEAVE_AGES[0] <= age <= LEAVE_AGES[1] else 0
                cut = min(cut, LANE_TOP)
                lanes[s, m, lane_number] = cut
                most = max(most, cut)
            limit |= np.uint64(most) << np.uint64(16 * lane_number)
        limits[m] = limit | (ALWAYS if milestones[m] else np.uint64(0))
    for m in range(lanes.shape[1], limits.size // 2):
        limits[m] = limits[lanes.shape[1] - 1]


def find_events(world: World, month: Month, risks: Risks) -> tuple[np.ndarray, np.ndarray]:
    """Rows of people to whom something may happen this month, and uint8[capacity], their codes by row."""
    people = world.residents
    codes = world.kept.get("codes")
    if codes is None or codes.size < people.n:
        codes = world.kept["codes"] = np.zeros(people.capacity, np.uint8)
    key = np.uint64(screen_key(world.seed, np.uint64(Stream.DEATH), np.uint64(month.index)))
    rows = find_rows(
        _find, people.n, codes, key, month.index, people.birth, people.sex, people.household, people.activity,
        people.flags, people.uid, risks.lanes, risks.limits, MILESTONES,
    )
    return rows, codes


@kernel
def _find(
    start, stop, found, codes, key, month, birth, sex, household, activity, flags, uid, lanes, limits, milestones
):
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    k = 0
    for a in range(start, stop, BLOCK):
        n = min(stop - a, BLOCK)
        hits[(n - 1) // 8] = 0
        screen_block(hit, key, month, uid[a : a + n], birth[a : a + n], limits)
        for q in range((n + 7) // 8):
            if hits[q] == 0:
                continue
            for i in range(a + 8 * q, a + min(8 * q + 8, n)):
                if hit[i - a] and household[i] >= 0:
                    word = screen_word(key, uid[i])
                    code = _code(word, month - birth[i], sex[i], activity[i], flags[i], lanes, milestones)
                    if code:
                        found[k], codes[i] = i, code
                        k += 1
    return k


@kernel
def _code(word, age, sex, activity, flags, lanes, milestones):
    """What may happen to one person this month."""
    months = min(age, milestones.size - 1)
    married = flags & MARRIED != 0
    code = DEATH * (lane(word, 0) < lanes[sex, months, 0]) + LEAVE * (lane(word, 3) < lanes[sex, months, 3])
    code |= UNION * (not married and lane(word, 2) < lanes[sex, months, 2])
    if lane(word, 1) < lanes[sex, months, 1]:
        if months < CARE_FROM * 12:
            code |= BIRTH * married
        else:
            code |= CARE * (flags & CARE_NEED == 0)
    if milestones[months]:
        if months <= 180:
            code |= TURN
        elif activity in (EMPLOYED, UNEMPLOYED):
            code |= STOP
    return code


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


def die(world: World, month: Month, risks: Risks, rows: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Take the dead out of their households; return the households they leave behind."""
    people, homes, places = world.residents, world.households, world.places
    counts = np.zeros((2, world.n_units + 1), np.int64)
    dead = _die(
        rows, codes, world.seed, month.index, risks.death, risks.death_cut, people.uid, people.birth, people.sex,
        people.usual, people.household, people.next, people.flags, people.activity, people.sector,
        people.job_market, people.wage_yuan, homes.head, homes.size, homes.events_next, places.unit, places.urban,
        counts,
    )
    world.count("deaths", counts[0, :-1])
    world.count("deaths_urban", counts[1, :-1])
    return dead


@kernel
def _die(
    rows, codes, seed, month, chance, cut, uid, birth, sex, usual, household, nxt, flags, activity, sector, job_market,
    wage, head, size, events_next, place_unit, urban, counts,
):
    units = counts.shape[1] - 1
    dead = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        if codes[i] & DEATH == 0:
            continue
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
    in_need = _turn(
        rows, codes, world.seed, month.index, risks.care, risks.care_cut, TURNS, people.uid, people.birth, people.sex,
        people.household, people.activity, people.sector, people.job_market, people.wage_yuan, people.flags,
        homes.events_next,
    )
    tell_kin(world, in_need)


@kernel
def _turn(
    rows, codes, seed, month, care, care_cut, turns, uid, birth, sex, household, activity, sector, job_market, wage,
    flags, events_next,
):
    in_need = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        code = codes[i]
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
                in_need[k] = household[i]
                k += 1
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
    return in_need[:k].copy()


def give_birth(
    world: World, month: Month, risks: Risks, rows: np.ndarray, codes: np.ndarray, ratio: np.ndarray
) -> None:
    """Children are born where their mother lives, with her registration and her usual residence."""
    people, homes, places = world.residents, world.households, world.places
    mothers = _mothers(
        rows, codes, world.seed, month.index, risks.birth, risks.birth_cut, ratio, people.uid, people.birth,
        people.usual, people.household, places.unit,
    )
    if mothers.size > 1:
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


@kernel
def _mothers(rows, codes, seed, month, chance, cut, ratio, uid, birth, usual, household, place_unit):
    units = chance.shape[0] - 1
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        if household[i] < 0 or codes[i] & BIRTH == 0:
            continue
        age = (month - birth[i]) // 12
        u = place_unit[usual[i]]
        p = chance[u if u >= 0 else units, age] * ratio[age]
        if uniform(seed, S_BIRTH, uid[i], month, 0) * cut[age] < p * LANES:
            out[k] = i
            k += 1
    return out[:k].copy()


@kernel
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
    """Drop the dead and empty households; the last rows take their places and who points at them is told."""
    people, homes, kin = world.residents, world.households, world.households.kin
    dead, empty = find_rows(_dead, people.n, people.household), find_rows(_empty, homes.n, homes.size)
    if kin is not None:
        forget_parents(empty, kin.parent, kin.first, kin.after)
    triggered = world.triggered.size == homes.n
    last, into = people.fill(dead)
    _repair_lists(into, people.n, new_rows(last, into, dead.size, people.n), people.household, people.next, homes.head)
    last, into = homes.fill(empty)
    _repair_homes(into, homes.head, people.next, people.household)
    if triggered:
        world.triggered[into] = world.triggered[last]
        world.triggered = world.triggered[: homes.n]
    if kin is not None:
        kin.parent[into] = kin.parent[last]
        move_parents(homes.n, new_rows(last, into, empty.size, homes.n), *kin)


def new_rows(last: np.ndarray, into: np.ndarray, gone: int, left: int) -> np.ndarray:
    """Where each of the `gone` rows behind the first `left` is now, int32[gone], -1 nowhere."""
    row = np.full(gone, -1, np.int32)
    row[last - left] = into
    return row


@kernel
def _dead(start, stop, found, household):
    k = 0
    for i in range(start, stop):
        found[k] = i
        k += household[i] < 0
    return k


@kernel
def _empty(start, stop, found, size):
    k = 0
    for h in range(start, stop):
        found[k] = h
        k += size[h] == 0
    return k


@kernel
def _repair_lists(moved, left, row, household, nxt, head):
    """Rows from `left` on, whose place is now row[i - left], are replaced in the households of those who moved."""
    for r in range(moved.size):
        h = household[moved[r]]
        i = head[h]
        if i >= left:
            i = head[h] = row[i - left]
        while i >= 0:
            k = nxt[i]
            if k >= left:
                k = nxt[i] = row[k - left]
            i = k


@kernel
def _repair_homes(moved, head, nxt, household):
    for r in range(moved.size):
        i = head[moved[r]]
        while i >= 0:
            household[i] = moved[r]
            i = nxt[i]
