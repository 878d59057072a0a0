"""What a worker does: take members, live them, write their parts, say so.

A worker is a fresh interpreter started with `serve`; only what a member needs is imported in it. It takes
pickled batches from its standard input, and ends when that is closed, so that no worker outlives its parent by
more than one batch. Members of a batch that begin in the same world live their common months once; a part is
written while the next member is lived.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from runs import numba_cache
from runs.batches import Alike, alike
from runs.identity import sources_digest
from runs.memory import peak_mib
from runs.store import Store

SIMULATE: Final = "model.simulate:simulate"
THREAD_VARIABLES: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class SourcesChanged(RuntimeError):
    """The code is no longer the one that a member is named by."""


@dataclass(frozen=True, slots=True)
class Task:
    """One member to live.

    sources: digest of `model/` that the identity was made with. simulate: `module:function`. threads: of numba,
    set for the whole worker. checked: invariants after every phase.
    """

    identity: str
    scenario: str
    seed: int
    model_input: Any
    store: str
    sources: str
    simulate: str = SIMULATE
    threads: int = 1
    checked: bool = False


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Compile every kernel once, so that the other workers find it done.

    part: 0 compiles all; 1 helps from the other end, side by side with 0.
    """

    simulate: str = SIMULATE
    part: int = 0


@dataclass(frozen=True, slots=True)
class Began:
    """What a worker works at from now on: identities of one member, or of those that live months in common."""

    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one member. On failure: the stage (load, simulate, store, worker) and the record's text.

    seconds: what it took beyond months it had in common with others. peak_mib: the most its worker has held so far.
    """

    identity: str
    ok: bool
    seconds: float
    stage: str = ""
    error: str = ""
    peak_mib: float = 0.0


type Tell = Callable[[Began | Outcome], object]


def environment(threads: int) -> dict[str, str]:
    """Variables a worker must have before it imports anything."""
    return {"NUMBA_NUM_THREADS": str(threads), **dict.fromkeys(THREAD_VARIABLES, "1")}


def live(tasks: Sequence[Task]) -> list[Outcome]:
    """Live members and keep what came of them. Top level and picklable, so that any executor can call it."""
    outcomes: list[Outcome] = []
    live_and_tell(tasks, lambda word: outcomes.append(word) if isinstance(word, Outcome) else None)
    return outcomes


def live_and_tell(tasks: Sequence[Task], tell: Tell) -> None:
    """Live members, writing the part of one while the next is lived; `tell` hears of each beginning and outcome."""
    with ThreadPoolExecutor(1) as writer:
        pending: list[Future[Outcome]] = []
        for task, results, seconds in _lived(tasks, tell):
            for written in pending:
                tell(written.result())
            pending = [writer.submit(_keep, task, results, seconds)]
        for written in pending:
            tell(written.result())


def _lived(tasks: Sequence[Task], tell: Tell) -> Iterator[tuple[Task, Any, float]]:
    """Each task with its results, or the exception that stood in their place, and the seconds it took."""
    for group in alike(tasks):
        left = {task.identity: task for task in group}
        if len(group) > 1:
            with contextlib.suppress(Exception):
                # What fails together is lived again one by one, so that each record is of its own member.
                for task, results, seconds in _in_common(group, tell):
                    del left[task.identity]
                    yield task, results, seconds
        for task in left.values():
            yield _alone(task, tell)


def _in_common(group: Alike, tell: Tell) -> Iterator[tuple[Task, Any, float]]:
    function = _load(group[0])
    together = getattr(sys.modules[function.__module__], "together", None) if function.__name__ == "simulate" else None
    if together is None:
        return
    tell(Began(tuple(task.identity for task in group)))
    started = time.perf_counter()
    for index, results in together([task.model_input for task in group], checked=group[0].checked):
        yield group[index], results, time.perf_counter() - started
        started = time.perf_counter()


def _alone(task: Task, tell: Tell) -> tuple[Task, Any, float]:
    tell(Began((task.identity,)))
    started = time.perf_counter()
    stage = "load"
    try:
        simulate = _load(task)
        stage = "simulate"
        return task, simulate(task.model_input, checked=task.checked), time.perf_counter() - started
    except Exception as error:
        error.add_note(stage)
        return task, error, time.perf_counter() - started


def _keep(task: Task, results: Any, seconds: float) -> Outcome:
    """Write a part, or the record of a failure."""
    error, stage = results, "store"
    if isinstance(error, Exception):
        stage = error.__notes__.pop()
    else:
        try:
            Store(Path(task.store)).write(task.identity, task.seed, results)
            return Outcome(task.identity, True, seconds, peak_mib=peak_mib())
        except Exception as found:
            error = found
    trace = "".join(traceback.format_exception(error))
    Store(Path(task.store)).fail(task.identity, failure(task, stage, type(error).__name__, str(error), trace))
    return Outcome(task.identity, False, seconds, stage, f"{type(error).__name__}: {error}", peak_mib())


def failure(task: Task, stage: str, exception: str, message: str, trace: str = "") -> dict[str, Any]:
    """The record of a failed member."""
    return {
        "scenario": task.scenario, "seed": task.seed, "stage": stage,
        "exception": exception, "message": message, "traceback": trace,
    }


def warm_up(task: WarmUp) -> Outcome:
    """Call `warm_up` of the module that simulates, if it has one."""
    started = time.perf_counter()
    try:
        compile_all = getattr(importlib.import_module(task.simulate.partition(":")[0]), "warm_up", None)
        if compile_all is not None:
            compile_all(task.part)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return Outcome("", False, time.perf_counter() - started, "warm up", text)
    return Outcome("", True, time.perf_counter() - started)


def serve() -> None:
    """Take tasks from standard input and answer on standard output until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not run into the answers: it goes to standard error.
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def tell(word: Began | Outcome) -> None:
        pickle.dump(word, answers)
        answers.flush()

    # The parent is gone, or has no more to do.
    with contextlib.suppress(BrokenPipeError, EOFError):
        while True:
            batch = pickle.load(requests)
            if isinstance(batch, WarmUp):
                tell(warm_up(batch))
            else:
                live_and_tell(batch, tell)


_sources: dict[str, str] = {}


def _load(task: Task) -> Any:
    """The function that simulates. Raises SourcesChanged when it is not the code the identity was made with."""
    module, _, name = task.simulate.partition(":")
    if module not in sys.modules:
        # An executor of somebody else does not inherit the folder from us.
        numba_cache.prepare()
    function = getattr(importlib.import_module(module), name)
    if module not in _sources:
        _sources[module] = sources_digest()
    if module.startswith("model.") and _sources[module] != task.sources:
        raise SourcesChanged("a file under model/ was edited after the run began; start it again")
    return function
