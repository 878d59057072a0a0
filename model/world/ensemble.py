"""The posterior ensemble of a prefecture: draws of the calibrated parameters, one for each run."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.spec.registry import REGISTRY
from model.world.datafiles import DataError, relative

if TYPE_CHECKING:
    from model.world.tables import Prefecture

FILE: Final = "ensemble.csv"
DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Ensemble:
    """keys: P calibrated parameters; values: float64[n, P], read-only, one draw of the posterior in each row."""

    keys: tuple[str, ...]
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def draw(self, seed: int) -> dict[str, float]:
        """The draw that belongs to a seed: the same in every scenario, so that runs stay paired."""
        return dict(zip(self.keys, self.values[seed % len(self)].tolist(), strict=True))

    def point(self) -> dict[str, float]:
        """The median of each parameter."""
        return dict(zip(self.keys, np.median(self.values, axis=0).tolist(), strict=True))


def ensemble_path(prefecture: Prefecture) -> Path:
    """Where the prefecture's ensemble lies."""
    return prefecture.root / "prefectures" / prefecture.key / FILE


def load_ensemble(prefecture: Prefecture) -> Ensemble | None:
    """The prefecture's ensemble, or None where it was not calibrated. DataError for unknown or unreadable columns."""
    path = ensemble_path(prefecture)
    return _read(path, path.stat().st_mtime_ns, prefecture.root) if path.exists() else None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, root: Path) -> Ensemble:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    unknown = [key for key in rows[0] if key not in REGISTRY.params]
    if unknown:
        raise DataError([f"{relative(path, root)}:1 {key} is no parameter; calibrate again" for key in unknown])
    try:
        values = np.array([[float(cell) for cell in row] for row in rows[1:]])
    except ValueError as error:
        raise DataError([f"{relative(path, root)}: {error}; calibrate again"]) from error
    if values.ndim != 2 or not np.isfinite(values).all():
        raise DataError([f"{relative(path, root)}: a draw is not whole; calibrate again"])
    values.setflags(write=False)
    return Ensemble(tuple(rows[0]), values)


def save_ensemble(path: Path, keys: tuple[str, ...], values: np.ndarray) -> None:
    """Write draws, float64[n, P], one row each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(keys)
        writer.writerows([f"{x:.{DIGITS}g}" for x in row] for row in values)
