"""Channels: the one way by which a policy reaches the simulated world.

Levers are set outside; each month `advance` turns what was set into what was delivered, and what was
delivered into channel states. Phases read the states and never see a lever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from model.effects import (
    CARRIES,
    COST_BASE,
    EFFECTS,
    PAID_PER_RESULT,
    PAID_TO_FIRMS,
    PAID_TO_HOUSEHOLDS,
    Delivered,
)
from model.spec.params import Params, delivered_share, param_values
from model.spec.states import STATES
from model.spec.types import Lever, Payer

if TYPE_CHECKING:
    from model.spec.registry import Registry

PAYERS: Final[tuple[Payer, ...]] = tuple(Payer)
"""Columns of `cost_flow_yuan`."""

_MEMORY: Final = ("announced", "delivered", "step", "stock", "pipeline", "history")
HISTORY: Final = 25
"""Months of announcements that are kept: more than the longest lead of pilot counties."""
OF_MONEY: Final = frozenset({"budget"})
"""Channels of money from above, in force everywhere from the day that they are set and whoever carries them out."""
NOT_SEEN: Final = frozenset({"settlement", "entitlement", "matching", "income", "information"})
"""Channels of rules and people, whose delivery is not scored as works that show are (assumed)."""


def unit_practice(lever: Lever, quantities: Mapping[str, np.ndarray], n_units: int) -> np.ndarray:
    """Current practice of a lever by unit, float64[U].

    A lever with `apportion` is a total of the prefecture: each unit's practice is its share of that
    quantity. Scenarios must use this same function, so that practice is practice to the last bit.
    """
    if lever.apportion is None:
        return np.full(n_units, lever.practice)
    amounts = np.asarray(quantities[lever.apportion], dtype=np.float64)
    return lever.practice * (amounts / amounts.sum())


class Channels:
    """Channel states of every unit, and what each lever has announced, delivered and costs.

    Each state of `model.spec.states` is an attribute float64[U] in real units, not scaled to the run. With
    L levers: announced[L, U] is the value set this month; delivered[L, U] the change from practice in force
    (a yearly rate for flows); step[L, U] its rise this month (levels); stock[L, U] all delivered so far;
    pipeline[lead, L, U] announced changes of flows on their way; history[HISTORY, L, U] what was announced in
    past months. `touched` names the states that each lever has moved.
    """

    __slots__ = (
        *(state.key for state in STATES), *_MEMORY,
        "month", "touched", "_levers", "_row", "_practice", "_quantities", "_cost", "_running", "_pilot", "_n_units",
    )

    announced: np.ndarray
    delivered: np.ndarray
    step: np.ndarray
    stock: np.ndarray
    pipeline: np.ndarray
    history: np.ndarray
    month: int
    touched: dict[str, set[str]]
    _levers: tuple[Lever, ...]
    _row: dict[str, int]
    _practice: np.ndarray
    _quantities: dict[str, np.ndarray]
    _cost: np.ndarray
    _running: np.ndarray
    _pilot: np.ndarray
    _n_units: int

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> np.ndarray: ...

    @classmethod
    def start(
        cls, registry: Registry, n_units: int, apportion: Mapping[str, np.ndarray], p: Params | None = None,
        pilot: np.ndarray | None = None,
    ) -> Channels:
        """Channels at current practice.

        apportion: every quantity of `states.QUANTITIES` as real counts by unit, float64[U] (not shares: some
        effects are per head). Raises ValueError where one is missing or looks like shares. pilot: bool[U], units
        that begin before others where a lead is set; nobody if left out.
        """
        self = cls.__new__(cls)
        self._n_units = n_units
        self._levers = tuple(registry.levers.values())
        self._row = {lever.key: k for k, lever in enumerate(self._levers)}
        self._quantities = _counts(registry, apportion, n_units)
        self._practice = np.array([unit_practice(x, self._quantities, n_units) for x in self._levers])
        shape = (len(self._levers), n_units)
        self.announced = self._practice.copy()
        self.delivered, self.step, self.stock = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.pipeline = np.zeros((max(1, *(x.lead_months for x in self._levers)), *shape))
        self.history = np.tile(self._practice, (HISTORY, 1, 1))
        self._cost, self._running = np.zeros(shape), np.zeros(shape)
        self._pilot = np.zeros(n_units, bool) if pilot is None else np.asarray(pilot, bool)
        self.month = -1
        self.touched = {lever.key: set() for lever in self._levers}
        self._set_practice(param_values() if p is None else p)
        return self

    def advance(
        self, lever_values: Mapping[str, np.ndarray], p: Params, delivery: np.ndarray, month_index: int, *,
        prefecture: float = 1.0, effort: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Deliver what is due this month and set every state.

        lever_values: key -> float64[U], the value set; levers left out stay at practice.
        delivery: float64[U] in 0..1, the share of county-paid work that last month's budget could carry; prefecture:
        the same for what the prefecture pays. effort: channel -> float64[U], odds of delivery by line (1 if left out).
        A change is delivered in part (`carried_share`): a flow comes `lead_months` later and only as far as paid
        for; a level closes 1 / lead_months of its distance each month, as far as paid for. Where pilot counties have
        a lead, the others follow what was set that long ago.
        """
        self.month = month_index
        self._set_practice(p)
        for k, lever in enumerate(self._levers):
            value = lever_values.get(lever.key)
            self.announced[k] = self._practice[k] if value is None else value
        self.history[month_index % HISTORY] = self.announced
        paid = {Payer.COUNTY: delivery, Payer.PREFECTURE: np.full(self._n_units, prefecture)}
        for carries in (True, False):
            set_now = self._in_force(month_index)
            for k, lever in enumerate(self._levers):
                if (lever.key in CARRIES) is carries:
                    change = (set_now[k] - self._practice[k]) * self._carried_share(p, lever, effort or {})
                    self._deliver(k, lever, change, paid, month_index)
            for key, state, effect in EFFECTS:
                if (key in CARRIES) is carries:
                    self._move(key, state, effect(self._what(key), p, self._quantities))
        for declared in STATES:
            array = getattr(self, declared.key)
            np.clip(array, declared.low, declared.high, out=array)
        self._add_costs(p)

    def _in_force(self, month_index: int) -> np.ndarray:
        """What is carried out this month, float64[L, U]: what was set now, or earlier where others lead."""
        lead = np.rint(12.0 * self.pilot_lead_years).astype(np.int64) * ~self._pilot
        then = self.history[(month_index - lead) % HISTORY, :, np.arange(self._n_units)].T
        now = np.array([lever.channel in OF_MONEY for lever in self._levers])
        return np.where(now[:, None], self.announced, then)

    def _carried_share(self, p: Params, lever: Lever, effort: Mapping[str, np.ndarray]) -> np.ndarray:
        """Share of a change that is delivered, float64[U].

        s' = s m / (1 - s + s m) with s = `delivered_share` and odds m: those of delivery capacity for works that show,
        their power -effort_slip for rules and people; what others learn from pilots; the effort of the line.
        """
        share = delivered_share(p, lever.key)
        if lever.channel in OF_MONEY:
            return np.full(self._n_units, share)
        capacity = np.maximum(self.delivery_odds, 1e-6)
        odds = capacity ** (-p.effort_slip if lever.channel in NOT_SEEN else 1.0)
        odds = odds * np.exp(p.pilot_learning * self.pilot_lead_years * ~self._pilot)
        odds = odds * effort.get(lever.channel, 1.0)
        return share * odds / (1.0 - share + share * odds)

    def _deliver(
        self, k: int, lever: Lever, change: np.ndarray, paid: Mapping[Payer, np.ndarray], month_index: int
    ) -> None:
        owed = lever.payer in paid and lever.unit_cost_yuan != 0.0
        part = paid[lever.payer] if owed else np.ones(self._n_units)
        if lever.flow:
            self._deliver_flow(k, lever, change, part, month_index)
        else:
            self._deliver_level(k, lever, change, part)

    def _move(self, key: str, state: str, rise: np.ndarray) -> None:
        if np.any(rise != 0.0):
            self.touched[key].add(state)
            getattr(self, state)[:] += rise

    def practice(self, lever: str) -> np.ndarray:
        """Current practice of a lever by unit, float64[U]; do not write to it."""
        return self._practice[self._row[lever]]

    def programmes(self) -> tuple[np.ndarray, np.ndarray]:
        """What was delivered beyond practice so far, and what is in force now, practice included: float64[L, U] each.

        Of a yearly amount the first is the sum over the months lived, the second a rate per year.
        """
        return self.stock.copy(), self._practice + self.delivered

    def cost_flow_yuan(self) -> np.ndarray:
        """The cost of what this month delivered beyond practice, float64[U, len(PAYERS)], real yuan.

        Negative where a cut saves money. Rewards, transfers and bonds are not here: they are channel
        states, and the budgets phase pays them.
        """
        return self._part(self._row.keys())

    def cost_to_households_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that households receive, float64[U, len(PAYERS)]."""
        return self._part(PAID_TO_HOUSEHOLDS)

    def cost_to_firms_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that firms receive as support, float64[U, len(PAYERS)]."""
        return self._part(PAID_TO_FIRMS)

    def upkeep_flow_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that keeps and runs what was built beyond practice, float64[U, len(PAYERS)]."""
        return self._part(self._row.keys(), self._running)

    def lever_cost_yuan(self, lever: str) -> np.ndarray:
        """This month's cost of one lever, float64[U], real yuan."""
        return self._cost[self._row[lever]].copy()

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that a checkpoint must keep; `restore` takes it back."""
        kept = {name: getattr(self, name).copy() for name in _MEMORY}
        kept |= {state.key: getattr(self, state.key).copy() for state in STATES}
        return kept | {"cost": self._cost.copy(), "running": self._running.copy(), "month": np.array(self.month)}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over the arrays of a checkpoint made with the same registry and units."""
        for name in (*_MEMORY, *(state.key for state in STATES)):
            setattr(self, name, np.array(arrays[name], dtype=np.float64))
        self._cost = np.array(arrays["cost"], dtype=np.float64)
        self._running = np.array(arrays["running"], dtype=np.float64)
        self.month = int(arrays["month"])

    def _set_practice(self, p: Params) -> None:
        for state in STATES:
            value = state.practice if state.practice_param is None else p[state.practice_param]
            setattr(self, state.key, np.full(self._n_units, value))

    def _deliver_flow(
        self, k: int, lever: Lever, change: np.ndarray, paid: np.ndarray, month_index: int
    ) -> None:
        """A yearly flow: out of the pipeline comes what was set `lead_months` ago."""
        due = change
        if lever.lead_months > 0:
            slot = month_index % lever.lead_months
            due = self.pipeline[slot, k].copy()
            self.pipeline[slot, k] = change
        self.delivered[k] = np.where(due > 0.0, due * paid, due)
        self.stock[k] += self.delivered[k] / 12.0

    def _deliver_level(self, k: int, lever: Lever, change: np.ndarray, paid: np.ndarray) -> None:
        """A level: closes part of its distance.

        What must be paid every year is in force only as far as it is paid; what is built once rises only
        as far as it is paid, and stays.
        """
        if lever.upkeep_share_year >= 1.0:
            change, paid = change * paid, np.ones(self._n_units)
        step = (change - self.delivered[k]) / max(lever.lead_months, 1)
        away = np.abs(self.delivered[k] + step) > np.abs(self.delivered[k])
        self.step[k] = np.where(away, step * paid, step)
        self.delivered[k] += self.step[k]
        self.stock[k] = self.delivered[k]

    def _what(self, key: str) -> Delivered:
        k = self._row[key]
        lever = self._levers[k]
        month = self.delivered[k] / 12.0 if lever.flow else np.zeros(self._n_units)
        return Delivered(
            level=self.delivered[k], step=self.step[k], month=month, stock=self.stock[k],
            practice=self._practice[k],
        )

    def _add_costs(self, p: Params) -> None:
        """Cost by lever: building what arrived, and running what was built beyond practice.

        A rise of a level is paid once and its fall gives nothing back; with upkeep of 1 or more there is
        no building cost and the unit cost is yearly.
        """
        for k, lever in enumerate(self._levers):
            unit_cost = lever.unit_cost_yuan
            if lever.key in PAID_PER_RESULT:
                self._cost[k] = unit_cost * self.delivered[k] * getattr(self, PAID_PER_RESULT[lever.key])
                continue
            base = COST_BASE[lever.key](p, self._quantities) if lever.key in COST_BASE else 1.0
            running = unit_cost * lever.upkeep_share_year / 12.0 * self.stock[k]
            if lever.upkeep_share_year < 1.0:
                self._running[k] = np.maximum(base * running, 0.0)
            if lever.flow:
                building = unit_cost * self.delivered[k] / 12.0
            else:
                building = np.maximum(unit_cost * self.step[k], 0.0) * (lever.upkeep_share_year < 1.0)
            self._cost[k] = base * (building + running)

    def _part(self, keys: Collection[str], amounts: np.ndarray | None = None) -> np.ndarray:
        amounts = self._cost if amounts is None else amounts
        out = np.zeros((self._n_units, len(PAYERS)))
        for k, lever in enumerate(self._levers):
            if lever.key in keys:
                out[:, PAYERS.index(lever.payer)] += amounts[k]
        return out


def _counts(registry: Registry, apportion: Mapping[str, np.ndarray], n_units: int) -> dict[str, np.ndarray]:
    """The quantities as float64[U]. Raises ValueError for one that is missing or not a count."""
    out = {}
    for key in registry.quantities:
        if key not in apportion:
            raise ValueError(f"quantity {key!r} is missing; give real counts by unit")
        amounts = np.asarray(apportion[key], dtype=np.float64)
        if amounts.shape != (n_units,) or not np.all(amounts >= 0.0) or amounts.sum() <= 1.5:
            raise ValueError(f"quantity {key!r} must be real counts by unit, not shares")
        out[key] = amounts
    return out
