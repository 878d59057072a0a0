"""Short tables of a month from which bounds of utility are read: see `model.kernels.quick`."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.choice import (
    CHILDCARE,
    CORE,
    CULTURE,
    ELDER,
    HOSPITAL,
    KINDERGARTEN,
    OUTSIDE,
    SCHOOL,
    TOWN,
    ChoiceParams,
    ChoiceTables,
    is_destination,
    nest_of,
)
from model.kernels.jit import bare, kernel, within
from model.kernels.nested import SLOT_CONFIGS, UNDRAWN
from model.kernels.shocks import Shocks, fill_coarse

BOUNDED: Final = np.array([HOSPITAL, SCHOOL, KINDERGARTEN, CHILDCARE, ELDER])
SEAT_KINDS: Final = 3
"""Markets of a unit: villages, townships, county town."""


class Bounds(NamedTuple):
    """What no alternative of the month exceeds, by destination of each home unit in the order of markets.

    U units (row U: from outside), J destinations, P places, M markets. float32 unless said.
    """

    size: np.ndarray  # int64[U + 1] destinations
    inside: np.ndarray  # int64[U + 1] those in the prefecture, which come first
    listed: np.ndarray  # uint8[U + 1, M] 1 where a market is a destination
    code: np.ndarray  # uint64[U + 1, J] market times SLOT_CONFIGS
    nest: np.ndarray  # int64[U + 1, J]
    far: np.ndarray  # [U + 1, J] what college adds
    pay: np.ndarray  # [2, U + 1, 3, J] yuan/month of one earner
    top: np.ndarray  # float64[2, U + 1, 3] the same, over markets
    whole: np.ndarray  # [U + 1, J] constants and services of a whole household
    worker: np.ndarray  # [U + 1, J] constants of who works there
    child: np.ndarray  # [U + 1, J] constants and school of a child
    access: np.ndarray  # [P, J] distance and network
    near: np.ndarray  # int16[P, M] county towns to which a fast household can commute
    n_near: np.ndarray  # int64[P] how many
    coarse: np.ndarray  # [5, 256] see `model.kernels.shocks.fill_coarse`
    split: float  # utility of living in two places


def empty_bounds(t: ChoiceTables, q: ChoiceParams, s: Shocks) -> Bounds:
    """Room for the bounds of any month; what is drawn with is in it."""
    rows, markets = t.income.shape[1:3]
    towns = np.bincount(t.market_unit[(t.market_kind == TOWN) & (t.market_place >= 0)] + 1, minlength=1)
    most = int(((t.market_kind != TOWN) & (t.market_place >= 0)).sum() + towns.max())
    short = (rows, most)
    wide = [np.zeros(short, np.float32) for _ in range(3)]
    coarse = np.empty((5, 256), np.float32)
    fill_coarse(s, coarse)
    return Bounds(
        np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros((rows, markets), np.uint8),
        np.zeros(short, np.uint64), np.zeros(short, np.int64), np.zeros(short, np.float32),
        np.zeros((2, rows, 3, most), np.float32), np.zeros((2, rows, 3)), *wide,
        np.zeros((t.place_unit.size, most), np.float32), np.zeros(t.minutes.shape, np.int16),
        np.zeros(t.place_unit.size, np.int64), coarse, max(q.beta_split, q.beta_split * (1.0 - q.weekly_relief)),
    )


@bare
def fill_bounds(t, q, w):
    """What depends on the month's pay, constants and services."""
    for row in range(w.size.size):
        n = 0
        w.inside[row] = 0
        w.top[:, row] = 0.0
        for m in range(t.market_place.size):
            for prior in range(2):
                for skill in range(SEAT_KINDS):
                    w.top[prior, row, skill] = max(w.top[prior, row, skill], t.income[prior, row, m, skill])
            unit = row if row < w.size.size - 1 else -1
            w.listed[row, m] = is_destination(t, m, unit)
            if w.listed[row, m]:
                _fill_destination(t, q, w, row, unit, m, n)
                w.inside[row] += t.market_kind[m] != OUTSIDE
                n += 1
        w.size[row] = n


@within
def _fill_destination(t, q, w, row, unit, m, n):
    w.code[row, n], w.nest[row, n] = m * SLOT_CONFIGS, nest_of(t, unit, m)
    w.far[row, n] = q.log_college if t.market_kind[m] in (CORE, OUTSIDE) else 0.0
    for prior in range(2):
        for skill in range(3):
            w.pay[prior, row, skill, n] = t.income[prior, row, m, skill]
    a = t.log_quality[SCHOOL, m]
    w.whole[row, n] = t.base[row, m, 0] + _service(t, q, row, m)
    w.worker[row, n] = t.base[row, m, 1]
    w.child[row, n] = t.base[row, m, 2] + q.school * max(a, a + t.log_entitlement[SCHOOL, row, m])


@within
def _service(t, q, row, m):
    """Most that services of a market are worth to anybody, over needs and registration."""
    # Who needs a service not at all gets nothing from it; everybody needs hospitals, the old more.
    weight = (q.hospital, q.school, q.kindergarten, q.childcare, q.elder)
    most = (q.hospital * q.hospital_60, q.school, q.kindergarten, q.childcare, q.elder)
    least = (UNDRAWN, 0.0, 0.0, 0.0, 0.0)
    value = t.amenity[m] + q.culture * t.log_quality[CULTURE, m]
    for k in range(BOUNDED.size):
        a = t.log_quality[BOUNDED[k], m]
        b = a + t.log_entitlement[BOUNDED[k], row, m]
        value += max(least[k], weight[k] * a, weight[k] * b, most[k] * a, most[k] * b)
    return value


@kernel
def fill_near(t, q, w):
    """County towns within reach of the fastest households; they change with roads only."""
    fastest = min(1.0, q.bus_time, q.no_bus_time)
    for p in range(w.n_near.size):
        n = 0
        for m in range(2, t.minutes.shape[1], SEAT_KINDS):
            if t.market_kind[m] != OUTSIDE and fastest * t.minutes[p, m] <= q.commute_max_min:
                w.near[p, n] = m
                n += 1
        w.n_near[p] = n


@kernel
def shorten_access(places, t, w):
    """Rows of `access` of some places, by destination."""
    for k in range(places.size):
        p = places[k]
        row = t.place_unit[p] if t.place_unit[p] >= 0 else w.size.size - 1
        for j in range(w.size[row]):
            w.access[p, j] = t.access[p, w.code[row, j] // np.uint64(SLOT_CONFIGS)]
