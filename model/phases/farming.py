"""Farms: what land and farm work yield, land let to firms, and who looks for paid work instead (E8, E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.farms import leased
from model.phases.public_works import farm_gain

if TYPE_CHECKING:
    from model.state.world import World

MOST_LEASED: Final = 0.6
"""Most of a county's land that firms can lease (assumed)."""


def start_farming(world: World) -> None:
    """Land of the unit in life, and business capital put into villages beyond practice so far."""
    homes, places, units = world.households, world.places, world.n_units
    unit = places.unit[homes.origin[: homes.n]]
    here = (homes.head[: homes.n] >= 0) & (unit >= 0)
    land = np.zeros(units)
    # Whole hundredths of a mu, so that the sum does not depend on the order of rows.
    np.add.at(land, unit[here], np.round(100.0 * homes.land_mu[: homes.n][here].astype(np.float64)))
    world.accounts["land_mu_start"] = land / 100.0 / world.scale
    world.accounts["rural_capital_yuan"] = np.zeros(units)


def add_capital(world: World) -> None:
    """Add this month's business capital, real yuan."""
    a = world.accounts
    a["rural_capital_yuan"] = a["rural_capital_yuan"] + world.channels.rural_capital_flow_yuan


def leased_share(world: World) -> np.ndarray:
    """Part of the land that business capital leases beyond practice, float64[U], negative where it has withdrawn."""
    a = world.accounts
    return np.asarray(leased(
        a["rural_capital_yuan"], world.p.rural_capital_yuan_mu, a["land_mu_start"], MOST_LEASED
    ))


def let_premium(world: World) -> np.ndarray:
    """Rent of land let over practice, float64[U]: firms pay more than neighbours for the part that they lease."""
    return 1.0 + world.p.rural_capital_rent_gain * leased_share(world)


def farm_premium(world: World) -> np.ndarray:
    """Income from own land over practice, float64[U].

    Brands and processing raise what is farmed, research its output; the part let to firms earns their rent instead.
    """
    p, channels, leased = world.p, world.channels, leased_share(world)
    farmed = (1.0 + farm_gain(world)) * channels.farm_productivity
    rent = p.farm_rent_yuan_mu_year / p.farm_net_yuan_mu_year * (1.0 + p.rural_capital_rent_gain)
    return farmed + leased * (rent - farmed)


def farm_search(world: World) -> np.ndarray:
    """Chance that a farmer under 55 looks for paid work float64[U]; land let and better tools free hands."""
    p = world.p
    freed = (1.0 + leased_share(world)) * world.channels.farm_productivity**p.extension_release
    return np.minimum(1.0, p.farm_search_month * freed)
