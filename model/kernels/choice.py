"""Where and how to live: utilities of the alternatives of one household, and the nested choice among them.

Equations E2-E9, E12 and E21 of the model; the joint error of the nested logit (McFadden 1978; Cardell 1997)
is drawn exactly through positive stable variables (Kanter 1975), so that the choice is one argmax and a better
place can only gain.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.jobs import skill_of
from model.kernels.rng import Stream, gumbel, log_positive_stable, uniform, uniform_pair
from model.spec.codes import Activity, Config, Kind, Service

N_NESTS: Final = 5
MAX_ALTERNATIVES: Final = 128
SLOT_CONFIGS: Final = 8
WHOLE, COMMUTE, WORKER, CHILD, COUPLE = (int(c) for c in Config)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
VILLAGE, TOWN, CORE, OUTSIDE = int(Kind.VILLAGE), int(Kind.TOWN), int(Kind.CORE), int(Kind.OUTSIDE)
SCHOOL, KINDERGARTEN, CHILDCARE = int(Service.SCHOOL), int(Service.KINDERGARTEN), int(Service.CHILDCARE)
HOSPITAL, ELDER, CULTURE = int(Service.HOSPITAL), int(Service.ELDER_CARE), int(Service.CULTURE)
TASTE, CHOICE, NEST, DORM = Stream.TASTE, Stream.CHOICE, Stream.NEST, Stream.DORM
TRAVEL_MEANS: Final = Stream.TRAVEL_MEANS
BED_TRAIT: Final = 1


class ChoiceTables(NamedTuple):
    """What is common to all deciders of a month. U units (row U: from outside), P places, M markets."""

    income: np.ndarray  # [U + 1, M, 3] yuan/month, expected pay of one earner
    base: np.ndarray  # [U + 1, M, 3] borders, place constants, trend; by whole, worker, child
    access: np.ndarray  # [P, M] distance and network terms
    minutes: np.ndarray  # [P, M]
    log_quality: np.ndarray  # [6, M]
    log_entitlement: np.ndarray  # [6, U + 1, M] open share, and queueing behind locals, for who is not registered
    amenity: np.ndarray  # [M] weighted log of infrastructure, felt where the main body lives
    village: np.ndarray  # [P] the same of upgrades of a village
    rent: np.ndarray  # [M] yuan/m2/month
    room: np.ndarray  # [M] yuan/m2/month of a simple room
    rental_free: np.ndarray  # [M] 1 when affordable homes are free
    rental_discount: float
    dorm_free: np.ndarray  # [M] 1 when dormitory beds are free
    place_unit: np.ndarray  # [P]
    place_market: np.ndarray  # [P]
    place_kind: np.ndarray  # [P]
    market_place: np.ndarray  # [M] representative place of a market, -1 for villages
    market_unit: np.ndarray  # [M]
    market_kind: np.ndarray  # [M]
    market_ring: np.ndarray  # [M]
    transfer: np.ndarray  # [U + 1] yuan/month per older person
    levy: np.ndarray  # [U + 1] yuan/month per earner, resident insurance beyond practice
    home_premium: np.ndarray  # [U + 1] farm income multiplier
    heating: np.ndarray  # [U + 1] yuan/month, heating subsidy less added running cost of a village home
    covered: np.ndarray  # [P] part of a place with a usable bus
    service_gain: np.ndarray  # [P] log quality that people without a car gain at home by buses
    ev_share: np.ndarray  # [U + 1] electric among the cars of households


class ChoiceParams(NamedTuple):
    """Numbers of the decision, from the registry."""

    beta_w: float
    beta_split: float
    move_cost: float
    beta_commute_min: float
    commute_max_min: float
    asc_home: float
    asc_home_age: float
    tau: float
    fresh: float
    log_college: float
    log_female_out: float
    own_experience: float
    subsistence_yuan: float
    floor_penalty: float
    farm_net_yuan_mu: float
    farm_rent_yuan_mu: float
    commute_yuan_min: float
    carer_earning_share: float
    school: float
    kindergarten: float
    childcare: float
    hospital: float
    hospital_60: float
    dorm_accept: float
    elder: float
    culture: float
    carless_share: float
    bus_time: float
    no_bus_time: float
    ev_cost: float


class Family(NamedTuple):
    """What the members of one household amount to."""

    earners0: int
    earners1: int
    earners2: int
    n_small: int
    n_pupils: int
    n_preschool: int
    n_elders: int
    size: int
    age: int
    college: int
    worker: int
    worker_skill: int
    carer: int
    registered: int
    wages: int


class Home(NamedTuple):
    """Where and how one household lives now."""

    origin: int
    place: int
    split_place: int
    config: int
    owns: int
    land_mu: float
    takes_bed: bool
    pace: float  # minutes of its trips over those of a car; above 1 without a car
    fuel: float  # money cost of a minute of its trips over that of petrol


@njit(inline="always", cache=True)
def travel_means(t, q, seed, uid, origin):
    """Pace and fuel of a household: kept draws say whether it has a car, a bus, and an electric car first or last."""
    x, y = uniform_pair(seed, TRAVEL_MEANS, uid, 0, 0)
    if x < q.carless_share:
        return (q.bus_time if y < t.covered[origin] else q.no_bus_time), 1.0
    return 1.0, (q.ev_cost if y < t.ev_share[t.place_unit[origin]] else 1.0)


@njit(inline="always", cache=True)
def takes_bed(seed, uid, share):
    """Whether a household's worker apart would live in a dormitory (E9): a kept trait of the household."""
    return uniform(seed, DORM, uid, 0, BED_TRAIT) < share


