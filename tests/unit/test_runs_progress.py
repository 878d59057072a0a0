"""Progress on a pipe is a few plain lines, on a terminal a bar."""

from __future__ import annotations

import io
import re

from runs.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, **options) -> str:
    with Progress(3, stream=stream, **options) as progress:
        progress.say("a word")
        for ok in (True, False, True):
            progress.step(ok, 0.5)
    return stream.getvalue()


def test_a_pipe_gets_plain_lines():
    assert shown(io.StringIO()).splitlines() == ["a word", "3 of 3 runs, 1 failed, 0 s"]


def test_a_terminal_gets_a_bar_with_the_expected_finish():
    assert re.search(r"2 of 3 runs, \d\d:\d\d, expected finish \d\d:\d\d:\d\d", shown(Terminal()))


def test_nothing_is_shown_when_not_wanted():
    assert shown(io.StringIO(), shown=False) == "" == shown(Terminal(), shown=False)


def test_one_slow_start_does_not_spoil_the_estimate():
    progress = Progress(1000, workers=2, stream=io.StringIO())
    for seconds in (3600.0, 1.0, 1.0):
        progress.step(True, seconds)
    assert progress.seconds_left() == 499.0
