"""How each delivered lever moves its channel states: one row per lever and state, and nothing else.

A row adds its value to the state's practice, exactly 0.0 where nothing was delivered. No row can reach a utility
constant, a hazard or an indicator: it is one number per unit, and `model.channels` adds it to the named state.
"""

from __future__ import annotations

from typing import Any, Final

from model.effects import budget, housing, jobs, rural, services, settlement, travel
from model.effects.budget import CARRIES
from model.effects.common import CostBase, Effect, Quantities

__all__ = [
    "CARRIES", "COST_BASE", "EFFECTS", "PAID_PER_RESULT", "PAID_TO_FIRMS", "PAID_TO_HOUSEHOLDS", "Effect",
    "Quantities",
]

_ROOMS: Final = (settlement, services, housing, travel, jobs, rural, budget)

EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = tuple(row for room in _ROOMS for row in room.EFFECTS)
"""(lever, state, effect), in the order in which they are applied."""


def _together(name: str) -> dict[str, Any]:
    return {key: value for room in _ROOMS for key, value in getattr(room, name, {}).items()}


def _all(name: str) -> frozenset[str]:
    return frozenset(key for room in _ROOMS for key in getattr(room, name, ()))


COST_BASE: Final[dict[str, CostBase]] = _together("COST_BASE")
"""Heads by which the unit cost of a lever per head is multiplied; other levels cost per county."""

PAID_PER_RESULT: Final[dict[str, str]] = _together("PAID_PER_RESULT")
"""Levers whose value is itself yuan per thing: cost is the amount in force times the things of the month."""

PAID_TO_HOUSEHOLDS: Final = _all("PAID_TO_HOUSEHOLDS")
"""Levers whose cost households receive."""

PAID_TO_FIRMS: Final = _all("PAID_TO_FIRMS")
"""Levers whose cost firms receive as support."""
