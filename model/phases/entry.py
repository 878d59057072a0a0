"""Firms that open, grow up and close: programmes, free entry, floor space, displacement (E14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.firms import turn_over, whole_firms
from model.kernels.rng import Stream
from model.kernels.segments import share_of, uniforms
from model.spec.codes import N_SECTORS, Kind, Sector
from model.state.firms import FREE_ENTRY, MEAN_POSTS, N_SIZES, Firms, Size

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World

FIRM: Final = Stream.FIRM
SLOT_PARK, SLOT_RETURNEE, SLOT_CAPITAL, SLOT_START_YOUNG = 10, 11, 12, 13
YEAR: Final = 12.0
MILLION: Final = 1e6
YOUNG_MONTHS: Final = 36.0
RATIO_LIMITS: Final = (1.0 / 3.0, 3.0)
"""Demand over capacity beyond which entry and closure react no more (assumed)."""
LEAST_COST: Final = 0.2
"""Least cost of entry over practice."""
CROWDING: Final = 4.0
"""Power with which full floor space turns founders away (assumed)."""

PARK_POSTS: Final = ((1, Sector.MANUFACTURING, 0.2), (2, Sector.MANUFACTURING, 0.8))
RETURNEE_POSTS: Final = (
    (0, Sector.MANUFACTURING, 0.2), (0, Sector.TRADE, 0.2), (1, Sector.TRADE, 0.2), (1, Sector.RESIDENT_SERVICES, 0.1),
    (2, Sector.CATERING, 0.15), (2, Sector.MANUFACTURING, 0.15),
)
CAPITAL_POSTS: Final = ((0, Sector.MANUFACTURING, 0.4), (0, Sector.TRADE, 0.3), (0, Sector.BUSINESS, 0.3))
"""Where programmes put posts: market of the unit (0 rural, 1 town, 2 county town), industry, share (assumed)."""
CLUSTER_SECTORS: Final = (Sector.MANUFACTURING, Sector.TRADE, Sector.TRANSPORT)


def unit_rows(n_units: int, offset: int, sector: int, size: int) -> np.ndarray:
    """Rows of one kind of firm in one kind of market, one per unit."""
    return ((3 * np.arange(n_units) + offset) * N_SECTORS + int(sector)) * N_SIZES + int(size)


def exits(p: Params) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Monthly chances at the start: closing when young float64[2] by size class and when old, then the share of
    young firms and the share that closes, float64[2], such that as many open as close."""
    survival = np.array([p.returnee_survival3, p.survival3_established])
    young = 1.0 - survival ** (1.0 / YOUNG_MONTHS)
    old = 1.0 - (1.0 - p.exit_old_year) ** (1.0 / YEAR)
    share = old / (old + (1.0 - young) / YOUNG_MONTHS)
    return young, old, share, share * young + (1.0 - share) * old


def start_firms(world: World) -> None:
    """Whole firms of every cell at the start, from posts and mean sizes; accounts of entry."""
    table, a, p = world.firms, world.accounts, world.p
    n = table.n
    free = FREE_ENTRY[table.sector[:n]]
    size = MEAN_POSTS[table.sector[:n], table.size[:n]] * world.scale
    base = table.base_posts[:n]
    number = np.where(base > 0.0, np.maximum(1.0, np.floor(base / size + 0.5)), 0.0)
    table.firm_posts[:n] = np.where(number > 0.0, base / np.maximum(number, 1.0), size)
    _, _, young_share, closing = exits(p)
    point = uniforms(world.seed, FIRM, table.uid[:n], 0, SLOT_START_YOUNG)
    young = np.where(free, np.floor(number * young_share[table.size[:n]] + point), 0.0)
    table.n_young[:n] = np.minimum(young, number)
    table.n_old[:n] = number - table.n_young[:n]
    a["closing_start"] = np.where(free, closing[table.size[:n]], 0.0)
    a["closing_share"] = a["closing_start"].copy()
    towns = world.places.kind[: world.places.n] == Kind.TOWN
    a["n_towns"] = np.bincount(world.places.unit[: world.places.n][towns], minlength=world.n_units).astype(np.float64)
    a["floor_start"] = np.maximum(floor_need(world), size.min()) / p.park_occupancy
    a["park_floor_m2"] = np.zeros(world.n_units)
    a["lease_start"] = world.channels.industrial_lease_share.copy()
    a["leased_land_fen"] = np.zeros(world.n_units)
    a["tourism_draw_yuan"] = np.zeros(world.n_units)


# ---- programmes


