"""A whole calibration: waves, ensemble, predictive runs, recovery; stopped at any moment, it goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.calibration.experiments import FREE, Recent
from analysis.calibration.moments import Moment, read_moments, target_of
from analysis.calibration.recovery import Recovery, recover
from analysis.calibration.space import Space, space_of
from analysis.calibration.trials import Trial, Trials
from analysis.calibration.waves import Calibration, Effort, calibrate
from model.spec.registry import REGISTRY
from model.world.tables import data_digest
from runs.identity import files_digest, sources_digest
from runs.paths import store_dir

SHOWN_BY: Final = ("experiments.py", "moments.py", "witness.py")
"""What a run is and what it shows; how it is fitted and reported makes no run another."""
N_PREDICTED: Final = 64
N_TRUTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Study:
    """What a calibration leaves. prior, predicted: float64[n, m], runs from the prior and from the ensemble."""

    moments: tuple[Moment, ...]
    found: Calibration
    prior: np.ndarray
    predicted: np.ndarray
    recovery: Recovery
    scale: float
    n_runs: int

    @property
    def space(self) -> Space:
        """The free parameters."""
        return self.found.space

    def draws(self) -> np.ndarray:
        """Parameter values of the ensemble, float64[n, P]."""
        if self.found.sample is None:
            raise ValueError("nothing was sampled")
        table = self.space.table(self.found.sample.z)
        return np.stack([table[key] for key in self.space.keys], axis=1)


def study(
    scale: float, effort: Effort, workers: int | None = None,
    say: Callable[[str, int, int], None] = lambda stage, done, of: None,
) -> Study:
    """Calibrate at a scale. Runs are kept beside the store of runs, under the content that they depend on."""
    space = space_of(REGISTRY.params, FREE)
    moments = read_moments()
    about = _about(scale, moments)
    trials = Trials(store_dir() / "calibration" / f"{about}.jsonl", Recent(scale), about, workers)
    found = calibrate(space, target_of(moments), trials, effort, say)
    if found.sample is None:
        raise ValueError("nothing was sampled")
    chosen = found.sample.z[:: max(1, len(found.sample.z) // N_PREDICTED)][:N_PREDICTED]
    wanted = [Trial(space.values(z), 40_000 + k) for k, z in enumerate(chosen)]
    predicted = trials.outputs(wanted, lambda done, of: say("runs of the ensemble", done, of))
    recovery = recover(found, trials, effort, N_TRUTHS, lambda done, of: say("synthetic truths", done, of))
    return Study(moments, found, found.waves[0].y, predicted, recovery, scale, len(trials.done))


def _about(scale: float, moments: tuple[Moment, ...]) -> str:
    """Everything a run of a calibration depends on: code, data, scale, and which figures it shows."""
    here = Path(__file__).parent
    shown = files_digest([here / name for name in SHOWN_BY], here)
    text = json.dumps([sources_digest(), shown, data_digest(lived=True), scale, [m.key for m in moments]])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
