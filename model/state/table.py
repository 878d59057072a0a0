"""Struct-of-arrays tables generated from the column registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from model.kernels.rows import at_once
from model.spec.columns import HOUSEHOLDS, MARKETS, PLACES, RESIDENTS
from model.spec.types import Column


def _move(column: np.ndarray, source: np.ndarray, target: np.ndarray) -> None:
    column[target] = column[source]


class Table:
    """Columns of equal capacity, of which the first `n` rows are in use.

    Each column is an attribute holding an array of the full capacity; `n` grows by `append` and shrinks
    by `keep`. Arrays are replaced when capacity grows, so do not hold on to one across an append.
    """

    columns: tuple[Column, ...] = ()
    fills: tuple[tuple[str, float], ...] = ()
    """Column key and what a new row holds."""

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> np.ndarray: ...

    def __init_subclass__(cls) -> None:
        cls.fills = tuple((c.key, 0 if c.missing is None else c.missing) for c in cls.columns)

    def __init__(self, capacity: int) -> None:
        self.n = 0
        for column, (_, fill) in zip(self.columns, self.fills):
            setattr(self, column.key, np.full(capacity, fill, dtype=column.dtype))

    @property
    def capacity(self) -> int:
        """Rows for which there is room."""
        return int(getattr(self, self.columns[0].key).size)

    def append(self, count: int) -> slice:
        """Make room for `count` rows at the end, filled with each column's missing value."""
        start, stop = self.n, self.n + count
        if stop > self.capacity:
            self._grow(stop)
        self.n = stop
        arrays = self.__dict__
        for key, fill in self.fills:
            arrays[key][start:stop] = fill
        return slice(start, stop)

    def _grow(self, least: int) -> None:
        capacity = max(least, self.capacity + self.capacity // 8 + 64)
        for column in self.columns:
            old = getattr(self, column.key)
            new = np.zeros(capacity, dtype=column.dtype)
            new[: self.n] = old[: self.n]
            setattr(self, column.key, new)

    def keep(self, rows: np.ndarray) -> None:
        """Keep only the given rows (int index array), in that order."""
        for column in self.columns:
            array = getattr(self, column.key)
            array[: rows.size] = array[rows]
        self.n = int(rows.size)

    def fill(self, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Leave out the rows `gone` (int32, ascending); the last rows take their places. Returns from and to."""
        left = self.n - int(gone.size)
        holes = int(np.searchsorted(gone, left))
        into, last = gone[:holes], np.delete(np.arange(left, self.n, dtype=np.int32), gone[holes:] - left)
        if holes:
            at_once([partial(_move, getattr(self, c.key), last, into) for c in self.columns])
        self.n = left
        return last, into

    def copy(self) -> Self:
        """A table of its own with the same rows and capacity."""
        return type(self).of({c.key: getattr(self, c.key).copy() for c in self.columns}, self.n)

    def arrays(self) -> dict[str, np.ndarray]:
        """Copies of the rows in use, by column key."""
        return {c.key: getattr(self, c.key)[: self.n].copy() for c in self.columns}

    @classmethod
    def of(cls, columns: dict[str, np.ndarray], n: int) -> Self:
        """A table that takes over the given arrays, one for every column and all of one size; `n` rows are in use."""
        table = cls.__new__(cls)
        table.n = n
        for column in cls.columns:
            setattr(table, column.key, columns[column.key])
        return table


class Due(NamedTuple):
    """In which months of a calendar year something comes to whom (see model.kernels.due)."""

    first: int  # index of the year's first month
    seen: int  # rows that were there when it was made
    rows: np.ndarray  # int32[k], by month
    kinds: np.ndarray  # uint8[k]
    start: np.ndarray  # int64[13], where each month begins
    most: np.ndarray  # float64[2, 4, 2, 111], the chances it was made with


class Residents(Table):
    """People, whether they live in the prefecture or away.

    due: what `model.phases.due` keeps by rows; None where rows have been put in another order since.
    """

    columns = RESIDENTS
    due: Due | None = None

    def keep(self, rows: np.ndarray) -> None:
        """As for every table; what comes to whom is to be found again."""
        super().keep(rows)
        self.due = None

    def fill(self, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As for every table; what comes to whom is to be found again."""
        self.due = None
        return super().fill(gone)


class Kin(NamedTuple):
    """Rows of kin, the same as `kin_uid` says by ids: int32[capacity], -1 none."""

    parent: np.ndarray  # household of the parents
    first: np.ndarray  # first household of their children
    after: np.ndarray  # next household of the same parents


class ByOrigin(NamedTuple):
    """Households by origin, which never changes, and turn (see model.kernels.kin); those in later rows came since."""

    rows: np.ndarray  # int32[k]
    start: np.ndarray  # int64[P * TURNS + 1], where each turn of each origin begins


class Households(Table):
    """Households; members are a linked list from `head` through `Residents.next`.

    kin: what `model.phases.kin` keeps of `kin_uid` in rows; by_origin: what `model.phases.kinship` looks up; None
    where rows have been put in another order since.
    """

    columns = HOUSEHOLDS
    kin: Kin | None = None
    by_origin: ByOrigin | None = None

    def append(self, count: int) -> slice:
        """As for every table; new households have no kin."""
        rows = super().append(count)
        if self.kin is not None:
            if self.kin.parent.size < self.capacity:
                self.kin = Kin(*(np.append(rows_of, np.full(self.capacity - rows_of.size, -1, np.int32))
                                 for rows_of in self.kin))
            for rows_of in self.kin:
                rows_of[rows] = -1
        return rows

    def keep(self, rows: np.ndarray) -> None:
        """As for every table; kin and origins are to be found again."""
        super().keep(rows)
        self.kin = self.by_origin = None

    def fill(self, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As for every table; origins are to be found again."""
        self.by_origin = None
        return super().fill(gone)


class Places(Table):
    """Villages, township seats, county towns, and destinations outside."""

    columns = PLACES


class Markets(Table):
    """Labour, housing and service markets: per county one rural, one of township seats, one county town."""

    columns = MARKETS
