"""Heads, money and households close after every phase, whatever the levers are set to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.engine import simulate
from model.spec.registry import REGISTRY
from tests.science.test_levers import full_path
from tests.science.test_month import make_input

SCALE = 0.001
MIX_MONTHS = 16
"""November 2020 to February 2022: two Decembers, a school term and a Spring Festival."""
LEVERS = tuple(REGISTRY.levers)


def shares(key, practice):
    """1 for a level; for a total of the prefecture each unit's share, even where practice is nothing."""
    if REGISTRY.levers[key].apportion is None:
        return np.ones(practice.shape[1])
    total = practice[0].sum()
    return practice[0] / total if total > 0.0 else np.full(practice.shape[1], 1.0 / practice.shape[1])


def at_ends(made, end: int, start: int = 2):
    """Every lever at one end of its bounds (0 low, 1 high) from `start`, totals shared out as practice is."""
    levers = {}
    for key, lever in REGISTRY.levers.items():
        path = made.levers[key].copy()
        path[start:] = lever.bounds[end] * shares(key, path)
        levers[key] = path
    return replace(made, levers=levers)


def test_all_levers_together_at_full_strength_close():
    made = make_input(months=40, scale=0.002)
    levers = {key: full_path(key, made.levers[key]) for key in LEVERS}
    assert len(simulate(replace(made, levers=levers), checked=True).months) == 40


@pytest.mark.parametrize("end", [0, 1])
def test_all_levers_together_at_either_end_close(end):
    assert len(simulate(at_ends(make_input(months=30), end), checked=True).months) == 30


@st.composite
def mixes(draw):
    """Some levers, each with a start and a strength by unit between its bounds."""
    chosen = draw(st.lists(st.sampled_from(LEVERS), min_size=1, max_size=12, unique=True))
    seed = draw(st.integers(0, 2**31))
    starts = {key: draw(st.integers(0, MIX_MONTHS - 2)) for key in chosen}
    return starts, seed


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(mixes())
def test_random_mixes_of_levers_close(mix):
    starts, seed = mix
    made = make_input(months=MIX_MONTHS)
    rng = np.random.default_rng(seed)
    levers = dict(made.levers)
    for key, start in starts.items():
        lever, path = REGISTRY.levers[key], made.levers[key].copy()
        path[start:] = rng.uniform(*lever.bounds, size=path.shape[1]) * shares(key, path)
        levers[key] = path
    assert len(simulate(replace(made, levers=levers), checked=True).months) == MIX_MONTHS
