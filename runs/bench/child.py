"""One measurement in a process of its own: what a person waits for, imports and all, and the months alone.

`python -c "from runs.bench.child import main; main()" '{"scenario": ..., ...}'` prints one JSON object.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Measure what the first argument asks for: the arguments of `measure`."""
    asked = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    json.dump(measure(**asked), answers)
    answers.flush()


def measure(
    scenario: str, scale: float, months: int, seed: int = 1, settings: tuple[str, ...] = (), levers: int = 0,
    populations: str | None = None,
) -> dict[str, Any]:
    """Live the first `months` of one future, with that many levers pushed to the far end of their range.

    populations: a folder for start populations other than the cache, which it would empty of those of other data.

    Returns people, places, months; import_s, warm_s (kernels loaded from disk by living a tiny world), start_s, loop_s
    and loop_cpu_s; phase_s: phase -> seconds, with opening, recording and closing; bytes: phase -> estimated bytes a
    month; month_s: seconds of each month; digest of the results; peak_mib of the process.
    """
    clock, cpu = time.perf_counter, time.process_time
    times = {"begun": clock()}
    from runs import numba_cache

    numba_cache.prepare()
    if populations is not None:
        os.environ["XIANCHENG_CACHE"] = populations
    from model import simulate
    from model.recorder import Recorder
    from model.world.start import start_world
    from model.world.tables import load_prefecture
    from runs.bench.touched import touched
    from runs.memory import peak_mib
    from scenarios import load
    from scenarios.compile import compile_scenario

    chosen = load(scenario, settings)
    made = _pushed(compile_scenario(chosen, load_prefecture(chosen.prefecture), scale, seed), levers)
    times["imported"] = clock()
    simulate.warm_up()
    times["warm"] = clock()
    world = start_world(made)
    recorder = Recorder(world)
    people = int(world.residents.n)
    seconds: dict[str, float] = defaultdict(float)
    _time_the_rest(simulate, recorder, seconds)
    times["started"], begun_cpu = clock(), cpu()
    ends = [times["started"]]
    for index in range(min(months, made.n_months)):
        simulate.live_month(world, recorder, index, seconds=seconds)
        ends.append(clock())
    times["lived"], loop_cpu = clock(), cpu() - begun_cpu
    results = recorder.results(world)
    steps = list(times.values())
    return {
        "people": people, "places": int(world.places.n), "month_s": [b - a for a, b in itertools.pairwise(ends)],
        "months": min(months, made.n_months),
        **dict(zip(("import_s", "warm_s", "start_s", "loop_s"), (b - a for a, b in itertools.pairwise(steps)))),
        "loop_cpu_s": loop_cpu, "phase_s": dict(seconds), "bytes": touched(world), "digest": results.digest(),
        "peak_mib": peak_mib(),
    }


def _pushed(made: Any, count: int) -> Any:
    """The same input with its first `count` levers far from practice from the first month on."""
    import dataclasses

    from model.spec.registry import REGISTRY

    levers = dict(made.levers)
    for key in list(levers)[:count]:
        low, high = REGISTRY.levers[key].bounds
        practice = REGISTRY.levers[key].practice
        share = levers[key] / practice if practice else levers[key] * 0.0 + 1.0
        levers[key] = share * (high if high - practice >= practice - low else low)
    return dataclasses.replace(made, levers=levers)


def _time_the_rest(simulate: Any, recorder: Any, seconds: dict[str, float]) -> None:
    """Watch what `live_month` does between the phases."""
    wholes = (
        (simulate, "open_month", "opening"), (recorder, "record", "recording"),
        (simulate, "close_month", "closing"), (simulate, "compact", "closing"),
    )
    for owner, name, label in wholes:
        if hasattr(owner, name):
            setattr(owner, name, _timed(getattr(owner, name), label, seconds))


def _timed(call: Callable[..., Any], label: str, seconds: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return call(*arguments, **options)
        finally:
            seconds[label] += time.perf_counter() - started

    return timed
