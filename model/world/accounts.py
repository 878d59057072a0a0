"""Public accounts of month 0 and the quantities against which later months are measured (E14, E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.money import sums
from model.kernels.public import HOME_M2
from model.kernels.segments import share_of
from model.phases.budgets import served
from model.phases.cash import PUBLIC_ROWS, household_sums, outside_sales, tax_base
from model.phases.public_debt import passing_share
from model.phases.spending import route, routes

if TYPE_CHECKING:
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12
LEAST_OPERATION: Final = 0.05
MOST_VILLAGES: Final = 0.3
"""Largest part of operation that village organisations take (assumed)."""


def start_accounts(world: World) -> None:
    """Accounts that do not depend on pay: neutral levels, reference counts, debts."""
    a, units, n = world.accounts, world.n_units, world.firms.n
    state = world.prefecture.state
    zero = np.zeros(units)
    a["insurance_pass_on"] = np.zeros(3 * units)
    a["pay_growth"] = np.ones(world.markets.n)
    a["farm_growth"] = np.ones(1)
    a["insured_jobs"] = np.zeros(n, np.int64)
    a["match_coverage_start"] = world.channels.match_coverage.copy()
    a["quota_share_start"] = world.channels.land_quota_trade_share.copy()
    a["clean_heating_start"] = world.channels.clean_heating.copy()
    a["vocational_start"] = world.channels.vocational_funding_yuan.copy()
    a["placement_start"] = world.channels.outside_placement_share.copy()
    a["retail_stock_yuan"] = zero.copy()
    a["benefit_payers"] = np.zeros((units, 3))
    a["served"] = a["served_start"] = served(world)
    residents, rural, elders, by_market = residents_of(world)
    a["residents_start"], a["rural_start"], a["residents_market_start"] = residents, rural, by_market
    recipients = world.p.topup_recipient_share * a["residents_start"]
    a["topup_chance"] = np.append(np.minimum(1.0, share_of(recipients, elders)), 0.0)
    queue = world.panels.building[:, : 3 * units].sum(axis=0)
    a["building_start"] = queue.reshape(units, 3).sum(axis=1).astype(np.float64)
    a["debt_fen"] = np.round(state["debt_yuan"] * FEN * world.scale).astype(np.int64)
    for key in ("revenue_fen", "own_revenue_fen", "spending_fen", "recurrent_fen", "interest_fen", "conversions",
                "floor_months", "reward_homes_fen", "reward_fen", "prefecture_works_fen", "platform_debt_fen",
                "rewarded", "year_conversions", "land_fen"):
        a[key] = np.zeros(units, np.int64)
    for key in ("lever_cost_yuan", "platform_equity_yuan", "recycled_yuan", "private_yuan", "later_upkeep_yuan",
                "year_delivery", "urban_last", "access_last"):
        a[key] = zero.copy()
    a["delivery"], a["service_funding"], a["delivery_prefecture"] = np.ones(units), np.ones(units), np.ones(1)
    a["years_assessed"], a["price_level"] = np.zeros(1, np.int64), np.ones(1)
    a["maintenance_start"] = world.channels.maintenance_share.copy()
    a["private_share_start"] = world.channels.private_share.copy()


def residents_of(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Real people by unit of usual residence, those in places coded rural, those of 60 and over, float64[U] each, and
    by market, float64[U, 3]. Counted once: moves before the start do not change usual residence."""
    if "residents_start" not in world.kept:
        people, places, units = world.residents, world.places, world.n_units
        usual, unit = people.usual[: people.n], places.unit[: places.n]
        alive = people.household[: people.n] >= 0
        everybody, old = (np.bincount(usual[who], minlength=places.n)
                          for who in (alive, alive & (people.birth[: people.n] <= -60 * YEAR)))
        inside = unit >= 0
        rural = inside & (places.urban[: places.n] == 0)
        counts = [np.bincount(unit[at], number[at], units) / world.scale
                  for at, number in ((inside, everybody), (rural, everybody), (inside, old))]
        by_market = np.bincount(places.market[: places.n][inside], everybody[inside], 3 * units) / world.scale
        world.kept["residents_start"] = (*counts, by_market.reshape(units, 3))
    return tuple(x.copy() for x in world.kept["residents_start"])


