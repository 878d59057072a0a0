"""Firms that open, grow up and close: programmes, free entry, floor space, displacement (E14)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import firms
from model.kernels.rng import Stream
from model.kernels.screen import screen_key
from model.kernels.segments import uniforms
from model.spec.codes import Kind, Sector
from model.state.firms import FREE_ENTRY, MEAN_POSTS, Firms, Size

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World

FIRM: Final = Stream.FIRM
SLOT_PARK, SLOT_RETURNEE, SLOT_CAPITAL, SLOT_START_YOUNG = 10, 11, 12, 13
YEAR: Final = 12.0
MILLION: Final = 1e6
YOUNG_MONTHS: Final = 36.0

def _posts(*where: tuple[int, Sector, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Market of the unit int64[k], industry int64[k], share float64[k]."""
    market, sector, share = zip(*where)
    return np.array(market, np.int64), np.array(sector, np.int64), np.array(share)


PARK_POSTS: Final = _posts((1, Sector.MANUFACTURING, 0.2), (2, Sector.MANUFACTURING, 0.8))
RETURNEE_POSTS: Final = _posts(
    (0, Sector.MANUFACTURING, 0.2), (0, Sector.TRADE, 0.2), (1, Sector.TRADE, 0.2), (1, Sector.RESIDENT_SERVICES, 0.1),
    (2, Sector.CATERING, 0.15), (2, Sector.MANUFACTURING, 0.15),
)
CAPITAL_POSTS: Final = _posts((0, Sector.MANUFACTURING, 0.4), (0, Sector.TRADE, 0.3), (0, Sector.BUSINESS, 0.3))
"""Where programmes put posts: market of the unit (0 rural, 1 town, 2 county town), industry, share (assumed)."""


_COLUMNS: Final = attrgetter(*firms.Cells._fields)


def cells_of(table: Firms) -> firms.Cells:
    """The columns of firms that kernels read and write."""
    cells = firms.Cells(*_COLUMNS(table))
    return cells if cells.uid.size == table.n else firms.Cells(*(column[: table.n] for column in cells))


def exits(p: Params) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Monthly chances at the start: closing when young float64[2] by size class and when old, then the share of
    young firms and the share that closes, float64[2], such that as many open as close."""
    old = 1.0 - (1.0 - p.exit_old_year) ** (1.0 / YEAR)
    young = [1.0 - x ** (1.0 / YOUNG_MONTHS) for x in (p.returnee_survival3, p.survival3_established)]
    share = [old / (old + (1.0 - x) / YOUNG_MONTHS) for x in young]
    closing = [part * x + (1.0 - part) * old for part, x in zip(share, young)]
    return np.array(young), old, np.array(share), np.array(closing)


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
    a["floor_start"] = np.maximum(firms.floor_need(cells_of(table), world.n_units), size.min()) / p.park_occupancy
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
    firms.displace(cells_of(table), p.park_displacement * max(posts, -float(np.maximum(-parks, 0.0).sum())))
    each = p.returnee_jobs * world.scale
    bring(world, table, month, SLOT_RETURNEE, RETURNEE_POSTS, Size.SMALL, channels.returnee_firms_flow * each, each)
    capital = channels.rural_capital_flow_yuan / MILLION * p.rural_capital_jobs_per_million * world.scale
    bring(world, table, month, SLOT_CAPITAL, CAPITAL_POSTS, Size.SMALL, capital, 0.0)
    channels_floor = channels.floorspace_flow_m2 * p.park_realisation
    world.accounts["park_floor_m2"] = world.accounts["park_floor_m2"] + channels_floor


def bring(
    world: World, table: Firms, month: int, slot: int, where: tuple[np.ndarray, np.ndarray, np.ndarray], size: int,
    posts: np.ndarray, each: float,
) -> float:
    """Open whole firms for `posts` (float64[U]) in the cells of `where`; each: posts of one, 0 for the cell's mean.

    Returns the posts that opened.
    """
    if not posts.any():
        return 0.0
    return float(firms.bring(cells_of(table), *where, int(size), posts, each, world.seed, month, slot))


# ---- what makes entry easier


def cluster_share(world: World) -> np.ndarray:
    """Part of each cell that lies in a specialised town or a linked zone, float64[n]."""
    channels = world.channels
    return np.asarray(firms.cluster_share(
        world.firms.n, channels.cluster_towns, world.accounts["n_towns"], channels.linked_zones
    ))


def floor_room(world: World, built: np.ndarray) -> np.ndarray:
    """Founders of works who find room, over the start, float64[U]; built: floor space for so many posts, float64[U]."""
    need = firms.floor_need(cells_of(world.firms), world.n_units)
    return np.asarray(firms.floor_room(need, world.accounts["floor_start"] + built, world.p.park_occupancy))


# ---- the month


def open_and_close(world: World, table: Firms, month: int, demand: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Open and close whole firms, and return the posts that firms want in the long run, L* float64[n].

    With K = firms * posts of a firm, r = demand / K: entries are Poisson with mean e0 * firms * r^entry_demand_elast *
    ease, closures binomial with chances h_young, h_old * r^-exit_demand_elast, e0 such that both balance at the start.
    L* = K * r^incumbent_share; where entry is licensed L* is the demand. Entrants open with the posts of a firm,
    a closing firm takes its posts along at once. Of entries due to relief in manufacturing, `park_displacement` move
    their sales from works elsewhere.
    """
    p, a, channels = world.p, world.accounts, world.channels
    built = a["park_floor_m2"] / p.floor_m2_post * world.scale
    a["closing_share"] = np.empty(table.n)
    cells = cells_of(table)
    need, occupied = firms.floor_need(cells, world.n_units), p.park_occupancy
    wanted, turned = firms.open_and_close(
        cells, np.uint64(screen_key(world.seed, Stream.TURNOVER, month)), demand, cluster,
        channels.entry_cost_cut, p.lease_cost_share * (channels.industrial_lease_share - a["lease_start"]),
        firms.floor_room(need, a["floor_start"], occupied), firms.floor_room(need, a["floor_start"] + built, occupied),
        entry(p), a["closing_share"],
    )
    world.count("firms_opened", turned[0])
    world.count("firms_closed", turned[1])
    return np.asarray(wanted)


def entry(p: Params) -> firms.Entry:
    """What opens and closes firms."""
    young, old, _, base = exits(p)
    return firms.Entry(
        base, young, old, 1.0 / YOUNG_MONTHS, p.entry_demand_elast, p.exit_demand_elast, p.entry_cost_elast,
        p.marginal_exit, p.incumbent_share, p.park_displacement, p.cluster_cost_cut, p.park_occupancy,
    )
