"""Reading the data folder: checked tables, checksums and a lookup with provenance.

Every number carries a unit, a source and a confidence class. A file that breaks these rules, or
whose bytes differ from the checksum recorded in ``SOURCES.csv``, is refused with all its problems
at once.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

CONFIDENCE: Final = ("published", "derived", "recalled", "assumed")
"""Classes from strongest to weakest."""

SOURCES: Final = "SOURCES.csv"
SOURCE_COLUMNS: Final = (
    "path", "title", "publisher", "covers", "licence", "sha256",
    "n_published", "n_derived", "n_recalled", "n_assumed", "cite",
)
REFRESH: Final = "python -m model.world.tables --refresh-sources"
NOT_DATA: Final = frozenset({SOURCES, "README.md", ".gitattributes"})


class DataError(Exception):
    """Something in the data folder is wrong.

    problems: every problem found, each as "file:line what is wrong; what to do".
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems: list[str] = list(problems)
        head = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''} in the data"
        super().__init__("\n".join([head, *("  " + p for p in self.problems)]))

    @property
    def problems_text(self) -> str:
        """The whole block, as the command line prints it."""
        return str(self)

    def __reduce__(self) -> tuple[type[DataError], tuple[list[str]]]:
        return DataError, (self.problems,)


class Figure(NamedTuple):
    """One number with where it comes from; `line` is the line in the file (header = 1)."""

    value: float
    unit: str
    source: str
    confidence: str
    file: str
    line: int
    keys: tuple[tuple[str, str], ...]

    def key(self, name: str) -> str:
        """The text in column `name`, or "" if the file has no such column."""
        return dict(self.keys).get(name, "")


@dataclass(frozen=True, slots=True)
class Schema:
    """What a table must hold: its unit column ("" if units are in the headers) and its numbers."""

    unit: str
    numbers: tuple[str, ...]
    confidence: tuple[str, ...] = ("confidence",)
    source: str = "source"
    required: tuple[str, ...] = ()


