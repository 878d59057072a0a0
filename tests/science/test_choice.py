"""The nested choice: closed form with tenures, kept shocks, order of alternatives; equal places split equally."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from model.kernels.choice import COLUMNS
from model.kernels.nested import N_NESTS, SLOT_CONFIGS, choose, nested_probabilities
from model.kernels.shocks import kept_shock, month_shock, nest_shock, shocks_of, tenure_shock

# Market, slot, nest, tenure: home, a town with three tenures, another with two, a worker there, places farther away.
ROWS = [
    (0, 0, 0, 0), (1, 0, 1, 2), (1, 0, 1, 3), (1, 0, 1, 1), (2, 0, 1, 2), (2, 0, 1, 1), (2, 2, 1, 2), (3, 0, 2, 2),
    (4, 0, 2, 2), (5, 0, 4, 2),
]
N = len(ROWS)
ALT = np.zeros((N, COLUMNS), np.int16)
ALT[:, 1:5] = ROWS
V = np.array([0.5, 0.1, -0.3, 0.0, 0.4, -0.6, 0.2, 0.1, -1.0, 0.2])
DECIDERS = 200_000


@njit
def _choices(v, alt, n, shocks, deciders, near):
    out, u, log_s = np.empty(deciders, np.int64), np.empty(n), np.empty(N_NESTS)
    for i in range(deciders):
        out[i] = choose(v, alt, n, shocks, np.uint64(i + 1), near, log_s, u)
    return out


def pick(v, *, tau=0.6, fresh=0.8, rho=0.5, seed=3, month=1, near=False, alt=ALT):
    shocks = shocks_of(tau, fresh, rho, np.uint64(seed), month)
    return _choices(np.asarray(v, float), alt, len(v), shocks, DECIDERS, near)


def closed_form(v, tau, rho, alt=ALT):
    """Three-level nested logit by the textbook formula, written independently of the kernel."""
    share = np.zeros(len(v))
    nests = {int(n): alt[:, 3] == n for n in np.unique(alt[:, 3])}
    inclusive = {}
    for nest, members in nests.items():
        groups = {(m, s) for m, s in alt[members][:, 1:3].tolist()}
        value = {
            g: rho * np.log(sum(np.exp(v[k] / (tau * rho)) for k in range(len(v)) if tuple(alt[k, 1:3]) == g))
            for g in groups
        }
        inclusive[nest] = np.log(sum(np.exp(x) for x in value.values()))
        for k in np.flatnonzero(members):
            g = (int(alt[k, 1]), int(alt[k, 2]))
            share[k] = np.exp(v[k] / (tau * rho) - value[g] / rho + value[g] - inclusive[nest])
    for nest, members in nests.items():
        share[members] *= np.exp(tau * inclusive[nest]) / sum(np.exp(tau * x) for x in inclusive.values())
    return share


def within_error(share, wanted):
    return np.all(np.abs(share - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / DECIDERS) + 1e-9)


@pytest.mark.parametrize(
    ("tau", "fresh", "rho"), [(0.4, 0.8, 0.5), (0.6, 0.8, 0.8), (0.6, 1.0, 0.3), (1.0, 0.6, 0.6), (1.0, 1.0, 1.0)]
)
def test_shares_equal_the_closed_form(tau, fresh, rho):
    share = np.bincount(pick(V, tau=tau, fresh=fresh, rho=rho), minlength=N) / DECIDERS
    assert within_error(share, closed_form(V, tau, rho))


def test_two_places_with_equal_utility_split_as_the_nested_logit_says():
    """Alike towns share alike, whatever the number of tenures in each; a third tenure draws from its own town first."""
    alt = ALT[[0, 1, 3, 4, 5]].copy()
    v = np.array([0.0, 0.3, 0.3, 0.3, 0.3])
    share = np.bincount(pick(v, alt=alt), minlength=5) / DECIDERS
    wanted = closed_form(v, 0.6, 0.5, alt)
    assert within_error(share, wanted)
    assert wanted[1] + wanted[2] == pytest.approx(wanted[3] + wanted[4])
    more = np.array([0.0, 0.3, 0.3, 0.3, 0.3, 0.3])
    wider = closed_form(more, 0.6, 0.5, ALT[[0, 1, 2, 3, 4, 5]])
    gain = wider[1:4].sum() - wanted[1:3].sum()
    assert 0.0 < gain < 0.5 * wider[2], "most tenants of the new homes would have lived in that town anyway"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=N, max_size=N), st.floats(0.2, 1.0), st.floats(0.3, 1.0))
def test_kernel_probabilities_equal_the_textbook(v, tau, rho):
    p = np.empty(N)
    nested_probabilities(np.array(v), ALT, N, tau, rho, p)
    np.testing.assert_allclose(p, closed_form(np.array(v), tau, rho), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("row", [3, 4, 8])
def test_a_better_alternative_gains_and_nobody_switches_between_two_others(row):
    better = V.copy()
    better[row] += 0.5
    before, after = pick(V), pick(better)
    changed = before != after
    assert changed.any()
    assert np.all(after[changed] == row)


def test_a_new_tenure_takes_people_and_moves_nobody_between_others():
    fewer = np.delete(np.arange(N), 3)
    before = fewer[pick(V[fewer], alt=np.ascontiguousarray(ALT[fewer]))]
    after = pick(V)
    assert np.all(after[before != after] == 3)


def test_order_of_alternatives_does_not_matter():
    order = np.array([7, 0, 9, 3, 1, 2, 8, 6, 5, 4])
    a, b = pick(V), pick(V[order], alt=np.ascontiguousarray(ALT[order]))
    assert np.array_equal(a, order[b])


def test_taste_persists_between_months():
    same = np.mean(pick(V, fresh=0.5, rho=0.5, month=1) == pick(V, fresh=0.5, rho=0.5, month=2))
    none = np.mean(pick(V, fresh=1.0, rho=0.5, month=1) == pick(V, fresh=1.0, rho=0.5, month=2))
    assert same > none + 0.1


def test_a_return_stays_within_the_prefecture():
    chosen = pick(V, near=True)
    assert np.all(ALT[chosen, 3] <= 2)


def test_the_parts_of_a_shock_make_up_the_value_of_a_choice():
    """What `choose` adds to a utility can be asked for part by part, for one household."""
    shocks, uid, u = shocks_of(0.6, 0.8, 0.5, np.uint64(5), 7), np.uint64(9), np.empty(N)
    best = choose(V, ALT, N, shocks, uid, False, np.empty(N_NESTS), u)
    for k, (market, slot, nest, tenure) in enumerate(ROWS):
        place = market * SLOT_CONFIGS + slot
        g = kept_shock(shocks, uid, place) + month_shock(shocks, uid, place)
        g += tenure_shock(shocks, uid, place, tenure)
        assert u[k] == pytest.approx(V[k] + shocks.tau * (nest_shock(shocks, uid, nest) + g))
    assert best == int(np.argmax(u))
