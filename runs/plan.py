"""What an experiment consists of: its scenarios, its seeds, one member for each pair, and what is already done."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from runs import identity
from runs.store import Store

NAME_LENGTH: Final = 60

type Compile = Callable[[Any, float, int], Any]
type Choose = Callable[[str, int, int], float]
type Draw = Callable[[Any, int], Mapping[str, float]]

ENSEMBLE: Final = "ensemble"
POINT: Final = "point"


class BadRequest(ValueError):
    """A request that makes no sense, in words for the person who made it."""

    @property
    def problems_text(self) -> str:
        """What the command line prints."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Member:
    """One future: a scenario with a seed, compiled."""

    scenario: str
    seed: int
    identity: str
    model_input: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment before it is lived.

    scenarios: name -> Scenario, the first is the one compared against. places: key -> code and names, for reports.
    """

    name: str
    short_id: str
    scenarios: Mapping[str, Any]
    scale: float
    seeds: tuple[int, ...]
    members: tuple[Member, ...]
    sources: str
    data: str
    places: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """Name of the experiment's folder."""
        return f"{self.name}-{self.short_id}"

    def missing(self, store: Store) -> list[Member]:
        """Members without a whole part in the store, each identity once, seed by seed.

        Seed by seed, so that an interrupted experiment holds pairs that can be compared.
        """
        seen: set[str] = set()
        wanted = []
        for member in sorted(self.members, key=lambda m: self.seeds.index(m.seed)):
            if member.identity not in seen and not store.has(member.identity):
                wanted.append(member)
            seen.add(member.identity)
        return wanted


def make(
    scenarios: Sequence[Any],
    *,
    scale: float | str | None = None,
    seeds: int | Sequence[int] | None = None,
    overrides: Sequence[str] = (),
    choose: Choose | None = None,
    parameters: str = ENSEMBLE,
) -> Plan:
    """Load, check and compile. Raises BadRequest or ProblemsError before anything is lived.

    scenarios: names, paths or Scenario objects. scale, seeds: by default those of the first scenario; `seeds` as
    a number counts from the scenario's first seed. choose: (wanted, members, months) -> the scale where it is `auto`.
    parameters: `ensemble` gives each seed a draw of the prefecture's posterior, the same in all scenarios; `point` its
    median. Where a prefecture was not calibrated both are the declared values; what a scenario sets is stronger.
    """
    from model.world.tables import data_digest, load_prefecture
    from scenarios import load
    from scenarios.compile import compile_scenario
    from scenarios.schema import AUTO

    asked = (scenarios,) if isinstance(scenarios, str) or not isinstance(scenarios, Sequence) else scenarios
    if not asked:
        raise BadRequest("name at least one scenario")
    loaded = [load(item, tuple(overrides)) if isinstance(item, str) else item for item in asked]
    keys = dict.fromkeys(scenario.prefecture for scenario in loaded)
    prefectures = {key: load_prefecture(key) for key in keys}

    def compile_(scenario: Any, scale: float, seed: int) -> Any:
        return compile_scenario(scenario, prefectures[scenario.prefecture], scale, seed)

    data = data_digest(lived=True)
    scale = loaded[0].scale if scale is None else scale
    if isinstance(scale, str):
        if scale not in AUTO:
            raise BadRequest(f"{scale} is not a scale; write a share of the population, or {', '.join(AUTO)}")
        if choose is None:
            raise BadRequest(f"the scale {scale} is chosen when a run begins; give a share of the population here")
        n_seeds = len(_seeds(loaded[0].seeds, seeds))
        scale = choose(scale, n_seeds * len(loaded), loaded[0].n_months)
    made = plan(
        loaded, compile_, scale=scale, seeds=seeds, sources=identity.sources_digest(), data=data,
        draw=_drawing(prefectures, parameters),
    )
    return dataclasses.replace(made, places=_places(prefectures.values()))


def _drawing(prefectures: Mapping[str, Any], parameters: str) -> Draw | None:
    """(scenario, seed) -> parameters, or None where no prefecture was calibrated."""
    from model.world.ensemble import load_ensemble
    from scenarios.compile import params_of

    if parameters not in (ENSEMBLE, POINT):
        raise BadRequest(f"parameters come from the {ENSEMBLE} or its {POINT}; got {parameters}")
    ensembles = {key: load_ensemble(prefecture) for key, prefecture in prefectures.items()}
    if not any(ensembles.values()):
        return None

    def draw(scenario: Any, seed: int) -> Mapping[str, float]:
        found = ensembles[scenario.prefecture]
        drawn = {} if found is None else found.draw(seed) if parameters == ENSEMBLE else found.point()
        return params_of(scenario, drawn)

    return draw


