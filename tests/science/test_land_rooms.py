"""Land, rooms, demolition, relocation, affordable rental and absent owners: closed forms, and money that closes."""

import numpy as np
import pytest

from model.engine import simulate
from model.kernels.prices import build_cost, rates_of
from model.phases import land
from model.phases.absent_owners import absent_owners, withhold
from model.phases.building import complete, price_land, start_building
from model.phases.buying_in import buy_on_arrival
from model.phases.choice_tables import choice_tables
from model.phases.home_prices import let_vacancy, move_prices, move_rents, move_rooms
from model.phases.housing import housing, recount, spill
from model.phases.public_rental import add_public, let_from_list
from model.phases.purchases import terms_of
from model.phases.renewal import demolish
from model.phases.resettlement import RELOCATED, brokered, resettle
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure
from model.world.housing import start_housing
from model.world.start import start_world
from tests.reference import people as twin
from tests.science.test_housing import ready, same_as_twin, send_workers_away, wealth, wed_everybody
from tests.science.test_levers import at_full
from tests.science.test_month import make_input
from tests.worlds import by_uid, check_households, month_of, shuffled, small_world

MINE = (
    "renewal_keep_share", "informal_rental_enforcement", "building_cost_uplift", "parking_ratio",
    "relocation_households", "relocation_integration", "farmland_red_line", "ecological_red_line", "density_cap",
    "stock_land_reuse", "mixed_land_use", "collective_land_market", "homestead_reform", "land_quota_trade_share",
    "construction_land_quota", "rental_housing_units", "dormitory_beds", "renewal_dwellings",
)


def in_towns(world) -> np.ndarray:
    """Markets of township seats and county towns, bool[M]."""
    return np.isin(world.markets.kind[: world.markets.n], (Kind.TOWN, Kind.SEAT, Kind.CORE))


def none(world):
    return np.zeros(world.n_units, np.int64)


def nothing(world):
    return np.zeros(world.markets.n, np.int64)


# Land


def test_land_at_practice_is_one_to_the_last_bit():
    world = ready()
    for _ in range(24):
        assert (land.land_index(world, none(world)) == 1.0).all()
    assert (world.accounts["land_added_ha_year"] == 0.0).all()
    years = world.p.farmland_headroom_years - 2.0
    np.testing.assert_allclose(world.accounts["farmland_left_ha"], years * world.accounts["land_practice_ha"])


def test_no_land_is_supplied_below_the_farmland_floor():
    world = ready()
    a = world.accounts
    left = a["farmland_left_ha"].copy()
    floor = left - a["land_practice_ha"]
    world.channels.farmland_floor_ha[:] = floor
    seen = [land.supply(world) for _ in range(40)]
    np.testing.assert_allclose(a["farmland_left_ha"], floor, atol=1e-9)
    np.testing.assert_allclose(seen[0], 0.0)
    np.testing.assert_allclose(seen[-1], -a["land_practice_ha"])
    assert (land.land_index(world, none(world)) < 1.0).all()


def test_the_ecological_line_binds_most_in_key_ecological_counties():
    world = ready()
    world.channels.ecological_exclusion[:] = 0.5
    lost = -land.supply(world) / world.accounts["land_practice_ha"]
    np.testing.assert_allclose(lost, 0.5 * np.array([world.p.eco_share_other, world.p.eco_share_key]))


def test_stock_land_adds_until_the_idle_land_is_gone():
    world = ready()
    a, start = world.accounts, world.accounts["idle_land_ha"].copy()
    world.channels.stock_land_share[:] = 0.5
    more = land.supply(world)
    wanted = a["land_practice_ha"] * (1.0 - a["stock_share_start"] / (1.0 - a["stock_share_start"]))
    np.testing.assert_allclose(more, wanted)
    np.testing.assert_allclose(a["idle_land_ha"], start - a["land_practice_ha"] / 12.0)
    for _ in range(60):
        land.supply(world)
    np.testing.assert_allclose(a["idle_land_ha"], 0.0, atol=1e-9)
    assert (land.supply(world) <= 0.0).all()


