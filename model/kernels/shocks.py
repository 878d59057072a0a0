"""Errors of the nested choice from tables: two hashed words and two look-ups for what takes five logarithms and sines.

A positive stable variable of index a is S = (A(pi u) / E)^((1 - a) / a), E standard exponential (Kanter 1975), so
log S = c log A(pi u) + c G with c = (1 - a) / a and G standard Gumbel. Both are functions of one uniform each; they are
tabulated over 31 octaves of the distance to the nearer end of (0, 1), 64 pieces an octave, linear between. The error of
a draw is below `BOUND` over the whole range of the registry's indices, in both tails (tested).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel, within
from model.kernels.rng import Stream, mix_uid
from model.kernels.screen import screen_key
from model.spec.codes import Tenure

PIECE_BITS: Final = 6
OCTAVES: Final = 31
N_PIECES: Final = (OCTAVES << PIECE_BITS) + 1
PIECES: Final = np.uint32(N_PIECES)
SHIFT: Final = np.uint32(23 - PIECE_BITS)
FIRST: Final = np.uint32(127 << PIECE_BITS)
REST: Final = np.uint32((1 << (23 - PIECE_BITS)) - 1)
PER_PIECE: Final = np.float32(2.0 ** (PIECE_BITS - 23))
HALF_RANGE: Final = np.uint32(0x7FFFFFFF)
NONE, ONE = np.uint32(0), np.uint32(1)
TWICE, NEXT = np.uint64(1), np.uint64(1)
BOUND: Final = 5e-4
"""Largest error of a draw, in units of its scale."""
S31, S32 = np.uint32(31), np.uint64(32)
LOW: Final = np.uint64(0xFFFFFFFF)
LANE_BITS: Final = 21
LANE_UP: Final = np.uint64(32 - LANE_BITS)
LANE_HALF: Final = np.uint32(1 << (31 - LANE_BITS))
OWNED, PUBLIC, DORMITORY = int(Tenure.OWNED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
TENURE_WORDS: Final = 1 << 20
NEST_WORDS: Final = 1 << 21


class Shocks(NamedTuple):
    """What the errors of one month are drawn with. Tables: float32[4 N_PIECES], value and slope by side and piece."""

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


def edges() -> np.ndarray:
    """Distance to the nearer end at the edges of all pieces, float64[N_PIECES + 1]."""
    octave, piece = np.divmod(np.arange(N_PIECES + 1), 1 << PIECE_BITS)
    return np.asarray(2.0**octave * (1.0 + piece / (1 << PIECE_BITS)) * 2.0**-32)


@lru_cache(maxsize=64)
def stable_table(index: float, scale: float) -> tuple[np.ndarray, float]:
    """Table of scale c log A(pi u), and scale c, the weight of the Gumbel part; zeros at index 1."""
    if index >= 1.0:
        return np.zeros(4 * N_PIECES, np.float32), 0.0
    c = scale * (1.0 - index) / index
    return _table(c * log_kanter(edges(), 0, index), c * log_kanter(edges(), 1, index)), c


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
    return _table(-np.log(-np.log(edges())), -np.log(-np.log1p(-edges())))


def _table(*sides: np.ndarray) -> np.ndarray:
    out = np.empty((2, N_PIECES, 2), np.float32)
    for side, value in enumerate(sides):
        out[side, :, 0] = value[:-1]
        out[side, :, 1] = np.diff(value)
    flat = out.ravel()
    flat.setflags(write=False)
    return flat


@within
def look_up(table, word):
    """Value of a table at u = word / 2**32; never less at a larger word."""
    # Unsigned throughout: an index that could be negative would cost a comparison, and vector instructions.
    side = word >> S31
    t = np.float32(np.int32((word ^ (NONE - side)) & HALF_RANGE | ONE))
    bits = t.view(np.uint32)
    k = np.uint64((bits >> SHIFT) - FIRST + side * PIECES) << TWICE
    return table[k] + table[k + NEXT] * (np.float32(np.int32(bits & REST)) * PER_PIECE)


@within
def stable(table, scale, gumbel, word):
    """One scaled log of a positive stable variable from 64 hashed bits."""
    return look_up(table, np.uint32(word >> S32)) + scale * look_up(gumbel, np.uint32(word & LOW))


@bare
def nest_shock(s, uid, nest):
    """log S of one nest this month."""
    return stable(s.nest, s.nest_scale, s.gumbel, mix_uid(NEST_WORDS + nest, mix_uid(uid, s.month_key)))


@bare
def kept_shock(s, uid, place):
    """Lasting taste of a decider for a place and arrangement (a whole number below TENURE_WORDS)."""
    return stable(s.kept, s.kept_scale, s.gumbel, mix_uid(place, mix_uid(uid, s.kept_key)))


@bare
def month_shock(s, uid, place):
    """This month's part of the taste for a place and arrangement, common to its tenures."""
    return stable(s.month, s.month_scale, s.gumbel, mix_uid(place, mix_uid(uid, s.month_key)))


@bare
def tenure_shock(s, uid, place, tenure):
    """This month's shock of one tenure at a place in an arrangement."""
    return s.rho * look_up(s.gumbel, lane_of(mix_uid(TENURE_WORDS + place, mix_uid(uid, s.month_key)), tenure))


@within
def lane_of(word, tenure):
    """The 21 of a word's bits that belong to a tenure, as 32: own homes, subsidized ones, and all others share."""
    lane = 1 if tenure == OWNED else (2 if tenure in (PUBLIC, DORMITORY) else 0)
    return np.uint32((word >> np.uint64(LANE_BITS * lane)) << LANE_UP & LOW) | LANE_HALF


@within
def best_lane(word):
    """The largest lane: no tenure of the place has a better shock."""
    a = np.uint32((word << LANE_UP) & LOW)
    b = np.uint32(((word >> np.uint64(LANE_BITS)) << LANE_UP) & LOW)
    c = np.uint32(((word >> np.uint64(2 * LANE_BITS)) << LANE_UP) & LOW)
    return max(a, b, c) | LANE_HALF


@within
def coarse_lane(word):
    """The top eight bits of `best_lane`."""
    a, b, c = word >> np.uint64(13), word >> np.uint64(34), word >> np.uint64(55)
    return max(np.uint8(a), np.uint8(b), np.uint8(c))


@kernel
def fill_coarse(s, out):
    """What no draw exceeds whose word begins with a byte: float32[5, 256] in utility, into `out`.

    Rows: kept taste by its first and its second 32 bits, the month's by the same, and that of the best lane.
    """
    for byte in range(256):
        word = np.uint32((byte << 24) | 0xFFFFFF)
        gumbel = look_up(s.gumbel, word)
        out[0, byte] = s.tau * look_up(s.kept, word)
        out[1, byte] = s.tau * s.kept_scale * gumbel
        out[2, byte] = s.tau * look_up(s.month, word)
        out[3, byte] = s.tau * s.month_scale * gumbel
        out[4, byte] = s.tau * s.rho * gumbel
