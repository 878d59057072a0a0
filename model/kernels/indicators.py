"""The month's row of every indicator from what was counted: one kernel a group, all scalars, no temporaries.

`row` is float64[K, U + 1], one line per key of KEYS and the prefecture last; rates of the prefecture are made from
summed counts, never by averaging units.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from model.kernels import tally as c
from model.kernels.jit import kernel

KEYS: Final = (
    "resident_population", "urban_population", "resident_urbanization_rate", "resident_urbanization_rate_frozen",
    "hukou_urbanization_rate", "citizenization_gap", "urbanization_gap_to_province",
    "births", "deaths", "hukou_conversions", "in_moves", "out_moves", "net_migration_rate",
    "urban_growth_moves", "urban_growth_natural", "urban_growth_reclassification", "in_county_urbanization_share",
    "integration_services", "integration_insurance", "integration_housing", "integration_jobs", "integration_income",
    "integration_index", "urban_residents_without_hukou",
    "urban_rural_income_ratio", "employment_rate", "rent_share", "price_to_income",
    "labour_intensive_employment_share", "labour_intensive_value_share", "value_added_per_resident",
    "vacant_home_share", "service_load_school", "service_load_kindergarten", "service_load_childcare",
    "service_load_hospital", "service_load_elder_care", "service_load_culture",
    "school_quality_town", "school_quality_village",
    "debt_ratio", "debt_yuan", "interest_to_revenue", "fiscal_self_sufficiency", "recurrent_balance",
    "later_upkeep_yuan", "county_spending_yuan", "lever_cost_yuan", "service_budget_floor_months",
)
(
    PEOPLE, URBAN, RATE, RATE_FROZEN, HUKOU, CITIZEN_GAP, PROVINCE_GAP, BIRTHS, DEATHS, CONVERSIONS, IN_MOVES,
    OUT_MOVES, NET, GROWTH_MOVES, GROWTH_NATURAL, GROWTH_CODES, IN_COUNTY, FIT_SERVICES, FIT_INSURANCE, FIT_HOUSING,
    FIT_JOBS, FIT_INCOME, FIT, WITHOUT_HUKOU, INCOME_RATIO, EMPLOYMENT, RENT_SHARE, PRICE_TO_INCOME, INTENSIVE_JOBS,
    INTENSIVE_VALUE, VALUE_ADDED, VACANT, LOAD, _, _, _, _, _, SCHOOL_TOWN, SCHOOL_VILLAGE, DEBT_RATIO, DEBT, INTEREST,
    SELF_SUFFICIENCY, RECURRENT, UPKEEP, SPENDING, LEVER_COST, FLOOR,
) = range(len(KEYS))

EVENTS: Final = ("births", "deaths", "conversions", "births_urban", "deaths_urban", "reclassified")
"""Lines of the counted events that `growth` reads."""
ACCOUNTS: Final = (
    "debt_fen", "resources_fen", "interest_fen", "spending_fen", "revenue_fen", "land_fen", "own_revenue_fen",
    "recurrent_fen", "later_upkeep_yuan", "floor_months", "tax_fen", "tax_rate", "public_pay_fen",
)
"""Lines of the accounts that `economy` and `public` read."""
(
    A_DEBT, A_RESOURCES, A_INTEREST, A_SPENDING, A_REVENUE, A_LAND, A_OWN, A_RECURRENT, A_UPKEEP, A_FLOOR, A_TAX,
    A_TAX_RATE, A_PUBLIC_PAY,
) = range(len(ACCOUNTS))

YEAR: Final = 12
FEN: Final = 100.0
HOME_M2: Final = 90.0
ROOM_M2, FLAT_M2, MEMBER_M2 = 32.0, 18.0, 14.0
"""Floor area that tenants rent: of a room, of a flat, and more for each member (assumed)."""


@njit(cache=True, error_model="numpy")
def ratio(top, bottom):
    """Quotient; not a number where there is nobody."""
    return np.float64(top) / np.float64(bottom) if bottom != 0 else np.nan


@kernel
def total(x, n):
    """Sum of the first n entries in NumPy's order (eight running sums), so that a twin in NumPy has the same bits."""
    if n < 8:
        out = 0.0
        for i in range(n):
            out += x[i]
        return out
    whole = n - n % 8
    r0, r1, r2, r3, r4, r5, r6, r7 = x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
    for i in range(8, whole, 8):
        r0, r1, r2, r3 = r0 + x[i], r1 + x[i + 1], r2 + x[i + 2], r3 + x[i + 3]
        r4, r5, r6, r7 = r4 + x[i + 4], r5 + x[i + 5], r6 + x[i + 6], r7 + x[i + 7]
    out = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(whole, n):
        out += x[i]
    return out


