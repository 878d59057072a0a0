"""Homes built, sold and priced by market: one kernel a step; logs and powers are taken by NumPy between them."""

from __future__ import annotations

import math

import numpy as np

from model.kernels.jit import kernel
from model.spec.codes import Kind

VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)


@kernel
def finish(
    queue, homes, unsold, unfinished, amenity, kind, sales, base, stall_carry, resume_carry, stall_share,
    resume_month, gain,
):
    """Homes due join the stock, some stall, some that stalled are taken up; new homes move the amenity of towns.

    queue: int64[48, M], moved up; gain: float64[U], rise of amenity if every home were new.
    """
    for m in range(sales.size):
        due = queue[0, m]
        sold = sales[m] / base[m] if base[m] > 0.0 else 1.0
        kept = stall_carry[m] + stall_share * min(max(1.0 - sold, 0.0), 1.0) * due
        stalled = math.floor(kept)
        stall_carry[m] = kept - stalled
        kept = resume_carry[m] + resume_month * unfinished[m]
        resumed = math.floor(kept)
        resume_carry[m] = kept - resumed
        stalled, resumed = min(np.int64(stalled), due), min(np.int64(resumed), unfinished[m])
        done = due - stalled + resumed
        unfinished[m] += stalled - resumed
        homes[m] += done
        unsold[m] += done
        for k in range(queue.shape[0] - 1):
            queue[k, m] = queue[k + 1, m]
        queue[queue.shape[0] - 1, m] = 0
        if kind[m] != VILLAGE and kind[m] != OUTSIDE:
            amenity[m] += done / max(homes[m], 1) * gain[m // 3]


@kernel
def replace(homes, occupied, unsold, demand, upgrade_carry, scrap_carry, scrap_share, out):
    """New homes bought by families who give up an older one, int64[M] in `out`; some of the older ones leave."""
    for m in range(out.size):
        kept = upgrade_carry[m] + demand[m]
        whole = math.floor(kept)
        upgrade_carry[m] = kept - whole
        out[m] = min(np.int64(whole), unsold[m])
        kept = scrap_carry[m] + scrap_share * out[m]
        whole = math.floor(kept)
        scrap_carry[m] = kept - whole
        homes[m] -= min(np.int64(whole), max(homes[m] - occupied[m], 0))


@kernel
def vacancy(occupied, homes):
    """Share of homes that nobody lives in, 0 where there are none."""
    return min(max(1.0 - occupied / homes, 0.0), 1.0) if homes > 0 else 0.0


@kernel
def price_steps(out, occupied, homes, growth, kind, trend, natural, adjust, momentum, outside, stick, cap):
    """Log change of prices, float64[M]: towns by their vacancy, places outside by the trend, villages none."""
    for m in range(out.size):
        out[m] = trend if kind[m] == OUTSIDE else 0.0
        if kind[m] != VILLAGE and kind[m] != OUTSIDE:
            step = adjust * (100.0 * (natural - vacancy(occupied[m], homes[m]))) + momentum * growth[m] / 12.0
            out[m] = _capped(step + outside * trend, stick, cap)


@kernel
def _capped(step, stick, cap):
    step = stick * step if step < 0.0 else step
    return min(max(step, -cap), cap)


@kernel
def flat_gaps(out, occupied, homes, unsold, withheld, start):
    """How far vacancy of flats to let is below that of the start, in points: float64[M]."""
    for m in range(out.size):
        out[m] = 100.0 * (start[m] - vacancy(occupied[m], homes[m] - unsold[m] - withheld[m]))


@kernel
def room_gaps(out, wanted, rooms, start, shortage):
    """The same of rooms, whose vacancy is negative where they are short, at least `shortage`: float64[M]."""
    for m in range(out.size):
        free = start[m]
        if rooms[m] > 0:
            free = 1.0 - wanted[m] / rooms[m]
        elif wanted[m] > 0:
            free = shortage
        out[m] = 100.0 * (start[m] - max(free, shortage))


@kernel
def rent_steps(out, log_rent, log_start, drift, gap, most, kind, trend, per_point, adjust, stick, cap):
    """Log change of rents, float64[M]: towards a level set by what is free; outside by the trend."""
    for m in range(out.size):
        out[m] = trend
        if kind[m] != OUTSIDE:
            town = 1.0 if kind[m] != VILLAGE else 0.0
            level = min(log_start[m] + drift[m] + per_point * gap[m] * town, most[m])
            out[m] = _capped(adjust * (level - log_rent[m]), stick, cap)


@kernel
def offer_rooms(exact, rooms, wanted, start, demolished, enforcement, adjust, per_demolished, unsafe):
    """Owners add rooms as tenants come, less what demolition took and what may not be let, in place."""
    for m in range(exact.size):
        kept = exact[m] + adjust * (wanted[m] / (1.0 - start[m]) - exact[m])
        exact[m] = max(kept - per_demolished * demolished[m], 0.0)
        safe = 1.0 - unsafe * enforcement[m // 3] if m < 3 * enforcement.size else 1.0
        rooms[m] = np.int64(math.floor(exact[m] * safe + 0.5))
