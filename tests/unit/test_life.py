"""A told life: every word in two languages, every refusal readable, and the search for what parted two paths."""

import json
import re
from enum import IntEnum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cli
from analysis.life import labels
from analysis.life.events import happenings
from analysis.life.parting import (
    CHANNELS_OF_ASPECT,
    CHANNELS_OF_PART,
    CHANNELS_OF_TRIGGER,
    Input,
    path_of,
    smallest_set,
)
from analysis.life.people import COLUMNS, check_person, find_like, person_columns
from analysis.life.telling import grouped
from model.spec.codes import Activity, Config, Education, Event, Flag, Sector, Tenure
from model.spec.states import CHANNELS
from model.trace import PART_KEYS, LivedMonth, Snapshot, first_of
from model.trace.recorder import SEEN_AFTER
from model.world.start import start_world
from scenarios.problems import ProblemsError
from tests.science.test_month import make_input

SMALL = ["--scale", "0.001", "--to", "2021-06"]


@pytest.fixture(scope="module")
def world():
    return start_world(make_input(months=1))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(("table", "codes"), [
    (labels.EDUCATION, Education), (labels.ACTIVITY, Activity), (labels.CONFIG, Config), (labels.TENURE, Tenure),
    (labels.SECTOR, Sector),
])
def test_every_code_has_a_label(table, codes: type[IntEnum]):
    assert len(table) == len(codes)


def test_every_event_has_a_label():
    assert set(labels.EVENT) == {event.name for event in Event}


def test_sentences_have_the_same_blanks_in_both_languages():
    def blanks(text):
        return set(re.findall(r"{(\w+)", text))

    for table in (labels.SAY, labels.HAPPENED, labels.PLACE, labels.WHO):
        for key, text in table.items():
            assert text.en and text.zh, key
            assert blanks(text.en) == blanks(text.zh), key


def test_every_part_of_a_utility_has_its_column():
    named = {part for together in labels.PARTS_TOGETHER.values() for part in together}
    assert named == set(PART_KEYS)
    assert set(labels.PART) == set(labels.PART_MEANING) == {*labels.PARTS_TOGETHER, "other"}
    told = grouped({**dict.fromkeys(PART_KEYS, 1.0), "unheard": 2.0})
    assert sum(told.values()) == len(PART_KEYS) + 2.0 and told["other"] == 2.0


def test_evidence_names_channels_that_exist():
    named = {c for table in (CHANNELS_OF_ASPECT, CHANNELS_OF_PART) for listed in table.values() for c in listed}
    assert named | set(CHANNELS_OF_TRIGGER) <= set(CHANNELS)
    assert set(CHANNELS_OF_ASPECT) <= set(labels.ASPECT)


# ---------------------------------------------------------------- what happened


def person(uid=1, **changes):
    return {
        "uid": uid, "birth": -300, "sex": 0, "education": 3, "place": 5, "usual": 5, "hukou": 5, "activity": 2,
        "sector": 5, "job_market": 1, "wage_yuan": 3000, "job_since": -20, "flags": 0, **changes,
    }


def home(**changes):
    return {
        "uid": 7, "size": 2, "origin": 5, "place": 5, "split_place": -1, "config": 0, "tenure": 0, "split_tenure": 2,
        "owns": -1, "homestead": 1, "events_next": 0, "back_place": -1, **changes,
    }


def lived(phase, who=None, where=None, members=None, dead=(), urban=False, before=None):
    """A month in which only `phase` changes what is given."""
    opening = before or Snapshot(person(), home(), {1: person(), 2: person(2, sex=1)}, False)
    me = {**opening.person, **(who or {})}
    everybody = {**opening.members, 1: me, **(members or {})}
    then = Snapshot(me, {**opening.home, **(where or {})}, {k: v for k, v in everybody.items() if v}, urban)
    month, now = LivedMonth(12, opening, dead=frozenset(dead)), opening
    for name in SEEN_AFTER:
        now = then if name == phase else now
        month.after[name] = now
    return month


