"""What people earn in a month, one pass over residents in the order of their rows (E4, E5).

What a household receives is added up in one word: fen in the low 40 bits, then in 8 bits each its members with a
worker pension, those with a basic pension, and those who live apart on its money. So the second pass, over
households (`model.kernels.money`), follows no list of members.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.money import (
    AWAY_BITS,
    BASIC_BITS,
    BLOCK,
    BY_UNIT,
    COST,
    EMPLOYER,
    FARM_WORK,
    FEN,
    INDUSTRIES,
    LEVY,
    LIVED_AWAY,
    OWN_INSURANCE,
    TOPUP,
    WORKER_BITS,
)
from model.kernels.rng import Stream, uniform
from model.spec.codes import Activity, Flag, Sector

INSURANCE: Final = Stream.INSURANCE
DROP_OUT: Final = Stream.DROP_OUT
SLOT_ASSISTED: Final = 9
EMPLOYED, RETIRED = int(Activity.EMPLOYED), int(Activity.RETIRED)
INSURED, APART = int(Flag.INSURED), int(Flag.APART)
FARMING: Final = int(Sector.FARMING)
OLD_MONTHS: Final = 60 * 12
YOUNG_MONTHS: Final = 16 * 12
AT_HOME, AWAY, OLD, YOUNG = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Who is looked at again: at work and not apart; apart; of 60 and over without a worker pension or insured job; of
working age and not insured."""
CELL: Final = 4
"""Numbers for each unit of job, industry and unit of household: pay, employer insurance, own insurance, nothing."""


class People(NamedTuple):
    """Columns of residents, and of households the place."""

    household: np.ndarray
    place: np.ndarray
    birth: np.ndarray
    activity: np.ndarray
    sector: np.ndarray
    job_market: np.ndarray
    flags: np.ndarray
    wage: np.ndarray
    uid: np.ndarray
    hukou: np.ndarray
    home_place: np.ndarray


class Beyond(NamedTuple):
    """Where policy has moved what people receive and pay, by unit with outside last."""

    dividend_fen: np.ndarray  # int64[U + 1] for each person registered in a village of the unit, wherever they live
    topup_fen: np.ndarray  # int64[U + 1] for each recipient, of either sign
    topup_chance: np.ndarray  # float64[U + 1] part of older people without a worker pension who receive it
    levy_fen: np.ndarray  # int64[U + 1] contribution of a member beyond practice
    saved_fen: np.ndarray  # int64[U + 1] contribution that who leaves saves
    leave: np.ndarray  # float64[U + 1] share of members of working age who leave


class Buffers(NamedTuple):
    """Room for a block of people."""

    pay: np.ndarray  # int32 fen
    own: np.ndarray  # int32 own insurance
    employer: np.ndarray  # int32
    value: np.ndarray  # int64, the word that is added to the household
    kind: np.ndarray  # uint8, bits AT_HOME to YOUNG
    near: np.ndarray  # uint16, positions AT_HOME
    far: np.ndarray  # uint16, positions AWAY
    row: np.ndarray  # int32
    total: np.ndarray  # int64


@kernel
def earn(start, stop, held, out, r, month, seed, people, places, t):
    """Add what residents [start, stop) receive to `held`, int64[H + 1], household h at h + 1, and sums to `out`.

    out: as for `model.kernels.money.spend`; places: `model.kernels.money.Where`; t: Beyond.
    """
    units = out.shape[1]
    work = np.zeros(units * INDUSTRIES * units * CELL, np.int64)
    x = Buffers(
        np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.int64),
    )
    beyond = False
    for u in range(units):
        beyond |= (t.dividend_fen[u] != 0) | (t.topup_fen[u] != 0) | (t.levy_fen[u] != 0)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        household, place, sector = people.household[a:b], people.place[a:b], people.sector[a:b]
        flags, activity, job_market = people.flags[a:b], people.activity[a:b], people.job_market[a:b]
        _pay(
            b - a, np.int16(month - OLD_MONTHS), np.int16(month - YOUNG_MONTHS), r.worker_rate, r.employer_rate,
            activity, sector, flags, people.wage[a:b], people.birth[a:b], household, x.pay, x.own, x.employer, x.value,
            x.kind,
        )
        at_home, away = _sort(b - a, x.kind, x.near, x.far)
        _add_work(at_home, x, sector, job_market, place, places, units, work)
        _add_away(away, x, activity, sector, job_market, household, people.home_place, places, r.remit, work, out)
        if beyond:
            _add_beyond(x, seed, people.uid[a:b], people.hukou[a:b], household, people.home_place, places, t, out)
        _hand_over(b - a, household, x, held)
    _fold(work, out)


@bare
def _pay(
    n, old, young, worker_rate, employer_rate, activity, sector, flags, wage, birth, household, pay, own, employer,
    value, kind,
):
    """Pay and contributions of a block, and what the household receives: simple loops use vector instructions."""
    none = np.int32(0)
    for j in range(n):
        lives = household[j] >= 0
        working = (activity[j] == EMPLOYED) & lives
        insured = (flags[j] & np.uint16(INSURED)) != 0
        apart = (flags[j] & np.uint16(APART)) != 0
        covered = working & (sector[j] != FARMING) & insured
        fen = np.int32(wage[j]) * np.int32(FEN) if working else none
        mine = np.int32(np.float64(np.int32(fen)) * worker_rate) if covered else none
        pay[j], own[j] = fen, mine
        employer[j] = np.int32(np.float64(np.int32(fen)) * employer_rate) if covered else none
        by_work = (activity[j] == RETIRED) & insured
        basic = (birth[j] <= old) & (not by_work) & (not covered)
        adult = (birth[j] <= young) & (birth[j] > old) & (not insured) & lives
        value[j] = (
            np.int64(fen - mine) + (np.int64(1 << WORKER_BITS) if by_work else np.int64(0))
            + (np.int64(1 << BASIC_BITS) if basic else np.int64(0))
        )
        kind[j] = (
            (AT_HOME if working & (not apart) else np.uint8(0)) | (AWAY if apart & lives else np.uint8(0))
            | (OLD if basic & lives else np.uint8(0)) | (YOUNG if adult else np.uint8(0))
        )


