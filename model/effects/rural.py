"""Effects of the levers on villages and household income."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import (
    CostBase,
    Effect,
    Form,
    Quantities,
    Term,
    arriving,
    change,
    effect,
    monthly,
    start_stock,
    yuan,
)
from model.spec.params import Params


@effect(Form.MONTH)
def sanitation(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    return p.village_sanitation_weight


@effect(Form.MONTH)
def stores(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    return p.village_store_weight


@effect(Form.STOCK)
def farm_premium(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Rise of farm income with the stock of processing and brands at constant elasticity."""
    return start_stock(p, practice), p.agri_income_elast


@effect(Form.SATURATING)
def converted(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Share of rural households who change to clean heating in answer to the subsidy; it saturates."""
    return p.heating_room, p.heating_half_yuan_year


@effect(Form.LEVEL)
def land_by_plan(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Village land that plans let go to building land, ha a year: without a plan none is converted."""
    return p.plan_land_ha_village * village_count(p, q)


@effect(Form.LEVEL)
def brand_premium(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Rise of farm income with the price of what is sold under a brand."""
    return p.brand_income_pass


@effect(Form.LEVEL)
def dividend(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Yuan a member and month beyond practice."""
    return p.collective_dividend_yuan_year / 12.0


@effect(Form.LEVEL)
def extension(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Rise of the output of farm work at full adoption, as far as transfer goes."""
    return p.extension_gain


def recipients(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] * p.topup_recipient_share


def rural_residents(p: Params, q: Quantities) -> np.ndarray:
    return q["rural_population"]


def village_count(p: Params, q: Quantities) -> np.ndarray:
    return q["rural_population"] / p.residents_per_village


def rural_households(p: Params, q: Quantities) -> np.ndarray:
    return q["rural_population"] / p.rural_household_size


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("social_protection_topup", "social_topup_yuan_month", monthly),
    ("agri_processing_investment", "farm_income_premium", farm_premium),
    ("hemei_villages", "village_quality_flow", arriving),
    ("village_sanitation", "village_quality_flow", sanitation),
    ("rural_retail_support", "village_quality_flow", stores),
    ("village_plan_coverage", "village_plan", change),
    ("village_plan_coverage", "construction_land_ha_year", land_by_plan),
    ("village_governance", "village_governance", change),
    ("water_integration", "water_integration", change),
    ("clean_heating_subsidy", "heating_subsidy_yuan_month", monthly),
    ("clean_heating_subsidy", "clean_heating", converted),
    ("rural_capital_inflow", "rural_capital_flow_yuan", yuan),
    ("agri_brand_premium", "farm_income_premium", brand_premium),
    ("collective_coop_strength", "collective_dividend_yuan_month", dividend),
    ("agri_rnd_transfer", "farm_productivity", extension),
)
COST_BASE: Final[dict[str, CostBase]] = {
    "social_protection_topup": recipients,
    "clean_heating_subsidy": rural_households,
    "village_plan_coverage": village_count,
    "water_integration": rural_residents,
}
PAID_TO_HOUSEHOLDS: Final = frozenset({"clean_heating_subsidy", "social_protection_topup"})
