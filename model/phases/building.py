"""What is built, finished, stalled and scrapped, and what building costs (E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.prices import finish, replace
from model.phases.land import land_index
from model.phases.purchases import build_cost, demand_for_homes
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.state.world import World

STOCK_LIMIT_MONTHS: Final = 24
SALES_MEMORY: Final = 1.0 / 12.0
LAND_PRICE_RANGE: Final = (0.1, 5.0)


def whole(world: World, key: str, amount: np.ndarray) -> np.ndarray:
    """The whole part of `amount` plus what was left over before; the rest is kept under accounts[key]."""
    kept = world.accounts[key] + amount
    out = np.floor(kept)
    world.accounts[key] = kept - out
    return out.astype(np.int64)


def town_rows(world: World) -> np.ndarray:
    """Markets of township seats and county towns, bool[M]."""
    kind = world.markets.kind[: world.markets.n]
    return (kind != Kind.VILLAGE) & (kind != Kind.OUTSIDE)


def complete(world: World) -> None:
    """Homes finished this month join the stock and go on sale; the queue moves up.

    Where sales have fallen against the start, stall_share of that fall of the homes due stay unfinished;
    resume_month of the unfinished are taken up again each month.
    """
    m, p, a = world.markets, world.p, world.accounts
    finish(
        world.panels.building, m.homes, m.homes_unsold, m.homes_unfinished, m.amenity, m.kind, a["sales_month"],
        a["starts_base"], a["stall_carry"], a["resume_carry"], p.stall_share, p.resume_month, better_homes(world),
    )


def better_homes(world: World) -> np.ndarray:
    """Rise of a town's amenity if all its homes were new: lower, with parking, to higher standards; float64[U].

    density_amenity_gain (start cap / cap - 1) + parking_amenity_gain * spaces gained within the useful band
    + standard_amenity_gain * added cost; new homes bring their share of it.
    """
    p, a, c = world.p, world.accounts, world.channels
    spaces = np.minimum(c.parking_ratio, p.parking_band) - np.minimum(a["parking_start"], p.parking_band)
    gain = p.density_amenity_gain * (a["density_start"] / c.density_cap - 1.0)
    return np.asarray(gain + p.parking_amenity_gain * spaces + p.standard_amenity_gain * c.building_cost_uplift)


def upgrades(world: World) -> np.ndarray:
    """New homes bought by urban families who give up an older one, int64[M].

    upgrade_sales_share * S0 * `demand_for_homes`; `upgrade_scrap_share` of the older homes leave
    the stock. These families are not followed one by one.
    """
    a, p, m = world.accounts, world.p, world.markets
    demand = p.upgrade_sales_share * a["starts_base"] * demand_for_homes(world)
    sold = np.empty(m.n, np.int64)
    replace(
        m.homes, m.homes_occupied, m.homes_unsold, demand, a["upgrade_carry"], a["scrap_carry"], p.upgrade_scrap_share,
        sold,
    )
    return sold


def sell(world: World, sold: np.ndarray) -> None:
    """New homes go first; further buyers take empty older ones."""
    m = world.markets
    m.homes_sold_month[: m.n] = sold
    m.homes_unsold[: m.n] -= np.minimum(sold, m.homes_unsold[: m.n])
    a = world.accounts
    a["sales_month"] = a["sales_month"] + SALES_MEMORY * (sold - a["sales_month"])


def start_building(world: World, exits: np.ndarray, demolished: np.ndarray) -> None:
    """E16. exits: homesteads given up this month, int64[U]; demolished: homes taken down, int64[M].

    cost / cost0 = land^-land_cost_share * building^(1 - land_cost_share), both 1 at practice. Starts never exceed
    land_practice_margin * land * S0, nor finance_ratio times a year's mean of sales, and stop under overhang. S0 is
    what was started at the start less what replaced demolished homes; those are rebuilt whatever the market.
    """
    p, m, a = world.p, world.markets, world.accounts
    n, units = m.n, world.n_units
    land, cost = land_index(world, exits), build_cost(world)
    by_market, dear = np.ones(n), np.ones(n)
    by_market[: 3 * units], dear[: 3 * units] = np.repeat(land, 3), np.repeat(cost, 3)
    gain = m.price_yuan_m2[:n] / a["price_start"] * by_market**p.land_cost_share / dear ** (1.0 - p.land_cost_share)
    base = np.maximum(a["starts_base"] - a["rebuild_start"], 0.0)
    starts = base * np.minimum(gain**p.eps_supply, p.land_practice_margin * by_market)
    starts = np.minimum(starts, p.finance_ratio * a["sales_month"])
    overhang = m.homes_unsold[:n] > STOCK_LIMIT_MONTHS * a["sales_month"]
    lag = min(max(round(p.build_lag), 1), world.panels.building.shape[0]) - 1
    starts = np.where(overhang, 0.0, starts) + p.rebuild_ratio * demolished
    world.panels.building[lag] += whole(world, "starts_carry", starts)
    price_land(world, cost)


def price_land(world: World, cost: np.ndarray) -> None:
    """What is left of a home's price for its land in the county town, against the start: accounts["land_price"].

    (p / p0 - (1 - land_cost_share) * building) / land_cost_share, between 0.1 and 5.
    """
    p, m, a = world.p, world.markets, world.accounts
    seat = 3 * np.arange(world.n_units) + 2
    price = m.price_yuan_m2[seat] / a["price_start"][seat]
    left = (price - (1.0 - p.land_cost_share) * cost) / p.land_cost_share
    a["land_price"] = np.clip(left, *LAND_PRICE_RANGE)
