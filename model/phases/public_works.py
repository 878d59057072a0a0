"""Public works as other phases read them; what builds and wears them is `model.kernels.works` (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.services import spread as spread_places

if TYPE_CHECKING:
    from model.state.world import World

YEAR: Final = 12.0


def spread(world: World, service: int, usual: np.ndarray) -> np.ndarray:
    """How additions of a service are shared among a unit's markets, float64[U, 3].

    usual: float64[U, 3], by users. deficit_weight of it follows places missing (the usual spread where none are);
    townships with powers take part of what the county town would get.
    """
    c, panels, out = world.channels, world.panels, np.empty_like(usual)
    spread_places(
        out, panels.load[service], panels.capacity[service], world.scale, usual, c.deficit_weight, c.township_power,
        world.p.township_shift_share,
    )
    return out
