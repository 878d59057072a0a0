"""Households settled in a town move their registration there (E10)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.bisect import where_it_reaches
from model.kernels.jit import kernel
from model.kernels.rng import Stream
from model.kernels.rows import count_rows
from model.kernels.screen import screen_key
from model.kernels.settle import (
    FIX,
    Columns,
    Rules,
    bound_of,
    count_converted,
    expected,
    needed_logits,
    open_cases,
    settle,
)
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
MONTHS: Final = 12
PIR_M2: Final = 90.0
LAND_LOSS_MEAN: Final = 0.3
"""Central value of the prior of perceived_land_loss, at which or_land_settle holds."""


def start_settlement(world: World) -> None:
    """Set the intercept once, so that yearly conversions at the start equal conv_hazard_stock.

    accounts["settle_intercept"]: float64[1], a0 solving sum over eligible households of people * h(a0) =
    conv_hazard_stock * usual residents of towns without urban registration in the prefecture. Frozen; no lever
    reaches it. Also accounts["pir_start"] (float64[1], mean price-to-income of towns), aware_existing and aware_new
    (float64[U], shares of households that know the rules of the start, and later ones), family_form_start
    (float64[U], what is practice) and converted_share (float64[P], see `learn`).
    """
    a = world.accounts
    a["aware_existing"] = np.full(world.n_units, world.p.aware_existing)
    a["aware_new"] = np.zeros(world.n_units)
    a["family_form_start"] = np.array(world.channels.family_form_share)
    a["converted_share"] = converted_share(world)
    towns = town_markets(world)
    a["pir_start"] = np.array([price_to_income(world)[towns].mean() if towns.size else 0.0])
    a["settle_intercept"] = np.zeros(1)
    stock = unregistered(world)
    target = world.p.conv_hazard_stock * stock
    cases = open_cases(world.households.n, world.seed, 0, rules_of(world), columns(world))
    a["settle_intercept"][0] = where_it_reaches(lambda a0: expected(a0, *cases) / FIX, target, -30.0, 30.0)


def settlement(world: World, month: Month) -> None:
    """One month of registrations in towns (E10).

    logit h = a0 + ln OR_own own + ln OR_ins insured + ln OR_rental public rental + ln OR_dorm dorm
    + ln OR_land land (perceived loss over its prior mean) + alpha_tenure_years ln years + ln OR_pir (PIR - mean)
    - beta_w (perceived loss) dividend / (income a head) + alpha_gain_gap (1 - ent) need
    - barrier_logit residual_barrier entry_limit - admin_delay_elast ln admin_delay;
    the month's chance is 1 - (1 - h)^(1/12), for households that know of a route open to them, else 0.

    **Reads** households (place, split_place, tenure, since, land), residents (hukou, flags, job), world.seen prices
    and wages, channels (rent_parity, habitual_share, family_form_share, entry_limit, admin_delay, awareness_speed,
    entitlement, land_assurance, collective_dividend_yuan_month).
    **Writes** residents (hukou, flags), households.events_next, accounts (aware_existing, aware_new, converted_share,
    conversions); counts conversions (people who gain an urban registration) and hukou_transfers (who only move one
    from another town) by unit.
    """
    learn(world)
    homes = world.households
    key = np.uint64(screen_key(world.seed, np.uint64(Stream.SETTLE), np.uint64(month.index)))
    a0, rules = intercept(world), rules_of(world)
    bound = bound_of(a0, rules, world.markets.unit[: world.markets.n], town_markets(world), kept_needed(world))
    counts = count_rows(
        settle, homes.n, (2, world.n_units), key, world.seed, month.index, a0, rules, bound, columns(world),
        homes.events_next,
    )
    world.count("conversions", counts[0])
    world.accounts["conversions"] = counts[0]
    world.count("hukou_transfers", counts[1])


def kept_needed(world: World) -> np.ndarray:
    """`needed_logits`, worked out once."""
    if "needed_logits" not in world.kept:
        world.kept["needed_logits"] = needed_logits()
    return np.asarray(world.kept["needed_logits"])


def intercept(world: World) -> float:
    """a0 of the logit, frozen at the start."""
    return float(world.accounts["settle_intercept"][0])


def columns(world: World) -> Columns:
    """What the kernels of E10 read."""
    homes, people, places = world.households, world.residents, world.places
    return Columns(
        homes.uid, homes.head, homes.size, homes.origin, homes.place, homes.split_place, homes.since, homes.tenure,
        homes.split_tenure, homes.owns, homes.land_mu, homes.homestead, homes.income_yuan, people.next, people.birth,
        people.activity, people.job_market, people.job_since, people.hukou, people.flags, places.kind, places.unit,
        places.market, places.urban,
    )


def newer_rules(world: World) -> np.ndarray:
    """Units in which a rule newer than the start is in force: bool[U]."""
    c = world.channels
    wider = c.family_form_share > world.accounts["family_form_start"]
    return np.asarray((c.rent_parity > 0.0) | (c.habitual_share > 0.0) | (c.entry_limit < 1.0) | wider)


def learn(world: World) -> None:
    """Knowledge of rules spreads by unit: share += (1 - share) (1 - (1 - awareness_12m)^(1/12)) speed.

    Of a new rule it grows from the month in which the rule is in force; of the rule of the start only as far as
    awareness_speed exceeds practice. Co-villagers who have registered spread it by word of mouth (converted_share).
    """
    a, c = world.accounts, world.channels
    month = -math.expm1(math.log1p(-world.p.awareness_12m) / MONTHS)
    spread = np.minimum(month * c.awareness_speed, 1.0) * newer_rules(world)
    a["aware_new"] = a["aware_new"] + (1.0 - a["aware_new"]) * spread
    extra = np.clip(month * (c.awareness_speed - 1.0), 0.0, 1.0)
    a["aware_existing"] = a["aware_existing"] + (1.0 - a["aware_existing"]) * extra
    a["converted_share"] = converted_share(world)


def converted_share(world: World) -> np.ndarray:
    """Of each village's people now in towns of the prefecture, the share registered there: float64[P]."""
    n = world.places.n
    kind = world.places.kind[:n]
    there, registered = count_rows(
        count_converted, world.households.n, (2, n), world.residents.place, (kind != VILLAGE) & (kind != OUTSIDE),
        kind == VILLAGE, columns(world),
    )
    return np.divide(registered, there, out=np.zeros(there.size), where=there > 0)


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
        years=p.alpha_tenure_years, gain=p.alpha_gain_gap, need_other=p.need_other,
        own_county_gap=p.ent_gap_own_county, consent=p.landlord_consent, job_months=p.job_route_months,
        neighbours=p.learn_neighbours, land=land_terms(world), dividend=dividend_terms(world),
        least_yuan=p.subsistence_yuan_month, pir=pir, gap=1.0 - c.entitlement,
        barrier=full * c.entry_limit + delay, barrier_old=full + delay, rent_parity=c.rent_parity,
        habitual=c.habitual_share, family_form=c.family_form_share, family_form_old=a["family_form_start"],
        newer=newer_rules(world).astype(np.uint8), known=a["aware_new"], known_old=a["aware_existing"],
        converted=a["converted_share"],
    )


