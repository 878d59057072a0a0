"""Heads: every change of every unit's population is accounted for, in integers, on usual residence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from model.state.ledger import InvariantError

if TYPE_CHECKING:
    from model.state.world import World


@dataclass(slots=True)
class Heads:
    """Residents and urban residents of each unit at the last closing, int64[U]."""

    population: np.ndarray
    urban: np.ndarray

    @classmethod
    def of(cls, world: World) -> Heads:
        """Count now."""
        return cls(*census(world))


def census(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Residents by usual residence and those in places coded urban, int64[U] each."""
    people, places = world.residents, world.places
    by_place = count_by_place(people.n, people.household, people.usual, places.n)
    inside = places.unit[: places.n] >= 0
    units = places.unit[: places.n][inside].astype(np.int64)
    population = np.zeros(world.n_units, np.int64)
    np.add.at(population, units, by_place[inside])
    urban = np.zeros(world.n_units, np.int64)
    np.add.at(urban, units, by_place[inside] * places.urban[: places.n][inside])
    return population, urban


@njit(cache=True)
def count_by_place(n, household, place, n_places):
    """Living people by place, int64[P]; dead people have household -1."""
    out = np.zeros(n_places, np.int64)
    for i in range(n):
        if household[i] >= 0:
            out[place[i]] += 1
    return out


def expected(world: World) -> tuple[np.ndarray, np.ndarray]:
    """What the month's counted events make of the last closing."""
    e, u = world.month_events, world.n_units
    zero = np.zeros(u, np.int64)
    population = world.heads.population + e.get("births", zero) - e.get("deaths", zero)
    urban = world.heads.urban + e.get("births_urban", zero) - e.get("deaths_urban", zero)
    if "moves_od" in e:
        into, out = unit_flows(e["moves_od"], u)
        population = population + into - out
        urban_in, urban_out = e["moves_urban"]
        urban = urban + urban_in - urban_out
    return population, urban + e.get("reclassified", zero)


def unit_flows(moves_od: np.ndarray, units: int) -> tuple[np.ndarray, np.ndarray]:
    """In- and out-moves of each unit from a market matrix int64[M, M] (moves within a unit do not count)."""
    inside = 3 * units
    group = np.concatenate((np.arange(inside) // 3, np.full(moves_od.shape[0] - inside, units)))
    flat = np.zeros((units + 1, units + 1), np.int64)
    np.add.at(flat, (group[:, None], group[None, :]), moves_od)
    np.fill_diagonal(flat, 0)
    return flat.sum(axis=0)[:units], flat.sum(axis=1)[:units]


def check_heads(world: World, phase: str) -> None:
    """Raise InvariantError unless the count equals the last closing plus the counted events."""
    for name, found, wanted in zip(("residents", "urban residents"), census(world), expected(world), strict=True):
        if not np.array_equal(found, wanted):
            unit = int(np.flatnonzero(found != wanted)[0])
            raise InvariantError(
                f"after {phase}: {name} of unit {unit} are {found[unit]}, but the counted events make {wanted[unit]}"
            )


def close_month(world: World) -> None:
    """Take the present count as the basis of the next month."""
    world.heads.population, world.heads.urban = census(world)
