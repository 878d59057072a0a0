"""What homes, flats and rooms cost (E15)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from model.kernels import prices as kernels
from model.kernels.prices import rates_of

if TYPE_CHECKING:
    from model.state.world import World


def vacancy(occupied: np.ndarray, homes: np.ndarray) -> np.ndarray:
    """Share of homes that nobody lives in, 0 where there are none: float64[M]."""
    share = np.divide(occupied, homes, out=np.ones(homes.size), where=homes > 0)
    return np.clip(1.0 - share, 0.0, 1.0)


def let_vacancy(world: World) -> np.ndarray:
    """Share of finished homes that could be lived in and are not: unsold and withheld homes are no offer to tenants."""
    m, n = world.markets, world.markets.n
    return vacancy(m.homes_occupied[:n], m.homes[:n] - m.homes_unsold[:n] - m.homes_withheld[:n])


def drift(path: np.ndarray, month: int) -> float:
    """Log change of an index since last month; 0 in the first."""
    return math.log(path[month] / path[month - 1]) if month > 0 else 0.0


def move_prices(world: World, month: int) -> None:
    """One month of E15. Village rents follow outside rents only; outside markets follow their drivers."""
    m = world.markets
    kernels.move_prices(
        m.price_yuan_m2, m.homes_occupied, m.homes, m.price_growth_year, m.kind,
        drift(world.input.drivers["outside_home_price_index"], month), rates_of(world),
    )
    move_rents(world, month)


def move_rents(world: World, month: int) -> None:
    """Rents of flats and of rooms approach a level set by what is free of each; falls are slower by rent_stick_down.

    A room never costs more than `kernels.prices.ROOM_RENT_MOST` times the rent of a flat per m2.
    """
    m, a = world.markets, world.accounts
    kernels.move_rents(
        m.rent_yuan_m2, m.room_rent_yuan_m2, a["rent_start"], a["room_rent_start"], a["rent_trend"], m.kind,
        m.homes_occupied, m.homes, m.homes_unsold, m.homes_withheld, a["let_vacancy_start"], a["rooms_wanted"],
        m.rooms, a["room_vacancy_start"], drift(world.input.drivers["outside_rent_index"], month), rates_of(world),
    )


def move_rooms(world: World, demolished: np.ndarray) -> None:
    """Cheap rooms offered: owners add them as tenants come, less what demolition took and what may not be let.

    rooms += room_adjust_month (wanted / (1 - vacancy at the start) - rooms), times 1 - unsafe_room_share *
    enforcement; unsafe rooms are closed at once and no new ones of the kind are let. demolished: int64[M].
    """
    m, a = world.markets, world.accounts
    kernels.offer_rooms(
        a["rooms_exact"], m.rooms, a["rooms_wanted"], a["room_vacancy_start"], demolished,
        world.channels.rental_enforcement, rates_of(world),
    )
