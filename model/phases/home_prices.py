"""What homes, flats and rooms cost (E15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.phases.building import town_rows
from model.spec.codes import Kind

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


def room_vacancy(world: World) -> np.ndarray:
    """1 - wanted / rooms, negative where rooms are short; the start's where there are none: float64[M]."""
    m, n = world.markets, world.markets.n
    wanted, rooms = world.accounts["rooms_wanted"], m.rooms[:n]
    start = world.accounts["room_vacancy_start"]
    free = 1.0 - np.divide(wanted, rooms, out=np.ones(n), where=rooms > 0)
    free = np.where(rooms > 0, free, np.where(wanted > 0, ROOM_SHORTAGE, start))
    return np.maximum(free, ROOM_SHORTAGE)


def drift(path: np.ndarray, month: int) -> float:
    """Log change of an index since last month; 0 in the first."""
    return float(np.log(path[month] / path[month - 1])) if month > 0 else 0.0


def move_prices(world: World, month: int) -> None:
    """One month of E15. Village rents follow outside rents only; outside markets follow their drivers."""
    p, m, n = world.p, world.markets, world.markets.n
    town, out = town_rows(world), m.kind[:n] == Kind.OUTSIDE
    trend = drift(world.input.drivers["outside_home_price_index"], month)
    gap = 100.0 * (p.vacancy_natural - vacancy(m.homes_occupied[:n], m.homes[:n]))
    step = p.price_adjust_month * gap + p.price_momentum * m.price_growth_year[:n] / 12.0
    step = step + p.price_outside_share * trend
    step = np.clip(np.where(step < 0.0, p.price_stick_down * step, step), -MONTH_CAP, MONTH_CAP)
    step = np.where(town, step, np.where(out, trend, 0.0))
    m.price_yuan_m2[:n] *= np.exp(step)
    m.price_growth_year[:n] += p.expect_adapt_month * (12.0 * step - m.price_growth_year[:n])
    move_rents(world, month, town, out)


def move_rents(world: World, month: int, town: np.ndarray, out: np.ndarray) -> None:
    """Rents of flats and of rooms approach a level set by what is free of each; falls are slower by rent_stick_down.

    A room never costs more than `ROOM_RENT_MOST` times the rent of a flat per m2. town, out: bool[M].
    """
    p, m, a, n = world.p, world.markets, world.accounts, world.markets.n
    trend = drift(world.input.drivers["outside_rent_index"], month)
    a["rent_trend"] = a["rent_trend"] + p.rent_outside_share * trend
    flat_gap = 100.0 * (a["let_vacancy_start"] - let_vacancy(world))
    room_gap = 100.0 * (a["room_vacancy_start"] - room_vacancy(world))
    most = np.log(ROOM_RENT_MOST * m.rent_yuan_m2[:n])
    for key, start, gap, cap in (
        ("rent_yuan_m2", "rent_start", flat_gap, np.inf), ("room_rent_yuan_m2", "room_rent_start", room_gap, most),
    ):
        rent = getattr(m, key)[:n]
        level = np.minimum(np.log(a[start]) + a["rent_trend"] + p.rent_level_per_point * gap * town, cap)
        step = p.rent_adjust_month * (level - np.log(rent))
        step = np.clip(np.where(step < 0.0, p.rent_stick_down * step, step), -MONTH_CAP, MONTH_CAP)
        rent *= np.exp(np.where(out, trend, step))


def move_rooms(world: World, demolished: np.ndarray) -> None:
    """Cheap rooms offered: owners add them as tenants come, less what demolition took and what may not be let.

    rooms += room_adjust_month (wanted / (1 - vacancy at the start) - rooms), times 1 - unsafe_room_share *
    enforcement; unsafe rooms are closed at once and no new ones of the kind are let. demolished: int64[M].
    """
    p, m, a, n = world.p, world.markets, world.accounts, world.markets.n
    inside = 3 * world.n_units
    safe = np.ones(n)
    safe[:inside] = np.repeat(1.0 - p.unsafe_room_share * world.channels.rental_enforcement, 3)
    target = a["rooms_wanted"] / (1.0 - a["room_vacancy_start"])
    kept = a["rooms_exact"] + p.room_adjust_month * (target - a["rooms_exact"])
    a["rooms_exact"] = np.maximum(kept - p.rooms_per_demolished * demolished, 0.0)
    m.rooms[:n] = np.floor(a["rooms_exact"] * safe + 0.5).astype(np.int64)
