"""Where a rising function reaches a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

HALVINGS: Final = 60
SECANTS: Final = 8
NEAR: Final = 1e-13


def where_it_reaches(value: Callable[[float], float], target: float, low: float, high: float) -> float:
    """The last middle of 60 halvings of [low, high] towards where `value`, which rises, reaches `target`.

    A few secants of the logarithm find the place first, so that most halvings are known without asking.
    """
    below, above = low, high

    def reaches(x: float) -> float:
        nonlocal below, above
        y = value(x)
        if y < target:
            below = max(below, x)
        else:
            above = min(above, x)
        return y

    if target > 0.0:
        guess = _secants(reaches, target, low, high)
        reaches(guess - NEAR)
        reaches(guess + NEAR)
    middle = low
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle <= below or (middle < above and reaches(middle) < target):
            low = middle
        else:
            high = middle
    return middle


def _secants(value: Callable[[float], float], target: float, low: float, high: float) -> float:
    """About where the logarithm of `value` is that of `target`; no worse a guess than any where it cannot tell."""
    x, new = 0.5 * (low + high), 0.5 * (low + high) - 1.0
    y = value(x)
    for _ in range(SECANTS):
        then = value(new)
        if min(y, then) <= 0.0 or y == then:
            break
        step = (math.log(target) - math.log(then)) * (new - x) / (math.log(then) - math.log(y))
        x, y, new = new, then, min(max(new + step, low), high)
        if abs(step) < 0.1 * NEAR:
            break
    return new
