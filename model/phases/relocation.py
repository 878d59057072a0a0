"""Triggered households choose a place, a living arrangement and a tenure (E2-E9, E11, E12, E21)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import moves as kernels
from model.kernels.moves import APPLIES, BUYS, BUYS_APART, FOLLOWS, RETURN, ROW
from model.kernels.rows import at_once, count_rows, ranges
from model.phases.arrivals import arrivals
from model.phases.buying_in import buy_on_arrival
from model.phases.choice_tables import Weighing, month_shocks, weighing
from model.phases.circular import circulate
from model.phases.placement import households_offered, start_arranged, sure_outside, takers
from model.phases.public_rental import allocate_public_rental

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FEWEST_DECIDERS: Final = 500
"""Deciders below which one thread is quicker than two."""
NEVER: Final = -30_000
"""A month in which no job began."""


def relocation(world: World, month: Month) -> None:
    """Short stays at home (E11); then the triggered choose and move, and who meant to buy does, as far as homes go.

    **Reads** world.triggered, world.seen (incomes, prices, rents, quality, networks), channels (entitlement, farm
    income, travel, placement outside).
    **Writes** households (rows, place, split_place, config, tenure, split_tenure, owns, homestead, since, savings_fen,
    debt_fen, back_place, back_config, back_month, back_since), residents (rows, place, since, activity, sector,
    job_market, job_since, wage_yuan, flags), markets (public_rental_used, homes_unsold), accounts.bought_on_arrival,
    ledger (wealth moves with its owners); rows are arrivals from outside.
    """
    if month.index >= 0:
        circulate(world, month)
    rows = triggered_rows(world)
    if rows.size:
        movers = decide(world, month.index, rows, starts=month.index)
        if movers.shape[0]:
            world.ledger.carry(apply_moves(world, month.index, movers))
            settle_in(world, month, movers)
    take_offers(world, month.index)
    arrivals(world, month)


def triggered_rows(world: World) -> np.ndarray:
    """Rows of the households that think again or return, ascending."""
    marks, rows = world.kept.get("triggered", (None, None))
    return rows if marks is world.triggered else np.flatnonzero(world.triggered).astype(np.int32)


def settle_in(world: World, month: Month, movers: np.ndarray) -> None:
    """Who moved to buy a home, or to rent an affordable one, does so as far as they go."""
    follows = movers[:, FOLLOWS]
    if not follows.any():
        return
    if month.index >= 0:
        buy_on_arrival(world, month, movers[follows == BUYS, ROW])
        buy_on_arrival(world, month, movers[follows == BUYS_APART, ROW], apart=True)
    allocate_public_rental(world, movers[follows == APPLIES, ROW], month)


def take_offers(world: World, month: int) -> None:
    """Households to which a labour brand offers a post outside choose with that post in mind; those who go have it."""
    rows = households_offered(world, month)
    if rows.size == 0:
        return
    weighed = sure_outside(world, weighing(world, month, rows))
    movers = takers(world, decide(world, month, rows, weighed))
    world.ledger.carry(apply_moves(world, month, movers))
    start_arranged(world, month, movers)


def decide(
    world: World, month: int, rows: np.ndarray, weighed: Weighing | None = None, starts: int = NEVER
) -> np.ndarray:
    """What households that do not stay as they are choose: int64[movers, 9] by columns of `model.kernels.moves`.

    rows: int32, ascending. weighed: what deciders see, where it differs from what all see. Those with a member whose
    job began in month `starts` take it up first.
    """
    homes, people = world.households, world.residents
    t, q, w = weighing(world, month, rows) if weighed is None else weighed
    if world.watch is not None:
        look_on(world, month, rows, starts, t, q)
    out = np.empty((rows.size, kernels.DECIDED), np.int64)
    args = (
        t, q, month_shocks(world, q, month), w, world.seed, month, rows, world.triggered, starts, homes.uid, homes.head,
        homes.origin, homes.place, homes.split_place, homes.config, homes.owns, homes.land_mu, homes.tenure,
        homes.split_tenure, homes.savings_fen, homes.debt_fen, people.next, people.birth, people.sex, people.education,
        people.activity, people.sector, people.job_market, people.job_since, people.hukou, people.wage_yuan,
        people.flags, people.uid,
    )
    split = ranges(rows.size, FEWEST_DECIDERS, 64)
    found = at_once([partial(kernels.decide, a, b, out[a:b], *args) for a, b in split])
    parts = [out[a : a + n] for (a, _), n in zip(split, found)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def look_on(world: World, month: int, rows: np.ndarray, starts: int, t: object, q: object) -> None:
    """Tell who watches what is about to be decided, and by whom."""
    homes, people = world.households, world.residents
    rows = rows[~kernels.starting(rows, starts, homes.head, people.next, people.activity, people.job_since)]
    if world.watch is not None:
        world.watch.deciding(world, month, rows, world.triggered[rows] == RETURN, t, q)


def apply_moves(world: World, month: int, movers: np.ndarray) -> np.ndarray:
    """Move households and their members as decided.

    movers: int64[n, 6 or more] as from `decide`; without tenure and main place the household rents, and its main
    body is at the target or at home. Who was at work has a job at the new place with probability `move_with_job`
    (through kin and fellow villagers), in the same industry unless that was farming; the others look for work there.
    Moves made before month 0 all keep a job, since the employment of the start state already holds. Counts "choices":
    persons who entered and who left each destination, int64[2, U + 1, M, 3] by home unit, market and whole, worker,
    child. Returns the wealth and the debt that move with them, as `Ledger.carry` takes them.
    """
    keep = 1.0 if month < 0 else float(world.p.move_with_job)
    units, markets = world.n_units, world.markets.n
    size, square = 6 * (units + 1) * markets, (units + 1) ** 2
    homes, people, places = world.households, world.residents, world.places
    if movers.shape[1] == 6:
        movers = np.hstack((movers, np.full((movers.shape[0], 2), -1, np.int64)))
    counts = count_rows(
        kernels.apply, movers.shape[0], (size + 2 * square,), month, world.seed, keep, movers, units, markets,
        homes.head, homes.origin, homes.place, homes.split_place, homes.config, homes.tenure, homes.split_tenure,
        homes.owns, homes.homestead, homes.since, homes.savings_fen, homes.debt_fen, people.next, people.birth,
        people.place, people.since, people.activity, people.sector, people.job_market, people.wage_yuan, people.flags,
        people.uid, places.kind, places.market, places.unit, homes.uid, world.p.dorm_accept, homes.back_place,
        fewest=FEWEST_DECIDERS,
    )
    world.count("choices", counts[:size].reshape(2, units + 1, markets, 3))
    return counts[size:].reshape(2, units + 1, units + 1)
