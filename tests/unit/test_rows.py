"""Rows over threads: every row once, in order, and one result whatever the number of threads."""

import numpy as np
import pytest
from numba import njit

from model.kernels import rows


@pytest.fixture(autouse=True)
def _one_thread_afterwards():
    before = rows.threads()
    yield
    rows.set_threads(before)


@njit(nogil=True)
def _double(start, stop, value):
    for i in range(start, stop):
        value[i] *= 2


@njit(nogil=True)
def _tally(start, stop, out, group):
    for i in range(start, stop):
        out[group[i], i % 2] += 1


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("n", [0, 1, rows.BLOCK, 5 * rows.BLOCK + 3])
def test_every_row_once(threads, n):
    rows.set_threads(threads)
    value = np.ones(n, np.int64)
    rows.over_rows(_double, n, value, fewest=1)
    assert (value == 2).all()
    edges = rows.ranges(n, fewest=1)
    assert [a for a, _ in edges[1:]] == [b for _, b in edges[:-1]]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_counts_are_those_of_numpy(threads):
    rows.set_threads(threads)
    group = np.arange(20_000) % 7
    expected = np.zeros((7, 2), np.int64)
    np.add.at(expected, (group, np.arange(20_000) % 2), 1)
    assert (rows.count_rows(_tally, group.size, (7, 2), group, fewest=1) == expected).all()


def test_a_fault_in_a_thread_is_raised():
    rows.set_threads(3)

    def fault(start, stop):
        raise ArithmeticError(f"{start}")

    with pytest.raises(ArithmeticError):
        rows.over_rows(fault, 10 * rows.BLOCK, fewest=1)


def test_no_thread_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        rows.set_threads(0)
