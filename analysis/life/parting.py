"""Where two lives part, and what parted them: states that differ in the person's places, then proof by re-running.

Evidence only orders the trials and tells a direct effect from one through markets; the proof is that the paths no
longer part once an input is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.spec.codes import Event, Flag
from model.spec.registry import REGISTRY
from model.trace import Decision, LivedMonth, Snapshot, Tracer, trace

if TYPE_CHECKING:
    from analysis.life.lives import Life
    from model.inputs import ModelInput

MOST_RUNS: Final = 40
OTHERS: Final = 6
"""Other inputs put back one at a time once a single cause is found: where many undo it, it hung on a lot."""
CHANNELS_OF_ASPECT: Final[dict[str, tuple[str, ...]]] = {
    "hukou": ("settlement", "information", "entitlement"),
    "job": ("jobs", "matching", "budget"), "activity": ("jobs", "matching", "budget"),
    "insured": ("jobs", "settlement"),
    "tenure": ("housing", "land"), "owns": ("housing", "land"),
}
CHANNELS_OF_PART: Final[dict[str, tuple[str, ...]]] = {
    "income": ("income", "housing", "jobs", "matching", "land", "village"),
    "services": ("services", "infrastructure", "consumption", "village"),
    "entitlement": ("entitlement",), "distance": ("travel",), "commuting": ("travel",),
}
CHANNELS_OF_TRIGGER: Final = ("jobs", "matching", "housing")
"""Channels whose states bear on what differed. Networks, and all that stands behind them, are indirect."""
NO_GAP: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Input:
    """One thing in which two runs differ: kind `lever`, `parameter` or `future`, and its key."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A channel state that differs between the runs in a unit of this life: since when, and the values at the end."""

    state: str
    unit: int
    since: int
    one: float
    two: float


@dataclass(slots=True)
class Cause:
    """What parted the paths. inputs: put back together, they undo the parting; complete: no smaller part was found.

    alone: whether the same inputs, set in the first run and nothing else, part the paths by then too; None if not
    tried. touches: by key of a lever, its states that differ in the places of this life. direct: those of them that
    bear on what differed; without any, the effect came through markets, queues, budgets or lotteries. others, also:
    further inputs put back one at a time, and those of them that undo the parting too.
    """

    inputs: tuple[Input, ...]
    complete: bool
    runs: int
    alone: bool | None = None
    touches: dict[str, list[Touch]] = field(default_factory=dict)
    direct: list[Touch] = field(default_factory=list)
    others: tuple[Input, ...] = ()
    also: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The first month in which the household differed though the path did not: others' work, and events raised.

    work: by id of a member, (activity, industry, market) in both runs; events: the bits raised in both.
    """

    index: int
    work: dict[int, tuple[tuple[float, ...], tuple[float, ...]]]
    events: tuple[int, int]


@dataclass(slots=True)
class Parting:
    """The first month in which two paths differ: from which phase on, in which aspects, and the cause if sought.

    aspects: by name, the first's and the second's. A month whose phases differ but that ends the same does not count.
    """

    index: int
    phase: str
    aspects: dict[str, tuple[Any, Any]]
    earlier: Earlier | None = None
    cause: Cause | None = None


def path_of(seen: Snapshot | None) -> dict[str, Any]:
    """What makes two lives the same at a month's end: everything but money. Only `alive` once the person is dead."""
    if seen is None:
        return {"alive": False}
    person, home = seen.person, seen.home
    flags = int(person["flags"])
    tenure = (home["tenure"],) if home["split_place"] < 0 else (home["tenure"], home["split_tenure"])
    return {
        "alive": True, "household": home["uid"], "members": frozenset(seen.members), "place": person["place"],
        "config": home["config"], "home_place": home["place"], "tenure": tenure, "owns": home["owns"],
        "hukou": person["hukou"], "usual": person["usual"], "activity": person["activity"],
        "job": (person["sector"], person["job_market"]), "education": person["education"],
        "marriage": bool(flags & Flag.MARRIED), "insured": bool(flags & Flag.INSURED),
    }


def differing(one: Snapshot | None, two: Snapshot | None) -> dict[str, tuple[Any, Any]]:
    """Aspects in which two paths differ at one moment."""
    a, b = path_of(one), path_of(two)
    return {key: (a.get(key), b.get(key)) for key in a | b if a.get(key) != b.get(key)}


def first_parting(one: Sequence[LivedMonth], two: Sequence[LivedMonth]) -> Parting | None:
    """The first month that ends differently, or None."""
    for a, b in zip(one, two):
        if aspects := differing(a.close, b.close):
            phase = next(phase for phase in a.after if differing(a.after[phase], b.after[phase]))
            return Parting(a.index, phase, aspects, earlier_difference(one[: a.index], two[: a.index]))
    return None


