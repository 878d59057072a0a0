"""What deciders of a month see, worked out once: incomes, access, services, rents (E2-E9, E21)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from model.kernels.bounds import Bounds, empty_bounds
from model.kernels.choice import ChoiceParams, ChoiceTables
from model.kernels.rng import Stream
from model.kernels.screen import screen_key
from model.kernels.seen import Fixed, Numbers, Units, see, see_places
from model.kernels.shocks import Shocks, shocks_of
from model.phases.farming import farm_premium
from model.phases.purchases import terms_of
from model.phases.queues import EVERY, LEAST_OPEN, PRACTICE, practice_shares
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
    """What the errors of the month's choices are drawn with (E3); tables are made once."""
    kept = world.kept.get("shocks")
    if kept is None or kept[0] is not q:
        kept = world.kept["shocks"] = q, shocks_of(q.tau, q.fresh, q.rho, world.seed, month)
    keys = (np.uint64(screen_key(world.seed, stream, month)) for stream in (Stream.CHOICE, Stream.MEMBER))
    month_key, member_key = keys
    return cast(Shocks, kept[1]._replace(month_key=month_key, member_key=member_key))


class Weighing(NamedTuple):
    """What deciders of a month see, how they weigh it, and bounds of both."""

    tables: ChoiceTables
    params: ChoiceParams
    bounds: Bounds


class Sight(NamedTuple):
    """Where a month's tables are filled in, and what fills them."""

    p: Params  # that the numbers were read from
    weighed: Weighing
    numbers: Numbers
    fixed: Fixed
    done: np.ndarray  # uint8[P] places whose access is known this month


def weighing(world: World, month: int, rows: np.ndarray) -> Weighing:
    """What households `rows`, int32[k], weigh this month; tables are kept, and good until the next one is asked for.

    Access is known for the home places of these rows and of those asked for before in the month.
    """
    sight = cast(Sight, world.kept.get("sight"))
    if sight is None or sight.p is not world.p:
        sight = world.kept["sight"] = sight_of(world, month)
    if world.seen.kept.get("sight") != (id(sight), month):
        world.seen.kept["sight"] = id(sight), month
        look_at(world, month, sight)
    t, _, w = sight.weighed
    see_places(
        rows, world.households.origin, sight.done, t, w, sight.numbers, sight.fixed, world.seen.panels.network
    )
    return sight.weighed


def choice_tables(world: World, month: int, xi: np.ndarray | None = None) -> ChoiceTables:
    """What every decider could see, from the state at the month's start; xi: constants instead of its own."""
    sight = sight_of(world, month)
    look_at(world, month, sight, xi)
    t, _, w = sight.weighed
    every = np.arange(world.places.n, dtype=np.int32)
    see_places(
        every, every.astype(np.int16), sight.done, t, w, sight.numbers, sight.fixed, world.seen.panels.network
    )
    return t


def look_at(world: World, month: int, sight: Sight, xi: np.ndarray | None = None) -> None:
    """Bring the tables but for `access` up to the state at the month's start."""
    seen, c, a = world.seen, world.channels, world.accounts
    (t, q, w), cols, panels = sight.weighed, seen.markets, seen.panels
    sight.done[:] = 0
    by_unit = Units(
        c.entitlement, c.social_topup_yuan_month, a["resident_benefit"], c.resident_contribution_yuan_year,
        a["contribution_start"], farm_premium(world), c.heating_subsidy_yuan_month, c.clean_heating,
        a["clean_heating_start"], a["ev_share"], a["town_income_yuan"], c.travel_time_factor, a["works_travel"],
        c.intercity_works_share, c.intercity_open_year, c.transit_share, a["transit_start"], a["villages_of_unit"],
    )
    see(
        t, q, w, sight.numbers, by_unit, sight.fixed, month, (world.input.start_ordinal + month) / 12,
        panels.xi if xi is None else xi, tuple(cols[key] for key in MARKET_COLUMNS),
        (panels.wage_yuan, panels.belief_p, panels.belief_wage, panels.quality, panels.queue),
        terms_of(world).price_yuan_m2, a["village_stock"],
    )


