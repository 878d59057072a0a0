"""Heads: every change of every unit's population is accounted for, in integers, on usual residence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rows import count_rows
from model.state.ledger import InvariantError

if TYPE_CHECKING:
    from model.state.world import World


@dataclass(slots=True)
class Heads:
    """Residents and urban residents of each unit at the last closing, int64[U].

    closed: the events that are in them already, which are those of the month until the next one opens.
    """

    population: np.ndarray
    urban: np.ndarray
    closed: dict[str, np.ndarray] | None = None

    @classmethod
    def of(cls, world: World) -> Heads:
        """Count now."""
        return cls(*count_heads(world))


def census(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Residents by usual residence and those in places coded urban, int64[U] each: the last closing and the events."""
    e = {} if world.month_events is world.heads.closed else world.month_events
    u = world.n_units
    zero, flows = np.zeros(u, np.int64), np.zeros((2, u), np.int64)
    out = world.heads.population.copy(), world.heads.urban.copy()
    _add_events(
        *out, e.get("births", zero), e.get("deaths", zero), e.get("births_urban", zero), e.get("deaths_urban", zero),
        e.get("moves_urban", flows), e.get("reclassified", zero),
    )
    if "moves_od" in e:
        _add_moves(e["moves_od"], out[0])
    return out


@kernel
def _add_events(population, urban, births, deaths, births_urban, deaths_urban, moves_urban, reclassified):
    for u in range(population.size):
        population[u] += births[u] - deaths[u]
        urban[u] += births_urban[u] - deaths_urban[u] + moves_urban[0, u] - moves_urban[1, u] + reclassified[u]


@kernel
def _add_moves(moves_od, population):
    into, out = unit_flows(moves_od, population.size)
    for u in range(population.size):
        population[u] += into[u] - out[u]


@kernel
def unit_flows(moves_od, units):
    """In- and out-moves of each unit, int64[units], from a market matrix int64[M, M] (moves within do not count)."""
    into, out = np.zeros(units + 1, np.int64), np.zeros(units + 1, np.int64)
    for a in range(moves_od.shape[0]):
        for b in range(moves_od.shape[1]):
            source, target = min(a // 3, units), min(b // 3, units)
            if source != target:
                into[target] += moves_od[a, b]
                out[source] += moves_od[a, b]
    return into[:units], out[:units]


def count_heads(world: World) -> tuple[np.ndarray, np.ndarray]:
    """The same as `census`, counted person by person."""
    people, places = world.residents, world.places
    by_place = count_by_place(people.n, people.household, people.usual, places.n)
    inside = places.unit[: places.n] >= 0
    units = places.unit[: places.n][inside].astype(np.int64)
    population = np.zeros(world.n_units, np.int64)
    np.add.at(population, units, by_place[inside])
    urban = np.zeros(world.n_units, np.int64)
    np.add.at(urban, units, by_place[inside] * places.urban[: places.n][inside])
    return population, urban


def count_by_place(n: int, household: np.ndarray, place: np.ndarray, n_places: int) -> np.ndarray:
    """Living people by place, int64[P]; dead people have household -1."""
    return count_rows(_by_place, n, (n_places,), household, place)


@kernel
def _by_place(start, stop, out, household, place):
    for i in range(start, stop):
        out[place[i]] += household[i] >= 0


def check_heads(world: World, phase: str) -> None:
    """Raise InvariantError unless the count equals the last closing plus the counted events."""
    for name, found, wanted in zip(("residents", "urban residents"), count_heads(world), census(world), strict=True):
        if not np.array_equal(found, wanted):
            unit = int(np.flatnonzero(found != wanted)[0])
            raise InvariantError(
                f"after {phase}: {name} of unit {unit} are {found[unit]}, but the counted events make {wanted[unit]}"
            )


def close_month(world: World) -> None:
    """Take the present state as the basis of the next month."""
    heads = world.heads
    heads.population, heads.urban = census(world)
    heads.closed = world.month_events
