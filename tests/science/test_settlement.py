"""Registration in towns: the logit by hand, routes and knowledge, calibration of the intercept."""

import copy
import math

import numpy as np
import pytest

from model.kernels import settle
from model.kernels.settle import FIX
from model.phases.settlement import (
    columns,
    expected_year,
    intercept,
    learn,
    price_to_income,
    rules_of,
    settlement,
    start_settlement,
    unregistered,
)
from model.spec.codes import Event, Flag, Kind, Tenure
from model.world.housing import start_housing
from tests.reference import people as twin
from tests.worlds import by_uid, month_of, shuffled, small_world


def ready(households=600, **kwargs):
    world = small_world(households, **kwargs)
    start_housing(world)
    world.look()
    start_settlement(world)
    return world


def chance(world, h, month=0):
    return settle.chance(h, world.seed, month, intercept(world), rules_of(world), columns(world))[:2]


def case(world, h, month=0):
    return settle.chance(h, world.seed, month, intercept(world), rules_of(world), columns(world))[2]


def in_town_not_registered(world):
    homes, people, places = world.households, world.residents, world.places
    return [
        h for h in range(homes.n)
        if twin.is_town(places.kind[homes.place[h]])
        and any(people.hukou[i] != homes.place[h] for i in twin.household_members(world, h))
    ]


def test_intercept_gives_the_yearly_rate_of_the_start():
    world = ready()
    target = world.p.conv_hazard_stock * unregistered(world)
    assert target > 0
    assert expected_year(world) == pytest.approx(target, rel=1e-6)


def test_open_cases_are_those_with_a_chance_and_somebody_who_would_gain():
    """Twin: every household asked by itself."""
    world = ready()
    logits, people = settle.open_cases(world.households.n, world.seed, 0, rules_of(world), columns(world))
    asked = [(p, gain) for p, gain in (chance(world, h) for h in range(world.households.n)) if gain]
    assert 0 < len(asked) < world.households.n
    np.testing.assert_array_equal(people, [gain for _, gain in asked])
    np.testing.assert_allclose(1.0 / (1.0 + np.exp(-(intercept(world) + logits))), [p for p, _ in asked], rtol=1e-12)


def test_logit_equals_hand_computation():
    world = ready(params={"aware_existing": 1.0 - 1e-12})
    homes, people = world.households, world.residents
    a0 = float(world.accounts["settle_intercept"][0])
    checked = 0
    for h in in_town_not_registered(world):
        found, _ = chance(world, h)
        if homes.tenure[h] != Tenure.OWNED:
            assert found == 0.0
            continue
        rows = twin.household_members(world, h)
        unit = world.places.unit[homes.place[h]]
        from_here = any(world.places.unit[people.hukou[i]] == unit for i in rows)
        children = any(-people.birth[i] < 192 for i in rows)
        wanted = twin.settlement_logit(
            world.p, a0=a0, owner=1, insured=any(people.flags[i] & Flag.INSURED for i in rows), rental=0, dorm=0,
            land=homes.land_mu[h] > 0 or homes.homestead[h] in (1, 2, 3), years=2.0,
            pir_gap=price_to_income(world)[world.places.market[homes.place[h]]] - world.accounts["pir_start"][0],
            gap=0.3 * (world.p.ent_gap_own_county if from_here else 1.0),
            need=1.0 if children else world.p.need_other,
        )
        assert found == pytest.approx(wanted)
        checked += 1
    assert checked > 5


def renting(world, h):
    return world.households.tenure[h] == Tenure.RENTED and world.households.owns[h] != world.households.place[h]


def test_tenants_have_no_route_until_the_rule_is_in_force_and_known():
    world = ready()
    tenants = [h for h in in_town_not_registered(world) if renting(world, h)]
    assert tenants and all(chance(world, h)[0] == 0.0 for h in tenants)
    world.channels.rent_parity[:] = 1.0
    assert all(chance(world, h)[0] == 0.0 for h in tenants)
    world.accounts["aware_new"][:] = 1.0
    assert all(chance(world, h)[0] > 0.0 for h in tenants)


def test_a_wider_rule_only_adds_households():
    world = ready()
    world.accounts["aware_new"][:] = 1.0
    tenants = [h for h in in_town_not_registered(world) if renting(world, h)]
    before: set[int] = set()
    for parity in (0.0, 0.2, 0.5, 0.8, 1.0):
        world.channels.rent_parity[:] = parity
        now = {h for h in tenants if chance(world, h)[0] > 0.0}
        assert before <= now
        before = now
    assert before == set(tenants)


def test_equal_access_lowers_the_reason_to_convert():
    world = ready()
    before = expected_year(world)
    world.channels.entitlement[:] = 1.0
    assert expected_year(world) < before


def test_abolished_limits_need_to_be_known():
    world = ready()
    before = expected_year(world)
    world.channels.entry_limit[:] = 0.0
    assert expected_year(world) == before
    world.accounts["aware_new"][:] = 1.0
    gain = world.p.barrier_logit * world.p.residual_barrier
    assert before < expected_year(world) < before * math.exp(gain) / 0.6


