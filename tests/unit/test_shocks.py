"""Tabulated errors of the choice: within their stated bound of the exact ones, and of the right law."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from model.kernels.shocks import (
    BOUND,
    best_lane,
    gumbel_table,
    kept_shock,
    lane_of,
    look_up,
    shocks_of,
    stable_table,
)
from model.spec.codes import Tenure
from tests.reference.shocks import log_positive_stable


@njit
def _look_up(table, words):
    out = np.empty(words.size)
    for i in range(words.size):
        out[i] = look_up(table, words[i])
    return out


@njit
def _exact(u, v, index):
    out = np.empty(u.size)
    for i in range(u.size):
        out[i] = log_positive_stable(u[i], v[i], index)
    return out


@njit
def _kept(shocks, n):
    out = np.empty(n)
    for i in range(n):
        out[i] = kept_shock(shocks, np.uint64(i + 1), 3)
    return out


def words():
    """Every octave of both sides, and many in between."""
    ends = np.concatenate([2 ** np.arange(31), 2 ** np.arange(1, 32) - 1, np.arange(200)])
    drawn = np.random.default_rng(1).integers(0, 2**32, 300_000)
    return np.unique(np.concatenate((ends, 2**32 - 1 - ends, drawn))).astype(np.uint32)


def uniform_of(word):
    t = ((np.where(word >> 31, ~word, word) & 0x7FFFFFFF) | 1).astype(np.float64) * 2.0**-32
    return np.where(word >> 31, 1.0 - t, t), t


def test_gumbel_is_within_its_bound():
    word = words()
    _, t = uniform_of(word)
    exact = -np.log(-np.where(word >> 31, np.log1p(-t), np.log(t)))
    assert np.abs(_look_up(gumbel_table(), word) - exact).max() < BOUND


@pytest.mark.parametrize("index", [0.15, 0.4, 0.62, 0.8, 0.97])
def test_stable_is_within_its_bound(index):
    word = words()
    u, t = uniform_of(word)
    sure = t > 2.0**-24  # nearer to 1 the exact formula itself loses digits
    table, scale = stable_table(index, 1.0)
    half = np.full(u.size, 0.5)
    exact = _exact(u, half, index) - scale * -np.log(np.log(2.0))
    assert np.abs(_look_up(table, word) - exact)[sure].max() < BOUND


def test_drawn_tastes_follow_the_stable_law():
    """exp(-t S) has mean exp(-t**index)."""
    shocks = shocks_of(0.5, 0.7, 0.4, np.uint64(3), 1)
    s = np.exp(_kept(shocks, 400_000) / 0.7)
    for t in (0.3, 1.0, 3.0):
        assert np.exp(-t * s).mean() == pytest.approx(np.exp(-(t**0.7)), abs=0.003)


def test_drawn_gumbels_are_gumbel():
    word = np.random.default_rng(2).integers(0, 2**32, 50_000).astype(np.uint32)
    assert stats.kstest(_look_up(gumbel_table(), word), "gumbel_r").pvalue > 0.001


def test_index_one_has_no_spread():
    table, scale = stable_table(1.0, 0.6)
    assert scale == 0.0 and not table.any()


def test_look_up_never_falls():
    word = np.sort(words())
    assert (np.diff(_look_up(gumbel_table(), word)) >= -1e-6).all()


def test_best_lane_is_the_best_of_all_tenures():
    word = np.random.default_rng(4).integers(0, 2**63, 2000).astype(np.uint64)
    lanes = [[lane_of(w, tenure) for tenure in Tenure] for w in word]
    assert [best_lane(w) for w in word] == [max(row) for row in lanes]
    assert all(len(set(row)) == 3 for row in lanes)
