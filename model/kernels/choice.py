"""Where, how and in what tenure to live: systematic utility of every alternative of one household.

Equations E2-E9, E12 and E21 of the model. `model.kernels.family` says what a household is, `model.kernels.nested`
draws the joint error and chooses.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, within
from model.spec.codes import Config, Kind, Service, Tenure

MAX_ALTERNATIVES: Final = 256
COLUMNS: Final = 6
"""Columns of an alternative: place, market, slot, nest, tenure, main place."""
WHOLE, COMMUTE, WORKER, CHILD, COUPLE = (int(c) for c in Config)
FROM_TOWN: Final = 5
"""Slot of a worker living apart from a family that lives in a town; its Config is WORKER_AWAY."""
N_SLOTS: Final = 6
VILLAGE, TOWN, CORE, OUTSIDE = int(Kind.VILLAGE), int(Kind.TOWN), int(Kind.CORE), int(Kind.OUTSIDE)
OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
PUBLIC, DORMITORY = int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
SCHOOL, KINDERGARTEN, CHILDCARE = int(Service.SCHOOL), int(Service.KINDERGARTEN), int(Service.CHILDCARE)
HOSPITAL, ELDER, CULTURE = int(Service.HOSPITAL), int(Service.ELDER_CARE), int(Service.CULTURE)
ROOM_M2, COUPLE_M2, CHILD_M2, BED_M2 = 15.0, 25.0, 40.0, 4.0
COMMUTER_FARM_SHARE: Final = 0.5
WEEKLY_TRIPS: Final = 0.2
"""Trips of a weekly return over those of a daily one."""


class ChoiceTables(NamedTuple):
    """What is common to all deciders of a month. U units (row U: from outside), P places, M markets."""

    income: np.ndarray  # [2, U + 1, M, 3] yuan/month, expected pay of one earner; [1] who has worked elsewhere
    base: np.ndarray  # [U + 1, M, 3] borders, place constants, trend; by whole, worker, child
    access: np.ndarray  # [P, M] distance and network terms
    minutes: np.ndarray  # [P, M] one way by car
    log_quality: np.ndarray  # [6, M]
    log_entitlement: np.ndarray  # [6, U + 1, M] open share, and queueing behind locals, for who is not registered
    amenity: np.ndarray  # [M] weighted log of infrastructure, felt where the main body lives
    village: np.ndarray  # [P] the same of upgrades of a village
    rent: np.ndarray  # [M] yuan/m2/month
    room: np.ndarray  # [M] yuan/m2/month of a simple room
    rental_free: np.ndarray  # [M] 1 when affordable homes are free
    rental_discount: float
    rental_limit: np.ndarray  # [M] yuan/month a head up to which affordable homes are let
    dorm_free: np.ndarray  # [M] 1 when dormitory beds are free
    homes_free: np.ndarray  # [M] 1 when a home can be bought
    need_yuan: np.ndarray  # [M] means without which nobody can buy
    owner_yuan: np.ndarray  # [M] user cost of a new home a month
    resale_yuan: np.ndarray  # [M] what an owned home brings when sold
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
    rho: float
    asc_buy: float
    weekly_relief: float
    weekly_max_min: float
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


@within
def service_value(t, q, f, market, local, home_unit):
    """E6: amenity, and the sum over services of weight times log (quality times the share open to this household)."""
    # Written out: a function of the service would be compiled once for each.
    quality, open_part, new = t.log_quality, t.log_entitlement, 0.0 if local else 1.0
    value = t.amenity[market] + q.culture * quality[CULTURE, market]
    weight = q.hospital * (q.hospital_60 if f.n_elders > 0 else 1.0)
    value += weight * (quality[HOSPITAL, market] + new * open_part[HOSPITAL, home_unit, market])
    if f.n_pupils > 0:
        value += q.school * (quality[SCHOOL, market] + new * open_part[SCHOOL, home_unit, market])
    if f.n_preschool > 0:
        value += q.kindergarten * (quality[KINDERGARTEN, market] + new * open_part[KINDERGARTEN, home_unit, market])
    if f.n_small > 0:
        value += q.childcare * (quality[CHILDCARE, market] + new * open_part[CHILDCARE, home_unit, market])
    if f.n_elders > 0:
        value += q.elder * (quality[ELDER, market] + new * open_part[ELDER, home_unit, market])
    return value


@within
def log_income(q, yuan, size):
    """beta_w times log disposable income, floored at subsistence with a penalty."""
    floor = q.subsistence_yuan * size
    if yuan < floor:
        return q.beta_w * math.log(floor) - q.floor_penalty
    return q.beta_w * math.log(yuan)


@within
def pay(t, f, row, market):
    """E4, E23: expected pay of the family's earners at a market, yuan/month."""
    x = t.income[f.prior, row, market]
    return f.earners0 * x[0] + f.earners1 * x[1] + f.earners2 * x[2]


