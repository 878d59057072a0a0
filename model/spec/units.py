"""The few units in use: reading them, checking that dimensions agree, and their labels in two languages.

A unit is written as factors separated by `/`; the first is the numerator: `dwelling/year`,
`million yuan/year`, `place/1000 person`. Shares, ratios, levels and logits have no dimension.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from model.spec.types import Text

_NONE: Final = ""

# atom: (dimension, factor to the base unit of that dimension, English, Chinese)
ATOMS: Final[dict[str, tuple[str, float, str, str]]] = {
    "share": (_NONE, 1.0, "share", "比例"),
    "%": (_NONE, 0.01, "%", "%"),
    "ratio": (_NONE, 1.0, "ratio", "倍数"),
    "odds ratio": (_NONE, 1.0, "odds ratio", "优势比"),
    "elasticity": (_NONE, 1.0, "elasticity", "弹性"),
    "logit": (_NONE, 1.0, "logit", "对数优势"),
    "util": (_NONE, 1.0, "util", "效用单位"),
    "log point": (_NONE, 1.0, "log point", "对数点"),
    "level": (_NONE, 1.0, "level", "级"),
    "index": (_NONE, 1.0, "index", "指数"),
    "point": (_NONE, 1.0, "point", "分"),
    "month": ("time", 1.0, "month", "月"),
    "year": ("time", 12.0, "year", "年"),
    "minute": ("minute", 1.0, "minute", "分钟"),
    "km": ("length", 1.0, "km", "公里"),
    "m2": ("floor", 1.0, "m²", "平方米"),
    "ha": ("land", 1.0, "ha", "公顷"),
    "mu": ("land", 1.0 / 15.0, "mu", "亩"),
    "yuan": ("money", 1.0, "yuan", "元"),
    "fen": ("money", 0.01, "fen", "分(人民币)"),
    "person": ("person", 1.0, "person", "人"),
    "household": ("household", 1.0, "household", "户"),
    "dwelling": ("dwelling", 1.0, "dwelling", "套"),
    "bed": ("bed", 1.0, "bed", "张床位"),
    "seat": ("seat", 1.0, "seat", "个学位"),
    "place": ("place", 1.0, "place", "个名额"),
    "facility": ("facility", 1.0, "facility", "处"),
    "post": ("post", 1.0, "post", "个岗位"),
    "firm": ("firm", 1.0, "firm", "家企业"),
    "village": ("village", 1.0, "village", "个村"),
    "town": ("town", 1.0, "town", "个镇"),
    "zone": ("zone", 1.0, "zone", "个园区"),
    "store": ("store", 1.0, "store", "家店"),
    "event": ("event", 1.0, "event", "次"),
}
MULTIPLES: Final[dict[str, tuple[float, str, str]]] = {
    "million": (1e6, "million", "百万"),
    "billion": (1e9, "billion", "十亿"),
    "10k": (1e4, "10,000", "万"),
    "1000": (1e3, "1,000", "千"),
    "10000": (1e4, "10,000", "万"),
}
_PER: Final = re.compile(r"\s+per\s+")
_NUMBER: Final = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")


class UnitError(ValueError):
    """A unit that is not known, or one whose dimension does not fit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, its dimension as sorted (name, power) pairs, and its factor to base units."""

    text: str
    dimension: tuple[tuple[str, int], ...]
    factor: float
    en: str
    zh: str

    def label(self, lang: str = "en") -> str:
        """The unit as printed in a figure or table; `lang` is `en` or `zh`."""
        return self.zh if lang == "zh" else self.en


def _factor(text: str) -> tuple[str, float, str, str]:
    """One factor such as `million yuan`: dimension, factor, labels."""
    head, _, rest = text.strip().partition(" ")
    if head in MULTIPLES and rest:
        times, en, zh = MULTIPLES[head]
        dimension, factor, en_atom, zh_atom = _factor(rest)
        return dimension, times * factor, f"{en} {en_atom}", f"{zh}{zh_atom}"
    name = text.strip()
    if name not in ATOMS and name.endswith("s") and name[:-1] in ATOMS:
        name = name[:-1]
    if name not in ATOMS:
        raise UnitError(f"unknown unit {name!r}; known: {', '.join(sorted(ATOMS))}")
    return ATOMS[name]


@cache
def unit(text: str) -> Unit:
    """Read a unit; `per` may stand for `/`. Raises UnitError where a factor is not known."""
    written, text = text, _PER.sub("/", "1 " + text if text.startswith("per ") else text)
    powers: Counter[str] = Counter()
    total, en, zh = 1.0, [], []
    for k, part in enumerate(text.split("/")):
        if k == 0 and part.strip() == "1":
            continue
        dimension, factor, en_part, zh_part = _factor(part)
        powers[dimension] += 1 if k == 0 else -1
        total = total * factor if k == 0 else total / factor
        en.append(en_part)
        zh.append(zh_part)
    numerator_missing = text.split("/")[0].strip() == "1"
    en_text = ("per " if numerator_missing else "") + "/".join(en)
    zh_text = ("每" if numerator_missing else "") + "/".join(zh)
    dims = tuple(sorted((d, n) for d, n in powers.items() if d != _NONE and n != 0))
    return Unit(written, dims, total, en_text, zh_text)


def convert(value: float, source: str, target: str) -> float:
    """The same quantity in another unit. Raises UnitError where dimensions differ."""
    a, b = unit(source), unit(target)
    if a.dimension != b.dimension:
        raise UnitError(f"{source!r} cannot be turned into {target!r}: dimensions differ")
    return value if source == target else value * a.factor / b.factor


def quantity(text: str, target: str) -> float:
    """Read `600 dwelling/year` and return its value in `target`; a bare number is already in `target`."""
    match = _NUMBER.match(text)
    if match is None:
        raise UnitError(f"{text!r} does not start with a number")
    number, written = float(match.group(1)), match.group(2)
    return convert(number, written, target) if written else number


def unit_text(key: str) -> Text:
    """The labels of a unit as a Text."""
    found = unit(key)
    return Text(en=found.en, zh=found.zh)
