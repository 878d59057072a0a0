"""Effects of the levers on public services."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import CostBase, Delivered, Effect, Quantities, arriving, change, yuan
from model.spec.params import Params


def per_thousand_residents(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Places that arrive this month when the level per 1,000 residents rises."""
    return d.step * q["resident_population"] / 1000.0


def elder_beds(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    return d.month * p.elder_beds_per_facility


def per_thousand(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] / 1000.0


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("school_seats", "school_seats_flow", arriving),
    ("public_preschool_seats", "kindergarten_seats_flow", arriving),
    ("childcare_places", "childcare_places_flow", per_thousand_residents),
    ("elder_care_facilities", "elder_beds_flow", elder_beds),
    ("county_hospital_level", "hospital_level", change),
    ("teacher_rotation", "teacher_rotation", change),
    ("township_health_standard", "township_health", change),
    ("culture_sport_spend", "culture_flow_yuan", yuan),
)
COST_BASE: Final[dict[str, CostBase]] = {
    "childcare_places": per_thousand,
}
