"""One pass over everybody: who leaves or joins the labour force, jobs that end, pay, enrolment, who looks for work.

A person has one hashed word a month, of four 16-bit parts: whether the job ends, how pay is rounded, whether a better
post is looked for, whether the job is insured from now on. Hashing, pay and the look at chances go block by block
with vector instructions; only those to whom something may happen are then looked at one by one (E13, E22).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import float64, njit, uint16

from model.kernels.jit import bare, kernel, within
from model.kernels.jobs import FARM_SEARCH_MONTHS
from model.kernels.labour import band_of
from model.kernels.rng import Stream
from model.kernels.rows import BLOCK
from model.kernels.screen import LANES, limit_of, rows_hit, screen_word
from model.kernels.work import (
    AT_WORK,
    CONTRACT,
    FARMING,
    INSURED,
    JOBLESS,
    ON_FARM,
    PER_MARKET,
    UNEMPLOYED,
    code_block,
    count_changed,
    happens,
    home_of,
    split_counts,
)
from model.spec.codes import N_SECTORS, NO_SECTOR, Activity, Event, Kind

SEPARATION, MATCH, INSURANCE = Stream.SEPARATION, Stream.MATCH, Stream.INSURANCE
INACTIVE, JOB_LOSS, OUTSIDE = int(Activity.INACTIVE), int(Event.JOB_LOSS), int(Kind.OUTSIDE)
NO_MARKET = 255
HALF_LANES = LANES / 2.0
SLOT_ENDS, SLOT_ENROL, SLOT_SEARCH = 0, 0, 6
STOP, JOIN = 0, 1
"""Rows of `Chances.limits`."""


class Chances(NamedTuple):
    """What a month holds, by cell of work ([C], see `model.kernels.work.cell_of`) or unit; filled by `pack` and
    `model.kernels.posts.fill_chances`."""

    leave: np.ndarray  # float64[C], a job ends
    enrol: np.ndarray  # float64[C], a job that is not insured will be
    lots: np.ndarray  # uint64[C], growth of pay less one as float32, then the cuts of leaving and of seeking
    cuts: np.ndarray  # uint16[C], cut of enrolling
    farm_search: np.ndarray  # float64[U], a younger farmer looks for a post
    pull: np.ndarray  # float64[U], how strongly work pulls, 1 at the start
    limits: np.ndarray  # uint64[2], words of the jobless who stop and of the inactive who join are below


class Rules(NamedTuple):
    """What is the same every month."""

    local: int  # markets of the prefecture
    n_markets: int
    job_search: float  # chance that an employee without a contract looks for another post
    stop: float  # chance that a jobless person stops looking


@njit(uint16(float64), cache=True)
def _half_cut(chance):
    """Number of 15-bit values, the upper part of a 16-bit one, that may still mean the event: 0 to 32,768."""
    return np.uint16(min(math.floor(chance * HALF_LANES) + 1.0, HALF_LANES)) if chance > 0.0 else np.uint16(0)


@bare
def pack(table, c, leave, seek, enrol, growth):
    """Put the chances of cell c into the table."""
    table.leave[c], table.enrol[c] = leave, enrol
    table.cuts[c] = _half_cut(enrol)
    lot = table.lots[c : c + 1]
    lot.view(np.float32)[0] = growth - 1.0
    cut = lot.view(np.uint16)
    cut[2], cut[3] = _half_cut(leave), _half_cut(seek)


@kernel
def month_of_work(
    start, stop, found, counts, key, force_key, seed, month, rules, join, people, where, table, events_next
):
    """Work of rows [start, stop): for `model.kernels.rows.find_and_count`.

    join: float64[2, 5], chance that an inactive person looks again, by sex and band of age. counts: int64[counts_of],
    changes since codes were kept, jobs lost, and who stopped or began to look, by unit of residence. Writes activity,
    sector, job_market, flags, wage and code, and JOB_LOSS in events_next of the household. Found are all the jobless
    and everybody else who looks for work.
    """
    hits = np.zeros(BLOCK // 8, np.uint64)
    room = Room(
        np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16),
        np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int32),
        hits, hits.view(np.uint8),
    )
    parts = split_counts(counts, rules.n_markets)
    return _month(
        start, stop, found, parts, key, force_key, seed, month, rules, join, people, where, table, events_next, room
    )


class Room(NamedTuple):
    """Working space for a block of people."""

    ends: np.ndarray  # uint16, the parts of a word
    part: np.ndarray
    seeks: np.ndarray
    enrols: np.ndarray
    cell: np.ndarray  # uint16
    code: np.ndarray  # uint32
    lot: np.ndarray  # uint64
    near: np.ndarray  # int32
    hits: np.ndarray  # uint64
    hit: np.ndarray  # uint8, the same bytes


@bare
def _month(
    start, stop, found, parts, key, force_key, seed, month, rules, join, people, where, table, events_next, room
):
    """`month_of_work` with the room that it needs."""
    none, enrolling, k = np.uint16(rules.n_markets * PER_MARKET), False, 0
    for c in range(table.cuts.size):
        enrolling |= table.cuts[c] > 0
    ends, seeks, enrols, cell, near, hit = room.ends, room.seeks, room.enrols, room.cell, room.near, room.hit
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        _force_hits(people.uid[a:b], people.activity[a:b], force_key, table.limits, hit)
        number = rows_hit(hit, room.hits, a, b - a, near, 0)
        _leave_and_join(near, number, force_key, month, rules, join, people, where, table.pull, parts)
        _draw(people.uid[a:b], key, ends, room.part, seeks, enrols)
        code_block(
            people.activity[a:b], people.sector[a:b], people.job_market[a:b], people.flags[a:b],
            people.education[a:b], people.place[a:b], rules.n_markets, cell, room.code,
        )
        count_changed(
            room.code[: b - a], people.code[a:b], hit, room.hits, near, where.market, rules.n_markets, parts
        )
        _look_up(b - a, cell, table.lots, room.lot)
        _grow(people.wage[a:b], room.lot, room.part)
        _screen(b - a, room.lot, ends, seeks, hit)
        if enrolling:
            _screen_more(b - a, cell, enrols, table.cuts, hit)
        for q in range(_gather(b - a, hit, near)):
            j = near[q]
            i, c = a + j, np.int64(cell[j])
            if c < none:
                uid, insured = people.uid[i], np.int64(people.flags[i] & INSURED)
                if happens(ends[j], table.leave[c], seed, SEPARATION, uid, month, SLOT_ENDS):
                    _lose_job(i, c, insured, people, where, none, parts)
                    parts.moved[where.unit[people.place[i]]] += 1
                    events_next[people.household[i]] |= JOB_LOSS
                else:
                    if not insured and happens(enrols[j], table.enrol[c], seed, INSURANCE, uid, month, SLOT_ENROL):
                        people.flags[i] |= INSURED
                        people.code[i] += np.uint32(1)
                        parts.by_cell[2 * c] -= 1
                        parts.by_cell[2 * c + 1] += 1
                    chance = _may_seek(i, month, people, where, rules, table.farm_search)
                    if not happens(seeks[j], chance, seed, MATCH, uid, month, SLOT_SEARCH):
                        continue
            found[k] = i
            k += 1
    return k


@bare
def _force_hits(uid, activity, key, limits, hit):
    """The jobless who may stop looking and the inactive who may look again."""
    stop, join = limits[STOP], limits[JOIN]
    for j in range(uid.size):
        word = screen_word(key, uid[j])
        hit[j] = ((word < stop) & (activity[j] == UNEMPLOYED)) | ((word < join) & (activity[j] == INACTIVE))


@within
def _leave_and_join(rows, number, key, month, rules, join, people, where, pull, parts):
    """Of the people drawn, the jobless stop looking at `stop` / pull, the inactive look again at `join` * pull."""
    for r in range(number):
        i = rows[r]
        u, band = where.unit[people.place[i]], band_of(month - people.birth[i])
        if people.household[i] < 0 or band < 0 or u < 0:
            continue
        word = screen_word(key, people.uid[i])
        if people.activity[i] == UNEMPLOYED:
            if word < limit_of(rules.stop / pull[u]):
                people.activity[i] = INACTIVE
                parts.stopped[u] += 1
        elif word < limit_of(join[people.sex[i], band] * pull[u]):
            people.activity[i] = UNEMPLOYED
            parts.joined[u] += 1


@within
def _may_seek(i, month, people, where, rules, farm_search):
    """Chance that somebody at work looks for another post."""
    here = people.place[i]
    if where.kind[here] == OUTSIDE or month - people.birth[i] >= FARM_SEARCH_MONTHS:
        return 0.0
    if people.sector[i] == FARMING:
        return farm_search[where.unit[here]]
    if people.job_market[i] >= rules.local or people.flags[i] & CONTRACT:
        return 0.0
    return rules.job_search


@within
def _lose_job(i, c, insured, people, where, none, parts):
    """End a job of cell c; the counts and the code move along."""
    home, status = home_of(i, people, where), AT_WORK if c // 2 % N_SECTORS != FARMING else ON_FARM
    parts.by_home[home + status] -= 1
    parts.by_home[home + JOBLESS] += 1
    parts.by_cell[2 * c + insured] -= 1
    parts.by_cell[2 * np.int64(none)] += 1
    people.code[i] += np.uint32(2 * np.int64(none) - 2 * c - insured)
    people.activity[i], people.sector[i], people.job_market[i] = UNEMPLOYED, NO_SECTOR, NO_MARKET
    people.wage[i] = 0
    people.flags[i] &= ~(CONTRACT | INSURED)


@bare
def _draw(uid, key, ends, part, seeks, enrols):
    """The four parts of everybody's word."""
    for j in range(uid.size):
        word = screen_word(key, uid[j])
        ends[j] = word
        part[j] = word >> np.uint64(16)
        seeks[j] = word >> np.uint64(32)
        enrols[j] = word >> np.uint64(48)


