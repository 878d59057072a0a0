"""Cash kernel: what households receive, owe and spend in a month, in whole fen (E4, E5, E8).

What their members earn comes from `model.kernels.earnings`. All sums are rows of one table int64[rows, U + 1] by unit,
the last of which is outside: mostly the unit of the household's main place; for what firms pay, of the job.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.spec.codes import Config, Kind, Tenure

BLOCK: Final = 1024
"""Rows that are worked on together."""
VILLAGE: Final = int(Kind.VILLAGE)
RENTED, PUBLIC_RENTAL, DORMITORY = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
COMMUTE, CHILD, COUPLE = int(Config.COMMUTE), int(Config.CHILD_TOWN), int(Config.COUPLE_AWAY)
WORKER_BITS, BASIC_BITS, AWAY_BITS = 40, 48, 56
"""First bits of the counts in the word that members add up to, see `model.kernels.earnings`."""
SIZES, TENURES, CONFIGS = 8, 8, 5
FULL_SIZE: Final = 6
"""Members from which on a rented home grows no more."""
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


LIVED_AWAY, FARM_WORK, OWN_INSURANCE, BASIC, PENSION, TOPUP, LEVY, BENEFIT = range(8)
FARM, LAND_RENT, HEATING, FUEL, ASSISTANCE, INTEREST, EMPLOYER = range(8, 15)
COST, INDUSTRIES = 15, 19
BY_UNIT: Final = COST + INDUSTRIES
"""First row of the blocks of U + 1 rows: wages by job, dividend by registration, rent and public rent by dwelling;
then rows of what is bought by market."""


class Earned(NamedTuple):
    """Sums of one month's earnings; U units, last index outside."""

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


class Homes(NamedTuple):
    """Columns of households."""

    size: np.ndarray
    origin: np.ndarray
    place: np.ndarray
    split_place: np.ndarray
    config: np.ndarray
    tenure: np.ndarray
    split_tenure: np.ndarray
    land_mu: np.ndarray
    savings_fen: np.ndarray
    debt_fen: np.ndarray
    income_yuan: np.ndarray


class Where(NamedTuple):
    """Facts of places and markets, narrow so that they stay in the cache; U units, P places, M markets."""

    unit_at: np.ndarray  # uint8[P], U where outside
    village_at: np.ndarray  # uint8[P] unit of a village, U + 1 for other places
    market_at: np.ndarray  # uint8[P]
    job_at: np.ndarray  # uint8[256] unit by market of the job, U where outside or none
    market_unit: np.ndarray  # uint8[M], U where outside


class Terms(NamedTuple):
    """What places, markets and units bring to households; `model.kernels.terms.set_terms` fills it."""

    rent: np.ndarray  # int32[M * 8 * 8] fen of the main home by market, members and tenure
    flat: np.ndarray  # float64[M] yuan/m2 of flats
    room: np.ndarray  # float64[M] yuan/m2 of simple rooms: people alone and workers apart
    land: np.ndarray  # float64[10] fen/mu at practice by Config at home, then by Config away
    over: np.ndarray  # float64[10 * (U + 2)] the same over practice, by unit of the village; 0 where there is none
    heat: np.ndarray  # int64[U + 2] subsidy less added bill of a village household; 0 elsewhere
    heating_fen: np.ndarray  # int64[U + 1] subsidy of a village household
    fuel_fen: np.ndarray  # int64[U + 1] what clean heating adds to its bill
    benefit_fen: np.ndarray  # int64[U + 1] of older members beyond practice


class Block(NamedTuple):
    """Room for a block of households; int64 fen unless said otherwise."""

    income: np.ndarray
    main: np.ndarray  # rent of the main home, asked and then paid
    split: np.ndarray  # rent of members living apart
    land: np.ndarray
    help: np.ndarray  # assistance
    spent: np.ndarray  # consumption
    owed: np.ndarray  # interest
    pensions: np.ndarray  # int64, members with a worker pension, and from bit 32 on those with a basic one
    basic: np.ndarray  # int32, members with a basic pension
    apart: np.ndarray  # uint8, members who live apart on the household's money
    market: np.ndarray  # uint16, twice the market of the home, plus one where it is not the origin
    village: np.ndarray  # uint8, unit of a home in a village
    away: np.ndarray  # uint16, positions of households with members who live apart