def land_terms(world: World) -> np.ndarray:
    """What land held in each unit adds to the logit, float64[U + 1]; last entry: land outside.

    ln OR_land * perceived loss over its prior mean, times land_assurance of the unit where the land lies.
    """
    p = world.p
    loss = p.perceived_land_loss / LAND_LOSS_MEAN * np.append(world.channels.land_assurance, 1.0)
    return np.asarray(math.log(p.or_land_settle) * loss)


def dividend_terms(world: World) -> np.ndarray:
    """beta_w * perceived loss * dividend of the collective beyond practice, float64[U + 1]; last entry: outside.

    Who moves the registration fears to lose membership; over income a head it is a loss of log income.
    """
    p = world.p
    dividend = np.maximum(world.channels.collective_dividend_yuan_month, 0.0)
    return np.append(p.beta_w * p.perceived_land_loss * dividend, 0.0)


def unregistered(world: World) -> int:
    """Usual residents of towns of the prefecture registered in a village or outside the prefecture."""
    people, places = world.residents, world.places
    return int(_unregistered(
        people.n, people.household, people.usual, people.hukou, places.kind, places.unit, places.urban
    ))


@kernel
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
    cases = open_cases(world.households.n, world.seed, 0, rules_of(world), columns(world))
    return float(expected(intercept(world), *cases)) / FIX
