"""The headline outcomes as a table for a screen, in English, Chinese or both."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Final

from analysis.summary import CITY, Summary, headlines
from model.spec.registry import REGISTRY
from model.spec.types import Indicator

TITLE: Final = {
    "en": "{place}, {month}: means over {seeds} seeds at scale {scale:g}",
    "zh": "{place} {month}：{seeds} 次重复的均值，规模 {scale:g}",
    "both": "{place}, {month}: means over {seeds} seeds at scale {scale:g} / {seeds} 次重复的均值，规模 {scale:g}",
}
NOTE: Final = {
    "en": "Differences are paired by seed, with the 90 % interval of their mean; the last column says how many seeds\n"
          "would fix the sign. pp: percentage points. They are conditional on the model and its parameters.",
    "zh": "差异按随机种子配对，方括号为均值的 90 % 区间；末列为确定符号所需的重复次数。pp：百分点。\n"
          "结果以模型与参数为条件。",
}
NOTE["both"] = NOTE["en"] + "\n" + NOTE["zh"]
HEAD: Final = {
    "en": ("outcome", "difference", "90 % interval", "seeds to fix sign"),
    "zh": ("指标", "差异", "90 % 区间", "定号所需次数"),
    "both": ("outcome 指标", "difference 差异", "90 % interval 区间", "seeds to fix sign 定号所需次数"),
}



def lines(summary: Summary, lang: str = "both") -> list[str]:
    """The headline outcomes of the city in the last month, with paired differences from the first scenario."""
    experiment = summary.experiment
    title = TITLE[lang].format(
        month=summary.last, place=place_name(experiment.places, CITY, lang), scale=experiment.scale,
        seeds=len(experiment.seeds),
    )
    rows = [_head(summary, lang)]
    rows += [_row(summary, key, lang) for key in headlines(summary.levels["indicator"].unique())]
    note = ["", NOTE[lang]] if len(summary.scenarios) > 1 else []
    return [title, "", *columns(rows), *note]


def _head(summary: Summary, lang: str) -> list[str]:
    outcome, *gap = HEAD[lang]
    row = [outcome]
    for name in summary.scenarios:
        row += [name] if name == summary.base else [name, *gap]
    return row


def _row(summary: Summary, key: str, lang: str) -> list[str]:
    declared = REGISTRY.indicators.get(key)
    row = [label(declared, key, lang)]
    for name in summary.scenarios:
        level = summary.of(summary.levels, name, key)
        row.append(number(level["mean"], declared) if level is not None else "-")
        if name != summary.base:
            gap = summary.of(summary.differences, name, key)
            row += _gap_cells(gap, declared) if gap is not None else ["-", "-", "-"]
    return row


def label(declared: Indicator | None, key: str, lang: str) -> str:
    """Name of an indicator in one language or both."""
    if declared is None:
        return key
    text = declared.text
    return {"en": text.en, "zh": text.zh, "both": f"{text.en} {text.zh}"}[lang]


def place_name(places: Mapping[str, Mapping[str, str]], key: str, lang: str) -> str:
    """Name of a place in one language or both; its key where no name is known."""
    names = places.get(key)
    if names is None:
        return key
    return {"en": names["en"], "zh": names["zh"], "both": f"{names['en']} {names['zh']}"}[lang]


def number(value: float, declared: Indicator | None, sign: str = "") -> str:
    """A number as people read it, a level or (with sign="+") a difference.

    Shares are in per cent and their differences in percentage points, yearly rates in per mille; counts have no
    decimals, the rest three digits or two decimals.
    """
    if not math.isfinite(value):
        return "-"
    unit = declared.unit if declared is not None else ""
    if unit == "share":
        return f"{100 * value:{sign}.2f}" + (" pp" if sign else " %")
    if unit == "1/year":
        return f"{1000 * value:{sign}.2f} ‰"
    if abs(value) >= 1000 or unit in ("person", "yuan"):
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.3g}" if abs(value) < 1 else f"{value:{sign}.2f}"


def _gap_cells(gap: Mapping[str, float], declared: Indicator | None) -> list[str]:
    low, high = (number(gap[side], declared, "+").partition(" ")[0] for side in ("low", "high"))
    needed = gap["seeds_needed"]
    seeds = f"{needed:.0f}" if math.isfinite(needed) else "-"
    return [number(gap["mean"], declared, "+"), f"[{low}, {high}]", seeds]


def columns(rows: list[list[str]]) -> list[str]:
    """Rows as lines of aligned columns; a Chinese character is two wide. The first column leans left."""
    widths = [max(width_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        padded = [" " * (width - width_of(cell)) for cell, width in zip(row, widths)]
        first = row[0] + padded[0]
        lines.append("  ".join([first, *(pad + cell for pad, cell in zip(padded[1:], row[1:]))]).rstrip())
    return lines


def width_of(text: str) -> int:
    """How many columns a text takes on a screen: a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
