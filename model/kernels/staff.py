"""Staff of services by market: posts that counties mean to fill, hiring, leaving and the drain of teachers (E17)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import kernel
from model.spec.codes import Kind, Service

SCHOOL, HOSPITAL, CULTURE = int(Service.SCHOOL), int(Service.HOSPITAL), int(Service.CULTURE)
TOWN, SEAT = int(Kind.TOWN), int(Kind.SEAT)
LEAST_TARGET: Final = 0.1
"""Least posts over those that the users of today ask for."""


class Plan(NamedTuple):
    """What counties mean to have, float64[U], and how fast staff come and go a month."""

    rural: np.ndarray  # posts in villages over the start's, by the pay premium
    hospital: np.ndarray  # posts of county hospitals, by level
    township: np.ndarray  # posts of hospitals in villages and townships, by standard
    talent: np.ndarray  # posts sent to villages and townships
    teachers: float  # users served by those of a talent post who teach
    medics: float  # by those in hospitals
    hire: float
    leave: float
    held: np.ndarray  # part of teachers in towns who would leave and do, by retention
    drain: float
    drain_core: float  # part of them who teach in the core from then on


@kernel
def wanted(plan, load, cover, users, service, market):
    """Posts wanted of a service in a market, in users served. users: float64[U, 3], shares by market of the unit."""
    u, k = market // 3, market % 3
    out = load[service, market] * cover[market]
    if k == 0:
        out *= plan.rural[u]
    if service == HOSPITAL:
        out *= plan.hospital[u] if k == 2 else plan.township[u]
    if k < 2 and service in (SCHOOL, HOSPITAL):
        spread = users[u, k] / max(users[u, 0] + users[u, 1], 1e-12)
        out += plan.talent[u] * spread * (plan.teachers if service == SCHOOL else plan.medics)
    return max(out, LEAST_TARGET * load[service, market])


@kernel
def change_staff(plan, staff, load, cover, users, funding, kind, core):
    """A month of staff float64[6, M] in the markets of the units, in place. funding: float64[U], paid operation."""
    inside, drained = 3 * funding.size, 0.0
    for service in range(staff.shape[0]):
        for m in range(inside):
            if service == CULTURE:
                staff[service, m] = 0.0
                continue
            gap = wanted(plan, load, cover, users, service, m) - staff[service, m]
            staff[service, m] += plan.hire * funding[m // 3] * gap if gap > 0.0 else plan.leave * gap
    for m in range(inside):
        if kind[m] in (TOWN, SEAT):
            gone = plan.drain * plan.held[m // 3] * staff[SCHOOL, m]
            staff[SCHOOL, m] -= gone
            drained += gone
    staff[SCHOOL, core] += plan.drain_core * drained
