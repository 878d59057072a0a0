"""What the machine can do, in the same minute as the measurement: memory bandwidth, exp and hash rates.

Seconds mean little on a machine that is shared or throttled; ratios to these rates hold.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numba import njit

MIB: Final = 2**20
BANDWIDTH_MIB: Final = 256
SMALL: Final = 4096
CALLS: Final = 200
LOG2_E: Final = np.float32(1.4426950408889634)
POLYNOMIAL: Final = tuple(
    np.float32(c) for c in (1.5403530e-4, 1.3333558e-3, 9.6181291e-3, 5.5504109e-2, 2.4022651e-1, 6.9314718e-1, 1.0)
)
"""2**z for z in [0, 1), relative error below 1e-5."""


def probe(repeat: int = 5) -> dict[str, float | int | str]:
    """Best of `repeat`: GB/s copied (read and written) and read, ns per float32 exp and per 64-bit hash."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    size = BANDWIDTH_MIB * MIB
    source, target = np.ones(size // 8), np.ones(size // 8)
    small, out, bits = np.linspace(-5, 5, SMALL, dtype=np.float32), np.empty(SMALL, np.float32), _bits(SMALL)
    hashed = np.empty(SMALL, np.uint64)
    per_call = 1e9 / (SMALL * CALLS)
    with ThreadPoolExecutor(cores) as pool:
        parts = np.array_split(source, cores)
        return {
            "processor": platform.machine(),
            "cores": cores,
            "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0,
            "copy_gb_s": round(2 * size / best(lambda: np.copyto(target, source), repeat) / 1e9, 1),
            "read_gb_s": round(size / best(lambda: total(source), repeat) / 1e9, 1),
            "read_all_cores_gb_s": round(size / best(lambda: list(pool.map(total, parts)), repeat) / 1e9, 1),
            "exp_float32_ns": round(best(many(lambda: exponential(small, out, bits)), repeat) * per_call, 3),
            "hash_ns": round(best(many(lambda: hashes(np.uint64(1), hashed)), repeat) * per_call, 3),
        }


def _bits(size: int) -> np.ndarray:
    return np.empty(size, np.int32)


def best(call: Callable[[], object], repeat: int) -> float:
    """Seconds of the fastest of `repeat` calls, after one that compiles and fills the caches."""
    call()
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def many(call: Callable[[], object]) -> Callable[[], None]:
    """`call` so often that the clock can see it."""

    def again() -> None:
        for _ in range(CALLS):
            call()

    return again


@njit(cache=True, nogil=True, fastmath=True)
def total(x):
    """Sum of float64[n] in any order."""
    t = 0.0
    for i in range(x.size):
        t += x[i]
    return t


@njit(cache=True, nogil=True, fastmath=True)
def exponential(x, out, shift):
    """exp of float32[n], vectorised: whole powers of two by the exponent's bits, the rest by a polynomial."""
    for i in range(x.size):
        y = x[i] * LOG2_E
        whole = np.floor(y)
        z = y - whole
        p = POLYNOMIAL[0]
        for c in POLYNOMIAL[1:]:
            p = p * z + c
        out[i] = p
        shift[i] = np.int32(whole) << np.int32(23)
    bits = out.view(np.int32)
    for i in range(x.size):
        bits[i] += shift[i]


@njit(cache=True, nogil=True)
def hashes(key, out):
    """splitmix64 of key + i."""
    for i in range(np.uint64(out.size)):
        z = key + i * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[i] = z ^ (z >> np.uint64(31))


def line(p: dict[str, float | int | str]) -> str:
    """The probe as one line for a screen."""
    return (
        f"machine: {p['cores']} cores, load {p['load']}; memory copy {p['copy_gb_s']} GB/s, "
        f"read {p['read_gb_s']} GB/s ({p['read_all_cores_gb_s']} on all cores); "
        f"exp {p['exp_float32_ns']} ns, hash {p['hash_ns']} ns"
    )
