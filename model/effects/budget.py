"""Effects of the levers on public budgets and on how measures are carried out."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Effect, Form, Quantities, Term, change, effect, yuan
from model.spec.params import Params


@effect(Form.ODDS)
def odds_of_delivery(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Rise of the odds of delivery over those of practice, from the share delivered on time."""
    return 1.0


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("county_transfer", "county_transfer_flow_yuan", yuan),
    ("citizenisation_transfer", "award_yuan_per_convert", change),
    ("debt_ceiling", "debt_ceiling", change),
    ("special_bond_funding", "bond_flow_yuan", yuan),
    ("performance_reward", "reward_flow_yuan", yuan),
    ("citizenisation_housing_share", "award_housing_share", change),
    ("maintenance_funding_share", "maintenance_share", change),
    ("private_capital_share", "private_share", change),
    ("asset_recycling", "recycling_flow_yuan", yuan),
    ("platform_equity_injection", "platform_flow_yuan", yuan),
    ("county_type_targeting", "type_weight", change),
    ("investment_targeting", "deficit_weight", change),
    ("township_empowerment", "township_power", change),
    ("policy_feedback", "feedback_strength", change),
    ("delivery_capacity", "delivery_odds", odds_of_delivery),
    ("pilot_lead", "pilot_lead_years", change),
)
CARRIES: Final = frozenset({"delivery_capacity", "pilot_lead"})
"""Levers whose states tell how all others are carried out: they are delivered first."""
