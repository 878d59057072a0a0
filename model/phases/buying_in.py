"""What owning and renting cost a household that moves, and buying at the moment of the move (E5, E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.phases.absent_owners import resell
from model.phases.purchases import lottery, new_home_price, pay, terms_of
from model.spec.codes import Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

OWNED = int(Tenure.OWNED)
FEN = 100.0


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
    homes, m, places, p = world.households, world.markets, world.places, world.p
    terms = terms_of(world)
    place = (homes.split_place if apart else homes.place)[rows].astype(np.int64)
    market = places.market[place].astype(np.int64)
    owned = np.maximum(homes.owns[rows], 0)
    elsewhere = (homes.owns[rows] >= 0) & (homes.owns[rows] != place) & (places.unit[owned] >= 0)
    old_market = places.market[owned].astype(np.int64)
    price = world.seen.markets["price_yuan_m2"][old_market] * p.home_size_m2 * (1.0 - p.resale_discount)
    worth = np.where(elsewhere, np.floor(price * FEN), 0.0).astype(np.int64)
    funds = homes.savings_fen[rows] + np.maximum(worth - homes.debt_fen[rows], 0)
    free_to_buy = elsewhere | (homes.owns[rows] < 0)
    apply = free_to_buy & (places.unit[place] >= 0) & (funds >= terms.need_fen[market])
    empty = np.maximum(m.homes[: m.n] - m.homes_occupied[: m.n] - world.accounts["bought_on_arrival"], 0)
    won = lottery(world.seed, month.index, homes.uid[rows], market, apply, empty)
    seller = won & elsewhere
    resell(world, rows[seller], old_market[seller], worth[seller])
    pay(world, rows[won], place[won], terms.price_fen[market[won]], terms.down_fen[market[won]])
    (homes.split_tenure if apart else homes.tenure)[rows[won]] = OWNED
    np.add.at(world.accounts["bought_on_arrival"], market[won], 1)
    return won
