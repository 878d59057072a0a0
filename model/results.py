"""What a run leaves: declared indicators by month and place, and flows between places by year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Results:
    """Arrays and their labels; nothing else crosses a process border.

    indicators: key -> float64[n_months, n_places], the last place being the whole prefecture.
    moves: int64-valued float64[n_years, M, M] residents who moved from row to column market, at full scale.
    """

    months: tuple[str, ...]
    places: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[str, ...]
    indicators: dict[str, np.ndarray]
    moves: np.ndarray

    def digest(self) -> str:
        """BLAKE2b over every byte, in declared order."""
        h = hashlib.blake2b(digest_size=16)
        for text in (self.months, self.places, self.markets, self.years):
            h.update("\n".join(text).encode())
        for key in sorted(self.indicators):
            h.update(key.encode())
            h.update(np.ascontiguousarray(self.indicators[key]).tobytes())
        h.update(np.ascontiguousarray(self.moves).tobytes())
        return h.hexdigest()
