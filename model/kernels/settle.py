"""Who may register in a town, by which route, with whom, and how likely (E10)."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.rng import Stream, uniform
from model.kernels.rows import BLOCK
from model.kernels.screen import LANES, screen_key, screen_word
from model.spec.codes import Activity, Event, Flag, Kind, Tenure

APART, AWARE, INSURED, CONTRACT = int(Flag.APART), int(Flag.AWARE), int(Flag.INSURED), int(Flag.CONTRACT)
OWNED, PUBLIC, DORMITORY = int(Tenure.OWNED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
OFFER: Final = int(Event.OFFER)
S_SETTLE, S_AWARE, S_CONSENT, S_FORM = Stream.SETTLE, Stream.AWARE, Stream.CONSENT, Stream.FORM
NO_ROUTE, OWN_ROUTE, FAMILY_ROUTE, JOB_ROUTE, NEW_ROUTE = 0, 1, 2, 3, 4
SIX_MONTHS: Final = 6
MONTHS: Final = 12
STAY_MONTHS: Final = 2048
"""More than the months since anybody can have come."""
CHILD_MONTHS, ADULT_MONTHS, OLD_MONTHS = 16 * 12, 18 * 12, 60 * 12
PIR_M2: Final = 90.0
FIX: Final = 2.0**32
"""Chances are summed as whole multiples of 2^-32, so that the order of households cannot matter."""


class Rules(NamedTuple):
    """Coefficients of the logit and the state of the rules, by unit float64[U] unless said."""

    own: float
    insured: float
    rental: float
    dorm: float
    years: float
    gain: float
    need_other: float
    own_county_gap: float
    consent: float
    job_months: float
    neighbours: float  # chance to learn of a rule where all co-villagers in towns have registered
    land: np.ndarray  # what land held in the unit adds to the logit; last entry: outside
    dividend: np.ndarray  # utility feared lost with membership of the collective, times income a head
    least_yuan: float  # income a head below which that loss weighs no more
    pir: np.ndarray  # float64[M], ln or_pir_settle * (PIR - start mean)
    gap: np.ndarray  # 1 - entitlement
    barrier: np.ndarray  # what the rules in force take off the logit
    barrier_old: np.ndarray  # the same for households that know only the rules of the start
    rent_parity: np.ndarray
    habitual: np.ndarray
    family_form: np.ndarray  # share of registrations made as a family household, where the rule is known
    family_form_old: np.ndarray  # the same by the rules of the start
    newer: np.ndarray  # uint8, 1 where rules newer than the start are in force
    known: np.ndarray  # share of households that know the rules in force
    known_old: np.ndarray  # share of those with a route of the start who know of it
    converted: np.ndarray  # float64[P], share of villagers now in towns who have registered there


class Columns(NamedTuple):
    """State columns of households, residents and places."""

    uid: np.ndarray
    head: np.ndarray
    size: np.ndarray
    origin: np.ndarray
    place: np.ndarray
    split_place: np.ndarray
    since: np.ndarray
    tenure: np.ndarray
    split_tenure: np.ndarray
    owns: np.ndarray
    land_mu: np.ndarray
    homestead: np.ndarray
    income_yuan: np.ndarray
    nxt: np.ndarray
    birth: np.ndarray
    activity: np.ndarray
    job_market: np.ndarray
    job_since: np.ndarray
    hukou: np.ndarray
    flags: np.ndarray
    kind: np.ndarray
    unit: np.ndarray
    market: np.ndarray
    urban: np.ndarray


class Case(NamedTuple):
    """One household before the counter: where, who, by which route."""

    here: int  # town in which a part of the household lives and could register; -1 none
    apart: bool  # whether that part is the one living apart
    route: int
    knows_new: bool
    together: bool  # as a family household, with those who live elsewhere
    single: bool  # only who holds the contract, or is of working age


NOBODY: Final = Case(-1, False, NO_ROUTE, False, False, False)


@bare
def is_town(kind):
    """Township seats and county towns of the prefecture."""
    return kind != VILLAGE and kind != OUTSIDE


@bare
def in_part(i, apart, c):
    """Whether a member belongs to the part of the household that is asked."""
    return (c.flags[i] & APART != 0) == apart


@bare
def town_part(h, c):
    """(place, whether it is the part apart) of a part living in a town with somebody registered elsewhere; -1 none."""
    for apart in (False, True):
        here = c.split_place[h] if apart else c.place[h]
        if here < 0 or not is_town(c.kind[here]):
            continue
        i = c.head[h]
        while i >= 0:
            if in_part(i, apart, c) and c.hukou[i] != here:
                return here, apart
            i = c.nxt[i]
    return -1, False


@bare
def holds_job(i, here, month, q, c):
    """An insured contract in the town for long enough carries a registration of its own."""
    return (
        c.activity[i] == EMPLOYED and c.flags[i] & CONTRACT != 0 and c.flags[i] & INSURED != 0
        and c.job_market[i] == c.market[here] and month - c.job_since[i] >= q.job_months
    )


@bare
def in_labour_force(i, month, c):
    """At work or looking for it, of 18 to 59 years."""
    return (c.activity[i] == EMPLOYED or c.activity[i] == UNEMPLOYED) and (
        ADULT_MONTHS <= month - c.birth[i] < OLD_MONTHS
    )


@bare
def case_of(h, seed, month, q, c):
    """The household's part in town, its route as it knows it, and the form of registration.

    Knowledge, a landlord's consent, the reach of partial rules and the form are traits: kept draws of the household,
    so that wider rules only ever add people. Routes are tried in the order own home, family, job, then the rules newer
    than the start.
    """
    if c.size[h] == 0 or month - c.since[h] < SIX_MONTHS:
        return NOBODY
    here, apart = town_part(h, c)
    if here < 0:
        return NOBODY
    u = c.unit[here]
    aware, family, job, worker = False, False, False, False
    i = c.head[h]
    while i >= 0:
        adult = month - c.birth[i] >= ADULT_MONTHS
        family |= adult and c.hukou[i] == here
        if in_part(i, apart, c):
            aware |= adult and c.flags[i] & AWARE != 0
            job |= holds_job(i, here, month, q, c)
            worker |= in_labour_force(i, month, c)
        i = c.nxt[i]
    owned = owns_there(h, here, apart, c)
    first = owned or family or job
    if not first and q.habitual[u] <= 0.0 and q.rent_parity[u] <= 0.0:
        return NOBODY
    told = q.neighbours * q.converted[c.origin[h]]
    fresh = 1.0 - (1.0 - q.known[u]) * (1.0 - told) if q.newer[u] else q.known[u]
    knows_new = aware or uniform(seed, S_AWARE, c.uid[h], 0, 0) < fresh
    share = q.family_form[u] if knows_new else q.family_form_old[u]
    together = uniform(seed, S_FORM, c.uid[h], 0, 0) < share
    if first:
        old = 1.0 - (1.0 - q.known_old[u]) * (1.0 - told)
        if knows_new or uniform(seed, S_AWARE, c.uid[h], 0, 1) < old:
            if owned:
                return Case(here, apart, OWN_ROUTE, knows_new, together, False)
            if family:
                return Case(here, apart, FAMILY_ROUTE, knows_new, together, False)
            return Case(here, apart, JOB_ROUTE, knows_new, together, not together)
    if knows_new and new_route(h, here, apart, u, seed, q, c):
        return Case(here, apart, NEW_ROUTE, knows_new, together, worker and not together)
    return NOBODY


@bare
def owns_there(h, here, apart, c):
    """Whether the part in town lives in, or the household holds, a home of its own there."""
    return c.owns[h] == here or (c.split_tenure[h] if apart else c.tenure[h]) == OWNED


@bare
def new_route(h, here, apart, u, seed, q, c):
    """Whether a rule newer than the start opens a way: habitual residence, or renting with somebody's consent."""
    if uniform(seed, S_CONSENT, c.uid[h], 0, 2) < q.habitual[u]:
        return True
    parity = q.rent_parity[u]
    public = (c.split_tenure[h] if apart else c.tenure[h]) == PUBLIC
    # At full parity a tenant needs no landlord: the collective household of the community takes the registration.
    free = public or uniform(seed, S_CONSENT, c.uid[h], 0, 0) < max(q.consent, parity)
    return free and uniform(seed, S_CONSENT, c.uid[h], 0, 1) < parity


