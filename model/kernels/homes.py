"""One pass over households: who lives in what, and the few rows that each step of the housing phase needs."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.lots import widen
from model.kernels.rng import Stream
from model.kernels.rows import BLOCK
from model.kernels.screen import screen_key, screen_unit, screen_word
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure

APART: Final = int(Flag.APART)
OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
PUBLIC, DORMITORY = int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
WORKER, COUPLE = int(Config.WORKER_AWAY), int(Config.COUPLE_AWAY)
VILLAGE, LEASED = int(Kind.VILLAGE), int(Homestead.LEASED)
LEASE_END, WEDDING = int(Event.LEASE_END), int(Event.WEDDING)
LEASE_MONTHS: Final = 12
ONE: Final = np.uint64(1)
S_RESALE: Final = Stream.RESALE
KEPT: Final = 65_535
"""Stands for the month in draws of a trait that is kept."""

OCCUPIED, ROOMS, LET, BEDS, INCOME, MEMBERS, TENANCIES, OWN_HOMES = (np.uint64(k) for k in range(8))
"""Columns of what is counted by market: dwellings, rooms, affordable rentals, beds; income and members of households
whose main part lives there; households that `Sorted` has as tenants and as owners."""
COUNTS: Final = 8
TENANTS, PUBLIC_TENANTS, OWNERS, ABSENT, WEDDINGS, LEASED_PLOTS = range(6)
LISTS: Final = 6
MARKET, TOWN, INSIDE = 255, 256, 512
"""Bits of what `spots` says of a place."""


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
    uid: np.ndarray
    next: np.ndarray
    flags: np.ndarray


def columns(world) -> Homes:
    """The columns that kernels of the housing phase read."""
    homes, people = world.households, world.residents
    return Homes(
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
def sort_homes(start, stop, found, sizes, out, month, key, limit, spot, t):
    """Count dwellings by market and sort households into lists; ends of leases raise LEASE_END.

    found: int64[6, H], each list from column `start` on; sizes: int64[6]; out: int64[M, 8], see OCCUPIED. People in
    dormitories and collective households take beds, not dwellings. key, limit: draws below uint64[M] make a household
    one of `Sorted.owners`. spot: uint16[P]; t: Homes. A block at a time, so that what the first loop reads is near.
    """
    inside = np.int16(0)
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
def apply_for_public(rows, key, limit, number, homes, spot, unit, income_limit):
    """Who may apply for an affordable rental, as far down the lottery as there are homes, number[m] in each market.

    They rent in a town, have an income a head within income_limit, float64[U], and no home there. limit: uint64[M], a
    guess at the draw below which the winners are. Returns positions in `rows` and markets, int64[k] each.
    """
    who, where, have = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64), np.zeros(number.size, np.int64)
    k, again = 0, True
    while again:
        k = 0
        have[:] = 0
        for r in range(rows.size):
            h = rows[r]
            here = homes.place[h]
            m = spot[here] & MARKET
            if screen_word(key, homes.uid[h]) > limit[m] or number[m] <= 0 or not spot[here] & TOWN:
                continue
            if homes.tenure[h] == RENTED and not homes.collective[h] and homes.owns[h] != here:
                if homes.income[h] / max(np.int64(homes.size[h]), 1) <= income_limit[unit[here]]:
                    who[k], where[k] = r, m
                    have[m] += 1
                    k += 1
        again = widen(limit, have, number)
    return who[:k], where[:k]


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
def living_there(rows, tenure, key, limit, number, homes, spot):
    """Households that have this tenure where homes are taken down, as far down the lottery as number[m] needs.

    Arguments and what is returned as for `apply_for_public`.
    """
    who, where, have = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64), np.zeros(number.size, np.int64)
    k, again = 0, True
    while again:
        k = 0
        have[:] = 0
        for r in range(rows.size):
            h = rows[r]
            m = spot[homes.place[h]] & MARKET
            if screen_word(key, homes.uid[h]) > limit[m] or number[m] <= 0:
                continue
            if homes.tenure[h] == tenure and not homes.collective[h]:
                who[k], where[k] = r, m
                have[m] += 1
                k += 1
        again = widen(limit, have, number)
    return who[:k], where[:k]


@bare
def own_homes(start, stop, found, t):
    """All households that live in a home of their own, for `rows.find_rows`: where `Sorted.owners` are too few."""
    k = 0
    for h in range(start, stop):
        found[k] = h
        k += t.size[h] > 0 and t.tenure[h] == OWNED and t.owns[h] == t.place[h] and not t.collective[h]
    return k


@kernel
def pay_absent(rows, seed, month, let_share, sell_chance, gone_months, homes, savings, unit, market, fen, owed):
    """Owners who let are paid `fen` of the market, int64[M]; returns rows of those who sell this month,
    and of those who do not let.

    owed: int64[U, U + 1] is added to, by unit of the home and unit where the owner lives, outside last.
    """
    sell, k, empty, e = np.empty(rows.size, np.int64), 0, np.empty(rows.size, np.int64), 0
    owns, place, since, uid = homes.owns, homes.place, homes.since, homes.uid
    key, now = screen_key(seed, S_RESALE, KEPT), screen_key(seed, S_RESALE, month)
    for r in range(rows.size):
        h = rows[r]
        at, here = owns[h], unit[place[h]]
        if screen_unit(key, uid[h]) < let_share:
            savings[h] += fen[market[at]]
            owed[unit[at], here if here >= 0 else owed.shape[1] - 1] += fen[market[at]]
        else:
            empty[e] = h
            e += 1
        if screen_unit(now, uid[h]) < sell_chance and here != unit[at] and month - since[h] >= gone_months:
            sell[k] = h
            k += 1
    return sell[:k], empty[:e]


@kernel
def count_withheld(rows, seed, let_share, homes, unit, market, out):
    """Homes of absent owners that are not let, by market, added to int64[M]; rows that are not absent are skipped."""
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
