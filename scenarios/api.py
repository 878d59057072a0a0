"""The one thing other rooms need: `load` a scenario by name or path, checked and resolved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model.spec.types import Text
from scenarios import checks, library
from scenarios.merge import Origin
from scenarios.problems import Problem, ProblemsError, path_text
from scenarios.render import resolved_text
from scenarios.schedule import Setting, month_text


@dataclass(frozen=True, slots=True)
class Seeds:
    """Which seeds to run: `count` of them, from `first` on."""

    first: int
    count: int

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.first + self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario, merged, checked and resolved; nothing in it depends on files any more.

    levers: lever -> its settings in the order they are laid; a lever that is not there stays at practice.
    params: parameter -> number that differs from the registry. scale: share of the population, in (0, 1], or one of
    `schema.AUTO`, chosen when the run begins.
    start, end: "YYYY-MM", both lived. origins: what every file wrote, in order, as (path, Origin).
    """

    name: str
    title: Text
    mixes: tuple[str, ...]
    levers: Mapping[str, tuple[Setting, ...]]
    params: Mapping[str, float]
    future: str
    scale: float | str
    seeds: Seeds
    start: str
    end: str
    prefecture: str
    origins: tuple[tuple[str, Origin], ...]

    @property
    def start_ordinal(self) -> int:
        """Year * 12 + month - 1 of the first month."""
        return checks.ordinal(self.start)

    @property
    def n_months(self) -> int:
        """Months lived, first and last included."""
        return checks.ordinal(self.end) - self.start_ordinal + 1

    def lever_json(self) -> dict[str, list[dict[str, Any]]]:
        """Every lever that is set, as a list of schedule items in one spelling."""
        return {key: [setting.to_json() for setting in self.levers[key]] for key in sorted(self.levers)}

    def to_json(self) -> str:
        """Canonical text of all that makes results: no name, title, file or seed. Equal text, equal future."""
        content = {
            "prefecture": self.prefecture,
            "start": self.start,
            "end": self.end,
            "future": self.future,
            "scale": self.scale,
            "levers": self.lever_json(),
            "params": dict(sorted(self.params.items())),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def resolved_yaml(self) -> str:
        """The whole scenario as one file, each value with the file and line it came from."""
        return resolved_text(self)


def load(path_or_name: str, overrides: Iterable[str] = ()) -> Scenario:
    """Read, merge and check a scenario of the library (by name) or a file (by path).

    overrides: `key=value` texts as after `--set`. Raises ProblemsError with everything that is wrong.
    """
    read = library.stack(str(path_or_name), tuple(overrides))
    found = checks.check(read)
    if found.problems:
        raise ProblemsError(found.problems)
    header = found.header
    return Scenario(
        name=read.name,
        title=found.title,
        mixes=read.mixes,
        levers=found.levers,
        params=found.params,
        future=header["future"],
        scale=header["scale"],
        seeds=Seeds(header["seeds"].first, header["seeds"].count),
        start=month_text(header["start"]),
        end=month_text(header["end"]),
        prefecture=header["prefecture"],
        origins=tuple((path_text(path), origin) for path, origin in read.merged.history),
    )


__all__ = ["Problem", "ProblemsError", "Scenario", "Seeds", "load"]
