"""Cells of work, and how many people stand in each (E13, E22).

What counts of a person is kept as one code: the place, the skill, the cell of work and whether the job is insured.
Each month everybody's code is compared with the one kept, and only those who differ move from one count to another.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import bool_, float64, int64, njit, uint64

from model.kernels.jit import bare, kernel, within
from model.kernels.rng import uniform
from model.kernels.rows import BLOCK
from model.kernels.screen import LANES, rows_hit
from model.spec.codes import N_SECTORS, N_SKILLS, Activity, Flag, Sector

EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
CONTRACT, INSURED = int(Flag.CONTRACT), int(Flag.INSURED)
FARMING: Final = int(Sector.FARMING)
PER_MARKET = 2 * N_SECTORS
N_STATUS = 4
IDLE, JOBLESS, AT_WORK, ON_FARM = 0, 1, 2, 3
"""Status of a person in the counts by market of residence."""
UNCOUNTED: Final = np.uint32(0xFFFF_FFFF)
"""Code of a person who is in no count yet."""


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
    sex: np.ndarray
    code: np.ndarray  # uint32, what was counted last, see `code_block`


class Where(NamedTuple):
    """Kind, unit (-1 outside), market and urban code of every place."""

    kind: np.ndarray
    unit: np.ndarray
    market: np.ndarray
    urban: np.ndarray


class Counts(NamedTuple):
    """Views of the counts of work; events are by unit of residence, the last outside."""

    by_cell: np.ndarray  # by cell and insurance
    by_home: np.ndarray  # by market of residence, skill and status
    moved: np.ndarray  # jobs lost or found
    stopped: np.ndarray  # people who stopped looking for work
    joined: np.ndarray  # people who look again
    changed: np.ndarray  # posts changed, one number


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
    """Length of the counts of work: by cell and insurance; by market of residence, skill and status; events."""
    return events_from(n_markets) + 3 * (n_units + 1) + 1


@within
def events_from(n_markets):
    """Where the events begin: what stands before them is kept from month to month."""
    return 2 * (n_markets * PER_MARKET + 2) + n_markets * N_SKILLS * N_STATUS


@kernel
def split_counts(counts, n_markets):
    """The parts of `counts_of` as views."""
    a, b = 2 * (n_markets * PER_MARKET + 2), events_from(n_markets)
    units = (counts.size - b - 1) // 3
    events = counts[b:]
    return Counts(
        counts[:a], counts[a:b], events[:units], events[units : 2 * units], events[2 * units : 3 * units],
        events[3 * units :],
    )


@njit(bool_(int64, float64, uint64, int64, uint64, int64, int64), cache=True)
def happens(lane, chance, seed, stream, uid, month, slot):
    """Whether an event of this chance happens, from a 16-bit part of a person's word and, on the edge, a full draw."""
    x = chance * LANES
    whole = math.floor(x)
    if lane != whole:
        return lane < whole
    return uniform(seed, stream, uid, month, slot) < x - whole


@within
def span_of(n_markets):
    """Codes of one place and skill."""
    return np.uint32(2 * (n_markets * PER_MARKET + 2))


@bare
def code_block(activity, sector, job_market, flags, education, place, n_markets, cell, code):
    """Cell of work and code of some rows: (place * 3 + skill) * span + cell * 2 + insured, to uint16 and uint32."""
    none, span = np.uint16(n_markets * PER_MARKET), span_of(n_markets)
    for j in range(activity.size):
        work = (np.uint16(job_market[j]) * np.uint16(N_SECTORS) + np.uint16(sector[j])) * np.uint16(2)
        work += (flags[j] >> np.uint16(1)) & np.uint16(1)
        idle = none + np.uint16(activity[j] != UNEMPLOYED)
        cell[j] = work if activity[j] == EMPLOYED else idle
    for j in range(activity.size):
        level = np.uint32(education[j] > 3) + np.uint32(education[j] > 4)
        home = np.uint32(np.uint16(place[j])) * np.uint32(N_SKILLS) + level
        code[j] = home * span + np.uint32(cell[j]) * np.uint32(2) + np.uint32(flags[j] & np.uint16(INSURED))


@within
def count_code(code, change, market, n_markets, parts):
    """Add `change` people of this code to the counts."""
    span = np.int64(span_of(n_markets))
    home, cell = np.int64(code) // span, np.int64(code) % span
    work, none = cell // 2, n_markets * PER_MARKET
    if work >= none:
        status = JOBLESS if work == none else IDLE
    else:
        status = ON_FARM if work // 2 % N_SECTORS == FARMING else AT_WORK
    parts.by_cell[cell] += change
    parts.by_home[(market[home // N_SKILLS] * N_SKILLS + home % N_SKILLS) * N_STATUS + status] += change


@within
def home_of(i, people, where):
    """Where the counts by residence of a person begin; add the status."""
    education = people.education[i]
    level = np.int64(education > 3) + np.int64(education > 4)
    return (where.market[people.place[i]] * N_SKILLS + level) * N_STATUS


@bare
def count_changed(code, kept, hit, hits, near, market, n_markets, parts):
    """Count those whose code is not the one kept, and keep it. Working space: hit uint8, hits the same as uint64."""
    for j in range(code.size):
        hit[j] = code[j] != kept[j]
    for q in range(rows_hit(hit, hits, 0, code.size, near, 0)):
        j = near[q]
        if kept[j] != UNCOUNTED:
            count_code(kept[j], -1, market, n_markets, parts)
        count_code(code[j], 1, market, n_markets, parts)
        kept[j] = code[j]


@kernel
def forget(code, counts, n_markets, market):
    """Take people with these codes out of the counts."""
    parts = split_counts(counts, n_markets)
    for i in range(code.size):
        if code[i] != UNCOUNTED:
            count_code(code[i], -1, market, n_markets, parts)


@kernel
def count_work(start, stop, counts, n_markets, people, where):
    """Changes of the counts of work since codes were kept, rows [start, stop): for `model.kernels.rows.count_rows`."""
    parts = split_counts(counts, n_markets)
    cell, code, near = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.int32)
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        code_block(
            people.activity[a:b], people.sector[a:b], people.job_market[a:b], people.flags[a:b],
            people.education[a:b], people.place[a:b], n_markets, cell, code,
        )
        count_changed(
            code[: b - a], people.code[a:b], hit, hits, near, where.market, n_markets, parts
        )
