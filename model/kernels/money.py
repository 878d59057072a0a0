"""Cash kernels: what people earn and what households receive, owe and spend in a month, in whole fen (E4, E5, E8).

Sums are by unit of the household's main place (index n_units stands for outside) and, for pay, by unit of the job.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.spec.codes import Activity, Config, Flag, Kind, Sector, Tenure

INSURANCE: Final = Stream.INSURANCE
DROP_OUT: Final = Stream.DROP_OUT
SLOT_ASSISTED: Final = 9
EMPLOYED, RETIRED = int(Activity.EMPLOYED), int(Activity.RETIRED)
INSURED, APART = int(Flag.INSURED), int(Flag.APART)
FARMING: Final = int(Sector.FARMING)
VILLAGE: Final = int(Kind.VILLAGE)
RENTED, PUBLIC_RENTAL, DORMITORY = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
COMMUTE, WORKER, CHILD, COUPLE = (int(c) for c in (Config.COMMUTE, Config.WORKER_AWAY, Config.CHILD_TOWN,
                                                   Config.COUPLE_AWAY))
OLD_MONTHS: Final = 60 * 12
YOUNG_MONTHS: Final = 16 * 12
FEN: Final = 100
COMMUTER_FARM_SHARE: Final = 0.5
"""Farm income of a household whose worker commutes, as in the choice (E21)."""


class Rates(NamedTuple):
    """Prices and rates of the month."""

    worker_rate: float  # own contribution over pay
    remit: float  # part of take-home pay that a member working outside sends home
    employer_rate: float  # employer contribution over pay
    basic_pension: int  # fen/month
    worker_pension: int  # fen/month
    base: int  # fen/month per head that every household can spend
    consume: float  # part of income above the base that is spent
    farm_net: float  # fen/mu/month of own farming, before the premium
    land_rent: float  # fen/mu/month of land let
    discount: float  # affordable rent below the market rent
    interest_month: float  # of a mortgage
    repay_month: float  # of a mortgage


class Earned(NamedTuple):
    """Sums of one month's earnings; U units, last index outside."""

    income: np.ndarray  # [H] fen
    apart: np.ndarray  # [H] members living apart on the household's money
    lived_away: np.ndarray  # [U + 1] what members working outside spend there themselves
    wages: np.ndarray  # [U + 1, U + 1] gross pay by unit of job and of household
    farm_work: np.ndarray  # [U + 1] what farm work earned
    own_insurance: np.ndarray  # [U + 1]
    employer_insurance: np.ndarray  # [U + 1] by unit of job
    labour_cost: np.ndarray  # [U + 1, 19] pay and employer insurance by unit of job and industry
    basic_pension: np.ndarray  # [U + 1]
    worker_pension: np.ndarray  # [U + 1]
    topup: np.ndarray  # [U + 1]
    levy: np.ndarray  # [U + 1] resident insurance beyond practice
    benefit: np.ndarray  # [U + 1] of the resident scheme beyond practice
    dividend: np.ndarray  # [U + 1, U + 1] of village collectives, by unit of registration and of household


class Spent(NamedTuple):
    """Sums of one month's receipts and spending of households."""

    farm: np.ndarray  # [U + 1] net income of own land
    land_rent: np.ndarray  # [U + 1]
    heating: np.ndarray  # [U + 1]
    fuel: np.ndarray  # [U + 1] added bills of clean heating
    assistance: np.ndarray  # [U + 1] social assistance up to the base
    rent: np.ndarray  # [U + 1, U + 1] by unit of household and of dwelling
    public_rent: np.ndarray  # [U + 1, U + 1]
    interest: np.ndarray  # [U + 1]
    bought: np.ndarray  # [U + 1, M] consumption by unit of household and market where it is spent


