"""Who occupies which home, who buys, what homes and rents cost, and what is built (E5, E8, E9, E15, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import prices as kernels
from model.kernels.homes import (
    COUNTS,
    LISTS,
    Sorted,
    beds_short,
    columns,
    in_dormitories,
    share_out,
    sort_homes,
    spots_of,
)
from model.kernels.jit import kernel
from model.kernels.lots import EVERY
from model.kernels.prices import owner_limits
from model.kernels.rng import Stream
from model.kernels.rows import FEWEST, find_rows, sort_rows
from model.phases.absent_owners import absent_owners, withhold
from model.phases.building import complete, sell, start_building
from model.phases.home_prices import move_prices, move_rooms
from model.phases.land import homestead_exits, homestead_leases, share_collective_sales
from model.phases.public_rental import add_public, let_from_list
from model.phases.purchases import draws, purchases
from model.phases.renewal import demolish, demolished_month
from model.phases.resettlement import resettle
from model.spec.codes import Flag, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART: Final = int(Flag.APART)
MANY: Final = 2 * FEWEST
"""Households from which on it pays to look at the first draws alone."""
RENTED, DORMITORY = int(Tenure.RENTED), int(Tenure.DORMITORY)


def housing(world: World, month: Month) -> None:
    """Recount homes; finish, let, demolish, sell; move prices and rents; start new building.

    E15: d ln p = price_adjust_month * gap + price_momentum * expected / 12 + price_outside_share * d ln p_outside,
    gap = 100 (vacancy_natural - vacancy); falls are slower by price_stick_down. Rents of flats and of rooms approach
    a level set by what is free of each (rent_level_per_point, rent_adjust_month, rent_stick_down). Expected growth
    is adaptive. E16: starts = S0 (p / cost)^eps_supply within the land and the finance there is, none while unsold
    homes exceed 24 months of sales; they are finished after build_lag months.

    **Reads** households (tenure, places, events, income), world.seen (prices), channels (housing and land), drivers.
    **Writes** markets (homes, homes_occupied, homes_unsold, homes_withheld, homes_unfinished, homes_sold_month,
    rooms, rooms_used, public_rental, public_rental_used, dorm_beds, dorm_used, price_yuan_m2, price_growth_year,
    rent_yuan_m2, room_rent_yuan_m2, amenity), panels.building, households (place, config, since, owns, tenure,
    split_tenure, savings_fen, debt_fen, homestead, events_next), residents (place, since, activity, sector,
    job_market, wage_yuan, flags), accounts (rooms_wanted, rooms_exact, bought_on_arrival, town_income_yuan,
    dorm_beds_exact, public_rental_exact, rent_trend, sales_month, starts_carry, scrap_carry, upgrade_carry,
    stall_carry, resume_carry, demolition_carry, relocation_carry, farmland_left_ha, idle_land_ha,
    land_added_ha_year, land_price), ledger; counts homes_bought, homes_resold, homes_converted,
    homestead_exits and relocated by unit.
    """
    found = recount(world, month.index, owners_wanted(world))
    complete(world)
    add_public(world)
    fit_dormitories(world, month)
    left = let_from_list(world, month, found)
    spill(world)
    demolished, paid, again = demolish(world, month, found, left)
    empty = absent_owners(world, month, found.absent)
    tenants = np.concatenate((found.tenants, left, paid)) if left.size + paid.size else found.tenants
    sold, buyers = purchases(world, month, found.weddings, tenants, again)
    sell(world, sold)
    resettle(world, month)
    exits = homestead_exits(world, month)
    homestead_leases(world, month, found.leased_plots)
    share_collective_sales(world)
    withhold(world, np.concatenate((empty, buyers)))
    move_prices(world, month.index)
    move_rooms(world, demolished)
    start_building(world, exits, demolished)


def owners_wanted(world: World) -> np.ndarray | None:
    """Limit of draws of demolition that lets through more owners than this month can need; None where they are few.

    Only the first draws can be chosen; `demolish` looks at all owners should these be too few.
    """
    if "own_homes" not in world.kept or world.households.n < MANY:
        return None
    out = np.empty(world.markets.n, np.uint64)
    owner_limits(out, world.accounts["demolition_carry"], demolished_month(world), world.kept["own_homes"])
    return out


def recount(world: World, month: int, limit: np.ndarray | None = None) -> Sorted:
    """Occupied dwellings, rooms wanted, let public rentals, used beds by market; ends of leases raise LEASE_END.

    accounts["rooms_wanted"], int64[M]: tenants of simple rooms, workers and couples who live apart and people who
    rent alone; `spill` moves those for whom there is no room to flats. accounts["town_income_yuan"], float64[U]: mean
    income a head of households whose main home is in a town of the unit. Returns the rows that later steps need;
    limit: see `Sorted.owners`, all of them if None.
    """
    m, a, kept, n = world.markets, world.accounts, world.kept, world.markets.n
    if limit is None:
        limit = np.full(n, EVERY)
    lists, out = sort_rows(
        sort_homes, world.households.n, LISTS, (n, COUNTS), month, world.seed, limit, spots_of(world), columns(world)
    )
    a["rooms_wanted"], a["town_income_yuan"] = np.empty(n, np.int64), np.empty(world.n_units)
    kept["own_homes"], tenancies = np.empty(n, np.int64), np.empty(n, np.int64)
    share_out(
        out, m.homes_occupied, a["rooms_wanted"], m.public_rental_used, m.dorm_used, a["town_income_yuan"],
        kept["own_homes"], tenancies,
    )
    tenants, public, owners, absent, weddings, leased = lists
    return Sorted(tenants, public, owners, absent, weddings, leased, limit, tenancies)


def spill(world: World) -> None:
    """Tenants for whom there is no cheap room take flats."""
    m = world.markets
    kernels.spill(m.homes_occupied, world.accounts["rooms_wanted"], m.rooms, m.rooms_used)


def fit_dormitories(world: World, month: Month) -> None:
    """Where beds are short, workers who live apart and lose a keyed draw rent a room instead, until the rest fit."""
    homes, people, m = world.households, world.residents, world.markets
    over = np.empty(m.n, np.int64)
    if not beds_short(over, m.unit, m.dorm_used, m.dorm_beds):
        return
    rows = find_rows(
        in_dormitories, homes.n, homes.size, homes.split_place, homes.split_tenure, world.places.market, over
    )
    draw = draws(world.seed, Stream.DORM, homes.uid[rows], month.index)
    rows = rows[np.lexsort((homes.uid[rows], draw))]
    _leave_dormitory(
        rows, over, homes.head, people.next, people.flags, homes.split_place, homes.split_tenure, world.places.market,
        m.dorm_used, world.accounts["rooms_wanted"],
    )


@kernel
def _leave_dormitory(rows, over, head, nxt, flags, split_place, split_tenure, market, dorm_used, rooms):
    for r in range(rows.size):
        h = rows[r]
        m = market[split_place[h]]
        if over[m] <= 0:
            continue
        beds = 0
        i = head[h]
        while i >= 0:
            beds += (flags[i] & APART) != 0
            i = nxt[i]
        split_tenure[h] = RENTED
        over[m] -= beds
        dorm_used[m] -= beds
        rooms[m] += 1
