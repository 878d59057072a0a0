"""The search for work: where people apply, who is first in the lottery, which posts they get (E13).

Draws are hashed words keyed by person, month and market, or by firm, month and post, so that a post or an applicant
more moves as few others as can be.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel, within
from model.kernels.jobs import skill_of
from model.kernels.rng import mix_uid, to_open
from model.kernels.screen import lane, screen_word
from model.spec.codes import N_SECTORS, N_SKILLS, Activity, Kind

UNEMPLOYED, VILLAGE, OUTSIDE = int(Activity.UNEMPLOYED), int(Kind.VILLAGE), int(Kind.OUTSIDE)
PER_MARKET: Final = 2 * N_SECTORS
SEEK_LANE: Final = 2
"""Part of the month's word that says who looks for a post; for the jobless, who finds work without a match."""
NO_POST, FIND_OUTSIDE, BACK_TO_FARM = -1, -2, -3
SPARE: Final = 4.0
"""Standard deviations above the expected place of the last draw that is wanted."""
NEVER, THIRD = 1e300, 1.0 / 3.0
ALL: Final = 2.0
"""A bound that no draw reaches."""


class Reach(NamedTuple):
    """What decides where people look for work."""

    minutes: np.ndarray  # float32[P, M]
    candidates: np.ndarray  # int64[U, C]: all but far-off villages and townships, in the order of markets
    wide: np.ndarray  # bool[M], county towns and the core, where people of other units may look
    town: np.ndarray  # bool[M], townships
    coverage: np.ndarray  # float64[U], of platforms, and what it was at the start
    coverage_start: np.ndarray
    gain: float  # of reach by platforms
    decay: float  # minutes by which a place e times as far is as seldom taken
    most: float  # minutes of the longest trip


@within
def reach_of(p, where, r, market, weight):
    """Markets in which people of place p look for work, to the front of `market`, and exp(minutes / decay), 1 for the
    own market, to `weight`; returns how many. Towns of the own unit, county towns and the core count.
    """
    u, count = where.unit[p], 0
    if u < 0:
        return 0
    decay = r.decay * (1.0 + r.gain * (r.coverage[u] - r.coverage_start[u]))
    for q in range(r.candidates.shape[1]):
        m = r.candidates[u, q]
        own = m == where.market[p]
        if own or ((r.wide[m] or r.town[m]) and r.minutes[p, m] <= r.most):
            market[count] = m
            weight[count] = 1.0 if own else math.exp(np.float64(r.minutes[p, m]) / decay)
            count += 1
    return count


@kernel
def places_in_reach(where, r, market, weight):
    """`reach_of` every place: number int64[P]; to be filled: market int64[P, C] and weight float64[P, C]."""
    count = np.zeros(where.unit.size, np.int64)
    for p in range(where.unit.size):
        count[p] = reach_of(p, where, r, market[p], weight[p])
    return count


class Drawn(NamedTuple):
    """What each applicant draws, to be filled."""

    group: np.ndarray  # int64, market * 3 + skill, below 0 outside
    draw: np.ndarray  # float64, place in the lottery
    uid: np.ndarray  # uint64, which breaks ties
    job: np.ndarray  # int64, row of the post that is won; until then NO_POST, or what else the jobless may find


class Room(NamedTuple):
    """Working space: what is known of places so far, and how long a post keeps those who apply waiting."""

    number: np.ndarray  # int64[P], -1 as long as nobody has asked
    market: np.ndarray  # int64[P, C]
    weight: np.ndarray  # float64[P, C]
    wait: np.ndarray  # float64[L, 3], 1 / (posts + 0.5)


