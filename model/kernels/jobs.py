"""Job kernels: separations and pay, job search, starts, returns to the farm, and counts (E4, E13, E22).

Every draw is keyed by person and month; every sum is of whole numbers. Rows of firms are
(market * 19 + industry) * 2 + (1 with a contract), see model.state.firms.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform, uniform_pair
from model.spec.codes import N_SECTORS, NO_SECTOR, Activity, Event, Flag, Kind, Sector

SEPARATION, MATCH, LOTTERY = Stream.SEPARATION, Stream.MATCH, Stream.LOTTERY
INSURANCE = Stream.INSURANCE
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
CONTRACT, INSURED, TRAINED = int(Flag.CONTRACT), int(Flag.INSURED), int(Flag.TRAINED)
JOB_LOSS, OFFER = int(Event.JOB_LOSS), int(Event.OFFER)
FARMING: Final = int(Sector.FARMING)
VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
NO_MARKET: Final = 255
SLOT_FARM_SEARCH, SLOT_PERSON, SLOT_OUTSIDE, SLOT_SECTOR, SLOT_FARM_BACK = 1, 2, 3, 4, 5
SLOT_JOB_SEARCH: Final = 6
SLOT_MARKET: Final = 100
FARM_SEARCH_MONTHS: Final = 55 * 12
TRAIN_FROM, TRAIN_TO = 18 * 12, 50 * 12


@njit(inline="always", cache=True)
def skill_of(education):
    """Skill group of a schooling level."""
    return 0 if education <= 3 else (1 if education == 4 else 2)


@njit(inline="always", cache=True)
def personal_factor(seed, uid, spread):
    """What a person earns over the market, kept for life: log-normal of mean one (Box and Muller 1958)."""
    u, v = uniform_pair(seed, MATCH, uid, 0, SLOT_PERSON)
    z = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
    return math.exp(spread * z - 0.5 * spread * spread)


@njit(cache=True)
def separate_and_pay(
    seed, month, n, household, place, activity, sector, job_market, flags, wage, uid, place_unit, local_markets,
    rate, outside_rate, growth, farm_growth, enrol, events_next, lost, filled,
):
    """Jobs end, pay grows, workers are enrolled.

    rate, enrol: float64[rows], chances this month by firm; growth: float64[M] of pay by job market.
    Writes activity, sector, job_market, flags, wage; raises JOB_LOSS in events_next[household]; adds to
    lost int64[n_units + 1] by unit of residence, and those who stay to filled int64[rows]. Pay stays whole yuan by a
    keyed rounding without bias.
    """
    for i in range(n):
        if activity[i] != EMPLOYED or household[i] < 0:
            continue
        a, b = uniform_pair(seed, SEPARATION, uid[i], month, 0)
        if sector[i] == FARMING:
            wage[i] = int(wage[i] * farm_growth + b)
            continue
        m = int(job_market[i])
        row = -1
        chance = outside_rate
        if m < local_markets:
            row = (m * N_SECTORS + sector[i]) * 2 + ((flags[i] & CONTRACT) != 0)
            chance = rate[row]
        if a < chance:
            activity[i], sector[i], job_market[i], wage[i] = UNEMPLOYED, NO_SECTOR, NO_MARKET, 0
            flags[i] &= ~(CONTRACT | INSURED)
            events_next[household[i]] |= JOB_LOSS
            lost[place_unit[place[i]]] += 1
            continue
        wage[i] = int(wage[i] * growth[m] + b)
        if row < 0:
            continue
        filled[row] += 1
        if enrol[row] > 0.0 and not flags[i] & INSURED:
            if uniform(seed, INSURANCE, uid[i], month, 0) < enrol[row]:
                flags[i] |= INSURED


@njit(inline="always", cache=True)
def searches_on_job(month, birth, activity, sector, job_market, flags, local_markets):
    """Employees of the prefecture under 55 without a contract may look for a better post."""
    if activity != EMPLOYED or sector == FARMING or job_market >= local_markets:
        return False
    return not flags & CONTRACT and month - birth < FARM_SEARCH_MONTHS


@njit(inline="always", cache=True)
def chance_to_search(month, birth, activity, sector, job_market, flags, local_markets, farm_search, job_search):
    """Chance that a person looks for work this month: the jobless always, others with the chance of their kind."""
    if activity == UNEMPLOYED:
        return 1.0
    if activity == EMPLOYED and sector == FARMING:
        return farm_search if month - birth < FARM_SEARCH_MONTHS else 0.0
    return job_search if searches_on_job(month, birth, activity, sector, job_market, flags, local_markets) else 0.0


@njit(cache=True)
def look_for_work(
    seed, month, n, household, place, activity, sector, education, uid, birth, job_market, flags, place_kind,
    place_unit, reach_count, reach_market, reach_weight, posts, farm_search, job_search, person, group, draw,
):
    """Who looks for work this month, where, and their place in the lottery; returns how many.

    farm_search: float64[U], chance that a younger farmer looks; job_search: the same for employees without contract.
    Jobless people of the prefecture and these apply to one market in reach with chances in proportion to the weight
    of travel times the posts for their skill: the first arrival of an exponential race whose draws are kept per
    (person, month, market), so that posts added in one market move nobody between two others.
    person, group (market * 3 + skill), draw: arrays of n to be filled.
    """
    count = 0
    for i in range(n):
        if household[i] < 0 or place_kind[place[i]] == OUTSIDE:
            continue
        chance = chance_to_search(
            month, birth[i], activity[i], sector[i], job_market[i], flags[i], posts.shape[0],
            farm_search[place_unit[place[i]]], job_search,
        )
        if chance < 1.0:
            slot = SLOT_FARM_SEARCH if sector[i] == FARMING else SLOT_JOB_SEARCH
            if chance <= 0.0 or uniform(seed, MATCH, uid[i], month, slot) >= chance:
                continue
        s = skill_of(education[i])
        best, best_time = -1, 1e300
        for k in range(reach_count[place[i]]):
            m = reach_market[place[i], k]
            race = -math.log(uniform(seed, MATCH, uid[i], month, SLOT_MARKET + m))
            time = race * reach_weight[place[i], k] / posts[m, s]
            if time < best_time:
                best, best_time = m, time
        person[count], group[count] = i, best * 3 + s
        draw[count] = uniform(seed, LOTTERY, uid[i], month, 0)
        count += 1
    return count


@njit(cache=True)
def start_jobs(
    seed, month, person, row, market_of_place, place, place_unit, household, activity, sector, job_market, job_since,
    flags, wage, education, uid, hukou, urban, market_wage, sector_pay, firm_pay, insured_share, by_registration,
    spread, training_gain, events_next, hired,
):
    """Put each person[k] into firm row[k]; pay is market pay times industry, firm and personal factors.

    Employees who are offered no more than they earn decline, and the post stays open. Returns how many changed posts.
    by_registration: float64[2], insurance of rural and of urban registered employees against all at the start.
    Raises OFFER for those whose job is not in the market where they live; adds to hired int64[n_units + 1].
    """
    changed = 0
    for k in range(person.size):
        i, r = person[k], row[k]
        m, s = r // (2 * N_SECTORS), r // 2 % N_SECTORS
        pay = market_wage[m, skill_of(education[i])] * sector_pay[s] * firm_pay[r]
        pay *= personal_factor(seed, uid[i], spread)
        if flags[i] & TRAINED:
            pay *= training_gain
        if activity[i] == EMPLOYED and sector[i] != FARMING:
            if pay <= wage[i]:
                continue
            changed += 1
        else:
            hired[place_unit[place[i]]] += 1
        activity[i], sector[i], job_market[i], job_since[i] = EMPLOYED, s, m, month
        wage[i] = max(1, int(pay))
        flags[i] &= ~(CONTRACT | INSURED)
        if r % 2 == 1:
            flags[i] |= CONTRACT
        chance = insured_share[r] * by_registration[urban[hukou[i]]]
        if uniform(seed, INSURANCE, uid[i], month, 1) < chance:
            flags[i] |= INSURED
        if market_of_place[place[i]] != m:
            events_next[household[i]] |= OFFER
    return changed


@njit(cache=True)
def other_starts(
    seed, month, n, household, place, activity, sector, job_market, job_since, flags, wage, education, uid, place_kind,
    place_market, place_unit, origin, land_mu, outside_find, outside_wage, outside_mix, insured_share, farm_back,
    farm_wage, spread, training_gain, hired,
):
    """Jobless people outside find work at the chance of the place; jobless villagers with land go back to the farm.

    outside_mix: float64[19], cumulated shares of industries; outside_wage: float64[M, 3]; farm_wage: float64[U, 3].
    """
    for i in range(n):
        if activity[i] != UNEMPLOYED or household[i] < 0:
            continue
        here = place[i]
        m, s = place_market[here], skill_of(education[i])
        if place_kind[here] == OUTSIDE:
            if uniform(seed, MATCH, uid[i], month, SLOT_OUTSIDE) >= outside_find:
                continue
            u, v = uniform_pair(seed, MATCH, uid[i], month, SLOT_SECTOR)
            j = 0
            while j < N_SECTORS - 1 and u > outside_mix[j]:
                j += 1
            pay = outside_wage[m, s] * personal_factor(seed, uid[i], spread)
            if flags[i] & TRAINED:
                pay *= training_gain
            activity[i], sector[i], job_market[i], job_since[i] = EMPLOYED, j, m, month
            wage[i] = max(1, int(pay))
            flags[i] &= ~(CONTRACT | INSURED)
            if v < insured_share:
                flags[i] |= CONTRACT | INSURED
        elif place_kind[here] == VILLAGE and origin[household[i]] == here and land_mu[household[i]] > 0.0:
            if uniform(seed, MATCH, uid[i], month, SLOT_FARM_BACK) >= farm_back:
                continue
            pay = farm_wage[place_unit[here], s] * personal_factor(seed, uid[i], spread)
            activity[i], sector[i], job_market[i], job_since[i] = EMPLOYED, FARMING, m, month
            wage[i] = max(1, int(pay))
            hired[place_unit[here]] += 1


@njit(inline="always", cache=True)
def may_train(month, birth, education, activity):
    """Courses are for people of 18-49, below college, in the labour force."""
    age = month - birth
    return TRAIN_FROM <= age < TRAIN_TO and education <= 4 and activity in (EMPLOYED, UNEMPLOYED)


@njit(cache=True)
def count_jobs(
    n, household, place, activity, sector, job_market, flags, education, place_market, local_markets, n_markets,
):
    """Whole-number counts of work.

    Returns filled and insured int64[rows] by firm; at work, jobless and farmers int64[n_markets, 3] by market of
    residence and skill; and workers int64[n_markets] by market of the job, farmers included.
    """
    filled = np.zeros(local_markets * N_SECTORS * 2, np.int64)
    insured = np.zeros(filled.size, np.int64)
    working = np.zeros((n_markets, 3), np.int64)
    jobless = np.zeros((n_markets, 3), np.int64)
    farmers = np.zeros((n_markets, 3), np.int64)
    workers = np.zeros(n_markets, np.int64)
    for i in range(n):
        if household[i] < 0:
            continue
        if activity[i] == UNEMPLOYED:
            jobless[place_market[place[i]], skill_of(education[i])] += 1
        elif activity[i] == EMPLOYED:
            home, s, m = place_market[place[i]], skill_of(education[i]), int(job_market[i])
            working[home, s] += 1
            workers[m] += 1
            if sector[i] == FARMING:
                farmers[home, s] += 1
            elif m < local_markets:
                row = (m * N_SECTORS + sector[i]) * 2 + ((flags[i] & CONTRACT) != 0)
                filled[row] += 1
                insured[row] += (flags[i] & INSURED) != 0
    return filled, insured, working, jobless, farmers, workers
