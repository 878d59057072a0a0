"""What this process has held at most."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def peak_mib() -> float:
    """The most memory this process has held, MiB; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        # Not ru_maxrss, which begins at what the parent held.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 2**10
    with contextlib.suppress(ImportError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)
    return 0.0
