"""From a scenario to what a run receives: every lever as an array of months and units, no calendar in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from model.inputs import ModelInput
from model.spec.registry import REGISTRY
from scenarios.places import Ground, ground_of
from scenarios.schedule import path_of

if TYPE_CHECKING:
    from model.world.tables import Prefecture
    from scenarios.api import Scenario


def compile_scenario(
    scenario: Scenario,
    prefecture: Prefecture,
    scale: float | None = None,
    seed: int | None = None,
    params: Mapping[str, float] | None = None,
) -> ModelInput:
    """One future of a scenario as arrays.

    scale, seed: those of the run; by default the scenario's scale and first seed. params: drawn values; what the
    scenario sets itself is stronger. Raises UnknownKey for a parameter that is not declared, ValueError for a scale
    that is still to be chosen.
    """
    share = scenario.scale if scale is None else scale
    if isinstance(share, str):
        raise ValueError(f"the scale {share} is chosen by the run, see runs.scale")
    start, n_months = scenario.start_ordinal, scenario.n_months
    return ModelInput(
        prefecture=prefecture.key,
        start_ordinal=start,
        n_months=n_months,
        scale=share,
        seed=scenario.seeds.first if seed is None else seed,
        levers=_frozen(lever_paths(scenario, ground_of(prefecture))),
        drivers=_frozen(prefecture.drivers(scenario.future, range(start, start + n_months), base=start)),
        params=params_of(scenario, params or {}),
    )


def params_of(scenario: Scenario, drawn: Mapping[str, float]) -> dict[str, float]:
    """Every parameter: what the scenario sets, else what is drawn, else the declared value."""
    values = REGISTRY.param_values({**drawn, **scenario.params})
    return {key: values[key] for key in REGISTRY.params}


def lever_paths(scenario: Scenario, ground: Ground) -> dict[str, np.ndarray]:
    """Lever -> float64[n_months, n_units]: current practice where nothing is set."""
    paths = {}
    for key, lever in REGISTRY.levers.items():
        settings = scenario.levers.get(key, ())
        masks = [ground.mask(setting) for setting in settings]
        practice, share = ground.practice(lever), ground.share(lever)
        path = path_of(settings, practice, masks, share, scenario.start_ordinal, scenario.n_months)
        paths[key] = np.floor(path + 1e-9) if lever.integer else path
    return paths


def _frozen(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    for array in arrays.values():
        array.setflags(write=False)
    return dict(arrays)
