"""A cheap first look at everybody, so that only the few at risk pay for a full random number.

Thinning: somebody passes the screen with chance cut / 65,536, a little more than the chance p of the event, and the
event happens if a Philox uniform is then below p * 65,536 / cut. Both draws are keyed by the person, so the result
is an event of chance p whatever the order of rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import float64, int64, njit, uint64

from model.kernels.jit import kernel
from model.kernels.rng import HALF, TO_UNIT, mix_uid
from model.kernels.rows import BLOCK

LANES: Final = 65_536.0
TWO_64: Final = 2.0**64
AGES: Final = 4096
"""Months of age that `screen_block` tells apart; those not yet born are the last."""
ALWAYS: Final = np.uint64(1 << 63)
"""In a limit: everybody of this age is found."""
TOPS: Final = np.uint64(0x8000_8000_8000_8000)


@njit(uint64(uint64, int64, int64), cache=True)
def screen_key(seed, stream, month):
    """One 64-bit key per run, decision and month."""
    return mix_uid(mix_uid(np.uint64(seed), np.uint64(stream)), np.uint64(month))


@njit(uint64(uint64, uint64), cache=True)
def screen_word(key, uid):
    """64 hashed bits of one person: four independent 16-bit lanes."""
    return mix_uid(np.uint64(uid), key)


@njit(float64(uint64, uint64), cache=True)
def screen_unit(key, uid):
    """One uniform in (0, 1) of one person, from the same bits: a draw for a lottery at a sixth of the cost."""
    return np.float64(screen_word(key, uid) >> np.uint64(11)) * TO_UNIT + HALF


@njit(uint64(uint64, int64), cache=True)
def lane(word, k):
    """The k-th 16-bit lane (0 to 3) of a screen word, 0 to 65,535."""
    return np.uint64((word >> np.uint64(16 * k)) & np.uint64(0xFFFF))


@njit(uint64(float64), cache=True)
def limit_of(chance):
    """A whole word of 64 bits is below this with the given chance; 0 or less never, 1 or more always but 1 in 2^64."""
    if chance >= 1.0:
        return ~np.uint64(0)
    return np.uint64(chance * TWO_64) if chance > 0.0 else np.uint64(0)


@njit(uint64(uint64, uint64), cache=True)
def lanes_below(word, limit):
    """Top bit of each 16-bit lane that is smaller in `word` than in `limit` (Warren 2013, Hacker's Delight, 2-18)."""
    less = ((word | TOPS) - (limit & ~TOPS)) ^ ((word ^ ~limit) & TOPS)
    return ((~word & limit) | (~(word ^ limit) & less)) & TOPS


def cuts(chance: np.ndarray) -> np.ndarray:
    """Smallest lane cut that lets chance `p` through: int64, 0 where p is 0, at most 65,536."""
    return np.where(chance > 0.0, np.minimum(np.ceil(chance * LANES) + 1.0, LANES), 0.0).astype(np.int64)



@kernel
def screen_block(hit, key, month, uid, birth, limits):
    """Who of a block has a lane below that of limits[age in months], or ALWAYS there: uint8[n] into `hit`.

    limits: uint64[AGES], four lanes each. Three loops, so that hashing and comparing use vector instructions.
    """
    word, limit = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    for j in range(uid.size):
        limit[j] = limits[np.uint64(month - birth[j]) % np.uint64(AGES)]
    for j in range(uid.size):
        word[j] = screen_word(key, uid[j])
    for j in range(uid.size):
        hit[j] = np.uint8((lanes_below(word[j], limit[j]) | (limit[j] & ALWAYS)) != np.uint64(0))


@kernel
def rows_hit(hit, hits, first, n, found, k):
    """Write first + j for each j below n with hit[j] to found from k on; returns the new k.

    hits: the same bytes as uint64, eight of which are passed over at once where none is set. Bytes of the last
    eight from n on may hold anything.
    """
    for q in range((n + 7) // 8):
        if hits[q]:
            for j in range(8 * q, min(8 * q + 8, n)):
                if hit[j]:
                    found[k] = first + j
                    k += 1
    return k