@pytest.mark.parametrize(("month", "kinds"), [
    (lived("none"), []),
    (lived("demography", members={3: person(3, birth=12)}, where={"size": 3}), ["born"]),
    (lived("demography", members={2: None}, dead=[2]), ["member_died"]),
    (lived("demography", members={2: None}), ["member_left"]),
    (lived("demography", members={3: person(3)}), ["member_joined"]),
    (lived("demography", who={"flags": int(Flag.MARRIED)}), ["married"]),
    (lived("demography", where={"uid": 8}), ["new_household"]),
    (lived("demography", who={"activity": 5, "sector": 255, "job_market": 255}), ["stopped_work"]),
    (lived("matching", who={"activity": 3, "sector": 255, "job_market": 255, "wage_yuan": 0}), ["job_lost"]),
    (lived("relocation", who={"activity": 3, "sector": 255, "job_market": 255, "wage_yuan": 0}), ["job_left"]),
    (lived("matching", who={"sector": 2, "job_since": 12}), ["job_changed"]),
    (lived("relocation", who={"place": 9, "job_market": 2}, where={"place": 9, "tenure": 2}), ["job_kept", "moved"]),
    (lived("relocation", where={"split_place": 9, "config": 2}), ["moved_apart"]),
    (lived("relocation", where={"split_place": 9, "config": 2, "back_place": 9}), ["home_for_a_while"]),
    (lived("housing", where={"owns": 9}), ["bought"]),
    (lived("housing", where={"homestead": 3}), ["homestead_lease"]),
    (lived("demography", where={"owns": 9}), ["inherited"]),
    (lived("housing", where={"homestead": 4}), ["homestead_exit"]),
    (lived("settlement", who={"hukou": 9}), ["registered"]),
    (lived("relabelling", who={"usual": 9}), ["usual"]),
    (lived("relabelling", urban=True), ["recoded"]),
    (lived("matching", who={"flags": int(Flag.INSURED | Flag.TRAINED)}), ["trained", "insured"]),
    (lived("matching", who={"wage_yuan": 3100}), []),
])
def test_differences_are_named(month, kinds):
    assert [thing.kind for thing in happenings(month)] == kinds
    assert all(thing.kind in labels.HAPPENED for thing in happenings(month))


def test_death_ends_the_month():
    month = lived("none")
    month.after = dict.fromkeys(SEEN_AFTER)
    assert [thing.kind for thing in happenings(month)] == ["died"]


def test_pay_alone_is_no_other_path():
    a, b = lived("none").close, lived("matching", who={"wage_yuan": 9000}).close
    assert path_of(a) == path_of(b)
    assert path_of(a) != path_of(lived("settlement", who={"hukou": 9}).close)
    assert path_of(None) == {"alive": False}


# ---------------------------------------------------------------- the search


ITEMS = [Input("lever", str(k)) for k in range(40)]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 39), min_size=1, max_size=4))
def test_the_smallest_set_is_found(needed):
    want = {ITEMS[k] for k in needed}
    tries = []

    def works(some):
        tries.append(1)
        return want <= set(some)

    found, complete = smallest_set(ITEMS, works, 1000)
    assert complete and set(found) == want
    assert len(tries) <= 13 * len(want)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 39), min_size=1, max_size=4), st.integers(1, 12))
def test_a_search_cut_short_still_holds_the_cause(needed, budget):
    want, tries = {ITEMS[k] for k in needed}, []

    def works(some):
        tries.append(1)
        return want <= set(some)

    found, complete = smallest_set(ITEMS, works, budget)
    assert want <= set(found) and len(tries) <= budget
    assert not complete or set(found) == want


# ---------------------------------------------------------------- whose life


def test_columns_are_those_that_help_names(world):
    table = person_columns(world)
    assert tuple(table) == COLUMNS
    assert {column.size for column in table.values()} == {world.residents.n}


def test_like_is_the_smallest_id_that_fits(world):
    table = person_columns(world)
    mask = (table["age"] < 30) & (table["sex"] == "woman") & (table["place_kind"] == "village")
    ids = np.sort(world.residents.uid[: world.residents.n][mask])
    like = "age<30 and sex == 'woman' and place_kind == 'village'"
    assert find_like(world, like, 1) == ids[0] and find_like(world, like, 3) == ids[2]
    assert first_of(world, mask, ids.size + 1) is None


