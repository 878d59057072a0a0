"""Matching: jobs end, people look for work in reach, posts are filled by lottery; then the month is paid (E13)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels import hiring, posts, search
from model.kernels.rng import Stream
from model.kernels.rows import count_rows, find_and_count, over_rows
from model.kernels.screen import screen_key
from model.kernels.work import People, Where, count_work, counts_of, month_of_work
from model.phases.cash import cash
from model.phases.farming import farm_search
from model.phases.resettlement import brokered
from model.phases.skills import give_courses, learn_at_school, leave_and_join
from model.spec.codes import N_SKILLS, Kind
from model.world.pay import OUTSIDE_MIX, SECTOR_PAY

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SHRINK_PERSONS: Final = 20.0
"""People by which a small market's chance of work is drawn to that of the prefecture."""


class Search(NamedTuple):
    """People who look for work this month: rows int32, and the counts of work of everybody, int64[counts_of]."""

    person: np.ndarray
    counts: np.ndarray


def matching(world: World, month: Month) -> None:
    """Jobs end, search, matches, courses; then everybody is paid.

    E13: M = mu U^eta V^(1-eta) by job market and skill, in whole people, with mu from `find_rate_month` at the
    start tightness and raised by platforms. Jobs end at the start's rate and where firms close, or faster where a
    cell wants fewer posts than it has. Who is matched, and with which post, is a lottery keyed by person and post.

    **Reads** firms (jobs_wanted), panels.minutes, channels (match_coverage, training_flow, vocational_funding_yuan,
    relocation_links), seen markets (jobs_open, seekers), accounts (closing_share), residents, households.
    **Writes** residents (activity, sector, job_market, wage_yuan, job_since, flags), households.events_next,
    firms.jobs_filled, markets (jobs_filled, jobs_open, seekers, p_job), accounts (insured_jobs, farm_share,
    skill_share); through `cash` households (income_yuan, savings_fen, debt_fen), ledger, accounts (local_sales_fen,
    tax_fen, public_pay_fen, assistance_fen, retail_stock_yuan, rural_capital_yuan, resident_benefit).
    """
    leave_and_join(world, month.index)
    looking = end_jobs(world, month.index)
    give_courses(world, month.index)
    learn_at_school(world, month)
    fill_posts(world, month.index, looking)
    start_elsewhere(world, month.index, looking)
    recount(world, looking.counts)
    cash(world, month)


def people_of(world: World) -> People:
    """The columns of residents that work reads and writes."""
    r = world.residents
    return People(
        r.household, r.place, r.activity, r.sector, r.job_market, r.job_since, r.flags, r.wage_yuan, r.education, r.uid,
        r.birth, r.hukou,
    )


def where_of(world: World) -> Where:
    """Facts of places that work reads."""
    places, n = world.places, world.places.n
    return Where(places.kind[:n], places.unit[:n], places.market[:n], places.urban[:n])


def key_of(world: World, stream: int, month: int) -> np.uint64:
    """Key of the month's hashed words of one decision."""
    return np.uint64(screen_key(world.seed, stream, month))


def end_jobs(world: World, month: int) -> Search:
    """Separations, pay growth, enrolment, and who looks for work; everybody is counted on the way."""
    p, a, table, people, markets = world.p, world.accounts, world.firms, world.residents, world.markets
    n, before, search_farm = table.n, table.jobs_filled[: table.n], farm_search(world)
    table_ = posts.chances(
        ending_rates(world), p.sep_rate_month, a["pay_growth"], float(a["farm_growth"][0]), search_farm,
        p.search_on_job_month, before, a["insured_jobs"], table.insured_share[:n],
    )
    person, counts = find_and_count(
        month_of_work, people.n, counts_of(markets.n, world.n_units), key_of(world, Stream.SEPARATION, month),
        world.seed, month, table.n_markets, markets.n, people_of(world), where_of(world), table_, search_farm,
        p.search_on_job_month, world.households.events_next,
    )
    world.count("separations", events_by_unit(world, counts))
    table.jobs_filled[:n], _, _ = posts.firm_counts(counts, table.n_markets, markets.n)
    return Search(person, counts)


def events_by_unit(world: World, counts: np.ndarray) -> np.ndarray:
    """Jobs lost or found by unit of residence, int64[U]."""
    return counts[-2 - world.n_units : -2].copy()


def ending_rates(world: World) -> np.ndarray:
    """Chance that a job of each firm row ends this month, float64[n]."""
    a, table = world.accounts, world.firms
    n = table.n
    return np.asarray(posts.ending_rates(
        table.market[:n], a["separation_month"], a["contract_factor"], a["closing_start"], a["closing_share"],
        table.jobs_filled[:n], table.jobs_wanted[:n],
    ))


def count(world: World) -> np.ndarray:
    """Counts of work as people stand: int64[counts_of]."""
    markets = world.markets.n
    size = counts_of(markets, world.n_units)
    return count_rows(count_work, world.residents.n, (size,), markets, people_of(world), where_of(world))


