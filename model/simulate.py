"""One loop over the months, for workers and for the Mesa model alike. Nothing here needs Mesa."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from model.inputs import ModelInput, Month
from model.invariants import check
from model.phases.assessment import line_effort
from model.phases.demography import compact
from model.recorder import Recorder
from model.results import Results
from model.schedule import MONTH
from model.state.heads import check_heads, close_month
from model.state.world import Watch, World
from model.world.start import start_world


def simulate(model_input: ModelInput, *, checked: bool = False) -> Results:
    """Build the start state and live every month. `checked`: heads, money and households after every phase."""
    world = start_world(model_input)
    recorder = Recorder(world)
    for index in range(model_input.n_months):
        live_month(world, recorder, index, checked=checked)
    return recorder.results(world)


def together(inputs: Sequence[ModelInput], *, checked: bool = False) -> Iterator[tuple[int, Results]]:
    """Live inputs that begin in the same world, their common months once; see `model.branch.together`."""
    from model import branch

    return branch.together(inputs, checked=checked)


def live_month(
    world: World, recorder: Recorder, index: int, *, checked: bool = False, seconds: dict[str, float] | None = None,
    watch: Watch | None = None,
) -> None:
    """Live month `index` and record it.

    checked: verify heads, money and households after every phase. seconds: phase -> seconds, added to. watch: told
    of every step, see `model.trace`.
    """
    month = clock(world.input, index)
    open_month(world, index)
    world.watch = watch
    if watch is not None:
        watch.opened(world, month)
    for phase in MONTH:
        if watch is not None:
            watch.before(world, month, phase.name)
        started = time.perf_counter()
        phase.run(world, month)
        if seconds is not None:
            seconds[phase.name] += time.perf_counter() - started
        if watch is not None:
            watch.after(world, month, phase.name)
        if checked:
            check(world, phase.name)
    recorder.record(world, month)
    close_month(world)
    if month.is_year_end:
        check_heads(world, "the year")
        compact(world)


def clock(model_input: ModelInput, index: int) -> Month:
    """The month a phase sees."""
    of_year = (model_input.start_ordinal + index) % 12 + 1
    return Month(index=index, of_year=of_year, is_year_end=of_year == 12)


def open_month(world: World, index: int) -> None:
    """Clear the month's counts, hand over last month's events, deliver the levers, look around."""
    homes = world.households
    world.month_events = {}
    homes.events[: homes.n] = homes.events_next[: homes.n]
    homes.events_next[: homes.n] = 0
    accounts, channels, levers = world.accounts, world.channels, world.input.levers
    if channels.planned is not levers:
        channels.plan(levers, dict(levers))
    channels.advance(
        channels.planned_values(index), world.p, accounts["delivery"], index,
        prefecture=float(accounts["delivery_prefecture"][0]), effort=line_effort(world),
    )
    world.ledger.new_month()
    world.look()


def warm_up(part: int = 0) -> None:
    """Compile every kernel, or load it; see `model.warm_up.warm_up`."""
    from model.warm_up import warm_up as live_a_little

    live_a_little(part)
