"""Two ways to compile a small kernel that other kernels call, beside plain `njit(cache=True)`.

Tables of a month are tuples of many arrays. A call that hands one on would count a reference to each of its arrays, and
copy it: more than the work itself. Kernels that allocate nothing need no counting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def bare(function: Callable[..., Any]) -> Any:
    """Compiled without reference counts: it must not allocate an array."""
    return njit(cache=True, _nrt=False)(function)  # type: ignore[call-overload]


def within(function: Callable[..., Any]) -> Any:
    """`bare`, and copied into its callers: for what is small or called in one place."""
    return njit(cache=True, _nrt=False, forceinline=True)(function)  # type: ignore[call-overload]
