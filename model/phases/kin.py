"""Parents who live in another household: who they are, and what their children hear of them (E1, E11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.households import has_adult
from model.kernels.rng import Stream, mix_uid
from model.kernels.segments import uniforms
from model.spec.codes import Event

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

PARENT_CARE: Final = int(Event.PARENT_CARE)
CHILD_AGES: Final = (22, 50)
PARENT_AGES: Final = (50, 90)
GENERATION_YEARS: Final = 18
CHILDREN_EACH: Final = 2
OLD_MONTHS: Final = 60 * 12


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


def update_kin(world: World, month: int) -> None:
    """Once a year: whether the recorded parents have somebody of 60 or over, who draws a pension (kin_elder)."""
    homes, n = world.households, world.households.n
    order = np.argsort(homes.uid[:n])
    rows = np.flatnonzero(homes.kin_uid[:n] > 0)
    at = np.minimum(np.searchsorted(homes.uid[:n], homes.kin_uid[rows], sorter=order), n - 1)
    parents = order[at]
    alive = (homes.uid[parents] == homes.kin_uid[rows]) & (homes.size[parents] > 0)
    old = _has_elder(parents, month, homes.head, world.residents.next, world.residents.birth)
    homes.kin_elder[:n] = 0
    homes.kin_elder[rows] = alive & old


@njit(cache=True)
def _has_elder(rows, month, head, nxt, birth):
    out = np.zeros(rows.size, np.bool_)
    for r in range(rows.size):
        i = head[rows[r]]
        while i >= 0:
            out[r] |= month - birth[i] >= OLD_MONTHS
            i = nxt[i]
    return out


def tell_kin(world: World) -> None:
    """Children who live in another household hear in the same month that a parent has come to need care."""
    homes, n = world.households, world.households.n
    in_need = homes.uid[:n][homes.events_next[:n] & PARENT_CARE > 0]
    if in_need.size:
        told = np.isin(homes.kin_uid[:n], in_need) & (homes.size[:n] > 0)
        homes.events_next[:n][told] |= PARENT_CARE


def near_kin(world: World, month: Month, lost: np.ndarray) -> np.ndarray:
    """Recorded kin of lost households with an adult: grown children, else parents; -1 where there is none, int64[k]."""
    homes, n = world.households, world.households.n
    out = np.full(lost.size, -1, np.int64)
    children = np.flatnonzero(np.isin(homes.kin_uid[:n], homes.uid[lost]) & (homes.size[:n] > 0))
    parents = np.flatnonzero(np.isin(homes.uid[:n], homes.kin_uid[lost]) & (homes.size[:n] > 0))
    for r, h in enumerate(lost):
        mine = children[homes.kin_uid[children] == homes.uid[h]]
        if not mine.size and homes.kin_uid[h] > 0:
            mine = parents[homes.uid[parents] == homes.kin_uid[h]]
        mine = [k for k in mine if k != h and _adult(world, k, month.index)]
        if mine:
            out[r] = min(mine, key=lambda k: int(mix_uid(homes.uid[h], homes.uid[k])))
    return out


def _adult(world: World, row: int, month: int) -> bool:
    people = world.residents
    return bool(has_adult(row, month, world.households.head, people.next, people.birth))
