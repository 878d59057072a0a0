"""The month is paid: people, households, firms, insurance and taxes, every fen from one account to another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from model.kernels.earnings import Beyond, People, earn, trait_key
from model.kernels.money import (
    ASSISTANCE,
    BY_UNIT,
    CONFIGS,
    COST,
    SIZES,
    TENURES,
    Homes,
    Rates,
    Terms,
    Where,
    spend,
)
from model.kernels.posting import KINDS, Accounts, move_benefit, post_cash, sell_outside, settle_firms
from model.kernels.rows import FEWEST, at_once, count_rows, threads
from model.kernels.terms import Levers, set_terms
from model.phases.farming import add_capital, farm_rules, farms_of
from model.phases.spending import PARTS, add_retail, routes
from model.spec.codes import Kind
from model.state.firms import PUBLIC_SECTORS

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

MOST_PARTS: Final = 4
"""Threads that may pass over residents: each has a word for every household."""
FEN: Final = 100.0
YEAR: Final = 12.0
PUBLIC_ROWS: Final = [int(s) for s in PUBLIC_SECTORS]
PUBLIC: Final = np.array(PUBLIC_ROWS, np.uint8)


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
    post(world, household_sums(world, month.index, keep=True), month.index)
    add_retail(world)
    add_capital(world)


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
    prices, places, key = rates(world, month), where(world), trait_key(world.seed)
    t, beyond = terms(world, prices)
    held = words(world)
    parts = held.shape[0]
    earned, edges = np.zeros((parts, *shape), np.int64), [p.n * k // parts for k in range(parts + 1)]
    at_once([
        partial(earn, edges[k], edges[k + 1], held[k], earned[k], prices, month, key, people, places, beyond)
        for k in range(parts)
    ])
    out = count_rows(spend, h.n, shape, held, prices, homes, places, t, keep)
    for part in earned:
        out += part
    return out


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
        village = np.where(places.kind == Kind.VILLAGE, unit, units + 1).astype(np.uint16)
        of_market = np.where(markets.unit < 0, units, markets.unit).astype(np.uint8)
        job = np.full(256, units, np.uint8)
        job[: markets.n] = of_market[: markets.n]
        place = places.market.astype(np.uint16) | (village << np.uint16(8))
        kept = world.kept["where"] = Where(unit, place, job, of_market[: markets.n])
    return kept


def room(world: World) -> tuple[np.ndarray, ...]:
    """Room for the month's terms, made once: tables of rent and land, rows of fen, of shares who leave, to work in."""
    if "terms" not in world.kept:
        slots, n = world.n_units + 2, world.markets.n
        world.kept["terms"] = (
            np.zeros(SIZES * TENURES * n, np.int32), np.zeros(CONFIGS * TENURES * n, np.int32), np.zeros(2 * CONFIGS),
            np.zeros(2 * CONFIGS * slots), np.zeros((8, slots), np.int64), np.zeros(slots),
            np.empty((2, world.n_units)), np.zeros(n, np.int64),
        )
    return cast(tuple[np.ndarray, ...], world.kept["terms"])


def terms(world: World, prices: Rates) -> tuple[Terms, Beyond]:
    """What places, markets and units bring to households and people this month."""
    a, c, p, m, n = world.accounts, world.channels, world.p, world.markets, world.markets.n
    rent, split, land, over, fen, leave, work, basic = room(world)
    t = Terms(
        rent, split, m.rent_yuan_m2[:n], m.room_rent_yuan_m2[:n], land, over, basic, fen[0], fen[1], fen[2], fen[3]
    )
    beyond = Beyond(fen[4], fen[5], a["topup_chance"], fen[6], fen[7], leave)
    levers = Levers(
        c.heating_subsidy_yuan_month, c.clean_heating, a["clean_heating_start"], c.social_topup_yuan_month,
        c.collective_dividend_yuan_month, c.resident_contribution_yuan_year, a["contribution_start"],
        a["resident_benefit"],
    )
    set_terms(
        prices, farm_rules(world), farms_of(world), levers, p.heating_extra_yuan_year / YEAR, p.resident_dropout_elast,
        work[0], work[1], where(world).market_unit, t, beyond,
    )
    return t, beyond


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


def post(world: World, table: np.ndarray, month: int) -> None:
    """Pay, contributions and pensions; land income, benefits, rents, interest and consumption; then what firms owe.

    Tax = tax_rate * (outside and local sales), with the rate of each unit set so that month 0 meets its published
    revenue.
    """
    ledger, a, c, p, units = world.ledger, world.accounts, world.channels, world.p, world.n_units
    book, x, local = ledger.book(KINDS), accounts_of(world), np.empty(3 * units, np.int64)
    post_cash(book, x, table, a["benefit_payers"], p.resident_subsidy_ratio, routes(world), PARTS, local)
    tax, pay, benefit = np.empty(units, np.int64), np.empty(units, np.int64), a["resident_benefit"].copy()
    settle_firms(book, x, table, *coal_prices(world, month), p.tradable_markup, a["tax_rate"], PUBLIC, local, tax, pay)
    ledger.accept(book)
    move_benefit(
        c.resident_contribution_yuan_year, a["contribution_start"], p.resident_benefit_ratio, p.resident_lag_months,
        benefit,
    )
    a["local_sales_fen"], a["assistance_fen"] = local, table[ASSISTANCE, :units].copy()
    a["tax_fen"], a["public_pay_fen"], a["resident_benefit"] = tax, pay, benefit


def accounts_of(world: World) -> Accounts:
    """Ids for the kernel."""
    if "accounts" not in world.kept:
        ledger = world.ledger
        homes, firms, county = (ledger.account(kind, 0) for kind in ("households", "firms", "county"))
        single = (ledger.account(k) for k in ("province", "prefecture", "centre", "banks", "insurance", "outside"))
        world.kept["accounts"] = Accounts(homes, firms, county, *single)
    return cast(Accounts, world.kept["accounts"])


def coal_prices(world: World, month: int) -> tuple[float, float]:
    """Price of coal over the start, and of what manufacturing sells: that price to the power `coal_price_pass`."""
    path = world.input.drivers["coal_price_index"]
    coal = float(path[month] / path[0])
    return coal, coal**world.p.coal_price_pass


def outside_sales(world: World, table: np.ndarray, month: int) -> np.ndarray:
    """Fen sold outside by unit, int64[U]: tradable_markup * pay * the price of what is sold over the start.

    Mining sells at the price of coal; power is regulated. table: `household_sums`.
    """
    sales = np.empty(world.n_units, np.int64)
    sell_outside(table[COST:BY_UNIT], *coal_prices(world, month), world.p.tradable_markup, sales)
    return sales


def tax_base(world: World, sales: np.ndarray) -> np.ndarray:
    """Outside and local sales by unit, fen, float64[U]."""
    local = world.accounts["local_sales_fen"].reshape(world.n_units, 3).sum(axis=1)
    return (sales + local).astype(np.float64)
