"""Cash kernel: what people earn and what households receive, owe and spend in a month, in whole fen (E4, E5, E8).

All sums are rows of one table int64[rows, U + 1] by unit, the last of which is outside: mostly the unit of the
household's main place; for what firms pay, of the job.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.rng import Stream, uniform
from model.kernels.rows import BLOCK
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


class People(NamedTuple):
    """Columns of residents."""

    next: np.ndarray
    birth: np.ndarray
    activity: np.ndarray
    sector: np.ndarray
    job_market: np.ndarray
    flags: np.ndarray
    wage: np.ndarray
    uid: np.ndarray
    hukou: np.ndarray


class Homes(NamedTuple):
    """Columns of households."""

    head: np.ndarray
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


class Terms(NamedTuple):
    """What places, markets and units bring; index U of what is by unit is outside."""

    unit: np.ndarray  # int16[P], -1 where outside
    kind: np.ndarray  # uint8[P]
    market: np.ndarray  # [P]
    job_unit: np.ndarray  # int16[M] by market of the job, -1 where outside
    rent_yuan_m2: np.ndarray  # float64[M] of flats
    room_yuan_m2: np.ndarray  # float64[M] of simple rooms: people alone and workers apart
    premium: np.ndarray  # float64[U + 1] income of own farming over practice
    let: np.ndarray  # float64[U + 1] rent of land let over practice
    heating_fen: np.ndarray  # int64[U + 1] subsidy of a village household
    fuel_fen: np.ndarray  # int64[U + 1] what clean heating adds to its bill
    topup_fen: np.ndarray  # int64[U + 1] for each recipient, of either sign
    topup_chance: np.ndarray  # float64[U + 1] part of older people without a worker pension who receive it
    dividend_fen: np.ndarray  # int64[U + 1] for each person registered in a village of the unit, wherever they live
    levy_fen: np.ndarray  # int64[U + 1] contribution of a member beyond practice
    saved_fen: np.ndarray  # int64[U + 1] contribution that who leaves saves
    benefit_fen: np.ndarray  # int64[U + 1] of older members beyond practice
    leave: np.ndarray  # float64[U + 1] share of members of working age who leave
    any_dividend: bool
    any_topup: bool
    any_levy: bool


@bare
def of_unit(unit, outside):
    """A unit as an index that has outside last."""
    return np.int64(unit) if unit >= 0 else np.int64(outside)


@bare
def earn(start, stop, out, income, apart, r, month, people, homes, t):
    """Income in fen of the members of households, and how many live apart on the household's money.

    income: int64[stop - start], apart: int64[stop - start], both written. Choices by arithmetic rather than by
    branches: who works where is what a processor cannot guess. Arrays are taken out of their tuples once, since each
    time costs a count of references.
    """
    head, place, nxt, unit_of, job_unit = homes.head, homes.place, people.next, t.unit, t.job_unit
    birth, activity, sector, wage = people.birth, people.activity, people.sector, people.wage
    flags, job_market, benefit_fen = people.flags, people.job_market, t.benefit_fen
    outside = out.shape[1] - 1
    for h in range(start, stop):
        i = head[h]
        home = of_unit(unit_of[place[h]], outside)
        total, away_sum, farm, own = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        lived, basic, pension = np.int64(0), np.int64(0), np.int64(0)
        while i >= 0:
            working, trade = activity[i] == EMPLOYED, np.int64(sector[i])
            away, insured = (flags[i] & APART) != 0, (flags[i] & INSURED) != 0
            hired = working & (trade != FARMING)
            pay = np.int64(wage[i]) * FEN * working
            job = pay * hired
            at = of_unit(job_unit[np.int64(job_market[i]) * hired], outside)  # who has no job may name no market
            abroad = hired & (at == outside)
            employer = np.int64(job * r.employer_rate) * insured
            mine = np.int64(job * r.worker_rate) * insured
            kept = (job - mine - np.int64((job - mine) * r.remit)) * (away & abroad)
            out[BY_UNIT + at, home] += job
            out[EMPLOYER, at] += employer
            out[COST + trade * hired, at] += job + employer
            farm, own, lived = farm + pay - job, own + mine, lived + kept
            total += pay - mine - kept
            away_sum += away & (not abroad)
            by_work = (activity[i] == RETIRED) & insured
            pension += by_work
            basic += (month - birth[i] >= OLD_MONTHS) & (not by_work) & (not (hired & insured))
            i = nxt[i]
        out[FARM_WORK, home] += farm
        out[OWN_INSURANCE, home] += own
        out[LIVED_AWAY, home] += lived
        out[PENSION, home] += pension * r.worker_pension
        out[BASIC, home] += basic * r.basic_pension
        out[BENEFIT, home] += basic * benefit_fen[home]
        income[h - start] = total + pension * r.worker_pension + basic * (r.basic_pension + benefit_fen[home])
        apart[h - start] = away_sum


@bare
def earn_beyond(start, stop, out, income, month, seed, people, homes, t):
    """Add dividends, contributions and top-ups where policy has moved them."""
    head, place, nxt, unit_of, kind = homes.head, homes.place, people.next, t.unit, t.kind
    birth, activity, sector, flags = people.birth, people.activity, people.sector, people.flags
    hukou, uid = people.hukou, people.uid
    levy_fen, topup_fen, dividend_fen, leave = t.levy_fen, t.topup_fen, t.dividend_fen, t.leave
    outside = out.shape[1] - 1
    for h in range(start, stop):
        i = head[h]
        home = of_unit(unit_of[place[h]], outside)
        while i >= 0:
            member = of_unit(unit_of[hukou[i]], outside)
            if dividend_fen[member] != 0 and kind[hukou[i]] == VILLAGE:
                out[BY_UNIT + out.shape[1] + member, home] += dividend_fen[member]
                income[h - start] += dividend_fen[member]
            age, insured = month - birth[i], (flags[i] & INSURED) != 0
            covered = insured and activity[i] == EMPLOYED and sector[i] != FARMING
            if levy_fen[home] != 0 and YOUNG_MONTHS <= age < OLD_MONTHS and not insured:
                due = levy_fen[home]
                if leave[home] > 0.0 and uniform(seed, DROP_OUT, uid[i], 0, 0) < leave[home]:
                    due = -t.saved_fen[home]
                out[LEVY, home] += due
                income[h - start] -= due
            by_work = covered or (insured and activity[i] == RETIRED)
            if topup_fen[home] != 0 and age >= OLD_MONTHS and not by_work:
                if uniform(seed, INSURANCE, uid[i], 0, SLOT_ASSISTED) < t.topup_chance[home]:
                    out[TOPUP, home] += topup_fen[home]
                    income[h - start] += topup_fen[home]
            i = nxt[i]


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


@bare
def land_income(r, land_mu, at_home, config, premium, let):
    """E8: monthly fen from contracted land: farmed by those at home, let by those who left."""
    if not at_home:
        return np.int64(land_mu * r.land_rent * let), False
    part = COMMUTER_FARM_SHARE if config == COMMUTE else 1.0
    return np.int64(land_mu * r.farm_net * premium * part), True


class Balance(NamedTuple):
    """One household's month, fen."""

    main: int  # rent paid for the main home
    split: int  # rent paid for members living apart
    owed: int  # interest
    help: int  # assistance
    consumed: int
    savings: int
    debt: int


