"""Homes whose owners live elsewhere: kept empty, let, or sold (E9). Ownership and occupancy are two things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.homes import columns, count_withheld
from model.kernels.prices import rates_of
from model.kernels.trade import ABSENT_KINDS, absent_month
from model.phases.purchases import account_ids, receive_price, terms_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

GONE_MONTHS: Final = 24
"""Months after which a family that left the county is gone for good (assumed)."""


def absent_owners(world: World, month: Month, absent: np.ndarray) -> np.ndarray:
    """Pay rent to absent owners who let, and sell for those who are gone for good; rows of those who do not let.

    absent: rows of households that own a town home in the prefecture in which none of them lives. A home is let with
    the kept chance absent_let_share; its owner receives market rent as far as flats are let in that town. Dealers pay
    the price less resale_discount, and the home is for sale again.
    """
    p, m, homes, places, ledger = world.p, world.markets, world.households, world.places, world.ledger
    if absent.size == 0:
        return absent
    resold, book = np.zeros(world.n_units, np.int64), ledger.book(ABSENT_KINDS)
    empty, sold = absent_month(
        absent, world.seed, month.index, p.absent_let_share, 1.0 - (1.0 - p.absent_sell_year) ** (1.0 / 12.0),
        GONE_MONTHS, homes.owns, homes.place, homes.since, homes.uid, homes.savings_fen, homes.debt_fen, places.unit,
        places.market, m.rent_yuan_m2, m.homes, m.homes_occupied, m.homes_unsold, m.homes_withheld,
        terms_of(world).resale_fen, rates_of(world), resold, *account_ids(world), *book,
    )
    ledger.accept(book)
    if sold:
        world.count("homes_resold", resold)
    return np.asarray(empty)


def withhold(world: World, rows: np.ndarray) -> None:
    """Set markets.homes_withheld: homes of absent owners that are not let. rows: all that may be absent owners."""
    m, places = world.markets, world.places
    m.homes_withheld[: m.n] = 0
    count_withheld(
        rows, world.seed, world.p.absent_let_share, columns(world), places.unit, places.market, m.homes_withheld,
    )


def resell(world: World, rows: np.ndarray, market: np.ndarray, fen: np.ndarray) -> None:
    """The home of each household goes to dealers, firms where the home is, for `fen` and is for sale."""
    if rows.size == 0:
        return
    m, ledger = world.markets, world.ledger
    receive_price(world, rows, fen)
    unit = m.unit[market].astype(np.int64)
    receiver = ledger.household_accounts(world.places.unit[world.households.place[rows]])
    ledger.post("home_resale", ledger.accounts("firms")[unit], receiver, fen)
    np.add.at(m.homes_unsold, market, 1)
    m.homes_unsold[: m.n] = np.minimum(m.homes_unsold[: m.n], m.homes[: m.n])
    world.count("homes_resold", np.bincount(unit, minlength=world.n_units))
