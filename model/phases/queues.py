"""Who is served in which order: locals and newcomers with equal access first, the others behind them (E6, E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels import services as kernels
from model.kernels.tally import ELSEWHERE as ELSEWHERE
from model.kernels.tally import OWN_COUNTY as OWN_COUNTY
from model.spec.codes import N_SERVICES, Service
from model.spec.states import STATES

if TYPE_CHECKING:
    from model.spec.params import Params
    from model.state.world import World

QUEUED: Final = [int(s) for s in (Service.SCHOOL, Service.KINDERGARTEN, Service.CHILDCARE, Service.ELDER_CARE)]
"""Services that admit; hospitals and culture take whoever comes, on the terms that `open_by_nearness` gives."""
PRACTICE: Final = next(state.practice for state in STATES if state.key == "entitlement")
EVERY, ADMITS = np.ones(N_SERVICES, np.int64), np.isin(np.arange(N_SERVICES), QUEUED).astype(np.int64)
LEAST_OPEN: Final = 0.01
LEAST_SERVED: Final = 0.05


class Served(NamedTuple):
    """What users meet, 1 where neither places nor staff are short: float64[6, M], and [2, 6, M] for newcomers."""

    local: np.ndarray
    newcomer: np.ndarray


def _lines(world: World, queued: np.ndarray) -> np.ndarray:
    p, out = world.p, np.empty((N_SERVICES, 3, world.markets.n))
    kernels.line_shares(
        out, world.channels.entitlement, practice_shares(p), PRACTICE, p.ent_gap_own_county, LEAST_OPEN, queued
    )
    return out


def practice_shares(p: Params) -> np.ndarray:
    """Share of each service open to newcomers at practice, float64[6]."""
    practice = np.full(N_SERVICES, PRACTICE)
    practice[Service.SCHOOL], practice[Service.KINDERGARTEN] = p.entitle_school, p.entitle_kinder
    return practice


def open_by_nearness(world: World) -> np.ndarray:
    """Share of each service open to locals (1), villagers of the home county and others: float64[6, 3, M].

    Practice is `entitle_school` and `entitle_kinder` for these two and the channel's practice for the others; the
    channel closes (or widens) the same share of every gap, which for the home county's villagers is scaled by
    ent_gap_own_county. Everybody counts in full outside.
    """
    return _lines(world, EVERY)


def in_line(world: World) -> np.ndarray:
    """Share of users who stand in the first line, float64[6, 3, M]: everybody where nothing is queued for."""
    return _lines(world, ADMITS)


def serve(world: World, use: np.ndarray, places: np.ndarray, staff: np.ndarray) -> Served:
    """Quality met by locals and newcomers; use: users float64[6, 3, M] by nearness of registration.

    S(x) = x min(1, (x/places)^congestion_elast) min(1, (x/staff)^staff_elast) is the service that x users share; a
    limit of zero is no limit. Locals and the open share of newcomers stand in one line of J users and share S(J).
    Those behind get what their presence adds, S(T) - S(J) for T - J of them, so that opening access shifts service
    and creates none.
    """
    share, p = in_line(world), world.p
    joint, everyone = np.empty(places.shape), np.empty(places.shape)
    fit = np.empty((4, *places.shape))
    kernels.crowding(use, share, places, staff, joint, everyone, fit)
    fit[::2] **= p.congestion_elast
    fit[1::2] **= p.staff_elast
    local, newcomer = np.empty(places.shape), np.empty((2, *places.shape))
    kernels.serve(joint, everyone, fit, share, ADMITS, LEAST_SERVED, local, newcomer)
    return Served(local, newcomer)
