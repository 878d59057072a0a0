"""Kernels that count no references.

A compiled function that is given a tuple of arrays raises and lowers the reference count of each of them at every call,
by atomic instructions: with two dozen columns that costs far more than the work on one household. The caller holds the
arrays for as long as the kernel runs, so nothing needs counting. Such a kernel must not make arrays itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile, with a cache, without reference counts: for functions that are called for every row."""
    return njit(_nrt=False, nogil=True, cache=True)(function)  # type: ignore[no-any-return]
