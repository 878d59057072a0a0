"""Public works: which line they go to, when they can be used, what they leave behind and how it lasts (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.segments import share_of
from model.kernels.services import spread as spread_places
from model.spec.codes import N_SERVICES, Service

if TYPE_CHECKING:
    from model.state.world import World

GENERAL, CAPACITY, TOURISM, FARM, VILLAGE, ROADS, PARKS, HOMES = range(8)
LINES: Final = 8
"""Lines of works: general ones keep towns as they are; HOMES are those built with reward money."""
FEN: Final = 100.0
YEAR: Final = 12.0
QUEUE_MONTHS: Final = 72
"""Longest time from payment to use."""
MOST_SHIFTED: Final = 0.6
"""Part of works that may leave the general line: the rest is bound (assumed)."""
ROAD_PART: Final = 0.3
"""Roads among the public works of the start (assumed)."""
TEN_THOUSAND: Final = 10_000.0
PLACE_YUAN: Final = np.array([60_000.0, 40_000.0, 50_000.0, 400_000.0, 100_000.0, 3000.0])
"""Cost of a place by service: seats, places under three, beds of hospitals and care, users of culture (assumed)."""
CONDITION_RANGE: Final = (0.3, 1.1)


def split_lines(world: World) -> np.ndarray:
    """Share of the works by line, float64[U, LINES], rows sum to 1.

    Full weight of the functional type turns type_shift_share to the lines of the type, full weight of measured need
    deficit_shift_share to missing places, full feedback feedback_shift_share to lines that lag.
    """
    p, c, a = world.p, world.channels, world.accounts
    shift = (c.type_weight * p.type_shift_share)[:, None] * a["type_lines"]
    shift = shift + (c.feedback_strength * p.feedback_shift_share)[:, None] * a["lagging_lines"]
    shift[:, CAPACITY] += c.deficit_weight * p.deficit_shift_share
    total = shift.sum(axis=1)
    shift *= np.minimum(1.0, share_of(MOST_SHIFTED, total, empty=1.0))[:, None]
    shift[:, GENERAL] += 1.0 - shift.sum(axis=1)
    return shift


def build(world: World, month: int, index: float, works_fen: np.ndarray, homes_fen: np.ndarray) -> None:
    """Begin what was paid for and finish what is due.

    works_fen: int64[U], works of the month; homes_fen: int64[U], reward money for homes. General works count as what
    they differ from those of the start, which just keep towns as they are.
    """
    a = world.accounts
    real = works_fen / (FEN * world.scale * index)
    begun = real[:, None] * split_lines(world)
    begun[:, GENERAL] -= a["works_start_yuan"]
    begun[:, HOMES] = homes_fen / (FEN * world.scale)
    queue, units = a["works_queue"], np.arange(world.n_units)
    for line, lag in enumerate(lags(world)):
        queue[(month + lag) % QUEUE_MONTHS, units, line] += begun[:, line]
    done = queue[month % QUEUE_MONTHS].copy()
    queue[month % QUEUE_MONTHS] = 0.0
    finish(world, done)


def lags(world: World) -> np.ndarray:
    """Months from payment to use, int64[LINES, U].

    bond_delay over the pace of delivery, less where townships decide; planning comes before works for measured need.
    """
    p, c = world.p, world.channels
    months = p.bond_delay / pace(world) * (1.0 - p.township_lead_cut * c.township_power)
    out = np.tile(months, (LINES, 1))
    out[CAPACITY] += p.planning_months
    return np.clip(np.rint(out), 1, QUEUE_MONTHS - 1).astype(np.int64)


def pace(world: World) -> np.ndarray:
    """Part of planned works carried out on time, over that of practice, float64[U]."""
    share, odds = world.p.implement_share, world.channels.delivery_odds
    return np.maximum(odds / (1.0 - share + share * odds), 0.1)


def finish(world: World, done: np.ndarray) -> None:
    """Turn finished works (real yuan, float64[U, LINES]) into what other phases read in `accounts`."""
    p, a = world.p, world.accounts
    a["works_tourism_yuan"] = done[:, TOURISM]
    a["works_posts"] = done[:, PARKS] / p.works_park_yuan_post
    a["works_villages"] = done[:, VILLAGE] / p.works_village_yuan
    a["reward_homes"] = done[:, HOMES] / p.reward_home_yuan
    a["works_farm_yuan"] = a["works_farm_yuan"] + done[:, FARM]
    a["works_roads_yuan"] = a["works_roads_yuan"] + done[:, ROADS]
    a["works_places"] = places_built(world, done[:, CAPACITY])
    a["asset_yuan"] = np.maximum(a["asset_yuan"] + done.sum(axis=1), 0.1 * a["asset_start_yuan"])
    a["works_amenity"] = amenity_of(world, done[:, GENERAL])


def amenity_of(world: World, general: np.ndarray) -> np.ndarray:
    """Rise of amenity by general works beyond those of the start, float64[U, 3], at utility_amenity_gain.

    Townships with powers take township_shift_share of the works of the county town: they gain what it loses.
    """
    p, a = world.p, world.accounts
    gain = p.utility_amenity_gain / TEN_THOUSAND
    people = a["residents_market_start"]
    towns = np.maximum(people[:, 1] + people[:, 2], 1.0)
    every = a["works_start_yuan"] + general
    moved = world.channels.township_power * p.township_shift_share * every * people[:, 2] / towns
    out = np.zeros((world.n_units, 3))
    out[:, 1] = gain * (general / towns + moved / np.maximum(people[:, 1], 1.0))
    out[:, 2] = gain * (general / towns - moved / np.maximum(people[:, 2], 1.0))
    return out


def age_assets(world: World, rate: np.ndarray) -> None:
    """Condition of public works from upkeep a year over value, float64[U]; at the start's rate it stays.

    With the roads built, condition moves the time of trips; places and systems wear by what `upkeep_paid` leaves.
    """
    p, a = world.p, world.accounts
    before = a["asset_condition"]
    now = before + (rate - a["maintenance_start"]) / YEAR * before
    a["asset_condition"] = np.clip(now, *CONDITION_RANGE)
    a["upkeep_paid"] = np.clip(share_of(rate, a["maintenance_start"], empty=1.0), 0.0, 1.0)
    roads = 1.0 + a["works_roads_yuan"] / (ROAD_PART * a["asset_start_yuan"])
    a["works_travel"] = (a["asset_condition"] * roads) ** -p.road_time_elast


def farm_gain(world: World) -> np.ndarray:
    """Farm family income above that of the start by processing, brands and works for farming, float64[U]."""
    a, p = world.accounts, world.p
    gain = p.works_farm_return / YEAR * share_of(a["works_farm_yuan"], a["farm_income_start_yuan"])
    return world.channels.farm_income_premium + np.clip(gain, -0.5, 1.0)


def shortage(world: World) -> np.ndarray:
    """Places missing by service and market, real, float64[6, U, 3]."""
    inside = 3 * world.n_units
    short = np.maximum(world.panels.load[:, :inside] - world.panels.capacity[:, :inside], 0.0) / world.scale
    return short.reshape(N_SERVICES, world.n_units, 3)


def places_built(world: World, yuan: np.ndarray) -> np.ndarray:
    """Places that works for measured need add, float64[6, U, 3]: money follows the cost of what is missing.

    Where nothing is missing they become school seats in towns.
    """
    cost = shortage(world) * PLACE_YUAN[:, None, None]
    whole = cost.sum(axis=(0, 2))
    part = share_of(cost, whole[None, :, None])
    idle = np.zeros_like(part)
    towns = world.accounts["residents_market_start"][:, 1:]
    idle[Service.SCHOOL, :, 1:] = share_of(towns, towns.sum(axis=1, keepdims=True), empty=0.5)
    part = np.where(whole[None, :, None] > 0.0, part, idle)
    return part * yuan[None, :, None] / PLACE_YUAN[:, None, None]


def spread(world: World, service: int, usual: np.ndarray) -> np.ndarray:
    """How additions of a service are shared among a unit's markets, float64[U, 3].

    usual: float64[U, 3], by users. deficit_weight of it follows places missing (the usual spread where none are);
    townships with powers take part of what the county town would get.
    """
    c, panels, out = world.channels, world.panels, np.empty_like(usual)
    spread_places(
        out, panels.load[service], panels.capacity[service], world.scale, usual, c.deficit_weight, c.township_power,
        world.p.township_shift_share,
    )
    return out
