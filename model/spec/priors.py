"""Prior families: choosing one by the quantity, and turning a uniform number into a draw."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from model.spec.types import Prior

Z90: Final = NormalDist().inv_cdf(0.95)
"""Standard normal deviate of the upper end of a 90 % interval."""


def choose_prior(low: float, high: float) -> Prior | None:
    """A prior whose 90 % interval is (low, high); None where both are equal (a fixed number).

    Inside (0, 1): logit-normal. Positive: log-normal. On both sides of zero, or negative: normal. An end
    at exactly zero or one is a hard limit: uniform between the two, which are then its whole support.
    """
    if low == high:
        return None
    if low > high:
        raise ValueError(f"low {low} is above high {high}")
    if low == 0.0 or high == 0.0:
        return Prior(low=low, high=high, family="uniform")
    if low < 0.0:
        return Prior(low=low, high=high, family="normal")
    return Prior(low=low, high=high, family="logitnormal" if high < 1.0 else "lognormal")


def quantile(prior: Prior, u: float) -> float:
    """The value below which the share `u` (0 < u < 1) of the prior lies.

    A normal whose interval lies on one side of zero is cut at zero, so that a penalty never turns
    into a gain.
    """
    if prior.family == "uniform":
        return prior.low + u * (prior.high - prior.low)
    z = NormalDist().inv_cdf(u)
    if prior.family == "normal":
        x = _between(prior.low, prior.high, z)
        return min(x, 0.0) if prior.high < 0.0 else max(x, 0.0) if prior.low > 0.0 else x
    if prior.family == "lognormal":
        return math.exp(_between(math.log(prior.low), math.log(prior.high), z))
    if prior.family == "logitnormal":
        return expit(_between(logit(prior.low), logit(prior.high), z))
    raise ValueError(f"unknown prior family {prior.family!r}")


def logit(p: float) -> float:
    """Log odds of a share in (0, 1)."""
    return math.log(p / (1.0 - p))


def expit(x: float) -> float:
    """The share whose log odds are `x`."""
    return 1.0 / (1.0 + math.exp(-x))


def _between(low: float, high: float, z: float) -> float:
    """The point `z` deviates from the middle of an interval that spans 2 x Z90 deviates."""
    return 0.5 * (low + high) + z * (high - low) / (2.0 * Z90)
