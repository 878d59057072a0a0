"""Where pupils are taught: boarding in the county town, schools of the core, village schools that merge (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import services as kernels
from model.kernels.jit import kernel
from model.kernels.rng import Stream, uniform
from model.phases.staffing import core_market
from model.spec.codes import Event, Kind, Service

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SCHOOL: Final = int(Service.SCHOOL)
SCHOOL_CLOSED: Final = int(Event.SCHOOL_CLOSED)
MERGER_MONTH: Final = 8
MOST_BOARDING: Final = 0.7
S_SCHOOL: Final = Stream.SCHOOL_MOVE


def board(world: World, pupils: np.ndarray) -> None:
    """Village pupils who board or commute to the county town: practice, and the boarding beds of new seats.

    pupils: those who live in villages, float64[U], at the scale of the run.
    """
    a, p = world.accounts, world.p
    a["boarding_beds"] = a["boarding_beds"] + p.boarding_seat_share * world.channels.school_seats_flow * world.scale
    more = np.divide(a["boarding_beds"], pupils, out=np.zeros(pupils.shape), where=pupils > 0.0)
    a["boarding_share"] = np.clip(p.school_commute_share + more, 0.0, MOST_BOARDING)


def taught(world: World, use: np.ndarray) -> None:
    """Move pupils to where they are taught, within use[6, 3, M]: villages to county towns, county towns to the core."""
    p = world.p
    lost = p.pupil_drain_share * (1.0 - p.retention_effect * world.channels.teacher_retention)
    kernels.taught(use[SCHOOL], world.accounts["boarding_share"], lost, core_market(world))


def met_by_villagers(world: World, quality: np.ndarray) -> None:
    """Village families meet the county town's schools as far as their pupils go there; in place, float64[6, M]."""
    share, schools = world.accounts["boarding_share"], quality[SCHOOL, : 3 * world.n_units]
    schools[::3] = schools[::3] ** (1.0 - share) * schools[2::3] ** share


def merge_schools(world: World, month: Month, pupils: np.ndarray) -> None:
    """Village schools merge where pupils per school fall below village_school_floor of the start figure.

    pupils: int64[P] who live there; those who board in town are not taught in the village. Families with children of
    6 to 14 whose school closed (a share of the village's, drawn by household) get SCHOOL_CLOSED. Seats of closed
    schools are lost, but never below the pupils who are left.
    """
    p, a, places, units = world.p, world.accounts, world.places, world.n_units
    schools, unit = a["village_schools"], places.unit[: places.n].astype(np.int64)
    stay = (1.0 - a["boarding_share"]) / (1.0 - p.school_commute_share)
    real = pupils * world.weight * np.append(stay, 1.0)[unit]
    thin = (schools > 1) & (real < p.village_school_floor * p.pupils_per_village_school * schools)
    left = np.where(thin, np.maximum(np.round(real / p.pupils_per_village_school), 1.0), schools)
    closed = np.where(schools > 0, 1.0 - left / np.maximum(schools, 1.0), 0.0)
    gone = np.bincount(unit[unit >= 0], weights=(schools - left)[unit >= 0], minlength=units)
    before = np.bincount(unit[unit >= 0], weights=schools[unit >= 0], minlength=units)
    rural = 3 * np.arange(units)
    cap, load = world.panels.capacity[SCHOOL], world.panels.load[SCHOOL]
    reduced = cap[rural] * (1.0 - np.divide(gone, before, out=np.zeros(units), where=before > 0.0))
    cap[rural] = np.where(gone > 0.0, np.maximum(reduced, np.minimum(load[rural], cap[rural])), cap[rural])
    a["village_schools"] = left
    people, homes = world.residents, world.households
    _tell(
        people.n, world.seed, month.index, closed, people.household, people.birth, people.place, homes.uid,
        homes.events_next,
    )
    world.count("schools_closed", gone.astype(np.int64))


@kernel
def _tell(n, seed, month, closed, household, birth, place, uid, events_next):
    for i in range(n):
        h = household[i]
        if h < 0 or closed[place[i]] <= 0.0 or not 72 <= month - birth[i] < 180:
            continue
        if uniform(seed, S_SCHOOL, uid[h], month, 0) < closed[place[i]]:
            events_next[h] |= SCHOOL_CLOSED


def start_schools(world: World, pupils: np.ndarray) -> None:
    """Village schools float64[P] from the pupils who live there, and boarding as in practice."""
    a, p, places = world.accounts, world.p, world.places
    village = places.kind[: places.n] == Kind.VILLAGE
    real = pupils * world.weight
    schools = np.maximum(np.round(real / p.pupils_per_village_school), 1.0)
    a["village_schools"] = np.where(village & (real > 0), schools, 0.0)
    a["boarding_beds"] = np.zeros(world.n_units)
    a["boarding_share"] = np.full(world.n_units, p.school_commute_share)
