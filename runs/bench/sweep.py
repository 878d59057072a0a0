"""Many members on all cores, parts kept: how many a second, whether that holds, and what workers hold in memory."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from runs.execute import execute, usable_cores
from runs.plan import Member, Plan, make
from runs.store import Store
from runs.worker import SIMULATE, Outcome, Task

WINDOWS: Final = 10
IDLE: Final = "runs.bench.idle:simulate"
IDLE_RUNS: Final = 400

type Heard = tuple[float, Outcome]


def sweep(
    count: int, scale: float = 0.01, workers: int | None = None, scenarios: Sequence[str] = ("current_practice",),
    settings: Sequence[str] = (), say: Callable[[str], object] = lambda text: None,
) -> dict[str, Any]:
    """Live `count` members (seeds of the scenarios) through the pool into a store that is thrown away.

    Returns runs, workers, wall_s, runs_per_s (from the first result on), start_s (until the first result),
    run_s (mean seconds a member is lived), windows: tenths with runs_per_s and peak_mib (the most any worker has held
    so far), plan_s, store_kib (a part), and overhead_ms: what one worker's member costs besides its months, measured
    with an engine that lives nothing.
    """
    started = time.perf_counter()
    seeds = max(1, count // len(scenarios))
    plan = make(list(scenarios), scale=scale, seeds=max(seeds, IDLE_RUNS), overrides=tuple(settings))
    planned = time.perf_counter() - started
    chosen = [member for member in plan.members if member.seed in plan.seeds[:seeds]]
    heard, wall, start_s, kib = _carry_out(plan, chosen, workers, SIMULATE, say)
    idle, *_ = _carry_out(plan, plan.members[:IDLE_RUNS], workers, IDLE, say)
    # The first half waits for workers to start.
    idle = idle[len(idle) // 2 :]
    hands = max(1, min(len(heard), workers or usable_cores()))
    return {
        "runs": len(heard), "scale": scale, "scenarios": list(scenarios), "workers": hands, "cores": usable_cores(),
        "plan_s": round(planned, 3), "start_s": round(start_s, 3), "wall_s": round(wall, 3),
        "runs_per_s": round(_rate(heard), 2),
        "run_s": round(sum(outcome.seconds for _, outcome in heard) / len(heard), 5),
        "overhead_ms": round(1e3 * min(usable_cores(), workers or usable_cores()) / max(_rate(idle), 1e-9), 3),
        "store_kib": round(kib, 1), "windows": _windows(heard),
    }


def _carry_out(
    plan: Plan, members: Sequence[Member], workers: int | None, simulate: str, say: Callable[[str], object]
) -> tuple[list[Heard], float, float, float]:
    """When what was heard; seconds in all and until the first result; KiB of a part."""
    heard: list[Heard] = []
    with tempfile.TemporaryDirectory(prefix="xiancheng-bench-") as folder:
        Store(Path(folder)).open()
        tasks = [Task(m.identity, m.scenario, m.seed, m.model_input, folder, plan.sources, simulate) for m in members]
        begun = time.perf_counter()
        execute(tasks, workers=workers, listen=lambda _, outcome: heard.append((time.perf_counter(), outcome)), say=say)
        ended = time.perf_counter()
        sizes = [path.stat().st_size for path in Path(folder).glob("*.part")]
    lost = [outcome.error for _, outcome in heard if not outcome.ok]
    if lost or len(sizes) != len(tasks):
        raise RuntimeError(f"{len(tasks) - len(sizes)} of {len(tasks)} runs were lost: {lost[:1]}")
    return heard, ended - begun, heard[0][0] - begun, sum(sizes) / len(sizes) / 1024


def _rate(heard: Sequence[Heard]) -> float:
    """Members a second from the first result on."""
    return (len(heard) - 1) / max(heard[-1][0] - heard[0][0], 1e-9)


def _windows(heard: Sequence[Heard]) -> list[dict[str, float]]:
    """Tenths of the runs in the order in which they were done."""
    edges = [len(heard) * k // WINDOWS for k in range(WINDOWS + 1)]
    windows = []
    for a, b in itertools.pairwise(edges):
        if b - a > 1:
            seconds = heard[b - 1][0] - heard[max(a - 1, 0)][0]
            peak = max(outcome.peak_mib for _, outcome in heard[:b])
            windows.append({"runs_per_s": round((b - max(a, 1)) / max(seconds, 1e-9), 2), "peak_mib": round(peak, 1)})
    return windows


def table(found: dict[str, Any]) -> list[str]:
    """The result as lines for a screen."""
    lines = [
        f"{found['runs']} runs of {', '.join(found['scenarios'])} at scale {found['scale']:g} on {found['workers']} "
        f"workers: {found['runs_per_s']} runs a second, storage included",
        f"a run {1e3 * found['run_s']:.1f} ms; besides, handing out and keeping it "
        f"{found['overhead_ms']:.2f} ms; a part {found['store_kib']:.0f} KiB; "
        f"plan {found['plan_s']:.2f} s; first result after {found['start_s']:.2f} s",
    ]
    for k, window in enumerate(found["windows"]):
        lines.append(f"  tenth {k + 1:>2}: {window['runs_per_s']:>8.2f} runs/s, peak {window['peak_mib']:>6.0f} MiB")
    return lines
