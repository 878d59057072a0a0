"""Effects of the levers on public budgets."""

from __future__ import annotations

from typing import Final

from model.effects.common import Effect, change, yuan

EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("county_transfer", "county_transfer_flow_yuan", yuan),
    ("citizenisation_transfer", "award_yuan_per_convert", change),
    ("debt_ceiling", "debt_ceiling", change),
    ("special_bond_funding", "bond_flow_yuan", yuan),
    ("performance_reward", "reward_flow_yuan", yuan),
)
