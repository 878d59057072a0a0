"""Labour brands: posts arranged outside the prefecture, for those who choose to take them (E4, E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels import labour, skills
from model.kernels.bounds import fill_bounds
from model.kernels.moves import PLACE, ROW, WORKS
from model.kernels.rng import Stream
from model.kernels.rows import find_rows
from model.kernels.screen import limit_of, screen_key
from model.kernels.segments import share_of
from model.phases.choice_tables import Weighing
from model.phases.skills import EMPLOYED, UNEMPLOYED, trainable
from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.state.world import World


def offers(world: World) -> np.ndarray:
    """Posts outside offered this month beyond practice by unit, float64[U], at the scale of the run.

    Trainees of practice times the change of the share, and the share of trainees beyond practice.
    """
    p, a, c, out = world.p, world.accounts, world.channels, np.empty(world.n_units)
    labour.posts_outside(
        out, c.outside_placement_share, a["placement_start"], p.trainees_per_1000_rural / 1000.0 / 12.0,
        a["rural_start"], c.training_flow, world.scale,
    )
    return out


def households_offered(world: World, month: int) -> np.ndarray:
    """Rows of households at home, none of them deciding anyway, to a member of which a post is offered: int32[k]."""
    flow = offers(world)
    if not flow.any():
        return np.zeros(0, np.int32)
    people, homes = world.residents, world.households
    chance = np.minimum(1.0, share_of(flow, trainable(world, month)))
    key, limit = np.uint64(screen_key(world.seed, Stream.OFFER, month)), np.uint64(limit_of(chance.max()))
    drawn = find_rows(
        skills.drawn, people.n, key, people.uid, people.activity, EMPLOYED, limit, UNEMPLOYED, limit
    )
    return np.unique(labour.offered(
        drawn, key, month, chance, people.household, people.place, people.activity, people.education, people.birth,
        people.flags, people.uid, world.places.unit, world.triggered, homes.place, homes.origin, homes.split_place,
    ))


def sure_outside(world: World, weighed: Weighing) -> Weighing:
    """What a decider with an offer weighs: pay outside is certain, with no spell out of work."""
    t, q, w = weighed
    income = t.income.copy()
    away = world.markets.kind[: world.markets.n] == Kind.OUTSIDE
    sure = world.seen.panels.belief_wage * (1.0 - world.p.worker_contribution_share)
    income[:, :, away] = np.maximum(income[:, :, away], sure[None, :, away])
    t, w = t._replace(income=income), w._replace(pay=w.pay.copy(), top=w.top.copy())
    fill_bounds(t, q, w)
    return Weighing(t, q, w)


def takers(world: World, movers: np.ndarray) -> np.ndarray:
    """Those of `movers` that take a post outside; the others stay as they are."""
    kind = world.places.kind[movers[:, PLACE]]
    return movers[(kind == Kind.OUTSIDE) & (movers[:, WORKS] >= 0)]


def start_arranged(world: World, month: int, movers: np.ndarray) -> None:
    """Each mover's worker begins the post that was arranged."""
    people, p, workers = world.residents, world.p, movers[:, WORKS].copy()
    labour.start_arranged(
        world.seed, month, workers, people.place, world.places.market, people.sex, people.activity, people.sector,
        people.job_market, people.job_since, people.flags, people.wage_yuan, people.education, people.uid,
        world.accounts["paid_wage_yuan"], p.wage_spread, float(np.exp(p.training_wage)),
    )
    unit = world.places.unit[world.households.origin[movers[:, ROW]]]
    world.count("placed_outside", np.bincount(unit[unit >= 0], minlength=world.n_units))