@bare
def joins(i, k, month, q, c):
    """Whether member i moves the registration when the case k is decided."""
    if c.hukou[i] == k.here:
        return False
    if not in_part(i, k.apart, c):
        return k.together
    if not k.single:
        return True
    return holds_job(i, k.here, month, q, c) if k.route == JOB_ROUTE else in_labour_force(i, month, c)


@bare
def gains_urban(i, c):
    """Whether a registration in a town would be this person's first urban one in the prefecture."""
    return c.unit[c.hukou[i]] < 0 or not c.urban[c.hukou[i]]


@bare
def logit(h, k, month, a0, q, c):
    """The settlement logit of one household in the case k, from the systematic terms of E10."""
    u = c.unit[k.here]
    children, insured, from_here = False, False, False
    i = c.head[h]
    while i >= 0:
        if in_part(i, k.apart, c):
            insured |= month - c.birth[i] >= ADULT_MONTHS and c.flags[i] & INSURED != 0
            from_here |= c.unit[c.hukou[i]] == u
        if in_part(i, k.apart, c) or k.together:
            children |= month - c.birth[i] < CHILD_MONTHS
        i = c.nxt[i]
    tenure = c.split_tenure[h] if k.apart else c.tenure[h]
    x = a0 - (q.barrier[u] if k.knows_new else q.barrier_old[u])
    x += q.own * owns_there(h, k.here, k.apart, c) + q.insured * insured
    x += q.rental * (tenure == PUBLIC) + q.dorm * (tenure == DORMITORY)
    if c.land_mu[h] > 0.0 or c.homestead[h] in (1, 2, 3):
        x += q.land[c.unit[c.origin[h]]]
    each = max(c.income_yuan[h] / c.size[h], q.least_yuan)
    x -= q.dividend[c.unit[c.origin[h]]] / each
    x += q.years * math.log(max((month - c.since[h]) / 12.0, 0.5)) + q.pir[c.market[k.here]]
    gap = q.gap[u] * (q.own_county_gap if from_here else 1.0)
    return x + q.gain * gap * (1.0 if children else q.need_other)


