"""County budgets: what comes in, what is paid in which order, what is built and what is borrowed (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import bare
from model.kernels.rows import count_rows
from model.kernels.segments import share_of
from model.phases import public_debt as debt
from model.phases.assessment import assess
from model.phases.firms import outside_index
from model.phases.public_works import age_assets, build, pace
from model.phases.purse import Purse
from model.phases.revenue import fen, receive
from model.phases.upper_budgets import pay_from_above
from model.spec.types import Payer

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

YEAR: Final = 12
FEN: Final = 100.0
PAYERS: Final = tuple(Payer)
COUNTY: Final = PAYERS.index(Payer.COUNTY)
ABOVE: Final = (Payer.CENTRE, Payer.PROVINCE, Payer.PREFECTURE)
"""Governments above the county, in the order of the columns of accounts["benefit_payers"]."""
BASIC_OPERATION: Final = 0.6
"""Part of operating spending that belongs to the basic floor (assumed)."""
CASH_MONTHS: Final = 0.5
"""Cash a county keeps, in months of resources; what is above is spent on works over half a year (assumed)."""
CASH_PACE: Final = 1.0 / 6.0


def budgets(world: World, month: Month) -> None:
    """Revenue, the order of payment, works, bonds, and once a year the assessment of counties.

    Two accounts: the general one (tax, fees, transfers, awards) and the land fund (land sales, bonds, loans). Needs =
    public pay + operation per head * residents served (newcomers count by their entitlement) * prices + village
    organisations + interest and returns + principal + upkeep + works + county-paid cost of what is delivered. Order
    when short: pay, villages and basic operation (with help of the fund, then from above, which counts as a month
    below the floor), interest, principal, the rest of operation, upkeep, and last works: the practice programme
    less its reprioritised part, then new measures, then the rest. Bonds stop at the ceiling (`public_debt`).

    **Reads** channels (budget, entitlement, costs), accounts of last month (tax_fen, public_pay_fen, conversions),
    seen markets (homes_sold_month, price, jobs), seen panels (load, capacity), markets.public_rental_used. **Writes**
    ledger, accounts (revenue_fen, own_revenue_fen, land_fen, spending_fen, recurrent_fen, debt_fen, resources_fen,
    resources_months, interest_fen, works_fen, home_sales_mean, served, service_funding, delivery, floor_months,
    lever_cost_yuan, benefit_payers, price_level, reward_homes_fen, platform_equity_yuan, platform_debt_fen,
    recycled_yuan, private_yuan, later_upkeep_yuan, delivery_prefecture, asset_yuan, asset_condition, upkeep_paid,
    works_queue, works_tourism_yuan, works_posts, works_villages, works_farm_yuan, works_roads_yuan, works_places,
    works_amenity, works_travel, reward_homes, reward_fen, prefecture_works_fen, year_conversions, year_delivery,
    rewarded, years_assessed, urban_last, access_last, lags, lagging_lines, leased_land_fen).
    """
    index = outside_index(world, month.index)
    a = world.accounts
    a["price_level"] = np.array([index])
    a["served"] = served(world)
    assess(world, month)
    a["revenue_fen"] = receive(world, index)
    roll_resources(world, month.index, a["revenue_fen"])
    pay_out(world, month.index, index, lever_costs(world))


def served(world: World) -> np.ndarray:
    """Residents served by each county: local registration counts one, others their entitlement, float64[U]."""
    people, places = world.residents, world.places
    local, other = count_rows(
        count_registered, people.n, (2, world.n_units), people.household, people.usual, people.hukou, places.unit
    )
    return local + other * world.channels.entitlement


@bare
def count_registered(start, stop, out, household, usual, hukou, place_unit):
    """Usual residents by unit: registered in the same unit, and elsewhere; out: int64[2, U].

    Neighbours in the table mostly live in one unit, so that a run of them is counted before it is added.
    """
    alive, lives, registered = household[start:stop], usual[start:stop], hukou[start:stop]
    unit, local, other = np.int64(-1), np.int64(0), np.int64(0)
    for i in range(alive.size):
        here = np.int64(place_unit[lives[i]])
        if here != unit:
            add_run(out, unit, local, other)
            unit, local, other = here, np.int64(0), np.int64(0)
        same = place_unit[registered[i]] == unit
        local += (alive[i] >= 0) & same
        other += (alive[i] >= 0) & (not same)
    add_run(out, unit, local, other)


@bare
def add_run(out, unit, local, other):
    """Add what was counted, unless it is outside."""
    if unit >= 0:
        out[0, unit] += local
        out[1, unit] += other


def roll_resources(world: World, month: int, income: np.ndarray) -> None:
    """Comprehensive resources: what came in over the last twelve months."""
    a = world.accounts
    a["resources_months"][month % YEAR] = income
    a["resources_fen"] = a["resources_months"].sum(axis=0)


def lever_costs(world: World) -> np.ndarray:
    """Cost of what is delivered, by unit and payer, int64[U, payers] fen; benefits of households are paid elsewhere."""
    channels, a = world.channels, world.accounts
    total, benefits = channels.cost_flow_yuan(), channels.cost_to_households_yuan()
    a["lever_cost_yuan"] = total.sum(axis=1)
    whole = np.abs(benefits).sum(axis=1)
    above = [PAYERS.index(payer) for payer in ABOVE]
    a["benefit_payers"] = share_of(np.abs(benefits[:, above]), whole[:, None])
    return np.floor((total - benefits) * FEN * world.scale).astype(np.int64)


def pay_out(world: World, month: int, index: float, levers: np.ndarray) -> None:
    """Pay in order; what was not paid for is not delivered next month."""
    a = world.accounts
    purse = Purse.of(world)
    pay, rest = public_pay(world), operation(world, index)
    villages = np.floor(a["village_operation_fen"] * index).astype(np.int64)
    basic = np.floor(BASIC_OPERATION * rest).astype(np.int64)
    rest = rest - basic
    advance = purse.advance(pay + villages + basic)
    a["floor_months"] = a["floor_months"] + (advance > 0)
    for kind, target, need in (("public_pay", "firms", pay), ("village_funds", "villages", villages),
                               ("operation", "firms", basic)):
        purse.recurrent(kind, target, need)
    world.ledger.post("village_spending", world.ledger.accounts("villages"), world.ledger.accounts("firms"), villages)
    interest, repaid = serve_debt(world, purse)
    upkeep = upkeep_need(world, index)
    saved = np.minimum(np.maximum(-upkeep, 0), rest)
    paid_rest = purse.recurrent("operation", "firms", rest - saved)
    paid_upkeep = purse.recurrent("upkeep", "firms", np.maximum(upkeep, 0))
    floor = pay + villages + basic
    a["service_funding"] = share_of(floor + paid_rest, floor + rest - saved, empty=1.0)
    rate = upkeep_rate(world, share_of(paid_rest, rest - saved, empty=1.0), share_of(paid_upkeep, upkeep, empty=1.0))
    bonds = debt.new_bonds(world, repaid)
    purse.borrow("debt_fen", bonds)
    loans = debt.platform_loans(world)
    purse.fund += loans
    purse.receive_in_fund("assets_sold", "outside", debt.sold_assets(world))
    cost = levers[:, COUNTY] - upkeep_of_levers(world)
    works, new = share_works(world, purse, index, cost)
    other = pay_from_above(world, levers, index)
    homes = purse.capital("reward_homes", "firms", np.minimum(a["reward_homes_fen"], purse.cash()))
    a["works_fen"] = works + new + other + homes
    build(world, month, index, works + a["prefecture_works_fen"], homes)
    age_assets(world, rate)
    a["later_upkeep_yuan"] = later_upkeep(world)
    recurrent = floor + paid_rest + paid_upkeep + interest
    a["interest_fen"] = interest
    a["recurrent_fen"] = recurrent + a["assistance_fen"]
    a["spending_fen"] = recurrent + a["assistance_fen"] + works + new + homes


def operation(world: World, index: float) -> np.ndarray:
    """Running cost of services this month, int64[U] fen: per head of the start, times residents served and prices."""
    a = world.accounts
    per_head = a["operation_start_fen"] * index * share_of(a["served"], a["served_start"], empty=1.0)
    return np.floor(per_head).astype(np.int64)


def serve_debt(world: World, purse: Purse) -> tuple[np.ndarray, np.ndarray]:
    """Pay interest, returns and principal; what is not paid is added to the debt. int64[U] interest and principal."""
    a, p = world.accounts, world.p
    earned, platforms = debt.platform_interest(world)
    world.ledger.post("platform_interest", world.ledger.accounts("firms"), world.ledger.account("banks"), earned)
    interest = np.floor(a["debt_fen"] * (p.bond_coupon / YEAR)).astype(np.int64) + platforms
    returns = debt.owed_outside(world)
    for kind, target, need in (("county_interest", "banks", interest), ("returns_outside", "outside", returns)):
        purse.borrow("debt_fen", np.maximum(need - purse.cash(), 0))
        purse.capital(kind, target, need)
    repaid = np.minimum(debt.principal_due(world, a["debt_fen"]), purse.cash())
    purse.repay(repaid)
    return interest + returns, repaid


def upkeep_of_levers(world: World) -> np.ndarray:
    """County-paid upkeep of what levers built, int64[U] fen."""
    return fen(world, world.channels.upkeep_flow_yuan()[:, COUNTY])


def upkeep_need(world: World, index: float) -> np.ndarray:
    """Upkeep of the month beyond that of the start, which is part of operation: int64[U] fen, negative where less.

    maintenance_share times the value of public works now, less the same at the start; village organisations get as
    much more or less as public works; and upkeep of what levers built.
    """
    a, rate = world.accounts, world.channels.maintenance_share
    start = a["maintenance_start"]
    works = (rate * a["asset_yuan"] - start * a["asset_start_yuan"]) / YEAR * FEN * world.scale
    villages = share_of(rate - start, start) * a["village_operation_fen"]
    return np.floor((works + villages) * index).astype(np.int64) + upkeep_of_levers(world)


def upkeep_rate(world: World, operated: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Upkeep that reaches public works, a year over their value, float64[U].

    operated: share of the rest of operation that was paid, which holds the upkeep of the start; added: share of upkeep
    beyond it that was paid.
    """
    a, rate = world.accounts, world.channels.maintenance_share
    wanted = rate * a["asset_yuan"]
    base = np.minimum(wanted, a["maintenance_start"] * a["asset_start_yuan"])
    missing = base * (1.0 - operated) + (wanted - base) * (1.0 - added)
    return rate * (1.0 - share_of(missing, wanted))


