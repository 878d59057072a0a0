"""The folder of compiled kernels, chosen before numba is imported (numba reads its settings once, on import).

One folder for each version of Python and of numba; in it one for each kernel file and each state of the sources
that the file's kernels depend on (`runs.kernel_cache`). An edit recompiles what it can change.
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
LAYOUT: Final = "1"
LOCATOR: Final = "runs.kernel_cache.KernelLocator"
KEEP_SECONDS: Final = 30 * 24 * 3600


def folder() -> Path:
    """The folder for this machine, Python and numba."""
    parts = (LAYOUT, platform.python_version(), platform.machine(), _version("numba"), _version("llvmlite"))
    name = hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
    return cache_dir() / "kernels" / name


def prepare() -> Path:
    """Point numba at the folder, in this process and its children. Call before numba is imported.

    Kernels that no process has asked for within a month are deleted.
    """
    chosen = folder()
    chosen.mkdir(parents=True, exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(chosen)
    os.environ["NUMBA_CACHE_LOCATOR_CLASSES"] = LOCATOR
    numba = sys.modules.get("numba")
    if numba is not None:
        numba.config.CACHE_DIR = str(chosen)
        numba.config.CACHE_LOCATOR_CLASSES = LOCATOR
    prune(chosen)
    return chosen


def prune(chosen: Path, keep_seconds: float = KEEP_SECONDS) -> list[Path]:
    """Delete what was last read long ago: kernels of old sources, and folders of other versions. Returns them."""
    others = [path for path in chosen.parent.iterdir() if path != chosen]
    gone = []
    for path in (*chosen.iterdir(), *others):
        with contextlib.suppress(OSError):
            if path.is_dir() and time.time() - path.stat().st_mtime > keep_seconds:
                shutil.rmtree(path, ignore_errors=True)
                gone.append(path)
    return gone


def is_warm(chosen: Path) -> bool:
    """Whether some process has compiled every kernel of the sources as they are now."""
    return _mark(chosen).exists()


def mark_warm(chosen: Path) -> None:
    """Note that every kernel of these sources is compiled."""
    _mark(chosen).touch()


def _mark(chosen: Path) -> Path:
    return chosen / f"warm-{sources_digest(MODEL)}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
