"""The members that are done: one file each, written to a temporary name and renamed.

The file is the commit mark: it is there whole or not at all. One line of JSON names the axes, the values follow in one
compressed block in a fixed order, and four bytes at the end are the checksum of all before them; a part that fails it
counts as missing. Tidy tables for people are the experiment's. The bytes depend on the result only, never on time or
machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

FORMAT: Final = 3
CODEC: Final = "lz4"
CHECK_BYTES: Final = 4
STALE_SECONDS: Final = 3600


class ResultsLike(Protocol):
    """What a simulation hands back."""

    months: tuple[str, ...]
    places: tuple[str, ...]
    markets: tuple[str, ...]
    indicators: Mapping[str, np.ndarray]
    moves: np.ndarray
    levers: tuple[str, ...]
    delivered: np.ndarray
    level: np.ndarray

    def digest(self) -> str: ...


class Corrupt(Exception):
    """A part that cannot be read or whose checksum does not fit."""


@dataclass(frozen=True, slots=True)
class Part:
    """One member as arrays.

    values: float64[n_indicators, n_months, n_places]; moves: float64[n_years, n_markets, n_markets] in people
    from origin (rows) to destination; delivered, level: float64[n_years, n_levers, n_units], units being the places
    without the last, which is their sum.
    """

    identity: str
    seed: int
    digest: str
    months: tuple[str, ...]
    places: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[str, ...]
    indicators: tuple[str, ...]
    levers: tuple[str, ...]
    values: np.ndarray
    moves: np.ndarray
    delivered: np.ndarray
    level: np.ndarray


class Store:
    """A folder of members, safe to share between processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def path(self, identity: str) -> Path:
        """Where the member's results lie."""
        return self.folder / f"{identity}.part"

    def failure_path(self, identity: str) -> Path:
        """Where the record of a failed member lies."""
        return self.folder / f"{identity}.error.json"

    def open(self) -> None:
        """Make the folder, and remove what killed writers left behind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob("*.tmp"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink()

    def write(self, identity: str, seed: int, results: ResultsLike) -> None:
        """Keep a finished member. Raises ValueError when shapes and names do not fit each other."""
        header, values = _flatten(identity, seed, results)
        # Not forced to the disk: a machine that stops can cost the last parts, and the checksum tells.
        with replacing(self.path(identity), forced=False) as temporary:
            temporary.write_bytes(_packed(header, values))
        self.failure_path(identity).unlink(missing_ok=True)

    def read(self, identity: str) -> Part:
        """The member's arrays. Raises FileNotFoundError when it is not there, Corrupt when it is damaged."""
        path = self.path(identity)
        if not path.exists():
            raise FileNotFoundError(path)
        header, values = _read(path)
        if header["identity"] != identity:
            raise Corrupt(f"{path.name} holds the member {header['identity']}")
        return _part(header, values)

    def has(self, identity: str) -> bool:
        """Whether the member is done and its file is whole. A damaged file is removed."""
        try:
            self.read(identity)
        except FileNotFoundError:
            return False
        except Corrupt:
            self.path(identity).unlink(missing_ok=True)
            return False
        return True

    def fail(self, identity: str, record: Mapping[str, Any]) -> None:
        """Keep the record of a member that failed."""
        text = json.dumps({"identity": identity, **record}, ensure_ascii=False, indent=1)
        with replacing(self.failure_path(identity)) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")

    def failure(self, identity: str) -> dict[str, Any] | None:
        """The record of a failed member, or None."""
        try:
            return json.loads(self.failure_path(identity).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None


@contextlib.contextmanager
def replacing(target: Path, forced: bool = True) -> Iterator[Path]:
    """A temporary name beside `target` that takes its place when the block ends well; forced: and is on the disk."""
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        if forced:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def years_of(months: tuple[str, ...]) -> tuple[str, ...]:
    """The calendar years that the months touch, in order."""
    return tuple(dict.fromkeys(month[:4] for month in months))


def _flatten(identity: str, seed: int, results: ResultsLike) -> tuple[dict[str, Any], np.ndarray]:
    """Header and the one column of values: indicators by key, then moves by year, then programmes by year."""
    months, places, markets = tuple(results.months), tuple(results.places), tuple(results.markets)
    years, names, levers = years_of(months), tuple(results.indicators), tuple(results.levers)
    blocks = [(f"indicator {name}", results.indicators[name], (len(months), len(places))) for name in names]
    blocks.append(("moves", results.moves, (len(years), len(markets), len(markets))))
    of_levers = (len(years), len(levers), len(places) - 1)
    blocks += [("delivered", results.delivered, of_levers), ("level", results.level, of_levers)]
    flat = []
    for name, block, shape in blocks:
        array = np.asarray(block, dtype=np.float64)
        if array.shape != shape:
            raise ValueError(f"{name}: shape {array.shape}, expected {shape}")
        flat.append(array.ravel())
    values = np.ascontiguousarray(np.concatenate(flat), dtype="<f8")
    header = {
        "format": FORMAT, "identity": identity, "seed": int(seed), "digest": results.digest(),
        "indicators": names, "months": months, "places": places, "years": years, "markets": markets,
        "levers": levers, "values": len(values),
    }
    return header, values


def _packed(header: Mapping[str, Any], values: np.ndarray) -> bytes:
    """The bytes of one part."""
    import pyarrow as pa

    line = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join((line, b"\n", pa.compress(pa.py_buffer(values), codec=CODEC, asbytes=True)))
    return body + zlib.crc32(body).to_bytes(CHECK_BYTES, "little")


def _read(path: Path) -> tuple[dict[str, Any], np.ndarray]:
    import pyarrow as pa

    whole = path.read_bytes()
    body, check = memoryview(whole)[:-CHECK_BYTES], whole[-CHECK_BYTES:]
    if zlib.crc32(body).to_bytes(CHECK_BYTES, "little") != check:
        raise Corrupt(f"{path.name}: the checksum does not fit")
    try:
        end = whole.index(b"\n")
        header = json.loads(whole[:end])
        if header["format"] != FORMAT:
            raise Corrupt(f"{path.name} is of another format")
        size = header["values"]
        values = np.frombuffer(pa.decompress(body[end + 1 :], 8 * size, codec=CODEC), dtype="<f8", count=size)
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise Corrupt(f"{path.name}: {error}") from error
    return header, values


def _part(header: Mapping[str, Any], values: np.ndarray) -> Part:
    kinds = ("months", "places", "markets", "years", "indicators", "levers")
    names = {key: tuple(header[key]) for key in kinds}
    n_years, n_markets = len(names["years"]), len(names["markets"])
    of_levers = (n_years, len(names["levers"]), len(names["places"]) - 1)
    shapes = (
        (len(names["indicators"]), len(names["months"]), len(names["places"])),
        (n_years, n_markets, n_markets), of_levers, of_levers,
    )
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    values, moves, delivered, level = (
        block.reshape(shape) for block, shape in zip(np.split(values, ends[:-1]), shapes, strict=True)
    )
    return Part(
        identity=header["identity"], seed=header["seed"], digest=header["digest"], **names,
        values=values, moves=moves, delivered=delivered, level=level,
    )
