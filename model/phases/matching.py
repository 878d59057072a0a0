"""Matching: jobs end, people look for work in reach, posts are filled by lottery; then the month is paid (E13)."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from model.kernels import hiring, posts, search
from model.kernels.job_month import Chances, Rules, month_of_work
from model.kernels.rng import Stream
from model.kernels.rows import at_once, count_rows, find_and_count
from model.kernels.screen import LANES, screen_key
from model.kernels.work import UNCOUNTED, People, Where, count_work, counts_of, forget
from model.phases.cash import cash
from model.phases.farming import farm_rules, farms_of
from model.phases.resettlement import brokered
from model.phases.skills import THIN_SHARE, give_courses, learn_at_school
from model.spec.codes import N_SKILLS, Kind
from model.world.pay import OUTSIDE_MIX, SECTOR_PAY

if TYPE_CHECKING:
    from model.inputs import Month
    from model.spec.params import Params
    from model.state.world import World

SHRINK_PERSONS: Final = 20.0
"""People by which a small market's chance of work is drawn to that of the prefecture."""
PULL_LIMITS: Final = (0.5, 2.0)
"""Tightness over the start beyond which nobody else leaves or joins the labour force (assumed)."""
FEWEST: Final = 4096
"""Applicants from which they are shared out among threads."""


class Offices(NamedTuple):
    """What matching works out once: markets by kind, parameters, and room for what a month holds."""

    p: Params
    reach: tuple[np.ndarray, np.ndarray, np.ndarray]
    habits: posts.Habits
    rules: Rules
    chances: Chances
    terms: tuple[Any, ...]
    lanes: np.ndarray
    efficiency: float


class Search(NamedTuple):
    """People who look for work this month: rows int32, and the counts of work of everybody, int64[counts_of]."""

    person: np.ndarray
    counts: np.ndarray
    people: People
    where: Where


def matching(world: World, month: Month) -> None:
    """Jobs end, search, matches, courses; then everybody is paid.

    E13: M = mu U^eta V^(1-eta) by job market and skill, in whole people, with mu from `find_rate_month` at the
    start tightness and raised by platforms. Jobs end at the start's rate and where firms close, or faster where a
    cell wants fewer posts than it has. The jobless stop looking and others look again, by the posts per applicant of
    their unit. Who is matched, and with which post, is a lottery keyed by person and post.

    **Reads** firms (jobs_wanted), panels.minutes, channels (match_coverage, training_flow, vocational_funding_yuan,
    relocation_links), seen markets (jobs_open, seekers), accounts (closing_share), residents, households.
    **Writes** residents (activity, sector, job_market, wage_yuan, job_since, flags), households.events_next,
    firms.jobs_filled, markets (jobs_filled, jobs_open, seekers, p_job), accounts (insured_jobs, farm_share,
    skill_share); through `cash` households (income_yuan, savings_fen, debt_fen), ledger, accounts (local_sales_fen,
    tax_fen, public_pay_fen, assistance_fen, retail_stock_yuan, rural_capital_yuan, resident_benefit).
    """
    looking = end_jobs(world, month.index)
    give_courses(world, month.index)
    learn_at_school(world, month)
    fill_posts(world, month.index, looking)
    recount(world, looking.counts)
    cash(world, month)


# ---- tables


def offices(world: World) -> Offices:
    """What matching keeps; worked out again where the parameters are others."""
    kept = world.kept.get("offices")
    if kept is None or kept.p is not world.p:
        kept = world.kept["offices"] = open_offices(world)
    return kept


def open_offices(world: World) -> Offices:
    """Tables of what stays as it is while the parameters do."""
    p, markets, units = world.p, world.markets, world.n_units
    local, n = 3 * units, markets.n
    kind, unit = markets.kind[:local], markets.unit[:local]
    wide = (kind == Kind.SEAT) | (kind == Kind.CORE)
    candidates = np.array([np.flatnonzero(wide | (unit == u)) for u in range(units)])
    size = n * posts.PER_MARKET + 2
    chances = Chances(
        np.zeros(size), np.zeros(size), np.zeros(size, np.uint64), np.zeros(size, np.uint16), np.zeros(units),
        np.zeros(units), np.zeros(2, np.uint64),
    )
    find = min(1.0, p.sep_rate_month * p.outside_p_job / (1.0 - p.outside_p_job))
    return Offices(
        p, (candidates, wide, kind == Kind.TOWN),
        posts.Habits(
            p.sep_rate_month, p.search_on_job_month, THIN_SHARE, p.theta_start, *PULL_LIMITS, p.participation_elast,
            p.discourage_month,
        ),
        Rules(local, n, p.search_on_job_month, p.discourage_month), chances,
        (p.wage_spread, math.exp(p.training_wage), OUTSIDE_MIX, p.outside_insured_share, find, p.farm_return_month),
        np.array([find, p.farm_return_month]) * LANES, p.find_rate_month * p.theta_start ** (p.match_eta - 1.0),
    )


