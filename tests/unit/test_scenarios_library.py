"""The library: every file is right, the plan is the plan, and what is compiled is what the model takes as practice."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.channels import Channels
from model.spec.registry import REGISTRY
from model.world.quantities import unit_quantities
from model.world.tables import load_prefecture
from scenarios import compile_scenario, explain, library, load
from scenarios.fields import read_lever
from scenarios.schedule import KINDS
from scenarios.schema import HEADER

ROOT = Path(__file__).resolve().parents[2]
NAMES = [path.stem for path in library.files()]


@pytest.fixture(scope="module")
def prefecture():
    return load_prefecture("changzhi")


@pytest.mark.parametrize("name", NAMES)
def test_every_file_loads_and_is_a_scenario_of_its_own(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title.en
    assert scenario.title.zh
    assert scenario.title.en != scenario.title.zh
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_current_practice_sets_nothing():
    scenario = load("current_practice")
    assert not scenario.levers
    assert not scenario.params


def test_the_action_plan_is_what_the_registry_says_the_plan_is():
    scenario = load("action_plan")
    assert scenario.levers == {key: read_lever(key, lever.plan)[0] for key, lever in REGISTRY.levers.items()}
    text = (library.LIBRARY / "action_plan.yaml").read_text(encoding="utf-8")
    for lever in REGISTRY.levers.values():
        for clause in lever.clauses:
            assert clause in text, f"{lever.key} does not name {clause}"


def test_mixes_use_the_plan_and_share_no_lever_but_the_two_that_are_alternatives():
    setters: dict[str, list[str]] = {}
    for name in library.names("mixes"):
        scenario = load(name)
        assert scenario.levers
        for key, settings in scenario.levers.items():
            assert settings == read_lever(key, REGISTRY.levers[key].plan)[0]
            setters.setdefault(key, []).append(name)
    shared = {key: names for key, names in setters.items() if len(names) > 1}
    assert shared == {"hukou_rent_route": ["rent_settlement", "settlement_reform"]}
    assert set(setters) == set(REGISTRY.levers)


def test_all_mixes_together_are_the_action_plan(tmp_path):
    names = [name for name in library.names("mixes") if name != "rent_settlement"]
    path = tmp_path / "together.yaml"
    path.write_text(f"mix: [{', '.join(names)}]\n", encoding="utf-8")
    together = load(str(path))
    assert together.mixes == tuple(names)
    assert together.to_json() == load("action_plan").to_json()


def test_futures_differ_only_in_the_future():
    texts = {name: json.loads(load(name).to_json()) for name in library.names("futures")}
    assert {name: text.pop("future") for name, text in texts.items()} == {name: name for name in texts}
    assert all(text == texts["central"] for text in texts.values())
    assert load("central").to_json() == load("current_practice").to_json()


def test_compiled_practice_is_the_practice_of_the_channels_to_the_last_bit(prefecture):
    channels = Channels.start(REGISTRY, prefecture.n_units, unit_quantities(prefecture))
    made = compile_scenario(load("current_practice"), prefecture)
    said = {key: (lever.practice, "value") for key, lever in REGISTRY.levers.items()}
    neutral = [f"levers.{key}={number!r}" for key, (number, _) in said.items()]
    again = compile_scenario(load("current_practice", neutral), prefecture)
    times = compile_scenario(load("current_practice", [f"levers.{key}={{times: 1}}" for key in said]), prefecture)
    for key in REGISTRY.levers:
        wanted = np.broadcast_to(channels.practice(key), made.levers[key].shape)
        for compiled in (made, again, times):
            assert np.array_equal(compiled.levers[key], wanted), key


def test_nothing_changes_before_the_plan_was_issued(prefecture):
    base = compile_scenario(load("current_practice"), prefecture)
    plan = compile_scenario(load("action_plan"), prefecture)
    issued = 2024 * 12 + 6 - plan.start_ordinal
    for key in REGISTRY.levers:
        assert np.array_equal(plan.levers[key][:issued], base.levers[key][:issued]), key
    assert sum(not np.array_equal(plan.levers[key], base.levers[key]) for key in REGISTRY.levers) >= 35


def test_what_a_run_receives(prefecture):
    scenario = load("action_plan", ["params.beta_w=1.5", "end=2024-12", "scale=0.01"])
    made = compile_scenario(scenario, prefecture, seed=7, params={"beta_w": 0.9, "tau_nest": 0.7})
    assert (made.prefecture, made.seed, made.scale, made.n_months) == ("changzhi", 7, 0.01, 50)
    assert set(made.params) == set(REGISTRY.params)
    assert (made.params["beta_w"], made.params["tau_nest"]) == (1.5, 0.7)
    assert REGISTRY.param_values(made.params)["beta_w"] == 1.5
    for array in made.levers.values():
        assert array.shape == (50, prefecture.n_units)
        assert np.isfinite(array).all()
        assert not array.flags.writeable
    assert all(array.shape == (50,) for array in made.drivers.values())


def test_identity_hears_what_makes_results_and_nothing_else(tmp_path):
    plan = load("action_plan")
    assert load("action_plan", ["seeds.count=3"]).to_json() == plan.to_json()
    assert load("action_plan", ["end=2026-12"]).to_json() != plan.to_json()
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("set: {levers.school_seats: 5000, levers.job_matching: {value: 1, where: kind=='core'}}\n")
    two.write_text("set:\n  levers:\n    job_matching: [{where: '(kind == \"core\")', value: 1.0}]\n"
                   "    school_seats: {value: 5000 seats/year}\n")
    assert load(str(one)).to_json() == load(str(two)).to_json()


@pytest.mark.parametrize("name", NAMES)
def test_the_resolved_file_is_the_same_scenario(name, tmp_path):
    overrides = ["levers.job_matching=[{value: 0.9, where: pilot}]", "params.beta_w=1.25", "seeds.count=3"]
    scenario = load(name, overrides)
    path = tmp_path / f"{name}.yaml"
    path.write_text(scenario.resolved_yaml(), encoding="utf-8")
    again = load(str(path))
    assert again.to_json() == scenario.to_json()
    assert (again.title, again.seeds) == (scenario.title, scenario.seeds)
    assert "# --set" in path.read_text(encoding="utf-8")
    assert "# current_practice.yaml:" in path.read_text(encoding="utf-8")


def test_explaining_one_key_names_every_file_and_marks_what_stands():
    scenario = load("action_plan", ["levers.school_seats.times=3"])
    lines = explain(scenario, "levers.school_seats").splitlines()
    assert lines[0] == f"levers.school_seats  {REGISTRY.levers['school_seats'].text.en}"
    assert lines[1].split()[:2] == ["current", "practice"]
    assert "set" in lines[2] and "action_plan.yaml:" in lines[2] and lines[2].endswith("times: 1.5")
    assert lines[2][2] == " " and lines[3][2] == "*" and lines[4][2] == "*"
    assert lines[4].split()[-2:] == ["times:", "3"]
    assert lines[-1].startswith("so: 3 times current practice, from 2024-07 (now ")
    assert explain(scenario, "school_seats") == "\n".join(lines)
    assert "current_practice.yaml" in explain(scenario, "scale")


def test_the_difference_is_told_in_two_languages_with_its_places():
    scenario = load("rural_revival", ["levers.job_matching={value: 0.9, where: functional_type == 'ecological'}"])
    en, zh = explain(scenario), explain(scenario, lang="zh")
    assert "in Pingshun County, Licheng County, Huguan County (3 of 12)" in en
    assert "平顺县、黎城县、壶关县" in zh
    for text, lang in ((en, "en"), (zh, "zh")):
        for key in scenario.levers:
            assert getattr(REGISTRY.levers[key].text, lang) in text
    assert len(en.splitlines()) == len(zh.splitlines()) == len(scenario.levers) + 2
    assert explain(load("current_practice")).startswith("Current practice: no lever and no parameter differs")


def test_checking_loads_no_heavy_package():
    code = (
        "import sys; from analysis.cli import main; code = main(['check']); "
        "heavy = {'numba', 'pandas', 'matplotlib', 'scipy', 'mesa', 'pyarrow'} & set(sys.modules); "
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(NAMES)


def test_the_command_line_tells_all_files_at_once_and_ends_with_2(tmp_path, capsys, monkeypatch):
    from analysis.cli import main

    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text("set: {levers.x_x_x: 1}\n")
    Path("two.yaml").write_text("set: {levers.y_y_y: 1}\n")
    assert main(["check", "one.yaml", "action_plan", "two.yaml"]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"ok  action_plan: Action plan · 行动方案; sets {len(REGISTRY.levers)} keys"]
    assert said.err == (
        "1 problem in one.yaml\n  1:7  levers.x_x_x  unknown lever\n"
        "1 problem in two.yaml\n  1:7  levers.y_y_y  unknown lever\n"
    )
    assert main(["explain", "action_plan", "job_matchng"]) == 2
    assert "job_matchng: unknown key; did you mean job_matching?" in capsys.readouterr().err
    assert main(["explain", "action_plan", "--lang", "zh"]) == 0
    assert "行动方案" in capsys.readouterr().out


def yaml_blocks() -> list[tuple[str, str]]:
    pages = [ROOT / "README.md", ROOT / "docs" / "scenarios.md", ROOT / "docs" / "zh" / "scenarios.md"]
    return [
        (f"{page.parent.name}/{page.name}", block.split("```")[0])
        for page in pages
        for block in page.read_text(encoding="utf-8").split("```yaml\n")[1:]
    ]


@pytest.mark.parametrize(("page", "block"), yaml_blocks())
def test_what_the_pages_show_is_right(page, block, tmp_path):
    path = tmp_path / "shown.yaml"
    path.write_text(block, encoding="utf-8")
    assert load(str(path)).levers


@pytest.mark.parametrize("page", ["docs/scenarios.md", "docs/zh/scenarios.md"])
def test_the_pages_name_every_file_key_and_kind(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    words = [*NAMES, *library.OWN_KEYS, "set", *HEADER, *KINDS, "where", "from", "to", "!reset"]
    assert [word for word in words if f"{word}`" not in text and f"{word}:" not in text] == []
