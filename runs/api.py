"""`run`: from the names of scenarios to a folder of results, living only what is not yet lived."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from runs import experiment
from runs.execute import TRIES, execute, usable_cores, worker_count
from runs.experiment import Experiment
from runs.paths import runs_dir, store_dir
from runs.plan import ENSEMBLE, BadRequest, Plan, make
from runs.progress import Progress
from runs.scale import MINUTES, choose, learn
from runs.store import Store
from runs.worker import SIMULATE, Outcome, Task

type Report = Callable[[Experiment], object]


class AllFailed(RuntimeError):
    """No member of an experiment came to its end."""

    def __init__(self, failed: dict[str, dict[str, Any]], store: Path) -> None:
        self.failed, self.store = failed, store
        first = next(iter(failed.values()))
        super().__init__(
            f"all {len(failed)} runs failed, the first with {first['exception']}: {first['message']}; "
            f"the records are {store}/*.error.json"
        )


def run(
    scenarios: Any,
    scale: float | str | None = None,
    seeds: int | Sequence[int] | None = None,
    overrides: Sequence[str] = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
    *,
    minutes: float = MINUTES,
    threads: int = 1,
    checked: bool = False,
    reports: Sequence[Report] = (),
    executor: Executor | None = None,
    parameters: str = ENSEMBLE,
) -> Experiment:
    """Live scenarios and return the experiment.

    scenarios: one or several names, paths or Scenario objects; the first is the one compared against.
    scale: share of the population, or `auto`, `auto county`, `auto group` for what such a question needs within
    `minutes`; by default the first scenario's. seeds: how many, or which.
    overrides: `key=value` texts laid over every scenario. out: the folder to write, by default in `runs/`.
    workers: processes (0: this one). threads: numba threads of each. checked: invariants after every phase.
    reports: called with the experiment before it is declared complete, to add tables and figures to its folder.
    parameters: `ensemble`, a draw of the posterior for each seed, or `point`, its median for all.
    Members that are in the store are not lived again. Raises AllFailed; single failures are in `.failed`.
    """

    def chosen(wanted: str, members: int, months: int) -> float:
        hands = max(1, usable_cores() // threads) if workers is None else max(1, workers)
        choice = choose(wanted, members, months, hands, minutes)
        if progress:
            print(choice.why, file=sys.stderr)
        return choice.scale

    plan = make(scenarios, scale=scale, seeds=seeds, overrides=overrides, choose=chosen, parameters=parameters)
    return carry_out(
        plan, out=out, workers=workers, progress=progress, threads=threads, checked=checked, reports=reports,
        executor=executor,
    )


def carry_out(
    plan: Plan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: bool = True,
    threads: int = 1,
    checked: bool = False,
    reports: Sequence[Report] = (),
    executor: Executor | None = None,
    simulate: str = SIMULATE,
    tries: int = TRIES,
) -> Experiment:
    """Live what a plan still lacks and write its folder."""
    if (workers is not None and workers < 0) or threads < 1:
        raise BadRequest("workers are 0 or more, threads 1 or more")
    started = time.monotonic()
    store = Store(store_dir())
    store.open()
    folder = Path(out).resolve() if out is not None else runs_dir() / plan.run_id
    log = experiment.start(plan, folder)
    missing = plan.missing(store)
    log.note("start", command=experiment.command_line(), members=len(plan.members), to_live=len(missing))
    tasks = [
        Task(m.identity, m.scenario, m.seed, m.model_input, str(store.folder), plan.sources, simulate, threads, checked)
        for m in missing
    ]
    live(tasks, len(plan.members) - len(missing), log, workers, tries, progress, executor)
    digests = experiment.write_results(plan, store, folder)
    failed = {m.identity: store.failure(m.identity) or {} for m in plan.members if m.identity not in digests}
    if not digests:
        log.note("failed", runs=len(failed))
        raise AllFailed(failed, store.folder)
    seconds = time.monotonic() - started
    finished = experiment.finish(
        plan, folder, digests=digests, failed=failed, command=experiment.command_line(), seconds=seconds
    )
    for report in reports:
        report(finished)
    experiment.seal(folder)
    log.note("finish", done=len(digests), failed=len(failed), seconds=round(seconds, 1))
    return finished


def live(
    tasks: Sequence[Task], kept: int, log: experiment.Log, workers: int | None, tries: int, progress: bool,
    executor: Executor | None,
) -> None:
    """Live the tasks, showing progress and writing the log."""
    if not tasks:
        if progress:
            print(f"all {kept} runs are in the store already", file=sys.stderr)
        return
    with Progress(len(tasks), worker_count(tasks, workers), shown=progress, stream=sys.stderr) as shown:
        if kept:
            shown.say(f"{kept} runs are in the store already, {len(tasks)} to go")

        seconds: list[float] = []

        def listen(task: Task, outcome: Outcome) -> None:
            shown.step(outcome.ok, outcome.seconds)
            seconds.append(outcome.seconds)
            details = {} if outcome.ok else {"stage": outcome.stage, "error": outcome.error}
            log.note("lived" if outcome.ok else "run failed", scenario=task.scenario, seed=task.seed,
                     identity=task.identity, seconds=round(outcome.seconds, 2), **details)

        try:
            execute(tasks, workers=workers, tries=tries, listen=listen, say=shown.say, executor=executor)
        except KeyboardInterrupt:
            log.note("interrupted", done=shown.done, of=shown.total)
            raise
    # By the median, as the first members may have had to build their population.
    made = tasks[0].model_input
    learn(made.scale, made.n_months, statistics.median(seconds))
