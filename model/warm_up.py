"""A short life of a tiny world that calls every kernel of a run, so that none is compiled later.

Compiling all kernels takes most of the first run. Two processes share the work without a word between them: one
lives the months forwards, the other goes through the phases backwards, each finds on disk what the other has
compiled, and they meet half way.
"""

from __future__ import annotations

import gc
from typing import Final

import numpy as np

from model.inputs import ModelInput, Month
from model.kernels.homes import columns, own_homes
from model.kernels.prices import owner_limits
from model.kernels.rows import find_rows
from model.phases.demography import compact
from model.phases.renewal import chosen_by_lot, demolished_month
from model.recorder import Recorder
from model.schedule import MONTH
from model.simulate import clock, live_month, open_month
from model.spec.codes import Tenure
from model.spec.registry import REGISTRY
from model.state.heads import close_month
from model.state.world import World
from model.world.quantities import unit_quantities
from model.world.start import start_world
from model.world.tables import load_prefecture

SCALE: Final = 0.001
MONTHS: Final = 14
"""The start is in November: December, January, graduation in July, school in August, and a second December."""
PARTS: Final = 2


def warm_up(part: int = 0) -> None:
    """Compile every kernel, or load it from the cache.

    part: 0 calls everything and is enough by itself; 1 is a helper in another process that begins at the other end.
    """
    made = tiny_input()
    # The compiler makes millions of objects and drops few: looking for garbage is a tenth of its time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        if part == 0:
            forwards(made)
        else:
            backwards(made)
    finally:
        if was_on:
            gc.enable()


def forwards(made: ModelInput) -> None:
    """Live the months with every check."""
    world = start_world(made)
    recorder = Recorder(world)
    for index in range(made.n_months):
        live_month(world, recorder, index, checked=index == 0)
    seldom(world, clock(made, made.n_months - 1))


def seldom(world: World, month: Month) -> None:
    """What so small a world never comes to: the lots of demolition."""
    none, limit = np.zeros(world.markets.n, np.int64), np.zeros(world.markets.n, np.uint64)
    owner_limits(limit, world.accounts["demolition_carry"], demolished_month(world), none)
    rows = find_rows(own_homes, world.households.n, columns(world)).astype(np.int64)
    chosen_by_lot(world, month, int(Tenure.OWNED), rows, none, none)


def backwards(made: ModelInput) -> None:
    """Go through a July, an August and a December from the last phase to the first."""
    world = start_world(made, on_the_way=False)
    recorder = Recorder(world)
    for of_year in (8, 7, 12):
        index = next(i for i in range(made.n_months) if clock(made, i).of_year == of_year)
        month = clock(made, index)
        open_month(world, index)
        for phase in reversed(MONTH):
            phase.run(world, month)
        recorder.record(world, month)
        close_month(world)
        if month.is_year_end:
            compact(world)


def tiny_input() -> ModelInput:
    """Every lever far from current practice from the first month on, in a world of a few thousand people."""
    prefecture = load_prefecture()
    start = prefecture.reference_ordinal
    quantities = unit_quantities(prefecture)
    values, levers = REGISTRY.param_values({}), {}
    for key, lever in REGISTRY.levers.items():
        low, high = lever.bounds
        value = high if high - lever.practice >= lever.practice - low else low
        share = np.ones(prefecture.n_units)
        if lever.apportion is not None:
            share = quantities[lever.apportion] / quantities[lever.apportion].sum()
        levers[key] = np.tile(value * share, (MONTHS, 1))
    return ModelInput(
        prefecture=prefecture.key, start_ordinal=start, n_months=MONTHS, scale=SCALE, seed=1, levers=levers,
        drivers=prefecture.drivers("central", range(start, start + MONTHS), base=start),
        params={key: values[key] for key in REGISTRY.params},
    )
