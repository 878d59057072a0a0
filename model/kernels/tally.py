"""One pass over households and one over people: whole-number counts by unit from which the indicators are made."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.jit import kernel
from model.kernels.rows import BLOCK
from model.spec.codes import Activity, Flag, Sector, Tenure

EMPLOYED: Final = int(Activity.EMPLOYED)
INSURED, CONTRACT = int(Flag.INSURED), int(Flag.CONTRACT)
RENTED, PUBLIC, DORM = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)

LOCAL, NEWCOMER, RURAL = 0, 1, 2
PERSONS, ADULTS, AT_WORK, WITH_INSURANCE, STABLE, SECURITY, INCOME, SAME_COUNTY = range(8)
FIELDS: Final = 8
STABLE_MONTHS: Final = 12
ADULT_MONTHS: Final = 180
SECURITY_OF: Final = (100, 50, 80, 30)
"""Tenure security of owners and others, tenants, affordable rentals and dormitories, in hundredths (assumed)."""
LABOUR_INTENSIVE: Final = (Sector.MANUFACTURING, Sector.TRADE, Sector.CATERING, Sector.RESIDENT_SERVICES)
"""Industries with many posts for little capital (assumed: the plan names none)."""

STATES: Final = 8
CELLS: Final = 4 * 4 * STATES * len(SECURITY_OF)
"""Cells of one unit: its codes now and at the start, registration, work, tenure."""
OTHERS, TENANTS = 0, 1
HOUSEHOLDS, MEMBERS, YUAN, ALONE = range(4)


class Counts(NamedTuple):
    """What is counted of people at the end of a month."""

    groups: np.ndarray  # int64[U, 3, 8] usual residents by group and field; INCOME sums yuan a member and month
    registered: np.ndarray  # int64[U, 2] registered people, and those in places coded urban
    resident: np.ndarray  # int64[3, U] usual residents, those in places coded urban now, and at the start
    pay: np.ndarray  # int64[2, U] yuan of the jobs of each unit, and of those in labour-intensive industries


def no_counts(n_units: int) -> Counts:
    """Zeros to be filled by `sum_up`."""
    shapes = (n_units, 3, FIELDS), (n_units, 2), (3, n_units), (2, n_units)
    return Counts(*(np.zeros(shape, np.int64) for shape in shapes))


@kernel
def describe_places(n_units, unit, urban, frozen, out):
    """Per place, uint16[P]: four times the unit (n_units outside), 2 where coded urban now, 1 where at the start."""
    for k in range(out.size):
        u = unit[k] if unit[k] >= 0 else n_units
        out[k] = 4 * u + 2 * (urban[k] != 0) + (frozen[k] != 0)


@njit(nogil=True, cache=True, error_model="numpy")
def count_households(start, stop, out, head, size, tenure, split_tenure, place, income, at, packed):
    """Add households that rent and others, int64[U + 1, 2, 4]; note income a head, place and tenures of each.

    packed: int64[H], yuan a member in the upper half, then the place (16 bits) and how secure both tenures are.
    """
    nowhere = np.uint64(out.shape[0] - 1)
    head, size, place, tenure = head[start:stop], size[start:stop], place[start:stop], tenure[start:stop]
    split_tenure, income, packed = split_tenure[start:stop], income[start:stop], packed[start:stop]
    for h in range(size.size):
        members = np.float64(max(np.int64(size[h]), 1))
        each = np.int64(np.floor(np.float64(income[h]) / members))
        packed[h] = (each << 32) | (np.int64(place[h]) << 16) | _security(tenure[h]) | (_security(split_tenure[h]) << 2)
    for h in range(size.size):
        unit = np.uint64(at[np.uint64(place[h])] >> 2) if head[h] >= 0 else nowhere
        row = out[unit, np.uint64(tenure[h] == RENTED)]
        row[HOUSEHOLDS] += 1
        row[MEMBERS] += size[h]
        row[YUAN] += income[h]
        row[ALONE] += size[h] == 1


@kernel
def _security(tenure):
    """Row of SECURITY_OF."""
    t = np.int64(tenure)
    return t - 1 if RENTED <= t <= DORM else 0


@kernel
def count_people(
    start, stop, out, n_units, month, household, birth, usual, hukou, place, activity, job_since, flags, sector,
    job_market, wage, at, packed, unit_of_job, intensive,
):
    """Add people and their income to cells: int64[(U + 1) * CELLS + U + 1, 2].

    The last U + 1 rows hold, by unit of residence or job, what has no cell: people registered in another unit, by
    the code of the place where they are, then yuan of jobs, of other industries and of labour-intensive ones.
    at: see `describe_places`; packed: see `count_households`. unit_of_job, intensive: int64[256], the unit of a
    market, n_units if outside or none, and 1 for labour-intensive industries.
    """
    work, pay = np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int32)
    first = (n_units + 1) * CELLS
    away, paid = out[first : first + n_units + 1], out[first + n_units + 1 :]
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        _work_of(work, pay, month, household[a:b], birth[a:b], activity[a:b], job_since[a:b], flags[a:b], wage[a:b])
        _add_people(out, away, household[a:b], place[a:b], usual[a:b], hukou[a:b], work, at, packed)
        _add_pay(paid, pay, sector[a:b], job_market[a:b], unit_of_job, intensive)


@kernel
def _work_of(work, pay, month, household, birth, activity, job_since, flags, wage):
    """State of work: 0 below 15 years, 1 without a job, else 2 + insured + 2 * stable; and pay, 0 without a job."""
    for j in range(birth.size):
        works = np.uint8(activity[j] == EMPLOYED)
        adult = np.uint8(month - birth[j] >= ADULT_MONTHS)
        stable = np.uint8((flags[j] & CONTRACT) != 0) | np.uint8(month - job_since[j] >= STABLE_MONTHS)
        insured = np.uint8(flags[j] & INSURED)
        work[j] = adult + adult * works * (np.uint8(1) + insured + np.uint8(2) * stable)
    for j in range(birth.size):
        pay[j] = wage[j] if (activity[j] == EMPLOYED) & (household[j] >= 0) else 0


@kernel
def _add_people(out, away, household, place, usual, hukou, work, at, packed):
    for j in range(household.size):
        h = household[j]
        if h < 0:
            continue
        kept = packed[np.uint64(h)]
        here, home = np.uint64(at[np.uint64(usual[j])]), np.uint64(at[np.uint64(hukou[j])])
        same = np.uint64((here >> 2) == (home >> 2))
        apart = np.int64(np.int64(place[j]) != ((kept >> 16) & 0xFFFF))
        secure = np.uint64((kept >> (2 * apart)) & 3)
        coded = (home >> 1) & 1
        cell = (((here * 2 + same) * 2 + coded) * STATES + work[j]) * 4 + secure
        out[cell, 0] += 1
        out[cell, 1] += kept >> 32
        away[home >> 2, coded] += 1 - same


@kernel
def _add_pay(paid, pay, sector, job_market, unit_of_job, intensive):
    for j in range(sector.size):
        paid[np.uint64(unit_of_job[job_market[j]]), np.uint64(intensive[sector[j]])] += pay[j]


@kernel
def sum_up(cells, groups, registered, resident, pay):
    """Fill `Counts` (arrays of zeros) from what `count_people` added up."""
    n_units = pay.shape[1]
    first = (n_units + 1) * CELLS
    for u in range(n_units):
        for c in range(CELLS):
            number = cells[u * CELLS + c, 0]
            if number == 0:
                continue
            secure, state, coded, same = c & 3, c // 4 % STATES, c // (4 * STATES) & 1, c // (8 * STATES) & 1
            frozen, urban = c // (16 * STATES) & 1, c // (32 * STATES)
            group = RURAL if urban == 0 else LOCAL if same and coded else NEWCOMER
            row = groups[u, group]
            row[PERSONS] += number
            row[SAME_COUNTY] += same * number
            row[SECURITY] += SECURITY_OF[secure] * number
            row[INCOME] += cells[u * CELLS + c, 1]
            row[ADULTS] += number * (state > 0)
            row[AT_WORK] += number * (state > 1)
            row[WITH_INSURANCE] += number * (state > 1 and state & 1)
            row[STABLE] += number * (state > 3)
            resident[0, u] += number
            resident[1, u] += number * urban
            resident[2, u] += number * frozen
            registered[u, 0] += number * same
            registered[u, 1] += number * (same & coded)
        away, paid = cells[first + u], cells[first + n_units + 1 + u]
        registered[u, 0] += away[0] + away[1]
        registered[u, 1] += away[1]
        pay[0, u], pay[1, u] = paid[0] + paid[1], paid[1]
