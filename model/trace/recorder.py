"""The watcher of one person: a snapshot between phases and every decision of the household, month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from model.recorder import Recorder
from model.simulate import live_month
from model.spec.codes import Flag
from model.spec.registry import REGISTRY
from model.state.ledger import InvariantError
from model.trace.choice import Decision, Trigger, decision_of, trigger_of
from model.trace.homes import Wish, wish_of
from model.trace.settling import Settling, settling_of
from model.trace.snapshot import Snapshot, row_of, snapshot
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
        now = self.months[-1]
        if phase == "triggers":
            now.trigger = trigger_of(world, month, h)
        elif phase == "relocation" and world.triggered[h]:
            now.decision = decision_of(world, month, h)
        elif phase == "housing":
            now.wish = wish_of(world, month, h)
        elif phase == "settlement":
            now.settling = settling_of(world, month, h)

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
            homes = world.households
            made = fits(now.decision, homes.place[h], homes.split_place[h], homes.config[h])
            _hold(now, "choice", made)
        if phase == "settlement" and now.settling is not None:
            _hold(now, "registration", now.settling.registers == registered(world, h))

    def _home(self, world: World) -> int:
        return -1 if self._row < 0 else int(world.residents.household[self._row])


def _hold(now: LivedMonth, what: str, right: object) -> None:
    """InvariantError unless what was told is what was done."""
    if not right:
        raise InvariantError(f"month {now.index}: the {what} told is not the one that was made")


def registered(world: World, h: int) -> bool:
    """Whether everybody of household row `h` who lives at the main place is registered there."""
    people, homes = world.residents, world.households
    i, here = int(homes.head[h]), homes.place[h]
    while i >= 0:
        if not people.flags[i] & Flag.APART and people.hukou[i] != here:
            return False
        i = int(people.next[i])
    return True


def fits(decision: Decision, place: int, split_place: int, config: int) -> bool:
    """Whether a household that lives like this has taken the alternative that was told; staying leaves it as it was."""
    chosen = decision.alternatives[decision.chosen]
    where = split_place if split_place >= 0 else place
    return decision.chosen == decision.current or (int(config), int(where)) == (chosen.config, chosen.place)


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
