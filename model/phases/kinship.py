"""What becomes of households that lost members: orphans, estates, and homes left to those who live apart (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from model.kernels.households import gather_apart, has_adult, move_member
from model.kernels.rng import mix_uid
from model.phases.kin import near_kin
from model.spec.codes import NO_PLACE, Flag

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART = int(Flag.APART)


def household_unit(world: World, rows: np.ndarray) -> np.ndarray:
    """Unit of the main place of households, -1 outside: int64[k]."""
    return world.places.unit[world.households.place[rows]].astype(np.int64)


def move_wealth(world: World, rows: np.ndarray, before: np.ndarray) -> None:
    """Carry savings less debt of households whose main place changed unit; before: units they were in."""
    after = household_unit(world, rows)
    changed = before != after
    if changed.any():
        h = rows[changed]
        net = world.households.savings_fen[h] - world.households.debt_fen[h]
        world.ledger.move_household_wealth(before[changed], after[changed], net)


def mend(world: World, month: Month, rows: np.ndarray) -> None:
    """Put households in order after somebody left them.

    rows: unique household rows. If only members living apart remain, their dwelling becomes the home. Children
    without anybody of 16 or over join kin, and what an empty household owned goes to kin: recorded children or
    parents, else another household of the same origin with an adult, else of the same unit, the one whose hash with
    the household's id is smallest.
    """
    people, homes = world.residents, world.households
    before = household_unit(world, rows)
    _gather(
        rows, homes.size, homes.head, people.next, people.flags, homes.place, homes.split_place, homes.tenure,
        homes.split_tenure, homes.config,
    )
    alive = homes.size[rows] > 0
    move_wealth(world, rows[alive], before[alive])
    lost = _without_adult(
        rows, month.index, homes.size, homes.head, people.next, people.birth, homes.savings_fen, homes.debt_fen
    )
    if lost.size == 0:
        return
    lost = lost[np.argsort(homes.uid[lost])]
    kin = find_kin(world, month, lost)
    unit = before[np.searchsorted(rows, lost)]
    unit = np.where(homes.size[lost] > 0, household_unit(world, lost), unit)
    take_in(world, month, lost[kin >= 0], kin[kin >= 0])
    leave_estate(world, lost, kin, unit)


@njit(cache=True)
def _gather(rows, size, head, nxt, flags, place, split_place, tenure, split_tenure, config):
    for r in range(rows.size):
        if size[rows[r]] > 0:
            gather_apart(rows[r], head, nxt, flags, place, split_place, tenure, split_tenure, config)


@njit(cache=True)
def _without_adult(rows, month, size, head, nxt, birth, savings, debt):
    """Households of children only, and empty ones that still own money."""
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        h = rows[r]
        if size[h] == 0 and savings[h] == 0 and debt[h] == 0:
            continue
        if size[h] == 0 or not has_adult(h, month, head, nxt, birth):
            out[k] = h
            k += 1
    return out[:k].copy()


def find_kin(world: World, month: Month, lost: np.ndarray) -> np.ndarray:
    """The household that takes in each of `lost`, -1 if there is none: int64[k]."""
    people, homes, places = world.residents, world.households, world.places
    kin = near_kin(world, month, lost)
    # A keyed sixteenth of the households is asked first, then everybody: near kin are many, requests few.
    for by_unit, mask in ((False, 15), (False, 0), (True, 15), (True, 0)):
        left = np.flatnonzero(kin < 0)
        if left.size:
            kin[left] = _nearest_hash(
                lost[left], by_unit, np.uint64(mask), places.unit, places.n, month.index, homes.n, homes.uid,
                homes.origin, homes.size, homes.collective, homes.head, people.next, people.birth,
            )
    return kin


@njit(cache=True)
def _nearest_hash(lost, by_unit, mask, unit, n_places, month, n, uid, origin, size, collective, head, nxt, birth):
    # Requests hang in one list per origin (or unit), so that households are looked at once.
    group = np.empty(n_places, np.int64)
    for p in range(n_places):
        group[p] = unit[p] + 1 if by_unit else p
    first, after = np.full(n_places + 1, -1, np.int64), np.full(lost.size, -1, np.int64)
    for r in range(lost.size):
        g = group[origin[lost[r]]]
        after[r], first[g] = first[g], r
    best, kin = np.empty(lost.size, np.uint64), np.full(lost.size, -1, np.int64)
    salt = mix_uid(np.uint64(month), np.uint64(1))
    for h in range(n):
        if mix_uid(uid[h], salt) & mask != 0:
            continue
        r = first[group[origin[h]]]
        if r < 0 or size[h] == 0 or collective[h]:
            continue
        checked = False
        while r >= 0:
            key = mix_uid(uid[lost[r]], uid[h])
            if kin[r] < 0 or key < best[r]:
                if not checked:
                    if not has_adult(h, month, head, nxt, birth):
                        break
                    checked = True
                best[r], kin[r] = key, h
            r = after[r]
    return kin


def take_in(world: World, month: Month, lost: np.ndarray, kin: np.ndarray) -> None:
    """Children move to the main place of their kin."""
    people, homes = world.residents, world.households
    _take_in(
        lost, kin, month.index, homes.head, homes.size, homes.place, homes.split_place, people.next,
        people.household, people.place, people.since, people.flags,
    )


@njit(cache=True)
def _take_in(lost, kin, month, head, size, place, split_place, nxt, household, person_place, since, flags):
    for r in range(lost.size):
        h = kin[r]
        while head[lost[r]] >= 0:
            i = head[lost[r]]
            move_member(i, h, head, size, nxt, household)
            flags[i] &= ~APART
            if person_place[i] != place[h]:
                person_place[i], since[i] = place[h], month
        split_place[lost[r]] = NO_PLACE


def leave_estate(world: World, lost: np.ndarray, kin: np.ndarray, unit: np.ndarray) -> None:
    """Savings, debts and a town home pass to kin; without kin money goes to the state and banks bear the debt."""
    homes, ledger = world.households, world.ledger
    gone = homes.size[lost] == 0
    lost, kin, unit = lost[gone], kin[gone], unit[gone]
    heir = kin >= 0
    pass_on(world, lost[heir], kin[heir], unit[heir])
    lost, unit = lost[~heir], unit[~heir]
    net = homes.savings_fen[lost] - homes.debt_fen[lost]
    source = ledger.household_accounts(unit)
    ledger.post("escheat", source, ledger.account("centre"), np.maximum(net, 0))
    ledger.post("debt_lost", ledger.account("banks"), source, np.maximum(-net, 0))
    homes.savings_fen[lost], homes.debt_fen[lost], homes.owns[lost] = 0, 0, NO_PLACE


def pass_on(world: World, lost: np.ndarray, heir: np.ndarray, unit: np.ndarray) -> None:
    """Savings, debts and a town home of emptied households go to `heir`; unit: where the money was held."""
    homes = world.households
    if lost.size == 0:
        return
    net = homes.savings_fen[lost] - homes.debt_fen[lost]
    world.ledger.move_household_wealth(unit, household_unit(world, heir), net)
    np.add.at(homes.savings_fen, heir, homes.savings_fen[lost])
    np.add.at(homes.debt_fen, heir, homes.debt_fen[lost])
    for a, b in zip(lost, heir):
        if homes.owns[b] == NO_PLACE:
            homes.owns[b] = homes.owns[a]
    homes.savings_fen[lost], homes.debt_fen[lost], homes.owns[lost] = 0, 0, NO_PLACE
