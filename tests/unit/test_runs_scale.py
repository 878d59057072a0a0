"""`scale: auto`: the question, the time, and what is said."""

from __future__ import annotations

import json

import pytest

import scenarios
from runs import scale
from runs.plan import BadRequest, make
from scenarios.schema import AUTO


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XIANCHENG_CACHE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("wanted", list(AUTO))
def test_with_time_enough_it_is_what_the_question_needs(wanted):
    choice = scale.choose(wanted, 16, 86, 2, minutes=1e9)
    assert choice.scale == scale.NEEDED[AUTO[wanted]]
    assert choice.why.startswith(f"scale {wanted}: {scale.name(choice.scale)}, which ")


def test_with_too_little_time_it_is_less_and_says_so():
    choice = scale.choose("auto group", 16, 86, 2, minutes=0.0)
    assert choice.scale == scale.LADDER[0]
    assert "instead of 1:1, which a rare group needs" in choice.why and "--minutes" in choice.why


def test_more_members_and_slower_machines_make_it_smaller(cache):
    needed = scale.expected_s(1.0, 16, 86, 2) / 60.0 * 1.01
    assert scale.choose("auto group", 16, 86, 2, needed).scale == 1.0
    assert scale.choose("auto group", 64, 86, 2, needed).scale < 1.0
    scale.learn(0.01, 86, 3.0 * scale.member_s(0.01, 86))
    assert scale.choose("auto group", 16, 86, 2, needed).scale < 1.0


def test_what_is_learnt_is_a_factor_and_damage_is_ignored(cache):
    assert scale.learnt() == 1.0
    scale.learn(0.1, 86, 0.5 * scale.member_s(0.1, 86))
    assert scale.learnt() == pytest.approx(0.5)
    for text in ("", "{}", json.dumps({"factor": -1}), json.dumps({"factor": "fast"})):
        (cache / "speed.json").write_text(text)
        assert scale.learnt() == 1.0


def test_a_plan_asks_for_the_scale_once_it_knows_how_many_are_to_be_lived():
    asked = []

    def choose(*arguments):
        asked.append(arguments)
        return 0.003

    own = scenarios.load("current_practice", ("scale=auto county",))
    assert own.scale == "auto county"
    made = make([own, "action_plan"], seeds=3, choose=choose)
    assert made.scale == 0.003 and asked == [("auto county", 6, own.n_months)]
    assert make([own], scale=0.01, seeds=1).scale == 0.01


def test_without_somebody_who_chooses_or_with_another_word_it_is_refused():
    with pytest.raises(BadRequest, match="chosen when a run begins"):
        make(["current_practice"], scale="auto")
    with pytest.raises(BadRequest, match="is not a scale"):
        make(["current_practice"], scale="autumn")


def test_a_scenario_with_an_open_scale_is_written_back_as_it_was_and_explained():
    own = scenarios.load("current_practice", ("scale=auto group",))
    assert 'scale: "auto group"' in own.resolved_yaml()
    from scenarios.explain import explain

    assert "auto group" in explain(own)
