"""Where households' spending goes: own market, nearby towns, the core, outside (E14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np

from model.kernels.posting import Leaks, fill_routes, leaks, route_spending

if TYPE_CHECKING:
    from model.state.world import World

PARTS: Final = 1_000_000
"""Routes are whole millionths, so that fen are split without rounding drift."""
KEPT: Final = np.array([[0.45, 0.2, 0.35], [0.0, 0.7, 0.3], [0.0, 0.0, 1.0]])
"""Spending that stays in the county, by market of the buyer (rural, town, county town) and of the seller (assumed)."""


def leakage(world: World) -> np.ndarray:
    """Share of spending that leaves each unit, float64[U].

    leakage_share * (1 - retail_leak_cut * (1 - exp(-retail stock per resident / retail_scale_yuan)))
    + logistics_leakage * logistics_cut.
    """
    a, out = world.accounts, np.empty(world.n_units)
    leaks(_leaks(world), a["retail_stock_yuan"], a["residents_start"], world.channels.logistics_cut, out)
    return out


def _leaks(world: World) -> Leaks:
    p = world.p
    if "leaks" not in world.kept:
        world.kept["leaks"] = Leaks(
            p.leakage_share, p.retail_leak_cut, p.retail_scale_yuan, p.logistics_leakage, p.leakage_to_core
        )
    return cast(Leaks, world.kept["leaks"])


def routes(world: World) -> np.ndarray:
    """Millionths of spending at market m that reach sellers in local market k, int64[M, 3 U]; the rest leaves.

    The same array every month.
    """
    if "routes" not in world.kept:
        world.kept["routes"] = np.zeros((world.markets.n, 3 * world.n_units), np.int64)
    table = cast(np.ndarray, world.kept["routes"])
    fill_routes(leakage(world), _leaks(world).to_core, world.prefecture.core, KEPT, PARTS, table)
    return table


def route(spent_fen: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Fen that reach each local market: int64[H, 3 U] from int64[H, M] spent by H groups of buyers."""
    out = np.zeros((spent_fen.shape[0], table.shape[1]), np.int64)
    route_spending(spent_fen, table, PARTS, out)
    return out


def add_retail(world: World) -> None:
    """Add this month's retail investment to the stock, real yuan."""
    world.accounts["retail_stock_yuan"] = world.accounts["retail_stock_yuan"] + world.channels.retail_flow_yuan
