"""Whatever is written, the answer is a scenario or a list of problems, never a fault of ours."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios import ProblemsError, Scenario, compile_scenario, explain, load
from scenarios.places import load_ground
from scenarios.render import flow

VALID = """\
schema: 1
name: {en: Rent, zh: 租房}
extends: current_practice
mix: [rent_settlement, affordable_rental]
set:
  levers.job_matching: {ramp: {2024-07: 0.6, 2025-12: 0.9}}
  levers.school_seats:
    - {times: 1.5, where: "kind == 'county_town' and pilot", from: 2024-07}
    - {add: 200 seat/year, from: 2025-01, to: 2026-12}
  levers: {debt_ceiling: 1, teacher_rotation: {2024-07: 0.1}}
  params.beta_w: 1.2
future: central
scale: 0.05
seeds: {first: 1, count: 20}
"""

WORDS = st.sampled_from([
    "value", "times", "add", "ramp", "steps", "series", "where", "from", "to", "2024-07", "2030-01", "2019-01",
    "levers", "params", "job_matching", "school_seats", "hemei_villages", "beta_w", "pilot", "kind == 'core'",
    "low", "set", "scale", "seeds", "first", "count", "start", "end", "future", "prefecture", "changzhi", "name",
    "en", "mix", "extends", "600 seat/year", "90%", "：", "a.b", "levers.job_matching", "rural_revival", "", "!reset",
])
SCALARS = st.none() | st.booleans() | st.integers(-10, 10**6) | st.floats(-2, 2) | WORDS
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3), max_leaves=8
)


def lives(path: str, overrides: list[str]) -> None:
    """Load and, if that is possible, use every part of what was loaded."""
    try:
        scenario = load(path, overrides)
    except ProblemsError as error:
        assert error.problems
        assert "problem" in error.problems_text
        return
    assert isinstance(scenario, Scenario)
    made = compile_scenario(scenario, load_ground(scenario.prefecture).prefecture)
    assert made.n_months >= 1
    assert explain(scenario)
    assert scenario.to_json()
    assert scenario.resolved_yaml()


SLIPS = st.text(" \n\t:{}[]-,'\"#&*!|>?%@`：，0123456789abcz.", max_size=5)


@given(st.integers(0, len(VALID)), st.integers(0, 6), SLIPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_slip_of_the_pen(tmp_path_factory, at, cut, put):
    path = tmp_path_factory.mktemp("fuzz") / "slip.yaml"
    path.write_text(VALID[:at] + put + VALID[at + cut:], encoding="utf-8")
    lives(str(path), [])


@given(st.dictionaries(WORDS, VALUES, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree(tmp_path_factory, tree):
    path = tmp_path_factory.mktemp("fuzz") / "tree.yaml"
    path.write_text(flow({"set": {"levers": tree, "params": tree}, **tree}) + "\n", encoding="utf-8")
    lives(str(path), [])


PREFIXES = st.sampled_from(["levers.", "params.", "", "levers.job_matching."])


@given(st.lists(st.tuples(WORDS, VALUES), max_size=3), PREFIXES)
@settings(max_examples=60, deadline=None)
def test_any_command_line(pairs, prefix):
    lives("affordable_rental", [f"{prefix}{key}={flow(value)}" for key, value in pairs])
    lives("affordable_rental", [f"{prefix}{key}=!reset" for key, _ in pairs])