@kernel
def share(out, top, bottom, n):
    """Shares by unit and, from the sums, of the prefecture; top and bottom are float64[n + 1], out may be either."""
    top[n], bottom[n] = total(top, n), total(bottom, n)
    for u in range(n + 1):
        out[u] = ratio(top[u], bottom[u])


@kernel
def population(row, resident, registered, weight, province):
    """Residents, urban residents and rates. resident: int64[3, U]; registered: int64[U, 2]; province: a rate."""
    n = row.shape[1] - 1
    people, urban, frozen, held, held_urban = 0, 0, 0, 0, 0
    for u in range(n + 1):
        if u < n:
            p, c_now, c_then, all_held, in_town = (
                resident[0, u], resident[1, u], resident[2, u], registered[u, 0], registered[u, 1],
            )
            people, urban, frozen = people + p, urban + c_now, frozen + c_then
            held, held_urban = held + all_held, held_urban + in_town
        else:
            p, c_now, c_then, all_held, in_town = people, urban, frozen, held, held_urban
        row[PEOPLE, u], row[URBAN, u] = p * weight, c_now * weight
        row[RATE, u], row[RATE_FROZEN, u], row[HUKOU, u] = ratio(c_now, p), ratio(c_then, p), ratio(in_town, all_held)
        row[CITIZEN_GAP, u] = row[RATE, u] - row[HUKOU, u]
        row[PROVINCE_GAP, u] = province - row[RATE, u]


@kernel
def moved(od, moves, into, out, village, weight):
    """Arrivals and departures of units, and of villages to own towns and anywhere but villages: float64[U + 1] each.

    od: int64[M, M] of the month, added to `moves`; village: float64[2, U + 1]. Moves within a unit do not count.
    """
    n, m = into.size - 1, od.shape[0]
    into[:], out[:], village[:] = 0.0, 0.0, 0.0
    for a in range(m):
        u = a // 3 if a < 3 * n else n
        for b in range(m):
            k, v = od[a, b], b // 3 if b < 3 * n else n
            moves[a, b] += k
            if u != v:
                out[u] += k
                into[v] += k
            if u < n and a % 3 == 0:
                village[0, u] += k if u == v and b % 3 != 0 else 0
                village[1, u] += 0 if v < n and b % 3 == 0 else k
    into[n], out[n] = out[n], into[n]
    for u in range(n + 1):
        into[u], out[u] = into[u] * weight, out[u] * weight
    village[0, n], village[1, n] = total(village[0], n), total(village[1], n)


@kernel
def growth(row, t, flows_in, flows_out, village, events, urban_moves, weight):
    """Births, deaths, moves; urban growth in three lines; where those who left villages went in twelve months.

    flows_in, flows_out: float64[T, U + 1]; village: float64[T, 2, U + 1]; events: int64[6, U] (EVENTS); urban_moves:
    int64[2, U].
    """
    n, first = row.shape[1] - 1, max(0, t - YEAR + 1)
    for u in range(n):
        row[BIRTHS, u], row[DEATHS, u], row[CONVERSIONS, u] = events[0, u], events[1, u], events[2, u]
        row[GROWTH_MOVES, u] = urban_moves[0, u] - urban_moves[1, u]
        row[GROWTH_NATURAL, u], row[GROWTH_CODES, u] = events[3, u] - events[4, u], events[5, u]
    for k in (BIRTHS, DEATHS, CONVERSIONS, GROWTH_MOVES, GROWTH_NATURAL, GROWTH_CODES):
        row[k, n] = total(row[k], n)
        for u in range(n + 1):
            row[k, u] *= weight
    for u in range(n + 1):
        row[IN_MOVES, u], row[OUT_MOVES, u] = flows_in[t, u], flows_out[t, u]
        net, near, every = 0.0, 0.0, 0.0
        for s in range(first, t + 1):
            net += flows_in[s, u] - flows_out[s, u]
            near += village[s, 0, u]
            every += village[s, 1, u]
        row[NET, u] = ratio(net * YEAR / (t + 1 - first), row[PEOPLE, u])
        row[IN_COUNTY, u] = ratio(near, every)


