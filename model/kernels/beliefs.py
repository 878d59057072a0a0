"""Who lives where of each village, and beliefs that follow the truth (E7, E23)."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel
from model.spec.codes import Kind

VILLAGE = int(Kind.VILLAGE)


LANES, FEW = 4, 100_000
"""Tables that rows take in turn, so that an addition need not wait for the last one; and rows that need one only."""


@kernel
def count_networks(start, stop, counts, household, hukou, place, market):
    """People of rows [start, stop) by place of registration and market where they live, added to int64[P, M].

    For `model.kernels.rows.count_rows`.
    """
    markets, lanes = np.uint64(counts.shape[1]), np.uint64(LANES if stop - start > FEW else 1)
    size = np.uint64(counts.size)
    local = np.zeros(lanes * size, np.uint32)
    alive, home, here = household[start:stop], hukou[start:stop], place[start:stop]
    for i in range(np.uint64(alive.size)):
        if alive[i] >= 0:
            cell = np.uint64(home[i]) * markets + np.uint64(market[np.uint64(here[i])])
            local[i % lanes * size + cell] += np.uint32(1)
    flat = counts.reshape(counts.size)
    for lane in range(lanes):
        part = local[lane * size : (lane + np.uint64(1)) * size]
        for k in range(flat.size):
            flat[k] += part[k]


@kernel
def follow(counts, network, belief_p, belief_wage, truth_p, truth_wage, kind, unit, speed_year, network_gain):
    """`per_hundred`, then `learn` from it."""
    per_hundred(counts, network)
    learn(belief_p, belief_wage, truth_p, truth_wage, network, kind, unit, speed_year, network_gain)


@kernel
def per_hundred(counts, network):
    """Counts over all registered at the place, a hundred times, to network float32[P, M]; 0 where nobody is."""
    for p in range(counts.shape[0]):
        total = 0
        for m in range(counts.shape[1]):
            total += counts[p, m]
        whole = np.float64(max(total, 1))
        for m in range(counts.shape[1]):
            network[p, m] = 100.0 * counts[p, m] / whole


@kernel
def unit_contact(network, kind, unit, units):
    """Mean network of each unit's villages at each market, float64[U + 1, M] (last row: outside, zero)."""
    total = np.zeros((units + 1, network.shape[1]), np.float32)
    villages = np.zeros(units, np.int64)
    for p in range(network.shape[0]):
        if kind[p] == VILLAGE and unit[p] >= 0:
            villages[unit[p]] += 1
            for m in range(network.shape[1]):
                total[unit[p], m] += network[p, m]
    out = np.zeros(total.shape)
    for u in range(units):
        for m in range(network.shape[1]):
            out[u, m] = total[u, m] / np.float32(villages[u])
    return out


@kernel
def learn(belief_p, belief_wage, truth_p, truth_wage, network, kind, unit, speed_year, network_gain):
    """Move beliefs float64[U + 1, M] and float64[U + 1, M, 3] by a month towards the truth, faster with contacts."""
    contact = unit_contact(network, kind, unit, belief_p.shape[0] - 1)
    for u in range(belief_p.shape[0]):
        for m in range(belief_p.shape[1]):
            pace = min(1.0, (speed_year + network_gain * min(1.0, contact[u, m] / 5.0)) / 12.0)
            belief_p[u, m] += pace * (truth_p[m] - belief_p[u, m])
            for s in range(belief_wage.shape[2]):
                belief_wage[u, m, s] += pace * (truth_wage[m, s] - belief_wage[u, m, s])
