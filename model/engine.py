"""The engine: a Mesa model whose step is the printed tuple of phases."""

from __future__ import annotations

import time
from typing import Any, NoReturn

import mesa

from model.agents import Firm, Government, Town
from model.inputs import ModelInput, Month
from model.invariants import check
from model.phases.demography import compact
from model.recorder import Recorder
from model.results import Results
from model.schedule import MONTH
from model.state.heads import close_month
from model.state.world import World
from model.world.start import start_world


class CountyModel(mesa.Model):
    """One future of a prefecture, month by month.

    Towns, firms and governments are Mesa agents that view rows of the world's tables; residents are arrays.
    Every draw is keyed by (seed, decision, person, month, place): Mesa's own generators are refused inside
    the month. `checked=True` verifies heads, money and households after every phase.
    """

    def __init__(self, model_input: ModelInput, *, checked: bool = False, world: World | None = None) -> None:
        super().__init__(rng=model_input.seed)
        self.input = model_input
        self.checked = checked
        self.world = start_world(model_input) if world is None else world
        self.recorder = Recorder(self.world)
        self.months_done = 0
        self.phase_seconds = {phase.name: 0.0 for phase in MONTH}
        self._add_agents()

    def _add_agents(self) -> None:
        world = self.world
        Town.create_agents(self, world.markets.n, row=list(range(world.markets.n)))
        Government.create_agents(self, world.n_units, row=list(range(world.n_units)))
        Firm.create_agents(self, world.firms.n, row=list(range(world.firms.n)))

    def step(self) -> None:
        """Live one month."""
        world, index = self.world, self.months_done
        month = clock(self.input, index)
        open_month(world, index)
        for phase in MONTH:
            started = time.perf_counter()
            phase.run(world, month)
            self.phase_seconds[phase.name] += time.perf_counter() - started
            if self.checked:
                check(world, phase.name)
        self.recorder.record(world, month)
        close_month(world)
        if month.is_year_end:
            compact(world)
        self.months_done += 1
        self.running = self.months_done < self.input.n_months

    def run(self) -> Results:
        """Live every month that is left and return the results."""
        while self.months_done < self.input.n_months:
            self.step()
        return self.recorder.results(self.world)

    def resident(self, uid: int) -> dict[str, Any]:
        """The columns of one person, by stable id; raises KeyError when nobody has it."""
        people = self.world.residents
        rows = (people.uid[: people.n] == uid).nonzero()[0]
        if rows.size == 0:
            raise KeyError(f"no resident has uid {uid}")
        return {c.key: getattr(people, c.key)[rows[0]].item() for c in people.columns}


def clock(model_input: ModelInput, index: int) -> Month:
    """The month a phase sees."""
    of_year = (model_input.start_ordinal + index) % 12 + 1
    return Month(index=index, of_year=of_year, is_year_end=of_year == 12)


def open_month(world: Any, index: int) -> None:
    """Clear the month's counts, hand over last month's events, deliver the levers, look around."""
    homes = world.households
    world.month_events = {}
    homes.events[: homes.n] = homes.events_next[: homes.n]
    homes.events_next[: homes.n] = 0
    values = {key: path[index] for key, path in world.input.levers.items()}
    world.channels.advance(values, world.p, world.accounts["delivery"], index)
    world.ledger.new_month()
    world.look()


def simulate(model_input: ModelInput, *, checked: bool = False) -> Results:
    """Build the start state and live every month."""
    return CountyModel(model_input, checked=checked).run()


def refuse_generator(name: str) -> NoReturn:
    """Explain why a shared generator may not be used."""
    raise RuntimeError(f"{name} is not used here: draw with model.kernels.rng, keyed by person, month and place")