def test_a_lower_cap_makes_less_of_the_same_land():
    world = ready()
    world.channels.density_cap[:] = 1.5
    np.testing.assert_allclose(land.land_index(world, none(world)), 0.75)


def test_collective_sales_pay_member_households_alike_and_replace_sales_of_the_county():
    world = ready()
    wed_everybody(world)
    homes, before = world.households, world.households.savings_fen[: world.households.n].copy()
    world.channels.collective_land[:] = 1.0
    land.supply(world)
    assert (world.accounts["land_added_ha_year"] < 0.0).all()
    land.share_collective_sales(world)
    got = homes.savings_fen[: homes.n] - before
    members = homes.land_mu[: homes.n] > 0.0
    assert (got[~members] == 0).all() and (got[members] > 0).all()
    world.ledger.check(wealth(world))


def test_plots_are_let_for_rent_and_come_back_with_their_owners():
    world = ready(params={"homestead_lease_act": 0.9, "homestead_lease_will": 1.0 - 1e-9})
    homes, n = world.households, world.households.n
    away = homes.place[:n] != homes.origin[:n]
    homes.homestead[:n] = np.where(away & (homes.land_mu[:n] > 0), Homestead.IDLE, homes.homestead[:n])
    world.channels.homestead_strength[:] = 1.0
    wed_everybody(world)
    for index in range(12):
        land.homestead_leases(world, month_of(index), recount(world, index).leased_plots)
    let = homes.homestead[:n] == Homestead.LEASED
    assert let.sum() > 10 and away[let].all()
    world.ledger.check(wealth(world))
    homes.place[:n] = homes.origin[:n]
    land.homestead_leases(world, month_of(13), recount(world, 13).leased_plots)
    assert not (homes.homestead[:n] == Homestead.LEASED).any()


# Building


def test_standards_and_parking_raise_cost_price_and_cut_starts_in_closed_form():
    world = ready(scale=0.5)
    p, c = world.p, world.channels
    c.building_cost_uplift[:], c.parking_ratio[:] = 0.1, 1.3
    cost = 1.1 + p.parking_cost_share * 0.5
    assert build_cost(0.1, 1.3, world.accounts["parking_start"][0], rates_of(world)) == pytest.approx(cost)
    dearer = 1.0 + p.cost_pass_share * (1.0 - p.land_cost_share) * (cost - 1.0)
    inside = slice(0, 3 * world.n_units)
    price = np.floor(world.seen.markets["price_yuan_m2"][inside] * p.home_size_m2 * 100.0 * dearer)
    np.testing.assert_allclose(terms_of(world).price_fen[inside], price, atol=2)
    world.panels.building[:], world.accounts["starts_carry"][:] = 0, 0.0
    start_building(world, none(world), nothing(world))
    base = (world.accounts["starts_base"] - world.accounts["rebuild_start"])[inside]
    wanted = base * cost ** -((1.0 - p.land_cost_share) * p.eps_supply)
    found = world.panels.building[round(p.build_lag) - 1] + world.accounts["starts_carry"]
    np.testing.assert_allclose(found[inside], wanted)


def test_starts_stop_at_what_sales_can_finance_and_unfinished_homes_wait():
    world = ready(scale=0.5)
    a, m, p = world.accounts, world.markets, world.p
    a["sales_month"] = 0.2 * a["starts_base"]
    m.homes_unsold[: m.n] = 0
    world.panels.building[:], a["starts_carry"][:] = 0, 0.0
    start_building(world, none(world), nothing(world))
    found = world.panels.building[round(p.build_lag) - 1] + a["starts_carry"]
    np.testing.assert_allclose(found, p.finance_ratio * a["sales_month"])
    world.panels.building[0] = 1000
    before = m.homes[: m.n].copy()
    complete(world)
    stalled = np.where(a["starts_base"] > 0, np.floor(p.stall_share * 0.8 * 1000), 0)
    np.testing.assert_array_equal(m.homes_unfinished[: m.n], stalled)
    np.testing.assert_array_equal(m.homes[: m.n] - before, 1000 - stalled)
    a["sales_month"] = a["starts_base"].copy()
    for _ in range(400):
        complete(world)
    assert m.homes_unfinished[: m.n].max() <= 1.0 / p.resume_month


