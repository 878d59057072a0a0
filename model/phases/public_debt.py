"""Which projects pay for themselves (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels.segments import share_of

if TYPE_CHECKING:
    from model.state.world import World


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
