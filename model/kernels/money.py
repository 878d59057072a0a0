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
    place_at: np.ndarray  # uint16[P] market, and from bit 8 on the unit of a village, U + 1 for other places
    job_at: np.ndarray  # uint8[256] unit by market of the job, U where outside or none
    market_unit: np.ndarray  # uint8[M], U where outside


class Terms(NamedTuple):
    """What places, markets and units bring to households; `model.kernels.terms.set_terms` fills it."""

    rent: np.ndarray  # int32[M * 8 * 8] fen of the main home by market, members and tenure
    split: np.ndarray  # int32[M * 5 * 8] fen of the home of those apart by market, Config and tenure
    flat: np.ndarray  # float64[M] yuan/m2 of flats
    room: np.ndarray  # float64[M] yuan/m2 of simple rooms: people alone and workers apart
    land: np.ndarray  # float64[10] fen/mu at practice by Config at home, then by Config away
    over: np.ndarray  # float64[10 * (U + 2)] the same over practice, by unit of the village; 0 where there is none
    basic_fen: np.ndarray  # int64[M] basic pension with the benefit beyond practice
    heat: np.ndarray  # int64[U + 2] subsidy less added bill of a village household; 0 elsewhere
    heating_fen: np.ndarray  # int64[U + 1] subsidy of a village household
    fuel_fen: np.ndarray  # int64[U + 1] what clean heating adds to its bill
    benefit_fen: np.ndarray  # int64[U + 1] of older members beyond practice


class Block(NamedTuple):
    """Room for a block of households; int64 fen unless said otherwise."""

    income: np.ndarray
    main: np.ndarray  # rent of the main home, asked and then paid
    split: np.ndarray  # rent of members living apart, 0 between blocks
    land: np.ndarray
    help: np.ndarray  # assistance
    spent: np.ndarray  # consumption
    owed: np.ndarray  # interest
    counts: np.ndarray  # int64, members with a worker pension, with a basic one, and 1 in a village, 21 bits each
    basic: np.ndarray  # int32, members with a basic pension
    apart: np.ndarray  # uint8, members who live apart on the household's money
    market: np.ndarray  # uint16, twice the market of the home, plus one where it is not the origin
    away: np.ndarray  # uint16, positions of households with members who live apart


LAND_AT, COUNTS_AT, MAIN_AT, HELP_AT, SPENT_AT, OWED_AT, PER_MARKET = 0, 2, 3, 5, 6, 7, 8
"""Sums by market of the home: land farmed, land let, counts, rent, public rent, assistance, consumption, interest."""
COUNT_BITS, COUNT_MASK = 21, (1 << 21) - 1
TOGETHER: Final = 64 * BLOCK
"""Households whose counts are added before they are taken out of their word: far fewer than would fill it."""


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
    n_markets, words = places.market_unit.size, held.reshape(held.size)
    by_market, members = np.zeros(n_markets * PER_MARKET, np.int64), np.empty(256, np.uint8)
    x = Block(
        np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.zeros(BLOCK, np.int64), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int32), np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16),
    )
    for k in range(members.size):
        members[k] = min(k, FULL_SIZE)
    for first in range(start, stop, TOGETHER):
        last = min(stop, first + TOGETHER)
        for a in range(first, last, BLOCK):
            b = min(last, a + BLOCK)
            size, place, tenure = homes.size[a:b], homes.place[a:b], homes.tenure[a:b]
            take_in(words, a + 1, b + 1, held.shape[1], r.worker_pension, x)
            away = look_up(
                size, homes.origin[a:b], place, homes.config[a:b], tenure, homes.split_place[a:b], homes.land_mu[a:b],
                members, places, t, x,
            )
            ask_apart(away, a, homes, places, t, x)
            balance(r, size, homes.savings_fen[a:b], homes.debt_fen[a:b], homes.income_yuan[a:b], x, keep)
            add_up(tenure, x, by_market)
            spend_apart(away, a, homes, places, x, by_market, out)
        fold(by_market, r, places, t, out)


@bare
def take_in(words, start, stop, stride, worker_pension, x):
    """What members brought, taken apart; words are cleared."""
    income, basic, apart, word_counts, first = x.income, x.basic, x.apart, x.counts, words[start:stop]
    for a in range(start + stride, words.size, stride):
        more = words[a : a + stop - start]
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
        word_counts[j] = by_work | (others << np.int64(COUNT_BITS))


