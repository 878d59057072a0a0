"""A month of county budgets, every fen from one account to another (E18).

f, y: tables of whole fen and of numbers by unit; r: parameters; m: int64[POSTINGS, U], fen of each posting. Their rows
are those of `model.kernels.public`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels import public as at
from model.kernels.jit import bare, kernel, within
from model.kernels.public import (
    CAPACITY,
    FEN,
    GENERAL,
    HOME_M2,
    LINES,
    QUEUE_MONTHS,
    YEAR,
    fen_of,
    share_of,
    third_sum,
    to_fen,
)
from model.kernels.revenue import ceiling_room, grant, receive
from model.kernels.works import add_amenity, add_places, age_assets, begin, finish, missing_places, pace

COUNTY: Final = 3
"""Column of what counties pay for levers, after those of centre, province and prefecture."""
BASIC_OPERATION: Final = 0.6
"""Part of operating spending that belongs to the basic floor (assumed)."""
CASH_MONTHS: Final = 0.5
"""Cash a county keeps, in months of resources; what is above is spent on works over half a year (assumed)."""
CASH_PACE: Final = 1.0 / 6.0
FUND_SHARE: Final = 0.5
"""Part of the fund's cash that may be moved to the general account when that is short: bonds stay (assumed)."""
PLATFORM_PREMIUM: Final = 0.02
"""Interest of platforms above the bond coupon (assumed)."""
BORROWING_MONTHS: Final = 12.0
"""Months over which platforms raise what their equity allows (assumed)."""
RENTAL_HOME_YUAN: Final = 180_000.0


@kernel
def gather(
    r, f, y, local_sales, local_sales_start, homes_sold, home_price, rental_used, load, capacity, cost, benefits, kept,
    benefit_payers,
):
    """Sum up by unit what markets and channels say.

    local_sales, local_sales_start: int64[3U] fen; homes_sold, home_price, rental_used: [M], the first two as seen;
    load, capacity: float64[6, M]; cost, benefits, kept: float64[U, payers] yuan; benefit_payers: float64[U, 3].
    """
    for u in range(f.shape[1]):
        value = 0.0
        for m in range(3 * u, 3 * u + 3):
            value += homes_sold[m] * home_price[m] * HOME_M2
        y[at.SOLD_VALUE, u] = value
        y[at.SHOPS, u], y[at.SHOPS_START, u] = third_sum(local_sales, u), third_sum(local_sales_start, u)
        y[at.RENTALS, u] = third_sum(rental_used, u)
        y[at.MISSING, u] = missing_places(load, capacity, u, r[at.R_SCALE])
        y[at.LEVER_COST, u], y[at.KEPT, u] = all_payers(cost, u), all_payers(kept, u)
        y[at.KEPT_COUNTY, u] = kept[u, COUNTY]
        bill(u, r[at.R_SCALE], f, cost, benefits, benefit_payers)


@within
def bill(u, scale, f, cost, benefits, benefit_payers):
    """Cost of what is delivered by payer, fen; benefits of households are paid elsewhere."""
    whole = 0.0
    for k in range(benefits.shape[1]):
        whole += abs(benefits[u, k])
    for k in range(4):
        f[at.L_CENTRE + k, u] = to_fen((cost[u, k] - benefits[u, k]) * FEN * scale)
        if k < 3:
            benefit_payers[u, k] = share_of(abs(benefits[u, k]), whole, 0.0)


@within
def all_payers(costs, u):
    """Sum over payers."""
    total = 0.0
    for k in range(costs.shape[1]):
        total += costs[u, k]
    return total


@kernel
def pay(month, index, r, f, y, m, clusters, resources, met):
    """A month of payments but for homes of reward money, which come out of what is left.

    index: pay outside over month 0; clusters: float64[U] of villages; resources: int64[12, U] fen, written; met:
    float64[1], the share of the prefecture's duties that it could pay, written.
    """
    m[:] = 0
    grant(f, y, r)
    for u in range(f.shape[1]):
        # The purse as it stands: debt is owed by the fund, so that its cash is its position plus debt.
        f[at.FUND, u] += f[at.DEBT, u] + f[at.PLATFORM_DEBT, u]
        receive(month, index, u, clusters[u], r, f, y, m, resources)
        f[at.MOVABLE, u] = to_fen(FUND_SHARE * max(f[at.FUND, u], 0))
        pay_county(index, u, r, f, y, m)
    met[0] = pay_from_above(index, r, f, y, m)
    for u in range(f.shape[1]):
        homes = capital(u, at.M_HOMES, min(f[at.REWARD_HOMES, u], cash(u, f)), f, m)
        f[at.WORKS, u] += f[at.OTHERS, u] + homes
        f[at.SPENDING, u] += homes


