"""The counties side by side: level, change since the start, and what each scenario changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize, TwoSlopeNorm, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from analysis.figures import style
from analysis.figures.frames import NothingToDraw, Setting, months_of, runs_of, unit_names, unsure
from analysis.figures.outlines import inside, outlines, size
from analysis.labels import month_words, say, shown
from analysis.paired import common, difference, quantiles, scenarios_of
from model.spec.registry import REGISTRY

INDICATOR: Final = "resident_urbanization_rate"
COLUMNS: Final = 3
GAP: Final = 0.05
LEVELS: Final = "YlGnBu"
CHANGES: Final = "PuOr_r"


@dataclass(frozen=True, slots=True)
class Panel:
    """One map: its title, what it shows (level, change, difference), and one row a unit."""

    title: str
    kind: str
    rows: pd.DataFrame


def map_units(
    frame: pd.DataFrame, setting: Setting, lang: str, *, indicator: str = INDICATOR, boundaries: bool = False
) -> tuple[pd.DataFrame, Figure]:
    """Level and change of the first scenario, and every other scenario's difference to it: table and figure.

    Table: scenario, place, quantity (level, change, difference), month, value (median; mean of pairs for
    differences), p05, p95, low, high (90 % interval of the mean, differences only), runs; in the unit of the registry.
    boundaries: real county boundaries if the extra `maps` is installed; otherwise tiles, and the note says so.
    """
    table = map_table(frame, setting, indicator)
    names, months, runs = scenarios_of(frame), months_of(frame), runs_of(frame)
    shapes = outlines(setting.area.unit_adcodes) if boundaries else None
    note = "outlines" if shapes else "tiles_fallback" if boundaries else "tiles"
    numbers = "note_map_one" if runs == 1 else "note_outlines" if shapes else "note_map"
    notes = [say(numbers, lang, runs=runs), say(note, lang)]
    panels = _panels(table, setting, names, indicator, months, lang)
    columns = 2 if len(panels) == 4 else min(COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    title = say("map", lang, indicator=getattr(REGISTRY.indicators[indicator].text, lang),
                month=month_words(months[-1], lang))
    with style.house():
        figure = style.canvas(max(8.5, 4.35 * columns), 1.5 + 4.2 * lines, title, notes, setting.run_id, lang)
        grid = figure.add_gridspec(
            lines, columns, left=0.02, right=0.98, bottom=style.foot(figure, 0.1), top=style.head(figure, 0.85),
            wspace=0.06, hspace=0.14,
        )
        changes = _reach(table, "change"), _reach(table, "difference")
        for k, panel in enumerate(panels):
            axes = figure.add_subplot(grid[k // columns, k % columns])
            reach = changes[panel.kind == "difference"]
            _draw(axes, panel, reach, setting, indicator, shapes, lang)
    return table, figure


def map_table(frame: pd.DataFrame, setting: Setting, indicator: str = INDICATOR) -> pd.DataFrame:
    """What is drawn, as numbers."""
    units = setting.area.units
    rows = frame[(frame["indicator"] == indicator) & frame["place"].isin(units)]
    if set(rows["place"].unique()) != set(units):
        raise NothingToDraw(f"the results hold no {indicator} for each county of {setting.area.key}")
    months = months_of(frame)
    rows = rows[rows["month"].isin([months[0], months[-1]])]
    rows = rows.assign(**{c: rows[c].astype(str) for c in ("month", "place", "indicator")})
    wide = rows.pivot_table(index=["scenario", "place"], columns=["month", "seed"], values="value", observed=True)
    last, first = wide[months[-1]], wide[months[0]]
    parts = []
    for quantity, values in (("level", last), ("change", last - first)):
        p05, p50, p95 = quantiles(values.to_numpy(), (0.05, 0.5, 0.95))
        parts.append(values.index.to_frame(index=False).assign(
            quantity=quantity, value=p50, p05=p05, p95=p95, low=np.nan, high=np.nan,
            runs=np.isfinite(values.to_numpy()).sum(axis=1),
        ))
    if len(scenarios_of(frame)) > 1:
        gaps = difference(common(rows[rows["month"] == months[-1]]))
        gaps = gaps.rename(columns={"mean": "value", "n": "runs"}).assign(quantity="difference")
        parts.append(gaps)
    columns = ["scenario", "place", "quantity", "month", "value", "p05", "p95", "low", "high", "runs"]
    table = pd.concat([p.assign(scenario=p["scenario"].astype(str)) for p in parts], ignore_index=True)
    table["month"] = months[-1]
    order = {key: k for k, key in enumerate(units)}
    return table.sort_values(["quantity", "scenario", "place"], key=lambda c: c.map(order) if c.name == "place" else c,
                             kind="stable", ignore_index=True)[columns]


def _panels(
    table: pd.DataFrame, setting: Setting, names: list[str], indicator: str, months: list[str], lang: str
) -> list[Panel]:
    _, _, level, points = shown(REGISTRY.indicators[indicator].unit, lang)
    base = setting.title(names[0], lang)
    start, month = month_words(months[0], lang), month_words(months[-1], lang)
    wanted = [
        (names[0], "level", say("map_level", lang, scenario=base, month=month, unit=level)),
        (names[0], "change", say("map_change", lang, scenario=base, start=start, unit=points)),
    ]
    for name in names[1:]:
        words = say("map_difference", lang, scenario=setting.title(name, lang), base=base, unit=points)
        wanted.append((name, "difference", words))
    return [
        Panel(words, kind, table[(table["scenario"] == name) & (table["quantity"] == kind)].set_index("place"))
        for name, kind, words in wanted
    ]


def _reach(table: pd.DataFrame, quantity: str) -> float:
    """Largest absolute value of a quantity, so that every panel of it has the same colours."""
    values = table.loc[table["quantity"] == quantity, "value"].abs()
    return float(values.max()) if len(values) and values.max() > 0 else 1.0


def _draw(
    axes: Axes, panel: Panel, reach: float, setting: Setting, indicator: str, shapes: Any, lang: str
) -> None:
    axes.set_title(style.balanced(panel.title, 58))
    axes.set_axis_off()
    axes.set_anchor("NW")
    factor, decimals, _, _ = shown(REGISTRY.indicators[indicator].unit, lang)
    colours: Colormap = matplotlib.colormaps[LEVELS if panel.kind == "level" else CHANGES]
    values = panel.rows["value"]
    norm: Normalize
    if panel.kind == "level":
        low, high = float(values.min()), float(values.max())
        # The palest and darkest ends are left out, so that numbers stay legible.
        norm = Normalize(low - 0.15 * (high - low) - 1e-9, high + 0.1 * (high - low) + 1e-9)
    else:
        norm = TwoSlopeNorm(0.0, -1.9 * reach, 1.9 * reach)
    names = unit_names(setting.area, lang)
    for k, key in enumerate(setting.area.units):
        row = panel.rows.loc[key]
        plain_fill = not np.isfinite(row["value"]) or (panel.kind == "difference" and unsure(row))
        colour = to_rgba(style.UNSURE) if plain_fill else colours(norm(row["value"]))
        if shapes:
            _outline(axes, shapes[setting.area.unit_adcodes[k]], names[key], row, panel.kind, colour, factor, decimals)
        else:
            _tile(axes, setting.area.tile[k], names[key], row, panel.kind, colour, factor, decimals)
    if shapes:
        axes.autoscale_view()
        axes.set_aspect(1 / np.cos(np.radians(float(setting.area.lat.mean()))))
    else:
        axes.set_xlim(0, setting.area.tile[:, 1].max() + 1)
        axes.set_ylim(setting.area.tile[:, 0].max() + 1, 0)
        axes.set_aspect("equal")


def _tile(
    axes: Axes, tile: np.ndarray, name: str, row: pd.Series, kind: str, colour: Any, factor: float, decimals: int
) -> None:
    """A square with name, number and interval."""
    y, x = int(tile[0]), int(tile[1])
    ink = style.ink_on(colour)
    axes.add_patch(Rectangle((x + GAP / 2, y + GAP / 2), 1 - GAP, 1 - GAP, facecolor=colour, edgecolor="none"))
    axes.text(x + 0.5, y + 0.24, name, ha="center", va="center", fontsize=9, color=ink)
    axes.text(x + 0.5, y + 0.53, _number(row["value"], kind, factor, decimals), ha="center", va="center",
              **_weight(row, kind, ink))
    if row["runs"] > 1:
        low, high = (_number(row[c], kind, factor, decimals) for c in ("p05", "p95"))
        axes.text(x + 0.5, y + 0.8, f"{low} … {high}", ha="center", va="center", fontsize=6.8, color=ink)


def _outline(
    axes: Axes, rings: Any, name: str, row: pd.Series, kind: str, colour: Any, factor: float, decimals: int
) -> None:
    """A county in its boundaries with name and number."""
    for ring in rings:
        axes.add_patch(Polygon(ring, closed=True, facecolor=colour, edgecolor="white", linewidth=1.0))
    x, y = inside(max(rings, key=size))
    ink = style.ink_on(colour)
    halo = [withStroke(linewidth=2.2, foreground=colour)]
    axes.annotate(name, (x, y), xytext=(0, 5.5), textcoords="offset points", ha="center", va="center", fontsize=7,
                  color=ink, path_effects=halo)
    axes.annotate(_number(row["value"], kind, factor, decimals), (x, y), xytext=(0, -5), textcoords="offset points",
                  ha="center", va="center", path_effects=halo, **(_weight(row, kind, ink) | {"fontsize": 8.5}))


def _number(value: float, kind: str, factor: float, decimals: int) -> str:
    if not np.isfinite(value):
        return "–"
    return (style.plain if kind == "level" else style.signed)(value * factor, decimals)


def _weight(row: pd.Series, kind: str, ink: str) -> dict[str, Any]:
    """A number whose interval holds zero is printed in grey italics."""
    if kind == "difference" and unsure(row):
        return {"fontsize": 13, "color": style.QUIET, "fontstyle": "italic"}
    return {"fontsize": 13, "color": ink}