LAND_AT, PENSIONS_AT, MAIN_AT, HELP_AT, SPENT_AT, OWED_AT, PER_MARKET = 0, 2, 3, 5, 6, 7, 8
"""Sums by market of the home: land farmed, land let, pensions, rent, public rent, assistance, consumption, interest."""


@bare
def main_area(size):
    """Rented floor area of a whole household, m2, as in the choice (E5)."""
    return min(90.0, 18.0 + 14.0 * size)


@bare
def split_area(config, tenure):
    """Rented floor area of members living apart, m2, as in the choice (E12)."""
    if config == COUPLE:
        return 25.0
    if config == CHILD:
        return 40.0
    return 4.0 if tenure == DORMITORY else 15.0


@bare
def rent_of(r, tenure, yuan_m2, area):
    """Monthly rent in fen; owners and their own houses pay none."""
    if tenure in (RENTED, DORMITORY):
        return np.int64(yuan_m2 * area * FEN)
    if tenure == PUBLIC_RENTAL:
        return np.int64(yuan_m2 * area * FEN * (1.0 - r.discount))
    return np.int64(0)


@kernel
def spend(start, stop, out, held, r, homes, places, t, keep):
    """Receipts from land, housing, debt, consumption and saving of households [start, stop).

    held: int64[parts, H + 1], what `model.kernels.earnings.earn` added, household h at h + 1; set to zero again. With
    keep = False only income_yuan is written. For `model.kernels.rows.count_rows`.
    """
    n_markets = places.market_unit.size
    by_market, villages = np.zeros(n_markets * PER_MARKET, np.int64), np.zeros(t.heat.size, np.int64)
    x = Block(
        np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int32), np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint8),
        np.empty(BLOCK, np.uint16),
    )
    members, basic = np.empty(256, np.uint8), np.empty(n_markets, np.int64)
    for k in range(members.size):
        members[k] = min(k, FULL_SIZE)
    for m in range(n_markets):
        basic[m] = r.basic_pension + t.benefit_fen[places.market_unit[m]]
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        size, place, tenure = homes.size[a:b], homes.place[a:b], homes.tenure[a:b]
        take_in(held[:, a + 1 : b + 1], r.worker_pension, x)
        away = look_up(
            size, homes.origin[a:b], place, homes.config[a:b], tenure, homes.split_place[a:b], homes.land_mu[a:b],
            members, basic, places, t, x,
        )
        ask_apart(away, a, r, homes, places, t, x)
        balance(
            r, size, homes.savings_fen[a:b], homes.debt_fen[a:b], homes.income_yuan[a:b], x, keep,
        )
        add_up(size, tenure, x, by_market, villages)
        spend_apart(away, a, homes, places, x, by_market, out)
    fold(by_market, villages, r, places, t, out)


@bare
def take_in(held, worker_pension, x):
    """What members brought, taken apart; words are cleared."""
    income, pensions, basic, apart = x.income, x.pensions, x.basic, x.apart
    first = held[0]
    for k in range(1, held.shape[0]):
        more = held[k]
        for j in range(first.size):
            first[j] += more[j]
            more[j] = 0
    for j in range(first.size):
        word = first[j]
        first[j] = 0
        fen = (word << np.int64(64 - WORKER_BITS)) >> np.int64(64 - WORKER_BITS)
        counts = (word - fen) >> np.int64(WORKER_BITS)
        by_work, others = counts & np.int64(255), (counts >> np.int64(8)) & np.int64(255)
        apart[j] = (counts >> np.int64(16)) & np.int64(255)
        income[j] = fen + by_work * worker_pension
        basic[j] = others
        pensions[j] = by_work | (others << np.int64(32))


