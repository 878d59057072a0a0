"""Public works: which line they go to, when they can be used, what they leave behind and how it lasts (E18)."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels import public as at
from model.kernels.jit import bare, within
from model.kernels.public import CAPACITY, FEN, GENERAL, HOMES, LINES, QUEUE_MONTHS, YEAR, share_of
from model.spec.codes import N_SERVICES, Service

MOST_SHIFTED: Final = 0.6
"""Part of works that may leave the general line: the rest is bound (assumed)."""
ROAD_PART: Final = 0.3
"""Roads among the public works of the start (assumed)."""
TEN_THOUSAND: Final = 10_000.0
PLACE_YUAN: Final = np.array([60_000.0, 40_000.0, 50_000.0, 400_000.0, 100_000.0, 3000.0])
"""Cost of a place by service: seats, places under three, beds of hospitals and care, users of culture (assumed)."""
WORST, BEST = 0.3, 1.1
"""Limits of the condition of public works."""
SCHOOL: Final = int(Service.SCHOOL)


@bare
def missing_places(load, capacity, u, scale):
    """Cost of the places that are missing in a unit, real yuan."""
    whole = 0.0
    for s in range(N_SERVICES):
        part = 0.0
        for m in range(3 * u, 3 * u + 3):
            part += missing(load, capacity, s, m, scale)
        whole += part
    return whole


@within
def missing(load, capacity, s, m, scale):
    """Cost of the missing places of one service in one market, real yuan."""
    return max(load[s, m] - capacity[s, m], 0.0) / scale * PLACE_YUAN[s]


@within
def pace(y, u, r):
    """Part of planned works carried out on time, over that of practice."""
    share, odds = r[at.R_IMPLEMENT], y[at.C_ODDS, u]
    return max(odds / (1.0 - share + share * odds), 0.1)


@within
def sum_lines(x):
    """Sum over the eight lines of works."""
    return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))


@within
def split_lines(u, y, r, type_lines, lagging_lines, out):
    """Share of the works by line, float64[LINES] that sum to 1.

    Full weight of the functional type turns type_shift_share to the lines of the type, full weight of measured need
    deficit_shift_share to missing places, full feedback feedback_shift_share to lines that lag.
    """
    of_type, of_feedback = y[at.C_TYPE, u] * r[at.R_TYPE_SHIFT], y[at.C_FEEDBACK, u] * r[at.R_FEEDBACK_SHIFT]
    for k in range(LINES):
        out[k] = of_type * type_lines[u, k] + of_feedback * lagging_lines[u, k]
    out[CAPACITY] += y[at.C_DEFICIT, u] * r[at.R_DEFICIT_SHIFT]
    bound = min(1.0, share_of(MOST_SHIFTED, sum_lines(out), 1.0))
    for k in range(LINES):
        out[k] *= bound
    out[GENERAL] += 1.0 - sum_lines(out)


@bare
def lag_of(u, line, y, r):
    """Months from payment to use.

    bond_delay over the pace of delivery, less where townships decide; planning comes before works for measured need.
    """
    months = r[at.R_BOND_DELAY] / pace(y, u, r) * (1.0 - r[at.R_LEAD_CUT] * y[at.C_POWER, u])
    if line == CAPACITY:
        months += r[at.R_PLANNING]
    return np.int64(min(max(np.rint(months), 1.0), QUEUE_MONTHS - 1.0))


@bare
def begin(month, index, u, works, homes, y, r, type_lines, lagging_lines, queue, line):
    """Put what was paid for into the queue.

    works: fen of the month; homes: reward money for homes. General works count as what they differ from those of the
    start, which just keep towns as they are. line: float64[LINES], room.
    """
    real = works / (FEN * r[at.R_SCALE] * index)
    split_lines(u, y, r, type_lines, lagging_lines, line)
    for k in range(LINES):
        line[k] *= real
    line[GENERAL] -= y[at.WORKS_START_YUAN, u]
    line[HOMES] = homes / (FEN * r[at.R_SCALE])
    for k in range(LINES):
        queue[(month + lag_of(u, k, y, r)) % QUEUE_MONTHS, u, k] += line[k]


@bare
def finish(u, done, y, r):
    """Turn finished works (real yuan, float64[LINES]) into what other phases read."""
    y[at.TOURISM_WORKS, u] = done[at.TOURISM]
    y[at.POSTS, u] = done[at.PARKS] / r[at.R_POST_YUAN]
    y[at.VILLAGE_WORKS, u] = done[at.VILLAGE] / r[at.R_VILLAGE_YUAN]
    y[at.NEW_HOMES, u] = done[HOMES] / r[at.R_HOME_YUAN]
    y[at.FARM_WORKS, u] += done[at.FARM]
    y[at.ROAD_WORKS, u] += done[at.ROADS]
    y[at.ASSET, u] = max(y[at.ASSET, u] + sum_lines(done), 0.1 * y[at.ASSET_START, u])


@bare
def add_places(u, yuan, y, scale, load, capacity, residents, places):
    """Places that works for measured need add, float64[6, U, 3]: money follows the cost of what is missing.

    Where nothing is missing they become school seats in towns.
    """
    whole, towns = y[at.MISSING, u], residents[u, 1] + residents[u, 2]
    for s in range(N_SERVICES):
        for k in range(3):
            part = 0.0
            if whole > 0.0:
                part = missing(load, capacity, s, 3 * u + k, scale) / whole
            elif s == SCHOOL and k > 0:
                part = share_of(residents[u, k], towns, 0.5)
            places[s, u, k] = part * yuan / PLACE_YUAN[s]


@bare
def add_amenity(u, general, y, r, residents, amenity):
    """Rise of amenity by general works beyond those of the start, float64[U, 3], at utility_amenity_gain.

    Townships with powers take township_shift_share of the works of the county town: they gain what it loses.
    """
    gain = r[at.R_AMENITY_GAIN] / TEN_THOUSAND
    town, seat = residents[u, 1], residents[u, 2]
    towns = max(town + seat, 1.0)
    every = y[at.WORKS_START_YUAN, u] + general
    moved = y[at.C_POWER, u] * r[at.R_TOWN_SHIFT] * every * seat / towns
    amenity[u, 0] = 0.0
    amenity[u, 1] = gain * (general / towns + moved / max(town, 1.0))
    amenity[u, 2] = gain * (general / towns - moved / max(seat, 1.0))


@bare
def age_assets(u, rate, y, r):
    """Condition of public works from upkeep a year over value; at the start's rate it stays.

    With the roads built, condition moves the time of trips; places and systems wear by what `upkeep_paid` leaves.
    """
    before, start = y[at.CONDITION, u], y[at.MAINTENANCE_START, u]
    now = before + (rate - start) / YEAR * before
    y[at.CONDITION, u] = min(max(now, WORST), BEST)
    y[at.UPKEEP_PAID, u] = min(max(share_of(rate, start, 1.0), 0.0), 1.0)
    roads = 1.0 + y[at.ROAD_WORKS, u] / (ROAD_PART * y[at.ASSET_START, u])
    y[at.TRAVEL, u] = (y[at.CONDITION, u] * roads) ** -r[at.R_ROAD_ELAST]
