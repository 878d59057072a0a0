"""Public works of the start state: nothing built yet beyond practice, and the lines that fit each type of county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.public import FARM, LINES, PARKS, QUEUE_MONTHS, ROADS, TOURISM, VILLAGE
from model.phases.assessment import LAGS
from model.spec.codes import N_SERVICES

if TYPE_CHECKING:
    from model.state.world import World

TYPE_LINES: Final[Mapping[str, Mapping[int, float]]] = MappingProxyType({
    "city-integrated": {ROADS: 0.7, PARKS: 0.3},
    "specialised": {PARKS: 1.0},
    "culture-tourism": {TOURISM: 0.8, VILLAGE: 0.2},
    "agricultural": {FARM: 0.8, VILLAGE: 0.2},
    "ecological": {VILLAGE: 0.5, TOURISM: 0.3, FARM: 0.2},
})
"""Functional type of a county -> lines of works that fit it (our reading); districts of the core have no type."""


def type_lines(types: Sequence[str]) -> np.ndarray:
    """Lines that fit each county, float64[U, LINES]; rows sum to 1, or to 0 where the type is not among those above."""
    out = np.zeros((len(types), LINES))
    for unit, kind in enumerate(types):
        for line, part in TYPE_LINES.get(kind, {}).items():
            out[unit, line] = part
    return out


def start_works(world: World) -> None:
    """Accounts of public works before anything was built: what phases read of them is neutral."""
    a, units = world.accounts, world.n_units
    for key in ("works_tourism_yuan", "works_posts", "works_villages", "works_farm_yuan", "works_roads_yuan",
                "reward_homes"):
        a[key] = np.zeros(units)
    a["works_places"], a["works_amenity"] = np.zeros((N_SERVICES, units, 3)), np.zeros((units, 3))
    a["works_travel"], a["asset_condition"] = np.ones(units), np.ones(units)
    a["upkeep_paid"] = np.ones(units)
    a["farm_income_start_yuan"] = np.zeros(units)
    a["works_queue"] = np.zeros((QUEUE_MONTHS, units, LINES))
    a["type_lines"] = type_lines(world.prefecture.functional_types)
    a["lagging_lines"], a["lags"] = np.zeros((units, LINES)), np.full((units, LAGS), 1.0 / LAGS)
