"""Farms: what land and farm work yield, land let to firms, and who looks for paid work instead (E8, E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np

from model.kernels.farms import FarmRules, Farms, premiums

if TYPE_CHECKING:
    from model.state.world import World

YEAR: Final = 12.0
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


def farm_rules(world: World) -> FarmRules:
    """Parameters for the kernels, gathered once."""
    p, kept = world.p, world.kept.get("farm_rules")
    if kept is None:
        rent = p.farm_rent_yuan_mu_year / p.farm_net_yuan_mu_year * (1.0 + p.rural_capital_rent_gain)
        kept = world.kept["farm_rules"] = FarmRules(
            p.rural_capital_yuan_mu, MOST_LEASED, p.rural_capital_rent_gain, rent, p.works_farm_return / YEAR,
            p.farm_search_month, p.extension_release,
        )
    return cast(FarmRules, kept)


def farms_of(world: World) -> Farms:
    """State of farming this month."""
    a, c = world.accounts, world.channels
    return Farms(
        a["rural_capital_yuan"], a["land_mu_start"], a["works_farm_yuan"], a["farm_income_start_yuan"],
        c.farm_income_premium, c.farm_productivity,
    )


def land_premiums(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Income from own land, and rent of land let, over practice: float64[U] each."""
    own, let = np.empty(world.n_units), np.empty(world.n_units)
    premiums(farm_rules(world), farms_of(world), own, let)
    return own, let


def farm_premium(world: World) -> np.ndarray:
    """Income from own land over practice, float64[U]."""
    return land_premiums(world)[0]