@bare
def chance(h, seed, month, a0, q, c):
    """Yearly chance of one household, how many members would gain an urban registration, and its case."""
    k = case_of(h, seed, month, q, c)
    if k.route == NO_ROUTE:
        return 0.0, 0, k
    people = 0
    i = c.head[h]
    while i >= 0:
        people += joins(i, k, month, q, c) and gains_urban(i, c)
        i = c.nxt[i]
    return 1.0 / (1.0 + math.exp(-logit(h, k, month, a0, q, c))), people, k


@kernel
def open_cases(n, seed, month, q, c):
    """Households with a route and somebody who would gain an urban registration: logit less a0 float64[k], and how
    many would, int64[k]."""
    logits, people = np.empty(n), np.empty(n, np.int64)
    found = 0
    for h in range(n):
        away = False
        i = c.head[h]
        while i >= 0 and not away:
            here = c.split_place[h] if c.flags[i] & APART else c.place[h]
            away = is_town(c.kind[here]) and c.hukou[i] != here
            i = c.nxt[i]
        k = case_of(h, seed, month, q, c) if away else NOBODY
        if k.route == NO_ROUTE:
            continue
        gain = 0
        i = c.head[h]
        while i >= 0:
            gain += joins(i, k, month, q, c) and gains_urban(i, c)
            i = c.nxt[i]
        if gain > 0:
            logits[found], people[found] = logit(h, k, month, 0.0, q, c), gain
            found += 1
    return logits[:found].copy(), people[:found].copy()


@kernel
def expected(a0, logits, people):
    """Expected urban registrations of a year, in steps of 1 / FIX."""
    total = np.int64(0)
    for k in range(logits.size):
        total += np.int64(FIX / (1.0 + math.exp(-(a0 + logits[k])))) * people[k]
    return total


class Bound(NamedTuple):
    """What the household's own columns say of whether it can register: no logit exceeds base + part + years."""

    cut: int  # lane 0 of a screen word below which a household may register this month, whoever it is
    base: np.ndarray  # float64[M], every term at its largest that members or a kept trait decide; -inf but in towns
    own: float  # added where a home is owned there, by tenure and by land held, where that raises the logit
    tenure: np.ndarray  # float64[6]
    land: float
    years: np.ndarray  # float64[n] by months of stay
    needed: np.ndarray  # float64[65536], logit at which a chance just reaches the lane


