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
from model.kernels.rng import Stream
from model.kernels.screen import screen_key, screen_word
from model.spec.codes import Activity, Flag, Sector

KEPT: Final = 65_535
"""Stands for the month in draws of a trait that is kept."""
TWO_32: Final = 2.0**32
COUNT_BITS: Final = 20
COUNT_MASK: Final = (1 << COUNT_BITS) - 1
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

    dividend_fen: np.ndarray  # int64[U + 2] for each person registered in a village of the unit, wherever they live
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
    home: np.ndarray  # uint8, unit of the household
    traits: np.ndarray  # uint64


def trait_key(seed: np.uint64) -> np.uint64:
    """Key of a person's kept trait: who leaves the resident scheme (upper half), who receives a top-up (lower half)."""
    return np.uint64(screen_key(seed, Stream.DROP_OUT, KEPT))


@kernel
def earn(start, stop, held, out, r, month, key, people, places, t):
    """Add what residents [start, stop) receive to `held`, int64[H + 1], household h at h + 1, and sums to `out`.

    out: as for `model.kernels.money.spend`; places: `model.kernels.money.Where`; t: Beyond; key: of `trait_key`.
    """
    units = out.shape[1]
    work = np.zeros(units * INDUSTRIES * units * CELL, np.int64)
    x = Buffers(
        np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.int64), np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint64),
    )
    leave, topup, taken = np.empty(units, np.uint64), np.empty(units, np.uint64), np.zeros(units, np.int64)
    _cut(t.leave, t.levy_fen, leave)
    _cut(t.topup_chance, t.topup_fen, topup)
    scheme, dividends = _any(t.levy_fen) or _any(t.topup_fen), _any(t.dividend_fen)
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
        if scheme or dividends:
            _find_homes(household, place, people.home_place, places.unit_at, x.kind, x.home)
        if scheme:
            _add_scheme(x, key, people.uid[a:b], t, leave, topup, taken, out)
        if dividends:
            _add_dividends(x, people.hukou[a:b], household, places, t, out)
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
def _find_homes(household, place, home_place, unit_at, kind, home):
    """Unit of everybody's household."""
    for j in range(household.size):
        at = home_place[np.uint64(household[j])] if kind[j] & AWAY else place[j]
        home[j] = unit_at[np.uint64(at)]


@bare
def _add_scheme(x, key, uid, t, leave, topup, taken, out):
    """Contributions to the resident scheme beyond practice, who leaves it, and top-ups of older people.

    leave, topup: uint64[U + 1], parts of 2^32 that leave and that receive; taken: int64[U + 1], zeros.
    """
    kind, value, home, traits = x.kind, x.value, x.home, x.traits
    levy, saved, gift, bits = t.levy_fen, t.saved_fen, t.topup_fen, np.int64(COUNT_BITS)
    for j in range(uid.size):
        traits[j] = screen_word(key, uid[j])
    for j in range(uid.size):
        u, word = np.uint64(home[j]), traits[j]
        young = np.int64((kind[j] & YOUNG) != 0)
        left = young & ((word >> np.uint64(32)) < leave[u])
        given = np.int64((kind[j] & OLD) != 0) & ((word & np.uint64(0xFFFFFFFF)) < topup[u])
        value[j] += left * saved[u] - (young - left) * levy[u] + given * gift[u]
        taken[u] += (young - left) | (left << bits) | (given << (bits + bits))
    for u in range(taken.size):
        paying, left = taken[u] & np.int64(COUNT_MASK), (taken[u] >> bits) & np.int64(COUNT_MASK)
        out[LEVY, u] += paying * levy[u] - left * saved[u]
        out[TOPUP, u] += (taken[u] >> (bits + bits)) * gift[u]
        taken[u] = 0


@bare
def _add_dividends(x, hukou, household, places, t, out):
    """Dividends of village collectives to whoever is registered there and lives."""
    value, home, place_at, first = x.value, x.home, places.place_at, BY_UNIT + out.shape[1]
    for j in range(hukou.size):
        member = np.int64(place_at[np.uint64(hukou[j])] >> np.uint16(8))
        fen = t.dividend_fen[member] * (household[j] >= 0)
        value[j] += fen
        out[first + min(member, out.shape[1] - 1), home[j]] += fen


@bare
def _any(fen):
    """Whether any is not zero."""
    found = False
    for u in range(fen.size):
        found |= fen[u] != 0
    return found


@bare
def _cut(chance, fen, part):
    """Parts of 2^32 below which a trait lies with that chance, where anything is at stake: uint64[U + 1], written."""
    for u in range(part.size):
        part[u] = np.uint64(chance[u] * TWO_32) if fen[u] != 0 and chance[u] > 0.0 else np.uint64(0)


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
