"""Births, deaths, school, weddings: closing, order of rows, expectations, and twins of the kernels."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels.households import gather_apart, move_member, unlink_member
from model.kernels.screen import LANES, cuts, lane, screen_key, screen_word
from model.phases.demography import compact, demography
from model.phases.due import births_per_wife, risks_of
from model.phases.kinship import find_kin
from model.phases.relabelling import relabelling, start_relabelling
from model.spec.codes import Activity, Config, Event, Flag, Kind, Tenure
from model.state.heads import check_heads, close_month
from model.state.ledger import wealth_by_unit
from model.world.vital import OLDEST, death_scale, start_demography
from tests.reference import people as twin
from tests.worlds import by_uid, check_households, month_of, shuffled, small_prefecture, small_world


def ready(households=400, **kwargs):
    world = small_world(households, **kwargs)
    start_demography(world)
    start_relabelling(world)
    return world


def step(world, index):
    homes = world.households
    world.month_events = {}
    homes.events[: homes.n] = homes.events_next[: homes.n]
    homes.events_next[: homes.n] = 0
    demography(world, month_of(index))


def wealth(world):
    h = world.households
    return wealth_by_unit(
        h.savings_fen[: h.n], h.debt_fen[: h.n], h.size[: h.n], h.place[: h.n], world.places.unit, world.n_units
    )


def silence(world):
    """No births, no deaths."""
    world.accounts["death_month"][:] = 0.0
    world.accounts["birth_month"][:] = 0.0


STILL = {"marriage_peak_year": 0.0, "leave_home_year": 0.0, "care_need_60_year": 0.0}


def test_heads_households_and_money_close():
    world = ready()
    for index in range(30):
        step(world, index)
        check_heads(world, "demography")
        relabelling(world, month_of(index))
        check_heads(world, "relabelling")
        check_households(world)
        world.ledger.check(wealth(world))
        close_month(world)
        if month_of(index).is_year_end:
            compact(world)
            check_households(world)
    assert world.residents.n > 0


def test_order_of_rows_does_not_matter():
    world = ready(300)
    other = shuffled(world)
    for index in range(14):
        step(world, index)
        step(other, index)
        if index == 6:
            compact(world)
    a, b = by_uid(world), by_uid(other)
    for key in a:
        np.testing.assert_array_equal(a[key], b[key], err_msg=key)


def test_nothing_happens_at_zero_hazards():
    world = ready(200, params=STILL)
    silence(world)
    before = copy.deepcopy(by_uid(world))
    for index in range(3):
        step(world, index)
    after = by_uid(world)
    for key in before:
        if key not in ("home events_next", "home events"):
            np.testing.assert_array_equal(before[key], after[key], err_msg=key)
    assert world.month_events["births"].sum() == world.month_events["deaths"].sum() == 0


@pytest.mark.parametrize("what", ["births", "deaths"])
def test_mean_equals_the_schedule(what):
    total, expected, variance, runs = 0, 0.0, 0.0, 30
    base = ready(600, params=STILL)
    for seed in range(runs):
        world = copy.deepcopy(base)
        object.__setattr__(world.input, "seed", seed)
        month = month_of(0)
        risks = risks_of(world, month)
        people, places = world.residents, world.places
        age = np.minimum(-people.birth[: people.n] // 12, OLDEST)
        unit = places.unit[people.usual[: people.n]]
        if what == "deaths":
            p = risks.death[unit, people.sex[: people.n], age]
        else:
            wife = (people.sex[: people.n] == 1) & (people.flags[: people.n] & Flag.MARRIED > 0)
            p = np.where(wife, risks.birth[unit, age] * births_per_wife(world, month)[age], 0.0)
        n = people.n
        step(world, 0)
        total += people.n - n if what == "births" else int((people.household[:n] < 0).sum())
        expected += p.sum()
        variance += (p * (1 - p)).sum()
    assert abs(total - expected) < 4.0 * np.sqrt(variance)


def test_births_over_wives_equal_the_schedule_over_women():
    world = ready(600)
    ratio = births_per_wife(world, month_of(0))
    people = world.residents
    women = people.sex[: people.n] == 1
    wives = women & (people.flags[: people.n] & Flag.MARRIED > 0)
    age = np.minimum(-people.birth[: people.n] // 12, OLDEST)
    for a in range(20, 50):
        n = int((wives & (age == a)).sum())
        if n:
            assert ratio[a] * n == pytest.approx((women & (age == a)).sum())


def test_children_are_born_to_their_mother():
    world = ready(300, params=STILL)
    world.accounts["death_month"][:] = 0.0
    world.accounts["birth_month"][:] = 0.05
    n = world.residents.n
    step(world, 4)
    people, homes = world.residents, world.households
    assert people.n > n
    for i in range(n, people.n):
        rows = twin.household_members(world, people.household[i])
        mothers = [k for k in rows if people.sex[k] == 1 and people.flags[k] & Flag.MARRIED and k < n]
        assert any(
            people.place[k] == people.place[i] and people.usual[k] == people.usual[i]
            and people.hukou[k] == people.hukou[i] for k in mothers
        )
        assert people.birth[i] == 4 and people.activity[i] == Activity.CHILD
        assert homes.events_next[people.household[i]] & Event.BIRTH
    assert np.unique(people.uid[: people.n]).size == people.n


def test_same_birth_in_another_history():
    one, two = ready(300), ready(300)
    one.accounts["birth_month"] *= 10.0
    two.accounts["birth_month"] *= 10.0
    step(two, 0)
    step(two, 1)
    step(one, 1)
    born = []
    for world in (one, two):
        people = world.residents
        born.append(set(people.uid[: people.n][people.birth[: people.n] == 1].tolist()))
    assert born[0] and len(born[0] & born[1]) >= 0.7 * len(born[0])


def test_children_left_alone_join_kin_and_estates_pass_on():
    world = ready(400, params=STILL)
    silence(world)
    world.accounts["death_month"][:, :, 0, 20:] = 1.0 - 1e-12
    world.accounts["death_month"][:, :, 1, 20:] = 0.5
    money = int(wealth(world).sum())
    step(world, 0)
    check_households(world)
    check_heads(world, "demography")
    world.ledger.check(wealth(world))
    people, homes = world.residents, world.households
    for h in np.flatnonzero(homes.size[: homes.n] > 0):
        ages = [-int(people.birth[i]) for i in twin.household_members(world, h)]
        assert max(ages) >= 192
    assert int(wealth(world).sum()) == money
    assert (homes.savings_fen[: homes.n][homes.size[: homes.n] == 0] == 0).all()


def test_kin_equals_twin():
    world = ready(150, params=STILL)
    lost = np.array([3, 40, 77])
    homes, people = world.households, world.residents
    for h in lost:
        for i in twin.household_members(world, h):
            unlink_member(i, homes.head, homes.size, people.next, people.household)
    found = find_kin(world, month_of(5), lost)
    assert found.tolist() == [twin.kin(world, int(h), 5) for h in lost]


def test_a_widow_is_no_longer_married():
    world = ready(200, params=STILL)
    silence(world)
    people = world.residents
    couples = [
        (i, twin.spouse(world, i)) for i in range(people.n)
        if people.sex[i] == 0 and people.flags[i] & Flag.MARRIED and people.birth[i] < -240
    ]
    world.accounts["death_month"][:, :, 0, 20:] = 1.0 - 1e-12
    step(world, 0)
    assert couples
    for husband, wife in couples:
        assert people.household[husband] == -1
        assert not people.flags[wife] & Flag.MARRIED


def test_members_living_apart_keep_the_home_when_nobody_else_is_left():
    world = ready(50, params=STILL)
    people, homes = world.residents, world.households
    h = next(h for h in range(homes.n) if homes.size[h] >= 2)
    rows = twin.household_members(world, h)
    split = int(world.geography.outside_place[1])
    homes.split_place[h], homes.config[h], homes.split_tenure[h] = split, Config.WORKER_AWAY, Tenure.DORMITORY
    people.flags[rows[0]] |= Flag.APART
    people.place[rows[0]] = split
    for i in rows[1:]:
        unlink_member(i, homes.head, homes.size, people.next, people.household)
    assert gather_apart(
        h, homes.head, people.next, people.flags, homes.place, homes.split_place, homes.tenure, homes.split_tenure,
        homes.config,
    )
    assert homes.place[h] == split and homes.split_place[h] == -1 and homes.tenure[h] == Tenure.DORMITORY
    check_households(world)


def test_weddings_pair_within_the_county_of_registration():
    world = ready(800, params=STILL | {"marriage_peak_year": 0.9})
    silence(world)
    people, places = world.residents, world.places
    single = people.flags[: people.n] & Flag.MARRIED == 0
    n = people.n
    step(world, 0)
    wed = np.flatnonzero(single & (people.flags[:n] & Flag.MARRIED > 0))
    assert wed.size and (people.sex[wed] == 0).sum() == (people.sex[wed] == 1).sum()
    for h in np.unique(people.household[wed]):
        assert world.households.events_next[h] & Event.WEDDING
        units = {int(places.unit[people.hukou[i]]) for i in wed if people.household[i] == h}
        assert len(units) == 1
    check_households(world)
    world.ledger.check(wealth(world))


def test_who_opens_a_home_of_their_own_takes_spouse_and_children():
    world = ready(800, params=STILL | {"leave_home_year": 0.99})
    silence(world)
    homes, n = world.households, world.households.n
    money, land = int(wealth(world).sum()), homes.land_mu[:n].sum(dtype=np.float64)
    step(world, 0)
    assert homes.n > n
    check_households(world)
    world.ledger.check(wealth(world))
    assert int(wealth(world).sum()) == money
    assert homes.land_mu[: homes.n].sum(dtype=np.float64) == pytest.approx(land, rel=1e-5)


def test_school_years_and_college():
    world = ready(900, params=STILL | {"p_college": 0.6})
    silence(world)
    people = world.residents
    old = people.education[: people.n].copy()
    autumn = next(k for k in range(12) if month_of(k).of_year == 9)
    months = autumn - people.birth[: people.n]
    ready_for_college = (months // 12 >= 18) & (people.activity[: people.n] == Activity.PUPIL)
    people.education[: people.n][ready_for_college] = 4
    step(world, autumn)
    grown = months // 12
    pupils = people.activity[: people.n] == Activity.PUPIL
    assert (people.education[: people.n][pupils & (grown >= 6) & (grown < 12)] >= 2).all()
    assert (people.education[: people.n][pupils & (grown == 13)] == 3).all()
    away = np.flatnonzero(people.flags[: people.n] & Flag.COLLEGE_AWAY)
    kinds = world.places.kind[people.place[away]]
    assert np.isin(kinds, (Kind.OUTSIDE, Kind.CORE)).all()
    assert (world.households.collective[people.household[away]] == 1).all()
    assert old.size == months.size
    check_households(world)


def test_pension_ages():
    world = ready(100, params=STILL)
    silence(world)
    people = world.residents
    workers = np.flatnonzero(people.activity[: people.n] == Activity.EMPLOYED)[:4]
    people.flags[workers[:2]] = int(Flag.INSURED)
    people.sex[workers] = (0, 1, 0, 1)
    people.birth[workers] = (-720, -660, -720, -660)
    step(world, 0)
    assert people.activity[workers].tolist() == [Activity.RETIRED] * 2 + [Activity.EMPLOYED] * 2
    assert people.wage_yuan[workers[0]] == 0


def test_crude_death_rate_is_the_given_one():
    prefecture = small_prefecture(3)
    flat = np.full((OLDEST + 1, 2), 0.01)
    np.testing.assert_allclose(death_scale(prefecture, flat), 0.8)


def test_compaction_keeps_everybody_alive():
    world = ready(300)
    for index in range(6):
        step(world, index)
    before = by_uid(world)
    compact(world)
    after = by_uid(world)
    check_households(world)
    assert (world.residents.household[: world.residents.n] >= 0).all()
    for key in before:
        np.testing.assert_array_equal(before[key], after[key], err_msg=key)


@settings(max_examples=30, deadline=None)
@given(moves=st.lists(st.tuples(st.integers(0, 11), st.integers(-1, 3)), max_size=40))
def test_lists_equal_sets(moves):
    head, size = np.full(4, -1, np.int32), np.zeros(4, np.uint8)
    nxt, household = np.full(12, -1, np.int32), np.full(12, -1, np.int32)
    from model.kernels.households import append_member

    plain = twin.Lists({h: set() for h in range(4)})
    for i in range(12):
        append_member(i, i % 4, head, size, nxt, household)
        plain.members[i % 4].add(i)
    for i, h in moves:
        if household[i] < 0:
            continue
        if h < 0:
            unlink_member(i, head, size, nxt, household)
            plain.unlink(i)
        else:
            move_member(i, h, head, size, nxt, household)
            plain.move(i, h)
    for h in range(4):
        found, i = set(), head[h]
        while i >= 0:
            found.add(int(i))
            i = nxt[i]
        assert found == plain.members[h] and size[h] == len(found)


@settings(max_examples=20, deadline=None)
@given(p=st.floats(1e-6, 0.2), seed=st.integers(0, 2**32))
def test_screen_lets_through_a_little_more_than_the_chance(p, seed):
    cut = int(cuts(np.array([p]))[0])
    assert p * LANES <= cut <= p * LANES + 2.0
    key = np.uint64(screen_key(np.uint64(seed), np.uint64(2), np.uint64(3)))
    n = 4000
    passed = sum(int(lane(np.uint64(screen_word(key, np.uint64(u))), 1)) < cut for u in range(1, n + 1))
    q = cut / LANES
    assert abs(passed - n * q) < 5.5 * np.sqrt(n * q * (1 - q)) + 1
