"""The month is paid: people, households, firms, insurance and taxes, every fen from one account to another."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.earnings import Beyond, People, earn
from model.kernels.money import (
    ASSISTANCE,
    BY_UNIT,
    Earned,
    Homes,
    Rates,
    Spent,
    Terms,
    Where,
    set_land,
    set_rents,
    spend,
    sums,
)
from model.kernels.posting import KINDS, Accounts, post_cash
from model.kernels.rows import FEWEST, at_once, count_rows, threads
from model.phases.farming import add_capital, farm_premium, let_premium
from model.phases.resident_insurance import move_benefit, scheme
from model.phases.spending import PARTS, add_retail, routes
from model.spec.codes import Kind
from model.state.firms import OUTSIDE_SECTORS, PUBLIC_SECTORS

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.ledger import Ledger
    from model.state.world import World

MOST_PARTS: Final = 4
"""Threads that may pass over residents: each has a word for every household."""
FEN: Final = 100.0
YEAR: Final = 12.0
OUTSIDE_ROWS: Final = [int(s) for s in OUTSIDE_SECTORS]
PUBLIC_ROWS: Final = [int(s) for s in PUBLIC_SECTORS]


def cash(world: World, month: Month) -> None:
    """Pay everybody for the month.

    Income = pay less own insurance (of members working outside, the `remit_share` sent home) + farm work and land +
    pensions and benefits. Spending = rent, interest, repayment, and consumption = base + consume_share * (income -
    rent - base), with base = `subsistence_yuan_month` a head; what is left is saved. Firms receive consumption and
    outside sales, pay wages, insurance, dividends of village collectives and tax; owners outside take or add the
    difference, so that money closes.

    **Reads** residents, households, markets (rents), channels (farm_income_premium, farm_productivity,
    social_topup_yuan_month, heating_subsidy_yuan_month, clean_heating, resident_contribution_yuan_year,
    collective_dividend_yuan_month), accounts, drivers.
    **Writes** households (income_yuan, savings_fen, debt_fen), the ledger, and accounts (local_sales_fen, tax_fen,
    public_pay_fen, assistance_fen, retail_stock_yuan, rural_capital_yuan, resident_benefit) read next month.
    """
    table = household_sums(world, month.index, keep=True)
    post(world, table)
    add_retail(world)
    add_capital(world)
    settle_firms(world, sums(table, world.markets.n)[0], month.index)


def household_month(world: World, month: int, *, keep: bool) -> tuple[Earned, Spent]:
    """The sums of a month by name, see `household_sums`."""
    return sums(household_sums(world, month, keep=keep), world.markets.n)


def household_sums(world: World, month: int, *, keep: bool) -> np.ndarray:
    """Run both passes. keep=False leaves savings and debts as they are (to look at incomes before month 0)."""
    p, h, markets = world.residents, world.households, world.markets
    people = People(
        p.household, p.place, p.birth, p.activity, p.sector, p.job_market, p.flags, p.wage_yuan, p.uid, p.hukou, h.place
    )
    homes = Homes(
        h.size, h.origin, h.place, h.split_place, h.config, h.tenure, h.split_tenure, h.land_mu, h.savings_fen,
        h.debt_fen, h.income_yuan,
    )
    shape = BY_UNIT + 4 * (world.n_units + 1) + markets.n, world.n_units + 1
    prices, places = rates(world, month), where(world)
    t, beyond = terms(world, prices)
    held = words(world)
    edges = np.linspace(0, p.n, held.shape[0] + 1).astype(int).tolist()
    earned = np.zeros((held.shape[0], *shape), np.int64)
    at_once([
        partial(earn, a, b, held[k], earned[k], prices, month, world.seed, people, places, beyond)
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    ])
    spent = count_rows(spend, h.n, shape, held, prices, homes, places, t, keep)
    return np.asarray(spent + earned.sum(axis=0))


def words(world: World) -> np.ndarray:
    """Zeros in which each thread adds up what households receive: int64[parts, H + 1], see `model.kernels.earnings`."""
    parts = min(threads(), MOST_PARTS) if world.residents.n >= FEWEST else 1
    held: np.ndarray | None = world.kept.get("words")
    if held is None or held.shape[0] != parts or held.shape[1] <= world.households.n:
        held = world.kept["words"] = np.zeros((parts, world.households.capacity + 1), np.int64)
    return held


def where(world: World) -> Where:
    """Facts of places and markets that never change."""
    kept: Where | None = world.kept.get("where")
    if kept is None:
        places, markets, units = world.places, world.markets, world.n_units
        unit = np.where(places.unit < 0, units, places.unit).astype(np.uint8)
        village = np.where(places.kind == Kind.VILLAGE, unit, units + 1).astype(np.uint8)
        of_market = np.where(markets.unit < 0, units, markets.unit).astype(np.uint8)
        job = np.full(256, units, np.uint8)
        job[: markets.n] = of_market[: markets.n]
        kept = world.kept["where"] = Where(unit, village, places.market.astype(np.uint8), job, of_market[: markets.n])
    return kept


def terms(world: World, prices: Rates) -> tuple[Terms, Beyond]:
    """What places, markets and units bring to households and people this month."""
    markets, channels, units = world.markets, world.channels, world.n_units
    levy, saved, benefit, leave = scheme(world)
    fen = np.zeros((4, units + 2), np.int64)
    fen[0, :units] = np.round(channels.heating_subsidy_yuan_month * FEN)
    fen[1, :units] = np.round(heating_cost_yuan(world) * FEN)
    fen[2, :units] = np.round(channels.social_topup_yuan_month * FEN)
    fen[3, :units] = np.round(channels.collective_dividend_yuan_month * FEN)
    t = Terms(
        np.empty(64 * markets.n, np.int32), markets.rent_yuan_m2[: markets.n], markets.room_rent_yuan_m2[: markets.n],
        np.empty(10), np.empty(10 * (units + 2)), fen[0] - fen[1], fen[0], fen[1],
        prices.basic_pension + benefit[where(world).market_unit], benefit,
    )
    set_rents(prices, t)
    set_land(prices, farm_premium(world), let_premium(world), t)
    return t, Beyond(fen[3], fen[2], world.accounts["topup_chance"], levy, saved, leave)


def heating_cost_yuan(world: World) -> np.ndarray:
    """What homes converted to clean heating since the start add to the bill of the mean village home, yuan/month [U].

    Who is converted pays `heating_extra_yuan_year` above coal, whatever the subsidy.
    """
    a, c = world.accounts, world.channels
    return world.p.heating_extra_yuan_year / YEAR * np.maximum(c.clean_heating - a["clean_heating_start"], 0.0)


def rates(world: World, month: int) -> Rates:
    """Prices and rates of the month. Pensions and the base follow pay outside, land income consumer prices."""
    p, drivers = world.p, world.input.drivers
    price, pay = (float(drivers[k][month] / drivers[k][0]) for k in ("cpi_index", "outside_wage_index"))
    return Rates(
        worker_rate=p.worker_contribution_rate * p.contribution_base_share,
        remit=p.remit_share,
        employer_rate=p.employer_contribution_rate * p.contribution_base_share,
        basic_pension=round(p.pension_yuan_month * pay * FEN),
        worker_pension=round(p.worker_pension_yuan_month * pay * FEN),
        base=round(p.subsistence_yuan_month * pay * FEN),
        consume=p.consume_share,
        farm_net=p.farm_net_yuan_mu_year * price * FEN / YEAR,
        land_rent=p.farm_rent_yuan_mu_year * price * FEN / YEAR,
        discount=p.public_rental_discount,
        interest_month=p.mortgage_interest_year / YEAR,
        repay_month=1.0 / (YEAR * p.mortgage_years),
    )


def post(world: World, sums_fen: np.ndarray) -> None:
    """Pay, contributions and pensions; land income, benefits, rents, interest and consumption."""
    ledger, a, units = world.ledger, world.accounts, world.n_units
    sales = np.empty(3 * units, np.int64)
    book = ledger.book(KINDS)
    post_cash(
        book, accounts_of(ledger), sums_fen, a["benefit_payers"], world.p.resident_subsidy_ratio, routes(world), PARTS,
        sales,
    )
    ledger.accept(book)
    move_benefit(world)
    a["local_sales_fen"], a["assistance_fen"] = sales, sums_fen[ASSISTANCE, :units].copy()


def accounts_of(ledger: Ledger) -> Accounts:
    """Ids for the kernel."""
    homes, firms, county = (ledger.account(kind, 0) for kind in ("households", "firms", "county"))
    single = (ledger.account(k) for k in ("province", "prefecture", "centre", "banks", "insurance", "outside"))
    return Accounts(homes, firms, county, *single)


def settle_firms(world: World, e: Earned, month: int) -> None:
    """Outside sales, tax, and what owners outside take out or put in.

    Outside sales = tradable_markup * pay of mining, works and utilities * their price; tax = tax_rate * (outside and
    local sales), with the rate of each unit set so that month 0 meets its published revenue.
    """
    ledger, a, u = world.ledger, world.accounts, world.n_units
    firms, outside = ledger.accounts("firms"), ledger.account("outside")
    sales = outside_sales(world, e, month)
    ledger.post("outside_sales", outside, firms, sales)
    a["tax_fen"] = np.floor(a["tax_rate"] * tax_base(world, sales)).astype(np.int64)
    ledger.post("tax", firms, ledger.accounts("county"), a["tax_fen"])
    # Public pay is advanced here and refunded by the budget next month: owners do not fill that gap.
    a["public_pay_fen"] = e.labour_cost[:u, PUBLIC_ROWS].sum(axis=1)
    due = ledger.of("firms") + a["public_pay_fen"]
    ledger.settle("profit", "owners_add", firms, np.full(u, outside), due)


def outside_sales(world: World, e: Earned, month: int) -> np.ndarray:
    """Fen sold outside by unit, int64[U]: tradable_markup * pay * the price of what is sold over the start.

    Mining sells at the price of coal, manufacturing at that price to the power `coal_price_pass`; power is regulated.
    """
    path = world.input.drivers["coal_price_index"]
    coal = float(path[month] / path[0])
    price = np.array([coal, coal**world.p.coal_price_pass, 1.0])
    pay = (e.labour_cost[: world.n_units, OUTSIDE_ROWS] * price).sum(axis=1)
    return np.floor(world.p.tradable_markup * pay).astype(np.int64)


def tax_base(world: World, sales: np.ndarray) -> np.ndarray:
    """Outside and local sales by unit, fen, float64[U]."""
    local = world.accounts["local_sales_fen"].reshape(world.n_units, 3).sum(axis=1)
    return (sales + local).astype(np.float64)