def test_land_takes_what_the_price_leaves_and_falls_faster_than_the_price():
    world = ready()
    share = world.p.land_cost_share
    world.markets.price_yuan_m2[: world.markets.n] *= 0.95
    price_land(world)
    np.testing.assert_allclose(world.accounts["land_price"], 1.0 - 0.05 / share)


def lived(world, months=40):
    for index in range(months):
        world.look()
        housing(world, month_of(index))
    return world


def test_more_land_in_an_overstocked_county_builds_nothing_and_where_it_does_prices_fall():
    """Supply as a risk: no start under overhang; elsewhere emptier homes, lower prices, cheaper land."""
    outcomes = []
    for ha in (0.0, 400.0):
        world = ready(900, scale=0.05, params={"vacancy_natural": 0.2})
        world.channels.construction_land_ha_year[:] = ha
        stocked = world.markets.unit[: world.markets.n] == 0
        world.markets.homes_unsold[: world.markets.n] = np.where(stocked & in_towns(world), 10**4, 0)
        world.markets.homes[: world.markets.n] += np.where(stocked & in_towns(world), 10**4, 0)
        world.panels.building[:] = 0
        outcomes.append(lived(world))
    base, more = outcomes
    seat = np.array([2, 5])
    assert base.markets.homes[2] == more.markets.homes[2]
    assert base.markets.price_yuan_m2[2] == more.markets.price_yuan_m2[2]
    assert more.markets.homes[5] > base.markets.homes[5]
    assert more.markets.price_yuan_m2[5] < base.markets.price_yuan_m2[5]
    assert more.accounts["land_price"][1] < base.accounts["land_price"][1]
    assert (more.markets.homes_occupied[seat] <= more.markets.homes[seat]).all()


# Rents and rooms


def test_rents_fall_more_slowly_than_they_rise():
    steps = []
    for occupied in (940, 820):
        world = ready()
        m, n = world.markets, world.markets.n
        m.homes[:n], m.homes_occupied[:n], m.homes_unsold[:n], m.homes_withheld[:n] = 1000, occupied, 0, 0
        world.accounts["let_vacancy_start"][:] = 0.12
        start = m.rent_yuan_m2[2]
        move_rents(world, 1)
        steps.append(float(np.log(m.rent_yuan_m2[2] / start)))
    assert steps[0] > 0 > steps[1]
    assert -steps[1] == pytest.approx(world.p.rent_stick_down * steps[0])


def test_enforcement_closes_unsafe_rooms_raises_their_rent_and_sends_tenants_to_flats():
    """The opposing side: newcomers pay more, and the more flats they take the dearer those become."""
    rents, flats = [], []
    for strength in (0.0, 1.0):
        world = ready(900, params={"unsafe_room_share": 0.5})
        send_workers_away_to_town(world)
        world.channels.rental_enforcement[:] = strength
        for index in range(12):
            recount(world, index)
            spill(world)
            move_prices(world, index)
            move_rooms(world, nothing(world))
        m = world.markets
        rents.append(m.room_rent_yuan_m2[2] / world.accounts["room_rent_start"][2])
        flats.append(int(m.homes_occupied[2]))
        wanted = world.accounts["rooms_wanted"][2]
        assert m.rooms_used[2] == min(wanted, m.rooms[2]) and wanted > 20
    assert rents[0] < 1.02 < 1.1 < rents[1] and flats[1] > flats[0]


