"""Place constants of a prefecture made by rules: fitted when first needed, kept in the cache by content.

The same fit as `xiancheng constants`, to the flows that stocks imply (`model.world.flows`), in a world of `PEOPLE` with
every parameter at its default except the years over which stocks are spread.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.inputs import ModelInput
from model.spec.registry import REGISTRY
from model.world.datafiles import data_digest
from model.world.snapshot import MODEL, cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.state.world import World
    from model.world.tables import Prefecture

SEEDS: Final = (101,)
"""Seeds of the fit, apart from those of runs."""
MONTHS: Final = 120
"""Flows are those of the whole decade: a stock that doubles, not the first years of one that settles."""
ROUNDS: Final = 10
SETTLED: Final = 5
"""Last rounds over which constants are averaged."""
PEOPLE: Final = 30_000
"""Residents in the world of the fit, about."""
READS: Final = ("stock_years_town", "stock_years_away")


def fitted_constants(prefecture: Prefecture, p: Any) -> np.ndarray:
    """xi float64[U + 1, M, 3], read-only, for the years of `p` over which stocks are spread."""
    return _fitted(prefecture, tuple(float(getattr(p, key)) for key in READS))


def is_fitted(prefecture: Prefecture, p: Any) -> bool:
    """Whether they are in the cache."""
    return _path(prefecture, tuple(float(getattr(p, key)) for key in READS)).is_file()


@lru_cache(maxsize=16)
def _fitted(prefecture: Prefecture, years: tuple[float, ...]) -> np.ndarray:
    path = _path(prefecture, years)
    try:
        xi = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        xi = _fit(prefecture, dict(zip(READS, years, strict=True)))
        _keep(path, xi)
    xi.setflags(write=False)
    return xi


def _path(prefecture: Prefecture, years: tuple[float, ...]) -> Path:
    text = "\n".join([data_digest(prefecture.root, lived=True), _sources(), prefecture.key, *map(repr, years)])
    name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return cache_folder() / f"constants-{prefecture.key}-{name}.npy"


@lru_cache(maxsize=1)
def _sources() -> str:
    """Hash of all code of the model: the fit lives months with it."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(MODEL.rglob("*.py")):
        found.update(path.relative_to(MODEL).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _keep(path: Path, xi: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as handle:
            np.save(handle, xi)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _fit(prefecture: Prefecture, years: Mapping[str, float]) -> np.ndarray:
    # The fit lives months, and the months start from a world: imported here, as that imports this.
    from model.recorder import Recorder
    from model.simulate import live_month
    from model.world.constants import fit_constants, refine_constants
    from model.world.start import start_world

    recorders: list[Recorder] = []

    def make_world(xi: np.ndarray, seed: int, on_the_way: bool = True) -> World:
        world = start_world(_input(prefecture, years, seed), constants=xi, on_the_way=on_the_way)
        recorders[:] = [Recorder(world)]
        return world

    def live(world: World, index: int) -> Mapping[str, np.ndarray]:
        live_month(world, recorders[0], index)
        return world.month_events

    markets = 3 * prefecture.n_units + prefecture.n_outside
    blank = np.zeros((prefecture.n_units + 1, markets, 3))
    first, _ = fit_constants(make_world(blank, 0, on_the_way=False))
    xi, _ = refine_constants(make_world, live, first, SEEDS, MONTHS, ROUNDS, SETTLED)
    return xi


def _input(prefecture: Prefecture, years: Mapping[str, float], seed: int) -> ModelInput:
    """Current practice for as long as the fit lives."""
    start = prefecture.reference_ordinal
    values = REGISTRY.param_values(dict(years))
    scale = min(1.0, PEOPLE / float(prefecture.start_census["residents"].sum()))
    return ModelInput(
        prefecture=prefecture.key, start_ordinal=start, n_months=MONTHS, scale=scale, seed=seed, levers={},
        drivers=prefecture.drivers("central", range(start, start + MONTHS), base=start),
        params={key: values[key] for key in REGISTRY.params},
    )
