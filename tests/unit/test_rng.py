"""Stateless random numbers: published vectors, range, independence, stable law."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from model.kernels import rng
from model.kernels.rng import Stream
from tests.reference.shocks import log_positive_stable

VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@njit
def _philox(c, k):
    return rng.philox(c[0], c[1], c[2], c[3], k[0], k[1])


@njit
def _uniforms(seed, stream, uids, month, slot):
    out = np.empty(uids.size)
    for i in range(uids.size):
        out[i] = rng.uniform(seed, stream, uids[i], month, slot)
    return out


@njit
def _stable(n, index):
    out = np.empty(n)
    for i in range(n):
        u, v = rng.uniform_pair(np.uint64(5), 1, np.uint64(i + 1), 0, 0)
        out[i] = log_positive_stable(u, v, index)
    return out


@njit
def _gumbels(n, index):
    out = np.empty(n)
    for i in range(n):
        u, v = rng.uniform_pair(np.uint64(5), 1, np.uint64(i + 1), 0, 0)
        a, _ = rng.uniform_pair(np.uint64(5), 2, np.uint64(i + 1), 0, 0)
        out[i] = index * (rng.gumbel(a) + log_positive_stable(u, v, index))
    return out


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_published_vectors(counter, key, expected):
    got = _philox(np.array(counter, np.uint32), np.array(key, np.uint32))
    assert tuple(int(x) for x in got) == expected


def test_uniform_is_uniform_and_open():
    u = _uniforms(np.uint64(0), Stream.CHOICE, np.arange(200_000, dtype=np.uint64), 3, 7)
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert stats.kstest(u, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("change", ["seed", "stream", "month", "slot"])
def test_every_part_of_the_key_matters(change):
    base = {"seed": np.uint64(0), "stream": 1, "month": 0, "slot": 0}
    other = dict(base, **{change: base[change] + type(base[change])(1)})
    uids = np.arange(50_000, dtype=np.uint64)
    a = _uniforms(base["seed"], base["stream"], uids, base["month"], base["slot"])
    b = _uniforms(other["seed"], other["stream"], uids, other["month"], other["slot"])
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.02


def test_streams_have_distinct_numbers():
    numbers = [v for k, v in vars(Stream).items() if k.isupper()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("index", [0.4, 0.6, 0.9])
def test_positive_stable_has_its_laplace_transform(index):
    """E exp(-t S) = exp(-t**index) (Kanter 1975)."""
    s = np.exp(_stable(400_000, index))
    for t in (0.3, 1.0, 3.0):
        sample = np.exp(-t * s)
        assert abs(sample.mean() - np.exp(-(t**index))) < 5 * sample.std() / np.sqrt(s.size)


@pytest.mark.parametrize("index", [0.6, 0.8, 1.0])
def test_kept_and_fresh_parts_make_a_standard_gumbel(index):
    assert stats.kstest(_gumbels(100_000, index), "gumbel_r").pvalue > 1e-4
