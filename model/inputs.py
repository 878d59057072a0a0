"""What a run receives: arrays over months and units. No file format and no calendar in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """One future to live.

    levers: key -> float64[n_months, n_units], the value each county has set (as announced).
    drivers: key -> float64[n_months], what comes from outside (wages, demand, prices).
    params: key -> float, every declared parameter.
    start_ordinal: year * 12 + (month - 1) of month 0.
    scale: share of the population that is simulated, in (0, 1].
    """

    prefecture: str
    start_ordinal: int
    n_months: int
    scale: float
    seed: int
    levers: Mapping[str, np.ndarray]
    drivers: Mapping[str, np.ndarray]
    params: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Month:
    """The clock a phase sees: its index and the month of the year, for seasons only."""

    index: int
    of_year: int
    is_year_end: bool