def people_of(world: World, code: np.ndarray) -> People:
    """The columns of residents that work reads and writes, with the codes kept of them."""
    r = world.residents
    return People(
        r.household, r.place, r.activity, r.sector, r.job_market, r.job_since, r.flags, r.wage_yuan, r.education, r.uid,
        r.birth, r.hukou, r.sex, code,
    )


def where_of(world: World) -> Where:
    """Facts of places that work reads."""
    places, n = world.places, world.places.n
    return Where(places.kind[:n], places.unit[:n], places.market[:n], places.urban[:n])


def key_of(world: World, stream: int, month: int) -> np.uint64:
    """Key of the month's hashed words of one decision."""
    return np.uint64(screen_key(world.seed, stream, month))


# ---- counts


def count(world: World) -> np.ndarray:
    """Counts of work as people stand: int64[counts_of]."""
    n, markets = world.residents.n, world.markets.n
    people = people_of(world, np.full(n, UNCOUNTED))
    return count_rows(count_work, n, (counts_of(markets, world.n_units),), markets, people, where_of(world))


def counted(world: World, where: Where) -> tuple[np.ndarray, np.ndarray]:
    """What is kept of last month: codes of residents uint32[capacity], and counts of those who have one."""
    n, markets = world.residents.n, world.markets.n
    kept = world.kept.get("counted")
    if kept is None:
        if world.places.n * N_SKILLS * 2 * (markets * posts.PER_MARKET + 2) >= int(UNCOUNTED):
            raise ValueError("too many places and markets for 32 bits")
        kept = np.full(world.residents.capacity, UNCOUNTED), np.zeros(counts_of(markets, world.n_units), np.int64), n
    code, counts, before = kept
    if code.size < world.residents.capacity:
        code = np.append(code, np.full(world.residents.capacity - code.size, UNCOUNTED))
    if before != n:
        forget(code[n:before], counts, markets, where.market)
        code[n:before] = UNCOUNTED
    world.kept["counted"] = code, counts, n
    return code, counts


def recount(world: World, counts: np.ndarray) -> None:
    """Posts filled and chances of work after the month's matching."""
    table, markets, a = world.firms, world.markets, world.accounts
    n = markets.n
    (
        table.jobs_filled[: table.n], a["insured_jobs"], markets.jobs_filled[:n], markets.p_job[:n], a["farm_share"],
        a["skill_share"],
    ) = posts.recount(counts, table.n_markets, n, world.p.outside_p_job, SHRINK_PERSONS)


# ---- the month


def end_jobs(world: World, month: int) -> Search:
    """Who stops looking or looks again, separations, pay growth, enrolment, and who looks for work."""
    people, units, seed = world.residents, world.n_units, world.seed
    where = where_of(world)
    code, counts = counted(world, where)
    columns = people_of(world, code)
    person, changes = find_and_count(
        month_of_work, people.n, counts.size, key_of(world, Stream.SEPARATION, month),
        key_of(world, Stream.LABOUR_FORCE, month), seed, month, offices(world).rules, world.accounts["join_month"],
        columns, where, chances(world), world.households.events_next,
    )
    counts += changes
    events = changes[-3 * (units + 1) - 1 : -1].reshape(3, units + 1)
    world.count("separations", events[0, :units])
    world.count("stopped_looking", events[1, :units])
    world.count("looking_again", events[2, :units])
    return Search(person, counts, columns, where)


def chances(world: World) -> Chances:
    """What the month holds for workers and for those who look for work; the same arrays every month."""
    kept, a, table, seen = offices(world), world.accounts, world.firms, world.seen.markets
    n = table.n
    sources = posts.Sources(
        a["separation_month"], a["contract_factor"], a["closing_start"], a["closing_share"], table.jobs_filled[:n],
        table.jobs_wanted[:n], a["insured_jobs"], table.insured_share[:n], a["pay_growth"], a["farm_growth"],
        seen["jobs_filled"], seen["jobs_open"], seen["seekers"],
    )
    posts.fill_chances(
        kept.chances, a["join_month"], sources, kept.habits, farm_rules(world), farms_of(world)
    )
    return kept.chances