SLACK: Final = 1e-6
"""A bound may be this much too low in its logit by rounding."""


@bare
def bound_base(base, market_unit, kind, a0, rules):
    """Fills `Bound.base`; returns `Bound.cut`."""
    q = Rules(*rules)
    dividend, best = 0.0, -np.inf
    for u in range(q.dividend.size):
        dividend = min(dividend, q.dividend[u])
    part = max(q.insured, 0.0) - dividend / q.least_yuan + SLACK
    most = max(q.gain, 0.0) * max(q.own_county_gap, 1.0) * max(q.need_other, 1.0)
    for m in range(base.size):
        base[m] = -np.inf
        if is_town(kind[m]):
            u = market_unit[m]
            base[m] = a0 - min(q.barrier[u], q.barrier_old[u]) + q.pir[m] + most * max(q.gap[u], 0.0) + part
            best = max(best, base[m])
    best += max(q.own, 0.0) + max(q.rental, 0.0) + max(q.dorm, 0.0) + max(q.years, 0.0) * math.log(STAY_MONTHS / 12.0)
    land = 0.0
    for u in range(q.land.size):
        land = max(land, q.land[u])
    yearly = 1.0 / (1.0 + math.exp(-(best + land)))
    return np.int64(math.ceil((1.0 - (1.0 - yearly) ** (1.0 / MONTHS)) * LANES))


