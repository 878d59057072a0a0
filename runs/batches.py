"""Which members are lived by one worker, one after another or months in common.

A batch costs a message, a pickle and the idle time at its end, whatever is in it: at 1:100 a member is a fraction of a
second, so several go together. Members that begin in the same world stay together, since they live common months once.
"""

from __future__ import annotations

import collections
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from runs.worker import Task

BATCH_SECONDS: Final = 0.5
MOST: Final = 64

type Alike = tuple[Task, ...]


def alike(tasks: Iterable[Task]) -> list[Alike]:
    """Tasks that begin in the same world and are lived in the same way, in the order in which the first stand.

    What makes a world is as in `model.branch.start_key`.
    """
    made: dict[int, tuple[Any, ...]] = {}
    groups: dict[tuple[Any, ...], list[Task]] = {}
    for task in tasks:
        given = task.model_input
        frame = (given.prefecture, given.start_ordinal, given.n_months, given.scale, given.seed)
        how = (task.simulate, task.checked, task.threads, task.store)
        # Seeds of one scenario share their mappings: each is put in order once.
        if id(given.params) not in made:
            made[id(given.params)] = tuple(sorted(given.params.items()))
        if id(given.drivers) not in made:
            made[id(given.drivers)] = tuple((key, float(path[0])) for key, path in sorted(given.drivers.items()))
        if id(given.levers) not in made:
            made[id(given.levers)] = tuple(sorted(given.levers))
        key = (frame, how, *(made[id(part)] for part in (given.params, given.drivers, given.levers)))
        groups.setdefault(key, []).append(task)
    return [tuple(group) for group in groups.values()]


class Waiting:
    """The members that nobody holds yet, and how many of them make a good batch."""

    def __init__(self, tasks: Sequence[Task], workers: int) -> None:
        self.workers = max(1, workers)
        fair = math.ceil(len(tasks) / self.workers)
        most = min(MOST, fair)
        pieces = [group[k : k + most] for group in alike(tasks) for k in range(0, len(group), most)]
        self.pieces: collections.deque[Alike] = collections.deque(pieces)
        self.lived, self.seconds = 0, 0.0

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def learn(self, seconds: float) -> None:
        """A member took so long."""
        self.lived += 1
        self.seconds += seconds

    def take(self) -> Alike:
        """The next batch: about half a second of work, less towards the end, never less than a piece."""
        batch = list(self.pieces.popleft())
        if self.lived:
            mean = max(self.seconds / self.lived, 1e-6)
            fair = sum(map(len, self.pieces)) // (2 * self.workers)
            most = min(MOST, fair, int(BATCH_SECONDS / mean))
            while self.pieces and len(batch) + len(self.pieces[0]) <= most:
                batch += self.pieces.popleft()
        return tuple(batch)

    def again(self, tasks: Iterable[Task]) -> None:
        """Give members back, each to be lived by itself."""
        self.pieces.extend((task,) for task in tasks)
