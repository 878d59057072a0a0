"""A folder of compiled kernels for each state of the sources.

Numba looks only at the file a kernel stands in: after an edit of a helper or a constant in another file the
old machine code would answer. So the folder is named by everything compiled code can depend on, and it is
chosen before numba is imported (numba reads NUMBA_CACHE_DIR once, on import).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from runs.identity import sources_digest
from runs.paths import ROOT, cache_dir

MODEL: Final = ROOT / "model"
KEEP: Final = 3
SAFE_SECONDS: Final = 24 * 3600
WARM: Final = "warm"


def folder(sources: Path = MODEL) -> Path:
    """The folder for the sources as they are now."""
    versions = (platform.python_version(), platform.machine(), _version("numba"), _version("llvmlite"))
    parts = (sources_digest(sources), *versions)
    name = hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
    return cache_dir() / "kernels" / name


def prepare(sources: Path = MODEL) -> Path:
    """Point numba at the folder of these sources, in this process and its children. Call before numba is imported.

    Folders of older sources are deleted, except the latest few and those used within a day.
    """
    chosen = folder(sources)
    chosen.mkdir(parents=True, exist_ok=True)
    os.utime(chosen)
    os.environ["NUMBA_CACHE_DIR"] = str(chosen)
    numba = sys.modules.get("numba")
    if numba is not None:
        numba.config.CACHE_DIR = str(chosen)
    prune(chosen)
    return chosen


def prune(chosen: Path, keep: int = KEEP, safe_seconds: float = SAFE_SECONDS) -> list[Path]:
    """Delete folders beside `chosen` that no run is likely to use; returns what was deleted."""
    others = []
    for path in chosen.parent.iterdir():
        with contextlib.suppress(OSError):
            if path.is_dir() and path != chosen:
                others.append((path.stat().st_mtime, path))
    others.sort(reverse=True)
    old = [path for used, path in others[keep - 1 :] if time.time() - used > safe_seconds]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return old


def is_warm(chosen: Path) -> bool:
    """Whether some process has compiled every kernel of these sources."""
    return (chosen / WARM).exists()


def mark_warm(chosen: Path) -> None:
    """Note that every kernel of these sources is compiled."""
    (chosen / WARM).touch()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
