"""Posts and chances by cell: what a month holds for workers, open posts by skill, matches, and the counts afterwards.

Rows of firms are (market * 19 + industry) * 2 + (1 with a contract), see model.state.firms.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.farms import searching
from model.kernels.jit import bare, kernel, within
from model.kernels.job_month import JOIN, STOP, pack
from model.kernels.rng import mix_uid, to_open
from model.kernels.screen import limit_of, screen_word
from model.kernels.skills import tightness
from model.kernels.work import AT_WORK, FARMING, JOBLESS, N_STATUS, ON_FARM, PER_MARKET, split_counts
from model.spec.codes import N_SKILLS

ALWAYS: Final = 2.0
"""A chance that no draw reaches."""


class Sources(NamedTuple):
    """What the month's chances are made of: by market, firm row or unit, and the parameters behind them."""

    separation: np.ndarray  # float64[local], rate at which jobs end at the start
    factor: np.ndarray  # float64[n], of a firm over its market
    closing_start: np.ndarray
    closing_share: np.ndarray  # float64[n], of firms that close this month
    filled: np.ndarray
    wanted: np.ndarray
    insured: np.ndarray  # int64[n], insured employees
    insured_share: np.ndarray
    growth: np.ndarray  # float64[M], of pay
    farm_growth: np.ndarray  # float64[1]
    jobs: np.ndarray  # int64[M] as seen at the start of the month, so are the next two
    posts: np.ndarray
    seekers: np.ndarray


class Habits(NamedTuple):
    """Parameters of search and separation."""

    separation: float  # outside
    job_search: float
    thin_share: float
    theta_start: float
    low: float  # limits of tightness over the start, as the labour force feels it
    high: float
    elasticity: float
    stop: float


@kernel
def fill_chances(out, join, s, h, rules, farms):
    """The month's `Chances` of the labour force, of jobs and of search. s: Sources, h: Habits; rules: FarmRules."""
    force_limits(out, join, s, h)
    local, n_markets = s.separation.size, s.growth.size
    most = 0.0
    searching(rules, farms, out.farm_search)
    for u in range(out.farm_search.size):
        most = max(most, out.farm_search[u])
    for m in range(n_markets):
        for c in range(m * PER_MARKET, (m + 1) * PER_MARKET):
            if c % PER_MARKET // 2 == FARMING:
                pack(out, c, 0.0, most, 0.0, s.farm_growth[0])
            elif m < local:
                seek = h.job_search if c % 2 == 0 else 0.0
                pack(out, c, ending_rate(s, c, m), seek, enrol_chance(s, c), s.growth[m])
            else:
                pack(out, c, h.separation, 0.0, 0.0, s.growth[m])
    pack(out, n_markets * PER_MARKET, 0.0, ALWAYS, 0.0, 1.0)
    pack(out, n_markets * PER_MARKET + 1, 0.0, 0.0, 0.0, 1.0)


@within
def ending_rate(s, k, m):
    """Chance that a job of firm row k in market m ends this month.

    1 - (1 - s) (1 - c), with c the share of firms that close and s what is left of the start's rate without the
    closures of the start, less with a contract; at least what lies above the posts wanted.
    """
    other, whole = max(s.separation[m] * s.factor[k] - s.closing_start[k], 0.0), 1.0 - s.closing_start[k]
    other = min(other / whole, 1.0) if whole > 0.0 else 0.0
    rate = 1.0 - (1.0 - other) * (1.0 - s.closing_share[k])
    excess = (s.filled[k] - s.wanted[k]) / s.filled[k] if s.filled[k] > s.wanted[k] else 0.0
    return min(max(rate, excess, 0.0), 1.0)


@within
def enrol_chance(s, k):
    """Chance that an employee of firm row k who is not insured is enrolled, so that the share of the firm is met."""
    share = s.insured[k] / s.filled[k] if s.filled[k] > 0 else 1.0
    return max((s.insured_share[k] - share) / (1.0 - share), 0.0) if share < 1.0 else 0.0


@bare
def force_limits(out, join, s, h):
    """How strongly work pulls in each unit, and the limits no jobless or inactive person can be above."""
    least, most, fastest = np.inf, 0.0, 0.0
    for u in range(out.pull.size):
        theta = tightness(u, s.jobs, s.posts, s.seekers, h.thin_share, h.theta_start)
        out.pull[u] = min(max(theta / h.theta_start, h.low), h.high) ** h.elasticity
        least, most = min(least, out.pull[u]), max(most, out.pull[u])
    for x in range(join.shape[0]):
        for band in range(join.shape[1]):
            fastest = max(fastest, join[x, band])
    out.limits[STOP], out.limits[JOIN] = limit_of(h.stop / least), limit_of(fastest * most)


