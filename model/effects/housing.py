"""Effects of the levers on homes and land."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Effect, Form, Quantities, Term, arriving, change, effect
from model.spec.params import Params


@effect(Form.LEVEL)
def assurance(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Certified rights take a part of the fear of losing land on conversion."""
    return -p.homestead_assurance_gain


@effect(Form.LEVEL)
def shorter_trips(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Homes, work and services that share land are nearer to each other."""
    return -p.mixed_trip_cut


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("rental_housing_units", "public_rental_flow", arriving),
    ("dormitory_beds", "dorm_beds_flow", arriving),
    ("renewal_dwellings", "renewal_flow", arriving),
    ("renewal_keep_share", "renewal_keep", change),
    ("informal_rental_enforcement", "rental_enforcement", change),
    ("building_cost_uplift", "building_cost_uplift", change),
    ("parking_ratio", "parking_ratio", change),
    ("relocation_households", "relocation_flow", arriving),
    ("relocation_integration", "relocation_links", change),
    ("construction_land_quota", "construction_land_ha_year", change),
    ("farmland_red_line", "farmland_floor_ha", change),
    ("ecological_red_line", "ecological_exclusion", change),
    ("density_cap", "density_cap", change),
    ("stock_land_reuse", "stock_land_share", change),
    ("mixed_land_use", "mixed_use", change),
    ("mixed_land_use", "travel_time_factor", shorter_trips),
    ("collective_land_market", "collective_land", change),
    ("land_quota_trade_share", "land_quota_trade_share", change),
    ("homestead_reform", "homestead_strength", change),
    ("homestead_reform", "land_assurance", assurance),
)
