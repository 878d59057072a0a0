"""Phases at several scales: medians over fresh processes, and what a second thread brings."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from runs.bench.probe import probe
from runs.execute import usable_cores
from runs.paths import ROOT
from runs.worker import environment

SCALES: Final = (0.01, 0.1, 1.0)
ONE_THREAD_BELOW: Final = 0.1
"""Smaller runs are measured on one thread, as sweeps live them."""
MIB: Final = 2**20
ANSWER: Final = "from runs.bench.child import main; main()"

type Say = Callable[[str], object]


class BenchFailed(RuntimeError):
    """A measuring process ended with an error."""

    @property
    def problems_text(self) -> str:
        """What the command line prints."""
        return str(self)


def once(scale: float, months: int, threads: int, scenario: str, data: str | None = None, **more: Any) -> dict:
    """What `runs.bench.child.measure` says in a fresh process, and `end_to_end_s`, its whole life.

    data: a data folder other than the project's. more: further arguments of `measure`.
    """
    asked = {"scenario": scenario, "scale": scale, "months": months, **more}
    variables = {**os.environ, **environment(threads), **({"XIANCHENG_DATA": data} if data else {})}
    # As at home: what is imported has been compiled before.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, json.dumps(asked)], cwd=ROOT, env=variables,
        capture_output=True, text=True, check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise BenchFailed(f"the measuring process failed:\n{done.stderr.strip()}")
    return {**json.loads(done.stdout), "end_to_end_s": seconds}


def bench(
    scales: Sequence[float] = SCALES, months: int = 86, repeat: int = 5, threads: int | None = None,
    scenario: str = "current_practice", say: Say = lambda text: None,
) -> dict[str, Any]:
    """The object of `xiancheng bench --json`: the probe, and for each scale medians of `repeat` fresh processes.

    threads: of each process; by default all cores from 1:10 on and one below. The largest scale is lived on one
    thread as well, for the speed-up.
    """
    scales = sorted(set(scales))
    found: dict[str, Any] = {"probe": probe(), "scales": {}}
    for scale in scales:
        count = threads or (1 if scale < ONE_THREAD_BELOW else usable_cores())
        say(f"scale {scale:g}: kernels and population, once and not counted")
        once(scale, 1, count, scenario)
        found["scales"][str(float(scale))] = entry = medians(_repeated(scale, months, count, scenario, repeat, say))
        entry["threads"] = count
        if scale == scales[-1] and count > 1:
            alone = medians(_repeated(scale, months, 1, scenario, repeat, say))
            entry["one_thread_loop_s"] = alone["loop_s"]
            entry["speed_up"] = round(alone["loop_s"] / entry["loop_s"], 3)
            entry["same_bytes"] = alone["digest"] == entry["digest"]
    return found


def _repeated(scale: float, months: int, threads: int, scenario: str, repeat: int, say: Say) -> list[dict[str, Any]]:
    runs = []
    for k in range(repeat):
        runs.append(once(scale, months, threads, scenario))
        say(f"scale {scale:g}, {threads} threads, {k + 1} of {repeat}: loop {runs[-1]['loop_s']:.3g} s")
    return runs


def medians(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One scale of the result from its repetitions."""

    def middle(key: str) -> float:
        return statistics.median(run[key] for run in runs)

    people, months, loop = runs[0]["people"], runs[0]["months"], middle("loop_s")
    person_months = people * months
    phases: dict[str, dict[str, float]] = {}
    for name in sorted(runs[0]["phase_s"], key=lambda name: -runs[0]["phase_s"][name]):
        seconds = statistics.median(run["phase_s"][name] for run in runs)
        phases[name] = {
            "ns_per_person_month": round(1e9 * seconds / person_months, 4),
            "ms_per_month": round(1e3 * seconds / months, 4),
            "share": round(seconds / loop, 4),
        }
        if name in runs[0]["bytes"]:
            phases[name]["mib_touched"] = round(runs[0]["bytes"][name] / MIB, 3)
    return {
        "people": people, "months": months,
        **{key: round(middle(key), 4) for key in ("loop_s", "end_to_end_s", "loop_cpu_s", "import_s", "warm_s",
                                                  "start_s")},
        "ns_per_person_month": round(1e9 * loop / person_months, 3),
        "peak_mib": round(middle("peak_mib"), 1), "digest": runs[0]["digest"], "phases": phases,
    }


def table(found: dict[str, Any]) -> list[str]:
    """The result as lines for a screen."""
    from runs.bench.probe import line

    lines = [line(found["probe"])]
    bandwidth = found["probe"]["read_gb_s"]
    for scale, at in found["scales"].items():
        lines += [
            "",
            f"scale {scale}: {at['people']:,} people, {at['months']} months, {at['threads']} threads: loop "
            f"{at['loop_s']:.3f} s (CPU {at['loop_cpu_s']:.3f} s), end to end {at['end_to_end_s']:.2f} s, "
            f"{at['ns_per_person_month']:.1f} ns per person-month, peak {at['peak_mib']:.0f} MiB",
            f"{'phase':<14}{'ns/person-month':>16}{'ms/month':>10}{'share':>8}{'MiB touched*':>14}"
            f"{'ms at bandwidth*':>18}",
        ]
        for name, phase in at["phases"].items():
            mib = phase.get("mib_touched")
            tail = f"{mib:>14.2f}{mib * MIB / bandwidth / 1e6:>18.3f}" if mib is not None else ""
            lines.append(
                f"{name:<14}{phase['ns_per_person_month']:>16.3f}{phase['ms_per_month']:>10.3f}"
                f"{100 * phase['share']:>7.1f}%{tail}"
            )
        if "speed_up" in at:
            same = "the same bytes" if at["same_bytes"] else "OTHER BYTES"
            lines.append(f"one thread {at['one_thread_loop_s']:.3f} s: {at['threads']} threads are "
                         f"{at['speed_up']:.2f} times as fast, {same}")
    return [*lines, "", "* estimated: each declared column passed once, each written one twice, at the read bandwidth"]
