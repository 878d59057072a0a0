"""Effects of the levers on public services and on the systems of towns."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import (
    MILLION,
    CostBase,
    Effect,
    Form,
    Quantities,
    Term,
    arriving,
    change,
    effect,
    stock_added,
    yuan,
)
from model.spec.params import Params

LIFELINE_THRESHOLD: Final = 100_000.0
"""Residents in town from which surveys and sensors of lifelines are a duty (in the plan)."""


@effect(Form.STEP)
def per_thousand_residents(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Places that arrive this month when the level per 1,000 residents rises."""
    return q["resident_population"], 1000.0


@effect(Form.MONTH)
def elder_beds(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    return p.elder_beds_per_facility


def per_thousand(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] / 1000.0


@effect(Form.LEVEL)
def park_land(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Land taken from homes by parks, ha a year."""
    return -p.park_land_ha_million


@effect(Form.LEVEL)
def flood_land(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Land kept free of homes for water and hazard sites, ha a year."""
    return -p.hazard_land_ha_million


@effect(Form.MONTH)
def visits(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """The part of spending on ecology that works as spending on tourism, yuan this month."""
    return p.ecology_tourism_share * MILLION


@effect(Form.LEVEL)
def fewer_trips(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Change of time and trips per registration."""
    return -p.smart_delay_cut


def rural_staff(p: Params, q: Quantities) -> np.ndarray:
    """Village teachers and doctors who would get the premium."""
    return q["rural_population"] * p.rural_staff_per_1000 / 1000.0


def town_dwellings(p: Params, q: Quantities) -> np.ndarray:
    return q["urban_population"] / p.rural_household_size


def platforms(p: Params, q: Quantities) -> np.ndarray:
    """One platform a county, and lifeline sensors where more than 100,000 live in town."""
    return 1.0 + p.lifeline_cost_share * (q["urban_population"] >= LIFELINE_THRESHOLD)


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("school_seats", "school_seats_flow", arriving),
    ("public_preschool_seats", "kindergarten_seats_flow", arriving),
    ("childcare_places", "childcare_places_flow", per_thousand_residents),
    ("elder_care_facilities", "elder_beds_flow", elder_beds),
    ("county_hospital_level", "hospital_level", change),
    ("teacher_rotation", "teacher_rotation", change),
    ("teacher_retention", "teacher_retention", change),
    ("rural_teacher_pay_premium", "rural_pay_premium", change),
    ("rural_talent_posts", "rural_posts_flow", arriving),
    ("township_health_standard", "township_health", change),
    ("culture_sport_spend", "culture_flow_yuan", yuan),
    ("community_facility_standard", "community_facility", change),
    ("public_space_spend", "public_space_flow", stock_added),
    ("public_space_spend", "construction_land_ha_year", park_land),
    ("hazard_investment", "hazard_flow", stock_added),
    ("hazard_investment", "construction_land_ha_year", flood_land),
    ("ecological_spend", "ecology_flow", stock_added),
    ("ecological_spend", "tourism_flow_yuan", visits),
    ("smart_platform", "smart_coverage", change),
    ("smart_platform", "admin_delay", fewer_trips),
)
COST_BASE: Final[dict[str, CostBase]] = {
    "childcare_places": per_thousand,
    "rural_teacher_pay_premium": rural_staff,
    "community_facility_standard": town_dwellings,
    "smart_platform": platforms,
}
