"""What a lever does over time and places: one setting, and the array of months and places it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scenarios.select import canonical

CONSTANT: Final = ("value", "times", "add")
DATED: Final = ("ramp", "steps")
KINDS: Final = (*CONSTANT, *DATED, "series")


def ordinal(month: str) -> int:
    """year * 12 + month - 1 of "YYYY-MM"."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_text(ordinal: int) -> str:
    """ "YYYY-MM" of an ordinal."""
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of one lever.

    kind: one of KINDS. numbers: one number (value, times, add), the numbers of a series, or those at `dates`
    (ramp, steps). where: a selector, None for every place. first, last: months as ordinals, both included.
    """

    kind: str
    numbers: tuple[float, ...]
    dates: tuple[int, ...] = ()
    where: str | None = None
    first: int | None = None
    last: int | None = None

    @property
    def begins(self) -> int | None:
        """The first month in which it can change anything, None for the first month of the run."""
        return self.dates[0] if self.dates else self.first

    def to_json(self) -> dict[str, Any]:
        """The setting as a schedule item, in one spelling."""
        content: Any = list(self.numbers) if self.kind == "series" else self.numbers[0]
        if self.kind in DATED:
            content = {month_text(date): number for date, number in zip(self.dates, self.numbers)}
        item: dict[str, Any] = {self.kind: content}
        if self.where is not None:
            item["where"] = canonical(self.where)
        if self.first is not None:
            item["from"] = month_text(self.first)
        if self.last is not None:
            item["to"] = month_text(self.last)
        return item

    def over(self, start: int, n_months: int) -> tuple[slice, np.ndarray]:
        """The months it acts in, as rows of a run, and its number in each of them.

        A constant acts from `first` to `last`; ramps and steps from their first date on, holding the last
        number; a series as long as it has numbers. Outside, practice holds.
        """
        end = start + n_months - 1
        begin = start if self.begins is None else self.begins
        last = end if self.last is None else min(self.last, end)
        if self.kind == "series":
            last = min(last, begin + len(self.numbers) - 1)
        months = np.arange(begin, last + 1)
        match self.kind:
            case "ramp":
                numbers = np.interp(months, self.dates, self.numbers)
            case "steps":
                held = np.searchsorted(self.dates, months, side="right") - 1
                numbers = np.asarray(self.numbers, dtype=np.float64)[held]
            case "series":
                numbers = np.asarray(self.numbers[: len(months)], dtype=np.float64)
            case _:
                numbers = np.full(len(months), self.numbers[0])
        return slice(begin - start, begin - start + len(months)), numbers


def apply(
    setting: Setting,
    path: np.ndarray,
    practice: np.ndarray,
    chosen: np.ndarray,
    share: np.ndarray | None,
    start: int,
) -> slice:
    """Write one setting into `path` (float64[n_months, n_units]) and return the rows it wrote.

    practice: float64[n_units]. chosen: bool[n_units]. share: float64[n_units] for a lever that is a total of the
    prefecture: numbers are then totals of the chosen places, divided by their shares; None: numbers hold
    in each place.
    """
    rows, numbers = setting.over(start, path.shape[0])
    if setting.kind == "times":
        cells = numbers[:, None] * practice[chosen][None, :]
    else:
        cells = numbers[:, None] * _weights(chosen, share)[None, :]
        if setting.kind == "add":
            cells = cells + practice[chosen][None, :]
    path[rows, np.flatnonzero(chosen)] = cells
    return rows


def _weights(chosen: np.ndarray, share: np.ndarray | None) -> np.ndarray:
    """What part of a number each chosen place gets; of a total over all places exactly its share."""
    if share is None:
        return np.ones(int(chosen.sum()))
    return share if chosen.all() else share[chosen] / share[chosen].sum()


def path_of(
    settings: Sequence[Setting],
    practice: np.ndarray,
    masks: Sequence[np.ndarray],
    share: np.ndarray | None,
    start: int,
    n_months: int,
) -> np.ndarray:
    """float64[n_months, n_units]: practice, with each setting laid over it in the order written."""
    path = np.tile(practice.astype(np.float64), (n_months, 1))
    for setting, chosen in zip(settings, masks):
        apply(setting, path, practice, chosen, share, start)
    return path
