"""Staff as a limit beside places: posts follow users, leave for larger cities, and are lent to villages (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import staff
from model.spec.codes import Kind, Service

if TYPE_CHECKING:
    from model.state.world import World

SCHOOL, CULTURE = int(Service.SCHOOL), int(Service.CULTURE)
YEAR: Final = 12.0


def cover_start(world: World) -> np.ndarray:
    """Users whom staff can serve to standard at the start, as a share of users, float64[M]."""
    p, kind = world.p, world.markets.kind[: world.markets.n]
    cover = np.where(kind == Kind.VILLAGE, p.staff_cover_rural, p.staff_cover_county)
    return np.where(kind == Kind.CORE, 1.0, cover)


def start_staff(world: World, load: np.ndarray) -> None:
    """panels.staff in users that can be served to standard; none is counted for culture and outside."""
    at_work = world.panels.staff
    at_work[:] = load * cover_start(world)
    at_work[CULTURE], at_work[:, 3 * world.n_units :] = 0.0, 0.0
    world.accounts["talent_posts"] = np.zeros(world.n_units)


def plan_of(world: World) -> staff.Plan:
    """The start's cover of the users of today, more in villages by the pay premium, in county hospitals by level, in
    villages and townships by the standard of township hospitals, and talent posts on top."""
    p, c, a = world.p, world.channels, world.accounts
    return staff.Plan(
        (1.0 + c.rural_pay_premium) ** p.rural_pay_elast,
        1.0 + p.hospital_level_gain * (c.hospital_level - a["hospital_level_start"]),
        1.0 + p.township_health_gain * (c.township_health - a["township_health_start"]),
        a["talent_posts"], p.talent_teacher_share * p.pupils_per_teacher,
        p.talent_health_share * p.beds_per_health_post, p.staff_hire_year / YEAR, p.staff_leave_year / YEAR,
        1.0 - p.retention_effect * c.teacher_retention, p.teacher_drain_year / YEAR, p.teacher_drain_core,
    )


def change_staff(world: World, load: np.ndarray, funding: np.ndarray) -> None:
    """A month of hiring, leaving and drain. funding: float64[U], share of operation that is paid.

    Teachers of towns leave for larger cities; a part of them teaches in the core from then on.
    """
    p, c = world.p, world.channels
    posts = world.accounts["talent_posts"]
    posts += c.rural_posts_flow * world.scale - p.talent_leave_year / YEAR * posts
    staff.change_staff(
        plan_of(world), world.panels.staff, load, cover_start(world), world.accounts["user_share"], funding,
        world.markets.kind, core_market(world),
    )


def core_market(world: World) -> int:
    """Row of the core's market."""
    return int(np.flatnonzero(world.markets.kind[: world.markets.n] == Kind.CORE)[0])


def staff_at_work(world: World) -> np.ndarray:
    """Staff where they serve this year, float64[6, M]: teachers lent to villages are missing in towns."""
    units, out = world.n_units, world.panels.staff.copy()
    school = out[SCHOOL, : 3 * units].reshape(units, 3)
    lent = world.channels.teacher_rotation - world.accounts["rotation_start"]
    school[:, 0] += world.p.rotation_fit * lent * school[:, 1:].sum(axis=1)
    school[:, 1:] *= (1.0 - lent)[:, None]
    out[SCHOOL, : 3 * units] = np.maximum(school, 0.0).ravel()
    return out
