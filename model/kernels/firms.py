"""Firm kernels: whole firms that open and close in every market, industry and size class (E14)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform_pair

FIRM: Final = Stream.FIRM
SLOT_ENTRY, SLOT_YOUNG, SLOT_OLD, SLOT_GROWN = 5, 6, 7, 8
NORMAL_FROM: Final = 200.0
"""Mean from which counts are drawn as rounded normal numbers."""


@njit(cache=True)
def poisson_of(u, v, mean):
    """A Poisson count by inversion of u; for large means a rounded normal number from u and v."""
    if mean <= 0.0:
        return 0
    if mean > NORMAL_FROM:
        z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
        return max(0, math.floor(mean + math.sqrt(mean) * z + 0.5))
    k, term = 0, math.exp(-mean)
    total = term
    while u > total and (k < mean or term > 1e-18):
        k += 1
        term *= mean / k
        total += term
    return k


@njit(cache=True)
def binomial_of(u, v, n, chance):
    """A binomial count by inversion of u; for large means a rounded normal number from u and v."""
    if n <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return n
    mean = n * chance
    if mean > NORMAL_FROM:
        z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
        return min(n, max(0, math.floor(mean + math.sqrt(mean * (1.0 - chance)) * z + 0.5)))
    odds = chance / (1.0 - chance)
    k, term = 0, math.exp(n * math.log1p(-chance))
    total = term
    while u > total and k < n:
        k += 1
        term *= (n - k + 1) / k * odds
        total += term
    return k


@njit(cache=True)
def turn_over(seed, month, uid, young, old, entry, entry_plain, exit_young, exit_old, grown):
    """Firms that open, close and grow up this month; one row per cell.

    young, old: int64[n] firms. entry, entry_plain: float64[n], mean entries with and without what makes entry easier;
    both counts come from one draw, so that relief adds firms and moves no others. exit_young, exit_old: float64[n]
    chances of closing; grown: chance that a young firm passes its third year.
    Returns int64[n] each: entries, entries due to relief, closed young, closed old, grown up.
    """
    n = uid.size
    out = np.zeros((5, n), np.int64)
    for k in range(n):
        if entry[k] > 0.0:
            u, v = uniform_pair(seed, FIRM, uid[k], month, SLOT_ENTRY)
            out[0, k] = poisson_of(u, v, entry[k])
            out[1, k] = max(0, out[0, k] - poisson_of(u, v, entry_plain[k]))
        if young[k] > 0:
            u, v = uniform_pair(seed, FIRM, uid[k], month, SLOT_YOUNG)
            out[2, k] = binomial_of(u, v, young[k], exit_young[k])
            u, v = uniform_pair(seed, FIRM, uid[k], month, SLOT_GROWN)
            out[4, k] = binomial_of(u, v, young[k] - out[2, k], grown)
        if old[k] > 0:
            u, v = uniform_pair(seed, FIRM, uid[k], month, SLOT_OLD)
            out[3, k] = binomial_of(u, v, old[k], exit_old[k])
    return out[0], out[1], out[2], out[3], out[4]


@njit(cache=True)
def whole_firms(seed, month, uid, slot, mean):
    """Poisson numbers of firms that a programme brings, int64[n], from float64[n] means."""
    out = np.zeros(uid.size, np.int64)
    for k in range(uid.size):
        if mean[k] > 0.0:
            u, v = uniform_pair(seed, FIRM, uid[k], month, slot)
            out[k] = poisson_of(u, v, mean[k])
    return out