@bare
def look_up(size, origin, place, config, tenure, split_place, land_mu, members, basic_fen, places, t, x):
    """Add what depends on places to incomes, find rents asked; returns how many have members who live apart.

    Tables instead of branches: a processor cannot guess who lives how.
    """
    market_at, village_at, rent, land, over = places.market_at, places.village_at, t.rent, t.land, t.over
    heat, slots = t.heat, np.uint64(t.heat.size)
    income, main, split, from_land, basic, market = x.income, x.main, x.split, x.land, x.basic, x.market
    village, away, k = x.village, x.away, 0
    for j in range(size.size):
        here, home, count = np.uint64(place[j]), np.uint64(origin[j]), members[size[j]]
        m, left = np.uint64(market_at[here]), place[j] != origin[j]
        way = np.uint64(left) * np.uint64(CONFIGS) + np.uint64(config[j])
        fen = np.int64(np.float64(land_mu[j]) * land[way] * over[way * slots + np.uint64(village_at[home])])
        fen *= np.int64(count > 0)
        income[j] += basic[j] * basic_fen[m] + heat[np.uint64(village_at[here])] + fen
        main[j] = rent[(m * np.uint64(SIZES) + np.uint64(count)) * np.uint64(TENURES) + np.uint64(tenure[j])]
        split[j], from_land[j], market[j] = 0, fen, m * np.uint64(2) + np.uint64(left)
        village[j] = village_at[here]
        away[k] = j
        k += split_place[j] >= 0
    return k


@bare
def ask_apart(count, first, r, homes, places, t, x):
    """Rents asked from members who live apart."""
    splits, tenures, configs, away, split = homes.split_place, homes.split_tenure, homes.config, x.away, x.split
    for q in range(count):
        j = np.uint64(away[q])
        h = np.uint64(first) + j
        config, tenure, market = configs[h], tenures[h], np.uint64(places.market_at[np.uint64(splits[h])])
        simple = config != CHILD and tenure == RENTED
        split[j] = rent_of(r, tenure, t.room[market] if simple else t.flat[market], split_area(config, tenure))


@bare
def balance(r, size, savings, debt, income_yuan, x, keep):
    """Pay in order: housing and the base come first, then interest, repayment, and `consume` of what is above the base.

    Assistance fills up to the base and savings never fall below zero: unpaid interest is added to the debt. Of empty
    households nothing is asked.
    """
    zero, least, consume, rate, repay = np.int64(0), np.int64(r.base), r.consume, r.interest_month, r.repay_month
    income, main, split, helped, consumed, owed = x.income, x.main, x.split, x.help, x.spent, x.owed
    for j in range(size.size):
        lives, base = size[j] > 0, least * size[j]
        got, due = income[j] if lives else zero, debt[j] if lives else zero
        funds = max(zero, got) + savings[j]
        rent = min(main[j], funds) if lives else zero
        funds -= rent
        apart = min(split[j], funds) if lives else zero
        funds -= apart
        interest_due = np.int64(due * rate)
        interest = min(interest_due, max(zero, funds - base))
        funds -= interest
        repaid = min(np.int64(due * repay), max(zero, funds - base))
        funds -= repaid
        help_ = max(zero, base - funds)
        spare = max(zero, got - rent - apart - base)
        spent = min(base + np.int64(consume * spare), funds + help_)
        main[j], split[j], helped[j], consumed[j], owed[j] = rent, apart, help_, spent, interest_due
        yuan = np.int32(np.float64(max(zero, got + help_)) / np.float64(FEN))
        income_yuan[j] = yuan if lives else income_yuan[j]
        savings[j] = funds + help_ - spent if keep else savings[j]
        debt[j] = debt[j] + interest_due - interest - repaid + max(zero, -got) if keep else debt[j]


