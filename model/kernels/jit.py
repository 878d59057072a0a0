"""The three ways in which kernels are compiled.

Tables of a month are tuples of many arrays. A call that hands one on would count a reference to each of its arrays, and
copy it: more than the work itself. Inner kernels allocate nothing, so they need no counting. No kernel is called from
C, and wrappers for it would be a quarter of what there is to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from model.kernels.compiler import Kernel

ALWAYS: Final = {"nopython": True, "no_cfunc_wrapper": True, "nogil": True}


def kernel(function: Callable[..., Any]) -> Any:
    """Compiled once and kept on disk; other threads go on while it runs."""
    return _made(function)


def bare(function: Callable[..., Any]) -> Any:
    """`kernel` without reference counts: it must not allocate an array."""
    return _made(function, _nrt=False)


def within(function: Callable[..., Any]) -> Any:
    """`bare`, and copied into its callers: for what is small or called in one place."""
    return _made(function, _nrt=False, forceinline=True)


def _made(function: Callable[..., Any], **options: bool) -> Any:
    made = Kernel(function, targetoptions={**ALWAYS, **options})
    made.enable_caching()
    return made
