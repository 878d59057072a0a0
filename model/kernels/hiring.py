"""Jobs that begin: of those matched, of the jobless outside, and of those who go back to the farm (E13, E22)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.kernels.jit import kernel
from model.kernels.jobs import personal_factor, skill_of
from model.kernels.rng import Stream, uniform, uniform_pair
from model.kernels.screen import lane, screen_word
from model.kernels.work import (
    AT_WORK,
    CONTRACT,
    EMPLOYED,
    FARMING,
    INSURED,
    JOBLESS,
    N_STATUS,
    ON_FARM,
    OUTSIDE,
    UNEMPLOYED,
    cell_of,
    happens,
    split_counts,
)
from model.spec.codes import N_SECTORS, Event, Flag, Kind

MATCH, INSURANCE = Stream.MATCH, Stream.INSURANCE
TRAINED, OFFER, VILLAGE = int(Flag.TRAINED), int(Event.OFFER), int(Kind.VILLAGE)
SEEK_LANE = 2
"""Part of the month's word that says who looks for a post; for the jobless, who finds work without a match."""
SLOT_OUTSIDE, SLOT_SECTOR, SLOT_FARM_BACK = 3, 4, 5


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


@kernel
def _begin(i, sector, market, month, pay, more, people, where, n_markets, by_cell, by_home):
    """Put a person into a job with flags `more`, and move the counts."""
    before = cell_of(people.activity[i], people.sector[i], people.job_market[i], people.flags[i], n_markets)
    home = (where.market[people.place[i]] * 3 + skill_of(people.education[i])) * N_STATUS
    farmer = people.activity[i] == EMPLOYED and people.sector[i] == FARMING
    by_home[home + (ON_FARM if farmer else AT_WORK if people.activity[i] == EMPLOYED else JOBLESS)] -= 1
    by_cell[2 * before + (people.flags[i] & INSURED)] -= 1
    people.activity[i], people.sector[i], people.job_market[i], people.job_since[i] = EMPLOYED, sector, market, month
    people.wage[i] = max(1, int(pay))
    people.flags[i] = (people.flags[i] & ~(CONTRACT | INSURED)) | more
    after = cell_of(EMPLOYED, sector, market, people.flags[i], n_markets)
    by_home[home + (ON_FARM if sector == FARMING else AT_WORK)] += 1
    by_cell[2 * after + (people.flags[i] & INSURED)] += 1


@kernel
def start_jobs(start, stop, counts, person, row, seed, month, n_markets, people, where, terms, events_next):
    """Put person[k] into firm row[k]; pay is market pay times industry, firm and personal factors.

    For `model.kernels.rows.count_rows`. Employees who are offered no more than they earn decline, and the post stays
    open. counts: int64[counts_of], changes of the counts, those hired from without a job outside farming by unit of
    residence, and posts changed. Raises OFFER for those whose job is not in the market where they live.
    """
    by_cell, by_home, hired, changed = split_counts(counts, n_markets)
    for k in range(start, stop):
        i, r = person[k], row[k]
        m, s, uid = r // (2 * N_SECTORS), r // 2 % N_SECTORS, people.uid[i]
        pay = terms.market_wage[m, skill_of(people.education[i])] * terms.sector_pay[s] * terms.firm_pay[r]
        pay *= personal_factor(seed, uid, terms.spread)
        if people.flags[i] & TRAINED:
            pay *= terms.training
        if people.activity[i] == EMPLOYED and people.sector[i] != FARMING:
            if pay <= people.wage[i]:
                continue
            changed[0] += 1
        else:
            hired[where.unit[people.place[i]]] += 1
        more = CONTRACT if r % 2 == 1 else 0
        chance = terms.insured_share[r] * terms.by_registration[where.urban[people.hukou[i]]]
        if uniform(seed, INSURANCE, uid, month, 1) < chance:
            more |= INSURED
        _begin(i, s, m, month, pay, more, people, where, n_markets, by_cell, by_home)
        if where.market[people.place[i]] != m:
            events_next[people.household[i]] |= OFFER


@kernel
def other_starts(start, stop, counts, person, key, seed, month, n_markets, people, where, terms, origin, land_mu):
    """Jobless people outside find work at the chance of the place; jobless villagers with land go back to the farm.

    Of person[start:stop], for `model.kernels.rows.count_rows`; counts: changes, int64[counts_of]. key: that of the
    month's words.
    """
    by_cell, by_home, _, _ = split_counts(counts, n_markets)
    for k in range(start, stop):
        i = person[k]
        if people.activity[i] != UNEMPLOYED:
            continue
        here, uid, h = people.place[i], people.uid[i], people.household[i]
        m, s = where.market[here], skill_of(people.education[i])
        if where.kind[here] == OUTSIDE:
            part = lane(screen_word(key, uid), SEEK_LANE)
            if not happens(part, terms.outside_find, seed, MATCH, uid, month, SLOT_OUTSIDE):
                continue
            u, v = uniform_pair(seed, MATCH, uid, month, SLOT_SECTOR)
            j = 0
            while j < N_SECTORS - 1 and u > terms.outside_mix[j]:
                j += 1
            pay = terms.market_wage[m, s] * personal_factor(seed, uid, terms.spread)
            if people.flags[i] & TRAINED:
                pay *= terms.training
            more = CONTRACT | INSURED if v < terms.outside_insured else 0
            _begin(i, j, m, month, pay, more, people, where, n_markets, by_cell, by_home)
        elif where.kind[here] == VILLAGE and origin[h] == here and land_mu[h] > 0.0:
            part = lane(screen_word(key, uid), SEEK_LANE)
            if happens(part, terms.farm_back, seed, MATCH, uid, month, SLOT_FARM_BACK):
                pay = terms.farm_wage[where.unit[here], s] * personal_factor(seed, uid, terms.spread)
                more = people.flags[i] & (CONTRACT | INSURED)
                _begin(i, FARMING, m, month, pay, more, people, where, n_markets, by_cell, by_home)
