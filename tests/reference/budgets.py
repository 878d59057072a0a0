"""A month of county budgets by NumPy, payment by payment: the slow twin of `model.kernels.treasury`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.channels import PAYERS
from model.kernels.public import FEN, YEAR
from model.kernels.segments import share_of
from model.kernels.treasury import BASIC_OPERATION, CASH_MONTHS, CASH_PACE, COUNTY, FUND_SHARE
from model.phases.assessment import assess
from model.phases.budgets import served
from model.phases.firms import outside_index
from model.spec.types import Payer
from model.state.ledger import BY_UNIT
from tests.reference import public_works as debt
from tests.reference.public_works import age_assets, build, fen, pace, receive

ABOVE = (Payer.CENTRE, Payer.PROVINCE, Payer.PREFECTURE)
"""Governments above the county, in the order of the columns of accounts["benefit_payers"]."""
PREFECTURE = PAYERS.index(Payer.PREFECTURE)


def budgets(world: Any, month: Any) -> None:
    """One month, as `model.phases.budgets.budgets` lives it."""
    index = outside_index(world, month.index)
    a = world.accounts
    a["price_level"] = np.array([index])
    a["served"] = served(world)
    assess(world, month)
    a["revenue_fen"] = receive(world, index)
    roll_resources(world, month.index, a["revenue_fen"])
    pay_out(world, month.index, index, lever_costs(world))


def roll_resources(world: Any, month: int, income: np.ndarray) -> None:
    """Comprehensive resources: what came in over the last twelve months."""
    a = world.accounts
    a["resources_months"][month % 12] = income
    a["resources_fen"] = a["resources_months"].sum(axis=0)


def lever_costs(world: Any) -> np.ndarray:
    """Cost of what is delivered, by unit and payer, int64[U, payers] fen; benefits of households are paid elsewhere."""
    channels, a = world.channels, world.accounts
    total, benefits = channels.cost_flow_yuan(), channels.cost_to_households_yuan()
    a["lever_cost_yuan"] = total.sum(axis=1)
    whole = np.abs(benefits).sum(axis=1)
    above = [PAYERS.index(payer) for payer in ABOVE]
    a["benefit_payers"] = share_of(np.abs(benefits[:, above]), whole[:, None])
    return np.floor((total - benefits) * FEN * world.scale).astype(np.int64)


def pay_out(world: Any, month: int, index: float, levers: np.ndarray) -> None:
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


def operation(world: Any, index: float) -> np.ndarray:
    """Running cost of services this month, int64[U] fen: per head of the start, times residents served and prices."""
    a = world.accounts
    per_head = a["operation_start_fen"] * index * share_of(a["served"], a["served_start"], empty=1.0)
    return np.floor(per_head).astype(np.int64)


def serve_debt(world: Any, purse: Purse) -> tuple[np.ndarray, np.ndarray]:
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


def upkeep_of_levers(world: Any) -> np.ndarray:
    """County-paid upkeep of what levers built, int64[U] fen."""
    return fen(world, world.channels.upkeep_flow_yuan()[:, COUNTY])


def upkeep_need(world: Any, index: float) -> np.ndarray:
    """Upkeep of the month beyond that of the start, which is part of operation: int64[U] fen, negative where less.

    maintenance_share times the value of public works now, less the same at the start; village organisations get as
    much more or less as public works; and upkeep of what levers built.
    """
    a, rate = world.accounts, world.channels.maintenance_share
    start = a["maintenance_start"]
    works = (rate * a["asset_yuan"] - start * a["asset_start_yuan"]) / YEAR * FEN * world.scale
    villages = share_of(rate - start, start) * a["village_operation_fen"]
    return np.floor((works + villages) * index).astype(np.int64) + upkeep_of_levers(world)


def upkeep_rate(world: Any, operated: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Upkeep that reaches public works, a year over their value, float64[U].

    operated: share of the rest of operation that was paid, which holds the upkeep of the start; added: share of upkeep
    beyond it that was paid.
    """
    a, rate = world.accounts, world.channels.maintenance_share
    wanted = rate * a["asset_yuan"]
    base = np.minimum(wanted, a["maintenance_start"] * a["asset_start_yuan"])
    missing = base * (1.0 - operated) + (wanted - base) * (1.0 - added)
    return rate * (1.0 - share_of(missing, wanted))


