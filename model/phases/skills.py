"""What people can do, and who looks again for work: courses, trades learnt at school (E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import labour
from model.kernels import skills as kernels
from model.kernels.rng import Stream
from model.kernels.rows import count_rows, find_rows
from model.kernels.screen import limit_of, screen_key
from model.kernels.segments import share_of
from model.spec.codes import Activity

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

TERM_STARTS: Final = 9
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
THIN_SHARE: Final = 0.002
"""Weight of the start tightness in thin markets, as a share of the jobs there."""


def start_labour_force(world: World) -> None:
    """Rate of joining by sex and age that brings back as many as stop looking at the start: float64[2, 5]."""
    people, p = world.residents, world.p
    jobless, inactive = labour.idle_counts(
        0, people.n, people.household, people.place, people.activity, people.birth, people.sex, world.places.unit
    )
    world.accounts["join_month"] = np.minimum(0.5, share_of(p.discourage_month * jobless, inactive))


def trainable(world: World, month: int) -> np.ndarray:
    """People of each unit who may come to a course, int64[U]."""
    people = world.residents
    return count_rows(
        kernels.trainable, people.n, (world.n_units,), month, people.household, people.place, people.activity,
        people.education, people.birth, world.places.unit,
    )


def give_courses(world: World, month: int) -> None:
    """Training beyond practice: the places of the month over the people who may come."""
    flow = np.maximum(world.channels.training_flow, 0.0) * world.scale
    if not flow.any():
        return
    p, people = world.p, world.residents
    chance = np.minimum(1.0, share_of(flow, trainable(world, month)))
    key, limit = np.uint64(screen_key(world.seed, Stream.COURSE, month)), np.uint64(limit_of(chance.max()))
    rows = find_rows(
        kernels.drawn, people.n, key, people.uid, people.activity, EMPLOYED, limit, UNEMPLOYED, limit
    )
    treated = kernels.train(
        rows, key, world.seed, month, people.household, people.place, people.activity, people.education, people.birth,
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
    if not chance.any():
        return
    rows = find_rows(kernels.left_school, people.n, month.index, people.activity, people.education, people.birth)
    learnt = kernels.learn_at_school(
        rows, world.seed, people.household, people.place, people.flags, people.uid, world.places.unit,
        p.vocational_share, chance,
    )
    world.count("trained", learnt)
