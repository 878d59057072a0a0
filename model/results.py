"""What a run leaves: indicators by month and place; moves between places and delivered programmes by year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Results:
    """Arrays and their labels; nothing else crosses a process border.

    indicators: key -> float64[n_months, n_places], the last place being the whole prefecture.
    moves: int64-valued float64[n_years, M, M] residents who moved from row to column market, at full scale.
    delivered: float64[n_years, n_levers, n_units] what each lever has brought beyond practice by the last month of
    the year (for a yearly amount the sum of all years, else the change in force).
    level: float64[n_years, n_levers, n_units] what is in force in that month, practice included.
    """

    months: tuple[str, ...]
    places: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[str, ...]
    indicators: dict[str, np.ndarray]
    moves: np.ndarray
    levers: tuple[str, ...]
    delivered: np.ndarray
    level: np.ndarray

    def digest(self) -> str:
        """SHA-256, which processors compute, over every byte in declared order; 32 digits of it."""
        h = hashlib.sha256()
        for text in (self.months, self.places, self.markets, self.years, self.levers):
            h.update("\n".join(text).encode())
        for key in sorted(self.indicators):
            h.update(key.encode())
            h.update(np.ascontiguousarray(self.indicators[key]).data)
        for array in (self.moves, self.delivered, self.level):
            h.update(np.ascontiguousarray(array).data)
        return h.hexdigest()[:32]
