"""What people know about other places: co-villagers there, and believed chances and pay (E7, E23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels import beliefs as kernels
from model.kernels.rows import count_rows

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
    p, panels, seen, places = world.p, world.panels, world.seen, world.places
    kernels.follow(
        networks(world), panels.network, panels.belief_p, panels.belief_wage, seen.markets["p_job"],
        seen.panels.wage_yuan, places.kind, places.unit, p.belief_speed_year, p.belief_network_gain,
    )


def start_beliefs(world: World) -> None:
    """At the start beliefs equal the truth."""
    kernels.per_hundred(networks(world), world.panels.network)
    rows = world.n_units + 1
    world.panels.belief_p[:] = np.tile(world.markets.p_job[: world.markets.n], (rows, 1))
    world.panels.belief_wage[:] = np.tile(world.panels.wage_yuan, (rows, 1, 1))


def networks(world: World) -> np.ndarray:
    """People registered at each place by the market where they live, int64[P, M]."""
    people, places, markets = world.residents, world.places, world.markets.n
    return count_rows(
        kernels.count_networks, people.n, (places.n, markets), people.household, people.hukou, people.place,
        places.market,
    )