def reach(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Markets in which people of each place look for work: count int64[P], market int64[P, K], weight float64[P, K].

    The own market, and towns within `commute_max_min`; weight is exp(minutes / decay), so small is near, with decay
    = commute_decay_min * (1 + search_reach_gain * (match_coverage - start)).
    """
    p, places, markets = world.p, world.places, world.markets
    n, local = places.n, world.firms.n_markets
    linked = world.channels.match_coverage - world.accounts["match_coverage_start"]
    wide = (markets.kind[:local] == Kind.SEAT) | (markets.kind[:local] == Kind.CORE)
    width = 2 + np.count_nonzero(wide)
    market, weight = np.zeros((n, width), np.int64), np.ones((n, width))
    number = search.places_in_reach(
        world.panels.minutes, places.unit[:n], places.market[:n], markets.unit, markets.kind, wide,
        p.commute_decay_min * (1.0 + p.search_reach_gain * linked), p.commute_max_min, market, weight,
    )
    return number, market, weight


def open_posts(world: World, month: int) -> np.ndarray:
    """Vacancies by firm and skill, int64[n, 3]."""
    table, a, n = world.firms, world.accounts, world.firms.n
    return np.asarray(posts.open_posts(
        table.jobs_wanted[:n], table.jobs_filled[:n], table.uid[:n], key_of(world, Stream.MATCH, month),
        a["sector_skill"], a["skill_share"], a["skill_start"],
    ))


def apply(world: World, month: int, person: np.ndarray, posts_: np.ndarray) -> tuple[np.ndarray, ...]:
    """Group (market * 3 + skill, -1 outside), lottery draw and id of every applicant."""
    n = person.size
    group, draw, tie = np.empty(n, np.int64), np.empty(n), np.empty(n, np.uint64)
    over_rows(
        search.apply, n, person, people_of(world), where_of(world), key_of(world, Stream.LOTTERY, month),
        *reach(world), posts_, group, draw, tie,
    )
    if world.channels.relocation_links.any():
        draw = brokered(world, person, draw)
    return group, draw, tie


def fill_posts(world: World, month: int, looking: Search) -> None:
    """Apply, match in whole numbers, pair the first of both lotteries.

    Markets keep posts open and applicants as they stood at the search, before they met.
    """
    table, markets = world.firms, world.markets
    local = table.n_markets
    vacant = open_posts(world, month)
    by_market = posts.sum_posts(vacant, local)
    group, draw, tie = apply(world, month, looking.person, by_market + 0.5)
    seekers = posts.count_groups(group, local * N_SKILLS)
    markets.seekers[:local] = seekers.reshape(local, N_SKILLS).sum(axis=1)
    markets.jobs_open[:local] = by_market.sum(axis=1)
    number = matches(world, month, seekers, by_market.ravel())
    winners = looking.person[search.first_in_groups(group, draw, tie, number)]
    rows = search.posts_by_lottery(vacant, number, table.uid[: table.n], key_of(world, Stream.POST, month))
    changes = count_rows(
        hiring.start_jobs, winners.size, (looking.counts.size,), winners, rows, world.seed, month, markets.n,
        people_of(world), where_of(world), terms(world), world.households.events_next,
    )
    world.count("hires", events_by_unit(world, changes))
    world.count("job_changes", changes[-1:].copy())
    np.add(looking.counts, changes, out=looking.counts)


def terms(world: World) -> hiring.Terms:
    """Pay and insurance of jobs that begin."""
    p, a, table = world.p, world.accounts, world.firms
    return hiring.Terms(
        a["paid_wage_yuan"], a["farm_wage_yuan"], SECTOR_PAY, table.wage_factor, table.insured_share,
        a["insured_by_registration"], p.wage_spread, math.exp(p.training_wage), OUTSIDE_MIX, p.outside_insured_share,
        min(1.0, p.sep_rate_month * p.outside_p_job / (1.0 - p.outside_p_job)), p.farm_return_month,
    )


def matches(world: World, month: int, seekers: np.ndarray, posts_: np.ndarray) -> np.ndarray:
    """M = mu U^eta V^(1-eta), at most U and V, whole by a keyed rounding: int64[groups]."""
    p = world.p
    mu = p.find_rate_month * p.theta_start ** (p.match_eta - 1.0)
    gain = 1.0 + p.platform_match_gain * (world.channels.match_coverage - world.accounts["match_coverage_start"])
    efficiency = mu * gain[world.markets.unit[: world.firms.n_markets]]
    return np.asarray(posts.matches(seekers, posts_, efficiency, p.match_eta, key_of(world, Stream.MATCH, month)))


def start_elsewhere(world: World, month: int, looking: Search) -> None:
    """Jobless people outside, and jobless villagers with land."""
    homes = world.households
    changes = count_rows(
        hiring.other_starts, looking.person.size, (looking.counts.size,), looking.person,
        key_of(world, Stream.SEPARATION, month), world.seed, month, world.markets.n, people_of(world), where_of(world),
        terms(world), homes.origin, homes.land_mu,
    )
    np.add(looking.counts, changes, out=looking.counts)


def recount(world: World, counts: np.ndarray) -> None:
    """Posts filled and chances of work after the month's matching."""
    table, markets, a = world.firms, world.markets, world.accounts
    local, n = table.n_markets, markets.n
    table.jobs_filled[: table.n], a["insured_jobs"], markets.jobs_filled[:n] = posts.firm_counts(counts, local, n)
    working, jobless, farmers = posts.home_counts(counts, n)
    markets.p_job[:n], a["farm_share"], a["skill_share"] = posts.shares_of_work(
        working, jobless, farmers, local, world.p.outside_p_job, SHRINK_PERSONS
    )
