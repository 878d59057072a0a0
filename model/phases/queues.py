"""Who is served in which order: locals and newcomers with equal access first, the others behind them (E6, E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.spec.codes import N_SERVICES, Service
from model.spec.states import STATES

if TYPE_CHECKING:
    from model.state.world import World

LOCAL, OWN_COUNTY, ELSEWHERE = range(3)
QUEUED: Final = [int(s) for s in (Service.SCHOOL, Service.KINDERGARTEN, Service.CHILDCARE, Service.ELDER_CARE)]
"""Services that admit; hospitals and culture take whoever comes, on the terms that `open_share` gives."""
PRACTICE: Final = next(state.practice for state in STATES if state.key == "entitlement")
LEAST_OPEN: Final = 0.01
LEAST_SERVED: Final = 0.05


class Served(NamedTuple):
    """What users meet, 1 where neither places nor staff are short: float64[6, M], and [2, 6, M] for newcomers."""

    local: np.ndarray
    newcomer: np.ndarray


def open_share(world: World) -> np.ndarray:
    """Share of each service open to residents without local registration, float64[6, U].

    Practice is `entitle_school` and `entitle_kinder` for these two and the channel's practice for the others; the
    channel closes (or widens) the same share of every gap.
    """
    p, channel = world.p, world.channels.entitlement
    practice = np.full(N_SERVICES, PRACTICE)
    practice[Service.SCHOOL], practice[Service.KINDERGARTEN] = p.entitle_school, p.entitle_kinder
    left = (1.0 - channel) / (1.0 - PRACTICE)
    return np.clip(1.0 - (1.0 - practice)[:, None] * left[None, :], LEAST_OPEN, 1.0)


def open_by_nearness(world: World) -> np.ndarray:
    """The same for locals (1), the home county's villagers (their gap scaled by ent_gap_own_county) and others.

    float64[6, 3, M]; everybody counts in full outside.
    """
    units, out = world.n_units, np.ones((N_SERVICES, 3, world.markets.n))
    gap = np.repeat(1.0 - open_share(world), 3, axis=1)
    out[:, OWN_COUNTY, : 3 * units] -= world.p.ent_gap_own_county * gap
    out[:, ELSEWHERE, : 3 * units] -= gap
    return out


def in_line(world: World) -> np.ndarray:
    """Share of users who stand in the first line, float64[6, 3, M]: everybody where nothing is queued for."""
    share = open_by_nearness(world)
    free = np.setdiff1d(np.arange(N_SERVICES), QUEUED)
    share[free] = 1.0
    return share


def service_given(world: World, users: np.ndarray, places: np.ndarray, staff: np.ndarray) -> np.ndarray:
    """S(x) = x min(1, (x/places)^congestion_elast) min(1, (x/staff)^staff_elast): rises with x, ever more slowly.

    A limit of zero is no limit: nothing is counted there.
    """
    p = world.p
    return users * shortage(users, places, p.congestion_elast) * shortage(users, staff, p.staff_elast)


def shortage(users: np.ndarray, limit: np.ndarray, elast: float) -> np.ndarray:
    """min(1, (users / limit)^elast), 1 where nobody uses or nothing is counted."""
    ratio = np.divide(users, limit, out=np.zeros(users.shape), where=limit > 0.0)
    return np.maximum(ratio, 1.0) ** elast


def serve(world: World, use: np.ndarray, places: np.ndarray, staff: np.ndarray) -> Served:
    """Quality met by locals and newcomers; use: users float64[6, 3, M] by nearness of registration.

    Locals and the open share of newcomers stand in one line of J users and share S(J). Those behind get what their
    presence adds, S(T) - S(J) for T - J of them, so that opening access shifts service and creates none.
    """
    share = in_line(world)
    joint, everyone = (use * share).sum(axis=1), use.sum(axis=1)
    first = service_given(world, joint, places, staff)
    local = np.divide(first, joint, out=np.ones(joint.shape), where=joint > 0.0)
    newcomer = np.stack([local, local])
    left = everyone - joint
    behind = left > 1e-9 * np.maximum(everyone, 1.0)
    more = np.maximum(service_given(world, everyone, places, staff) - first, 0.0)
    rest = np.maximum(np.divide(more, left, out=local.copy(), where=behind), LEAST_SERVED)
    for k, near in enumerate((OWN_COUNTY, ELSEWHERE)):
        part = share[QUEUED, near]
        newcomer[k, QUEUED] = part * local[QUEUED] + (1.0 - part) * rest[QUEUED]
    return Served(local, newcomer)
