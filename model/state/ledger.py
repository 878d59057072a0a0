"""The ledger of money: integer fen, double entry, by unit (ODD E18).

Every account holds a net financial position: cash and claims less debt. A loan leaves the position of
borrower and lender unchanged, so only interest, purchases and income are posted; a repayment of principal
changes savings and debt by the same amount. All positions sum to zero from the first month on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.posting import Book

BY_UNIT: Final = ("households", "firms", "county", "fund", "villages")
SINGLE: Final = ("prefecture", "province", "centre", "banks", "insurance", "outside")


class InvariantError(RuntimeError):
    """Something that must always hold does not; the message says what, where and by how much."""


@kernel
def wealth_by_unit(savings_fen, debt_fen, size, place, place_unit, n_units):
    """Savings less debt of households by the unit of their main place; the last entry is outside.

    savings_fen, debt_fen: int64[H]; size: uint8[H], empty households count nothing; place: int16[H];
    place_unit: int16[P]. Returns int64[n_units + 1].
    """
    total = np.zeros(n_units + 1, np.int64)
    for h in range(place.size):
        if size[h] > 0:
            unit = place_unit[place[h]]
            total[unit if unit >= 0 else n_units] += savings_fen[h] - debt_fen[h]
    return total


@bare
def post_entries(balance, unit, source, target, fen, flow):
    """Move fen[k] from source[k] to target[k]; an array of one entry stands for all. Returns the least amount.

    unit: int64[accounts]; flow: int64[n_units + 1], added to. Nothing moves if an amount is negative.
    """
    least = np.int64(0)
    for k in range(fen.size):
        least = min(least, fen[k])
    if least < 0:
        return least
    n_units = flow.size - 1
    for k in range(max(source.size, target.size, fen.size)):
        s = source[k if source.size > 1 else 0]
        t = target[k if target.size > 1 else 0]
        amount = fen[k if fen.size > 1 else 0]
        balance[s] -= amount
        balance[t] += amount
        flow[unit[s] if unit[s] < n_units else unit[t]] += amount
    return least


class Slips(NamedTuple):
    """Where a table of amounts by unit is posted: line k goes from source + step * unit to target + step * unit."""

    row: np.ndarray  # int64[K] of flows
    source: np.ndarray  # int64[K], first account
    source_step: np.ndarray  # int64[K], 1 where there is one by unit, else 0
    target: np.ndarray  # int64[K]
    target_step: np.ndarray  # int64[K]


@kernel
def post_table(balance, unit, flow, row, source, source_step, target, target_step, fen):
    """Post fen[line, unit] of `Slips`. Returns the least amount; nothing moves if it is negative."""
    least = np.int64(0)
    for k in range(row.size):
        for u in range(fen.shape[1]):
            least = min(least, fen[k, u])
    if least < 0:
        return least
    n_units = flow.shape[1] - 1
    for k in range(row.size):
        for u in range(fen.shape[1]):
            s, t = source[k] + u * source_step[k], target[k] + u * target_step[k]
            balance[s] -= fen[k, u]
            balance[t] += fen[k, u]
            flow[row[k], unit[s] if unit[s] < n_units else unit[t]] += fen[k, u]
    return least


class Ledger:
    """Balances and this month's flows, in fen at the scale of the run.

    balance: int64[5 * n_units + 6], the net position of every account.
    """

    def __init__(self, n_units: int) -> None:
        self.n_units = n_units
        self.balance = np.zeros(len(BY_UNIT) * n_units + len(SINGLE), np.int64)
        self._ids = np.arange(self.balance.size)
        self._ids.flags.writeable = False
        self._single = {kind: len(BY_UNIT) * n_units + k for k, kind in enumerate(SINGLE)}
        self._slice = {kind: slice(k * n_units, (k + 1) * n_units) for k, kind in enumerate(BY_UNIT)}
        self._slice |= {kind: slice(k, k + 1) for kind, k in self._single.items()}
        self._unit = np.append(np.tile(np.arange(n_units), len(BY_UNIT)), np.full(len(SINGLE), n_units))
        self._row: dict[str, int] = {}
        self._books: dict[tuple[str, ...], Book] = {}
        self._flow = np.zeros((64, n_units + 1), np.int64)
        holders = self.household_accounts(np.arange(n_units + 1))
        self._pairs = np.repeat(holders, n_units + 1), np.tile(holders, n_units + 1)

    def account(self, kind: str, unit: int = -1) -> int:
        """The id of one account. Households outside the prefecture (unit -1) share the account `outside`.

        KeyError for an unknown kind, or for a kind held by unit without a unit of the prefecture.
        """
        if (single := self._single.get(kind)) is not None:
            return single
        if kind not in BY_UNIT:
            raise KeyError(f"no account '{kind}'; there are {', '.join(BY_UNIT + SINGLE)}")
        if unit == -1 and kind == "households":
            return self.account("outside")
        if not 0 <= unit < self.n_units:
            raise KeyError(f"account '{kind}' needs a unit from 0 to {self.n_units - 1}, not {unit}")
        return BY_UNIT.index(kind) * self.n_units + unit

    def accounts(self, kind: str) -> np.ndarray:
        """Ids of the accounts of one kind, one per unit in order: int64[n_units], not to be written."""
        return self._ids[self._slice[kind]]

    def household_accounts(self, unit: np.ndarray) -> np.ndarray:
        """Ids for an array of units in which -1, or n_units, stands for outside."""
        unit = np.asarray(unit)
        inside = (unit >= 0) & (unit < self.n_units)
        return np.where(inside, unit, self.account("outside"))

    def of(self, kind: str) -> np.ndarray:
        """Balances of the accounts of one kind held by unit: int64[n_units], a copy."""
        return self.balance[self._slice[kind]].copy()

    def post(self, kind: str, source: np.ndarray | int, target: np.ndarray | int, fen: np.ndarray | int) -> None:
        """Move `fen` from `source` to `target`; the three broadcast against each other.

        fen must be whole and not negative (TypeError, ValueError): a refund is a flow the other way round.
        """
        amount = np.asarray(fen)
        if amount.dtype != np.int64:
            if amount.dtype.kind not in "iu":
                raise TypeError(f"{kind}: money is posted in whole fen, not {amount.dtype}")
            amount = amount.astype(np.int64)
        source, target = self._entries(source), self._entries(target)
        if amount.ndim == 0:
            amount = amount.reshape(1)
        if source.ndim != 1 or target.ndim != 1 or amount.ndim != 1 or not source.size * target.size * amount.size:
            source, target, amount = (x.ravel() for x in np.broadcast_arrays(source, target, amount))
        least = post_entries(self.balance, self._unit, source, target, amount, self._flows(kind))
        if least < 0:
            raise ValueError(f"{kind}: {least} fen is negative; post it the other way round")

    def _entries(self, account: np.ndarray | int) -> np.ndarray:
        """One id as an array of one."""
        if isinstance(account, np.ndarray):
            return account if account.ndim else account.reshape(1)
        return self._ids[account : account + 1]

    def _flows(self, kind: str) -> np.ndarray:
        """The flows of a kind by unit, a row that is new where nothing was ever posted under it."""
        row = self._row.setdefault(kind, len(self._row))
        if row == self._flow.shape[0]:
            self._flow = np.concatenate((self._flow, np.zeros_like(self._flow)))
            self._books.clear()
        return self._flow[row]

    def book(self, kinds: tuple[str, ...]) -> Book:
        """The accounts for a kernel that posts these kinds; hand it back to `accept`."""
        book = self._books.get(kinds)
        if book is None:
            for kind in kinds:
                self._flows(kind)
            rows = np.array([self._row[kind] for kind in kinds])
            book = self._books[kinds] = Book(self.balance, self._unit, self._flow, rows, np.zeros(1, np.int64))
        return book

    def accept(self, book: Book) -> None:
        """ValueError if a kernel posted a negative amount."""
        if book.least[0] < 0:
            raise ValueError(f"{book.least[0]} fen is negative; post it the other way round")

    def slips(self, lines: Sequence[tuple[str, str, str]]) -> Slips:
        """Kind, from and to of each line of a table that `post_slips` posts."""
        for kind, *_ in lines:
            self._flows(kind)
        ends = [([self.account(at, 0) for at in side], [int(at in BY_UNIT) for at in side])
                for side in ([line[1] for line in lines], [line[2] for line in lines])]
        (source, source_step), (target, target_step) = ends
        rows = [self._row[kind] for kind, *_ in lines]
        return Slips(*(np.array(x, np.int64) for x in (rows, source, source_step, target, target_step)))

    def post_slips(self, slips: Slips, fen: np.ndarray) -> None:
        """Post fen, int64[lines, n_units], whole and not negative (ValueError)."""
        if (least := post_table(self.balance, self._unit, self._flow, *slips, fen)) < 0:
            kind = next(kind for kind, row in self._row.items() if row == slips.row[fen.min(axis=1).argmin()])
            raise ValueError(f"{kind}: {least} fen is negative; post it the other way round")

    def settle(self, kind_up: str, kind_down: str, source: np.ndarray, target: np.ndarray, fen: np.ndarray) -> None:
        """Post positive entries from source to target as `kind_up`, negative ones back as `kind_down`."""
        self.post(kind_up, source, target, np.maximum(fen, 0))
        self.post(kind_down, target, source, np.maximum(-fen, 0))

    def move_household_wealth(self, from_unit: np.ndarray, to_unit: np.ndarray, fen: np.ndarray) -> None:
        """Carry the net wealth of households to the unit they move to.

        from_unit, to_unit: int[k], -1 for outside; fen: int64[k], savings less debt, of either sign.
        """
        fen = np.asarray(fen)
        source, target = self.household_accounts(from_unit), self.household_accounts(to_unit)
        self.settle("moved_wealth", "moved_debt", source, target, fen)

    def transfers(self) -> np.ndarray:
        """Room to add up the wealth and the debt that households hand on between units: int64[2, U + 1, U + 1]."""
        return np.zeros((2, self.n_units + 1, self.n_units + 1), np.int64)

    def carry(self, fen: np.ndarray) -> None:
        """Post `transfers` by source and target, as `move_household_wealth` would one by one."""
        for kind, part in zip(("moved_wealth", "moved_debt"), fen, strict=True):
            if part.any():
                self.post(kind, *self._pairs, part.ravel())

    def new_month(self) -> None:
        """Forget last month's flows."""
        self._flow[:] = 0

    def flow_of(self, kind: str) -> np.ndarray:
        """What was posted under one kind this month, int64[n_units + 1].

        By the unit of the source account, or of the target where the source has no unit; the last entry has neither.
        """
        row = self._row.get(kind)
        return np.zeros(self.n_units + 1, np.int64) if row is None else self._flow[row].copy()

    def check(self, wealth: np.ndarray | None = None) -> None:
        """InvariantError unless balances sum to zero and, given `wealth_by_unit`, households agree with it."""
        if (total := int(self.balance.sum())) != 0:
            raise InvariantError(f"ledger: balances sum to {total} fen, not to zero; something was not double entry")
        if wealth is None:
            return
        gap = self.of("households") - wealth[: self.n_units]
        if gap.any():
            u = int(np.abs(gap).argmax())
            raise InvariantError(
                f"ledger: households[{u}] holds {int(self.of('households')[u])} fen but its households own "
                f"{int(wealth[u])} fen (savings less debt), a gap of {int(gap[u])}; "
                f"{int((gap != 0).sum())} of {self.n_units} units disagree"
            )
