"""What owning and renting cost a household that moves, and buying at the moment of the move (E5, E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels.homes import try_to_buy
from model.kernels.lots import draw_lots
from model.kernels.rng import Stream
from model.phases.absent_owners import resell
from model.phases.purchases import pay, terms_of
from model.spec.codes import Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

OWNED = int(Tenure.OWNED)


def buy_on_arrival(world: World, month: Month, rows: np.ndarray, *, apart: bool = False) -> np.ndarray:
    """Households that moved this month and mean to own where they now live buy a home there; bool[k], who did.

    rows: household rows, after their wealth has moved with them. apart: the home is for the part that lives apart.
    Nobody buys without the first share less what kin lend; a home owned elsewhere in the prefecture is sold first and
    counts towards it; homes that are short go by keyed lottery. accounts["bought_on_arrival"] keeps the number by
    market for the housing phase.
    """
    homes, m, places, terms = world.households, world.markets, world.places, terms_of(world)
    if rows.size == 0:
        return np.zeros(0, np.bool_)
    place = (homes.split_place if apart else homes.place)[rows].astype(np.int64)
    market, old_market = try_to_buy(
        rows, place, homes.owns, homes.savings_fen, homes.debt_fen, places.unit, places.market,
        terms.resale_fen, terms.need_fen,
    )
    empty = m.homes[: m.n] - m.homes_occupied[: m.n] - world.accounts["bought_on_arrival"]
    won = draw_lots(world.seed, Stream.LOTTERY, month.index, rows, homes.uid, market, empty)
    seller = won & (old_market >= 0)
    resell(world, rows[seller], old_market[seller], terms.resale_fen[old_market[seller]])
    market = market[won]
    pay(world, rows[won], place[won], terms.price_fen[market], terms.down_fen[market])
    (homes.split_tenure if apart else homes.tenure)[rows[won]] = OWNED
    np.add.at(world.accounts["bought_on_arrival"], market, 1)
    return won
