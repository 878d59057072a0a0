"""Tables of the month's choice: incomes, access, services, rents, computed once per place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from model.kernels.choice import ChoiceParams, ChoiceTables
from model.kernels.seen import fill_access, fill_entitlement, fill_pay
from model.kernels.shocks import Shocks, shocks_of
from model.phases.buying_in import tenure_costs
from model.phases.cash import heating_cost_yuan
from model.phases.farming import farm_premium
from model.phases.queues import ELSEWHERE, LEAST_OPEN, OWN_COUNTY, open_by_nearness
from model.phases.resident_insurance import benefit_yuan_month, levy_yuan_month
from model.phases.systems import village_amenity
from model.phases.travel import covered, link_factor, service_gain, travel_factor
from model.spec.codes import N_SERVICES

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World

SERVICE_SHARES = {
    "school": "share_school", "kindergarten": "share_kindergarten", "childcare": "share_childcare",
    "hospital": "share_hospital", "elder": "share_elder", "culture": "share_culture",
}


def choice_params(p: Params) -> ChoiceParams:
    """Decision parameters of E2-E12, from the registry.

    Service weights share `beta_amenity_man`; need multiplies them (E6).
    """
    beta = {name: p.beta_amenity_man * getattr(p, key) for name, key in SERVICE_SHARES.items()}
    return ChoiceParams(
        beta_w=p.beta_w,
        beta_split=p.beta_split,
        move_cost=p.move_cost,
        beta_commute_min=p.beta_commute_min,
        commute_max_min=p.commute_max_min,
        asc_home=p.asc_home,
        asc_home_age=p.asc_home_age,
        tau=p.tau_nest,
        fresh=math.sqrt(1.0 - p.taste_persistence),
        rho=min(p.rho_tenure, math.sqrt(1.0 - p.taste_persistence)),
        asc_buy=p.asc_buy_on_arrival,
        weekly_relief=p.weekly_relief,
        weekly_max_min=p.weekly_max_min,
        log_college=math.log(p.or_college_move),
        log_female_out=math.log(p.or_female_out),
        own_experience=p.own_experience,
        subsistence_yuan=p.subsistence_yuan_month,
        floor_penalty=p.subsistence_penalty,
        farm_net_yuan_mu=p.farm_net_yuan_mu_year,
        farm_rent_yuan_mu=p.farm_rent_yuan_mu_year,
        commute_yuan_min=p.commute_yuan_minute_month,
        carer_earning_share=p.carer_earning_share,
        school=beta["school"] * p.mult_school_kids,
        kindergarten=beta["kindergarten"] * p.mult_school_kids,
        childcare=beta["childcare"] * p.mult_school_kids * p.weight_childcare,
        hospital=beta["hospital"],
        hospital_60=p.mult_health_60,
        dorm_accept=p.dorm_accept,
        elder=beta["elder"] * p.mult_health_60,
        culture=beta["culture"],
        carless_share=p.carless_share,
        bus_time=p.bus_time_ratio,
        no_bus_time=p.no_bus_time_ratio,
        ev_cost=p.ev_cost_ratio,
    )


def month_shocks(world: World, q: ChoiceParams, month: int) -> Shocks:
    """What the errors of the month's choices are drawn with (E3)."""
    return shocks_of(q.tau, q.fresh, q.rho, world.seed, month)


class Trips(NamedTuple):
    """What the trips of a month cost, kept as long as nothing changes it."""

    minutes: np.ndarray  # float32[P, M] one way by car
    near: np.ndarray  # float64[P, M] distance term of E2
    covered: np.ndarray  # float64[P]
    service_gain: np.ndarray  # float64[P]


def trips(world: World, month: int) -> Trips:
    """Trips of this month: those of the last one unless roads, links or buses have changed."""
    c, p = world.channels, world.p
    roads, links = c.travel_time_factor * world.accounts["works_travel"], link_factor(world, month)
    key = roads.tobytes() + links.tobytes() + c.transit_share.tobytes() + np.float64(p.beta_d).tobytes()
    kept = world.kept.get("trips")
    if kept is None or kept[0] != key:
        travel = travel_factor(world, month)
        kept = key, Trips(
            world.geography.minutes * travel, np.asarray(p.beta_d * np.log1p(world.panels.dist_km * travel)),
            covered(world, c.transit_share), service_gain(world),
        )
        world.kept["trips"] = kept
    return cast(Trips, kept[1])


def access_terms(world: World, near: np.ndarray, origins: np.ndarray | None) -> np.ndarray:
    """Distance and network terms, float64[P, M]; only the rows of `origins` hold anything, if they are given."""
    places = np.arange(world.places.n, dtype=np.int16) if origins is None else origins
    out = np.empty(near.shape)
    done = np.zeros(world.places.n, np.uint8)
    fill_access(places, near, world.seen.panels.network, world.p.beta_network, world.p.network_cap, done, out)
    return out


