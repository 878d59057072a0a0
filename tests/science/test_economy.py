"""Work and money: limits with closed forms, money that closes, results that do not depend on rows or scale."""

import copy

import numpy as np
import pytest

from model.kernels.posts import firm_counts
from model.phases import matching as match
from model.phases.firms import TIGHTNESS_LIMIT, firms, sales_ratio
from model.phases.spending import leakage
from model.spec.codes import Activity, Event, Flag, Sector
from tests.economy import add_channel, at_work, check_money, dress, economy_world, live
from tests.permute import permute
from tests.reference.economy import matched
from tests.worlds import by_uid, month_of


@pytest.fixture(scope="module")
def start():
    return economy_world()


@pytest.fixture
def world(start):
    return copy.deepcopy(start)


# ---- closing


def test_money_closes_after_every_phase_of_a_year(world):
    for t in range(12):
        live(world, t)
        check_money(world)
    assert (world.households.savings_fen[: world.households.n] >= 0).all()
    assert (world.ledger.of("firms") == -world.accounts["public_pay_fen"]).all()


def test_month_zero_is_in_balance(world):
    a = world.accounts
    jobs = at_work(world).sum()
    live(world, 0)
    assert abs(world.month_events["separations"].sum() - world.month_events["hires"].sum()) < 0.05 * jobs
    assert abs(a["local_sales_fen"].sum() / a["local_sales_start"].sum() - 1) < 0.03
    spending = a["revenue_fen"].sum() / (a["spending_fen"].sum() - a["assistance_fen"].sum())
    assert 0.9 < spending < 1.1


def test_posts_and_people_agree(world):
    for t in range(6):
        live(world, t)
    assert world.firms.jobs_filled[: world.firms.n].sum() == at_work(world).sum()
    working = world.residents.activity[: world.residents.n] == Activity.EMPLOYED
    assert world.markets.jobs_filled[: world.markets.n].sum() == working.sum()


# ---- rows and scale


def test_rows_do_not_matter(start):
    first, second = copy.deepcopy(start), copy.deepcopy(start)
    permute(second)
    for t in range(6):
        live(first, t), live(second, t)
    one, two = by_uid(first), by_uid(second)
    assert all(np.array_equal(one[k], two[k]) for k in one)
    assert all(np.array_equal(first.accounts[k], second.accounts[k]) for k in first.accounts)
    assert np.array_equal(first.ledger.balance, second.ledger.balance)
    for c in first.firms.columns:
        assert np.array_equal(getattr(first.firms, c.key), getattr(second.firms, c.key))


def doubled(world):
    """Every household twice, the copies under new ids."""
    people, homes = world.residents, world.households
    n, h = people.n, homes.n
    new, houses = people.append(n), homes.append(h)
    for table, rows, size in ((people, new, n), (homes, houses, h)):
        for c in table.columns:
            getattr(table, c.key)[rows] = getattr(table, c.key)[:size]
    people.uid[new] += np.uint64(10**9)
    homes.uid[houses] += np.uint64(10**9)
    people.household[new] += h
    people.next[new] = np.where(people.next[new] >= 0, people.next[new] + n, -1)
    homes.head[houses] += n
    return world


def test_twice_the_people_twice_the_economy():
    from model.world.firms import start_economy
    from tests.worlds import small_world

    worlds = []
    for twice in (False, True):
        w = small_world(400, params={"wage_spread": 1e-9, "pension_urban_share": 1.0 - 1e-12})
        dress(w)
        if twice:
            doubled(w)
        for key in ("budget_expenditure_yuan", "budget_revenue_yuan", "debt_yuan", "n_new_commodity_homes_year"):
            w.prefecture.state[key] = w.prefecture.state[key] * (2 if twice else 1)
        start_economy(w)
        w.look()
        worlds.append(w)
    one, two = worlds
    assert (2 * one.firms.jobs_filled == two.firms.jobs_filled).all()
    np.testing.assert_allclose(2 * match_posts(one), match_posts(two), rtol=1e-3)
    live(one, 0), live(two, 0)
    for key in ("local_sales_fen", "spending_fen", "revenue_fen", "debt_fen"):
        assert two.accounts[key].sum() == pytest.approx(2 * one.accounts[key].sum(), rel=0.03)
    assert two.month_events["hires"].sum() == pytest.approx(2 * one.month_events["hires"].sum(), rel=0.4)


