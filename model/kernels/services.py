"""Places, users and quality of services by market: one kernel a step, no temporaries.

Powers are taken by NumPy between kernels, so that every step has the bits of its formula in NumPy.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.indicators import total
from model.kernels.jit import kernel
from model.kernels.tally import ADULTS, ELSEWHERE, IN_CARE, OLD, OWN_COUNTY, PUPILS, UNDER_3, UNDER_6
from model.spec.codes import Kind, Service

SCHOOL, KINDERGARTEN, CHILDCARE = int(Service.SCHOOL), int(Service.KINDERGARTEN), int(Service.CHILDCARE)
HOSPITAL, ELDER, CULTURE = int(Service.HOSPITAL), int(Service.ELDER_CARE), int(Service.CULTURE)
VILLAGE: Final = int(Kind.VILLAGE)


@kernel
def demand(counts, use, childcare, weight_60, hospital_rate, elder):
    """Users by service, nearness and market where they live, float64[6, 3, M], from counts by class."""
    for near in range(3):
        for m in range(use.shape[2]):
            young = counts[UNDER_3, near, m] + counts[UNDER_6, near, m] + counts[PUPILS, near, m]
            adults, old = counts[ADULTS, near, m], counts[OLD, near, m]
            use[SCHOOL, near, m], use[KINDERGARTEN, near, m] = counts[PUPILS, near, m], counts[UNDER_6, near, m]
            use[CHILDCARE, near, m] = childcare * counts[UNDER_3, near, m]
            use[HOSPITAL, near, m] = hospital_rate * ((young + adults) + weight_60 * old)
            use[ELDER, near, m] = elder * counts[IN_CARE, near, m]
            use[CULTURE, near, m] = young + adults + old


@kernel
def taught(pupils, boarding, lost, core):
    """Move pupils, float64[3, M], from villages to county towns and from there to the core, in place.

    boarding, lost: shares of the pupils of each unit, float64[U]; core: the core's market.
    """
    units = boarding.size
    leaving = np.empty(units)
    for near in range(3):
        for u in range(units):
            going = boarding[u] * pupils[near, 3 * u]
            pupils[near, 3 * u] -= going
            seat = 3 * u + 2
            pupils[near, seat] += going
            leaving[u] = 0.0 if seat == core else lost[u] * pupils[near, seat]
            pupils[near, seat] -= leaving[u]
        pupils[near, core] += total(leaving, units)


@kernel
def refer(pull, start, quality, whole):
    """Pull of hospitals, float64[U, U] = start * quality, and its sum by unit, float64[U]. quality: to its power."""
    units = whole.size
    for u in range(units):
        for v in range(units):
            pull[u, v] = start[u, v] * quality[v]
        whole[u] = total(pull[u], units)


@kernel
def treated(patients, pull, whole, referred):
    """Move the share `referred` of patients, float64[3, M], to county-town hospitals by their pull, in place."""
    units = whole.size
    going, came = np.empty(units), np.empty(units)
    for near in range(3):
        for u in range(units):
            a, b, c = patients[near, 3 * u], patients[near, 3 * u + 1], patients[near, 3 * u + 2]
            a, b, c = referred * a, referred * b, referred * c
            going[u] = a + b + c
            patients[near, 3 * u] -= a
            patients[near, 3 * u + 1] -= b
            patients[near, 3 * u + 2] -= c
        for v in range(units):
            came[v] = 0.0
            for u in range(units):
                came[v] += going[u] * (pull[u, v] / whole[u])
        for v in range(units):
            patients[near, 3 * v + 2] += came[v]


@kernel
def line_shares(out, channel, practice, start, own_county, least, queued):
    """Share of users in the first line, float64[6, 3, M]; outside and where queued is 0 everybody is.

    channel: float64[U], entitlement now; practice: float64[6], share open at practice; start: entitlement there.
    """
    out[:] = 1.0
    for u in range(channel.size):
        left = (1.0 - channel[u]) / (1.0 - start)
        for s in range(practice.size):
            if queued[s] == 0:
                continue
            gap = 1.0 - min(max(1.0 - (1.0 - practice[s]) * left, least), 1.0)
            for m in range(3 * u, 3 * u + 3):
                out[s, OWN_COUNTY, m] -= own_county * gap
                out[s, ELSEWHERE, m] -= gap


@kernel
def crowding(use, share, places, staff, joint, everyone, ratios):
    """Users in the first line and in all, float64[6, M], and both over places and staff, at least 1: float64[4, 6, M].

    ratios: first line over places and staff, all over places and staff. A limit of zero is no limit.
    """
    for s in range(joint.shape[0]):
        for m in range(joint.shape[1]):
            a, b = 0.0, 0.0
            for near in range(3):
                a += use[s, near, m] * share[s, near, m]
                b += use[s, near, m]
            joint[s, m], everyone[s, m] = a, b
            ratios[0, s, m], ratios[1, s, m] = _over(a, places[s, m]), _over(a, staff[s, m])
            ratios[2, s, m], ratios[3, s, m] = _over(b, places[s, m]), _over(b, staff[s, m])


@kernel
def _over(users, limit):
    return max(users / limit, 1.0) if limit > 0.0 else 1.0


@kernel
def serve(joint, everyone, fit, share, queued, least, local, newcomer):
    """Quality met by locals, float64[6, M], and newcomers, float64[2, 6, M]. fit: `crowding` ratios to their powers.

    Those behind get what their presence adds, S(T) - S(J) for T - J of them.
    """
    for s in range(joint.shape[0]):
        for m in range(joint.shape[1]):
            first = joint[s, m] * fit[0, s, m] * fit[1, s, m]
            met = first / joint[s, m] if joint[s, m] > 0.0 else 1.0
            local[s, m], newcomer[0, s, m], newcomer[1, s, m] = met, met, met
            if queued[s] == 0:
                continue
            left = everyone[s, m] - joint[s, m]
            rest = met
            if left > 1e-9 * max(everyone[s, m], 1.0):
                rest = max(everyone[s, m] * fit[2, s, m] * fit[3, s, m] - first, 0.0) / left
            rest = max(rest, least)
            for k in range(2):
                part = share[s, k + 1, m]
                newcomer[k, s, m] = part * met + (1.0 - part) * rest


@kernel
def spread(out, load, capacity, scale, usual, deficit, power, shift):
    """How additions of a service are shared among markets, float64[U, 3]; see `model.phases.public_works.spread`."""
    for u in range(out.shape[0]):
        a, b, c = 0.0, 0.0, 0.0
        if usual[u, 0] > 0.0:
            a = max(load[3 * u] - capacity[3 * u], 0.0) / scale
        if usual[u, 1] > 0.0:
            b = max(load[3 * u + 1] - capacity[3 * u + 1], 0.0) / scale
        if usual[u, 2] > 0.0:
            c = max(load[3 * u + 2] - capacity[3 * u + 2], 0.0) / scale
        whole = a + b + c
        for k, short in enumerate((a, b, c)):
            need = short / whole if whole > 0.0 else usual[u, k]
            out[u, k] = (1.0 - deficit[u]) * usual[u, k] + deficit[u] * need
        moved = power[u] * shift * out[u, 2]
        out[u, 1] += moved
        out[u, 2] -= moved


@kernel
def add_flow(built, part, load, capacity, scale, flow, usual, deficit, power, shift):
    """Spread a flow of places, float64[U] real, over a unit's markets: added to built, float64[3U]. part: scratch."""
    some = False
    for u in range(flow.size):
        some = some or flow[u] != 0.0
    if not some:
        return
    spread(part, load, capacity, scale, usual, deficit, power, shift)
    for u in range(flow.size):
        for k in range(3):
            built[3 * u + k] += flow[u] * part[u, k] * scale


