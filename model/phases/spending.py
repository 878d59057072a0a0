"""Where households' spending goes: own market, nearby towns, the core, outside (E14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

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
    p, a = world.p, world.accounts
    per_head = a["retail_stock_yuan"] / a["residents_start"]
    cut = p.retail_leak_cut * -np.expm1(-np.maximum(per_head, 0.0) / p.retail_scale_yuan)
    share = p.leakage_share * (1.0 - cut) + p.logistics_leakage * world.channels.logistics_cut
    return np.clip(share, 0.05, 0.95)


def routes(world: World) -> np.ndarray:
    """Millionths of spending at market m that reach sellers in local market k, int64[M, 3 U]; the rest leaves."""
    units, core = world.n_units, world.prefecture.core
    share = leakage(world)
    table = np.zeros((world.markets.n, 3 * units), np.int64)
    for u in range(units):
        block = slice(3 * u, 3 * u + 3)
        table[block, block] = np.floor(KEPT * (1.0 - share[u]) * PARTS)
        if u != core:
            table[block, 3 * core + 2] = int(share[u] * world.p.leakage_to_core * PARTS)
    return table


def route(spent_fen: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Fen that reach each local market: int64[H, 3 U] from int64[H, M] spent by H groups of buyers."""
    out = np.empty((spent_fen.shape[0], table.shape[1]), np.int64)
    for k in range(table.shape[1]):
        out[:, k] = (spent_fen * table[:, k][None, :] // PARTS).sum(axis=1)
    return out


def add_retail(world: World) -> None:
    """Add this month's retail investment to the stock, real yuan."""
    world.accounts["retail_stock_yuan"] = world.accounts["retail_stock_yuan"] + world.channels.retail_flow_yuan
