"""Firm kernels: whole firms that open and close in every market, industry and size class (E14)."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import float64, int64, njit

from model.kernels.jit import kernel
from model.kernels.rng import Stream, mix_uid, to_open, uniform_pair
from model.kernels.screen import screen_word
from model.spec.codes import N_SECTORS, Sector
from model.state.firms import FREE_ENTRY, N_SIZES, Size

FIRM: Final = Stream.FIRM
MANUFACTURING, TRADE, TRANSPORT = int(Sector.MANUFACTURING), int(Sector.TRADE), int(Sector.TRANSPORT)
ESTABLISHED: Final = int(Size.ESTABLISHED)
SLOT_ENTRY, SLOT_YOUNG, SLOT_OLD, SLOT_GROWN = 5, 6, 7, 8
NORMAL_FROM: Final = 200.0
"""Mean from which counts are drawn as rounded normal numbers."""
SECOND: Final = 100
"""Added to a slot for the second uniform of a pair."""
RATIO_LIMITS: Final = (1.0 / 3.0, 3.0)
"""Demand over capacity beyond which entry and closure react no more (assumed)."""
LEAST_COST: Final = 0.2
"""Least cost of entry over practice."""
CROWDING: Final = 4.0
"""Power with which full floor space turns founders away (assumed)."""


class Cells(NamedTuple):
    """Columns of model.state.firms, one row a cell of market, industry and size class."""

    uid: np.ndarray
    unit: np.ndarray
    market: np.ndarray
    sector: np.ndarray
    size: np.ndarray
    base_posts: np.ndarray
    young_posts: np.ndarray
    n_young: np.ndarray
    n_old: np.ndarray
    firm_posts: np.ndarray
    posts: np.ndarray
    jobs_wanted: np.ndarray
    jobs_filled: np.ndarray
    insured_share: np.ndarray
    dorm_beds: np.ndarray
    age: np.ndarray
    alive: np.ndarray
    productivity: np.ndarray


class Entry(NamedTuple):
    """What opens and closes firms, by size class float64[2] where named so; see `model.phases.entry`."""

    base: np.ndarray  # [2] entries per firm and month at the start
    exit_young: np.ndarray  # [2] chance that a young firm closes
    exit_old: float
    grown: float  # chance that a young firm passes its third year
    entry_elast: float
    exit_elast: float
    cost_elast: float
    marginal_exit: float
    incumbent: float  # part of pressure that firms meet themselves
    displacement: float  # of entries due to relief in manufacturing, from works elsewhere
    cluster_cut: float
    occupancy: float  # of floor space at the start


@njit(int64(int64, int64, int64, int64), cache=True)
def row_of(unit, offset, sector, size):
    """Row of a kind of firm in a kind of market of a unit (0 villages, 1 townships, 2 county town)."""
    return ((3 * unit + offset) * N_SECTORS + sector) * N_SIZES + size


@njit(int64(float64, float64, float64), cache=True)
def poisson_of(u, v, mean):
    """A Poisson count by inversion of u; for large means a rounded normal number from u and v."""
    if u <= 1.0 - mean:  # no more than exp(-mean): nobody, without an exponential
        return 0
    if mean > NORMAL_FROM:
        z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
        return max(0, math.floor(mean + math.sqrt(mean) * z + 0.5))
    k, term = 0, math.exp(-mean)
    total = term
    while u > total and (k < mean or term > 1e-18):
        k += 1
        term *= mean / k
        total += term
    return k


@njit(int64(float64, float64, int64, float64), cache=True)
def binomial_of(u, v, n, chance):
    """A binomial count by inversion of u; for large means a rounded normal number from u and v."""
    if n <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return n
    mean = n * chance
    if u <= 1.0 - mean:  # no more than (1 - chance)**n
        return 0
    if mean > NORMAL_FROM:
        z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
        return min(n, max(0, math.floor(mean + math.sqrt(mean * (1.0 - chance)) * z + 0.5)))
    odds = chance / (1.0 - chance)
    k, term = 0, math.exp(n * math.log1p(-chance))
    total = term
    while u > total and k < n:
        k += 1
        term *= (n - k + 1) / k * odds
        total += term
    return k


@kernel
def bring(cells, offset, sector, share, size, posts, each, seed, month, slot):
    """Open whole firms for `posts` (float64[U]) in cells of share[w]; each: posts of one, 0 for the cell's mean.

    Where posts are below zero they are missing from demand. Returns the posts that opened.
    """
    total = 0.0
    for w in range(offset.size):
        for u in range(posts.size):
            r, mine = row_of(u, offset[w], sector[w], size), share[w] * posts[u]
            firm = each if each > 0.0 else cells.firm_posts[r]
            if mine > 0.0 and firm > 0.0:
                a, b = uniform_pair(seed, FIRM, cells.uid[r], month, slot)
                number = poisson_of(a, b, mine / firm)
                cells.young_posts[r] += number * firm
                cells.n_young[r] += number
                total += number * firm
            cells.base_posts[r] = max(0.0, cells.base_posts[r] + min(mine, 0.0))
    return total


@kernel
def displace(cells, posts):
    """Take sales for so many posts from manufacturing across the prefecture, in proportion to what each firm has."""
    total = 0.0
    for k in range(cells.uid.size):
        if cells.sector[k] == MANUFACTURING:
            total += cells.base_posts[k]
    if total > 0.0 and posts > 0.0:
        for k in range(cells.uid.size):
            if cells.sector[k] == MANUFACTURING:
                cells.base_posts[k] *= max(0.0, 1.0 - posts / total)


@kernel
def cluster_share(n, towns, n_towns, zones):
    """Part of each cell that lies in a specialised town or a linked zone, float64[n].

    towns: float64[U], specialised ones of n_towns; zones: float64[U], part of works of the county town in linked zones.
    """
    out = np.zeros(n)
    for u in range(towns.size):
        in_towns = min(1.0, towns[u] / n_towns[u]) if n_towns[u] > 0.0 else 0.0
        for size in range(N_SIZES):
            for sector in (MANUFACTURING, TRADE, TRANSPORT):
                out[row_of(u, 1, sector, size)] = in_towns
            out[row_of(u, 2, MANUFACTURING, size)] = min(1.0, zones[u])
    return out


@kernel
def floor_need(cells, units):
    """Posts of established works in towns that need floor space in parks, float64[U]."""
    out = np.zeros(units)
    for u in range(units):
        for offset in range(1, 3):
            r = row_of(u, offset, MANUFACTURING, ESTABLISHED)
            out[u] += cells.base_posts[r] + cells.young_posts[r]
    return out


@kernel
def floor_room(need, floor, occupancy):
    """Founders of works who find room in `floor`, over the start, float64[U].

    (1 - occupied^4) / (1 - occupied at the start^4): full halls turn founders away, empty ones bring no one by
    themselves.
    """
    out = np.empty(need.size)
    for u in range(need.size):
        occupied = min(need[u] / floor[u], 1.0) if floor[u] > 0.0 else 0.0
        out[u] = (1.0 - occupied**CROWDING) / (1.0 - occupancy**CROWDING)
    return out


@kernel
def pressure(demand, firms, posts):
    """Demand over capacity of a cell within limits; the upper one where there is no firm."""
    capacity = firms * posts
    low, high = RATIO_LIMITS
    return min(max(demand / capacity, low), high) if capacity > 0.0 else high


@kernel
def turn(key, uid, young, old, entry, entry_plain, exit_young, exit_old, grown):
    """Firms of one cell that open, open due to relief, close young, close old and grow up this month.

    entry, entry_plain: mean entries with and without what makes entry easier; both counts come from one draw, so
    that relief adds firms and moves no others. exit_young, exit_old: chances of closing.
    """
    word = screen_word(key, uid)
    opened, extra, gone_young, gone_old, up = 0, 0, 0, 0, 0
    if entry > 0.0:
        u, v = to_open(mix_uid(word, SLOT_ENTRY)), to_open(mix_uid(word, SLOT_ENTRY + SECOND))
        opened = poisson_of(u, v, entry)
        if opened > 0 and entry_plain != entry:
            extra = max(0, opened - poisson_of(u, v, entry_plain))
    if young > 0:
        u, v = to_open(mix_uid(word, SLOT_YOUNG)), to_open(mix_uid(word, SLOT_YOUNG + SECOND))
        gone_young = binomial_of(u, v, young, exit_young)
        u, v = to_open(mix_uid(word, SLOT_GROWN)), to_open(mix_uid(word, SLOT_GROWN + SECOND))
        up = binomial_of(u, v, young - gone_young, grown)
    if old > 0 and exit_old > 0.0:
        u, v = to_open(mix_uid(word, SLOT_OLD)), to_open(mix_uid(word, SLOT_OLD + SECOND))
        gone_old = binomial_of(u, v, old, exit_old)
    return opened, extra, gone_young, gone_old, up


@kernel
def open_and_close(cells, key, demand, cluster, cut, lease, without, with_floor, q, closing_share):
    """The month of all cells, see `model.phases.entry.open_and_close`: posts wanted in the long run float64[n], and
    firms opened and closed by unit int64[2, U].

    cut: float64[U], entry cost saved by offices; lease: float64[U], by land terms of works; without, with_floor:
    float64[U], founders who find room without and with new floor space. q: Entry. Writes closing_share.
    """
    n, units = cells.uid.size, cut.size
    wanted, moved, turned = np.empty(n), np.zeros(n), np.zeros((2, units), np.int64)
    total, last_cost, last_ease = 0.0, 1.0, 1.0
    for k in range(n):
        u, size = cells.unit[k], cells.size[k]
        free, works = FREE_ENTRY[cells.sector[k]], cells.sector[k] == MANUFACTURING and size == ESTABLISHED
        young, old, firm = cells.n_young[k], cells.n_old[k], cells.firm_posts[k]
        before, closing_share[k], wanted[k] = young + old, 0.0, demand[k]
        if not free and young == 0:
            continue
        ratio = pressure(demand[k], before, firm)
        mean, eased, plain, exit_young, exit_old = 0.0, 1.0, 1.0, 0.0, 0.0
        if free:
            cost = max(1.0 - (cut[u] + (lease[u] if works else 0.0)) - q.cluster_cut * cluster[k], LEAST_COST)
            if cost != last_cost:
                last_cost, last_ease = cost, cost**-q.cost_elast
            eased = last_ease
            if works and cells.market[k] % 3 > 0:
                plain, eased = without[u], eased * with_floor[u]
            log_ratio = math.log(ratio)
            could = before * ratio if before > 0 else (demand[k] / firm if firm > 0.0 else 0.0)
            mean = q.base[size] * could * math.exp((q.entry_elast - 1.0) * log_ratio)
            weak = 1.0 + q.marginal_exit * max(0.0, 1.0 - (plain / eased if eased > 0.0 else 1.0))
            closing = math.exp(-q.exit_elast * log_ratio)
            exit_young, exit_old = min(1.0, q.exit_young[size] * weak * closing), min(1.0, q.exit_old * closing)
        opened, extra, gone_young, gone_old, up = turn(
            key, cells.uid[k], young, old, mean * eased, mean * plain, exit_young, exit_old, q.grown
        )
        _fail_and_settle(cells, k, gone_young, up)
        cells.n_young[k] += opened - gone_young - up
        cells.n_old[k] += up - gone_old
        closing_share[k] = (gone_young + gone_old) / before if before > 0 else 0.0
        cells.posts[k] *= 1.0 - closing_share[k]
        turned[0, u] += opened
        turned[1, u] += gone_young + gone_old
        if free:
            if opened > 0:
                cells.posts[k] += opened * firm * math.exp(q.incumbent * log_ratio)
            after = cells.n_young[k] + cells.n_old[k]
            if opened + gone_young + gone_old > 0 and after > 0:
                log_ratio = math.log(pressure(demand[k], after, firm))
            wanted[k] = after * firm * math.exp(q.incumbent * log_ratio) if after > 0 else 0.0
        if extra > 0 and cells.sector[k] == MANUFACTURING:
            moved[k] = q.displacement * extra * firm
            total += moved[k]
    if total > 0.0:
        displace(cells, total)
        for k in range(n):
            cells.base_posts[k] += moved[k]
    return wanted, turned


@kernel
def _fail_and_settle(cells, k, gone_young, grown):
    """Sales that programmes brought end with the young firms that fail, and stay with those that grow up."""
    young = cells.n_young[k]
    if young > 0 and cells.young_posts[k] > 0.0:
        cells.young_posts[k] *= 1.0 - gone_young / young
        left = young - gone_young
        settled = cells.young_posts[k] * (grown / left) if left > 0 else 0.0
        cells.young_posts[k] -= settled
        cells.base_posts[k] += settled
