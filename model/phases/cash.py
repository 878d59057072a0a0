"""The month is paid: people, households, firms, insurance and taxes, every fen from one account to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.money import BY_UNIT, VILLAGE, Earned, Homes, People, Rates, Spent, Terms, live_month, sums
from model.kernels.rows import count_rows
from model.phases.farming import add_capital, farm_premium, let_premium
from model.phases.resident_insurance import post_scheme, scheme
from model.phases.spending import add_retail, route, routes
from model.state.firms import OUTSIDE_SECTORS, PUBLIC_SECTORS

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12.0
LET_PAID: Final = 0.0
"""Part of the rent of land let that reaches its holder; E8 says 1, published figures were made with 0."""
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
    earned, spent = household_month(world, month.index, keep=True)
    post_earnings(world, earned)
    post_spending(world, spent)
    add_retail(world)
    add_capital(world)
    settle_firms(world, earned, spent, month.index)


def household_month(world: World, month: int, *, keep: bool) -> tuple[Earned, Spent]:
    """Run the kernel. keep=False leaves savings and debts as they are (to look at incomes before month 0)."""
    p, h, markets = world.residents, world.households, world.markets
    people = People(
        p.next, p.birth, p.activity, p.sector, p.job_market, p.flags, p.wage_yuan, p.uid, p.hukou
    )
    homes = Homes(
        h.head, h.size, h.origin, h.place, h.split_place, h.config, h.tenure, h.split_tenure, h.land_mu, h.savings_fen,
        h.debt_fen, h.income_yuan,
    )
    shape = BY_UNIT + 4 * (world.n_units + 1) + markets.n, world.n_units + 1
    out = count_rows(
        live_month, h.n, shape, rates(world, month), month, world.seed, people, homes, terms(world), keep
    )
    return sums(out, markets.n)


def terms(world: World) -> Terms:
    """What places, markets and units bring to households this month."""
    places, markets, channels, a, units = (
        world.places, world.markets, world.channels, world.accounts, world.n_units
    )
    job_unit = np.full(256, units, np.int16)
    job_unit[: markets.n] = np.where(markets.unit[: markets.n] >= 0, markets.unit[: markets.n], units)
    levy, saved, benefit, leave = scheme(world)
    topup, dividend = fen(channels.social_topup_yuan_month), fen(channels.collective_dividend_yuan_month)
    return Terms(
        unit=np.where(places.unit >= 0, places.unit, np.int16(units)),
        village=places.kind == VILLAGE,
        market=places.market,
        job_unit=job_unit,
        rent_yuan_m2=markets.rent_yuan_m2,
        room_yuan_m2=markets.room_rent_yuan_m2,
        premium=np.append(farm_premium(world), 1.0),
        let=np.append(LET_PAID * let_premium(world), LET_PAID),
        heating_fen=fen(channels.heating_subsidy_yuan_month),
        fuel_fen=fen(heating_cost_yuan(world)),
        topup_fen=topup,
        topup_chance=a["topup_chance"],
        dividend_fen=dividend,
        levy_fen=levy,
        saved_fen=saved,
        benefit_fen=benefit,
        leave=leave,
        any_dividend=bool(dividend.any()),
        any_topup=bool(topup.any()),
        any_levy=bool(levy.any()),
    )


def fen(yuan: np.ndarray) -> np.ndarray:
    """Fen by unit with outside last, int64[U + 1]."""
    return np.append(np.round(yuan * FEN), 0).astype(np.int64)


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


def post_earnings(world: World, e: Earned) -> None:
    """Pay, contributions and pensions."""
    ledger, u = world.ledger, world.n_units
    outside = ledger.account("outside")
    homes = np.append(ledger.accounts("households"), outside)
    firms = np.append(ledger.accounts("firms"), outside)
    insurance, centre = ledger.account("insurance"), ledger.account("centre")
    ledger.post("wages", firms[:, None], homes[None, :], inside(e.wages))
    ledger.post("farm_work", outside, homes[:u], e.farm_work[:u])
    ledger.post("lived_away", homes[:u], outside, e.lived_away[:u])
    ledger.post("own_insurance", homes[:u], insurance, e.own_insurance[:u])
    ledger.post("employer_insurance", firms[:u], insurance, e.employer_insurance[:u])
    ledger.post("basic_pension", centre, homes[:u], e.basic_pension[:u])
    ledger.post("worker_pension", insurance, homes[:u], e.worker_pension[:u])
    ledger.post("collective_dividend", firms[:, None], homes[None, :], inside(e.dividend))
    pay_benefit(world, "topup", e.topup[:u])
    post_scheme(world, e.levy[:u], e.benefit[:u])


def inside(table: np.ndarray) -> np.ndarray:
    """A matrix over units without what passes between outside and outside."""
    table = table.copy()
    table[-1, -1] = 0
    return table


def pay_benefit(world: World, kind: str, fen: np.ndarray) -> None:
    """Post a benefit of households from the governments that pay for its lever (the county where nobody is named)."""
    ledger = world.ledger
    shares = world.accounts["benefit_payers"]
    homes, left = ledger.accounts("households"), fen.copy()
    for k, payer in enumerate(("centre", "province", "prefecture")):
        part = (fen * shares[:, k]).astype(np.int64)
        left -= part
        ledger.settle(kind, f"{kind}_cut", np.full(fen.size, ledger.account(payer)), homes, part)
    ledger.settle(kind, f"{kind}_cut", ledger.accounts("county"), homes, left)


def post_spending(world: World, s: Spent) -> None:
    """Land income, benefits, rents, interest and consumption."""
    ledger, u = world.ledger, world.n_units
    outside = ledger.account("outside")
    homes = np.append(ledger.accounts("households"), outside)
    firms = np.append(ledger.accounts("firms"), outside)
    county = np.append(ledger.accounts("county"), outside)
    ledger.post("farm_land", outside, homes[:u], s.farm[:u])
    ledger.post("land_rent", outside, homes[:u], s.land_rent[:u])
    pay_benefit(world, "heating", s.heating[:u])
    ledger.post("heating_fuel", homes[:u], firms[:u], s.fuel[:u])
    ledger.post("assistance", county[:u], homes[:u], s.assistance[:u])
    ledger.post("rent", homes[:, None], firms[None, :], inside(s.rent))
    ledger.post("public_rent", homes[:, None], county[None, :], inside(s.public_rent))
    ledger.post("interest_paid", homes[:u], ledger.account("banks"), s.interest[:u])
    by_market = route(s.bought, routes(world))
    by_unit = by_market.reshape(u + 1, u, 3).sum(axis=2)
    ledger.post("consumption", homes[:, None], firms[None, :u], by_unit)
    ledger.post("consumption_outside", homes[:u], outside, s.bought[:u].sum(axis=1) - by_unit[:u].sum(axis=1))
    world.accounts["local_sales_fen"] = by_market.sum(axis=0)
    world.accounts["assistance_fen"] = s.assistance[:u]


def settle_firms(world: World, e: Earned, s: Spent, month: int) -> None:
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

