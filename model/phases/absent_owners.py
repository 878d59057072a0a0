"""Homes whose owners live elsewhere: kept empty, let, or sold (E9). Ownership and occupancy are two things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.phases.home_prices import let_vacancy
from model.phases.purchases import receive_price
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

S_RESALE: Final = Stream.RESALE
VILLAGE: Final = int(Kind.VILLAGE)
FEN: Final = 100.0
GONE_MONTHS: Final = 24
"""Months after which a family that left the county is gone for good (assumed)."""


def absent_owners(world: World, month: Month) -> None:
    """Count homes that absent owners withhold, pay rent to those who let, and sell for those who are gone for good.

    A home is let with the kept chance absent_let_share; its owner receives market rent as far as flats are let in
    that town. Dealers pay the price less resale_discount, and the home is for sale again.
    """
    p, m = world.p, world.markets
    rows, market, lets, sells = find_absent(world, month.index)
    fen = np.floor(m.rent_yuan_m2[market] * p.home_size_m2 * (1.0 - let_vacancy(world)[market]) * FEN)
    pay_owner(world, "let_rent", rows[lets], market[lets], fen[lets].astype(np.int64), as_price=False)
    price = world.seen.markets["price_yuan_m2"][market] * p.home_size_m2 * (1.0 - p.resale_discount)
    fen = np.floor(price * FEN).astype(np.int64)
    resell(world, rows[sells], market[sells], fen[sells])


def withhold(world: World, month: int) -> None:
    """Set markets.homes_withheld: homes of absent owners that are not let."""
    _, market, lets, _ = find_absent(world, month)
    m = world.markets
    m.homes_withheld[: m.n] = np.bincount(market[~lets], minlength=m.n)


def find_absent(world: World, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Households that own a town home in the prefecture in which none of them lives.

    Returns row, market of the home, bool whether it is let, bool whether it is sold this month.
    """
    homes, places, p = world.households, world.places, world.p
    return _absent(
        homes.n, world.seed, month, p.absent_let_share, 1.0 - (1.0 - p.absent_sell_year) ** (1.0 / 12.0), homes.uid,
        homes.size, homes.place, homes.split_place, homes.owns, homes.since, places.unit, places.market,
    )


@njit(cache=True)
def _absent(n, seed, month, let_share, sell_chance, uid, size, place, split_place, owns, since, unit, market):
    rows, where = np.empty(n, np.int64), np.empty(n, np.int64)
    lets, sells = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    k = 0
    for h in range(n):
        at = owns[h]
        if size[h] == 0 or at < 0 or unit[at] < 0 or place[h] == at or split_place[h] == at:
            continue
        rows[k], where[k] = h, market[at]
        lets[k] = uniform(seed, S_RESALE, uid[h], 0, 1) < let_share
        if unit[place[h]] != unit[at] and month - since[h] >= GONE_MONTHS:
            sells[k] = uniform(seed, S_RESALE, uid[h], month, 0) < sell_chance
        k += 1
    return rows[:k].copy(), where[:k].copy(), lets[:k].copy(), sells[:k].copy()


def resell(world: World, rows: np.ndarray, market: np.ndarray, fen: np.ndarray) -> None:
    """The home of each household goes to dealers for `fen` and is for sale."""
    m = world.markets
    pay_owner(world, "home_resale", rows, market, fen, as_price=True)
    np.add.at(m.homes_unsold, market, 1)
    m.homes_unsold[: m.n] = np.minimum(m.homes_unsold[: m.n], m.homes[: m.n])
    unit = m.unit[market].astype(np.int64)
    world.count("homes_resold", np.bincount(unit, minlength=world.n_units))


def pay_owner(
    world: World, kind: str, rows: np.ndarray, market: np.ndarray, fen: np.ndarray, *, as_price: bool
) -> None:
    """Firms where the home is pay its owner, for rent or for the home itself."""
    homes, ledger = world.households, world.ledger
    if as_price:
        receive_price(world, rows, fen)
    else:
        homes.savings_fen[rows] += fen
    receiver = ledger.household_accounts(world.places.unit[homes.place[rows]])
    payer = ledger.accounts("firms")[world.markets.unit[market].astype(np.int64)]
    ledger.post(kind, payer, receiver, fen)
