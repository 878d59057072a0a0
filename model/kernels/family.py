"""What the members of one household amount to for a choice of where and how to live."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import within
from model.kernels.jobs import skill_of
from model.kernels.rng import Stream, mix_uid, uniform, uniform_pair
from model.kernels.shocks import LOW, S32, look_up
from model.spec.codes import NO_SECTOR, Activity, Flag, Sector

EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
PRIOR: Final = int(Flag.PRIOR_MIGRANT)
FARMING, NOTHING = int(Sector.FARMING), NO_SECTOR
DORM: Final = Stream.DORM
TRAVEL_MEANS: Final = Stream.TRAVEL_MEANS
BED_TRAIT: Final = 1
NO_MARKET: Final = 255


class Family(NamedTuple):
    """What the members of one household amount to."""

    earners0: int
    earners1: int
    earners2: int
    n_small: int
    n_pupils: int
    n_preschool: int
    n_elders: int
    size: int
    age: int
    college: int
    worker: int
    worker_skill: int
    carer: int
    registered: int
    wages: int
    prior: int  # 1 where somebody of working age has lived elsewhere for work
    works_in: int  # smallest market of a job outside farming among members, NO_MARKET without one


class Home(NamedTuple):
    """Where and how one household lives now, and with what means."""

    origin: int
    place: int
    split_place: int
    config: int
    owns: int
    land_mu: float
    takes_bed: bool
    pace: float  # minutes of its trips over those of a car; above 1 without a car
    fuel: float  # money cost of a minute of its trips over that of petrol
    tenure: int
    split_tenure: int
    funds_yuan: float  # savings, and what a home owned elsewhere would leave after its debt


@within
def takes_bed(seed, uid, share):
    """Whether a household's worker apart would live in a dormitory (E9): a kept trait of the household."""
    return uniform(seed, DORM, uid, 0, BED_TRAIT) < share


@within
def travel_means(t, q, seed, uid, origin):
    """Pace and fuel of a household: kept draws say whether it has a car, a bus, and an electric car first or last."""
    x, y = uniform_pair(seed, TRAVEL_MEANS, uid, 0, 0)
    if x < q.carless_share:
        return (q.bus_time if y < t.covered[origin] else q.no_bus_time), 1.0
    return 1.0, (q.ev_cost if y < t.ev_share[t.place_unit[origin]] else 1.0)


@within
def read_home(
    t, q, seed, uid, origin, place, split_place, config, owns, land_mu, tenure, split_tenure, savings_fen, debt_fen
):
    """The Home of one household from its columns."""
    pace, fuel = travel_means(t, q, seed, uid, origin)
    funds = savings_fen / 100.0
    if owns >= 0:
        funds += max(0.0, t.resale_yuan[t.place_market[owns]] - debt_fen / 100.0)
    return Home(
        int(origin), int(place), int(split_place), int(config), int(owns), land_mu,
        takes_bed(seed, uid, q.dorm_accept), pace, fuel, int(tenure), int(split_tenure), funds,
    )


@within
def read_family(
    head, nxt, birth, sex, education, activity, sector, job_market, hukou, wage, flags, uid, month, s, log_female_out
):
    """Count members of one household; choose who would leave for work and who would mind a child.

    The worker who would leave is the labour-force member with the largest keyed Gumbel plus `log_female_out`
    for women (odds of working away, women against men); the carer is the woman or elder with the least to earn.
    s: Shocks of the month, whose member_key the two draws of a member hang on.
    """
    e0 = e1 = e2 = small = pupils = pre = elders = size = age_head = college = prior = 0
    worker = carer = -1
    worker_skill = 0
    best, best_carer, word = -1e300, -1e300, np.uint64(0)
    registered = -1
    wages = 0
    works_in = NO_MARKET
    i = head
    while i >= 0:
        size += 1
        age = (month - birth[i]) // 12
        working = activity[i] == EMPLOYED or activity[i] == UNEMPLOYED
        if activity[i] == EMPLOYED and sector[i] != FARMING and sector[i] != NOTHING:
            works_in = min(works_in, int(job_market[i]))
        if age >= 18 or working:
            word = mix_uid(uid[i], s.member_key)
        if working and age < 70:
            skill = skill_of(education[i])
            e0 += skill == 0
            e1 += skill == 1
            e2 += skill == 2
            wages += wage[i]
            if age < 60:
                college = max(college, 1 if education[i] >= 5 else 0)
                prior = max(prior, 1 if flags[i] & PRIOR else 0)
                g = look_up(s.gumbel, np.uint32(word >> S32)) + (log_female_out if sex[i] == 1 else 0.0)
                if g > best:
                    best, worker, worker_skill = g, i, skill
        if 18 <= age < 75:
            c = (word & LOW) * 2.0**-32 + (1.0 if sex[i] == 1 else 0.0) + (0.0 if working else 1.0)
            if c > best_carer:
                best_carer, carer = c, i
        if age < 3:
            small += 1
        elif age < 6:
            pre += 1
        elif age < 15:
            pupils += 1
        elif age >= 60:
            elders += 1
        if (18 <= age < 60 and age > age_head) or age_head == 0:
            age_head = age
            registered = hukou[i]
        i = nxt[i]
    return Family(
        e0, e1, e2, small, pupils, pre, elders, size, age_head, college, worker, worker_skill, carer, registered,
        wages, prior, works_in,
    )
