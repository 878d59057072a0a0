"""How many bytes a phase touches in a month, estimated from what it declares in **Reads** and **Writes**.

Every declared column counts as one pass over all its rows, a written one as a second. That is a bound for a phase that
scans, far above the truth for one that goes to few rows, and it misses what scratch arrays cost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from model.schedule import MONTH

if TYPE_CHECKING:
    from model.state.table import Table
    from model.state.world import World

TABLES: Final = ("residents", "households", "places", "markets", "firms")
_NAMES: Final = "|".join(TABLES)


def touched(world: World) -> dict[str, int]:
    """Phase -> bytes a month, estimated, for the tables as they stand."""
    return {phase.name: of_phase(phase.run.__doc__ or "", world) for phase in MONTH}


def of_phase(text: str, world: World) -> int:
    """Bytes of the columns named in one docstring."""
    reads, _, writes = text.partition("**Reads**")[2].partition("**Writes**")
    return sum(_bytes(world, *name) for name in columns(reads)) + sum(_bytes(world, *name) for name in columns(writes))


def columns(text: str) -> set[tuple[str, str]]:
    """(table, column) named in a text; a table without columns gives (table, "")."""
    found = set(re.findall(rf"\b({_NAMES})\.(\w+)", text))
    for table, keys in re.findall(rf"\b({_NAMES}) \(([^)]*)\)", text):
        found |= {(table, key.strip()) for key in keys.split(",")}
    return found | {(table, "") for table in re.findall(rf"\b({_NAMES})\b(?! \(|\.\w)", text)}


def _bytes(world: World, table: str, key: str) -> int:
    rows: Table = getattr(world, table)
    keys = {column.key for column in rows.columns}
    wanted = keys if not key else {key} & keys
    return sum(rows.n * getattr(rows, name).dtype.itemsize for name in wanted)
