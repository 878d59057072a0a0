"""The search for work: where people apply, who is first in the lottery, which posts they get (E13).

Draws are hashed words keyed by person, month and market, or by firm, month and post, so that a post or an applicant
more moves as few others as can be.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.jobs import skill_of
from model.kernels.rng import mix_uid, to_open
from model.kernels.screen import screen_word
from model.spec.codes import N_SECTORS, N_SKILLS, Kind

TOWN: Final = int(Kind.TOWN)
PER_MARKET: Final = 2 * N_SECTORS


@kernel
def places_in_reach(minutes, place_unit, place_market, market_unit, market_kind, wide, decay, most, market, weight):
    """Markets in which people of each place look for work: their number, int64[P].

    minutes: [P, M]; decay: float64[U], minutes by which a place e times as far is as seldom taken; most: minutes of
    the longest trip; wide: bool[local], county towns and the core. To be filled: market int64[P, K] and weight
    float64[P, K], exp(minutes / decay), 1 for the own market. Towns of the own unit, county towns and the core count,
    in the order of markets.
    """
    count = np.zeros(place_unit.size, np.int64)
    for p in range(place_unit.size):
        u = place_unit[p]
        if u < 0:
            continue
        for m in range(wide.size):
            if not wide[m] and market_unit[m] != u:
                continue
            own = m == place_market[p]
            if own or ((wide[m] or market_kind[m] == TOWN) and minutes[p, m] <= most):
                market[p, count[p]] = m
                weight[p, count[p]] = 1.0 if own else math.exp(np.float64(minutes[p, m]) / decay[u])
                count[p] += 1
    return count


@kernel
def apply(start, stop, person, people, where, key, count, market, weight, posts, group, draw, tie):
    """Where the people in person[start:stop] apply and their place in the lottery.

    Those who live in the prefecture apply to one market in reach with chances in proportion to the weight of travel
    times the posts for their skill: the first arrival of an exponential race whose draws are kept per (person,
    month, market), so that posts added in one market move nobody between two others. posts: float64[M, 3].
    group (market * 3 + skill, -1 outside), draw and tie (uint64 ids): to be filled.
    """
    for k in range(start, stop):
        i = person[k]
        here = people.place[i]
        s = skill_of(people.education[i])
        word = screen_word(key, people.uid[i])
        best, first = -1, 1e300
        for r in range(count[here]):
            m = market[here, r]
            pace = weight[here, r] / posts[m, s]
            u = to_open(mix_uid(word, np.uint64(m + 1)))
            # -log(u) >= 1 - u, so that most of those who come later need no logarithm.
            if (1.0 - u) * pace < first:
                time = -math.log(u) * pace
                if time < first:
                    best, first = m, time
        group[k] = best * N_SKILLS + s if best >= 0 else -1
        draw[k] = to_open(mix_uid(word, np.uint64(0)))
        tie[k] = people.uid[i]


@kernel
def first_in_groups(group, draw, tie, number):
    """Positions of the number[g] smallest draws of every group, by group and then draw, ties by `tie`: int64[sum].

    group: int[n], -1 for none; draw: float64[n] in [0, 1); number: int64[G]. Draws are spread evenly, so each falls
    near its place: only those near enough to the front are put in order.
    """
    n_groups = number.size
    begin = np.zeros(n_groups + 1, np.int64)
    for k in range(group.size):
        if group[k] >= 0:
            begin[group[k] + 1] += 1
    for g in range(n_groups):
        begin[g + 1] += begin[g]
    slot = np.zeros(begin[n_groups] + 1, np.int64)
    for k in range(group.size):
        if group[k] >= 0:
            slot[_slot(group[k], draw[k], begin)] += 1
    taken, held = np.zeros(n_groups + 1, np.int64), 0
    for g in range(n_groups):
        taken[g], upto = held, 0
        for b in range(begin[g], begin[g + 1]):
            size = slot[b]
            slot[b] = held if upto < number[g] else -1
            held += size if upto < number[g] else 0
            upto += size
    taken[n_groups] = held
    near = np.empty(held, np.int64)
    for k in range(group.size):
        if group[k] >= 0:
            b = _slot(group[k], draw[k], begin)
            if slot[b] >= 0:
                near[slot[b]] = k
                slot[b] += 1
    out, m = np.empty(held, np.int64), 0
    for g in range(n_groups):
        _put_in_order(near[taken[g] : taken[g + 1]], draw, tie)
        for r in range(taken[g], min(taken[g + 1], taken[g] + number[g])):
            out[m] = near[r]
            m += 1
    return out[:m]


@kernel
def _slot(group, draw, begin):
    """Where a draw would stand if those of its group were spread evenly."""
    size = begin[group + 1] - begin[group]
    return begin[group] + min(size - 1, math.floor(draw * size))


@kernel
def _put_in_order(near, draw, tie):
    """Insertion sort of nearly sorted rows by draw, then tie."""
    for r in range(1, near.size):
        k, q = near[r], r
        while q > 0 and (draw[near[q - 1]], tie[near[q - 1]]) > (draw[k], tie[k]):
            near[q] = near[q - 1]
            q -= 1
        near[q] = k


@kernel
def posts_by_lottery(posts, number, uid, key):
    """Firm rows of the posts that are filled, number[g] in each group (market * 3 + skill), in the order of groups.

    posts: int64[rows, 3], open by firm and skill. The lottery is keyed by firm, month and number of the post.
    """
    total = 0
    for r in range(posts.shape[0]):
        for s in range(N_SKILLS):
            total += posts[r, s] if number[r // PER_MARKET * N_SKILLS + s] > 0 else 0
    row, group = np.empty(total, np.int64), np.empty(total, np.int64)
    draw, k = np.empty(total), 0
    for r in range(posts.shape[0]):
        word = screen_word(key, uid[r])
        for s in range(N_SKILLS):
            g = r // PER_MARKET * N_SKILLS + s
            for o in range(posts[r, s] if number[g] > 0 else 0):
                row[k], group[k] = r, g
                draw[k] = to_open(mix_uid(word, np.uint64(o * N_SKILLS + s)))
                k += 1
    return row[first_in_groups(group, draw, row, number)]