@njit(cache=True)
def earn(
    r, seed, month, n, n_homes, household, birth, activity, sector, job_market, flags, wage, uid, hukou, home_place,
    place_unit, place_kind, market_unit, topup_fen, topup_chance, dividend_fen, scheme,
):
    """One pass over people: pay, contributions, pensions and benefits, summed by household. Returns Earned.

    topup_fen: int64[U + 1] a month for each recipient, of either sign; topup_chance: float64[U + 1], the part of
    older people without a worker pension who receive it, chosen once by a keyed draw. dividend_fen: int64[U + 1] a
    month for each person registered in a village of the unit, wherever they live. scheme: contribution, saving of
    leavers and benefit beyond practice, int64[U + 1] each, and the share of members of working age who leave.
    """
    levy_fen, saved_fen, benefit_fen, leave = scheme
    levy, benefit = np.zeros(topup_fen.size, np.int64), np.zeros(topup_fen.size, np.int64)
    u1 = topup_fen.size
    income, apart = np.zeros(n_homes, np.int64), np.zeros(n_homes, np.uint8)
    wages, cost = np.zeros((u1, u1), np.int64), np.zeros((u1, 19), np.int64)
    farm_work, own, employer = np.zeros(u1, np.int64), np.zeros(u1, np.int64), np.zeros(u1, np.int64)
    lived_away = np.zeros(u1, np.int64)
    basic, pension, topup = np.zeros(u1, np.int64), np.zeros(u1, np.int64), np.zeros(u1, np.int64)
    dividend = np.zeros((u1, u1), np.int64)
    for i in range(n):
        h = household[i]
        if h < 0:
            continue
        home = place_unit[home_place[h]]
        if home < 0:
            home = u1 - 1
        member = place_unit[hukou[i]]
        if dividend_fen[member] != 0 and place_kind[hukou[i]] == VILLAGE:
            dividend[member, home] += dividend_fen[member]
            income[h] += dividend_fen[member]
        away = (flags[i] & APART) != 0
        insured = (flags[i] & INSURED) != 0
        working = activity[i] == EMPLOYED
        earns_outside = working and sector[i] != FARMING and market_unit[job_market[i]] < 0
        if away and not earns_outside:
            apart[h] += 1
        if working:
            pay = np.int64(wage[i]) * FEN
            if sector[i] == FARMING:
                farm_work[home] += pay
                income[h] += pay
            else:
                at = market_unit[job_market[i]]
                if at < 0:
                    at = u1 - 1
                wages[at, home] += pay
                paid, mine = pay, pay
                if insured:
                    paid += np.int64(pay * r.employer_rate)
                    employer[at] += paid - pay
                    mine = pay - np.int64(pay * r.worker_rate)
                    own[home] += pay - mine
                cost[at, sector[i]] += paid
                if away and earns_outside:
                    sent = np.int64(mine * r.remit)
                    lived_away[home] += mine - sent
                    mine = sent
                income[h] += mine
                if insured:
                    continue
        age = month - birth[i]
        if levy_fen[home] != 0 and YOUNG_MONTHS <= age < OLD_MONTHS and not insured:
            due = levy_fen[home]
            if leave[home] > 0.0 and uniform(seed, DROP_OUT, uid[i], 0, 0) < leave[home]:
                due = -saved_fen[home]
            levy[home] += due
            income[h] -= due
        if activity[i] == RETIRED and insured:
            pension[home] += r.worker_pension
            income[h] += r.worker_pension
        elif age >= OLD_MONTHS:
            basic[home] += r.basic_pension
            benefit[home] += benefit_fen[home]
            income[h] += r.basic_pension + benefit_fen[home]
            if topup_fen[home] != 0 and uniform(seed, INSURANCE, uid[i], 0, SLOT_ASSISTED) < topup_chance[home]:
                topup[home] += topup_fen[home]
                income[h] += topup_fen[home]
    return Earned(
        income, apart, lived_away, wages, farm_work, own, employer, cost, basic, pension, topup, levy, benefit, dividend
    )


@njit(inline="always", cache=True)
def main_area(size):
    """Rented floor area of a whole household, m2, as in the choice (E5)."""
    return min(90.0, 18.0 + 14.0 * size)


@njit(inline="always", cache=True)
def split_area(config, tenure):
    """Rented floor area of members living apart, m2, as in the choice (E12)."""
    if config == COUPLE:
        return 25.0
    if config == CHILD:
        return 40.0
    return 4.0 if tenure == DORMITORY else 15.0


@njit(inline="always", cache=True)
def rent_of(r, tenure, yuan_m2, area):
    """Monthly rent in fen; owners and their own houses pay none."""
    if tenure in (RENTED, DORMITORY):
        return np.int64(yuan_m2 * area * FEN)
    if tenure == PUBLIC_RENTAL:
        return np.int64(yuan_m2 * area * FEN * (1.0 - r.discount))
    return np.int64(0)


@njit(inline="always", cache=True)
def land_income(r, land_mu, at_home, config, premium, let):
    """E8: monthly fen from contracted land: farmed by those at home, let by those who left."""
    if not at_home:
        return np.int64(land_mu * r.land_rent * let), False
    part = COMMUTER_FARM_SHARE if config == COMMUTE else 1.0
    return np.int64(land_mu * r.farm_net * premium * part), True


