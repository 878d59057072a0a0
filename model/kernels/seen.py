"""What deciders see of places, brought up to date where something has changed (E4-E8, E21)."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.bounds import fill_bounds, fill_near
from model.kernels.jit import kernel, within
from model.kernels.nested import SLOT_CONFIGS
from model.kernels.services import ELSEWHERE, OWN_COUNTY, covered, line_shares

MONTHS: Final = 12.0


class Numbers(NamedTuple):
    """Numbers of what is seen, from the registry; names as there where nothing is said."""

    prior_experience: float
    keeps: float  # of pay, after contributions
    fallback_yuan_month: float
    trend: float  # mig_cost_trend
    beta_d: float
    beta_network: float
    network_cap: float
    infrastructure: float  # weight of amenity
    village_amenity_gain: float
    ent_outside: float
    ent_gap_own_county: float
    entitlement: float  # at practice
    least_open: float
    owning: float  # interest and upkeep a year over price
    user_cost_floor_year: float
    home_size_m2: float
    down_payment_share: float
    own_share: float  # of the first share, after what kin lend
    resale: float  # of the price that a sold home brings
    rental_income_limit: float
    pension_yuan_month: float
    heating_extra_yuan_year: float
    transit_service_gain: float
    intercity_time_gain: float


class Units(NamedTuple):
    """By unit, float64[U], as they are now; names of channels and accounts."""

    entitlement: np.ndarray
    social_topup: np.ndarray
    benefit: np.ndarray
    contribution: np.ndarray
    contribution_start: np.ndarray
    farm_premium: np.ndarray
    heating_subsidy: np.ndarray
    clean_heating: np.ndarray
    clean_heating_start: np.ndarray
    ev_share: np.ndarray
    town_income: np.ndarray
    travel_time: np.ndarray
    works_travel: np.ndarray
    link_share: np.ndarray
    link_year: np.ndarray
    transit: np.ndarray
    transit_start: np.ndarray
    villages: np.ndarray  # int64


class Fixed(NamedTuple):
    """What does not change in a run, and what is kept of the last month."""

    border: np.ndarray  # float64[U + 1, M]
    practice: np.ndarray  # float64[6] share of services open at practice
    every: np.ndarray  # int64[6] ones
    dist_km: np.ndarray  # float32[P, M]
    minutes: np.ndarray  # float32[P, M] at the start
    relabel_order: np.ndarray  # int16[P]
    roads: np.ndarray  # float64[2, U] time on roads and to places outside
    near: np.ndarray  # float32[P, M] the distance term, where `known`
    known: np.ndarray  # uint8[P]
    open_part: np.ndarray  # float64[6, 3, M]
    covered_start: np.ndarray  # float64[P]


@kernel
def see(t, q, w, n, u, x, month, year, xi, market, panels, new_price, village_stock):
    """Fill ChoiceTables and Bounds but for `access`. n, u, x: Numbers, Units, Fixed; see `see_places` for the rest.

    market: seen columns of markets, and panels, tuples in the order of `_markets` and `_panels`.
    """
    p_job, amenity, rent, room, price, growth, homes, occupied, public, let, beds, used = market
    wage, belief_p, belief_wage, quality, queue = panels
    _pay(t, n, belief_p, belief_wage, p_job, wage)
    _constants(t, n, x, xi, month)
    line_shares(x.open_part, u.entitlement, x.practice, n.entitlement, n.ent_gap_own_county, n.least_open, x.every)
    _services(t, n, x, quality, queue, amenity)
    for m in range(rent.size):
        t.rent[m], t.room[m] = rent[m], room[m]
        t.homes_free[m], t.rental_free[m] = homes[m] > occupied[m], public[m] > let[m]
        t.dorm_free[m] = beds[m] > used[m]
        cost = new_price[m] * n.home_size_m2
        t.need_yuan[m] = cost * n.down_payment_share * n.own_share
        t.owner_yuan[m] = cost * max(n.owning - growth[m], n.user_cost_floor_year) / MONTHS
        t.resale_yuan[m] = price[m] * n.home_size_m2 * n.resale
        town = u.town_income[t.market_unit[m]] if t.market_unit[m] >= 0 else 0.0
        t.rental_limit[m] = n.rental_income_limit * town
    _households(t, n, u)
    for p in range(t.village.size):
        t.village[p] = n.infrastructure * (n.village_amenity_gain * math.log(village_stock[p]))
    covered(t.covered, u.transit, u.villages, t.place_unit, t.place_kind, x.relabel_order)
    covered(x.covered_start, u.transit_start, u.villages, t.place_unit, t.place_kind, x.relabel_order)
    for p in range(t.village.size):
        t.service_gain[p] = n.transit_service_gain * (t.covered[p] - x.covered_start[p])
    if _travel(t, n, u, x, year):
        fill_near(t, q, w)
    fill_bounds(t, q, w)


@within
def _pay(t, n, belief_p, belief_wage, truth, truth_wage):
    """E4, E23: expected pay of one earner, by experience, from beliefs and the truth."""
    for prior in range(2):
        weight = n.prior_experience if prior else 0.0
        for u in range(belief_p.shape[0]):
            for m in range(belief_p.shape[1]):
                chance = belief_p[u, m] + weight * (truth[m] - belief_p[u, m])
                for k in range(belief_wage.shape[2]):
                    wage = belief_wage[u, m, k] + weight * (truth_wage[m, k] - belief_wage[u, m, k])
                    t.income[prior, u, m, k] = chance * wage * n.keeps + (1.0 - chance) * n.fallback_yuan_month


@within
def _constants(t, n, x, xi, month):
    """E2: place constants, borders and trend."""
    trend = n.trend * (month / MONTHS)
    for u in range(t.base.shape[0]):
        for m in range(t.base.shape[1]):
            for k in range(t.base.shape[2]):
                t.base[u, m, k] = xi[u, m, k] + (x.border[u, m] - trend)


@within
def _services(t, n, x, quality, queue, amenity):
    """E6: logs of quality and amenity, and of what newcomers meet over what locals meet."""
    for m in range(amenity.size):
        t.amenity[m] = n.infrastructure * math.log(amenity[m])
        for s in range(quality.shape[0]):
            t.log_quality[s, m] = math.log(quality[s, m])
    fill_entitlement(x.open_part, queue, t.market_unit, n.ent_outside, n.least_open, t.log_entitlement)


@kernel
def fill_entitlement(open_part, queue, unit, outside, least, out):
    """Log of what newcomers meet over what locals meet: float64[6, U + 1, M] into `out`.

    open_part: float64[6, 3, M] share open by nearness of registration; queue: float64[2, 6, M] what those behind
    meet. People registered elsewhere in the same county are nearer to equal; outside places give `outside`.
    """
    for m in range(unit.size):
        for s in range(out.shape[0]):
            away = open_part[s, ELSEWHERE, m] * queue[1, s, m] if unit[m] >= 0 else outside
            far = math.log(max(away, least))
            for u in range(out.shape[1]):
                out[s, u, m] = far
            if unit[m] >= 0:
                out[s, unit[m], m] = math.log(max(open_part[s, OWN_COUNTY, m] * queue[0, s, m], least))


@within
def _households(t, n, u):
    """By home unit: transfers, levies, farm income, heating, electric cars; the last row is outside."""
    last = u.benefit.size
    for k in range(last):
        t.transfer[k] = n.pension_yuan_month + u.social_topup[k] + u.benefit[k]
        t.levy[k] = (u.contribution[k] - u.contribution_start[k]) / MONTHS
        t.home_premium[k] = u.farm_premium[k]
        extra = n.heating_extra_yuan_year / MONTHS * max(u.clean_heating[k] - u.clean_heating_start[k], 0.0)
        t.heating[k] = u.heating_subsidy[k] - extra
        t.ev_share[k] = u.ev_share[k]
    t.transfer[last], t.levy[last], t.home_premium[last] = n.pension_yuan_month, 0.0, 1.0
    t.heating[last], t.ev_share[last] = 0.0, 0.0


@within
def _travel(t, n, u, x, year):
    """Minutes by car where roads or links have changed since last month; returns whether they have.

    See `model.phases.travel.travel_factor`.
    """
    changed = False
    for k in range(u.transit.size):
        road = u.travel_time[k] * u.works_travel[k]
        link = 1.0 - n.intercity_time_gain * u.link_share[k] * (year >= u.link_year[k])
        changed |= road != x.roads[0, k] or link != x.roads[1, k]
        x.roads[0, k], x.roads[1, k] = road, link
    if changed:
        x.known[:] = 0
        for p in range(t.minutes.shape[0]):
            for m in range(t.minutes.shape[1]):
                t.minutes[p, m] = x.minutes[p, m] * factor(x.roads, t.place_unit[p], t.market_unit[m])
    return changed


@within
def factor(roads, start, end):
    """Travel time over that of the start between two units, -1 outside: float32."""
    a, link = (math.sqrt(roads[0, start]), roads[1, start]) if start >= 0 else (1.0, 1.0)
    return np.float32(a * math.sqrt(roads[0, end]) if end >= 0 else a * link)


@kernel
def see_places(rows, origin, done, t, w, n, x, network):
    """Distance and network terms (E2, E7) of the home places of `rows` that are not `done` this month."""
    for r in range(rows.size):
        p = origin[rows[r]]
        if done[p]:
            continue
        done[p] = 1
        if not x.known[p]:
            x.known[p] = 1
            for m in range(network.shape[1]):
                km = x.dist_km[p, m] * factor(x.roads, t.place_unit[p], t.market_unit[m])
                x.near[p, m] = np.float32(n.beta_d) * np.log1p(km)
        for m in range(network.shape[1]):
            share = network[p, m]
            known = n.beta_network * math.log1p(min(np.float64(share), n.network_cap)) if share > 0.0 else 0.0
            t.access[p, m] = x.near[p, m] + known
        row = t.place_unit[p] if t.place_unit[p] >= 0 else w.size.size - 1
        for j in range(w.size[row]):
            w.access[p, j] = t.access[p, w.code[row, j] // np.uint64(SLOT_CONFIGS)]