def earlier_difference(one: Sequence[LivedMonth], two: Sequence[LivedMonth]) -> Earlier | None:
    """The first of these months, whose paths are the same, that left the household different all the same."""
    for x, y in zip(one, two):
        a, b = x.close, y.close
        if a is None or b is None:
            break
        pairs = {uid: (_work(a.members[uid]), _work(b.members[uid])) for uid in a.members}
        work = {uid: pair for uid, pair in pairs.items() if pair[0] != pair[1]}
        events = int(a.home["events_next"]), int(b.home["events_next"])
        if work or events[0] != events[1]:
            return Earlier(x.index, work, events)
    return None


def _work(person: dict[str, float]) -> tuple[float, ...]:
    return person["activity"], person["sector"], person["job_market"]


def events_of(bits: int) -> list[Event]:
    """Events in a bit field."""
    return [event for event in Event if bits & event]


def inputs_that_differ(one: ModelInput, two: ModelInput, months: int) -> list[Input]:
    """Levers whose path differs within the first `months`, parameters, and drivers as one `future`."""
    levers = [k for k in REGISTRY.levers if not np.array_equal(one.levers[k][:months], two.levers[k][:months])]
    params = [k for k in one.params if one.params[k] != two.params[k]]
    future = [Input("future", "future")] if differing_drivers(one, two, months) else []
    return [Input("lever", k) for k in levers] + [Input("parameter", k) for k in params] + future


def differing_drivers(one: ModelInput, two: ModelInput, months: int) -> list[str]:
    """Drivers whose path differs within the first `months`."""
    return [k for k in one.drivers if not np.array_equal(one.drivers[k][:months], two.drivers[k][:months])]


def put_back(made: ModelInput, other: ModelInput, inputs: Sequence[Input]) -> ModelInput:
    """`made` with the given inputs as they are in `other`."""
    levers, params, drivers = dict(made.levers), dict(made.params), made.drivers
    for given in inputs:
        if given.kind == "lever":
            levers[given.key] = other.levers[given.key]
        elif given.kind == "parameter":
            params[given.key] = other.params[given.key]
        else:
            drivers = other.drivers
    return replace(made, levers=levers, params=params, drivers=drivers)


