"""Stateless random numbers: every draw is a function of (seed, stream, uid, month, slot).

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
checked against the authors' published vectors. There is no generator object and no state, so the order
of loops, threads, people and batches cannot matter.

The functions have fixed types and are not inlined by Numba (LLVM does that): inlined, they were most of what there
was to compile; without fixed types, each mixture of integer types would be one more version to compile.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import float64, int64, njit, types, uint32, uint64

M0: Final = np.uint64(0xD2511F53)
M1: Final = np.uint64(0xCD9E8D57)
W0: Final = np.uint32(0x9E3779B9)
W1: Final = np.uint32(0xBB67AE85)
LOW: Final = np.uint64(0xFFFFFFFF)
S32: Final = np.uint64(32)
SLOT_BITS: Final = 16
TO_UNIT: Final = 2.0**-53
HALF: Final = 2.0**-54


class Stream:
    """Names of decisions. Numbers are fixed in source: append, never renumber."""

    BUILD = 1
    DEATH = 2
    BIRTH = 3
    BIRTH_SEX = 4
    MARRIAGE = 5
    SPLIT = 6
    SCHOOLING = 7
    COLLEGE = 8
    SEPARATION = 9
    MATCH = 10
    LOTTERY = 11
    INSURANCE = 12
    TRIGGER = 13
    TASTE = 14
    CHOICE = 15
    NEST = 16
    RETURN = 17
    PURCHASE = 18
    OCCUPANCY = 19
    SETTLE = 20
    AWARE = 21
    CONSENT = 22
    FIRM = 24
    ARRIVAL = 25
    CARE = 26
    SCHOOL_MOVE = 28
    HOMESTEAD = 29
    TRAINING = 31
    PARTNER = 32
    GRADUATE = 33
    DORM = 35
    JOB_OF_MOVER = 36
    FORM = 40
    TRAVEL_MEANS = 41
    DROP_OUT = 42
    TENURE_OF_CHOICE = 43
    CIRCULAR = 44
    KIN = 45
    DEMOLITION = 50
    RESETTLE = 51
    RESALE = 52
    WAITING = 53
    RELOCATED = 54
    POST = 55
    TURNOVER = 56
    MEMBER = 57
    LABOUR_FORCE = 58
    COURSE = 59
    DUE = 70
    OFFER = 71


@njit(types.UniTuple(uint32, 4)(uint32, uint32, uint32, uint32, uint32, uint32), cache=True)
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds; four 32-bit words in and out, as uint32."""
    for _ in range(10):
        p0 = M0 * np.uint64(c0)
        p1 = M1 * np.uint64(c2)
        n0 = np.uint32(p1 >> S32) ^ c1 ^ k0
        n2 = np.uint32(p0 >> S32) ^ c3 ^ k1
        c1 = np.uint32(p1 & LOW)
        c3 = np.uint32(p0 & LOW)
        c0 = n0
        c2 = n2
        k0 = np.uint32(k0 + W0)
        k1 = np.uint32(k1 + W1)
    return c0, c1, c2, c3


@njit(types.UniTuple(uint32, 4)(uint64, int64, uint64, int64, int64), cache=True)
def words(seed, stream, uid, month, slot):
    """Four random 32-bit words for one decision of one decider.

    seed, uid: uint64; stream, month, slot: non-negative integers, month and slot below 65,536
    (month and slot share one counter word).
    """
    u = np.uint64(uid)
    s = np.uint64(seed)
    return philox(
        np.uint32(u & LOW),
        np.uint32(u >> S32),
        np.uint32((np.uint64(month) << np.uint64(SLOT_BITS)) | np.uint64(slot)),
        np.uint32(stream),
        np.uint32(s & LOW),
        np.uint32(s >> S32),
    )


@njit(float64(uint32, uint32), cache=True)
def to_unit(high, low):
    """Two words to a float64 strictly inside (0, 1)."""
    bits = ((np.uint64(high) << S32) | np.uint64(low)) >> np.uint64(11)
    return np.float64(bits) * TO_UNIT + HALF


@njit(float64(uint64, int64, uint64, int64, int64), cache=True)
def uniform(seed, stream, uid, month, slot):
    """One uniform in the open interval (0, 1)."""
    a, b, _, _ = words(seed, stream, uid, month, slot)
    return to_unit(a, b)


@njit(types.UniTuple(float64, 2)(uint64, int64, uint64, int64, int64), cache=True)
def uniform_pair(seed, stream, uid, month, slot):
    """Two independent uniforms in (0, 1) for the price of one."""
    a, b, c, d = words(seed, stream, uid, month, slot)
    return to_unit(a, b), to_unit(c, d)


@njit(float64(float64), cache=True)
def gumbel(u):
    """Standard Gumbel from a uniform."""
    return -math.log(-math.log(u))


@njit(uint64(uint64, uint64), cache=True)
def mix_uid(a, b):
    """A stable 64-bit id from two integers (SplitMix64 finaliser; Steele, Lea and Flood 2014)."""
    z = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(b) + np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(float64(uint64), cache=True)
def to_open(word):
    """A hashed word as a float64 strictly inside (0, 1)."""
    return np.float64(word >> np.uint64(11)) * TO_UNIT + HALF
