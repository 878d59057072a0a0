"""Save, load and name tables by their content."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.state.table import Table
from model.world.datafiles import data_digest

if TYPE_CHECKING:
    from model.world.tables import Prefecture

MODEL: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ("world", "spec", "state", "kernels")
"""Folders whose code can change what a built population is."""


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
    return cache_folder() / f"population-{prefecture.key}-{float(scale)!r}-{name}.npz"


def save(path: Path, tables: Mapping[str, Table]) -> None:
    """Write the rows in use of every column; readers see the whole file or none.

    Files of the same name up to the last dash, built from older content, are removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}.{c.key}": getattr(table, c.key)[: table.n] for name, table in tables.items() for c in table.columns
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as handle:
            np.savez(handle, allow_pickle=False, **arrays)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    for old in path.parent.glob(f"{path.stem.rpartition('-')[0]}-*.npz"):
        if old != path and old.stem.rpartition("-")[0] == path.stem.rpartition("-")[0]:
            old.unlink(missing_ok=True)


def load(path: Path) -> dict[str, dict[str, np.ndarray]] | None:
    """Table name -> column key -> array, or None when there is no such file or it is damaged."""
    out: dict[str, dict[str, np.ndarray]] = {}
    try:
        with np.load(path, allow_pickle=False) as found:
            for key in found.files:
                table, column = key.split(".", 1)
                out.setdefault(table, {})[column] = found[key]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    return out


def digest(tables: Mapping[str, Table]) -> str:
    """BLAKE2b over the names and bytes of every column, in order."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(tables):
        table = tables[name]
        for column in table.columns:
            found.update(f"{name}.{column.key}:{table.n}\n".encode())
            found.update(np.ascontiguousarray(getattr(table, column.key)[: table.n]).tobytes())
    return found.hexdigest()