def choice_tables(
    world: World, month: int, xi: np.ndarray | None = None, origins: np.ndarray | None = None
) -> ChoiceTables:
    """What every decider of this month sees, from the state at the month's start.

    xi: constants instead of the prefecture's. origins: home places of all deciders, to leave out what concerns others.
    """
    p, seen, places, markets = world.p, world.seen, world.places, world.markets
    panels, cols = seen.panels, seen.markets
    n_markets, n_places = markets.n, places.n
    costs, travel = tenure_costs(world), trips(world, month)
    xi = panels.xi if xi is None else xi
    return ChoiceTables(
        income=expected_pay(world),
        base=xi + (border_terms(world) - p.mig_cost_trend * (month / 12.0))[:, :, None],
        access=access_terms(world, travel.near, origins),
        minutes=travel.minutes,
        log_quality=np.log(panels.quality),
        log_entitlement=entitlement_terms(world),
        amenity=p.beta_amenity_man * p.share_infrastructure * np.log(cols["amenity"]),
        village=p.beta_amenity_man * p.share_infrastructure * village_amenity(world),
        rent=costs.rent_yuan_m2,
        room=costs.room_rent_yuan_m2,
        rental_free=costs.public_free.astype(np.uint8),
        rental_discount=p.public_rental_discount,
        rental_limit=rental_limit(world),
        dorm_free=costs.beds_free.astype(np.uint8),
        homes_free=costs.homes_free.astype(np.uint8),
        need_yuan=costs.need_yuan,
        owner_yuan=costs.user_cost_yuan,
        resale_yuan=cols["price_yuan_m2"] * p.home_size_m2 * (1.0 - p.resale_discount),
        place_unit=places.unit[:n_places],
        place_market=places.market[:n_places],
        place_kind=places.kind[:n_places],
        market_place=world.geography.market_place,
        market_unit=markets.unit[:n_markets],
        market_kind=markets.kind[:n_markets],
        market_ring=markets.ring[:n_markets],
        transfer=np.append(
            p.pension_yuan_month + world.channels.social_topup_yuan_month + benefit_yuan_month(world),
            p.pension_yuan_month,
        ),
        levy=np.append(levy_yuan_month(world), 0.0),
        home_premium=np.append(farm_premium(world), 1.0),
        heating=np.append(world.channels.heating_subsidy_yuan_month - heating_cost_yuan(world), 0.0),
        covered=travel.covered,
        service_gain=travel.service_gain,
        ev_share=np.append(world.accounts["ev_share"], 0.0),
    )


def expected_pay(world: World) -> np.ndarray:
    """E4, E23: expected pay of one earner by experience, home unit, market and skill, float64[2, U + 1, M, 3].

    Beliefs about chances and pay; who has worked elsewhere knows the truth of last month to `prior_experience`.
    """
    p, panels = world.p, world.seen.panels
    out = np.empty((2, *panels.belief_wage.shape))
    fill_pay(
        panels.belief_p, panels.belief_wage, world.seen.markets["p_job"], panels.wage_yuan, p.prior_experience,
        1.0 - p.worker_contribution_share, p.fallback_yuan_month, out,
    )
    return out


def rental_limit(world: World) -> np.ndarray:
    """Income a head up to which affordable homes are let, yuan/month by market: float64[M]."""
    town = np.append(world.accounts["town_income_yuan"], 0.0)
    return np.asarray(world.p.rental_income_limit * town[world.markets.unit[: world.markets.n]])


def border_terms(world: World) -> np.ndarray:
    """Penalties for leaving county, prefecture and province, float64[U + 1, M]."""
    p, markets = world.p, world.markets
    if "border_terms" not in world.kept:
        county, pref = p.beta_border_county, p.beta_border_county + p.beta_border_pref
        by_ring = np.array([0.0, county, pref, pref + p.beta_border_prov])
        term = np.tile(by_ring[markets.ring[: markets.n]], (world.n_units + 1, 1))
        own = markets.unit[: markets.n][None, :] == np.arange(world.n_units + 1)[:, None]
        term[own] = 0.0
        term[world.n_units] = 0.0
        world.kept["border_terms"] = term
    return cast(np.ndarray, world.kept["border_terms"])


def entitlement_terms(world: World) -> np.ndarray:
    """Log of what newcomers meet over what locals meet, float64[6, U + 1, M]: the open share, times the queue.

    People registered elsewhere in the same county are nearer to equal: their gap is scaled by
    `ent_gap_own_county`. Outside places give `ent_outside`.
    """
    n = world.markets.n
    share, out = open_by_nearness(world), np.empty((N_SERVICES, world.n_units + 1, n))
    fill_entitlement(
        share[:, OWN_COUNTY], share[:, ELSEWHERE], world.seen.panels.queue, world.markets.unit[:n],
        world.p.ent_outside, LEAST_OPEN, out,
    )
    return out
