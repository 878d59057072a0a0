"""People registered elsewhere who come to the prefecture's towns: how many, and who they are (inflow side of E2)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import kernel, within
from model.kernels.rng import Stream, gumbel, mix_uid, uniform, uniform_pair
from model.kernels.screen import screen_unit
from model.spec.codes import NO_PLACE, NO_SECTOR, Activity, Config, Flag, Tenure

ARRIVAL: Final = Stream.ARRIVAL
SLOT_FACTOR: Final = 3.0
SLOTS_SPARE: Final = 8
RENTED, WHOLE = int(Tenure.RENTED), int(Config.WHOLE)
UNEMPLOYED, CHILD, PUPIL = int(Activity.UNEMPLOYED), int(Activity.CHILD), int(Activity.PUPIL)
MARRIED: Final = int(Flag.MARRIED)
NO_MARKET: Final = 255


class Arrival(NamedTuple):
    """Shares that shape arriving households."""

    couple: float
    with_child: float
    senior: float
    college: float


@kernel
def rates(
    out, base, attraction, belief_p, belief_wage, fallback, beta_w, beta_d, dist_km, seats, roads, works, link_share,
    link_year, link_gain, year,
):
    """See `model.phases.arrivals.arrival_rates`; float64[O, U] into `out`."""
    attractions(out, belief_p, belief_wage, fallback)
    units = out.shape[1]
    for u in range(units):
        link = 1.0 - link_gain * link_share[u] * (year >= link_year[u])
        slower = np.float32(np.sqrt(roads[u] * works[u]) * link)
        for o in range(out.shape[0]):
            km = dist_km[seats[u], 3 * units + o]
            nearer = ((np.float32(1.0) + km * slower) / (np.float32(1.0) + km)) ** np.float32(beta_d)
            out[o, u] = base[o, u] * (out[o, u] / attraction[o, u]) ** beta_w * nearer


@kernel
def attractions(out, belief_p, belief_wage, fallback):
    """Mean expected income of each county town relative to each outside place, float64[O, U] into `out`."""
    units = out.shape[1]
    for u in range(units):
        town = _income(belief_p, belief_wage, fallback, units, 3 * u + 2)
        for o in range(out.shape[0]):
            out[o, u] = town / _income(belief_p, belief_wage, fallback, units, 3 * units + o)


@within
def _income(belief_p, belief_wage, fallback, row, m):
    """What people from outside expect to earn at a market, the mean over skills."""
    total = 0.0
    for skill in range(belief_wage.shape[2]):
        total += belief_p[row, m] * belief_wage[row, m, skill] + (1.0 - belief_p[row, m]) * fallback
    return total / belief_wage.shape[2]


@kernel
def filled(key, rates, base):
    """(outside, unit, slot) of every slot that fills, int64[n, 3]."""
    n = 0
    for turn in range(2):
        out = np.empty((n, 3), np.int64)
        n = 0
        for o in range(base.shape[0]):
            for u in range(base.shape[1]):
                slots = int(np.ceil(SLOT_FACTOR * base[o, u])) + SLOTS_SPARE
                chance = min(rates[o, u] / slots, 1.0)
                for k in range(slots):
                    uid = mix_uid(np.uint64(o * 1000 + u + 1), np.uint64(k + 1))
                    if screen_unit(key, uid) < chance:
                        if turn:
                            out[n, 0], out[n, 1], out[n, 2] = o, u, k
                        n += 1
    return out


@kernel
def shape(seed, month, filled, shares):
    """Stable household ids and numbers of members (1, 2 or 3)."""
    n = filled.shape[0]
    uids, sizes = np.empty(n, np.uint64), np.ones(n, np.int64)
    for r in range(n):
        slot = mix_uid(np.uint64(filled[r, 0] * 1000 + filled[r, 1] + 1), np.uint64(filled[r, 2] + 1))
        uids[r] = mix_uid(slot, np.uint64(month + 1))
        u, v = uniform_pair(seed, ARRIVAL, uids[r], month, 1)
        if u < shares.couple:
            sizes[r] = 3 if v < shares.with_child else 2
    return uids, sizes


@kernel
def fill_households(
    month, first_home, first, filled, uids, sizes, seats, outs, uid, head, size, origin, place, split_place, config,
    tenure, owns, since,
):
    """Rows of households from `first_home` on, whose members begin at row `first`."""
    for r in range(uids.size):
        h = first_home + r
        uid[h], head[h], size[h] = uids[r], first, sizes[r]
        origin[h], place[h], split_place[h] = outs[filled[r, 0]], seats[filled[r, 1]], NO_PLACE
        config[h], tenure[h], owns[h], since[h] = WHOLE, RENTED, NO_PLACE, month
        first += sizes[r]


@kernel
def fill_members(
    seed, month, first_home, first, filled, uids, sizes, seats, outs, shape, uid, birth, sex, education, household, nxt,
    place, usual, since, hukou, activity, sector, job_market, flags,
):
    """Rows of their members."""
    i = first
    for r in range(uids.size):
        seat, out = seats[filled[r, 1]], outs[filled[r, 0]]
        for k in range(sizes[r]):
            uid[i] = mix_uid(uids[r], np.uint64(k + 1))
            u, v = uniform_pair(seed, ARRIVAL, uid[i], month, 2)
            x = uniform(seed, ARRIVAL, uid[i], month, 3)
            # Ages follow the labour hump of migration schedules: a Gumbel around 25 (Rogers and Castro 1981).
            age = min(58.0, max(17.0, 25.0 + 6.0 * gumbel(u))) if k < 2 else 1.0 + 13.0 * u
            birth[i] = month - int(age * 12.0)
            sex[i] = (0 if x < 0.56 else 1) if sizes[r] == 1 else (k if k < 2 else (1 if x < 0.5 else 0))
            education[i] = 3 if v >= shape.senior + shape.college else (5 if v < shape.college else 4)
            if k == 2:
                education[i] = 2 if age >= 6 else 0
            household[i] = first_home + r
            nxt[i] = i + 1 if k + 1 < sizes[r] else -1
            place[i], usual[i], since[i], hukou[i] = seat, out, month, out
            activity[i] = UNEMPLOYED if k < 2 else (PUPIL if age >= 6 else CHILD)
            sector[i], job_market[i] = NO_SECTOR, NO_MARKET
            flags[i] = MARRIED if sizes[r] > 1 and k < 2 else 0
            i += 1
