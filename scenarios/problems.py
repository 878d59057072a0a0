"""What is wrong with a scenario: every mistake with its place, printed in one block."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

COMMAND_LINE = "the command line"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where something is written. Lines and columns count from 1; the command line has line 0."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else "--set"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake, at `path` (dotted keys) in `file`, and what to do about it."""

    file: str
    line: int
    column: int
    path: str
    text: str

    @classmethod
    def at(cls, spot: Spot, path: str, text: str) -> Problem:
        """A problem at a spot; on the command line that is a `--set`."""
        return cls(spot.file, spot.line, spot.column, path if spot.line else f"--set {path}", text)

    @classmethod
    def asked(cls, word: str, text: str) -> Problem:
        """A problem with a word of the command line that is not a `--set`."""
        return cls(COMMAND_LINE, 0, 0, word, text)


class ProblemsError(ValueError):
    """All problems found, sorted by file and line. `problems_text` is the block to print."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    @property
    def problems_text(self) -> str:
        blocks = [_block(file, list(group)) for file, group in groupby(self.problems, lambda p: p.file)]
        return "\n".join(blocks)

    def __str__(self) -> str:
        return self.problems_text

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def _block(file: str, problems: list[Problem]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"{count} in {file}"]
    if file == COMMAND_LINE:
        return "\n".join([*lines, *(f"  {p.path}: {p.text}" for p in problems)])
    rows = [(f"{p.line}:{p.column}", p.path, p.text) for p in problems]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for place, path, text in rows:
        middle = f"{path:<{second}}  " if second else ""
        lines.append(f"  {place:<{first}}  {middle}{text}")
    return "\n".join(lines)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`; did you mean X?` for the nearest known word, else the given ending."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else otherwise


def path_text(path: Iterable[str | int]) -> str:
    """('set', 'levers', 'x', 0, 'value') -> 'levers.x[0].value': how people write it."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text.removeprefix("set.")