def fixed_bounds(q: Rules) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What no month changes of `Bound`: tenure, years and needed."""
    tenure = np.zeros(len(Tenure))
    tenure[PUBLIC], tenure[DORMITORY], tenure[OWNED] = q.rental, q.dorm, max(q.own, 0.0)
    years = q.years * np.log(np.maximum(np.arange(STAY_MONTHS) / 12.0, 0.5))
    return tenure, years, needed_logits()


def needed_logits() -> np.ndarray:
    """Logit of the yearly chance whose monthly one is lane / 65,536, float64[65536]."""
    stays = MONTHS * np.log1p(-np.arange(LANES) / LANES)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(-np.expm1(stays)) - stays)


@bare
def top_of(here, tenure, owns, b, c):
    """The most that a part of a household living at `here` can come to, years and land aside."""
    if here < 0:
        return -np.inf
    top = b.base[c.market[here]]
    return top + b.tenure[tenure] + (b.own if owns == here and tenure != OWNED else 0.0)


@bare
def may_settle(h, word, month, q, b, c):
    """Whether the household could pass with this lane, whatever its members are."""
    top = top_of(c.place[h], c.tenure[h], c.owns[h], b, c)
    if c.split_place[h] >= 0:
        top = max(top, top_of(c.split_place[h], c.split_tenure[h], c.owns[h], b, c))
    stay = np.int64(month) - c.since[h]
    if top == -np.inf or stay < SIX_MONTHS or c.size[h] == 0:
        return False
    top += b.years[min(stay, b.years.size - 1)]
    return top + b.land > b.needed[word]


@kernel
def settle(start, stop, counts, seed, month, a0, rules, bound, columns, events_next):
    """Register who decides to; counts who gained an urban registration, and who only moved one: int64[2, U].

    For `model.kernels.rows.count_rows` over households. A split household that registers as a family is told
    (OFFER): its other part may follow. rules, bound, columns: `Rules`, `Bound` and `Columns` as plain tuples, which a
    call takes in in a fifth of the time.
    """
    q, b, c = Rules(*rules), Bound(*bound), Columns(*columns)
    key = screen_key(seed, S_SETTLE, month)
    words = np.empty(BLOCK, np.uint16)
    for first in range(start, stop, BLOCK):
        ids = c.uid[first : min(stop, first + BLOCK)]
        for j in range(ids.size):
            words[j] = screen_word(key, ids[j])
        for j in range(ids.size):
            if words[j] < b.cut and may_settle(first + j, words[j], month, q, b, c):
                decide(first + j, words[j], seed, month, a0, q, c, events_next, counts)


@bare
def decide(h, word, seed, month, a0, q, c, events_next, counts):
    """One household that has passed the screen with this lane."""
    p, _, k = chance(h, seed, month, a0, q, c)
    if p <= 0.0:
        return
    # Lane and fine draw make one uniform that no rule elsewhere can move, as a thinned draw below the cut would.
    fine = uniform(seed, S_SETTLE, c.uid[h], month, 0)
    if word + fine >= (1.0 - (1.0 - p) ** (1.0 / MONTHS)) * LANES:
        return
    register(h, k, month, q, c, counts[:, c.unit[k.here]])
    if k.together and c.split_place[h] >= 0:
        events_next[h] |= OFFER


@bare
def register(h, k, month, q, c, counts):
    """Write the registrations of the case k; counts[0] gained an urban one, counts[1] moved one."""
    i = c.head[h]
    while i >= 0:
        if joins(i, k, month, q, c):
            counts[0 if gains_urban(i, c) else 1] += 1
            c.hukou[i] = k.here
        if k.knows_new and in_part(i, k.apart, c):
            c.flags[i] |= AWARE
        i = c.nxt[i]


@kernel
def count_converted(start, stop, out, lives, town, village, origins, places, splits, head, nxt, hukou):
    """By home village: people living in towns of the prefecture, and those of them registered there.

    For `model.kernels.rows.count_rows` over households; out: int64[2, P]; lives: int16[N], where people live; town,
    village: bool[P]. Only households from villages are asked of which a part is in a town.
    """
    some = np.empty(BLOCK, np.int32)
    for first in range(start, stop, BLOCK):
        last = min(stop, first + BLOCK)
        origin, place, split = origins[first:last], places[first:last], splits[first:last]
        k = np.uint64(0)
        for j in range(origin.size):
            some[k] = first + j
            apart = (split[j] >= 0) & town[np.uint64(max(split[j], 0))]
            k += np.uint64(village[np.uint64(origin[j])] & (town[np.uint64(place[j])] | apart))
        for j in range(np.int64(k)):
            h = some[j]
            i = head[h]
            while i >= 0:
                if town[np.uint64(lives[i])]:
                    out[0, origins[h]] += 1
                    out[1, origins[h]] += hukou[i] == lives[i]
                i = nxt[i]


@bare
def learn_rules(new, existing, speed, in_force, month):
    """Knowledge of rules by unit, in place; month: what it grows by in a month where none has it."""
    for u in range(new.size):
        new[u] += (1.0 - new[u]) * (min(month * speed[u], 1.0) * in_force[u])
        existing[u] += (1.0 - existing[u]) * min(max(month * (speed[u] - 1.0), 0.0), 1.0)


@bare
def rules_in_force(out, parity, habitual, limit, form, form_start):
    """Whether rules newer than the start are in force in a unit: uint8[U]."""
    for u in range(out.size):
        wider = form[u] > form_start[u]
        out[u] = (parity[u] > 0.0) | (habitual[u] > 0.0) | (limit[u] < 1.0) | wider


@bare
def price_to_income(out, price, wage, earners):
    """Price of 90 m2 over the yearly pay of `earners` workers of middle skill: float64[M]; wage: float64[M, 3]."""
    for m in range(out.size):
        out[m] = price[m] * PIR_M2 / (MONTHS * earners * max(wage[m, 1], 1.0))


@bare
def rules_by_place(
    pir, gap, barrier, barrier_old, land, dividend, pir_start, entitlement, entry_limit, delay, assurance, paid, or_pir,
    full, delay_elast, or_land, loss, loss_mean, beta
):
    """The parts of `Rules` that channels move, in place; pir, float64[M], holds price to income before."""
    units = gap.size
    for m in range(pir.size):
        pir[m] = or_pir * (pir[m] - pir_start)
    for u in range(units):
        slow = delay_elast * math.log(delay[u])
        gap[u] = 1.0 - entitlement[u]
        barrier[u], barrier_old[u] = full * entry_limit[u] + slow, full + slow
        land[u] = or_land * (loss / loss_mean * assurance[u])
        dividend[u] = beta * loss * max(paid[u], 0.0)
    land[units], dividend[units] = or_land * (loss / loss_mean), 0.0
