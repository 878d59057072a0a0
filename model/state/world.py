"""One future of the prefecture at one moment: everything a phase may read or write."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from model.state.panels import Panels
from model.state.table import Households, Markets, Places, Residents

if TYPE_CHECKING:
    from model.channels import Channels
    from model.inputs import ModelInput, Month
    from model.spec.params import Params
    from model.state.firms import Firms
    from model.state.heads import Heads
    from model.state.ledger import Ledger
    from model.world.places import Geography
    from model.world.tables import Prefecture


class Watch(Protocol):
    """Who looks at a run and changes nothing: told of every phase, and of what is being decided within two of them."""

    def opened(self, world: World, month: Month) -> None:
        """The month has opened; nothing has happened in it yet."""

    def before(self, world: World, month: Month, phase: str) -> None:
        """A phase is about to run."""

    def after(self, world: World, month: Month, phase: str) -> None:
        """A phase has run."""

    def deciding(
        self, world: World, month: int, rows: np.ndarray, returning: np.ndarray, tables: Any, q: Any
    ) -> None:
        """Households `rows` are about to choose on these ChoiceTables and ChoiceParams."""

    def buying(
        self, world: World, month: int, rows: np.ndarray, place: np.ndarray, wished: int, terms: Any
    ) -> None:
        """Households `rows` are about to draw lots for homes at `place`; those from `wished` on are compensated."""


@dataclass(slots=True)
class Seen:
    """Market and unit values as they stood at the start of the month.

    All decisions of a month read these, so that the order of phases within it cannot create results. kept: what was
    derived from them this month, by name, so that it is worked out once.
    """

    markets: dict[str, np.ndarray]
    panels: Panels
    kept: dict[str, Any] = field(default_factory=dict)


_seed = lru_cache(np.uint64)


@dataclass(slots=True)
class World:
    """The state. Heads and money are counted at the scale of the run; reports multiply by `weight`.

    p: parameters as attributes-by-key (read-only mapping with attribute access).
    accounts: unit-level public accounts, key -> array[n_units].
    month_events: counts of this month's events for the recorder, key -> array; cleared each month.
    kept: what is worked out once and only saves time, key -> anything; empty at the start.
    watch: who looks on, if anybody; phases tell it what they are about to decide, and it changes nothing.
    """

    input: ModelInput
    prefecture: Prefecture
    geography: Geography
    p: Params
    residents: Residents
    households: Households
    places: Places
    markets: Markets
    panels: Panels
    channels: Channels
    firms: Firms
    ledger: Ledger
    heads: Heads
    seen: Seen = None  # type: ignore[assignment]  # taken by `look` before any phase runs
    accounts: dict[str, np.ndarray] = field(default_factory=dict)
    month_events: dict[str, np.ndarray] = field(default_factory=dict)
    triggered: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    kept: dict[str, Any] = field(default_factory=dict)
    watch: Watch | None = None

    @property
    def seed(self) -> np.uint64:
        """The seed of every draw."""
        return _seed(self.input.seed)

    @property
    def scale(self) -> float:
        """Share of the population that is simulated."""
        return self.input.scale

    @property
    def weight(self) -> float:
        """Real people (or dwellings, or yuan) behind one simulated one."""
        return 1.0 / self.input.scale

    @property
    def n_units(self) -> int:
        """Counties and districts."""
        return self.ledger.n_units

    def look(self) -> None:
        """Take the start-of-month copy that all decisions of the month read, in the place of the last one."""
        m, seen = self.markets, cast(Any, self.seen)
        if seen is None:
            markets = {c.key: getattr(m, c.key)[: m.n].copy() for c in m.columns}
            self.seen = Seen(markets, self.panels.view_of_month())
            return
        columns = m.__dict__
        for key, copy in seen.markets.items():
            copy[:] = columns[key][: m.n]
        self.panels.see(seen.panels)
        self.seen = Seen(seen.markets, seen.panels)

    def count(self, key: str, values: np.ndarray) -> None:
        """Add to this month's event counts under `key`."""
        if key in self.month_events:
            self.month_events[key] = self.month_events[key] + values
        else:
            self.month_events[key] = np.asarray(values).copy()