@bare
def _sort(n, kind, near, far):
    """Positions of those at work who are not apart, and of those apart; returns how many."""
    at_home, away = 0, 0
    for j in range(n):
        near[at_home] = j
        at_home += kind[j] & AT_HOME
        far[away] = j
        away += (kind[j] & AWAY) >> np.uint8(1)
    return at_home, away


@bare
def _add_work(count, x, sector, job_market, place, places, units, work):
    """Pay by unit of job, industry and unit of household of those who live where their household does."""
    near, pay, employer, own, job_at, unit_at = x.near, x.pay, x.employer, x.own, places.job_at, places.unit_at
    trades, homes = np.uint64(INDUSTRIES), np.uint64(units)
    for q in range(count):
        j = np.uint64(near[q])
        at, home = np.uint64(job_at[job_market[j]]), np.uint64(unit_at[np.uint64(place[j])])
        cell = ((at * trades + np.uint64(sector[j])) * homes + home) * np.uint64(CELL)
        work[cell] += pay[j]
        work[cell + np.uint64(1)] += employer[j]
        work[cell + np.uint64(2)] += own[j]


@bare
def _add_away(count, x, activity, sector, job_market, household, home_place, places, remit, work, out):
    """The same for those apart: what they keep where they work outside, else they live on the household's money."""
    far, pay, employer, own, value = x.far, x.pay, x.employer, x.own, x.value
    job_at, unit_at, units = places.job_at, places.unit_at, out.shape[1]
    for q in range(count):
        j = np.uint64(far[q])
        working = activity[j] == EMPLOYED
        trade = np.uint64(sector[j]) * np.uint64(working)
        at, home = np.uint64(job_at[job_market[j]]), np.uint64(unit_at[np.uint64(home_place[np.uint64(household[j])])])
        cell = ((at * np.uint64(INDUSTRIES) + trade) * np.uint64(units) + home) * np.uint64(CELL)
        work[cell] += pay[j]
        work[cell + np.uint64(1)] += employer[j]
        work[cell + np.uint64(2)] += own[j]
        abroad = working & (trade != FARMING) & (at == np.uint64(units - 1))
        net = np.int64(pay[j] - own[j])
        kept = (net - np.int64(net * remit)) * abroad
        out[LIVED_AWAY, home] += kept
        value[j] += (np.int64(not abroad) << AWAY_BITS) - kept


@bare
def _add_beyond(x, seed, uid, hukou, household, home_place, places, t, out):
    """Add dividends, contributions and top-ups where policy has moved them."""
    kind, value, unit_at, village_at = x.kind, x.value, places.unit_at, places.village_at
    units, none = out.shape[1], np.uint64(out.shape[1])
    for j in range(household.size):
        if household[j] < 0:
            continue
        home = np.uint64(unit_at[np.uint64(home_place[np.uint64(household[j])])])
        member = np.uint64(village_at[np.uint64(hukou[j])])
        if member != none and t.dividend_fen[member] != 0:
            out[np.uint64(BY_UNIT + units) + member, home] += t.dividend_fen[member]
            value[j] += t.dividend_fen[member]
        if t.levy_fen[home] != 0 and kind[j] & YOUNG:
            due = t.levy_fen[home]
            if t.leave[home] > 0.0 and uniform(seed, DROP_OUT, uid[j], 0, 0) < t.leave[home]:
                due = -t.saved_fen[home]
            out[LEVY, home] += due
            value[j] -= due
        if t.topup_fen[home] != 0 and kind[j] & OLD:
            if uniform(seed, INSURANCE, uid[j], 0, SLOT_ASSISTED) < t.topup_chance[home]:
                out[TOPUP, home] += t.topup_fen[home]
                value[j] += t.topup_fen[home]


@bare
def _hand_over(n, household, x, held):
    """Add values to households, once for each run of members that stand together; those of the dead go to entry 0."""
    value, row, total = x.value, x.row, x.total
    k, run = 0, np.int64(0)
    for j in range(n - 1):
        run += value[j]
        row[k], total[k] = household[j], run
        ends = household[j] != household[j + 1]
        k += ends
        run = np.int64(0) if ends else run
    row[k], total[k] = household[n - 1], run + value[n - 1]
    for q in range(k + 1):
        held[np.uint64(row[q] + 1)] += total[q]


@bare
def _fold(work, out):
    """From sums by unit of job, industry and unit of household to rows of `out`."""
    units, cell = out.shape[1], 0
    for at in range(units):
        for trade in range(INDUSTRIES):
            for home in range(units):
                pay, employer = work[cell], work[cell + 1]
                if pay != 0:
                    out[FARM_WORK if trade == FARMING else BY_UNIT + at, home] += pay
                    out[COST + trade, at] += (pay if trade != FARMING else 0) + employer
                    out[EMPLOYER, at] += employer
                    out[OWN_INSURANCE, home] += work[cell + 2]
                cell += CELL
