"""Living one or two scenarios with eyes on one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.life.people import check_person, find_like
from model.trace import LivedMonth, Tracer, trace
from model.world.start import start_world
from model.world.tables import load_prefecture
from scenarios import load
from scenarios.compile import compile_scenario
from scenarios.problems import Problem, ProblemsError
from scenarios.schedule import ordinal

if TYPE_CHECKING:
    from model.inputs import ModelInput
    from model.state.world import World
    from scenarios import Scenario


@dataclass(slots=True)
class Life:
    """One scenario lived with a tracer on one person, as far as `months` goes; the world as it was left."""

    scenario: Scenario
    made: ModelInput
    uid: int
    world: World
    months: list[LivedMonth]


@dataclass(frozen=True, slots=True)
class Window:
    """Months that are told, as indices of the run, both included."""

    first: int
    last: int


def read(names: Sequence[str], overrides: Sequence[str]) -> list[Scenario]:
    """The scenarios, which must share prefecture and first month. Raises ProblemsError."""
    read_ = [load(name, overrides) for name in names]
    if len({(s.prefecture, s.start) for s in read_}) > 1:
        text = "the two scenarios differ in prefecture or first month, so they hold no life in common"
        raise ProblemsError([Problem.asked(names[1], text)])
    return read_


def window_of(scenarios: Sequence[Scenario], first: str | None, last: str | None) -> Window:
    """The months to tell; by default all that every scenario lives. Raises ProblemsError."""
    start = scenarios[0].start_ordinal
    n = min(s.n_months for s in scenarios)
    found, problems = [], []
    for option, text, default in (("--from", first, 0), ("--to", last, n - 1)):
        index = default
        if text is not None:
            try:
                index = ordinal(text) - start if len(text) == 7 and text[4] == "-" else -1
            except ValueError:
                index = -1
            if not 0 <= index < n:
                known = f"{scenarios[0].start} to {min(s.end for s in scenarios)}"
                problems.append(Problem.asked(option, f"{text} is not a month from {known}, written YYYY-MM"))
        found.append(index)
    if not problems and found[0] > found[1]:
        problems.append(Problem.asked("--from", "comes after --to"))
    if problems:
        raise ProblemsError(problems)
    return Window(*found)


def live(
    scenarios: Sequence[Scenario], window: Window, *, person: int | None, like: str | None, nth: int, scale: float,
    seed: int,
) -> list[Life]:
    """Live every scenario to the end of the window. Raises ProblemsError when the person is not to be found."""
    prefecture = load_prefecture(scenarios[0].prefecture)
    lives: list[Life] = []
    for scenario in scenarios:
        made = compile_scenario(scenario, prefecture, scale=scale, seed=seed)
        world = start_world(made)
        if lives:
            uid = lives[0].uid
        else:
            uid = find_like(world, like, nth) if like is not None else check_person(world, int(person or 0))
        tracer = Tracer(uid)
        world, _ = trace(made, tracer, months=window.last + 1, world=world)
        lives.append(Life(scenario, made, uid, world, tracer.months))
    return lives
