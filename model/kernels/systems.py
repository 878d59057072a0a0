"""Infrastructure by system and unit, and upgrades of villages: what is built and what wears in a month."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel


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


@kernel
def carry(index, town, rural, out):
    """Part of amenity that systems carry, float64[3U], by villages, townships and county towns.

    index: float64[W, U, 2], indices to the power that towns (0) and villages (1) give them; town, rural: bool[W].
    """
    for u in range(index.shape[1]):
        a, b = 1.0, 1.0
        for w in range(index.shape[0]):
            if town[w]:
                a *= index[w, u, 0]
            if rural[w]:
                b *= index[w, u, 1]
        out[3 * u], out[3 * u + 1], out[3 * u + 2] = b, a, a