@bare
def look_up(size, origin, place, config, tenure, split_place, land_mu, members, places, t, x):
    """Add what depends on places to incomes, find rents asked; returns how many have members who live apart.

    Tables instead of branches: a processor cannot guess who lives how.
    """
    place_at, rent, land, over, heat, basic_fen = places.place_at, t.rent, t.land, t.over, t.heat, t.basic_fen
    income, main, from_land, basic, market, counts = x.income, x.main, x.land, x.basic, x.market, x.counts
    away, k, slots, none = x.away, 0, np.uint64(t.heat.size), np.uint16(t.heat.size - 1)
    for j in range(size.size):
        here, home, count = place_at[np.uint64(place[j])], place_at[np.uint64(origin[j])], np.uint64(members[size[j]])
        m, village, left = np.uint64(here & np.uint16(255)), here >> np.uint16(8), place[j] != origin[j]
        way = np.uint64(left) * np.uint64(CONFIGS) + np.uint64(config[j])
        over_practice = over[way * slots + np.uint64(home >> np.uint16(8))]
        fen = np.int64(np.float64(land_mu[j]) * land[way] * over_practice) * np.int64(count > 0)
        income[j] += basic[j] * basic_fen[m] + heat[np.uint64(village)] + fen
        main[j] = rent[(m * np.uint64(SIZES) + count) * np.uint64(TENURES) + np.uint64(tenure[j])]
        counts[j] += np.int64((village != none) & (count > 0)) << np.int64(2 * COUNT_BITS)
        from_land[j], market[j] = fen, m * np.uint64(2) + np.uint64(left)
        away[k] = j
        k += split_place[j] >= 0
    return k


@bare
def ask_apart(count, first, homes, places, t, x):
    """Rents asked from members who live apart."""
    splits, tenures, configs, away, split = homes.split_place, homes.split_tenure, homes.config, x.away, x.split
    place_at, rent = places.place_at, t.split
    for q in range(count):
        j = np.uint64(away[q])
        h = np.uint64(first) + j
        row = np.uint64(place_at[np.uint64(splits[h])] & np.uint16(255)) * np.uint64(CONFIGS) + np.uint64(configs[h])
        split[j] = rent[row * np.uint64(TENURES) + np.uint64(tenures[h])]


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
def add_up(tenure, x, by_market):
    """Sums by market of the home."""
    market, land, counts, main, helped, consumed, owed = x.market, x.land, x.counts, x.main, x.help, x.spent, x.owed
    for j in range(tenure.size):
        m = np.uint64(market[j])
        row = (m >> np.uint64(1)) * np.uint64(PER_MARKET)
        by_market[row + np.uint64(LAND_AT) + (m & np.uint64(1))] += land[j]
        by_market[row + np.uint64(COUNTS_AT)] += counts[j]
        by_market[row + np.uint64(MAIN_AT) + np.uint64(tenure[j] == PUBLIC_RENTAL)] += main[j]
        by_market[row + np.uint64(HELP_AT)] += helped[j]
        by_market[row + np.uint64(SPENT_AT)] += consumed[j]
        by_market[row + np.uint64(OWED_AT)] += owed[j]


@bare
def spend_apart(count, first, homes, places, x, by_market, out):
    """Members who live apart pay rent and buy where they live; clears `split` for the next block."""
    sizes, splits, tenures, away, split = homes.size, homes.split_place, homes.split_tenure, x.away, x.split
    market, spent, apart, unit_at, place_at = x.market, x.spent, x.apart, places.unit_at, places.place_at
    units = out.shape[1]
    rent, bought = np.uint64(BY_UNIT + 2 * units), np.uint64(BY_UNIT + 4 * units)
    for q in range(count):
        j = np.uint64(away[q])
        h = np.uint64(first) + j
        home, there = np.uint64(market[j] >> np.uint16(1)), np.uint64(splits[h])
        unit, public = np.uint64(places.market_unit[home]), np.uint64(tenures[h] == PUBLIC_RENTAL)
        out[rent + np.uint64(unit_at[there]) + public * np.uint64(units), unit] += split[j]
        # Both are far below 2^53, so that the quotient cannot round up to the next whole number.
        fen = np.int64(np.float64(spent[j] * np.int64(apart[j])) / np.float64(max(sizes[h], np.uint8(1))))
        out[bought + np.uint64(place_at[there] & np.uint16(255)), unit] += fen
        by_market[home * np.uint64(PER_MARKET) + np.uint64(SPENT_AT)] -= fen
        split[j] = 0


@bare
def fold(by_market, r, places, t, out):
    """From sums by market to rows of `out`; they are cleared."""
    units = out.shape[1]
    rent, bought = BY_UNIT + 2 * units, BY_UNIT + 4 * units
    for m in range(places.market_unit.size):
        unit, row = np.int64(places.market_unit[m]), by_market[m * PER_MARKET : (m + 1) * PER_MARKET]
        counts = row[COUNTS_AT]
        by_work, basic = counts & np.int64(COUNT_MASK), (counts >> np.int64(COUNT_BITS)) & np.int64(COUNT_MASK)
        villages = counts >> np.int64(2 * COUNT_BITS)
        out[FARM, unit] += row[LAND_AT]
        out[LAND_RENT, unit] += row[LAND_AT + 1]
        out[PENSION, unit] += by_work * r.worker_pension
        out[BASIC, unit] += basic * r.basic_pension
        out[BENEFIT, unit] += basic * t.benefit_fen[unit]
        out[HEATING, unit] += villages * t.heating_fen[unit]
        out[FUEL, unit] += villages * t.fuel_fen[unit]
        out[rent + unit, unit] += row[MAIN_AT]
        out[rent + units + unit, unit] += row[MAIN_AT + 1]
        out[ASSISTANCE, unit] += row[HELP_AT]
        out[INTEREST, unit] += row[OWED_AT]
        out[bought + m, unit] += row[SPENT_AT]
        row[:] = 0


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
