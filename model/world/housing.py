"""Homes, prices and building of the start state (E15, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.phases.absent_owners import withhold
from model.phases.home_prices import let_vacancy
from model.phases.housing import recount
from model.phases.renewal import demolished_month
from model.phases.resettlement import mark_relocated
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.state.world import World

TOWN_PRICE: Final = 0.75
VILLAGE_PRICE: Final = 0.4
"""Prices and rents of township seats and villages against the county town (assumed)."""
SEAT_BUILDING: Final = 0.85
"""Share of new homes built in the county town, the rest in township seats (assumed)."""
UNSOLD_MONTHS: Final = 18
BEFORE: Final = -1500
"""A month before every arrival: no lease ends while the start state is counted."""
VILLAGE_VACANCY: Final = 0.1
ROOM_VACANCY: Final = 0.1
"""Share of cheap rooms that stand empty at the start (assumed)."""
KEY_ECOLOGY: Final = "ecological"
"""Functional type of key ecological function counties in units.csv."""
OUTSIDE_PRICE_RENT: Final = 500.0
"""Months of rent that a home costs in outside places (assumed; only its change matters)."""


def start_housing(world: World) -> None:
    """Fill the housing columns of markets, the building queue and the frozen figures of the start.

    Homes: occupied dwellings over (1 - housing_vacancy_share), of which 18 months of sales are new and unsold.
    accounts, float64[M]: price_start, starts_base (S0, homes a month at the scale of the run), rebuild_start (the part
    of S0 that replaces demolished homes), sales_month (mean monthly sales), let_vacancy_start, rent_start,
    room_rent_start, room_vacancy_start, rooms_exact, rent_trend, and carries of whole numbers; int64[M]:
    rooms_wanted, bought_on_arrival; float64[U]: public_rental_practice and renewal_practice (a month, real),
    public_rental_exact, dorm_beds_exact, quota_trade_start, town_income_yuan, and those of `set_land`.
    """
    set_prices(world)
    set_stock(world)
    set_building(world)
    set_public(world)
    set_land(world)
    mark_relocated(world)


def set_prices(world: World) -> None:
    """Prices and rents of county towns from state.csv, of other places relative to them."""
    m, state, units = world.markets, world.prefecture.state, world.n_units
    level = np.array([VILLAGE_PRICE, TOWN_PRICE, 1.0])
    m.price_yuan_m2[: 3 * units] = (state["home_price_yuan_per_m2"][:, None] * level).ravel()
    m.rent_yuan_m2[: 3 * units] = (state["home_rent_yuan_per_m2_month"][:, None] * level).ravel()
    outside = slice(3 * units, m.n)
    m.rent_yuan_m2[outside] = world.prefecture.outside_array("rent_yuan_per_m2_month")
    m.price_yuan_m2[outside] = OUTSIDE_PRICE_RENT * m.rent_yuan_m2[outside]
    m.room_rent_yuan_m2[: m.n] = m.rent_yuan_m2[: m.n]
    m.room_rent_yuan_m2[: 3 * units] *= world.p.room_rent_ratio
    m.price_growth_year[: m.n] = 0.0
    world.accounts["price_start"] = m.price_yuan_m2[: m.n].copy()


def set_stock(world: World) -> None:
    """Dwellings, and those still unsold."""
    m, units = world.markets, world.n_units
    found = recount(world, BEFORE)
    set_rooms(world)
    empty = np.full(m.n, VILLAGE_VACANCY)
    share = np.repeat(world.prefecture.state["housing_vacancy_share"], 3)
    empty[: 3 * units] = np.where(m.kind[: 3 * units] == Kind.VILLAGE, VILLAGE_VACANCY, share)
    m.homes[: m.n] = np.round(m.homes_occupied[: m.n] / (1.0 - empty)).astype(np.int64)
    base = np.zeros(m.n)
    yearly = world.prefecture.state["n_new_commodity_homes_year"] * world.scale
    base[: 3 * units] = (yearly[:, None] / 12.0 * np.array([0.0, 1.0 - SEAT_BUILDING, SEAT_BUILDING])).ravel()
    world.accounts["starts_base"] = base
    world.accounts["sales_month"] = base.copy()
    spare = np.maximum(m.homes[: m.n] - m.homes_occupied[: m.n], 0)
    m.homes_unsold[: m.n] = np.minimum(np.round(UNSOLD_MONTHS * base).astype(np.int64), spare)
    m.homes_unfinished[: m.n] = 0
    withhold(world, found.absent)
    world.accounts["rent_start"] = m.rent_yuan_m2[: m.n].copy()
    world.accounts["room_rent_start"] = m.room_rent_yuan_m2[: m.n].copy()
    world.accounts["rent_trend"] = np.zeros(m.n)
    world.accounts["let_vacancy_start"] = let_vacancy(world)


def set_rooms(world: World) -> None:
    """As many cheap rooms as leave one in ten empty."""
    m, a = world.markets, world.accounts
    wanted = a["rooms_wanted"]
    m.rooms[: m.n] = np.round(wanted / (1.0 - ROOM_VACANCY)).astype(np.int64)
    m.rooms_used[: m.n] = wanted
    a["rooms_exact"] = m.rooms[: m.n].astype(np.float64)
    free = 1.0 - np.divide(wanted, m.rooms[: m.n], out=np.ones(m.n), where=m.rooms[: m.n] > 0)
    a["room_vacancy_start"] = np.where(m.rooms[: m.n] > 0, free, ROOM_VACANCY)


def set_building(world: World) -> None:
    """A full queue: building at the start pace for as long as building takes."""
    base, queue = world.accounts["starts_base"], world.panels.building
    lag = min(max(round(world.p.build_lag), 1), queue.shape[0])
    steps = np.floor(np.arange(lag + 1)[:, None] * base[None, :])
    queue[:] = 0
    queue[:lag] = np.diff(steps, axis=0).astype(np.int64)
    world.accounts["starts_carry"] = lag * base - steps[-1]
    for key in ("upgrade_carry", "scrap_carry", "stall_carry", "resume_carry", "demolition_carry"):
        world.accounts[key] = np.zeros(world.markets.n)
    world.accounts["relocation_carry"] = np.zeros(world.n_units)
    world.accounts["bought_on_arrival"] = np.zeros(world.markets.n, np.int64)
    world.accounts["renewal_practice"] = world.prefecture.state["n_renovated_dwellings_year"] / 12.0
    world.accounts["rebuild_start"] = world.p.rebuild_ratio * demolished_month(world)


def set_public(world: World) -> None:
    """Affordable rentals are let in full at the start; dormitories hold those who live in them."""
    m, a, units = world.markets, world.accounts, world.n_units
    seats = 3 * np.arange(units) + 2
    m.public_rental[: m.n] = m.public_rental_used[: m.n]
    m.dorm_beds[: m.n] = m.dorm_used[: m.n]
    a["firm_beds"] = np.zeros(world.markets.n, np.int64)
    a["public_rental_practice"] = world.prefecture.state["n_affordable_rental_year"] / 12.0
    a["public_rental_exact"] = m.public_rental[seats].astype(np.float64)
    a["dorm_beds_exact"] = m.dorm_beds[seats].astype(np.float64)
    a["quota_trade_start"] = world.channels.land_quota_trade_share.copy()


def set_land(world: World) -> None:
    """Land supplied a year under current practice and the stocks that limit it, float64[U], real hectares.

    accounts: land_practice_ha; farmland_left_ha (what today's floor leaves), idle_land_ha; ecological_share (part of
    supply inside red line or beyond the boundary); land_added_ha_year and land_price, read by budgets; and
    the practice of level channels: density_start, parking_start, stock_share_start.
    """
    a, p, c, units = world.accounts, world.p, world.channels, world.n_units
    practice = np.array(c.practice("construction_land_quota"), dtype=np.float64)
    a["land_practice_ha"] = practice
    a["farmland_left_ha"] = p.farmland_headroom_years * practice
    a["idle_land_ha"] = p.idle_land_years * practice
    key = np.array([kind == KEY_ECOLOGY for kind in world.prefecture.functional_types])
    a["ecological_share"] = np.where(key, p.eco_share_key, p.eco_share_other)
    a["land_added_ha_year"], a["land_price"] = np.zeros(units), np.ones(units)
    a["density_start"], a["parking_start"] = c.density_cap.copy(), c.parking_ratio.copy()
    a["stock_share_start"] = c.stock_land_share.copy()
