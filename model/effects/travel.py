"""Effects of the levers on infrastructure and travel."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Delivered, Effect, Quantities, change, stock_ratio, yuan
from model.spec.params import Params, delivered_share


def travel_time(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Fall of travel time with the stock of roads at constant elasticity."""
    return stock_ratio(d, p) ** -p.road_time_elast - 1.0


def opening_year(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """The announced change of the date: what is not carried out is missing from the works, not from the date."""
    share = delivered_share(p, "intercity_link_date")
    return d.level / share if share > 0.0 else np.zeros(d.level.size)


def works_share(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Share of the named works that is carried out where a date was set."""
    return delivered_share(p, "intercity_link_date") * (d.level != 0.0)


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("utility_investment", "utility_flow_yuan", yuan),
    ("logistics_cost_cut", "logistics_cut", change),
    ("road_investment", "travel_time_factor", travel_time),
    ("transit_coverage", "transit_share", change),
    ("charging_ratio", "charging_ratio", change),
    ("intercity_link_date", "intercity_open_year", opening_year),
    ("intercity_link_date", "intercity_works_share", works_share),
)
