"""Triggered households choose a place, a living arrangement and a tenure (E2-E9, E11, E12, E21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.choice import (
    CHILD,
    COMMUTE,
    COUPLE,
    FROM_TOWN,
    WHOLE,
    WORKER,
    ChoiceTables,
)
from model.kernels.family import read_family, read_home, takes_bed
from model.kernels.jit import kernel, within
from model.kernels.quick import bounds_of, make_room, stays
from model.kernels.rng import Stream, uniform
from model.kernels.rows import over_rows
from model.phases.arrivals import arrivals
from model.phases.buying_in import buy_on_arrival
from model.phases.choice_tables import choice_params, choice_tables, month_shocks
from model.phases.circular import circulate
from model.phases.kinship import household_unit, move_wealth
from model.phases.placement import households_offered, start_arranged, sure_outside, takers
from model.phases.public_rental import allocate_public_rental
from model.phases.triggers import RETURN
from model.spec.codes import NO_SECTOR, Activity, Flag, Homestead, Kind, Sector, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART, PRIOR = int(Flag.APART), int(Flag.PRIOR_MIGRANT)
CONTRACT, INSURED = int(Flag.CONTRACT), int(Flag.INSURED)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
SELF_BUILT, OWNED, RENTED = int(Tenure.SELF_BUILT), int(Tenure.OWNED), int(Tenure.RENTED)
DORM, OTHER, PUBLIC = int(Tenure.DORMITORY), int(Tenure.OTHER), int(Tenure.PUBLIC_RENTAL)
IN_USE, IDLE = int(Homestead.IN_USE), int(Homestead.IDLE)
OUTSIDE, VILLAGE = int(Kind.OUTSIDE), int(Kind.VILLAGE)
FARMING, CASUAL, NONE = int(Sector.FARMING), int(Sector.RESIDENT_SERVICES), NO_SECTOR
NO_MARKET: Final = 255
JOB_OF_MOVER: Final = Stream.JOB_OF_MOVER
FEWEST_DECIDERS: Final = 1000
"""Deciders below which one thread is quicker than two."""


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
    rows = np.flatnonzero(world.triggered)
    rows = rows[~starts_work(world, month.index, rows)]
    if rows.size:
        decided = decide(world, month.index, rows, world.triggered[rows] == RETURN)
        movers = decided[decided[:, 1] >= 0]
        before = household_unit(world, movers[:, 0])
        wants = movers[:, 6] == OWNED
        wants &= world.households.owns[movers[:, 0]] != movers[:, 1]
        apply_moves(world, month.index, movers)
        move_wealth(world, movers[:, 0], before)
        if month.index >= 0:
            whole = movers[:, 3] == WHOLE
            buy_on_arrival(world, month, movers[:, 0][wants & whole])
            buy_on_arrival(world, month, movers[:, 0][wants & ~whole], apart=True)
        allocate_public_rental(world, movers[:, 0][movers[:, 6] == PUBLIC], month)
    take_offers(world, month.index)
    arrivals(world, month)


def starts_work(world: World, month: int, rows: np.ndarray) -> np.ndarray:
    """Whether a member has found a job this month, bool[k]: it is taken up before anybody thinks again."""
    people = world.residents
    return np.asarray(
        _starts_work(rows, month, world.households.head, people.next, people.activity, people.job_since)
    )


@kernel
def _starts_work(rows, month, head, nxt, activity, job_since):
    out = np.zeros(rows.size, np.bool_)
    for r in range(rows.size):
        i = head[rows[r]]
        while i >= 0:
            out[r] |= activity[i] == EMPLOYED and job_since[i] == month
            i = nxt[i]
    return out


def take_offers(world: World, month: int) -> None:
    """Households to which a labour brand offers a post outside choose with that post in mind; those who go have it."""
    rows = households_offered(world, month)
    if rows.size == 0:
        return
    tables = sure_outside(world, choice_tables(world, month, origins=world.households.origin[rows]))
    movers = takers(world, decide(world, month, rows, np.zeros(rows.size, np.bool_), tables))
    before = household_unit(world, movers[:, 0])
    apply_moves(world, month, movers)
    move_wealth(world, movers[:, 0], before)
    start_arranged(world, month, movers)


def decide(
    world: World, month: int, rows: np.ndarray, returning: np.ndarray, tables: ChoiceTables | None = None
) -> np.ndarray:
    """What each household chooses: int64[n, 8] of row, place, market, config, worker, carer, tenure, main place.

    Place is -1 for those who stay as they are. tables: what deciders see, where it differs from what all see.
    """
    homes, people = world.households, world.residents
    tables = choice_tables(world, month, origins=homes.origin[rows]) if tables is None else tables
    q = choice_params(world.p)
    if world.watch is not None:
        world.watch.deciding(world, month, rows, returning, tables, q)
    out = np.full((rows.size, 8), -1, np.int64)
    over_rows(
        _decide, rows.size, tables, q, month_shocks(world, q, month), bounds_of(tables, q), world.seed, month, rows,
        returning, homes.uid, homes.head, homes.origin, homes.place, homes.split_place, homes.config, homes.owns,
        homes.land_mu, homes.tenure, homes.split_tenure, homes.savings_fen, homes.debt_fen, people.next, people.birth,
        people.sex, people.education, people.activity, people.sector, people.job_market, people.hukou,
        people.wage_yuan, people.flags, people.uid, out, fewest=FEWEST_DECIDERS, block=64,
    )
    return out


@kernel
def _decide(
    start, stop, t, q, s, bounds, seed, month, rows, returning, uid, head, origin, place, split_place, config, owns,
    land_mu, tenure, split_tenure, savings_fen, debt_fen, nxt, birth, sex, education, activity, sector, job_market,
    hukou, wage, flags, person_uid, out,
):
    room = make_room()
    for r in range(start, stop):
        h = rows[r]
        out[r, 0] = h
        f = read_family(
            head[h], nxt, birth, sex, education, activity, sector, job_market, hukou, wage, flags, person_uid,
            month, s, q.log_female_out,
        )
        home = read_home(
            t, q, seed, uid[h], origin[h], place[h], split_place[h], config[h], owns[h], land_mu[h], tenure[h],
            split_tenure[h], savings_fen[h], debt_fen[h],
        )
        if stays(t, q, s, bounds, f, home, uid[h], returning[r], room):
            continue
        best = room.best
        out[r, 1], out[r, 2], out[r, 3] = best[0], best[1], WORKER if best[2] == FROM_TOWN else best[2]
        out[r, 4], out[r, 5], out[r, 6], out[r, 7] = f.worker, f.carer, best[4], best[5]


def apply_moves(world: World, month: int, movers: np.ndarray) -> None:
    """Move households and their members as decided.

    movers: int64[n, 6 or 8] as from `decide`; without tenure and main place the household rents, and its main
    body is at the target or at home. Who was at work has a job at the new place with probability `move_with_job`
    (through kin and fellow villagers), in the same industry unless that was farming; the others look for work there.
    Moves made before month 0 all keep a job, since the employment of the start state already holds. Counts "choices":
    persons who entered and who left each destination, int64[2, U + 1, M, 3] by home unit, market and whole, worker,
    child.
    """
    keep = 1.0 if month < 0 else float(world.p.move_with_job)
    flows = np.zeros((2, world.n_units + 1, world.markets.n, 3), np.int64)
    homes, people, places = world.households, world.residents, world.places
    if movers.shape[1] == 6:
        movers = np.hstack((movers, np.full((movers.shape[0], 2), -1, np.int64)))
    _apply(
        month, world.seed, keep, movers, homes.head, homes.origin, homes.place, homes.split_place, homes.config,
        homes.tenure, homes.split_tenure, homes.owns, homes.homestead, homes.since, people.next, people.birth,
        people.place, people.since, people.activity, people.sector, people.job_market, people.wage_yuan, people.flags,
        people.uid, places.kind, places.market, places.unit, flows, homes.uid, world.p.dorm_accept, homes.back_place,
    )
    world.count("choices", flows)


@kernel
def _apply(
    month, seed, keep, movers, head, origin, place, split_place, config, tenure, split_tenure, owns, homestead, since,
    nxt, birth, person_place, person_since, activity, sector, job_market, wage, flags, uid, kind, market_of,
    unit, flows, home_uid, dorm_accept, back_place,
):
    for r in range(movers.shape[0]):
        h, target, how = movers[r, 0], movers[r, 1], movers[r, 3]
        whole = how in (WHOLE, COMMUTE)
        row = unit[origin[h]]
        old_part, part = part_of(config[h]), part_of(how)
        main = movers[r, 7] if movers[r, 7] >= 0 else (target if whole else origin[h])
        apart = -1 if whole else target
        if main != place[h]:
            tenure[h] = _tenure(main, origin[h], owns[h], kind)
        place[h], split_place[h], config[h], since[h] = main, apart, how, month
        back_place[h] = -1
        bed = how == WORKER and takes_bed(seed, home_uid[h], dorm_accept) and movers[r, 6] in (-1, DORM)
        split_tenure[h] = DORM if bed else (OWNED if owns[h] == apart else RENTED)
        if kind[origin[h]] == VILLAGE and homestead[h] in (IN_USE, IDLE):
            homestead[h] = IN_USE if main == origin[h] else IDLE
        i = head[h]
        while i >= 0:
            goes = apart >= 0 and _goes(how, i, movers[r, 4], movers[r, 5], (month - birth[i]) // 12, activity[i])
            new, old = apart if goes else main, person_place[i]
            was, now = old_part if flags[i] & APART else 0, part if goes else 0
            if old != new or was != now:
                flows[1, row, market_of[old], was] += old != origin[h]
                flows[0, row, market_of[new], now] += new != origin[h]
            flags[i] = flags[i] | APART if goes else flags[i] & ~APART
            if new != old:
                if kind[old] == OUTSIDE or old != origin[h]:
                    flags[i] |= PRIOR
                person_place[i], person_since[i] = new, month
                if activity[i] != EMPLOYED or job_market[i] == market_of[new]:
                    pass
                elif uniform(seed, JOB_OF_MOVER, uid[i], month, 0) < keep:
                    job_market[i] = market_of[new]
                    if sector[i] == FARMING and kind[new] != VILLAGE:
                        sector[i] = CASUAL
                else:
                    activity[i], sector[i], job_market[i], wage[i] = UNEMPLOYED, NONE, NO_MARKET, 0
                    flags[i] &= ~(CONTRACT | INSURED)
            i = nxt[i]


@within
def part_of(config):
    """0 whole household, 1 worker or couple, 2 child and carer."""
    if config == CHILD:
        return 2
    return 1 if config in (WORKER, COUPLE) else 0


@within
def _goes(how, i, worker, carer, age, activity):
    """Whether a member is among those who live apart."""
    if how == WORKER:
        return i == worker
    if how == CHILD:
        return i == carer or 6 <= age < 15
    return how == COUPLE and activity in (EMPLOYED, UNEMPLOYED)


@within
def _tenure(place, origin, owns, kind):
    """Tenure on arrival, before the lottery for affordable homes."""
    if owns == place:
        return OWNED
    if place == origin:
        return SELF_BUILT if kind[origin] == VILLAGE else OTHER
    return RENTED
