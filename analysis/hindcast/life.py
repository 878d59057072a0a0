"""One member of a hindcast, lived by a worker: the usual indicators at year ends, and a census at both ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.hindcast.cells import MARGINS, SIGN
from analysis.population_report import counts
from model.recorder import Recorder
from model.simulate import live_month, warm_up
from model.world.population import Population
from model.world.start import start_world

if TYPE_CHECKING:
    from model.inputs import ModelInput
    from model.results import Results
    from model.state.world import World

__all__ = ["simulate", "warm_up"]


def simulate(model_input: ModelInput, *, checked: bool = False) -> Results:
    """Live every month; months of the results are the first, the Decembers and the last.

    Beside the declared indicators there is census_MARGIN_CELL for each cell of `MARGINS`: counts at full scale (or the
    share) at the start and at the end, NaN in between.
    """
    world = start_world(model_input)
    recorder = Recorder(world)
    first = census(world, 0)
    for index in range(model_input.n_months):
        live_month(world, recorder, index, checked=checked)
    last = census(world, model_input.n_months)
    whole = recorder.results(world)
    kept = [t for t, m in enumerate(whole.months) if m.endswith("-12") or t in (0, len(whole.months) - 1)]
    counted = {key: np.full((len(kept), world.n_units + 1), np.nan) for key in first}
    for key, row in counted.items():
        row[0], row[-1] = first[key], last[key]
    indicators = {key: np.ascontiguousarray(values[kept]) for key, values in whole.indicators.items()}
    return replace(whole, months=tuple(whole.months[t] for t in kept), indicators={**indicators, **counted})


def census(world: World, month: int) -> dict[str, np.ndarray]:
    """What a census would count in a month, `SIGN` -> float64[U + 1], the last the prefecture."""
    people = Population(world.residents, world.households)
    geography = replace(world.geography, places=world.places)
    found = counts(people, world.prefecture, geography, month)
    urban = found["urban_share"] * found["residents"]
    out = {}
    for margin in MARGINS:
        cells = urban if margin == "urban_share" else found[margin]
        table = np.vstack([cells, cells.sum(axis=0)]) * world.weight
        if margin == "urban_share":
            table = table / (np.append(found["residents"], found["residents"].sum())[:, None] * world.weight)
        for cell in range(table.shape[1]):
            out[SIGN.format(margin=margin, cell=cell)] = table[:, cell]
    return out
