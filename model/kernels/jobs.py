"""Job kernels: skill, personal pay, who searches on the job, courses (E4, E13).

Every draw is keyed by person and month.
"""

from __future__ import annotations

import math
from typing import Final

from numba import float64, njit, uint64

from model.kernels.jit import within
from model.kernels.rng import Stream, uniform_pair
from model.spec.codes import Activity, Flag, Sector

MATCH = Stream.MATCH
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
CONTRACT, TRAINED = int(Flag.CONTRACT), int(Flag.TRAINED)
FARMING: Final = int(Sector.FARMING)
SLOT_PERSON: Final = 2
FARM_SEARCH_MONTHS: Final = 55 * 12
"""From this age on, people at work look for no other post."""
TRAIN_FROM, TRAIN_TO = 18 * 12, 50 * 12


@within
def skill_of(education):
    """Skill group of a schooling level."""
    return 0 if education <= 3 else (1 if education == 4 else 2)


@njit(float64(uint64, uint64, float64), cache=True)
def personal_factor(seed, uid, spread):
    """What a person earns over the market, kept for life: log-normal of mean one (Box and Muller 1958)."""
    u, v = uniform_pair(seed, MATCH, uid, 0, SLOT_PERSON)
    z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
    return math.exp(spread * z - 0.5 * spread * spread)


@within
def searches_on_job(month, birth, activity, sector, job_market, flags, local_markets):
    """Employees of the prefecture under 55 without a contract may look for a better post."""
    if activity != EMPLOYED or sector == FARMING or job_market >= local_markets:
        return False
    return not flags & CONTRACT and month - birth < FARM_SEARCH_MONTHS




@within
def may_train(month, birth, education, activity):
    """Courses are for people of 18-49, below college, in the labour force."""
    age = month - birth
    return TRAIN_FROM <= age < TRAIN_TO and education <= 4 and activity in (EMPLOYED, UNEMPLOYED)