def test_knowledge_spreads_only_of_rules_in_force():
    world = ready()
    for _ in range(12):
        learn(world)
    assert (world.accounts["aware_new"] == 0.0).all()
    assert (world.accounts["aware_existing"] == world.p.aware_existing).all()
    world.channels.rent_parity[:] = 0.5
    for _ in range(12):
        learn(world)
    np.testing.assert_allclose(world.accounts["aware_new"], world.p.awareness_12m)
    world.channels.awareness_speed[:] = 2.0
    learn(world)
    assert (world.accounts["aware_existing"] > world.p.aware_existing).all()


def test_conversion_moves_registration_of_members_present_and_counts_them():
    world = ready(params={"conv_hazard_stock": 0.3})
    people, homes, places = world.residents, world.households, world.places
    for index in range(12):
        before, urban = people.hukou[: people.n].copy(), places.urban[people.hukou[: people.n]].copy()
        world.month_events = {}
        settlement(world, month_of(index))
        changed = np.flatnonzero(people.hukou[: people.n] != before)
        assert world.month_events["conversions"].sum() + world.month_events["hukou_transfers"].sum() == changed.size
        outside = places.unit[before[changed]] < 0
        assert world.month_events["conversions"].sum() == ((urban[changed] == 0) | outside).sum()
        for i in changed:
            assert people.hukou[i] == homes.place[people.household[i]] == people.place[i]
            assert places.kind[people.hukou[i]] not in (Kind.VILLAGE, Kind.OUTSIDE)


def test_mean_conversions_equal_expectation():
    base = ready(1500, params={"conv_hazard_stock": 0.1})
    homes = base.households
    expected, variance = 0.0, 0.0
    for h in range(homes.n):
        p, n = chance(base, h)
        month = 1.0 - (1.0 - p) ** (1.0 / 12.0)
        expected += month * n
        variance += month * (1.0 - month) * n * n
    total, runs = 0, 40
    for seed in range(runs):
        world = copy.deepcopy(base)
        # Knowledge and consent are traits of a household and a seed: the month's draws alone are renewed.
        settlement_with(world, seed)
        total += int(world.month_events["conversions"].sum())
    assert abs(total - runs * expected) < 4.0 * math.sqrt(runs * variance)


def settlement_with(world, index):
    """One month's registrations as in the month `index` with everybody's stay unchanged."""
    world.households.since[: world.households.n] += index
    world.residents.birth[: world.residents.n] += index
    settlement(world, month_of(index))


def test_nobody_converts_without_a_hazard():
    world = ready()
    world.accounts["settle_intercept"][0] = -700.0
    settlement(world, month_of(0))
    assert world.month_events["conversions"].sum() == 0


def test_order_of_rows_does_not_matter():
    world = ready(params={"conv_hazard_stock": 0.2})
    other = shuffled(world)
    start_settlement(other)
    assert other.accounts["settle_intercept"][0] == world.accounts["settle_intercept"][0]
    for index in range(8):
        settlement(world, month_of(index))
        settlement(other, month_of(index))
    a, b = by_uid(world), by_uid(other)
    for key in a:
        np.testing.assert_array_equal(a[key], b[key], err_msg=key)


def test_chances_are_summed_in_whole_steps():
    assert FIX == 2.0**32


def scramble(world, seed=4):
    """Contracts, split families, tenures and half-registered families of every kind."""
    rng = np.random.default_rng(seed)
    people, homes, places = world.residents, world.households, world.places
    n = people.n
    people.flags[:n] |= np.where(rng.random(n) < 0.4, int(Flag.CONTRACT | Flag.INSURED), 0).astype(np.uint16)
    people.job_since[:n] = -rng.integers(0, 30, n)
    for h in range(homes.n):
        rows = twin.household_members(world, h)
        unit = places.unit[homes.origin[h]]
        if homes.place[h] == homes.origin[h] and len(rows) > 1 and rng.random() < 0.5:
            seat = int(world.geography.seat_place[unit])
            if seat != homes.place[h]:
                homes.split_place[h], homes.split_tenure[h] = seat, rng.choice([Tenure.RENTED, Tenure.DORMITORY])
                people.flags[rows[0]] |= Flag.APART
                people.place[rows[0]], people.job_market[rows[0]] = seat, places.market[seat]
        if rng.random() < 0.2 and twin.is_town(places.kind[homes.place[h]]):
            people.hukou[rows[0]] = homes.place[h]
    return world


@pytest.mark.parametrize("newer", [False, True])
def test_route_and_registrants_equal_the_twin(newer):
    world = scramble(ready(800))
    c, a = world.channels, world.accounts
    if newer:
        c.rent_parity[:], c.habitual_share[:], c.family_form_share[:] = 0.6, 0.2, 0.8
        a["aware_new"][:] = 0.5
    a["converted_share"][:] = 0.3
    q, seen = rules_of(world), set()
    for h in range(world.households.n):
        _, _, k = settle.chance(h, world.seed, 7, intercept(world), q, columns(world))
        route, wanted = twin.registrants(world, q, h, 7)
        rows = twin.household_members(world, h)
        found = {i for i in rows if k.route and settle.joins(i, k, 7, q, columns(world))}
        assert (k.route, found) == (route, wanted), h
        seen.add(route)
    assert seen == ({0, 1, 2, 3, 4} if newer else {0, 1, 2, 3})


