"""Tables of the month's choice: incomes, access, services, rents, computed once per place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from model.kernels.choice import ChoiceParams, ChoiceTables
from model.kernels.shocks import Shocks, shocks_of
from model.phases.buying_in import tenure_costs
from model.phases.cash import heating_cost_yuan
from model.phases.farming import farm_premium
from model.phases.queues import ELSEWHERE, LEAST_OPEN, OWN_COUNTY, open_by_nearness
from model.phases.resident_insurance import benefit_yuan_month, levy_yuan_month
from model.phases.systems import village_amenity
from model.phases.travel import covered, service_gain, travel_factor

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


def choice_tables(world: World, month: int, xi: np.ndarray | None = None) -> ChoiceTables:
    """What every decider of this month sees, from the state at the month's start."""
    p, seen, places, markets = world.p, world.seen, world.places, world.markets
    panels, cols = seen.panels, seen.markets
    n_markets, n_places = markets.n, places.n
    costs = tenure_costs(world)
    xi = panels.xi if xi is None else xi
    base = xi + border_terms(world)[:, :, None] - p.mig_cost_trend * (month / 12.0)
    network = np.log1p(np.minimum(panels.network, p.network_cap))
    travel = travel_factor(world, month)
    access = p.beta_d * np.log1p(panels.dist_km * travel) + p.beta_network * network
    return ChoiceTables(
        income=expected_pay(world),
        base=base,
        access=access,
        minutes=world.geography.minutes * travel,
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
        covered=covered(world, world.channels.transit_share),
        service_gain=service_gain(world),
        ev_share=np.append(world.accounts["ev_share"], 0.0),
    )


def expected_pay(world: World) -> np.ndarray:
    """E4, E23: expected pay of one earner by experience, home unit, market and skill, float64[2, U + 1, M, 3].

    Beliefs about chances and pay; who has worked elsewhere knows the truth of last month to `prior_experience`.
    """
    p, panels, truth = world.p, world.seen.panels, world.seen.markets["p_job"]
    told = p.prior_experience
    out = []
    for weight in (0.0, told):
        chance = panels.belief_p + weight * (truth[None, :] - panels.belief_p)
        wage = panels.belief_wage + weight * (panels.wage_yuan[None] - panels.belief_wage)
        net = chance[:, :, None] * wage * (1.0 - p.worker_contribution_share)
        out.append(net + (1.0 - chance[:, :, None]) * p.fallback_yuan_month)
    return np.array(out)


def rental_limit(world: World) -> np.ndarray:
    """Income a head up to which affordable homes are let, yuan/month by market: float64[M]."""
    town = np.append(world.accounts["town_income_yuan"], 0.0)
    return np.asarray(world.p.rental_income_limit * town[world.markets.unit[: world.markets.n]])


def border_terms(world: World) -> np.ndarray:
    """Penalties for leaving county, prefecture and province, float64[U + 1, M]."""
    p, markets = world.p, world.markets
    by_ring = np.array([
        0.0, p.beta_border_county, p.beta_border_county + p.beta_border_pref,
        p.beta_border_county + p.beta_border_pref + p.beta_border_prov,
    ])
    term = np.tile(by_ring[markets.ring[: markets.n]], (world.n_units + 1, 1))
    own = markets.unit[: markets.n][None, :] == np.arange(world.n_units + 1)[:, None]
    term[own] = 0.0
    term[world.n_units] = 0.0
    return term


def entitlement_terms(world: World) -> np.ndarray:
    """Log of what newcomers meet over what locals meet, float64[6, U + 1, M]: the open share, times the queue.

    People registered elsewhere in the same county are nearer to equal: their gap is scaled by
    `ent_gap_own_county`. Outside places give `ent_outside`.
    """
    p, units, n = world.p, world.n_units, world.markets.n
    share, queue = open_by_nearness(world), world.seen.panels.queue
    unit = world.markets.unit[:n].astype(np.int64)
    own = unit[None, :] == np.arange(units + 1)[:, None]
    near, far = share[:, OWN_COUNTY] * queue[0], share[:, ELSEWHERE] * queue[1]
    far[:, unit < 0] = p.ent_outside
    return np.log(np.maximum(np.where(own[None], near[:, None, :], far[:, None, :]), LEAST_OPEN))
