"""Does the method find a truth it was not told? Coverage and shrinkage with synthetic observations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.calibration.posterior import Target, sample, shrinkage
from analysis.calibration.trials import Trial, Trials
from analysis.calibration.waves import Calibration, Effort

IDENTIFIED: Final = 0.25
"""Share of the prior variance that must go for a parameter to count as identified."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Truths and what was found. truth, low, high (5 and 95 %), shrinkage: float64[k, P]."""

    truth: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shrinkage: np.ndarray

    @property
    def covered(self) -> np.ndarray:
        """bool[k, P]: the 90 % interval holds the truth."""
        return (self.low <= self.truth) & (self.truth <= self.high)

    @property
    def identified(self) -> np.ndarray:
        """bool[k, P]: the synthetic data took away at least IDENTIFIED of the prior variance."""
        return self.shrinkage >= IDENTIFIED

    def coverage(self) -> float:
        """Share of identified parameters whose interval holds the truth; nan if none is identified."""
        return float(self.covered[self.identified].mean()) if self.identified.any() else float("nan")


def recover(
    found: Calibration, trials: Trials, effort: Effort, n_truths: int,
    say: Callable[[int, int], None] = lambda done, of: None,
) -> Recovery:
    """Take truths from the ensemble, live each once, add the errors of figures, and calibrate against that.

    The truths lie where the last emulator was fitted; each is lived with a seed that no wave used.
    """
    if found.emulator is None or found.sample is None:
        raise ValueError("calibrate first")
    rng = np.random.default_rng(effort.seed + 77)
    truth = found.sample.z[rng.choice(len(found.sample.z), n_truths, replace=False)]
    y = trials.outputs([Trial(found.space.values(z), 30_000 + k) for k, z in enumerate(truth)], say)
    low, high, shrunk = (np.zeros(truth.shape) for _ in range(3))
    for k in range(n_truths):
        seen = y[k] + rng.standard_normal(y.shape[1]) * np.sqrt(found.target.variance)
        again = sample(
            found.emulator, Target(seen, found.target.variance), found.noise, effort.n_draws, found.space.size,
            effort.seed + 100 + k, effort.steps // 2,
        )
        low[k], high[k] = np.quantile(again.z, (0.05, 0.95), axis=0)
        shrunk[k] = shrinkage(again.z)
    return Recovery(truth, low, high, shrunk)
