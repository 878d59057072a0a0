"""The folder a person opens: what was asked, what came out, and how to do it again.

`manifest.json` is written last and by rename: where it stands, the results are whole; where it says
`complete`, so are the tables and figures made of them, and it holds a checksum of every file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from runs.paths import ROOT
from runs.plan import BadRequest, Member, Plan
from runs.store import Part, Store, replacing

if TYPE_CHECKING:
    import pandas as pd

RESULTS: Final = "results.parquet"
MOVES: Final = "moves.parquet"
PROGRAMMES: Final = "programmes.parquet"
MANIFEST: Final = "manifest.json"
LOG: Final = "log.jsonl"
FIGURES: Final = "figures"
PACKAGES: Final = ("xiancheng", "numpy", "numba", "llvmlite", "scipy", "pandas", "pyarrow", "mesa")


class DifferentShapes(ValueError):
    """Members of one experiment that report different months, places or indicators."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A folder of results.

    failed: what is known of each member that failed, by identity. places: key -> `adcode`, `en`, `zh`.
    """

    folder: Path
    run_id: str
    scale: float
    seeds: tuple[int, ...]
    scenarios: tuple[str, ...]
    failed: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, Mapping[str, str]]

    def frame(self) -> pd.DataFrame:
        """The tidy frame: scenario, seed, month ("YYYY-MM"), place (unit key or "city"), indicator, value."""
        import pandas as pd

        return pd.read_parquet(self.folder / RESULTS)

    def moves(self) -> pd.DataFrame:
        """People who moved: scenario, seed, year, origin, destination (markets), value."""
        import pandas as pd

        return pd.read_parquet(self.folder / MOVES)

    def programmes(self) -> pd.DataFrame:
        """What levers brought: scenario, seed, year, lever, place (unit key), delivered (beyond practice, by the end
        of the year) and level (in force then)."""
        import pandas as pd

        return pd.read_parquet(self.folder / PROGRAMMES)

    @property
    def figures(self) -> Path:
        """The folder of figures."""
        return self.folder / FIGURES


class Log:
    """One JSON object a line, with the time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, event: str, **details: Any) -> None:
        """Append one line."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **details}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def start(plan: Plan, folder: Path) -> Log:
    """Make the folder and write what was asked. What an earlier experiment wrote there is taken away first.

    Raises BadRequest when the folder holds anything else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    for name, scenario in plan.scenarios.items():
        with replacing(folder / f"{name}.scenario.resolved.yaml") as temporary:
            temporary.write_text(scenario.resolved_yaml(), encoding="utf-8")
    return Log(folder / LOG)


def _clear(folder: Path) -> None:
    """Remove the files that an earlier manifest lists, the manifest first; the log stays and goes on."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        if any(folder.iterdir()) and not (folder / LOG).exists():
            raise BadRequest(f"{folder} holds other files; choose a new or empty folder")
        return
    written = json.loads(manifest.read_text(encoding="utf-8")).get("files", {})
    manifest.unlink()
    for name in written:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)


def write_results(plan: Plan, store: Store, folder: Path) -> dict[str, str]:
    """Gather the members that are done into three tidy files; returns the digest of each identity.

    One row group for each member. Members that failed are absent.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    members = [member for member in plan.members if store.path(member.identity).exists()]
    if not members:
        return {}
    digests: dict[str, str] = {}
    tables = _Tables(tuple(plan.scenarios))
    first = store.read(members[0].identity)
    with contextlib.ExitStack() as files:
        writers = []
        for name, make in ((RESULTS, tables.results), (MOVES, tables.moves), (PROGRAMMES, tables.programmes)):
            temporary = files.enter_context(replacing(folder / name))
            schema = make(first, members[0]).schema
            names_only = [field.name for field in schema if pa.types.is_dictionary(field.type)]
            writer = pq.ParquetWriter(
                temporary, schema, compression="zstd", use_dictionary=names_only, write_statistics=False
            )
            writers.append((files.enter_context(writer), make))
        for member in members:
            part = store.read(member.identity)
            _same_shape(first, part, member.scenario)
            for writer, make in writers:
                writer.write_table(make(part, member))
            digests[member.identity] = part.digest
    return digests


