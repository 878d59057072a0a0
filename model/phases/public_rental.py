"""Affordable rental homes: built or converted, let by lottery, left when income rises (E5, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.phases.purchases import lottery
from model.spec.codes import Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

RENTED, PUBLIC = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL)
VILLAGE: Final = int(Kind.VILLAGE)
LEASE_MONTHS: Final = 12
UNIT_M2: Final = 60.0
"""Floor area of an affordable rental home (assumed; the rule is at most 70)."""
OVERHANG_MONTHS: Final = 24


def add_public(world: World) -> None:
    """Affordable rentals and dormitory beds: practice plus what channels add, in whole units, in county towns;
    firms add or close beds as their posts change (E14).

    Where unsold homes exceed 24 months of sales and can be bought in bulk for less than building costs, they are
    taken instead: they leave the market and are let.
    """
    a, c, m, units = world.accounts, world.channels, world.markets, world.n_units
    seats = 3 * np.arange(units) + 2
    a["public_rental_exact"] += (a["public_rental_practice"] + c.public_rental_flow + a["reward_homes"]) * world.scale
    a["dorm_beds_exact"] += c.dorm_beds_flow * world.scale
    before = m.public_rental[seats].copy()
    m.public_rental[seats] = np.maximum(np.floor(a["public_rental_exact"] + 0.5), 0.0).astype(np.int64)
    beds = np.floor(a["dorm_beds_exact"] + 0.5).astype(np.int64) + a["firm_beds"][seats]
    m.dorm_beds[seats] = np.maximum(beds, 0)
    added = np.maximum(m.public_rental[seats] - before, 0)
    taken = np.where(conversion_is_cheaper(world)[seats], np.minimum(added, m.homes_unsold[seats]), 0)
    m.homes[seats] -= taken
    m.homes_unsold[seats] -= taken
    world.count("homes_converted", taken)


def conversion_is_cheaper(world: World) -> np.ndarray:
    """Where buying unsold homes for affordable rental costs less than building, bool[M]."""
    p, m, n = world.p, world.markets, world.markets.n
    bulk = m.price_yuan_m2[:n] * UNIT_M2 * (1.0 - p.rental_conversion_discount)
    overhang = m.homes_unsold[:n] > OVERHANG_MONTHS * world.accounts["sales_month"]
    return np.asarray(overhang & (bulk < p.rental_build_yuan))


def town_incomes(world: World) -> np.ndarray:
    """Mean income a head of households whose main home is in a town of the unit, yuan a month: float64[U]."""
    homes, places = world.households, world.places
    total = _town_incomes(
        homes.n, homes.size, homes.place, homes.income_yuan, places.unit, places.kind, world.n_units
    )
    return np.asarray(total[:, 0] / np.maximum(total[:, 1], 1))


@njit(cache=True)
def _town_incomes(n, size, place, income, unit, kind, n_units):
    out = np.zeros((n_units, 2), np.int64)
    for h in range(n):
        u = unit[place[h]]
        if size[h] > 0 and u >= 0 and kind[place[h]] != VILLAGE:
            out[u, 0] += income[h]
            out[u, 1] += size[h]
    return out


def eligible(world: World, rows: np.ndarray, margin: float = 1.0) -> np.ndarray:
    """Whether households in towns have an income a head within the limit times `margin` and no home there: bool[k]."""
    homes, places = world.households, world.places
    unit = places.unit[homes.place[rows]].astype(np.int64)
    limit = world.p.rental_income_limit * margin * np.append(world.accounts["town_income_yuan"], 0.0)[unit]
    each = homes.income_yuan[rows] / np.maximum(homes.size[rows], 1)
    town = (unit >= 0) & (places.kind[homes.place[rows]] != VILLAGE)
    return np.asarray(town & (each <= limit) & (homes.owns[rows] != homes.place[rows]))


def allocate_public_rental(world: World, rows: np.ndarray, month: Month) -> np.ndarray:
    """Let free affordable rentals by lottery among households that rent in the town and are `eligible` (E5).

    rows: household rows. The order is that of a keyed draw; the tenure of winners becomes PUBLIC_RENTAL. Returns
    bool[k], who got one.
    """
    homes, m = world.households, world.markets
    market = world.places.market[homes.place[rows]].astype(np.int64)
    apply = (homes.tenure[rows] == RENTED) & (homes.collective[rows] == 0) & eligible(world, rows)
    free = np.maximum(m.public_rental[: m.n] - m.public_rental_used[: m.n], 0)
    won = lottery(world.seed, month.index, homes.uid[rows], market, apply, free)
    homes.tenure[rows[won]] = PUBLIC
    np.add.at(m.public_rental_used, market[won], 1)
    return won


def let_from_list(world: World, month: Month) -> None:
    """Tenants whose income has risen leave when a lease of twelve months ends; those who wait draw for what is free."""
    a, homes, m, n = world.accounts, world.households, world.markets, world.households.n
    a["town_income_yuan"] = town_incomes(world)
    rows = np.flatnonzero((homes.size[:n] > 0) & (homes.tenure[:n] == PUBLIC))
    lived = month.index - homes.since[rows]
    due = rows[(lived > 0) & (lived % LEASE_MONTHS == 0)]
    due = due[world.places.unit[homes.place[due]] >= 0]
    leave = due[~eligible(world, due, world.p.rental_leave_margin)]
    market = world.places.market[homes.place[leave]].astype(np.int64)
    homes.tenure[leave] = RENTED
    np.subtract.at(m.public_rental_used, market, 1)
    np.add.at(m.homes_occupied, market, 1)
    if not (m.public_rental[: m.n] > m.public_rental_used[: m.n]).any():
        return
    waiting = (homes.size[:n] > 0) & (homes.tenure[:n] == RENTED)
    rows = np.flatnonzero(waiting & (world.places.unit[homes.place[:n]] >= 0))
    rows = np.setdiff1d(rows, leave, assume_unique=True)
    won = rows[allocate_public_rental(world, rows, month)]
    give_up_flat(world, won)


def give_up_flat(world: World, rows: np.ndarray) -> None:
    """Winners leave a flat, or a room if they live alone, to the market."""
    homes, m = world.households, world.markets
    market = world.places.market[homes.place[rows]].astype(np.int64)
    alone = homes.size[rows] == 1
    np.subtract.at(m.homes_occupied, market[~alone], 1)
    np.subtract.at(world.accounts["rooms_wanted"], market[alone], 1)
