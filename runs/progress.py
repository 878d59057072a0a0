"""Progress on standard error: a bar on a terminal, a plain line now and then anywhere else."""

from __future__ import annotations

import math
import statistics
import sys
import time
from datetime import datetime, timedelta
from typing import Final, Self, TextIO

from tqdm import tqdm

EVERY_SECONDS: Final = 10.0
BAR: Final = "{l_bar}{bar}| {n_fmt} of {total_fmt} runs, {elapsed}{postfix}"


class Progress:
    """Counts members; says how many are done, how many failed and when the rest is expected to be done."""

    def __init__(self, total: int, workers: int = 1, shown: bool = True, stream: TextIO | None = None) -> None:
        self.total, self.workers, self.shown = total, max(1, workers), shown
        self.seconds: list[float] = []
        self.stream = stream or sys.stderr
        self.done = self.failed = 0
        self.started = self.last_line = time.monotonic()
        self.bar = tqdm(total=total, disable=None if shown else True, file=self.stream, bar_format=BAR,
                        dynamic_ncols=True, mininterval=0, leave=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def say(self, text: str) -> None:
        """One line above the bar."""
        if self.shown:
            tqdm.write(text, file=self.stream)

    def step(self, ok: bool, seconds: float) -> None:
        """Count one member that took so many seconds of one worker."""
        self.done += 1
        self.seconds.append(seconds)
        self.failed += not ok
        if not self.bar.disable:
            self.bar.set_postfix_str(self.finish(), refresh=False)
            self.bar.update()
        elif self.shown and (self.done == self.total or time.monotonic() - self.last_line >= EVERY_SECONDS):
            self.last_line = time.monotonic()
            print(self.line(), file=self.stream, flush=True)

    def line(self) -> str:
        """The state in one plain line."""
        failed = f", {self.failed} failed" if self.failed else ""
        finish = f", {self.finish()}" if self.done < self.total else f", {self.elapsed():.0f} s"
        return f"{self.done} of {self.total} runs{failed}{finish}"

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def seconds_left(self) -> float:
        """Expected seconds to the end. By the median, as the first members may have had to compile."""
        return statistics.median(self.seconds) * math.ceil((self.total - self.done) / self.workers)

    def finish(self) -> str:
        """The expected time of day of the end."""
        at = datetime.now() + timedelta(seconds=self.seconds_left())
        day = "" if at.date() == datetime.now().date() else f"{at:%Y-%m-%d} "
        return f"expected finish {day}{at:%H:%M:%S}"


class Stages:
    """Progress through stages of runs: a bar for each on a terminal, a plain line now and then anywhere else."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.stage, self.bar, self.last_line = "", None, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def show(self, stage: str, done: int, of: int) -> None:
        """`done` of the stage's `of` runs are done."""
        if stage != self.stage:
            self.__exit__()
            self.stage, self.last_line = stage, 0.0
            self.bar = tqdm(total=of, desc=stage, disable=None, file=self.stream, bar_format=BAR, dynamic_ncols=True)
        assert self.bar is not None
        if not self.bar.disable:
            self.bar.update(done - self.bar.n)
        elif done == of or time.monotonic() - self.last_line >= EVERY_SECONDS:
            self.last_line = time.monotonic()
            print(f"{stage}: {done} of {of} runs", file=self.stream, flush=True)
