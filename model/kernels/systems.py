"""Infrastructure by system and unit, and upgrades of villages: what is built and what wears in a month."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import bare, kernel


@kernel
def improve(x, start, added, fixed, wear, holds, upkeep, factor, slower, renewal, least):
    """Wear and additions of systems, in place. x, start, added: float64[S, U]; fixed: bool[S], those that do not wear.

    upkeep, factor, slower: float64[U], share paid, wear over practice, and what governance makes of it in `renewal`.
    """
    for k in range(x.shape[0]):
        for u in range(x.shape[1]):
            change = 0.0
            if not fixed[k]:
                f = factor[u] * slower[u] if k == renewal else factor[u]
                lost = f * (1.0 - holds * upkeep[u])
                change = wear * ((1.0 - holds) * start[k, u] - lost * x[k, u])
            x[k, u] = max(x[k, u] + change + added[k, u], min(start[k, u], least))


@kernel
def upgrade_villages(
    stock, heads, heads_start, village, unit, planned, minimum, gain, governed, factor, wear, holds, upkeep, upgrades,
    villages_start, least, felt,
):
    """Upgrades and rebuilding of villages, spread by plan, in place: stock float64[P]. felt: mean by unit, float64[U].

    village: rows; planned, governed, factor, upkeep, upgrades, villages_start: float64[U]; see `model.phases.systems`.
    """
    units = felt.size
    count, mean, people = np.zeros(units), np.zeros(units), np.zeros(units)
    call = np.empty(village.size)
    felt[:] = 0.0
    for k in range(village.size):
        p = village[k]
        h = np.float64(heads[p])
        call[k] = h * h / max(heads_start[p], 1)
        count[unit[p]] += 1.0
        mean[unit[p]] += call[k]
        people[unit[p]] += h
    for u in range(units):
        mean[u] = mean[u] / max(count[u], 1.0)
    for k in range(village.size):
        p, u = village[k], unit[village[k]]
        by_call = call[k] / mean[u] if mean[u] > 0.0 else 1.0
        deliver = (1.0 + gain * governed[u]) * (1.0 + planned[u] * (1.0 - minimum) * (by_call - 1.0))
        lost = factor[u] * (1.0 - gain * governed[u]) * (1.0 - holds * upkeep[u])
        change = wear * ((1.0 - holds) * deliver - lost * stock[p])
        stock[p] = max(stock[p] + upgrades[u] / villages_start[u] * deliver + change, least)
        felt[u] += heads[p] * stock[p]
    for u in range(units):
        felt[u] = felt[u] / people[u] if people[u] > 0.0 else 1.0


@bare
def carry(x, start, system, offset, power, out):
    """Part of amenity that systems carry, 1 at the start: float64[3U], by villages, townships and county towns.

    x, start: float64[S, U]; system: int64[W] rows of them; offset: float64[W]; power: float64[W, 2] that towns (0) and
    villages (1) give to (offset + x) / (offset + x at the start), 0 where it does not enter.
    """
    for u in range(x.shape[1]):
        town, rural = 1.0, 1.0
        for w in range(system.size):
            k = system[w]
            index = (offset[w] + x[k, u]) / (offset[w] + start[k, u])
            if index != 1.0:
                town *= index ** power[w, 0]
                rural *= index ** power[w, 1]
        out[3 * u], out[3 * u + 1], out[3 * u + 2] = rural, town, town


@bare
def move_amenity(now, before, works, low, high, amenity):
    """Move amenity, float64[3U], by works, float64[3U], and by what systems gained or lost since `before`."""
    for m in range(now.size):
        amenity[m] = min(max((amenity[m] + works[m]) * (now[m] / before[m]), low), high)