class _Tables:
    """Arrow tables of parts that share their names; the columns of names are made once."""

    def __init__(self, scenarios: tuple[str, ...]) -> None:
        self.scenarios = scenarios
        self._made: dict[str, dict[str, Any]] = {}

    def results(self, part: Part, member: Member) -> Any:
        axes = {"indicator": part.indicators, "month": part.months, "place": part.places}
        order = ("month", "place", "indicator")
        return self._table("results", axes, order, {"value": part.values}, member)

    def moves(self, part: Part, member: Member) -> Any:
        axes = {"year": part.years, "origin": part.markets, "destination": part.markets}
        return self._table("moves", axes, tuple(axes), {"value": part.moves}, member)

    def programmes(self, part: Part, member: Member) -> Any:
        axes = {"year": part.years, "lever": part.levers, "place": part.places[:-1]}
        values = {"delivered": part.delivered, "level": part.level}
        return self._table("programmes", axes, tuple(axes), values, member)

    def _table(
        self, kind: str, axes: Mapping[str, tuple[str, ...]], order: tuple[str, ...],
        values: Mapping[str, np.ndarray], member: Member,
    ) -> Any:
        import pyarrow as pa

        shape = tuple(len(names) for names in axes.values())
        size = int(np.prod(shape))
        if kind not in self._made:
            codes = np.indices(shape, dtype=np.int32).reshape(len(axes), -1)
            self._made[kind] = {
                key: pa.DictionaryArray.from_arrays(pa.array(codes[i]), pa.array(names, pa.string()))
                for i, (key, names) in enumerate(axes.items())
            }
        made = self._made[kind]
        number = np.full(size, self.scenarios.index(member.scenario), dtype=np.int32)
        columns = {
            "scenario": pa.DictionaryArray.from_arrays(pa.array(number), pa.array(self.scenarios, pa.string())),
            "seed": pa.array(np.full(size, member.seed, dtype=np.int64)),
            **{key: made[key] for key in order},
            **{key: pa.array(array.ravel()) for key, array in values.items()},
        }
        return pa.table(columns)


def _same_shape(first: Part, part: Part, scenario: str) -> None:
    for what in ("months", "places", "markets", "indicators", "levers"):
        if getattr(first, what) != getattr(part, what):
            raise DifferentShapes(f"{scenario}, seed {part.seed}: {what} differ from those of the first member")


def finish(
    plan: Plan, folder: Path, *, digests: Mapping[str, str], failed: Mapping[str, Mapping[str, Any]],
    command: str, seconds: float,
) -> Experiment:
    """Write the manifest of results that are whole, and return the experiment."""
    members = [
        {"scenario": m.scenario, "seed": m.seed, "identity": m.identity, "digest": digests.get(m.identity)}
        for m in plan.members
    ]
    manifest = {
        "run_id": plan.run_id,
        "status": "results",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "wall_seconds": round(seconds, 1),
        "scale": plan.scale,
        "seeds": list(plan.seeds),
        "scenarios": list(plan.scenarios),
        "places": {key: dict(names) for key, names in plan.places.items()},
        "sources": plan.sources,
        "data": plan.data,
        "code": _commit(),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": {"system": platform.platform(), "processor": platform.machine()},
        "members": members,
        "failed": dict(failed),
    }
    _write_manifest(folder, manifest)
    return from_manifest(folder, manifest)


def seal(folder: Path) -> None:
    """Nothing more will be added: note every file's checksum and call the experiment complete."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    _write_manifest(folder, {**manifest, "status": "complete", "files": _checksums(folder)})


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    with replacing(folder / MANIFEST) as temporary:
        temporary.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def open_folder(folder: Path) -> Experiment:
    """The experiment in a folder. Raises FileNotFoundError when it is not complete."""
    path = Path(folder) / MANIFEST
    if not path.exists():
        raise FileNotFoundError(f"{folder} holds no finished experiment: there is no {MANIFEST}")
    return from_manifest(Path(folder), json.loads(path.read_text(encoding="utf-8")))


def from_manifest(folder: Path, manifest: Mapping[str, Any]) -> Experiment:
    """The experiment that a manifest describes."""
    return Experiment(
        folder=folder, run_id=manifest["run_id"], scale=manifest["scale"], seeds=tuple(manifest["seeds"]),
        scenarios=tuple(manifest["scenarios"]), failed=manifest["failed"],
        places=manifest["places"],
    )


def _checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file but the log, which goes on growing."""
    files: Iterable[Path] = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".tmp")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files if path.name not in (LOG, MANIFEST)
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _commit() -> dict[str, Any]:
    """Commit of the clone and whether files differ from it; empty where there is no git."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, timeout=10)
        done.check_returncode()
        return done.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "model", "scenarios", "runs", "analysis", "data")
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(changed)}
    except (OSError, subprocess.SubprocessError):
        return {}


def command_line() -> str:
    """The command that was given, to be repeated."""
    import shlex

    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
