"""Users, places and quality of public services, and village schools that close (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.phases.travel import update_travel
from model.spec.codes import N_SERVICES, Event, Flag, Kind, Service

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SCHOOL, KINDERGARTEN, CHILDCARE = int(Service.SCHOOL), int(Service.KINDERGARTEN), int(Service.CHILDCARE)
HOSPITAL, ELDER, CULTURE = int(Service.HOSPITAL), int(Service.ELDER_CARE), int(Service.CULTURE)
CARE_NEED, APART = int(Flag.CARE_NEED), int(Flag.APART)
SCHOOL_CLOSED: Final = int(Event.SCHOOL_CLOSED)
VILLAGE: Final = int(Kind.VILLAGE)
UNDER_3, UNDER_6, PUPILS, ADULTS, OLD, IN_CARE = range(6)
CLASSES: Final = 6
LOCAL, OWN_COUNTY, ELSEWHERE = range(3)
MERGER_MONTH: Final = 8
S_SCHOOL: Final = Stream.SCHOOL_MOVE
AMENITY_RANGE: Final = (0.05, 5.0)
LEAST_STAFF: Final = 0.2


def services(world: World, month: Month) -> None:
    """Count users, add places, and let quality follow crowding (E17).

    q = q0 staff min(1, (load / capacity)^congestion_elast), q0 such that q is 1 at the start; staff moves with teacher
    rotation, the level of the county hospital and the standard of township hospitals. A newcomer counts as user by
    the share of entitlement that is open. In month 8 village schools with too few pupils merge.

    **Reads** residents (age, place, hukou, care need), channels (entitlement, *_flow, teacher_rotation,
    hospital_level, township_health, travel_time_factor, transit_share, charging_ratio, intercity_open_year,
    intercity_works_share). **Writes** panels (capacity, load, quality, minutes), markets.amenity,
    households.events_next, accounts (village_schools, ev_share); counts schools_closed by unit.
    """
    counts, pupils = users(world, month)
    add_places(world)
    improve_places(world)
    update_travel(world, month)
    world.panels.load[:] = loads(world, counts)
    if month.of_year == MERGER_MONTH:
        merge_schools(world, month, pupils)
    world.panels.quality[:] = quality(world)


def users(world: World, month: Month) -> tuple[np.ndarray, np.ndarray]:
    """People by class, nearness of registration and market, int64[6, 3, M]; pupils by place, int64[P]."""
    people, places = world.residents, world.places
    return _users(
        people.n, month.index, people.household, people.birth, people.place, people.hukou, people.flags, places.unit,
        places.kind, places.market, world.markets.n, places.n,
    )


@njit(cache=True)
def _users(n, month, household, birth, place, hukou, flags, unit, kind, market, n_markets, n_places):
    counts, pupils = np.zeros((CLASSES, 3, n_markets), np.int64), np.zeros(n_places, np.int64)
    for i in range(n):
        if household[i] < 0:
            continue
        here, home = place[i], hukou[i]
        months = month - birth[i]
        near = ELSEWHERE
        if unit[home] == unit[here]:
            near = LOCAL if kind[here] == VILLAGE or kind[home] != VILLAGE else OWN_COUNTY
        m = market[here]
        if months < 36:
            counts[UNDER_3, near, m] += 1
        elif months < 72:
            counts[UNDER_6, near, m] += 1
        elif months < 180:
            counts[PUPILS, near, m] += 1
            pupils[here] += 1
        elif months < 720:
            counts[ADULTS, near, m] += 1
        else:
            counts[OLD, near, m] += 1
            if flags[i] & CARE_NEED:
                counts[IN_CARE, near, m] += 1
    return counts, pupils


def loads(world: World, counts: np.ndarray) -> np.ndarray:
    """Users by service and market, float64[6, M], from counts by class and nearness of registration."""
    p, units = world.p, world.n_units
    gap = np.zeros(world.markets.n)
    gap[: 3 * units] = np.repeat(1.0 - world.channels.entitlement, 3)
    weight = np.stack([np.ones(gap.size), 1.0 - p.ent_gap_own_county * gap, 1.0 - gap])
    by_class = (counts * weight[None]).sum(axis=1)
    load = np.zeros((N_SERVICES, gap.size))
    load[SCHOOL], load[KINDERGARTEN] = by_class[PUPILS], by_class[UNDER_6]
    load[CHILDCARE] = p.childcare_need * by_class[UNDER_3]
    young = by_class[UNDER_3] + by_class[UNDER_6] + by_class[PUPILS]
    patients = young + by_class[ADULTS] + p.hospital_weight_60 * by_class[OLD]
    load[HOSPITAL] = world.accounts["hospital_rate"][0] * patients
    load[ELDER] = p.elder_bed_demand * by_class[IN_CARE]
    load[CULTURE] = young + by_class[ADULTS] + by_class[OLD]
    rural, seat = 3 * np.arange(units), 3 * np.arange(units) + 2
    commuting = p.school_commute_share * load[SCHOOL, rural]
    load[SCHOOL, rural] -= commuting
    load[SCHOOL, seat] += commuting
    return load


def add_places(world: World) -> None:
    """What channels deliver this month, at the scale of the run; seats in towns, beds where the users were."""
    c, cap, a = world.channels, world.panels.capacity, world.accounts
    inside = 3 * world.n_units
    for service, flow, share in (
        (SCHOOL, c.school_seats_flow, a["town_share"]),
        (KINDERGARTEN, c.kindergarten_seats_flow, a["town_share"]),
        (CHILDCARE, c.childcare_places_flow, a["town_share"]),
        (ELDER, c.elder_beds_flow, a["user_share"]),
        (CULTURE, c.culture_flow_yuan / world.p.culture_yuan_per_user, a["user_share"]),
    ):
        added = (flow[:, None] * share).ravel() * world.scale
        cap[service, :inside] = np.maximum(cap[service, :inside] + added, 0.0)


def improve_places(world: World) -> None:
    """Amenity of villages from upgrades; of towns from renewed homes and utilities (E16, E17)."""
    p, c, m, a = world.p, world.channels, world.markets, world.accounts
    rural = 3 * np.arange(world.n_units)
    m.amenity[rural] += p.village_amenity_gain * c.village_quality_flow / a["villages_start"]
    gain = p.renewal_amenity_gain * c.renewal_flow / a["town_homes_start"]
    gain = gain + p.utility_amenity_gain * c.utility_flow_yuan / (10_000.0 * a["town_residents_start"])
    for town in (rural + 1, rural + 2):
        m.amenity[town] += gain
    np.clip(m.amenity, *AMENITY_RANGE, out=m.amenity)


def crowding(world: World) -> np.ndarray:
    """min(1, (load / capacity)^congestion_elast), 1 where nobody uses or nothing is counted: float64[6, M]."""
    load, cap = world.panels.load, world.panels.capacity
    ratio = np.divide(load, cap, out=np.zeros(load.shape), where=cap > 0.0)
    return np.where(ratio > 1.0, np.maximum(ratio, 1.0) ** world.p.congestion_elast, 1.0)


def staff(world: World) -> np.ndarray:
    """Quality by staff and level against the start, 1 at practice: float64[6, M].

    Teachers who serve in villages are missing in towns: what rural pupils gain is spread over the town's pupils.
    """
    p, c, a, units = world.p, world.channels, world.accounts, world.n_units
    out = np.ones((N_SERVICES, world.markets.n))
    rural = 3 * np.arange(units)
    gain = p.rotation_quality * (c.teacher_rotation - a["rotation_start"])
    out[SCHOOL, rural] = 1.0 + gain
    for town in (rural + 1, rural + 2):
        out[SCHOOL, town] = 1.0 - gain * a["rural_pupil_ratio"]
        out[HOSPITAL, town] = 1.0 + p.hospital_level_gain * (c.hospital_level - a["hospital_level_start"])
    out[HOSPITAL, rural] = 1.0 + p.township_health_gain * (c.township_health - a["township_health_start"])
    return np.maximum(out, LEAST_STAFF)


def quality(world: World) -> np.ndarray:
    """E17: float64[6, M]; outside places stay at 1."""
    out = world.accounts["quality_base"] * staff(world) * crowding(world)
    out[:, 3 * world.n_units :] = 1.0
    return out


def merge_schools(world: World, month: Month, pupils: np.ndarray) -> None:
    """Village schools merge where pupils per school fall below village_school_floor of the start figure.

    Families with children of 6 to 14 whose school closed (a share of the village's, drawn by household) get
    SCHOOL_CLOSED. Seats of closed schools are lost, but never below the pupils who are left.
    """
    p, a, places, units = world.p, world.accounts, world.places, world.n_units
    schools = a["village_schools"]
    real = pupils * world.weight
    thin = (schools > 1) & (real < p.village_school_floor * p.pupils_per_village_school * schools)
    left = np.where(thin, np.maximum(np.round(real / p.pupils_per_village_school), 1.0), schools)
    closed = np.where(schools > 0, 1.0 - left / np.maximum(schools, 1.0), 0.0)
    unit = places.unit[: places.n].astype(np.int64)
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


@njit(cache=True)
def _tell(n, seed, month, closed, household, birth, place, uid, events_next):
    for i in range(n):
        h = household[i]
        if h < 0 or closed[place[i]] <= 0.0 or not 72 <= month - birth[i] < 180:
            continue
        if uniform(seed, S_SCHOOL, uid[h], month, 0) < closed[place[i]]:
            events_next[h] |= SCHOOL_CLOSED