def add_programmes(world: World, table: Firms, month: int) -> None:
    """Whole firms that programmes bring, with sales of their own; parks take a part from works elsewhere.

    Where a programme is cut below practice its posts are missing from demand.
    """
    p, channels = world.p, world.channels
    planned = channels.planned_jobs_flow + world.accounts["works_posts"]
    parks = planned * p.park_realisation * world.scale
    posts = bring(world, table, month, SLOT_PARK, PARK_POSTS, Size.ESTABLISHED, parks, 0.0)
    displace(table, p.park_displacement * max(posts, -float(np.maximum(-parks, 0.0).sum())))
    each = p.returnee_jobs * world.scale
    bring(world, table, month, SLOT_RETURNEE, RETURNEE_POSTS, Size.SMALL, channels.returnee_firms_flow * each, each)
    capital = channels.rural_capital_flow_yuan / MILLION * p.rural_capital_jobs_per_million * world.scale
    bring(world, table, month, SLOT_CAPITAL, CAPITAL_POSTS, Size.SMALL, capital, 0.0)
    channels_floor = channels.floorspace_flow_m2 * p.park_realisation
    world.accounts["park_floor_m2"] = world.accounts["park_floor_m2"] + channels_floor


def bring(
    world: World, table: Firms, month: int, slot: int, where: tuple[tuple[int, Sector, float], ...], size: int,
    posts: np.ndarray, each: float,
) -> float:
    """Open whole firms for `posts` (float64[U]) in the cells of `where`; each: posts of one, 0 for the cell's mean.

    Returns the posts that opened.
    """
    total = 0.0
    for offset, sector, share in where:
        rows = unit_rows(world.n_units, offset, sector, size)
        firm = np.full(rows.size, each) if each > 0.0 else table.firm_posts[rows]
        number = whole_firms(world.seed, month, table.uid[rows], slot, share_of(share * posts, firm))
        table.young_posts[rows] += number * firm
        table.n_young[rows] += number
        table.base_posts[rows] = np.maximum(0.0, table.base_posts[rows] + np.minimum(share * posts, 0.0))
        total += float((number * firm).sum())
    return total


def displace(table: Firms, posts: float) -> None:
    """Take sales for so many posts from manufacturing across the prefecture, in proportion to what each firm has."""
    rows = np.flatnonzero(table.sector[: table.n] == Sector.MANUFACTURING)
    total = float(table.base_posts[rows].sum())
    if total > 0.0 and posts > 0.0:
        table.base_posts[rows] *= max(0.0, 1.0 - posts / total)


# ---- what makes entry easier


def cluster_share(world: World) -> np.ndarray:
    """Part of each cell that lies in a specialised town or a linked zone, float64[n]."""
    table, channels, units = world.firms, world.channels, world.n_units
    out = np.zeros(table.n)
    towns = np.minimum(1.0, share_of(channels.cluster_towns, world.accounts["n_towns"]))
    zones = np.minimum(1.0, channels.linked_zones)
    for size in Size:
        for sector in CLUSTER_SECTORS:
            out[unit_rows(units, 1, sector, size)] = towns
        out[unit_rows(units, 2, Sector.MANUFACTURING, size)] = zones
    return out


def entry_cost(world: World, cluster: np.ndarray) -> np.ndarray:
    """Cost of starting a firm over practice by cell, float64[n]: offices, land terms, clusters."""
    p, table, channels = world.p, world.firms, world.channels
    n = table.n
    works = (table.sector[:n] == Sector.MANUFACTURING) & (table.size[:n] == Size.ESTABLISHED)
    lease = p.lease_cost_share * (channels.industrial_lease_share - world.accounts["lease_start"])
    cut = channels.entry_cost_cut[table.unit[:n]] + np.where(works, lease[table.unit[:n]], 0.0)
    return np.maximum(1.0 - cut - p.cluster_cost_cut * cluster, LEAST_COST)


def floor_need(world: World) -> np.ndarray:
    """Posts of established works in towns that need floor space in parks, float64[U]."""
    table, units = world.firms, world.n_units
    rows = [unit_rows(units, offset, Sector.MANUFACTURING, Size.ESTABLISHED) for offset in (1, 2)]
    return (table.base_posts[rows[0]] + table.young_posts[rows[0]]) + (
        table.base_posts[rows[1]] + table.young_posts[rows[1]]
    )


def floor_room(world: World, built: np.ndarray) -> np.ndarray:
    """Founders of works who find room, over the start, float64[U]; built: floor space for so many posts, float64[U].

    (1 - occupied^4) / (1 - occupied at the start^4): full halls turn founders away, empty ones bring no one by
    themselves.
    """
    occupied = np.minimum(share_of(floor_need(world), world.accounts["floor_start"] + built), 1.0)
    return (1.0 - occupied**CROWDING) / (1.0 - world.p.park_occupancy**CROWDING)


