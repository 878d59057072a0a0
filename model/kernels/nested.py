"""The nested choice: tenures within a place and arrangement, within a ring, and staying or leaving (E3, E9).

The joint error of the nested logit (McFadden 1978; Cardell 1997) is drawn exactly through positive stable variables
(Kanter 1975), so that the choice is one argmax and a better place can only gain. Alternatives are rows of
`alt`: place, market, slot (arrangement), nest, tenure, main place; tenures of one market and slot stand together.

U = V + tau (log S_nest + g), with g = fresh log S_kept + rho log S_month + rho e: S_nest, S_kept and S_month positive
stable of index tau, fresh and rho / fresh, e Gumbel by tenure. S_kept is drawn once per (decider, market, slot),
the others every month; g is standard Gumbel, with correlation 1 - rho^2 among the tenures of a place.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, gumbel, log_positive_stable, uniform, uniform_pair

N_NESTS: Final = 5
SLOT_CONFIGS: Final = 8
TENURES: Final = 8
NEAR_NESTS: Final = 3
TASTE, CHOICE, NEST, TENURE_OF_CHOICE = Stream.TASTE, Stream.CHOICE, Stream.NEST, Stream.TENURE_OF_CHOICE


@njit(cache=True)
def nest_shock(seed, uid, month, nest, tau):
    """log S of one nest this month."""
    a, b = uniform_pair(seed, NEST, uid, month, nest)
    return log_positive_stable(a, b, tau)


@njit(cache=True)
def kept_shock(seed, uid, market, slot, fresh):
    """Lasting taste of a decider for a market and arrangement."""
    a, b = uniform_pair(seed, TASTE, uid, 0, market * SLOT_CONFIGS + slot)
    return fresh * log_positive_stable(a, b, fresh)


@njit(cache=True)
def month_shock(seed, uid, month, market, slot, fresh, rho):
    """This month's part of the taste for a market and arrangement, common to its tenures."""
    a, b = uniform_pair(seed, CHOICE, uid, month, market * SLOT_CONFIGS + slot)
    return rho * log_positive_stable(a, b, rho / fresh)


@njit(cache=True)
def tenure_shock(seed, uid, month, market, slot, tenure, rho):
    """This month's shock of one tenure."""
    return rho * gumbel(
        uniform(seed, TENURE_OF_CHOICE, uid, month, (market * SLOT_CONFIGS + slot) * TENURES + tenure)
    )


@njit(cache=True)
def values(v, alt, n, tau, fresh, rho, seed, uid, month, out):
    """U of every alternative of one decider: systematic part plus the shocks above; float64[n] into `out`."""
    log_s = np.zeros(N_NESTS)
    drawn = np.zeros(N_NESTS, np.uint8)
    place, market, slot = 0.0, -1, -1
    for k in range(n):
        nest = alt[k, 3]
        if not drawn[nest]:
            log_s[nest] = nest_shock(seed, uid, month, nest, tau)
            drawn[nest] = 1
        if alt[k, 1] != market or alt[k, 2] != slot:
            market, slot = int(alt[k, 1]), int(alt[k, 2])
            place = kept_shock(seed, uid, market, slot, fresh)
            place += month_shock(seed, uid, month, market, slot, fresh, rho)
        g = place + tenure_shock(seed, uid, month, market, slot, int(alt[k, 4]), rho)
        out[k] = v[k] + tau * (log_s[nest] + g)


@njit(cache=True)
def choose(v, alt, n, tau, fresh, rho, seed, uid, month, near, out):
    """Index of the best alternative; only nests 0-2 (home, own county, prefecture) compete when `near` (a return).

    out: float64[n], receives the value of every alternative.
    """
    values(v, alt, n, tau, fresh, rho, seed, uid, month, out)
    best, best_value = 0, -1e300
    for k in range(n):
        if (not near or alt[k, 3] < NEAR_NESTS) and out[k] > best_value:
            best, best_value = k, out[k]
    return best


@njit(cache=True)
def nested_probabilities(v, alt, n, tau, rho, p):
    """Closed form of the three-level nested logit: p[k] over n alternatives."""
    top = -1e300
    for k in range(n):
        top = max(top, v[k])
    nests = np.zeros(N_NESTS)
    group = np.zeros(n)
    k = 0
    while k < n:
        last, total = k, 0.0
        while last < n and alt[last, 1] == alt[k, 1] and alt[last, 2] == alt[k, 2]:
            p[last] = math.exp((v[last] - top) / (tau * rho))
            total += p[last]
            last += 1
        for j in range(k, last):
            group[j] = total
        nests[alt[k, 3]] += total**rho
        k = last
    whole = 0.0
    for g in range(N_NESTS):
        if nests[g] > 0.0:
            whole += nests[g] ** tau
    for k in range(n):
        inside = nests[alt[k, 3]]
        if group[k] > 0.0:
            p[k] = p[k] / group[k] * group[k] ** rho / inside * inside**tau / whole
