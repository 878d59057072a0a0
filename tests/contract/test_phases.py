"""Each phase changes what its docstring says under **Writes**, and nothing else."""

import re
import sys
from dataclasses import fields

import numpy as np
import pytest

from model.engine import CountyModel
from model.schedule import MONTH, Phase
from model.state.panels import Panels
from tests.science.test_params import busy

TABLES = ("residents", "households", "places", "markets", "firms")
MONTHS, SCALE = 26, 0.002


def snapshot(world) -> dict[str, np.ndarray]:
    """Copies of everything that a phase may write, as `table.column`."""
    out = {}
    for name in TABLES:
        table = getattr(world, name)
        out[f"{name}.rows"] = np.array(table.n)
        out |= {f"{name}.{c.key}": getattr(table, c.key)[: table.n].copy() for c in table.columns}
    out |= {f"panels.{f.name}": getattr(world.panels, f.name).copy() for f in fields(Panels)}
    out |= {f"accounts.{key}": np.array(value) for key, value in world.accounts.items()}
    out |= {f"channels.{key}": value for key, value in world.channels.arrays().items()}
    out |= {f"p.{key}": np.array(value) for key, value in world.p.items()}
    return out | {"ledger": world.ledger.balance.copy(), "world.triggered": world.triggered.copy()}


def changed(before: dict, after: dict) -> set[str]:
    """Columns that differ; rows that were added count as `rows` and not as a change of each column."""
    out = set()
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            out.add(key)
            continue
        if key.split(".")[0] in TABLES and old.ndim:
            new = new[: old.size]
        if old.shape != new.shape or old.tobytes() != new.tobytes():
            out.add(key)
    return out


def declared(phase: Phase) -> set[str]:
    """What the docstring names: `table (a, b)`, `table.a`, `ledger`, `world.triggered`; to the first semicolon."""
    text = " ".join(phase.run.__doc__.split())
    names = "|".join((*TABLES, "panels", "accounts"))
    writes = text.partition("**Writes**")[2].replace("; through `cash`", ",").partition("; ")[0]
    out = {f"{table}.{key}" for table, key in re.findall(rf"\b({names})\.(\w+)", writes)}
    for table, keys in re.findall(rf"\b({names}) \(([^)]*)\)", writes):
        out |= {f"{table}.{key.strip()}" for key in keys.split(",")}
    return out | {word for word in ("ledger", "world.triggered") if word in writes}


@pytest.fixture(scope="module")
def lived():
    """Phase -> what it changed in two years under every lever at full strength; and all that there is."""
    seen, model = {phase.name: set() for phase in MONTH}, CountyModel(busy(MONTHS, SCALE, "full"))

    def watched(phase: Phase) -> Phase:
        def run(world, month):
            before = snapshot(world)
            phase.run(world, month)
            seen[phase.name] |= changed(before, snapshot(world))

        return Phase(phase.name, run)

    with pytest.MonkeyPatch.context() as patch:
        month = tuple(watched(phase) for phase in MONTH)
        for name, module in list(sys.modules.items()):
            if name.startswith("model.") and getattr(module, "MONTH", None) is MONTH:
                patch.setattr(module, "MONTH", month)
        model.run()
    return seen, set(snapshot(model.world))


@pytest.mark.parametrize("phase", MONTH, ids=lambda phase: phase.name)
def test_a_phase_changes_only_what_it_declares(phase, lived):
    assert "**Reads**" in phase.run.__doc__
    assert lived[0][phase.name] <= declared(phase)


@pytest.mark.parametrize("phase", MONTH, ids=lambda phase: phase.name)
def test_what_a_phase_declares_exists(phase, lived):
    assert declared(phase) and declared(phase) <= lived[1]


def test_something_is_seen_to_change_in_every_phase(lived):
    assert all(lived[0].values())


def test_no_phase_writes_a_constant_a_parameter_or_a_channel(lived):
    touched = set.union(*lived[0].values())
    never = {"panels.xi", "panels.dist_km", "accounts.settle_intercept", "accounts.arrival_base"}
    assert not touched & never
    assert not {key for key in touched if key.split(".")[0] in ("p", "channels")}
