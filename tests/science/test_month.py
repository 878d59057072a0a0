"""The whole month: closing, identity of bytes, placebo and pre-start identity over the registry."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import scenarios
from model.engine import CountyModel, simulate
from model.spec.registry import REGISTRY
from model.world.tables import load_prefecture
from scenarios.compile import compile_scenario
from tests.permute import permute

SCALE = 0.001
MONTHS = 20
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def make_input(name="current_practice", *, seed=1, months=MONTHS, scale=SCALE):
    scenario = scenarios.load(name)
    made = compile_scenario(scenario, load_prefecture(scenario.prefecture), scale=scale, seed=seed)
    levers = {key: path[:months] for key, path in made.levers.items()}
    drivers = {key: path[:months] for key, path in made.drivers.items()}
    return replace(made, n_months=months, levers=levers, drivers=drivers)


@pytest.fixture(scope="module")
def base():
    return simulate(make_input())


@pytest.mark.parametrize("name", ["current_practice", "action_plan"])
def test_heads_and_money_close_after_every_phase(name):
    model = CountyModel(make_input(name, months=60), checked=True)
    results = model.run()
    assert len(results.months) == 60
    delivered, level = model.world.channels.programmes()
    assert results.levers == tuple(REGISTRY.levers) and results.years[-1] == "2025"
    np.testing.assert_array_equal(results.delivered[-1], delivered)
    np.testing.assert_array_equal(results.level[-1], level)
    assert not results.delivered[:4].any(), "nothing is delivered before the plan is issued"
    assert results.delivered[4:].any() == (name == "action_plan")


def test_population_change_is_births_deaths_and_moves(base):
    got = base.indicators
    for place in range(len(base.places)):
        change = np.diff(got["resident_population"][:, place])
        parts = (got["births"] - got["deaths"] + got["in_moves"] - got["out_moves"])[1:, place]
        np.testing.assert_allclose(change, parts, atol=1e-6)


def test_urban_growth_is_its_three_lines(base):
    got = base.indicators
    lines = got["urban_growth_moves"] + got["urban_growth_natural"] + got["urban_growth_reclassification"]
    np.testing.assert_allclose(np.diff(got["urban_population"], axis=0), lines[1:], atol=1e-6)


def test_same_seed_same_bytes_and_another_seed_differs(base):
    assert simulate(make_input()).digest() == base.digest()
    assert simulate(make_input(seed=2)).digest() != base.digest()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_threads_and_hash_seed_change_no_byte(base, threads):
    code = (
        "from tests.science.test_month import make_input\n"
        "from model.engine import simulate\n"
        "print(simulate(make_input()).digest())"
    )
    env = dict(os.environ, NUMBA_NUM_THREADS=threads, PYTHONHASHSEED=threads, PYTHONPATH=ROOT)
    out = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == base.digest()


def test_order_of_residents_changes_no_byte(base):
    model = CountyModel(make_input())
    permute(model.world)
    assert model.run().digest() == base.digest()


@pytest.mark.parametrize("key", list(REGISTRY.levers))
def test_lever_at_practice_changes_no_byte(base, key):
    """What a scenario calls current practice is what the channels call practice, to the last bit."""
    made = make_input(months=8)
    left_out = {name: path for name, path in made.levers.items() if name != key}
    same_as_base(simulate(replace(made, levers=left_out)), base, 8)


@pytest.mark.parametrize("key", list(REGISTRY.levers))
def test_lever_changes_nothing_before_it_starts(base, key):
    lever, start = REGISTRY.levers[key], 6
    made = make_input(months=10)
    path = made.levers[key].copy()
    if lever.apportion is None:
        path[start:] = np.where(path[start:] < lever.bounds[1], lever.bounds[1], lever.bounds[0])
    else:
        path[start:] = path[start:] * 2.0 + 1.0
    same_as_base(simulate(replace(made, levers={**made.levers, key: path})), base, start)


def same_as_base(results, base, months):
    """Every indicator of the first months, byte for byte."""
    for indicator, values in results.indicators.items():
        assert values[:months].tobytes() == base.indicators[indicator][:months].tobytes(), indicator