@njit(cache=True)
def spend(
    r, n_homes, head, size, origin, place, split_place, config, tenure, split_tenure, land_mu, savings_fen, debt_fen,
    income_yuan, earned, apart, place_unit, place_kind, place_market, rent_yuan_m2, room_yuan_m2, premium, let,
    heating_fen, fuel_fen, keep,
):
    """One pass over households: receipts from land, housing, debt, consumption, saving. Returns Spent.

    rent_yuan_m2, room_yuan_m2: float64[M], of flats and of the simple rooms in which people alone and workers apart
    live. earned: int64[H] from `earn`. premium, let: float64[U + 1], income of own farming and rent of land let, over
    practice; heating_fen and fuel_fen: int64[U + 1], subsidy of a village household and what clean heating adds to its
    bill.
    Housing and the base come first, then interest, repayment, and `consume` of what is above the base; assistance
    fills up to the base and savings never fall below zero: unpaid interest is added to the debt.
    With keep = False only income_yuan is written (the state before month 0).
    """
    u1, markets = premium.size, rent_yuan_m2.size
    farm, let, heating = np.zeros(u1, np.int64), np.zeros(u1, np.int64), np.zeros(u1, np.int64)
    fuel = np.zeros(u1, np.int64)
    assistance, interest_sum = np.zeros(u1, np.int64), np.zeros(u1, np.int64)
    rents, public = np.zeros((u1, u1), np.int64), np.zeros((u1, u1), np.int64)
    bought = np.zeros((u1, markets), np.int64)
    for h in range(n_homes):
        if head[h] < 0:
            continue
        unit = place_unit[place[h]]
        if unit < 0:
            unit = u1 - 1
        income = earned[h]
        if land_mu[h] > 0.0 and place_kind[origin[h]] == VILLAGE:
            fen, farmed = land_income(
                r, land_mu[h], place[h] == origin[h], config[h], premium[place_unit[origin[h]]],
                let[place_unit[origin[h]]],
            )
            income += fen
            if farmed:
                farm[unit] += fen
            else:
                let[unit] += fen
        if place_kind[place[h]] == VILLAGE:
            income += heating_fen[unit] - fuel_fen[unit]
            heating[unit] += heating_fen[unit]
            fuel[unit] += fuel_fen[unit]
        base = np.int64(r.base) * size[h]
        funds = max(np.int64(0), income) + savings_fen[h]
        here = rent_yuan_m2[place_market[place[h]]]
        if tenure[h] == RENTED and size[h] == 1:
            here = room_yuan_m2[place_market[place[h]]]
        main = rent_of(r, tenure[h], here, main_area(size[h]))
        paid_main = min(main, funds)
        funds -= paid_main
        paid_split = np.int64(0)
        if split_place[h] >= 0:
            area = split_area(config[h], split_tenure[h])
            there = rent_yuan_m2[place_market[split_place[h]]]
            if split_tenure[h] == RENTED and config[h] != CHILD:
                there = room_yuan_m2[place_market[split_place[h]]]
            paid_split = min(rent_of(r, split_tenure[h], there, area), funds)
            funds -= paid_split
        owed = np.int64(debt_fen[h] * r.interest_month)
        interest = min(owed, max(np.int64(0), funds - base))
        funds -= interest
        repaid = min(np.int64(debt_fen[h] * r.repay_month), max(np.int64(0), funds - base))
        funds -= repaid
        help_ = max(np.int64(0), base - funds)
        spare = max(np.int64(0), income - paid_main - paid_split - base)
        consumed = min(base + np.int64(r.consume * spare), funds + help_)
        income_yuan[h] = max(np.int64(0), (income + help_) // FEN)
        assistance[unit] += help_
        interest_sum[unit] += owed
        add_rent(rents, public, tenure[h], unit, place_unit[place[h]], paid_main)
        if split_place[h] >= 0:
            add_rent(rents, public, split_tenure[h], unit, place_unit[split_place[h]], paid_split)
            away = consumed * apart[h] // size[h]
            bought[unit, place_market[split_place[h]]] += away
            bought[unit, place_market[place[h]]] += consumed - away
        else:
            bought[unit, place_market[place[h]]] += consumed
        if keep:
            savings_fen[h] = funds + help_ - consumed
            debt_fen[h] += owed - interest - repaid
            if income < 0:
                debt_fen[h] -= income
    return Spent(farm, let, heating, fuel, assistance, rents, public, interest_sum, bought)


@njit(inline="always", cache=True)
def add_rent(rents, public, tenure, unit, dwelling_unit, fen):
    """Rent paid, by kind of landlord and the units of tenant and dwelling."""
    at = dwelling_unit if dwelling_unit >= 0 else rents.shape[1] - 1
    if tenure == PUBLIC_RENTAL:
        public[unit, at] += fen
    else:
        rents[unit, at] += fen
