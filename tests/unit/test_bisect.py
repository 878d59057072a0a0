"""The place where a rising function reaches a value, against halving alone."""

import math

import numpy as np
import pytest

from model.kernels.bisect import HALVINGS, where_it_reaches


def halved(value, target, low, high):
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if value(middle) < target else (low, middle)
    return middle


@pytest.mark.parametrize("target", [-1.0, 0.0, 1e-9, 0.3, 7.0, 39.99, 40.0, 1e6])
@pytest.mark.parametrize("steps", [2.0**48, 8.0])
def test_it_is_the_last_middle_and_few_values_are_asked(target, steps):
    logits, asked = np.random.default_rng(3).normal(0.0, 2.0, 40), []

    def value(x):
        asked.append(x)
        return sum(math.floor(steps / (1.0 + math.exp(-min(max(x + y, -700.0), 700.0)))) for y in logits) / steps

    found = where_it_reaches(value, target, -30.0, 30.0)
    count = len(asked)
    assert found == halved(value, target, -30.0, 30.0)
    if target in (0.3, 7.0) and steps > 8.0:
        assert count < HALVINGS // 2 + 6
