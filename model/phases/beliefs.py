"""What people know about other places: co-villagers there, and believed chances and pay (E7, E23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World


def beliefs(world: World, month: Month) -> None:
    """Recount networks and move beliefs towards last month's truth.

    E7: N = people registered in village v who live at market m, per 100 registered there.
    E23: b += w (truth - b) with w = (belief_speed_year + belief_network_gain * min(1, N / 5)) / 12, where N is the
    mean network of the home unit at the market; the truth is that of the start of the month.

    **Reads** residents (place, hukou), seen markets (p_job), seen panels (wage_yuan).
    **Writes** panels (network, belief_p, belief_wage).
    """
    update_networks(world)
    p, panels, seen = world.p, world.panels, world.seen
    contact = unit_contact(world)
    pace = np.minimum(1.0, (p.belief_speed_year + p.belief_network_gain * np.minimum(1.0, contact / 5.0)) / 12.0)
    panels.belief_p += pace * (seen.markets["p_job"][None, :] - panels.belief_p)
    panels.belief_wage += pace[:, :, None] * (seen.panels.wage_yuan[None] - panels.belief_wage)


def start_beliefs(world: World) -> None:
    """At the start beliefs equal the truth."""
    update_networks(world)
    rows = world.n_units + 1
    world.panels.belief_p[:] = np.tile(world.markets.p_job[: world.markets.n], (rows, 1))
    world.panels.belief_wage[:] = np.tile(world.panels.wage_yuan, (rows, 1, 1))


def update_networks(world: World) -> None:
    """E7 counts, in integers, then per 100 villagers."""
    people, places = world.residents, world.places
    counts = _count(people.n, people.household, people.hukou, people.place, places.market, places.n, world.markets.n)
    total = counts.sum(axis=1, keepdims=True)
    world.panels.network[:] = np.divide(100.0 * counts, total, out=np.zeros(counts.shape), where=total > 0)


def unit_contact(world: World) -> np.ndarray:
    """Mean network of each unit's villages at each market, float64[U + 1, M] (last row: outside, zero)."""
    places, units = world.places, world.n_units
    contact = np.zeros((units + 1, world.markets.n))
    village = places.kind[: places.n] == Kind.VILLAGE
    for u in range(units):
        rows = village & (places.unit[: places.n] == u)
        contact[u] = world.panels.network[rows].mean(axis=0)
    return contact


@njit(cache=True)
def _count(n, household, hukou, place, market, n_places, n_markets):
    counts = np.zeros((n_places, n_markets), np.int64)
    for i in range(n):
        if household[i] >= 0:
            counts[hukou[i], market[place[i]]] += 1
    return counts
