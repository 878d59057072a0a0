"""Affordable rental homes: built or converted, let by lottery, left when income rises (E5, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import prices as kernels
from model.kernels.homes import Sorted, columns, leave_public, let_public, spots_of
from model.kernels.prices import rates_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World



NO_GUESS: Final = np.zeros(0, np.int64)


def add_public(world: World) -> None:
    """Affordable rentals and dormitory beds: practice plus what channels add, in whole units, in county towns;
    firms add or close beds as their posts change (E14).

    Where unsold homes exceed 24 months of sales and can be bought in bulk for less than building costs, they are
    taken instead: they leave the market and are let.
    """
    a, c, m, taken = world.accounts, world.channels, world.markets, np.empty(world.n_units, np.int64)
    kernels.add_rentals(
        a["public_rental_exact"], a["public_rental_practice"], c.public_rental_flow, a["reward_homes"],
        a["dorm_beds_exact"], c.dorm_beds_flow, a["firm_beds"], m.public_rental, m.dorm_beds, m.homes, m.homes_unsold,
        m.price_yuan_m2, a["sales_month"], world.scale, rates_of(world), taken,
    )
    world.count("homes_converted", taken)


def allocate_public_rental(
    world: World, rows: np.ndarray, month: Month, *, gives_up: bool = False, tenancies: np.ndarray | None = None
) -> np.ndarray:
    """Let free affordable rentals by lottery among households that rent in the town and may apply (E5).

    rows: household rows. They have an income a head within rental_income_limit times that of the town and no home
    there. The order is that of a keyed draw; the tenure of winners becomes PUBLIC_RENTAL. gives_up: they leave a flat
    or a room that is counted. tenancies: int64[M], how many rent in each market, where rows are all of them. Returns
    bool[k], who got one.
    """
    places, m, a = world.places, world.markets, world.accounts
    return np.asarray(let_public(
        rows, world.seed, month.index, NO_GUESS if tenancies is None else tenancies, columns(world), spots_of(world),
        places.unit, a["town_income_yuan"], world.p.rental_income_limit, m.public_rental, m.public_rental_used,
        m.homes_occupied, a["rooms_wanted"], gives_up,
    ))


def let_from_list(world: World, month: Month, found: Sorted) -> np.ndarray:
    """Tenants whose income has risen leave when a lease of twelve months ends; those who wait draw for what is free.

    Returns the rows of those who left.
    """
    places, m, p, left = world.places, world.markets, world.p, found.public_tenants
    if left.size:
        left = leave_public(
            left, month.index, columns(world), places.market, places.unit, places.kind,
            world.accounts["town_income_yuan"], p.rental_income_limit * p.rental_leave_margin, m.public_rental_used,
            m.homes_occupied,
        )
    if found.tenants.size:
        allocate_public_rental(world, found.tenants, month, gives_up=True, tenancies=found.tenancies)
    return left
