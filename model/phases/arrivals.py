"""People registered elsewhere who come to the prefecture's towns (inflow side of E2).

A stock of slots per (outside place, town) each fills with a probability that follows the town's expected income
against the start month, so that a better town gains arrivals on the same draws and no other town loses one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels import arrivals as kernels
from model.kernels.arrivals import Arrival
from model.kernels.rng import Stream
from model.kernels.screen import screen_key

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World


def arrival_rates(world: World, month: int) -> np.ndarray:
    """Expected arriving households this month, float64[O, U], at the scale of the run.

    base * (expected income in the town / the same at the start, both against the outside place)^beta_w
    * ((1 + d now) / (1 + d at the start))^beta_d, so that a shorter way out is also a shorter way in.
    """
    p, a, c, panels = world.p, world.accounts, world.channels, world.seen.panels
    out = np.empty(a["arrival_base"].shape)
    kernels.rates(
        out, a["arrival_base"], a["arrival_attraction"], panels.belief_p, panels.belief_wage, p.fallback_yuan_month,
        p.beta_w, p.beta_d, panels.dist_km, world.geography.seat_place, c.travel_time_factor, a["works_travel"],
        c.intercity_works_share, c.intercity_open_year, p.intercity_time_gain,
        (world.input.start_ordinal + month) / 12,
    )
    return out


def start_arrivals(world: World) -> None:
    """Freeze the base inflow: the stock registered at each outside place times `arrival_rate_month`."""
    people, places, units = world.residents, world.places, world.n_units
    here = places.unit[people.place[: people.n]]
    from_outside = places.unit[people.hukou[: people.n]] < 0
    rows = np.flatnonzero(from_outside & (here >= 0))
    outside = places.market[people.hukou[rows]].astype(np.int64) - 3 * units
    n_outside = world.markets.n - 3 * units
    stock = np.bincount(outside * units + here[rows], minlength=n_outside * units).reshape(n_outside, units)
    world.accounts["arrival_base"] = stock * world.p.arrival_rate_month / 1.6
    panels = world.seen.panels
    attraction = world.accounts["arrival_attraction"] = np.empty(stock.shape)
    kernels.attractions(attraction, panels.belief_p, panels.belief_wage, world.p.fallback_yuan_month)


def arrivals(world: World, month: Month) -> None:
    """Append the households that arrive this month.

    **Reads** beliefs about pay, channels (travel_time_factor, intercity_open_year, intercity_works_share).
    **Writes** households, residents (new rows at the end).
    """
    rates, base = arrival_rates(world, month.index), world.accounts["arrival_base"]
    key = np.uint64(screen_key(world.seed, Stream.ARRIVAL, month.index))
    filled = kernels.filled(key, rates, base)
    if filled.shape[0]:
        append(world, month.index, filled)


def append(world: World, month: int, filled: np.ndarray) -> None:
    """Append one household for each slot: int64[n, 3] of outside place, unit, number."""
    p, homes, people, seats = world.p, world.households, world.residents, world.geography
    shape = Arrival(p.arrival_share_couple, p.arrival_share_child, p.arrival_share_senior, p.arrival_share_college)
    uids, sizes = kernels.shape(world.seed, month, filled, shape)
    h_rows, r_rows = homes.append(filled.shape[0]), people.append(int(sizes.sum()))
    kernels.fill_households(
        month, h_rows.start, r_rows.start, filled, uids, sizes, seats.seat_place, seats.outside_place, homes.uid,
        homes.head, homes.size, homes.origin, homes.place, homes.split_place, homes.config, homes.tenure, homes.owns,
        homes.since,
    )
    kernels.fill_members(
        world.seed, month, h_rows.start, r_rows.start, filled, uids, sizes, seats.seat_place, seats.outside_place,
        shape, people.uid, people.birth, people.sex, people.education, people.household, people.next, people.place,
        people.usual, people.since, people.hukou, people.activity, people.sector, people.job_market, people.flags,
    )