MARKET_COLUMNS: Final = (
    "p_job", "amenity", "rent_yuan_m2", "room_rent_yuan_m2", "price_yuan_m2", "price_growth_year", "homes",
    "homes_occupied", "public_rental", "public_rental_used", "dorm_beds", "dorm_used",
)


def sight_of(world: World, month: int) -> Sight:
    """Fresh room for the tables of a month."""
    q = choice_params(world.p)
    t = blank_tables(world)
    w = empty_bounds(t, q, month_shocks(world, q, month))
    return Sight(world.p, Weighing(t, q, w), numbers_of(world.p), fixed_of(world), np.zeros(world.places.n, np.uint8))


def numbers_of(p: Params) -> Numbers:
    """Numbers of what is seen, from the registry."""
    return Numbers(
        p.prior_experience, 1.0 - p.worker_contribution_share, p.fallback_yuan_month, p.mig_cost_trend, p.beta_d,
        p.beta_network, p.network_cap, p.beta_amenity_man * p.share_infrastructure, p.village_amenity_gain,
        p.ent_outside, p.ent_gap_own_county, PRACTICE, LEAST_OPEN, p.mortgage_interest_year + p.home_upkeep_year,
        p.user_cost_floor_year, p.home_size_m2, p.down_payment_share, 1.0 - p.kin_help_share, 1.0 - p.resale_discount,
        p.rental_income_limit, p.pension_yuan_month, p.heating_extra_yuan_year, p.transit_service_gain,
        p.intercity_time_gain,
    )


def fixed_of(world: World) -> Fixed:
    """What does not change in a run, and room for what is kept from month to month."""
    places, shape = world.places, world.panels.dist_km.shape
    return Fixed(
        border_terms(world), practice_shares(world.p), EVERY, world.panels.dist_km, world.geography.minutes,
        places.relabel_order[: places.n], np.zeros((2, world.n_units)), np.zeros(shape, np.float32),
        np.zeros(shape[0], np.uint8),
        np.empty((N_SERVICES, 3, shape[1])), np.empty(shape[0]),
    )


def blank_tables(world: World) -> ChoiceTables:
    """ChoiceTables of which only what never changes is filled in."""
    places, markets = world.places, world.markets
    n, p, rows = markets.n, places.n, world.n_units + 1

    def by_market() -> np.ndarray:
        return np.zeros(n)

    def yes_or_no() -> np.ndarray:
        return np.zeros(n, np.uint8)

    return ChoiceTables(
        income=np.zeros((2, rows, n, 3)), base=np.zeros((rows, n, 3)), access=np.zeros((p, n)),
        minutes=np.zeros((p, n), np.float32), log_quality=np.zeros((N_SERVICES, n)),
        log_entitlement=np.zeros((N_SERVICES, rows, n)), amenity=by_market(), village=np.zeros(p), rent=by_market(),
        room=by_market(), rental_free=yes_or_no(), rental_discount=world.p.public_rental_discount,
        rental_limit=by_market(), dorm_free=yes_or_no(), homes_free=yes_or_no(), need_yuan=by_market(),
        owner_yuan=by_market(), resale_yuan=by_market(), place_unit=places.unit[:p], place_market=places.market[:p],
        place_kind=places.kind[:p], market_place=world.geography.market_place, market_unit=markets.unit[:n],
        market_kind=markets.kind[:n], market_ring=markets.ring[:n], transfer=np.zeros(rows), levy=np.zeros(rows),
        home_premium=np.zeros(rows), heating=np.zeros(rows), covered=np.zeros(p), service_gain=np.zeros(p),
        ev_share=np.zeros(rows),
    )


def border_terms(world: World) -> np.ndarray:
    """Penalties for leaving county, prefecture and province, float64[U + 1, M]."""
    p, markets = world.p, world.markets
    county, pref = p.beta_border_county, p.beta_border_county + p.beta_border_pref
    by_ring = np.array([0.0, county, pref, pref + p.beta_border_prov])
    term = np.tile(by_ring[markets.ring[: markets.n]], (world.n_units + 1, 1))
    term[markets.unit[: markets.n][None, :] == np.arange(world.n_units + 1)[:, None]] = 0.0
    term[world.n_units] = 0.0
    return term