def test_a_family_household_takes_along_who_lives_elsewhere_and_is_told():
    world = scramble(ready(800, params={"aware_existing": 1.0 - 1e-12}))
    people, homes = world.residents, world.households
    world.accounts["settle_intercept"][0] = 700.0
    world.accounts["aware_new"][:] = 1.0
    whole = {}
    for share in (0.0, 1.0):
        twin_world = copy.deepcopy(world)
        twin_world.channels.family_form_share[:] = share
        settlement(twin_world, month_of(12))
        whole[share] = twin_world
    alone, family = (whole[s].month_events["conversions"].sum() for s in (0.0, 1.0))
    assert family > 1.3 * alone > 0
    split = np.flatnonzero((homes.split_place[: homes.n] >= 0) & (homes.size[: homes.n] > 0))
    after = whole[1.0].residents.hukou
    there = [h for h in split if all(after[i] == homes.split_place[h] for i in twin.household_members(world, h))]
    assert there, "somebody at home is registered where the worker lives"
    assert all(whole[1.0].households.events_next[h] & Event.OFFER for h in there)
    assert people.place[: people.n].tobytes() == whole[1.0].residents.place[: people.n].tobytes()


@pytest.mark.parametrize("levers", [False, True])
def test_nobody_who_would_register_is_passed_over_by_the_bound(levers):
    """Twin: everybody who passes the screen is asked in full."""
    moved = []
    for everybody in (False, True):
        world = scramble(ready(800, params={"conv_hazard_stock": 0.2}))
        if levers:
            world.channels.rent_parity[:], world.channels.family_form_share[:] = 0.7, 0.9
            world.channels.collective_dividend_yuan_month[:] = 60.0
            world.accounts["aware_new"][:] = 0.8
        if everybody:
            tenure, years, needed = settle.fixed_bounds(rules_of(world))
            world.kept["settle_bounds"] = tenure, years, np.full(needed.size, -1e9)
        total = 0
        for index in range(9):
            settlement(world, month_of(index))
            total += world.month_events.pop("conversions").sum()
        moved.append((total, by_uid(world)))
    (few, one), (many, other) = moved
    assert few == many > 20
    for key in one:
        np.testing.assert_array_equal(one[key], other[key], err_msg=key)


def test_assured_land_rights_raise_conversions_of_those_with_land_only():
    world = ready(params={"aware_existing": 1.0 - 1e-12})
    homes = world.households
    rows = [h for h in in_town_not_registered(world) if chance(world, h)[0] > 0.0]
    before = {h: chance(world, h)[0] for h in rows}
    world.channels.land_assurance[:] = 0.5
    for h in rows:
        with_land = homes.land_mu[h] > 0 or homes.homestead[h] in (1, 2, 3)
        assert (chance(world, h)[0] > before[h]) if with_land else (chance(world, h)[0] == before[h])
    assert any(homes.land_mu[h] > 0 for h in rows)


def test_word_of_mouth_reaches_more_households_where_co_villagers_have_registered():
    world = ready(800, params={"aware_existing": 0.3, "learn_neighbours": 0.8})
    reached = []
    for share in (0.0, 0.5, 1.0):
        world.accounts["converted_share"][:] = share
        reached.append({h for h in in_town_not_registered(world) if case(world, h).route})
    assert reached[0] < reached[1] < reached[2]


def test_no_registration_goes_back_to_a_village_and_registering_moves_or_sells_nothing():
    """Purchase, registration and residence are three events: this phase writes the second alone."""
    world = scramble(ready(800, params={"conv_hazard_stock": 0.3}))
    people, places = world.residents, world.places
    for index in range(12):
        was, frozen = people.hukou[: people.n].copy(), copy.deepcopy(by_uid(world))
        settlement(world, month_of(index))
        moved = people.hukou[: people.n] != was
        assert all(twin.is_town(k) for k in places.kind[people.hukou[: people.n][moved]])
        for key, value in by_uid(world).items():
            if key not in ("person hukou", "person flags", "home events_next"):
                np.testing.assert_array_equal(value, frozen[key], err_msg=key)


def test_twice_the_people_twice_the_conversions():
    one, two = ready(1500, seed=3), ready(3000, seed=3)
    assert unregistered(two) / unregistered(one) == pytest.approx(2.0, rel=0.1)
    assert expected_year(two) / expected_year(one) == pytest.approx(2.0, rel=0.1)


def test_a_dividend_of_the_village_collective_holds_registrations_back():
    world = ready()
    before = expected_year(world)
    world.channels.collective_dividend_yuan_month[:] = 40.0
    assert expected_year(world) < before
