"""The name of a member: the same in every process, different for whatever changes a result."""

from __future__ import annotations

import dataclasses
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs import identity
from runs.paths import ROOT
from tests.unit.fake_plan import FakeScenario, fake_plan, model_input

TELL = (
    "from tests.unit.fake_plan import model_input; from runs import identity;"
    "print(identity.member(model_input(0.3, 7), sources='s', data='d'))"
)


def name(**changes) -> str:
    digests = {key: changes.pop(key, key) for key in ("sources", "data")}
    return identity.member(model_input(**changes), **digests)


def test_the_same_in_every_process_and_under_every_hash_seed():
    told = {
        subprocess.run(
            [sys.executable, "-c", TELL], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("0", "1", "4711")
    }
    assert told == {identity.member(model_input(0.3, 7), sources="s", data="d")}


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"effect": 0.1}, {"scale": 0.01}, {"practice": 2.0}, {"data": "new"}, {"sources": "new"}]
)
def test_whatever_changes_a_result_changes_the_name(change):
    assert name(**change) != name()


def test_one_cell_of_one_array_changes_the_name():
    one = model_input()
    path = one.levers["school_seats"].copy()
    path[85, 1] = np.nextafter(path[85, 1], 2.0)
    other = dataclasses.replace(one, levers={"school_seats": path})
    assert identity.member(other, sources="", data="") != identity.member(one, sources="", data="")


def test_the_order_of_keys_and_the_layout_of_arrays_change_nothing():
    wide = np.arange(12.0).reshape(3, 4)
    assert identity.digest_of({"a": 1, "b": wide}) == identity.digest_of({"b": np.asfortranarray(wide), "a": 1})


def test_arrays_of_equal_bytes_and_other_shape_or_type_differ():
    zeros = np.zeros(4)
    names = {identity.digest_of(x) for x in (zeros, zeros.reshape(2, 2), zeros.view(np.int64), zeros.astype("f4"))}
    assert len(names) == 4


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_have_one_name_if_and_only_if_they_are_the_same_bits(one, other):
    same = one == other and math.copysign(1, one) == math.copysign(1, other)
    assert (identity.digest_of(one) == identity.digest_of(other)) == same


@pytest.mark.parametrize("value", [math.nan, math.inf, {1: 2}, {1, 2}, object(), np.array([object()])])
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(identity.NotCanonical):
        identity.digest_of({"value": value})


def test_sources_count_by_name_and_content_and_not_by_line_ends(tmp_path):
    def digest(**files: bytes) -> str:
        for path in tmp_path.iterdir():
            path.unlink()
        for stem, content in files.items():
            (tmp_path / f"{stem}.py").write_bytes(content)
        return identity.files_digest(list(tmp_path.glob("*.py")), tmp_path)

    base = digest(a=b"x = 1\n", b=b"y = 2\n")
    assert digest(a=b"x = 1\r\n", b=b"y = 2\n") == base
    assert digest(a=b"x = 3\n", b=b"y = 2\n") != base
    assert digest(a=b"y = 2\n", b=b"x = 1\n") != base
    assert digest(a=b"x = 1\n", c=b"y = 2\n") != base


def test_a_member_is_the_same_in_a_larger_experiment_and_under_another_scenario_name():
    few, many = fake_plan(seeds=2), fake_plan(seeds=5)
    assert {m.identity for m in few.members} < {m.identity for m in many.members}
    assert few.short_id != many.short_id
    twins = fake_plan(FakeScenario("one"), FakeScenario("two"))
    assert len({m.identity for m in twins.members}) == 3
