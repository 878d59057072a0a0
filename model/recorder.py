"""Fills preallocated arrays with the declared indicators, month by month, by unit and for the prefecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.inputs import Month
from model.kernels import indicators, tally
from model.phases.headcount import Headcount, headcount
from model.results import Results
from model.spec.registry import REGISTRY
from model.world.constants import market_keys

if TYPE_CHECKING:
    from model.state.world import World

YEAR: Final = 12


class Recorder:
    """Every declared scalar indicator by month, unit and prefecture, and yearly flows between markets."""

    def __init__(self, world: World) -> None:
        n, units, places = world.input.n_months, world.n_units, world.n_units + 1
        declared = {k for k, i in REGISTRY.indicators.items() if i.dims == ("month", "place")}
        if declared != set(indicators.KEYS):
            raise KeyError(f"declared indicators and recorded ones differ: {sorted(declared ^ set(indicators.KEYS))}")
        self.rows = np.full((n, len(indicators.KEYS), places), np.nan)
        self.start_ordinal = world.input.start_ordinal
        years = (self.start_ordinal + n - 1) // YEAR - self.start_ordinal // YEAR + 1
        self.moves = np.zeros((years, world.markets.n, world.markets.n), np.int64)
        self.flows_in = np.zeros((n, places))
        self.flows_out = np.zeros((n, places))
        self.left_village = np.zeros((n, 2, places))
        self.levers = tuple(REGISTRY.levers)
        self.delivered = np.zeros((years, len(self.levers), units))
        self.level = np.zeros_like(self.delivered)
        self.months_recorded = 0
        self._intensive = np.zeros(tally.CODES, np.int64)
        self._intensive[list(tally.LABOUR_INTENSIVE)] = 1
        self._accounts = np.zeros((len(indicators.ACCOUNTS), units))
        self._events = np.zeros((len(indicators.EVENTS), units), np.int64)
        self._still = np.zeros((world.markets.n, world.markets.n), np.int64), np.zeros((2, units), np.int64)
        self._scratch = np.zeros(places), np.zeros(places)

    def record(self, world: World, month: Month) -> None:
        """Write this month's row of every indicator."""
        t = month.index
        counted = counts_of(world, t)
        row, homes, counts = self.rows[t], counted.homes, counted.counts
        # For the budgets of next month: residents registered in their own unit, and all.
        world.kept["settled"] = t, counts.groups[:, :, tally.SAME_COUNTY].sum(axis=1), counts.resident[0]
        province = world.input.drivers["province_urban_percent"][t] / 100.0
        indicators.population(row, counts.resident, counts.registered, world.weight, province)
        self._growth(world, t, row)
        p, scratch = world.p, self._scratch
        indicators.integration(
            row, counts.groups, world.channels.entitlement, p.ent_gap_own_county, world.weight, *scratch
        )
        m, panels = world.markets, world.panels
        indicators.living(row, counts.groups, homes, m.price_yuan_m2, m.rent_yuan_m2, m.room_rent_yuan_m2, *scratch)
        indicators.markets(row, m.homes, m.homes_occupied, panels.load, panels.capacity, panels.quality, *scratch)
        self._money(world, t, row, counts.pay)
        if month.is_year_end:
            self._programmes(world, t)
        self.months_recorded = t + 1

    def _year(self, t: int) -> int:
        """Row of the calendar year of a month."""
        return (self.start_ordinal + t) // YEAR - self.start_ordinal // YEAR

    def _growth(self, world: World, t: int, row: np.ndarray) -> None:
        """Births, deaths, moves; urban growth of the month in three lines; where those who left villages went."""
        events, weight = world.month_events, world.weight
        for k, key in enumerate(indicators.EVENTS):
            self._events[k] = events.get(key, 0)
        od, urban = events.get("moves_od", self._still[0]), events.get("moves_urban", self._still[1])
        into, out, village = self.flows_in, self.flows_out, self.left_village
        indicators.moved(od, self.moves[self._year(t)], into[t], out[t], village[t], weight)
        indicators.growth(row, t, into, out, village, self._events, urban, weight)

    def _money(self, world: World, t: int, row: np.ndarray, pay: np.ndarray) -> None:
        """Industries, output and county accounts."""
        a, firms, weight = world.accounts, world.firms, world.weight
        for k, key in enumerate(indicators.ACCOUNTS):
            self._accounts[k] = a[key]
        indicators.economy(
            row, self._accounts, pay, firms.unit, firms.sector, firms.jobs_filled, self._intensive, weight,
            world.input.drivers["outside_wage_index"][t], *self._scratch,
        )
        indicators.public(row, self._accounts, world.channels.cost_flow_yuan(), weight, *self._scratch)

    def _programmes(self, world: World, t: int) -> None:
        """What levers have delivered and what is in force at the end of a year, or of the run."""
        year = self._year(t)
        self.delivered[year], self.level[year] = world.channels.programmes()

    def results(self, world: World) -> Results:
        """Everything recorded so far."""
        n, pre = self.months_recorded, world.prefecture
        months = tuple(_label(self.start_ordinal + t) for t in range(n))
        years = tuple(str(self.start_ordinal // YEAR + y) for y in range(self.moves.shape[0]))
        if n > 0:
            self._programmes(world, n - 1)
        arrays = {key: np.ascontiguousarray(self.rows[:n, k]) for k, key in enumerate(indicators.KEYS)}
        return Results(
            months, (*pre.units, "city"), market_keys(pre), years, arrays, self.moves * world.weight,
            self.levers, self.delivered.copy(), self.level.copy(),
        )


def counts_of(world: World, t: int) -> Headcount:
    """Counts of the end of month t: those of services, unless villages have been recoded since or it has none."""
    counted, events = world.kept.pop("headcount", None), world.month_events
    if counted is None or counted.month != t or "moves_od" not in events:
        return headcount(world, t)
    recoded = events.get("reclassified")
    return headcount(world, t) if recoded is not None and recoded.any() else counted


def _label(ordinal: int) -> str:
    return f"{ordinal // YEAR}-{ordinal % YEAR + 1:02d}"
