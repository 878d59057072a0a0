"""Trips, stays at home, kin, resident scheme: what the channels change, and whom it reaches (E1, E11, E21, E22)."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from model.engine import CountyModel
from model.inputs import Month
from model.kernels.households import has_adult
from model.phases.arrivals import arrival_rates
from model.phases.cash import rates, terms
from model.phases.choice_tables import choice_params, choice_tables
from model.phases.kin import near_kin, start_kin, tell_kin, update_kin
from model.phases.travel import covered, link_factor, mean_pace, travel_factor, update_travel
from model.phases.triggers import EVENTS
from model.spec.codes import Event, Flag, Kind
from model.world.constants import expected_flows
from model.world.services import start_services
from tests.reference import people as twin
from tests.science.test_month import make_input
from tests.worlds import month_of, small_world

JANUARY_2024 = (2024 - 2020) * 12 - 10


@pytest.fixture(scope="module")
def start():
    return CountyModel(make_input(scale=0.003, months=1)).world


@pytest.fixture
def world(start):
    return copy.deepcopy(start)


def town_flows(world):
    """Expected persons who enter own county towns in a month, and who leave for places outside."""
    flows, units = expected_flows(world, world.panels.xi)[0].sum(axis=2), world.n_units
    seats = 3 * np.arange(units) + 2
    return flows[np.arange(units), seats].sum(), flows[:units, 3 * units :].sum()


def test_buses_reach_the_nearest_villages_first(world):
    places = world.places
    village = places.kind[: places.n] == Kind.VILLAGE
    before = covered(world, np.zeros(world.n_units))
    assert before[village].max() == 0.0 and before[~village].min() == 1.0
    for share in (0.3, 0.6, 1.0):
        now = covered(world, np.full(world.n_units, share))
        assert (now >= before).all()
        for u in range(world.n_units):
            rows = np.flatnonzero(village & (places.unit[: places.n] == u))
            rows = rows[np.argsort(places.relabel_order[rows])]
            assert (np.diff(now[rows]) <= 0.0).all()
            assert now[rows].mean() == pytest.approx(share)
        before = now


def test_practice_changes_no_minute(world):
    assert (travel_factor(world, 0) == 1.0).all()
    update_travel(world, Month(0, 11, False))
    far = world.geography.minutes > 0.0
    ratio = world.panels.minutes[far] / world.geography.minutes[far]
    assert ((ratio <= 1.0) & (ratio > 0.999)).all(), "electric cars spread a little even at practice"


def test_cheaper_commuting_replaces_moving(world):
    into_town, _ = town_flows(world)
    world.channels.transit_share[:] = 1.0
    assert (mean_pace(world, covered(world, np.ones(world.n_units)))[0] < 1.9) and town_flows(world)[0] < into_town


def test_better_roads_shorten_the_way_in_and_out(world):
    """Towns of the own county become nearer too, so fewer may leave for others: the way out is seen in its utility."""
    access, leave, came = choice_tables(world, 0).access, sum(town_flows(world)), arrival_rates(world, 0).sum()
    world.channels.travel_time_factor[:] = 0.6
    inside = world.places.unit[: world.places.n] >= 0
    assert (choice_tables(world, 0).access[inside, 3 * world.n_units :] > access[inside, 3 * world.n_units :]).all()
    assert sum(town_flows(world)) > leave
    assert arrival_rates(world, 0).sum() > came


def test_links_open_at_their_date_for_their_unit_and_cut_both_ways(world):
    world.channels.intercity_open_year[3], world.channels.intercity_works_share[3] = 2024.0, 1.0
    assert (link_factor(world, JANUARY_2024 - 1) == 1.0).all()
    open_ = link_factor(world, JANUARY_2024)
    assert open_[3] == 1.0 - world.p.intercity_time_gain and (np.delete(open_, 3) == 1.0).all()
    factor = travel_factor(world, JANUARY_2024)
    outside = world.markets.unit[: world.markets.n] < 0
    here = world.places.unit[: world.places.n] == 3
    assert (factor[here][:, outside] < 1.0).all()
    factor[np.ix_(here, outside)] = 1.0
    assert (factor == 1.0).all()
    after, before = arrival_rates(world, JANUARY_2024), arrival_rates(world, 0)
    assert (after[:, 3] >= before[:, 3]).all() and after[:, 3].sum() > before[:, 3].sum()
    assert np.delete(after, 3, axis=1) == pytest.approx(np.delete(before, 3, axis=1))


def test_chargers_speed_electric_cars_and_cheapen_trips(world):
    other = copy.deepcopy(world)
    other.channels.charging_ratio[:] = 1.0
    for index in range(48):
        month = Month(index, (10 + index) % 12 + 1, False)
        update_travel(world, month)
        update_travel(other, month)
    assert (other.accounts["ev_share"] > 1.2 * world.accounts["ev_share"]).all()
    assert (world.accounts["ev_share"] > 2.0 * world.p.ev_share_start).all()
    assert (other.panels.minutes <= world.panels.minutes).all()


def test_prior_migrants_lean_on_the_truth(world):
    world.seen.panels.belief_wage[:] *= 0.5
    naive, told = choice_tables(world, 0).income
    assert (told > naive).all()
    assert choice_params(world.p).rho <= choice_params(world.p).fresh


def test_higher_contributions_are_paid_now_and_drawn_later(world):
    def scheme():
        t, beyond = terms(world, rates(world, 0))
        return beyond.levy_fen[:-2], t.benefit_fen[:-2], beyond.leave[:-2]

    assert not any(x.any() for x in scheme())
    world.channels.resident_contribution_yuan_year[:] = 700.0
    levy, benefit, leave = scheme()
    assert (levy == round((700.0 - 350.0) / 12 * 100)).all() and (benefit == 0).all()
    assert leave[0] == pytest.approx(1.0 - 2.0 ** -world.p.resident_dropout_elast)
    world.channels.resident_contribution_yuan_year[:] = 100.0
    assert (scheme()[2] == 0.0).all()


def test_the_scheme_closes_and_turns_from_a_cost_into_a_benefit_for_elders():
    made = make_input(scale=0.002, months=30)
    path = np.full_like(made.levers["social_insurance_contribution"], 900.0)
    made.levers["social_insurance_contribution"] = path
    model = CountyModel(made, checked=True)
    drawn = []
    for _ in range(30):
        model.step()
        flow = model.world.ledger.flow_of
        drawn.append((flow("resident_levy").sum(), flow("resident_benefit").sum(), flow("resident_subsidy").sum()))
    paid, got, subsidy = np.array(drawn).T
    assert (paid > 0).all() and got[0] == 0 and (np.diff(got[2:]) > 0).mean() > 0.8
    np.testing.assert_allclose(subsidy / paid, model.world.p.resident_subsidy_ratio, rtol=0.2)


def test_stays_at_home_are_short_and_leave_usual_residence_alone():
    made = make_input(scale=0.004, months=14)
    model = CountyModel(made, checked=True)
    homes, people, known, longest = model.world.households, model.world.residents, {}, 0
    for month in range(13):
        model.step()
        rows = np.flatnonzero((homes.back_place[: homes.n] >= 0) & (homes.size[: homes.n] > 0))
        longest = max(longest, int((homes.back_month[rows] - month).max(initial=0)))
        for h in rows:
            for i in twin.household_members(model.world, h):
                if people.flags[i] & Flag.ON_LEAVE and people.place[i] != homes.back_place[h]:
                    visit = (int(people.uid[i]), int(homes.back_month[h]))
                    assert known.setdefault(visit, int(people.usual[i])) == people.usual[i]
    assert len(known) > 20 and 1 <= longest <= 4


def test_zero_hazards_zero_flows():
    """Nobody thinks again, comes home or arrives: no choice is made and nobody is on leave."""
    still = {key: 0.0 for _, key in EVENTS}
    still |= {key: 0.0 for key in ("lambda_ref_month", "h_return_perm", "h_circular", "arrival_rate_month")}
    made = make_input(scale=0.002, months=4)
    model = CountyModel(replace(made, params={**made.params, **still, "rr_village_school_closed": 1.0}))
    for _ in range(4):
        model.step()
        assert np.sum(model.world.month_events.get("choices", 0)) == 0
        assert not model.world.triggered.any()
    homes = model.world.households
    assert (homes.back_place[: homes.n] < 0).all()


def test_children_elsewhere_hear_of_a_parent_in_need_and_kin_take_over():
    world = small_world(600)
    start_services(world)
    start_kin(world)
    homes, people = world.households, world.residents
    linked = np.flatnonzero(homes.kin_uid[: homes.n] > 0)
    assert linked.size > 20
    row = {int(homes.uid[h]): h for h in range(homes.n)}
    for h in linked:
        parents = row[int(homes.kin_uid[h])]
        assert homes.origin[parents] == homes.origin[h]
        oldest = [min(people.birth[i] for i in twin.household_members(world, k)) for k in (parents, h)]
        assert oldest[1] - oldest[0] > 17 * 12
    parents = row[int(homes.kin_uid[linked[0]])]
    homes.events_next[: homes.n] = 0
    tell_kin(world, np.array([parents]))
    told = set(np.flatnonzero(homes.events_next[: homes.n] == Event.PARENT_CARE))
    assert told == {h for h in linked if homes.kin_uid[h] == homes.uid[parents]}
    heir = near_kin(world, month_of(0), np.array([parents]))[0]
    assert heir in told and has_adult(heir, 0, homes.head, people.next, people.birth)
    update_kin(world, 0)
    old = any(people.birth[i] <= -720 for i in twin.household_members(world, parents))
    assert homes.kin_elder[linked[0]] == old
