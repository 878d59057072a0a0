"""County budgets: what comes in, what is paid in which order, what is built and what is borrowed (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.segments import share_of
from model.phases.firms import outside_index
from model.spec.types import Payer

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12
PAYERS: Final = tuple(Payer)
ABOVE: Final = ("centre", "province", "prefecture")
"""Governments above the county, in the order of the columns of accounts["benefit_payers"]."""
BASIC_OPERATION: Final = 0.6
"""Part of operating spending that belongs to the basic floor (assumed)."""
HOME_M2: Final = 90.0
CASH_MONTHS: Final = 0.5
"""Cash a county keeps, in months of resources; what is above is spent on works over half a year (assumed)."""
CASH_PACE: Final = 1.0 / 6.0


def budgets(world: World, month: Month) -> None:
    """Revenue, the order of payment, works, bonds.

    Revenue = tax of last month + land sales + general transfers + award * verified registrations + transfers and
    rewards of the month. Needs = public pay + operation per head * residents served (newcomers count by their
    entitlement) * prices + interest + works + county-paid cost of what is delivered. Order when short: pay and basic
    operation (topped up from above, which counts as a month below the floor), interest, the rest of operation, and
    last works: the practice programme less its reprioritised part, then new measures, then the rest.
    Net new bonds keep to the practice pace and the quota, and stop at debt_ceiling * resources of twelve months.

    **Reads** channels (budget, entitlement, costs), accounts of last month (tax_fen, public_pay_fen, conversions),
    seen markets (homes_sold_month, price). **Writes** ledger, accounts (revenue_fen, spending_fen,
    debt_fen, resources_fen, resources_months, interest_fen, works_fen, home_sales_mean, served, service_funding,
    delivery, floor_months, lever_cost_yuan, benefit_payers).
    """
    index = outside_index(world, month.index)
    a = world.accounts
    a["served"] = served(world)
    income = receive(world, index)
    a["revenue_fen"] = income
    roll_resources(world, month.index, income)
    levers = lever_costs(world)
    pay_out(world, index, levers)


def served(world: World) -> np.ndarray:
    """Residents served by each county: local registration counts one, others their entitlement, float64[U]."""
    people = world.residents
    local, other = count_registered(
        people.n, people.household, people.usual, people.hukou, world.places.unit, world.n_units
    )
    return local + other * world.channels.entitlement


@njit(cache=True)
def count_registered(n, household, usual, hukou, place_unit, n_units):
    """Usual residents by unit: registered in the same unit, and elsewhere; int64[n_units] each."""
    local, other = np.zeros(n_units, np.int64), np.zeros(n_units, np.int64)
    for i in range(n):
        unit = place_unit[usual[i]]
        if household[i] < 0 or unit < 0:
            continue
        if place_unit[hukou[i]] == unit:
            local[unit] += 1
        else:
            other[unit] += 1
    return local, other


def fen(world: World, yuan: np.ndarray) -> np.ndarray:
    """Real yuan by unit as whole fen at the scale of the run; negative amounts become nothing."""
    return np.floor(np.maximum(yuan, 0.0) * FEN * world.scale).astype(np.int64)


def receive(world: World, index: float) -> np.ndarray:
    """Post what the county receives now; returns all revenue of the month, with the tax that came in with it."""
    ledger, a, channels = world.ledger, world.accounts, world.channels
    county = ledger.accounts("county")
    land = land_sales(world)
    ledger.post("land_sales", ledger.accounts("firms"), county, land)
    general = np.floor(a["transfer_start_fen"] * index).astype(np.int64)
    ledger.post("general_transfer", ledger.account("province"), county, general)
    award = np.floor(channels.award_yuan_per_convert * FEN * a["conversions"]).astype(np.int64)
    ledger.post("award", ledger.account("centre"), county, award)
    extra = fen(world, channels.county_transfer_flow_yuan)
    ledger.post("county_transfer", ledger.account("prefecture"), county, extra)
    reward = fen(world, channels.reward_flow_yuan)
    ledger.post("reward", ledger.account("prefecture"), county, reward)
    return a["tax_fen"] + land + general + award + extra + reward


def land_sales(world: World) -> np.ndarray:
    """Land revenue: the start's, moved by a year's mean of home sales by value, and land supplied beyond practice."""
    p, a, channels, seen = world.p, world.accounts, world.channels, world.seen
    assert seen is not None
    value = seen.markets["homes_sold_month"] * seen.markets["price_yuan_m2"] * HOME_M2
    by_unit = value[: 3 * world.n_units].reshape(world.n_units, 3).sum(axis=1)
    a["home_sales_mean"] = a["home_sales_mean"] + (by_unit - a["home_sales_mean"]) / YEAR
    practice = a["land_start_fen"] * share_of(a["home_sales_mean"], a["home_sales_start"], empty=1.0)
    more = a["land_added_ha_year"] * p.land_price_yuan_ha * a["land_price"] / YEAR
    saved = world.prefecture.state["n_village_clusters"] * p.quota_saved_ha_village
    more = more + (channels.land_quota_trade_share - a["quota_share_start"]) * saved * p.quota_price_yuan_ha / YEAR
    return np.floor(np.maximum(practice + more * FEN * world.scale, 0.0)).astype(np.int64)


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
    above = [PAYERS.index(Payer(name)) for name in ABOVE]
    a["benefit_payers"] = share_of(np.abs(benefits[:, above]), whole[:, None])
    return np.floor((total - benefits) * FEN * world.scale).astype(np.int64)


def pay_out(world: World, index: float, levers: np.ndarray) -> None:
    """Pay in order; what was not paid for is not delivered next month."""
    ledger, a, p = world.ledger, world.accounts, world.p
    county, firms = ledger.accounts("county"), ledger.accounts("firms")
    pay = public_pay(world)
    operation = a["operation_start_fen"] * index * share_of(a["served"], a["served_start"], empty=1.0)
    basic = pay + np.floor(BASIC_OPERATION * operation).astype(np.int64)
    rest = np.floor((1.0 - BASIC_OPERATION) * operation).astype(np.int64)
    free = ledger.of("county") + a["debt_fen"]
    advance = np.maximum(basic - free, 0)
    ledger.post("floor_advance", ledger.account("province"), county, advance)
    a["floor_months"] = a["floor_months"] + (advance > 0)
    free = free + advance - basic
    interest = np.floor(a["debt_fen"] * (p.bond_coupon / YEAR)).astype(np.int64)
    refinanced = np.maximum(interest - free, 0)
    free = np.maximum(free - interest, 0)
    paid_rest = np.minimum(rest, free)
    free = free - paid_rest
    bonds = new_bonds(world)
    works, new, delivery = share_works(world, index, free + bonds, levers[:, PAYERS.index(Payer.COUNTY)])
    ledger.post("public_pay", county, firms, pay)
    ledger.post("operation", county, firms, basic - pay + paid_rest)
    ledger.post("county_interest", county, ledger.account("banks"), interest)
    ledger.post("works", county, firms, works + np.maximum(new, 0))
    other = pay_from_above(world, levers)
    a["debt_fen"] = a["debt_fen"] + refinanced + bonds
    a["interest_fen"], a["delivery"] = interest, delivery
    a["service_funding"] = share_of(basic + paid_rest, basic + rest, empty=1.0)
    a["works_fen"] = works + np.maximum(new, 0) + other
    a["spending_fen"] = basic + paid_rest + interest + works + np.maximum(new, 0) + a["assistance_fen"]


def public_pay(world: World) -> np.ndarray:
    """The county's part of last month's public wage bill; the prefecture, paid by the province, covers the rest."""
    ledger, a = world.ledger, world.accounts
    own = np.floor(a["public_pay_fen"] * a["public_pay_share"]).astype(np.int64)
    rest = a["public_pay_fen"] - own
    ledger.post("prefecture_transfer", ledger.account("province"), ledger.account("prefecture"), rest.sum())
    ledger.post("prefecture_pay", ledger.account("prefecture"), ledger.accounts("firms"), rest)
    return own


def new_bonds(world: World) -> np.ndarray:
    """Net new special bonds of the month, within quota and the ceiling, int64[U] fen."""
    a, p = world.accounts, world.p
    wanted = a["debt_fen"] * (p.bond_growth_year / YEAR) + world.channels.bond_flow_yuan * FEN * world.scale
    room = world.channels.debt_ceiling * a["resources_fen"] - a["debt_fen"]
    return np.floor(np.clip(np.minimum(wanted, room), 0.0, None)).astype(np.int64)


def share_works(
    world: World, index: float, money: np.ndarray, cost: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Practice works, new measures paid (int64[U] fen) and the share of the new that could be paid, float64[U].

    A negative cost, where a measure is cut below practice, comes off the practice works. Cash beyond what a county
    keeps goes to further works, so that transfers, rewards and bonds are spent.
    """
    practice = np.floor(world.accounts["works_start_fen"] * index).astype(np.int64)
    kept = np.floor((1.0 - world.p.capital_reprioritised_share) * practice).astype(np.int64)
    first = np.minimum(kept, money)
    new = np.minimum(cost, money - first)
    works = first + np.minimum(practice - kept, money - first - np.maximum(new, 0)) + np.minimum(new, 0)
    works = np.maximum(works, 0)
    kept_cash = CASH_MONTHS / YEAR * world.accounts["resources_fen"]
    left = money - works - np.maximum(new, 0) - kept_cash
    works = works + np.floor(CASH_PACE * np.maximum(left, 0.0)).astype(np.int64)
    delivery = share_of(np.maximum(new, 0), cost, empty=1.0)
    return works, new, np.clip(delivery, 0.0, 1.0)


def pay_from_above(world: World, levers: np.ndarray) -> np.ndarray:
    """Centre, province and prefecture pay their levers to firms of the unit; returns the sum, int64[U] fen."""
    ledger = world.ledger
    firms, total = ledger.accounts("firms"), np.zeros(world.n_units, np.int64)
    for name in ABOVE:
        part = np.maximum(levers[:, PAYERS.index(Payer(name))], 0)
        ledger.post("works_from_above", ledger.account(name), firms, part)
        total += part
    return total
