"""Living members in several processes, on the understanding that any of them may die at any moment.

A member is done when its part is in the store, not when a worker says so. The parent knows which members each
worker holds and at which it works: when a worker dies they go back into the queue, and a member at which workers died
`tries` times is recorded as failed. Every worker is a fresh interpreter (never a fork), with one numba thread unless
told otherwise.
"""

from __future__ import annotations

import collections
import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from runs import numba_cache
from runs.batches import Alike, Waiting
from runs.paths import ROOT
from runs.store import Store
from runs.worker import Began, Outcome, Task, WarmUp, environment, failure, live, live_and_tell

TRIES: Final = 3
WARM_UP_PARTS: Final = 2
POLL_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 3.0

type Listener = Callable[[Task, Outcome], None]


@dataclass(slots=True)
class Tally:
    """What became of the members of one call: identities lived now, and outcomes of those that failed."""

    lived: list[str] = field(default_factory=list)
    failed: dict[str, Outcome] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        if outcome.ok:
            self.lived.append(outcome.identity)
        else:
            self.failed[outcome.identity] = outcome


class WorkersDie(RuntimeError):
    """Workers end before they take a member: the installation is at fault, not a member."""


def usable_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worker_count(tasks: Sequence[Task], wanted: int | None) -> int:
    """How many workers are of use: those wanted, else one for each core or group of threads; 0 for this process."""
    if wanted is None:
        wanted = max(1, usable_cores() // max((task.threads for task in tasks), default=1))
    return min(wanted, len(tasks))


def execute(
    tasks: Sequence[Task],
    *,
    workers: int | None = None,
    tries: int = TRIES,
    listen: Listener = lambda task, outcome: None,
    say: Callable[[str], None] = lambda text: None,
    executor: Executor | None = None,
) -> Tally:
    """Live every task and return what became of them; `listen` is called once for each, in the order of finishing.

    workers: number of processes, by default one for each usable core; 0 lives the members in this process, for
    debuggers. executor: any `concurrent.futures.Executor` that sees the same file system, in place of our pool.
    An interruption ends the workers and goes on to the caller; what is finished is in the store.
    """
    tally = Tally()

    def finished(task: Task, outcome: Outcome) -> None:
        tally.add(outcome)
        listen(task, outcome)

    if not tasks:
        return tally
    by_identity = {task.identity: task for task in tasks}
    waiting = Waiting(tasks, worker_count(tasks, workers))
    if executor is not None:
        futures = [executor.submit(live, piece) for piece in waiting.pieces]
        for future in as_completed(futures):
            for outcome in future.result():
                finished(by_identity[outcome.identity], outcome)
    elif workers == 0:
        for piece in waiting.pieces:
            live_and_tell(
                piece, lambda word: finished(by_identity[word.identity], word) if isinstance(word, Outcome) else None
            )
    else:
        _Pool(tasks, waiting, tries, finished, say).run()
    return tally


class _Worker:
    """One process with what it holds, and a thread that waits for its answers.

    holds: identity -> task, of the batch's members that it has not answered for. at: those that it has begun.
    """

    def __init__(self, answers: queue.SimpleQueue, variables: dict[str, str]) -> None:
        self.warming: WarmUp | None = None
        self.holds: dict[str, Task] = {}
        self.at: tuple[str, ...] = ()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from runs.worker import serve; serve()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables,
        )
        self._answers = answers
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(Exception):
            while True:
                self._answers.put((self, pickle.load(self.process.stdout)))
        self._answers.put((self, None))

    def give(self, work: Alike | WarmUp) -> None:
        self.warming = work if isinstance(work, WarmUp) else None
        self.holds = {} if isinstance(work, WarmUp) else {task.identity: task for task in work}
        self.at = ()
        # A worker that has just died shows itself as the end of its answers.
        with contextlib.suppress(OSError):
            pickle.dump(work, self.process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()

    def dismiss(self) -> None:
        """Let it end by itself: it holds nothing."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def end(self) -> None:
        """End it now, whatever it holds."""
        # First, since closing waits for a worker that does not read.
        if self.process.poll() is None:
            self.process.terminate()
        self.dismiss()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Pool:
    """The workers, the queue of members, and how often each member has seen its worker die."""

    def __init__(
        self, tasks: Sequence[Task], waiting: Waiting, tries: int, finished: Listener, say: Callable[[str], None]
    ) -> None:
        self.waiting = waiting
        self.count, self.tries = waiting.workers, tries
        self.finished, self.say = finished, say
        self.store = Store(Path(tasks[0].store))
        self.simulate = tasks[0].simulate
        self.kernels = numba_cache.prepare()
        self.variables = _variables(tasks[0].threads)
        self.answers: queue.SimpleQueue = queue.SimpleQueue()
        self.workers: set[_Worker] = set()
        self.deaths: collections.Counter[str] = collections.Counter()
        self.idle_deaths = 0

    def run(self) -> None:
        try:
            if numba_cache.is_warm(self.kernels):
                self._fill()
            else:
                self.say("compiling the kernels, once after each change of the model")
                for part in range(min(WARM_UP_PARTS, self.count)):
                    self._start().give(WarmUp(self.simulate, part))
            while self.workers:
                worker, word = self._next_answer()
                if word is None:
                    self._died(worker)
                elif isinstance(word, Began):
                    worker.at = word.identities
                else:
                    self._answered(worker, word)
        finally:
            for worker in self.workers:
                worker.end()

    def _next_answer(self) -> tuple[_Worker, Began | Outcome | None]:
        # A timeout, because an endless wait does not hear Ctrl-C on Windows.
        while True:
            with contextlib.suppress(queue.Empty):
                return self.answers.get(timeout=POLL_SECONDS)

    def _start(self) -> _Worker:
        worker = _Worker(self.answers, self.variables)
        self.workers.add(worker)
        return worker

    def _fill(self) -> None:
        if any(worker.warming for worker in self.workers):
            # More workers would only compile the same once more.
            return
        while self.waiting and len(self.workers) < self.count:
            self._employ(self._start())

    def _employ(self, worker: _Worker) -> None:
        if self.waiting:
            worker.give(self.waiting.take())
        else:
            worker.warming = None
            worker.dismiss()

    def _answered(self, worker: _Worker, outcome: Outcome) -> None:
        self.idle_deaths = 0
        if worker.warming is not None:
            if outcome.ok and worker.warming.part == 0:
                numba_cache.mark_warm(self.kernels)
            elif not outcome.ok:
                self.say(f"the kernels could not be compiled beforehand: {outcome.error}")
        else:
            self.waiting.learn(outcome.seconds)
            self.finished(worker.holds.pop(outcome.identity), outcome)
        if not worker.holds:
            self._employ(worker)
            self._fill()

    def _died(self, worker: _Worker) -> None:
        self.workers.discard(worker)
        code = worker.process.wait()
        if worker.holds:
            self._bereaved(worker, code)
        elif worker.warming is not None:
            self.idle_deaths += 1
            if self.idle_deaths >= self.tries:
                raise WorkersDie(f"{self.idle_deaths} workers ended with code {code} before taking a member")
        self._fill()

    def _bereaved(self, worker: _Worker, code: int) -> None:
        """What is in the store is done; the member it worked at has one try less; the others just wait again."""
        done = [task for task in worker.holds.values() if self.store.has(task.identity)]
        for task in done:
            self.finished(worker.holds.pop(task.identity), Outcome(task.identity, True, 0.0))
        at = [identity for identity in worker.at if identity in worker.holds] or list(worker.holds)[:1]
        if len(at) == 1:
            self._blamed(worker.holds.pop(at[0]), code)
        elif at:
            self.say(f"a worker died (code {code}) on {len(at)} runs that have months in common; trying each by itself")
        self.waiting.again(worker.holds.values())

    def _blamed(self, task: Task, code: int) -> None:
        self.deaths[task.identity] += 1
        times = self.deaths[task.identity]
        if times < self.tries:
            self.say(f"a worker died (code {code}) on {task.scenario}, seed {task.seed}; trying again")
            self.waiting.again([task])
            return
        message = f"its worker died {times} times, last with code {code}"
        self.store.fail(task.identity, failure(task, "worker", "WorkerDied", message))
        self.finished(task, Outcome(task.identity, False, 0.0, "worker", f"WorkerDied: {message}"))


def _variables(threads: int) -> dict[str, str]:
    """The environment of a worker: ours, one thread for linear algebra, and our way of finding modules."""
    path = os.pathsep.join(dict.fromkeys([str(ROOT), *(entry for entry in sys.path if entry)]))
    variables = {**os.environ, **environment(threads), "PYTHONPATH": path}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables
