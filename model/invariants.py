"""Checks callable after any phase: heads close, money closes, households hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.kernels.jit import kernel
from model.spec.codes import Flag
from model.state.heads import check_heads
from model.state.ledger import InvariantError, wealth_by_unit

if TYPE_CHECKING:
    from model.state.world import World

APART = int(Flag.APART)


def check(world: World, phase: str) -> None:
    """Raise InvariantError with the phase's name when heads, money or households do not close."""
    check_heads(world, phase)
    people, homes = world.residents, world.households
    world.ledger.check(
        wealth_by_unit(
            homes.savings_fen[: homes.n], homes.debt_fen[: homes.n], homes.size[: homes.n], homes.place[: homes.n],
            world.places.unit, world.n_units,
        )
    )
    row, what = _households(
        people.n, homes.n, homes.head, homes.size, homes.place, homes.split_place, people.next, people.household,
        people.place, people.flags,
    )
    if what:
        problem = ("", "size differs from its members", "a member names another household", "a member lives elsewhere")
        raise InvariantError(f"after {phase}: household row {row}: {problem[what]}")


@kernel
def _households(n, n_homes, head, size, place, split_place, nxt, household, person_place, flags):
    members = 0
    for h in range(n_homes):
        i, k = head[h], 0
        while i >= 0:
            if household[i] != h:
                return h, 2
            lives = split_place[h] if flags[i] & APART else place[h]
            if person_place[i] != lives:
                return h, 3
            k += 1
            i = nxt[i]
        if k != size[h]:
            return h, 1
        members += k
    alive = 0
    for i in range(n):
        alive += household[i] >= 0
    return (-1, 2) if alive != members else (-1, 0)