@kernel
def integration(row, groups, entitlement, own_county, weight, x, y):
    """Five parts: what newcomers have of what locals have, at most 1; their mean. x, y: float64[U + 1], scratch.

    groups: int64[U, 3, 8]; own_county: the gap of villagers of the same county.
    """
    n = row.shape[1] - 1
    persons, k = 0, 0
    for u in range(n):
        new = groups[u, c.NEWCOMER]
        same = ratio(new[c.SAME_COUNTY], new[c.PERSONS])
        access = 1.0 - (1.0 - entitlement[u]) * (1.0 - same + same * own_county)
        row[FIT_SERVICES, u], row[WITHOUT_HUKOU, u] = access, new[c.PERSONS]
        persons += new[c.PERSONS]
        if new[c.PERSONS] > 0:
            x[k] = access * new[c.PERSONS]
            k += 1
    row[FIT_SERVICES, n], row[WITHOUT_HUKOU, n] = total(x, k) / max(1, persons), persons
    _gap(row[FIT_INSURANCE], groups, c.WITH_INSURANCE, c.AT_WORK, x, y)
    _gap(row[FIT_HOUSING], groups, c.SECURITY, c.PERSONS, x, y)
    _gap(row[FIT_JOBS], groups, c.STABLE, c.AT_WORK, x, y)
    _gap(row[FIT_INCOME], groups, c.INCOME, c.PERSONS, x, y)
    for u in range(n + 1):
        mean = 0.0
        for part in (FIT_SERVICES, FIT_INSURANCE, FIT_HOUSING, FIT_JOBS, FIT_INCOME):
            row[part, u] = 1.0 if row[part, u] > 1.0 else row[part, u]
            mean += row[part, u]
        row[FIT, u] = mean / 5.0
        row[WITHOUT_HUKOU, u] *= weight


@kernel
def _gap(out, groups, top, bottom, x, y):
    """Newcomers' mean over locals' mean, by unit and for the prefecture."""
    n = out.size - 1
    _pick(x, y, groups, c.NEWCOMER, top, bottom)
    share(out, x, y, n)
    _pick(x, y, groups, c.LOCAL, top, bottom)
    share(x, x, y, n)
    for u in range(n + 1):
        out[u] = ratio(out[u], x[u])


@kernel
def _pick(x, y, groups, group, top, bottom):
    for u in range(groups.shape[0]):
        x[u], y[u] = groups[u, group, top], groups[u, group, bottom]


@kernel
def living(row, groups, homes, price, rent, room_rent, x, y):
    """Incomes, work, rents and prices against incomes. homes: int64[U + 1, 2, 4], see `tally.count_households`."""
    n = row.shape[1] - 1
    _pick(x, y, groups, c.RURAL, c.INCOME, c.PERSONS)
    share(row[INCOME_RATIO], x, y, n)
    for u in range(n):
        local, new = groups[u, c.LOCAL], groups[u, c.NEWCOMER]
        x[u], y[u] = local[c.INCOME] + new[c.INCOME], local[c.PERSONS] + new[c.PERSONS]
    urban = total(y, n)
    for u in range(n):
        row[PRICE_TO_INCOME, u] = price[3 * u + 2] * y[u]
    mean_price = total(row[PRICE_TO_INCOME], n) / max(1.0, urban)
    share(row[PRICE_TO_INCOME], x, y, n)
    for u in range(n + 1):
        row[INCOME_RATIO, u] = ratio(row[PRICE_TO_INCOME, u], row[INCOME_RATIO, u])
    for u in range(n):
        x[u], y[u] = 0.0, 0.0
        for g in range(3):
            x[u], y[u] = x[u] + groups[u, g, c.AT_WORK], y[u] + groups[u, g, c.ADULT]
    share(row[EMPLOYMENT], x, y, n)
    for u in range(n):
        x[u] = groups[u, 0, c.PERSONS] + groups[u, 1, c.PERSONS] + groups[u, 2, c.PERSONS]
        y[u] = homes[u, c.OTHERS, c.HOUSEHOLDS] + homes[u, c.TENANTS, c.HOUSEHOLDS]
    share(x, x, y, n)
    for u in range(n + 1):
        cost = (price[3 * u + 2] if u < n else mean_price) * HOME_M2
        row[PRICE_TO_INCOME, u] = ratio(cost, row[PRICE_TO_INCOME, u] * YEAR * x[u])
    for u in range(n):
        let = homes[u, c.TENANTS]
        rooms = let[c.ALONE] * ROOM_M2
        flats = let[c.HOUSEHOLDS] * FLAT_M2 + let[c.MEMBERS] * MEMBER_M2 - rooms
        x[u], y[u] = rent[3 * u + 2] * flats + room_rent[3 * u + 2] * rooms, let[c.YUAN]
    share(row[RENT_SHARE], x, y, n)


