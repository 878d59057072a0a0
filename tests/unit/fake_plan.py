"""Plans of fake scenarios for the tests of `runs`."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from model.inputs import ModelInput
from runs.plan import Plan, plan

ENGINE = "tests.unit.fake_engine"


@dataclass(frozen=True)
class FakeScenario:
    name: str
    effect: float = 0.0
    scale: float = 0.001
    first_seed: int = 1
    n_seeds: int = 3

    @property
    def seeds(self):
        return SimpleNamespace(first=self.first_seed, count=self.n_seeds)

    def resolved_yaml(self) -> str:
        return f"name: {self.name}\neffect: {self.effect}\n"


def model_input(effect=0.0, seed=1, scale=0.001, practice=1.0) -> ModelInput:
    return ModelInput(
        prefecture="nowhere", start_ordinal=2020 * 12 + 10, n_months=86, scale=scale, seed=seed,
        levers={"school_seats": np.full((86, 2), practice)}, drivers={"wage": np.linspace(1, 2, 86)},
        params={"effect": effect},
    )


def compile_fake(scenario, scale, seed) -> ModelInput:
    return model_input(scenario.effect, seed, scale)


def fake_plan(*scenarios, seeds=None, scale=None, data="data") -> Plan:
    chosen = scenarios or (FakeScenario("base"), FakeScenario("plan", effect=1.0))
    return plan(chosen, compile_fake, scale=scale, seeds=seeds, sources="sources", data=data)