def send_workers_away_to_town(world):
    """Every fourth family has a member who rents a room in the first county town; rooms are there for all at first."""
    people, homes = world.residents, world.households
    seat = int(world.geography.seat_place[0])
    for h in range(0, homes.n, 4):
        rows = twin.household_members(world, h)
        if len(rows) > 1 and homes.place[h] != seat:
            homes.split_place[h], homes.split_tenure[h], homes.config[h] = seat, Tenure.RENTED, Config.WORKER_AWAY
            people.flags[rows[0]] = int(people.flags[rows[0]]) | Flag.APART
            people.place[rows[0]] = seat
    start_housing(world)
    recount(world, 0)
    same_as_twin(world)


# Renewal


def test_demolition_takes_empty_stock_and_pays_owners_who_then_rent():
    world = ready(900, params={"demolish_owner_share": 0.5})
    wed_everybody(world)
    homes, m, n = world.households, world.markets, world.households.n
    m.homes[: m.n] += 400
    world.channels.renewal_keep[:] = 0.0
    world.channels.renewal_flow[:] = 40.0
    owners, stock = homes.owns[:n].copy(), m.homes[: m.n].copy()
    savings = homes.savings_fen[:n].copy()
    homes.events_next[:n] = 0
    found = recount(world, 0)
    homes.events_next[:n] = 0
    gone, _, compensated = demolish(world, month_of(0), found, found.tenants[:0])
    told = homes.events_next[:n] & Event.LEASE_END > 0
    assert 0 < told.sum() <= gone.sum() and not (told & (owners == homes.place[:n])).any()
    paid = (owners >= 0) & (homes.owns[:n] < 0)
    assert gone.sum() > 40 and (stock - m.homes[: m.n] == gone).all()
    assert paid.sum() <= np.floor(0.5 * gone + 0.5).sum() and paid.sum() > 10
    assert (homes.tenure[:n][paid] == Tenure.RENTED).all() and np.isin(compensated, np.flatnonzero(paid)).all()
    assert (homes.savings_fen[:n][paid] > savings[paid]).all()
    world.ledger.check(wealth(world))


@pytest.mark.parametrize("limit", [0, 2**61])
def test_lots_of_demolition_do_not_depend_on_the_guess_of_how_many_are_looked_at(limit):
    results = []
    for below in (None, np.full(small_world(9).markets.n, limit, np.uint64)):
        world = ready(900, params={"demolish_owner_share": 0.5})
        wed_everybody(world)
        world.markets.homes[: world.markets.n] += 400
        world.channels.renewal_keep[:], world.channels.renewal_flow[:] = 0.0, 40.0
        found = recount(world, 0, below)
        results.append((found.owners.size, *demolish(world, month_of(0), found, found.tenants[:0]), by_uid(world)))
    (every, *wanted), (few, *got) = results
    assert few < every and wanted[1].size > 10
    for one, other in zip(got[:3], wanted[:3], strict=True):
        np.testing.assert_array_equal(one, other)
    for key, value in wanted[3].items():
        np.testing.assert_array_equal(got[3][key], value, err_msg=key)


def test_keeping_everything_demolishes_nothing():
    world = ready(600)
    world.channels.renewal_keep[:] = 1.0
    found = recount(world, 0)
    gone, _, compensated = demolish(world, month_of(0), found, found.tenants[:0])
    assert not gone.any() and not compensated.size


# Relocation


def test_as_many_households_move_as_were_paid_for():
    world = ready(900)
    wed_everybody(world)
    homes, people = world.households, world.residents
    world.channels.relocation_flow[:] = (7.0, 2.5)
    moved = np.zeros(world.n_units, np.int64)
    heads = (people.household[: people.n] >= 0).sum()
    for index in range(4):
        world.month_events = {}
        resettle(world, month_of(index))
        moved += world.month_events["relocated"]
    np.testing.assert_array_equal(moved, [28, 10])
    new = (people.flags[: people.n] & RELOCATED) > 0
    rows = np.unique(people.household[: people.n][new & (people.since[: people.n] >= 0)])
    assert rows.size == 38 and (homes.owns[rows] == homes.place[rows]).all()
    assert (homes.homestead[rows] == Homestead.EXITED).all() and (homes.tenure[rows] == Tenure.OWNED).all()
    assert (people.household[: people.n] >= 0).sum() == heads
    check_households(world)
    world.ledger.check(wealth(world))


