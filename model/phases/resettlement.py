"""Village households that a government moves to their county town, and those moved before the start (E8, E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import Stream, uniform
from model.kernels.segments import first_of_each, uniforms
from model.phases.building import whole
from model.phases.relocation import apply_moves
from model.spec.codes import Config, Flag, Homestead, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

WHOLE, COMMUTE = int(Config.WHOLE), int(Config.COMMUTE)
RELOCATED: Final = int(Flag.RELOCATED)
VILLAGE: Final = int(Kind.VILLAGE)
S_RESETTLE, S_RELOCATED = Stream.RESETTLE, Stream.RELOCATED
FEN: Final = 100
SIX_MONTHS: Final = 6


def resettle(world: World, month: Month) -> None:
    """Move as many whole village households as were paid for to their county town, whatever they would choose.

    A keyed lottery among those who live in their village together and own no home elsewhere. They live in a home of
    their own that the programme paid for, give up the homestead, keep contracted land, and receive
    relocation_compensation_yuan from the county. Homes are taken from those for sale, else built for them.
    """
    if not world.channels.relocation_flow.any():
        return
    homes, places, units = world.households, world.places, world.n_units
    compensation = int(world.p.relocation_compensation_yuan * FEN)
    number = np.maximum(whole(world, "relocation_carry", world.channels.relocation_flow * world.scale), 0)
    if not number.any():
        return
    n = homes.n
    rows = np.flatnonzero(_may_be_moved(
        n, homes.size, homes.collective, homes.origin, homes.place, homes.split_place, homes.owns, homes.config,
        places.kind, places.unit, number, world.geography.seat_place,
    ))
    unit = places.unit[homes.origin[rows]].astype(np.int64)
    draw = uniforms(world.seed, S_RESETTLE, homes.uid[rows], month.index, 0)
    rows = rows[first_of_each(unit, draw, homes.uid[rows], number)]
    unit = places.unit[homes.origin[rows]].astype(np.int64)
    seat = world.geography.seat_place[unit].astype(np.int64)
    house(world, month.index, rows, seat)
    homes.savings_fen[rows] += compensation
    fen = np.full(rows.size, compensation, np.int64)
    world.ledger.post("relocation", world.ledger.accounts("county")[unit], world.ledger.household_accounts(unit), fen)
    world.count("relocated", np.bincount(unit, minlength=units))


def house(world: World, month: int, rows: np.ndarray, seat: np.ndarray) -> None:
    """Give the households a home at `seat` and move everybody in."""
    homes, people, m = world.households, world.residents, world.markets
    market = world.places.market[seat].astype(np.int64)
    fresh = homes.owns[rows] < 0
    homes.owns[rows] = seat
    stays = np.full(rows.size, -1, np.int64)
    moves = np.stack((rows, seat, market, np.full(rows.size, WHOLE, np.int64), stays, stays), axis=1)
    apply_moves(world, month, moves)
    homes.tenure[rows], homes.homestead[rows] = int(Tenure.OWNED), int(Homestead.EXITED)
    wanted = np.bincount(market[fresh], minlength=m.n)
    taken = np.minimum(wanted, m.homes_unsold[: m.n])
    m.homes_unsold[: m.n] -= taken
    m.homes[: m.n] += wanted - taken
    np.add.at(m.homes_occupied, market, 1)
    _mark(rows, homes.head, people.next, people.flags)


@kernel
def _may_be_moved(n, size, collective, origin, place, split_place, owns, config, kind, unit, number, seat):
    out = np.zeros(n, np.bool_)
    for h in range(n):
        u = unit[origin[h]]
        if size[h] == 0 or collective[h] or u < 0 or number[u] == 0 or kind[origin[h]] != VILLAGE:
            continue
        at_home = place[h] == origin[h] and split_place[h] < 0 and config[h] in (WHOLE, COMMUTE)
        out[h] = at_home and (owns[h] < 0 or owns[h] == seat[u])
    return out


@kernel
def _mark(rows, head, nxt, flags):
    for r in range(rows.size):
        i = head[rows[r]]
        while i >= 0:
            flags[i] |= RELOCATED
            i = nxt[i]


def mark_relocated(world: World) -> None:
    """Mark the members of a keyed relocated_start_share of village households in towns of their own county."""
    homes, people, places = world.households, world.residents, world.places
    rows = _moved_before(
        homes.n, world.seed, world.p.relocated_start_share, homes.uid, homes.size, homes.origin, homes.place,
        homes.since, places.kind, places.unit,
    )
    _mark(rows, homes.head, people.next, people.flags)


@kernel
def _moved_before(n, seed, share, uid, size, origin, place, since, kind, unit):
    out = np.empty(n, np.int64)
    k = 0
    for h in range(n):
        home, here = origin[h], place[h]
        if size[h] == 0 or kind[home] != VILLAGE or kind[here] == VILLAGE or unit[home] != unit[here]:
            continue
        if since[h] <= -SIX_MONTHS and uniform(seed, S_RELOCATED, uid[h], 0, 0) < share:
            out[k] = h
            k += 1
    return out[:k].copy()


def brokered(world: World, person: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Draws of the lottery for posts, smaller for relocated applicants whom brokerage reaches: float64[k].

    draw (1 - relocation_link_gain * relocation_links) of the unit where they live: others wait longer for it.
    """
    people, places = world.residents, world.places
    gain = np.append(world.p.relocation_link_gain * world.channels.relocation_links, 0.0)
    helped = (people.flags[person] & RELOCATED) != 0
    return np.asarray(draw * np.where(helped, 1.0 - gain[places.unit[people.place[person]]], 1.0))
