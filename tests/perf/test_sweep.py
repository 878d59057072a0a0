"""Handing members out and keeping them: cheap beside a run of some fifty milliseconds."""

from __future__ import annotations

import pytest

from runs.bench import sweep


@pytest.mark.slow
def test_a_member_costs_little_besides_its_months(monkeypatch):
    """With an engine that lives nothing; generous, since other work may share the machine."""
    monkeypatch.setattr(sweep, "SIMULATE", sweep.IDLE)
    found = sweep.sweep(600, scale=0.001)
    assert found["runs"] == 600 and len(found["windows"]) == sweep.WINDOWS
    assert found["overhead_ms"] < 15.0
    first, last = found["windows"][1], found["windows"][-1]
    assert last["peak_mib"] < first["peak_mib"] + 50.0
    assert len(sweep.table(found)) == 2 + sweep.WINDOWS
