"""Users, places, staff and quality of public services (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels import services as kernels
from model.kernels.services import (
    CHILDCARE,
    CULTURE,
    ELDER,
    KINDERGARTEN,
    SCHOOL,
)
from model.phases.headcount import headcount
from model.phases.hospitals import met_by_patients, treated
from model.phases.queues import Served, in_line, serve
from model.phases.relabelling import SIX_MONTHS
from model.phases.schools import MERGER_MONTH, board, merge_schools, met_by_villagers, taught
from model.phases.staffing import change_staff, staff_at_work
from model.phases.systems import YEAR, improve_systems, rises, upkeep_share, wear_factor
from model.phases.travel import update_travel
from model.spec.codes import N_SERVICES

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

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
    # Relabelling and the recorder, which come after, read the same counts.
    counted = world.kept["headcount"] = headcount(world, month.index, month.index - SIX_MONTHS)
    counts, (heads, pupils) = counted.counts.users, counted.counts.heads
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
    counts = headcount(world, month.index).counts
    return counts.users, counts.heads[1], counts.heads[0]


def demand(world: World, counts: np.ndarray) -> np.ndarray:
    """Users by service, nearness and market where they live, float64[6, 3, M], from counts by class."""
    p, use = world.p, np.empty((N_SERVICES, *counts.shape[1:]))
    rate = world.accounts["hospital_rate"][0]
    kernels.demand(counts, use, p.childcare_need, p.hospital_weight_60, rate, p.elder_bed_demand)
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
    p, c, panels, a = world.p, world.channels, world.panels, world.accounts
    built, part, scale = a["places_built"].copy(), np.empty((world.n_units, 3)), world.scale
    homes = steps["community_facility"] * a["town_homes_start"]
    for service, flow, share in (
        (SCHOOL, c.school_seats_flow, "town_share"),
        (KINDERGARTEN, c.kindergarten_seats_flow, "user_share"),
        (KINDERGARTEN, p.community_kinder_per_home * homes, "town_share"),
        (CHILDCARE, c.childcare_places_flow, "town_share"),
        (ELDER, c.elder_beds_flow, "user_share"),
        (ELDER, p.community_elder_per_home * homes, "town_share"),
        (CULTURE, c.culture_flow_yuan / p.culture_yuan_per_user, "user_share"),
    ):
        kernels.add_flow(
            built[service], part, panels.load[service], panels.capacity[service], scale, flow, a[share],
            c.deficit_weight, c.township_power, p.township_shift_share,
        )
    kernels.wear_places(
        panels.capacity, built, a["works_places"], scale, p.township_health_gain * steps["township_health"],
        p.hospital_level_gain * steps["hospital_level"], a["beds_start"], p.places_wear_year / YEAR,
        wear_factor(world) * (1.0 - p.upkeep_holds * upkeep_share(world)),
    )


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