@kernel
def build(month, index, r, f, y, m, load, capacity, residents, type_lines, lagging_lines, queue, places, amenity):
    """Begin the works that were paid, finish what is due and let it age.

    residents: float64[U, 3] at the start; type_lines, lagging_lines: float64[U, LINES]; queue: float64[QUEUE_MONTHS, U,
    LINES] yuan, places: float64[6, U, 3] and amenity: float64[U, 3], written.
    """
    line = np.empty(LINES)
    for u in range(f.shape[1]):
        homes = m[at.M_HOMES, u] + m[at.M_HOMES + 1, u]
        works = f[at.BUILT, u] + f[at.PREFECTURE_WORKS, u]
        begin(month, index, u, works, homes, y, r, type_lines, lagging_lines, queue, line)
        for k in range(LINES):
            line[k] = queue[month % QUEUE_MONTHS, u, k]
            queue[month % QUEUE_MONTHS, u, k] = 0.0
        finish(u, line, y, r)
        add_places(u, line[CAPACITY], y, r[at.R_SCALE], load, capacity, residents, places)
        add_amenity(u, line[GENERAL], y, r, residents, amenity)
        age_assets(u, y[at.RATE, u], y, r)
        y[at.LATER_UPKEEP, u] = later_upkeep(u, r, y)


@within
def later_upkeep(u, r, y):
    """Present value of keeping for public_stock_years what was built beyond the start, real yuan."""
    yearly = YEAR * y[at.KEPT, u]
    yearly += y[at.MAINTENANCE_START, u] * max(y[at.ASSET, u] - y[at.ASSET_START, u], 0.0)
    return yearly * r[at.R_LATER] / r[at.R_COUPON]


# ---- the purse


@within
def cash(u, f):
    """What can be paid for capital."""
    return max(f[at.CASH, u], 0) + max(f[at.FUND, u], 0)


@within
def fill(u, need, f, m):
    """Give the general account what it lacks of `need`, as far as the fund may."""
    moved = min(max(need - max(f[at.CASH, u], 0), 0), min(f[at.MOVABLE, u], max(f[at.FUND, u], 0)))
    m[at.M_FUND_TRANSFER, u] += moved
    f[at.CASH, u] += moved
    f[at.FUND, u] -= moved
    f[at.MOVABLE, u] -= moved


@bare
def recurrent(u, row, need, f, m):
    """Pay from the general account as far as it goes, with what the fund may give; returns what was paid."""
    fill(u, need, f, m)
    paid = min(max(need, 0), max(f[at.CASH, u], 0))
    m[row, u] += paid
    f[at.CASH, u] -= paid
    return paid


@bare
def capital(u, row, need, f, m):
    """Pay from the fund first, then from the general account; returns what was paid."""
    from_fund = min(need, max(f[at.FUND, u], 0))
    from_general = min(need - from_fund, max(f[at.CASH, u], 0))
    m[row, u] += from_fund
    m[row + 1, u] += from_general
    f[at.FUND, u] -= from_fund
    f[at.CASH, u] -= from_general
    return from_fund + from_general


@within
def borrow(u, fen, f):
    """Raise debt: cash of the fund and what is owed rise alike, its position stays."""
    f[at.DEBT, u] += fen
    f[at.FUND, u] += fen


# ---- what is paid


