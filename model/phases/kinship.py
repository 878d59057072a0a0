"""What becomes of households that lost members: orphans, estates, and homes left to those who live apart (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.households import gather_apart, has_adult, move_member
from model.kernels.jit import kernel, within
from model.kernels.kin import TURNS, answer, asked, by_origin, groups_wanted
from model.kernels.rng import mix_uid
from model.phases.kin import near_kin
from model.spec.codes import NO_PLACE, Flag
from model.state.table import ByOrigin

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART = int(Flag.APART)
ROUNDS: Final = ((False, True), (False, False), (True, True), (True, False))
"""Who is asked for strangers' children: of the same origin or unit, those whose turn it is before everybody."""


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


@within
def hand_over(net, source, target, moved):
    """Note that households hand `net` fen on from one unit to another, -1 outside (see Ledger.transfers)."""
    last = moved.shape[1] - 1
    a, b = source if source >= 0 else last, target if target >= 0 else last
    if net >= 0:
        moved[0, a, b] += net
    else:
        moved[1, b, a] -= net


def mend(world: World, month: Month, rows: np.ndarray, moved: np.ndarray) -> None:
    """Put households in order after somebody left them.

    rows: household rows, int64[k], repeats allowed; moved: adds to what is carried between units. If only members
    living apart remain, their dwelling becomes the home. Children without anybody of 16 or over join kin, and what an
    empty household owned goes to kin: recorded children or parents, else another household of the same origin with an
    adult, else of the same unit, the one whose hash with the household's id is smallest.
    """
    if rows.size == 0:
        return
    people, homes, unit = world.residents, world.households, world.places.unit
    lost = _mend(
        rows, month.index, homes.size, homes.head, people.next, people.birth, people.flags, homes.place,
        homes.split_place, homes.tenure, homes.split_tenure, homes.config, homes.savings_fen, homes.debt_fen, unit,
        moved,
    )
    if lost.size == 0:
        return
    if lost.size > 1:
        lost = lost[np.unique(homes.uid[lost], return_index=True)[1]]
    kin = find_kin(world, month, lost)
    take_in(world, month, lost, kin)
    leave_estate(world, lost, kin, moved)


@kernel
def _mend(
    rows, month, size, head, nxt, birth, flags, place, split_place, tenure, split_tenure, config, savings, debt, unit,
    moved,
):
    """Gather who is left; return households of children only, and empty ones that still own money."""
    lost = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        h = rows[r]
        if size[h] > 0:
            before = unit[place[h]]
            gather_apart(h, head, nxt, flags, place, split_place, tenure, split_tenure, config)
            if unit[place[h]] != before:
                hand_over(savings[h] - debt[h], before, unit[place[h]], moved)
            if has_adult(h, month, head, nxt, birth):
                continue
        elif savings[h] == 0 and debt[h] == 0:
            continue
        lost[k] = h
        k += 1
    return lost[:k].copy()


def find_kin(world: World, month: Month, lost: np.ndarray) -> np.ndarray:
    """The household that takes in each of `lost`, -1 if there is none: int64[k]."""
    people, homes, places = world.residents, world.households, world.places
    kin = near_kin(world, month, lost)
    first, after = np.empty(places.n + 1, np.int64), np.empty(lost.size, np.int64)
    turn = int(mix_uid(np.uint64(month.index), np.uint64(1))) % TURNS
    for by_unit, in_turn in ROUNDS:
        if kin.min() >= 0:
            break
        wanted = groups_wanted(lost, kin, by_unit, places.unit, places.n, homes.origin, first, after)
        known = homes_by_origin(world)
        rows = asked(known.rows, known.start, homes.n, turn if in_turn else -1, wanted, homes.uid, homes.origin)
        answer(
            rows, lost, kin, by_unit, places.unit, first, after, month.index, homes.uid, homes.origin, homes.size,
            homes.collective, homes.head, people.next, people.birth,
        )
    return kin


def homes_by_origin(world: World) -> ByOrigin:
    """Kept with the households; made when somebody is looked for."""
    homes = world.households
    if homes.by_origin is None:
        rows, start = np.empty(homes.n, np.int32), np.zeros(world.places.n * TURNS + 1, np.int64)
        by_origin(homes.origin, homes.uid, rows, start)
        homes.by_origin = ByOrigin(rows, start)
    return homes.by_origin


def take_in(world: World, month: Month, lost: np.ndarray, kin: np.ndarray) -> None:
    """Children move to the main place of their kin, where there are some."""
    people, homes = world.residents, world.households
    _take_in(
        lost, kin, month.index, homes.head, homes.size, homes.place, homes.split_place, people.next,
        people.household, people.place, people.since, people.flags,
    )


@kernel
def _take_in(lost, kin, month, head, size, place, split_place, nxt, household, person_place, since, flags):
    for r in range(lost.size):
        h = kin[r]
        if h < 0:
            continue
        while head[lost[r]] >= 0:
            i = head[lost[r]]
            move_member(i, h, head, size, nxt, household)
            flags[i] &= ~APART
            if person_place[i] != place[h]:
                person_place[i], since[i] = place[h], month
        split_place[lost[r]] = NO_PLACE


def leave_estate(world: World, lost: np.ndarray, kin: np.ndarray, moved: np.ndarray) -> None:
    """Savings, debts and a town home pass to kin; without kin money goes to the state and banks bear the debt."""
    homes, ledger = world.households, world.ledger
    _pass_on(
        lost, kin, homes.size, homes.savings_fen, homes.debt_fen, homes.owns, homes.place, world.places.unit, moved
    )
    if kin.min() >= 0:
        return
    lost = lost[(kin < 0) & (homes.size[lost] == 0)]
    net = homes.savings_fen[lost] - homes.debt_fen[lost]
    source = ledger.household_accounts(household_unit(world, lost))
    ledger.post("escheat", source, ledger.account("centre"), np.maximum(net, 0))
    ledger.post("debt_lost", ledger.account("banks"), source, np.maximum(-net, 0))
    homes.savings_fen[lost], homes.debt_fen[lost], homes.owns[lost] = 0, 0, NO_PLACE


@kernel
def _pass_on(lost, kin, size, savings, debt, owns, place, unit, moved):
    """What each of `lost` that is empty owned goes to kin[r], if there is any."""
    for r in range(lost.size):
        if kin[r] >= 0 and size[lost[r]] == 0:
            inherit(lost[r], kin[r], savings, debt, owns, place, unit, moved)


@within
def inherit(a, b, savings, debt, owns, place, unit, moved):
    """Savings, debts and a town home of the emptied household a go to b."""
    hand_over(savings[a] - debt[a], unit[place[a]], unit[place[b]], moved)
    savings[b] += savings[a]
    debt[b] += debt[a]
    if owns[b] == NO_PLACE:
        owns[b] = owns[a]
    savings[a], debt[a], owns[a] = 0, 0, NO_PLACE