@within
def nest_of(t, unit, market):
    """Nest of an alternative away from home: 1 own county, 2 prefecture, 3 province, 4 beyond (0 is home)."""
    if t.market_unit[market] == unit:
        return 1
    return int(t.market_ring[market]) + 1


@within
def known_pay(q, f, expected, is_current):
    """E4: where a household lives now, what it earns counts beside what it would expect to earn."""
    return expected + q.own_experience * (f.wages - expected) if is_current else expected


@within
def is_destination(t, market, unit):
    """Every county town and outside place is one; township seats only within the own county."""
    return t.market_place[market] >= 0 and (t.market_kind[market] != TOWN or t.market_unit[market] == unit)


@within
def dwelling(t, market, tenure, area, room, buys):
    """E5: yuan/month of a dwelling by tenure; own homes cost nothing unless they are bought now."""
    if tenure == RENTED:
        return area * (t.room[market] if room else t.rent[market])
    if tenure == PUBLIC:
        return area * t.rent[market] * (1.0 - t.rental_discount)
    if tenure == DORMITORY:
        return BED_M2 * t.rent[market]
    return t.owner_yuan[market] if buys else 0.0


@within
def can_buy(t, home, market, place):
    """Whether a home can be bought there: one is free, none is owned there, and the means reach the first share."""
    return home.owns != place and t.homes_free[market] != 0 and home.funds_yuan >= t.need_yuan[market]


@within
def split_term(t, q, home, place, market):
    """E12, E21: utility lost by living in two places, less where a weekly return is near."""
    near = max(0.0, 1.0 - home.pace * t.minutes[place, market] / q.weekly_max_min)
    return q.beta_split * (1.0 - q.weekly_relief * near)


@within
def weekly_yuan(t, q, home, place, market):
    """Money cost a month of a weekly return, 0 where it is too far."""
    minutes = home.pace * t.minutes[place, market]
    return WEEKLY_TRIPS * q.commute_yuan_min * home.fuel * minutes if minutes < q.weekly_max_min else 0.0


class Base(NamedTuple):
    """What does not depend on the alternative."""

    row: int
    unit: int
    market: int  # of the home place
    rural: bool
    at_home: bool
    pension: float  # yuan/month of transfers less contributions
    kept: float  # the same at home, with the heating subsidy less added fuel
    farm: float  # yuan/month of land farmed
    let: float  # yuan/month of land let
    pay: float  # yuan/month expected at home
    stay: float  # utility of the home place besides income


@within
def base_of(t, q, f, home):
    """Income and services at home (E4, E6, E8)."""
    unit = int(t.place_unit[home.origin])
    row = unit if unit >= 0 else t.income.shape[1] - 1
    market = int(t.place_market[home.origin])
    rural = t.place_kind[home.origin] == VILLAGE
    pension = f.n_elders * t.transfer[row] - (f.earners0 + f.earners1 + f.earners2) * t.levy[row]
    kept = pension + (t.heating[row] if rural else 0.0)
    farm = home.land_mu * q.farm_net_yuan_mu / 12.0 * t.home_premium[row] if rural else 0.0
    let = home.land_mu * q.farm_rent_yuan_mu / 12.0 if rural else 0.0
    stay = service_value(t, q, f, market, True, row) + t.village[home.origin]
    stay += q.asc_home + q.asc_home_age * max(0, f.age - 30)
    if home.pace > 1.0:
        stay += (q.hospital + q.culture) * t.service_gain[home.origin]
    return Base(
        row, unit, market, rural, home.place == home.origin, pension, kept, farm, let, pay(t, f, row, market), stay
    )


@within
def put(alt, n, place, market, slot, nest, tenure, main):
    """Write down one alternative; returns the next index."""
    alt[n, 0], alt[n, 1], alt[n, 2] = place, market, slot
    alt[n, 3], alt[n, 4], alt[n, 5] = nest, tenure, main
    return n + 1


@bare
def utilities(t, q, f, home, v, alt):
    """Systematic utility of every alternative of one household; returns (how many, index of the present one).

    t: ChoiceTables; q: ChoiceParams; f: Family; home: Home. v: float64[MAX_ALTERNATIVES] and
    alt: int16[MAX_ALTERNATIVES, COLUMNS] receive utilities and alternatives: home; home with commuting to each
    county town in reach; each town as a whole household, by tenure; each town with a worker, a couple, or a child
    and carer living there while the rest stay home, by tenure; and a worker apart from a family that lives in a town.
    Where the household lives now only the tenure that it has is offered. All but the present one carry `move_cost`.
    """
    b = base_of(t, q, f, home)
    n, current = at_home(t, q, f, home, b, v, alt)
    for m in range(t.market_place.size):
        target = target_in(t, home, b, m)
        for slot in range(N_SLOTS):
            if target >= 0 and possible(t, f, home, b, m, target, slot):
                n, current = arrange(t, q, f, home, b, m, target, slot, v, alt, n, current)
    current = max(current, 0)
    for k in range(n):
        if k != current:
            v[k] -= q.move_cost
    return n, current


