"""Public accounts as rows of two tables, which is how the kernels of budgets take them (E18)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels.public import CASH, FUND, POSTINGS, REAL, ROWS_REAL, ROWS_WHOLE, RULES, STATES, WHOLE

if TYPE_CHECKING:
    from model.state.world import World

_STATES: Final = attrgetter(*STATES)
WIDE: Final = ("resources_months", "works_queue", "works_places", "works_amenity", "benefit_payers")
"""Accounts with more than one number for a unit that a month of budgets writes in place."""


class Treasury:
    """The tables, and the accounts of the world as views of their rows.

    whole: int64[ROWS_WHOLE, U]; real: float64[ROWS_REAL, U]; posted: int64[POSTINGS, U]; rules: float64[RULES].
    """

    def __init__(self, units: int) -> None:
        self.whole, self.real = np.zeros((ROWS_WHOLE, units), np.int64), np.zeros((ROWS_REAL, units))
        self.posted, self.rules = np.zeros((len(POSTINGS), units), np.int64), np.zeros(len(RULES))
        self.price_level, self.met = np.ones(1), np.ones(1)
        self.views: dict[str, np.ndarray] = {"price_level": self.price_level, "delivery_prefecture": self.met}
        self.views.update(zip(WHOLE, self.whole))
        self.views.update(zip(REAL, self.real))
        self.states = self.real[len(REAL) : len(REAL) + len(STATES)]
        self.slips: Any = None
        self.parameters: Any = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Treasury:
        # A copy would copy views apart from their table; a new one is filled when it is first asked for.
        return Treasury(self.whole.shape[1])

    def take_in(self, world: World) -> None:
        """Bring in what was set since last month; from now on the accounts look into the tables."""
        a, balance, units = world.accounts, world.ledger.balance, world.n_units
        for key, view in self.views.items():
            if a[key] is not view:
                view[:] = a[key]
                a[key] = view
        self.states[:] = _STATES(world.channels)
        county, fund = world.ledger.account("county", 0), world.ledger.account("fund", 0)
        self.whole[CASH], self.whole[FUND] = balance[county : county + units], balance[fund : fund + units]
        if self.parameters is not world.p:
            self._settle(world)

    def _settle(self, world: World) -> None:
        """What stays as it is for the life of a run. Accounts written in place must be nobody else's."""
        p = self.parameters = world.p
        later = 1.0 - (1.0 + p.bond_coupon) ** -p.public_stock_years
        self.rules[:] = world.scale, later, *(p[key] for key in RULES[2:])
        self.slips = world.ledger.slips(POSTINGS)
        for key in WIDE:
            world.accounts[key] = world.accounts[key].copy()


def treasury_of(world: World) -> Treasury:
    """The tables of this run, up to date."""
    found: Treasury | None = world.kept.get("treasury")
    if found is None:
        found = world.kept["treasury"] = Treasury(world.n_units)
    found.take_in(world)
    return found
