"""Slow plain twins of the kernels of work and money."""

from __future__ import annotations

import math

import numpy as np

from model.kernels.earnings import (
    APART,
    EMPLOYED,
    FARMING,
    INSURED,
    RETIRED,
)
from model.kernels.screen import screen_word


def first_of_each(group, draw, tie, number):
    """The number[g] smallest draws of every group, one group after another."""
    out = []
    for g in range(len(number)):
        members = sorted((draw[k], tie[k], k) for k in range(len(group)) if group[k] == g)
        out += [k for _, _, k in members[: number[g]]]
    return out


def route(spent, table, parts):
    """What reaches each local market, one fen at a time in Python's whole numbers."""
    return [
        [sum(int(spent[h][m]) * int(table[m][k]) // parts for m in range(len(table))) for k in range(len(table[0]))]
        for h in range(len(spent))
    ]


def household(r, income, size, savings, debt, rent_main, rent_split):
    """One household's month in Python's whole numbers: (savings, debt, consumed, assistance, interest)."""
    base = r.base * size
    funds = max(0, income) + savings
    rent_main = min(rent_main, funds)
    funds -= rent_main
    rent_split = min(rent_split, funds)
    funds -= rent_split
    owed = int(debt * r.interest_month)
    interest = min(owed, max(0, funds - base))
    funds -= interest
    repaid = min(int(debt * r.repay_month), max(0, funds - base))
    funds -= repaid
    helped = max(0, base - funds)
    spare = max(0, income - rent_main - rent_split - base)
    consumed = min(base + int(r.consume * spare), funds + helped)
    short = max(0, -income)
    return funds + helped - consumed, debt + owed - interest - repaid + short, consumed, helped, owed


def earnings(r, key, month, people, places, t, benefit_fen):
    """What everybody earns, one person after another: (sums by name, income and people apart by household).

    One unit; benefit_fen: of an older member there beyond practice.
    """
    out = {key: np.zeros(2, int) for key in ("lived_away", "farm_work", "own_insurance", "employer_insurance",
                                             "basic_pension", "worker_pension", "topup", "levy", "benefit")}
    out |= {"wages": np.zeros((2, 2), int), "dividend": np.zeros((2, 2), int), "labour_cost": np.zeros((2, 19), int)}
    income, apart = [0] * len(people.home_place), [0] * len(people.home_place)
    for i, h in enumerate(people.household):
        if h < 0:
            continue
        trait = int(screen_word(key, people.uid[i]))
        home, age = int(places.unit_at[people.home_place[h]]), month - people.birth[i]
        insured, away = bool(people.flags[i] & INSURED), bool(people.flags[i] & APART)
        works, farms = people.activity[i] == EMPLOYED, people.sector[i] == FARMING
        at = int(places.job_at[people.job_market[i]])
        abroad = works and not farms and at == 1
        apart[h] += away and not abroad
        member = int(places.place_at[people.hukou[i]]) >> 8
        if member < 2:
            out["dividend"][member, home] += t.dividend_fen[member]
            income[h] += t.dividend_fen[member]
        pay = int(people.wage[i]) * 100
        if works and farms:
            out["farm_work"][home] += pay
            income[h] += pay
        elif works:
            employer, mine = (int(pay * rate) if insured else 0 for rate in (r.employer_rate, r.worker_rate))
            sent = int((pay - mine) * r.remit) if away and abroad else pay - mine
            out["wages"][at, home] += pay
            out["employer_insurance"][at] += employer
            out["own_insurance"][home] += mine
            out["labour_cost"][at, people.sector[i]] += pay + employer
            out["lived_away"][home] += pay - mine - sent
            income[h] += sent
        if insured and works and not farms:
            continue
        if 192 <= age < 720 and not insured and t.levy_fen[home] != 0:
            leaves = (trait >> 32) / 2**32 < t.leave[home]
            due = -t.saved_fen[home] if leaves else t.levy_fen[home]
            out["levy"][home] += due
            income[h] -= due
        if people.activity[i] == RETIRED and insured:
            out["worker_pension"][home] += r.worker_pension
            income[h] += r.worker_pension
        elif age >= 720:
            out["basic_pension"][home] += r.basic_pension
            out["benefit"][home] += benefit_fen * (home == 0)
            income[h] += r.basic_pension + benefit_fen * (home == 0)
            if (trait & 0xFFFFFFFF) / 2**32 < t.topup_chance[home]:
                out["topup"][home] += t.topup_fen[home]
                income[h] += t.topup_fen[home]
    return out, income, apart


def counts(activity, sector, market, contract, skill, home, n_local, n_markets):
    """Filled posts by firm row, and people at work and jobless by home market and skill."""
    filled = np.zeros(n_local * 38, int)
    working, jobless = np.zeros((n_markets, 3), int), np.zeros((n_markets, 3), int)
    for i in range(len(activity)):
        if activity[i] == 3:
            jobless[home[i], skill[i]] += 1
        elif activity[i] == 2:
            working[home[i], skill[i]] += 1
            if sector[i] != 0 and market[i] < n_local:
                filled[(market[i] * 19 + sector[i]) * 2 + contract[i]] += 1
    return filled, working, jobless


def matched(mu, eta, seekers, posts, point):
    """E13 for one group."""
    return min(math.floor(mu * seekers**eta * posts ** (1 - eta) + point), seekers, posts)


def poisson(u, mean):
    """The smallest count whose distribution function reaches u."""
    if mean <= 0.0:
        return 0
    k, term = 0, math.exp(-mean)
    total = term
    while u > total and (k < mean or term > 1e-18):
        k += 1
        term *= mean / k
        total += term
    return k


def binomial(u, n, chance):
    """The same for n trials."""
    if n == 0 or chance <= 0.0:
        return 0
    k, term = 0, math.exp(n * math.log1p(-chance))
    total = term
    while u > total and k < n:
        k += 1
        term *= (n - k + 1) / k * (chance / (1.0 - chance))
        total += term
    return k


def month_of_work(people, where, key, month, leave, seek, enrol, happens):
    """Who loses a job, who looks for work (rows) and who is enrolled, one person at a time; six local markets."""
    n = len(people.uid)
    lost, found, enrolled = np.zeros(n, bool), [], np.zeros(n, bool)
    for i in range(n):
        word = int(screen_word(np.uint64(key), people.uid[i]))
        ends, seeks, enrols = word & 0xFFFF, word >> 32 & 0xFFFF, word >> 48
        uid, outside = people.uid[i], where.kind[people.place[i]] == 4
        looks = people.activity[i] == 3
        if people.activity[i] == 2:
            lost[i] = looks = happens(ends, leave, np.uint64(5), 9, uid, month, 0)
            if not lost[i]:
                enrolled[i] = not people.flags[i] & 1 and happens(enrols, enrol, np.uint64(5), 12, uid, month, 0)
                free = people.sector[i] == 0 or (people.job_market[i] < 6 and not people.flags[i] & 2)
                young = month - people.birth[i] < 55 * 12 and not outside
                looks = free and young and happens(seeks, seek, np.uint64(5), 10, uid, month, 6)
        if looks:
            found.append(i)
    return lost, np.array(found, int), enrolled
