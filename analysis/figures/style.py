"""House style: one look for every figure, the same bytes for the same numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from analysis.labels import say
from runs.paths import ROOT

FONT: Final = ROOT / "data" / "fonts" / "NotoSansSC-subset.otf"
FAMILIES: Final = ("DejaVu Sans", "Noto Sans SC")
DPI: Final = 150
INK: Final = "#222222"
QUIET: Final = "#767676"
BASE: Final = "#767676"
UNSURE: Final = "#F3F3F3"
"""Fill of a difference whose interval holds zero: noise gets no colour."""
OKABE_ITO: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STOPS: Final = ",.;:)\u3001\u3002\uff09\uff0c\uff1a\uff1b\u201d"
DASHES: Final = ("-", (0, (6, 1.5, 1, 1.5)), (0, (1, 1.2)))

RC: Final[dict[str, object]] = {
    "font.family": list(FAMILIES),
    "font.size": 9,
    "text.color": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": "#999999",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titlepad": 8,
    "axes.titlecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.unicode_minus": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "xtick.color": "#999999",
    "ytick.color": "#999999",
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "ytick.major.size": 0,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "xiancheng",
    "savefig.dpi": DPI,
}


@cache
def _register_font() -> None:
    fontManager.addfont(str(FONT))


def house():
    """A context in which matplotlib draws and saves in house style."""
    _register_font()
    return matplotlib.rc_context(RC)


def look(scenarios: Sequence[str]) -> dict[str, dict[str, object]]:
    """Colour and dashes of each scenario: the first grey and dashed, the others by their place in the list."""
    looks: dict[str, dict[str, object]] = {}
    for k, name in enumerate(scenarios):
        if k == 0:
            looks[name] = {"color": BASE, "linestyle": (0, (4, 2)), "zorder": 3}
        else:
            turn, colour = divmod(k - 1, len(OKABE_ITO))
            looks[name] = {"color": OKABE_ITO[colour], "linestyle": DASHES[turn % len(DASHES)], "zorder": 2}
    return looks


def canvas(width: float, height: float, title: str, notes: Iterable[str], run_id: str, lang: str) -> Figure:
    """An empty figure (inches) with its title on top left, its notes and the run's name at the foot.

    Axes belong between `head(figure)` and `foot(figure)`.
    """
    figure = Figure(figsize=(width, height))
    run = say("run", lang, run_id=run_id)
    room = int((width - 0.6) * 17) - text_units(run)
    separator = "。" if lang == "zh" else ". "
    lines = wrap(separator.join(notes) + separator.rstrip(), room)
    figure.text(0.25 / width, 1 - 0.16 / height, title, ha="left", va="top", fontsize=12.5)
    figure.text(0.25 / width, 0.12 / height, "\n".join(lines), ha="left", va="bottom", fontsize=7.5, color=QUIET,
                linespacing=1.35)
    figure.text(1 - 0.2 / width, 0.12 / height, run, ha="right", va="bottom", fontsize=7.5, color=QUIET)
    figure.foot_inches = 0.24 + 0.155 * len(lines)
    return figure


def head(figure: Figure, room: float = 0.85) -> float:
    """Top of the axes as a share of the height, `room` inches below the upper edge."""
    return 1 - room / figure.get_figheight()


def foot(figure: Figure, room: float = 0.35) -> float:
    """Bottom of the axes as a share of the height, `room` inches above the notes."""
    return (figure.foot_inches + room) / figure.get_figheight()


def end_labels(axes: Axes, ends: Sequence[tuple[float, str, str]], size: float = 8.0) -> None:
    """Write (value, text, colour) at the right edge, moved apart where they would overlap.

    Call after the limits of the y axis are set; a thin line joins a label to its value.
    """
    low, high = axes.get_ylim()
    inches = axes.get_position().height * axes.figure.get_figheight()
    per_line = size * 1.22 / 72 / inches * (high - low)
    order = sorted(ends, key=lambda end: end[0])
    heights = [per_line * (1 + text.count("\n")) * 1.06 for _, text, _ in order]
    places = spread([value for value, _, _ in order], heights, low, high)
    for (value, text, colour), y in zip(order, places):
        axes.annotate(
            text, xy=(1, value), xytext=(1.06, y), xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"), va="center", ha="left", fontsize=size, color=colour,
            annotation_clip=False, linespacing=1.1,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1,
                        "relpos": (0.0, 0.5)},
        )


def spread(values: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres for labels of given heights, near their sorted values, without overlap, inside the limits if they fit."""
    blocks: list[list[float]] = []  # each: sum of wished starts, count, height
    for value, height in zip(values, heights):
        blocks.append([value - height / 2, 1, height])
        while len(blocks) > 1 and _top(blocks[-2], low, high) > _start(blocks[-1], low, high):
            wish, count, tall = blocks.pop()
            blocks[-1][0] += wish - count * blocks[-1][2]
            blocks[-1][1] += count
            blocks[-1][2] += tall
    starts = []
    todo = iter(heights)
    for block in blocks:
        at = _start(block, low, high)
        for _ in range(int(block[1])):
            height = next(todo)
            starts.append(at + height / 2)
            at += height
    return starts


def _start(block: list[float], low: float, high: float) -> float:
    return max(low, min(block[0] / block[1], high - block[2]))


def _top(block: list[float], low: float, high: float) -> float:
    return _start(block, low, high) + block[2]


def text_units(text: str) -> int:
    """Width of a text in half-width characters: a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, units: int) -> list[str]:
    """Lines of at most `units` half-width characters, broken at blanks and between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_units(line + piece.rstrip()) > units:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def balanced(text: str, units: int) -> str:
    """The text in as few lines of `units` half-width characters as it needs, all about equally long."""
    lines = wrap(text, units)
    while units > 1 and len(tighter := wrap(text, units - 1)) == len(lines):
        lines, units = tighter, units - 1
    return "\n".join(lines)


def _pieces(text: str) -> list[str]:
    """What must stay on one line: words with the blank after them, Chinese characters with the stop after them."""
    pieces: list[str] = []
    for c in text:
        wide = unicodedata.east_asian_width(c) in "WF"
        stop = c in STOPS
        new = not pieces or (not stop and c != " " and (wide or pieces[-1].endswith(" ") or _wide_end(pieces[-1])))
        if new:
            pieces.append(c)
        else:
            pieces[-1] += c
    return pieces


def _wide_end(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in "WF"


def ink_on(colour: Sequence[float]) -> str:
    """Dark or white, whichever reads better on the colour (relative luminance of WCAG 2)."""
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.24 else "white"


def signed(value: float, decimals: int) -> str:
    """A difference with its sign; a true minus, and no sign for what rounds to zero."""
    text = f"{value:+.{decimals}f}"
    return f"{0:.{decimals}f}" if float(text) == 0 else text.replace("-", "−")


def plain(value: float, decimals: int) -> str:
    """A level; a true minus."""
    text = f"{value:,.{decimals}f}"
    return (text if float(text.replace(",", "")) else f"{0:.{decimals}f}").replace("-", "−")


def save(figure: Figure, path: Path) -> list[Path]:
    """Write `path`.png and `path`.svg, the same bytes for the same figure."""
    written = []
    with house():
        for suffix, metadata in ((".png", {"Software": None}), (".svg", {"Date": None})):
            target = path.with_name(path.name + suffix)
            figure.savefig(target, metadata=metadata)
            written.append(target)
    return written
