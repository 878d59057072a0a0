"""The nested choice: tenures within a place and arrangement, within a ring, and staying or leaving (E3, E9).

The joint error of the nested logit (McFadden 1978; Cardell 1997) is drawn through positive stable variables
(Kanter 1975), so that the choice is one argmax and a better place can only gain. Alternatives are rows of
`alt`: place, market, slot (arrangement), nest, tenure, main place; tenures of one market and slot stand together.

U = V + tau (log S_nest + g), with g = fresh log S_kept + rho log S_month + rho e: S_nest, S_kept and S_month positive
stable of index tau, fresh and rho / fresh, e Gumbel by tenure. S_kept is drawn once per (decider, market, slot),
the others every month; g is standard Gumbel, with correlation 1 - rho^2 among the tenures of a place.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.rng import mix_uid
from model.kernels.shocks import NEST_WORDS, TENURE_WORDS, lane_of, look_up, stable

N_NESTS: Final = 5
SLOT_CONFIGS: Final = 8
NEAR_NESTS: Final = 3
UNDRAWN: Final = -1e300


@bare
def choose(v, alt, n, s, uid, near, log_s, out):
    """Index of the best alternative; only nests 0-2 (home, own county, prefecture) compete when `near` (a return).

    s: Shocks of the month. log_s: float64[N_NESTS], room to work in. out: float64[n], receives the value of every
    alternative.
    """
    lasting, fresh = mix_uid(uid, s.kept_key), mix_uid(uid, s.month_key)
    for nest in range(N_NESTS):
        log_s[nest] = UNDRAWN
    best, best_value = 0, UNDRAWN
    place, group, word = 0.0, -1, np.uint64(0)
    for k in range(n):
        nest = alt[k, 3]
        if log_s[nest] == UNDRAWN:
            log_s[nest] = stable(s.nest, s.nest_scale, s.gumbel, mix_uid(NEST_WORDS + nest, fresh))
        code = alt[k, 1] * SLOT_CONFIGS + alt[k, 2]
        if code != group:
            group = code
            place = stable(s.kept, s.kept_scale, s.gumbel, mix_uid(code, lasting))
            place += stable(s.month, s.month_scale, s.gumbel, mix_uid(code, fresh))
            word = mix_uid(TENURE_WORDS + code, fresh)
        out[k] = v[k] + s.tau * (log_s[nest] + place + s.rho * look_up(s.gumbel, lane_of(word, alt[k, 4])))
        if (not near or nest < NEAR_NESTS) and out[k] > best_value:
            best, best_value = k, out[k]
    return best


@kernel
def nested_probabilities(v, alt, n, tau, rho, p):
    """Closed form of the three-level nested logit: p[k] over n alternatives."""
    top = -1e300
    for k in range(n):
        top = max(top, v[k])
    nests = np.zeros(N_NESTS)
    group = np.zeros(n)
    k = 0
    while k < n:
        last, total = k, 0.0
        while last < n and alt[last, 1] == alt[k, 1] and alt[last, 2] == alt[k, 2]:
            p[last] = math.exp((v[last] - top) / (tau * rho))
            total += p[last]
            last += 1
        for j in range(k, last):
            group[j] = total
        nests[alt[k, 3]] += total**rho
        k = last
    whole = 0.0
    for g in range(N_NESTS):
        if nests[g] > 0.0:
            whole += nests[g] ** tau
    for k in range(n):
        inside = nests[alt[k, 3]]
        if group[k] > 0.0:
            p[k] = p[k] / group[k] * group[k] ** rho / inside * inside**tau / whole