def later_upkeep(world: Any) -> np.ndarray:
    """Present value of keeping for public_stock_years what was built beyond the start, real yuan, float64[U]."""
    a, p = world.accounts, world.p
    yearly = YEAR * world.channels.upkeep_flow_yuan().sum(axis=1)
    yearly = yearly + a["maintenance_start"] * np.maximum(a["asset_yuan"] - a["asset_start_yuan"], 0.0)
    return yearly * (1.0 - (1.0 + p.bond_coupon) ** -p.public_stock_years) / p.bond_coupon


def share_works(world: Any, purse: Purse, index: float, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def public_pay(world: Any) -> np.ndarray:
    """The county's part of last month's public wage bill; the prefecture, paid by the province, covers the rest."""
    ledger, a = world.ledger, world.accounts
    own = np.floor(a["public_pay_fen"] * a["public_pay_share"]).astype(np.int64)
    rest = a["public_pay_fen"] - own
    ledger.post("prefecture_transfer", ledger.account("province"), ledger.account("prefecture"), rest.sum())
    ledger.post("prefecture_pay", ledger.account("prefecture"), ledger.accounts("firms"), rest)
    return own


def pay_from_above(world: Any, levers: np.ndarray, index: float) -> np.ndarray:
    """Pay levers and rewards; returns works paid in each unit beside the county's, int64[U] fen.

    levers: int64[U, payers], cost of the month.
    """
    ledger = world.ledger
    firms, total = ledger.accounts("firms"), np.zeros(world.n_units, np.int64)
    for payer in (Payer.CENTRE, Payer.PROVINCE):
        part = np.maximum(levers[:, PAYERS.index(payer)], 0)
        ledger.post("works_from_above", ledger.account(payer), firms, part)
        total += part
    return total + pay_from_prefecture(world, np.maximum(levers[:, PREFECTURE], 0), index)


def pay_from_prefecture(world: Any, cost: np.ndarray, index: float) -> np.ndarray:
    """The prefecture's programme: new duties and rewards take at most its reprioritised part; returns its works.

    Writes accounts delivery_prefecture (the share of the cost of levers that could be paid), prefecture_works_fen and
    reward_fen. What new duties take is missing in the practice programme, which is spread as works of counties are.
    """
    ledger, a, p = world.ledger, world.accounts, world.p
    programme = np.floor(a["prefecture_programme_fen"] * index).astype(np.int64)
    budget = int(programme.sum())
    ledger.post("prefecture_transfer", ledger.account("province"), ledger.account("prefecture"), budget)
    reward = fen(world, world.channels.reward_flow_yuan * a["rewarded"])
    asked = int(cost.sum() + reward.sum())
    share = min(1.0, p.capital_reprioritised_share * budget / asked) if asked > 0 else 1.0
    paid, given = (np.floor(x * share).astype(np.int64) for x in (cost, reward))
    left = budget - int(paid.sum() + given.sum())
    works = np.floor(programme * (left / max(budget, 1))).astype(np.int64)
    works[0] += left - int(works.sum())
    ledger.post("prefecture_works", ledger.account("prefecture"), ledger.accounts("firms"), works)
    ledger.post("works_from_above", ledger.account("prefecture"), ledger.accounts("firms"), paid)
    ledger.post("reward", ledger.account("prefecture"), ledger.accounts("county"), given)
    a["prefecture_works_fen"] = works
    a["delivery_prefecture"] = np.array([share])
    a["reward_fen"] = given
    return works + paid


@dataclass(slots=True)
class Purse:
    """Cash in the two accounts of every county, int64[U] fen; what is paid is posted to the ledger at once.

    Debt is owed by the fund, so that its cash is its position plus debt. movable: int64[U], what the fund may still
    give to the general account this month.
    """

    world: Any
    general: np.ndarray
    fund: np.ndarray
    movable: np.ndarray

    @classmethod
    def of(cls, world: Any) -> Purse:
        """Cash as it stands."""
        ledger, a = world.ledger, world.accounts
        fund = ledger.of("fund") + a["debt_fen"] + a["platform_debt_fen"]
        movable = np.floor(FUND_SHARE * np.maximum(fund, 0)).astype(np.int64)
        return cls(world, ledger.of("county"), fund, movable)

    def cash(self) -> np.ndarray:
        """What can be paid for capital, int64[U]."""
        return np.maximum(self.general, 0) + np.maximum(self.fund, 0)

    def advance(self, need: np.ndarray) -> np.ndarray:
        """Fill the general account up to `need`, from the fund first, then from the province; returns the latter."""
        self._fill(need)
        missing = np.maximum(need - self.general, 0)
        ledger = self.world.ledger
        ledger.post("floor_advance", ledger.account("province"), ledger.accounts("county"), missing)
        self.general = self.general + missing
        return missing

    def recurrent(self, kind: str, target: str, need: np.ndarray) -> np.ndarray:
        """Pay from the general account as far as it goes, with what the fund may give; returns what was paid."""
        self._fill(need)
        paid = np.minimum(np.maximum(need, 0), np.maximum(self.general, 0))
        self._post(kind, "county", target, paid)
        self.general = self.general - paid
        return paid

    def capital(self, kind: str, target: str, need: np.ndarray) -> np.ndarray:
        """Pay from the fund first, then from the general account; returns what was paid."""
        from_fund = np.minimum(need, np.maximum(self.fund, 0))
        from_general = np.minimum(need - from_fund, np.maximum(self.general, 0))
        self._post(kind, "fund", target, from_fund)
        self._post(kind, "county", target, from_general)
        self.fund, self.general = self.fund - from_fund, self.general - from_general
        return from_fund + from_general

    def borrow(self, account: str, fen: np.ndarray) -> None:
        """Raise debt: cash of the fund and what is owed rise alike, its position stays."""
        self.world.accounts[account] = self.world.accounts[account] + fen
        self.fund = self.fund + fen

    def repay(self, fen: np.ndarray) -> None:
        """Repay principal, from the fund first: debt falls with cash."""
        from_fund = np.minimum(fen, np.maximum(self.fund, 0))
        rest = fen - from_fund
        ledger = self.world.ledger
        ledger.post("to_fund", ledger.accounts("county"), ledger.accounts("fund"), rest)
        self.fund, self.general = self.fund - from_fund, self.general - rest
        self.world.accounts["debt_fen"] = self.world.accounts["debt_fen"] - fen

    def receive_in_fund(self, kind: str, source: str, fen: np.ndarray) -> None:
        """Money from outside into the fund."""
        ledger = self.world.ledger
        ledger.post(kind, ledger.account(source), ledger.accounts("fund"), fen)
        self.fund = self.fund + fen

    def _fill(self, need: np.ndarray) -> None:
        """Give the general account what it lacks of `need`, as far as the fund may."""
        lacks = np.maximum(need - np.maximum(self.general, 0), 0)
        moved = np.minimum(lacks, np.minimum(self.movable, np.maximum(self.fund, 0)))
        self._post("fund_transfer", "fund", "county", moved)
        self.general, self.fund = self.general + moved, self.fund - moved
        self.movable = self.movable - moved

    def _post(self, kind: str, source: str, target: str, fen: np.ndarray) -> None:
        ledger = self.world.ledger
        to = ledger.accounts(target) if target in BY_UNIT else ledger.account(target)
        ledger.post(kind, ledger.accounts(source), to, fen)