def entry_factors(world: World, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Entry over practice at the same demand by cell: with what channels ease, and without; float64[n] each."""
    p, table, units = world.p, world.firms, world.n_units
    eased = entry_cost(world, cluster) ** -p.entry_cost_elast
    plain = np.ones(table.n)
    built = world.accounts["park_floor_m2"] / p.floor_m2_post * world.scale
    without, with_floor = floor_room(world, np.zeros(units)), floor_room(world, built)
    for offset in (1, 2):
        rows = unit_rows(units, offset, Sector.MANUFACTURING, Size.ESTABLISHED)
        plain[rows], eased[rows] = without, eased[rows] * with_floor
    return eased, plain


# ---- the month


def open_and_close(world: World, table: Firms, month: int, demand: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Open and close whole firms, and return the posts that firms want in the long run, L* float64[n].

    With K = firms * posts of a firm, r = demand / K: entries are Poisson with mean e0 * firms * r^entry_demand_elast *
    ease, closures binomial with chances h_young, h_old * r^-exit_demand_elast, e0 such that both balance at the start.
    L* = K * r^incumbent_share; where entry is licensed L* is the demand. Entrants open with the posts of a firm,
    a closing firm takes its posts along at once. Of entries due to relief in manufacturing, `park_displacement` move
    their sales from works elsewhere.
    """
    p, a, n = world.p, world.accounts, table.n
    free = FREE_ENTRY[table.sector[:n]]
    before = table.n_young[:n] + table.n_old[:n]
    ratio = pressure(table, demand)
    young, old, _, base = exits(p)
    size = table.size[:n]
    eased, plain = entry_factors(world, cluster)
    could = np.where(before > 0, before * ratio, share_of(demand, table.firm_posts[:n]))
    mean = np.where(free, base[size] * could * ratio ** (p.entry_demand_elast - 1.0), 0.0)
    weak = 1.0 + p.marginal_exit * np.maximum(0.0, 1.0 - share_of(plain, eased, empty=1.0))
    closing = np.where(free, ratio**-p.exit_demand_elast, 0.0)
    opened, extra, gone_young, gone_old, grown = turn_over(
        world.seed, month, table.uid[:n], table.n_young[:n], table.n_old[:n], mean * eased, mean * plain,
        np.minimum(1.0, young[size] * weak * closing), np.minimum(1.0, old * closing), 1.0 / YOUNG_MONTHS,
    )
    fail_and_settle(table, gone_young, grown)
    table.n_young[:n] += opened - gone_young - grown
    table.n_old[:n] += grown - gone_old
    a["closing_share"] = share_of(gone_young + gone_old, before)
    per_firm = table.firm_posts[:n] * ratio**p.incumbent_share
    table.posts[:n] = table.posts[:n] * (1.0 - a["closing_share"]) + opened * np.where(free, per_firm, 0.0)
    relocate(table, p.park_displacement * extra * table.firm_posts[:n])
    after = table.n_young[:n] + table.n_old[:n]
    capacity = after * table.firm_posts[:n]
    share = np.where(free & (after > 0), pressure(table, demand) ** p.incumbent_share, 0.0)
    count_firms(world, opened, gone_young + gone_old)
    return np.where(free, capacity * share, demand)


def pressure(table: Firms, demand: np.ndarray) -> np.ndarray:
    """Demand over capacity by cell, float64[n], within limits; the upper one where there is no firm."""
    n = table.n
    capacity = (table.n_young[:n] + table.n_old[:n]) * table.firm_posts[:n]
    return np.clip(share_of(demand, capacity, empty=RATIO_LIMITS[1]), *RATIO_LIMITS)


def fail_and_settle(table: Firms, gone_young: np.ndarray, grown: np.ndarray) -> None:
    """Sales that programmes brought end with the young firms that fail, and stay with those that grow up."""
    n = table.n
    young = table.n_young[:n]
    table.young_posts[:n] *= 1.0 - share_of(gone_young, young)
    settled = table.young_posts[:n] * share_of(grown, young - gone_young)
    table.young_posts[:n] -= settled
    table.base_posts[:n] += settled


def relocate(table: Firms, posts: np.ndarray) -> None:
    """Works that move within the prefecture take their sales along; posts: float64[n] by cell of arrival."""
    moved = np.where(table.sector[: table.n] == Sector.MANUFACTURING, posts, 0.0)
    if moved.any():
        displace(table, float(moved.sum()))
        table.base_posts[: table.n] += moved


def count_firms(world: World, opened: np.ndarray, closed: np.ndarray) -> None:
    """Openings and closures of the month by unit."""
    unit = world.firms.unit[: world.firms.n]
    for key, number in (("firms_opened", opened), ("firms_closed", closed)):
        world.count(key, np.bincount(unit, weights=number, minlength=world.n_units).astype(np.int64))


def deferred_land(world: World, sales_fen: np.ndarray) -> np.ndarray:
    """Land revenue put off by leasing industrial land, less the rents of what was leased before, fen, float64[U]."""
    p, a = world.p, world.accounts
    more = world.channels.industrial_lease_share - a["lease_start"]
    put_off = sales_fen * p.industrial_land_share * more
    rents = a["leased_land_fen"] * p.land_lease_rate_year / YEAR
    a["leased_land_fen"] = a["leased_land_fen"] + put_off
    return put_off - rents
