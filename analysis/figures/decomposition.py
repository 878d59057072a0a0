"""Urban growth in three lines: moves, births and deaths, and relabelling of villages."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.frames import Setting, bands, months_of, runs_of, series
from analysis.figures.trajectories import draw_band, joined, year_axis
from analysis.labels import month_words, say, shown, with_unit
from analysis.paired import scenarios_of
from model.spec.registry import REGISTRY
from model.spec.types import Reduce

LINES: Final = ("urban_growth_moves", "urban_growth_natural", "urban_growth_reclassification")
TOTAL: Final = "all_three"


def decomposition(frame: pd.DataFrame, setting: Setting, lang: str) -> tuple[pd.DataFrame, Figure]:
    """Urban residents gained since the first month, by line and in all: table and figure.

    Table: line, scenario, month, median, p05, p95, runs; people.
    """
    table = decomposition_table(frame)
    runs, months = runs_of(frame), months_of(frame)
    factor, decimals, words, _ = shown(REGISTRY.indicators[LINES[0]].unit, lang)
    notes = [say("band", lang, runs=runs) if runs > 1 else say("one_run", lang), say("note_decomposition", lang)]
    looks = style.look(scenarios_of(frame))
    with style.house():
        title = say("decomposition", lang, first=month_words(months[0], lang))
        figure = style.canvas(13.0, 4.9, with_unit(title, words, lang), notes, setting.run_id, lang)
        grid = figure.add_gridspec(
            1, 4, left=0.04, right=0.905, bottom=style.foot(figure), top=style.head(figure, 0.95), wspace=0.6
        )
        first = None
        panels = []
        for k, line in enumerate((TOTAL, *LINES)):
            axes = figure.add_subplot(grid[0, k], sharey=first)
            first = first or axes
            text = say(line, lang) if line == TOTAL else getattr(REGISTRY.indicators[line].text, lang)
            axes.set_title(style.balanced(text, 32))
            axes.axhline(0, color="#999999", linewidth=0.8)
            rows = table[table["line"] == line]
            ends = [
                draw_band(axes, rows[rows["scenario"] == name], look, factor, setting.title(name, lang), decimals, name)
                for name, look in looks.items()
            ]
            panels.append((axes, ends))
        # All panels share one axis: it is widened once, after everything is drawn.
        low, high = panels[0][0].get_ylim()
        panels[0][0].set_ylim(low - 0.03 * (high - low), high + 0.03 * (high - low))
        for axes, ends in panels:
            year_axis(axes, table["month"], most=5)
            axes.tick_params(labelleft=axes is first)
            style.end_labels(axes, joined(ends, lang))
    return table, figure


def decomposition_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The three lines and their sum, people gained since the first month."""
    wides = []
    for line in LINES:
        wide = series(frame, line)
        # A line declared as a sum holds the change of each month; one declared as a level is added up already.
        wides.append(wide.cumsum() if REGISTRY.indicators[line].reduce is Reduce.SUM else wide)
    tables = [bands(wide).assign(line=line) for line, wide in zip(LINES, wides)]
    total = bands(wides[0] + wides[1] + wides[2]).assign(line=TOTAL)
    columns = ["line", "scenario", "month", "median", "p05", "p95", "runs"]
    return pd.concat([total, *tables], ignore_index=True)[columns]
