"""Birth, death, and the ages at which a life turns (E19). Nothing here answers to policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.households import append_member, spouse_of, unlink_member
from model.kernels.jit import kernel
from model.kernels.kin import forget_parents, move_parents
from model.kernels.rng import Stream, mix_uid, uniform
from model.kernels.rows import find_rows
from model.phases.due import (
    STOP_FARM,
    STOP_MEN,
    STOP_OTHER,
    STOP_WOMEN,
    due_this_month,
    risks_of,
)
from model.phases.kin import tell_kin, update_kin
from model.phases.kinship import mend
from model.phases.schooling import schooling
from model.phases.unions import leave_home, unite
from model.spec.codes import NO_SECTOR, Activity, Event, Flag, Sector

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

MARRIED, CARE_NEED = int(Flag.MARRIED), int(Flag.CARE_NEED)
CONTRACT, INSURED, APART = int(Flag.CONTRACT), int(Flag.INSURED), int(Flag.APART)
INACTIVE, RETIRED = int(Activity.INACTIVE), int(Activity.RETIRED)
FARMING: Final = int(Sector.FARMING)
NO_MARKET: Final = 255
S_SEX: Final = Stream.BIRTH_SEX
E_DEATH, E_BIRTH, E_CARE = int(Event.DEATH), int(Event.BIRTH), int(Event.PARENT_CARE)
TURNS: Final = np.zeros(181, np.uint16)
"""Event raised in the month in which a child is so many months old."""
TURNS[[36, 72, 144, 180]] = (Event.CHILD_3, Event.CHILD_6, Event.CHILD_12, Event.CHILD_15)


def demography(world: World, month: Month) -> None:
    """One month of deaths, births, school and working ages, marriages and departures from home (E19).

    Death: P = 1 - exp(-s_u m(age, sex)/12). Birth: P = f_u(age) W(age)/W_married(age) for married women, so that
    births equal the schedule over all women. Marriage, care need and leaving home are hazards by age.

    **Reads** residents (birth, sex, flags, usual), households, the frozen tables of `model.world.vital`.
    **Writes** residents (rows, household, next, place, since, education, activity, sector, job_market, wage_yuan,
    flags), households (rows, head, size, place, split_place, config, tenure, owns, land_mu, savings_fen, debt_fen,
    since, events_next, collective, kin_uid, kin_elder), accounts.women_per_wife, ledger (inheritance);
    counts births, deaths, and of each those in places coded urban (births_urban) and of people registered in the unit
    (births_registered), by unit.
    """
    risks = risks_of(world, month)
    dead, mothers, willing, leavers, turning, caring = due_this_month(world, month, risks)
    moved = world.ledger.transfers()
    left = [die(world, dead)]
    turn_ages(world, month, turning, caring)
    if month.of_year == 1:
        update_kin(world, month.index)
    give_birth(world, month, risks.boy, mothers)
    left.append(schooling(world, month))
    left.append(unite(world, month, willing, moved))
    left.append(leave_home(world, month, leavers, moved))
    mend(world, month, np.concatenate(left), moved)
    world.ledger.carry(moved)


def die(world: World, dead: np.ndarray) -> np.ndarray:
    """Take the dead, int64[k] rows, out of their households; return the households they leave behind."""
    people, homes, places = world.residents, world.households, world.places
    counts = np.zeros((3, world.n_units + 1), np.int64)
    left = _die(
        dead, people.uid, people.birth, people.sex, people.usual, people.hukou, people.household, people.next,
        people.flags, people.activity, people.sector, people.job_market, people.wage_yuan, homes.head, homes.size,
        homes.events_next, places.unit, places.urban, counts,
    )
    world.count("deaths", counts[0, :-1])
    world.count("deaths_urban", counts[1, :-1])
    world.count("deaths_registered", counts[2, :-1])
    return left


@kernel
def _die(
    dead, uid, birth, sex, usual, hukou, household, nxt, flags, activity, sector, job_market, wage, head, size,
    events_next, place_unit, urban, counts,
):
    units, k = counts.shape[1] - 1, dead.size
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
        counts[2, u if u >= 0 else units] += place_unit[hukou[i]] == u
        homes[r] = household[i]
        events_next[homes[r]] |= E_DEATH
        unlink_member(i, head, size, nxt, household)
        activity[i], sector[i], job_market[i], wage[i] = INACTIVE, NO_SECTOR, NO_MARKET, 0
        flags[i] = 0
    for r in range(k):
        if spouse[r] >= 0:
            flags[spouse[r]] &= ~MARRIED
    return homes


def turn_ages(world: World, month: Month, turning: np.ndarray, caring: np.ndarray) -> None:
    """Children who reach 3, 6, 12 or 15, people who stop work, and elders who come to need care: rows, int64[k]."""
    people, homes = world.residents, world.households
    in_need = _turn(
        turning, caring, month.index, TURNS, people.birth, people.sex, people.household, people.activity,
        people.sector, people.job_market, people.wage_yuan, people.flags, homes.events_next,
    )
    tell_kin(world, in_need)


@kernel
def _turn(
    turning, caring, month, turns, birth, sex, household, activity, sector, job_market, wage, flags, events_next
):
    """Returns the households of those who come to need care, int64[k]."""
    for r in range(turning.size):
        i = turning[r]
        if household[i] < 0:
            continue
        months = month - birth[i]
        if months < turns.size:
            events_next[household[i]] |= turns[months]
            continue
        farmer = sector[i] == FARMING
        pension = flags[i] & INSURED and not farmer
        if pension and months == (STOP_WOMEN if sex[i] else STOP_MEN):
            activity[i] = RETIRED
        elif months == STOP_FARM or (months == STOP_OTHER and not farmer):
            activity[i] = RETIRED if pension else INACTIVE
        else:
            continue
        sector[i], job_market[i], wage[i] = NO_SECTOR, NO_MARKET, 0
        flags[i] &= ~CONTRACT
    in_need = np.empty(caring.size, np.int64)
    k = 0
    for r in range(caring.size):
        i = caring[r]
        if household[i] >= 0:
            flags[i] |= CARE_NEED
            events_next[household[i]] |= E_CARE
            in_need[k] = household[i]
            k += 1
    return in_need[:k].copy()


def give_birth(world: World, month: Month, boy: float, mothers: np.ndarray) -> None:
    """Children are born where their mother lives, with her registration and her usual residence.

    boy: share of boys; mothers: rows, int64[k], of whom those who have just died have none.
    """
    people, homes, places = world.residents, world.households, world.places
    mothers = mothers[people.household[mothers] >= 0]
    mothers = mothers[np.argsort(people.uid[mothers])]
    new = people.append(mothers.size)
    counts = np.zeros((3, world.n_units + 1), np.int64)
    _born(
        mothers, new.start, world.seed, month.index, boy, people.uid, people.birth, people.sex,
        people.household, people.next, people.place, people.usual, people.since, people.hukou, people.activity,
        people.sector, people.job_market, people.job_since, people.flags, homes.head, homes.size,
        homes.events_next, places.unit, places.urban, counts,
    )
    world.count("births", counts[0, :-1])
    world.count("births_urban", counts[1, :-1])
    world.count("births_registered", counts[2, :-1])


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
        counts[2, u if u >= 0 else units] += place_unit[hukou[m]] == u


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
