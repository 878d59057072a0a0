"""Where results and caches lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]


def runs_dir() -> Path:
    """The folder of experiments: RUNS_DIR, else `runs/` of this copy."""
    return Path(os.environ.get("RUNS_DIR") or ROOT / "runs").resolve()


def store_dir() -> Path:
    """The folder of members, shared by all experiments of one RUNS_DIR."""
    return runs_dir() / "store"


def cache_dir() -> Path:
    """The folder of what can be made again: start populations and compiled kernels."""
    return Path(os.environ.get("XIANCHENG_CACHE") or ROOT / ".cache" / "xiancheng").resolve()
