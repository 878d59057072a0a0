"""The ledger of money: integer fen, double entry, by unit (ODD E18).

Every account holds a net financial position: cash and claims less debt. A loan leaves the position of
borrower and lender unchanged, so only interest, purchases and income are posted; a repayment of principal
changes savings and debt by the same amount. All positions sum to zero from the first month on.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

BY_UNIT: Final = ("households", "firms", "county", "fund", "villages")
SINGLE: Final = ("prefecture", "province", "centre", "banks", "insurance", "outside")


class InvariantError(RuntimeError):
    """Something that must always hold does not; the message says what, where and by how much."""


@njit(cache=True)
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


class Ledger:
    """Balances and this month's flows, in fen at the scale of the run.

    balance: int64[5 * n_units + 6], the net position of every account.
    flow: kind -> int64[n_units + 1], what was posted under that kind this month, by the unit of the
    source account, or of the target where the source has no unit; the last entry has neither.
    """

    def __init__(self, n_units: int) -> None:
        self.n_units = n_units
        self.balance = np.zeros(len(BY_UNIT) * n_units + len(SINGLE), np.int64)
        self.flow: dict[str, np.ndarray] = {}
        units = np.arange(n_units)
        self._unit = np.concatenate([*(units for _ in BY_UNIT), np.full(len(SINGLE), n_units)])
        holders = self.household_accounts(np.arange(n_units + 1))
        self._pairs = np.repeat(holders, n_units + 1), np.tile(holders, n_units + 1)

    def account(self, kind: str, unit: int = -1) -> int:
        """The id of one account. Households outside the prefecture (unit -1) share the account `outside`.

        KeyError for an unknown kind, or for a kind held by unit without a unit of the prefecture.
        """
        if kind in SINGLE:
            return len(BY_UNIT) * self.n_units + SINGLE.index(kind)
        if kind not in BY_UNIT:
            raise KeyError(f"no account '{kind}'; there are {', '.join(BY_UNIT + SINGLE)}")
        if unit == -1 and kind == "households":
            return self.account("outside")
        if not 0 <= unit < self.n_units:
            raise KeyError(f"account '{kind}' needs a unit from 0 to {self.n_units - 1}, not {unit}")
        return BY_UNIT.index(kind) * self.n_units + unit

    def accounts(self, kind: str) -> np.ndarray:
        """Ids of the accounts of one kind, one per unit in order: int64[n_units]."""
        return np.array([self.account(kind, u) for u in range(self.n_units)])

    def household_accounts(self, unit: np.ndarray) -> np.ndarray:
        """Ids for an array of units in which -1, or n_units, stands for outside."""
        unit = np.asarray(unit)
        inside = (unit >= 0) & (unit < self.n_units)
        return np.where(inside, unit, self.account("outside"))

    def of(self, kind: str) -> np.ndarray:
        """Balances of the accounts of one kind held by unit: int64[n_units], a copy."""
        return self.balance[self.accounts(kind)]

    def post(self, kind: str, source: np.ndarray | int, target: np.ndarray | int, fen: np.ndarray | int) -> None:
        """Move `fen` from `source` to `target`; the three broadcast against each other.

        fen must be whole and not negative (TypeError, ValueError): a refund is a flow the other way round.
        """
        amount = np.asarray(fen)
        if amount.dtype.kind not in "iu":
            raise TypeError(f"{kind}: money is posted in whole fen, not {amount.dtype}")
        source, target, amount = np.broadcast_arrays(np.asarray(source), np.asarray(target), amount)
        if amount.size and int(amount.min()) < 0:
            raise ValueError(f"{kind}: {int(amount.min())} fen is negative; post it the other way round")
        source, target = source.ravel(), target.ravel()
        amount = amount.ravel().astype(np.int64)
        np.subtract.at(self.balance, source, amount)
        np.add.at(self.balance, target, amount)
        unit = np.where(self._unit[source] < self.n_units, self._unit[source], self._unit[target])
        total = self.flow.setdefault(kind, np.zeros(self.n_units + 1, np.int64))
        np.add.at(total, unit, amount)

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
        self.flow.clear()

    def flow_of(self, kind: str) -> np.ndarray:
        """This month's flow of one kind: int64[n_units + 1], zeros if nothing was posted."""
        return self.flow.get(kind, np.zeros(self.n_units + 1, np.int64))

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
