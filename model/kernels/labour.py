"""Labour force kernels: the jobless and the inactive by age, offers of posts outside (E13)."""

from __future__ import annotations

import numpy as np

from model.kernels.jit import kernel, within
from model.kernels.jobs import may_train, personal_factor, skill_of
from model.kernels.screen import limit_of, screen_word
from model.spec.codes import Activity, Flag, Sector

EMPLOYED, UNEMPLOYED, INACTIVE = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED), int(Activity.INACTIVE)
TRAINED, APART = int(Flag.TRAINED), int(Flag.APART)
BUILDING, CARE = int(Sector.CONSTRUCTION), int(Sector.RESIDENT_SERVICES)
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
def posts_outside(out, share, share_start, per_head, rural, places, scale):
    """See `model.phases.placement.offers`, float64[U] into `out`."""
    for u in range(out.size):
        more = (share[u] - share_start[u]) * (per_head * rural[u])
        out[u] = max(more + share[u] * places[u], 0.0) * scale


@kernel
def offered(
    people, key, month, chance, household, place, activity, education, birth, flags, uid, place_unit, triggered,
    home_place, origin, split_place,
):
    """Households at home, none of them deciding anyway, with a member who may train and has an offer: rows, int32[k].

    people: rows that may have one, int32[k]; chance: float64[U], on the word of the person. A household may be there
    more than once.
    """
    out, n = np.empty(people.size, np.int32), 0
    for k in range(people.size):
        i = people[k]
        h, u = household[i], place_unit[place[i]]
        if h < 0 or u < 0 or flags[i] & APART or triggered[h] or home_place[h] != origin[h] or split_place[h] >= 0:
            continue
        if may_train(month, birth[i], education[i], activity[i]) and screen_word(key, uid[i]) < limit_of(chance[u]):
            out[n] = h
            n += 1
    return out[:n]


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
