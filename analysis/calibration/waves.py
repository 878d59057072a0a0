"""Two waves of runs, an emulator over them, and a posterior ensemble (libraries page of the design, section 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from analysis.calibration.emulator import Emulator, Process, Quadratic
from analysis.calibration.posterior import REJECT_ABOVE, Sample, Target, implausibility, sample
from analysis.calibration.space import LIMIT, Space
from analysis.calibration.trials import Trial, Trials

WIDEN: Final = 1.5
"""Spread of the second wave over the spread of the first posterior, so that its edges are seen too."""
NEAR: Final = 6.0
"""Implausibility up to which a run of the first wave still serves the last emulator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is done. n_points: places where the noise of one run is measured; n_repeats: runs at each of them."""

    n_points: int = 5
    n_repeats: int = 8
    n_first: int = 256
    n_second: int = 256
    n_draws: int = 400
    steps: int = 3000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave. z: float64[n, P]; y: float64[n, m] of runs without holes; ruled_out: share of the prior ruled out."""

    z: np.ndarray
    y: np.ndarray
    n_failed: int
    ruled_out: float
    left_out_rms: dict[str, np.ndarray]


@dataclass(slots=True)
class Calibration:
    """What came of it. noise: float64[m], variance of one run; emulator: the last one; sample: the ensemble."""

    space: Space
    target: Target
    noise: np.ndarray
    waves: list[Wave] = field(default_factory=list)
    emulator: Emulator | None = None
    sample: Sample | None = None


class BestOf:
    """For each output the emulator that was nearer at points it had not seen."""

    def __init__(self, emulators: Sequence[Emulator]) -> None:
        wrong = np.array([(e.left_out**2).mean(axis=0) for e in emulators])
        self.emulators, self.choice = emulators, wrong.argmin(axis=0)
        self.left_out = np.stack([emulators[k].left_out[:, j] for j, k in enumerate(self.choice)], axis=1)

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance, float64[k, m] both."""
        both = np.array([e.predict(z) for e in self.emulators])
        picked = both[self.choice, :, :, np.arange(self.choice.size)]
        return picked[:, 0].T, picked[:, 1].T


def calibrate(
    space: Space, target: Target, trials: Trials, effort: Effort,
    say: Callable[[str, int, int], None] = lambda stage, done, of: None,
) -> Calibration:
    """Measure the noise, make both waves, fit, sample. Made runs are not made again, so a stopped call goes on.

    say: told the stage and how many of its runs are done.
    """
    noise = replicate_variance(space, trials, effort, lambda d, n: say("noise of one run", d, n))
    found = Calibration(space, target, noise)
    first = space.spread(effort.n_first, effort.seed)
    z, y, failed = _live(space, trials, first, 10_000, lambda d, n: say("first wave", d, n))
    coarse = Quadratic(z, y, noise)
    found.waves.append(Wave(z, y, failed, _ruled_out(space, coarse, target, noise, effort), _rms([coarse])))
    guess = sample(coarse, target, noise, effort.n_second, space.size, effort.seed + 1, effort.steps)
    second = _widened(guess.z, effort.seed + 2)
    z2, y2, failed2 = _live(space, trials, second, 20_000, lambda d, n: say("second wave", d, n))
    near = implausibility(z, coarse, target, noise).max(axis=1) < NEAR
    both_z, both_y = np.concatenate((z[near], z2)), np.concatenate((y[near], y2))
    rivals: list[Emulator] = [Quadratic(both_z, both_y, noise), Process(both_z, both_y, noise)]
    found.emulator = BestOf(rivals)
    ruled = _ruled_out(space, found.emulator, target, noise, effort)
    found.waves.append(Wave(z2, y2, failed2, ruled, _rms(rivals)))
    found.sample = sample(found.emulator, target, noise, effort.n_draws, space.size, effort.seed + 3, effort.steps)
    return found


def replicate_variance(
    space: Space, trials: Trials, effort: Effort, say: Callable[[int, int], None] = lambda done, of: None
) -> np.ndarray:
    """Variance of one run around the mean of its point, pooled over a few points, float64[m]."""
    points = np.concatenate((np.zeros((1, space.size)), space.spread(max(effort.n_points - 1, 1), effort.seed + 9)))
    wanted = [
        Trial(space.values(z), 1_000 * (k + 1) + r)
        for k, z in enumerate(points[: effort.n_points]) for r in range(effort.n_repeats)
    ]
    y = trials.outputs(wanted, say).reshape(effort.n_points, effort.n_repeats, -1)
    return np.nanmean(np.nanvar(y, axis=1, ddof=1), axis=0)


def _live(
    space: Space, trials: Trials, z: np.ndarray, first_seed: int, say: Callable[[int, int], None]
) -> tuple[np.ndarray, np.ndarray, int]:
    """Each point once, each with a seed of its own: common chances would hide noise from the likelihood."""
    y = trials.outputs([Trial(space.values(point), first_seed + k) for k, point in enumerate(z)], say)
    whole = np.isfinite(y).all(axis=1)
    return z[whole], y[whole], int((~whole).sum())


def _widened(z: np.ndarray, seed: int) -> np.ndarray:
    """The same cloud, WIDEN times as wide around its mean, within the limits of the prior."""
    mean = z.mean(axis=0)
    order = np.random.default_rng(seed).permutation(len(z))
    return np.clip(mean + WIDEN * (z[order] - mean), -LIMIT, LIMIT)


def _ruled_out(space: Space, emulator: Emulator, target: Target, noise: np.ndarray, effort: Effort) -> float:
    points = space.spread(4096, effort.seed + 5)
    return float((implausibility(points, emulator, target, noise).max(axis=1) > REJECT_ABOVE).mean())


def _rms(emulators: Sequence[Emulator]) -> dict[str, np.ndarray]:
    return {type(e).__name__: np.sqrt((e.left_out**2).mean(axis=0)) for e in emulators}
