"""The ensemble of a prefecture: kept as it was drawn, the same draw for a seed in every scenario, named by content."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analysis.calibration.experiments import FREE, Recent
from analysis.calibration.moments import ORIGIN, read_moments, target_of
from analysis.calibration.space import space_of
from model.spec.registry import REGISTRY
from model.world.datafiles import DataError, data_root
from model.world.ensemble import Ensemble, load_ensemble, save_ensemble
from model.world.tables import load_prefecture
from runs import identity
from runs import plan as planning
from runs.plan import BadRequest, make

KEYS = ("beta_w", "move_cost")
VALUES = np.array([[0.8, 2.0], [1.1, 3.0], [1.6, 1.25]])


@pytest.fixture
def calibrated(monkeypatch):
    monkeypatch.setattr("model.world.ensemble.load_ensemble", lambda prefecture: Ensemble(KEYS, VALUES))


@pytest.fixture
def folder(tmp_path):
    there = tmp_path / "prefectures" / "here"
    there.mkdir(parents=True)
    return dataclasses.replace(load_prefecture(), key="here", root=tmp_path)


def test_an_ensemble_is_read_as_it_was_written(folder):
    path = folder.root / "prefectures" / "here" / "ensemble.csv"
    assert load_ensemble(folder) is None
    save_ensemble(path, KEYS, VALUES)
    found = load_ensemble(folder)
    assert found.keys == KEYS and np.array_equal(found.values, VALUES)
    assert found.draw(4) == {"beta_w": 1.1, "move_cost": 3.0}
    assert found.point() == {"beta_w": 1.1, "move_cost": 2.0}


@pytest.mark.parametrize("text", ["beta_w,no_such\n1,2\n", "beta_w,move_cost\n1,x\n", "beta_w,move_cost\n1,nan\n"])
def test_an_ensemble_that_is_not_whole_is_refused(folder, text):
    (folder.root / "prefectures" / "here" / "ensemble.csv").write_text(text)
    with pytest.raises(DataError, match="calibrate again"):
        load_ensemble(folder)


def test_a_seed_has_one_draw_in_all_scenarios(calibrated):
    plan = make(["current_practice", "action_plan"], scale=0.001, seeds=4)
    of = {(m.scenario, m.seed): m.model_input.params["beta_w"] for m in plan.members}
    for seed in plan.seeds:
        assert of["current_practice", seed] == of["action_plan", seed] == VALUES[seed % 3, 0]
    assert len({m.identity for m in plan.members}) == 8


def test_members_with_draws_are_named_by_their_content(calibrated):
    plan = make(["current_practice"], scale=0.001, seeds=3)
    for member in plan.members:
        assert member.identity == identity.member(member.model_input, sources=plan.sources, data=plan.data)


def test_the_point_is_the_median_for_every_seed(calibrated):
    plan = make(["current_practice"], scale=0.001, seeds=3, parameters=planning.POINT)
    assert {m.model_input.params["beta_w"] for m in plan.members} == {1.1}


def test_what_a_scenario_sets_is_stronger_than_a_draw(calibrated):
    plan = make(["current_practice"], scale=0.001, seeds=3, overrides=["params.beta_w=1.25"])
    assert {m.model_input.params["beta_w"] for m in plan.members} == {1.25}


def test_parameters_come_from_the_ensemble_or_its_point():
    with pytest.raises(BadRequest, match="ensemble"):
        make(["current_practice"], scale=0.001, seeds=1, parameters="best")


def test_no_figure_of_the_prefecture_is_later_than_the_origin():
    moments = read_moments()
    assert all(m.period <= ORIGIN or m.place in ("nation", "province") for m in moments)
    with pytest.raises(DataError, match=r"urban_share_2022 is of 2022-12, after the origin 2021-12"):
        read_moments(origin="2021-12")


def test_figures_lie_in_their_bands_and_hold_a_variance():
    moments = read_moments(data_root() / "statistics" / "moments.csv")
    assert all(m.low < m.value < m.high for m in moments)
    assert np.isfinite(target_of(moments).observed).all() and (target_of(moments).variance > 0.0).all()


def test_a_run_shows_every_figure():
    space = space_of(REGISTRY.params, FREE)
    shown = np.array(Recent(0.002)(space.values(np.zeros(space.size)), 1))
    assert shown.size == len(read_moments()) and np.isfinite(shown).all()
    near = dict(zip((m.key for m in read_moments()), shown))
    assert 14.8 < near["resident_population_2022"] < 15.1
    assert 0.4 < near["urban_share_2022"] < 0.75
    assert all(0.0 < near[key] < 1.0 for key in near if key.startswith("share_"))
