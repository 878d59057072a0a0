"""Services: users, queues and limits in closed form, staff, places that wear, patients, pupils, systems, schools."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels import tally
from model.kernels.seen import fill_entitlement
from model.kernels.tally import LOCAL_USER as LOCAL
from model.phases.hospitals import referrals
from model.phases.queues import ELSEWHERE, LEAST_OPEN, open_by_nearness, serve
from model.phases.schools import merge_schools
from model.phases.services import add_places, demand, loads, send, services, set_quality, users
from model.phases.staffing import change_staff, staff_at_work
from model.phases.systems import WEIGHTS, System, improve_systems, rises, upgrade_villages, upkeep_share
from model.spec.codes import Event, Kind, Service
from model.world.housing import start_housing
from model.world.services import start_services
from tests.reference import people as twin
from tests.worlds import by_uid, month_of, shuffled, small_world

SEAT, RURAL = 2, 0
S, H = int(Service.SCHOOL), int(Service.HOSPITAL)
ALL_HERE = {"school_commute_share": 0.0, "pupil_drain_share": 0.0}


def ready(households=800, scale=0.05, **kwargs):
    world = small_world(households, scale=scale, **kwargs)
    start_housing(world)
    start_services(world)
    world.accounts["service_funding"] = np.ones(world.n_units)
    world.look()
    return world


def use_of(world, index=0):
    use = demand(world, users(world, month_of(index))[0])
    send(world, use)
    return use


def requality(world, index=0):
    use = use_of(world, index)
    world.panels.load[:] = loads(world, use)
    set_quality(world, use)
    return world.panels.quality


# Users and queues


def test_users_equal_twin_when_everybody_is_entitled():
    world = ready(params=ALL_HERE | {"elder_bed_demand": 1.0})
    world.residents.flags[: world.residents.n : 9] = 64
    world.channels.entitlement[:] = 1.0
    found = loads(world, use_of(world, 3))
    wanted = twin.users(world, 3)
    for service, load in wanted.items():
        np.testing.assert_allclose(found[service], load)


def test_newcomers_count_by_what_is_open_of_each_service():
    world = ready(params=ALL_HERE)
    p, counts = world.p, users(world, month_of(0))[0]
    for service, group, share in (
        (Service.SCHOOL, tally.PUPILS, p.entitle_school), (Service.KINDERGARTEN, tally.UNDER_6, p.entitle_kinder),
    ):
        here, near, far = counts[group, :, SEAT]
        got = loads(world, demand(world, counts))[service, SEAT]
        assert got == pytest.approx(here + (1 - (1 - share) * p.ent_gap_own_county) * near + share * far)


@pytest.mark.parametrize(("channel", "closed"), [(0.7, 0.0), (0.85, 0.5), (1.0, 1.0)])
def test_the_channel_closes_the_same_share_of_every_gap(channel, closed):
    world = ready(100)
    world.channels.entitlement[:] = channel
    got = open_by_nearness(world)[:, ELSEWHERE, SEAT]
    start = np.full(6, 0.7)
    start[S], start[Service.KINDERGARTEN] = world.p.entitle_school, world.p.entitle_kinder
    np.testing.assert_allclose(got, start + closed * (1 - start))


def service_given(p, users, places, staff):
    """S(x) of E17, by its formula."""
    return users * max(1.0, users / places) ** p.congestion_elast * max(1.0, users / staff) ** p.staff_elast


def crowded(world, local, new, places, staff=0.0):
    """One market with so many users of schools."""
    use = np.zeros((6, 3, world.markets.n))
    use[S, :, SEAT] = local, 0.0, new
    limits = np.zeros((2, 6, world.markets.n))
    limits[:, S, SEAT] = places, staff
    got = serve(world, use, *limits)
    return got.local[S, SEAT], got.newcomer[1, S, SEAT]


def test_quality_follows_both_limits():
    world = ready(100)
    world.channels.entitlement[:] = 1.0
    p = world.p
    both = crowded(world, 300.0, 0.0, 100.0, 150.0)[0]
    assert both == pytest.approx(3.0**p.congestion_elast * 2.0**p.staff_elast)
    assert crowded(world, 80.0, 0.0, 100.0, 150.0)[0] == 1.0
    assert crowded(world, 600.0, 0.0, 200.0, 300.0)[0] == pytest.approx(both), "twice of all is the same quality"


@settings(max_examples=100, deadline=None)
@given(
    local=st.floats(1.0, 500.0), new=st.floats(1.0, 500.0), places=st.floats(80.0, 800.0), staff=st.floats(80.0, 800.0),
    lower=st.floats(0.0, 0.95),
)
def test_equal_access_helps_newcomers_and_crowds_locals_and_creates_no_service(local, new, places, staff, lower):
    world = small_world(5)
    p = world.p
    total = service_given(p, local + new, places, staff)
    world.channels.entitlement[:] = lower
    before = crowded(world, local, new, places, staff)
    world.channels.entitlement[:] = 1.0
    after = crowded(world, local, new, places, staff)
    assert after[0] == pytest.approx(after[1])
    assert after[0] <= before[0] + 1e-12
    assert after[1] >= before[1] - 1e-12
    if local > min(places, staff):
        assert after[0] < before[0]
    assert local * before[0] + new * before[1] == pytest.approx(total)
    assert after[0] * (local + new) == pytest.approx(total)
    assert p.congestion_elast + p.staff_elast > -1.0


def entitlement(world):
    """What the choice knows of open shares and queues, float64[6, U + 1, M]."""
    n, share = world.markets.n, open_by_nearness(world)
    out = np.empty((share.shape[0], world.n_units + 1, n))
    queue, unit = world.seen.panels.queue, world.markets.unit[:n]
    fill_entitlement(share, queue, unit, world.p.ent_outside, LEAST_OPEN, out)
    return out


def test_those_behind_meet_less_where_it_is_crowded_and_the_choice_knows():
    world = ready(params=ALL_HERE | {"entitle_school": 0.5})
    assert (world.panels.queue == 1.0).all()
    start = entitlement(world)
    world.panels.capacity[S, SEAT] *= 0.3
    requality(world)
    world.look()
    assert world.panels.queue[1, S, SEAT] < 1.0
    change = entitlement(world) - start
    np.testing.assert_allclose(change[S, 1, SEAT], np.log(world.panels.queue[1, S, SEAT]))
    assert (change[H] == 0.0).all() and (change[:, :, -1] == 0.0).all()


# Start, practice, places


def test_quality_is_one_at_the_start():
    world = ready()
    assert (world.panels.quality == 1.0).all() and (world.panels.queue == 1.0).all()
    np.testing.assert_allclose(requality(world), 1.0)
    np.testing.assert_allclose(world.panels.queue, 1.0)


def test_practice_builds_what_its_levers_say_and_what_wears_is_lost():
    world = ready()
    practice = {"school_seats": 400.0, "elder_care_facilities": 2.0}
    world.channels.practice = lambda key: np.full(world.n_units, practice.get(key, 0.0))
    start_services(world)
    before = world.panels.capacity.copy()
    add_places(world, rises(world))
    p, change = world.p, (world.panels.capacity - before)[:, : 3 * world.n_units]
    wear = p.places_wear_year / 12 * (1 - p.upkeep_holds) * before[:, : 3 * world.n_units]
    built = change + wear
    assert built[S].sum() == pytest.approx(2 * 400 / 12 * world.scale)
    assert (np.abs(built[S, [0, 3]]) < 1e-9).all(), "seats of schools stand in towns"
    elder = 2 * 2 * p.elder_beds_per_facility / 12 * world.scale
    assert built[Service.ELDER_CARE].sum() == pytest.approx(elder)
    np.testing.assert_allclose(change[[H, Service.CHILDCARE]], 0.0, atol=1e-9)


def test_flows_add_at_the_scale_of_the_run_and_levels_once():
    world = ready()
    other = ready()
    c = world.channels
    c.school_seats_flow[:], c.hospital_level[:], c.community_facility[:] = 100.0, 2.0, 0.7
    for each in (world, other):
        add_places(each, rises(each))
    more = (world.panels.capacity - other.panels.capacity)[:, : 3 * world.n_units]
    p, a = world.p, world.accounts
    assert more[S].sum() == pytest.approx(2 * 100.0 * world.scale)
    seats = np.arange(2, 3 * world.n_units, 3)
    np.testing.assert_allclose(more[H, seats], p.hospital_level_gain * a["beds_start"][seats])
    homes = 0.5 * a["town_homes_start"].sum() * world.scale
    assert more[Service.KINDERGARTEN].sum() == pytest.approx(p.community_kinder_per_home * homes)
    assert more[Service.ELDER_CARE].sum() == pytest.approx(p.community_elder_per_home * homes)
    assert all((step == 0.0).all() for step in rises(world).values())


def test_unfunded_upkeep_lets_places_and_amenity_decay():
    world, poor = ready(), ready()
    poor.accounts["upkeep_paid"] = np.full(poor.n_units, 0.5)
    heads = users(world, month_of(0))[2]
    for each in (world, poor):
        each.channels.utility_flow_yuan[:], each.channels.village_quality_flow[:] = 1e6, 0.1
        for _ in range(24):
            steps = rises(each)
            add_places(each, steps)
            improve_systems(each, heads, steps)
    assert upkeep_share(poor)[0] == 0.5 and upkeep_share(world)[0] == 1.0
    assert (poor.panels.capacity[H, :6] < 0.97 * world.panels.capacity[H, :6]).all()
    inside = slice(0, 3 * world.n_units)
    assert (poor.markets.amenity[inside] < world.markets.amenity[inside]).all()
    village = world.places.kind[: world.places.n] == Kind.VILLAGE
    assert (poor.accounts["village_stock"][village] < world.accounts["village_stock"][village]).all()


# Staff


def test_staff_follow_users_within_years():
    world = ready()
    load = world.panels.load * 1.5
    before = world.panels.staff.copy()
    change_staff(world, load, np.ones(world.n_units))
    market = 3 * world.n_units - 1
    gained = (world.panels.staff - before)[H, market]
    assert gained == pytest.approx(world.p.staff_hire_year / 12 * 0.5 * before[H, market])
    broke = ready()
    change_staff(broke, load, np.zeros(broke.n_units))
    assert (broke.panels.staff[H] <= before[H]).all()
    for _ in range(600):
        change_staff(world, load, np.ones(world.n_units))
    np.testing.assert_allclose(world.panels.staff[H, :6], 1.5 * before[H, :6], rtol=1e-6)


@pytest.mark.parametrize(("state", "value", "service", "markets"), [
    ("rural_pay_premium", 0.3, S, [0, 3]), ("rural_posts_flow", 50.0, S, [0, 1, 3, 4]),
    ("rural_posts_flow", 50.0, H, [0, 1, 3, 4]), ("hospital_level", 3.0, H, [2, 5]),
    ("township_health", 1.0, H, [0, 1, 3, 4]), ("teacher_retention", 1.0, S, [1, 4, 5]),
])
def test_levers_of_staff_fill_posts_where_they_are_meant(state, value, service, markets):
    base, more = ready(), ready()
    getattr(more.channels, state)[:] = value
    for world in (base, more):
        for _ in range(12):
            change_staff(world, world.panels.load, np.ones(world.n_units))
    gained = (more.panels.staff - base.panels.staff)[service, :6]
    assert (gained[markets] > 1e-6).all()
    others = np.setdiff1d(np.arange(6), [*markets, 2])
    np.testing.assert_allclose(gained[others], 0.0, atol=1e-12)
    if state == "teacher_retention":
        assert gained[2] < 0.0, "the core gains fewer teachers"


def test_talent_posts_are_left_again():
    world = ready(100)
    world.channels.rural_posts_flow[:] = 10.0
    for _ in range(1200):
        change_staff(world, world.panels.load, np.ones(world.n_units))
    stay = 10.0 * world.scale * 12 / world.p.talent_leave_year
    np.testing.assert_allclose(world.accounts["talent_posts"], stay, rtol=1e-3)


def test_teachers_lent_to_villages_are_missing_in_towns_and_town_schools_get_worse():
    world = ready(params={"congestion_elast": -0.1, "school_commute_share": 0.0})
    staff = world.panels.staff[S].copy()
    world.channels.teacher_rotation[:] += 0.2
    got = staff_at_work(world)[S]
    np.testing.assert_allclose(got[[2, 5]], 0.8 * staff[[2, 5]])
    np.testing.assert_allclose(got[0], staff[0] + 0.2 * world.p.rotation_fit * (staff[1] + staff[2]))
    quality = requality(world)[S]
    assert (quality[[1, 2, 4, 5]] < 1.0).all() and (quality[[0, 3]] > 1.0).all()


# Pupils and patients


def test_boarding_seats_take_village_pupils_to_the_county_town():
    world = ready()
    before = requality(world).copy()
    load = world.panels.load[S].copy()
    world.accounts["boarding_share"] = np.array([0.5, 0.2])
    requality(world)
    moved = load[RURAL] * (0.5 - 0.2) / 0.8
    assert world.panels.load[S, RURAL] == pytest.approx(load[RURAL] - moved)
    assert world.panels.load[S, 3] == pytest.approx(load[3])
    np.testing.assert_allclose(before, 1.0)


def test_opening_access_does_not_change_who_is_ill():
    world = ready()
    load = world.panels.load.copy()
    world.channels.entitlement[:] = 1.0
    requality(world)
    np.testing.assert_array_equal(world.panels.load[H], load[H])
    assert (world.panels.load[S] >= load[S]).all() and (world.panels.load[S] > load[S]).any()


def test_seats_with_beds_raise_the_share_who_board():
    world = ready()
    world.channels.school_seats_flow[:] = 40.0
    services(world, month_of(0))
    pupils = demand(world, users(world, month_of(0))[0])[S, :, RURAL].sum()
    got = world.accounts["boarding_share"][0] - world.p.school_commute_share
    assert got == pytest.approx(world.p.boarding_seat_share * 40.0 * world.scale / pupils)


def test_keeping_pupils_crowds_the_county_and_relieves_the_core():
    world = ready(params={"pupil_drain_share": 0.1})
    load = world.panels.load[S].copy()
    world.channels.teacher_retention[:] = 1.0
    requality(world)
    assert world.panels.load[S, 5] > load[5] and world.panels.load[S, 2] < load[2]
    assert world.panels.load[S].sum() == pytest.approx(load.sum(), rel=0.01)


def test_a_better_hospital_draws_patients_of_the_neighbours():
    world = ready(units=3)
    load = world.panels.load[H].copy()
    pull, whole = referrals(world)
    np.testing.assert_allclose(pull, world.accounts["referral_start"])
    np.testing.assert_allclose(whole, 1.0)
    world.panels.staff[H, 5] *= 1.3
    world.panels.capacity[H] *= 10.0
    first = requality(world)[H].copy()
    requality(world)
    got = world.panels.load[H]
    assert got[5] > load[5] and got[2] < load[2] and got[8] < load[8]
    assert got.sum() == pytest.approx(load.sum(), rel=1e-6)
    assert first[5] > 1.0 and first[8] > 1.0, "neighbours gain the choice"
    pull, whole = referrals(world)
    wanted = world.accounts["referral_start"] * world.accounts["seat_hospital"] ** world.p.hospital_choice_elast
    np.testing.assert_allclose(pull, wanted)
    np.testing.assert_allclose(whole, wanted.sum(axis=1))


# Systems and villages


def test_systems_stand_still_at_practice_and_carry_amenity_by_their_weights():
    world = ready()
    heads = users(world, month_of(0))[2]
    a, amenity = world.accounts, world.markets.amenity[: world.markets.n].copy()
    for _ in range(5):
        improve_systems(world, heads, rises(world))
    np.testing.assert_array_equal(a["systems"], a["systems_start"])
    np.testing.assert_array_equal(world.markets.amenity[: world.markets.n], amenity)
    world.channels.public_space_flow[:], world.channels.water_integration[:] = 0.5, 0.8
    improve_systems(world, heads, rises(world))
    np.testing.assert_allclose(world.markets.amenity[[2, 5]], 1.5**world.p.public_space_amenity)
    np.testing.assert_allclose(world.markets.amenity[[0, 3]], (1.8 / 1.3) ** world.p.water_amenity)
    assert a["systems"][System.WATER, 0] == pytest.approx(0.8)
    assert {w.system for w in WEIGHTS} | {System.VILLAGE} == set(System)


def test_good_governance_delivers_more_and_keeps_it():
    world, well = ready(), ready()
    well.channels.village_governance[:] = 1.0
    heads = users(world, month_of(0))[2]
    for each in (world, well):
        each.channels.village_quality_flow[:] = 2.0
        for _ in range(12):
            improve_systems(each, heads, rises(each))
    assert (well.accounts["systems"][System.VILLAGE] > world.accounts["systems"][System.VILLAGE]).all()


def test_planned_money_follows_those_who_stay_and_sums_to_the_same():
    world, planned = ready(), ready()
    planned.channels.village_plan[:] = 1.0
    heads = users(world, month_of(0))[2]
    heads[0] = heads[0] // 4
    for each in (world, planned):
        each.channels.village_quality_flow[:] = 2.0
        upgrade_villages(each, heads, np.zeros(each.n_units), np.ones(each.n_units))
    even, by_plan = world.accounts["village_stock"][:3], planned.accounts["village_stock"][:3]
    np.testing.assert_allclose(even, even[0])
    assert by_plan[0] < even[0] < by_plan[1:].max()
    assert by_plan.sum() == pytest.approx(even.sum())
    share = 1.0 - 0.6 * (1.0 - world.p.village_minimum_share)
    assert by_plan[0] - 1.0 > 0.9 * share * (even[0] - 1.0), "the minimum reaches all"


# Village schools


def test_closing_schools_reach_families_with_pupils_there_only():
    world = ready()
    people, homes, places = world.residents, world.households, world.places
    _, pupils, _ = users(world, month_of(0))
    village = int(np.argmax(np.where(places.kind[: places.n] == Kind.VILLAGE, pupils, 0)))
    homes.events_next[: homes.n] = 0
    world.accounts["village_schools"][village] *= 4.0
    merge_schools(world, month_of(0), pupils)
    told = np.flatnonzero(homes.events_next[: homes.n] & Event.SCHOOL_CLOSED)
    assert told.size > 0
    for h in told:
        rows = twin.household_members(world, h)
        assert any(people.place[i] == village and 72 <= -people.birth[i] < 180 for i in rows)
    assert world.month_events["schools_closed"].sum() > 0


def test_schools_stay_open_while_pupils_stay():
    world = ready()
    _, pupils, _ = users(world, month_of(0))
    capacity = world.panels.capacity.copy()
    merge_schools(world, month_of(0), pupils)
    assert world.month_events["schools_closed"].sum() == 0
    np.testing.assert_array_equal(world.panels.capacity, capacity)


def test_boarding_empties_village_schools():
    world = ready()
    _, pupils, _ = users(world, month_of(0))
    world.accounts["village_schools"] *= 10.0
    world.accounts["village_schools"][world.accounts["village_schools"] > 0] += 5
    world.accounts["boarding_share"][:] = 0.7
    merge_schools(world, month_of(0), pupils)
    assert (world.month_events["schools_closed"] > 0).all()


def test_services_do_not_depend_on_the_order_of_rows():
    world = ready()
    other = shuffled(world)
    for index in range(11):
        services(world, month_of(index))
        services(other, month_of(index))
    for name in ("quality", "queue", "capacity", "staff"):
        np.testing.assert_array_equal(getattr(world.panels, name), getattr(other.panels, name))
    a, b = by_uid(world), by_uid(other)
    np.testing.assert_array_equal(a["home events_next"], b["home events_next"])


def test_locals_are_those_registered_in_the_county_or_living_in_a_village():
    world = ready()
    counts, _, heads = users(world, month_of(0))
    assert counts[: tally.IN_CARE].sum() == heads.sum() == (world.residents.household[: world.residents.n] >= 0).sum()
    assert counts[:, LOCAL].sum() > 0
