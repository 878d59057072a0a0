"""Reading experiments back: from a folder to tidy frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from runs.experiment import Experiment, open_folder

COLUMNS: Final = ("scenario", "seed", "month", "place", "indicator", "value")


def experiment(folder: str | Path) -> Experiment:
    """The finished experiment in a folder. Raises FileNotFoundError when it is not finished."""
    return open_folder(Path(folder))


def tidy(source: Any) -> pd.DataFrame:
    """The tidy frame of an experiment, of its folder, or of a results file: scenario, seed, month, place,
    indicator, value."""
    if isinstance(source, Experiment):
        return source.frame()
    path = Path(source)
    return pd.read_parquet(path / "results.parquet" if path.is_dir() else path)


def moves(source: Any) -> pd.DataFrame:
    """Moves between markets by year: scenario, seed, year, origin, destination, value (people)."""
    if isinstance(source, Experiment):
        return source.moves()
    path = Path(source)
    return pd.read_parquet(path / "moves.parquet" if path.is_dir() else path)


def decembers(frame: pd.DataFrame) -> list[str]:
    """Every December and the last month, in order."""
    months = sorted(str(month) for month in frame["month"].unique())
    return [month for month in months if month.endswith("-12") or month == months[-1]]
