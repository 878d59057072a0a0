"""Kernels of the labour force and of skill: leaving it and coming back, courses, trades learnt at school (E13).

Whether something happens to somebody is read off one hashed word; only those few are looked at one by one.
"""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel, within
from model.kernels.jobs import may_train
from model.kernels.rng import Stream, uniform, uniform_pair
from model.kernels.rows import BLOCK
from model.kernels.screen import limit_of, rows_hit, screen_word
from model.spec.codes import Activity, Education, Flag

EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
PUPIL, SENIOR, TRAINED = int(Activity.PUPIL), int(Education.SENIOR), int(Flag.TRAINED)
TRAINING = Stream.TRAINING
SLOT_SCHOOL = 2


@within
def tightness(u, filled, posts, seekers, thin_share, theta_start):
    """Posts per applicant of unit u over its three markets, drawn to theta_start by thin_share of the jobs."""
    jobs, vacant, search = 0, 0, 0
    for m in range(3 * u, 3 * u + 3):
        jobs, vacant, search = jobs + filled[m], vacant + posts[m], search + seekers[m]
    thin = thin_share * jobs
    return (vacant + theta_start * thin) / (search + thin) if search + thin > 0.0 else theta_start


@kernel
def drawn(start, stop, found, key, uid, activity, one, one_limit, other, other_limit):
    """People of [start, stop) of activity `one` with a word below one_limit, or of `other` below other_limit."""
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    k = 0
    for a in range(start, stop, BLOCK):
        ids, doing = uid[a : min(stop, a + BLOCK)], activity[a : min(stop, a + BLOCK)]
        for j in range(ids.size):
            word = screen_word(key, ids[j])
            hit[j] = ((word < one_limit) & (doing[j] == one)) | ((word < other_limit) & (doing[j] == other))
        k = rows_hit(hit, hits, a, ids.size, found, k)
    return k


@kernel
def trainable(start, stop, out, month, household, place, activity, education, birth, place_unit):
    """Adds to out, int64[U], the people of each unit who may come to a course."""
    for i in range(start, stop):
        if may_train(month, birth[i], education[i], activity[i]) and household[i] >= 0:
            u = place_unit[place[i]]
            if u >= 0:
                out[u] += 1


@kernel
def train(
    rows, key, seed, month, household, place, activity, education, birth, flags, wage, uid, place_unit, chance, lost,
    gain,
):
    """Give courses to those drawn who are working people of 18-49 below college; returns int64[U] who took one.

    chance: float64[U], places over people who may come; a share `lost` learns nothing that they would not have
    learned anyway. Pay of those at work rises at once; others carry the flag to their next job.
    """
    treated = np.zeros(chance.size, np.int64)
    for r in range(rows.size):
        i = rows[r]
        u = place_unit[place[i]]
        if household[i] < 0 or u < 0 or not may_train(month, birth[i], education[i], activity[i]):
            continue
        if screen_word(key, uid[i]) < limit_of(chance[u]):
            treated[u] += 1
            if not flags[i] & TRAINED and uniform(seed, TRAINING, uid[i], month, 0) >= lost:
                flags[i] |= TRAINED
                wage[i] = int(wage[i] * gain + 0.5)
    return treated


@kernel
def left_school(start, stop, found, month, activity, education, birth):
    """Rows of people of 18, the dead among them, with senior level who are no pupils."""
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    k = 0
    for a in range(start, stop, BLOCK):
        doing, level = activity[a : min(stop, a + BLOCK)], education[a : min(stop, a + BLOCK)]
        born = birth[a : min(stop, a + BLOCK)]
        for j in range(doing.size):
            months = month - born[j]
            hit[j] = (level[j] == SENIOR) & (doing[j] != PUPIL) & (months >= 18 * 12) & (months < 19 * 12)
        k = rows_hit(hit, hits, a, doing.size, found, k)
    return k


@kernel
def learn_at_school(rows, seed, household, place, flags, uid, place_unit, vocational, chance):
    """Of those who left school, the ones from a vocational school may carry a trade; returns int64[U].

    vocational: the part of leavers from such schools, a kept draw; chance: float64[U], those with a usable trade
    beyond what the start's funding gave.
    """
    out = np.zeros(chance.size, np.int64)
    for r in range(rows.size):
        i = rows[r]
        u = place_unit[place[i]]
        if household[i] < 0 or u < 0 or flags[i] & TRAINED:
            continue
        a, b = uniform_pair(seed, TRAINING, uid[i], 0, SLOT_SCHOOL)
        if a < vocational and b < chance[u]:
            flags[i] |= TRAINED
            out[u] += 1
    return out