@within
def target_in(t, home, b, m):
    """Place of a market to which a household may move or at which it lives now; -1 without one."""
    if m == t.place_market[home.place] and not b.at_home:
        return int(home.place)
    target = int(t.market_place[m])
    return target if target >= 0 and target != home.origin and is_destination(t, m, b.unit) else -1


@within
def possible(t, f, home, b, m, target, slot):
    """Whether a household can live in an arrangement with a place away from home.

    A child goes with a carer to a town in the prefecture; a couple leaves children with an elder; a worker leaves a
    family at home, or one that lives in another town.
    """
    if slot == WHOLE:
        return True
    if slot == COMMUTE or f.size < 2 or f.worker < 0 or b.unit < 0:
        return False
    outside = t.market_kind[m] == OUTSIDE
    if slot == CHILD:
        return f.n_pupils > 0 and f.carer >= 0 and f.size >= 3 and not outside
    if slot == COUPLE:
        earners = f.earners0 + f.earners1 + f.earners2
        return outside and earners >= 2 and f.n_elders > 0 and f.size > earners
    return slot == WORKER or lives_in_town(t, home, b, target)


@within
def arrange(t, q, f, home, b, m, target, slot, v, alt, n, current):
    """Add the alternatives of one place and arrangement, by tenure; returns (how many, index of the present one)."""
    if slot == WHOLE:
        return whole_in(t, q, f, home, b, m, target, v, alt, n, current)
    return apart_as(t, q, f, home, b, m, target, slot, v, alt, n, current)


@within
def at_home(t, q, f, home, b, v, alt):
    """Home, and home with daily commuting to county towns in reach (E21)."""
    n, current = home_itself(q, f, home, b, v, alt)
    if may_commute(f, b):
        mine = commutes_to(t, q, f, home, b)
        for m in range(2, t.minutes.shape[1], 3):
            if reaches(t, q, home, b, m):
                n = commute(t, q, f, home, b, m, mine, v, alt, n)
                if m == mine:
                    current = n - 1
    return n, current


@within
def home_itself(q, f, home, b, v, alt):
    """The whole household at home; returns (1, index of the present alternative or -1)."""
    now = b.at_home and home.config == WHOLE
    v[0] = log_income(q, known_pay(q, f, b.pay, now) + b.farm + b.kept, f.size) + b.stay
    return put(alt, 0, home.origin, b.market, WHOLE, 0, home.tenure, home.origin), 0 if now else -1


@within
def may_commute(f, b):
    """Whether somebody could work in another town and come home every day."""
    return f.worker >= 0 and b.unit >= 0


@within
def commutes_to(t, q, f, home, b):
    """Market to which a household commutes now, -1 for none."""
    if not (b.at_home and home.config == COMMUTE):
        return -1
    return f.works_in if reaches(t, q, home, b, f.works_in) else 3 * b.unit + 2


@within
def commute(t, q, f, home, b, m, mine, v, alt, n):
    """Add commuting to the county town of a market in reach; returns how many alternatives there are."""
    minutes = home.pace * t.minutes[home.origin, m]
    income = known_pay(q, f, pay(t, f, b.row, m), m == mine) + COMMUTER_FARM_SHARE * b.farm + b.kept
    income -= q.commute_yuan_min * home.fuel * minutes
    v[n] = log_income(q, income, f.size) + b.stay + q.beta_commute_min * minutes
    return put(alt, n, home.origin, m, COMMUTE, 0, home.tenure, home.origin)


@within
def reaches(t, q, home, b, market):
    """Whether the county town of a market, not the own one, can be reached every day."""
    if market >= t.market_kind.size or t.market_kind[market] in (VILLAGE, TOWN, OUTSIDE) or market == b.market:
        return False
    return home.pace * t.minutes[home.origin, market] <= q.commute_max_min


@within
def place_term(t, q, f, b, home, market, part):
    """Distance, network, borders and constant of a market for a whole household, a worker or a child (E2, E7)."""
    far = t.market_kind[market] == CORE or t.market_kind[market] == OUTSIDE
    return t.access[home.origin, market] + (q.log_college if f.college and far else 0.0) + t.base[b.row, market, part]


