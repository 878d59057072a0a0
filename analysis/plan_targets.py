"""Every target of the plan against what scenarios reached: value, probability over seeds, gap, and the reason."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.plan_books import PlanError, Rule, Target, groups, rules, targets, weaker
from analysis.plan_labels import say
from analysis.plan_rules import INDICATOR_RULES, RULERS, Future, NotJudged, Yardstick
from model.spec.registry import REGISTRY
from model.spec.types import Carried
from runs import api
from runs.experiment import Experiment
from runs.plan import make
from scenarios.parts import measures
from scenarios.places import load_ground

NOT_COMPUTED: Final = ("none", "all_of")


@dataclass(frozen=True, slots=True)
class Judged:
    """One target in one future: its value, whether it is met, and how many of the places in its scope meet it."""

    value: float
    met: bool
    passing: int
    places: int


@dataclass(slots=True)
class Standing:
    """One target in one scenario, over its seeds; `why` says why nothing is known where that is so."""

    target: Target
    rule: Rule
    scenario: str
    judged_at: str
    seeds: list[Judged] = field(default_factory=list)
    why: tuple[str, str] | None = None

    @property
    def reached(self) -> float | None:
        """Mean over seeds of the value; of several places the worst counts."""
        return _mean([one.value for one in self.seeds])

    @property
    def probability(self) -> float | None:
        """Share of seeds in which the target is met."""
        return _mean([float(one.met) for one in self.seeds])

    @property
    def gap(self) -> float | None:
        """Mean over seeds of how far the value is beyond the target, negative where it falls short."""
        return _mean([self.target.gap(one.value) for one in self.seeds])

    @property
    def reason(self) -> tuple[str, str]:
        """English and Chinese: how it is computed, and why it is not where it is not."""
        said = self.rule.reason_en, self.rule.reason_zh
        return said if self.why is None else (f"{said[0]}; {self.why[0]}", f"{said[1]};{self.why[1]}")

    def to_json(self) -> dict[str, Any]:
        """The object of `plan targets --json`; what is not known is None."""
        t, r = self.target, self.rule
        n = len(self.seeds)
        return {
            "id": t.id, "scenario": self.scenario, "section": t.section, "title_en": t.title_en, "title_zh": t.title_zh,
            "kind": t.kind, "scope": t.scope, "unit": t.unit, "comparator": t.comparator,
            "value": [t.low, t.high] if t.low != t.high else t.low, "deadline": t.deadline, "judged_at": self.judged_at,
            "state": str(r.state), "reached": self.reached, "probability": self.probability, "gap": self.gap,
            "seeds": n, "places": _mean([float(one.places) for one in self.seeds]),
            "places_meeting": _mean([float(one.passing) for one in self.seeds]),
            "how": r.how, "keys": list(r.keys), "start": r.start, "start_confidence": r.confidence,
            "start_source": r.source, "reason": self.reason[0], "reason_zh": self.reason[1],
        }


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def book() -> list[tuple[Target, Rule]]:
    """Every target with its rule. Raises PlanError for what is wrong in the tables."""
    said, found = targets(), rules()
    ids = [t.id for t in said]
    problems = [f"target {key} has no row in target_rules.csv" for key in ids if key not in found]
    problems += [f"target_rules.csv: there is no target {key}" for key in found if key not in set(ids)]
    for rule in found.values():
        problems += [f"target {rule.id}: {text}" for text in _wrong(rule, ids)]
    if problems:
        raise PlanError("\n".join(problems))
    return [(target, _weakened(found[target.id])) for target in said]


def _wrong(rule: Rule, ids: Sequence[str]) -> Iterable[str]:
    if rule.how not in RULERS and rule.how not in NOT_COMPUTED:
        yield f"unknown rule {rule.how!r}"
    if (rule.how == "none") != (rule.state is Carried.TRACKED) and rule.full != "beyond":
        yield "a tracked target has no rule, every other has one"
    for key in rule.keys:
        known: Any = ids if rule.how == "all_of" else (*REGISTRY.indicators, *_levers())
        if key not in known:
            yield f"unknown key {key!r}"
    if not (rule.reason_en and rule.reason_zh):
        yield "no reason"


def _levers() -> set[str]:
    """Levers that the plan names, declared or not."""
    return {measure.lever for measure in measures()}


def _weakened(rule: Rule) -> Rule:
    """A target cannot be carried better than the levers that it reads."""
    if rule.how in INDICATOR_RULES or rule.how in NOT_COMPUTED:
        return rule
    declared = [REGISTRY.levers[key] for key in rule.keys if key in REGISTRY.levers]
    tracked = [lever for lever in declared if lever.carried is Carried.TRACKED]
    if not tracked:
        return rule
    values = {"lever": tracked[0].key, "reason": tracked[0].carried_reason}
    return dataclasses.replace(
        rule, state=weaker(rule.state, Carried.TRACKED), how="none",
        reason_en=say("lever_tracked", "en", **values), reason_zh=say("lever_tracked", "zh", **values),
    )


def refuse_undeclared(pairs: Iterable[tuple[Target, Rule]]) -> None:
    """Raises PlanError when a rule reads a lever that is not declared."""
    absent = {
        key: rule.id for _, rule in pairs if rule.how not in NOT_COMPUTED for key in rule.keys
        if key not in REGISTRY.levers and key not in REGISTRY.indicators
    }
    if absent:
        raise PlanError("\n".join(f"{key}: not declared, but target {name} reads it" for key, name in absent.items()))


def judge(
    pairs: Sequence[tuple[Target, Rule]], futures: Mapping[str, Sequence[Future]], yard: Yardstick
) -> list[Standing]:
    """Every target in every scenario, in the order of the document.

    futures: scenario -> what each seed left.
    """
    standings = []
    for scenario, seeds in futures.items():
        last = seeds[0].months[-1] if seeds else ""
        made = {t.id: Standing(t, r, scenario, _judged_at(t, last)) for t, r in pairs}
        for standing in made.values():
            if standing.rule.how != "all_of":
                _fill(standing, seeds, yard)
        for standing in made.values():
            if standing.rule.how == "all_of":
                _fill_from(standing, made)
        standings.append(made)
    return [made[t.id] for t, _ in pairs for made in standings]


def _judged_at(target: Target, last: str) -> str:
    return f"{target.deadline}-12" if target.deadline else last


def _fill(standing: Standing, seeds: Sequence[Future], yard: Yardstick) -> None:
    target, rule = standing.target, standing.rule
    if rule.how == "none":
        return
    for future in seeds:
        try:
            year = int(future.months[-1][:4]) if target.deadline is None else target.deadline
            standing.seeds.append(_judge_one(target, rule, future, yard, year))
        except NotJudged as reason:
            standing.why = reason.why


def _fill_from(standing: Standing, made: Mapping[str, Standing]) -> None:
    """A target that others make up: met in a seed in which all of them are."""
    parts = [made[key] for key in standing.rule.keys]
    counts = {len(part.seeds) for part in parts}
    if counts == {0} or len(counts) > 1:
        standing.why = say("part_unknown", "en"), say("part_unknown", "zh")
        return
    for row in zip(*(part.seeds for part in parts), strict=True):
        met = sum(one.met for one in row)
        standing.seeds.append(Judged(met / len(row), met == len(row), met, len(row)))


def _judge_one(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> Judged:
    members = yard.members(target.scope, future, year)
    if not members.any():
        raise NotJudged("no_place")
    values = RULERS[rule.how](target, rule, future, yard, year)[members]
    if not np.isfinite(values).all():
        raise NotJudged("not_defined")
    value = _of_places(target, rule, values)
    met = [target.meets(float(one)) for one in values]
    return Judged(value, target.meets(value), sum(met), len(met))


def _of_places(target: Target, rule: Rule, values: np.ndarray) -> float:
    """One value for a scope: the worst place, or the number or share of places where that is what the target counts."""
    if rule.how == "count_index" and target.scope in ("share-of-counties", "county-towns"):
        return float(100.0 * values.mean() if target.unit.startswith("%") else values.sum())
    if rule.how == "in_force" and target.scope == "share-of-counties":
        return float(values.max())
    return float(min(values, key=lambda one: (target.gap(float(one)), float(one))))


def futures_of(experiment: Experiment, keys: Iterable[str]) -> dict[str, list[Future]]:
    """What each seed of each scenario left, as far as the indicators `keys` are concerned."""
    frame, programmes = experiment.frame(), experiment.programmes()
    wanted = set(keys)
    frame = frame[frame["indicator"].isin(wanted)]
    found: dict[str, list[Future]] = {}
    for name in experiment.scenarios:
        lived = frame[frame["scenario"] == name]
        of_levers = programmes[programmes["scenario"] == name]
        found[name] = [
            _future(lived[lived["seed"] == seed], of_levers[of_levers["seed"] == seed])
            for seed in sorted(lived["seed"].unique())
        ]
    return found


def _future(frame: pd.DataFrame, programmes: pd.DataFrame) -> Future:
    months, places, indicators = (list(frame[c].astype(str).unique()) for c in ("month", "place", "indicator"))
    values = frame["value"].to_numpy()
    # Rows stand by indicator, month and place, as the store wrote them.
    blocks = values.reshape(len(indicators), len(months), len(places))
    years, levers, units = (list(programmes[c].astype(str).unique()) for c in ("year", "lever", "place"))
    shape = (len(years), len(levers), len(units))
    delivered, level = (programmes[c].to_numpy().reshape(shape) for c in ("delivered", "level"))
    return Future(
        months=tuple(months), years=tuple(years),
        indicators={key: blocks[i] for i, key in enumerate(indicators)},
        delivered={key: delivered[:, i] for i, key in enumerate(levers)},
        level={key: level[:, i] for i, key in enumerate(levers)},
    )


def indicators_needed(pairs: Iterable[tuple[Target, Rule]]) -> set[str]:
    """Every indicator that a rule reads."""
    named = {key for _, rule in pairs for key in rule.keys if key in REGISTRY.indicators}
    return named | {"urban_population", "resident_population", "urbanization_gap_to_province"}


def stand(
    scenarios: Sequence[str], scale: float | None = None, seeds: int | None = None, overrides: Sequence[str] = (),
    workers: int | None = None, threads: int = 1,
) -> list[Standing]:
    """Live the scenarios as far as the store lacks them, and judge every target.

    Arguments as of `runs.api.run`. Raises PlanError, BadRequest, ProblemsError and AllFailed.
    """
    pairs = book()
    refuse_undeclared(pairs)
    plan = make(list(scenarios), scale=scale, seeds=seeds, overrides=overrides)
    with tempfile.TemporaryDirectory() as folder:
        experiment = api.carry_out(plan, out=Path(folder) / "plan", workers=workers, threads=threads)
        futures = futures_of(experiment, indicators_needed(pairs))
    first = next(iter(plan.scenarios.values()))
    yard = Yardstick(load_ground(first.prefecture), first.start_ordinal, groups())
    return judge(pairs, futures, yard)

