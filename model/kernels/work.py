"""One pass over everybody: jobs that end, pay, enrolment, who looks for work, and the counts of work (E13, E22).

A person has one hashed word a month, of four 16-bit parts: whether the job ends, how pay is rounded, whether a better
post is looked for, whether the job is insured from now on. Hashing, pay and the look at chances go block by block
with vector instructions; only those to whom something may happen are then looked at one by one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import bool_, float64, int64, njit, uint16, uint64

from model.kernels.jit import kernel
from model.kernels.jobs import FARM_SEARCH_MONTHS
from model.kernels.rng import Stream, uniform
from model.kernels.rows import BLOCK
from model.kernels.screen import LANES, screen_word
from model.spec.codes import N_SECTORS, NO_SECTOR, Activity, Event, Flag, Kind, Sector

SEPARATION, MATCH, INSURANCE = Stream.SEPARATION, Stream.MATCH, Stream.INSURANCE
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
CONTRACT, INSURED = int(Flag.CONTRACT), int(Flag.INSURED)
JOB_LOSS = int(Event.JOB_LOSS)
FARMING, OUTSIDE = int(Sector.FARMING), int(Kind.OUTSIDE)
NO_MARKET = 255
PER_MARKET = 2 * N_SECTORS
HALF_LANES = LANES / 2.0
N_STATUS = 4
IDLE, JOBLESS, AT_WORK, ON_FARM = 0, 1, 2, 3
"""Status of a person in the counts by market of residence."""
SLOT_ENDS, SLOT_ENROL, SLOT_SEARCH = 0, 0, 6


class People(NamedTuple):
    """Columns of residents that work reads and writes, whole arrays."""

    household: np.ndarray
    place: np.ndarray
    activity: np.ndarray
    sector: np.ndarray
    job_market: np.ndarray
    job_since: np.ndarray
    flags: np.ndarray
    wage: np.ndarray
    education: np.ndarray
    uid: np.ndarray
    birth: np.ndarray
    hukou: np.ndarray


class Where(NamedTuple):
    """Kind, unit (-1 outside), market and urban code of every place."""

    kind: np.ndarray
    unit: np.ndarray
    market: np.ndarray
    urban: np.ndarray


class Chances(NamedTuple):
    """What a month holds by cell of work, float64[C]: see `chances`."""

    leave: np.ndarray
    seek: np.ndarray
    enrol: np.ndarray
    growth: np.ndarray


@njit(int64(int64, int64, int64, int64, int64), cache=True)
def cell_of(activity, sector, job_market, flags, n_markets):
    """Cell of work: (market of the job * 19 + industry) * 2 + contract, then one of the jobless and one of others.

    Below the local markets a cell is the row of the firm.
    """
    if activity == EMPLOYED:
        return (job_market * N_SECTORS + sector) * 2 + ((flags & CONTRACT) != 0)
    return n_markets * PER_MARKET + (activity != UNEMPLOYED)


@kernel
def counts_of(n_markets, n_units):
    """Length of the counts of work: by cell and insurance; by market of residence, skill and status; events.

    Events are jobs lost or found by unit of residence (the last is outside), and posts changed.
    """
    return 2 * (n_markets * PER_MARKET + 2) + n_markets * 3 * N_STATUS + n_units + 2


@kernel
def split_counts(counts, n_markets):
    """The parts of `counts_of` as views: by cell, by residence, events by unit, and posts changed (one number)."""
    a = 2 * (n_markets * PER_MARKET + 2)
    b = a + n_markets * 3 * N_STATUS
    return counts[:a], counts[a:b], counts[b : counts.size - 1], counts[counts.size - 1 :]


@njit(bool_(int64, float64, uint64, int64, uint64, int64, int64), cache=True)
def happens(lane, chance, seed, stream, uid, month, slot):
    """Whether an event of this chance happens, from a 16-bit part of a person's word and, on the edge, a full draw."""
    x = chance * LANES
    whole = math.floor(x)
    if lane != whole:
        return lane < whole
    return uniform(seed, stream, uid, month, slot) < x - whole


@njit(uint16(float64), cache=True)
def _half_cut(chance):
    """Number of 15-bit values, the upper part of a 16-bit one, that may still mean the event: 0 to 32,768."""
    return np.uint16(min(math.floor(chance * HALF_LANES) + 1.0, HALF_LANES)) if chance > 0.0 else np.uint16(0)


