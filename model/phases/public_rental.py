"""Affordable rental homes: built or converted, let by lottery, left when income rises (E5, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.homes import Sorted, apply_for_public, columns, leave_public, move_into_public, spots_of
from model.kernels.lots import EVERY, draw_lots, key_of, near
from model.kernels.rng import Stream

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

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


def income_limit(world: World, margin: float = 1.0) -> np.ndarray:
    """Income a head up to which households may rent an affordable home, times `margin`: yuan a month, float64[U]."""
    return np.asarray(world.p.rental_income_limit * margin * world.accounts["town_income_yuan"])


def allocate_public_rental(
    world: World, rows: np.ndarray, month: Month, *, gives_up: bool = False, tenancies: np.ndarray | None = None
) -> np.ndarray:
    """Let free affordable rentals by lottery among households that rent in the town and may apply (E5).

    rows: household rows. They have an income a head within `income_limit` and no home there. The order is that of a
    keyed draw; the tenure of winners becomes PUBLIC_RENTAL. gives_up: they leave a flat or a room that is counted.
    tenancies: int64[M], how many rent in each market, where rows are all of them. Returns bool[k], who got one.
    """
    homes, places, m = columns(world), world.places, world.markets
    free = m.public_rental[: m.n] - m.public_rental_used[: m.n]
    won = np.zeros(rows.size, np.bool_)
    if not (free > 0).any():
        return won
    key = key_of(world.seed, Stream.LOTTERY, month.index)
    # Half of those who rent in a town are taken to have an income within the limit.
    limit = np.full(m.n, EVERY) if tenancies is None else near(2.0 * np.maximum(free, 0), tenancies)
    who, market = apply_for_public(rows, key, limit, free, homes, spots_of(world), places.unit, income_limit(world))
    lucky = draw_lots(world.seed, Stream.LOTTERY, month.index, rows[who], world.households.uid, market, free)
    won[who[lucky]] = True
    rooms = world.accounts["rooms_wanted"]
    move_into_public(rows, won, homes, places.market, m.public_rental_used, m.homes_occupied, rooms, gives_up)
    return won


def let_from_list(world: World, month: Month, found: Sorted) -> np.ndarray:
    """Tenants whose income has risen leave when a lease of twelve months ends; those who wait draw for what is free.

    Returns the rows of those who left.
    """
    places, m = world.places, world.markets
    left = leave_public(
        found.public_tenants, month.index, columns(world), places.market, places.unit, places.kind,
        income_limit(world, world.p.rental_leave_margin), m.public_rental_used, m.homes_occupied,
    )
    if (m.public_rental[: m.n] > m.public_rental_used[: m.n]).any():
        allocate_public_rental(world, found.tenants, month, gives_up=True, tenancies=found.tenancies)
    return left
