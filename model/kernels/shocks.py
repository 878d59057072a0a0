"""Errors of the nested choice from tables: two hashed words and two look-ups for what takes five logarithms and sines.

A positive stable variable of index a is S = (A(pi u) / E)^((1 - a) / a), E standard exponential (Kanter 1975), so
log S = c log A(pi u) + c G with c = (1 - a) / a and G standard Gumbel. Both are functions of one uniform each; they are
tabulated over 31 octaves of the distance to the nearer end of (0, 1), 32 pieces an octave, linear between. The error of
a draw is below `BOUND` over the whole range of the registry's indices, in both tails (tested).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.rng import Stream, mix_uid
from model.kernels.screen import screen_key

PIECE_BITS: Final = 5
OCTAVES: Final = 31
PIECES: Final = (OCTAVES << PIECE_BITS) + 1
SHIFT: Final = 23 - PIECE_BITS
FIRST: Final = 127 << PIECE_BITS
REST: Final = np.int32((1 << SHIFT) - 1)
PER_PIECE: Final = np.float32(2.0**-SHIFT)
HALF_RANGE: Final = np.uint32(0x7FFFFFFF)
BOUND: Final = 5e-4
"""Largest error of a draw, in units of its scale."""
S31, S32 = np.uint32(31), np.uint64(32)
LOW: Final = np.uint64(0xFFFFFFFF)
TENURE_WORDS: Final = 1 << 20
NEST_WORDS: Final = 1 << 21


class Shocks(NamedTuple):
    """What the errors of one month are drawn with. Tables: float32[2, PIECES, 2], value and slope by side and piece."""

    tau: float
    rho: float
    nest: np.ndarray  # log S of index tau
    nest_scale: float
    kept: np.ndarray  # fresh log S of index fresh
    kept_scale: float
    month: np.ndarray  # rho log S of index rho / fresh
    month_scale: float
    gumbel: np.ndarray
    kept_key: np.uint64
    month_key: np.uint64
    member_key: np.uint64


def shocks_of(tau: float, fresh: float, rho: float, seed: np.uint64, month: int) -> Shocks:
    """Tables and keys of one month; month 0 or later, or the six before."""
    keys = (screen_key(seed, *which) for which in ((Stream.TASTE, 0), (Stream.CHOICE, month), (Stream.MEMBER, month)))
    return Shocks(
        tau, rho, *stable_table(tau, 1.0), *stable_table(fresh, fresh), *stable_table(rho / fresh, rho), gumbel_table(),
        *(np.uint64(key) for key in keys),
    )


def nodes() -> tuple[np.ndarray, np.ndarray]:
    """Distance to the nearer end at the edges of all pieces, float64[PIECES + 1], and the same for the middle."""
    octave, piece = np.divmod(np.arange(PIECES + 1), 1 << PIECE_BITS)
    edge = 2.0**octave * (1.0 + piece / (1 << PIECE_BITS)) * 2.0**-32
    return edge, (edge[1:] + edge[:-1]) / 2.0


@lru_cache(maxsize=64)
def stable_table(index: float, scale: float) -> tuple[np.ndarray, float]:
    """Table of scale c log A(pi u), and scale c, the weight of the Gumbel part; zeros at index 1."""
    if index >= 1.0:
        return np.zeros((2, PIECES, 2), np.float32), 0.0
    c = scale * (1.0 - index) / index
    edge, middle = nodes()
    return _table(*[[c * log_kanter(t, side, index) for t in (edge, middle)] for side in (0, 1)]), c


def log_kanter(t: np.ndarray, side: int, index: float) -> np.ndarray:
    """log A(pi u) where u = t (side 0) or 1 - t (side 1)."""
    u = t if side == 0 else 1.0 - t
    near = np.sin(np.pi * t)
    return np.asarray(
        index / (1.0 - index) * np.log(np.sin(index * np.pi * u)) + np.log(np.sin((1.0 - index) * np.pi * u))
        - np.log(near) / (1.0 - index)
    )


@lru_cache(maxsize=1)
def gumbel_table() -> np.ndarray:
    """Table of -log(-log u)."""
    edge, middle = nodes()
    low = tuple(-np.log(-np.log(t)) for t in (edge, middle))
    high = tuple(-np.log(-np.log1p(-t)) for t in (edge, middle))
    return _table(low, high)


def _table(*sides) -> np.ndarray:
    """Pieces that pass half way between the chord and the curve's middle, so that the error changes sign."""
    out = np.empty((2, PIECES, 2), np.float32)
    for side, (edge, middle) in enumerate(sides):
        lift = (middle - (edge[1:] + edge[:-1]) / 2.0) / 2.0
        out[side, :, 0] = edge[:-1] + lift
        out[side, :, 1] = edge[1:] - edge[:-1]
    out.setflags(write=False)
    return out


@njit(forceinline=True, cache=True, _nrt=False)
def look_up(table, word):
    """Value of a table at a 32-bit word: the top bit is the side, the rest the distance to it."""
    t = np.float32((word & HALF_RANGE) | np.uint32(1))
    bits = t.view(np.int32)
    k = (bits >> SHIFT) - FIRST
    side = np.int32(word >> S31)
    return table[side, k, 0] + table[side, k, 1] * (np.float32(bits & REST) * PER_PIECE)


@njit(forceinline=True, cache=True, _nrt=False)
def stable(table, scale, gumbel, word):
    """One scaled log of a positive stable variable from 64 hashed bits."""
    return look_up(table, np.uint32(word >> S32)) + scale * look_up(gumbel, np.uint32(word & LOW))


@njit(cache=True, _nrt=False)
def nest_shock(s, uid, nest):
    """log S of one nest this month."""
    return stable(s.nest, s.nest_scale, s.gumbel, mix_uid(NEST_WORDS + nest, mix_uid(uid, s.month_key)))


@njit(cache=True, _nrt=False)
def kept_shock(s, uid, place):
    """Lasting taste of a decider for a place and arrangement (a whole number below TENURE_WORDS)."""
    return stable(s.kept, s.kept_scale, s.gumbel, mix_uid(place, mix_uid(uid, s.kept_key)))


@njit(cache=True, _nrt=False)
def month_shock(s, uid, place):
    """This month's part of the taste for a place and arrangement, common to its tenures."""
    return stable(s.month, s.month_scale, s.gumbel, mix_uid(place, mix_uid(uid, s.month_key)))


@njit(cache=True, _nrt=False)
def tenure_shock(s, uid, tenure):
    """This month's shock of one tenure at a place in an arrangement (a whole number below NEST_WORDS / 2)."""
    word = mix_uid(TENURE_WORDS + tenure, mix_uid(uid, s.month_key))
    return s.rho * look_up(s.gumbel, np.uint32(word >> S32))
