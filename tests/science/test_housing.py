"""Homes: recount, purchases, prices in closed form, building, lotteries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels.lots import draw_lots
from model.kernels.rng import Stream
from model.phases import housing as phase
from model.phases.building import start_building
from model.phases.home_prices import move_prices
from model.phases.housing import housing, recount
from model.phases.land import homestead_exits, land_index
from model.phases.public_rental import allocate_public_rental
from model.phases.purchases import pay, purchases
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure
from model.state.ledger import wealth_by_unit
from model.world.housing import start_housing
from tests.reference import people as twin
from tests.worlds import by_uid, check_households, month_of, shuffled, small_world

NOBODY = np.zeros(0, np.int64)


def ready(households=400, **kwargs):
    world = small_world(households, **kwargs)
    start_housing(world)
    world.accounts["wage_seen_start"] = world.panels.wage_yuan.mean(axis=1)
    world.look()
    return world


def wealth(world):
    h = world.households
    return wealth_by_unit(
        h.savings_fen[: h.n], h.debt_fen[: h.n], h.size[: h.n], h.place[: h.n], world.places.unit, world.n_units
    )


def send_workers_away(world):
    """Give some households a member who lives in a dormitory elsewhere."""
    people, homes = world.residents, world.households
    for h in range(0, homes.n, 5):
        rows = twin.household_members(world, h)
        if len(rows) > 1:
            homes.split_place[h] = world.geography.outside_place[1]
            homes.split_tenure[h] = Tenure.DORMITORY if h % 2 else Tenure.RENTED
            people.flags[rows[0]] = int(people.flags[rows[0]]) | Flag.APART
            people.place[rows[0]] = homes.split_place[h]
    check_households(world)


def test_recount_equals_twin():
    world = ready()
    send_workers_away(world)
    world.households.tenure[7:30:3] = Tenure.PUBLIC_RENTAL
    world.households.tenure[8:30:3] = Tenure.DORMITORY
    world.households.collective[40:44] = 1
    recount(world, 0)
    same_as_twin(world)


def test_sorted_rows_equal_masks():
    world = ready()
    wed_everybody(world)
    homes, n, unit = world.households, world.households.n, world.places.unit
    homes.owns[:n:5] = world.geography.seat_place[0]
    homes.owns[1:n:7], homes.tenure[1:n:7] = homes.place[1:n:7], Tenure.OWNED
    homes.homestead[:n:9] = Homestead.LEASED
    found = recount(world, 0)
    lives, inside = homes.size[:n] > 0, unit[homes.place[:n]] >= 0
    owns, place, tenure = homes.owns[:n], homes.place[:n], homes.tenure[:n]
    away = (owns >= 0) & (unit[np.maximum(owns, 0)] >= 0) & (owns != place) & (owns != homes.split_place[:n])
    for rows, mask in (
        (found.tenants, (tenure == Tenure.RENTED) & inside), (found.public_tenants, tenure == Tenure.PUBLIC_RENTAL),
        (found.owners, (tenure == Tenure.OWNED) & (owns == place) & (homes.collective[:n] == 0)),
        (found.absent, away), (found.weddings, homes.events[:n] & Event.WEDDING > 0),
        (found.leased_plots, homes.homestead[:n] == Homestead.LEASED),
    ):
        np.testing.assert_array_equal(rows, np.flatnonzero(mask & lives))
    assert found.absent.size > 10 and found.owners.size > 10


def same_as_twin(world):
    m = world.markets
    found = (m.homes_occupied, world.accounts["rooms_wanted"], m.public_rental_used, m.dorm_used)
    for one, wanted in zip(found, twin.occupied(world), strict=True):
        np.testing.assert_array_equal(one[: m.n], wanted)


def test_start_state_has_the_given_vacancy_and_queue():
    world = ready(2000, scale=0.05)
    m, a = world.markets, world.accounts
    towns = (m.kind[: m.n] != Kind.VILLAGE) & (m.kind[: m.n] != Kind.OUTSIDE)
    share = 1.0 - m.homes_occupied[: m.n] / np.maximum(m.homes[: m.n], 1)
    np.testing.assert_allclose(share[towns], 0.2, atol=0.01)
    lag = round(world.p.build_lag)
    total = world.panels.building.sum(axis=0) + a["starts_carry"]
    np.testing.assert_allclose(total, lag * a["starts_base"])
    assert a["starts_base"].sum() * 12 == pytest.approx(2 * 600 * 0.05)


def test_price_and_rent_follow_the_closed_form():
    world = ready(params={"price_momentum": 0.0, "price_outside_share": 0.0})
    m, p = world.markets, world.p
    start = m.price_yuan_m2[: m.n].copy()
    rent = m.rent_yuan_m2[: m.n].copy()
    m.homes[: m.n], m.homes_occupied[: m.n], m.homes_unsold[: m.n] = 1000, 900, 0
    m.homes_withheld[: m.n] = 0
    world.accounts["let_vacancy_start"][:] = 0.12
    for index in range(1, 6):
        move_prices(world, index)
    towns = (m.kind[: m.n] != Kind.VILLAGE) & (m.kind[: m.n] != Kind.OUTSIDE)
    rise = p.price_adjust_month * 100.0 * (p.vacancy_natural - 0.1)
    np.testing.assert_allclose(m.price_yuan_m2[: m.n][towns], start[towns] * np.exp(5 * rise))
    np.testing.assert_allclose(m.price_yuan_m2[: m.n][~towns], start[~towns])
    distance = p.rent_level_per_point * 2.0 * (1.0 - (1.0 - p.rent_adjust_month) ** 5)
    np.testing.assert_allclose(m.rent_yuan_m2[: m.n][towns], rent[towns] * np.exp(distance))
    expected = 12.0 * rise * (1.0 - (1.0 - p.expect_adapt_month) ** 5)
    np.testing.assert_allclose(m.price_growth_year[: m.n][towns], expected)


def test_prices_fall_more_slowly_than_they_rise():
    steps = []
    for occupied in (950, 750):
        world = ready(params={"price_momentum": 0.0, "vacancy_natural": 0.15})
        m = world.markets
        m.homes[: m.n], m.homes_occupied[: m.n], m.homes_unsold[: m.n] = 1000, occupied, 0
        start = m.price_yuan_m2[: m.n].copy()
        move_prices(world, 1)
        steps.append(float(np.log(m.price_yuan_m2[2] / start[2])))
    assert steps[0] > 0 > steps[1]
    assert -steps[1] == pytest.approx(world.p.price_stick_down * steps[0])


def test_building_stops_under_overhang_and_answers_to_land():
    world = ready(scale=0.5)
    none = np.zeros(world.n_units, np.int64)
    lag = round(world.p.build_lag) - 1
    world.accounts["starts_carry"][:] = 0.0
    world.panels.building[:] = 0
    nothing = np.zeros(world.markets.n, np.int64)
    start_building(world, none, nothing)
    base = world.accounts["starts_base"] - world.accounts["rebuild_start"]
    np.testing.assert_array_equal(world.panels.building[lag], np.floor(base))
    world.channels.construction_land_ha_year[:] = 5.0
    more = land_index(world, none)
    assert (more > 1.0).all()
    world.markets.homes_unsold[: world.markets.n] = 10**6
    world.panels.building[:] = 0
    start_building(world, none, nothing)
    assert world.panels.building.sum() == 0


def wed_everybody(world):
    homes = world.households
    homes.events[: homes.n] |= np.uint16(Event.WEDDING)
    homes.savings_fen[: homes.n] += 10**9
    world.ledger.balance[:] = 0
    found = wealth(world)
    world.ledger.balance[world.ledger.accounts("households")] = found[:-1]
    world.ledger.balance[world.ledger.account("outside")] = -found[:-1].sum()


def test_purchase_sets_ownership_not_residence_and_money_closes():
    world = ready(params={"p_marriage_home": 1.0 - 1e-12, "share_absent_owner": 0.3})
    wed_everybody(world)
    homes = world.households
    place, owns = homes.place[: homes.n].copy(), homes.owns[: homes.n].copy()
    world.markets.homes[: world.markets.n] += 10_000
    bought = buy(world)
    assert bought.sum() > 50
    np.testing.assert_array_equal(homes.place[: homes.n], place)
    new = (homes.owns[: homes.n] != owns).nonzero()[0]
    assert new.size == bought.sum()
    world.ledger.check(wealth(world))
    far = new[homes.place[new] != homes.owns[new]]
    offered = (homes.events_next[far] & Event.OFFER > 0).mean()
    assert 0.5 < offered < 0.9
    assert (homes.tenure[far] != Tenure.OWNED).all()


def test_nobody_buys_without_the_down_payment():
    world = ready(params={"p_marriage_home": 1.0 - 1e-12})
    wed_everybody(world)
    world.households.savings_fen[: world.households.n] = 0
    assert buy(world).sum() == 0


def buy(world):
    """Homes bought in month 3 by market, with nobody compensated."""
    found = recount(world, 3)
    return purchases(world, month_of(3), found.weddings, found.tenants, NOBODY)[0]


def test_no_wish_no_purchase():
    world = ready(params={"p_marriage_home": 0.0, "renter_buys_year": 0.0})
    wed_everybody(world)
    assert buy(world).sum() == 0


def test_pay_splits_price_into_savings_and_debt():
    world = ready()
    homes = world.households
    rows = np.array([0, 1])
    place = np.full(2, world.geography.seat_place[0])
    homes.savings_fen[rows] = (1000, 100)
    wed_everybody(world)
    homes.savings_fen[rows] = (1000, 100)
    before = wealth(world).sum()
    pay(world, rows, place, np.array([5000, 5000]), np.array([600, 600]))
    assert homes.savings_fen[rows].tolist() == [400, 0]
    assert homes.debt_fen[rows].tolist() == [4400, 4900]
    assert wealth(world).sum() == before - 10_000


def test_public_rental_goes_by_lottery_and_never_beyond_the_stock():
    world = ready(600)
    homes, m = world.households, world.markets
    renters = np.flatnonzero(homes.tenure[: homes.n] == Tenure.RENTED)
    m.public_rental[: m.n], m.public_rental_used[: m.n] = 2, 0
    won = allocate_public_rental(world, renters, month_of(2))
    market = world.places.market[homes.place[renters]]
    local = world.places.unit[homes.place[renters]] >= 0
    for k in np.unique(market[local]):
        wanted = min(2, int((market == k).sum()))
        assert won[market == k].sum() == wanted == m.public_rental_used[k]
    assert not won[~local].any()
    assert (homes.tenure[renters[won]] == Tenure.PUBLIC_RENTAL).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30), st.integers(0, 5))
def test_lottery_equals_twin(applicants, stock):
    market = np.array([m for m, _ in applicants], np.int64)
    apply = np.array([a for _, a in applicants])
    uid = np.arange(100, 100 + market.size, dtype=np.uint64)
    free = np.full(4, stock, np.int64)
    found = draw_lots(np.uint64(5), Stream.LOTTERY, 7, np.arange(uid.size), uid, np.where(apply, market, -1), free)
    np.testing.assert_array_equal(found, twin.lottery(5, 7, uid, market, apply, free))


def test_homestead_exit_pays_and_needs_an_idle_plot():
    world = ready(params={"homestead_exit_act": 0.9, "homestead_exit_will": 1.0 - 1e-9})
    homes = world.households
    homes.homestead[: homes.n : 2] = Homestead.IDLE
    assert homestead_exits(world, month_of(0)).sum() == 0
    world.channels.homestead_strength[:] = 1.0
    wed_everybody(world)
    idle = homes.homestead[: homes.n] == Homestead.IDLE
    exits = homestead_exits(world, month_of(0))
    gone = homes.homestead[: homes.n] == Homestead.EXITED
    assert exits.sum() == gone.sum() > 0 and (idle | ~gone).all()
    world.ledger.check(wealth(world))


def test_whole_phase_does_not_depend_on_the_order_of_rows():
    world = ready(500, scale=0.02)
    send_workers_away(world)
    world.households.events[: world.households.n : 3] = Event.WEDDING
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


def test_beds_that_are_short_send_workers_to_rented_rooms():
    world = ready(600)
    send_workers_away(world)
    homes, m = world.households, world.markets
    seat = int(world.geography.seat_place[0])
    market = world.places.market[seat]
    apart = np.flatnonzero(homes.split_place[: homes.n] >= 0)
    for h in apart:
        homes.split_place[h], homes.split_tenure[h], homes.config[h] = seat, Tenure.DORMITORY, Config.WORKER_AWAY
        for i in twin.household_members(world, h):
            if world.residents.flags[i] & Flag.APART:
                world.residents.place[i] = seat
    recount(world, 0)
    used, rooms = int(m.dorm_used[market]), int(world.accounts["rooms_wanted"][market])
    m.dorm_beds[market] = used - 10
    phase.fit_dormitories(world, month_of(0))
    assert m.dorm_used[market] == used - 10 and world.accounts["rooms_wanted"][market] == rooms + 10
    same_as_twin(world)


def test_leases_end_every_twelve_months():
    world = ready()
    homes = world.households
    renters = (homes.tenure[: homes.n] == Tenure.RENTED) & (world.places.unit[homes.place[: homes.n]] >= 0)
    homes.since[: homes.n] = -24
    homes.events_next[: homes.n] = 0
    recount(world, 0)
    ended = homes.events_next[: homes.n] & Event.LEASE_END > 0
    np.testing.assert_array_equal(ended, renters)
    homes.events_next[: homes.n] = 0
    recount(world, 1)
    assert not homes.events_next[: homes.n].any()