@bare
def _look_up(n, cell, lots, lot):
    """What the month holds for everybody."""
    for j in range(n):
        lot[j] = lots[np.uint64(cell[j])]


@bare
def _grow(wage, lot, part):
    """Pay by its growth in whole yuan, by a keyed rounding without bias."""
    growth = lot.view(np.float32)
    for j in range(wage.size):
        rounding = (np.float32(part[j]) + np.float32(0.5)) * np.float32(1.0 / 65536.0)
        wage[j] += np.int32(np.floor(np.float32(wage[j]) * growth[np.uint64(2) * np.uint64(j)] + rounding))


@bare
def _screen(n, lot, ends, seeks, passed):
    """Who may lose a job or look for work."""
    for j in range(n):
        both = np.uint32(lot[j] >> np.uint64(32))
        leave = np.uint32(ends[j] >> np.uint16(1)) < (both & np.uint32(0xFFFF))
        seek = np.uint32(seeks[j] >> np.uint16(1)) < (both >> np.uint32(16))
        passed[j] = np.uint8(leave) | np.uint8(seek)


@bare
def _screen_more(n, cell, enrols, cuts, passed):
    """Who may be enrolled, besides."""
    for j in range(n):
        passed[j] |= np.uint8((enrols[j] >> np.uint16(1)) < cuts[np.uint64(cell[j])])


@bare
def _gather(n, passed, near):
    """Positions of those that passed, to the front of `near`; returns how many."""
    k = 0
    for j in range(n):
        near[k] = j
        k += passed[j]
    return k
