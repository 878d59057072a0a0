"""The calibration against a toy whose exact posterior is known: a linear world with a little curvature and noise."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from analysis.calibration.emulator import Process, Quadratic
from analysis.calibration.posterior import Target, implausibility, sample, shrinkage
from analysis.calibration.recovery import recover
from analysis.calibration.space import Space, space_of
from analysis.calibration.trials import Trial, Trials
from analysis.calibration.waves import Effort, calibrate
from model.spec.registry import REGISTRY
from model.spec.types import Prior

P, M, NOISE = 4, 6, 0.15
SPACE = Space(tuple(f"p{k}" for k in range(P)), (Prior(low=-1.0, high=1.0, family="normal"),) * P)
WEIGHTS = np.random.default_rng(3).normal(size=(P, M))
# The last parameter moves nothing: it must stay at its prior.
WEIGHTS[3] = 0.0


def surface(z: np.ndarray) -> np.ndarray:
    return z @ WEIGHTS + 0.15 * (z[:, :1] * z[:, 1:2]) + 0.1 * z[:, :1] ** 2


def toy(values: dict[str, float], seed: int) -> list[float]:
    z = np.array([[values[f"p{k}"] for k in range(P)]]) * 1.6448536269514722
    return list(surface(z)[0] + NOISE * np.random.default_rng(seed).standard_normal(M))


def broken(values: dict[str, float], seed: int) -> list[float]:
    return [float("nan")] * M if seed % 7 == 0 else toy(values, seed)


class Exact:
    left_out = np.zeros((1, M))

    def predict(self, z):
        return surface(z), np.zeros((len(z), M))


@pytest.fixture(scope="module")
def target() -> Target:
    truth = np.array([[0.7, -0.5, 0.3, 1.0]])
    return Target(surface(truth)[0], np.full(M, 0.2**2))


EFFORT = Effort(n_points=3, n_repeats=6, n_first=64, n_second=64, n_draws=400, steps=2400)


@pytest.fixture(scope="module")
def found(tmp_path_factory, target):
    trials = Trials(tmp_path_factory.mktemp("c") / "runs.jsonl", toy, "toy", workers=0)
    return calibrate(SPACE, target, trials, EFFORT), trials


def test_the_ensemble_is_the_exact_posterior(found, target):
    exact = sample(Exact(), target, np.full(M, NOISE**2), 2000, P, 5, steps=1200).z
    z = found[0].sample.z
    bias = np.abs(z.mean(axis=0) - exact.mean(axis=0)) / exact.std(axis=0)
    ratio = z.std(axis=0) / exact.std(axis=0)
    assert bias.max() < 0.35
    assert (ratio > 0.8).all() and (ratio < 1.35).all()


def test_what_the_data_do_not_touch_stays_at_the_prior(found):
    gone = shrinkage(found[0].sample.z)
    assert (gone[:3] > 0.7).all()
    assert abs(gone[3]) < 0.3


def test_the_noise_of_one_run_is_measured(found):
    assert found[0].noise.mean() == pytest.approx(NOISE**2, rel=0.4)


def test_history_matching_rules_out_most_of_the_prior_and_keeps_the_truth(found, target):
    assert 0.5 < found[0].waves[1].ruled_out < 1.0
    truth = np.array([[0.7, -0.5, 0.3, 0.0]])
    assert implausibility(truth, found[0].emulator, target, found[0].noise).max() < 3.0


def test_a_synthetic_truth_is_found_again(found):
    result = recover(*found, EFFORT, n_truths=10)
    assert result.identified[:, :3].all() and not result.identified[:, 3].any()
    assert result.coverage() >= 0.8


def test_the_same_seed_gives_the_same_ensemble_and_no_run_is_made_twice(found, target, tmp_path):
    first, trials = found
    kept = tmp_path / "runs.jsonl"
    text = trials.path.read_text()
    # A kill in the midst of a line: half of the runs are there, the last line is cut.
    kept.write_text(text[: len(text) // 2])
    made = []

    def counting(values, seed):
        made.append(seed)
        return toy(values, seed)

    again = calibrate(SPACE, target, Trials(kept, counting, "toy", workers=0), EFFORT)
    assert np.array_equal(again.sample.z, first.sample.z)
    assert 0 < len(made) < 0.6 * (EFFORT.n_first + EFFORT.n_second + 18)


def test_workers_give_the_same_outputs(tmp_path):
    trials = [Trial(SPACE.values(z), k) for k, z in enumerate(SPACE.spread(4, 1))]
    alone = Trials(tmp_path / "a.jsonl", toy, "toy", workers=0).outputs(trials)
    assert np.array_equal(alone, Trials(tmp_path / "b.jsonl", toy, "toy", workers=2).outputs(trials))


def test_runs_of_another_model_are_put_aside(tmp_path):
    path = tmp_path / "runs.jsonl"
    Trials(path, toy, "old", workers=0).outputs([Trial(SPACE.values(np.zeros(P)), 1)])
    assert Trials(path, toy, "new", workers=0).done == {}
    assert len(list(tmp_path.glob("runs.old-*"))) == 1


def test_runs_with_holes_are_left_out_and_counted(tmp_path, target):
    trials = Trials(tmp_path / "runs.jsonl", partial(broken), "toy", workers=0)
    result = calibrate(SPACE, target, trials, EFFORT)
    assert result.waves[0].n_failed == sum(seed % 7 == 0 for seed in range(10_000, 10_064))


@pytest.mark.parametrize("kind", [Quadratic, Process])
def test_emulators_state_errors_that_hold(kind):
    rng = np.random.default_rng(0)
    z, new = rng.standard_normal((80, P)), rng.standard_normal((200, P))
    y = surface(z) + NOISE * rng.standard_normal((80, M))
    emulator = kind(z, y, np.full(M, NOISE**2))
    mean, var = emulator.predict(new)
    wrong = mean - surface(new)
    assert np.sqrt((wrong**2).mean()) < 0.15
    assert 0.75 < (np.abs(wrong) < 1.645 * np.sqrt(var)).mean() <= 1.0
    assert np.sqrt((emulator.left_out**2).mean()) == pytest.approx(np.sqrt((wrong**2).mean() + NOISE**2), rel=0.35)


def test_an_output_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match=r"runs \[2\]"):
        Quadratic(np.zeros((4, P)), np.where(np.arange(4)[:, None] == 2, np.nan, np.ones((4, M))), np.ones(M))


def test_only_what_has_a_prior_can_be_calibrated():
    assert space_of(REGISTRY.params, ["beta_w", "tau_nest"]).values(np.zeros(2))["beta_w"] == pytest.approx(1.0)
    with pytest.raises(ValueError, match="rel_move_20_24"):
        space_of(REGISTRY.params, ["rel_move_20_24"])
