"""Iterative proportional fitting and whole-number rounding that keeps its totals.

Deming and Stephan (1940) for the fit; Cox (1987, "A constructive procedure for unbiased controlled
rounding", JASA 82) for the cycle idea behind `round_table`, made deterministic here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.kernels.build import cancel_cycles, diffuse, order_by

ROUNDS: Final = 200
TOLERANCE: Final = 1e-9
WHOLE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Margin:
    """One target of a fit: `axes` of the table that stay, and the wanted sums over all others."""

    axes: tuple[int, ...]
    target: np.ndarray


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted table, the rounds it took, and the largest error of each margin as a share of its total."""

    table: np.ndarray
    rounds: int
    residuals: tuple[float, ...]


def _shaped(values: np.ndarray, axes: tuple[int, ...], ndim: int) -> np.ndarray:
    shape = [1] * ndim
    for axis, size in zip(axes, values.shape, strict=True):
        shape[axis] = size
    return values.reshape(shape)


def _sums(table: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return table.sum(axis=tuple(a for a in range(table.ndim) if a not in axes))


def fit(seed: np.ndarray, margins: Sequence[Margin], rounds: int = ROUNDS, tolerance: float = TOLERANCE) -> Fit:
    """Scale `seed` (float64, any number of axes, not negative) in turn to each margin.

    Axes in a margin are increasing. Rounds are capped: margins that contradict each other never settle, and
    then the residuals say by how much. Raises ValueError when a wanted cell has no positive seed.
    """
    table = np.array(seed, dtype=np.float64)
    for margin in margins:
        reach = _sums(table, margin.axes)
        if np.any((reach <= 0) & (margin.target > 0)):
            raise ValueError(f"the seed has no weight for some cells of the margin over axes {margin.axes}")
    done = 0
    while done < rounds:
        done += 1
        worst = 0.0
        for margin in margins:
            have = _sums(table, margin.axes)
            ratio = np.divide(margin.target, have, out=np.zeros_like(have), where=have > 0)
            table *= _shaped(ratio, margin.axes, table.ndim)
            worst = max(worst, float(np.abs(have - margin.target).sum() / max(margin.target.sum(), 1e-300)))
        if worst < tolerance:
            break
    return Fit(table, done, tuple(residual(table, m) for m in margins))


def residual(table: np.ndarray, margin: Margin) -> float:
    """Sum of absolute errors of a margin over its total."""
    return float(np.abs(_sums(table, margin.axes) - margin.target).sum() / max(margin.target.sum(), 1e-300))


def shift_to_total(odds: np.ndarray, people: np.ndarray, total: float) -> np.ndarray:
    """Probabilities with the given relative odds (not negative) whose sum over `people` is `total`.

    The common factor of the odds is found by bisection; this is the two-category case of `fit`.
    """
    if total <= 0:
        return np.zeros_like(odds)
    if total >= people[odds > 0].sum():
        return (odds > 0).astype(np.float64)
    low, high = -40.0, 40.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        o = odds * np.exp(middle)
        if float((people * o / (1 + o)).sum()) < total:
            low = middle
        else:
            high = middle
    o = odds * np.exp(0.5 * (low + high))
    return o / (1 + o)


def round_to_total(values: np.ndarray, total: int | None = None) -> np.ndarray:
    """Round along cumulative sums (int64): every partial sum is within half of the real one.

    `values` are not negative; with `total` they are scaled to it first.
    """
    v = np.asarray(values, dtype=np.float64).ravel()
    if total is not None:
        s = v.sum()
        v = v * (total / s) if s > 0 else v
    edges = np.floor(np.cumsum(v) + 0.5 + WHOLE).astype(np.int64)
    if total is not None and edges.size and v.sum() > 0:
        edges[-1] = total
    return np.diff(edges, prepend=0).reshape(np.shape(values))


def round_table(table: np.ndarray, row_totals: np.ndarray | None = None) -> np.ndarray:
    """Round a two-way table to whole numbers (int64), each cell and each margin up or down.

    With integer `row_totals` the rows are scaled to them first, so that row sums are exact; column sums are
    then within one of the scaled table's.
    """
    t = np.array(table, dtype=np.float64)
    if row_totals is not None:
        sums = t.sum(axis=1)
        t *= np.divide(row_totals, sums, out=np.zeros_like(sums), where=sums > 0)[:, None]
    rows, columns = t.shape
    # The slack row and column carry the fractions of the margins, as in the transportation problem.
    wide = np.zeros((rows + 1, columns + 1))
    wide[:rows, :columns] = t
    wide[:rows, columns] = np.ceil(t.sum(axis=1) - WHOLE) - t.sum(axis=1)
    wide[rows, :columns] = np.ceil(t.sum(axis=0) - WHOLE) - t.sum(axis=0)
    wide[rows, columns] = np.ceil(wide[rows, :columns].sum() - WHOLE) - wide[rows, :columns].sum()
    short = np.ceil(wide[:, columns].sum() - WHOLE) - wide[:, columns].sum()
    wide[rows, columns] += max(short, 0.0)
    cancel_cycles(wide)
    return np.rint(wide[:rows, :columns]).astype(np.int64)


__all__ = [
    "Fit", "Margin", "diffuse", "fit", "order_by", "residual", "round_table", "round_to_total", "shift_to_total",
]
