"""The resident medical and pension scheme beyond practice: contributions, who leaves, and later benefits (E22).

What is paid and drawn at practice stands in published incomes; only changes from it pass through the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.state.world import World


def start_resident_insurance(world: World) -> None:
    """accounts: contribution_start float64[U] yuan/year, resident_benefit float64[U] yuan/month (starts at 0)."""
    world.accounts["contribution_start"] = np.array(world.channels.resident_contribution_yuan_year)
    world.accounts["resident_benefit"] = np.zeros(world.n_units)
