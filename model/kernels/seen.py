"""What deciders see of places, worked out where it is needed (E4, E6, E7)."""

from __future__ import annotations

import math

import numpy as np

from model.kernels.jit import kernel


@kernel
def fill_pay(belief_p, belief_wage, truth, truth_wage, told, share, fallback, out):
    """Expected pay of one earner: float64[2, U + 1, M, 3] into `out`, by experience, from beliefs and the truth.

    told: weight of the truth for who has worked elsewhere; share: of pay that is not contributed; fallback: yuan a
    month without a job.
    """
    for prior in range(2):
        weight = told if prior else 0.0
        for u in range(belief_p.shape[0]):
            for m in range(belief_p.shape[1]):
                chance = belief_p[u, m] + weight * (truth[m] - belief_p[u, m])
                for k in range(belief_wage.shape[2]):
                    wage = belief_wage[u, m, k] + weight * (truth_wage[m, k] - belief_wage[u, m, k])
                    out[prior, u, m, k] = chance * wage * share + (1.0 - chance) * fallback


@kernel
def fill_entitlement(near, far, queue, unit, outside, least, out):
    """Log of what newcomers meet over what locals meet: float64[6, U + 1, M] into `out`.

    near, far: share open to the own county's villagers and to others, float64[6, M]; queue: float64[2, 6, M].
    """
    for s in range(out.shape[0]):
        for m in range(out.shape[2]):
            away = far[s, m] * queue[1, s, m] if unit[m] >= 0 else outside
            out[s, :, m] = math.log(max(away, least))
            if unit[m] >= 0:
                out[s, unit[m], m] = math.log(max(near[s, m] * queue[0, s, m], least))


@kernel
def fill_access(origin, near, network, beta, cap, done, out):
    """Distance and network terms of the places that `origin` names: rows of float64[P, M] `out`.

    near: the distance term, float64[P, M]; network: co-villagers per 100; done: uint8[P] zeros, marks what is filled.
    """
    for k in range(origin.size):
        o = origin[k]
        if done[o]:
            continue
        done[o] = 1
        for m in range(out.shape[1]):
            n = network[o, m]
            out[o, m] = near[o, m] + (beta * math.log1p(min(np.float64(n), cap)) if n > 0.0 else 0.0)
