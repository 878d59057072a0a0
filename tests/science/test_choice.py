"""The nested choice: closed form, kept shocks, permutation of alternatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from model.kernels.choice import choose, nested_probabilities

N = 7
ALT = np.zeros((N, 4), np.int16)
ALT[:, 1] = np.arange(N)
ALT[:, 3] = [0, 1, 1, 2, 2, 2, 4]
V = np.array([0.5, 0.1, -0.3, 0.0, 0.4, -1.0, 0.2])
DECIDERS = 200_000


@njit
def _choices(v, alt, n, tau, fresh, seed, deciders, month, near):
    out = np.empty(deciders, np.int64)
    for i in range(deciders):
        out[i] = choose(v, alt, n, tau, fresh, seed, np.uint64(i + 1), month, near)
    return out


def pick(v, *, tau=0.6, fresh=0.8, seed=3, month=1, near=False, alt=ALT):
    return _choices(np.asarray(v, float), alt, len(v), tau, fresh, np.uint64(seed), DECIDERS, month, near)


def closed_form(v, tau, alt=ALT):
    """Nested logit by the textbook formula, written independently of the kernel."""
    share = np.zeros(len(v))
    for nest in np.unique(alt[:, 3]):
        members = alt[:, 3] == nest
        inclusive = np.log(np.exp(v[members] / tau).sum())
        share[members] = np.exp(v[members] / tau - inclusive) * np.exp(tau * inclusive)
    return share / share.sum()


@pytest.mark.parametrize(("tau", "fresh"), [(0.4, 0.8), (0.6, 0.8), (0.6, 1.0), (1.0, 0.6)])
def test_shares_equal_the_closed_form(tau, fresh):
    share = np.bincount(pick(V, tau=tau, fresh=fresh), minlength=N) / DECIDERS
    wanted = closed_form(V, tau)
    assert np.all(np.abs(share - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / DECIDERS))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=N, max_size=N), st.floats(0.2, 1.0))
def test_kernel_probabilities_equal_the_textbook(v, tau):
    p = np.empty(N)
    nested_probabilities(np.array(v), ALT, N, tau, p)
    np.testing.assert_allclose(p, closed_form(np.array(v), tau), rtol=1e-9, atol=1e-12)


def test_a_better_town_gains_and_nobody_switches_between_two_others():
    better = V.copy()
    better[4] += 0.5
    before, after = pick(V), pick(better)
    changed = before != after
    assert changed.any()
    assert np.all(after[changed] == 4)


def test_order_of_alternatives_does_not_matter():
    order = np.array([3, 0, 6, 2, 5, 1, 4])
    a, b = pick(V), pick(V[order], alt=np.ascontiguousarray(ALT[order]))
    assert np.array_equal(a, order[b])


def test_taste_persists_between_months():
    same = np.mean(pick(V, fresh=0.5, month=1) == pick(V, fresh=0.5, month=2))
    none = np.mean(pick(V, fresh=1.0, month=1) == pick(V, fresh=1.0, month=2))
    assert same > none + 0.1


def test_a_return_stays_within_the_prefecture():
    chosen = pick(V, near=True)
    assert np.all(ALT[chosen, 3] <= 2)
