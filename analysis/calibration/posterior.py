"""The posterior of the free parameters given what was observed, sampled by emcee over an emulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.calibration.emulator import Emulator
from analysis.calibration.space import LIMIT

WALKERS_PER_PARAMETER: Final = 4
STARTS: Final = 8192
REJECT_ABOVE: Final = 3.0
"""Implausibility above which history matching rules a point out (Pukelsheim 1994, three-sigma rule)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What m outputs should be. observed, variance: float64[m], of the figure plus the discrepancy of the model."""

    observed: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True, slots=True)
class Sample:
    """Points of a posterior and how well they were drawn.

    z: float64[n, P]. autocorrelation: the longest integrated autocorrelation time, in steps. acceptance: mean share.
    """

    z: np.ndarray
    autocorrelation: float
    acceptance: float


def log_posterior(z: np.ndarray, emulator: Emulator, target: Target, noise: np.ndarray) -> np.ndarray:
    """Log density up to a constant, float64[k], at z float64[k, P].

    Gaussian in each output with the variance of figure, discrepancy, noise of one run (the world is one run) and
    emulator added; standard normal prior in z.
    """
    mean, var = emulator.predict(z)
    total = var + target.variance + noise
    misfit = ((target.observed - mean) ** 2 / total + np.log(total)).sum(axis=1)
    inside = (np.abs(z) <= LIMIT).all(axis=1)
    return np.where(inside, -0.5 * misfit - 0.5 * (z**2).sum(axis=1), -np.inf)


def implausibility(z: np.ndarray, emulator: Emulator, target: Target, noise: np.ndarray) -> np.ndarray:
    """Distance of each output from its figure in standard deviations, float64[k, m] (Vernon et al. 2010, eq. 9)."""
    mean, var = emulator.predict(z)
    return np.abs(target.observed - mean) / np.sqrt(var + target.variance + noise)


def sample(
    emulator: Emulator, target: Target, noise: np.ndarray, n: int, n_params: int, seed: int, steps: int = 3000,
) -> Sample:
    """n draws of the posterior, thinned from the second half of an affine-invariant ensemble (Goodman and Weare 2010).

    The same arguments give the same draws.
    """
    import emcee

    walkers = max(2 * (WALKERS_PER_PARAMETER * n_params // 2), 32)
    rng = np.random.default_rng(seed)
    sampler = emcee.EnsembleSampler(
        walkers, n_params, log_posterior, args=(emulator, target, noise), vectorize=True,
        moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
    )
    # The best of many points of the prior: a walker that starts far out in a narrow valley can stay there for long.
    many = rng.standard_normal((STARTS, n_params))
    state = emcee.State(many[np.argsort(-log_posterior(many, emulator, target, noise))[:walkers]])
    state.random_state = np.random.RandomState(int(rng.integers(2**31))).get_state()
    sampler.run_mcmc(state, steps, progress=False)
    kept = sampler.get_chain(discard=steps // 2, flat=True)
    if len(kept) < n:
        raise ValueError(f"{len(kept)} points kept, {n} wanted: take more steps")
    chosen = np.sort(rng.choice(len(kept), n, replace=False))
    time = float(np.max(emcee.autocorr.integrated_time(sampler.get_chain(discard=steps // 2), tol=0)))
    return Sample(kept[chosen], time, float(sampler.acceptance_fraction.mean()))


def shrinkage(z: np.ndarray) -> np.ndarray:
    """Share of each parameter's prior variance that the data took away, float64[P]; near 0: it stayed at the prior."""
    return 1.0 - z.var(axis=0, ddof=1)