def start_budgets(world: World) -> None:
    """Rates and bases that make month 0 meet the published budget of each unit.

    Expenditure = the county's public pay + assistance + operation + interest + works; revenue of the general budget =
    tax; what is missing is the general transfer. Land revenue is on top and builds works.
    """
    a, p, units = world.accounts, world.p, world.n_units
    state, month_fen = world.prefecture.state, FEN * world.scale / YEAR
    table = household_sums(world, 0, keep=False)
    earned, spent = sums(table, world.markets.n)
    a["local_sales_fen"] = route(spent.bought, routes(world)).sum(axis=0)
    a["local_sales_start"] = a["local_sales_fen"].copy()
    spending = state["budget_expenditure_yuan"] * month_fen
    revenue = state["budget_revenue_yuan"] * month_fen
    tax = (1.0 - p.fee_revenue_share) * revenue
    a["fee_start_fen"] = revenue - tax
    a["tax_rate"] = share_of(tax, tax_base(world, outside_sales(world, table, 0)))
    a["tax_fen"] = np.floor(tax).astype(np.int64)
    a["public_pay_fen"] = earned.labour_cost[:units, PUBLIC_ROWS].sum(axis=1)
    a["public_pay_share"] = np.minimum(1.0, share_of(p.public_wage_max_share * spending, a["public_pay_fen"]))
    a["assistance_fen"] = spent.assistance[:units].copy()
    interest = a["debt_fen"] * p.bond_coupon / YEAR
    works = p.capital_spending_share * spending
    rest = spending - a["public_pay_share"] * a["public_pay_fen"] - a["assistance_fen"] - interest - works
    operation = np.maximum(rest, LEAST_OPERATION * spending)
    villages = p.village_operation_yuan_year * a["residents_market_start"][:, 0] / p.residents_per_village * month_fen
    a["village_operation_fen"] = np.minimum(villages, MOST_VILLAGES * operation)
    a["operation_start_fen"] = operation - a["village_operation_fen"]
    award = state["citizenization_award_yuan_year"] * month_fen
    a["transfer_start_fen"] = np.maximum(spending - revenue - award, 0.0)
    a["land_start_fen"] = state["land_revenue_to_budget_revenue_ratio"] * revenue
    start_programmes(world, works + a["land_start_fen"], spending)
    a["farm_income_start_yuan"] = np.maximum(spent.farm[:units], 0) / (FEN * world.scale)
    seats = world.markets.price_yuan_m2[2 : 3 * units : 3]
    sold = state["n_new_commodity_homes_year"] * world.scale / YEAR
    a["home_sales_start"] = sold * seats * HOME_M2
    a["home_sales_mean"] = a["home_sales_start"].copy()
    a["passing_start"] = passing_share(world)
    monthly = np.floor(spending + a["land_start_fen"]).astype(np.int64)
    a["resources_months"] = np.tile(monthly, (YEAR, 1))
    a["resources_fen"] = a["resources_months"].sum(axis=0)


def start_programmes(world: World, works: np.ndarray, spending: np.ndarray) -> None:
    """Works of counties (fen a month, float64[U]) and of the prefecture, spread alike, and the stock they keep."""
    a, p = world.accounts, world.p
    a["works_start_fen"] = works
    whole = p.prefecture_programme_share * spending.sum()
    a["prefecture_programme_fen"] = whole * share_of(works, works.sum())
    programme = works + a["prefecture_programme_fen"]
    a["works_start"] = a["works_fen"] = np.floor(programme).astype(np.int64)
    a["works_start_yuan"] = programme / (FEN * world.scale)
    a["asset_start_yuan"] = p.public_stock_years * YEAR * a["works_start_yuan"]
    a["asset_yuan"] = a["asset_start_yuan"].copy()
