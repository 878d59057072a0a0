"""Public money: the order of cuts, debts that come back, works that take time, rewards and types (E18)."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from model.channels import PAYERS
from model.engine import CountyModel, simulate
from model.kernels.treasury import BASIC_OPERATION, FUND_SHARE
from model.kernels.works import MOST_SHIFTED, PLACE_YUAN
from model.phases import assessment
from model.phases import budgets as budget
from model.phases.farming import farm_premium
from model.phases.public_debt import passing_share
from model.phases.public_works import spread
from model.spec.registry import REGISTRY
from model.spec.types import Payer
from model.world.works import TYPE_LINES, type_lines
from tests.economy import add_channel, check_money, economy_world, lever_bill, live
from tests.reference import budgets as slow
from tests.reference import public_works as works
from tests.reference.public_works import granted
from tests.science.test_levers import full_path
from tests.science.test_month import make_input
from tests.worlds import month_of


@pytest.fixture(scope="module")
def start():
    return economy_world(params={"private_return_year": 0.07})


@pytest.fixture
def world(start):
    return copy.deepcopy(start)


@pytest.fixture
def solvent(world):
    """A world whose counties can pay for everything of the start."""
    world.accounts["transfer_start_fen"] = 2.0 * world.accounts["transfer_start_fen"]
    return world


def drained(world, unit=0, fen=10**12, accounts=("county", "fund")):
    """The same world after the accounts of one county lost money."""
    twin = copy.deepcopy(world)
    for account in accounts:
        twin.ledger.post("drain", twin.ledger.account(account, unit), twin.ledger.account("province"), fen)
    return twin


def month(world, index=0):
    """One month of the budget alone."""
    world.month_events = {}
    world.ledger.new_month()
    world.look()
    budget.budgets(world, month_of(index))


# ---- order of payment


def test_a_bill_beyond_means_is_delivered_in_part(world):
    live(world, 0)
    lever_bill(world, 0, Payer.COUNTY, 1e8)
    live(world, 1)
    a = world.accounts
    assert 0.0 < a["delivery"][0] < 0.2 and a["delivery"][1] == 1.0
    assert a["service_funding"][0] == 1.0 and a["floor_months"][0] == 0
    check_money(world)


def test_others_pay_without_touching_the_county(world):
    twin = copy.deepcopy(world)
    lever_bill(world, 0, Payer.PROVINCE, 1e5)
    for w in (world, twin):
        month(w)
    assert world.accounts["delivery"][0] == 1.0
    assert world.ledger.flow_of("works_from_above")[0] == 10_000_000
    assert world.ledger.of("county")[0] == twin.ledger.of("county")[0]
    assert world.accounts["works_fen"][0] == twin.accounts["works_fen"][0] + 10_000_000


def test_works_are_cut_first_then_services_and_pay_never(world):
    """As a county loses more and more money, what it pays vanishes in the order of the floor."""
    seen, income = [], (world.accounts["spending_fen"] + world.accounts["resources_fen"] // 12)[0]
    for share in np.linspace(0.0, 1.0, 21):
        twin = drained(world, fen=int(share * income), accounts=("county",))
        twin.ledger.new_month()
        budget.budgets(twin, month_of(0))
        flow = twin.ledger.flow_of
        seen.append((flow("works")[0], a_of(twin, "service_funding"), flow("public_pay")[0], flow("floor_advance")[0],
                     slow.operation(twin, 1.0)[0] * BASIC_OPERATION, flow("operation")[0]))
        check_money(twin)
    built, funded, pay, advance, floor, operated = (np.array(x) for x in zip(*seen))
    assert built[0] > 0.0 and funded[0] == 1.0 and advance[0] == 0
    assert np.all(np.diff(built) <= 0.01 * built[0]) and np.all(np.diff(funded) <= 1e-12)
    bonds = works.new_bonds(world, works.principal_due(world, world.accounts["debt_fen"]))[0]
    short = funded < 1.0
    assert short.any() and np.all(built[short] <= 1.5 * bonds), "services are cut when works live on bonds alone"
    assert advance[-1] > 0 and np.all(funded[advance > 0] == funded[-1]), "nobody is helped before services were cut"
    assert len(set(pay)) == 1 and np.all(operated >= floor - 1), "pay and basic operation are always paid"


def a_of(world, key, unit=0):
    return world.accounts[key][unit]


def test_interest_that_cannot_be_paid_is_added_to_the_debt(world):
    poor = drained(world)
    month(poor)
    before = world.accounts["debt_fen"][0]
    assert a_of(poor, "debt_fen") >= before + a_of(poor, "interest_fen") and a_of(poor, "floor_months") == 1
    check_money(poor)


def test_the_land_fund_helps_the_general_account_only_in_part(world):
    a = world.accounts
    a["transfer_start_fen"] = np.zeros(world.n_units)
    rich = 10**9
    world.ledger.post("gift", world.ledger.account("province"), world.ledger.account("fund", 0), rich)
    fund = world.ledger.of("fund") + a["debt_fen"]
    world.ledger.post("drain", world.ledger.account("county", 0), world.ledger.account("province"), 10**10)
    month(world)
    land = world.ledger.flow_of("land_sales")[0]
    moved = world.ledger.flow_of("fund_transfer")[0]
    assert 0 < moved <= FUND_SHARE * (fund[0] + land) + 1
    assert world.ledger.flow_of("floor_advance")[0] > 0, "the province helps though the fund still has money"


def test_awards_newcomers_and_fees(world):
    a = world.accounts
    a["conversions"] = np.array([10, 0])
    month(world)
    award = world.channels.award_yuan_per_convert[0] * world.p.verified_share
    assert world.ledger.flow_of("award").tolist()[:2] == [int(10 * award * 100), 0]
    start = a["served"].copy()
    add_channel(world, "entitlement", 0, 1.0)
    assert budget.served(world)[0] >= start[0] and budget.served(world)[1] == start[1]
    assert world.ledger.flow_of("fees")[0] == int(a["fee_start_fen"][0])


def test_benefits_come_from_those_who_pay_for_the_lever(world):
    bill = np.zeros((world.n_units, len(PAYERS)))
    bill[:, PAYERS.index(Payer.PROVINCE)], bill[:, PAYERS.index(Payer.COUNTY)] = 3e4, 1e4
    world.channels.cost_flow_yuan = world.channels.cost_to_households_yuan = lambda: bill
    add_channel(world, "heating_subsidy_yuan_month", 0, 40.0)
    live(world, 0)
    flow = world.ledger.flow_of("heating")
    assert flow[0] > 0 and flow[1] == 0
    assert world.accounts["benefit_payers"][0].tolist() == [0.0, 0.75, 0.0]
    check_money(world)


def test_villages_are_run_whatever_their_people(world):
    month(world)
    flow = world.ledger.flow_of
    assert flow("village_funds").tolist() == flow("village_spending").tolist() and flow("village_funds")[0] > 0
    assert np.all(world.ledger.of("villages") == 0)
    before = flow("village_funds")[0]
    world.accounts["served"] = world.accounts["served"] * 0.5
    month(world, 1)
    assert world.ledger.flow_of("village_funds")[0] == before


# ---- debt


def test_bonds_stop_at_the_ceiling_and_repayment_goes_on(world):
    nothing = np.zeros(world.n_units, np.int64)
    plain = works.new_bonds(world, nothing)
    add_channel(world, "bond_flow_yuan", 0, 1e4)
    more = works.new_bonds(world, nothing)
    assert more[0] - plain[0] == pytest.approx(10**6 * passing_share(world)[0], abs=2) and more[1] == plain[1] > 0
    add_channel(world, "debt_ceiling", 0, 0.0)
    assert works.new_bonds(world, nothing)[0] == 0 and works.new_bonds(world, nothing)[1] > 0
    before = world.accounts["debt_fen"].copy()
    month(world)
    change = world.accounts["debt_fen"] - before
    assert change[0] == -works.principal_due(world, before)[0] < 0 < change[1]


def test_projects_that_earn_nothing_get_no_bond(world):
    a = world.accounts
    a["home_sales_mean"] = a["home_sales_mean"] * 0.01
    a["local_sales_fen"] = a["local_sales_fen"] // 100
    add_channel(world, "bond_flow_yuan", 0, 1e6)
    assert np.all(passing_share(world) == 0.0)
    assert np.all(works.new_bonds(world, np.zeros(world.n_units, np.int64)) == 0)


def test_works_paid_by_debt_are_felt_at_once_and_paid_for_later(solvent):
    plain, indebted = copy.deepcopy(solvent), copy.deepcopy(solvent)
    add_channel(indebted, "bond_flow_yuan", 0, 2e5)
    for t in range(10):
        month(plain, t), month(indebted, t)
    assert a_of(indebted, "works_fen") > a_of(plain, "works_fen")
    assert a_of(indebted, "asset_yuan") == a_of(plain, "asset_yuan"), "not yet in use"
    add_channel(indebted, "bond_flow_yuan", 0, 0.0)
    for t in range(10, 60):
        month(plain, t), month(indebted, t)
    for w in (plain, indebted):
        check_money(w)
    assert a_of(indebted, "asset_yuan") > a_of(plain, "asset_yuan")
    assert a_of(indebted, "later_upkeep_yuan") > a_of(plain, "later_upkeep_yuan")
    assert a_of(indebted, "interest_fen") > a_of(plain, "interest_fen")
    assert a_of(indebted, "works_fen") < a_of(plain, "works_fen"), "interest and upkeep crowd out what is built now"
    poor, poorer = drained(plain, fen=3 * 10**7), drained(indebted, fen=3 * 10**7)
    month(poor, 60), month(poorer, 60)
    assert a_of(poorer, "service_funding") <= a_of(poor, "service_funding")


def test_risk_and_need_share_out_the_same_grants(world):
    world.channels.county_transfer_flow_yuan = np.array([1e5, 1e5])
    even = granted(world)
    world.accounts["debt_fen"] = world.accounts["debt_fen"] * np.array([2, 1])
    risky = granted(world)
    assert even[0] == pytest.approx(even[1]) and risky[0] < risky[1]
    world.panels.load[0, 0] = world.panels.capacity[0, 0] + 50.0
    world.channels.deficit_weight = np.ones(world.n_units)
    needy = granted(world)
    assert needy[0] > risky[0]
    for grants in (even, risky, needy):
        assert grants.sum() == pytest.approx(2e5)
    world.channels.county_transfer_flow_yuan = np.array([0.0, 1e5])
    assert granted(world).tolist() == pytest.approx([0.0, 1e5])


def test_private_capital_builds_now_and_is_paid_later(world):
    plain, private = copy.deepcopy(world), copy.deepcopy(world)
    add_channel(private, "private_share", 0, 0.6)
    for t in range(12):
        month(plain, t), month(private, t)
        check_money(private)
    assert private.ledger.flow_of("private_works")[0] > 0 == private.ledger.flow_of("private_works")[1]
    assert a_of(private, "works_fen") > a_of(plain, "works_fen")
    assert private.ledger.flow_of("returns_outside")[0] > 0
    yearly = private.p.private_return_year * a_of(private, "private_yuan")
    assert private.ledger.flow_of("returns_outside")[0] == pytest.approx(yearly / 12 * 100, rel=0.15)


def test_assets_are_sold_only_where_there_are_enough_and_only_once(world):
    add_channel(world, "recycling_flow_yuan", 0, 1e9)
    month(world)
    assert world.ledger.flow_of("assets_sold")[0] == 0, "the pool is below the least size"
    ready = economy_world(params={"recycling_least_yuan": 1.0})
    add_channel(ready, "recycling_flow_yuan", 0, 1e9)
    month(ready)
    sold = ready.ledger.flow_of("assets_sold")[0]
    pool = ready.p.recycling_asset_share * ready.accounts["asset_start_yuan"][0]
    assert sold == pytest.approx(100 * pool, rel=0.2) and ready.ledger.flow_of("returns_outside")[0] == 0
    month(ready, 1)
    assert ready.ledger.flow_of("assets_sold")[0] < 0.05 * sold and ready.ledger.flow_of("returns_outside")[0] > 0
    check_money(ready)


def test_platforms_borrow_on_equity_and_part_comes_back(world):
    plain, injected = copy.deepcopy(world), copy.deepcopy(world)
    add_channel(injected, "platform_flow_yuan", 0, 1e5)
    for t in range(24):
        month(plain, t), month(injected, t)
        check_money(injected)
    equity = a_of(injected, "platform_equity_yuan")
    assert equity == pytest.approx(24e5)
    assert 0 < a_of(injected, "platform_debt_fen") <= injected.p.platform_leverage * equity * 100
    assert a_of(injected, "debt_fen") > a_of(plain, "debt_fen"), "contingent debt falls on the county"
    assert works.ceiling_room(injected)[0] + a_of(injected, "debt_fen") > (
        works.ceiling_room(plain)[0] + a_of(plain, "debt_fen"))


# ---- works


def test_reward_money_becomes_homes_after_a_while_and_is_missing_in_running_costs(world):
    a = world.accounts
    plain, housing = copy.deepcopy(world), copy.deepcopy(world)
    add_channel(housing, "award_housing_share", 0, 1.0)
    for w in (plain, housing):
        w.accounts["conversions"] = np.array([100, 100])
        month(w)
    spent = housing.ledger.flow_of("reward_homes")
    assert spent[0] == int(100 * world.channels.award_yuan_per_convert[0] * 100 * world.p.verified_share)
    assert spent[1] == 0 and housing.ledger.of("county")[0] + housing.ledger.of("fund")[0] < (
        plain.ledger.of("county")[0] + plain.ledger.of("fund")[0])
    homes, t = np.zeros(world.n_units), 1
    while t <= world.p.bond_delay + 1:
        housing.accounts["conversions"] = np.zeros(world.n_units, np.int64)
        month(housing, t)
        homes, t = homes + housing.accounts["reward_homes"], t + 1
    assert homes[0] == pytest.approx(spent[0] / 100 / world.p.reward_home_yuan) and homes[1] == 0.0
    assert a["reward_homes"].sum() == 0.0


def test_unfunded_works_decay_and_funded_ones_cost(solvent):
    kept, cut, more = (copy.deepcopy(solvent) for _ in range(3))
    add_channel(cut, "maintenance_share", 0, 0.0)
    add_channel(more, "maintenance_share", 0, 0.04)
    for t in range(24):
        for w in (kept, cut, more):
            month(w, t)
            check_money(w)
    assert a_of(cut, "asset_condition") == pytest.approx((1 - 0.02 / 12) ** 24, rel=1e-3)
    assert a_of(kept, "asset_condition") == pytest.approx(1.0, abs=2e-3)
    assert a_of(more, "asset_condition") > 1.01
    assert cut.accounts["works_travel"][0] > 1.0 > more.accounts["works_travel"][0]
    assert cut.accounts["upkeep_paid"][0] == 0.0 and kept.accounts["upkeep_paid"][0] == pytest.approx(1.0, abs=2e-3)
    assert a_of(cut, "works_travel") > a_of(kept, "works_travel") > a_of(more, "works_travel")
    assert more.ledger.flow_of("upkeep")[0] > kept.ledger.flow_of("upkeep")[0]
    assert a_of(more, "works_fen") < a_of(kept, "works_fen") < a_of(cut, "works_fen")


def test_types_differ_and_the_money_is_the_same(world):
    table = type_lines((*TYPE_LINES, "core", "no such type"))
    assert np.allclose(table.sum(axis=1), [1.0] * len(TYPE_LINES) + [0.0, 0.0])
    assert len({tuple(row) for row in table[: len(TYPE_LINES)]}) == len(TYPE_LINES)
    world.accounts["type_lines"] = type_lines(("agricultural", "culture-tourism"))
    plain = copy.deepcopy(world)
    world.channels.type_weight = np.ones(world.n_units)
    for t in range(int(world.p.bond_delay) + 3):
        month(world, t), month(plain, t)
        assert world.accounts["works_fen"].tolist() == plain.accounts["works_fen"].tolist()
    a = world.accounts
    assert a["works_farm_yuan"][0] > 0.0 == a["works_farm_yuan"][1]
    assert a["works_tourism_yuan"][1] > 0.0 == a["works_tourism_yuan"][0]
    assert np.all(a["works_amenity"][:, 1:] < plain.accounts["works_amenity"][:, 1:]), "general works are fewer"
    premium, usual = farm_premium(world), farm_premium(plain)
    assert premium[0] > usual[0] and premium[1] == usual[1]


def test_lines_share_out_all_money_and_leave_the_bound_part(world):
    c = world.channels
    world.accounts["type_lines"] = type_lines(("specialised", "core"))
    world.accounts["lagging_lines"] = np.tile(np.eye(works.LINES)[works.PARKS], (2, 1))
    c.type_weight = c.deficit_weight = c.feedback_strength = np.ones(2)
    world.p = type(world.p)({**world.p, "type_shift_share": 0.5, "deficit_shift_share": 0.4})
    shares = works.split_lines(world)
    assert np.allclose(shares.sum(axis=1), 1.0) and np.all(shares >= 0.0)
    assert shares[0, works.GENERAL] == pytest.approx(1.0 - MOST_SHIFTED)


def test_targeted_money_builds_what_is_missing_and_takes_planning(world):
    p = world.p
    world.panels.load[0, :6] = [10, 0, 90, 0, 0, 0]
    world.panels.capacity[:, :6] = 50.0
    built = works.places_built(world, np.array([6e5, 6e5]))
    assert built[0, 0].tolist() == pytest.approx([0.0, 0.0, 10.0]) and built[1:, 0].sum() == 0.0
    assert built[0, 1, 0] == 0.0 and (built[0, 1] * PLACE_YUAN[0]).sum() == pytest.approx(6e5)
    lag = works.lags(world)
    assert lag[works.CAPACITY, 0] - lag[works.GENERAL, 0] == round(p.planning_months)
    usual = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    assert spread(world, 0, usual).tolist() == usual.tolist()
    world.channels.deficit_weight = np.ones(2)
    assert spread(world, 0, usual)[0].tolist() == [0.0, 0.0, 1.0]
    assert spread(world, 0, usual)[1].tolist() == usual[1].tolist()


def test_townships_gain_what_the_county_town_loses(world):
    a = world.accounts
    plain = works.amenity_of(world, np.zeros(2))
    world.channels.township_power = np.ones(2)
    given = works.amenity_of(world, np.zeros(2))
    people = a["residents_market_start"]
    assert np.all(plain == 0.0) and np.all(given[:, 1] > 0.0) and np.all(given[:, 2] < 0.0)
    assert (given * people).sum(axis=1) == pytest.approx(0.0, abs=1e-9)
    usual = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    shared = spread(world, 0, usual)
    assert shared.sum(axis=1) == pytest.approx(1.0) and np.all(shared[:, 1] > 0.3)
    assert np.all(works.lags(world)[works.GENERAL] < round(world.p.bond_delay))


# ---- the year


def test_the_reward_goes_to_the_best_of_last_year_and_no_one_else(world):
    world.channels.reward_flow_yuan = np.full(2, 1000.0)
    a = world.accounts
    for t in range(14):
        a["conversions"] = np.array([0, 5])
        month(world, t)
        assert world.ledger.flow_of("reward").sum() == 0, "no year has been judged yet"
    a["urban_last"] = np.array([0.9, 0.1])
    month(world, 14)
    assert a["rewarded"].tolist() == [0, 1]
    assert world.ledger.flow_of("reward").tolist() == [0, 100_000, 0]
    check_money(world)


def test_best_is_by_mean_rank_and_ties_share():
    results = np.array([[3.0, 2.0, 1.0, 0.0], [0.0, 2.0, 1.0, 3.0], [1.0, 1.0, 1.0, 1.0]])
    assert assessment.best(results, 0.25).tolist() == [0, 1, 0, 0]
    assert assessment.best(results, 0.5).tolist() == [1, 1, 0, 0]
    assert assessment.best(np.zeros((4, 3)), 0.1).sum() == 1


def test_the_prefecture_pays_only_as_far_as_its_programme_allows(world):
    plain = copy.deepcopy(world)
    lever_bill(world, 0, Payer.PREFECTURE, 1e8)
    month(world), month(plain)
    assert 0.0 < world.accounts["delivery_prefecture"][0] < 0.1
    assert plain.accounts["delivery_prefecture"][0] == 1.0
    for w in (world, plain):
        assert w.ledger.of("prefecture").sum() == 0
    paid = world.ledger.flow_of("works_from_above").sum()
    less = plain.ledger.flow_of("prefecture_works").sum() - world.ledger.flow_of("prefecture_works").sum()
    assert paid == less > 0


def test_feedback_shifts_effort_to_what_lags_and_adds_none(world):
    world.panels.load[0, :3] = 500.0
    world.panels.capacity[0, :3] = 100.0
    for t in range(3):
        month(world, t)
    lags = world.accounts["lags"]
    assert lags.sum(axis=1) == pytest.approx(1.0) and lags[0, assessment.SERVICES] > lags[1, assessment.SERVICES]
    assert all(np.all(odds == 1.0) for odds in assessment.line_effort(world).values())
    world.channels.feedback_strength = np.ones(2)
    effort = assessment.line_effort(world)
    assert effort["services"][0] > 1.0
    logs = sum(np.log(effort[channel]) for channel in ("services", "jobs", "housing"))
    assert logs == pytest.approx(0.0, abs=1e-12)


# ---- whole runs


@pytest.fixture(scope="module")
def practice():
    return make_input(months=74, scale=0.002)


def lived(made, **levers):
    """Indicators of a run in which the named levers are set from the third month on."""
    paths = {key: path.copy() for key, path in made.levers.items()}
    for key, value in levers.items():
        share = paths[key] / paths[key].sum(axis=1, keepdims=True) if REGISTRY.levers[key].apportion else 1.0
        paths[key][2:] = (value * share)[2:] if np.ndim(share) else value
    return simulate(replace(made, levers=paths), checked=True).indicators


@pytest.fixture(scope="module")
def lived_practice(practice):
    return lived(practice)


def test_debt_financed_works_harm_later(practice, lived_practice):
    base, bonds = lived_practice, lived(practice, special_bond_funding=20_000.0)
    change = {key: bonds[key][:, -1] - base[key][:, -1] for key in base}
    assert change["county_spending_yuan"][6:18].mean() > 1e7
    assert change["debt_ratio"][-1] > 0.1 and change["interest_to_revenue"][-12:].mean() > 0.003
    assert change["later_upkeep_yuan"][-1] > 0.0


def test_a_ceiling_that_binds_stops_works_and_debt(practice, lived_practice):
    free = lived(practice, special_bond_funding=20_000.0, debt_ceiling=4.0)
    bound = lived(practice, special_bond_funding=20_000.0, debt_ceiling=0.3)
    assert bound["debt_ratio"][-1, -1] < lived_practice["debt_ratio"][-1, -1] < free["debt_ratio"][-1, -1]
    assert bound["county_spending_yuan"][6:18, -1].mean() < free["county_spending_yuan"][6:18, -1].mean()


def test_the_pilot_acts_first_and_others_follow():
    made = make_input("action_plan", months=56, scale=0.001)
    lead, issued = made.levers["pilot_lead"].copy(), 2024 * 12 + 6 - made.start_ordinal
    lead[issued:] = REGISTRY.levers["pilot_lead"].plan["value"]
    model = CountyModel(replace(made, levers={**made.levers, "pilot_lead": lead}))
    pre, seen = model.world.prefecture, []
    while model.months_done < made.n_months:
        model.step()
        seen.append(model.world.channels.entitlement.copy())
    first = (np.array(seen) > REGISTRY.states["entitlement"].practice + 1e-9).argmax(axis=0)
    pilot = pre.unit_index("zhangzi")
    assert pre.pilot.sum() == 1 and pre.pilot[pilot]
    later = np.delete(first, pilot)
    assert len(set(later)) == 1 and 2 <= later[0] - first[pilot] <= 8


def test_money_closes_under_every_lever_at_full_strength(practice):
    made = replace(practice, n_months=40, levers={k: full_path(k, path)[:40] for k, path in practice.levers.items()},
                   drivers={k: path[:40] for k, path in practice.drivers.items()})
    simulate(made, checked=True)
