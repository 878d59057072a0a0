"""Effects of the levers on infrastructure and travel."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Effect, Form, Quantities, Term, change, effect, start_stock, yuan
from model.spec.params import Params, delivered_share


@effect(Form.STOCK)
def travel_time(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Fall of travel time with the stock of roads at constant elasticity."""
    return start_stock(p, practice), -p.road_time_elast


@effect(Form.LEVEL)
def opening_year(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """The announced change of the date: what is not carried out is missing from the works, not from the date."""
    share = delivered_share(p, "intercity_link_date")
    return (1.0, share) if share > 0.0 else (0.0, 1.0)


@effect(Form.ANY)
def works_share(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Share of the named works that is carried out where a date was set."""
    return delivered_share(p, "intercity_link_date")


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("utility_investment", "utility_flow_yuan", yuan),
    ("logistics_cost_cut", "logistics_cut", change),
    ("road_investment", "travel_time_factor", travel_time),
    ("transit_coverage", "transit_share", change),
    ("charging_ratio", "charging_ratio", change),
    ("intercity_link_date", "intercity_open_year", opening_year),
    ("intercity_link_date", "intercity_works_share", works_share),
)
