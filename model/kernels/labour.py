"""Labour force kernels: the jobless and the inactive by age, offers of posts outside (E13)."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel, within
from model.kernels.jobs import may_train, personal_factor, skill_of
from model.kernels.rng import Stream, uniform
from model.spec.codes import Activity, Flag, Sector

TRAINING = Stream.TRAINING
EMPLOYED, UNEMPLOYED, INACTIVE = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED), int(Activity.INACTIVE)
TRAINED, APART = int(Flag.TRAINED), int(Flag.APART)
BUILDING, CARE = int(Sector.CONSTRUCTION), int(Sector.RESIDENT_SERVICES)
SLOT_OFFER = 3
FROM_MONTHS, BAND_MONTHS, N_BANDS = 18 * 12, 8 * 12, 5
"""Five bands of eight years from 18 to 57; older people leave work for good."""


@within
def band_of(age_months):
    """Band of age of those who may leave or join the labour force, -1 for others."""
    band = (age_months - FROM_MONTHS) // BAND_MONTHS
    return band if age_months >= FROM_MONTHS and band < N_BANDS else -1


@kernel
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


@kernel
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


@kernel
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
