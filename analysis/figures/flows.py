"""Who moves where: moves of all years between kinds of place, and what each scenario changes."""

from __future__ import annotations

from typing import Any, Final

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm, TwoSlopeNorm, to_rgba
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.frames import NothingToDraw, Setting, unsure
from analysis.labels import GROUPS, say, shown
from analysis.paired import common, difference, quantiles, scenarios_of

TOTALS: Final = "Blues"
CHANGES: Final = "PuOr_r"
NET: Final = "net"


def flows(moves: pd.DataFrame, setting: Setting, lang: str) -> tuple[pd.DataFrame, Figure]:
    """Moves between groups of places over all years, their differences, and net gains: table and figure.

    moves: scenario, seed, year, origin, destination (market keys), value (people).
    Table: scenario, quantity (total, difference), origin, destination ("net" for the net gain of `origin`), people
    (mean), low, high (90 % interval of the mean difference), p05, p95 (over futures or pairs), runs.
    """
    table = flow_table(moves, setting)
    names = scenarios_of(moves)
    runs = int(table["runs"].min())
    years = sorted(str(year) for year in moves["year"].unique())
    notes = [say("note_flows", lang, runs=runs) if runs > 1 else say("note_flows_one", lang)]
    title = say("flows", lang, first=years[0], last=years[-1])
    panels = len(names) + 1
    columns = 2 if panels == 4 else min(3, panels)
    lines = -(-panels // columns)
    width, height = 5.0 * columns, 1.9 + 4.8 * lines
    with style.house():
        figure = style.canvas(width, height, title, notes, setting.run_id, lang)
        bottom, top = style.foot(figure, 0.55), style.head(figure, 1.75)
        grid = figure.add_gridspec(
            lines, columns, left=1.2 / width, right=1 - 0.9 / width, bottom=bottom, top=top, wspace=0.42, hspace=0.52
        )
        reach = table.loc[(table["quantity"] == "difference") & (table["destination"] != NET), "people"].abs().max()
        places = [figure.add_subplot(grid[k // columns, k % columns]) for k in range(panels)]
        for k, name in enumerate(names):
            _matrix(places[k], table, name, reach if k else None, names, setting, lang)
        _net(places[-1], table, names, setting, lang)
    return table, figure


def groups_of(setting: Setting) -> dict[str, str]:
    """Market key -> group: villages, township seats, county towns, the core, and each place outside."""
    area = setting.area
    groups = {f"{unit}.{kind}": kind for unit in area.units for kind in ("rural", "town", "seat")}
    groups[f"{area.core_unit}.seat"] = "core"
    return groups | {key: key for key in area.outside_keys}


def flow_table(moves: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """What is drawn, as numbers. Raises NothingToDraw for markets that are not places of the prefecture."""
    groups = groups_of(setting)
    unknown = sorted({str(k) for c in ("origin", "destination") for k in moves[c].unique()} - set(groups))
    if unknown:
        raise NothingToDraw(f"moves name places that {setting.area.key} does not have: {', '.join(unknown[:5])}")
    order = list(dict.fromkeys(groups.values()))
    order = [*(g for g in GROUPS if g in order), *(g for g in order if g not in GROUPS)]
    keyed = pd.DataFrame({
        "scenario": moves["scenario"], "seed": moves["seed"],
        **{c: moves[c].astype(str).map(groups) for c in ("origin", "destination")}, "value": moves["value"],
    })
    keys = ["scenario", "seed", "origin", "destination"]
    total = keyed.groupby(keys, observed=True, sort=True)["value"].sum().reset_index()
    into = total.rename(columns={"destination": "origin", "origin": "destination"})
    both = pd.concat([into, total.assign(value=-total["value"])])
    net = both.groupby(keys[:3], observed=True)["value"].sum().reset_index().assign(destination=NET)
    cells = pd.concat([total, net], ignore_index=True)
    table = _totals(cells)
    if len(scenarios_of(moves)) > 1:
        table = pd.concat([table, _differences(cells)], ignore_index=True)
    rank = {key: k for k, key in enumerate([*order, NET])}
    table["scenario"] = pd.Categorical(table["scenario"].astype(str), scenarios_of(moves))
    table = table.sort_values(
        ["quantity", "scenario", "origin", "destination"], kind="stable", ignore_index=True,
        key=lambda c: c.map(rank) if c.name in ("origin", "destination") else c,
    )
    return table.assign(scenario=table["scenario"].astype(str))


COLUMNS: Final = ["scenario", "quantity", "origin", "destination", "people", "low", "high", "p05", "p95", "runs"]


def _totals(cells: pd.DataFrame) -> pd.DataFrame:
    wide = cells.pivot(index=["scenario", "origin", "destination"], columns="seed", values="value")
    p05, p95 = quantiles(wide.to_numpy())
    return wide.index.to_frame(index=False).assign(
        quantity="total", people=wide.mean(axis=1).to_numpy(), low=np.nan, high=np.nan, p05=p05, p95=p95,
        runs=wide.notna().sum(axis=1).to_numpy(),
    )[COLUMNS]


def _differences(cells: pd.DataFrame) -> pd.DataFrame:
    named = common(cells).rename(columns={"origin": "place", "destination": "indicator"}).assign(month="all")
    gaps = difference(named)
    return gaps.rename(
        columns={"place": "origin", "indicator": "destination", "mean": "people", "n": "runs"}
    ).assign(quantity="difference")[COLUMNS]


def group_name(group: str, setting: Setting, lang: str) -> str:
    """What a group is called."""
    if group in GROUPS:
        return getattr(GROUPS[group], lang)
    outside = {place.key: place for place in setting.area.outside}[group]
    return outside.name_zh if lang == "zh" else outside.name_en


def _matrix(
    axes: Axes, table: pd.DataFrame, name: str, reach: float | None, names: list[str], setting: Setting, lang: str
) -> None:
    """Origins down, destinations across; numbers in the cells."""
    kind = "total" if reach is None else "difference"
    rows = table[(table["scenario"] == name) & (table["quantity"] == kind) & (table["destination"] != NET)]
    order = list(dict.fromkeys(table["origin"]))
    cells = rows.set_index(["origin", "destination"])
    value = cells["people"].unstack().reindex(index=order, columns=order)
    value = value.where(_ever(table, order))
    factor, _, _, _ = shown("person", lang)
    colours = matplotlib.colormaps[TOTALS if reach is None else CHANGES].with_extremes(bad="white")
    if reach is None:
        norm: Any = PowerNorm(0.5, 0, float(np.nanmax(value.to_numpy())) * 1.05 or 1.0)
    else:
        norm = TwoSlopeNorm(0.0, -1.3 * max(reach, 1e-9), 1.3 * max(reach, 1e-9))
    fills = colours(norm(np.ma.masked_invalid(value.to_numpy())))
    for i, origin in enumerate(order):
        for j, destination in enumerate(order):
            if kind == "difference" and np.isfinite(value.iat[i, j]) and unsure(cells.loc[(origin, destination)]):
                fills[i, j] = to_rgba(style.UNSURE)
    axes.imshow(fills, aspect="auto")
    _cells(axes, value, cells, kind, factor, fills)
    labels = [group_name(g, setting, lang) for g in order]
    axes.set_xticks(range(len(order)), labels, rotation=38, ha="left",
                    rotation_mode="anchor", fontsize=7.5)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(order)), [_two_lines(label) for label in labels], fontsize=7.5)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for edge in axes.spines.values():
        edge.set_visible(False)
    axes.set_xticks(np.arange(len(order) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(order) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5, axis="both")
    axes.tick_params(which="minor", length=0)
    base = setting.title(names[0], lang)
    words = (say("flows_level", lang, scenario=base) if reach is None
             else say("flows_difference", lang, scenario=setting.title(name, lang), base=base))
    axes.set_title(words, y=1.0, pad=78)
    axes.text(-0.02, 1.015, f"{say('from', lang)} ↓ {say('to', lang)} →", transform=axes.transAxes, ha="right",
              va="bottom", fontsize=7.5, color=style.QUIET)


def _ever(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Whether anybody in any scenario made this move."""
    totals = table[(table["quantity"] == "total") & (table["destination"] != NET)]
    seen = totals.groupby(["origin", "destination"])["people"].max().unstack()
    return seen.reindex(index=order, columns=order).fillna(0) > 0


def _cells(
    axes: Axes, value: pd.DataFrame, cells: pd.DataFrame, kind: str, factor: float, fills: np.ndarray
) -> None:
    """Numbers in the cells: grey where the interval of a difference holds zero."""
    largest = float(np.nanmax(np.abs(value.to_numpy()))) * factor
    decimals = (largest < 100) + (kind == "difference" and largest < 10)
    for i, origin in enumerate(value.index):
        for j, destination in enumerate(value.columns):
            people = value.iat[i, j]
            if not np.isfinite(people):
                continue
            write = style.plain if kind == "total" else style.signed
            text = write(people * factor, decimals)
            grey = kind == "difference" and unsure(cells.loc[(origin, destination)])
            ink = style.QUIET if grey else style.ink_on(fills[i, j])
            axes.text(j, i, text, ha="center", va="center", fontsize=7.5, color=ink)


def _two_lines(label: str) -> str:
    return "\n".join(style.wrap(label, 14))


def _net(axes: Axes, table: pd.DataFrame, names: list[str], setting: Setting, lang: str) -> None:
    """Net gain of each group in every scenario, with 5-95 % of the futures."""
    order = list(dict.fromkeys(table["origin"]))
    factor, _, words, _ = shown("person", lang)
    looks = style.look(names)
    step = 0.6 / len(names)
    rows = table[(table["destination"] == NET) & (table["quantity"] == "total")].set_index(["scenario", "origin"])
    for k, name in enumerate(names):
        y = np.arange(len(order)) + (k - (len(names) - 1) / 2) * step
        here = rows.loc[name].reindex(order)
        colour = looks[name]["color"]
        if (here["runs"] > 1).any():
            axes.hlines(y, here["p05"] * factor, here["p95"] * factor, color=colour, linewidth=1.4)
        axes.plot(here["people"] * factor, y, linestyle="none", marker="o", markersize=5, color=colour,
                  gid=f"net-{name}", label=setting.title(name, lang))
    axes.axvline(0, color=style.INK, linewidth=1.0, zorder=1)
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.set_yticks(range(len(order)), [_two_lines(group_name(g, setting, lang)) for g in order], fontsize=7.5)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words)
    axes.set_title(say("flows_net", lang), pad=78)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), fontsize=8, handletextpad=0.2, borderpad=0.1)