@kernel
def _lots(table):
    """What a month holds by cell in one word, uint64[C]: growth less one as float32, cuts of leaving and seeking."""
    out = np.empty(table.leave.size, np.uint64)
    growth, cut = out.view(np.float32), out.view(np.uint16)
    for c in range(out.size):
        growth[2 * c] = table.growth[c] - 1.0
        cut[4 * c + 2], cut[4 * c + 3] = _half_cut(table.leave[c]), _half_cut(table.seek[c])
    return out


@kernel
def _may_seek(i, month, people, where, local, farm_search, job_search):
    """Chance that somebody at work looks for another post."""
    here = people.place[i]
    if where.kind[here] == OUTSIDE or month - people.birth[i] >= FARM_SEARCH_MONTHS:
        return 0.0
    if people.sector[i] == FARMING:
        return farm_search[where.unit[here]]
    if people.job_market[i] >= local or people.flags[i] & CONTRACT:
        return 0.0
    return job_search


@kernel
def lose_job(i, people):
    """End a job."""
    people.activity[i], people.sector[i], people.job_market[i] = UNEMPLOYED, NO_SECTOR, NO_MARKET
    people.wage[i] = 0
    people.flags[i] &= ~(CONTRACT | INSURED)


@kernel
def month_of_work(
    start, stop, found, counts, key, seed, month, local, n_markets, people, where, table, farm_search, job_search,
    events_next,
):
    """Work of rows [start, stop): for `model.kernels.rows.find_and_count`.

    counts: int64[counts_of], as people stand afterwards, with jobs lost by unit of residence. table: Chances.
    farm_search: float64[U], job_search: chance that younger farmers and employees without a contract look for a post.
    Writes activity, sector, job_market, flags and wage, and JOB_LOSS in events_next of the household. Found are all
    the jobless and everybody else who looks for work.
    """
    by_cell, by_home, lost, _ = split_counts(counts, n_markets)
    none, lots = np.uint16(n_markets * PER_MARKET), _lots(table)
    enrol_cut, enrolling = np.zeros(table.enrol.size, np.uint16), False
    for c in range(enrol_cut.size):
        enrol_cut[c] = _half_cut(table.enrol[c])
        enrolling |= enrol_cut[c] > 0
    ends, part, seeks, enrols, cell = (
        np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16),
        np.empty(BLOCK, np.uint16),
    )
    home, lot, passed, near = (
        np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int32)
    )
    work, live = np.zeros(by_cell.size, np.uint32), np.zeros(where.unit.size * 3 * N_STATUS, np.uint32)
    k = 0
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        flags = people.flags[a:b]
        _draw(people.uid[a:b], key, ends, part, seeks, enrols)
        _place_in_cells(people.activity[a:b], people.sector[a:b], people.job_market[a:b], flags, none, cell)
        _place_at_home(people.activity[a:b], people.sector[a:b], people.education[a:b], people.place[a:b], home)
        _count(b - a, cell, flags, home, lots, lot, work, live)
        _grow(people.wage[a:b], lot, part)
        _screen(b - a, lot, ends, seeks, passed)
        if enrolling:
            _screen_more(b - a, cell, enrols, enrol_cut, passed)
        for q in range(_gather(b - a, passed, near)):
            j = near[q]
            i, c = a + j, np.int64(cell[j])
            if c < none:
                uid, insured = people.uid[i], people.flags[i] & INSURED
                if happens(ends[j], table.leave[c], seed, SEPARATION, uid, month, SLOT_ENDS):
                    group = where.market[people.place[i]] * 3 * N_STATUS + home[j] % (3 * N_STATUS)
                    by_home[group] -= 1
                    by_home[group - home[j] % N_STATUS + JOBLESS] += 1
                    by_cell[2 * c + insured] -= 1
                    by_cell[2 * none] += 1
                    lost[where.unit[people.place[i]]] += 1
                    events_next[people.household[i]] |= JOB_LOSS
                    lose_job(i, people)
                else:
                    if not insured and happens(enrols[j], table.enrol[c], seed, INSURANCE, uid, month, SLOT_ENROL):
                        people.flags[i] |= INSURED
                        by_cell[2 * c] -= 1
                        by_cell[2 * c + 1] += 1
                    chance = _may_seek(i, month, people, where, local, farm_search, job_search)
                    if not happens(seeks[j], chance, seed, MATCH, uid, month, SLOT_SEARCH):
                        continue
            found[k] = i
            k += 1
    _add_up(work, live, where.market, by_cell, by_home)
    return k


