"""Households settled in a town move their registration there (E10)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.kernels.screen import LANES, lane, screen_key, screen_word
from model.spec.codes import Flag, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART, AWARE, INSURED = int(Flag.APART), int(Flag.AWARE), int(Flag.INSURED)
OWNED, PUBLIC, DORMITORY = int(Tenure.OWNED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
S_SETTLE, S_AWARE, S_CONSENT = Stream.SETTLE, Stream.AWARE, Stream.CONSENT
NO_ROUTE, OWN_ROUTE, NEW_ROUTE = 0, 1, 2
SIX_MONTHS: Final = 6
MONTHS: Final = 12
CHILD_MONTHS, ADULT_MONTHS = 16 * 12, 18 * 12
PIR_M2: Final = 90.0
LAND_LOSS_MEAN: Final = 0.3
"""Central value of the prior of perceived_land_loss, at which or_land_settle holds."""
FIX: Final = 2.0**32
"""Chances are summed as whole multiples of 2^-32, so that the order of households cannot matter."""


class Rules(NamedTuple):
    """Coefficients of the logit and the state of the rules, by unit float64[U] unless said."""

    own: float
    insured: float
    rental: float
    dorm: float
    land: float
    years: float
    gain: float
    need_other: float
    own_county_gap: float
    consent: float
    pir: np.ndarray  # float64[M], ln or_pir_settle * (PIR - start mean)
    gap: np.ndarray  # 1 - entitlement
    barrier: np.ndarray  # what the rules in force take off the logit
    barrier_old: np.ndarray  # the same for households that know only the rules of the start
    rent_parity: np.ndarray
    habitual: np.ndarray
    known: np.ndarray  # share of households that know the rules in force
    known_old: np.ndarray  # share of owners who know that they may register


def start_settlement(world: World) -> None:
    """Set the intercept once, so that yearly conversions at the start equal conv_hazard_stock.

    accounts["settle_intercept"]: float64[1], a0 solving sum over eligible households of people * h(a0) =
    conv_hazard_stock * usual residents of towns without urban registration in the prefecture. Frozen; no lever
    reaches it. Also accounts["pir_start"] (float64[1], mean price-to-income of towns), aware_existing and aware_new
    (float64[U], shares of households that know the rules of the start, and later ones).
    """
    a = world.accounts
    a["aware_existing"] = np.full(world.n_units, world.p.aware_existing)
    a["aware_new"] = np.zeros(world.n_units)
    towns = town_markets(world)
    a["pir_start"] = np.array([price_to_income(world)[towns].mean() if towns.size else 0.0])
    a["settle_intercept"] = np.zeros(1)
    stock = unregistered(world)
    target = world.p.conv_hazard_stock * stock
    low, high = -30.0, 30.0
    for _ in range(60):
        a["settle_intercept"][0] = 0.5 * (low + high)
        if expected_year(world) < target:
            low = a["settle_intercept"][0]
        else:
            high = a["settle_intercept"][0]


def settlement(world: World, month: Month) -> None:
    """One month of registrations in towns (E10).

    logit h = a0 + ln OR_own own + ln OR_ins insured + ln OR_rental public rental + ln OR_dorm dorm
    + ln OR_land land (perceived loss as its prior mean) + alpha_tenure_years ln years + ln OR_pir (PIR - mean)
    + alpha_gain_gap (1 - ent) need - barrier_logit residual_barrier entry_limit - admin_delay_elast ln admin_delay;
    the month's chance is 1 - (1 - h)^(1/12), for households that know of a route open to them, else 0.

    **Reads** households (place, tenure, since, land), residents (hukou, flags, birth), world.seen prices and wages,
    channels (rent_parity, habitual_share, entry_limit, admin_delay, awareness_speed, entitlement).
    **Writes** residents (hukou, flags), accounts (aware_existing, aware_new, conversions); counts conversions (people
    who gain an urban registration) and hukou_transfers (who only move one from another town) by unit.
    """
    learn(world)
    homes, people, places = world.households, world.residents, world.places
    key = np.uint64(screen_key(world.seed, np.uint64(S_SETTLE), np.uint64(month.index)))
    counts = _settle(
        homes.n, key, world.seed, month.index, float(world.accounts["settle_intercept"][0]), rules_of(world),
        homes.uid, homes.head, homes.size, homes.place, homes.since, homes.tenure, homes.owns, homes.land_mu,
        homes.homestead, people.next, people.birth, people.hukou, people.flags, places.kind, places.unit,
        places.market, places.urban, world.n_units,
    )
    world.count("conversions", counts[0])
    world.accounts["conversions"] = counts[0]
    world.count("hukou_transfers", counts[1])


def learn(world: World) -> None:
    """Knowledge of rules spreads by unit: share += (1 - share) (1 - (1 - awareness_12m)^(1/12)) speed.

    Of a new rule it grows from the month in which the rule is in force; of the rule of the start only as far as
    awareness_speed exceeds practice.
    """
    a, c = world.accounts, world.channels
    month = -math.expm1(math.log1p(-world.p.awareness_12m) / MONTHS)
    new = (c.rent_parity > 0.0) | (c.habitual_share > 0.0) | (c.entry_limit < 1.0)
    a["aware_new"] = a["aware_new"] + (1.0 - a["aware_new"]) * np.minimum(month * c.awareness_speed, 1.0) * new
    extra = np.clip(month * (c.awareness_speed - 1.0), 0.0, 1.0)
    a["aware_existing"] = a["aware_existing"] + (1.0 - a["aware_existing"]) * extra


def town_markets(world: World) -> np.ndarray:
    """Rows of the markets of township seats and county towns."""
    kind = world.markets.kind[: world.markets.n]
    return np.flatnonzero((kind != VILLAGE) & (kind != OUTSIDE))


def price_to_income(world: World) -> np.ndarray:
    """Price of 90 m2 over the yearly pay of earners_per_household workers of middle skill: float64[M]."""
    seen = world.seen
    wage = np.maximum(seen.panels.wage_yuan[:, 1], 1.0)
    return seen.markets["price_yuan_m2"] * PIR_M2 / (MONTHS * world.p.earners_per_household * wage)


def rules_of(world: World) -> Rules:
    """Coefficients and rules of this month."""
    p, c, a = world.p, world.channels, world.accounts
    pir = math.log(p.or_pir_settle) * (price_to_income(world) - a["pir_start"][0])
    full = p.barrier_logit * p.residual_barrier
    delay = p.admin_delay_elast * np.log(c.admin_delay)
    return Rules(
        own=math.log(p.or_own_settle), insured=math.log(p.or_insured_settle),
        rental=math.log(p.or_public_rental_settle), dorm=math.log(p.or_dorm_settle),
        land=math.log(p.or_land_settle) * p.perceived_land_loss / LAND_LOSS_MEAN,
        years=p.alpha_tenure_years, gain=p.alpha_gain_gap, need_other=p.need_other,
        own_county_gap=p.ent_gap_own_county, consent=p.landlord_consent, pir=pir, gap=1.0 - c.entitlement,
        barrier=full * c.entry_limit + delay, barrier_old=full + delay, rent_parity=c.rent_parity,
        habitual=c.habitual_share, known=a["aware_new"], known_old=a["aware_existing"],
    )


def unregistered(world: World) -> int:
    """Usual residents of towns of the prefecture registered in a village or outside the prefecture."""
    people, places = world.residents, world.places
    return int(_unregistered(
        people.n, people.household, people.usual, people.hukou, places.kind, places.unit, places.urban
    ))


@njit(cache=True)
def _unregistered(n, household, usual, hukou, kind, unit, urban):
    count = 0
    for i in range(n):
        here = usual[i]
        if household[i] < 0 or kind[here] == VILLAGE or kind[here] == OUTSIDE:
            continue
        count += unit[hukou[i]] < 0 or not urban[hukou[i]]
    return count


def expected_year(world: World) -> float:
    """People expected to convert in a year under the rules of the start, by the present intercept."""
    homes, people, places = world.households, world.residents, world.places
    total = _expected(
        homes.n, world.seed, 0, float(world.accounts["settle_intercept"][0]), rules_of(world), homes.uid, homes.head,
        homes.size, homes.place, homes.since, homes.tenure, homes.owns, homes.land_mu, homes.homestead, people.next,
        people.birth, people.hukou, people.flags, places.kind, places.unit, places.market, places.urban,
    )
    return total / FIX


@njit(cache=True)
def _expected(
    n, seed, month, a0, q, uid, head, size, place, since, tenure, owns, land_mu, homestead, nxt, birth, hukou, flags,
    kind, unit, market, urban,
):
    total = np.int64(0)
    for h in range(n):
        p, people = _chance(
            h, seed, month, a0, q, uid, head, size, place, since, tenure, owns, land_mu, homestead, nxt, birth, hukou,
            flags, kind, unit, market, urban,
        )
        total += np.int64(p * FIX) * people
    return total


@njit(cache=True)
def _chance(
    h, seed, month, a0, q, uid, head, size, place, since, tenure, owns, land_mu, homestead, nxt, birth, hukou, flags,
    kind, unit, market, urban,
):
    """Yearly chance of one household, and how many of its members would gain an urban registration."""
    here = place[h]
    if size[h] == 0 or kind[here] == VILLAGE or kind[here] == OUTSIDE or month - since[h] < SIX_MONTHS:
        return 0.0, 0
    u = unit[here]
    to_change, to_convert, from_here, children, insured, aware = 0, 0, 0, 0, False, False
    i = head[h]
    while i >= 0:
        if flags[i] & APART == 0:
            if hukou[i] != here:
                to_change += 1
                to_convert += unit[hukou[i]] < 0 or not urban[hukou[i]]
            from_here += unit[hukou[i]] == u
            age = month - birth[i]
            children += age < CHILD_MONTHS
            if age >= ADULT_MONTHS:
                insured |= flags[i] & INSURED != 0
                aware |= flags[i] & AWARE != 0
        i = nxt[i]
    if to_change == 0:
        return 0.0, 0
    route, knows_new = _route(h, here, u, seed, q, uid, tenure, owns, aware)
    if route == NO_ROUTE:
        return 0.0, 0
    x = a0 - (q.barrier[u] if knows_new else q.barrier_old[u])
    owner = tenure[h] == OWNED or owns[h] == here
    x += q.own * owner + q.insured * insured + q.rental * (tenure[h] == PUBLIC) + q.dorm * (tenure[h] == DORMITORY)
    x += q.land * (land_mu[h] > 0.0 or homestead[h] in (1, 2, 3))
    x += q.years * math.log(max((month - since[h]) / 12.0, 0.5)) + q.pir[market[here]]
    gap = q.gap[u] * (q.own_county_gap if from_here > 0 else 1.0)
    x += q.gain * gap * (1.0 if children > 0 else q.need_other)
    return 1.0 / (1.0 + math.exp(-x)), to_convert


@njit(cache=True)
def _route(h, here, u, seed, q, uid, tenure, owns, aware):
    """Which route the household knows to be open, and whether it knows the rules in force.

    Knowledge, a landlord's consent and the reach of partial rules are traits: kept draws of the household, so that
    wider rules only ever add households.
    """
    knows_new = aware or uniform(seed, S_AWARE, uid[h], 0, 0) < q.known[u]
    if tenure[h] == OWNED or owns[h] == here:
        knows = knows_new or uniform(seed, S_AWARE, uid[h], 0, 1) < q.known_old[u]
        return (OWN_ROUTE if knows else NO_ROUTE), knows_new
    if not knows_new:
        return NO_ROUTE, knows_new
    if uniform(seed, S_CONSENT, uid[h], 0, 2) < q.habitual[u]:
        return NEW_ROUTE, knows_new
    parity = q.rent_parity[u]
    # At full parity a tenant needs no landlord: the collective household of the community takes the registration.
    free = tenure[h] == PUBLIC or uniform(seed, S_CONSENT, uid[h], 0, 0) < max(q.consent, parity)
    if free and uniform(seed, S_CONSENT, uid[h], 0, 1) < parity:
        return NEW_ROUTE, knows_new
    return NO_ROUTE, knows_new


@njit(cache=True)
def _settle(
    n, key, seed, month, a0, q, uid, head, size, place, since, tenure, owns, land_mu, homestead, nxt, birth, hukou,
    flags, kind, unit, market, urban, n_units,
):
    """People who gained an urban registration, and those who only moved one: int64[2, U]."""
    counts = np.zeros((2, n_units), np.int64)
    bound = max_chance(a0, q)
    month_bound = 1.0 - (1.0 - bound) ** (1.0 / MONTHS)
    cut = min(math.ceil(month_bound * LANES) + 1.0, LANES)
    for h in range(n):
        here = place[h]
        if size[h] == 0 or kind[here] == VILLAGE or kind[here] == OUTSIDE:
            continue
        if lane(screen_word(key, uid[h]), 0) >= cut:
            continue
        p, _ = _chance(
            h, seed, month, a0, q, uid, head, size, place, since, tenure, owns, land_mu, homestead, nxt, birth, hukou,
            flags, kind, unit, market, urban,
        )
        if p <= 0.0:
            continue
        chance = 1.0 - (1.0 - p) ** (1.0 / MONTHS)
        if uniform(seed, S_SETTLE, uid[h], month, 0) * cut >= chance * LANES:
            continue
        u = unit[here]
        knows = uniform(seed, S_AWARE, uid[h], 0, 0) < q.known[u]
        i = head[h]
        while i >= 0:
            if flags[i] & APART == 0:
                if hukou[i] != here:
                    counts[0 if unit[hukou[i]] < 0 or not urban[hukou[i]] else 1, u] += 1
                    hukou[i] = here
                if knows:
                    flags[i] |= AWARE
            i = nxt[i]
    return counts


@njit(cache=True)
def max_chance(a0, q):
    """No household's yearly chance exceeds this: every positive term at its largest (90 years of stay)."""
    x = a0 - min(q.barrier.min(), q.barrier_old.min()) + max(q.own, 0.0) + max(q.insured, 0.0) + max(q.rental, 0.0)
    x += max(q.dorm, 0.0) + max(q.land, 0.0) + max(q.years, 0.0) * math.log(125.0) + max(q.pir.max(), 0.0)
    x += max(q.gain, 0.0) * q.gap.max()
    return 1.0 / (1.0 + math.exp(-x))
