"""The cash of counties while a month is paid: the general account and the land fund (E18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.posting import fill_general, pay_capital, pay_general
from model.state.ledger import BY_UNIT

if TYPE_CHECKING:
    from model.state.world import World

FUND_TRANSFER: Final = 0.5
"""Part of the fund's cash that may be moved to the general account when that is short: bonds stay (assumed)."""


@dataclass(slots=True)
class Purse:
    """Cash in the two accounts of every county, int64[U] fen; what is paid is posted to the ledger at once.

    Debt is owed by the fund, so that its cash is its position plus debt. movable: int64[U], what the fund may still
    give to the general account this month.
    """

    world: World
    general: np.ndarray
    fund: np.ndarray
    movable: np.ndarray

    @classmethod
    def of(cls, world: World) -> Purse:
        """Cash as it stands."""
        ledger, a = world.ledger, world.accounts
        fund = ledger.of("fund") + a["debt_fen"] + a["platform_debt_fen"]
        movable = np.floor(FUND_TRANSFER * np.maximum(fund, 0)).astype(np.int64)
        return cls(world, ledger.of("county"), fund, movable)

    def cash(self) -> np.ndarray:
        """What can be paid for capital, int64[U]."""
        return np.maximum(self.general, 0) + np.maximum(self.fund, 0)

    def advance(self, need: np.ndarray) -> np.ndarray:
        """Fill the general account up to `need`, from the fund first, then from the province; returns the latter."""
        county, fund, _, _ = self._ids("county")
        book = self.world.ledger.book(("fund_transfer",))
        fill_general(book, 0, county, fund, need, self.general, self.fund, self.movable)
        missing = np.maximum(need - self.general, 0)
        ledger = self.world.ledger
        ledger.post("floor_advance", ledger.account("province"), ledger.accounts("county"), missing)
        self.general = self.general + missing
        return missing

    def recurrent(self, kind: str, target: str, need: np.ndarray) -> np.ndarray:
        """Pay from the general account as far as it goes, with what the fund may give; returns what was paid."""
        paid, book = np.empty(need.size, np.int64), self.world.ledger.book((kind, "fund_transfer"))
        pay_general(book, *self._ids(target), need, self.general, self.fund, self.movable, paid)
        self.world.ledger.accept(book)
        return paid

    def capital(self, kind: str, target: str, need: np.ndarray) -> np.ndarray:
        """Pay from the fund first, then from the general account; returns what was paid."""
        paid, book = np.empty(need.size, np.int64), self.world.ledger.book((kind,))
        pay_capital(book, *self._ids(target), need, self.general, self.fund, paid)
        self.world.ledger.accept(book)
        return paid

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

    def _ids(self, target: str) -> tuple[int, int, int, int]:
        """First accounts of county, fund and target, and whether the target is held by unit (1) or single (0)."""
        ledger, by_unit = self.world.ledger, target in BY_UNIT
        return ledger.account("county", 0), ledger.account("fund", 0), ledger.account(target, 0), int(by_unit)
