"""What homes, flats and rooms cost (E15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.prices import flat_gaps, offer_rooms, price_steps, rent_steps, room_gaps

if TYPE_CHECKING:
    from model.state.world import World

MONTH_CAP: Final = 0.03
"""No price or rent moves by more than 3 % a month."""
ROOM_SHORTAGE: Final = -0.5
"""Vacancy of rooms below which rents rise no further: half as many again look as there are rooms (assumed)."""
ROOM_RENT_MOST: Final = 1.2
"""Rent of a room over that of a flat, per m2, at which tenants take flats instead (assumed)."""


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
    return float(np.log(path[month] / path[month - 1])) if month > 0 else 0.0


def move_prices(world: World, month: int) -> None:
    """One month of E15. Village rents follow outside rents only; outside markets follow their drivers."""
    p, m, n = world.p, world.markets, world.markets.n
    trend, step = drift(world.input.drivers["outside_home_price_index"], month), np.empty(world.markets.n)
    price_steps(
        step, m.homes_occupied, m.homes, m.price_growth_year, m.kind, trend, p.vacancy_natural, p.price_adjust_month,
        p.price_momentum, p.price_outside_share, p.price_stick_down, MONTH_CAP,
    )
    m.price_yuan_m2[:n] *= np.exp(step)
    m.price_growth_year[:n] += p.expect_adapt_month * (12.0 * step - m.price_growth_year[:n])
    move_rents(world, month)


def move_rents(world: World, month: int) -> None:
    """Rents of flats and of rooms approach a level set by what is free of each; falls are slower by rent_stick_down.

    A room never costs more than `ROOM_RENT_MOST` times the rent of a flat per m2.
    """
    p, m, a, n = world.p, world.markets, world.accounts, world.markets.n
    trend, gap, step = drift(world.input.drivers["outside_rent_index"], month), np.empty(n), np.empty(n)
    a["rent_trend"] += p.rent_outside_share * trend
    most = np.log(ROOM_RENT_MOST * m.rent_yuan_m2[:n])
    rest = m.kind, trend, p.rent_level_per_point, p.rent_adjust_month, p.rent_stick_down, MONTH_CAP
    flat_gaps(gap, m.homes_occupied, m.homes, m.homes_unsold, m.homes_withheld, a["let_vacancy_start"])
    for rent, start, cap in (
        (m.rent_yuan_m2[:n], a["rent_start"], np.full(n, np.inf)),
        (m.room_rent_yuan_m2[:n], a["room_rent_start"], most),
    ):
        rent_steps(step, np.log(rent), np.log(start), a["rent_trend"], gap, cap, *rest)
        rent *= np.exp(step)
        room_gaps(gap, a["rooms_wanted"], m.rooms, a["room_vacancy_start"], ROOM_SHORTAGE)


def move_rooms(world: World, demolished: np.ndarray) -> None:
    """Cheap rooms offered: owners add them as tenants come, less what demolition took and what may not be let.

    rooms += room_adjust_month (wanted / (1 - vacancy at the start) - rooms), times 1 - unsafe_room_share *
    enforcement; unsafe rooms are closed at once and no new ones of the kind are let. demolished: int64[M].
    """
    p, m, a = world.p, world.markets, world.accounts
    offer_rooms(
        a["rooms_exact"], m.rooms, a["rooms_wanted"], a["room_vacancy_start"], demolished,
        world.channels.rental_enforcement, p.room_adjust_month, p.rooms_per_demolished, p.unsafe_room_share,
    )