@kernel
def wear_places(capacity, built, works, scale, village_gain, seat_gain, beds, wear, lost):
    """Add what is built, works included, take off what wears. capacity: float64[6, M]; built: float64[6, 3U].

    works: float64[6, U, 3], real; village_gain, seat_gain: rise of beds over the start's; lost: float64[U] of `wear`.
    """
    for s in range(capacity.shape[0]):
        for u in range(lost.size):
            for k in range(3):
                m = 3 * u + k
                more = built[s, m] + works[s, u, k] * scale
                if s == HOSPITAL:
                    more += (seat_gain[u] if k == 2 else village_gain[u]) * beds[m]
                capacity[s, m] = max(capacity[s, m] + more - wear * lost[u] * capacity[s, m], 0.0)


@kernel
def covered(out, share, villages, unit, kind, order):
    """Part of each place with a usable bus, float64[P]: villages nearest first; towns are always covered."""
    for p in range(out.size):
        out[p] = 1.0
        if kind[p] == VILLAGE:
            u = unit[p]
            out[p] = min(max(share[u] * villages[u] - order[p], 0.0), 1.0)


@kernel
def travel(table, roads, link, to):
    """Travel time over that of the start by unit where a trip begins, float32[U + 1, M].

    roads: float64[U + 1], root of each unit's; link: float64[U + 1] for trips to places outside.
    """
    last = roads.size - 1
    for u in range(last + 1):
        for m in range(to.size):
            if to[m] >= 0:
                table[u, m] = roads[u] * roads[to[m]]
            else:
                table[u, m] = roads[u] * roads[last] * link[u]


@kernel
def minutes(out, start, table, fuel, now, before, unit):
    """Minutes of a mean traveller, float32[P, M]. fuel: float64[U + 1]; now, before: pace by bus, float64[P]."""
    last = fuel.size - 1
    for p in range(out.shape[0]):
        u = unit[p] if unit[p] >= 0 else last
        own, row, base, factor = fuel[u] * now[p] / before[p], out[p], start[p], table[u]
        for m in range(row.size):
            row[m] = np.float64(base[m] * factor[m]) * own
