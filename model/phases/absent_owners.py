"""Homes whose owners live elsewhere: kept empty, let, or sold (E9). Ownership and occupancy are two things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.homes import columns, count_withheld, pay_absent
from model.phases.home_prices import let_vacancy
from model.phases.purchases import receive_price

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FEN: Final = 100.0
GONE_MONTHS: Final = 24
"""Months after which a family that left the county is gone for good (assumed)."""


def absent_owners(world: World, month: Month, absent: np.ndarray) -> np.ndarray:
    """Pay rent to absent owners who let, and sell for those who are gone for good; rows of those who do not let.

    absent: rows of households that own a town home in the prefecture in which none of them lives. A home is let with
    the kept chance absent_let_share; its owner receives market rent as far as flats are let in that town. Dealers pay
    the price less resale_discount, and the home is for sale again.
    """
    p, m, homes, places, units = world.p, world.markets, world.households, world.places, world.n_units
    rent = np.floor(m.rent_yuan_m2[: m.n] * p.home_size_m2 * (1.0 - let_vacancy(world)) * FEN).astype(np.int64)
    owed = np.zeros((units, units + 1), np.int64)
    rows, empty = pay_absent(
        absent, world.seed, month.index, p.absent_let_share, 1.0 - (1.0 - p.absent_sell_year) ** (1.0 / 12.0),
        GONE_MONTHS, columns(world), homes.savings_fen, places.unit, places.market, rent, owed,
    )
    ledger = world.ledger
    receiver = ledger.household_accounts(np.arange(units + 1))
    ledger.post("let_rent", ledger.accounts("firms")[:, None], receiver[None, :], owed)
    market = places.market[homes.owns[rows]].astype(np.int64)
    resell(world, rows, market, resale_fen(world)[market])
    return empty


def resale_fen(world: World) -> np.ndarray:
    """What dealers pay for a home, as seen at the start of the month: int64[M]."""
    p, seen = world.p, world.seen
    if "resale_fen" not in seen.kept:
        price = seen.markets["price_yuan_m2"] * p.home_size_m2 * (1.0 - p.resale_discount)
        seen.kept["resale_fen"] = np.floor(price * FEN).astype(np.int64)
    return np.asarray(seen.kept["resale_fen"])


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
