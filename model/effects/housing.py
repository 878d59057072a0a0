"""Effects of the levers on homes and land."""

from __future__ import annotations

from typing import Final

from model.effects.common import Effect, arriving, change

EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("rental_housing_units", "public_rental_flow", arriving),
    ("dormitory_beds", "dorm_beds_flow", arriving),
    ("renewal_dwellings", "renewal_flow", arriving),
    ("construction_land_quota", "construction_land_ha_year", change),
    ("land_quota_trade_share", "land_quota_trade_share", change),
    ("homestead_reform", "homestead_strength", change),
)