@bare
def pay_county(index, u, r, f, y, m):
    """Pay in order; what was not paid for is not delivered next month."""
    pay, operated = public_pay(u, f, y, m), operation(index, u, y)
    villages, basic = to_fen(y[at.VILLAGE_OPERATION, u] * index), to_fen(BASIC_OPERATION * operated)
    operated -= basic
    floor = pay + villages + basic
    fill(u, floor, f, m)
    advance = max(floor - f[at.CASH, u], 0)
    m[at.M_ADVANCE, u] = advance
    f[at.CASH, u] += advance
    f[at.FLOOR_MONTHS, u] += advance > 0
    recurrent(u, at.M_PAY, pay, f, m)
    recurrent(u, at.M_VILLAGE_FUNDS, villages, f, m)
    recurrent(u, at.M_OPERATION, basic, f, m)
    m[at.M_VILLAGE_SPENDING, u] = villages
    interest, repaid = serve_debt(u, r, f, y, m)
    kept = fen_of(y[at.KEPT_COUNTY, u], r[at.R_SCALE])
    upkeep = upkeep_need(index, u, r, y) + kept
    saved = min(max(-upkeep, 0), operated)
    paid_rest = recurrent(u, at.M_OPERATION, operated - saved, f, m)
    paid_upkeep = recurrent(u, at.M_UPKEEP, max(upkeep, 0), f, m)
    y[at.FUNDING, u] = share_of(floor + paid_rest, floor + operated - saved, 1.0)
    part, added = share_of(paid_rest, operated - saved, 1.0), share_of(paid_upkeep, upkeep, 1.0)
    y[at.RATE, u] = upkeep_rate(u, part, added, y)
    raise_capital(index, u, repaid, r, f, y, m)
    share_works(index, u, f[at.L_COUNTY, u] - kept, r, f, y, m)
    spent = floor + paid_rest + paid_upkeep + interest
    f[at.INTEREST, u], f[at.RECURRENT, u] = interest, spent + f[at.ASSISTANCE, u]
    f[at.WORKS, u] = f[at.BUILT, u] + f[at.NEW, u]
    f[at.SPENDING, u] = f[at.RECURRENT, u] + f[at.WORKS, u]


@within
def public_pay(u, f, y, m):
    """The county's part of last month's public wage bill; the prefecture, paid by the province, covers the rest."""
    own = to_fen(f[at.PUBLIC_PAY, u] * y[at.PAY_SHARE, u])
    m[at.M_PREFECTURE_TRANSFER, u] += f[at.PUBLIC_PAY, u] - own
    m[at.M_PREFECTURE_PAY, u] = f[at.PUBLIC_PAY, u] - own
    return own


@within
def operation(index, u, y):
    """Running cost of services this month, fen: that of the start times residents served and prices."""
    return to_fen(y[at.OPERATION_START, u] * index * share_of(y[at.SERVED, u], y[at.SERVED_START, u], 1.0))


@bare
def serve_debt(u, r, f, y, m):
    """Pay interest, returns and principal; what is not paid is added to the debt. Returns what was paid, fen.

    Part of the interest of platforms is earned by their projects. Returns: of private investors, and the rent of assets
    sold. Principal comes out of own money, from the fund first; bond_rolled_share of what is due is renewed.
    """
    due = f[at.PLATFORM_DEBT, u] * ((r[at.R_COUPON] + PLATFORM_PREMIUM) / YEAR)
    earned = to_fen(r[at.R_PLATFORM_COVER] * due)
    m[at.M_PLATFORM_INTEREST, u] = earned
    interest = to_fen(f[at.DEBT, u] * (r[at.R_COUPON] / YEAR)) + to_fen(due) - earned
    yearly = r[at.R_PRIVATE_RETURN] * max(y[at.PRIVATE, u], 0.0) + r[at.R_RECYCLING_YIELD] * y[at.RECYCLED, u]
    returns = to_fen(yearly / YEAR * FEN * r[at.R_SCALE])
    borrow(u, max(interest - cash(u, f), 0), f)
    capital(u, at.M_INTEREST, interest, f, m)
    borrow(u, max(returns - cash(u, f), 0), f)
    capital(u, at.M_RETURNS, returns, f, m)
    principal = f[at.DEBT, u] / (YEAR * r[at.R_BOND_YEARS])
    repaid = min(to_fen((1.0 - r[at.R_ROLLED]) * principal), cash(u, f))
    from_fund = min(repaid, max(f[at.FUND, u], 0))
    m[at.M_TO_FUND, u] = repaid - from_fund
    f[at.FUND, u] -= from_fund
    f[at.CASH, u] -= repaid - from_fund
    f[at.DEBT, u] -= repaid
    return interest + returns, repaid


