"""What comes from outside, month by month: observed rows up to a forecast origin, then a named future."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.world.datafiles import DataError, Figure

FUTURES: Final = ("low", "central", "high")
OBSERVED: Final = "observed"
GROWTH: Final = "share/year"
POINTS: Final = "points/year"


def ordinal(month: str | int) -> int:
    """year * 12 + month - 1 of "YYYY-MM"; an int is returned as it is. ValueError if unreadable."""
    if isinstance(month, int):
        return month
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"'{month}' is not a month; write YYYY-MM, for example 2020-11")
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_range(start: str | int, n_months: int) -> list[int]:
    """Ordinals of n_months months from `start`."""
    first = ordinal(start)
    return list(range(first, first + n_months))


@dataclass(frozen=True, slots=True)
class DriverTable:
    """The rows of drivers.csv.

    A driver is an index (observed and future rows are growth, share/year) or a level (observed rows
    are levels at months, future rows are changes, points/year).
    """

    figures: tuple[Figure, ...]
    file: str

    def __post_init__(self) -> None:
        problems = []
        for f in self.figures:
            at = f"{self.file}:{f.line}"
            future, period, known = f.key("future"), f.key("period"), f.key("known_from")
            if future not in (OBSERVED, *FUTURES):
                problems.append(f"{at} future '{future}' is unknown; use {OBSERVED}, {', '.join(FUTURES)}")
            elif future == OBSERVED:
                if not re.fullmatch(r"\d{4}-\d\d-\d\d", known):
                    problems.append(f"{at} known_from '{known}' must be the date of publication, YYYY-MM-DD")
                if not re.fullmatch(r"\d{4}" if f.unit == GROWTH else r"\d{4}-(0[1-9]|1[0-2])", period):
                    problems.append(f"{at} period '{period}' must be YYYY for growth, YYYY-MM for a level")
            elif f.unit not in (GROWTH, POINTS) or not re.fullmatch(r"\d{4}", period):
                problems.append(f"{at} a future is a change a year: unit {GROWTH} or {POINTS}, period YYYY")
        if problems:
            raise DataError(problems)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drivers, in file order."""
        return tuple(dict.fromkeys(f.key("driver") for f in self.figures))

    def series(
        self,
        future: str | Mapping[str, str],
        months: Sequence[str | int],
        origin: str | None,
        base: str | int,
    ) -> dict[str, np.ndarray]:
        """Driver -> float64[n_months].

        future: one of FUTURES for all drivers, or driver -> one of them (central for the rest).
        months: "YYYY-MM" or ordinals (year * 12 + month - 1), any order.
        origin: "YYYY-MM"; an observed row published after that month is not read, its years come
        from the future. None reads every observed row.
        base: the month in which an index is 1. Growth is spread evenly over the months of its
        year; levels are interpolated between dated rows. ValueError for an unknown future or
        driver, DataError for a year without a row before the first future.
        """
        chosen = self._futures(future)
        wanted = np.array([ordinal(m) for m in months], dtype=np.int64)
        if origin is not None:
            ordinal(origin[:7])
        out = {}
        for name in self.names:
            rows = [f for f in self.figures if f.key("driver") == name]
            seen = [f for f in rows if f.key("future") == OBSERVED
                    and (origin is None or f.key("known_from")[:7] <= origin[:7])]
            ahead = {int(f.key("period")): f.value for f in rows if f.key("future") == chosen[name]}
            if any(f.unit == GROWTH for f in rows):
                growth = ahead | {int(f.key("period")): f.value for f in seen}
                out[name] = self._index(name, growth, wanted, ordinal(base))
            else:
                anchors = sorted((ordinal(f.key("period")), f.value) for f in seen)
                out[name] = self._level(name, anchors, ahead, wanted)
        return out

    def _futures(self, future: str | Mapping[str, str]) -> dict[str, str]:
        chosen = dict.fromkeys(self.names, future) if isinstance(future, str) else (
            dict.fromkeys(self.names, "central") | dict(future))
        for name, value in chosen.items():
            if name not in self.names:
                raise ValueError(f"no driver '{name}'; drivers are {', '.join(self.names)}")
            if value not in FUTURES:
                raise ValueError(f"no future '{value}'; futures are {', '.join(FUTURES)}")
        return chosen

    def _of_year(self, name: str, changes: Mapping[int, float], year: int) -> float:
        """The change in `year`; the last one given holds afterwards."""
        last = max(changes, default=0)
        if not changes or (year not in changes and year < last):
            raise DataError([f"{self.file}: {name} has no figure for {year} known at the origin; "
                             "add an observed or a future row, or start later"])
        return changes.get(year, changes[last])

    def _index(self, name: str, growth: Mapping[int, float], wanted: np.ndarray, base: int) -> np.ndarray:
        first, last = min(base, int(wanted.min())), max(base, int(wanted.max()))
        steps = [np.log1p(self._of_year(name, growth, m // 12)) / 12 for m in range(first + 1, last + 1)]
        path = np.concatenate([[0.0], np.cumsum(steps)])
        return np.exp(path[wanted - first] - path[base - first])

    def _level(
        self, name: str, anchors: Sequence[tuple[int, float]], ahead: Mapping[int, float], wanted: np.ndarray
    ) -> np.ndarray:
        if not anchors or int(wanted.min()) < anchors[0][0]:
            raise DataError([f"{self.file}: {name} has no level at or before the first month that is known at "
                             "the origin; add an observed row or start later"])
        at, levels = [a for a, _ in anchors], [v for _, v in anchors]
        for m in range(at[-1] + 1, int(wanted.max()) + 1):
            levels.append(levels[-1] + self._of_year(name, ahead, m // 12) / 12)
            at.append(m)
        return np.interp(wanted, at, levels)
