"""Posts and chances by cell: what a month holds for workers, open posts by skill, matches, and the counts afterwards.

Rows of firms are (market * 19 + industry) * 2 + (1 with a contract), see model.state.firms.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import mix_uid, to_open
from model.kernels.screen import screen_word
from model.kernels.work import AT_WORK, FARMING, JOBLESS, N_STATUS, ON_FARM, PER_MARKET, Chances, split_counts
from model.spec.codes import N_SKILLS

ALWAYS: Final = 2.0
"""A chance that no draw reaches."""


@kernel
def ending_rates(market, separation, factor, closing_start, closing_share, filled, wanted):
    """Chance that a job of each firm row ends this month, float64[n].

    1 - (1 - s) (1 - c), with c the share of firms that close and s what is left of the start's rate without the
    closures of the start, less with a contract; at least what lies above the posts wanted.
    """
    out = np.empty(market.size)
    for k in range(out.size):
        other, whole = max(separation[market[k]] * factor[k] - closing_start[k], 0.0), 1.0 - closing_start[k]
        other = min(other / whole, 1.0) if whole > 0.0 else 0.0
        rate = 1.0 - (1.0 - other) * (1.0 - closing_share[k])
        excess = (filled[k] - wanted[k]) / filled[k] if filled[k] > 0 else 0.0
        out[k] = min(max(rate, excess, 0.0), 1.0)
    return out


@kernel
def chances(rate, outside_rate, growth, farm_growth, farm_search, job_search, filled, insured, insured_share):
    """What a month holds for workers of every cell, see `model.kernels.work.cell_of`.

    rate: float64[rows]; growth of pay by market float64[M]; farm_search: float64[U]. Employees who are not insured
    are enrolled so that the share of the firm is met.
    """
    n_markets, local = growth.size, rate.size // PER_MARKET
    size = n_markets * PER_MARKET + 2
    leave, seek, enrol, grow = np.zeros(size), np.zeros(size), np.zeros(size), np.ones(size)
    for m in range(n_markets):
        for q in range(PER_MARKET):
            c = m * PER_MARKET + q
            if q // 2 == FARMING:
                grow[c], seek[c] = farm_growth, farm_search.max()
                continue
            grow[c], leave[c] = growth[m], outside_rate
            if m < local:
                leave[c], seek[c] = rate[c], job_search if q % 2 == 0 else 0.0
                share = insured[c] / filled[c] if filled[c] > 0 else 1.0
                enrol[c] = max((insured_share[c] - share) / (1.0 - share), 0.0) if share < 1.0 else 0.0
    seek[size - 2] = ALWAYS
    return Chances(leave, seek, enrol, grow)


@kernel
def open_posts(wanted, filled, uid, key, sector_skill, now, start):
    """Vacancies by firm row and skill, int64[n, 3]: the industry's mix at the start, moved with supply now / start.

    Posts are split by systematic rounding from one keyed point per firm and month, so that they add up.
    """
    out = np.zeros((wanted.size, N_SKILLS), np.int64)
    for k in range(wanted.size):
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
            upto = end
    return out


@kernel
def sum_posts(posts, local):
    """Posts by market and skill, int64[M, 3]."""
    out = np.zeros((local, N_SKILLS), np.int64)
    for k in range(posts.shape[0]):
        for s in range(N_SKILLS):
            out[k // PER_MARKET, s] += posts[k, s]
    return out


@kernel
def count_groups(group, groups):
    """Applicants by group, int64[groups]; -1 belongs to none."""
    out = np.zeros(groups, np.int64)
    for k in range(group.size):
        if group[k] >= 0:
            out[group[k]] += 1
    return out


@kernel
def matches(seekers, posts, efficiency, eta, key):
    """M = mu U^eta V^(1-eta) by group, at most U and V, whole by a keyed rounding: int64[G].

    efficiency: mu by market, float64[M].
    """
    out = np.zeros(seekers.size, np.int64)
    for g in range(seekers.size):
        u, v = seekers[g], posts[g]
        if u > 0 and v > 0:
            expected = efficiency[g // N_SKILLS] * u**eta * v ** (1.0 - eta)
            out[g] = min(math.floor(expected + to_open(mix_uid(key, np.uint64(g)))), u, v)
    return out


@kernel
def firm_counts(counts, local, n_markets):
    """Posts filled and insured by firm row, int64[rows] each, and people at work by market of the job, int64[M]."""
    by_cell, _, _, _ = split_counts(counts, n_markets)
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
    _, by_home, _, _ = split_counts(counts, n_markets)
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
