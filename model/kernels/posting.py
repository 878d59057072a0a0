"""The postings of a month of household cash, every fen from one account to another, in one kernel."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare
from model.kernels.money import (
    ASSISTANCE,
    BASIC,
    BENEFIT,
    BY_UNIT,
    COST,
    EMPLOYER,
    FARM,
    FARM_WORK,
    FUEL,
    HEATING,
    INTEREST,
    LAND_RENT,
    LEVY,
    LIVED_AWAY,
    OWN_INSURANCE,
    PENSION,
    TOPUP,
)
from model.spec.codes import Sector

KINDS: Final = (
    "wages", "farm_work", "lived_away", "own_insurance", "employer_insurance", "basic_pension", "worker_pension",
    "collective_dividend", "topup", "topup_cut", "resident_levy", "resident_levy_cut", "resident_benefit",
    "resident_benefit_cut", "resident_subsidy", "resident_subsidy_cut", "farm_land", "land_rent", "heating",
    "heating_cut", "heating_fuel", "assistance", "rent", "public_rent", "interest_paid", "consumption",
    "consumption_outside", "outside_sales", "tax", "profit", "owners_add",
)
"""Kinds of flows, in the order of the rows of `Book.row`."""
(
    WAGES, WORK, AWAY, OWN, EMPLOYERS, BASICS, WORKERS, DIVIDEND, TOPUPS, _, LEVIES, _, BENEFITS, _, SUBSIDY, _, LAND,
    LET, HEAT, _, FUELS, ASSIST, RENTS, PUBLIC, INTERESTS, CONSUMPTION, ABROAD, SOLD, TAX, PROFIT, _,
) = (np.int64(k) for k in range(len(KINDS)))  # NumPy's, or a kernel would be compiled for each of them
MINING, MAKING, POWER = int(Sector.MINING), int(Sector.MANUFACTURING), int(Sector.UTILITIES)
CENTRE_SHARE: Final = 0.6
"""Part of the subsidy of the resident scheme that the centre pays in the central region; the province the rest."""


class Book(NamedTuple):
    """What a kernel needs of the ledger: `model.state.ledger.Ledger.book` makes one."""

    balance: np.ndarray  # int64[accounts]
    unit: np.ndarray  # int64[accounts], n_units where an account has none
    flow: np.ndarray  # int64[kinds, n_units + 1]
    row: np.ndarray  # int64[len(KINDS)] of `flow`
    least: np.ndarray  # int64[1], the least amount posted: negative ones are refused afterwards


class Accounts(NamedTuple):
    """First account of each kind held by unit, and the single ones."""

    homes: int
    firms: int
    county: int
    province: int
    prefecture: int
    centre: int
    banks: int
    insurance: int
    outside: int


@bare
def move(book, kind, source, target, fen):
    """Move `fen` from one account to another and count the flow by unit."""
    if fen == 0:
        return
    book.least[0] = min(book.least[0], fen)
    book.balance[source] -= fen
    book.balance[target] += fen
    unit = book.unit[source]
    book.flow[book.row[kind], unit if unit < book.flow.shape[1] - 1 else book.unit[target]] += fen


@bare
def settle(book, kind, source, target, fen):
    """Move a positive amount as `kind`, a negative one back as the kind after it."""
    if fen >= 0:
        move(book, kind, source, target, fen)
    else:
        move(book, kind + 1, target, source, -fen)


@bare
def pay_benefit(book, kind, x, u, fen, shares):
    """A benefit of households from the governments that pay for its lever (the county where nobody is named).

    shares: float64[U, 3] of centre, province and prefecture.
    """
    left = fen
    for k in range(3):
        part = np.int64(fen * shares[u, k])
        left -= part
        payer = x.centre if k == 0 else (x.province if k == 1 else x.prefecture)
        settle(book, kind, payer, x.homes + u, part)
    settle(book, kind, x.county + u, x.homes + u, left)


@bare
def post_scheme(book, x, u, levy, benefit, subsidy_ratio):
    """Contributions to the resident scheme, its benefits, and the subsidy that follows contributions."""
    settle(book, LEVIES, x.homes + u, x.insurance, levy)
    settle(book, BENEFITS, x.insurance, x.homes + u, benefit)
    subsidy = np.int64(subsidy_ratio * levy)
    centre = np.int64(CENTRE_SHARE * subsidy)
    settle(book, SUBSIDY, x.centre, x.insurance, centre)
    settle(book, SUBSIDY, x.province, x.insurance, subsidy - centre)


@bare
def post_by_unit(book, x, out, shares, subsidy_ratio):
    """What households of a unit receive and pay other than rent, pay and consumption."""
    for u in range(out.shape[1] - 1):
        homes, firms = x.homes + u, x.firms + u
        move(book, WORK, x.outside, homes, out[FARM_WORK, u])
        move(book, AWAY, homes, x.outside, out[LIVED_AWAY, u])
        move(book, OWN, homes, x.insurance, out[OWN_INSURANCE, u])
        move(book, EMPLOYERS, firms, x.insurance, out[EMPLOYER, u])
        move(book, BASICS, x.centre, homes, out[BASIC, u])
        move(book, WORKERS, x.insurance, homes, out[PENSION, u])
        pay_benefit(book, TOPUPS, x, u, out[TOPUP, u], shares)
        post_scheme(book, x, u, out[LEVY, u], out[BENEFIT, u], subsidy_ratio)
        move(book, LAND, x.outside, homes, out[FARM, u])
        move(book, LET, x.outside, homes, out[LAND_RENT, u])
        pay_benefit(book, HEAT, x, u, out[HEATING, u], shares)
        move(book, FUELS, homes, firms, out[FUEL, u])
        move(book, ASSIST, x.county + u, homes, out[ASSISTANCE, u])
        move(book, INTERESTS, homes, x.banks, out[INTEREST, u])


@bare
def post_cash(book, x, out, shares, subsidy_ratio, table, parts, sales):
    """Post the sums of `model.kernels.money.live_month`; what passes between outside and outside is left out.

    table: int64[M, 3U], whole `parts` of spending at a market that reach each local market; sales: int64[3U], written.
    """
    units = out.shape[1] - 1
    post_by_unit(book, x, out, shares, subsidy_ratio)
    blocks, bought = BY_UNIT, BY_UNIT + 4 * (units + 1)
    sales[:] = 0
    for h in range(units + 1):
        home = x.homes + h if h < units else x.outside
        for at in range(units + 1):
            if h == units and at == units:
                continue
            firm, county = (x.firms + at, x.county + at) if at < units else (x.outside, x.outside)
            move(book, WAGES, firm, home, out[blocks + at, h])
            move(book, DIVIDEND, firm, home, out[blocks + units + 1 + at, h])
            move(book, RENTS, home, firm, out[blocks + 2 * (units + 1) + at, h])
            move(book, PUBLIC, home, county, out[blocks + 3 * (units + 1) + at, h])
        left = np.int64(0)
        for m in range(table.shape[0]):
            spent = out[bought + m, h]
            if spent == 0:
                continue
            left += spent
            for k in range(sales.size):
                if table[m, k] != 0:
                    fen = spent * table[m, k] // parts
                    sales[k] += fen
                    left -= fen
                    move(book, CONSUMPTION, home, x.firms + k // 3, fen)
        if h < units:
            move(book, ABROAD, home, x.outside, left)


@bare
def move_benefit(contribution, start, ratio, lag, benefit):
    """Benefits of elders, yuan/month float64[U], move over `lag` months towards `ratio` times contributions beyond.

    contribution, start: float64[U] yuan/year, now and at practice.
    """
    for u in range(benefit.size):
        benefit[u] += (ratio * ((contribution[u] - start[u]) / 12) - benefit[u]) / lag


@bare
def sell_outside(cost, coal, passed, markup, sales):
    """Fen sold outside by unit, int64[U], written: markup * pay of mining, works and utilities * their price.

    cost: int64[19, U + 1] of labour; coal, passed: price of coal and of what works make of it over the start; power is
    regulated.
    """
    for u in range(sales.size):
        sales[u] = np.int64(np.floor(markup * (cost[MINING, u] * coal + cost[MAKING, u] * passed + cost[POWER, u])))


@bare
def settle_firms(book, x, out, coal, passed, markup, tax_rate, public, local, tax, pay):
    """Outside sales, tax on them and on `local` sales, int64[3U], and what owners outside take out or put in.

    public: uint8[P], public industries; tax and pay, public pay that the budget refunds next month so that owners do
    not fill that gap: int64[U], written.
    """
    sell_outside(out[COST:BY_UNIT], coal, passed, markup, tax)
    for u in range(tax.size):
        sold, firms = tax[u], x.firms + u
        tax[u] = np.int64(np.floor(tax_rate[u] * np.float64(sold + local[3 * u] + local[3 * u + 1] + local[3 * u + 2])))
        pay[u] = 0
        for k in range(public.size):
            pay[u] += out[COST + np.int64(public[k]), u]
        move(book, SOLD, x.outside, firms, sold)
        move(book, TAX, firms, x.county + u, tax[u])
        settle(book, PROFIT, firms, x.outside, book.balance[firms] + pay[u])


class Leaks(NamedTuple):
    """Parameters of spending that leaves a county."""

    share: float  # that leaves at the start
    cut: float  # largest part of it that retail investment keeps
    scale: float  # yuan a head of retail stock
    logistics: float
    to_core: float  # part of what leaves that reaches the county town of the core


@bare
def leaks(k, stock, residents, logistics, out):
    """Share of spending that leaves each unit, float64[U]; see `model.phases.spending.leakage`. k: Leaks."""
    for u in range(out.size):
        kept = k.cut * -math.expm1(-max(stock[u] / residents[u], 0.0) / k.scale)
        out[u] = min(max(k.share * (1.0 - kept) + k.logistics * logistics[u], 0.05), 0.95)


@bare
def fill_routes(share, to_core, core, kept, parts, table):
    """Whole `parts` of spending at market m that reach sellers in local market k; the rest leaves.

    share: float64[U] that leaves a unit; to_core: part of it that reaches the county town of unit `core`; kept:
    float64[3, 3] of what stays, by market of the buyer and of the seller; table: int64[M, 3U], 0 where nobody buys.
    """
    for u in range(share.size):
        for a in range(3):
            for b in range(3):
                table[3 * u + a, 3 * u + b] = np.int64(np.floor(kept[a, b] * (1.0 - share[u]) * parts))
            if u != core:
                table[3 * u + a, 3 * core + 2] = np.int64(share[u] * to_core * parts)


@bare
def route_spending(spent, table, parts, out):
    """Fen that reach each local market: out int64[H, K], zeros, from int64[H, M] spent by H groups of buyers."""
    for m in range(table.shape[0]):
        for k in range(table.shape[1]):
            if table[m, k] != 0:
                for h in range(spent.shape[0]):
                    out[h, k] += spent[h, m] * table[m, k] // parts