def test_brokerage_puts_relocated_people_first_and_nobody_else_back():
    world = ready()
    people = world.residents
    person = np.arange(people.n)
    people.flags[: people.n : 2] |= RELOCATED
    draw = np.full(people.n, 0.5)
    np.testing.assert_array_equal(brokered(world, person, draw), draw)
    world.channels.relocation_links[:] = 1.0
    inside = world.places.unit[people.place[: people.n]] >= 0
    helped = ((people.flags[: people.n] & RELOCATED) > 0) & inside
    wanted = np.where(helped, 0.5 * (1.0 - world.p.relocation_link_gain), 0.5)
    np.testing.assert_allclose(brokered(world, person, draw), wanted)


# Affordable rental


def test_affordable_rental_empties_flats_and_lowers_market_rent():
    """Crowd-out: each home let by the county is a flat or a room given up, and rents approach a lower level."""
    rents = []
    for added in (0, 60):
        world = ready(900, params={"rental_income_limit": 50.0})
        m = world.markets
        world.accounts["public_rental_exact"] += added
        for index in range(1, 13):
            found = recount(world, index)
            add_public(world)
            let_from_list(world, month_of(index), found)
            spill(world)
            move_prices(world, index)
        rents.append(m.rent_yuan_m2[2])
        lived = (world.households.tenure[: world.households.n] == Tenure.PUBLIC_RENTAL).sum()
        assert lived == m.public_rental_used[: m.n].sum() and (added == 0 or lived > 20)
        recount(world, 13)
        assert (m.public_rental_used[: m.n] <= m.public_rental[: m.n]).all()
    assert rents[1] < rents[0]


def test_tenants_leave_when_their_income_has_risen_and_a_lease_ends():
    world = ready(600)
    homes, m = world.households, world.markets
    rows = np.flatnonzero((homes.tenure[: homes.n] == Tenure.RENTED) & (homes.owns[: homes.n] < 0))
    rows = rows[world.places.unit[homes.place[rows]] >= 0]
    homes.tenure[rows] = Tenure.PUBLIC_RENTAL
    homes.since[rows] = -12
    homes.income_yuan[rows[::2]] = 10**6
    found = recount(world, 0)
    m.public_rental[: m.n] = m.public_rental_used[: m.n]
    world.accounts["town_income_yuan"][:] = 2000.0
    let_from_list(world, month_of(0), found)
    left = homes.tenure[rows] == Tenure.RENTED
    assert left[::2].all() and left.sum() >= (rows.size + 1) // 2


def test_unsold_homes_are_converted_where_that_is_cheaper():
    world = ready(600, params={"rental_build_yuan": 240_000.0})
    m, seats = world.markets, np.array([2, 5])
    m.homes_unsold[seats], m.homes[seats] = (0, 5000), (900, 6000)
    world.accounts["public_rental_exact"] += 50.0
    before = m.homes[seats].copy()
    add_public(world)
    taken = before - m.homes[seats]
    assert taken[0] == 0 and taken[1] >= 50 and world.month_events["homes_converted"].tolist() == taken.tolist()


# Owners


def test_homes_of_absent_owners_are_withheld_let_or_sold_and_money_closes():
    world = ready(900, params={"absent_let_share": 0.4, "absent_sell_year": 0.9})
    wed_everybody(world)
    homes, m, n = world.households, world.markets, world.households.n
    out = int(world.geography.outside_place[0])
    gone = (homes.owns[:n] >= 0) & (homes.origin[:n] != homes.owns[:n])
    rows = np.flatnonzero(gone)
    for h in rows:
        homes.place[h], homes.split_place[h] = out, -1
        for i in twin.household_members(world, h):
            world.residents.place[i] = out
    wed_everybody(world)
    rows_absent = recount(world, 0).absent
    withhold(world, rows_absent)
    absent = rows.size
    assert absent > 20 and 0 < m.homes_withheld[: m.n].sum() < absent
    assert (let_vacancy(world) <= 1.0).all()
    savings = homes.savings_fen[:n].copy()
    absent_owners(world, month_of(1), rows_absent)
    sold = gone & (homes.owns[:n] < 0)
    assert 0 < sold.sum() < absent and world.month_events["homes_resold"].sum() == sold.sum()
    assert (homes.savings_fen[:n][~gone] == savings[~gone]).all()
    assert (homes.savings_fen[:n][gone] > savings[gone]).sum() > sold.sum()
    world.ledger.check(wealth(world))


