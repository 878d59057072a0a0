"""Matching: jobs end, people look for work in reach, posts are filled by lottery; then the month is paid (E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import jobs
from model.kernels.rng import Stream
from model.kernels.segments import first_of_each, member_uniforms, share_of, uniforms
from model.phases.cash import cash
from model.phases.farming import farm_search
from model.phases.resettlement import brokered
from model.phases.skills import give_courses, learn_at_school, leave_and_join
from model.spec.codes import N_SKILLS, Kind
from model.state.firms import ROWS_PER_MARKET
from model.world.pay import OUTSIDE_MIX, SECTOR_PAY

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FIRM: Final = Stream.FIRM
SLOT_SKILL, SLOT_MATCH, SLOT_POST = 2, 3, 4
SHRINK_PERSONS: Final = 20.0
"""People by which a small market's chance of work is drawn to that of the prefecture."""


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
    end_jobs(world, month.index)
    give_courses(world, month.index)
    learn_at_school(world, month)
    fill_posts(world, month.index)
    start_elsewhere(world, month.index)
    recount(world)
    cash(world, month)


def end_jobs(world: World, month: int) -> None:
    """Separations, pay growth and enrolment of everybody at work; posts still filled are counted on the way."""
    p, a, table, people = world.p, world.accounts, world.firms, world.residents
    n, before = table.n, table.jobs_filled[: table.n]
    rate = ending_rates(world)
    share = share_of(a["insured_jobs"], before, empty=1.0)
    enrol = share_of(table.insured_share[:n] - share, 1.0 - share)
    lost, filled = np.zeros(world.n_units + 1, np.int64), np.zeros(n, np.int64)
    jobs.separate_and_pay(
        world.seed, month, people.n, people.household, people.place, people.activity, people.sector, people.job_market,
        people.flags, people.wage_yuan, people.uid, world.places.unit, table.n_markets, rate, p.sep_rate_month,
        a["pay_growth"], float(a["farm_growth"][0]), np.maximum(enrol, 0.0), world.households.events_next, lost,
        filled,
    )
    world.count("separations", lost[: world.n_units])
    table.jobs_filled[:n] = filled


def ending_rates(world: World) -> np.ndarray:
    """Chance that a job of each cell ends this month, float64[n].

    1 - (1 - s) (1 - c), with c the share of firms that close and s what is left of the start's rate without the
    closures of the start, less with a contract; at least what lies above the posts wanted.
    """
    a, table = world.accounts, world.firms
    n, before = table.n, table.jobs_filled[: table.n]
    start = a["separation_month"][table.market[:n]] * a["contract_factor"]
    other = share_of(np.maximum(start - a["closing_start"], 0.0), 1.0 - a["closing_start"])
    rate = 1.0 - (1.0 - np.minimum(other, 1.0)) * (1.0 - a["closing_share"])
    excess = share_of(before - table.jobs_wanted[:n], before)
    return np.clip(np.maximum(rate, excess), 0.0, 1.0)


def count(world: World) -> tuple[np.ndarray, ...]:
    """`jobs.count_jobs` of the world as it stands."""
    people = world.residents
    return jobs.count_jobs(
        people.n, people.household, people.place, people.activity, people.sector, people.job_market, people.flags,
        people.education, world.places.market, world.firms.n_markets, world.markets.n,
    )


def open_posts(world: World, month: int) -> np.ndarray:
    """Vacancies by firm and skill, int64[n, 3]: the industry's mix of skills at the start, moved with supply.

    Posts are split by systematic rounding from one keyed point per firm and month, so that they add up.
    """
    table, a = world.firms, world.accounts
    n = table.n
    vacant = np.maximum(table.jobs_wanted[:n] - table.jobs_filled[:n], 0)
    mix = a["sector_skill"] * (a["skill_share"] / a["skill_start"])[None, :]
    mix = mix / mix.sum(axis=1, keepdims=True)
    edges = vacant[:, None] * np.cumsum(mix, axis=1)[table.sector[:n]]
    edges[:, -1] = vacant
    point = uniforms(world.seed, FIRM, table.uid[:n], month, SLOT_SKILL)
    upto = np.floor(edges + point[:, None]).astype(np.int64)
    upto[:, -1] = vacant
    return np.diff(np.minimum(upto, vacant[:, None]), axis=1, prepend=0)