@within
def upkeep_need(index, u, r, y):
    """Upkeep of the month beyond that of the start, which is part of operation: fen, negative where less.

    maintenance_share times the value of public works now, less the same at the start; village organisations get as
    much more or less as public works.
    """
    rate, start = y[at.C_MAINTENANCE, u], y[at.MAINTENANCE_START, u]
    works = (rate * y[at.ASSET, u] - start * y[at.ASSET_START, u]) / YEAR * FEN * r[at.R_SCALE]
    villages = share_of(rate - start, start, 0.0) * y[at.VILLAGE_OPERATION, u]
    return to_fen((works + villages) * index)


@within
def upkeep_rate(u, operated, added, y):
    """Upkeep that reaches public works, a year over their value.

    operated: share of the rest of operation that was paid, which holds the upkeep of the start; added: share of upkeep
    beyond it that was paid.
    """
    rate = y[at.C_MAINTENANCE, u]
    wanted = rate * y[at.ASSET, u]
    base = min(wanted, y[at.MAINTENANCE_START, u] * y[at.ASSET_START, u])
    lacking = base * (1.0 - operated) + (wanted - base) * (1.0 - added)
    return rate * (1.0 - share_of(lacking, wanted, 0.0))


# ---- capital


@within
def passing_share(index, u, r, y):
    """Share of projects whose cash flow covers interest and part of principal.

    Yields are spread evenly from zero to twice their mean, project_yield_year moved by sales of homes and shops.
    """
    homes = share_of(y[at.SALES_MEAN, u], y[at.SALES_START, u], 1.0)
    shops = share_of(y[at.SHOPS, u], y[at.SHOPS_START, u], 1.0)
    mean = r[at.R_PROJECT_YIELD] * 0.5 * (homes + shops / index)
    needed = r[at.R_COUPON] + r[at.R_PRINCIPAL_COVER] / r[at.R_BOND_YEARS]
    return min(max(1.0 - needed / (2.0 * max(mean, 1e-9)), 0.0), 1.0)


@bare
def raise_capital(index, u, repaid, r, f, y, m):
    """Special bonds, loans of platforms and assets sold."""
    borrow(u, new_bonds(index, u, repaid, r, f, y), f)
    f[at.FUND, u] += platform_loans(u, r, f, y)
    sold = sold_assets(u, r, y)
    m[at.M_SOLD, u] = sold
    f[at.FUND, u] += sold


@within
def new_bonds(index, u, repaid, r, f, y):
    """Special bonds issued this month, within quota, cash-flow test and ceiling, fen.

    At practice debt grows by bond_growth_year beside what was repaid, moved by the share of projects that pass; quota
    beyond practice is used by the share that passes.
    """
    passing = passing_share(index, u, r, y)
    practice = f[at.DEBT, u] * (r[at.R_BOND_GROWTH] / YEAR) * share_of(passing, y[at.PASSING_START, u], 1.0)
    quota = y[at.C_BONDS, u] * FEN * r[at.R_SCALE]
    wanted = practice + repaid + (quota * passing if quota > 0.0 else quota)
    return to_fen(max(min(wanted, ceiling_room(u, f, y, r)), 0.0))


@within
def platform_loans(u, r, f, y):
    """Debt that platforms raise this month for works, fen; part of what they owe falls on the county."""
    y[at.EQUITY, u] = max(y[at.EQUITY, u] + y[at.C_PLATFORM, u], 0.0)
    fallen = to_fen(f[at.PLATFORM_DEBT, u] * (r[at.R_FALLBACK] / YEAR))
    f[at.PLATFORM_DEBT, u] -= fallen
    f[at.DEBT, u] += fallen
    room = r[at.R_LEVERAGE] * y[at.EQUITY, u] * FEN * r[at.R_SCALE] - f[at.PLATFORM_DEBT, u]
    raised = to_fen(max(room, 0.0) / BORROWING_MONTHS)
    f[at.PLATFORM_DEBT, u] += raised
    return raised


@within
def sold_assets(u, r, y):
    """Proceeds of assets sold this month, fen.

    Only what is finished, let or used, and earns: affordable rentals in use and recycling_asset_share of public works
    in their condition; nothing below recycling_least_yuan, nothing twice.
    """
    homes = y[at.RENTALS, u] / r[at.R_SCALE]
    pool = homes * RENTAL_HOME_YUAN + r[at.R_ASSET_SHARE] * y[at.ASSET, u] * y[at.CONDITION, u]
    left = max(pool - y[at.RECYCLED, u], 0.0) if pool >= r[at.R_LEAST_POOL] else 0.0
    taken = max(min(y[at.C_RECYCLING, u], left), 0.0)
    y[at.RECYCLED, u] += taken
    return to_fen(taken * FEN * r[at.R_SCALE])


