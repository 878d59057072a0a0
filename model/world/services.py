"""Services of the start state: places by market, and the frozen figures that quality is measured against (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.inputs import Month
from model.phases.services import (
    CHILDCARE,
    CULTURE,
    ELDER,
    HOSPITAL,
    KINDERGARTEN,
    OLD,
    PUPILS,
    SCHOOL,
    crowding,
    loads,
    users,
)
from model.phases.travel import start_travel
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.state.world import World


def start_services(world: World) -> None:
    """Fill capacity, load and quality, and set amenity to 1.

    accounts: hospital_rate float64[1] (beds in use per weighted resident), quality_base float64[6, M] (q0),
    town_share and user_share float64[U, 3] (how additions are spread over a unit's markets), village_schools
    float64[P], villages_start, town_homes_start, town_residents_start, rural_pupil_ratio float64[U] (real units), and
    the practice of level channels: rotation_start, hospital_level_start, township_health_start.
    """
    start_travel(world)
    a, m, units = world.accounts, world.markets, world.n_units
    m.amenity[: m.n] = 1.0
    month = Month(0, world.input.start_ordinal % 12 + 1, False)
    counts, pupils = users(world, month)
    a["hospital_rate"] = np.ones(1)
    load = loads(world, counts)
    residents = load[CULTURE, : 3 * units].reshape(units, 3) * world.weight
    old = counts[OLD].sum(axis=0)[: 3 * units].reshape(units, 3).sum(axis=1)
    beds = world.prefecture.state["hospital_beds_per_1000"] / 1000.0 * residents.sum(axis=1) * world.scale
    a["hospital_rate"] = np.array([world.p.hospital_occupancy * beds.sum() / load[HOSPITAL, : 3 * units].sum()])
    load = loads(world, counts)
    world.panels.load[:] = load
    a["user_share"] = shares(residents)
    a["town_share"] = shares(residents * np.array([0.0, 1.0, 1.0]))
    set_capacity(world, load, beds, old, residents.sum(axis=1))
    freeze(world, counts, pupils, residents)
    a["quality_base"] = 1.0 / crowding(world)
    world.panels.quality[:] = 1.0


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


def freeze(world: World, counts: np.ndarray, pupils: np.ndarray, residents: np.ndarray) -> None:
    """Figures of the start against which later change is measured."""
    a, p, c, units = world.accounts, world.p, world.channels, world.n_units
    places = world.places
    village = places.kind[: places.n] == Kind.VILLAGE
    real = pupils * world.weight
    schools = np.maximum(np.round(real / p.pupils_per_village_school), 1.0)
    a["village_schools"] = np.where(village & (real > 0), schools, 0.0)
    a["villages_start"] = np.maximum(residents[:, 0] / p.residents_per_village, 1.0)
    homes = world.markets.homes[: 3 * units].reshape(units, 3)[:, 1:].sum(axis=1) * world.weight
    a["town_homes_start"] = np.maximum(homes, 1.0)
    a["town_residents_start"] = np.maximum(residents[:, 1:].sum(axis=1), 1.0)
    by_market = counts[PUPILS].sum(axis=0)[: 3 * units].reshape(units, 3)
    a["rural_pupil_ratio"] = by_market[:, 0] / np.maximum(by_market[:, 1:].sum(axis=1), 1)
    a["rotation_start"] = c.teacher_rotation.copy()
    a["hospital_level_start"] = c.hospital_level.copy()
    a["township_health_start"] = c.township_health.copy()
