"""Batches: who goes together, how many, and that nobody is lost."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from types import ModuleType

import numpy as np
import pytest

from runs.batches import MOST, Waiting, alike
from runs.identity import member, members
from runs.store import Store
from runs.worker import Began, Outcome, Task, live, live_and_tell
from tests.unit.fake_plan import ENGINE, model_input


def task(seed=1, effect=0.0, practice=1.0, folder="", simulate=f"{ENGINE}:simulate"):
    made = model_input(effect, seed, practice=practice)
    return Task(f"{effect}-{practice}-{seed}", "any", seed, made, str(folder), "sources", simulate)


def test_members_go_together_when_they_begin_in_the_same_world():
    tasks = [task(1), task(2), task(1, practice=2.0), task(1, effect=1.0), task(2, practice=3.0)]
    assert [[t.identity for t in group] for group in alike(tasks)] == [
        ["0.0-1.0-1", "0.0-2.0-1"], ["0.0-1.0-2", "0.0-3.0-2"], ["1.0-1.0-1"]
    ]


@pytest.mark.parametrize(("seeds", "practices", "workers"), [(1, 7, 2), (50, 2, 2), (3, 200, 4), (1, 1, 8)])
def test_every_member_is_taken_once_whatever_is_learnt(seeds, practices, workers):
    tasks = [task(seed, practice=float(k)) for k in range(practices) for seed in range(seeds)]
    waiting, taken = Waiting(tasks, workers), []
    while waiting:
        batch = waiting.take()
        assert 1 <= len(batch) <= MOST
        taken += batch
        waiting.learn(0.01)
        if len(taken) == 5:
            waiting.again(batch[-1:])
            taken = taken[:-1]
    assert sorted(t.identity for t in taken) == sorted(t.identity for t in tasks)


def test_every_worker_gets_something():
    assert len(Waiting([task(1, practice=float(k)) for k in range(4)], 4).pieces) == 4


def test_batches_are_short_until_members_are_known_to_be_quick_and_shorten_at_the_end():
    waiting = Waiting([task(seed) for seed in range(400)], 2)
    assert len(waiting.take()) == 1
    waiting.learn(0.02)
    sizes = []
    while waiting:
        sizes.append(len(waiting.take()))
    assert max(sizes) == 25 == sizes[0] and sizes[-1] == 1


def test_a_slow_member_is_a_batch():
    waiting = Waiting([task(seed) for seed in range(10)], 2)
    waiting.learn(3.0)
    assert len(waiting.take()) == 1


def test_identities_of_many_seeds_are_those_of_each():
    made = model_input()
    each = [member(dataclasses.replace(made, seed=seed), sources="a", data="b") for seed in (1, 5, 2**62)]
    assert members(made, (1, 5, 2**62), sources="a", data="b") == each


@pytest.fixture
def engine(monkeypatch):
    """A module with `simulate` and `together`; the latter counts its calls and may fail after the first member."""
    module, fake = ModuleType("pretend_engine"), importlib.import_module(ENGINE)
    module.calls, module.fails = [], False

    def simulate(made, checked=False):
        if np.any(made.levers["school_seats"] == 9.0):
            raise ArithmeticError("nine is too many")
        return fake.simulate(made)

    def together(inputs, checked=False):
        module.calls.append(len(inputs))
        for i, made in reversed(list(enumerate(inputs))):
            yield i, simulate(made)

    module.simulate, module.together = simulate, together
    simulate.__module__ = "pretend_engine"
    monkeypatch.setitem(sys.modules, "pretend_engine", module)
    return module


def test_a_batch_lives_together_what_begins_together(engine, tmp_path):
    tasks = [task(s, practice=p, folder=tmp_path, simulate="pretend_engine:simulate") for s in (1, 2) for p in (1., 2.)]
    tasks.append(task(7, folder=tmp_path, simulate="pretend_engine:simulate"))
    words = []
    live_and_tell(tasks, words.append)
    assert engine.calls == [2, 2]
    assert [len(word.identities) for word in words if isinstance(word, Began)] == [2, 2, 1]
    outcomes = [word for word in words if isinstance(word, Outcome)]
    assert all(outcome.ok for outcome in outcomes)
    assert {outcome.identity for outcome in outcomes} == {t.identity for t in tasks}
    assert all(Store(tmp_path).read(t.identity).seed == t.seed for t in tasks)


def test_what_fails_together_is_lived_one_by_one_and_only_the_guilty_fails(engine, tmp_path):
    tasks = [task(1, practice=p, folder=tmp_path, simulate="pretend_engine:simulate") for p in (1.0, 9.0, 2.0)]
    outcomes = {outcome.identity: outcome for outcome in live(tasks)}
    assert [outcomes[t.identity].ok for t in tasks] == [True, False, True]
    record = Store(tmp_path).failure(tasks[1].identity)
    assert (record["stage"], record["exception"], record["message"]) == (
        "simulate", "ArithmeticError", "nine is too many"
    )
    assert "in simulate" in record["traceback"] and "\nsimulate" not in record["traceback"]
    assert outcomes[tasks[1].identity].error == "ArithmeticError: nine is too many"


def test_a_part_that_cannot_be_written_is_a_failure_of_the_store(engine, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr(Store, "write", full)
    outcome, = live([task(1, folder=tmp_path, simulate="pretend_engine:simulate")])
    assert (outcome.ok, outcome.stage, outcome.error) == (False, "store", "OSError: no space left")
