"""Kernels of work and money against plain twins on random states."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels import earnings
from model.kernels.firms import binomial_of, poisson_of, turn
from model.kernels.jobs import personal_factor
from model.kernels.money import (
    AWAY_BITS,
    BY_UNIT,
    CONFIGS,
    SIZES,
    TENURES,
    Homes,
    Rates,
    Terms,
    spend,
    sums,
)
from model.kernels.money import Where as Facts
from model.kernels.posts import firm_counts, home_counts
from model.kernels.search import first_in_groups, posts_by_lottery
from model.kernels.segments import first_of_each, share_of, uniforms
from model.kernels.terms import set_land, set_rents
from model.kernels.work import Chances, People, Where, cell_of, count_work, counts_of, happens, month_of_work
from model.phases.spending import PARTS, route
from model.spec.codes import Kind
from tests.reference import economy as twin

VILLAGE, TOWN, OUTSIDE = int(Kind.VILLAGE), int(Kind.TOWN), int(Kind.OUTSIDE)
RATES = Rates(
    worker_rate=0.08, remit=0.45, employer_rate=0.18, basic_pension=25_000, worker_pension=290_000, base=45_000,
    consume=0.52, farm_net=5_400.0, land_rent=2_000.0, discount=0.35, interest_month=0.004, repay_month=1 / 216,
)
SEED = np.uint64(5)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20)), max_size=60),
    st.lists(st.integers(0, 9), min_size=5, max_size=5),
)
def test_lottery_within_groups(entries, number):
    group = np.array([g for g, _ in entries], np.int64)
    draw = np.array([d / 20 for _, d in entries])
    tie = np.arange(group.size)[::-1].copy()
    got = first_of_each(group, draw, tie, np.array(number))
    assert got.tolist() == twin.first_of_each(group, draw, tie, number)


def test_lottery_does_not_depend_on_the_order_of_entries():
    rng = np.random.default_rng(1)
    group, draw, tie = rng.integers(0, 6, 300), rng.random(300), np.arange(300)
    number = np.full(6, 20)
    order = rng.permutation(300)
    first = first_of_each(group, draw, tie, number)
    second = order[first_of_each(group[order], draw[order], tie[order], number)]
    assert first.tolist() == second.tolist()


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 200), st.integers(1, 9), st.booleans())
def test_first_in_groups_against_its_twin(seed, n, groups, coarse):
    rng = np.random.default_rng(seed)
    group, draw = rng.integers(-1, groups, n), rng.random(n)
    draw = np.floor(draw * 8) / 8 if coarse else draw
    number, tie = rng.integers(0, 12, groups), rng.permutation(n)
    got = first_in_groups(group, draw, tie, number)
    assert got.tolist() == twin.first_of_each(group, draw, tie, number)


def test_posts_are_drawn_from_the_firms_of_the_group():
    posts = np.zeros((2 * 38, 3), np.int64)
    posts[4, 0], posts[7, 0], posts[40, 2] = 3, 5, 2
    number = np.array([6, 0, 0, 0, 0, 2])
    rows = posts_by_lottery(posts, number, np.arange(1, 77, dtype=np.uint64), np.uint64(5))
    assert set(rows[:6]) <= {4, 7} and (rows[6:] == 40).all() and (rows[:6] == 4).sum() <= 3
    more = posts.copy()
    more[7, 0] += 1
    kept = posts_by_lottery(more, np.array([9, 0, 0, 0, 0, 2]), np.arange(1, 77, dtype=np.uint64), np.uint64(5))
    everybody = posts_by_lottery(posts, np.array([8, 0, 0, 0, 0, 2]), np.arange(1, 77, dtype=np.uint64), np.uint64(5))
    kept = kept[:9].tolist()
    assert any(kept[:k] + kept[k + 1 :] == everybody[:8].tolist() for k in range(9)), "one post more moves no other"


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 10**11), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(0, PARTS)
)
def test_routes_of_spending_are_exact(spent, part):
    table = np.array([[part // 2, part // 3], [0, part], [part // 5, part // 7]])
    got = route(np.array(spent), table)
    assert got.tolist() == twin.route(spent, table.tolist(), PARTS)
    assert (got.sum(axis=1) <= np.array(spent).sum(axis=1)).all()


FACTS = Facts(
    np.array([0, 0, 1], np.uint8), np.array([0 << 8 | 0, 2 << 8 | 1, 2 << 8 | 2], np.uint16),
    np.where(np.arange(256) < 2, 0, 1).astype(np.uint8), np.array([0, 0, 1], np.uint8),
)
"""One unit, a village and a town in it, and outside, each a market."""


def terms(heating=0, fuel=0, benefit=0) -> Terms:
    """Rents and land of the one unit."""
    of_unit = [np.array([x, 0]) for x in (heating, fuel, benefit)]
    t = Terms(
        np.zeros(3 * SIZES * TENURES, np.int32), np.zeros(3 * CONFIGS * TENURES, np.int32),
        np.array([9.0, 12.0, 20.0]), np.array([7.0, 8.0, 15.0]),
        np.zeros(2 * CONFIGS), np.zeros(2 * CONFIGS * 3),
        RATES.basic_pension + np.array([benefit, benefit, 0]), np.array([heating - fuel, 0, 0]), *of_unit,
    )
    set_rents(RATES, t)
    set_land(RATES, np.ones(1), np.ones(1), t)
    return t


def homes_of(n, **columns):
    """Columns of n households, zero where nothing is given; nobody lives apart."""
    kinds = dict.fromkeys(("origin", "place", "split_place"), np.int16) | {"income_yuan": np.int32}
    kinds |= {"land_mu": np.float32, "savings_fen": np.int64, "debt_fen": np.int64}
    columns = {"split_place": np.full(n, -1)} | columns
    return Homes(*(np.array(columns.get(k, np.zeros(n)), kinds.get(k, np.uint8)) for k in Homes._fields))


def one_household(income, size, savings, debt, tenure, land, away, heating=0, fuel=0):
    homes = homes_of(
        1, size=[size], split_place=[1 if away else -1], config=[3 if away else 0], tenure=[tenure], split_tenure=[2],
        land_mu=[land], savings_fen=[savings], debt_fen=[debt],
    )
    out, held = np.zeros((BY_UNIT + 4 * 2 + 3, 2), np.int64), np.zeros((2, 2), np.int64)
    held[0, 1], held[1, 1] = income // 2, income - income // 2 + ((1 << AWAY_BITS) if away else 0)
    spend(0, 1, out, held, RATES, homes, FACTS, terms(heating, fuel), True)
    assert not held.any()
    return homes, sums(out, 3)[1]


def people_at_random(rng, n, n_homes, month):
    """People of every kind, some of them apart, some dead, and the places of their households."""
    home, flags, home_place = rng.integers(-1, n_homes, n), rng.integers(0, 64, n), rng.integers(0, 3, n_homes)
    if rng.random() < 0.5:
        home.sort()
    place = np.where(flags & 32, rng.integers(0, 3, n), home_place[home])
    return earnings.People(
        home.astype(np.int32), place.astype(np.int16), rng.integers(0, month, n).astype(np.int16),
        rng.integers(0, 6, n).astype(np.uint8), rng.integers(0, 19, n).astype(np.uint8),
        rng.integers(0, 3, n).astype(np.uint8), flags.astype(np.uint16), rng.integers(0, 20_000, n).astype(np.int32),
        rng.integers(0, 2**60, n).astype(np.uint64), rng.integers(0, 3, n).astype(np.int16),
        home_place.astype(np.int16),
    )


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_earnings_against_their_twin(seed, n):
    rng = np.random.default_rng(seed)
    n_homes, month, signs = max(1, n // 3), 900, rng.integers(-1, 2, 4)
    people, benefit = people_at_random(rng, n, n_homes, month), 150 * signs[3]
    beyond = earnings.Beyond(
        np.array([1200 * abs(signs[1]), 0, 0]), np.array([900 * signs[0], 0]), np.array([0.5, 0.0]),
        np.array([700 * signs[2], 0]), np.array([3000, 0]), np.array([0.4, 0.0]),
    )
    out, held = np.zeros((BY_UNIT + 4 * 2 + 3, 2), np.int64), np.zeros((1, n_homes + 1), np.int64)
    middle, key = n // 2, earnings.trait_key(SEED)
    for a, b in ((0, middle), (middle, n)):
        earnings.earn(a, b, held[0], out, RATES, month, key, people, FACTS, beyond)
    homes = homes_of(n_homes, place=people.home_place, origin=people.home_place, size=np.ones(n_homes))
    aparts = (held[0, 1:] >> AWAY_BITS).tolist()
    spend(0, n_homes, out, held, RATES, homes, FACTS, terms(benefit=benefit), False)
    got, wanted, incomes, apart = sums(out, 3)[0], *twin.earnings(RATES, key, month, people, FACTS, beyond, benefit)
    assert all(abs(a - b) <= 1 for a, b in zip(aparts, apart)), "a negative income borrows one"
    yuan = [max(0, x + max(0, RATES.base - max(0, x))) // 100 for x in incomes]
    assert homes.income_yuan.tolist() == yuan
    for key, value in wanted.items():
        assert getattr(got, key).tolist() == value.tolist(), key


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 3_000_000), st.integers(2, 7), st.integers(0, 10**8), st.integers(0, 10**8),
    st.sampled_from([0, 2, 3]), st.sampled_from([0.0, 7.5]), st.booleans(), st.integers(0, 20_000),
    st.integers(0, 20_000),
)
def test_a_household_month_against_its_twin(income, size, savings, debt, tenure, land, away, heating, fuel):
    homes, result = one_household(income, size, savings, debt, tenure, land, away, heating, fuel)
    savings_now, debt_now = homes.savings_fen[0], homes.debt_fen[0]
    assert (result.heating.sum(), result.fuel.sum()) == (heating, fuel)
    income += heating - fuel
    area = min(90.0, 18.0 + 14.0 * size)
    main = {0: 0, 2: int(9.0 * area * 100), 3: int(9.0 * area * 100 * (1 - RATES.discount))}[tenure]
    split = int(12.0 * 40.0 * 100) if away else 0
    total = income + int(land * RATES.farm_net)
    kept = twin.household(RATES, total, size, savings, debt, main, split)
    assert (savings_now, debt_now, result.bought.sum(), result.assistance.sum()) == kept[:4]
    assert savings_now >= 0
    change = savings_now - debt_now - savings + debt
    paid = result.rent.sum() + result.public_rent.sum() + result.interest.sum() + result.bought.sum()
    assert change == total + result.assistance.sum() - paid


def test_spending_of_those_apart_falls_where_they_live():
    _, result = one_household(600_000, 4, 0, 0, 0, 0.0, True)
    assert 0 < result.bought[0, 1] < result.bought[0, 0]
    assert result.rent[0, 0] == 48_000


def people_in(**columns):
    """Columns of work of so many people, zero where nothing is given."""
    n = next(iter(columns.values())).size
    kinds = {"household": np.int32, "wage": np.int32, "flags": np.uint16, "uid": np.uint64}
    kinds |= dict.fromkeys(("activity", "sector", "job_market", "education"), np.uint8)
    return People(**{key: columns.get(key, np.zeros(n)).astype(kinds.get(key, np.int16)) for key in People._fields})


def places_at(market):
    """Places in markets; units of three markets, those above 5 outside."""
    market = np.array(market, np.int16)
    unit = np.where(market < 6, market // 3, -1).astype(np.int16)
    return Where(np.where(market < 6, 0, 4).astype(np.uint8), unit, market, np.zeros(market.size, np.uint8))


def random_people(rng, n):
    """People of every kind of work in five places, eight markets."""
    activity = rng.integers(0, 6, n)
    work = activity == 2
    return people_in(
        activity=activity, sector=np.where(work, rng.integers(0, 19, n), 255), place=rng.integers(0, 5, n),
        job_market=np.where(work, rng.integers(0, 8, n), 255), flags=np.where(work, rng.integers(0, 4, n), 0),
        education=rng.integers(0, 7, n), uid=rng.permutation(10 * n)[:n] + 1, wage=np.where(work, 3001, 0),
        birth=rng.integers(-900, -300, n), household=np.arange(n) // 2,
    )


WHERE = places_at([0, 1, 2, 5, 7])


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 80))
def test_counts_of_work(seed, n):
    people = random_people(np.random.default_rng(seed), n)
    counts = np.zeros(counts_of(8, 2), np.int64)
    count_work(0, n // 2, counts, 8, people, WHERE)
    count_work(n // 2, n, counts, 8, people, WHERE)
    skill = np.array([0, 0, 0, 0, 1, 2, 2])[people.education]
    filled, working, jobless = twin.counts(
        people.activity, people.sector, people.job_market.astype(int), people.flags >> 1, skill,
        WHERE.market[people.place], 6, 8,
    )
    got, _, workers = firm_counts(counts, 6, 8)
    assert got.tolist() == filled.tolist()
    at_work, no_work, _ = home_counts(counts, 8)
    assert at_work.tolist() == working.tolist() and no_work.tolist() == jobless.tolist()
    assert workers.sum() == (people.activity == 2).sum()


def month_for(people, leave, seek, enrol, growth, start=0, stop=None):
    """A month of work with one chance for every cell that has people at work."""
    size = 8 * 38 + 2
    chances = [np.append(np.full(size - 2, x), last) for x, last in (
        (leave, [0.0, 0.0]), (seek, [2.0, 0.0]), (enrol, [0.0, 0.0]), (growth, [1.0, 1.0]))]
    n = people.uid.size if stop is None else stop
    found, counts = np.empty(n - start, np.int32), np.zeros(counts_of(8, 2), np.int64)
    events = np.zeros(people.uid.size, np.uint16)
    k = month_of_work(
        start, n, found, counts, np.uint64(77), SEED, 3, 6, 8, people, WHERE, Chances(*chances), np.full(2, seek), seek,
        events,
    )
    return found[:k], counts, events


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 2**32), st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.6])
)
def test_a_month_of_work_against_its_twin(seed, leave, seek, enrol):
    people = random_people(np.random.default_rng(seed), 300)
    before = People(*(c.copy() for c in people))
    found, counts, events = month_for(people, leave, seek, enrol, 1.01)
    again = np.zeros_like(counts)
    count_work(0, 300, again, 8, people, WHERE)
    assert (counts[:-4] == again[:-4]).all()
    worked, works = before.activity == 2, people.activity == 2
    lost = worked & ~works
    assert (people.activity[lost] == 3).all() and not people.wage[lost].any() and not people.flags[lost].any()
    assert counts[-4:-1].sum() == lost.sum() and set(np.flatnonzero(events)) == set(people.household[lost])
    wanted = twin.month_of_work(before, WHERE, 77, 3, leave, seek, enrol, happens)
    assert lost.tolist() == wanted[0].tolist() and found.tolist() == wanted[1].tolist()
    assert ((people.flags & 1) > (before.flags & 1)).tolist() == wanted[2].tolist()
    assert set(np.unique(people.wage[works])) <= {3031, 3032}


def test_ranges_of_rows_do_not_matter_to_a_month_of_work():
    whole = random_people(np.random.default_rng(3), 5000)
    parts = People(*(c.copy() for c in whole))
    found, counts, _ = month_for(whole, 0.1, 0.1, 0.1, 1.01)
    first, one, _ = month_for(parts, 0.1, 0.1, 0.1, 1.01, 0, 2048)
    second, two, _ = month_for(parts, 0.1, 0.1, 0.1, 1.01, 2048)
    assert (counts == one + two).all() and found.tolist() == [*first, *second]
    assert all((a == b).all() for a, b in zip(whole, parts))


def test_events_have_their_chance():
    lanes = np.random.default_rng(1).integers(0, 65_536, 400_000)
    for chance in (0.0, 0.3 / 65_536, 0.02, 1.0):
        got = np.mean([happens(x, chance, SEED, 9, k, 3, 0) for k, x in enumerate(lanes)])
        assert abs(got - chance) < 5.0 * (chance / lanes.size) ** 0.5 + 1e-12


def test_cells_below_local_markets_are_firm_rows():
    assert cell_of(2, 5, 3, 2, 8) == (3 * 19 + 5) * 2 + 1
    assert [cell_of(a, 255, 255, 0, 8) for a in (3, 0, 5)] == [8 * 38, 8 * 38 + 1, 8 * 38 + 1]


def test_pay_grows_without_rounding_bias():
    n = 20_000
    people = people_in(
        activity=np.full(n, 2), sector=np.full(n, 5), wage=np.full(n, 3001), uid=np.arange(1, n + 1),
    )
    month_for(people, 0.0, 0.0, 0.0, 1.0)
    assert (people.wage == 3001).all()
    month_for(people, 0.0, 0.0, 0.0, 1.0001)
    assert set(np.unique(people.wage)) <= {3001, 3002}
    assert abs(people.wage.mean() - 3001 * 1.0001) < 0.015


def test_personal_pay_has_mean_one():
    draws = np.array([personal_factor(SEED, np.uint64(u), 0.3) for u in range(1, 40_000)])
    assert abs(draws.mean() - 1.0) < 0.01
    assert abs(np.log(draws).std() - 0.3) < 0.01


def test_uniforms_follow_ids():
    uid = np.array([7, 9, 7], np.uint64)
    a = uniforms(SEED, 24, uid, 2, 1)
    assert a[0] == a[2] != a[1]


def test_shares_of_nobody():
    assert share_of(np.array([1, 2]), np.array([0, 4]), empty=1.0).tolist() == [1.0, 0.5]


@settings(deadline=None)
@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.0, 150.0), st.integers(0, 400), st.floats(0.0, 0.3))
def test_firm_counts_against_their_twins(u, mean, n, chance):
    assert poisson_of(u, 0.5, mean) == twin.poisson(u, mean)
    assert binomial_of(u, 0.5, n, chance) == twin.binomial(u, n, chance)


def test_large_counts_have_the_right_mean_and_spread():
    rng = np.random.default_rng(3)
    for mean in (0.3, 20.0, 150.0):
        draws = np.array([poisson_of(u, v, mean) for u, v in rng.random((4000, 2))])
        assert abs(draws.mean() - mean) < 4.0 * (mean / 4000) ** 0.5
    draws = np.array([poisson_of(u, v, 900.0) for u, v in rng.random((4000, 2))])
    assert abs(draws.mean() - 900.0) < 2.0 and abs(draws.std() - 30.0) < 1.5
    draws = np.array([binomial_of(u, v, 5000, 0.1) for u, v in rng.random((4000, 2))])
    assert abs(draws.mean() - 500.0) < 2.0 and abs(draws.std() - 450.0**0.5) < 1.5


def test_relief_adds_firms_and_moves_no_other():
    uid = np.arange(1, 2001, dtype=np.uint64)
    chance = (0.02, 0.01, 1 / 36)
    base, eased = (
        np.array([turn(np.uint64(4), u, 5, 20, ease * 0.4, 0.4, *chance) for u in uid]).T for ease in (1.0, 1.5)
    )
    young, old = 5, 20
    assert not base[1].any() and eased[1].sum() > 0
    assert (eased[0] - eased[1] == base[0]).all()
    assert all((eased[k] == base[k]).all() for k in (2, 3, 4))
    assert (base[2] + base[4] <= young).all() and (base[3] <= old).all()
