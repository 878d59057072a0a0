"""Services of the start state: places and staff by market, and the figures that quality is measured against (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.inputs import Month
from model.kernels.services import CHILDCARE, CULTURE, ELDER, HOSPITAL, KINDERGARTEN, SCHOOL
from model.kernels.tally import OLD
from model.phases.hospitals import start_referrals
from model.phases.schools import start_schools
from model.phases.services import demand, loads, send, served, users
from model.phases.staffing import start_staff
from model.phases.systems import YEAR, start_systems
from model.phases.travel import start_travel

if TYPE_CHECKING:
    from model.state.world import World

MILLION: Final = 1e6


def start_services(world: World) -> None:
    """Fill capacity, staff, load and quality, and set amenity to 1.

    accounts: hospital_rate float64[1] (beds in use per weighted resident), quality_base float64[6, M] and queue_base
    float64[2, 6, M] (q0), town_share and user_share float64[U, 3] (how additions are spread over a unit's markets),
    places_built float64[6, 3U] (built a month at practice), beds_start float64[3U], the practice of level channels
    (rotation_start, hospital_level_start, township_health_start), and what start_schools, start_referrals, start_staff
    and start_systems set.
    """
    start_travel(world)
    a, m, units = world.accounts, world.markets, world.n_units
    m.amenity[: m.n] = 1.0
    month = Month(0, world.input.start_ordinal % 12 + 1, False)
    counts, pupils, heads = users(world, month)
    a["hospital_rate"] = np.ones(1)
    start_schools(world, pupils)
    start_referrals(world)
    load = loads(world, demand(world, counts))
    residents = load[CULTURE, : 3 * units].reshape(units, 3) * world.weight
    old = counts[OLD].sum(axis=0)[: 3 * units].reshape(units, 3).sum(axis=1)
    beds = world.prefecture.state["hospital_beds_per_1000"] / 1000.0 * residents.sum(axis=1) * world.scale
    a["hospital_rate"] = np.array([world.p.hospital_occupancy * beds.sum() / load[HOSPITAL, : 3 * units].sum()])
    use = demand(world, counts)
    send(world, use)
    load = loads(world, use)
    world.panels.load[:] = load
    a["user_share"] = shares(residents)
    a["town_share"] = shares(residents * np.array([0.0, 1.0, 1.0]))
    set_capacity(world, load, beds, old, residents.sum(axis=1))
    start_staff(world, load)
    start_systems(world, residents, heads)
    freeze(world)
    got = served(world, use)
    a["quality_base"], a["queue_base"] = 1.0 / got.local, got.local / got.newcomer
    world.panels.quality[:], world.panels.queue[:] = 1.0, 1.0


def shares(amounts: np.ndarray) -> np.ndarray:
    """Rows scaled to sum to 1; even where a row is empty."""
    total = amounts.sum(axis=1, keepdims=True)
    even = np.full(amounts.shape, 1.0 / amounts.shape[1])
    return np.divide(amounts, total, out=even, where=total > 0.0)


def set_capacity(world: World, load: np.ndarray, beds: np.ndarray, old: np.ndarray, residents: np.ndarray) -> None:
    """Places from state.csv; where only the unit's total is known, spread as the users are at the start."""
    state, units, cap = world.prefecture.state, world.n_units, world.panels.capacity
    cap[:] = 0.0
    block = cap[:, : 3 * units].reshape(-1, units, 3)
    use = load[:, : 3 * units].reshape(-1, units, 3)
    for service, name in ((SCHOOL, "school"), (KINDERGARTEN, "kindergarten")):
        block[service, :, 0] = state[f"{name}_seats_rural"] * world.scale
        town = shares(use[service, :, 1:])
        block[service, :, 1:] = state[f"{name}_seats_urban"][:, None] * town * world.scale
    childcare = state["childcare_seats_per_1000"] / 1000.0 * residents * world.scale
    elder = state["elderly_beds_per_1000_60plus"] / 1000.0 * old
    for service, total in ((HOSPITAL, beds), (CHILDCARE, childcare), (ELDER, elder)):
        block[service] = total[:, None] * shares(use[service])
    block[CULTURE] = use[CULTURE]


def freeze(world: World) -> None:
    """Practice of levels, and what practice builds a month at the scale of the run.

    Seats, beds and culture are built as their levers' practice says; hospitals and childcare replace what is lost.
    """
    a, p, c, units = world.accounts, world.p, world.channels, world.n_units
    a["rotation_start"] = c.teacher_rotation.copy()
    a["hospital_level_start"] = c.hospital_level.copy()
    a["township_health_start"] = c.township_health.copy()
    cap = world.panels.capacity[:, : 3 * units]
    a["beds_start"] = cap[HOSPITAL].copy()
    built = p.places_wear_year / YEAR * (1.0 - p.upkeep_holds) * cap
    for service, lever, each, share in (
        (SCHOOL, "school_seats", 1.0, a["town_share"]),
        (KINDERGARTEN, "public_preschool_seats", 1.0, a["user_share"]),
        (ELDER, "elder_care_facilities", p.elder_beds_per_facility, a["user_share"]),
        (CULTURE, "culture_sport_spend", MILLION / p.culture_yuan_per_user, a["user_share"]),
    ):
        yearly = each * c.practice(lever)[:, None] * share
        built[service] = yearly.ravel() / YEAR * world.scale
    a["places_built"] = built
