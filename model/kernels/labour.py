"""Labour force kernels: who stops looking and comes back, trades learnt at school, offers of posts outside (E13)."""

from __future__ import annotations

import numpy as np
from numba import njit

from model.kernels.jobs import may_train, personal_factor, skill_of
from model.kernels.rng import Stream, uniform, uniform_pair
from model.spec.codes import Activity, Education, Flag, Sector

MATCH, TRAINING = Stream.MATCH, Stream.TRAINING
EMPLOYED, UNEMPLOYED, INACTIVE = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED), int(Activity.INACTIVE)
PUPIL, SENIOR = int(Activity.PUPIL), int(Education.SENIOR)
TRAINED, APART = int(Flag.TRAINED), int(Flag.APART)
BUILDING, CARE = int(Sector.CONSTRUCTION), int(Sector.RESIDENT_SERVICES)
SLOT_LABOUR, SLOT_SCHOOL, SLOT_OFFER = 7, 2, 3
FROM_MONTHS, BAND_MONTHS, N_BANDS = 18 * 12, 8 * 12, 5
"""Five bands of eight years from 18 to 57; older people leave work for good."""


@njit(inline="always", cache=True)
def band_of(age_months):
    """Band of age of those who may leave or join the labour force, -1 for others."""
    band = (age_months - FROM_MONTHS) // BAND_MONTHS
    return band if age_months >= FROM_MONTHS and band < N_BANDS else -1


@njit(cache=True)
def idle_counts(month, n, household, place, activity, birth, sex, place_unit):
    """Jobless and inactive people of the prefecture by sex and band of age: int64[2, 2, 5]."""
    out = np.zeros((2, 2, N_BANDS), np.int64)
    for i in range(n):
        band = band_of(month - birth[i])
        if household[i] < 0 or band < 0 or place_unit[place[i]] < 0:
            continue
        if activity[i] == UNEMPLOYED:
            out[0, sex[i], band] += 1
        elif activity[i] == INACTIVE:
            out[1, sex[i], band] += 1
    return out


@njit(cache=True)
def leave_and_join(
    seed, month, n, household, place, activity, birth, sex, uid, place_unit, stop, join, pull, stopped, joined
):
    """Jobless people stop looking at `stop` / pull, inactive ones look again at `join` * pull.

    join: float64[2, 5] by sex and band of age; pull: float64[U], 1 at the start's tightness. Adds to stopped and
    joined, int64[U].
    """
    for i in range(n):
        if activity[i] != UNEMPLOYED and activity[i] != INACTIVE:
            continue
        u, band = place_unit[place[i]], band_of(month - birth[i])
        if household[i] < 0 or band < 0 or u < 0:
            continue
        draw = uniform(seed, MATCH, uid[i], month, SLOT_LABOUR)
        if activity[i] == UNEMPLOYED:
            if draw < stop / pull[u]:
                activity[i] = INACTIVE
                stopped[u] += 1
        elif draw < join[sex[i], band] * pull[u]:
            activity[i] = UNEMPLOYED
            joined[u] += 1


@njit(cache=True)
def learn_at_school(
    seed, month, n, household, place, activity, education, birth, flags, uid, place_unit, vocational, chance
):
    """Leavers of senior level at 18 who come from a vocational school carry a trade; returns int64[U].

    vocational: the part of leavers from such schools, a kept draw; chance: float64[U], those with a usable trade
    beyond what the start's funding gave.
    """
    out = np.zeros(chance.size, np.int64)
    for i in range(n):
        age = (month - birth[i]) // 12
        u = place_unit[place[i]]
        if household[i] < 0 or u < 0 or age != 18 or education[i] != SENIOR or activity[i] == PUPIL:
            continue
        if flags[i] & TRAINED:
            continue
        a, b = uniform_pair(seed, TRAINING, uid[i], 0, SLOT_SCHOOL)
        if a < vocational and b < chance[u]:
            flags[i] |= TRAINED
            out[u] += 1
    return out


@njit(cache=True)
def offered(seed, month, n, household, place, activity, education, birth, flags, uid, place_unit, chance):
    """People who may train and to whom a post outside is offered this month by keyed lottery: bool[n]."""
    out = np.zeros(n, np.bool_)
    for i in range(n):
        u = place_unit[place[i]]
        if household[i] < 0 or u < 0 or chance[u] <= 0.0 or flags[i] & APART:
            continue
        if may_train(month, birth[i], education[i], activity[i]):
            out[i] = uniform(seed, TRAINING, uid[i], month, SLOT_OFFER) < chance[u]
    return out


@njit(cache=True)
def start_arranged(
    seed, month, person, place, place_market, sex, activity, sector, job_market, job_since, flags, wage, education,
    uid, outside_wage, spread, training_gain,
):
    """Put each person[k], who has moved, into the post that was arranged outside: men in building, women in care.

    outside_wage: float64[M, 3], pay by market and skill.
    """
    for k in range(person.size):
        i = person[k]
        m = place_market[place[i]]
        pay = outside_wage[m, skill_of(education[i])] * personal_factor(seed, uid[i], spread)
        if flags[i] & TRAINED:
            pay *= training_gain
        activity[i], job_market[i], job_since[i] = EMPLOYED, m, month
        sector[i] = CARE if sex[i] == 1 else BUILDING
        wage[i] = max(1, int(pay))
