"""Who is in the labour force and what they can do: leaving and joining it, courses, trades learnt at school (E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import jobs, labour
from model.kernels.segments import share_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

TERM_STARTS: Final = 9
PULL_LIMITS: Final = (0.5, 2.0)
"""Tightness over the start beyond which nobody else leaves or joins the labour force (assumed)."""
THIN_SHARE: Final = 0.002
"""Weight of the start tightness in thin markets, as a share of the jobs there."""


def unit_tightness(world: World) -> np.ndarray:
    """Posts per applicant of each unit at last month's search, drawn to `theta_start` where few search, float64[U]."""
    p, seen, units = world.p, world.seen, world.n_units
    filled, posts, seekers = (
        seen.markets[key][: 3 * units].reshape(units, 3).sum(axis=1) for key in ("jobs_filled", "jobs_open", "seekers")
    )
    thin = THIN_SHARE * filled
    return share_of(posts + p.theta_start * thin, seekers + thin, empty=p.theta_start)


def start_labour_force(world: World) -> None:
    """Rate of joining by sex and age that brings back as many as stop looking at the start: float64[2, 5]."""
    people, p = world.residents, world.p
    jobless, inactive = labour.idle_counts(
        0, people.n, people.household, people.place, people.activity, people.birth, people.sex, world.places.unit
    )
    world.accounts["join_month"] = np.minimum(0.5, share_of(p.discourage_month * jobless, inactive))


def leave_and_join(world: World, month: int) -> None:
    """The jobless stop looking and others look again, by the posts per applicant of their unit."""
    people, p, units = world.residents, world.p, world.n_units
    pull = np.clip(unit_tightness(world) / p.theta_start, *PULL_LIMITS) ** p.participation_elast
    stopped, joined = np.zeros(units, np.int64), np.zeros(units, np.int64)
    labour.leave_and_join(
        world.seed, month, people.n, people.household, people.place, people.activity, people.birth, people.sex,
        people.uid, world.places.unit, p.discourage_month, world.accounts["join_month"], pull, stopped, joined,
    )
    world.count("stopped_looking", stopped)
    world.count("looking_again", joined)


def give_courses(world: World, month: int) -> None:
    """Training beyond practice: the places of the month over the people who may come."""
    flow = np.maximum(world.channels.training_flow, 0.0) * world.scale
    if not flow.any():
        return
    p, people = world.p, world.residents
    eligible = jobs.trainable(
        month, people.n, people.household, people.place, people.activity, people.education, people.birth,
        world.places.unit, world.n_units,
    )
    chance = np.minimum(1.0, share_of(flow, eligible))
    treated = jobs.train(
        world.seed, month, people.n, people.household, people.place, people.activity, people.education, people.birth,
        people.flags, people.wage_yuan, people.uid, world.places.unit, chance, p.training_deadweight,
        float(np.exp(p.training_wage)),
    )
    world.count("trained", treated)


def learn_at_school(world: World, month: Month) -> None:
    """In month 9, more leavers of vocational schools know a trade where funding per student has risen.

    Share with a usable trade = vocational_skilled_share * (funding / practice)^vocational_elast; what practice gives is
    in the pay of the start, so that only the rise counts, and a cut takes nothing from those who have left.
    """
    if month.of_year != TERM_STARTS:
        return
    p, people, funding = world.p, world.residents, world.channels.vocational_funding_yuan
    ratio = share_of(np.maximum(funding, 0.0), world.accounts["vocational_start"], empty=1.0)
    more = p.vocational_skilled_share * (ratio**p.vocational_elast - 1.0)
    chance = np.clip(more / (1.0 - p.vocational_skilled_share), 0.0, 1.0)
    learnt = labour.learn_at_school(
        world.seed, month.index, people.n, people.household, people.place, people.activity, people.education,
        people.birth, people.flags, people.uid, world.places.unit, p.vocational_share, chance,
    )
    world.count("trained", learnt)