@njit(cache=True)
def read_family(head, nxt, birth, sex, education, activity, hukou, wage, uid, month, seed, log_female_out):
    """Count members of one household; choose who would leave for work and who would mind a child.

    The worker who would leave is the labour-force member with the largest keyed Gumbel plus `log_female_out`
    for women (odds of working away, women against men); the carer is the woman or elder with the least to earn.
    """
    e0 = e1 = e2 = small = pupils = pre = elders = size = age_head = college = 0
    worker = carer = -1
    worker_skill = 0
    best, best_carer = -1e300, -1e300
    registered = -1
    wages = 0
    i = head
    while i >= 0:
        size += 1
        age = (month - birth[i]) // 12
        working = activity[i] == EMPLOYED or activity[i] == UNEMPLOYED
        if working and age < 70:
            s = skill_of(education[i])
            e0 += s == 0
            e1 += s == 1
            e2 += s == 2
            wages += wage[i]
            if age < 60:
                college = max(college, 1 if education[i] >= 5 else 0)
                u, v = uniform_pair(seed, NEST, uid[i], month, 60000)
                g = gumbel(u) + (log_female_out if sex[i] == 1 else 0.0)
                if g > best:
                    best, worker, worker_skill = g, i, s
        if 18 <= age < 75:
            u, v = uniform_pair(seed, NEST, uid[i], month, 60001)
            c = v + (1.0 if sex[i] == 1 else 0.0) + (0.0 if working else 1.0)
            if c > best_carer:
                best_carer, carer = c, i
        if age < 3:
            small += 1
        elif age < 6:
            pre += 1
        elif age < 15:
            pupils += 1
        elif age >= 60:
            elders += 1
        if (18 <= age < 60 and age > age_head) or age_head == 0:
            age_head = age
            registered = hukou[i]
        i = nxt[i]
    return Family(
        e0, e1, e2, small, pupils, pre, elders, size, age_head, college, worker, worker_skill, carer, registered,
        wages,
    )


@njit(inline="always", cache=True)
def met(t, service, market, local, home_unit):
    """Log of what a household meets of one service: quality, and less of it where it is not registered."""
    return t.log_quality[service, market] + (0.0 if local else t.log_entitlement[service, home_unit, market])


@njit(inline="always", cache=True)
def service_value(t, q, f, market, local, home_unit):
    """E6: amenity, and the sum over services of weight times log (quality times the share open to this household)."""
    value = t.amenity[market] + q.culture * t.log_quality[CULTURE, market] + q.hospital * (
        q.hospital_60 if f.n_elders > 0 else 1.0
    ) * met(t, HOSPITAL, market, local, home_unit)
    if f.n_pupils > 0:
        value += q.school * met(t, SCHOOL, market, local, home_unit)
    if f.n_preschool > 0:
        value += q.kindergarten * met(t, KINDERGARTEN, market, local, home_unit)
    if f.n_small > 0:
        value += q.childcare * met(t, CHILDCARE, market, local, home_unit)
    if f.n_elders > 0:
        value += q.elder * met(t, ELDER, market, local, home_unit)
    return value


@njit(inline="always", cache=True)
def log_income(q, yuan, size):
    """beta_w times log disposable income, floored at subsistence with a penalty."""
    floor = q.subsistence_yuan * size
    if yuan < floor:
        return q.beta_w * math.log(floor) - q.floor_penalty
    return q.beta_w * math.log(yuan)


@njit(inline="always", cache=True)
def pay(t, unit, market, n0, n1, n2):
    """E4: expected pay of the given earners at a market, yuan/month."""
    return n0 * t.income[unit, market, 0] + n1 * t.income[unit, market, 1] + n2 * t.income[unit, market, 2]