def units_of_life(lives: Sequence[Life], index: int) -> list[int]:
    """Units in which the person or the household lived, worked, was registered or weighed its choice by that month."""
    places, units = lives[0].world.places, set()
    for life in lives:
        for month in life.months[: index + 1]:
            if month.opening is None:
                continue
            home = month.opening.home
            rows = {home["origin"], home["place"], home["split_place"], home["owns"]}
            rows |= {m[key] for m in month.opening.members.values() for key in ("place", "hukou", "usual")}
            units |= {int(places.unit[int(row)]) for row in rows if row >= 0}
            jobs = {int(m["job_market"]) for m in month.opening.members.values()}
            units |= {m // 3 for m in jobs if m < 3 * life.world.n_units}
        decision = life.months[index].decision
        if decision is not None:
            chosen = decision.alternatives[decision.chosen]
            units |= {int(places.unit[chosen.place]), int(places.unit[chosen.main])}
    return sorted(units - {-1})


def touches_of(lives: Sequence[Life], index: int) -> dict[str, list[Touch]]:
    """For each lever that differs, the states it touches that differ in the units of this life by that month."""
    one, two = lives
    units = units_of_life(lives, index)
    found: dict[str, Touch] = {}
    a, b = one.months[: index + 1], two.months[: index + 1]
    out: dict[str, list[Touch]] = {}
    for given in inputs_that_differ(one.made, two.made, index + 1):
        if given.kind != "lever":
            continue
        touched = one.world.channels.touched[given.key] | two.world.channels.touched[given.key]
        for state in sorted(touched):
            for u in units:
                key = f"{state}/{u}"
                if key not in found:
                    differs = [x.index for x, y in zip(a, b) if x.states[state][u] != y.states[state][u]]
                    if not differs:
                        continue
                    last = (float(a[-1].states[state][u]), float(b[-1].states[state][u]))
                    found[key] = Touch(state, u, differs[0], *last)
                out.setdefault(given.key, []).append(found[key])
    return out


def bearing(lives: Sequence[Life], parting: Parting) -> list[str]:
    """Channels whose states bear on what differed in that month, the likeliest first."""
    one, two = (life.months[parting.index].decision for life in lives)
    if parting.phase != "relocation":
        channels = [c for aspect in parting.aspects for c in CHANNELS_OF_ASPECT.get(aspect, ())]
    elif one is not None and two is not None:
        gaps = weighing_gap(one, two)
        parts = [part for part in sorted(gaps, key=lambda part: -abs(gaps[part])) if abs(gaps[part]) > NO_GAP]
        channels = [c for part in parts for c in CHANNELS_OF_PART.get(part, ())]
    else:
        channels = list(CHANNELS_OF_TRIGGER)
    return list(dict.fromkeys(channels))


def in_order_of_evidence(lives: Sequence[Life], parting: Parting, touches: dict[str, list[Touch]]) -> list[Input]:
    """Inputs that differ, the likeliest first: in reach of this life, and in a channel that bears on what differed."""
    one, two = lives
    channels = bearing(lives, parting)

    def rank(given: Input) -> tuple[int, int]:
        if given.kind != "lever":
            return 1, 0
        channel = REGISTRY.levers[given.key].channel
        near = channels.index(channel) if channel in channels else len(channels)
        return (0 if given.key in touches else 2), near

    return sorted(inputs_that_differ(one.made, two.made, parting.index + 1), key=rank)


def weighing_gap(one: Decision, two: Decision) -> dict[str, float]:
    """How each part of the utility moved the second's choice against the first's, from the first run to the second."""
    a, b = _keyed(one), _keyed(two)
    pair = [one.alternatives[one.chosen].key, two.alternatives[two.chosen].key]
    if any(key not in side for key in pair for side in (a, b)):
        return {}
    first, second = pair
    return {
        part: (b[second].parts[part] - a[second].parts[part]) - (b[first].parts[part] - a[first].parts[part])
        for part in a[first].parts
    }


def _keyed(decision: Decision) -> dict[tuple[int, ...], Any]:
    return {x.key: x for x in decision.alternatives}


def smallest_set(
    items: Sequence[Input], works: Callable[[Sequence[Input]], bool], budget: int
) -> tuple[list[Input], bool]:
    """A smallest set of `items` that works, searched by halving, and whether the search came to its end.

    All items together are known to work and none of them not to; `works` is taken to stay true when items are added.
    Earlier items are tried first, so a good order needs few trials; at most `budget` of them are made.
    """
    kept: list[Input] = []
    pool = list(items)
    tries = 0
    while pool:
        low, high, step = 1, len(pool), 1
        while low < high:
            if tries >= budget:
                return [*kept, *pool[:high]], False
            tries += 1
            mid = min(low + step - 1, (low + high) // 2)
            if works([*kept, *pool[:mid]]):
                high = mid
            else:
                low, step = mid + 1, 2 * step
        kept.append(pool[high - 1])
        pool = pool[: high - 1]
        if not pool:
            break
        if tries >= budget:
            return [*kept, *pool], False
        tries += 1
        if works(kept):
            break
    return kept, True


def seek_cause(
    lives: Sequence[Life], parting: Parting, *, most: int = MOST_RUNS, say: Callable[[int], None] = lambda done: None
) -> Cause:
    """Re-run the second scenario with inputs put back until the paths no longer part by that month."""
    one, two = lives
    runs = 0

    def parts(made: ModelInput) -> bool:
        nonlocal runs
        runs += 1
        say(runs)
        return parts_by(made, one, parting.index)

    touches = touches_of(lives, parting.index)
    order = in_order_of_evidence(lives, parting, touches)
    found, complete = smallest_set(order, lambda given: not parts(put_back(two.made, one.made, given)), most - 1)
    reached = {given.key: touches.get(given.key, []) for given in found if given.kind == "lever"}
    channels = bearing(lives, parting)
    direct = {t: None for listed in reached.values() for t in listed if REGISTRY.states[t.state].channel in channels}
    cause = Cause(tuple(found), complete, runs, None, reached, list(direct))
    if complete:
        cause.alone = parts(put_back(one.made, two.made, found))
    if complete and len(found) == 1:
        rest = [given for given in order if given not in found]
        cause.others = tuple(rest[: max(0, min(OTHERS, most - runs))])
        cause.also = tuple(given for given in cause.others if not parts(put_back(two.made, one.made, [given])))
    cause.runs = runs
    return cause


def parts_by(made: ModelInput, reference: Life, index: int) -> bool:
    """Whether a run's path leaves that of `reference` by month `index`."""
    tracer = Tracer(reference.uid, decisions=False)
    lived = reference.months

    def left(month: LivedMonth) -> bool:
        return bool(differing(lived[month.index].close, month.close))

    trace(made, tracer, months=index + 1, stop=left)
    return left(tracer.months[-1])
