"""What is refused before anything is lived, and how seeds and scale are chosen."""

from __future__ import annotations

import dataclasses

import pytest

from runs.plan import BadRequest, plan
from tests.unit.fake_plan import FakeScenario, compile_fake, fake_plan


def test_seeds_and_scale_come_from_the_first_scenario_and_are_shared():
    made = fake_plan(FakeScenario("a", first_seed=5, n_seeds=2, scale=0.01), FakeScenario("b", n_seeds=9))
    assert made.seeds == (5, 6)
    assert made.scale == 0.01
    assert [(m.scenario, m.seed) for m in made.members] == [("a", 5), ("a", 6), ("b", 5), ("b", 6)]
    assert {m.model_input.scale for m in made.members} == {0.01}


def test_a_number_of_seeds_counts_from_the_first():
    assert fake_plan(FakeScenario("a", first_seed=3), seeds=4).seeds == (3, 4, 5, 6)
    assert fake_plan(FakeScenario("a"), seeds=[9, 2]).seeds == (9, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scale": 0.0}, "scale"), ({"scale": 1.5}, "scale"), ({"scale": float("nan")}, "scale"),
        ({"seeds": 0}, "at least one"), ({"seeds": [1, 1]}, "twice"), ({"seeds": [-1]}, "whole number"),
    ],
)
def test_bad_requests_are_told_in_words(options, words):
    with pytest.raises(BadRequest, match=words) as error:
        fake_plan(**options)
    assert error.value.problems_text == str(error.value)


def test_two_scenarios_of_one_name_are_refused():
    with pytest.raises(BadRequest, match="called same"):
        fake_plan(FakeScenario("same"), FakeScenario("same", effect=1.0))


def test_scenarios_of_different_months_are_refused():
    def compile_short(scenario, scale, seed):
        made = compile_fake(scenario, scale, seed)
        return dataclasses.replace(made, n_months=12) if scenario.name == "short" else made

    with pytest.raises(BadRequest, match="short and long differ"):
        plan([FakeScenario("long"), FakeScenario("short")], compile_short, scale=None, seeds=1, sources="", data="")