@njit(inline="always", cache=True)
def nest_of(t, unit, market):
    """Nest of an alternative away from home: 1 own county, 2 prefecture, 3 province, 4 beyond (0 is home)."""
    if t.market_unit[market] == unit:
        return 1
    return int(t.market_ring[market]) + 1


@njit(inline="always", cache=True)
def town_rent(t, market, area, alone):
    """E5: yuan/month for a flat, or a room for one person; at most the affordable rent where such homes are free."""
    rent = (t.room[market] if alone else t.rent[market]) * area
    return min(rent, t.rent[market] * area * (1.0 - t.rental_discount)) if t.rental_free[market] else rent


@njit(inline="always", cache=True)
def known_pay(q, f, expected, is_current):
    """E4: where a household lives now, what it earns counts beside what it would expect to earn."""
    return expected + q.own_experience * (f.wages - expected) if is_current else expected


@njit(inline="always", cache=True)
def is_destination(t, market, unit):
    """Every county town and outside place is one; township seats only within the own county."""
    return t.market_place[market] >= 0 and (t.market_kind[market] != TOWN or t.market_unit[market] == unit)


@njit(cache=True)
def utilities(t, q, f, home, v, alt):
    """Systematic utility of every alternative of one household; returns (how many, index of the present one).

    f: Family; home: Home. v: float64[MAX_ALTERNATIVES]; alt: int16[MAX_ALTERNATIVES, 4] receives place, market,
    configuration and nest. Alternatives: home; home with commuting; each town as a whole household; each town
    with a worker, a couple, or a child and carer living there while the rest stay home.
    """
    unit = t.place_unit[home.origin]
    row = unit if unit >= 0 else t.income.shape[0] - 1
    home_market = t.place_market[home.origin]
    rural = t.place_kind[home.origin] == VILLAGE
    here = t.place_market[home.place]
    pension = f.n_elders * t.transfer[row] - (f.earners0 + f.earners1 + f.earners2) * t.levy[row]
    kept = pension + (t.heating[row] if rural else 0.0)
    farm = home.land_mu * q.farm_net_yuan_mu / 12.0 * t.home_premium[row] if rural else 0.0
    farm_rent = home.land_mu * q.farm_rent_yuan_mu / 12.0 if rural else 0.0
    home_pay = pay(t, row, home_market, f.earners0, f.earners1, f.earners2)
    home_service = service_value(t, q, f, home_market, True, row) + t.village[home.origin]
    if home.pace > 1.0:
        home_service += (q.hospital + q.culture) * t.service_gain[home.origin]
    home_term = q.asc_home + q.asc_home_age * max(0, f.age - 30)
    at_home = home.place == home.origin
    n, current = 0, -1

    now = at_home and home.config == WHOLE
    income = known_pay(q, f, home_pay, now) + farm + kept
    v[0] = log_income(q, income, f.size) + home_service + home_term
    n, current = put(alt, 0, home.origin, home_market, WHOLE, 0, now, current)

    seat = 3 * unit + 2
    if rural and f.worker >= 0 and home.pace * t.minutes[home.origin, seat] <= q.commute_max_min:
        now = at_home and home.config == COMMUTE
        minutes = home.pace * t.minutes[home.origin, seat]
        gain = pay(t, row, seat, f.earners0, f.earners1, f.earners2)
        income = known_pay(q, f, gain, now) + 0.5 * farm + kept - q.commute_yuan_min * home.fuel * minutes
        v[n] = log_income(q, income, f.size) + home_service + home_term + q.beta_commute_min * minutes
        n, current = put(alt, n, home.origin, seat, COMMUTE, 0, now, current)

    for m in range(t.market_place.size):
        target = home.place if m == here and not at_home else t.market_place[m]
        if target < 0 or target == home.origin or not (target == home.place or is_destination(t, m, unit)):
            continue
        reach = t.access[home.origin, m] + (
            q.log_college if f.college and (t.market_kind[m] == CORE or t.market_kind[m] == OUTSIDE) else 0.0
        )
        local = f.registered >= 0 and t.place_market[f.registered] == m
        nest = nest_of(t, unit, m)
        now = home.place == target and home.config == WHOLE
        cost = 0.0 if home.owns == target else town_rent(t, m, min(90.0, 18.0 + 14.0 * f.size), f.size == 1)
        income = known_pay(q, f, pay(t, row, m, f.earners0, f.earners1, f.earners2), now) + farm_rent + pension - cost
        v[n] = log_income(q, income, f.size) + service_value(t, q, f, m, local, row) + reach + t.base[row, m, 0]
        n, current = put(alt, n, target, m, WHOLE, nest, now, current)
        if f.size < 2 or f.worker < 0 or unit < 0:
            continue
        for config in (WORKER, CHILD, COUPLE):
            if not split_possible(f, config, t.market_kind[m]):
                continue
            now = at_home and home.config == config and home.split_place == target
            income, service = split_living(
                t, q, f, row, home_market, m, config, home_pay, farm + kept, now, home.takes_bed
            )
            part = 2 if config == CHILD else 1
            v[n] = (
                log_income(q, income, f.size) + home_service + service + home_term + q.beta_split + reach
                + t.base[row, m, part]
            )
            n, current = put(alt, n, target, m, config, nest, now, current)
    current = max(current, 0)
    for k in range(n):
        if k != current:
            v[k] -= q.move_cost
    return n, current


