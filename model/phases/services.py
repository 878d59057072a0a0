"""Users, places, staff and quality of public services (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.phases.hospitals import met_by_patients, treated
from model.phases.public_works import spread
from model.phases.queues import ELSEWHERE, LOCAL, OWN_COUNTY, Served, in_line, serve
from model.phases.schools import MERGER_MONTH, board, merge_schools, met_by_villagers, taught
from model.phases.staffing import change_staff, staff_at_work
from model.phases.systems import YEAR, improve_systems, rises, upkeep_share, wear_factor
from model.phases.travel import update_travel
from model.spec.codes import N_SERVICES, Flag, Kind, Service

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SCHOOL, KINDERGARTEN, CHILDCARE = int(Service.SCHOOL), int(Service.KINDERGARTEN), int(Service.CHILDCARE)
HOSPITAL, ELDER, CULTURE = int(Service.HOSPITAL), int(Service.ELDER_CARE), int(Service.CULTURE)
CARE_NEED: Final = int(Flag.CARE_NEED)
VILLAGE: Final = int(Kind.VILLAGE)
UNDER_3, UNDER_6, PUPILS, ADULTS, OLD, IN_CARE = range(6)
CLASSES: Final = 6


def services(world: World, month: Month) -> None:
    """Count users, add and wear places, hire staff, and let quality follow crowding (E17).

    q = q0 min(1, (load / places)^congestion_elast) min(1, (load / staff)^staff_elast), q0 such that q is 1 at the
    start; newcomers without equal access queue behind. In month 8 village schools with too few pupils merge.

    **Reads** residents (age, place, hukou, care need), channels (entitlement, services, infrastructure, village,
    travel), accounts (service_funding, upkeep_paid). **Writes** panels (capacity, load, quality, queue, staff,
    minutes), markets.amenity, households.events_next, accounts (village_schools, boarding_beds, boarding_share,
    talent_posts, seat_hospital, systems, village_stock, levels_seen, amenity_carried, ev_share); counts
    schools_closed by unit.
    """
    counts, pupils, heads = users(world, month)
    steps = rises(world)
    add_places(world, steps)
    improve_systems(world, heads, steps)
    update_travel(world, month)
    use = demand(world, counts)
    board(world, use[SCHOOL, :, : 3 * world.n_units : 3].sum(axis=0))
    send(world, use)
    world.panels.load[:] = loads(world, use)
    change_staff(world, world.panels.load, world.accounts["service_funding"])
    if month.of_year == MERGER_MONTH:
        merge_schools(world, month, pupils)
    set_quality(world, use)


def users(world: World, month: Month) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People by class, nearness of registration and market, int64[6, 3, M]; pupils and people by place, int64[P]."""
    people, places = world.residents, world.places
    return _users(
        people.n, month.index, people.household, people.birth, people.place, people.hukou, people.flags, places.unit,
        places.kind, places.market, world.markets.n, places.n,
    )


@njit(cache=True)
def _users(n, month, household, birth, place, hukou, flags, unit, kind, market, n_markets, n_places):
    counts = np.zeros((CLASSES, 3, n_markets), np.int64)
    pupils, heads = np.zeros(n_places, np.int64), np.zeros(n_places, np.int64)
    for i in range(n):
        if household[i] < 0:
            continue
        here, home = place[i], hukou[i]
        months = month - birth[i]
        near = ELSEWHERE
        if unit[home] == unit[here]:
            near = LOCAL if kind[here] == VILLAGE or kind[home] != VILLAGE else OWN_COUNTY
        m = market[here]
        heads[here] += 1
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
    return counts, pupils, heads


def demand(world: World, counts: np.ndarray) -> np.ndarray:
    """Users by service, nearness and market where they live, float64[6, 3, M], from counts by class."""
    p, use = world.p, np.zeros((N_SERVICES, *counts.shape[1:]))
    use[SCHOOL], use[KINDERGARTEN] = counts[PUPILS], counts[UNDER_6]
    use[CHILDCARE] = p.childcare_need * counts[UNDER_3]
    young = counts[UNDER_3] + counts[UNDER_6] + counts[PUPILS]
    patients = young + counts[ADULTS] + p.hospital_weight_60 * counts[OLD]
    use[HOSPITAL] = world.accounts["hospital_rate"][0] * patients
    use[ELDER] = p.elder_bed_demand * counts[IN_CARE]
    use[CULTURE] = young + counts[ADULTS] + counts[OLD]
    return use


def send(world: World, use: np.ndarray) -> None:
    """Move pupils and patients to where they are taught and treated, in place."""
    taught(world, use)
    treated(world, use)


def loads(world: World, use: np.ndarray) -> np.ndarray:
    """Users by service and market, float64[6, M]; those who queue behind others are not among them."""
    load: np.ndarray = (use * in_line(world)).sum(axis=1)
    return load


def add_places(world: World, steps: dict[str, np.ndarray]) -> None:
    """What practice and channels build this month, less what wears, at the scale of the run.

    Seats of schools and childcare stand in towns, kindergartens, beds and culture where users were; hospital beds come
    with the level of hospitals, embedded places with complete communities.
    """
    p, c, cap, a = world.p, world.channels, world.panels.capacity, world.accounts
    units, inside = world.n_units, 3 * world.n_units
    built = a["places_built"].copy()
    homes = steps["community_facility"] * a["town_homes_start"]
    for service, flow, share in (
        (SCHOOL, c.school_seats_flow, a["town_share"]),
        (KINDERGARTEN, c.kindergarten_seats_flow, a["user_share"]),
        (KINDERGARTEN, p.community_kinder_per_home * homes, a["town_share"]),
        (CHILDCARE, c.childcare_places_flow, a["town_share"]),
        (ELDER, c.elder_beds_flow, a["user_share"]),
        (ELDER, p.community_elder_per_home * homes, a["town_share"]),
        (CULTURE, c.culture_flow_yuan / p.culture_yuan_per_user, a["user_share"]),
    ):
        built[service] += (flow[:, None] * spread(world, service, share)).ravel() * world.scale
    built += a["works_places"].reshape(N_SERVICES, inside) * world.scale
    gain = p.township_health_gain * steps["township_health"], p.hospital_level_gain * steps["hospital_level"]
    built[HOSPITAL] += np.stack((gain[0], gain[0], gain[1]), axis=1).ravel() * a["beds_start"]
    lost = wear_factor(world) * (1.0 - p.upkeep_holds * upkeep_share(world))
    worn = p.places_wear_year / YEAR * np.repeat(lost, 3) * cap[:, :inside]
    cap[:, : 3 * units] = np.maximum(cap[:, :inside] + built - worn, 0.0)


def served(world: World, use: np.ndarray) -> Served:
    """What users meet by places and staff; not yet measured against the start."""
    return serve(world, use, world.panels.capacity, staff_at_work(world))


def set_quality(world: World, use: np.ndarray) -> None:
    """E17: panels.quality, what locals meet, and panels.queue, what newcomers meet over that; both 1 at the start.

    Village families meet the county town's schools, and residents other counties' hospitals, as far as they use them.
    """
    got, a, inside = served(world, use), world.accounts, 3 * world.n_units
    quality = a["quality_base"] * got.local
    queue = a["queue_base"] * got.newcomer / got.local
    met_by_villagers(world, quality)
    met_by_patients(world, quality)
    quality[:, inside:], queue[:, :, inside:] = 1.0, 1.0
    world.panels.quality[:], world.panels.queue[:] = quality, queue