@within
def whole_in(t, q, f, home, b, m, target, v, alt, n, current):
    """The whole household at one place, by tenure (E5, E9)."""
    now = home.place == target and home.config == WHOLE
    local = f.registered >= 0 and t.place_market[f.registered] == m
    value = service_value(t, q, f, m, local, b.row) + place_term(t, q, f, b, home, m, 0)
    earned = known_pay(q, f, pay(t, f, b.row, m), now) + b.let + b.pension
    nest, area = nest_of(t, b.unit, m), min(90.0, 18.0 + 14.0 * f.size)
    for tenure in (RENTED, PUBLIC, OWNED):
        buys = tenure == OWNED and home.owns != target
        if now:
            offered, tenure, buys = tenure == RENTED, home.tenure, False
        elif home.owns == target:
            offered = tenure == OWNED
        elif t.market_kind[m] == OUTSIDE or t.market_kind[m] == VILLAGE:
            offered = tenure == RENTED
        elif tenure == PUBLIC:
            offered = t.rental_free[m] != 0 and earned <= t.rental_limit[m] * f.size
        else:
            offered = tenure == RENTED or can_buy(t, home, m, target)
        if not offered:
            continue
        cost = dwelling(t, m, tenure, area, f.size == 1, buys)
        v[n] = log_income(q, earned - cost, f.size) + value + (q.asc_buy if buys else 0.0)
        if now:
            current = n
        n = put(alt, n, target, m, WHOLE, nest, tenure, target)
    return n, current


@within
def apart_as(t, q, f, home, b, m, target, slot, v, alt, n, current):
    """Part of the household at one place, the rest at home or in the town where it lives now, by tenure (E9, E12)."""
    nest = nest_of(t, b.unit, m)
    local = f.registered >= 0 and t.place_market[f.registered] == m
    main = home.place if slot == FROM_TOWN else home.origin
    config = WORKER if slot == FROM_TOWN else slot
    now = home.place == main and home.config == config and home.split_place == target
    value = split_term(t, q, home, main, m) + place_term(t, q, f, b, home, m, 2 if slot == CHILD else 1)
    earned, rest = split_living(t, q, f, home, b, m, slot, local, now)
    earned -= weekly_yuan(t, q, home, main, m)
    for tenure in (RENTED, DORMITORY, OWNED):
        buys = tenure == OWNED and home.owns != target
        if now:
            offered, tenure, buys = tenure == RENTED, home.split_tenure, False
        elif home.owns == target:
            offered = tenure == OWNED
        elif tenure == DORMITORY:
            offered = config == WORKER and home.takes_bed and t.dorm_free[m] != 0
        else:
            offered = tenure == RENTED or (slot == CHILD and can_buy(t, home, m, target))
        if not offered:
            continue
        cost = dwelling(t, m, tenure, split_area(config), config != CHILD, buys)
        v[n] = log_income(q, earned - cost, f.size) + rest + value + (q.asc_buy if buys else 0.0)
        if now:
            current = n
        n = put(alt, n, target, m, slot, nest, tenure, main)
    return n, current


@within
def lives_in_town(t, home, b, target):
    """Whether the main body lives in a town of the prefecture away from home, and not at the target."""
    kind = t.place_kind[home.place]
    return not b.at_home and kind != VILLAGE and kind != OUTSIDE and home.place != target


@within
def split_area(config):
    """Rented floor area of the part that lives apart, m2."""
    if config == CHILD:
        return CHILD_M2
    return COUPLE_M2 if config == COUPLE else ROOM_M2


@within
def split_living(t, q, f, home, b, m, slot, local, now):
    """E12: yuan/month before the dwelling apart, and utility of the main place and of services apart."""
    if slot == FROM_TOWN:
        here = int(t.place_market[home.place])
        x = t.income[f.prior, b.row]
        gain = pay(t, f, b.row, here) - x[here, f.worker_skill] + x[m, f.worker_skill]
        cost = dwelling(t, here, home.tenure, min(90.0, 18.0 + 14.0 * f.size), False, False)
        known = f.registered >= 0 and t.place_market[f.registered] == here
        rest = service_value(t, q, f, here, known, b.row) + place_term(t, q, f, b, home, here, 0)
        return known_pay(q, f, gain, now) + b.let + b.pension - cost, rest
    rest = b.stay
    if slot == COUPLE:
        gain = pay(t, f, b.row, m)
    elif slot == WORKER:
        x = t.income[f.prior, b.row]
        gain = b.pay - x[b.market, f.worker_skill] + x[m, f.worker_skill]
    else:
        gain = b.pay * q.carer_earning_share
        served = t.log_quality[SCHOOL, m] + (0.0 if local else t.log_entitlement[SCHOOL, b.row, m])
        rest += q.school * (served - t.log_quality[SCHOOL, b.market])
    return known_pay(q, f, gain, now) + b.farm + b.kept, rest