@bare
def share_works(index, u, cost, r, f, y, m):
    """Build with what is left: works of the programme and new measures carried out.

    A negative cost, where a measure is cut below practice, comes off the programme. Private capital pays part where
    projects earn, and withdraws where less is asked of it. Cash beyond what a county keeps goes to further works, so
    that transfers, rewards and bonds are spent. Writes the share of new measures that could be paid.
    """
    money = cash(u, f)
    planned = to_fen(y[at.WORKS_START, u] * index * pace(y, u, r))
    more = (y[at.C_PRIVATE, u] - y[at.PRIVATE_START, u]) * passing_share(index, u, r, y)
    asked = planned + max(cost, 0)
    private = to_fen(max(more * asked, np.float64(-asked)))
    m[at.M_PRIVATE, u], m[at.M_WITHDRAWN, u] = max(private, 0), max(-private, 0)
    y[at.PRIVATE, u] += private / (FEN * r[at.R_SCALE])
    own = max(planned - private, 0)
    kept = to_fen((1.0 - r[at.R_REPRIORITISED]) * own)
    first = min(kept, money)
    new = min(cost, money - first)
    works = first + min(own - kept, money - first - max(new, 0)) + min(new, 0)
    works, new = max(works, 0), max(new, 0)
    left = money - works - new - CASH_MONTHS / YEAR * f[at.RESOURCES, u]
    works += to_fen(CASH_PACE * max(left, 0.0))
    capital(u, at.M_WORKS, works + new, f, m)
    y[at.DELIVERY, u] = min(max(share_of(new, cost, 1.0), 0.0), 1.0)
    f[at.BUILT, u], f[at.NEW, u] = max(works + private, 0), new


# ---- governments above


@bare
def pay_from_above(index, r, f, y, m):
    """Pay levers and rewards; notes works paid in each unit beside the county's.

    The prefecture's programme: new duties and rewards take at most its reprioritised part. What new duties take is
    missing in the practice programme, which is spread as works of counties are. Returns the share of new duties that
    could be paid.
    """
    budget, asked = np.int64(0), np.int64(0)
    for u in range(f.shape[1]):
        m[at.M_CENTRE, u], m[at.M_PROVINCE, u] = max(f[at.L_CENTRE, u], 0), max(f[at.L_PROVINCE, u], 0)
        programme = to_fen(y[at.PROGRAMME, u] * index)
        m[at.M_PREFECTURE_TRANSFER, u] += programme
        budget += programme
        asked += max(f[at.L_PREFECTURE, u], 0) + reward_of(u, r, f, y)
    share = min(1.0, r[at.R_REPRIORITISED] * budget / asked) if asked > 0 else 1.0
    left = budget
    for u in range(f.shape[1]):
        m[at.M_PREFECTURE, u] = to_fen(max(f[at.L_PREFECTURE, u], 0) * share)
        m[at.M_REWARD, u] = f[at.REWARD, u] = to_fen(reward_of(u, r, f, y) * share)
        left -= m[at.M_PREFECTURE, u] + f[at.REWARD, u]
    spread_programme(index, left, left / max(budget, 1), f, y, m)
    return share


@within
def reward_of(u, r, f, y):
    """What a rewarded county is promised, fen."""
    return fen_of(y[at.C_REWARD, u] * f[at.REWARDED, u], r[at.R_SCALE])


@within
def spread_programme(index, left, share, f, y, m):
    """Build the prefecture's own programme with what is `left`; the first unit gets what rounding leaves."""
    for u in range(f.shape[1]):
        f[at.PREFECTURE_WORKS, u] = to_fen(to_fen(y[at.PROGRAMME, u] * index) * share)
        left -= f[at.PREFECTURE_WORKS, u]
    f[at.PREFECTURE_WORKS, 0] += left
    for u in range(f.shape[1]):
        m[at.M_PROGRAMME, u] = f[at.PREFECTURE_WORKS, u]
        f[at.OTHERS, u] = m[at.M_CENTRE, u] + m[at.M_PROVINCE, u] + m[at.M_PREFECTURE, u] + m[at.M_PROGRAMME, u]
