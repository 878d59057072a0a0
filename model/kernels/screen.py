"""A cheap first look at everybody, so that only the few at risk pay for a full random number.

Thinning: somebody passes the screen with chance cut / 65,536, a little more than the chance p of the event, and the
event happens if a Philox uniform is then below p * 65,536 / cut. Both draws are keyed by the person, so the result
is an event of chance p whatever the order of rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import float64, int64, njit, uint64

from model.kernels.rng import HALF, TO_UNIT, mix_uid
from model.kernels.rows import BLOCK

LANES: Final = 65_536.0


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


def cuts(chance: np.ndarray) -> np.ndarray:
    """Smallest lane cut that lets chance `p` through: int64, 0 where p is 0, at most 65,536."""
    return np.where(chance > 0.0, np.minimum(np.ceil(chance * LANES) + 1.0, LANES), 0.0).astype(np.int64)


@njit(nogil=True, cache=True)
def screened(start, stop, found, key, uid, cut):
    """Rows of [start, stop) whose lane 0 is below `cut`: written to the front of `found`, int32; returns how many.

    For `model.kernels.rows.find_rows`. Hashing a block at a time lets the compiler use vector instructions, which
    the branch of the second loop would forbid.
    """
    word = np.empty(BLOCK, np.uint16)
    k = 0
    for a in range(start, stop, BLOCK):
        ids = uid[a : min(stop, a + BLOCK)]
        for j in range(ids.size):
            word[j] = screen_word(key, ids[j])
        for j in range(ids.size):
            if word[j] < cut:
                found[k] = a + j
                k += 1
    return k