@kernel
def apply(start, stop, counts, person, people, where, key, month_key, r, posts, lanes, drawn):
    """Where the people in person[start:stop] apply and their place in the lottery.

    For `model.kernels.rows.count_rows`; counts: int64[3 + L * 3], applicants outside by skill, then by group. Those
    who live in the prefecture apply to one market in reach with chances in proportion to the weight of travel times
    the posts for their skill: the first arrival of an exponential race whose draws are kept per (person, month,
    market), so that posts added in one market move nobody between two others. posts: int64[L, 3]. lanes: float64[2],
    chances that a jobless person outside finds work and that one in a village goes back to the farm, each times 65,536.
    """
    places, width = where.unit.size, r.candidates.shape[1]
    room = Room(
        np.full(places, -1, np.int64), np.empty((places, width), np.int64), np.empty((places, width)),
        1.0 / (posts + 0.5),
    )
    _apply(start, stop, counts, person, people, where, key, month_key, r, lanes, drawn, room)


@bare
def _apply(start, stop, counts, person, people, where, key, month_key, r, lanes, drawn, room):
    """`apply` with the room that it needs."""
    for k in range(start, stop):
        drawn.uid[k] = people.uid[person[k]]
    for k in range(start, stop):
        i = person[k]
        here, s, uid = people.place[i], skill_of(people.education[i]), drawn.uid[k]
        word = screen_word(key, uid)
        drawn.draw[k] = to_open(mix_uid(word, np.uint64(0)))
        drawn.job[k] = _without_post(people.activity[i], where.kind[here], screen_word(month_key, uid), lanes)
        if room.number[here] < 0:
            room.number[here] = reach_of(here, where, r, room.market[here], room.weight[here])
        group = _first_arrival(word, here, s, room) * N_SKILLS + s
        drawn.group[k] = group
        counts[N_SKILLS + group] += 1


@within
def _first_arrival(word, here, s, room):
    """Market that wins the race of times -log(u) * weight / posts, -1 if there is none.

    With x = 1 - u, x + x^2 / 2 + x^3 / 3 <= -log(u) <= x + x^2 / 2 + x^3 / (3 u), so that nearly all races are settled
    without a logarithm.
    """
    first, soonest, second, far = -1, NEVER, NEVER, 0.0
    for q in range(room.number[here]):
        m = room.market[here, q]
        x = 1.0 - to_open(mix_uid(word, np.uint64(m + 1)))
        least = (x + x * x * (0.5 + x * THIRD)) * (room.weight[here, q] * room.wait[m, s])
        second = min(second, max(soonest, least))
        ahead = least < soonest
        first, far = (q if ahead else first), (x if ahead else far)
        soonest = min(soonest, least)
    if first < 0:
        return -1
    m = room.market[here, first]
    most = (far + far * far * (0.5 + far * THIRD / (1.0 - far))) * (room.weight[here, first] * room.wait[m, s])
    return m if most < second else _exact_arrival(word, here, s, room)


@within
def _exact_arrival(word, here, s, room):
    """The same by the times themselves."""
    best, first = -1, NEVER
    for q in range(room.number[here]):
        m = room.market[here, q]
        u = to_open(mix_uid(word, np.uint64(m + 1)))
        time = -math.log(u) * (room.weight[here, q] * room.wait[m, s])
        if time < first:
            best, first = m, time
    return best


@within
def _without_post(activity, kind, word, lanes):
    """What a jobless person may find if no post is won, as far as one part of the month's word tells."""
    if activity != UNEMPLOYED:
        return NO_POST
    part = np.float64(lane(word, SEEK_LANE))
    if kind == OUTSIDE:
        return FIND_OUTSIDE if part <= lanes[0] else NO_POST
    return BACK_TO_FARM if kind == VILLAGE and part <= lanes[1] else NO_POST


