"""Jobs that begin: of those matched, of the jobless outside, and of those who go back to the farm (E13, E22)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel, within
from model.kernels.jobs import personal_factor, skill_of
from model.kernels.rng import Stream, uniform, uniform_pair
from model.kernels.screen import lane, screen_word
from model.kernels.search import BACK_TO_FARM, FIND_OUTSIDE, NO_POST, SEEK_LANE
from model.kernels.work import (
    AT_WORK,
    CONTRACT,
    EMPLOYED,
    FARMING,
    INSURED,
    JOBLESS,
    ON_FARM,
    cell_of,
    happens,
    home_of,
    split_counts,
)
from model.spec.codes import N_SECTORS, Event, Flag

MATCH, INSURANCE = Stream.MATCH, Stream.INSURANCE
TRAINED, OFFER = int(Flag.TRAINED), int(Event.OFFER)
SLOT_OUTSIDE, SLOT_SECTOR, SLOT_FARM_BACK = 3, 4, 5
AHEAD = 64
"""People whose rows are fetched together."""


class Terms(NamedTuple):
    """Pay and insurance of jobs that begin."""

    market_wage: np.ndarray  # float64[M, 3] by market of the job and skill
    farm_wage: np.ndarray  # float64[U, 3]
    sector_pay: np.ndarray  # float64[19] over market pay
    firm_pay: np.ndarray  # float64[rows]
    insured_share: np.ndarray  # float64[rows]
    by_registration: np.ndarray  # float64[2], insurance of rural and of urban registered employees against all
    spread: float  # of log personal pay
    training: float  # pay of the trained over that of others
    outside_mix: np.ndarray  # float64[19], cumulated shares of industries outside
    outside_insured: float  # share insured outside, with a contract
    outside_find: float  # chance that a jobless person outside finds work
    farm_back: float  # chance that a jobless villager with land goes back to the farm


class Homes(NamedTuple):
    """Columns of households that hiring reads, and events_next, which it writes."""

    origin: np.ndarray
    land_mu: np.ndarray
    events_next: np.ndarray


class Job(NamedTuple):
    """A job that begins; market -1 if none does."""

    market: int
    sector: int
    pay: float
    more: int  # flags of the job


@kernel
def start_jobs(start, stop, counts, person, job, seed, month, n_markets, people, where, terms, homes, key):
    """Put person[k] of [start, stop) into firm row job[k], or let the jobless find what job[k] says.

    For `model.kernels.rows.count_rows`. counts: int64[counts_of], changes of the counts, those hired from without a
    job outside farming by unit of residence, and posts changed. Raises OFFER for those whose post is not in the market
    where they live. homes: Homes; key: that of the month's words.
    """
    parts, begins = split_counts(counts, n_markets), np.empty(AHEAD, np.int64)
    return _start_jobs(
        start, stop, parts, person, job, seed, month, n_markets, people, where, terms, homes, key, begins
    )


@bare
def _start_jobs(start, stop, parts, person, job, seed, month, n_markets, people, where, terms, homes, key, begins):
    """`start_jobs` with room for the rows of those who begin."""
    seen, k = np.int64(0), start
    while k < stop:
        number = 0
        while k < stop and number < AHEAD:
            begins[number] = k
            number += job[k] != NO_POST
            k += 1
        for q in range(number):  # all at once: each waits for memory alone otherwise
            seen ^= _touch(people, person[begins[q]])
        for q in range(number):
            i, r = person[begins[q]], job[begins[q]]
            if r == FIND_OUTSIDE:
                new = _outside(i, seed, month, people, where, terms, key)
            elif r == BACK_TO_FARM:
                new = _farm(i, seed, month, people, where, terms, homes, key)
            else:
                new = _post(i, r, seed, month, people, where, terms)
            if new.market < 0:
                continue
            if r >= 0:
                if people.activity[i] == EMPLOYED and people.sector[i] != FARMING:
                    parts.changed[0] += 1
                else:
                    parts.moved[where.unit[people.place[i]]] += 1
                if where.market[people.place[i]] != new.market:
                    homes.events_next[people.household[i]] |= OFFER
            _begin(i, new, month, people, where, n_markets, parts)
    return seen


@within
def _touch(people, i):
    """Bring what is needed of a person into the cache."""
    seen = people.household[i] + people.place[i] + people.activity[i] + people.sector[i] + people.job_market[i]
    seen += people.job_since[i] + people.flags[i] + people.wage[i] + people.education[i] + people.hukou[i]
    return seen + np.int64(people.code[i]) + np.int64(people.uid[i])


@within
def _begin(i, new, month, people, where, n_markets, parts):
    """Put a person into a job, and move the counts and the code."""
    before = cell_of(people.activity[i], people.sector[i], people.job_market[i], people.flags[i], n_markets)
    before = 2 * before + np.int64(people.flags[i] & INSURED)
    home = home_of(i, people, where)
    farmer = people.activity[i] == EMPLOYED and people.sector[i] == FARMING
    parts.by_home[home + (ON_FARM if farmer else AT_WORK if people.activity[i] == EMPLOYED else JOBLESS)] -= 1
    people.activity[i], people.sector[i], people.job_market[i] = EMPLOYED, new.sector, new.market
    people.job_since[i], people.wage[i] = month, max(1, int(new.pay))
    people.flags[i] = (people.flags[i] & ~(CONTRACT | INSURED)) | new.more
    after = 2 * cell_of(EMPLOYED, new.sector, new.market, new.more, n_markets) + np.int64(new.more & INSURED)
    parts.by_home[home + (ON_FARM if new.sector == FARMING else AT_WORK)] += 1
    parts.by_cell[before] -= 1
    parts.by_cell[after] += 1
    people.code[i] += np.uint32(after - before)


@within
def _personal(i, pay, seed, people, terms):
    """Pay times the personal factor."""
    return pay * personal_factor(seed, people.uid[i], terms.spread)


@within
def _post(i, r, seed, month, people, where, terms):
    """Pay of a post is market pay times industry, firm and personal factors. Employees who are offered no more than
    they earn decline, and the post stays open.
    """
    m, s = r // (2 * N_SECTORS), r // 2 % N_SECTORS
    pay = terms.market_wage[m, skill_of(people.education[i])] * terms.sector_pay[s] * terms.firm_pay[r]
    pay = _personal(i, pay, seed, people, terms)
    if people.flags[i] & TRAINED:
        pay *= terms.training
    if people.activity[i] == EMPLOYED and people.sector[i] != FARMING and pay <= people.wage[i]:
        m = -1
    more = CONTRACT if r % 2 == 1 else 0
    chance = terms.insured_share[r] * terms.by_registration[where.urban[people.hukou[i]]]
    if uniform(seed, INSURANCE, people.uid[i], month, 1) < chance:
        more |= INSURED
    return Job(np.int64(m), np.int64(s), pay, np.int64(more))


@within
def _outside(i, seed, month, people, where, terms, key):
    """A jobless person outside finds work at the chance of the place."""
    uid, m, s = people.uid[i], where.market[people.place[i]], skill_of(people.education[i])
    part = lane(screen_word(key, uid), SEEK_LANE)
    u, v = uniform_pair(seed, MATCH, uid, month, SLOT_SECTOR)
    j = 0
    while j < N_SECTORS - 1 and u > terms.outside_mix[j]:
        j += 1
    pay = _personal(i, terms.market_wage[m, s], seed, people, terms)
    if people.flags[i] & TRAINED:
        pay *= terms.training
    more = CONTRACT | INSURED if v < terms.outside_insured else 0
    found = happens(part, terms.outside_find, seed, MATCH, uid, month, SLOT_OUTSIDE)
    return Job(np.int64(m) if found else np.int64(-1), np.int64(j), pay, np.int64(more))


@within
def _farm(i, seed, month, people, where, terms, homes, key):
    """A jobless villager with land goes back to the farm."""
    uid, h, here = people.uid[i], people.household[i], people.place[i]
    part = lane(screen_word(key, uid), SEEK_LANE)
    back = homes.origin[h] == here and homes.land_mu[h] > 0.0
    back = back and happens(part, terms.farm_back, seed, MATCH, uid, month, SLOT_FARM_BACK)
    pay = _personal(i, terms.farm_wage[where.unit[here], skill_of(people.education[i])], seed, people, terms)
    more = np.int64(people.flags[i] & (CONTRACT | INSURED))
    return Job(np.int64(where.market[here]) if back else np.int64(-1), np.int64(FARMING), pay, more)
