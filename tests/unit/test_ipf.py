"""Fitting, controlled rounding and carried rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.world.ipf import Margin, diffuse, fit, order_by, round_table, round_to_total, shift_to_total
from model.world.margins import round_with


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).random(shape)


def test_fit_meets_margins_that_agree() -> None:
    truth = noise(1, 4, 5, 3) * 100
    margins = [Margin((0, 1), truth.sum(axis=2)), Margin((2,), truth.sum(axis=(0, 1)))]
    found = fit(noise(2, 4, 5, 3) + 0.1, margins)
    assert max(found.residuals) < 1e-8
    assert found.rounds < 200


def test_fit_keeps_the_odds_ratios_of_the_seed() -> None:
    seed = noise(3, 2, 2) + 0.2
    table = fit(seed, [Margin((0,), np.array([30.0, 70.0])), Margin((1,), np.array([45.0, 55.0]))]).table

    def ratio(t: np.ndarray) -> float:
        return float(t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]))

    assert ratio(table) == pytest.approx(ratio(seed), rel=1e-6)


def test_fit_caps_rounds_and_reports_margins_that_contradict_each_other() -> None:
    margins = [Margin((0,), np.array([60.0, 40.0])), Margin((1,), np.array([70.0, 50.0]))]
    found = fit(np.ones((2, 2)), margins, rounds=25)
    assert found.rounds == 25
    assert found.residuals[0] == pytest.approx(0.2)
    assert found.residuals[1] < 1e-12


def test_fit_refuses_a_wanted_cell_without_seed() -> None:
    with pytest.raises(ValueError, match="no weight"):
        fit(np.array([[1.0, 0.0]]), [Margin((1,), np.array([1.0, 2.0]))])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 14), st.integers(1, 9), st.sampled_from([0.4, 4.0, 80.0]))
def test_round_table_keeps_cells_and_both_margins(seed: int, rows: int, columns: int, size: float) -> None:
    table = noise(seed, rows, columns) * size
    whole = round_table(table)
    assert np.abs(whole - table).max() < 1
    assert np.abs(whole.sum(axis=0) - table.sum(axis=0)).max() < 1
    assert np.abs(whole.sum(axis=1) - table.sum(axis=1)).max() < 1
    totals = np.rint(table.sum(axis=1)).astype(np.int64)
    whole = round_table(table, totals)
    assert np.array_equal(whole.sum(axis=1), totals)
    assert whole.min() >= 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=40), st.integers(0, 400))
def test_round_to_total_is_exact_and_near_in_every_partial_sum(values: list[float], total: int) -> None:
    whole = round_to_total(np.array(values))
    assert np.abs(np.cumsum(whole) - np.cumsum(values)).max() <= 0.5 + 1e-6
    if sum(values) > 1e-6:
        assert round_to_total(np.array(values), total).sum() == total


def test_round_with_keeps_the_rounded_total() -> None:
    values = noise(5, 12) * 7
    whole = round_with(values)
    assert whole.sum() == round(values.sum())
    assert np.abs(whole - values).max() < 1


def test_shift_to_total_meets_the_total_and_keeps_odds() -> None:
    odds, people = noise(6, 50) + 0.01, noise(7, 50) * 100
    p = shift_to_total(odds, people, 900.0)
    assert float((p * people).sum()) == pytest.approx(900.0, rel=1e-9)
    assert np.allclose(p / (1 - p) / odds, (p / (1 - p) / odds)[0])
    assert not shift_to_total(odds, people, 0.0).any()
    assert (shift_to_total(odds, people, 1e9) == 1.0).all()


def test_diffuse_is_within_about_one_in_every_run_of_the_order() -> None:
    n, cells, k = 6000, 30, 6
    rng = np.random.default_rng(8)
    cell = rng.integers(0, cells, n).astype(np.int32)
    p = rng.dirichlet(np.ones(k), cells)
    order = order_by(cell.astype(np.int64), cells)
    out = np.zeros(n, np.uint8)
    diffuse(cell, p, order, out)
    expected = np.cumsum(p[cell[order]], axis=0)
    got = np.cumsum(np.eye(k)[out[order]], axis=0)
    assert np.abs(got - expected).max() < 1.5
    assert np.abs(np.bincount(out, minlength=k) - expected[-1]).max() < 1.0


def test_diffuse_never_gives_a_category_without_chance() -> None:
    cell = np.tile(np.array([0, 1], np.int32), 500)
    p = np.array([[0.5, 0.5, 0.0], [0.0, 0.3, 0.7]])
    out = np.zeros(1000, np.uint8)
    diffuse(cell, p, np.arange(1000), out)
    assert (p[cell, out] > 0).all()


def test_order_by_is_a_stable_sort() -> None:
    key = np.random.default_rng(9).integers(0, 17, 500)
    assert np.array_equal(order_by(key, 17), np.argsort(key, kind="stable"))
