"""The units of a prefecture as a scenario sees them: columns to choose by, practice and shares of each lever."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.spec.types import Lever
from model.world.quantities import unit_practice, unit_quantities
from model.world.tables import Prefecture, load_prefecture
from scenarios.schedule import Setting
from scenarios.select import columns, select


@dataclass(frozen=True, slots=True)
class Ground:
    """One prefecture at the start of a run, ready for selectors and schedules."""

    prefecture: Prefecture
    table: dict[str, np.ndarray]
    quantities: dict[str, np.ndarray]

    def practice(self, lever: Lever) -> np.ndarray:
        """float64[n_units], what each unit does now; of a total, its share. The channels use the same function."""
        return unit_practice(lever, self.quantities, self.prefecture.n_units, self.prefecture.size)

    def share(self, lever: Lever) -> np.ndarray | None:
        """float64[n_units] that sums to 1 for a lever that is a total of the prefecture, else None."""
        if lever.apportion is None:
            return None
        amounts = self.quantities[lever.apportion]
        return amounts / amounts.sum()

    def mask(self, setting: Setting) -> np.ndarray:
        """bool[n_units], the places of a setting. Raises SelectorError."""
        if setting.where is None:
            return np.ones(self.prefecture.n_units, dtype=bool)
        return select(setting.where, self.table)


def ground_of(prefecture: Prefecture) -> Ground:
    """The ground of a loaded prefecture."""
    quantities = unit_quantities(prefecture)
    return Ground(prefecture, columns(prefecture, quantities), quantities)


@lru_cache(maxsize=4)
def load_ground(key: str) -> Ground:
    """The ground of a prefecture by its key. Raises DataError of `model.world.tables`."""
    return ground_of(load_prefecture(key))
