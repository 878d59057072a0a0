"""Services: users, congestion in closed form, additions, schools that merge; relabelling and the six-month rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.phases import services as phase
from model.phases.relabelling import recode, relabelling, start_relabelling
from model.phases.services import crowding, loads, merge_schools, services, users
from model.spec.codes import Event, Kind, Service
from model.state.heads import Heads, check_heads, count_by_place
from model.world.housing import start_housing
from model.world.services import start_services
from tests.reference import people as twin
from tests.worlds import by_uid, month_of, shuffled, small_world


def ready(households=800, scale=0.05, **kwargs):
    world = small_world(households, scale=scale, **kwargs)
    start_housing(world)
    start_services(world)
    world.look()
    return world


def test_users_equal_twin_when_everybody_is_entitled():
    world = ready(params={"school_commute_share": 0.0, "elder_bed_demand": 1.0})
    world.residents.flags[: world.residents.n : 9] = 64
    world.channels.entitlement[:] = 1.0
    found = loads(world, users(world, month_of(3))[0])
    wanted = twin.users(world, 3)
    for service, load in wanted.items():
        np.testing.assert_allclose(found[service], load)


def test_newcomers_count_by_their_entitlement():
    world = ready(params={"school_commute_share": 0.0})
    counts, _ = users(world, month_of(0))
    world.channels.entitlement[:] = 0.7
    seat = 2
    here, near, far = counts[phase.PUPILS, :, seat]
    got = loads(world, counts)[Service.SCHOOL, seat]
    assert got == pytest.approx(here + (1 - 0.3 * world.p.ent_gap_own_county) * near + 0.7 * far)


def test_quality_is_one_at_the_start_and_follows_crowding():
    world = ready()
    assert (world.panels.quality == 1.0).all()
    services(world, month_of(0))
    np.testing.assert_allclose(world.panels.quality, 1.0)
    world.panels.load[Service.HOSPITAL, 2] = 3.0 * world.panels.capacity[Service.HOSPITAL, 2]
    got = crowding(world)[Service.HOSPITAL, 2]
    assert got == pytest.approx(3.0**world.p.congestion_elast)
    world.panels.load[Service.HOSPITAL, 2] = 0.5 * world.panels.capacity[Service.HOSPITAL, 2]
    assert crowding(world)[Service.HOSPITAL, 2] == 1.0


def test_practice_changes_nothing_and_flows_add_at_the_scale_of_the_run():
    world = ready()
    before = world.panels.capacity.copy()
    amenity = world.markets.amenity[: world.markets.n].copy()
    phase.add_places(world)
    phase.improve_places(world)
    np.testing.assert_array_equal(world.panels.capacity, before)
    np.testing.assert_array_equal(world.markets.amenity[: world.markets.n], amenity)
    world.channels.school_seats_flow[:] = 100.0
    world.channels.village_quality_flow[:] = 1.0
    phase.add_places(world)
    phase.improve_places(world)
    added = (world.panels.capacity - before)[Service.SCHOOL]
    assert added.sum() == pytest.approx(2 * 100.0 * world.scale)
    assert (added[[0, 3]] == 0.0).all()
    assert (world.markets.amenity[[0, 3]] > 1.0).all() and (world.markets.amenity[[2, 5]] == 1.0).all()


def test_teachers_lent_to_villages_are_missing_in_towns():
    world = ready()
    world.channels.teacher_rotation[:] += 0.2
    got = phase.staff(world)[Service.SCHOOL]
    gain = 0.2 * world.p.rotation_quality
    np.testing.assert_allclose(got[[0, 3]], 1.0 + gain)
    np.testing.assert_allclose(got[[2, 5]], 1.0 - gain * world.accounts["rural_pupil_ratio"])


def test_closing_schools_reach_families_with_pupils_there_only():
    world = ready()
    people, homes, places = world.residents, world.households, world.places
    _, pupils = users(world, month_of(0))
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
    _, pupils = users(world, month_of(0))
    capacity = world.panels.capacity.copy()
    merge_schools(world, month_of(0), pupils)
    assert world.month_events["schools_closed"].sum() == 0
    np.testing.assert_array_equal(world.panels.capacity, capacity)


def test_services_do_not_depend_on_the_order_of_rows():
    world = ready()
    other = shuffled(world)
    for index in range(11):
        services(world, month_of(index))
        services(other, month_of(index))
    np.testing.assert_array_equal(world.panels.quality, other.panels.quality)
    np.testing.assert_array_equal(world.panels.capacity, other.panels.capacity)
    a, b = by_uid(world), by_uid(other)
    np.testing.assert_array_equal(a["home events_next"], b["home events_next"])


def test_six_month_rule_equals_twin_and_heads_close():
    world = ready()
    start_relabelling(world)
    people = world.residents
    rng = np.random.default_rng(3)
    moved = rng.choice(people.n, people.n // 4, replace=False)
    people.place[moved] = rng.integers(0, world.places.n, moved.size)
    people.since[moved] = rng.integers(-9, 3, moved.size)
    world.heads = Heads.of(world)
    usual, moves = twin.six_months(world, 2)
    relabelling(world, month_of(2))
    np.testing.assert_array_equal(people.usual[: people.n], usual)
    np.testing.assert_array_equal(world.month_events["moves_od"], moves)
    assert moves.sum() > 0
    check_heads(world, "relabelling")


def test_relabelling_meets_the_quota_and_heads_close():
    world = ready(3000)
    start_relabelling(world)
    people, places = world.residents, world.places
    world.accounts["relabel_quota"][:] = 60.0
    residents = count_by_place(people.n, people.household, people.usual, places.n)
    frozen = places.urban_frozen[: places.n].copy()
    total = np.zeros(world.n_units, np.int64)
    for _ in range(8):
        world.month_events = {}
        world.heads = Heads.of(world)
        recode(world, 1.0)
        total += world.month_events["reclassified"]
        check_heads(world, "relabelling")
    for u in range(world.n_units):
        rows = np.flatnonzero((places.unit[: places.n] == u) & (places.kind[: places.n] == Kind.VILLAGE))
        wanted = twin.recoded(places.relabel_order[rows], residents[rows], 60.0, 8)
        assert set(np.flatnonzero(places.urban[rows])) == set(wanted)
        assert total[u] == residents[rows][wanted].sum()
        assert abs(total[u] - 480.0) <= residents[rows].max() / 2 + 60.0 or len(wanted) == rows.size
    np.testing.assert_array_equal(places.urban_frozen[: places.n], frozen)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=8), st.floats(0.0, 300.0), st.integers(1, 10)
)
def test_carried_quota_stays_within_half_a_village(residents, quota, years):
    done = twin.recoded(list(range(len(residents))), residents, quota, years)
    used = sum(residents[v] for v in done)
    if len(done) < len(residents):
        assert used - quota * years <= max(residents) / 2 + 1e-9


def test_quota_is_the_given_share_of_past_urban_growth():
    world = ready()
    start_relabelling(world)
    census = world.prefecture.census
    growth = (census[2020]["urban"] - census[2010]["urban"]) / 10.0
    np.testing.assert_allclose(world.accounts["relabel_quota"], world.p.reclass_share * growth * world.scale)
