"""The shortened compiler: kernels are entered from Python or copied into others, and compute the same."""

from __future__ import annotations

import numpy as np
from numba import types

from model.kernels.compiler import Part
from model.kernels.jit import kernel, within


@within
def share(part, whole):
    """One part of a whole, 0 of nothing."""
    return part / whole if whole > 0 else 0.0


@kernel
def shares(parts, whole, into):
    """Every part as a share."""
    for i in range(parts.size):
        into[i] = share(parts[i], whole)


def test_a_kernel_is_a_part_of_its_callers_and_still_answers_python():
    parts = np.arange(5, dtype=np.float64)
    into = np.empty(5)
    shares(parts, 4.0, into)
    assert into.tolist() == (parts / 4.0).tolist()
    assert not share.overloads
    # Where the caller came from the disk, its parts were not asked for.
    share.inner.compile((types.float64, types.float64))
    inner = next(iter(share.inner.overloads.values()))
    assert isinstance(inner.library, Part)
    assert share(3.0, 4.0) == 0.75
    assert share(3.0, 0.0) == 0.0


def test_a_part_is_not_kept_as_a_file():
    assert share.inner.stats.cache_path is None
    assert shares.stats.cache_path is not None
