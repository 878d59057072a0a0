"""Renewal that demolishes: homes that go, owners who are paid and look for another home (E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import prices as kernels
from model.kernels.homes import Sorted, chosen, columns, own_homes, spots_of
from model.kernels.lots import EVERY
from model.kernels.prices import rates_of
from model.kernels.rng import Stream
from model.kernels.rows import find_rows
from model.kernels.segments import uniforms
from model.phases.purchases import receive_price
from model.spec.codes import Event, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

OWNED, RENTED = int(Tenure.OWNED), int(Tenure.RENTED)
LEASE_END: Final = int(Event.LEASE_END)
S_DEMOLITION: Final = Stream.DEMOLITION
YEAR: Final = 12.0
FEN: Final = 100.0


def demolished_month(world: World) -> np.ndarray:
    """Homes that renewal would demolish in a month, float64[M], at the scale of the run.

    (1 - kept share) of the dwellings under renewal, practice and what is added, spread over the unit's towns as
    homes are.
    """
    c, m, out = world.channels, world.markets, np.empty(world.markets.n)
    kernels.renewed(
        out, world.accounts["renewal_practice"], c.renewal_flow, c.renewal_keep, m.kind, m.homes, world.scale
    )
    return out


def demolish(
    world: World, month: Month, found: Sorted, left: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take homes down where others stand empty for those who lived in them.

    found: tenants, and owners first in the lottery; left: rows of more tenants. Returns homes demolished, int64[M],
    rows of the owners that were paid and of those among them who mean to buy again at once. Of the homes
    `demolish_owner_share` are lived in by their owners, chosen by keyed lottery: developers pay them
    demolition_compensation times the price of a new home, and until they buy they rent. Tenants of the others, chosen
    likewise, must look for another home: their lease ends.
    """
    p, m, n, nobody = world.p, world.markets, world.markets.n, np.zeros(0, np.int64)
    gone, owned = np.empty(n, np.int64), np.empty(n, np.int64)
    if not kernels.take_down(
        world.accounts["demolition_carry"], demolished_month(world), m.homes, m.homes_occupied, m.homes_unsold,
        rates_of(world), gone, owned,
    ):
        return gone, nobody, nobody
    tenants = np.concatenate((found.tenants, left)) if left.size else found.tenants
    told, _ = chosen_by_lot(world, month, RENTED, tenants, gone - owned, found.tenancies)
    world.households.events_next[told] |= LEASE_END
    if not owned.any():
        return gone, nobody, nobody
    rows, market = chosen_by_lot(world, month, OWNED, found.owners, owned, nobody)
    if ((np.bincount(market, minlength=n) < owned) & (found.limit != EVERY)).any():
        owners = find_rows(own_homes, world.households.n, columns(world)).astype(np.int64)
        rows, market = chosen_by_lot(world, month, OWNED, owners, owned, nobody)
    if rows.size == 0:
        return gone, nobody, nobody
    compensate(world, rows, market, p.demolition_compensation)
    buys = uniforms(world.seed, S_DEMOLITION, world.households.uid[rows], month.index, 1) < p.compensated_buy_share
    return gone, rows, rows[buys]


def chosen_by_lot(
    world: World, month: Month, tenure: int, rows: np.ndarray, number: np.ndarray, pool: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """At most number[m] households of that tenure in each market, out of `rows`: row and market.

    pool: how many there are about, int64[M], where rows are all of them; else empty.
    """
    found: tuple[np.ndarray, np.ndarray] = chosen(
        rows, world.seed, S_DEMOLITION, month.index, tenure, number, pool, columns(world), spots_of(world)
    )
    return found


def compensate(world: World, rows: np.ndarray, market: np.ndarray, ratio: float) -> None:
    """Developers pay the owners `ratio` of a new home, who are tenants from now on; a mortgage is paid back first."""
    if rows.size == 0:
        return
    p, homes, ledger = world.p, world.households, world.ledger
    price = world.seen.markets["price_yuan_m2"][market] * p.home_size_m2 * ratio
    fen = np.floor(price * FEN).astype(np.int64)
    receive_price(world, rows, fen)
    homes.tenure[rows] = RENTED
    unit = world.markets.unit[market].astype(np.int64)
    receiver = ledger.household_accounts(world.places.unit[homes.place[rows]])
    ledger.post("compensation", ledger.accounts("firms")[unit], receiver, fen)
