"""The space of free parameters: every coordinate is a standard normal deviate, mapped to a value by the prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm, qmc

from model.spec.priors import quantile
from model.spec.types import Prior

LIMIT: Final = 4.0
"""Deviates beyond which no point is tried: one draw in 16,000 lies outside."""


@dataclass(frozen=True, slots=True)
class Space:
    """Free parameters and their priors. keys: P names; priors: one each."""

    keys: tuple[str, ...]
    priors: tuple[Prior, ...]

    def __post_init__(self) -> None:
        if len(self.keys) != len(self.priors) or len(set(self.keys)) < len(self.keys):
            raise ValueError("each free parameter needs one prior and a name of its own")

    @property
    def size(self) -> int:
        """P, the number of free parameters."""
        return len(self.keys)

    def values(self, z: np.ndarray) -> dict[str, float]:
        """Parameter values at one point, z float64[P]."""
        u = norm.cdf(np.clip(z, -LIMIT, LIMIT))
        return {key: quantile(prior, float(p)) for key, prior, p in zip(self.keys, self.priors, u)}

    def table(self, z: np.ndarray) -> dict[str, np.ndarray]:
        """Values of many points, key -> float64[n] for z float64[n, P]."""
        rows = [self.values(point) for point in z]
        return {key: np.array([row[key] for row in rows]) for key in self.keys}

    def spread(self, n: int, seed: int) -> np.ndarray:
        """n points that fill the prior evenly (scrambled Sobol sequence), float64[n, P]."""
        u = qmc.Sobol(self.size, seed=np.random.default_rng(seed)).random_base2(max(n - 1, 1).bit_length())[:n]
        return np.clip(norm.ppf(np.clip(u, 1e-12, 1 - 1e-12)), -LIMIT, LIMIT)


def space_of(params: Mapping[str, object], keys: Sequence[str]) -> Space:
    """The space of declared parameters. KeyError for an unknown key, ValueError for one without a prior."""
    fixed = [key for key in keys if params[key].prior is None]  # type: ignore[attr-defined]
    if fixed:
        raise ValueError(f"no prior: {', '.join(fixed)}; only what has a range can be calibrated")
    return Space(tuple(keys), tuple(params[key].prior for key in keys))  # type: ignore[attr-defined]
