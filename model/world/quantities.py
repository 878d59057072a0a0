"""Counts by unit at the start, by which totals of the prefecture are shared out.

Scenarios and channels must divide by the very same numbers, so that practice is practice to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from model.world.census import AGE_STARTS

if TYPE_CHECKING:
    from model.spec.types import Lever
    from model.world.prefecture import Prefecture


def unit_quantities(prefecture: Prefecture) -> dict[str, np.ndarray]:
    """Every quantity of `model.spec.states.QUANTITIES` as a count by unit, float64[n_units].

    From the census of the reference month, where every run starts.
    """
    return counts_by_unit(prefecture.start_census)


def counts_by_unit(census: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same from the margins of a census."""
    ages = np.asarray(AGE_STARTS)
    people = census["age_sex"].sum(axis=2)
    return {
        "resident_population": np.asarray(census["residents"], dtype=np.float64),
        "urban_population": np.asarray(census["urban"], dtype=np.float64),
        "rural_population": np.asarray(census["rural"], dtype=np.float64),
        "children": people[:, ages < 15].sum(axis=1, dtype=np.float64),
        "elderly": people[:, ages >= 60].sum(axis=1, dtype=np.float64),
    }


def unit_practice(
    lever: Lever, quantities: Mapping[str, np.ndarray], n_units: int, size: float = 1.0
) -> np.ndarray:
    """Current practice of a lever by unit, float64[U].

    A lever with `apportion` is a total of the prefecture: each unit's practice is its share of that
    quantity, times `size`, that of the prefecture. Scenarios must use this same function, so that practice
    is practice to the last bit.
    """
    if lever.apportion is None:
        return np.full(n_units, lever.practice)
    amounts = np.asarray(quantities[lever.apportion], dtype=np.float64)
    return size * lever.practice * (amounts / amounts.sum())