@bare
def balance(r, income, size, savings, debt, main, split):
    """Pay in order: housing and the base come first, then interest, repayment, and `consume` of what is above the base.

    Assistance fills up to the base and savings never fall below zero: unpaid interest is added to the debt.
    """
    base = np.int64(r.base) * size
    funds = max(np.int64(0), income) + savings
    main = min(main, funds)
    funds -= main
    split = min(split, funds)
    funds -= split
    owed = np.int64(debt * r.interest_month)
    interest = min(owed, max(np.int64(0), funds - base))
    funds -= interest
    repaid = min(np.int64(debt * r.repay_month), max(np.int64(0), funds - base))
    funds -= repaid
    help_ = max(np.int64(0), base - funds)
    spare = max(np.int64(0), income - main - split - base)
    consumed = min(base + np.int64(r.consume * spare), funds + help_)
    debt += owed - interest - repaid + max(np.int64(0), -income)
    return Balance(main, split, owed, help_, consumed, funds + help_ - consumed, debt)


@bare
def rent_asked(r, place, tenure, area, simple, t_market, rent_yuan_m2, room_yuan_m2):
    """Rent of a dwelling, fen; simple: a room where it is rented."""
    market = t_market[place]
    yuan = room_yuan_m2[market] if simple and tenure == RENTED else rent_yuan_m2[market]
    return rent_of(r, tenure, yuan, area)


