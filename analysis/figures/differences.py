"""What a scenario changes: paired differences of the headline outcomes, with their intervals."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.frames import NothingToDraw, Setting, months_of
from analysis.labels import month_words, say, shown
from analysis.paired import common, difference, scenarios_of
from analysis.summary import CITY
from model.spec.registry import REGISTRY
from model.spec.types import Indicator, Reduce

POINTS: Final = frozenset({"share", "point", "1/year"})
"""Units whose differences can stand on one axis of points; the others are shown in % of the first scenario."""
ARROWS: Final = {"up": " ↑", "down": " ↓", "neither": ""}


def differences(frame: pd.DataFrame, setting: Setting, lang: str) -> tuple[pd.DataFrame, Figure]:
    """Differences to the first scenario in the last month, one row an outcome: table and figure.

    Table: indicator, unit, better, panel (points, relative), scenario, base_level, mean, low, high (90 % interval of
    the mean), p05, p95 (over pairs), n (pairs); values in the unit of the registry, sums since the start where
    the indicator is a flow; shown_* are what the axis shows.
    """
    table = difference_table(frame)
    names, months = scenarios_of(frame), months_of(frame)
    base = setting.title(names[0], lang)
    pairs = int(table["n"].min())
    notes = [say("note_differences", lang, runs=pairs) if pairs > 1 else say("note_differences_one", lang)]
    title = say("differences", lang, base=base, month=month_words(months[-1], lang))
    kinds = [kind for kind in ("points", "relative") if (table["panel"] == kind).any()]
    rows = [len(table.loc[table["panel"] == kind, "indicator"].unique()) for kind in kinds]
    per_row = 0.26 + 0.17 * max(1, len(names) - 1)
    height = 1.55 + sum(rows) * per_row + 0.75 * max(1, len(kinds))
    looks = style.look(names)
    with style.house():
        figure = style.canvas(10.0, height, title, notes, setting.run_id, lang)
        _key(figure, names[1:], looks, setting, lang)
        grid = figure.add_gridspec(
            len(kinds), 1, left=0.3, right=0.72, bottom=style.foot(figure, 0.5), top=style.head(figure, 0.8),
            height_ratios=rows, hspace=0.75 * len(kinds) / (sum(rows) * per_row),
        )
        for k, kind in enumerate(kinds):
            axes = figure.add_subplot(grid[k, 0])
            _panel(axes, table[table["panel"] == kind], kind, looks, lang)
            axes.set_xlabel(say(f"difference_{kind}", lang, base=base))
    return table, figure


def difference_table(frame: pd.DataFrame) -> pd.DataFrame:
    """What is drawn, as numbers. Raises NothingToDraw when only one scenario was lived."""
    columns = ["indicator", "unit", "better", "panel", "scenario", "base_level", "mean", "low", "high", "p05", "p95",
               "n", "shown_mean", "shown_low", "shown_high", "shown_p05", "shown_p95"]
    names = scenarios_of(frame)
    if len(names) < 2:
        raise NothingToDraw("only one scenario was lived: there is nothing to compare it with")
    city = common(frame[frame["place"] == CITY])
    last = max(str(month) for month in city["month"].unique())
    present = set(city["indicator"].unique())
    parts = []
    for key, declared in REGISTRY.indicators.items():
        if declared.headline and key in present:
            parts.append(_outcome(city[city["indicator"] == key], declared, last, names))
    return pd.concat(parts, ignore_index=True)[columns]


def _outcome(rows: pd.DataFrame, declared: Indicator, last: str, names: list[str]) -> pd.DataFrame:
    """One outcome: the last month of a level or rate, the whole span of a flow."""
    index = ["scenario", "seed"]
    rows = rows.assign(scenario=pd.Categorical(rows["scenario"].astype(str), names))
    if declared.reduce is Reduce.SUM:
        one = rows.groupby(index, observed=True, as_index=False)["value"].sum()
    else:
        one = rows.loc[rows["month"].astype(str) == last, [*index, "value"]]
    one = one.assign(month=last, place=CITY, indicator=declared.key)
    table = difference(one)
    level = one.loc[one["scenario"] == names[0], "value"].mean()
    relative = declared.unit not in POINTS
    factor = 100.0 / level if relative else 100.0 if declared.unit != "point" else 1.0
    measures = ("mean", "low", "high", "p05", "p95")
    return table.assign(
        unit=declared.unit, better=declared.better, panel="relative" if relative else "points", base_level=level,
        **{f"shown_{m}": table[m] * factor for m in measures},
    )


def _panel(axes: Axes, table: pd.DataFrame, kind: str, looks: dict[str, Any], lang: str) -> None:
    keys = list(table["indicator"].unique())
    scenarios = [name for name in looks if (table["scenario"] == name).any()]
    step = 0.62 / max(1, len(scenarios))
    for row, key in enumerate(keys):
        for k, scenario in enumerate(scenarios):
            cell = table[(table["indicator"] == key) & (table["scenario"] == scenario)].iloc[0]
            y = row + (k - (len(scenarios) - 1) / 2) * step
            _whisker(axes, cell, y, str(looks[scenario]["color"]), lang)
    axes.axvline(0, color=style.INK, linewidth=1.0, zorder=1)
    axes.set_ylim(len(keys) - 0.5, -0.5)
    axes.set_yticks(range(len(keys)), [_row_label(key, lang) for key in keys])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high), 1e-6)
    axes.set_xlim(min(low, -0.12 * reach), max(high, 0.12 * reach))
    for row in range(1, len(keys)):
        axes.axhline(row - 0.5, color="#F0F0F0", linewidth=0.8, zorder=0)


def _whisker(axes: Axes, cell: pd.Series, y: float, colour: str, lang: str) -> None:
    """One scenario's dot, its two intervals and its numbers at the right edge."""
    gid = f"{cell['scenario']}-{cell['indicator']}"
    if np.isfinite(cell["shown_low"]):
        axes.plot([cell["shown_p05"], cell["shown_p95"]], [y, y], color=colour, linewidth=1.0, gid=f"pairs-{gid}")
        axes.plot([cell["shown_low"], cell["shown_high"]], [y, y], color=colour, linewidth=3.2, gid=f"mean-{gid}")
    sure = np.isfinite(cell["shown_low"]) and (cell["low"] > 0 or cell["high"] < 0)
    axes.plot(
        [cell["shown_mean"]], [y], marker="o", markersize=6, color=colour, markeredgecolor=colour,
        markerfacecolor=colour if sure else "white", markeredgewidth=1.4, gid=gid,
    )
    axes.annotate(
        number_with_interval(cell, lang), xy=(1, y), xytext=(8, 0), xycoords=("axes fraction", "data"),
        textcoords="offset points", va="center", ha="left", fontsize=8, color=colour, annotation_clip=False,
    )