@kernel
def economy(row, accounts, pay, unit, sector, jobs, intensive, weight, wage_index, x, y):
    """Labour-intensive industries in jobs and pay, and output per resident.

    accounts: float64[13, U] (ACCOUNTS); pay: int64[2, U]; unit, sector, jobs: by firm; intensive: int64[256].
    """
    n = row.shape[1] - 1
    x[:], y[:] = 0.0, 0.0
    for f in range(unit.size):
        y[unit[f]] += jobs[f]
        x[unit[f]] += intensive[sector[f]] * jobs[f]
    share(row[INTENSIVE_JOBS], x, y, n)
    for u in range(n):
        y[u], x[u] = pay[0, u], pay[1, u]
    share(row[INTENSIVE_VALUE], x, y, n)
    for u in range(n):
        x[u] = ratio(accounts[A_TAX, u], accounts[A_TAX_RATE, u]) + accounts[A_PUBLIC_PAY, u]
    x[n] = total(x, n)
    for u in range(n + 1):
        row[VALUE_ADDED, u] = ratio(x[u] / FEN * YEAR * weight / wage_index, row[PEOPLE, u])


@kernel
def markets(row, homes, occupied, load, capacity, quality, x, y):
    """Empty homes in towns, service load by service, and what pupils meet. load, capacity, quality: float64[6, M]."""
    n = row.shape[1] - 1
    for u in range(n):
        x[u], y[u] = occupied[3 * u + 1] + occupied[3 * u + 2], homes[3 * u + 1] + homes[3 * u + 2]
    share(row[VACANT], x, y, n)
    for u in range(n + 1):
        row[VACANT, u] = 1.0 - row[VACANT, u]
    for s in range(load.shape[0]):
        for u in range(n):
            x[u] = load[s, 3 * u] + load[s, 3 * u + 1] + load[s, 3 * u + 2]
            y[u] = capacity[s, 3 * u] + capacity[s, 3 * u + 1] + capacity[s, 3 * u + 2]
        share(row[LOAD + s], x, y, n)
    used, met = load[0], quality[0]
    for u in range(n):
        a, b = 3 * u + 1, 3 * u + 2
        x[u], y[u] = met[a] * used[a] + met[b] * used[b], used[a] + used[b]
    share(row[SCHOOL_TOWN], x, y, n)
    for u in range(n):
        x[u], y[u] = met[3 * u] * used[3 * u], used[3 * u]
    share(row[SCHOOL_VILLAGE], x, y, n)


@kernel
def public(row, accounts, lever_cost, weight, x, y):
    """County accounts. accounts: float64[13, U] (ACCOUNTS); lever_cost: yuan, float64[U, payers]."""
    n = row.shape[1] - 1
    _shares(row[DEBT_RATIO], x, y, accounts[A_DEBT], accounts[A_RESOURCES], 1.0)
    for u in range(n + 1):
        row[DEBT, u] = x[u] / FEN * weight
    _shares(row[INTEREST], x, y, accounts[A_INTEREST], accounts[A_RESOURCES], float(YEAR))
    _shares(row[SELF_SUFFICIENCY], x, y, accounts[A_OWN], accounts[A_SPENDING], 1.0)
    for u in range(n + 1):
        row[SPENDING, u] = y[u] / FEN * weight
    for u in range(n):
        y[u] = accounts[A_REVENUE, u] - accounts[A_LAND, u]
        x[u] = y[u] - accounts[A_RECURRENT, u]
    share(row[RECURRENT], x, y, n)
    for u in range(n):
        row[UPKEEP, u], row[FLOOR, u] = accounts[A_UPKEEP, u], accounts[A_FLOOR, u]
        row[LEVER_COST, u] = total(lever_cost[u], lever_cost.shape[1])
    for k in (UPKEEP, FLOOR, LEVER_COST):
        row[k, n] = total(row[k], n)


@kernel
def _shares(out, x, y, top, bottom, times):
    for u in range(top.size):
        x[u], y[u] = times * top[u], bottom[u]
    share(out, x, y, top.size)
