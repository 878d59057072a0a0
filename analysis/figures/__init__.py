"""Figures: each a function from a frame to its table and its figure, in Chinese and in English.

`draw_all` writes the whole set of an experiment; the single functions serve notebooks and the report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from analysis import load
from analysis.figures import style
from analysis.figures.decomposition import decomposition
from analysis.figures.differences import differences
from analysis.figures.flows import flows
from analysis.figures.frames import NothingToDraw, Setting, language
from analysis.figures.map_units import map_units
from analysis.figures.trajectories import trajectories
from analysis.labels import LANGUAGES
from analysis.paired import scenarios_of
from runs.experiment import FIGURES, MANIFEST, MOVES, RESULTS

__all__ = [
    "NothingToDraw", "Setting", "decomposition", "differences", "draw_all", "flows", "map_units", "setting_of",
    "trajectories",
]

RESULT_FIGURES: Final = {
    "trajectories": trajectories, "map_units": map_units, "differences": differences, "decomposition": decomposition,
}


def draw_all(
    experiment_folder: str | Path, langs: Sequence[str] = LANGUAGES, *, boundaries: bool = False
) -> list[Path]:
    """Write figures/NAME.LANG.png and .svg and the table NAME.csv of every figure; returns the paths.

    experiment_folder: holds results.parquet and moves.parquet. boundaries: maps with real county boundaries, if the
    extra `maps` is installed. A single scenario has no figure of differences. Raises NothingToDraw when the
    results lack what a figure needs.
    """
    folder = Path(experiment_folder)
    for lang in langs:
        language(lang)
    frame, moves = _read(folder)
    setting = setting_of(folder, scenarios_of(frame))
    target = folder / FIGURES
    target.mkdir(exist_ok=True)
    written: list[Path] = []
    alone = len(scenarios_of(frame)) == 1
    for name in (*RESULT_FIGURES, "flows"):
        if name == "differences" and alone:
            continue
        for lang in langs:
            if name == "flows":
                table, figure = flows(moves, setting, lang)
            elif name == "map_units":
                table, figure = map_units(frame, setting, lang, boundaries=boundaries)
            else:
                table, figure = RESULT_FIGURES[name](frame, setting, lang)
            written += style.save(figure, target / f"{name}.{lang}")
        table.to_csv(target / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        written.append(target / f"{name}.csv")
    return written


def setting_of(folder: Path, scenarios: Sequence[str]) -> Setting:
    """Name of the experiment, titles of its scenarios and its prefecture, from what lies in its folder."""
    import scenarios as library

    manifest = folder / MANIFEST
    run_id = json.loads(manifest.read_text(encoding="utf-8"))["run_id"] if manifest.exists() else folder.name
    kept = {name: folder / f"{name}.scenario.resolved.yaml" for name in scenarios}
    loaded = {name: library.load(str(path)) for name, path in kept.items() if path.exists()}
    titles = {name: scenario.title for name, scenario in loaded.items()}
    prefectures = {scenario.prefecture for scenario in loaded.values()}
    if len(prefectures) > 1:
        raise NothingToDraw(f"one map cannot show {', '.join(sorted(prefectures))}")
    return Setting(run_id=run_id, titles=titles, prefecture=next(iter(prefectures), None))


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and moves of an experiment. Raises NothingToDraw when one is not there."""
    for name in (RESULTS, MOVES):
        if not (folder / name).exists():
            raise NothingToDraw(f"{folder} holds no {name}")
    return load.tidy(folder), load.moves(folder)
