"""The figure of a hindcast: each county as lived against the census, with bands and the line where both agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.hindcast.against import CITY, Comparison
from analysis.hindcast.labels import say
from runs.experiment import Experiment

WIDTH: Final = 10.5
HEIGHT: Final = 6.2
NAME: Final = "hindcast"
TICKS: Final = (20, 50, 100, 200, 500, 1000, 2000)
APART: Final = 9.0
"""Points between the names of neighbours, at least."""


def draw(comparison: Comparison, experiment: Experiment, langs: Sequence[str], start: str, end: str) -> list[Path]:
    """Write figures/hindcast.LANG.png and .svg."""
    experiment.figures.mkdir(exist_ok=True)
    written: list[Path] = []
    for lang in langs:
        figure = hindcast(comparison, experiment.run_id, start, end, lang)
        written += style.save(figure, experiment.figures / f"{NAME}.{lang}")
    return written


def hindcast(comparison: Comparison, run_id: str, start: str, end: str, lang: str) -> Figure:
    """Two panels: urban share and residents of every county; the prefecture as a square on the left one."""
    place = comparison.places[CITY]["zh" if lang == "zh" else "en"]
    notes = (say("line", lang, start=start), say("reads", lang, start=start).rstrip(".。"))
    with style.house():
        title = say("figure", lang, place=place, start=start, end=end)
        figure = style.canvas(WIDTH, HEIGHT, title, notes, run_id, lang)
        top, bottom = style.head(figure, 0.95), style.foot(figure, 0.55)
        for k, (margin, panel, factor) in enumerate((
            ("urban_share", "urban_panel", 100.0), ("residents", "people_panel", 1e-3),
        )):
            axes = figure.add_axes((0.065 + 0.49 * k, bottom, 0.425, top - bottom))
            _panel(axes, comparison, margin, factor, lang)
            errors = comparison.errors()[margin]
            unit = "%" if margin == "residents" else ""
            error, still = (f"{errors[k]:.1f}{unit}" for k in ("hindcast", "no_change"))
            words = say("mean_error", lang, error=error, still=still)
            axes.set_title(f"{say(panel, lang)}\n{words}", fontsize=9)
            axes.set_xlabel(say("x_axis", lang, end=end))
            axes.set_ylabel(say("y_axis", lang))
    return figure


def _panel(axes: Axes, comparison: Comparison, margin: str, factor: float, lang: str) -> None:
    rows = comparison.of(margin)
    if margin == "residents":
        rows = rows.drop(CITY)
        axes.set_xscale("log")
        axes.set_yscale("log")
    x, y, before = (rows[c].to_numpy() * factor for c in ("observed", "mean", "start"))
    low, high = (rows[c].to_numpy() * factor for c in ("p05", "p95"))
    ends = min(x.min(), y.min(), before.min()), max(x.max(), y.max(), before.max())
    room = (ends[1] / ends[0]) ** 0.06 if margin == "residents" else 0.06 * (ends[1] - ends[0])
    limits = (ends[0] / room, ends[1] * room) if margin == "residents" else (ends[0] - room, ends[1] + room)
    axes.plot(limits, limits, color=style.QUIET, linestyle=(0, (4, 2)), linewidth=1.0, zorder=1)
    axes.scatter(x, before, s=9, color=style.QUIET, zorder=2)
    axes.vlines(x, before, y, color="#D8D8D8", linewidth=0.8, zorder=1)
    axes.vlines(x, low, high, color=style.OKABE_ITO[0], linewidth=2.4, zorder=3)
    whole = [key == CITY for key in rows.index]
    for at, value, city in zip(x, y, whole, strict=True):
        axes.scatter(at, value, s=46 if city else 30, marker="s" if city else "o", zorder=4,
                     color=style.OKABE_ITO[1] if city else style.OKABE_ITO[0])
    axes.set_xlim(*limits)
    axes.set_ylim(*limits)
    _names(axes, comparison, list(rows.index), x, y, lang)
    for axis in (axes.xaxis, axes.yaxis):
        if margin == "residents":
            axis.set_ticks([t for t in TICKS if limits[0] < t < limits[1]])
            axis.set_ticks([], minor=True)
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.grid(True, axis="both")


def _names(axes: Axes, comparison: Comparison, keys: Sequence[str], x: Sequence[float], y: Sequence[float],
           lang: str) -> None:
    """Names beside the points, those above the line to the left and those below it to the right, moved apart."""
    spots = axes.transData.transform(list(zip(x, y, strict=True))) * 72.0 / axes.figure.dpi
    order = sorted(range(len(keys)), key=lambda k: spots[k][1])
    last = {True: -1e9, False: -1e9}
    for k in order:
        name = comparison.places[keys[k]]["zh" if lang == "zh" else "en"]
        short = name.removesuffix(" County").removesuffix(" District")
        left = bool(y[k] >= x[k])
        at = max(spots[k][1], last[left] + APART)
        last[left] = at
        axes.annotate(short, (x[k], y[k]), xytext=(-7 if left else 7, at - spots[k][1]), textcoords="offset points",
                      ha="right" if left else "left", va="center", fontsize=7, color=style.INK)
