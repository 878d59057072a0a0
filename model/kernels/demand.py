"""Demand for work by cell: pay, enrolment, sales, posts demanded, and the whole posts of a month (E14, E22)."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.firms import row_of
from model.kernels.jit import kernel
from model.kernels.skills import tightness
from model.spec.codes import N_SKILLS, Sector
from model.state.firms import ROWS_PER_MARKET, SECTOR_DEMAND, Demand, Size

OUTSIDE, LOCAL, BUILDING, PUBLIC = int(Demand.OUTSIDE), int(Demand.LOCAL), int(Demand.BUILDING), int(Demand.PUBLIC)
MINING, MANUFACTURING, UTILITIES = int(Sector.MINING), int(Sector.MANUFACTURING), int(Sector.UTILITIES)
ESTABLISHED, SMALL = int(Size.ESTABLISHED), int(Size.SMALL)
LEAST_SHARE: Final = 0.05
"""Least real sales over the start."""


class Sales(NamedTuple):
    """Sources of sales and what they were at the start; index: pay outside over month 0."""

    outside: np.ndarray  # float64[19], volume of outside demand over month 0 by industry
    trade: np.ndarray  # float64[U], outside sales over those without named links
    productivity: float  # output per post of industries that sell outside
    local: np.ndarray  # int64[3U], spent at the market last month
    local_start: np.ndarray
    works: np.ndarray  # int64[U], public works
    works_start: np.ndarray
    queue: np.ndarray  # int64[months, M], homes under construction
    building_start: np.ndarray
    funding: np.ndarray  # float64[U], public operation that is paid
    served: np.ndarray
    served_start: np.ndarray
    export_share: float  # of local services
    public_share: float  # of building
    index: float


class Costs(NamedTuple):
    """What labour costs, and limits on output."""

    wage: np.ndarray  # float64[M, 3]
    wage_start: np.ndarray
    insured_start: np.ndarray  # float64[n]
    insurance: float  # employer cost of an insured post over its pay
    elasticity: float
    index: float
    limit: np.ndarray  # float64[U], carbon
    limit_cut: float
    exposed_works: float  # coal exposure of manufacturing, of utilities
    exposed_power: float
    green_share: float
    visitors: np.ndarray  # float64[U], posts that visitors bring


@kernel
def over(now, start):
    """now / start, 1 where there was nothing at the start."""
    return now / start if start > 0.0 else 1.0


@kernel
def pay_growth(filled, posts, seekers, thin_share, start, speed, limit, outside_growth, pass_on, gaps, first):
    """Growth of pay by market, float64[M]: three of each unit, then those outside with their yearly gaps.

    d ln w = speed * ln(theta / start) within `limit`, and growth outside, less the part of added insurance cost.
    """
    local = pass_on.size
    out = np.ones(local + gaps.size)
    if first:
        return out
    for u in range(local // 3):
        theta = tightness(u, filled, posts, seekers, thin_share, start)
        pull = math.log(max(theta, 1e-9) / start)
        tight = math.exp(speed * min(max(pull, -limit), limit))
        for m in range(3 * u, 3 * u + 3):
            out[m] = tight * outside_growth * (1.0 - pass_on[m])
    for o in range(gaps.size):
        out[local + o] = outside_growth * (1.0 + gaps[o]) ** (1.0 / 12.0)
    return out


@kernel
def pay_seen(wage, farm_wage, farm_share, out):
    """Mean monthly earnings of one at work by market of residence and skill to `out`, float64[M, 3]."""
    for m in range(wage.shape[0]):
        share = farm_share[m] if m < farm_share.size else 0.0
        for s in range(N_SKILLS):
            out[m, s] = wage[m, s]
            if m < farm_share.size:
                out[m, s] = share * farm_wage[m // 3, s] + (1.0 - share) * wage[m, s]


@kernel
def enrol(cells, gain, start, pace, cost, wage_share):
    """Enrolment moves to what enforcement asks; returns the part of its cost that pay bears, float64[3U].

    gain: float64[U], part of the gap above the start that closes, or of the start that is lost below zero.
    """
    markets = cells.uid.size // ROWS_PER_MARKET
    out = np.zeros(markets)
    for m in range(markets):
        total, added = 0.0, 0.0
        for k in range(m * ROWS_PER_MARKET, (m + 1) * ROWS_PER_MARKET):
            g, before = gain[cells.unit[k]], cells.insured_share[k]
            asked = start[k] + (1.0 - start[k]) * g if g >= 0.0 else start[k] * (1.0 + g)
            cells.insured_share[k] = before + pace * (asked - before)
            total += cells.jobs_filled[k]
            added += cells.jobs_filled[k] * (cost * (cells.insured_share[k] - before))
        out[m] = wage_share * (added / total) if total > 0.0 else 0.0
    return out


@kernel
def sales_ratio(cells, s):
    """Real sales over the start by cell, float64[n]. s: Sales. Writes productivity of those who sell outside."""
    units = s.works.size
    building, public, out = np.empty(units), np.empty(units), np.ones(cells.uid.size)
    for u in range(units):
        homes = 0
        for m in range(3 * u, 3 * u + 3):
            for month in range(s.queue.shape[0]):
                homes += s.queue[month, m]
        works = over(s.works[u], s.works_start[u]) / s.index
        building[u] = s.public_share * works + (1.0 - s.public_share) * over(homes, s.building_start[u])
        public[u] = s.funding[u] * over(s.served[u], s.served_start[u])
    for k in range(out.size):
        kind, u, m = SECTOR_DEMAND[cells.sector[k]], cells.unit[k], cells.market[k]
        if kind == OUTSIDE:
            cells.productivity[k] = s.productivity
            out[k] = s.outside[cells.sector[k]] / s.productivity * s.trade[u]
        elif kind == LOCAL:
            out[k] = s.export_share + (1.0 - s.export_share) * (over(s.local[m], s.local_start[m]) / s.index)
        elif kind == BUILDING:
            out[k] = building[u]
        elif kind == PUBLIC:
            out[k] = public[u]
        out[k] = max(out[k], LEAST_SHARE)
    return out


@kernel
def posts_demanded(cells, sales, c, green, visited):
    """Posts that sales and pay ask of every cell before firms open or close, float64[n]. c: Costs.

    green: int64[G, 3] market of the unit, industry and size class of posts that replace what limits cost, with shares
    float64[G]; visited: the same of posts that visitors bring, in small firms.
    """
    units = c.limit.size
    out, lost = np.empty(cells.uid.size), np.zeros(units)
    for k in range(out.size):
        u, sector = cells.unit[k], cells.sector[k]
        out[k] = (cells.base_posts[k] + cells.young_posts[k]) * sales[k]
        exposed = 1.0 if sector == MINING else c.exposed_works if sector == MANUFACTURING else c.exposed_power
        if sector in (MINING, MANUFACTURING, UTILITIES):
            gone = out[k] * min(1.0, c.limit_cut * c.limit[u] * exposed)
            out[k] -= gone
            lost[u] += gone
    for w in range(green[1].size):
        for u in range(units):
            out[row_of(u, green[0][w, 0], green[0][w, 1], green[0][w, 2])] += green[1][w] * (c.green_share * lost[u])
    for w in range(visited[1].size):
        for u in range(units):
            r = row_of(u, visited[0][w, 0], visited[0][w, 1], visited[0][w, 2])
            out[r] += max(visited[1][w] * c.visitors[u], -cells.base_posts[r])
    _answer_to_cost(cells, c, out)
    return out


@kernel
def _answer_to_cost(cells, c, out):
    """Posts by what labour costs over the start; public posts are as many as the budget funds, whatever pay does."""
    last, factor = 1.0, 1.0
    for k in range(out.size):
        m = cells.market[k]
        if SECTOR_DEMAND[cells.sector[k]] == PUBLIC or out[k] == 0.0:
            continue
        pay = (c.wage[m, 0] + c.wage[m, 1] + c.wage[m, 2]) / N_SKILLS
        base = (c.wage_start[m, 0] + c.wage_start[m, 1] + c.wage_start[m, 2]) / N_SKILLS
        insured = (1.0 + c.insurance * cells.insured_share[k]) / (1.0 + c.insurance * c.insured_start[k])
        cost = pay / base / c.index * insured
        if cost != last:
            last, factor = cost, math.exp(c.elasticity * math.log(cost)) if cost != 1.0 else 1.0
        out[k] *= factor


@kernel
def settle_posts(cells, wanted, pace, cluster, cluster_gain, season, rounding, posts_start, beds, n_markets):
    """Posts move to what is wanted, whole posts of the season, and beds; more beds than at the start, int64[M].

    pace: part of the gap closed in a month, more by cluster_gain in clusters; season: float64[19], factor of the
    month; rounding: a kept point per cell, so that slow change shows without flicker; beds: a post in established
    mines and works.
    """
    more = np.zeros(n_markets, np.int64)
    for k in range(wanted.size):
        cells.posts[k] += min(1.0, pace * (1.0 + cluster_gain * cluster[k])) * (wanted[k] - cells.posts[k])
        cells.jobs_wanted[k] = math.floor(cells.posts[k] * season[cells.sector[k]] + rounding[k])
        cells.age[k] += 1
        cells.alive[k] = cells.jobs_wanted[k] > 0 or cells.jobs_filled[k] > 0
        if cells.sector[k] in (MINING, MANUFACTURING) and cells.size[k] == ESTABLISHED:
            cells.dorm_beds[k] = math.floor(beds * cells.posts[k] + rounding[k])
            more[cells.market[k]] += cells.dorm_beds[k] - math.floor(beds * posts_start[k] + rounding[k])
    return more