def match_posts(world):
    """Posts wanted at the start by market."""
    return world.firms.by_market(world.firms.base_posts)


# ---- matching (E13)


def test_matches_have_the_closed_form(world):
    seekers = np.zeros(world.firms.n_markets * 3, np.int64)
    posts = seekers.copy()
    seekers[:4], posts[:4] = (40_000, 40_000, 10, 0), (40_000, 10_000, 5000, 9)
    got = match.matches(world, 0, seekers, posts.reshape(-1, 3))
    p = world.p
    mu = p.find_rate_month * p.theta_start ** (p.match_eta - 1)
    for k in range(4):
        low = matched(mu, p.match_eta, int(seekers[k]), int(posts[k]), 0.0)
        assert low <= got[k] <= low + 1
    assert got[0] / seekers[0] == pytest.approx(p.find_rate_month * p.theta_start ** (p.match_eta - 1), rel=1e-3)
    assert (got <= np.minimum(seekers, posts)).all()


def test_no_search_success_no_hires():
    lasting = {"exit_old_year": 0.0, "returnee_survival3": 1.0, "survival3_established": 1.0}
    world = economy_world(params={"find_rate_month": 0.0, "farm_return_month": 0.0, **lasting})
    live(world, 0)
    assert world.month_events["hires"].sum() == 0 and world.month_events["separations"].sum() == 0


def test_platforms_raise_matches_by_their_gain_and_no_more(world):
    seekers = np.full(world.firms.n_markets * 3, 10_000)
    before = match.matches(world, 0, seekers, seekers.reshape(-1, 3))
    add_channel(world, "match_coverage", 0, 1.0)
    after = match.matches(world, 0, seekers, seekers.reshape(-1, 3))
    gain = after[:9].sum() / before[:9].sum() - 1
    assert gain == pytest.approx(world.p.platform_match_gain * 0.4, abs=2e-3)
    assert (after[9:] == before[9:]).all()


def test_travel_time_decides_who_may_search_where(world):
    minutes = world.panels.minutes
    minutes[:] = 500.0
    counts, market, _ = match.reach(world)
    inside = world.places.unit[: world.places.n] >= 0
    assert (counts[inside] == 1).all() and (counts[~inside] == 0).all()
    assert (market[inside, 0] == world.places.market[: world.places.n][inside]).all()
    minutes[0, 2] = world.p.commute_max_min
    assert match.reach(world)[0][0] == 2


def test_losing_work_and_finding_it_elsewhere_are_events(world):
    world.accounts["separation_month"][:] = 0.5
    live(world, 0)
    events = world.households.events_next[: world.households.n]
    assert (events & int(Event.JOB_LOSS)).any() and (events & int(Event.OFFER)).any()
    people, n = world.residents, world.residents.n
    lost = people.activity[:n] == Activity.UNEMPLOYED
    assert not people.wage_yuan[:n][lost].any() and (people.job_market[:n][lost] == 255).all()


def test_firms_that_shrink_lay_off_at_once(world):
    table = world.firms
    rows = np.flatnonzero(table.jobs_filled[: table.n] > 4)
    table.jobs_wanted[rows] = 0
    left, _, _ = firm_counts(match.end_jobs(world, 0).counts, table.n_markets, world.markets.n)
    assert left[rows].sum() == 0


def test_training_reaches_the_trained_only(world):
    people, n = world.residents, world.residents.n
    before = people.wage_yuan[:n].copy()
    add_channel(world, "training_flow", 0, 40.0)
    match.give_courses(world, 3)
    trained = (people.flags[:n] & int(Flag.TRAINED)) > 0
    units = world.places.unit[people.place[:n]]
    assert 5 < trained.sum() < 60 and (units[trained] == 0).all()
    assert (people.wage_yuan[:n][~trained] == before[~trained]).all()
    working = trained & (before > 0)
    wanted = before[working] * np.exp(world.p.training_wage)
    np.testing.assert_allclose(people.wage_yuan[:n][working], wanted, atol=0.51)


