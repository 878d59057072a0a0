"""What stands in for a run between the runs that were made: a mean and a variance for every output at any point.

`Quadratic` fits a ridge regression on all terms up to second order, with one penalty for each output chosen by the
exact leave-one-out error; `Process` is a Gaussian process with a length for each parameter (scikit-learn). Both say
how wrong they were at points they had not seen.
"""

from __future__ import annotations

import warnings
from typing import Final, Protocol

import numpy as np
from scipy.linalg import cho_solve
from scipy.spatial.distance import cdist

PENALTIES: Final = tuple(10.0**k for k in np.arange(-3.0, 4.5, 0.5))


class Emulator(Protocol):
    """Anything that predicts outputs. left_out: float64[n, m], errors at points that were left out of the fit."""

    left_out: np.ndarray

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of each output, float64[k, m] both, at z float64[k, P]; without the noise of one run."""
        ...


def second_order(z: np.ndarray) -> np.ndarray:
    """All terms up to second order of points z float64[n, P]: float64[n, 1 + P + P (P + 1) / 2]."""
    n, p = z.shape
    i, j = np.triu_indices(p)
    squares = z[:, i] * z[:, j]
    squares[:, i == j] = (squares[:, i == j] - 1.0) / np.sqrt(2.0)
    return np.concatenate((np.ones((n, 1)), z, squares), axis=1)


class Quadratic:
    """Ridge regression on second-order terms.

    z: float64[n, P]; y: float64[n, m] finite; noise: float64[m] variance of one run, part of every error that is
    seen and none of the mean's.
    """

    def __init__(self, z: np.ndarray, y: np.ndarray, noise: np.ndarray) -> None:
        _refuse_holes(z, y)
        self.centre, self.scale = y.mean(axis=0), np.where(y.std(axis=0) > 0.0, y.std(axis=0), 1.0)
        x = second_order(z)
        left, values, right = np.linalg.svd(x, full_matrices=False)
        target = (y - self.centre) / self.scale
        inside = left.T @ target
        n, m = y.shape
        self.coefficients = np.zeros((x.shape[1], m))
        self.left_out = np.zeros((n, m))
        self.shapes, self.residual = np.zeros((m, values.size)), np.zeros(m)
        for k in range(m):
            best = np.inf
            for penalty in PENALTIES:
                shrink = values**2 / (values**2 + penalty)
                leverage = np.einsum("ij,j,ij->i", left, shrink, left)
                errors = (target[:, k] - left @ (shrink * inside[:, k])) / np.maximum(1.0 - leverage, 1e-6)
                if (wrong := float(np.mean(errors**2))) < best:
                    best = wrong
                    self.left_out[:, k] = errors * self.scale[k]
                    self.coefficients[:, k] = right.T @ (shrink / values * inside[:, k])
                    self.shapes[k] = values / (values**2 + penalty)
            self.residual[k] = best * self.scale[k] ** 2
        self.right, self.noise = right, noise

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance: lack of fit beyond the noise of a run, and the noise that is left in coefficients."""
        x = second_order(z)
        mean = x @ self.coefficients * self.scale + self.centre
        turned = (x @ self.right.T) ** 2
        lack = np.maximum(self.residual - self.noise, 0.05 * self.residual)
        return mean, lack + (turned @ (self.shapes**2).T) * np.minimum(self.noise, self.residual)


class Process:
    """Gaussian process with a length for each parameter, one for each output.

    z, y, noise as for `Quadratic`. The errors of `left_out` are of the fitted process (Rasmussen and Williams 2006,
    equation 5.12), its lengths held.
    """

    def __init__(self, z: np.ndarray, y: np.ndarray, noise: np.ndarray) -> None:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

        _refuse_holes(z, y)
        self.centre, self.scale = y.mean(axis=0), np.where(y.std(axis=0) > 0.0, y.std(axis=0), 1.0)
        self.z, m = z, y.shape[1]
        self.left_out, self.weights = np.zeros(y.shape), np.zeros(y.shape)
        self.height, self.length, self.inverse = np.zeros(m), np.zeros((m, z.shape[1])), np.zeros((m, len(z), len(z)))
        for k in range(m):
            share = float(np.clip(noise[k] / self.scale[k] ** 2, 1e-6, 1.0))
            kernel = ConstantKernel(1.0, (1e-2, 1e3)) * RBF(np.full(z.shape[1], 4.0), (0.5, 50.0)) + WhiteKernel(
                share, (share * 0.3, max(share * 3.0, 1e-4))
            )
            with warnings.catch_warnings():
                # A length at its bound says that the parameter does not matter here.
                warnings.simplefilter("ignore", ConvergenceWarning)
                model = GaussianProcessRegressor(kernel, alpha=1e-10, random_state=0).fit(
                    z, (y[:, k] - self.centre[k]) / self.scale[k]
                )
            self.height[k] = model.kernel_.k1.k1.constant_value
            self.length[k] = model.kernel_.k1.k2.length_scale
            self.inverse[k] = cho_solve((model.L_, True), np.eye(len(z)))
            self.weights[:, k] = np.ravel(model.alpha_)
            self.left_out[:, k] = self.scale[k] * self.weights[:, k] / np.diag(self.inverse[k])

    def predict(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the underlying surface."""
        mean, var = np.zeros((2, z.shape[0], self.height.size))
        for k in range(self.height.size):
            near = self.height[k] * np.exp(-0.5 * cdist(z / self.length[k], self.z / self.length[k], "sqeuclidean"))
            mean[:, k] = near @ self.weights[:, k]
            var[:, k] = np.maximum(self.height[k] - ((near @ self.inverse[k]) * near).sum(axis=1), 1e-8)
        return mean * self.scale + self.centre, var * self.scale**2


def _refuse_holes(z: np.ndarray, y: np.ndarray) -> None:
    bad = np.flatnonzero(~(np.isfinite(y).all(axis=1) & np.isfinite(z).all(axis=1)))
    if bad.size:
        raise ValueError(f"runs {bad[:10].tolist()} have outputs that are not finite; leave them out and say so")
