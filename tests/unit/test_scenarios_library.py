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
from scenarios.api import ProblemsError
from scenarios.fields import read_lever
from scenarios.parts import PARTS, THEMES, home, levers_of, measures, part_of
from scenarios.places import ground_of
from scenarios.schedule import KINDS
from scenarios.schema import HEADER
from scenarios.select import groups, select
from scenarios.write_library import files

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


def plan_setting(key):
    return read_lever(key, REGISTRY.levers[key].plan)[0]


def test_the_action_plan_is_what_the_registry_says_the_plan_is():
    assert load("action_plan").levers == {key: plan_setting(key) for key in REGISTRY.levers}


@pytest.mark.parametrize("name", files())
def test_a_generated_file_is_fresh(name):
    committed = (library.LIBRARY / name).read_text(encoding="utf-8")
    assert committed == files()[name], f"{name} is out of date; run xiancheng docs and commit it"


def test_every_mix_is_generated():
    assert {f"mixes/{name}.yaml" for name in library.names("mixes")} | {"action_plan.yaml"} == set(files())


def test_each_lever_lives_in_one_part_and_the_parts_are_the_plan():
    chosen = [part.name for part in PARTS if levers_of(part, REGISTRY.levers)]
    plan = load("action_plan")
    assert list(plan.mixes) == chosen
    setters = [key for name in chosen for key in load(name).levers]
    assert sorted(setters) == sorted(REGISTRY.levers) and len(set(setters)) == len(setters)
    assert all(settings == plan_setting(key) for name in chosen for key, settings in load(name).levers.items())


def test_the_document_has_its_parts():
    kinds = [name.partition("_")[0] for name in (part.name for part in PARTS)]
    assert [kinds.count(kind) for kind in ("action", "linkage", "reform")] == [8, 8, 4]
    sections = [section for part in PARTS for section in part.sections]
    assert len(set(sections)) == len(sections) == 31
    openings = {m.section for m in measures()} - set(sections)
    assert openings == {"四", "四(一)", "四(二)"}
    assert {home(m.lever) for m in measures()} == set(PARTS)


def test_a_part_names_every_measure_of_its_sections_and_all_that_its_levers_carry():
    for part in PARTS:
        name = f"mixes/{part.name}.yaml"
        if name not in files():
            continue
        own = levers_of(part, REGISTRY.levers)
        for m in measures():
            if part_of(m.section) == part or m.lever in own:
                assert m.id in files()[name], f"{name} does not name {m.id}"


def test_two_mixes_with_the_same_lever_cannot_be_mixed(tmp_path):
    for pair in ("action_3_services, public_services", "rent_settlement, settlement_reform"):
        path = tmp_path / "both.yaml"
        path.write_text(f"mix: [{pair}]\n", encoding="utf-8")
        with pytest.raises(ProblemsError, match="both set levers"):
            load(str(path))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_theme_uses_the_settings_of_the_plan(theme):
    scenario = load(theme.name)
    assert set(scenario.levers) == set(theme.levers) & set(REGISTRY.levers) != set()
    assert all(settings == plan_setting(key) for key, settings in scenario.levers.items())
    assert set(theme.levers) <= {m.lever for m in measures()}


def test_what_the_plan_asks_of_one_place_holds_there(prefecture):
    made = compile_scenario(load("action_plan"), prefecture)
    last = {key: path[-1] for key, path in made.levers.items()}
    pilot = np.asarray(prefecture.pilot, bool)
    assert np.all(last["county_hospital_level"] == np.where(pilot, 3.0, 2.0))
    practice = compile_scenario(load("current_practice"), prefecture).levers
    tourism = np.array([kind == "culture-tourism" for kind in prefecture.functional_types])
    members = groups(prefecture.plan_folder)
    corridor, node = (np.isin(prefecture.unit_keys, members[name]) for name in ("corridor", "rail_node"))
    times = last["tourism_investment"] / practice["tourism_investment"][-1]
    np.testing.assert_allclose(times, np.where(tourism, 2.0, np.where(corridor, 1.75, 1.5)))
    np.testing.assert_allclose(last["logistics_cost_cut"], np.where(node, 0.12, 0.1))


def test_every_group_of_the_plan_is_a_column_of_known_places(prefecture):
    ground = ground_of(prefecture)
    for name, members in groups(prefecture.plan_folder).items():
        assert set(members) <= set(prefecture.unit_keys), name
        assert ground.table[name].sum() == len(set(members)) == len(members)
        assert select(name, ground.table).any()


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
    assert "mix" in lines[2] and "mixes/action_3_services.yaml:" in lines[2] and lines[2].endswith("times: 1.5")
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
    n_settings = sum(map(len, scenario.levers.values()))
    assert len(en.splitlines()) == len(zh.splitlines()) == n_settings + 2
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