# ---- firms and pay (E14, E22)


def test_month_zero_sales_are_those_of_the_start(world):
    np.testing.assert_allclose(sales_ratio(world, 0, 1.0), 1.0, atol=1e-9)


def test_pay_rises_where_posts_outnumber_seekers(world):
    tight, slack = copy.deepcopy(world), copy.deepcopy(world)
    for w, posts in ((tight, 1000), (slack, 1)):
        w.seen.markets["jobs_open"][:3], w.seen.markets["seekers"][:3] = posts, 100
        firms(w, month_of(1))
    assert tight.accounts["pay_growth"][2] > 1.0 > slack.accounts["pay_growth"][2]
    limit = np.exp(TIGHTNESS_LIMIT * world.p.wage_adjust_year / 12)
    assert tight.accounts["pay_growth"].max() <= limit + 1e-12
    # One labour market per unit: its villages, townships and county town move together, other units do not.
    assert len(set(tight.accounts["pay_growth"][:3])) == 1
    assert tight.accounts["pay_growth"][3] == slack.accounts["pay_growth"][3]


def test_enforced_insurance_reaches_workers_and_costs_posts_and_pay(world):
    enforced = copy.deepcopy(world)
    add_channel(enforced, "insurance_compliance", 0, 1.0)
    for t in range(18):
        live(world, t), live(enforced, t)
    people, n = world.residents, world.residents.n
    here = world.places.unit[people.place[:n]] == 0

    def insured(w):
        at = here & at_work(w)
        return ((w.residents.flags[:n] & int(Flag.INSURED)) > 0)[at].mean()

    assert insured(enforced) > insured(world) + 0.15
    assert enforced.accounts["paid_wage_yuan"][2, 0] < world.accounts["paid_wage_yuan"][2, 0]
    rows = world.firms.unit[: world.firms.n] == 0
    assert enforced.firms.posts[: world.firms.n][rows].sum() < world.firms.posts[: world.firms.n][rows].sum()


def test_retail_keeps_spending_and_parcels_move_it(world):
    base = leakage(world).copy()
    world.accounts["retail_stock_yuan"] = world.accounts["residents_start"] * 3000.0
    kept = leakage(world)
    assert (kept < base).all()
    add_channel(world, "logistics_cut", 0, 0.5)
    assert leakage(world)[0] != kept[0] and leakage(world)[1] == kept[1]


def test_a_thousand_plain_jobs_bring_few_or_no_service_jobs():
    """Evidence test 30: between -200 and +600 service jobs per 1,000 low-technology jobs."""
    base = economy_world(3000, units=2, spread_jobs=True)
    more = copy.deepcopy(base)
    table = more.firms
    new = 0.1 * at_work(base).sum()
    row = table.row_of(5, int(Sector.MANUFACTURING), 1)
    table.base_posts[row] += new
    table.posts[row] += new
    service = np.isin(table.sector[: table.n], [int(Sector.TRADE), int(Sector.CATERING)])
    gain = []
    for t in range(36):
        live(base, t), live(more, t)
        gain.append((more.firms.posts[: table.n] - base.firms.posts[: table.n])[service].sum())
    assert -0.2 <= np.mean(gain[24:]) / new <= 0.6


def test_clean_heating_costs_converted_homes_more_than_a_small_subsidy_gives(world):
    add_channel(world, "clean_heating", 0, 0.8)
    add_channel(world, "heating_subsidy_yuan_month", 0, 10.0)
    live(world, 0)
    paid, given = world.ledger.flow_of("heating_fuel"), world.ledger.flow_of("heating")
    homes = given[0] / 1000
    assert paid[0] == homes * round(0.2 * world.p.heating_extra_yuan_year / 12 * 100) > given[0]
    assert paid[1] == 0
    check_money(world)
