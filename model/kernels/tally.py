"""One pass over households and one over people: everything that services and indicators count in a month."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.jit import bare, kernel, within
from model.kernels.rows import BLOCK
from model.kernels.screen import rows_hit
from model.spec.codes import Activity, Flag, Kind, Sector, Tenure

EMPLOYED: Final = int(Activity.EMPLOYED)
INSURED, CONTRACT, CARE_NEED = int(Flag.INSURED), int(Flag.CONTRACT), int(Flag.CARE_NEED)
RENTED, PUBLIC, DORM = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
IS_VILLAGE: Final = int(Kind.VILLAGE)

UNDER_3, UNDER_6, PUPILS, ADULTS, OLD, IN_CARE = range(6)
CLASSES: Final = 6
LOCAL_USER, OWN_COUNTY, ELSEWHERE = range(3)
"""Nearness of registration: here, in a village of the county of the town where they live, in another county."""

CODES: Final = 256
LOCAL, NEWCOMER, RURAL = 0, 1, 2
PERSONS, ADULT, AT_WORK, WITH_INSURANCE, STABLE, SECURITY, INCOME, SAME_COUNTY = range(8)
FIELDS: Final = 8
STABLE_MONTHS: Final = 12
SECURE, AS_TENANT, IN_RENTAL, IN_DORM = 100, 50, 80, 30
"""Tenure security of owners and others, tenants, affordable rentals and dormitories, in hundredths (assumed)."""
LABOUR_INTENSIVE: Final = (Sector.MANUFACTURING, Sector.TRADE, Sector.CATERING, Sector.RESIDENT_SERVICES)
"""Industries with many posts for little capital (assumed: the plan names none)."""

WORKS: Final = 5
"""What those of 15 and over do: no job, else 1 + insured + 2 * stable."""
GONE: Final = ADULTS + 3 * WORKS
STATES: Final = GONE + 1
"""Classes below ADULTS, then the three of adults times WORKS, then the dead, whom nobody counts."""
HOMES: Final = 8
"""Registration: 4 in the same unit, 2 in a village, 1 in a place coded urban."""
CELLS: Final = HOMES * STATES
KINDS: Final = 2 * 4 * STATES
"""Cells of a unit for indicators: coded urban or not, same unit and coded registration, state."""
COUNTED: Final = np.ones(STATES, np.int64)
"""What a person adds to the heads of a place: one, in the upper half one pupil; nothing when dead."""
COUNTED[PUPILS], COUNTED[GONE] = (1 << 32) + 1, 0
CODED_BIT, UNIT_BITS = 16, 17
"""Bits of a described place from here on."""
OTHERS, TENANTS = 0, 1
HOUSEHOLDS, MEMBERS, YUAN, ALONE = range(4)
NOBODY_DUE: Final = -32_768


class Counts(NamedTuple):
    """What is counted of people in a month."""

    users: np.ndarray  # int64[6, 3, M] by class, nearness of registration and market; those in care are old as well
    heads: np.ndarray  # int64[2, P] people and pupils by the place where they live
    groups: np.ndarray  # int64[U, 3, 8] usual residents by group and field; INCOME sums yuan a member and month
    registered: np.ndarray  # int64[U, 2] registered people, and those in places coded urban
    resident: np.ndarray  # int64[3, U] usual residents, those in places coded urban now, and at the start
    pay: np.ndarray  # int64[2, U] yuan of the jobs of each unit, and of those in labour-intensive industries


def no_counts(n_units: int, n_markets: int, n_places: int) -> Counts:
    """Zeros to be filled by `sum_up`."""
    shapes = (CLASSES, 3, n_markets), (2, n_places), (n_units, 3, FIELDS), (n_units, 2), (3, n_units), (2, n_units)
    return Counts(*(np.zeros(shape, np.int64) for shape in shapes))


def room(zones: int, n_units: int, n_places: int) -> tuple[int, ...]:
    """Where the parts of what `count_people` adds to end: cells by zone and by unit, away, frozen, heads, pay."""
    ends, end, units = [], 0, n_units + 1
    for size in (2 * zones * CELLS, 2 * units * KINDS, 2 * units, units, n_places, 4 * CODES):
        end += size
        ends.append(end)
    return tuple(ends)


@kernel
def describe_places(n_units, unit, kind, market, urban, here, home, zone_of):
    """Per place, uint32[P] each, its unit, and the first cell of those who live or are registered there.

    Zones are markets by code: zone_of, int64[2M], is filled with the zone of each market's places not coded and coded
    urban, -1 without a place. Returns the number of zones.
    """
    zones = 0
    zone_of[:] = -1
    for k in range(here.size):
        u, coded = unit[k] if unit[k] >= 0 else n_units, np.int64(urban[k] != 0)
        z = 2 * market[k] + coded
        if zone_of[z] < 0:
            zone_of[z] = zones
            zones += 1
        here[k] = zone_of[z] * CELLS | u << UNIT_BITS
        home[k] = (2 * np.int64(kind[k] == IS_VILLAGE) + coded) * STATES | coded << CODED_BIT | u << UNIT_BITS
    return zones


@njit(nogil=True, cache=True, error_model="numpy")
def count_households(start, stop, out, head, size, tenure, split_tenure, place, income, here, packed):
    """Add households that rent and others, int64[U + 1, 2, 4]; note income a head, place and tenures of each.

    packed: int64[H], yuan a member in the upper half, then the place (16 bits) and how secure both tenures are.
    """
    nowhere = np.uint64(out.shape[0] - 1)
    head, size, place, tenure = head[start:stop], size[start:stop], place[start:stop], tenure[start:stop]
    split_tenure, income, packed = split_tenure[start:stop], income[start:stop], packed[start:stop]
    for h in range(size.size):
        members = np.float64(max(np.int64(size[h]), 1))
        each = np.int64(np.floor(np.float64(income[h]) / members))
        packed[h] = each << 32 | np.int64(place[h]) << 16 | _security(split_tenure[h]) << 8 | _security(tenure[h])
    for h in range(size.size):
        unit = np.uint64(here[np.uint64(place[h])] >> np.uint32(UNIT_BITS)) if head[h] >= 0 else nowhere
        row = out[unit, np.uint64(tenure[h] == RENTED)]
        row[HOUSEHOLDS] += 1
        row[MEMBERS] += size[h]
        row[YUAN] += income[h]
        row[ALONE] += size[h] == 1


@within
def _security(tenure):
    """In hundredths."""
    return np.int64(
        SECURE - (SECURE - AS_TENANT) * (tenure == RENTED) - (SECURE - IN_RENTAL) * (tenure == PUBLIC)
        - (SECURE - IN_DORM) * (tenure == DORM)
    )


@kernel
def count_people(
    start, stop, found, out, ends, month, due, household, birth, place, usual, since, hukou, activity, job_since,
    flags, sector, job_market, wage, here, home, packed, intensive, counted, unit, urban, frozen,
):
    """Add people to counts, see `room`; write those whose place is not the usual one to `found`; returns how many.

    Services count people where they live, indicators where they usually do: cells by unit hold the difference, but for
    those whose usual place will change this month, since they came in month `due` or before. A cell is persons, in the
    upper half what their tenures sum up to, and yuan. here, home: see `describe_places`; packed: see
    `count_households`; intensive: int64[256], 1 for labour-intensive industries; counted: COUNTED.
    """
    state, pay = np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int32)
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    cells, by_unit, away = out[: ends[0]], out[ends[0] : ends[1]], out[ends[1] : ends[2]]
    by_frozen, heads, paid = out[ends[2] : ends[3]], out[ends[3] : ends[4]], out[ends[4] : ends[5]]
    k = 0
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        _states(state, pay, month, household[a:b], birth[a:b], activity[a:b], job_since[a:b], flags[a:b], wage[a:b])
        _add_people(cells, away, heads, household[a:b], place[a:b], hukou[a:b], state, here, home, packed, counted)
        _add_pay(paid, pay, sector[a:b], job_market[a:b], intensive)
        _elsewhere(hit, place[a:b], usual[a:b])
        more = rows_hit(hit, hits, a, b - a, found, k)
        for r in range(k, more):
            i = np.int64(found[r])
            if household[i] >= 0 and since[i] > due:
                persons = 1 + (_secure(place[i], packed[household[i]]) << 32)
                yuan, doing, u = packed[household[i]] >> 32, np.int64(state[i - a]), np.int64(home[hukou[i]])
                for sign, p in ((-1, place[i]), (1, usual[i])):
                    there = unit[p] if unit[p] >= 0 else by_frozen.size - 1
                    same = np.int64(there == u >> UNIT_BITS)
                    sort = 4 * np.int64(urban[p] != 0) + 2 * same + (u >> CODED_BIT & 1)
                    cell = 2 * (there * KINDS + sort * STATES + doing)
                    by_unit[cell] += sign * persons
                    by_unit[cell + 1] += sign * yuan
                    away[u >> CODED_BIT] += sign * (1 - same)
                    by_frozen[there] += sign * np.int64(frozen[p] != 0)
        k = more
    return k


@within
def _secure(place, packed):
    """How secure the tenure is of somebody at `place`, of a household noted as `packed`."""
    return packed >> 8 * np.int64(np.int64(place) != (packed >> 16 & 0xFFFF)) & 0xFF


@bare
def _states(state, pay, month, household, birth, activity, job_since, flags, wage):
    """State of people (see STATES); and pay, 0 without a job."""
    for j in range(birth.size):
        months = np.int16(month - birth[j])
        adult, old = np.uint8(months >= 180), np.uint8(months >= 720)
        old += old * np.uint8((flags[j] & CARE_NEED) != 0)
        stable = np.uint8((flags[j] & CONTRACT) != 0) | np.uint8(month - job_since[j] >= STABLE_MONTHS)
        work = np.uint8(activity[j] == EMPLOYED) * (np.uint8(1) + np.uint8(flags[j] & INSURED) + np.uint8(2) * stable)
        young = np.uint8(months >= 36) + np.uint8(months >= 72) + adult
        found = np.uint8(young + adult * (np.uint8(WORKS) * old + work))
        state[j] = found if household[j] >= 0 else np.uint8(GONE)
    for j in range(birth.size):
        pay[j] = wage[j] if (activity[j] == EMPLOYED) & (household[j] >= 0) else 0


@bare
def _add_people(cells, away, heads, household, place, hukou, state, here, home, packed, counted):
    for j in range(household.size):
        p, doing = np.uint64(place[j]), np.uint64(state[j])
        lives, kept, known = here[p], home[np.uint64(hukou[j])], packed[np.uint64(max(household[j], 0))]
        same = np.uint32((lives ^ kept) >> np.uint32(UNIT_BITS) == np.uint32(0))
        sort = (lives & np.uint32(0xFFFF)) + (kept & np.uint32(0xFFFF)) + same * np.uint32(HOMES // 2 * STATES)
        cell = np.uint64(2) * (np.uint64(sort) + doing)
        cells[cell] += 1 | _secure(place[j], known) << 32
        cells[cell + np.uint64(1)] += known >> 32
        heads[p] += counted[doing]
        away[np.uint64(kept >> np.uint32(CODED_BIT))] += counted[doing] & np.int64(np.uint32(1) - same)


@bare
def _add_pay(paid, pay, sector, job_market, intensive):
    # Neighbours add to different cells: adding to what has just been written takes time.
    for j in range(sector.size):
        cell = np.uint64(2) * np.uint64(job_market[j]) + np.uint64(intensive[sector[j]])
        paid[cell + np.uint64(2 * CODES) * np.uint64(j & 1)] += pay[j]


@bare
def _elsewhere(hit, place, usual):
    for j in range(place.size):
        hit[j] = place[j] != usual[j]


@kernel
def sum_up(
    out, ends, zone_of, unit, frozen, market_unit, market_kind, users, heads, groups, registered, resident, pay
):
    """Fill `Counts` (arrays of zeros) from what `count_people` added up; `out` is spoilt."""
    n_units = registered.shape[0]
    by_unit, away, by_frozen = out[ends[0] : ends[1]], out[ends[1] : ends[2]], out[ends[2] : ends[3]]
    by_place, paid = out[ends[3] : ends[4]], out[ends[4] : ends[5]]
    for z in range(zone_of.size):
        if zone_of[z] >= 0:
            m = z // 2
            u = market_unit[m] if market_unit[m] >= 0 else n_units
            first = 2 * zone_of[z] * CELLS
            _sum_zone(
                out[first : first + 2 * CELLS], by_unit[2 * (2 * u + z % 2) * 4 * STATES :],
                market_kind[m] == IS_VILLAGE, users[:, :, m],
            )
    for u in range(n_units):
        for c in range(KINDS):
            _add_group(by_unit, u, c, groups[u], registered[u], resident[:, u])
        registered[u, 0] += away[2 * u] + away[2 * u + 1]
        registered[u, 1] += away[2 * u + 1]
        resident[2, u] += by_frozen[u]
        for m in range(3 * u, 3 * u + 3):
            intensive = paid[2 * m + 1] + paid[2 * (m + CODES) + 1]
            pay[0, u] += paid[2 * m] + paid[2 * (m + CODES)] + intensive
            pay[1, u] += intensive
    for p in range(heads.shape[1]):
        heads[0, p], heads[1, p] = by_place[p] & 0xFFFF_FFFF, by_place[p] >> 32
        if unit[p] >= 0 and frozen[p]:
            resident[2, unit[p]] += heads[0, p]


@bare
def _sum_zone(cells, by_unit, village, users):
    """Add one zone to users, int64[6, 3], and to the cells of its unit, in their order of registration and state."""
    for home in range(HOMES):
        same, rural, coded = home >> 2, (home >> 1) & 1, home & 1
        near = ELSEWHERE if same == 0 else OWN_COUNTY if rural and not village else LOCAL_USER
        for state in range(GONE):
            cell, to = 2 * (home * STATES + state), 2 * ((2 * same + coded) * STATES + state)
            number = cells[cell] & 0xFFFF_FFFF
            if number:
                group = state if state < ADULTS else ADULTS + (state - ADULTS) // WORKS
                users[group, near] += number
                if group == IN_CARE:
                    users[OLD, near] += number
                by_unit[to] += cells[cell]
                by_unit[to + 1] += cells[cell + 1]


@bare
def _add_group(by_unit, u, c, groups, registered, resident):
    """Add cell c of unit u to the fields of its group."""
    cell = by_unit[2 * (u * KINDS + c)]
    if cell == 0:
        return
    number, secure = cell & 0xFFFF_FFFF, cell >> 32
    state, coded, same, urban = c % STATES, c // STATES & 1, c // (2 * STATES) & 1, c // (4 * STATES)
    work = (state - ADULTS) % WORKS if state >= ADULTS else 0
    row = groups[RURAL if urban == 0 else LOCAL if same and coded else NEWCOMER]
    row[PERSONS] += number
    row[SAME_COUNTY] += same * number
    row[SECURITY] += secure
    row[INCOME] += by_unit[2 * (u * KINDS + c) + 1]
    row[ADULT] += number * (state >= ADULTS)
    row[AT_WORK] += number * (work > 0)
    row[WITH_INSURANCE] += number * (work == 2 or work == 4)
    row[STABLE] += number * (work > 2)
    resident[0] += number
    resident[1] += number * urban
    registered[0] += number * same
    registered[1] += number * (same & coded)
