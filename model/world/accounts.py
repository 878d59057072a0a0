"""Public accounts of month 0 and the quantities against which later months are measured (E14, E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.segments import share_of
from model.phases.budgets import HOME_M2, served
from model.phases.cash import PUBLIC_ROWS, household_month, outside_sales, tax_base
from model.phases.spending import route, routes

if TYPE_CHECKING:
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12
LEAST_OPERATION: Final = 0.05


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
    a["retail_stock_yuan"] = zero.copy()
    a["benefit_payers"] = np.zeros((units, 3))
    a["served"] = a["served_start"] = served(world)
    people = world.residents
    unit = world.places.unit[people.usual[: people.n]]
    inside = (people.household[: people.n] >= 0) & (unit >= 0)
    a["residents_start"] = np.bincount(unit[inside], minlength=units) / world.scale
    old = inside & (people.birth[: people.n] <= -60 * YEAR)
    elders = np.bincount(unit[old], minlength=units) / world.scale
    recipients = world.p.topup_recipient_share * a["residents_start"]
    a["topup_chance"] = np.append(np.minimum(1.0, share_of(recipients, elders)), 0.0)
    queue = world.panels.building[:, : 3 * units].sum(axis=0)
    a["building_start"] = queue.reshape(units, 3).sum(axis=1).astype(np.float64)
    a["debt_fen"] = np.round(state["debt_yuan"] * FEN * world.scale).astype(np.int64)
    for key in ("revenue_fen", "spending_fen", "interest_fen", "conversions", "floor_months"):
        a[key] = np.zeros(units, np.int64)
    a["delivery"], a["service_funding"], a["lever_cost_yuan"] = np.ones(units), np.ones(units), zero.copy()


def start_budgets(world: World) -> None:
    """Rates and bases that make month 0 meet the published budget of each unit.

    Expenditure = the county's public pay + assistance + operation + interest + works; revenue of the general budget =
    tax; what is missing is the general transfer. Land revenue is on top and builds works.
    """
    a, p, units = world.accounts, world.p, world.n_units
    state, month_fen = world.prefecture.state, FEN * world.scale / YEAR
    earned, spent = household_month(world, 0, keep=False)
    a["local_sales_fen"] = route(spent.bought, routes(world)).sum(axis=0)
    a["local_sales_start"] = a["local_sales_fen"].copy()
    spending = state["budget_expenditure_yuan"] * month_fen
    revenue = state["budget_revenue_yuan"] * month_fen
    a["tax_rate"] = share_of(revenue, tax_base(world, outside_sales(world, earned)))
    a["tax_fen"] = np.floor(revenue).astype(np.int64)
    a["public_pay_fen"] = earned.labour_cost[:units, PUBLIC_ROWS].sum(axis=1)
    a["public_pay_share"] = np.minimum(1.0, share_of(p.public_wage_max_share * spending, a["public_pay_fen"]))
    a["assistance_fen"] = spent.assistance[:units].copy()
    interest = a["debt_fen"] * p.bond_coupon / YEAR
    works = p.capital_spending_share * spending
    rest = spending - a["public_pay_share"] * a["public_pay_fen"] - a["assistance_fen"] - interest - works
    a["operation_start_fen"] = np.maximum(rest, LEAST_OPERATION * spending)
    award = state["citizenization_award_yuan_year"] * month_fen
    a["transfer_start_fen"] = np.maximum(spending - revenue - award, 0.0)
    a["land_start_fen"] = state["land_revenue_to_budget_revenue_ratio"] * revenue
    a["works_start_fen"] = works + a["land_start_fen"]
    a["works_start"] = a["works_fen"] = np.floor(a["works_start_fen"]).astype(np.int64)
    seats = world.markets.price_yuan_m2[2 : 3 * units : 3]
    sold = state["n_new_commodity_homes_year"] * world.scale / YEAR
    a["home_sales_start"] = sold * seats * HOME_M2
    a["home_sales_mean"] = a["home_sales_start"].copy()
    monthly = np.floor(spending + a["land_start_fen"]).astype(np.int64)
    a["resources_months"] = np.tile(monthly, (YEAR, 1))
    a["resources_fen"] = a["resources_months"].sum(axis=0)
