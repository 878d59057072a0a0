"""How long and how dear trips are: roads, buses, electric cars, links to places outside (E21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels.services import covered as reach
from model.kernels.services import minutes, travel
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

MONTHS = 12


def start_travel(world: World) -> None:
    """Keep what practice was, and the share of electric cars at the start.

    accounts: transit_start, charging_start, ev_share float64[U], villages_of_unit int64[U].
    """
    a, c = world.accounts, world.channels
    places = world.places
    village = places.kind[: places.n] == Kind.VILLAGE
    a["villages_of_unit"] = np.bincount(places.unit[: places.n][village], minlength=world.n_units)
    a["transit_start"] = np.array(c.transit_share)
    a["charging_start"] = np.array(c.charging_ratio)
    a["ev_share"] = np.full(world.n_units, world.p.ev_share_start)


def update_travel(world: World, month: Month) -> None:
    """Electric cars spread; minutes of a mean traveller for the search of work next month (E21).

    ev += ev_growth_year / 12 * ev (1 - ev) (charging_ratio / practice)^ev_charging_elast.
    """
    a, p = world.accounts, world.p
    pull = (world.channels.charging_ratio / a["charging_start"]) ** p.ev_charging_elast
    ev = a["ev_share"]
    a["ev_share"] = np.minimum(ev + p.ev_growth_year / MONTHS * ev * (1.0 - ev) * pull, 1.0)
    buses = mean_pace(world, covered(world, world.channels.transit_share))
    before = mean_pace(world, covered(world, a["transit_start"]))
    saved = p.commute_money_share * (1.0 - p.carless_share) * (1.0 - p.ev_cost_ratio)
    fuel = 1.0 - saved * (a["ev_share"] - p.ev_share_start)
    out = np.empty_like(world.panels.minutes)
    factor = factor_by_unit(world, month.index)
    minutes(out, world.geography.minutes, factor, np.append(fuel, 1.0), buses, before, world.places.unit)
    world.panels.minutes = out


def travel_factor(world: World, month: int) -> np.ndarray:
    """Travel time over that of the start from places to markets by car, float32[P, M].

    Half of a trip is on the roads of the unit where it begins and half on those where it ends; roads outside stay, and
    links to places outside shorten the whole trip.
    """
    return factor_by_unit(world, month)[world.places.unit[: world.places.n]]


def factor_by_unit(world: World, month: int) -> np.ndarray:
    """The same by the unit where a trip begins, the last row outside: float32[U + 1, M]."""
    roads = world.channels.travel_time_factor * world.accounts["works_travel"]
    out = np.empty((world.n_units + 1, world.markets.n), np.float32)
    travel(out, np.sqrt(np.append(roads, 1.0)), np.append(link_factor(world, month), 1.0), world.markets.unit)
    return out


def link_factor(world: World, month: int) -> np.ndarray:
    """Time to places outside over that without the named links, float64[U]: 1 until they open."""
    c = world.channels
    year = (world.input.start_ordinal + month) / MONTHS
    return np.asarray(1.0 - world.p.intercity_time_gain * c.intercity_works_share * (year >= c.intercity_open_year))


def covered(world: World, share: np.ndarray) -> np.ndarray:
    """Part of each place with a usable bus, float64[P]: villages nearest first; towns are always covered."""
    places, out = world.places, np.empty(world.places.n)
    villages = world.accounts["villages_of_unit"]
    reach(out, share, villages, places.unit, places.kind, places.relabel_order)
    return out


def mean_pace(world: World, share: np.ndarray) -> np.ndarray:
    """Minutes of a mean traveller over those of a car, float64[P], where a part `share` of each place has a bus."""
    p = world.p
    carless = share * p.bus_time_ratio + (1.0 - share) * p.no_bus_time_ratio
    return np.asarray(1.0 - p.carless_share + p.carless_share * carless)


def service_gain(world: World) -> np.ndarray:
    """Rise of the log quality of hospitals and culture that people without a car can use from home, float64[P]."""
    now, before = world.channels.transit_share, world.accounts["transit_start"]
    return np.asarray(world.p.transit_service_gain * (covered(world, now) - covered(world, before)))


def trade_gain(world: World, month: int) -> np.ndarray:
    """Outside sales of firms over those without the named links, float64[U]."""
    return np.asarray(link_factor(world, month) ** -world.p.link_trade_elast)
