"""People registered elsewhere who come to the prefecture's towns (inflow side of E2).

A stock of slots per (outside place, town) each fills with a probability that follows the town's expected income
against the start month, so that a better town gains arrivals on the same draws and no other town loses one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import Stream, gumbel, mix_uid, uniform, uniform_pair
from model.phases.travel import travel_factor
from model.spec.codes import NO_PLACE, NO_SECTOR, Activity, Config, Flag, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

ARRIVAL: Final = Stream.ARRIVAL
SLOT_FACTOR: Final = 3.0
SLOTS_SPARE: Final = 8
RENTED, WHOLE = int(Tenure.RENTED), int(Config.WHOLE)
UNEMPLOYED, CHILD, PUPIL = int(Activity.UNEMPLOYED), int(Activity.CHILD), int(Activity.PUPIL)
MARRIED: Final = int(Flag.MARRIED)
NO_MARKET: Final = 255


class Arrival(NamedTuple):
    """Shares that shape arriving households."""

    couple: float
    with_child: float
    senior: float
    college: float


def arrival_rates(world: World, month: int) -> np.ndarray:
    """Expected arriving households this month, float64[O, U], at the scale of the run.

    base * (expected income in the town / the same at the start, both against the outside place)^beta_w
    * ((1 + d now) / (1 + d at the start))^beta_d, so that a shorter way out is also a shorter way in.
    """
    ratio = _attraction(world) / world.accounts["arrival_attraction"]
    seats = world.geography.seat_place.astype(np.int64)
    km = world.panels.dist_km[seats, 3 * world.n_units :].T
    now = km * travel_factor(world, month)[seats, 3 * world.n_units :].T
    nearer = ((1.0 + now) / (1.0 + km)) ** world.p.beta_d
    return np.asarray(world.accounts["arrival_base"] * ratio ** world.p.beta_w * nearer)


def _attraction(world: World) -> np.ndarray:
    """Mean expected income of each county town relative to each outside place, float64[O, U]."""
    panels, units = world.seen.panels, world.n_units
    chance = panels.belief_p[units][:, None]
    fallback = world.p.fallback_yuan_month
    income = (chance * panels.belief_wage[units] + (1.0 - chance) * fallback).mean(axis=1)
    seats = income[2 : 3 * units : 3]
    return seats[None, :] / income[3 * units :][:, None]


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
    world.accounts["arrival_attraction"] = _attraction(world)


def arrivals(world: World, month: Month) -> None:
    """Append the households that arrive this month.

    **Reads** beliefs about pay, channels (travel_time_factor, intercity_open_year, intercity_works_share).
    **Writes** households, residents (new rows at the end).
    """
    p = world.p
    rates = arrival_rates(world, month.index)
    base = world.accounts["arrival_base"]
    slots = np.ceil(SLOT_FACTOR * base).astype(np.int64) + SLOTS_SPARE
    chance = np.minimum(rates / slots, 1.0)
    filled = _filled(world.seed, month.index, slots, chance)
    if filled.shape[0] == 0:
        return
    shape = Arrival(p.arrival_share_couple, p.arrival_share_child, p.arrival_share_senior, p.arrival_share_college)
    uids, sizes = _shape(world.seed, month.index, filled, shape)
    h_rows = world.households.append(filled.shape[0])
    r_rows = world.residents.append(int(sizes.sum()))
    seat_places = world.geography.seat_place[filled[:, 1]]
    out_places = world.geography.outside_place[filled[:, 0]]
    _fill_households(world, month.index, h_rows, r_rows.start, uids, sizes, seat_places, out_places)
    people = world.residents
    _fill_members(
        world.seed, month.index, h_rows.start, r_rows.start, uids, sizes, seat_places, out_places, shape,
        people.uid, people.birth, people.sex, people.education, people.household, people.next, people.place,
        people.usual, people.since, people.hukou, people.activity, people.sector, people.job_market, people.flags,
    )


def _fill_households(world, month, rows, first, uids, sizes, seats, outs) -> None:
    homes = world.households
    homes.uid[rows] = uids
    homes.head[rows] = first + np.concatenate(([0], np.cumsum(sizes)[:-1]))
    homes.size[rows] = sizes
    homes.origin[rows], homes.place[rows], homes.split_place[rows] = outs, seats, NO_PLACE
    homes.config[rows], homes.tenure[rows], homes.owns[rows] = WHOLE, RENTED, NO_PLACE
    homes.since[rows] = month


@kernel
def _filled(seed, month, slots, chance):
    """(outside, unit, slot) of every slot that fills."""
    out = []
    for o in range(slots.shape[0]):
        for u in range(slots.shape[1]):
            for k in range(slots[o, u]):
                uid = mix_uid(np.uint64(o * 1000 + u + 1), np.uint64(k + 1))
                if uniform(seed, ARRIVAL, uid, month, 0) < chance[o, u]:
                    out.append((o, u, k))
    rows = np.empty((len(out), 3), np.int64)
    for r in range(len(out)):
        rows[r, 0], rows[r, 1], rows[r, 2] = out[r]
    return rows


@kernel
def _shape(seed, month, filled, shape):
    """Stable household ids and numbers of members (1, 2 or 3)."""
    n = filled.shape[0]
    uids, sizes = np.empty(n, np.uint64), np.ones(n, np.int64)
    for r in range(n):
        slot = mix_uid(np.uint64(filled[r, 0] * 1000 + filled[r, 1] + 1), np.uint64(filled[r, 2] + 1))
        uids[r] = mix_uid(slot, np.uint64(month + 1))
        u, v = uniform_pair(seed, ARRIVAL, uids[r], month, 1)
        if u < shape.couple:
            sizes[r] = 3 if v < shape.with_child else 2
    return uids, sizes


@kernel
def _fill_members(
    seed, month, first_home, first, uids, sizes, seats, outs, shape, uid, birth, sex, education, household, nxt,
    place, usual, since, hukou, activity, sector, job_market, flags,
):
    i = first
    for r in range(uids.size):
        for k in range(sizes[r]):
            uid[i] = mix_uid(uids[r], np.uint64(k + 1))
            u, v = uniform_pair(seed, ARRIVAL, uid[i], month, 2)
            x = uniform(seed, ARRIVAL, uid[i], month, 3)
            # Ages follow the labour hump of migration schedules: a Gumbel around 25 (Rogers and Castro 1981).
            age = min(58.0, max(17.0, 25.0 + 6.0 * gumbel(u))) if k < 2 else 1.0 + 13.0 * u
            birth[i] = month - int(age * 12.0)
            sex[i] = (0 if x < 0.56 else 1) if sizes[r] == 1 else (k if k < 2 else (1 if x < 0.5 else 0))
            education[i] = 3 if v >= shape.senior + shape.college else (5 if v < shape.college else 4)
            if k == 2:
                education[i] = 2 if age >= 6 else 0
            household[i] = first_home + r
            nxt[i] = i + 1 if k + 1 < sizes[r] else -1
            place[i], usual[i], since[i], hukou[i] = seats[r], outs[r], month, outs[r]
            activity[i] = UNEMPLOYED if k < 2 else (PUPIL if age >= 6 else CHILD)
            sector[i], job_market[i] = NO_SECTOR, NO_MARKET
            flags[i] = MARRIED if sizes[r] > 1 and k < 2 else 0
            i += 1
