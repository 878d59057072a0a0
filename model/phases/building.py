"""What is built, finished, stalled and scrapped, and what building costs (E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels import prices as kernels
from model.kernels.prices import rates_of
from model.phases.land import land_index
from model.phases.purchases import demand_for_homes

if TYPE_CHECKING:
    from model.state.world import World


def whole(world: World, key: str, amount: np.ndarray) -> np.ndarray:
    """The whole part of `amount` plus what was left over before; the rest is kept under accounts[key]."""
    kept = world.accounts[key] + amount
    out = np.floor(kept)
    world.accounts[key] = kept - out
    return out.astype(np.int64)


def complete(world: World) -> None:
    """Homes finished this month join the stock and go on sale; the queue moves up.

    Where sales have fallen against the start, stall_share of that fall of the homes due stay unfinished;
    resume_month of the unfinished are taken up again each month. If all homes of a town were new, its amenity would
    rise by density_amenity_gain (start cap / cap - 1) + parking_amenity_gain * spaces gained within the useful band
    + standard_amenity_gain * added cost; new homes bring their share of it.
    """
    m, a, c = world.markets, world.accounts, world.channels
    kernels.finish(
        world.panels.building, m.homes, m.homes_unsold, m.homes_unfinished, m.amenity, m.kind, a["sales_month"],
        a["starts_base"], a["stall_carry"], a["resume_carry"], c.density_cap, a["density_start"], c.parking_ratio,
        a["parking_start"], c.building_cost_uplift, rates_of(world),
    )


def sell(world: World, sold: np.ndarray) -> None:
    """New homes go first, of which some to urban families who give up an older one; others take empty older ones.

    sold: homes bought by households, int64[M]. Those families are not followed one by one: they buy
    upgrade_sales_share * S0 * `demand_for_homes`, and `upgrade_scrap_share` of the older homes leave the stock.
    """
    m, a = world.markets, world.accounts
    kernels.sell(
        m.homes, m.homes_occupied, m.homes_unsold, m.homes_sold_month, sold, a["starts_base"],
        demand_for_homes(world), a["sales_month"], a["upgrade_carry"], a["scrap_carry"], rates_of(world),
    )


def start_building(world: World, exits: np.ndarray, demolished: np.ndarray) -> None:
    """E16. exits: homesteads given up this month, int64[U]; demolished: homes taken down, int64[M].

    cost / cost0 = land^-land_cost_share * building^(1 - land_cost_share), both 1 at practice. Starts never exceed
    land_practice_margin * land * S0, nor finance_ratio times a year's mean of sales, and stop under overhang. S0 is
    what was started at the start less what replaced demolished homes; those are rebuilt whatever the market.
    """
    m, a, c, queue = world.markets, world.accounts, world.channels, world.panels.building
    lag = min(max(round(world.p.build_lag), 1), queue.shape[0]) - 1
    kernels.start_homes(
        queue[lag], m.price_yuan_m2, a["price_start"], a["starts_base"], a["rebuild_start"], a["sales_month"],
        m.homes_unsold, demolished, a["starts_carry"], land_index(world, exits), c.building_cost_uplift,
        c.parking_ratio, a["parking_start"], rates_of(world),
    )
    price_land(world)


def price_land(world: World) -> None:
    """What is left of a home's price for its land in the county town, against the start: accounts["land_price"].

    (p / p0 - (1 - land_cost_share) * building) / land_cost_share, between 0.1 and 5.
    """
    a, c = world.accounts, world.channels
    kernels.price_land(
        a["land_price"], world.markets.price_yuan_m2, a["price_start"], c.building_cost_uplift, c.parking_ratio,
        a["parking_start"], rates_of(world),
    )
