"""One pass over households: who lives in what, and the few rows that each step of the housing phase needs."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.lots import EVERY, draw_lots, near, widen
from model.kernels.rng import Stream
from model.kernels.rows import BLOCK
from model.kernels.screen import screen_key, screen_unit, screen_word
from model.kernels.trade import KEPT, S_LOTTERY, S_RESALE
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure

APART: Final = int(Flag.APART)
OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
PUBLIC, DORMITORY = int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
WORKER, COUPLE = int(Config.WORKER_AWAY), int(Config.COUPLE_AWAY)
VILLAGE, LEASED = int(Kind.VILLAGE), int(Homestead.LEASED)
LEASE_END, WEDDING = int(Event.LEASE_END), int(Event.WEDDING)
S_DEMOLITION: Final = Stream.DEMOLITION
LEASE_MONTHS: Final = 12
ONE: Final = np.uint64(1)

OCCUPIED, ROOMS, LET, BEDS, INCOME, MEMBERS, TENANCIES, OWN_HOMES = (np.uint64(k) for k in range(8))
"""Columns of what is counted by market: dwellings, rooms, affordable rentals, beds; income and members of households
whose main part lives there; households that `Sorted` has as tenants and as owners."""
COUNTS: Final = 8
TENANTS, PUBLIC_TENANTS, OWNERS, ABSENT, WEDDINGS, LEASED_PLOTS = range(6)
LISTS: Final = 6
MARKET, TOWN, INSIDE = 255, 256, 512
"""Bits of what `spots` says of a place."""


class Homes(NamedTuple):
    """Columns of households and, last, of people; see `model.spec.columns`.

    Kernels are handed a plain tuple and name its parts themselves: a named one takes the caller five times as long.
    """

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
    uid: np.ndarray
    next: np.ndarray
    flags: np.ndarray


def columns(world) -> tuple[np.ndarray, ...]:
    """`Homes` of the world, as a plain tuple."""
    homes, people = world.households, world.residents
    return (
        homes.size, homes.collective, homes.place, homes.split_place, homes.tenure, homes.split_tenure, homes.config,
        homes.owns, homes.homestead, homes.since, homes.income_yuan, homes.events, homes.events_next, homes.head,
        homes.uid, people.next, people.flags,
    )


class Sorted(NamedTuple):
    """Rows of households that live in something, ascending int64 each."""

    tenants: np.ndarray  # who rent a dwelling in the prefecture
    public_tenants: np.ndarray  # who rent an affordable one
    owners: np.ndarray  # who live in a home of their own, and whose draw is below `limit` of the market
    absent: np.ndarray  # who own a town home in the prefecture in which none of them lives
    weddings: np.ndarray  # with a wedding this month
    leased_plots: np.ndarray  # whose village plot is let
    limit: np.ndarray  # uint64[M]
    tenancies: np.ndarray  # int64[M], tenants by market


def spots_of(world) -> np.ndarray:
    """Market of every place, with the bits TOWN and INSIDE (of the prefecture): uint16[P]. No month changes them."""
    if "spots" not in world.kept:
        places, n = world.places, world.places.n
        inside = places.unit[:n] >= 0
        town = inside & (places.kind[:n] != VILLAGE)
        world.kept["spots"] = (places.market[:n] + town * TOWN + inside * INSIDE).astype(np.uint16)
    return world.kept["spots"]


@kernel
def sort_homes(start, stop, found, sizes, out, month, seed, limit, spot, columns):
    """Count dwellings by market and sort households into lists; ends of leases raise LEASE_END.

    found: int64[6, H], each list from column `start` on; sizes: int64[6]; out: int64[M, 8], see OCCUPIED. People in
    dormitories and collective households take beds, not dwellings. limit: draws of demolition up to uint64[M] make a
    household one of `Sorted.owners`. spot: uint16[P]; columns: `Homes`. A block at a time, so that what the first
    loop reads is near.
    """
    t, key, inside = Homes(*columns), screen_key(seed, S_DEMOLITION, max(month, 0)), np.int16(0)
    for p in range(spot.size):
        inside += (spot[p] & INSIDE) != 0  # places of the prefecture come first
    which, some = np.empty(BLOCK, np.uint8), np.empty((6, BLOCK), np.int32)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        _kinds(which, t.size[a:b], t.tenure[a:b], t.place[a:b], t.split_place[a:b], t.owns[a:b], t.collective[a:b],
               t.events[a:b], t.homestead[a:b], inside)
        _count(out, t.size[a:b], t.place[a:b], t.tenure[a:b], t.collective[a:b], t.income[a:b], spot)
        split, renting, owning, absent, rare = _divide(which, b - a, a, some)
        for k in range(split):
            _count_apart(some[0, k], out, spot, t)
        sizes[TENANTS] = _tenants(some[1, :renting], found[TENANTS, start:], sizes[TENANTS], out, month, spot, t)
        sizes[OWNERS] = _owners(some[2, :owning], found[OWNERS, start:], sizes[OWNERS], out, key, limit, spot, t)
        for k in range(absent):
            found[ABSENT, start + sizes[ABSENT] + k] = some[3, k]
        sizes[ABSENT] += absent
        for k in range(rare):
            _rare(some[4, k], found, start, sizes, t)


@bare
def _kinds(which, size, tenure, place, split_place, owns, collective, events, homestead, inside):
    """What else than a count is to be made of each household of a block: a bit each, in the order of `_divide`."""
    for h in range(size.size):
        here, at = place[h], owns[h]
        split, rents = split_place[h] >= 0, tenure[h] == RENTED
        owner = (tenure[h] == OWNED) & (at == here) & (collective[h] == 0)
        absent = (at >= 0) & (at < inside) & (at != here) & (at != split_place[h])
        rare = (tenure[h] == PUBLIC) | ((events[h] & WEDDING) != 0) | (homestead[h] == LEASED)
        bits = np.uint8(split) | np.uint8(rents) << 1 | np.uint8(owner) << 2 | np.uint8(absent) << 3
        which[h] = bits | np.uint8(rare) << 4 if size[h] > 0 else 0


@bare
def _count(out, size, place, tenure, collective, income, spot):
    """Count each household as if all its members lived in the main dwelling."""
    for h in range(size.size):
        members, at = np.int64(size[h]), np.int64(spot[np.uint64(place[h])])
        row, lived = np.uint64(at & MARKET), np.int64(members > 0)
        beds = (tenure[h] == DORMITORY) | (collective[h] != 0)
        alone = (tenure[h] == RENTED) & (members == 1) & ((at & TOWN) != 0)
        dwelling = LET if tenure[h] == PUBLIC else ROOMS if alone else OCCUPIED
        out[row, BEDS if beds else dwelling] += members if beds else lived
        out[row, INCOME] += income[h] * lived
        out[row, MEMBERS] += members


@bare
def _divide(which, n, first, some):
    """Rows of a block by the bits of `_kinds`, written to the front of each of some, int32[6, BLOCK]; how many.

    The last holds those with any bit: half of all.
    """
    split, renting, owning, absent, rare, offset = some[0], some[1], some[2], some[3], some[4], some[5]
    a, b, c, d, e = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for j in range(n):
        offset[a] = j
        a += np.uint64(which[j] != 0)
    any_bit = np.int64(a)
    a = np.uint64(0)
    for k in range(any_bit):
        j = np.uint64(offset[k])
        row, bits = first + np.int64(j), np.uint64(which[j])
        split[a], renting[b], owning[c], absent[d], rare[e] = row, row, row, row, row
        a += bits & ONE
        b += (bits >> ONE) & ONE
        c += (bits >> np.uint64(2)) & ONE
        d += (bits >> np.uint64(3)) & ONE
        e += bits >> np.uint64(4)
    return np.int64(a), np.int64(b), np.int64(c), np.int64(d), np.int64(e)


@bare
def _count_apart(h, out, spot, t):
    """Take those who live apart out of the main dwelling, and count theirs."""
    apart = living_apart(h, t)
    main = np.uint64(spot[np.uint64(t.place[h])] & MARKET)
    if t.tenure[h] == DORMITORY or t.collective[h]:
        out[main, BEDS] -= apart
    elif apart == t.size[h]:
        alone = t.tenure[h] == RENTED and apart == 1 and spot[np.uint64(t.place[h])] & TOWN != 0
        out[main, LET if t.tenure[h] == PUBLIC else ROOMS if alone else OCCUPIED] -= 1
    if apart > 0:
        at, tenure = spot[np.uint64(t.split_place[h])], t.split_tenure[h]
        if tenure == DORMITORY:
            out[np.uint64(at & MARKET), BEDS] += apart
        else:
            room = in_room(tenure, t.config[h]) and at & TOWN != 0
            out[np.uint64(at & MARKET), LET if tenure == PUBLIC else ROOMS if room else OCCUPIED] += 1


@bare
def living_apart(h, t):
    """Members who live apart."""
    apart = np.int64(0)
    i = t.head[h]
    while i >= 0:
        apart += (t.flags[i] & APART) != 0
        i = t.next[i]
    return apart


@bare
def _tenants(rows, found, k, out, month, spot, t):
    """Those of the prefecture to `found` from k on; one whose main dwelling is lived in is told when a year is over."""
    for r in range(rows.size):
        h = rows[r]
        at = spot[np.uint64(t.place[h])]
        if at & INSIDE == 0:
            continue
        found[k] = h
        k += 1
        out[np.uint64(at & MARKET), TENANCIES] += 1
        lived = np.int64(month) - t.since[h]
        if lived > 0 and lived % LEASE_MONTHS == 0 and not t.collective[h]:
            if t.split_place[h] < 0 or t.size[h] > living_apart(h, t):
                t.events_next[h] |= LEASE_END
    return k


@bare
def _owners(rows, found, k, out, key, limit, spot, t):
    """Those whose draw is below the limit of the market to `found` from k on."""
    for r in range(rows.size):
        h = rows[r]
        m = np.uint64(spot[np.uint64(t.place[h])] & MARKET)
        out[m, OWN_HOMES] += 1
        found[k] = h
        k += screen_word(key, t.uid[h]) <= limit[m]
    return k


@bare
def _rare(h, found, start, sizes, t):
    if t.tenure[h] == PUBLIC:
        found[PUBLIC_TENANTS, start + sizes[PUBLIC_TENANTS]] = h
        sizes[PUBLIC_TENANTS] += 1
    if t.events[h] & WEDDING:
        found[WEDDINGS, start + sizes[WEDDINGS]] = h
        sizes[WEDDINGS] += 1
    if t.homestead[h] == LEASED:
        found[LEASED_PLOTS, start + sizes[LEASED_PLOTS]] = h
        sizes[LEASED_PLOTS] += 1


@bare
def share_out(out, occupied, rooms, let, beds, town_income, own_homes, tenancies):
    """What `sort_homes` has counted to where it is kept; income a head of towns, float64[U]."""
    for m in range(rooms.size):
        occupied[m], rooms[m], let[m], beds[m] = out[m, OCCUPIED], out[m, ROOMS], out[m, LET], out[m, BEDS]
        own_homes[m], tenancies[m] = out[m, OWN_HOMES], out[m, TENANCIES]
    for u in range(town_income.size):
        income = out[3 * u + 1, INCOME] + out[3 * u + 2, INCOME]
        town_income[u] = income / max(out[3 * u + 1, MEMBERS] + out[3 * u + 2, MEMBERS], 1)


@bare
def beds_short(over, unit, used, beds):
    """Beds short in each market of the prefecture, int64[M]; whether any are."""
    some = False
    for m in range(over.size):
        over[m] = used[m] - beds[m] if unit[m] >= 0 else 0
        some |= over[m] > 0
    return some


@bare
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
def let_public(
    rows, seed, month, tenancies, columns, spot, unit, income, ratio, public, used, occupied, rooms, gives_up
):
    """Affordable rentals that are free go by lot among those who may apply: bool[k], who got one.

    They rent in a town, have an income a head within ratio * income, float64[U], and no home there. tenancies:
    int64[M], how many rent in each market, or empty. If gives_up, winners leave a flat, or a room if alone, to the
    market. Those whose draws are too large to win are not looked at.
    """
    t, won, n = Homes(*columns), np.zeros(rows.size, np.bool_), used.size
    free, limit, have, some = np.empty(n, np.int64), np.empty(n, np.uint64), np.empty(n, np.int64), False
    for m in range(n):
        free[m] = public[m] - used[m]
        some |= free[m] > 0
        # Half of those who rent in a town are taken to have an income within the limit.
        limit[m] = near(2 * free[m], tenancies[m]) if tenancies.size else EVERY
    if not some:
        return won
    key = screen_key(seed, S_LOTTERY, month)
    who, where, k, again = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64), 0, True
    while again:
        k = 0
        have[:] = 0
        for r in range(rows.size):
            h = rows[r]
            here = t.place[h]
            m = spot[here] & MARKET
            if screen_word(key, t.uid[h]) > limit[m] or free[m] <= 0 or not spot[here] & TOWN:
                continue
            if t.tenure[h] == RENTED and not t.collective[h] and t.owns[h] != here:
                if t.income[h] / max(np.int64(t.size[h]), 1) <= ratio * income[unit[here]]:
                    who[k], where[k] = r, m
                    have[m] += 1
                    k += 1
        again = widen(limit, have, free)
    lucky = draw_lots(seed, S_LOTTERY, month, rows[who[:k]], t.uid, where[:k], free)
    for j in range(k):
        if lucky[j]:
            h, m = rows[who[j]], where[j]
            won[who[j]] = True
            t.tenure[h] = PUBLIC
            used[m] += 1
            if gives_up and t.size[h] == 1:
                rooms[m] -= 1
            elif gives_up:
                occupied[m] -= 1
    return won


@kernel
def leave_public(rows, month, columns, market, unit, kind, income, ratio, used, occupied):
    """Tenants above ratio * income a head, float64[U], or with a home there, leave for a flat when a lease ends.

    Returns their rows.
    """
    homes = Homes(*columns)
    out, k = np.empty(rows.size, np.int64), 0
    tenure, place, owns, size, earned = homes.tenure, homes.place, homes.owns, homes.size, homes.income
    for r in range(rows.size):
        h = rows[r]
        here, lived = place[h], month - homes.since[h]
        if lived <= 0 or lived % LEASE_MONTHS != 0 or unit[here] < 0:
            continue
        if kind[here] != VILLAGE and owns[h] != here:
            if earned[h] / max(np.int64(size[h]), 1) <= ratio * income[unit[here]]:
                continue
        tenure[h] = RENTED
        used[market[here]] -= 1
        occupied[market[here]] += 1
        out[k] = h
        k += 1
    return out[:k]


@kernel
def chosen(rows, seed, stream, month, tenure, number, pool, columns, spot):
    """At most number[m] households of that tenure in each market, by lot out of `rows`: rows and markets.

    pool: int64[M], how many there are about, or empty: those whose draws are too large are not looked at.
    """
    t, n = Homes(*columns), number.size
    limit, have = np.empty(n, np.uint64), np.empty(n, np.int64)
    for m in range(n):
        limit[m] = near(number[m], pool[m]) if pool.size else EVERY
    key = screen_key(seed, stream, month)
    who, where, k, again = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64), 0, True
    while again:
        k = 0
        have[:] = 0
        for r in range(rows.size):
            h = rows[r]
            m = spot[t.place[h]] & MARKET
            if screen_word(key, t.uid[h]) <= limit[m] and number[m] > 0:
                if t.tenure[h] == tenure and not t.collective[h]:
                    who[k], where[k] = h, m
                    have[m] += 1
                    k += 1
        again = widen(limit, have, number)
    won, out = draw_lots(seed, stream, month, who[:k], t.uid, where[:k], number), 0
    for j in range(k):
        if won[j]:
            who[out], where[out] = who[j], where[j]
            out += 1
    return who[:out], where[:out]


@bare
def own_homes(start, stop, found, columns):
    """All households that live in a home of their own, for `rows.find_rows`: where `Sorted.owners` are too few."""
    t = Homes(*columns)
    k = 0
    for h in range(start, stop):
        found[k] = h
        k += t.size[h] > 0 and t.tenure[h] == OWNED and t.owns[h] == t.place[h] and not t.collective[h]
    return k


@kernel
def count_withheld(rows, seed, let_share, columns, unit, market, out):
    """Homes of absent owners that are not let, by market, added to int64[M]; rows that are not absent are skipped."""
    homes = Homes(*columns)
    owns, size, place, split_place, key = (
        homes.owns, homes.size, homes.place, homes.split_place, screen_key(seed, S_RESALE, KEPT),
    )
    for r in range(rows.size):
        h = rows[r]
        at = owns[h]
        if size[h] == 0 or at < 0 or unit[at] < 0 or place[h] == at or split_place[h] == at:
            continue
        if screen_unit(key, homes.uid[h]) >= let_share:
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
