"""Mesa agents as views of rows: they hold no state of their own, so there is one copy of the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from model.engine import CountyModel


class RowView(mesa.Agent):
    """An agent that reads and writes one row of a table of the world."""

    table = ""

    def __init__(self, model: CountyModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    def get(self, column: str) -> Any:
        """Value of a column in this agent's row; AttributeError when there is no such column."""
        return getattr(getattr(self.model.world, self.table), column)[self.row].item()

    def set(self, column: str, value: Any) -> None:
        """Write a column in this agent's row."""
        getattr(getattr(self.model.world, self.table), column)[self.row] = value


class Town(RowView):
    """One market: the villages, township seats or county town of a unit, or a place outside."""

    table = "markets"


class Firm(RowView):
    """The firms of one market, industry and size class."""

    table = "firms"


class Government(RowView):
    """One county government: a view of column `row` of the public accounts."""

    def get(self, column: str) -> Any:
        """Value of a public account, such as `debt_fen`; KeyError when there is no such account."""
        return self.model.world.accounts[column][self.row].item()

    def set(self, column: str, value: Any) -> None:
        """Write a public account."""
        self.model.world.accounts[column][self.row] = value
