"""How each delivered lever moves its channel states: one row per lever and state, and nothing else.

A row adds its value to the state's practice. Every function returns exactly 0.0 where nothing was
delivered. No row can reach a utility constant, a hazard or an indicator: it returns one number per unit,
and `model.channels` adds it to the named state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.spec.params import Params

MILLION: Final = 1e6
LEAST_STOCK: Final = 0.1
"""Least share of the starting stock that is left when spending is cut for years."""


@dataclass(slots=True)
class Delivered:
    """What one lever has delivered, float64[U], as changes from practice in the lever's unit.

    level: the change in force this month (a level), or this month's change of a yearly flow as a yearly rate.
    step: by how much `level` rose this month (levels only, else 0).
    month: what is delivered this month (flows only: level / 12, else 0).
    stock: all that was delivered so far (levels: `level`).
    practice: current practice by unit.
    """

    level: np.ndarray
    step: np.ndarray
    month: np.ndarray
    stock: np.ndarray
    practice: np.ndarray


type Quantities = Mapping[str, np.ndarray]
type Effect = Callable[[Delivered, Params, Quantities], np.ndarray]


def _level(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """The change itself."""
    return d.level


def _month(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """What arrives this month, in the lever's own things."""
    return d.month


def _yuan(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Yuan this month, from a lever in million yuan a year."""
    return d.month * MILLION


def _per_month(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """A yearly amount per head as a monthly one."""
    return d.level / 12.0


def _per_thousand_residents(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Places that arrive this month when the level per 1,000 residents rises."""
    return d.step * q["resident_population"] / 1000.0


def _elder_beds(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.elder_beds_per_facility


def _sanitation(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.village_sanitation_weight


def _stores(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.village_store_weight


def _planned_jobs(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Posts planned this month in answer to the support per post."""
    return p.job_support_response * d.level / 10_000.0 * q["urban_population"] / 1000.0 / 12.0


def _returnee_firms(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Firms added this month in answer to the grant."""
    return p.returnee_response * d.level / 10_000.0 * q["resident_population"] / 10_000.0 / 12.0


def _stock_ratio(d: Delivered, p: Params) -> np.ndarray:
    """Stock so far over the stock at the start, 1 at practice; units with no practice stay at 1."""
    start = d.practice * p.public_stock_years
    added = np.divide(d.stock, start, out=np.zeros_like(d.stock), where=start > 0.0)
    return np.maximum(1.0 + added, LEAST_STOCK)


def _travel_time(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Fall of travel time with the stock of roads at constant elasticity."""
    return _stock_ratio(d, p) ** -p.road_time_elast - 1.0


def _farm_premium(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Rise of farm income with the stock of processing and brands at constant elasticity."""
    return _stock_ratio(d, p) ** p.agri_income_elast - 1.0


def _insurance(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Closes the same share of the gap to 1 as the lever does, from the drawn start insurance_base."""
    up = d.level * (1.0 - p.insurance_base) / (1.0 - d.practice)
    down = d.level * p.insurance_base / d.practice
    return np.where(d.level > 0.0, up, down)


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("hukou_entry_limit", "entry_limit", _level),
    ("hukou_rent_route", "rent_parity", _level),
    ("hukou_habitual_residence", "habitual_share", _level),
    ("admin_transaction_cost", "admin_delay", _level),
    ("information_reach", "awareness_speed", _level),
    ("service_entitlement_parity", "entitlement", _level),
    ("school_seats", "school_seats_flow", _month),
    ("public_preschool_seats", "kindergarten_seats_flow", _month),
    ("childcare_places", "childcare_places_flow", _per_thousand_residents),
    ("elder_care_facilities", "elder_beds_flow", _elder_beds),
    ("county_hospital_level", "hospital_level", _level),
    ("teacher_rotation", "teacher_rotation", _level),
    ("township_health_standard", "township_health", _level),
    ("culture_sport_spend", "culture_flow_yuan", _yuan),
    ("rental_housing_units", "public_rental_flow", _month),
    ("dormitory_beds", "dorm_beds_flow", _month),
    ("renewal_dwellings", "renewal_flow", _month),
    ("construction_land_quota", "construction_land_ha_year", _level),
    ("land_quota_trade_share", "land_quota_trade_share", _level),
    ("homestead_reform", "homestead_strength", _level),
    ("utility_investment", "utility_flow_yuan", _yuan),
    ("logistics_cost_cut", "logistics_cut", _level),
    ("road_investment", "travel_time_factor", _travel_time),
    ("labour_intensive_job_support", "planned_jobs_flow", _planned_jobs),
    ("tourism_investment", "tourism_flow_yuan", _yuan),
    ("returnee_grant", "returnee_firms_flow", _returnee_firms),
    ("social_insurance_compliance", "insurance_compliance", _insurance),
    ("job_matching", "match_coverage", _level),
    ("training_places", "training_flow", _month),
    ("social_protection_topup", "social_topup_yuan_month", _per_month),
    ("agri_processing_investment", "farm_income_premium", _farm_premium),
    ("retail_investment", "retail_flow_yuan", _yuan),
    ("hemei_villages", "village_quality_flow", _month),
    ("village_sanitation", "village_quality_flow", _sanitation),
    ("rural_retail_support", "village_quality_flow", _stores),
    ("clean_heating_subsidy", "heating_subsidy_yuan_month", _per_month),
    ("county_transfer", "county_transfer_flow_yuan", _yuan),
    ("citizenisation_transfer", "award_yuan_per_convert", _level),
    ("debt_ceiling", "debt_ceiling", _level),
    ("special_bond_funding", "bond_flow_yuan", _yuan),
    ("performance_reward", "reward_flow_yuan", _yuan),
)
"""(lever, state, effect), in the order in which they are applied."""


def _per_thousand(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] / 1000.0


def _recipients(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] * p.topup_recipient_share


def _rural_households(p: Params, q: Quantities) -> np.ndarray:
    return q["rural_population"] / p.rural_household_size


COST_BASE: Final[dict[str, Callable[[Params, Quantities], np.ndarray]]] = {
    "childcare_places": _per_thousand,
    "social_protection_topup": _recipients,
    "clean_heating_subsidy": _rural_households,
}
"""Heads by which the unit cost of a lever per head is multiplied; other levels cost per county."""

PAID_PER_RESULT: Final[dict[str, str]] = {
    "labour_intensive_job_support": "planned_jobs_flow",
    "returnee_grant": "returnee_firms_flow",
}
"""Levers whose value is itself yuan per thing: cost is the amount in force times the things of the month."""

PAID_TO_HOUSEHOLDS: Final = frozenset({"social_protection_topup", "clean_heating_subsidy"})
PAID_TO_FIRMS: Final = frozenset({"labour_intensive_job_support", "returnee_grant"})
