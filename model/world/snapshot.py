"""Save, load and name tables by their content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from model.state.table import Table
from model.world.datafiles import data_digest

if TYPE_CHECKING:
    from model.world.tables import Prefecture

MODEL: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ("world", "spec", "state", "kernels")
"""Folders whose code can change what a built population is."""
SPARE: Final = 1.0 / 64.0
"""Share of rows for which a loaded table has further room."""


def cache_folder() -> Path:
    """XIANCHENG_CACHE, else `.cache/xiancheng` beside `model/`."""
    if env := os.environ.get("XIANCHENG_CACHE"):
        return Path(env)
    return MODEL.parent / ".cache" / "xiancheng"


@cache
def code_digest() -> str:
    """Hash of the code that builds populations."""
    found = hashlib.blake2b(digest_size=16)
    for folder in SOURCES:
        for path in sorted((MODEL / folder).rglob("*.py")):
            found.update(path.relative_to(MODEL).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def cache_path(prefecture: Prefecture, scale: float, seed: int, params: Mapping[str, float]) -> Path:
    """Where a population with this content is kept."""
    text = "\n".join([
        data_digest(prefecture.root, lived=True), code_digest(), prefecture.key, repr(float(scale)), str(seed),
        *(f"{k}={v!r}" for k, v in sorted(params.items())),
    ])
    name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return cache_folder() / f"population-{prefecture.key}-{float(scale)!r}-{name}.bin"


def save(path: Path, tables: Mapping[str, Table]) -> None:
    """Write the rows in use of every column; readers see the whole file or none.

    A line of JSON says what follows: table name -> [rows, [[column key, type, sum of its words], ...]]. Files of the
    same name up to the last dash, built from older content, are removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {
        name: [table.n, [[c.key, c.dtype, words(getattr(table, c.key)[: table.n])] for c in table.columns]]
        for name, table in tables.items()
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as handle:
            handle.write(json.dumps(head).encode() + b"\n")
            for table in tables.values():
                for column in table.columns:
                    handle.write(np.ascontiguousarray(getattr(table, column.key)[: table.n]).data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    family = path.stem.rpartition("-")[0]
    for old in path.parent.glob(f"{family}-*"):
        if old != path and old.stem.rpartition("-")[0] == family:
            old.unlink(missing_ok=True)


def load(path: Path, kinds: Mapping[str, type[Table]]) -> dict[str, Table] | None:
    """Tables of the given kinds by name, with room to grow; None when there is no such file or it is damaged.

    Columns are read straight into the memory that the tables keep.
    """
    try:
        with path.open("rb") as handle:
            head = json.loads(handle.readline())
            return {name: _read(handle, kind, *head[name]) for name, kind in kinds.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read[T: Table](handle: BinaryIO, kind: type[T], n: int, columns: list[tuple[str, str, int]]) -> T:
    capacity = int(n * (1.0 + SPARE)) + 64
    arrays: dict[str, np.ndarray] = {}
    for column, (key, dtype, total) in zip(kind.columns, columns, strict=True):
        if (key, dtype) != (column.key, column.dtype):
            raise ValueError(f"{key} {dtype} stands where {column.key} should")
        array = arrays[key] = np.empty(capacity, dtype)
        array[n:] = 0 if column.missing is None else column.missing
        if handle.readinto(array[:n].view(np.uint8)) != n * array.itemsize or words(array[:n]) != total:  # type: ignore[attr-defined]
            raise ValueError(f"{key} is not what was written")
    return kind.of(arrays, n)


def words(array: np.ndarray) -> int:
    """Sum of an array's bytes taken eight at a time, modulo 2^64: tells a page that never reached the disk."""
    raw = np.ascontiguousarray(array).view(np.uint8)
    whole = raw.size // 8 * 8
    total = int(raw[:whole].view("<u8").sum(dtype=np.uint64)) + int(raw[whole:].sum(dtype=np.uint64))
    return total % 2**64


def digest(tables: Mapping[str, Table]) -> str:
    """BLAKE2b over the names and bytes of every column, in order."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(tables):
        table = tables[name]
        for column in table.columns:
            found.update(f"{name}.{column.key}:{table.n}\n".encode())
            found.update(np.ascontiguousarray(getattr(table, column.key)[: table.n]).tobytes())
    return found.hexdigest()