def number_with_interval(cell: pd.Series, lang: str) -> str:
    """`+0.62 (0.31 to 0.93) points`, in the unit of the axis."""
    mean, low, high = (style.signed(cell[f"shown_{m}"], 2) for m in ("mean", "low", "high"))
    if cell["panel"] == "relative":
        unit = "%"
    else:
        unit = say("points_a_year", lang) if cell["unit"] == "1/year" else shown(cell["unit"], lang)[3]
    if not np.isfinite(cell["shown_low"]):
        return f"{mean} {unit}"
    return f"{mean} ({low} … {high}) {unit}"


def _row_label(key: str, lang: str) -> str:
    declared = REGISTRY.indicators[key]
    total = " Σ" if declared.reduce is Reduce.SUM else ""
    return style.balanced(getattr(declared.text, lang) + total + ARROWS[declared.better], 34)


def _key(figure: Figure, names: list[str], looks: dict[str, Any], setting: Setting, lang: str) -> None:
    """Names of the scenarios compared, in their colours, under the title."""
    x, width = 0.25 / figure.get_figwidth(), figure.get_figwidth()
    for name in names:
        text = "● " + setting.title(name, lang)
        figure.text(x, style.head(figure, 0.5), text, color=looks[name]["color"], fontsize=9, va="center")
        x += (style.text_units(text) * 0.068 + 0.3) / width