@kernel
def first_in_groups(group, draw, tie, size, number):
    """Positions of the number[g] smallest draws of every group, by group and then draw, ties by `tie`: int64[sum].

    group: int64[n], below 0 for none; draw: float64[n] in [0, 1); size, number: int64[G], in the group and wanted.
    Draws are spread evenly, so those that are wanted lie below a bound a little above their share, and near their
    place.
    """
    n_groups = number.size
    bound, begin = np.empty(n_groups), np.zeros(n_groups + 1, np.int64)
    for g in range(n_groups):
        wanted = number[g] + SPARE * math.sqrt(number[g]) + SPARE
        bound[g] = ALL if wanted >= size[g] else wanted / size[g] if number[g] > 0 else 0.0
    near, held = np.empty(group.size, np.int64), 0
    enough = False
    while not enough:
        begin[:] = 0
        held = 0
        for k in range(group.size):
            g = group[k]
            near[held] = k
            if g >= 0 and draw[k] < bound[g]:
                begin[g + 1] += 1
                held += 1
        enough = True
        for g in range(n_groups):
            if begin[g + 1] < min(number[g], size[g]):
                bound[g], enough = ALL, False
    for g in range(n_groups):
        begin[g + 1] += begin[g]
    near = _by_slot(near[:held], group, draw, bound, begin)
    out, m = np.empty(held, np.int64), 0
    for g in range(n_groups):
        _put_in_order(near[begin[g] : begin[g + 1]], draw, tie)
        for r in range(begin[g], min(begin[g + 1], begin[g] + number[g])):
            out[m] = near[r]
            m += 1
    return out[:m]


@kernel
def _by_slot(near, group, draw, bound, begin):
    """Rows `near` by group and, within it, where a draw would stand if those below the bound were spread evenly."""
    slot = np.zeros(near.size + 1, np.int64)
    for r in range(near.size):
        slot[_slot(group[near[r]], draw[near[r]], bound, begin) + 1] += 1
    for b in range(near.size):
        slot[b + 1] += slot[b]
    out = np.empty(near.size, np.int64)
    for r in range(near.size):
        k = near[r]
        b = _slot(group[k], draw[k], bound, begin)
        out[slot[b]] = k
        slot[b] += 1
    return out


@within
def _slot(group, draw, bound, begin):
    """Where a draw would stand if those of its group were spread evenly below the bound."""
    size = begin[group + 1] - begin[group]
    return begin[group] + min(size - 1, math.floor(draw / min(bound[group], 1.0) * size))


@bare
def _put_in_order(near, draw, tie):
    """Insertion sort of nearly sorted rows by draw, then tie."""
    for r in range(1, near.size):
        k, q = near[r], r
        while q > 0 and (
            draw[near[q - 1]] > draw[k] or (draw[near[q - 1]] == draw[k] and tie[near[q - 1]] > tie[k])
        ):
            near[q] = near[q - 1]
            q -= 1
        near[q] = k


@kernel
def posts_by_lottery(posts, size, number, uid, key):
    """Firm rows of the posts that are filled, number[g] in each group (market * 3 + skill), in the order of groups.

    posts: int64[rows, 3], open by firm and skill; size: int64[L, 3], by group. The lottery is keyed by firm, month
    and number of the post.
    """
    total = 0
    for g in range(number.size):
        total += size[g // N_SKILLS, g % N_SKILLS] if number[g] > 0 else 0
    row, group = np.empty(total, np.uint64), np.empty(total, np.int64)
    draw, k = np.empty(total), 0
    for r in range(posts.shape[0]):
        if posts[r, 0] + posts[r, 1] + posts[r, 2] == 0:
            continue
        word = screen_word(key, uid[r])
        for s in range(N_SKILLS):
            g = r // PER_MARKET * N_SKILLS + s
            for o in range(posts[r, s] if number[g] > 0 else 0):
                row[k], group[k] = r, g
                draw[k] = to_open(mix_uid(word, np.uint64(o * N_SKILLS + s)))
                k += 1
    return row[first_in_groups(group, draw, row, size.reshape(-1), number)]


@kernel
def winners(drawn, size, number):
    """Positions of the applicants who win a post, in the order of groups: int64[sum of number]."""
    return first_in_groups(drawn.group, drawn.draw, drawn.uid, size, number)
