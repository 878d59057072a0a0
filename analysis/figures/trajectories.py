"""How the headline rates of the whole city move over time, with what was published beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from analysis.figures import style
from analysis.figures.frames import Setting, bands, months_of, published_rates, runs_of, series, year_of
from analysis.labels import month_words, say, shown, with_unit
from analysis.paired import scenarios_of
from model.spec.registry import REGISTRY

PANELS: Final = ("resident_urbanization_rate", "hukou_urbanization_rate", "integration_index")
OBSERVED: Final[Mapping[str, tuple[str, ...]]] = {
    "resident_urbanization_rate": ("urbanization_rate_yearend",),
    "hukou_urbanization_rate": ("hukou_urbanization_rate",),
}
"""Published series of `statistics/population.csv` with the same definition as an indicator."""


def trajectories(frame: pd.DataFrame, setting: Setting, lang: str) -> tuple[pd.DataFrame, Figure]:
    """The three rates over time: table and figure.

    Table: kind (model, published, province), scenario, indicator, unit, month, median, p05, p95, runs; values in
    the unit of the registry.
    """
    table = trajectory_table(frame, setting)
    runs, months, area = runs_of(frame), months_of(frame), setting.area
    notes = [say("band", lang, runs=runs) if runs > 1 else say("one_run", lang)]
    if (table["kind"] == "published").any():
        notes.append(say("note_published", lang, city=_name(area.area, lang)))
    if (table["kind"] == "province").any():
        notes.append(say("note_province", lang, province=_name(area.province, lang)))
    title = say("trajectories", lang, first=month_words(months[0], lang), last=month_words(months[-1], lang))
    with style.house():
        figure = style.canvas(13.0, 5.0, title, notes, setting.run_id, lang)
        grid = figure.add_gridspec(
            1, len(PANELS), left=0.04, right=0.9, bottom=style.foot(figure), top=style.head(figure, 0.95), wspace=0.62
        )
        looks = style.look(scenarios_of(frame))
        for k, indicator in enumerate(PANELS):
            rows = table[table["indicator"] == indicator]
            _panel(figure.add_subplot(grid[0, k]), rows, indicator, looks, setting, lang)
    return table, figure


def trajectory_table(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """What is drawn, as numbers."""
    months = months_of(frame)
    tables = []
    for indicator in PANELS:
        unit = REGISTRY.indicators[indicator].unit
        model = bands(series(frame, indicator))
        model.insert(0, "kind", "model")
        parts = [model]
        for kind, area in (("published", setting.area.area), ("province", setting.area.province)):
            points = published_rates(area.adcode, OBSERVED.get(indicator, ()), months[0], months[-1])
            if points:
                parts.append(pd.DataFrame(points, columns=["month", "median"]).assign(kind=kind, scenario="", runs=0))
        tables.append(pd.concat(parts, ignore_index=True).assign(indicator=indicator, unit=unit))
    columns = ["kind", "scenario", "indicator", "unit", "month", "median", "p05", "p95", "runs"]
    return pd.concat(tables, ignore_index=True)[columns]


def _name(area: Any, lang: str) -> str:
    return area.name_zh if lang == "zh" else area.name_en


def _panel(
    axes: Axes, table: pd.DataFrame, indicator: str, looks: Mapping[str, Any], setting: Setting, lang: str
) -> None:
    declared = REGISTRY.indicators[indicator]
    factor, decimals, words, _ = shown(declared.unit, lang)
    axes.set_title(with_unit(getattr(declared.text, lang), words, lang))
    ends = []
    for scenario, look in looks.items():
        rows = table[(table["kind"] == "model") & (table["scenario"] == scenario)]
        ends.append(draw_band(axes, rows, look, factor, setting.title(scenario, lang), decimals, scenario))
    observed = table[table["kind"] == "published"]
    axes.plot(
        year_of(list(observed["month"])), observed["median"] * factor, linestyle="none", marker="o", markersize=6,
        markerfacecolor="white", markeredgecolor=style.INK, markeredgewidth=1.3, zorder=5, gid="published",
    )
    for month, value in zip(observed["month"], observed["median"] * factor):
        axes.annotate(
            f"{say('published', lang)} {style.plain(value, 2)}", (year_of([month])[0], value), xytext=(5, -10),
            textcoords="offset points", fontsize=7.5, color=style.INK, va="top", zorder=6,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )
    province = table[table["kind"] == "province"]
    if len(province) > 1:
        x, y = year_of(list(province["month"])), province["median"].to_numpy() * factor
        axes.plot(x, y, color=style.INK, linestyle=(0, (1, 2)), linewidth=1.1, gid="province")
        axes.annotate(
            say("province", lang, name=_name(setting.area.province, lang)), (x[-1], y[-1]), xytext=(0, 5),
            textcoords="offset points", fontsize=7.5, ha="right", va="bottom",
        )
    year_axis(axes, table["month"])
    low, high = axes.get_ylim()
    # Words under a published point need room below it.
    axes.set_ylim(low - (0.08 if len(observed) else 0.03) * (high - low), high + 0.03 * (high - low))
    style.end_labels(axes, joined(ends, lang))


def draw_band(
    axes: Axes, rows: pd.DataFrame, look: Mapping[str, Any], factor: float, title: str, decimals: int, gid: str
) -> tuple[float, str, str]:
    """Band and median of one scenario; returns its label for the right edge: value, text, colour."""
    x = year_of(list(rows["month"]))
    median = rows["median"].to_numpy() * factor
    if (rows["runs"] > 1).any():
        axes.fill_between(
            x, rows["p05"].to_numpy() * factor, rows["p95"].to_numpy() * factor, color=look["color"], alpha=0.16,
            linewidth=0, gid=f"band-{gid}",
        )
    axes.plot(x, median, gid=gid, **look)
    finite = median[np.isfinite(median)]
    last = float(finite[-1]) if finite.size else float("nan")
    return last, f"{style.balanced(title, 18)}\n{style.plain(last, decimals)}", str(look["color"])


def joined(ends: list[tuple[float, str, str]], lang: str) -> list[tuple[float, str, str]]:
    """One label for all scenarios where every one of them ends at the same value."""
    values = [value for value, _, _ in ends]
    if len(ends) < 2 or not np.allclose(values, values[0], rtol=1e-9, atol=0.0):
        return ends
    number = ends[0][1].rsplit("\n", 1)[-1]
    return [(values[0], f"{say('all_scenarios', lang)}\n{number}", style.INK)]


def year_axis(axes: Axes, months: pd.Series, most: int = 8) -> None:
    """At most so many whole years as ticks, and the data filling the width."""
    x = year_of(list(months))
    axes.set_xlim(x.min(), x.max())
    ticks = np.arange(np.ceil(x.min()), np.floor(x.max()) + 1)
    axes.set_xticks(ticks[:: -(-len(ticks) // most)])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
