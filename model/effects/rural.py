"""Effects of the levers on villages and household income."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import CostBase, Delivered, Effect, Quantities, arriving, monthly, stock_ratio, yuan
from model.spec.params import Params


def sanitation(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.village_sanitation_weight


def stores(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.village_store_weight


def farm_premium(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Rise of farm income with the stock of processing and brands at constant elasticity."""
    return stock_ratio(d, p) ** p.agri_income_elast - 1.0


def brand_premium(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Rise of farm income with the price of what is sold under a brand."""
    return p.brand_income_pass * d.level


def dividend(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Yuan a member and month beyond practice."""
    return p.collective_dividend_yuan_year / 12.0 * d.level


def extension(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Rise of the output of farm work at full adoption, as far as transfer goes."""
    return p.extension_gain * d.level


def recipients(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] * p.topup_recipient_share


def rural_households(p: Params, q: Quantities) -> np.ndarray:
    return q["rural_population"] / p.rural_household_size


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("social_protection_topup", "social_topup_yuan_month", monthly),
    ("agri_processing_investment", "farm_income_premium", farm_premium),
    ("hemei_villages", "village_quality_flow", arriving),
    ("village_sanitation", "village_quality_flow", sanitation),
    ("rural_retail_support", "village_quality_flow", stores),
    ("clean_heating_subsidy", "heating_subsidy_yuan_month", monthly),
    ("rural_capital_inflow", "rural_capital_flow_yuan", yuan),
    ("agri_brand_premium", "farm_income_premium", brand_premium),
    ("collective_coop_strength", "collective_dividend_yuan_month", dividend),
    ("agri_rnd_transfer", "farm_productivity", extension),
)
COST_BASE: Final[dict[str, CostBase]] = {
    "social_protection_topup": recipients,
    "clean_heating_subsidy": rural_households,
}
PAID_TO_HOUSEHOLDS: Final = frozenset({"clean_heating_subsidy", "social_protection_topup"})
