"""Households settled in a town move their registration there (E10)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels import settle as kernels
from model.kernels.bisect import where_it_reaches
from model.kernels.jit import kernel
from model.kernels.rows import count_rows
from model.kernels.settle import (
    FIX,
    Columns,
    Rules,
    bound_base,
    count_converted,
    expected,
    fixed_bounds,
    learn_rules,
    open_cases,
    rules_in_force,
    settle,
)
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.spec.params import Params
    from model.state.world import World

VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
MONTHS: Final = 12
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
    homes, rules, a0 = world.households, rules_of(world), intercept(world)
    counts = count_rows(
        settle, homes.n, (2, world.n_units), world.seed, month.index, a0, tuple(rules), bound_of(world, a0, rules),
        tuple(columns(world)), homes.events_next,
    )
    world.count("conversions", counts[0])
    world.accounts["conversions"] = counts[0]
    world.count("hukou_transfers", counts[1])


def bound_of(world: World, a0: float, rules: Rules) -> tuple[Any, ...]:
    """`kernels.settle.Bound` of this month, as a plain tuple."""
    m, kept, base = world.markets, world.kept, np.empty(world.markets.n)
    if "settle_bounds" not in kept:
        kept["settle_bounds"] = fixed_bounds(rules)
    tenure, years, needed = kept["settle_bounds"]
    cut = bound_base(base, m.unit, m.kind, a0, tuple(rules))
    return cut, base, max(rules.own, 0.0), tenure, max(rules.land.tolist() + [0.0]), years, needed


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
    """Units in which a rule newer than the start is in force: uint8[U]."""
    c, out = world.channels, np.empty(world.n_units, np.uint8)
    rules_in_force(
        out, c.rent_parity, c.habitual_share, c.entry_limit, c.family_form_share, world.accounts["family_form_start"]
    )
    return out


def learn(world: World) -> None:
    """Knowledge of rules spreads by unit: share += (1 - share) (1 - (1 - awareness_12m)^(1/12)) speed.

    Of a new rule it grows from the month in which the rule is in force; of the rule of the start only as far as
    awareness_speed exceeds practice. Co-villagers who have registered spread it by word of mouth (converted_share).
    """
    a = world.accounts
    month = -math.expm1(math.log1p(-world.p.awareness_12m) / MONTHS)
    learn_rules(a["aware_new"], a["aware_existing"], world.channels.awareness_speed, newer_rules(world), month)
    a["converted_share"] = converted_share(world)


def converted_share(world: World) -> np.ndarray:
    """Of each village's people now in towns of the prefecture, the share registered there: float64[P]."""
    homes, people, kept, n = world.households, world.residents, world.kept, world.places.n
    if "town_village" not in kept:
        kind = world.places.kind[:n]
        kept["town_village"] = (kind != VILLAGE) & (kind != OUTSIDE), kind == VILLAGE
    there, registered = count_rows(
        count_converted, homes.n, (2, n), people.place, *kept["town_village"], homes.origin, homes.place,
        homes.split_place, homes.head, people.next, people.hukou,
    )
    return np.divide(registered, there, out=np.zeros(there.size), where=there > 0)


def town_markets(world: World) -> np.ndarray:
    """Rows of the markets of township seats and county towns."""
    kind = world.markets.kind[: world.markets.n]
    return np.flatnonzero((kind != VILLAGE) & (kind != OUTSIDE))


def price_to_income(world: World) -> np.ndarray:
    """Price of 90 m2 over the yearly pay of earners_per_household workers of middle skill: float64[M]."""
    out, seen = np.empty(world.markets.n), world.seen
    kernels.price_to_income(
        out, seen.markets["price_yuan_m2"], seen.panels.wage_yuan, world.p.earners_per_household
    )
    return out


def rules_of(world: World) -> Rules:
    """Coefficients and rules of this month.

    Land held in a unit adds ln OR_land * perceived loss over its prior mean, times land_assurance of the unit where
    the land lies. Who moves the registration fears to lose membership of the collective: beta_w * perceived loss * its
    dividend beyond practice, which over income a head is a loss of log income.
    """
    p, c, a, units, kept = world.p, world.channels, world.accounts, world.n_units, world.kept
    if "settle_terms" not in kept:
        kept["settle_terms"] = _terms(p)
    (gap, barrier, barrier_old), (land, dividend) = np.empty((3, units)), np.empty((2, units + 1))
    pir, newer = price_to_income(world), newer_rules(world)
    kernels.rules_by_place(
        pir, gap, barrier, barrier_old, land, dividend, a["pir_start"][0], c.entitlement, c.entry_limit, c.admin_delay,
        c.land_assurance, c.collective_dividend_yuan_month, math.log(p.or_pir_settle),
        p.barrier_logit * p.residual_barrier, p.admin_delay_elast, math.log(p.or_land_settle), p.perceived_land_loss,
        LAND_LOSS_MEAN, p.beta_w,
    )
    return Rules._make((
        *kept["settle_terms"], land, dividend, p.subsistence_yuan_month, pir, gap, barrier, barrier_old, c.rent_parity,
        c.habitual_share, c.family_form_share, a["family_form_start"], newer, a["aware_new"], a["aware_existing"],
        a["converted_share"],
    ))


def _terms(p: Params) -> Any:
    """The first eleven of `Rules`, which no month changes."""
    return (
        math.log(p.or_own_settle), math.log(p.or_insured_settle), math.log(p.or_public_rental_settle),
        math.log(p.or_dorm_settle), p.alpha_tenure_years, p.alpha_gain_gap, p.need_other, p.ent_gap_own_county,
        p.landlord_consent, p.job_route_months, p.learn_neighbours,
    )


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
