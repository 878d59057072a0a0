"""An engine that lives nothing: what is left is the cost of handing members out and keeping their parts."""

from __future__ import annotations

from functools import cache

import numpy as np

from model.inputs import ModelInput
from model.results import Results
from model.spec.registry import REGISTRY
from model.world.constants import market_keys
from model.world.tables import load_prefecture


def simulate(made: ModelInput, *, checked: bool = False) -> Results:
    """Numbers of the right shapes, the same for every member but one."""
    results = _some(made.prefecture, made.start_ordinal, made.n_months)
    next(iter(results.indicators.values()))[0, 0] = made.seed
    return results


@cache
def _some(prefecture: str, start: int, n: int) -> Results:
    place = load_prefecture(prefecture)
    months = tuple(f"{(start + t) // 12}-{(start + t) % 12 + 1:02d}" for t in range(n))
    years, markets, levers = sorted({month[:4] for month in months}), market_keys(place), tuple(REGISTRY.levers)
    dice = np.random.default_rng(1)
    keys = [key for key, declared in REGISTRY.indicators.items() if declared.dims == ("month", "place")]
    return Results(
        months, (*place.units, "city"), markets, tuple(years),
        {key: dice.normal(size=(n, place.n_units + 1)) for key in keys},
        dice.poisson(0.5, (len(years), len(markets), len(markets))).astype(float), levers,
        *np.zeros((2, len(years), len(levers), place.n_units)),
    )
