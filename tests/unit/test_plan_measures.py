"""The measures: 230 of them, each with a lever, a state and a reason, and none carried better than its lever."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import pytest

from analysis import cli, plan_books, plan_labels
from analysis.plan_books import PlanError
from model.spec.registry import REGISTRY
from model.spec.types import Carried
from scenarios import parts


def every_lever(**changed):
    """The levers of the registry; `changed`: key -> other fields."""
    known = dict(REGISTRY.levers)
    return known | {key: dataclasses.replace(known[key], **fields) for key, fields in changed.items()}


def test_the_registry_has_every_lever_of_the_plan_and_sixty_are_simulated():
    assert set(REGISTRY.levers) == {m.lever for m in parts.measures()} and len(REGISTRY.levers) == 92
    assert sum(lever.carried is Carried.SIMULATED for lever in REGISTRY.levers.values()) >= 60
    assert len(plan_books.measures()) == 230


def test_every_measure_has_a_state_and_a_reason_in_both_languages():
    found = plan_books.measures(every_lever())
    assert len(found) == len({m.id for m in found}) == 230
    assert all(m.state in Carried and m.reason_en and m.reason_zh and m.title_zh for m in found)
    assert len({m.lever for m in found}) == 92


def test_a_measure_is_carried_as_its_lever_is_unless_it_is_carried_less_well():
    own = {row["id"]: Carried(row["state"]) for row in plan_books.rows("measure_states.csv")}
    levers = every_lever()
    for m in plan_books.measures(levers):
        assert m.state == plan_books.weaker(levers[m.lever].carried, own.get(m.id, Carried.SIMULATED))
    tracked = every_lever(utility_investment={"carried": Carried.TRACKED, "carried_reason": "only noted"})
    found = {m.id: m for m in plan_books.measures(tracked)}
    assert found["utility-tunnels"].state is Carried.TRACKED
    assert found["utility-tunnels"].reason_en == "only noted"


def test_the_reasons_of_single_measures_weaken_a_simulated_lever():
    states = [row["state"] for row in plan_books.rows("measure_states.csv")]
    assert set(states) == {"delivered", "tracked"}
    found = {m.id: m.state for m in plan_books.measures(every_lever())}
    assert found["special-needs-enrolment"] is found["dispute-mediation"] is Carried.TRACKED
    assert found["gas-safety-system"] is Carried.DELIVERED


def test_a_lever_that_is_not_declared_is_said():
    levers = every_lever()
    del levers["school_seats"]
    with pytest.raises(PlanError, match="school_seats: not declared, but measure compulsory-school-expansion names"):
        plan_books.measures(levers)


def test_json_is_a_list_of_objects(capsys):
    assert cli.main(["plan", "measures", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 230
    keys = {"id", "lever", "state", "reason", "section", "title_en", "title_zh", "channel", "counties", "pilot", "plan"}
    assert all(keys <= set(one) and one["state"] in set(Carried) and one["reason"] for one in told)
    hospital = next(one for one in told if one["id"] == "pilot-hospital-to-tertiary")
    assert hospital["pilot"] and hospital["counties"] == "zhangzi" and hospital["mix"] == "action_3_services"
    assert hospital["plan"][-1]["where"] == "pilot"


@pytest.mark.parametrize("to_file", [False, True])
def test_csv_goes_to_a_file_or_to_standard_output(capsys, tmp_path, to_file):
    path = tmp_path / "measures.csv"
    assert cli.main(["plan", "measures", "--csv", str(path) if to_file else "-"]) == 0
    said = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig") if to_file else said)))
    assert len(rows) == 230 and all(row["state"] and row["reason_zh"] for row in rows)
    assert said == f"wrote {path}\n" if to_file else said.startswith("id,section,")


@pytest.mark.parametrize(("lang", "word"), [("en", "230 measures on 92 levers"), ("zh", "230项措施，92个政策变量")])
def test_the_table_counts_the_states(capsys, lang, word):
    assert cli.main(["plan", "measures", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 230 + 2 and word in lines[-1]
    assert plan_labels.state(Carried.TRACKED, lang) in lines[-1]


def test_a_file_that_cannot_be_written_is_bad_input(capsys, tmp_path):
    assert cli.main(["plan", "measures", "--csv", str(tmp_path / "no" / "such.csv")]) == cli.BAD_INPUT
    assert "cannot be written" in capsys.readouterr().err
