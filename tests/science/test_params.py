"""Parameters: each one that is declared is read in a run, and moves something that is reported."""

import csv
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import model.channels as channels
import model.world.start as start
from model.engine import CountyModel, simulate
from model.spec.params import DERIVED, LATER, MOMENTS, Params
from model.spec.priors import quantile
from model.spec.registry import REGISTRY
from model.world.datafiles import data_root
from model.world.fitted import READS
from model.world.flows import stocks_of
from model.world.tables import load_prefecture
from tests.science.test_levers import full_path
from tests.science.test_month import make_input

ROOT = Path(__file__).resolve().parents[2]
ODD = ("odd.md", "odd_budget.md", "odd_economy.md", "odd_people.md")


def busy(months: int, scale: float, strength: str = "plan"):
    """A run in which every lever is set from the first month.

    strength: `plan` (the plan's last setting), `full` (the end of the bounds farther from practice), `half` of the
    way there, or `least` (the lower end).
    """
    whole = make_input("action_plan", months=86, scale=scale)
    levers = {key: np.tile(path[-1], (months, 1)) for key, path in whole.levers.items()}
    if strength != "plan":
        practice = make_input("current_practice", months=months, scale=scale).levers
        levers = {key: full_path(key, practice[key], start=0) for key in practice}
        if strength == "half":
            levers = {key: 0.5 * (practice[key] + levers[key]) for key in levers}
        if strength == "least":
            levers = {key: np.full_like(practice[key], REGISTRY.levers[key].bounds[0]) for key in levers}
    drivers = {key: path[:months] for key, path in whole.drivers.items()}
    return replace(whole, n_months=months, levers=levers, drivers=drivers)


class Recorded(Params):
    """A parameter vector that notes which keys are read."""

    read: set[str] = set()

    def __getitem__(self, key):
        self.read.add(key)
        return super().__getitem__(key)

    def __getattribute__(self, key):
        if not key.startswith("__"):
            Recorded.read.add(key)
        return super().__getattribute__(key)


class Listening:
    """The registry, handing out recorded vectors."""

    def __getattr__(self, key):
        return getattr(REGISTRY, key)

    def param_values(self, overrides=None):
        return Recorded(dict(REGISTRY.param_values(overrides).items()))


def behind(read: set[str]) -> set[str]:
    """Parameters from which derived ones that were read are computed: those whose change changes them."""
    base = REGISTRY.param_values()
    return {
        key for key, param in REGISTRY.params.items()
        if any(d in read and REGISTRY.param_values({key: param.default * 1.1})[d] != base[d] for d in DERIVED)
    }


def test_every_declared_parameter_is_read(monkeypatch):
    monkeypatch.setattr(channels, "_LAST", [])  # tables of an earlier world would be taken as they are
    Recorded.read = set()
    monkeypatch.setattr(start, "REGISTRY", Listening())
    for strength in ("plan", "full"):
        CountyModel(busy(months=30, scale=0.02, strength=strength)).run()
    stocks_of(SimpleNamespace(prefecture=load_prefecture("changzhi@2010"), p=Listening().param_values()))
    unread = set(REGISTRY.params) - Recorded.read - behind(Recorded.read)
    assert not unread, "declared and never read; read it, or name it in MOMENTS or LATER of model/spec/params.py"


def equations() -> dict[str, str]:
    with (data_root() / "statistics" / "behaviour.csv").open(encoding="utf-8", newline="") as handle:
        return {row["parameter"]: row["equation"] for row in csv.DictReader(handle)}


def sections() -> list[tuple[str, str]]:
    """(title, text) of every section of the ODD."""
    text = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ODD)
    return re.findall(r"^#{2,3} (.*)\n([\s\S]*?)(?=^#{2,3} |\Z)", text, flags=re.M)


@pytest.mark.parametrize("key", list(LATER))
def test_what_is_for_later_stands_under_its_equation_among_what_is_left_out(key):
    number = equations()[key].split("/")[0]
    left_out = [text.partition("*Left out*")[2] for title, text in sections() if re.search(rf"\b{number}\b", title)]
    assert any(f"`{key}`" in text for text in left_out)


@pytest.mark.parametrize("key", list(MOMENTS))
def test_a_moment_is_a_row_with_a_reason_and_no_parameter(key):
    assert key in equations() and MOMENTS[key] and key not in REGISTRY.params


NO_PRIOR = {key for key, param in REGISTRY.params.items() if param.prior is None}
WORLDS = (
    ("plan", 36, 0.005), ("full", 36, 0.005), ("half", 36, 0.005), ("least", 36, 0.005), ("full", 60, 0.05),
    ("full", 60, 0.25),
)
"""Tried one after the other until a parameter moves something; the last for what moves few people."""
@cache
def world(strength: str, months: int, scale: float):
    made = busy(months, scale, strength)
    return made, outcomes(made)


def outcomes(made) -> str:
    """Digest of what was recorded of the world; what was delivered is set aside, or every `implement_*` would pass."""
    lived = simulate(made)
    return replace(lived, delivered=0.0 * lived.delivered, level=0.0 * lived.level).digest()


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key in REGISTRY.params if key not in NO_PRIOR and key not in READS])
def test_every_parameter_moves_an_indicator_across_its_prior(key):
    prior = REGISTRY.params[key].prior

    def moves(*which) -> bool:
        made, digest = world(*which)
        other = (replace(made, params={**made.params, key: quantile(prior, u)}) for u in (0.95, 0.05))
        return any(outcomes(one) != digest for one in other)

    assert any(moves(*which) for which in WORLDS)