def test_buying_on_arrival_needs_the_first_share_sells_the_old_home_and_closes():
    world = ready(600)
    homes, m, n = world.households, world.markets, world.households.n
    seats = world.geography.seat_place
    rows = np.flatnonzero((world.places.unit[homes.place[:n]] >= 0) & (homes.owns[:n] < 0))[:60]
    homes.tenure[rows] = Tenure.RENTED
    homes.savings_fen[rows[::3]] = 0
    homes.owns[rows[1::3]] = np.where(world.places.unit[homes.place[rows[1::3]]] == 0, seats[1], seats[0])
    m.homes[: m.n] += 500
    wed_everybody(world)
    homes.savings_fen[rows[::3]] = 0
    found = wealth(world)
    world.ledger.balance[:] = 0
    world.ledger.balance[world.ledger.accounts("households")] = found[:-1]
    world.ledger.balance[world.ledger.account("outside")] = -found[:-1].sum()
    won = buy_on_arrival(world, month_of(0), rows)
    assert not won[::3].any() and won[1::3].all() and won[2::3].all()
    assert (homes.owns[rows[won]] == homes.place[rows[won]]).all()
    assert world.accounts["bought_on_arrival"].sum() == won.sum()
    world.ledger.check(wealth(world))


def test_user_cost_follows_its_closed_form_and_has_a_floor():
    world = start_world(make_input(months=1, scale=0.001))
    p, m = world.p, world.markets
    m.price_growth_year[2], m.price_growth_year[5] = -0.04, 0.5
    world.look()
    costs = choice_tables(world, 0)
    price = m.price_yuan_m2[2] * p.home_size_m2
    yearly = p.mortgage_interest_year + p.home_upkeep_year + 0.04
    assert costs.owner_yuan[2] == pytest.approx(price * yearly / 12.0)
    assert costs.owner_yuan[5] == pytest.approx(m.price_yuan_m2[5] * p.home_size_m2 * p.user_cost_floor_year / 12.0)
    assert costs.need_yuan[2] == pytest.approx(price * p.down_payment_share * (1.0 - p.kin_help_share))


# The whole phase


def strong(world):
    """Every channel of homes and land far from practice."""
    c = world.channels
    c.renewal_keep[:], c.renewal_flow[:], c.rental_enforcement[:], c.relocation_flow[:] = 0.3, 100.0, 0.8, 150.0
    c.collective_land[:], c.homestead_strength[:], c.stock_land_share[:], c.density_cap[:] = 1.0, 1.0, 0.5, 1.5
    c.public_rental_flow[:], c.building_cost_uplift[:], c.parking_ratio[:] = 60.0, 0.2, 1.5


def test_the_whole_phase_under_all_its_channels_does_not_depend_on_the_order_of_rows():
    world = ready(700, scale=0.02)
    send_workers_away(world)
    strong(world)
    other = shuffled(world)
    for index in range(13):
        for w in (world, other):
            w.look()
            housing(w, month_of(index))
    a, b = by_uid(world), by_uid(other)
    for key in a:
        np.testing.assert_array_equal(a[key], b[key], err_msg=key)
    for column in world.markets.columns:
        np.testing.assert_array_equal(getattr(world.markets, column.key), getattr(other.markets, column.key))


def test_heads_money_and_households_close_with_every_lever_of_homes_and_land_at_full_strength():
    made = make_input("current_practice", months=26, scale=0.003)
    simulate(at_full(made, MINE), checked=True)