@kernel
def vacancies(counts, n_markets, wanted, filled, uid, key, sector_skill, now, start, jobs_open):
    """Posts filled once jobs have ended, and vacancies by firm and skill int64[n, 3], by market and skill int64[L, 3].

    Writes filled and jobs_open (by market). Vacancies have the industry's mix of skills at the start, moved with
    supply now / start; they are split by systematic rounding from one keyed point per firm and month, so that they
    add up.
    """
    by_cell = split_counts(counts, n_markets).by_cell
    local = wanted.size // PER_MARKET
    out, by_market = np.zeros((wanted.size, N_SKILLS), np.int64), np.zeros((local, N_SKILLS), np.int64)
    for k in range(wanted.size):
        farm = k % PER_MARKET // 2 == FARMING
        filled[k] = 0 if farm else by_cell[2 * k] + by_cell[2 * k + 1]
        vacant = wanted[k] - filled[k]
        if vacant <= 0:
            continue
        mix, total, upto, edge = sector_skill[k // 2 % (PER_MARKET // 2)], 0.0, 0, 0.0
        for s in range(N_SKILLS):
            total += mix[s] * now[s] / start[s]
        point = to_open(screen_word(key, uid[k]))
        for s in range(N_SKILLS):
            edge += mix[s] * now[s] / start[s] / total
            end = vacant if s == N_SKILLS - 1 else min(vacant, math.floor(vacant * edge + point))
            out[k, s] = end - upto
            by_market[k // PER_MARKET, s] += end - upto
            upto = end
    for m in range(local):
        jobs_open[m] = by_market[m, 0] + by_market[m, 1] + by_market[m, 2]
    return out, by_market


@kernel
def matches(seekers, posts, coverage, coverage_start, gain, mu, eta, key):
    """M = mu U^eta V^(1-eta) by group, at most U and V, whole by a keyed rounding: int64[G].

    seekers: int64[G], posts: int64[L, 3]; mu is raised by `gain` times platforms beyond the start, float64[U] each.
    """
    out = np.zeros(seekers.size, np.int64)
    for g in range(seekers.size):
        m = g // N_SKILLS
        u, v = seekers[g], posts[m, g % N_SKILLS]
        if u > 0 and v > 0:
            efficiency = mu * (1.0 + gain * (coverage[m // 3] - coverage_start[m // 3]))
            expected = efficiency * u**eta * v ** (1.0 - eta)
            out[g] = min(math.floor(expected + to_open(mix_uid(key, np.uint64(g)))), u, v)
    return out


@kernel
def firm_counts(counts, local, n_markets):
    """Posts filled and insured by firm row, int64[rows] each, and people at work by market of the job, int64[M]."""
    by_cell = split_counts(counts, n_markets).by_cell
    filled, insured = np.zeros(local * PER_MARKET, np.int64), np.zeros(local * PER_MARKET, np.int64)
    workers = np.zeros(n_markets, np.int64)
    for c in range(n_markets * PER_MARKET):
        m, number = c // PER_MARKET, by_cell[2 * c] + by_cell[2 * c + 1]
        workers[m] += number
        if m < local and c % PER_MARKET // 2 != FARMING:
            filled[c], insured[c] = number, by_cell[2 * c + 1]
    return filled, insured, workers


@kernel
def home_counts(counts, n_markets):
    """At work (farmers among them), jobless and farmers by market of residence and skill: int64[M, 3] each."""
    by_home = split_counts(counts, n_markets).by_home
    working, jobless = np.zeros((n_markets, N_SKILLS), np.int64), np.zeros((n_markets, N_SKILLS), np.int64)
    farmers = np.zeros((n_markets, N_SKILLS), np.int64)
    for m in range(n_markets):
        for s in range(N_SKILLS):
            at = (m * N_SKILLS + s) * N_STATUS
            farmers[m, s], jobless[m, s] = by_home[at + ON_FARM], by_home[at + JOBLESS]
            working[m, s] = by_home[at + AT_WORK] + by_home[at + ON_FARM]
    return working, jobless, farmers


@kernel
def shares_of_work(working, jobless, farmers, local, outside, shrink):
    """Chance of work by market of residence float64[M], and of the prefecture: farmers at work by local market, and the
    labour force by skill float64[3].

    Thin markets lean on the prefecture's mean by `shrink` people; outside the chance is given.
    """
    p_job, farm, force = np.full(working.shape[0], outside), np.zeros(local), np.zeros(N_SKILLS)
    at_work, no_work = 0, 0
    for m in range(local):
        for s in range(N_SKILLS):
            at_work += working[m, s]
            no_work += jobless[m, s]
            force[s] += working[m, s] + jobless[m, s]
    total = at_work + no_work
    mean = at_work / total if total > 0 else 0.0
    for m in range(local):
        work, idle = working[m].sum(), jobless[m].sum()
        p_job[m] = (work + shrink * mean) / (work + idle + shrink)
        farm[m] = farmers[m].sum() / work if work > 0 else 0.0
    for s in range(N_SKILLS):
        force[s] = force[s] / total if total > 0 else 0.0
    return p_job, farm, force


@kernel
def recount(counts, local, n_markets, outside, shrink):
    """Everything that markets and firms know of work after matching: `firm_counts`, then `shares_of_work`."""
    working, jobless, farmers = home_counts(counts, n_markets)
    p_job, farm, force = shares_of_work(working, jobless, farmers, local, outside, shrink)
    filled, insured, workers = firm_counts(counts, local, n_markets)
    return filled, insured, workers, p_job, farm, force
