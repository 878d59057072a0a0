"""The exact draw that the tables of `model.kernels.shocks` are held to."""

from __future__ import annotations

import math

from numba import njit


@njit
def log_positive_stable(u, v, index):
    """Log of a positive stable variable S with E exp(-t S) = exp(-t**index) (Kanter 1975).

    u, v: independent uniforms in (0, 1); index in (0, 1]. Returns 0 at index 1 (S = 1).
    """
    if index >= 1.0:
        return 0.0
    a = math.pi * u
    e = -math.log(v)
    return math.log(math.sin(index * a)) - math.log(math.sin(a)) / index + (
        (1.0 - index) / index
    ) * (math.log(math.sin((1.0 - index) * a)) - math.log(e))
