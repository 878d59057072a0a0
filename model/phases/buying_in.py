"""What owning and renting cost a household that moves, and buying at the moment of the move (E5, E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.kernels.homes import try_to_buy
from model.kernels.lots import draw_lots
from model.kernels.rng import Stream
from model.phases.absent_owners import resale_fen, resell
from model.phases.purchases import new_home_price, pay, terms_of
from model.spec.codes import Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

OWNED = int(Tenure.OWNED)


class TenureCosts(NamedTuple):
    """By market, float64[M] in yuan unless said, as seen at the start of the month."""

    need_yuan: np.ndarray  # savings without which nobody can buy: first share less what kin lend
    price_yuan: np.ndarray  # of a new home of home_size_m2
    user_cost_yuan: np.ndarray  # a month, of owning it
    rent_yuan_m2: np.ndarray  # a month, of a flat
    room_rent_yuan_m2: np.ndarray  # a month, of a simple room
    homes_free: np.ndarray  # bool[M], a home can be bought
    public_free: np.ndarray  # bool[M], an affordable rental is free
    beds_free: np.ndarray  # bool[M], a dormitory bed is free


def tenure_costs(world: World) -> TenureCosts:
    """Costs of every way to live at every market (E5).

    User cost = price (mortgage_interest_year + home_upkeep_year - expected growth) / 12, at least
    user_cost_floor_year of the price a year; expected growth is adaptive and may be negative.
    """
    p, seen = world.p, world.seen.markets
    price = new_home_price(world) * p.home_size_m2
    yearly = p.mortgage_interest_year + p.home_upkeep_year - seen["price_growth_year"]
    return TenureCosts(
        need_yuan=price * p.down_payment_share * (1.0 - p.kin_help_share),
        price_yuan=price,
        user_cost_yuan=price * np.maximum(yearly, p.user_cost_floor_year) / 12.0,
        rent_yuan_m2=seen["rent_yuan_m2"],
        room_rent_yuan_m2=seen["room_rent_yuan_m2"],
        homes_free=seen["homes"] > seen["homes_occupied"],
        public_free=seen["public_rental"] > seen["public_rental_used"],
        beds_free=seen["dorm_beds"] > seen["dorm_used"],
    )


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
        rows, place, homes.owns, homes.savings_fen, homes.debt_fen, places.unit, places.market, resale_fen(world),
        terms.need_fen,
    )
    empty = m.homes[: m.n] - m.homes_occupied[: m.n] - world.accounts["bought_on_arrival"]
    won = draw_lots(world.seed, Stream.LOTTERY, month.index, rows, homes.uid, market, empty)
    seller = won & (old_market >= 0)
    resell(world, rows[seller], old_market[seller], resale_fen(world)[old_market[seller]])
    market = market[won]
    pay(world, rows[won], place[won], terms.price_fen[market], terms.down_fen[market])
    (homes.split_tenure if apart else homes.tenure)[rows[won]] = OWNED
    np.add.at(world.accounts["bought_on_arrival"], market, 1)
    return won
