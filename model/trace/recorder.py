"""The watcher of one person: a snapshot between phases and every decision of the household, month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.recorder import Recorder
from model.simulate import live_month
from model.spec.registry import REGISTRY
from model.state.ledger import InvariantError
from model.trace.choice import Decision, Trigger, stayed_or_went, trigger_of, weigh
from model.trace.homes import Wish, wish_of
from model.trace.settling import Settling, settling_of
from model.trace.snapshot import Snapshot, columns_of, row_of, snapshot
from model.world.start import start_world

if TYPE_CHECKING:
    from model.inputs import ModelInput, Month
    from model.results import Results
    from model.state.world import World

SEEN_AFTER: Final = ("demography", "matching", "relocation", "housing", "settlement", "relabelling")
"""Phases after which the person or the household may differ."""


class NoSuchPerson(ValueError):
    """Nobody at the start of the run has this id."""


@dataclass(slots=True)
class LivedMonth:
    """One month of a life: how it opened, what stood after each phase of SEEN_AFTER, and what was decided.

    opening, after: None from the person's death on. dead: ids of members who died this month. states: channel state
    -> float64[U].
    """

    index: int
    opening: Snapshot | None
    after: dict[str, Snapshot | None] = field(default_factory=dict)
    trigger: Trigger | None = None
    decision: Decision | None = None
    wish: Wish | None = None
    settling: Settling | None = None
    dead: frozenset[int] = frozenset()
    states: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def close(self) -> Snapshot | None:
        """The person as the month left them."""
        return self.after[SEEN_AFTER[-1]]


class Tracer:
    """Watches one person through a run; `months` holds what was seen. `decisions=False` keeps the path only."""

    def __init__(self, uid: int, *, decisions: bool = True) -> None:
        self.uid = uid
        self.decisions = decisions
        self.months: list[LivedMonth] = []
        self._row = -1
        self._joins: list[int] = []

    def opened(self, world: World, month: Month) -> None:
        """Find the person again and look at the month's start."""
        self._row = row_of(world, self.uid)
        self.months.append(LivedMonth(month.index, snapshot(world, self._row)))
        if self.decisions:
            states = {key: getattr(world.channels, key).copy() for key in REGISTRY.states}
            self.months[-1].states = states

    def before(self, world: World, month: Month, phase: str) -> None:
        """Compute what the phase is about to decide for the household."""
        h = self._home(world)
        if not self.decisions or h < 0:
            return
        if phase == "triggers":
            self.months[-1].trigger = trigger_of(world, month, h)
        elif phase == "settlement":
            settling = self.months[-1].settling = settling_of(world, month, h)
            self._joins = [row_of(world, uid) for uid in settling.joins] if settling is not None else []

    def deciding(self, world: World, month: int, rows: np.ndarray, returning: np.ndarray, tables: Any, q: Any) -> None:
        """Weigh what the household is about to weigh."""
        for r in np.flatnonzero(rows == self._home(world)) if self.decisions else ():
            self.months[-1].decision = weigh(world, month, int(rows[r]), bool(returning[r]), tables, q)

    def buying(
        self, world: World, month: int, rows: np.ndarray, place: np.ndarray, wished: int, terms: Any
    ) -> None:
        """Note what the household is about to buy."""
        for r in np.flatnonzero(rows == self._home(world)) if self.decisions else ():
            self.months[-1].wish = wish_of(world, month, int(rows[r]), int(place[r]), bool(r >= wished), terms)

    def after(self, world: World, month: Month, phase: str) -> None:
        """Look again, and hold what was told against what was done."""
        now, h = self.months[-1], self._home(world)
        if phase in SEEN_AFTER:
            now.after[phase] = snapshot(world, self._row)
        if phase == "demography" and now.opening is not None:
            now.dead = frozenset(uid for uid in now.opening.members if row_of(world, uid) < 0)
        if phase == "triggers" and now.trigger is not None:
            _hold(now, "trigger", now.trigger.outcome == world.triggered[h])
        if phase == "relocation" and now.decision is not None:
            _hold(now, "choice", stayed_or_went(now.decision, columns_of(world.households, h), world))
        if phase == "settlement" and now.settling is not None and self._joins:
            there = world.residents.hukou[self._joins] == now.settling.place
            _hold(now, "registration", there.all() if now.settling.registers else not there.any())

    def _home(self, world: World) -> int:
        return -1 if self._row < 0 else int(world.residents.household[self._row])


def _hold(now: LivedMonth, what: str, right: object) -> None:
    """InvariantError unless what was told is what was done."""
    if not right:
        raise InvariantError(f"month {now.index}: the {what} told is not the one that was made")


def trace(
    made: ModelInput, tracer: Tracer, *, months: int | None = None, stop: Callable[[LivedMonth], bool] | None = None,
    checked: bool = False, world: World | None = None,
) -> tuple[World, Results]:
    """Live a run under the tracer's eyes, `months` of it or until `stop` says so after a month.

    Raises NoSuchPerson when nobody at the start has the tracer's id.
    """
    world = start_world(made) if world is None else world
    if row_of(world, tracer.uid) < 0:
        raise NoSuchPerson(f"nobody at the start has the id {tracer.uid}")
    recorder = Recorder(world)
    for index in range(made.n_months if months is None else min(months, made.n_months)):
        live_month(world, recorder, index, checked=checked, watch=tracer)
        if stop is not None and stop(tracer.months[-1]):
            break
    return world, recorder.results(world)
