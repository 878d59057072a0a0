"""An engine of a few numbers for the tests of `runs`: same shape of results, nothing simulated."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MONTHS = tuple(f"{2020 + (10 + m) // 12}-{(10 + m) % 12 + 1:02d}" for m in range(86))
PLACES = ("north", "south", "city")
LEVERS = ("school_seats", "road_investment")
MARKETS = ("north rural", "north town", "south rural", "south town", "coast")


@dataclass(frozen=True)
class FakeResults:
    months: tuple[str, ...]
    places: tuple[str, ...]
    markets: tuple[str, ...]
    indicators: dict[str, np.ndarray]
    moves: np.ndarray
    levers: tuple[str, ...]
    delivered: np.ndarray
    level: np.ndarray

    def digest(self) -> str:
        total = hashlib.blake2b(digest_size=16)
        for name in sorted(self.indicators):
            total.update(self.indicators[name].tobytes())
        for array in (self.moves, self.delivered, self.level):
            total.update(array.tobytes())
        return total.hexdigest()


def warm_up(part: int = 0) -> None:
    folder = os.environ.get("FAKE_TRACE")
    if folder:
        (Path(folder) / f"warm-{part}-{os.getpid()}").touch()


def simulate(model_input, checked=False):
    """Numbers from the seed and one parameter; FAKE_TRACE notes each call in a folder."""
    trace(model_input)
    noise = np.random.default_rng(model_input.seed).normal(size=(3, len(MONTHS), len(PLACES)))
    shift = model_input.params["effect"]
    indicators = {
        "resident_urbanization_rate": 0.55 + 0.01 * noise[0] + 0.02 * shift,
        "resident_population": 1000.0 + noise[1],
        "urban_rural_income_ratio": np.where(noise[2] > 2.5, np.nan, 2.0 + 0.1 * noise[2]),
    }
    indicators["births"] = np.full((len(MONTHS), len(PLACES)), 2.0 + model_input.seed)
    moves = np.random.default_rng(model_input.seed + 1).integers(0, 50, (8, 5, 5)).astype(float)
    delivered = np.arange(8.0)[:, None, None] * np.array([[1.0, 2.0], [0.0, 0.5]]) * shift
    return FakeResults(MONTHS, PLACES, MARKETS, indicators, moves, LEVERS, delivered, 1.0 + delivered)


def trace(model_input) -> None:
    folder = os.environ.get("FAKE_TRACE")
    if folder:
        name = f"{model_input.params['effect']}-{model_input.seed}-{os.getpid()}-{time.monotonic_ns()}"
        (Path(folder) / name).touch()


def fails_on_two(model_input, checked=False):
    if model_input.seed == 2:
        raise ArithmeticError("heads do not add up")
    return simulate(model_input)


def dies_on_two(model_input, checked=False):
    """The worker is killed every time it comes to seed 2."""
    if model_input.seed == 2:
        trace(model_input)
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(model_input)


def dies_once(model_input, checked=False):
    """The worker is killed the first time it comes to seed 2."""
    flag = Path(os.environ["FAKE_TRACE"]) / "died"
    if model_input.seed == 2 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(model_input)


def slow(model_input, checked=False):
    time.sleep(0.3)
    return simulate(model_input)


def tells(model_input, checked=False):
    """Fails with what a worker looks like from inside."""
    import sys

    print("this must not reach the answers")
    names = ("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_CACHE_DIR")
    loaded = [name for name in ("pandas", "matplotlib") if sys.modules.get(name)]
    raise RuntimeError(f"{[os.environ.get(name) for name in names]} {loaded}")
