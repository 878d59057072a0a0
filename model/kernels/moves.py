"""Households that decide, and households that move: kernels over ranges of rows that share nothing they write."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.choice import CHILD, COMMUTE, COUPLE, FROM_TOWN, WHOLE, WORKER
from model.kernels.family import read_family, read_home, takes_bed
from model.kernels.jit import kernel, within
from model.kernels.quick import make_room, stays
from model.kernels.rng import Stream, uniform
from model.spec.codes import NO_SECTOR, Activity, Flag, Homestead, Kind, Sector, Tenure

APART, PRIOR = int(Flag.APART), int(Flag.PRIOR_MIGRANT)
NO_CONTRACT = ~int(Flag.CONTRACT | Flag.INSURED)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
SELF_BUILT, OWNED, RENTED = int(Tenure.SELF_BUILT), int(Tenure.OWNED), int(Tenure.RENTED)
DORM, OTHER, PUBLIC = int(Tenure.DORMITORY), int(Tenure.OTHER), int(Tenure.PUBLIC_RENTAL)
IN_USE, IDLE = int(Homestead.IN_USE), int(Homestead.IDLE)
OUTSIDE, VILLAGE = int(Kind.OUTSIDE), int(Kind.VILLAGE)
FARMING, CASUAL, NONE = int(Sector.FARMING), int(Sector.RESIDENT_SERVICES), NO_SECTOR
NO_MARKET: Final = 255
JOB_OF_MOVER: Final = Stream.JOB_OF_MOVER
RETURN: Final = 2
"""Mark of a household that is drawn home, in `World.triggered`."""
DECIDED: Final = 9
ROW, PLACE, MARKET, HOW, WORKS, CARES, TENURE, MAIN, FOLLOWS = range(DECIDED)
"""Columns of a decision; FOLLOWS says what is to be done after the move."""
NOTHING, BUYS, BUYS_APART, APPLIES = range(4)
"""Nothing, buy a home for all or for the part that lives apart, apply for an affordable rental."""


@kernel
def decide(
    start, stop, out, t, q, s, w, seed, month, rows, triggered, starts, uid, head, origin, place, split_place, config,
    owns, land_mu, tenure, split_tenure, savings_fen, debt_fen, nxt, birth, sex, education, activity, sector,
    job_market, job_since, hukou, wage, flags, person_uid,
):
    """Those of rows[start:stop] that move, to the front of `out` int64[stop - start, DECIDED]; returns how many.

    t, q, s, w: ChoiceTables, ChoiceParams, Shocks, Bounds. Who has a member whose job began in month `starts` takes
    it up, and does not think of moving.
    """
    room, n = make_room(), 0
    for r in range(start, stop):
        h = rows[r]
        if starts_job(head[h], nxt, activity, job_since, starts):
            continue
        f = read_family(
            head[h], nxt, birth, sex, education, activity, sector, job_market, hukou, wage, flags, person_uid,
            month, s, q.log_female_out,
        )
        home = read_home(
            t, q, seed, uid[h], origin[h], place[h], split_place[h], config[h], owns[h], land_mu[h], tenure[h],
            split_tenure[h], savings_fen[h], debt_fen[h],
        )
        if stays(t, q, s, w, f, home, uid[h], triggered[h] == RETURN, room):
            continue
        best, x = room.best, out[n]
        x[ROW], x[PLACE], x[MARKET], x[HOW] = h, best[0], best[1], WORKER if best[2] == FROM_TOWN else best[2]
        x[WORKS], x[CARES], x[TENURE], x[MAIN], x[FOLLOWS] = f.worker, f.carer, best[4], best[5], NOTHING
        if best[4] == OWNED and owns[h] != best[0]:
            x[FOLLOWS] = BUYS if x[HOW] == WHOLE else BUYS_APART
        elif best[4] == PUBLIC:
            x[FOLLOWS] = APPLIES
        n += 1
    return n


@within
def starts_job(i, nxt, activity, job_since, month):
    """Whether a member has found a job this month: it is taken up before anybody thinks again."""
    while i >= 0:
        if job_since[i] == month and activity[i] == EMPLOYED:
            return True
        i = nxt[i]
    return False


@kernel
def starting(rows, month, head, nxt, activity, job_since):
    """`starts_job` of households, bool[k]."""
    out = np.empty(rows.size, np.bool_)
    for r in range(rows.size):
        out[r] = starts_job(head[rows[r]], nxt, activity, job_since, month)
    return out


@kernel
def apply(
    start, stop, counts, month, seed, keep, movers, units, markets, head, origin, place, split_place, config, tenure,
    split_tenure, owns, homestead, since, savings, debt, nxt, birth, person_place, person_since, activity, sector,
    job_market, wage, flags, uid, kind, market_of, unit, home_uid, dorm_accept, back_place,
):
    """Move movers[start:stop] and their members; for `model.kernels.rows.count_rows`.

    counts: "choices" (see `model.phases.relocation.apply_moves`), int64[2, U + 1, M, 3], flat; then what
    `Ledger.carry` takes, wealth and debt by units from and to.
    """
    flows, square = 6 * (units + 1) * markets, (units + 1) ** 2
    for r in range(start, stop):
        h, target, how, main = movers[r, ROW], movers[r, PLACE], movers[r, HOW], movers[r, MAIN]
        whole = how in (WHOLE, COMMUTE)
        if main < 0:
            main = target if whole else np.int64(origin[h])
        row = unit[origin[h]] if unit[origin[h]] >= 0 else units
        old_part, part = part_of(config[h]), part_of(how)
        before, after = unit[place[h]], unit[main]
        if before != after:
            net = savings[h] - debt[h]
            a, b = before if before >= 0 else units, after if after >= 0 else units
            cell = a * (units + 1) + b if net >= 0 else square + b * (units + 1) + a
            counts[flows + cell] += abs(net)
        apart = -1 if whole else target
        if main != place[h]:
            tenure[h] = _tenure(main, origin[h], owns[h], kind)
        place[h], split_place[h], config[h], since[h] = main, apart, how, month
        back_place[h] = -1
        bed = how == WORKER and movers[r, TENURE] in (-1, DORM) and takes_bed(seed, home_uid[h], dorm_accept)
        split_tenure[h] = DORM if bed else (OWNED if owns[h] == apart else RENTED)
        if kind[origin[h]] == VILLAGE and homestead[h] in (IN_USE, IDLE):
            homestead[h] = IN_USE if main == origin[h] else IDLE
        i = head[h]
        while i >= 0:
            age = (month - birth[i]) // 12
            goes = apart >= 0 and _goes(how, i, movers[r, WORKS], movers[r, CARES], age, activity[i])
            new, old = apart if goes else main, np.int64(person_place[i])
            was, now = old_part if flags[i] & APART else 0, part if goes else 0
            if old != new or was != now:
                counts[((units + 1 + row) * markets + market_of[old]) * 3 + was] += old != origin[h]
                counts[(row * markets + market_of[new]) * 3 + now] += new != origin[h]
            flags[i] = flags[i] | APART if goes else flags[i] & ~APART
            if new != old:
                if kind[old] == OUTSIDE or old != origin[h]:
                    flags[i] |= PRIOR
                person_place[i], person_since[i] = new, month
                if activity[i] == EMPLOYED and job_market[i] != market_of[new]:
                    _leave_work(
                        i, keep, seed, month, market_of[new], kind[new], activity, sector, job_market, wage, flags, uid
                    )
            i = nxt[i]


@within
def _leave_work(i, keep, seed, month, market, kind, activity, sector, job_market, wage, flags, uid):
    """A member at work who moves to another market has a job there with chance `keep`, else looks for one."""
    if uniform(seed, JOB_OF_MOVER, uid[i], month, 0) < keep:
        job_market[i] = market
        if sector[i] == FARMING and kind != VILLAGE:
            sector[i] = CASUAL
    else:
        activity[i], sector[i], job_market[i], wage[i] = UNEMPLOYED, NONE, NO_MARKET, 0
        flags[i] &= NO_CONTRACT


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
