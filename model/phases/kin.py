"""Parents who live in another household: who they are, and what their children hear of them (E1, E11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.kin import hang_children, mark_elders, nearest_kin, tell_children
from model.kernels.rng import Stream
from model.kernels.rows import over_rows
from model.kernels.segments import uniforms
from model.spec.codes import Event
from model.state.table import Kin

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

PARENT_CARE: Final = int(Event.PARENT_CARE)
CHILD_AGES: Final = (22, 50)
PARENT_AGES: Final = (50, 90)
GENERATION_YEARS: Final = 18
CHILDREN_EACH: Final = 2


def start_kin(world: World) -> None:
    """Record the parents' household of families at the start, households.kin_uid.

    The census does not say who is whose child: of families of one home place whose oldest member is 22 to 49, a share
    `kin_start_share` is given parents there (oldest member 50 to 89 and 18 years older), at most two families to each,
    by keyed lots.
    """
    homes, n = world.households, world.households.n
    oldest = _oldest_years(n, homes.head, world.residents.next, world.residents.birth)
    usable = (homes.size[:n] > 0) & (homes.collective[:n] == 0) & (world.places.unit[homes.origin[:n]] >= 0)
    lots = uniforms(world.seed, Stream.KIN, homes.uid[:n], 0, 0)
    picked = uniforms(world.seed, Stream.KIN, homes.uid[:n], 0, 1) < world.p.kin_start_share
    child = usable & picked & (oldest >= CHILD_AGES[0]) & (oldest < CHILD_AGES[1])
    parent = usable & (oldest >= PARENT_AGES[0]) & (oldest < PARENT_AGES[1])
    children, parents = (np.flatnonzero(side) for side in (child, parent))
    children = children[np.lexsort((homes.uid[children], lots[children], homes.origin[children]))]
    parents = parents[np.lexsort((homes.uid[parents], lots[parents], homes.origin[parents]))]
    first = np.searchsorted(homes.origin[parents], homes.origin[children])
    rank = np.arange(children.size) - np.searchsorted(homes.origin[children], homes.origin[children])
    row = first + rank // CHILDREN_EACH
    found = row < parents.size
    row = parents[np.minimum(row, parents.size - 1)] if parents.size else np.zeros(children.size, np.int64)
    found &= homes.origin[row] == homes.origin[children]
    found &= oldest[row] >= oldest[children] + GENERATION_YEARS
    homes.kin_uid[children[found]] = homes.uid[row[found]]
    link_kin(world, children[found], row[found])
    update_kin(world, 0)


@njit(cache=True)
def _oldest_years(n, head, nxt, birth):
    """Age in years at the start of the oldest member, int64[n]; -1 without members."""
    out = np.full(n, -1, np.int64)
    for h in range(n):
        i = head[h]
        while i >= 0:
            out[h] = max(out[h], -birth[i] // 12)
            i = nxt[i]
    return out


def links(world: World) -> Kin:
    """Kin by rows, found from the ids where rows have been put in another order."""
    homes, n = world.households, world.households.n
    if homes.kin is None:
        order = np.argsort(homes.uid[:n])
        rows = np.flatnonzero(homes.kin_uid[:n] > 0)
        at = order[np.minimum(np.searchsorted(homes.uid[:n], homes.kin_uid[rows], sorter=order), n - 1)]
        known = homes.uid[at] == homes.kin_uid[rows]
        return link_kin(world, rows[known], at[known])
    return homes.kin


def link_kin(world: World, children: np.ndarray, parents: np.ndarray) -> Kin:
    """Keep the rows of the parents of `children`, which are all that are known."""
    homes = world.households
    kin = homes.kin = Kin(*(np.full(homes.capacity, -1, np.int32) for _ in Kin._fields))
    kin.parent[children] = parents
    hang_children(homes.n, *kin)
    return kin


def update_kin(world: World, month: int) -> None:
    """Once a year: whether the recorded parents have somebody of 60 or over, who draws a pension (kin_elder)."""
    homes, people, kin = world.households, world.residents, links(world)
    homes.kin_elder[: homes.n] = 0
    over_rows(
        mark_elders, homes.n, month, kin.first, kin.after, homes.size, homes.head, people.next, people.birth,
        homes.kin_elder,
    )


def tell_kin(world: World, rows: np.ndarray) -> None:
    """Children who live in another household hear in the same month that a parent in `rows` has come to need care."""
    if rows.size:
        homes, kin = world.households, links(world)
        tell_children(rows, PARENT_CARE, kin.first, kin.after, homes.size, homes.events_next)


def near_kin(world: World, month: Month, lost: np.ndarray) -> np.ndarray:
    """Recorded kin of lost households with an adult: grown children, else parents; -1 where there is none, int64[k]."""
    homes, people, kin = world.households, world.residents, links(world)
    return nearest_kin(
        lost, month.index, homes.uid, kin.parent, kin.first, kin.after, homes.size, homes.head, people.next,
        people.birth,
    )