def later_upkeep(world: World) -> np.ndarray:
    """Present value of keeping for public_stock_years what was built beyond the start, real yuan, float64[U]."""
    a, p = world.accounts, world.p
    yearly = YEAR * world.channels.upkeep_flow_yuan().sum(axis=1)
    yearly = yearly + a["maintenance_start"] * np.maximum(a["asset_yuan"] - a["asset_start_yuan"], 0.0)
    return yearly * (1.0 - (1.0 + p.bond_coupon) ** -p.public_stock_years) / p.bond_coupon


def share_works(world: World, purse: Purse, index: float, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Build with what is left: works of the programme and new measures carried out, int64[U] fen each.

    A negative cost, where a measure is cut below practice, comes off the programme. Private capital pays part where
    projects earn. Cash beyond what a county keeps goes to further works, so that transfers, rewards and bonds are
    spent. Writes accounts delivery (share of new measures that could be paid) and private_yuan.
    """
    a, p, ledger = world.accounts, world.p, world.ledger
    money = purse.cash()
    planned = np.floor(a["works_start_fen"] * index * pace(world)).astype(np.int64)
    private = debt.private_capital(world, planned + np.maximum(cost, 0))
    ledger.settle("private_works", "private_withdrawn", np.full(money.size, ledger.account("outside")),
                  ledger.accounts("firms"), private)
    a["private_yuan"] = a["private_yuan"] + private / (FEN * world.scale)
    own = np.maximum(planned - private, 0)
    kept = np.floor((1.0 - p.capital_reprioritised_share) * own).astype(np.int64)
    first = np.minimum(kept, money)
    new = np.minimum(cost, money - first)
    works = first + np.minimum(own - kept, money - first - np.maximum(new, 0)) + np.minimum(new, 0)
    works = np.maximum(works, 0)
    new = np.maximum(new, 0)
    left = money - works - new - CASH_MONTHS / YEAR * a["resources_fen"]
    works = works + np.floor(CASH_PACE * np.maximum(left, 0.0)).astype(np.int64)
    purse.capital("works", "firms", works + new)
    a["delivery"] = np.clip(share_of(new, cost, empty=1.0), 0.0, 1.0)
    return np.maximum(works + private, 0), new


def public_pay(world: World) -> np.ndarray:
    """The county's part of last month's public wage bill; the prefecture, paid by the province, covers the rest."""
    ledger, a = world.ledger, world.accounts
    own = np.floor(a["public_pay_fen"] * a["public_pay_share"]).astype(np.int64)
    rest = a["public_pay_fen"] - own
    ledger.post("prefecture_transfer", ledger.account("province"), ledger.account("prefecture"), rest.sum())
    ledger.post("prefecture_pay", ledger.account("prefecture"), ledger.accounts("firms"), rest)
    return own