@pytest.mark.parametrize(("like", "nth", "text"), [
    ("", 1, "nobody is described; columns are age, sex"),
    ("agee < 30", 1, "unknown column agee; did you mean age?"),
    ("county == 'zhangzhi'", 1, "unknown county 'zhangzhi'; did you mean zhangzi?"),
    ("zhangzi", 1, "zhangzi is a place, not a column; write county == 'zhangzi'"),
    ("age < '30'", 1, "age holds numbers, not words"),
    ("sex = 'man'", 1, "equality is =="),
    ("age > 300", 1, "no person fits"),
    ("__import__('os')", 1, "is not a condition"),
    ("age >= 0", 10**7, "people fit, so there is no number"),
])
def test_a_bad_condition_is_explained(world, like, nth, text):
    with pytest.raises(ProblemsError) as caught:
        find_like(world, like, nth)
    assert text in caught.value.problems_text


def test_an_unknown_person_is_explained(world):
    with pytest.raises(ProblemsError, match=r"nobody at the start has the id 12 at scale 0\.001"):
        check_person(world, 12)


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(("words", "text"), [
    (["current_practice"], "say whose life"),
    (["current_practice", "--person", "12", "--like", "age < 3"], "say whose life"),
    (["current_practice", "--person", "12", *SMALL], "--person: nobody at the start has the id 12"),
    (["current_practice", "--like", "agee < 3", *SMALL], "--like: unknown column agee; did you mean age?"),
    (["current_practice", "--like", "age < 3", "--from", "2031-01"], "--from: 2031-01 is not a month from 2020-11"),
    (["current_practice", "--like", "age < 3", "--to", "x"], "--to: x is not a month"),
    (["current_practice", "--like", "age < 3", "--from", "2022-01", "--to", "2021-01"], "--from: comes after --to"),
    (["a", "b", "c", "--person", "12"], "one scenario, or two"),
    (["curent_practice", "--person", "12"], "current_practice"),
    (["current_practice", "--person", "-3"], "--person"),
    (["current_practice", "--person", "12", "--scale", "2"], "--scale"),
])
def test_bad_input_ends_with_2_and_says_why(words, text, capsys):
    assert cli.main(["life", *words]) == cli.BAD_INPUT
    assert text in capsys.readouterr().err


def test_a_life_is_told_in_both_languages(capsys):
    like = ["--like", "age < 30 and place_kind == 'village' and config == 'worker_away'"]
    told = {}
    for lang in ("en", "zh"):
        assert cli.main(["life", "current_practice", *like, *SMALL, "--lang", lang]) == 0
        told[lang] = capsys.readouterr().out
    assert told["en"].startswith("A life: person ") and "At the start: " in told["en"]
    assert told["zh"].startswith("一个人的经历") and "期初：" in told["zh"]
    assert "{" not in told["en"] + told["zh"]


def test_json_holds_what_a_machine_needs(capsys):
    words = ["life", "current_practice", "action_plan", "--like", "age > 20 and age < 30", *SMALL, "--json"]
    assert cli.main(words) == 0
    got = json.loads(capsys.readouterr().out)
    assert set(got) == {"person", "scale", "seed", "from", "to", "lives", "parting"}
    assert got["parting"] is None
    assert [life["scenario"] for life in got["lives"]] == ["current_practice", "action_plan"]
    assert set(got["lives"][0]) == {"scenario", "title", "start", "months"}
    for month in got["lives"][0]["months"]:
        assert {"month", "happenings", "trigger", "decision", "purchase", "registration", "text"} == set(month)


def test_two_scenarios_that_set_the_same_never_part(capsys):
    assert cli.main(["life", "current_practice", "current_practice", "--like", "age < 30", *SMALL]) == 0
    out = capsys.readouterr().out
    assert "The paths never part" in out and "set the same levers" in out