SCHEMA_BY_NAME: Final[Mapping[str, Schema]] = {
    "behaviour.csv": Schema("units", ("central", "low", "high"), source="evidence", required=("parameter",)),
    "moments.csv": Schema(
        "unit", ("value", "low", "high", "sd_model"),
        required=("moment", "experiment", "place", "period", "scale", "text_en", "text_zh"),
    ),
    "state.csv": Schema("unit_of_measure", ("value",), required=("unit", "quantity", "year")),
    "outside.csv": Schema("unit_of_measure", ("value",), required=("key", "quantity")),
    "drivers.csv": Schema(
        "unit_of_measure", ("value",), required=("driver", "future", "period", "known_from")
    ),
    "units.csv": Schema(
        "",
        ("pilot", "seat_lat", "seat_lon", "area_km2", "tile_row", "tile_col"),
        confidence=("confidence_seat", "confidence_area"),
        source="source_seat",
        required=("key", "adcode", "name_en", "name_zh", "admin_level", "functional_type"),
    ),
    "prefectures.csv": Schema("", ("seat_lat", "seat_lon"), required=("key", "adcode", "name_en", "name_zh")),
    "counties.csv": Schema(
        "", ("seat_lat", "seat_lon", "area_km2"), required=("prefecture", "key", "name_en", "name_zh")
    ),
    "errors.csv": Schema("unit_of_measure", ("value", "n"), required=("prefecture", "margin", "level", "year")),
    "rules_2010.csv": Schema("unit_of_measure", ("value",), required=("quantity", "where", "base", "year")),
}
SCHEMA_BY_FOLDER: Final[Mapping[str, Schema]] = {
    "statistics": Schema("unit_of_measure", ("value",), required=("adcode", "year", "indicator")),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table: header, rows as text (row i is line i + 2) and the schema it passed."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    schema: Schema
    lines: tuple[int, ...]

    def records(self) -> list[dict[str, str]]:
        """Rows as dictionaries of text."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def figure(self, i: int, number: str = "value") -> Figure:
        """Row i as a Figure; NaN for rows whose unit is "text"."""
        return self._figures([i], number)[0]

    def figures(self) -> tuple[Figure, ...]:
        """Every row as a Figure."""
        return tuple(self._figures(range(len(self.rows)), "value"))

    def _figures(self, rows: Sequence[int], number: str) -> list[Figure]:
        at = {column: i for i, column in enumerate(self.columns)}
        unit, source, confidence = (at.get(c) for c in (self.schema.unit, self.schema.source, "confidence"))
        value = at[number]
        keys = [(c, i) for c, i in at.items() if i not in (value, unit, source, confidence)]

        def text(row: tuple[str, ...], i: int | None) -> str:
            return "" if i is None else row[i]

        return [
            Figure(
                math.nan if text(row, unit) == "text" else float(row[value]), text(row, unit), text(row, source),
                text(row, confidence), self.file, self.lines[i], tuple([(c, row[k]) for c, k in keys]),
            )
            for i, row in ((i, self.rows[i]) for i in rows)
        ]


def data_root(root: str | Path | None = None) -> Path:
    """The data folder: the argument, else XIANCHENG_DATA, else `data/` beside `model/`."""
    if root is not None:
        return Path(root)
    if env := os.environ.get("XIANCHENG_DATA"):
        return Path(env)
    return Path(__file__).resolve().parents[2] / "data"


def relative(path: Path, root: Path) -> str:
    """`path` as written in SOURCES.csv, or its plain name when it lies outside `root`."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name


def sha256(raw: bytes) -> str:
    """Hex checksum of the bytes of a file."""
    return hashlib.sha256(raw).hexdigest()


BOOKS: Final = ("plan/measure_states.csv", "plan/target_rules.csv", "plan/targets.csv", "thin/errors.csv")
"""Catalogues that are held against results afterwards: no run reads them."""


def read_sources(root: Path) -> dict[str, dict[str, str]]:
    """SOURCES.csv as path -> row. DataError if it is missing or has other columns."""
    path = root / SOURCES
    if not path.is_file():
        raise DataError([f"{path} is missing; every data folder needs it, see data/README.md"])
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != SOURCE_COLUMNS:
            raise DataError([f"{SOURCES}:1 columns must be {', '.join(SOURCE_COLUMNS)}"])
        rows = list(reader)
    problems: list[str] = []
    found: dict[str, dict[str, str]] = {}
    for line, row in enumerate(rows, 2):
        if row["path"] in found:
            problems.append(f"{SOURCES}:{line} {row['path']} is listed twice; keep one row")
        problems += [
            f"{SOURCES}:{line} {column} is blank for {row['path']}; fill it in"
            for column in SOURCE_COLUMNS
            if not (row[column] or "").strip()
        ]
        found[row["path"]] = row
    if problems:
        raise DataError(problems)
    return found


def checksum_problem(name: str, raw: bytes, sources: Mapping[str, Mapping[str, str]]) -> str | None:
    """The sentence to show when the bytes of `name` are not those recorded, else None."""
    return _checksum_problem(name, sha256(raw), sources)


def _checksum_problem(name: str, seen: str, sources: Mapping[str, Mapping[str, str]]) -> str | None:
    if name not in sources:
        return f"{name}: no row in {SOURCES}; add one with title, publisher and licence, then run {REFRESH}"
    if seen != sources[name]["sha256"]:
        return (
            f"{name}: checksum {seen[:12]} is not the recorded {sources[name]['sha256'][:12]}; restore the "
            f"file, or if the change is meant run {REFRESH} and commit both"
        )
    return None


def data_files(root: Path) -> list[str]:
    """Every file under the data folder that must have a row in SOURCES.csv."""
    return sorted(
        p.relative_to(root).as_posix()
        for p in root.rglob("*")
        if p.is_file() and p.name not in NOT_DATA and "__pycache__" not in p.parts
    )


def folder_state(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Path, time of change and size of every file under a folder: what has to change before its content does."""
    found: list[tuple[str, int, int]] = []
    waiting = [str(root)] if root.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    status = entry.stat()
                    found.append((entry.path, status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


def verify_sources(root: str | Path | None = None, *, unlisted_ok: bool = False) -> dict[str, str]:
    """Compare every file with SOURCES.csv; return path -> checksum.

    DataError with all changed, missing and unlisted files. With `unlisted_ok` a file without a row
    is passed over: nothing can read it.
    """
    base = data_root(root)
    sources = read_sources(base)
    present = data_files(base)
    problems = [f"{name}: listed in {SOURCES} and not found; restore it or drop its row"
                for name in sources if name not in set(present)]
    seen: dict[str, str] = {}
    for name in present:
        if unlisted_ok and name not in sources:
            continue
        seen[name] = sha256((base / name).read_bytes())
        if problem := _checksum_problem(name, seen[name], sources):
            problems.append(problem)
    if problems:
        raise DataError(problems)
    return seen


def data_digest(root: str | Path | None = None, *, lived: bool = False) -> str:
    """One hash over the recorded paths and checksums.

    lived: without the `BOOKS`; that one is part of the identity of a run.
    """
    rows = _known_sources(data_root(root))
    names = sorted(set(rows) - set(BOOKS)) if lived else sorted(rows)
    text = "".join(f"{name} {rows[name]['sha256']}\n" for name in names)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def schema_for(path: Path) -> Schema:
    """The schema a file must pass, from its name or its folder."""
    if path.name in SCHEMA_BY_NAME:
        return SCHEMA_BY_NAME[path.name]
    if path.parent.name in SCHEMA_BY_FOLDER:
        return SCHEMA_BY_FOLDER[path.parent.name]
    known = ", ".join([*SCHEMA_BY_NAME, *(f"{f}/*.csv" for f in SCHEMA_BY_FOLDER)])
    raise DataError([f"{path.name}: no schema for this table; known are {known}"])


def read_table(path: str | Path, root: str | Path | None = None) -> Table:
    """Read one table and check it.

    Refuses, listing every problem: a changed checksum, a missing column, a blank unit or source, a
    value that is not a finite number, an unknown confidence class. `path` may be relative to the
    data folder.
    """
    base = data_root(root)
    full = Path(path) if Path(path).is_absolute() else base / path
    name = relative(full, base)
    if not full.is_file():
        raise DataError([f"{name}: not found under {base}"])
    raw = full.read_bytes()
    schema = schema_for(full)
    problems: list[str] = []
    if (base / SOURCES).is_file():
        problem = checksum_problem(name, raw, _known_sources(base))
        problems += [problem] if problem else []
    table, found = parse_table(raw.decode("utf-8-sig"), name, schema)
    problems += found
    if problems or table is None:
        raise DataError(problems)
    return table


def _known_sources(base: Path) -> dict[str, dict[str, str]]:
    path = base / SOURCES
    return _sources(base, path.stat().st_mtime_ns if path.is_file() else 0)


@cache
def _sources(base: Path, stamp: int) -> dict[str, dict[str, str]]:
    return read_sources(base)


def parse_table(text: str, name: str, schema: Schema) -> tuple[Table | None, list[str]]:
    """Parse the text of a table; return it (None if the header is unusable) and its problems."""
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = tuple(next(reader, []))
    if schema.unit and schema.unit not in columns:
        return None, [f"{name}:1 the unit column '{schema.unit}' is missing; every number needs its unit"]
    wanted = (*schema.required, *schema.numbers, *schema.confidence, schema.source)
    missing = [c for c in wanted if c not in columns]
    if missing:
        return None, [f"{name}:1 column '{c}' is missing; add it to the header" for c in missing]
    at = {c: columns.index(c) for c in (*wanted, *((schema.unit,) if schema.unit else ()))}
    problems: list[str] = []
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for row in reader:
        line = reader.line_num
        if not row:
            continue
        if len(row) != len(columns):
            problems.append(f"{name}:{line} {len(row)} fields where the header has {len(columns)}; quote commas")
            continue
        problems += _row_problems(row, at, schema, f"{name}:{line}")
        rows.append(tuple(row))
        lines.append(line)
    return Table(name, columns, tuple(rows), schema, tuple(lines)), problems


def _row_problems(row: list[str], at: Mapping[str, int], schema: Schema, where: str) -> list[str]:
    out: list[str] = []
    unit = row[at[schema.unit]].strip() if schema.unit else "-"
    if not unit:
        out.append(f"{where} {schema.unit} is blank; write the unit, for example yuan/month, share or persons")
    if not row[at[schema.source]].strip():
        out.append(f"{where} {schema.source} is blank; say where the number comes from")
    for column in schema.numbers if unit != "text" else ():
        try:
            number = float(row[at[column]])
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            out.append(f"{where} {column} '{row[at[column]]}' is not a finite number; write a plain decimal number")
    for column in schema.confidence:
        if row[at[column]] not in CONFIDENCE:
            out.append(f"{where} {column} '{row[at[column]]}' is unknown; use one of {', '.join(CONFIDENCE)}")
    return out


@dataclass(slots=True)
class Statistics:
    """Lookups in `statistics/`, each file parsed once; remembers which rows were read."""

    root: Path
    used: dict[tuple[str, int], Figure] = field(default_factory=dict)
    _index: dict[str, dict[tuple[str, str, str], list[Figure]]] = field(default_factory=dict)

    def value(self, file: str, indicator: str, adcode: str, year: int | str, **keys: str) -> tuple[float, Figure]:
        """The number and its provenance.

        file: name without ".csv"; keys: further columns such as age="15-49", sex="female".
        DataError when no row, or more than one, answers; the message names what there is.
        """
        rows = self.rows(file, indicator, adcode, year)
        hits = [f for f in rows if keys.items() <= dict(f.keys).items()]
        if len(hits) != 1:
            asked = f"{indicator}, {adcode}, {year}" + "".join(f", {k}={v}" for k, v in keys.items())
            what = "no row" if not hits else f"{len(hits)} rows"
            near = sorted({f"{f.key('year')} {f.key('age')} {f.key('sex')}".strip() for f in rows})[:8]
            hint = f"rows of that year: {'; '.join(near)}" if near else self._hint(file, indicator, adcode)
            raise DataError([f"statistics/{file}.csv: {what} for {asked}; {hint}"])
        self.used[(hits[0].file, hits[0].line)] = hits[0]
        return hits[0].value, hits[0]

    def rows(self, file: str, indicator: str, adcode: str, year: int | str) -> list[Figure]:
        """All rows of one indicator, place and year, in file order."""
        return list(self._load(file).get((indicator, str(adcode), str(year)), ()))

    def _hint(self, file: str, indicator: str, adcode: str) -> str:
        found = self._load(file)
        years = sorted(y for i, a, y in found if i == indicator and a == str(adcode))
        if years:
            return f"years there: {', '.join(years)}"
        return f"that indicator is{'' if any(i == indicator for i, _, _ in found) else ' not'} in the file"

    def _load(self, file: str) -> dict[tuple[str, str, str], list[Figure]]:
        if file not in self._index:
            table = read_table(f"statistics/{file}.csv", self.root)
            index: dict[tuple[str, str, str], list[Figure]] = {}
            for figure in table.figures():
                keys = dict(figure.keys)
                index.setdefault((keys["indicator"], keys["adcode"], keys["year"]), []).append(figure)
            self._index[file] = index
        return self._index[file]


def confidence_counts(path: Path) -> dict[str, int] | None:
    """How many rows of each class a table has; None for a file without a class column."""
    if path.suffix != ".csv":
        return None
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    column = next((c for c in ("confidence", "confidence_seat") if rows and c in rows[0]), None)
    if column is None:
        return None
    counts = dict.fromkeys(CONFIDENCE, 0)
    for row in rows:
        counts[row[column]] = counts.get(row[column], 0) + 1
    return counts


def refresh_sources(root: str | Path | None = None) -> list[str]:
    """Rewrite checksums and counts in SOURCES.csv; return the paths that are new and need their text.

    Counts of a file without a class column are written by hand and kept.
    """
    base = data_root(root)
    path = base / SOURCES
    old: dict[str, dict[str, str]] = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as handle:
            old = {row["path"]: row for row in csv.DictReader(handle)}
    new = []
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, SOURCE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for name in data_files(base):
            row = dict.fromkeys(SOURCE_COLUMNS, "") | {f"n_{c}": "0" for c in CONFIDENCE}
            row |= old.get(name, {}) | {"path": name, "sha256": sha256((base / name).read_bytes())}
            row |= {f"n_{c}": str(n) for c, n in (confidence_counts(base / name) or {}).items() if c in CONFIDENCE}
            new += [name] if not row["title"] else []
            writer.writerow({c: row[c] for c in SOURCE_COLUMNS})
    return new
