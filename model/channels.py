"""Channels: the one way by which a policy reaches the simulated world.

Levers are set outside; each month `advance` turns what was set into what was delivered, and what was
delivered into channel states. Phases read the states and never see a lever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from model.effects import COST_BASE, EFFECTS, PAID_PER_RESULT, PAID_TO_FIRMS, PAID_TO_HOUSEHOLDS, Delivered
from model.spec.params import Params, delivered_share, param_values
from model.spec.states import STATES
from model.spec.types import Lever, Payer

if TYPE_CHECKING:
    from model.spec.registry import Registry

PAYERS: Final[tuple[Payer, ...]] = tuple(Payer)
"""Columns of `cost_flow_yuan`."""

_MEMORY: Final = ("announced", "delivered", "step", "stock", "pipeline")


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
    pipeline[lead, L, U] announced changes of flows on their way. `touched` names the states that each lever
    has moved.
    """

    __slots__ = (
        *(state.key for state in STATES), *_MEMORY,
        "month", "touched", "_levers", "_row", "_practice", "_quantities", "_cost", "_n_units",
    )

    announced: np.ndarray
    delivered: np.ndarray
    step: np.ndarray
    stock: np.ndarray
    pipeline: np.ndarray
    month: int
    touched: dict[str, set[str]]
    _levers: tuple[Lever, ...]
    _row: dict[str, int]
    _practice: np.ndarray
    _quantities: dict[str, np.ndarray]
    _cost: np.ndarray
    _n_units: int

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> np.ndarray: ...

    @classmethod
    def start(
        cls, registry: Registry, n_units: int, apportion: Mapping[str, np.ndarray], p: Params | None = None
    ) -> Channels:
        """Channels at current practice.

        apportion: every quantity of `states.QUANTITIES` as real counts by unit, float64[U] (not shares: some
        effects are per head). Raises ValueError where one is missing or looks like shares.
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
        self._cost = np.zeros(shape)
        self.month = -1
        self.touched = {lever.key: set() for lever in self._levers}
        self._set_practice(param_values() if p is None else p)
        return self

    def advance(
        self, lever_values: Mapping[str, np.ndarray], p: Params, delivery: np.ndarray, month_index: int
    ) -> None:
        """Deliver what is due this month and set every state.

        lever_values: key -> float64[U], the value set; levers left out stay at practice.
        delivery: float64[U] in 0..1, the share of county-paid work that last month's budget could carry.
        A change is delivered as `delivered_share` times itself: a flow comes `lead_months` later and only as
        far as paid for; a level closes 1 / lead_months of its distance each month, as far as paid for.
        """
        self.month = month_index
        self._set_practice(p)
        for k, lever in enumerate(self._levers):
            value = lever_values.get(lever.key)
            self.announced[k] = self._practice[k] if value is None else value
            change = (self.announced[k] - self._practice[k]) * delivered_share(p, lever.key)
            owed = lever.payer is Payer.COUNTY and lever.unit_cost_yuan != 0.0
            paid = delivery if owed else np.ones(self._n_units)
            if lever.flow:
                self._deliver_flow(k, lever, change, paid, month_index)
            else:
                self._deliver_level(k, lever, change, paid)
        for key, state, effect in EFFECTS:
            rise = effect(self._what(key), p, self._quantities)
            if np.any(rise != 0.0):
                self.touched[key].add(state)
                getattr(self, state)[:] += rise
        for declared in STATES:
            array = getattr(self, declared.key)
            np.clip(array, declared.low, declared.high, out=array)
        self._add_costs(p)

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

    def lever_cost_yuan(self, lever: str) -> np.ndarray:
        """This month's cost of one lever, float64[U], real yuan."""
        return self._cost[self._row[lever]].copy()

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that a checkpoint must keep; `restore` takes it back."""
        kept = {name: getattr(self, name).copy() for name in _MEMORY}
        kept |= {state.key: getattr(self, state.key).copy() for state in STATES}
        return kept | {"cost": self._cost.copy(), "month": np.array(self.month)}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over the arrays of a checkpoint made with the same registry and units."""
        for name in (*_MEMORY, *(state.key for state in STATES)):
            setattr(self, name, np.array(arrays[name], dtype=np.float64))
        self._cost = np.array(arrays["cost"], dtype=np.float64)
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
            if lever.flow:
                building = unit_cost * self.delivered[k] / 12.0
            else:
                building = np.maximum(unit_cost * self.step[k], 0.0) * (lever.upkeep_share_year < 1.0)
            self._cost[k] = base * (building + running)

    def _part(self, keys: Collection[str]) -> np.ndarray:
        out = np.zeros((self._n_units, len(PAYERS)))
        for k, lever in enumerate(self._levers):
            if lever.key in keys:
                out[:, PAYERS.index(lever.payer)] += self._cost[k]
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
