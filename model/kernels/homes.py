"""One pass over households: who lives in what, and the few rows that each step of the housing phase needs."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure

APART: Final = int(Flag.APART)
OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
PUBLIC, DORMITORY = int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
WORKER, COUPLE = int(Config.WORKER_AWAY), int(Config.COUPLE_AWAY)
VILLAGE, LEASED = int(Kind.VILLAGE), int(Homestead.LEASED)
LEASE_END, WEDDING = int(Event.LEASE_END), int(Event.WEDDING)
LEASE_MONTHS: Final = 12
S_RESALE: Final = Stream.RESALE

OCCUPIED, ROOMS, LET, BEDS = range(4)
"""Columns of what is counted by market: dwellings, rooms, affordable rentals, beds."""
TENANTS, PUBLIC_TENANTS, OWNERS, ABSENT, WEDDINGS, LEASED_PLOTS = range(6)
LISTS: Final = 6


class Homes(NamedTuple):
    """Columns of households and, last, of people; see `model.spec.columns`."""

    size: np.ndarray
    collective: np.ndarray
    place: np.ndarray
    split_place: np.ndarray
    tenure: np.ndarray
    split_tenure: np.ndarray
    config: np.ndarray
    owns: np.ndarray
    homestead: np.ndarray
    since: np.ndarray
    income: np.ndarray
    events: np.ndarray
    events_next: np.ndarray
    head: np.ndarray
    next: np.ndarray
    flags: np.ndarray


def columns(world) -> Homes:
    """The columns that kernels of the housing phase read."""
    homes, people = world.households, world.residents
    return Homes(
        homes.size, homes.collective, homes.place, homes.split_place, homes.tenure, homes.split_tenure, homes.config,
        homes.owns, homes.homestead, homes.since, homes.income_yuan, homes.events, homes.events_next, homes.head,
        people.next, people.flags,
    )


class Sorted(NamedTuple):
    """Rows of households that live in something, ascending int32 each."""

    tenants: np.ndarray  # who rent a dwelling in the prefecture
    public_tenants: np.ndarray  # who rent an affordable one
    owners: np.ndarray  # who live in a town home of their own
    absent: np.ndarray  # who own a town home in the prefecture in which none of them lives
    weddings: np.ndarray  # with a wedding this month
    leased_plots: np.ndarray  # whose village plot is let


@njit(nogil=True, cache=True)
def sort_homes(start, stop, found, sizes, out, month, n_markets, homes, market, unit, kind):
    """Count dwellings by market and sort households into lists; ends of leases raise LEASE_END.

    found: int32[6, H], each list from column `start` on; sizes: int64[6]; out: int64[M + U, 4], by market OCCUPIED to
    BEDS and below, by unit, income and members of households in towns. People in dormitories and collective
    households take beds, not dwellings.
    """
    t = homes
    for h in range(np.uint64(start), np.uint64(stop)):
        size = np.int64(t.size[h])
        if size == 0:
            continue
        here, tenure, owns = np.uint64(t.place[h]), t.tenure[h], t.owns[h]
        u, town = unit[here], kind[here] != VILLAGE
        apart = 0
        if t.split_place[h] >= 0:
            apart = _apart(t, h)
            if apart > 0:
                _count_apart(out, t, h, apart, market, unit, kind)
        if size > apart:
            row = out[np.uint64(market[here])]
            if tenure == DORMITORY or t.collective[h]:
                row[BEDS] += size - apart
            elif tenure == PUBLIC:
                row[LET] += 1
            else:
                row[ROOMS if tenure == RENTED and size == 1 and u >= 0 and town else OCCUPIED] += 1
        if u >= 0 and town:
            out[np.uint64(n_markets + u), 0] += t.income[h]
            out[np.uint64(n_markets + u), 1] += size
        if tenure == RENTED and u >= 0:
            _note(found, sizes, TENANTS, start, h)
            lived = month - t.since[h]
            if size > apart and not t.collective[h] and lived > 0 and lived % LEASE_MONTHS == 0:
                t.events_next[h] |= LEASE_END
        elif tenure == PUBLIC:
            _note(found, sizes, PUBLIC_TENANTS, start, h)
        if owns >= 0:
            if owns == t.place[h]:
                if tenure == OWNED and not t.collective[h]:
                    _note(found, sizes, OWNERS, start, h)
            elif owns != t.split_place[h] and unit[np.uint64(owns)] >= 0:
                _note(found, sizes, ABSENT, start, h)
        if t.events[h] & WEDDING:
            _note(found, sizes, WEDDINGS, start, h)
        if t.homestead[h] == LEASED:
            _note(found, sizes, LEASED_PLOTS, start, h)


@njit(cache=True)
def _note(found, sizes, which, start, h):
    found[which, np.uint64(start + sizes[which])] = h
    sizes[which] += 1


@njit(cache=True)
def _apart(t, h):
    """Members who live apart."""
    out = 0
    i = t.head[h]
    while i >= 0:
        out += (t.flags[i] & APART) != 0
        i = t.next[i]
    return out


@njit(cache=True)
def _count_apart(out, t, h, apart, market, unit, kind):
    there = t.split_place[h]
    row = out[market[there]]
    if t.split_tenure[h] == DORMITORY:
        row[BEDS] += apart
    elif t.split_tenure[h] == PUBLIC:
        row[LET] += 1
    elif in_room(t.split_tenure[h], t.config[h]) and unit[there] >= 0 and kind[there] != VILLAGE:
        row[ROOMS] += 1
    else:
        row[OCCUPIED] += 1


@njit(cache=True)
def in_room(tenure, config):
    """Whether members who live apart rent a simple room: workers and couples do, a child with a carer takes a flat."""
    return tenure == RENTED and config in (WORKER, COUPLE)


@njit(cache=True)
def lowest(rows, group, draw, uid, number):
    """Mark the number[g] smallest draws of every group, ties by uid: bool[k].

    group: int64[k], below 0 for rows that take no part. Keeps a heap of the smallest so far for each group, the
    largest of them on top, so that nobody is sorted.
    """
    won = np.zeros(rows.size, np.bool_)
    first = np.zeros(number.size + 1, np.int64)
    for g in range(number.size):
        first[g + 1] = first[g] + min(max(number[g], 0), rows.size)
    heap, used = np.empty(first[number.size], np.int64), np.zeros(number.size, np.int64)
    for r in range(rows.size):
        g = group[r]
        if g < 0:
            continue
        room = heap[first[g] : first[g + 1]]
        if used[g] < room.size:
            _rise(room, used[g], r, draw, uid)
            used[g] += 1
        elif room.size > 0 and _before(r, room[0], draw, uid):
            _sink(room, r, draw, uid)
    for g in range(number.size):
        for k in range(first[g], first[g] + used[g]):
            won[heap[k]] = True
    return won


@njit(cache=True)
def _before(a, b, draw, uid):
    return draw[a] < draw[b] or (draw[a] == draw[b] and uid[a] < uid[b])


@njit(cache=True)
def _rise(room, k, r, draw, uid):
    while k > 0 and _before(room[(k - 1) // 2], r, draw, uid):
        room[k] = room[(k - 1) // 2]
        k = (k - 1) // 2
    room[k] = r


@njit(cache=True)
def _sink(room, r, draw, uid):
    k = 0
    while 2 * k + 1 < room.size:
        c = 2 * k + 1
        if c + 1 < room.size and _before(room[c], room[c + 1], draw, uid):
            c += 1
        if not _before(r, room[c], draw, uid):
            break
        room[k] = room[c]
        k = c
    room[k] = r


@njit(cache=True)
def draw_lots(seed, stream, month, rows, uid, group, number):
    """The number[g] rows of every group with the smallest uniforms: bool[k]. group: int64[k], -1 takes no part."""
    draw, tie = np.empty(rows.size), np.empty(rows.size, np.uint64)
    for k in range(rows.size):
        tie[k] = uid[rows[k]]
        if group[k] >= 0 and number[group[k]] > 0:
            draw[k] = uniform(seed, stream, tie[k], month, 0)
    return lowest(rows, group, draw, tie, number)


@njit(cache=True)
def apply_for_public(rows, homes, market, unit, kind, limit):
    """Market at which each household may apply for an affordable rental, -1 if it may not: int64[k].

    It rents in a town, has an income a head within limit, float64[U], and no home there.
    """
    out = np.full(rows.size, -1, np.int64)
    for k in range(rows.size):
        h = rows[k]
        if homes.tenure[h] == RENTED and not homes.collective[h] and fits(h, homes, unit, kind, limit):
            out[k] = market[homes.place[h]]
    return out


@njit(cache=True)
def fits(h, homes, unit, kind, limit):
    """Whether a household in a town has an income a head within the limit of its unit and no home there."""
    here = homes.place[h]
    if unit[here] < 0 or kind[here] == VILLAGE or homes.owns[h] == here:
        return False
    return homes.income[h] / max(np.int64(homes.size[h]), 1) <= limit[unit[here]]


@njit(cache=True)
def leave_public(rows, month, homes, market, unit, kind, limit, used, occupied):
    """Tenants above the limit leave for a flat when a lease of twelve months ends; returns their rows."""
    out, k = np.empty(rows.size, np.int32), 0
    for r in range(rows.size):
        h = rows[r]
        lived = month - homes.since[h]
        if lived <= 0 or lived % LEASE_MONTHS != 0 or unit[homes.place[h]] < 0 or fits(h, homes, unit, kind, limit):
            continue
        homes.tenure[h] = RENTED
        m = market[homes.place[h]]
        used[m] -= 1
        occupied[m] += 1
        out[k] = h
        k += 1
    return out[:k]


@njit(cache=True)
def move_into_public(rows, won, homes, market, used, occupied, rooms, gives_up):
    """Winners rent an affordable home; if gives_up, they leave a flat, or a room if alone, to the market."""
    for k in range(rows.size):
        if won[k]:
            h = rows[k]
            m = market[homes.place[h]]
            homes.tenure[h] = PUBLIC
            used[m] += 1
            if gives_up and homes.size[h] == 1:
                rooms[m] -= 1
            elif gives_up:
                occupied[m] -= 1


@njit(cache=True)
def living_there(rows, tenure, homes, market, number):
    """Market of each household that has this tenure where homes are taken down, else -1: int64[k]."""
    out = np.full(rows.size, -1, np.int64)
    for k in range(rows.size):
        h = rows[k]
        m = market[homes.place[h]]
        if number[m] > 0 and homes.tenure[h] == tenure and not homes.collective[h]:
            out[k] = m
    return out


@njit(cache=True)
def pay_absent(rows, seed, month, let_share, sell_chance, gone_months, homes, uid, savings, unit, market, fen, owed):
    """Owners who let are paid `fen` of the market, int64[M]; returns rows of those who sell this month.

    owed: int64[U, U + 1] is added to, by unit of the home and unit where the owner lives, outside last.
    """
    out, k = np.empty(rows.size, np.int64), 0
    for r in range(rows.size):
        h = rows[r]
        at, here = homes.owns[h], unit[homes.place[h]]
        if uniform(seed, S_RESALE, uid[h], 0, 1) < let_share:
            savings[h] += fen[market[at]]
            owed[unit[at], here if here >= 0 else owed.shape[1] - 1] += fen[market[at]]
        if here != unit[at] and month - homes.since[h] >= gone_months:
            if uniform(seed, S_RESALE, uid[h], month, 0) < sell_chance:
                out[k] = h
                k += 1
    return out[:k]


@njit(cache=True)
def count_withheld(rows, seed, let_share, homes, uid, unit, market, out):
    """Homes of absent owners that are not let, by market, added to int64[M]; rows that are not absent are skipped."""
    for r in range(rows.size):
        h = rows[r]
        at = homes.owns[h]
        if homes.size[h] == 0 or at < 0 or unit[at] < 0 or homes.place[h] == at or homes.split_place[h] == at:
            continue
        if uniform(seed, S_RESALE, uid[h], 0, 1) >= let_share:
            out[market[at]] += 1

