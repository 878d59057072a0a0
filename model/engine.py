"""The engine: a Mesa model whose step is the printed tuple of phases."""

from __future__ import annotations

from random import Random
from typing import Any

import mesa
import numpy as np

from model.agents import Firm, Government, Town
from model.inputs import ModelInput
from model.recorder import Recorder
from model.results import Results
from model.schedule import MONTH
from model.simulate import clock, live_month, open_month, simulate, warm_up
from model.state.world import World
from model.world.start import start_world

__all__ = ["CountyModel", "clock", "open_month", "simulate", "warm_up"]


class CountyModel(mesa.Model):
    """One future of a prefecture, month by month.

    Towns, firms and governments are Mesa agents that view rows of the world's tables; residents are arrays.
    Every draw is keyed by (seed, decision, person, month, place): Mesa's own generators, `random` and `rng`,
    raise RuntimeError while a month is lived. `checked=True` verifies heads, money and households after every
    phase.
    """

    def __init__(self, model_input: ModelInput, *, checked: bool = False, world: World | None = None) -> None:
        self._in_month = False
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
        self._in_month = True
        try:
            live_month(
                self.world, self.recorder, self.months_done, checked=self.checked, seconds=self.phase_seconds
            )
        finally:
            self._in_month = False
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

    @property
    def random(self) -> Random:
        """Mesa's generator of the standard library; raises RuntimeError while a month is lived."""
        self._refuse("random")
        return self._mesa_random

    @random.setter
    def random(self, generator: Random) -> None:
        self._mesa_random = generator

    @property
    def rng(self) -> np.random.Generator:
        """Mesa's generator of numpy; raises RuntimeError while a month is lived."""
        self._refuse("rng")
        return self._mesa_rng

    @rng.setter
    def rng(self, generator: np.random.Generator) -> None:
        self._mesa_rng = generator

    def _refuse(self, name: str) -> None:
        if self._in_month:
            raise RuntimeError(
                f"{name} is not used inside a month: draw with model.kernels.rng, keyed by person, month and place"
            )
