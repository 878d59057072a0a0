"""Small tools for groups: keyed uniforms of many ids, lotteries within groups, shares that allow nobody."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import uniform


@kernel
def uniforms(seed, stream, uid, month, slot):
    """One uniform per id, float64[n], at one stream, month and slot."""
    out = np.empty(uid.size)
    for k in range(uid.size):
        out[k] = uniform(seed, stream, uid[k], month, slot)
    return out


def first_of_each(group: np.ndarray, draw: np.ndarray, tie: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Positions of the number[g] smallest draws of every group, by group and then draw; ties by `tie`.

    group: int[n] below number.size; draw: float64[n]; tie: any sortable ids that are distinct. The result does
    not depend on the order of entries.
    """
    order = _sorted(group, draw, tie)
    sizes = np.bincount(group, minlength=number.size)
    start = np.cumsum(sizes) - sizes
    rank = np.arange(order.size) - start[group[order]]
    return order[rank < number[group[order]]]


def _sorted(group: np.ndarray, draw: np.ndarray, tie: np.ndarray) -> np.ndarray:
    """Order by group, draw and tie; one sort of group + draw is enough unless two of those sums are equal."""
    key = group + draw
    order = np.argsort(key)
    key = key[order]
    if (key[1:] == key[:-1]).any() or (draw >= 1.0).any():
        return np.lexsort((tie, draw, group))
    return order


def share_of(part: np.ndarray | float, whole: np.ndarray | float, empty: float = 0.0) -> np.ndarray:
    """part / whole in float64, `empty` where whole is not positive."""
    top, bottom = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    if top.shape != bottom.shape:
        top, bottom = np.broadcast_arrays(top, bottom)
    out = np.empty(top.shape)
    out.fill(empty)
    return np.divide(top, bottom, out=out, where=bottom > 0.0)