@njit(inline="always", cache=True)
def put(alt, n, place, market, config, nest, now, current):
    """Write down one alternative; returns the next index and the index of the present alternative."""
    alt[n, 0], alt[n, 1], alt[n, 2], alt[n, 3] = place, market, config, nest
    return n + 1, n if now else current


@njit(inline="always", cache=True)
def split_possible(f, config, market_kind):
    """A child goes with a carer to a town in the prefecture; a couple leaves children with an elder."""
    earners = f.earners0 + f.earners1 + f.earners2
    if config == CHILD:
        return f.n_pupils > 0 and f.carer >= 0 and f.size >= 3 and market_kind != OUTSIDE
    if config == COUPLE:
        return earners >= 2 and f.n_elders > 0 and f.size > earners and market_kind == OUTSIDE
    return True


@njit(inline="always", cache=True)
def split_living(t, q, f, row, home_market, m, config, home_pay, base_income, now, bed):
    """E12: income of a household living in two places, and the services gained by the part in town."""
    service = 0.0
    if config == COUPLE:
        gain = pay(t, row, m, f.earners0, f.earners1, f.earners2)
        cost = t.room[m] * 25.0
    elif config == WORKER:
        own = t.income[row, m, f.worker_skill]
        gain = home_pay - t.income[row, home_market, f.worker_skill] + own
        cost = t.rent[m] * 4.0 if bed and t.dorm_free[m] else t.room[m] * 15.0
    else:
        gain = home_pay * q.carer_earning_share
        cost = town_rent(t, m, 40.0, False)
        service = q.school * (met(t, SCHOOL, m, False, row) - t.log_quality[SCHOOL, home_market])
    return known_pay(q, f, gain, now) + base_income - cost, service


@njit(cache=True)
def nested_probabilities(v, alt, n, tau, p):
    """Closed form of the nested logit (McFadden 1978): p[k] over n alternatives with nests alt[:, 3]."""
    top = -1e300
    for k in range(n):
        top = max(top, v[k])
    total = np.zeros(N_NESTS)
    for k in range(n):
        p[k] = math.exp((v[k] - top) / tau)
        total[alt[k, 3]] += p[k]
    whole = 0.0
    for g in range(N_NESTS):
        if total[g] > 0.0:
            whole += total[g] ** tau
    for k in range(n):
        g = alt[k, 3]
        p[k] = p[k] / total[g] * total[g] ** tau / whole


@njit(cache=True)
def choose(v, alt, n, tau, fresh, seed, uid, month, within_county):
    """Best alternative under the joint nested error: U = V + tau (log S_nest + g).

    The Gumbel g of a (decider, place) is fresh * g' + persistent part: with S positive stable of index `fresh`,
    fresh * (g' + log S) is again standard Gumbel. Only nests 0-2 compete when `within_county` (a return).
    """
    best, best_value = 0, -1e300
    log_s = np.zeros(N_NESTS)
    drawn = np.zeros(N_NESTS, np.uint8)
    for k in range(n):
        nest = alt[k, 3]
        if within_county and nest > 2:
            continue
        if not drawn[nest]:
            a, b = uniform_pair(seed, NEST, uid, month, nest)
            log_s[nest] = log_positive_stable(a, b, tau)
            drawn[nest] = 1
        slot = int(alt[k, 1]) * SLOT_CONFIGS + int(alt[k, 2])
        a, b = uniform_pair(seed, CHOICE, uid, month, slot)
        c, d = uniform_pair(seed, TASTE, uid, 0, slot)
        g = fresh * (gumbel(a) + log_positive_stable(c, d, fresh))
        value = v[k] + tau * (log_s[nest] + g)
        if value > best_value:
            best, best_value = k, value
    return best