@kernel
def count_work(start, stop, counts, n_markets, people, where):
    """Counts of work of rows [start, stop) as they stand, for `model.kernels.rows.count_rows`."""
    by_cell, by_home, _, _ = split_counts(counts, n_markets)
    none, lots = np.uint16(n_markets * PER_MARKET), np.zeros(n_markets * PER_MARKET + 2, np.uint64)
    cell, home, lot = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint64)
    work, live = np.zeros(by_cell.size, np.uint32), np.zeros(where.unit.size * 3 * N_STATUS, np.uint32)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        flags = people.flags[a:b]
        _place_in_cells(people.activity[a:b], people.sector[a:b], people.job_market[a:b], flags, none, cell)
        _place_at_home(people.activity[a:b], people.sector[a:b], people.education[a:b], people.place[a:b], home)
        _count(b - a, cell, flags, home, lots, lot, work, live)
    _add_up(work, live, where.market, by_cell, by_home)


@kernel
def _add_up(work, live, market, by_cell, by_home):
    """From counts by cell and by place to the counts of work."""
    for c in range(work.size):
        by_cell[c] += work[c]
    for p in range(market.size):
        for q in range(3 * N_STATUS):
            by_home[market[p] * 3 * N_STATUS + q] += live[p * 3 * N_STATUS + q]


@kernel
def _draw(uid, key, ends, part, seeks, enrols):
    """The four parts of everybody's word."""
    for j in range(uid.size):
        word = screen_word(key, uid[j])
        ends[j] = word
        part[j] = word >> np.uint64(16)
        seeks[j] = word >> np.uint64(32)
        enrols[j] = word >> np.uint64(48)


@kernel
def _place_in_cells(activity, sector, job_market, flags, none, cell):
    """Cell of work, see `cell_of`."""
    for j in range(activity.size):
        work = (np.uint16(job_market[j]) * np.uint16(N_SECTORS) + np.uint16(sector[j])) * np.uint16(2)
        work += (flags[j] >> np.uint16(1)) & np.uint16(1)
        idle = none + np.uint16(activity[j] != UNEMPLOYED)
        cell[j] = work if activity[j] == EMPLOYED else idle


@kernel
def _place_at_home(activity, sector, education, place, home):
    """Cell of residence: (place * 3 + skill) * 4 + status."""
    for j in range(activity.size):
        work = np.uint16(ON_FARM) if sector[j] == FARMING else np.uint16(AT_WORK)
        idle = np.uint16(JOBLESS) if activity[j] == UNEMPLOYED else np.uint16(IDLE)
        status = work if activity[j] == EMPLOYED else idle
        level = np.uint16(education[j] > 3) + np.uint16(education[j] > 4)
        home[j] = (np.uint32(np.uint16(place[j])) * np.uint32(3) + level) * np.uint32(N_STATUS) + status


@kernel
def _count(n, cell, flags, home, lots, lot, by_cell, by_home):
    """Count everybody by cell and insurance and by residence; look up what the month holds for them.

    One scalar loop: the processors at hand read scattered table entries no faster with vector instructions.
    """
    for j in range(n):
        c = np.uint64(cell[j])
        lot[j] = lots[c]
        by_cell[np.uint64(2) * c + np.uint64(flags[j] & np.uint16(INSURED))] += np.uint32(1)
        by_home[np.uint64(home[j])] += np.uint32(1)


@kernel
def _grow(wage, lot, part):
    """Pay by its growth in whole yuan, by a keyed rounding without bias."""
    growth = lot.view(np.float32)
    for j in range(wage.size):
        rounding = (np.float32(part[j]) + np.float32(0.5)) * np.float32(1.0 / 65536.0)
        wage[j] += np.int32(np.floor(np.float32(wage[j]) * growth[np.uint64(2) * np.uint64(j)] + rounding))


@kernel
def _screen(n, lot, ends, seeks, passed):
    """Who may lose a job or look for work."""
    for j in range(n):
        both = np.uint32(lot[j] >> np.uint64(32))
        leave = np.uint32(ends[j] >> np.uint16(1)) < (both & np.uint32(0xFFFF))
        seek = np.uint32(seeks[j] >> np.uint16(1)) < (both >> np.uint32(16))
        passed[j] = np.uint8(leave) | np.uint8(seek)


@kernel
def _screen_more(n, cell, enrols, cuts, passed):
    """Who may be enrolled, besides."""
    for j in range(n):
        passed[j] |= np.uint8((enrols[j] >> np.uint16(1)) < cuts[np.uint64(cell[j])])


@kernel
def _gather(n, passed, near):
    """Positions of those that passed, to the front of `near`; returns how many."""
    k = 0
    for j in range(n):
        near[k] = j
        k += passed[j]
    return k
