"""Rows over threads: one compiled kernel, called side by side on ranges of rows.

Kernels release the interpreter and share only what they read: each writes its own
rows, its own list or its own whole-number counts. So the number of threads cannot change a result, and there is one
compiled version, not a serial and a parallel one.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

BLOCK: Final = 2048
"""Rows that are worked on together; ranges begin at multiples of it."""
FEWEST: Final = 16 * BLOCK
"""Rows below which another thread costs more than it brings."""
RANGES: Final = 4
"""Ranges a thread, so that one with much to do is shared out."""

_pool: ThreadPoolExecutor | None = None
_threads: int = 0


def set_threads(count: int) -> None:
    """Use `count` threads from now on, the caller's among them. Raises ValueError below 1."""
    global _pool, _threads
    if count < 1:
        raise ValueError(f"threads are 1 or more, not {count}")
    if _pool is not None:
        _pool.shutdown()
    _threads, _pool = count, None if count == 1 else ThreadPoolExecutor(count - 1, "rows")


def threads() -> int:
    """Threads in use: what `set_threads` said, else NUMBA_NUM_THREADS, else 1."""
    if _threads == 0:
        set_threads(int(os.environ.get("NUMBA_NUM_THREADS", "1")))
    return _threads


def ranges(n: int, fewest: int = FEWEST, block: int = BLOCK) -> list[tuple[int, int]]:
    """Split [0, n) for the threads in use; a single range when n is small."""
    if _alone(n, fewest):
        return [(0, n)]
    parts = threads() * RANGES
    edges = [min(n, -(-n * k // parts // block) * block) for k in range(parts)] + [n]
    return [(a, b) for a, b in itertools.pairwise(edges) if a < b]


def _alone(n: int, fewest: int) -> bool:
    """Whether one range is all: then the kernel is called as it is."""
    return n < fewest or threads() == 1


def _spread(calls: list[Callable[[], Any]]) -> list[Any]:
    """Results of the calls in their order; the caller's own thread takes part."""
    if _pool is None or len(calls) == 1:
        return [call() for call in calls]
    answers: list[Any] = [None] * len(calls)
    todo = iter(range(len(calls)))  # `next` on it is atomic

    def work() -> None:
        for k in todo:
            answers[k] = calls[k]()

    helpers = [_pool.submit(work) for _ in range(min(_threads, len(calls)) - 1)]
    work()
    for helper in helpers:
        helper.result()
    return answers


def over_rows(
    kernel: Callable[..., Any], n: int, *args: Any, fewest: int = FEWEST, block: int = BLOCK
) -> None:
    """Call kernel(start, stop, *args) on ranges that cover [0, n); it writes only what belongs to its rows."""
    if _alone(n, fewest):
        kernel(0, n, *args)
        return
    _spread([lambda a=a, b=b: kernel(a, b, *args) for a, b in ranges(n, fewest, block)])


def count_rows(
    kernel: Callable[..., Any], n: int, shape: tuple[int, ...], *args: Any, fewest: int = FEWEST
) -> np.ndarray:
    """Sum over ranges of what kernel(start, stop, out, *args) adds to `out`, int64[shape] of zeros."""
    if _alone(n, fewest):
        alone = np.zeros(shape, np.int64)
        kernel(0, n, alone, *args)
        return alone
    split = ranges(n, fewest)
    out = np.zeros((len(split), *shape), np.int64)
    _spread([lambda k=k, a=a, b=b: kernel(a, b, out[k], *args) for k, (a, b) in enumerate(split)])
    return out[0] if len(split) == 1 else out.sum(axis=0)


def find_rows(kernel: Callable[..., int], n: int, *args: Any, fewest: int = FEWEST) -> np.ndarray:
    """Rows, ascending int32, that kernel(start, stop, found, *args) writes to the front of `found` and counts.

    found: int32[stop - start].
    """
    if _alone(n, fewest):
        alone = np.empty(n, np.int32)
        return alone[: kernel(0, n, alone, *args)]
    split = ranges(n, fewest)
    room = np.empty(n, np.int32)
    counts = _spread([lambda a=a, b=b: kernel(a, b, room[a:b], *args) for a, b in split])
    parts = [room[a : a + count] for (a, _), count in zip(split, counts)]
    return parts[0].copy() if len(parts) == 1 else np.concatenate(parts)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Results of calls that share nothing they write, run side by side."""
    threads()
    return _spread(calls)


def find_and_count(
    kernel: Callable[..., int], n: int, size: int, *args: Any, fewest: int = FEWEST
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and int64[size] that kernel(start, stop, found, out, *args) finds and counts: both of the above at once."""
    split = ranges(n, fewest)
    room, out = np.empty(n, np.int32), np.zeros((len(split), size), np.int64)
    counts = _spread([lambda k=k, a=a, b=b: kernel(a, b, room[a:b], out[k], *args) for k, (a, b) in enumerate(split)])
    parts = [room[a : a + count] for (a, _), count in zip(split, counts)]
    return (parts[0], out[0]) if len(parts) == 1 else (np.concatenate(parts), out.sum(axis=0))


def sort_rows(
    kernel: Callable[..., None], n: int, lists: int, shape: tuple[int, ...], *args: Any, fewest: int = FEWEST
) -> tuple[list[np.ndarray], np.ndarray]:
    """Several lists of rows, ascending int64 each, and int64[shape] of counts, from one pass.

    kernel(start, stop, found, sizes, out, *args) writes list k to found[k, start:], found int64[lists, n], its length
    to sizes[k], and adds to `out`.
    """
    split = ranges(n, fewest)
    found, sizes = np.empty((lists, n), np.int64), np.zeros((len(split), lists), np.int64)
    out = np.zeros((len(split), *shape), np.int64)
    _spread([lambda k=k, a=a, b=b: kernel(a, b, found, sizes[k], out[k], *args) for k, (a, b) in enumerate(split)])
    if len(split) == 1:
        return [found[j, : sizes[0, j]].copy() for j in range(lists)], out[0]
    parts = [[found[j, a : a + sizes[k, j]] for k, (a, _) in enumerate(split)] for j in range(lists)]
    return [np.concatenate(part) for part in parts], out.sum(axis=0)
