"""base < extends < mix < set < command line; maps merge, everything else replaces, !reset deletes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios import ProblemsError, load
from scenarios.loader import RESET, Layer, read_text
from scenarios.merge import Merged, expand, plain
from scenarios.render import flow

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = st.integers(0, 9) | st.lists(st.integers(0, 9), max_size=2)
TREES = st.dictionaries(KEYS, st.recursive(LEAVES, lambda below: st.dictionaries(KEYS, below, max_size=3)), max_size=3)


def lay(*trees: dict) -> Merged:
    merged = Merged()
    for number, tree in enumerate(trees):
        merged.lay(Layer(f"{number}.yaml", tree), str(number))
    return merged


def expected(below: object, above: object) -> object:
    """The rule in three lines, written apart from the code under test."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {key: expected(below[key], above[key]) if key in below and key in above
                else above.get(key, below.get(key)) for key in [*below, *(k for k in above if k not in below)]}
    return above


@given(st.lists(TREES, min_size=1, max_size=4))
def test_the_last_layer_wins_and_maps_merge(trees):
    wanted: object = {}
    for tree in trees:
        wanted = expected(wanted, tree)
    before = [plain(tree) for tree in trees]
    assert plain(lay(*trees).tree) == wanted
    assert [plain(tree) for tree in trees] == before, "a layer was changed by laying it"


@given(TREES, TREES)
def test_resetting_all_that_is_there_leaves_what_comes_after(below, above):
    resets = {key: RESET for key in below}
    assert plain(lay(below, resets, above).tree) == plain(above)


@given(st.permutations(["base", "extends", "mix", "set", "command line"]), st.integers(1, 31))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_precedence_of_files(tmp_path_factory, numbers, present):
    """Whatever the values: of the layers that set a key, the strongest one is heard."""
    folder = tmp_path_factory.mktemp("precedence")
    order = ["base", "extends", "mix", "set", "command line"]
    value = {name: (numbers.index(name) + 1) / 10 for name in order}
    has = {name: bool(present >> bit & 1) for bit, name in enumerate(order)}

    def write(name: str, layer: str, head: str = "") -> Path:
        line = f"set: {{levers.job_matching: {value[layer]}}}\n" if has[layer] else "set: {}\n"
        path = folder / f"{name}.yaml"
        path.write_text(head + line, encoding="utf-8")
        return path

    write("older", "base")
    write("parent", "extends", "extends: older.yaml\n")
    write("piece", "mix")
    own = write("own", "set", "extends: parent.yaml\nmix: [piece.yaml]\n")
    overrides = [f"levers.job_matching={value['command line']}"] if has["command line"] else []
    scenario = load(str(own), overrides)
    strongest = [name for name in order if has[name]][-1]
    assert scenario.levers["job_matching"][0].numbers == (value[strongest],)


def test_dotted_and_nested_keys_are_the_same():
    dotted, _ = expand(read_text("set.levers.a.value: 1\nset:\n  levers.a.from: 2024-07\n  levers: {b: 2}\n", "x"))
    assert dotted.tree == {"set": {"levers": {"a": {"value": 1, "from": "2024-07"}, "b": 2}}}
    assert dotted.keys["set", "levers", "a", "from"].line == 3
    assert dotted.keys["set", "levers", "b"].line == 4


def test_positions_follow_the_value_that_stands():
    merged = Merged()
    merged.lay(read_text("set:\n  levers:\n    a: [{x: 1},\n        {y: 2}]\n", "low.yaml"), "base")
    merged.lay(read_text("set: {levers: {a: {z: 3}}}\n", "high.yaml"), "set")
    assert merged.spot(("set", "levers", "a", "z")).file == "high.yaml"
    assert not merged.has(("set", "levers", "a", 1, "y"))
    assert [origin.spot.file for _, origin in merged.history] == ["low.yaml", "high.yaml"]


def test_lists_replace_whole(tmp_path):
    parent, child = tmp_path / "parent.yaml", tmp_path / "child.yaml"
    parent.write_text("set:\n  levers.job_matching: [{value: 0.9, where: pilot}, {value: 0.8, where: not pilot}]\n")
    child.write_text("extends: parent.yaml\nset:\n  levers.job_matching: [{value: 0.7}]\n")
    assert [s.numbers for s in load(str(child)).levers["job_matching"]] == [(0.7,)]


def test_a_part_of_an_item_can_be_changed_and_reset():
    changed = load("action_plan", ["levers.school_seats.times=3", "levers.school_seats.from=!reset"])
    assert changed.lever_json()["school_seats"] == [{"times": 3.0}]
    gone = load("action_plan", ["levers.school_seats=!reset"])
    assert "school_seats" not in gone.levers
    assert len(gone.levers) == len(load("action_plan").levers) - 1


def test_reset_of_nothing_is_a_problem():
    with pytest.raises(ProblemsError, match="nothing here to !reset"):
        load("current_practice", ["levers.school_seats=!reset"])


WORDS = st.text("ab: {}'\"\\#,é中-", max_size=8) | st.sampled_from(["true", "null", "no", "False", "2024-07", "1e3"])


@given(st.dictionaries(KEYS, st.floats(-1e9, 1e9) | st.integers() | WORDS, max_size=3))
def test_what_is_written_is_read_again(tree):
    assert read_text(f"x: {flow(tree)}\n", "x").tree == {"x": tree}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 0.001), ("no", "no"), ("12:30", "12:30"), ("010", 10), ("true", True), ("~", None),
     ("2024-07", "2024-07"), ("2024-07-01", "2024-07-01"), ("0x10", 16), ("'1'", "1"), ("-2.5", -2.5), ("1_000", 1000)],
)
def test_scalars_of_yaml_1_2(text, value):
    read = read_text(f"x: {text}\n", "x").tree["x"]
    assert read == value
    assert type(read) is type(value)
