"""Staff as a limit beside places: posts follow users, leave for larger cities, and are lent to villages (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.spec.codes import Kind, Service

if TYPE_CHECKING:
    from model.state.world import World

SCHOOL, HOSPITAL, CULTURE = int(Service.SCHOOL), int(Service.HOSPITAL), int(Service.CULTURE)
YEAR: Final = 12.0
LEAST_TARGET: Final = 0.1


def cover_start(world: World) -> np.ndarray:
    """Users whom staff can serve to standard at the start, as a share of users, float64[M]."""
    p, kind = world.p, world.markets.kind[: world.markets.n]
    cover = np.where(kind == Kind.VILLAGE, p.staff_cover_rural, p.staff_cover_county)
    return np.where(kind == Kind.CORE, 1.0, cover)


def start_staff(world: World, load: np.ndarray) -> None:
    """panels.staff in users that can be served to standard; none is counted for culture and outside."""
    staff = world.panels.staff
    staff[:] = load * cover_start(world)
    staff[CULTURE], staff[:, 3 * world.n_units :] = 0.0, 0.0
    world.accounts["talent_posts"] = np.zeros(world.n_units)


def wanted_staff(world: World, load: np.ndarray) -> np.ndarray:
    """Posts that counties mean to fill, in users served, float64[6, 3U].

    The start's cover of the users of today, more in villages by the pay premium, in county hospitals by level, in
    villages and townships by the standard of township hospitals, and talent posts on top.
    """
    p, c, a, inside = world.p, world.channels, world.accounts, 3 * world.n_units
    wanted = (load * cover_start(world))[:, :inside]
    rural, town, seat = np.arange(0, inside, 3), np.arange(1, inside, 3), np.arange(2, inside, 3)
    wanted[:, rural] *= (1.0 + c.rural_pay_premium) ** p.rural_pay_elast
    wanted[HOSPITAL, seat] *= 1.0 + p.hospital_level_gain * (c.hospital_level - a["hospital_level_start"])
    for market in (rural, town):
        wanted[HOSPITAL, market] *= 1.0 + p.township_health_gain * (c.township_health - a["township_health_start"])
    users = a["user_share"][:, :2]
    spread = users / np.maximum(users.sum(axis=1, keepdims=True), 1e-12)
    for k, market in enumerate((rural, town)):
        posts = a["talent_posts"] * spread[:, k]
        wanted[SCHOOL, market] += posts * p.talent_teacher_share * p.pupils_per_teacher
        wanted[HOSPITAL, market] += posts * p.talent_health_share * p.beds_per_health_post
    return np.maximum(wanted, LEAST_TARGET * load[:, :inside])


def change_staff(world: World, load: np.ndarray, funding: np.ndarray) -> None:
    """A month of hiring, leaving and drain. funding: float64[U], share of operation that is paid."""
    p, c, inside = world.p, world.channels, 3 * world.n_units
    posts = world.accounts["talent_posts"]
    posts += c.rural_posts_flow * world.scale - p.talent_leave_year / YEAR * posts
    staff = world.panels.staff[:, :inside]
    gap = wanted_staff(world, load) - staff
    hired = p.staff_hire_year / YEAR * np.repeat(funding, 3) * np.maximum(gap, 0.0)
    staff += hired - p.staff_leave_year / YEAR * np.maximum(-gap, 0.0)
    staff[CULTURE] = 0.0
    drain_teachers(world, staff)


def drain_teachers(world: World, staff: np.ndarray) -> None:
    """Teachers of towns leave for larger cities; a part of them teaches in the core from then on."""
    p, kind, core = world.p, world.markets.kind[: staff.shape[1]], core_market(world)
    held = 1.0 - p.retention_effect * np.repeat(world.channels.teacher_retention, 3)
    town = (kind == Kind.TOWN) | (kind == Kind.SEAT)
    gone = np.where(town, p.teacher_drain_year / YEAR * held * staff[SCHOOL], 0.0)
    staff[SCHOOL] -= gone
    staff[SCHOOL, core] += p.teacher_drain_core * gone.sum()


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
