"""Channels: the one way by which a policy reaches the simulated world.

Levers are set outside; each month `advance` turns what was set into what was delivered, and what was
delivered into channel states. Phases read the states and never see a lever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.effects import CARRIES, COST_BASE, EFFECTS, PAID_PER_RESULT, PAID_TO_FIRMS, PAID_TO_HOUSEHOLDS
from model.kernels.channels import NO_STATE, Chances, Levers, Memory, Moves, advance, by_payer
from model.spec.params import Params, delivered_share, param_values
from model.spec.states import CHANNELS, STATES
from model.spec.types import Lever, Payer
from model.world.quantities import unit_practice

if TYPE_CHECKING:
    from model.spec.registry import Registry

PAYERS: Final[tuple[Payer, ...]] = tuple(Payer)
"""Columns of `cost_flow_yuan`."""

_MEMORY: Final = ("announced", "delivered", "step", "stock", "pipeline", "history")
_STATE_ROW: Final = {state.key: row for row, state in enumerate(STATES)}
_CHANNEL_ROW: Final = {channel: row for row, channel in enumerate(CHANNELS)}
_PURSE_ROW: Final = {Payer.COUNTY: 1, Payer.PREFECTURE: 2}
"""Rows of the shares that could be paid; row 0 is always paid."""
HISTORY: Final = 25
"""Months of announcements that are kept: more than the longest lead of pilot counties."""
OF_MONEY: Final = frozenset({"budget"})
"""Channels of money from above, in force everywhere from the day that they are set and whoever carries them out."""
NOT_SEEN: Final = frozenset({"settlement", "entitlement", "matching", "income", "information"})
"""Channels of rules and people, whose delivery is not scored as works that show are (assumed)."""
_UNSEEN: Final = np.array([channel in NOT_SEEN for channel in CHANNELS])
_LAST: list[Any] = []
"""What the last world was made of, and its fixed tables: seeds of one scenario share them."""
_OWN: Final = (
    "_by_payer", "_chances", "_even", "_fixed", "_levers", "_memory", "_moves", "_n_units", "_params", "_paths",
    "_pilot", "_practice", "_quantities", "_row", "month", "planned",
)


class Channels:
    """Channel states of every unit, and what each lever has announced, delivered and costs.

    Each state of `model.spec.states` is an attribute float64[U] in real units, not scaled to the run, and stays the
    same array from month to month. With L levers: announced[L, U] is the value set this month; delivered[L, U] the
    change from practice in force (a yearly rate for flows); step[L, U] its rise this month (levels); stock[L, U] all
    delivered so far; pipeline[lead, L, U] announced changes of flows on their way; history[HISTORY, L, U] what was
    announced in past months.
    """

    __slots__ = (*_OWN, *_STATE_ROW)

    month: int
    planned: object
    _levers: tuple[Lever, ...]
    _row: dict[str, int]
    _practice: np.ndarray
    _quantities: dict[str, np.ndarray]
    _pilot: np.ndarray
    _n_units: int
    _memory: Memory
    _params: Params | None
    _fixed: Levers
    _moves: Moves
    _chances: Chances
    _even: np.ndarray
    _by_payer: np.ndarray
    _paths: np.ndarray

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> np.ndarray: ...

    @classmethod
    def start(
        cls, registry: Registry, n_units: int, apportion: Mapping[str, np.ndarray], p: Params | None = None,
        pilot: np.ndarray | None = None, size: float = 1.0,
    ) -> Channels:
        """Channels at current practice.

        apportion: every quantity of `states.QUANTITIES` as real counts by unit, float64[U] (not shares: some
        effects are per head). Raises ValueError where one is missing or looks like shares. pilot: bool[U], units
        that begin before others where a lead is set; nobody if left out. size: of the prefecture, see `Prefecture`.
        """
        self = cls.__new__(cls)
        self._n_units = n_units
        self._levers = tuple(registry.levers.values())
        self._row = {lever.key: k for k, lever in enumerate(self._levers)}
        self._quantities = _counts(registry, apportion, n_units)
        self._practice = np.array([unit_practice(x, self._quantities, n_units, size) for x in self._levers])
        shape = (len(self._levers), n_units)
        longest = max(1, *(x.lead_months for x in self._levers))
        self._memory = Memory(
            self._practice.copy(), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((longest, *shape)),
            np.tile(self._practice, (HISTORY, 1, 1)), np.zeros(shape), np.zeros(shape),
            np.zeros((len(STATES), n_units)), np.zeros(len(EFFECTS), bool),
        )
        self._pilot = np.zeros(n_units, bool) if pilot is None else np.array(pilot, bool)
        self._show_states()
        self._by_payer = np.zeros((4, n_units, len(PAYERS)))
        self._even = np.ones((len(CHANNELS), n_units))
        self.month = -1
        self._params, self.planned, self._paths = None, None, np.zeros((0, *shape))
        self._fix(param_values() if p is None else p)
        self._memory.state[:] = self._moves.practice[:, None]
        return self

    def _show_states(self) -> None:
        """Each state as an attribute: a row of the table that kernels write."""
        for key, row in _STATE_ROW.items():
            object.__setattr__(self, key, self._memory.state[row])

    def __setattr__(self, key: str, value: Any) -> None:
        """Setting a state copies into its row."""
        if key in _STATE_ROW:
            self._memory.state[_STATE_ROW[key]] = value
        else:
            object.__setattr__(self, key, value)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _OWN}

    def __setstate__(self, kept: Mapping[str, Any]) -> None:
        for name, value in kept.items():
            object.__setattr__(self, name, value)
        self._show_states()

    def _fix(self, p: Params) -> None:
        """Tables of what stays as it is while the parameters do."""
        if p is self._params:
            return
        self._params = p
        counts = (x.tobytes() for x in self._quantities.values())
        key = self._levers, tuple(p.values()), self._practice.tobytes(), *counts
        if not _LAST or _LAST[0] != key:
            fixed = _fixed(self._levers, self._practice, self._quantities, p)
            _LAST[:] = key, fixed, _moves(self._row, self._practice, self._quantities, p)
        self._fixed, self._moves = _LAST[1:]
        self._chances = Chances(
            _STATE_ROW["delivery_odds"], _STATE_ROW["pilot_lead_years"], p.effort_slip, p.pilot_learning, _UNSEEN,
            self._pilot,
        )

    def plan(self, levers: object, paths: Mapping[str, np.ndarray]) -> None:
        """Lay out what will be set, key -> float64[months, U]; `levers` is remembered as what it was read from."""
        months = max((path.shape[0] for path in paths.values()), default=0)
        table = np.tile(self._practice, (months, 1, 1))
        for key, path in paths.items():
            table[:, self._row[key]] = path
        self.planned, self._paths = levers, table

    def planned_values(self, month_index: int) -> np.ndarray:
        """Every lever's value in a month as `plan` laid it out, float64[L, U]."""
        return self._paths[month_index] if self._paths.size else self._practice

    def advance(
        self, lever_values: Mapping[str, np.ndarray] | np.ndarray, p: Params, delivery: np.ndarray, month_index: int, *,
        prefecture: float = 1.0, effort: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Deliver what is due this month and set every state.

        lever_values: key -> float64[U], the value set; levers left out stay at practice; or all, float64[L, U].
        delivery: float64[U] in 0..1, the share of county-paid work that last month's budget could carry; prefecture:
        the same for what the prefecture pays. effort: channel -> float64[U], odds of delivery by line (1 if left out).
        A change is delivered in part (`kernels.channels.odds_of`): a flow comes `lead_months` later and only as far as
        paid for; a level closes 1 / lead_months of its distance each month, as far as paid for. Where pilot counties
        have a lead, the others follow what was set that long ago.
        """
        self.month = month_index
        self._fix(p)
        values = lever_values if isinstance(lever_values, np.ndarray) else self._values(lever_values)
        advance(
            month_index, values, self._fixed, self._moves, self._memory, self._chances, self._effort(effort), delivery,
            prefecture, self._by_payer,
        )

    def _values(self, lever_values: Mapping[str, np.ndarray]) -> np.ndarray:
        out = self._practice.copy()
        for key, value in lever_values.items():
            out[self._row[key]] = value
        return out

    def _effort(self, effort: Mapping[str, np.ndarray] | None) -> np.ndarray:
        """Odds by line as a table, float64[channels, U]."""
        if not effort:
            return self._even
        odds = self._even.copy()
        for channel, more in effort.items():
            odds[_CHANNEL_ROW[channel]] = more
        return odds

    @property
    def touched(self) -> dict[str, set[str]]:
        """Names of the states that each lever has moved."""
        out: dict[str, set[str]] = {lever.key: set() for lever in self._levers}
        for (lever, state, _), moved in zip(EFFECTS, self._memory.moved, strict=True):
            if moved:
                out[lever].add(state)
        return out

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
        return self._by_payer[0]

    def cost_to_households_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that households receive, float64[U, len(PAYERS)]."""
        return self._by_payer[1]

    def cost_to_firms_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that firms receive as support, float64[U, len(PAYERS)]."""
        return self._by_payer[2]

    def upkeep_flow_yuan(self) -> np.ndarray:
        """The part of `cost_flow_yuan` that keeps and runs what was built beyond practice, float64[U, len(PAYERS)]."""
        return self._by_payer[3]

    def lever_cost_yuan(self, lever: str) -> np.ndarray:
        """This month's cost of one lever, float64[U], real yuan."""
        return self._memory.cost[self._row[lever]].copy()

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that a checkpoint must keep; `restore` takes it back."""
        kept = {name: getattr(self._memory, name).copy() for name in (*_MEMORY, "cost", "running")}
        kept |= {state.key: getattr(self, state.key).copy() for state in STATES}
        return kept | {"month": np.array(self.month)}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over the arrays of a checkpoint made with the same registry and units."""
        for name in (*_MEMORY, "cost", "running"):
            getattr(self._memory, name)[:] = arrays[name]
        for state in STATES:
            getattr(self, state.key)[:] = arrays[state.key]
        by_payer(self._fixed, self._memory, self._by_payer)
        self.month = int(arrays["month"])


def _memory_of(name: str) -> Any:
    return property(lambda self: getattr(self._memory, name))


for _key in _MEMORY:
    setattr(Channels, _key, _memory_of(_key))


def _fixed(
    levers: tuple[Lever, ...], practice: np.ndarray, quantities: Mapping[str, np.ndarray], p: Params
) -> Levers:
    """What is fixed of each lever during a run."""
    if any(x.key in CARRIES and x.channel not in OF_MONEY for x in levers):
        raise ValueError("levers that carry others must be of money: nothing carries them")
    base, result = np.ones(practice.shape), np.full(len(levers), NO_STATE)
    for k, lever in enumerate(levers):
        if lever.key in COST_BASE:
            base[k] = COST_BASE[lever.key](p, quantities)
        if lever.key in PAID_PER_RESULT:
            result[k] = _STATE_ROW[PAID_PER_RESULT[lever.key]]
    return Levers(
        practice=practice,
        carries=np.array([x.key in CARRIES for x in levers]),
        of_money=np.array([x.channel in OF_MONEY for x in levers]),
        channel=np.array([_CHANNEL_ROW[x.channel] for x in levers]),
        share=np.array([delivered_share(p, x.key) for x in levers]),
        flow=np.array([x.flow for x in levers]),
        lead=np.array([x.lead_months for x in levers]),
        purse=np.array([_PURSE_ROW.get(x.payer, 0) if x.unit_cost_yuan != 0.0 else 0 for x in levers]),
        yearly=np.array([x.upkeep_share_year >= 1.0 for x in levers]),
        unit_cost=np.array([x.unit_cost_yuan for x in levers]),
        running=np.array([x.unit_cost_yuan * x.upkeep_share_year / 12.0 for x in levers]),
        base=base,
        result=result,
        payer=np.array([PAYERS.index(x.payer) for x in levers]),
        to_homes=np.array([x.key in PAID_TO_HOUSEHOLDS for x in levers]),
        to_firms=np.array([x.key in PAID_TO_FIRMS for x in levers]),
    )


def _moves(
    row: Mapping[str, int], practice: np.ndarray, quantities: Mapping[str, np.ndarray], p: Params
) -> Moves:
    """What is fixed of each effect and state during a run."""
    return Moves(
        lever=np.array([row[lever] for lever, _, _ in EFFECTS]),
        state=np.array([_STATE_ROW[state] for _, state, _ in EFFECTS]),
        form=np.array([int(effect.form) for _, _, effect in EFFECTS]),
        terms=np.array([effect.table(p, quantities, practice[row[lever]]) for lever, _, effect in EFFECTS]),
        practice=np.array([s.practice if s.practice_param is None else p[s.practice_param] for s in STATES]),
        low=np.array([s.low for s in STATES], float),
        high=np.array([s.high for s in STATES], float),
    )


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