def plan(
    scenarios: Sequence[Any], compile_: Compile, *, scale: float | None, seeds: int | Sequence[int] | None,
    sources: str, data: str, draw: Draw | None = None,
) -> Plan:
    """The plan of scenarios that are loaded. `compile_(scenario, scale, seed)` gives a ModelInput.

    draw(scenario, seed): the parameters of one member, if they are not those of the compiled scenario.
    """
    named = _named(scenarios)
    first = next(iter(named.values()))
    scale = _scale(first.scale if scale is None else scale)
    chosen = _seeds(first.seeds, seeds)
    members = []
    compiled = {name: compile_(scenario, scale, chosen[0]) for name, scenario in named.items()}
    _refuse_different_frames(compiled)
    known: dict[bytes, np.ndarray] = {}
    for name, scenario in named.items():
        made = _sharing(compiled[name], known)
        params = None if draw is None else [draw(scenario, seed) for seed in chosen]
        names = identity.members(made, chosen, sources=sources, data=data, params=params)
        for k, seed in enumerate(chosen):
            own = made.params if params is None else params[k]
            members.append(Member(name, seed, names[k], dataclasses.replace(made, seed=seed, params=own)))
    ids = {name: [m.identity for m in members if m.scenario == name] for name in named}
    return Plan(
        name="_vs_".join(named)[:NAME_LENGTH], short_id=identity.experiment(ids), scenarios=named,
        scale=scale, seeds=chosen, members=tuple(members), sources=sources, data=data,
    )


def _sharing(made: Any, known: dict[bytes, np.ndarray]) -> Any:
    """The same input with equal arrays of all scenarios being one: compared, sent and kept once."""

    def one(path: np.ndarray) -> np.ndarray:
        return known.setdefault(repr(path.shape).encode() + path.tobytes(), path)

    levers = {key: one(path) for key, path in made.levers.items()}
    return dataclasses.replace(made, levers=levers, drivers={key: one(path) for key, path in made.drivers.items()})


def _places(prefectures: Iterable[Any]) -> dict[str, dict[str, str]]:
    """Code and names of every unit, and of the prefecture under "city"."""
    places: dict[str, dict[str, str]] = {}
    for prefecture in prefectures:
        units = zip(prefecture.unit_keys, prefecture.unit_adcodes, prefecture.unit_names_en, prefecture.unit_names_zh)
        for key, adcode, en, zh in units:
            places[key] = {"adcode": adcode, "en": en, "zh": zh}
        area = prefecture.area
        places["city"] = {"adcode": area.adcode, "en": area.name_en, "zh": area.name_zh}
    return places


def _named(scenarios: Sequence[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for scenario in scenarios:
        if scenario.name in named:
            raise BadRequest(f"two scenarios are called {scenario.name}; give one of them another name")
        named[scenario.name] = scenario
    return named


def _refuse_different_frames(compiled: Mapping[str, Any]) -> None:
    """Scenarios of one experiment are of one prefecture and the same months."""
    frames = {name: (made.prefecture, made.start_ordinal, made.n_months) for name, made in compiled.items()}
    first, *others = frames
    for name in others:
        if frames[name] != frames[first]:
            raise BadRequest(f"{name} and {first} differ in prefecture, first or last month: nothing to compare")


def _scale(scale: float) -> float:
    from scenarios.schema import SCALE

    low, high = SCALE
    if not low <= scale <= high:
        raise BadRequest(f"the scale is a share of the population, {low:g} to {high:g}; got {scale:g}")
    return float(scale)


def _seeds(own: Any, wanted: int | Sequence[int] | None) -> tuple[int, ...]:
    if wanted is None:
        wanted = own.count
    if isinstance(wanted, int):
        wanted = range(own.first, own.first + wanted)
    chosen = tuple(int(seed) for seed in wanted)
    if not chosen:
        raise BadRequest("at least one seed is needed")
    if len(set(chosen)) < len(chosen):
        raise BadRequest("the same seed twice would count one future twice")
    if min(chosen) < 0 or max(chosen) >= 2**63:
        raise BadRequest("a seed is a whole number from 0 to 2**63 - 1")
    return chosen
