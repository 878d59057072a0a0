"""What counties owe: bonds and their test, the ceiling, platforms, private capital and assets sold (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.segments import share_of

if TYPE_CHECKING:
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12
PLATFORM_PREMIUM: Final = 0.02
"""Interest of platforms above the bond coupon (assumed)."""
BORROWING_MONTHS: Final = 12.0
"""Months over which platforms raise what their equity allows (assumed)."""
RENTAL_HOME_YUAN: Final = 180_000.0


def passing_share(world: World) -> np.ndarray:
    """Share of projects whose cash flow covers interest and part of principal, float64[U].

    Yields are spread evenly from zero to twice their mean, project_yield_year moved by sales of homes and shops.
    """
    p, a = world.p, world.accounts
    homes = share_of(a["home_sales_mean"], a["home_sales_start"], empty=1.0)
    shops = share_of(by_unit(a["local_sales_fen"]), by_unit(a["local_sales_start"]), empty=1.0)
    mean = p.project_yield_year * 0.5 * (homes + shops / a["price_level"][0])
    needed = p.bond_coupon + p.bond_principal_cover / p.bond_years
    return np.clip(1.0 - needed / (2.0 * np.maximum(mean, 1e-9)), 0.0, 1.0)


def by_unit(markets: np.ndarray) -> np.ndarray:
    """Sums over the three markets of each unit."""
    return markets.reshape(-1, 3).sum(axis=1)


def ceiling_room(world: World) -> np.ndarray:
    """Fen that may still be borrowed below the ceiling, float64[U]; negative above it.

    Resources = those of twelve months and platform_base_share of the equity of platforms.
    """
    a = world.accounts
    equity = world.p.platform_base_share * a["platform_equity_yuan"] * FEN * world.scale
    return world.channels.debt_ceiling * (a["resources_fen"] + equity) - a["debt_fen"]


def principal_due(world: World, debt_fen: np.ndarray) -> np.ndarray:
    """Principal to repay out of own money this month, int64[U] fen; bond_rolled_share of what is due is renewed."""
    p = world.p
    due = debt_fen / (YEAR * p.bond_years)
    return np.floor((1.0 - p.bond_rolled_share) * due).astype(np.int64)


def new_bonds(world: World, repaid: np.ndarray) -> np.ndarray:
    """Special bonds issued this month, within quota, cash-flow test and ceiling, int64[U] fen.

    At practice debt grows by bond_growth_year beside what was repaid, moved by the share of projects that pass; quota
    beyond practice is used by the share that passes.
    """
    a, p, c = world.accounts, world.p, world.channels
    passing = passing_share(world)
    practice = a["debt_fen"] * (p.bond_growth_year / YEAR) * share_of(passing, a["passing_start"], empty=1.0)
    quota = c.bond_flow_yuan * FEN * world.scale
    wanted = practice + repaid + np.where(quota > 0.0, quota * passing, quota)
    return np.floor(np.clip(np.minimum(wanted, ceiling_room(world)), 0.0, None)).astype(np.int64)


def platform_loans(world: World) -> np.ndarray:
    """Debt that platforms raise this month for works, int64[U] fen; part of what they owe falls on the county."""
    a, p = world.accounts, world.p
    equity = a["platform_equity_yuan"] + world.channels.platform_flow_yuan
    a["platform_equity_yuan"] = np.maximum(equity, 0.0)
    fallen = np.floor(a["platform_debt_fen"] * (p.platform_fallback_year / YEAR)).astype(np.int64)
    a["platform_debt_fen"] = a["platform_debt_fen"] - fallen
    a["debt_fen"] = a["debt_fen"] + fallen
    room = p.platform_leverage * a["platform_equity_yuan"] * FEN * world.scale - a["platform_debt_fen"]
    raised = np.floor(np.maximum(room, 0.0) / BORROWING_MONTHS).astype(np.int64)
    a["platform_debt_fen"] = a["platform_debt_fen"] + raised
    return raised


def platform_interest(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Interest of platforms earned by their projects, and left to the county: int64[U] fen each."""
    p = world.p
    whole = world.accounts["platform_debt_fen"] * ((p.bond_coupon + PLATFORM_PREMIUM) / YEAR)
    earned = np.floor(p.platform_cover * whole).astype(np.int64)
    return earned, np.floor(whole).astype(np.int64) - earned


def sold_assets(world: World) -> np.ndarray:
    """Proceeds of assets sold this month, int64[U] fen.

    Only what is finished, let or used, and earns: affordable rentals in use and recycling_asset_share of public works
    in their condition; nothing below recycling_least_yuan, nothing twice.
    """
    a, p, m, units = world.accounts, world.p, world.markets, world.n_units
    homes = by_unit(m.public_rental_used[: 3 * units]) / world.scale
    pool = homes * RENTAL_HOME_YUAN + p.recycling_asset_share * a["asset_yuan"] * a["asset_condition"]
    left = np.where(pool >= p.recycling_least_yuan, np.maximum(pool - a["recycled_yuan"], 0.0), 0.0)
    taken = np.clip(np.minimum(world.channels.recycling_flow_yuan, left), 0.0, None)
    a["recycled_yuan"] = a["recycled_yuan"] + taken
    return np.floor(taken * FEN * world.scale).astype(np.int64)


def owed_outside(world: World) -> np.ndarray:
    """Returns of private investors and rent of assets sold, which leave the county, int64[U] fen."""
    a, p = world.accounts, world.p
    yearly = p.private_return_year * np.maximum(a["private_yuan"], 0.0) + p.recycling_yield_year * a["recycled_yuan"]
    return np.floor(yearly / YEAR * FEN * world.scale).astype(np.int64)


def private_capital(world: World, planned: np.ndarray) -> np.ndarray:
    """Works that private investors pay beyond practice, int64[U] fen; negative where they withdraw.

    planned: float64[U] fen of works and new measures. They come for the share of projects that pass the test.
    """
    a = world.accounts
    more = (world.channels.private_share - a["private_share_start"]) * passing_share(world)
    return np.floor(np.maximum(more * planned, -planned)).astype(np.int64)