@bare
def spend(start, stop, out, income, apart, r, homes, t, keep):
    """Receipts from land, housing, debt, consumption, saving of households whose members have earned `income`.

    income, apart: int64[stop - start], from `earn`. With keep = False only income_yuan is written.
    """
    head, sizes, places, origins, splits = homes.head, homes.size, homes.place, homes.origin, homes.split_place
    tenures, split_tenures, configs, land_mu = homes.tenure, homes.split_tenure, homes.config, homes.land_mu
    savings_fen, debt_fen, income_yuan = homes.savings_fen, homes.debt_fen, homes.income_yuan
    unit_of, kind, market, flat, room = t.unit, t.kind, t.market, t.rent_yuan_m2, t.room_yuan_m2
    heating_fen, fuel_fen, premium, let = t.heating_fen, t.fuel_fen, t.premium, t.let
    rent, bought, outside = BY_UNIT + 2 * out.shape[1], BY_UNIT + 4 * out.shape[1], out.shape[1] - 1
    for h in range(start, stop):
        if head[h] < 0:
            continue
        place, origin, size, split_place = places[h], origins[h], np.int64(sizes[h]), splits[h]
        unit, total = of_unit(unit_of[place], outside), income[h - start]
        if land_mu[h] > 0.0 and kind[origin] == VILLAGE:
            at = of_unit(unit_of[origin], outside)
            fen, farmed = land_income(r, land_mu[h], place == origin, configs[h], premium[at], let[at])
            total += fen
            out[FARM if farmed else LAND_RENT, unit] += fen
        if kind[place] == VILLAGE:
            total += heating_fen[unit] - fuel_fen[unit]
            out[HEATING, unit] += heating_fen[unit]
            out[FUEL, unit] += fuel_fen[unit]
        main = rent_asked(r, place, tenures[h], main_area(size), size == 1, market, flat, room)
        split = np.int64(0)
        if split_place >= 0:
            area = split_area(configs[h], split_tenures[h])
            split = rent_asked(r, split_place, split_tenures[h], area, configs[h] != CHILD, market, flat, room)
        b = balance(r, total, size, savings_fen[h], debt_fen[h], main, split)
        income_yuan[h] = max(np.int64(0), (total + b.help) // FEN)
        out[ASSISTANCE, unit] += b.help
        out[INTEREST, unit] += b.owed
        out[rent + unit + out.shape[1] * (tenures[h] == PUBLIC_RENTAL), unit] += b.main
        away = np.int64(0)
        if split_place >= 0:
            public = out.shape[1] * (split_tenures[h] == PUBLIC_RENTAL)
            out[rent + of_unit(unit_of[split_place], outside) + public, unit] += b.split
            away = b.consumed * apart[h - start] // size
            out[bought + market[split_place], unit] += away
        out[bought + market[place], unit] += b.consumed - away
        if keep:
            savings_fen[h], debt_fen[h] = b.savings, b.debt


@kernel
def live_month(start, stop, out, r, month, seed, people, homes, t, keep):
    """One pass over households and their members, a block at a time. For `model.kernels.rows.count_rows`."""
    income, apart = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        earn(a, b, out, income, apart, r, month, people, homes, t)
        if t.any_dividend or t.any_topup or t.any_levy:
            earn_beyond(a, b, out, income, month, seed, people, homes, t)
        spend(a, b, out, income, apart, r, homes, t, keep)


def sums(out: np.ndarray, n_markets: int) -> tuple[Earned, Spent]:
    """The rows of `live_month` by name: views."""
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
