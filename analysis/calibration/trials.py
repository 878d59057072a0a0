"""Runs made for a calibration: each is kept as one line of a file as soon as it ends, and never made again."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runs import numba_cache
from runs.execute import usable_cores
from runs.paths import ROOT
from runs.worker import environment

type Live = Callable[[dict[str, float], int], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One run to make: parameter values and the seed of its chances."""

    values: dict[str, float]
    seed: int

    @property
    def identity(self) -> str:
        """Name by content."""
        text = json.dumps([sorted(self.values.items()), self.seed])
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class Trials:
    """A file of finished runs. A line that was cut short by a crash is dropped when the file is read.

    live: picklable function (values, seed) -> m outputs; nan where the run has no such output; with an attribute
    `kernels` that is true, kernels are compiled once before workers start. about: what the file
    was made with (digest of sources, scale); a file made with something else is put aside, not mixed.
    """

    def __init__(self, path: Path, live: Live, about: str, workers: int | None = None) -> None:
        self.path, self.live, self.about = path, live, about
        self.workers = usable_cores() if workers is None else workers
        self.done: dict[str, list[float]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._read()

    def _read(self) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        whole = []
        for line in lines:
            try:
                whole.append(json.loads(line))
            except json.JSONDecodeError:
                continue
        if whole and whole[0].get("about") != self.about:
            number = len(list(self.path.parent.glob(f"{self.path.stem}.old-*")))
            self.path.rename(self.path.with_name(f"{self.path.stem}.old-{number}"))
            whole = []
        self.done = {row["identity"]: row["outputs"] for row in whole[1:]}
        rows = [{"about": self.about}, *({"identity": k, "outputs": v} for k, v in self.done.items())]
        scratch = self.path.with_suffix(".tmp")
        scratch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        scratch.replace(self.path)

    def outputs(self, trials: Sequence[Trial], say: Callable[[int, int], None] = lambda done, of: None) -> np.ndarray:
        """Outputs of the trials in their order, float64[n, m]; only the missing ones are lived.

        say: told after each finished run how many of them are done.
        """
        missing = {t.identity: t for t in trials if t.identity not in self.done}
        have = len(trials) - len(missing)
        say(have, len(trials))
        with self.path.open("a", encoding="utf-8") as file:
            for identity, outputs in self._live(missing):
                self.done[identity] = outputs
                file.write(json.dumps({"identity": identity, "outputs": outputs}) + "\n")
                file.flush()
                have += 1
                say(have, len(trials))
        return np.array([self.done[t.identity] for t in trials], dtype=float)

    def _live(self, missing: dict[str, Trial]):
        if self.workers == 0 or len(missing) <= 1:
            for identity, trial in missing.items():
                yield identity, [float(x) for x in self.live(trial.values, trial.seed)]
            return
        if getattr(self.live, "kernels", False):
            _compile_once()
        # A fresh interpreter reads the number of threads when it imports numba.
        os.environ.update(environment(1))
        with ProcessPoolExecutor(
            min(self.workers, len(missing)), mp_context=multiprocessing.get_context("spawn")
        ) as pool:
            futures = {pool.submit(self.live, t.values, t.seed): identity for identity, t in missing.items()}
            try:
                for future in as_completed(futures):
                    yield futures[future], [float(x) for x in future.result()]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _compile_once() -> None:
    """Compile the kernels in one process if nobody has yet, so that workers do not all do the same."""
    kernels = numba_cache.prepare()
    if not numba_cache.is_warm(kernels):
        subprocess.run([sys.executable, "-c", "from model.simulate import warm_up; warm_up()"], check=True, cwd=ROOT)
        numba_cache.mark_warm(kernels)