@bare
def add_up(size, tenure, x, by_market, villages):
    """Sums by market of the home, and households in villages by unit."""
    market, land, pensions, main, helped, consumed, owed = x.market, x.land, x.pensions, x.main, x.help, x.spent, x.owed
    village = x.village
    for j in range(size.size):
        m = np.uint64(market[j])
        row = (m >> np.uint64(1)) * np.uint64(PER_MARKET)
        by_market[row + np.uint64(LAND_AT) + (m & np.uint64(1))] += land[j]
        by_market[row + np.uint64(PENSIONS_AT)] += pensions[j]
        by_market[row + np.uint64(MAIN_AT) + np.uint64(tenure[j] == PUBLIC_RENTAL)] += main[j]
        by_market[row + np.uint64(HELP_AT)] += helped[j]
        by_market[row + np.uint64(SPENT_AT)] += consumed[j]
        by_market[row + np.uint64(OWED_AT)] += owed[j]
        villages[np.uint64(village[j])] += size[j] > 0


@bare
def spend_apart(count, first, homes, places, x, by_market, out):
    """Members who live apart pay rent and buy where they live."""
    sizes, splits, tenures, away, split = homes.size, homes.split_place, homes.split_tenure, x.away, x.split
    units = out.shape[1]
    rent, bought = BY_UNIT + 2 * units, BY_UNIT + 4 * units
    for q in range(count):
        j = np.uint64(away[q])
        h = np.uint64(first) + j
        if sizes[h] == 0:
            continue
        home, there = np.int64(x.market[j] >> np.uint16(1)), np.uint64(splits[h])
        unit, public = np.int64(places.market_unit[home]), units * (tenures[h] == PUBLIC_RENTAL)
        out[rent + np.int64(places.unit_at[there]) + public, unit] += split[j]
        fen = x.spent[j] * np.int64(x.apart[j]) // np.int64(sizes[h])
        out[bought + np.int64(places.market_at[there]), unit] += fen
        by_market[home * PER_MARKET + SPENT_AT] -= fen


@bare
def fold(by_market, villages, r, places, t, out):
    """From sums by market to rows of `out`."""
    units = out.shape[1]
    rent, bought = BY_UNIT + 2 * units, BY_UNIT + 4 * units
    for m in range(places.market_unit.size):
        unit, row = np.int64(places.market_unit[m]), by_market[m * PER_MARKET : (m + 1) * PER_MARKET]
        by_work, basic = row[PENSIONS_AT] & np.int64(0xFFFFFFFF), row[PENSIONS_AT] >> np.int64(32)
        out[FARM, unit] += row[LAND_AT]
        out[LAND_RENT, unit] += row[LAND_AT + 1]
        out[PENSION, unit] += by_work * r.worker_pension
        out[BASIC, unit] += basic * r.basic_pension
        out[BENEFIT, unit] += basic * t.benefit_fen[unit]
        out[rent + unit, unit] += row[MAIN_AT]
        out[rent + units + unit, unit] += row[MAIN_AT + 1]
        out[ASSISTANCE, unit] += row[HELP_AT]
        out[INTEREST, unit] += row[OWED_AT]
        out[bought + m, unit] += row[SPENT_AT]
    for unit in range(units):
        out[HEATING, unit] += villages[unit] * t.heating_fen[unit]
        out[FUEL, unit] += villages[unit] * t.fuel_fen[unit]


def sums(out: np.ndarray, n_markets: int) -> tuple[Earned, Spent]:
    """The rows of `spend` and `model.kernels.earnings.earn` by name: views."""
    u1 = out.shape[1]
    blocks = [out[BY_UNIT + k * u1 : BY_UNIT + (k + 1) * u1] for k in range(4)]
    bought = out[BY_UNIT + 4 * u1 : BY_UNIT + 4 * u1 + n_markets].T
    earned = Earned(
        out[LIVED_AWAY], blocks[0], out[FARM_WORK], out[OWN_INSURANCE], out[EMPLOYER], out[COST:BY_UNIT].T, out[BASIC],
        out[PENSION], out[TOPUP], out[LEVY], out[BENEFIT], blocks[1],
    )
    spent = Spent(
        out[FARM], out[LAND_RENT], out[HEATING], out[FUEL], out[ASSISTANCE], blocks[2].T, blocks[3].T, out[INTEREST],
        bought,
    )
    return earned, spent
