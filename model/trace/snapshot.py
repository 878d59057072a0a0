"""One person and the household as they stand: plain numbers, held apart from the tables of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.state.table import Table
    from model.state.world import World


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A person, the household and everybody in it, by column; `members` by stable id, the person among them.

    urban: whether the usual place of the person is coded urban.
    """

    person: dict[str, float]
    home: dict[str, float]
    members: dict[int, dict[str, float]]
    urban: bool


def columns_of(table: Table, row: int) -> dict[str, float]:
    """Every column of one row as plain numbers."""
    return {column.key: getattr(table, column.key)[row].item() for column in table.columns}


def row_of(world: World, uid: int) -> int:
    """The row of a living person, -1 if there is none. Rows move at year end, ids never do."""
    people = world.residents
    rows = (people.uid[: people.n] == uid).nonzero()[0]
    return int(rows[0]) if rows.size and people.household[rows[0]] >= 0 else -1


def snapshot(world: World, row: int) -> Snapshot | None:
    """The person in `row` and the household, or None once the person is dead."""
    people, homes = world.residents, world.households
    if row < 0 or people.household[row] < 0:
        return None
    h = int(people.household[row])
    members, i = {}, int(homes.head[h])
    while i >= 0:
        members[int(people.uid[i])] = columns_of(people, i)
        i = int(people.next[i])
    person = columns_of(people, row)
    return Snapshot(person, columns_of(homes, h), members, bool(world.places.urban[people.usual[row]]))


def first_of(world: World, mask: np.ndarray, nth: int = 1) -> int | None:
    """Id of the nth person, counted by id, among the living rows of `mask` (bool[n]); None when there are fewer."""
    people = world.residents
    alive = (people.household[: people.n] >= 0) & mask
    ids = sorted(people.uid[: people.n][alive].tolist())
    return int(ids[nth - 1]) if 1 <= nth <= len(ids) else None