def reach(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Markets in which people of each place look for work: count int64[P], market int64[P, K], weight float64[P, K].

    The own market, and towns within `commute_max_min`; weight is exp(minutes / decay), so small is near, with decay
    = commute_decay_min * (1 + search_reach_gain * (match_coverage - start)).
    """
    p, places, markets = world.p, world.places, world.markets
    local = world.firms.n_markets
    minutes = world.panels.minutes[: places.n, :local].astype(np.float64)
    own = places.market[: places.n, None] == np.arange(local)[None, :]
    same_unit = places.unit[: places.n, None] == markets.unit[:local][None, :]
    kind = markets.kind[:local][None, :]
    town = (kind == Kind.SEAT) | (kind == Kind.CORE) | ((kind == Kind.TOWN) & same_unit)
    usable = own | (town & (minutes <= p.commute_max_min))
    usable &= (places.unit[: places.n] >= 0)[:, None]
    count_ = usable.sum(axis=1)
    width = max(1, int(count_.max()))
    order = np.argsort(~usable, axis=1, kind="stable")[:, :width]
    linked = world.channels.match_coverage - world.accounts["match_coverage_start"]
    decay = p.commute_decay_min * np.append(1.0 + p.search_reach_gain * linked, 1.0)[places.unit[: places.n]]
    weight = np.exp(np.where(own, 0.0, minutes) / decay[:, None])
    return count_, order, np.take_along_axis(weight, order, axis=1)


def apply(world: World, month: int, posts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Applicants of the month: person rows, group (market * 3 + skill) and lottery draw."""
    people = world.residents
    person, group = np.empty(people.n, np.int64), np.empty(people.n, np.int64)
    draw = np.empty(people.n)
    n = jobs.look_for_work(
        world.seed, month, people.n, people.household, people.place, people.activity, people.sector, people.education,
        people.uid, people.birth, people.job_market, people.flags, world.places.kind, world.places.unit,
        *reach(world), posts, farm_search(world), world.p.search_on_job_month, person, group, draw,
    )
    return person[:n], group[:n], brokered(world, person[:n], draw[:n])


def fill_posts(world: World, month: int) -> None:
    """Apply, match in whole numbers, pair the first of both lotteries.

    Markets keep posts open and applicants as they stood at the search, before they met.
    """
    table, markets, people = world.firms, world.markets, world.residents
    local = table.n_markets
    posts = open_posts(world, month)
    by_market = posts.reshape(local, ROWS_PER_MARKET, N_SKILLS).sum(axis=1)
    person, group, draw = apply(world, month, by_market + 0.5)
    seekers = np.bincount(group, minlength=local * N_SKILLS)
    markets.seekers[:local] = seekers.reshape(local, N_SKILLS).sum(axis=1)
    markets.jobs_open[:local] = by_market.sum(axis=1)
    number = matches(world, month, seekers, by_market.ravel())
    winners = person[first_of_each(group, draw, people.uid[person], number)]
    rows = lottery_of_posts(world, month, posts, number)
    hired = np.zeros(world.n_units + 1, np.int64)
    changed = jobs.start_jobs(
        world.seed, month, winners, rows, world.places.market, people.place, world.places.unit, people.household,
        people.activity, people.sector, people.job_market, people.job_since, people.flags, people.wage_yuan,
        people.education, people.uid, people.hukou, world.places.urban, world.accounts["paid_wage_yuan"], SECTOR_PAY,
        table.wage_factor, table.insured_share, world.accounts["insured_by_registration"], world.p.wage_spread,
        float(np.exp(world.p.training_wage)),
        world.households.events_next, hired,
    )
    world.count("hires", hired[: world.n_units])
    world.count("job_changes", np.array([changed]))


def matches(world: World, month: int, seekers: np.ndarray, posts: np.ndarray) -> np.ndarray:
    """M = mu U^eta V^(1-eta), at most U and V, whole by a keyed rounding: int64[groups]."""
    p = world.p
    mu = p.find_rate_month * p.theta_start ** (p.match_eta - 1.0)
    gain = 1.0 + p.platform_match_gain * (world.channels.match_coverage - world.accounts["match_coverage_start"])
    by_group = mu * np.repeat(gain[world.markets.unit[: world.firms.n_markets]], N_SKILLS)
    expected = by_group * seekers**p.match_eta * posts ** (1.0 - p.match_eta)
    point = uniforms(world.seed, FIRM, np.arange(1, seekers.size + 1, dtype=np.uint64), month, SLOT_MATCH)
    return np.minimum(np.floor(expected + point).astype(np.int64), np.minimum(seekers, posts))


def lottery_of_posts(world: World, month: int, posts: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Firm rows of the posts that are filled, number[g] in each group, in the order of groups."""
    table = world.firms
    market = table.market[: table.n].astype(np.int64)
    group = market[:, None] * N_SKILLS + np.arange(N_SKILLS)
    some = posts * (number[group] > 0)
    count_ = some.ravel()
    row = np.repeat(np.repeat(np.arange(table.n), N_SKILLS), count_)
    ordinal = np.arange(row.size) - np.repeat(np.cumsum(count_) - count_, count_)
    skill = np.repeat(np.tile(np.arange(N_SKILLS), table.n), count_)
    part = ordinal * N_SKILLS + skill
    draw = member_uniforms(world.seed, FIRM, table.uid, row, part, month, SLOT_POST)
    tie = row * (int(part.max(initial=0)) + 1) + part
    return row[first_of_each(market[row] * N_SKILLS + skill, draw, tie, number)]


def start_elsewhere(world: World, month: int) -> None:
    """Jobless people outside, and jobless villagers with land."""
    p, a, people, homes, places = world.p, world.accounts, world.residents, world.households, world.places
    hired = np.zeros(world.n_units + 1, np.int64)
    find = min(1.0, p.sep_rate_month * p.outside_p_job / (1.0 - p.outside_p_job))
    jobs.other_starts(
        world.seed, month, people.n, people.household, people.place, people.activity, people.sector, people.job_market,
        people.job_since, people.flags, people.wage_yuan, people.education, people.uid, places.kind, places.market,
        places.unit, homes.origin, homes.land_mu, find, a["paid_wage_yuan"], OUTSIDE_MIX, p.outside_insured_share,
        p.farm_return_month, a["farm_wage_yuan"], p.wage_spread, float(np.exp(p.training_wage)), hired,
    )


def recount(world: World) -> None:
    """Posts filled and chances of work after the month's matching."""
    table, markets, a = world.firms, world.markets, world.accounts
    local = table.n_markets
    filled, insured, working, jobless, farmers, workers = count(world)
    table.jobs_filled[: table.n], a["insured_jobs"] = filled, insured
    markets.jobs_filled[: markets.n] = workers
    markets.p_job[: markets.n] = chance_of_work(working.sum(axis=1), jobless.sum(axis=1), local, world.p.outside_p_job)
    a["farm_share"] = share_of(farmers[:local].sum(axis=1), working[:local].sum(axis=1))
    force = (working[:local] + jobless[:local]).sum(axis=0)
    a["skill_share"] = share_of(force, force.sum())


def chance_of_work(working: np.ndarray, jobless: np.ndarray, local: int, outside: float) -> np.ndarray:
    """p_job by market of residence, float64[M]; thin markets lean on the prefecture's mean."""
    mean = share_of(working[:local].sum(), working[:local].sum() + jobless[:local].sum())
    p = (working + SHRINK_PERSONS * mean) / (working + jobless + SHRINK_PERSONS)
    p[local:] = outside
    return p
