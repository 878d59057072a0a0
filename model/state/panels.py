"""State with more than one dimension: by market and skill, by service and market, by place and market."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

BUILD_QUEUE_MONTHS = 48


@dataclass(slots=True)
class Panels:
    """Arrays whose first axes are named in each comment; U units, P places, M markets.

    Everything here is replaced or updated in place by the phase named beside it.
    """

    dist_km: np.ndarray  # [P, M] float32, road distance from a place to a market; fixed
    minutes: np.ndarray  # [P, M] float32, one-way travel time, a new array each month; services
    xi: np.ndarray  # [U + 1, M, 3] float64, frozen constants by home unit (last row: outside) and whole, worker, child
    wage_yuan: np.ndarray  # [M, 3] float64, monthly wage by skill; firms
    network: np.ndarray  # [P, M] float32, co-villagers at a market per 100 villagers; beliefs
    belief_p: np.ndarray  # [U + 1, M] float64, believed chance of a job; beliefs
    belief_wage: np.ndarray  # [U + 1, M, 3] float64, believed wage; beliefs
    capacity: np.ndarray  # [6, M] float64, places (scaled to the run); services
    load: np.ndarray  # [6, M] float64, users (scaled to the run); services
    staff: np.ndarray  # [6, M] float64, users whom the staff can serve to standard (scaled to the run); services
    quality: np.ndarray  # [6, M] float64, what locals meet, 1 at the start; services
    queue: np.ndarray  # [2, 6, M] float64, what newcomers of the county and of elsewhere meet over that; services
    building: np.ndarray  # [48, M] int64, dwellings completed k months from now; housing

    def view_of_month(self) -> Panels:
        """A deep copy but for what no phase writes into: `SHARED` are fixed or replaced as a whole."""
        return Panels(**{k: getattr(self, k) if k in SHARED else getattr(self, k).copy() for k in KEYS})

    def see(self, view: Panels) -> None:
        """Bring an earlier `view_of_month` up to date in place."""
        for key in WRITTEN:
            getattr(view, key)[:] = getattr(self, key)
        for key in SHARED:
            setattr(view, key, getattr(self, key))

    def copy(self) -> Panels:
        """A deep copy."""
        return Panels(**{f.name: getattr(self, f.name).copy() for f in fields(self)})


KEYS: Final = tuple(f.name for f in fields(Panels))
SHARED: Final = frozenset({"dist_km", "minutes", "xi"})
WRITTEN: Final = tuple(key for key in KEYS if key not in SHARED)