def reach_of(world: World) -> search.Reach:
    """What decides where people look for work.

    The own market, and towns within `commute_max_min`; weight is exp(minutes / decay), so small is near, with decay
    = commute_decay_min * (1 + search_reach_gain * (match_coverage - start)).
    """
    p = world.p
    return search.Reach(
        world.panels.minutes, *offices(world).reach, world.channels.match_coverage,
        world.accounts["match_coverage_start"], p.search_reach_gain, p.commute_decay_min, p.commute_max_min,
    )


def reach(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Markets in which people of each place look for work: count int64[P], market int64[P, K], weight float64[P, K]."""
    r = reach_of(world)
    market = np.zeros((world.places.n, r.candidates.shape[1]), np.int64)
    weight = np.ones(market.shape)
    return search.places_in_reach(where_of(world), r, market, weight), market, weight


def fill_posts(world: World, month: int, looking: Search) -> None:
    """Apply, match in whole numbers, pair the first of both lotteries; the jobless may find work without a match.

    Markets keep posts open and applicants as they stood at the search, before they met.
    """
    table, markets, a = world.firms, world.markets, world.accounts
    local, n = table.n_markets, table.n
    vacant, by_market = posts.vacancies(
        looking.counts, markets.n, table.jobs_wanted[:n], table.jobs_filled[:n], table.uid[:n],
        key_of(world, Stream.MATCH, month), a["sector_skill"], a["skill_share"], a["skill_start"], markets.jobs_open,
    )
    seekers, drawn = apply(world, month, looking, by_market)
    markets.seekers[:local] = seekers.reshape(local, N_SKILLS).sum(axis=1)
    number = matches(world, month, seekers, by_market)
    winners, rows = at_once([
        partial(search.winners, drawn, seekers, number),
        partial(search.posts_by_lottery, vacant, by_market, number, table.uid[:n], key_of(world, Stream.POST, month)),
    ])
    drawn.job[winners] = rows
    start_jobs(world, month, looking, drawn.job)


def apply(
    world: World, month: int, looking: Search, by_market: np.ndarray
) -> tuple[np.ndarray, search.Drawn]:
    """Applicants by group (market * 3 + skill), and what each of them draws."""
    n = looking.person.size
    drawn = search.Drawn(np.empty(n, np.int64), np.empty(n), np.empty(n, np.uint64), np.empty(n, np.int64))
    seekers = count_rows(
        search.apply, n, (N_SKILLS + by_market.size,), looking.person, looking.people, looking.where,
        key_of(world, Stream.LOTTERY, month), key_of(world, Stream.SEPARATION, month), reach_of(world), by_market,
        offices(world).lanes, drawn, fewest=FEWEST,
    )
    if world.channels.relocation_links.any():
        drawn = drawn._replace(draw=brokered(world, looking.person, drawn.draw))
    return seekers[N_SKILLS:], drawn


def matches(world: World, month: int, seekers: np.ndarray, by_market: np.ndarray) -> np.ndarray:
    """M = mu U^eta V^(1-eta), at most U and V, whole by a keyed rounding: int64[groups]."""
    p, kept = world.p, offices(world)
    return np.asarray(posts.matches(
        seekers, by_market, world.channels.match_coverage, world.accounts["match_coverage_start"],
        p.platform_match_gain, kept.efficiency, p.match_eta, key_of(world, Stream.MATCH, month),
    ))


def start_jobs(world: World, month: int, looking: Search, job: np.ndarray) -> None:
    """Everybody who won a post or may find work begins; counts and events move along."""
    homes, a, table, units = world.households, world.accounts, world.firms, world.n_units
    terms = hiring.Terms(
        a["paid_wage_yuan"], a["farm_wage_yuan"], SECTOR_PAY, table.wage_factor, table.insured_share,
        a["insured_by_registration"], *offices(world).terms,
    )
    changes = count_rows(
        hiring.start_jobs, job.size, (looking.counts.size,), looking.person, job, world.seed, month, world.markets.n,
        looking.people, looking.where, terms, hiring.Homes(homes.origin, homes.land_mu, homes.events_next),
        key_of(world, Stream.SEPARATION, month), fewest=FEWEST,
    )
    world.count("hires", changes[-3 * (units + 1) - 1 :][:units])
    world.count("job_changes", changes[-1:])
    np.add(looking.counts, changes, out=looking.counts)
