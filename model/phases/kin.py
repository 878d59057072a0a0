"""Parents who live in another household: who they are, and what their children hear of them (E1, E11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.kin import hang_children, mark_elders, nearest_kin, tell_children
from model.kernels.rng import Stream, uniform
from model.kernels.rows import over_rows
from model.kernels.sort import sort_by
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
KIN: Final = Stream.KIN


def start_kin(world: World) -> None:
    """Record the parents' household of families at the start, households.kin_uid.

    The census does not say who is whose child: of families of one home place whose oldest member is 22 to 49, a share
    `kin_start_share` is given parents there (oldest member 50 to 89 and 18 years older), at most two families to each,
    by keyed lots.
    """
    homes, people, n = world.households, world.residents, world.households.n
    oldest, lots = np.zeros(n, np.uint8), np.empty(n)
    over_rows(
        _sides, n, world.seed, world.p.kin_start_share, homes.uid, homes.head, homes.collective, homes.origin,
        world.places.unit, people.next, people.birth, oldest, lots,
    )
    kin = homes.kin = Kin(*(np.full(homes.capacity, -1, np.int32) for _ in Kin._fields))
    _give_parents(n, world.places.n, oldest, lots, homes.origin, homes.uid, kin.parent, homes.kin_uid)
    hang_children(n, *kin)
    update_kin(world, 0)


@kernel
def _sides(start, stop, seed, share, uid, head, collective, origin, unit, nxt, birth, oldest, lots):
    """Years of the oldest member and the lot of households that may have or be parents; 0 years for all others."""
    for h in range(start, stop):
        if head[h] < 0 or collective[h] or unit[origin[h]] < 0:
            continue
        first, i = birth[head[h]], nxt[head[h]]
        while i >= 0:
            first, i = min(first, birth[i]), nxt[i]
        years = -first // 12
        if years < CHILD_AGES[0] or years >= PARENT_AGES[1]:
            continue
        if years < CHILD_AGES[1] and uniform(seed, KIN, uid[h], 0, 1) >= share:
            continue
        oldest[h], lots[h] = years, uniform(seed, KIN, uid[h], 0, 0)


@kernel
def _give_parents(n, n_places, oldest, lots, origin, uid, parent, kin_uid):
    """Two families to each parents' household of the same place, both in the order of their lots."""
    # Group 2p has the parents of place p, group 2p + 1 the children.
    start = np.zeros(2 * n_places + 1, np.int64)
    for h in range(n):
        if oldest[h] > 0:
            start[2 * origin[h] + (oldest[h] < CHILD_AGES[1]) + 1] += 1
    for g in range(2 * n_places):
        start[g + 1] += start[g]
    end, total = start[:-1].copy(), start[2 * n_places]
    row, lot, years = np.empty(total, np.int64), np.empty(total), np.empty(total, np.int64)
    for h in range(n):
        if oldest[h] > 0:
            g = 2 * origin[h] + (oldest[h] < CHILD_AGES[1])
            row[end[g]], lot[end[g]], years[end[g]] = h, lots[h], oldest[h]
            end[g] += 1
    for p in range(n_places):
        parents, children, last = start[2 * p], start[2 * p + 1], start[2 * p + 2]
        sort_by(lot, row, years, parents, children)
        sort_by(lot, row, years, children, last)
        for k in range(children, last):
            q = parents + (k - children) // CHILDREN_EACH
            if q < children and years[q] >= years[k] + GENERATION_YEARS:
                parent[row[k]], kin_uid[row[k]] = row[q], uid[row[q]]


def links(world: World) -> Kin:
    """Kin by rows, found from the ids where rows have been put in another order."""
    homes, n = world.households, world.households.n
    if homes.kin is None:
        order = np.argsort(homes.uid[:n])
        rows = np.flatnonzero(homes.kin_uid[:n] > 0)
        at = order[np.minimum(np.searchsorted(homes.uid[:n], homes.kin_uid[rows], sorter=order), n - 1)]
        known = homes.uid[at] == homes.kin_uid[rows]
        homes.kin = Kin(*(np.full(homes.capacity, -1, np.int32) for _ in Kin._fields))
        homes.kin.parent[rows[known]] = at[known]
        hang_children(n, *homes.kin)
    return homes.kin


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
