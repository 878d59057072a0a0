"""One pass over households: who lives in what, and the few rows that each step of the housing phase needs."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import Stream, uniform
from model.kernels.screen import screen_key, screen_unit
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure

APART: Final = int(Flag.APART)
OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
PUBLIC, DORMITORY = int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
WORKER, COUPLE = int(Config.WORKER_AWAY), int(Config.COUPLE_AWAY)
VILLAGE, LEASED = int(Kind.VILLAGE), int(Homestead.LEASED)
LEASE_END, WEDDING = int(Event.LEASE_END), int(Event.WEDDING)
LEASE_MONTHS: Final = 12
S_RESALE: Final = Stream.RESALE
KEPT: Final = 65_535
"""Stands for the month in draws of a trait that is kept."""

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
    """Rows of households that live in something, ascending int64 each."""

    tenants: np.ndarray  # who rent a dwelling in the prefecture
    public_tenants: np.ndarray  # who rent an affordable one
    owners: np.ndarray  # who live in a town home of their own
    absent: np.ndarray  # who own a town home in the prefecture in which none of them lives
    weddings: np.ndarray  # with a wedding this month
    leased_plots: np.ndarray  # whose village plot is let


@kernel
def sort_homes(start, stop, found, sizes, out, month, n_markets, t, market, unit, kind):
    """Count dwellings by market and sort households into lists; ends of leases raise LEASE_END.

    found: int64[6, H], each list from column `start` on; sizes: int64[6]; out: int64[M + U + 1, 4], by market OCCUPIED
    to BEDS and below, by unit, income and members of households in towns; last, those elsewhere. People in dormitories
    and collective households take beds, not dwellings. t: Homes.
    """
    _count(
        start, out, t.size[start:stop], t.split_place[start:stop], t.place[start:stop], t.tenure[start:stop],
        t.split_tenure[start:stop], t.config[start:stop], t.collective[start:stop], t.income[start:stop], t.head,
        t.next, t.flags, market, unit, kind, n_markets,
    )
    _sort(
        start, found[:, start:stop], sizes, t.size[start:stop], t.place[start:stop], t.split_place[start:stop],
        t.tenure[start:stop], t.collective[start:stop], t.owns[start:stop], t.events[start:stop],
        t.homestead[start:stop], unit,
    )
    _end_leases(found[TENANTS, start : start + sizes[TENANTS]], month, t)


@kernel
def _count(
    start, out, size, split_place, place, tenure, split_tenure, config, collective, income, head, nxt, flags, market,
    unit, kind, n_markets,
):
    for h in range(size.size):
        members, here, rents = np.int64(size[h]), np.uint64(place[h]), tenure[h] == RENTED
        u = np.int64(unit[here])
        town = (u >= 0) & (kind[here] != VILLAGE)
        row = np.uint64(n_markets + u if town else out.shape[0] - 1)
        out[row, 0] += income[h] if members > 0 else 0
        out[row, 1] += members
        if split_place[h] >= 0 and members > 0:
            apart = 0
            i = head[start + h]
            while i >= 0:
                apart += (flags[i] & APART) != 0
                i = nxt[i]
            there = split_place[h]
            room = in_room(split_tenure[h], config[h]) and unit[there] >= 0 and kind[there] != VILLAGE
            which = BEDS if split_tenure[h] == DORMITORY else LET if split_tenure[h] == PUBLIC else np.int64(room)
            out[market[there], which] += apart if which == BEDS else np.int64(apart > 0)
            members -= apart
        beds = (tenure[h] == DORMITORY) | (collective[h] != 0)
        alone = np.int64(rents & (size[h] == 1) & town)
        which = BEDS if beds else LET if tenure[h] == PUBLIC else alone
        out[np.uint64(market[here]), np.uint64(which)] += members if beds else np.int64(members > 0)


@kernel
def _sort(start, found, sizes, size, place, split_place, tenure, collective, owns, events, homestead, unit):
    """See `Sorted`. Every row is written where the next of its list would stand, and counted if it is one."""
    tenants, public, owners = found[TENANTS], found[PUBLIC_TENANTS], found[OWNERS]
    absent, weddings, leased = found[ABSENT], found[WEDDINGS], found[LEASED_PLOTS]
    a, b, c, d, e, f = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for h in range(size.size):
        row, lived, at, kept = start + h, size[h] > 0, owns[h], tenure[h]
        tenants[a], owners[b], absent[c] = row, row, row
        a += np.uint64(lived & (kept == RENTED) & (unit[np.uint64(place[h])] >= 0))
        there = at == place[h]
        b += np.uint64(lived & there & (kept == OWNED) & (collective[h] == 0))
        inside = (at >= 0) & (unit[np.uint64(max(at, 0))] >= 0)
        c += np.uint64(lived & inside & (not there) & (at != split_place[h]))
        if (kept == PUBLIC) | ((events[h] & WEDDING) != 0) | (homestead[h] == LEASED):
            public[d], weddings[e], leased[f] = row, row, row
            d += np.uint64(lived & (kept == PUBLIC))
            e += np.uint64(lived & ((events[h] & WEDDING) != 0))
            f += np.uint64(lived & (homestead[h] == LEASED))
    sizes[TENANTS], sizes[PUBLIC_TENANTS], sizes[OWNERS] = a, d, b
    sizes[ABSENT], sizes[WEDDINGS], sizes[LEASED_PLOTS] = c, e, f


@kernel
def _end_leases(rows, month, t):
    """Tenants of a main dwelling in which somebody lives are told when a year of the lease is over."""
    for r in range(rows.size):
        h = rows[r]
        lived = month - t.since[h]
        if t.collective[h] or lived <= 0 or lived % LEASE_MONTHS != 0:
            continue
        members = np.int64(t.size[h])
        if t.split_place[h] >= 0:
            i = t.head[h]
            while i >= 0:
                members -= (t.flags[i] & APART) != 0
                i = t.next[i]
        if members > 0:
            t.events_next[h] |= LEASE_END


@kernel
def in_room(tenure, config):
    """Whether members who live apart rent a simple room: workers and couples do, a child with a carer takes a flat."""
    return tenure == RENTED and config in (WORKER, COUPLE)


@kernel
def in_dormitories(start, stop, found, size, split_place, split_tenure, market, over):
    """Households of which somebody lives apart in a dormitory where beds are short; for `rows.find_rows`."""
    k = 0
    for h in range(start, stop):
        if split_tenure[h] == DORMITORY and size[h] > 0 and split_place[h] >= 0 and over[market[split_place[h]]] > 0:
            found[k] = h
            k += 1
    return k


@kernel
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


@kernel
def _before(a, b, draw, uid):
    return draw[a] < draw[b] or (draw[a] == draw[b] and uid[a] < uid[b])


@kernel
def _rise(room, k, r, draw, uid):
    while k > 0 and _before(room[(k - 1) // 2], r, draw, uid):
        room[k] = room[(k - 1) // 2]
        k = (k - 1) // 2
    room[k] = r


@kernel
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


@kernel
def draw_lots(seed, stream, month, rows, uid, group, number):
    """The number[g] rows of every group with the smallest draws: bool[k]. group: int64[k], -1 takes no part."""
    key = screen_key(seed, stream, month)
    draw, tie = np.empty(rows.size), np.empty(rows.size, np.uint64)
    for k in range(rows.size):
        tie[k] = uid[rows[k]]
        if group[k] >= 0 and number[group[k]] > 0:
            draw[k] = screen_unit(key, tie[k])
    return lowest(rows, group, draw, tie, number)


@kernel
def apply_for_public(rows, homes, market, unit, kind, limit):
    """Market at which each household may apply for an affordable rental, -1 if it may not: int64[k].

    It rents in a town, has an income a head within limit, float64[U], and no home there.
    """
    out = np.full(rows.size, -1, np.int64)
    tenure, collective, place, owns = homes.tenure, homes.collective, homes.place, homes.owns
    size, income = homes.size, homes.income
    for k in range(rows.size):
        h = rows[k]
        here = place[h]
        if tenure[h] == RENTED and not collective[h] and unit[here] >= 0 and kind[here] != VILLAGE:
            if owns[h] != here and income[h] / max(np.int64(size[h]), 1) <= limit[unit[here]]:
                out[k] = market[here]
    return out


@kernel
def leave_public(rows, month, homes, market, unit, kind, limit, used, occupied):
    """Tenants above the limit, or with a home there, leave for a flat when a lease of twelve months ends.

    Returns their rows.
    """
    out, k = np.empty(rows.size, np.int64), 0
    tenure, place, owns, size, income = homes.tenure, homes.place, homes.owns, homes.size, homes.income
    for r in range(rows.size):
        h = rows[r]
        here, lived = place[h], month - homes.since[h]
        if lived <= 0 or lived % LEASE_MONTHS != 0 or unit[here] < 0:
            continue
        if kind[here] != VILLAGE and owns[h] != here:
            if income[h] / max(np.int64(size[h]), 1) <= limit[unit[here]]:
                continue
        tenure[h] = RENTED
        used[market[here]] -= 1
        occupied[market[here]] += 1
        out[k] = h
        k += 1
    return out[:k]


@kernel
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


@kernel
def living_there(rows, tenure, homes, market, number):
    """Market of each household that has this tenure where homes are taken down, else -1: int64[k]."""
    out = np.full(rows.size, -1, np.int64)
    place, held, collective = homes.place, homes.tenure, homes.collective
    for k in range(rows.size):
        h = rows[k]
        m = market[place[h]]
        if number[m] > 0 and held[h] == tenure and not collective[h]:
            out[k] = m
    return out


@kernel
def pay_absent(rows, seed, month, let_share, sell_chance, gone_months, homes, uid, savings, unit, market, fen, owed):
    """Owners who let are paid `fen` of the market, int64[M]; returns rows of those who sell this month.

    owed: int64[U, U + 1] is added to, by unit of the home and unit where the owner lives, outside last.
    """
    out, k = np.empty(rows.size, np.int64), 0
    owns, place, since, key = homes.owns, homes.place, homes.since, screen_key(seed, S_RESALE, KEPT)
    for r in range(rows.size):
        h = rows[r]
        at, here = owns[h], unit[place[h]]
        if screen_unit(key, uid[h]) < let_share:
            savings[h] += fen[market[at]]
            owed[unit[at], here if here >= 0 else owed.shape[1] - 1] += fen[market[at]]
        if here != unit[at] and month - since[h] >= gone_months:
            if uniform(seed, S_RESALE, uid[h], month, 0) < sell_chance:
                out[k] = h
                k += 1
    return out[:k]


@kernel
def count_withheld(rows, seed, let_share, homes, uid, unit, market, out):
    """Homes of absent owners that are not let, by market, added to int64[M]; rows that are not absent are skipped."""
    owns, size, place, split_place, key = (
        homes.owns, homes.size, homes.place, homes.split_place, screen_key(seed, S_RESALE, KEPT),
    )
    for r in range(rows.size):
        h = rows[r]
        at = owns[h]
        if size[h] == 0 or at < 0 or unit[at] < 0 or place[h] == at or split_place[h] == at:
            continue
        if screen_unit(key, uid[h]) >= let_share:
            out[market[at]] += 1


@kernel
def try_to_buy(rows, place, owns, savings, debt, unit, market, resale, need):
    """Market where each household tries to buy at `place`, and that of a home it would sell: int64[k], -1 if none.

    It owns nothing there and has what it needs, int64[M] in fen, with what its old home brings, int64[M], after debt.
    """
    here, old = np.full(rows.size, -1, np.int64), np.full(rows.size, -1, np.int64)
    for k in range(rows.size):
        h, funds = rows[k], savings[rows[k]]
        if owns[h] >= 0 and owns[h] != place[k] and unit[owns[h]] >= 0:
            old[k] = market[owns[h]]
            funds += max(resale[old[k]] - debt[h], 0)
        if (old[k] >= 0 or owns[h] < 0) and unit[place[k]] >= 0 and funds >= need[market[place[k]]]:
            here[k] = market[place[k]]
    return here, old
