"""Effects of the levers on infrastructure and travel."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Delivered, Effect, Quantities, change, stock_ratio, yuan
from model.spec.params import Params


def travel_time(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Fall of travel time with the stock of roads at constant elasticity."""
    return stock_ratio(d, p) ** -p.road_time_elast - 1.0


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("utility_investment", "utility_flow_yuan", yuan),
    ("logistics_cost_cut", "logistics_cut", change),
    ("road_investment", "travel_time_factor", travel_time),
)
