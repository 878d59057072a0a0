"""The figure of docs/performance.md: what a month costs as people, months, places, levers and threads grow."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import style

PANELS: Final = {
    "months_lived": "Months lived (largest run)",
    "places": "Places (1:100, one thread)",
    "levers": "Levers off practice (1:100, one thread)",
    "threads": "Threads (largest run)",
}
WIDTH: Final = 10.0
HEIGHT: Final = 6.2


def cost(found: dict[str, Any]) -> Figure:
    """Five small panels of ms a month; people on logarithmic axes beside a line of slope one."""
    with style.house():
        notes = (
            f"Medians of {found['repeat']} fresh processes, {found['months']} months of {found['scenario']}",
            "Axes begin at zero except those of people, which are logarithmic; the dotted line has slope one",
        )
        figure = style.canvas(WIDTH, HEIGHT, "What a month costs", notes, found.get("measured", "").split(" ")[0], "en")
        top, bottom = style.head(figure, 0.8), style.foot(figure, 0.5)
        wide = 0.44
        people = figure.add_axes((0.065, bottom, wide, top - bottom))
        _people(people, found["people"])
        left, gap = 0.585, 0.055
        width, height = (0.975 - left - gap) / 2, (top - bottom - 0.15) / 2
        for k, (key, title) in enumerate(PANELS.items()):
            row, column = divmod(k, 2)
            at = (left + column * (width + gap), bottom + (1 - row) * (height + 0.15), width, height)
            _panel(figure.add_axes(at), found[key], title)
    return figure


def _people(axes: Axes, axis: dict[str, Any]) -> None:
    x, y = _numbers(axis)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.plot(x, [y[-1] * value / x[-1] for value in x], color=style.QUIET, linestyle=(0, (1, 2)), linewidth=1.1)
    axes.plot(x, y, color=style.OKABE_ITO[0], marker="o", markersize=5, clip_on=False)
    for value, at in zip(y, x):
        axes.annotate(f"{value:.3g}", (at, value), xytext=(0, 8), textcoords="offset points", ha="center", fontsize=8)
    axes.set_title(_title("People (one thread): ms a month", axis))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(True, axis="x")


def _panel(axes: Axes, axis: dict[str, Any], title: str) -> None:
    x, y = _numbers(axis)
    axes.plot(x, y, color=style.OKABE_ITO[0], marker="o", markersize=4.5, clip_on=False)
    axes.set_ylim(0, max(y) * 1.3)
    axes.set_xlim(-0.09 * max(x), max(x) * 1.03)
    # A number that would run into its neighbour is left out.
    ticks = [k for k, value in enumerate(x) if k == len(x) - 1 or x[k + 1] - value > 0.15 * max(x)]
    axes.set_xticks([x[k] for k in ticks])
    axes.set_xticklabels([f"{x[k]:,.0f}" for k in ticks], fontsize=7.5)
    for value, at in zip(y, x):
        axes.annotate(f"{value:.3g}", (at, value), xytext=(0, 6), textcoords="offset points", ha="center", fontsize=7.5)
    axes.set_title(style.balanced(_title(title, axis), 34), fontsize=8.5)


def _title(words: str, axis: dict[str, Any]) -> str:
    return words if axis["exponent"] is None else f"{words}, exponent {axis['exponent']:.2f}"


def _numbers(axis: dict[str, Any]) -> tuple[list[float], list[float]]:
    return [p["x"] for p in axis["points"]], [p["ms_per_month"] for p in axis["points"]]
