"""The catalogues of the plan as objects: measures, targets, and how each is carried or computed.

Read from `data/plan/`; what is wrong in them is said at once, in words for the person who edits them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.plan_labels import say
from model.spec.registry import REGISTRY
from model.spec.types import Carried, Lever
from model.world.datafiles import data_root

ORDER: Final = tuple(Carried)
"""From the strongest to the weakest."""
ISSUED: Final = 2024
"""Year of issue of the plan."""


class PlanError(ValueError):
    """What is wrong with the catalogues of the plan."""

    @property
    def problems_text(self) -> str:
        """What the command line prints."""
        return str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of the plan and how it is carried."""

    id: str
    section: str
    title_en: str
    title_zh: str
    channel: str
    lever: str
    counties: str
    pilot: bool
    state: Carried
    reason_en: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target of the plan. `low` and `high` are equal unless the comparator is `between`."""

    id: str
    section: str
    title_en: str
    title_zh: str
    scope: str
    unit: str
    comparator: str
    low: float
    high: float
    deadline: int | None
    kind: str

    @property
    def value_text(self) -> str:
        """The number with its comparator, as people read it."""
        number = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return number if self.comparator in ("between", "=") else f"{self.comparator} {number}"

    @property
    def strict(self) -> bool:
        """Whether just reaching the number is not enough: `clearly up`, `strictly less than`."""
        return "strictly" in self.unit or self.unit.startswith("change in")

    def meets(self, value: float) -> bool:
        """Whether a value meets the target."""
        slack = 1e-9 * max(1.0, abs(self.low), abs(self.high))
        if self.comparator == "between":
            return self.low - slack <= value <= self.high + slack
        gap = self.gap(value)
        return gap > slack if self.strict else gap >= -slack

    def gap(self, value: float) -> float:
        """How far a value is beyond the target in its direction; negative where it falls short."""
        if self.comparator == "between":
            return min(value - self.low, self.high - value)
        return self.low - value if self.comparator == "<=" else value - self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one target is computed. `full` is None, a number, or `plan`; see `analysis.plan_rules`."""

    id: str
    state: Carried
    how: str
    keys: tuple[str, ...]
    factor: float
    start: float | None
    base_year: int | None
    confidence: str
    source: str
    full: str
    reason_en: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Places that a measure or target names together, and how far the text names them itself."""

    name: str
    counties: tuple[str, ...]
    confidence: str
    reason_en: str
    reason_zh: str


def folder() -> Path:
    """Where the catalogues lie."""
    return data_root() / "plan"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one catalogue."""
    with (folder() / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def weaker(one: Carried, other: Carried) -> Carried:
    """The weaker of two states."""
    return max(one, other, key=ORDER.index)


def measures(levers: Mapping[str, Lever] | None = None) -> list[Measure]:
    """All measures in the order of the document. Raises PlanError for a lever that is not declared.

    levers: by default those of the registry. A measure is carried as its lever is, unless `measure_states.csv` says
    that it is carried less well; a row there cannot make it better.
    """
    known = REGISTRY.levers if levers is None else levers
    table = rows("measures.csv")
    absent = {row["lever"]: row["id"] for row in reversed(table) if row["lever"] not in known}
    own = {row["id"]: row for row in rows("measure_states.csv")}
    problems = [f"{key}: not declared, but measure {name} names this lever" for key, name in sorted(absent.items())]
    problems += [f"measure_states.csv: there is no measure {key}" for key in own.keys() - {row["id"] for row in table}]
    if problems:
        raise PlanError("\n".join(problems))
    return [_measure(row, known[row["lever"]], own.get(row["id"])) for row in table]


def _measure(row: Mapping[str, str], lever: Lever, own: Mapping[str, str] | None) -> Measure:
    state = lever.carried if own is None else weaker(lever.carried, Carried(own["state"]))
    if own is not None and state == own["state"]:
        reason = own["reason_en"], own["reason_zh"]
    elif state is Carried.SIMULATED:
        states = ", ".join(lever.writes)
        reason = say("simulated_by", "en", states=states), say("simulated_by", "zh", states=states)
    else:
        reason = lever.carried_reason, lever.carried_reason
    return Measure(
        id=row["id"], section=row["section"], title_en=row["title_en"], title_zh=row["title_zh"],
        channel=row["channel"], lever=lever.key, counties=row["counties"], pilot=row["pilot"] == "yes",
        state=state, reason_en=reason[0], reason_zh=reason[1],
    )


def targets() -> list[Target]:
    """All targets in the order of the document."""
    return [_target(row) for row in rows("targets.csv")]


def _target(row: Mapping[str, str]) -> Target:
    low, _, high = row["value"].partition("..")
    return Target(
        id=row["id"], section=row["section"], title_en=row["title_en"], title_zh=row["title_zh"], scope=row["scope"],
        unit=row["indicator_unit"], comparator=row["comparator"], low=float(low), high=float(high or low),
        deadline=int(row["deadline"]) if row["deadline"] else None, kind=row["kind"],
    )


def rules() -> dict[str, Rule]:
    """How each target is computed, by its id."""
    return {row["id"]: _rule(row) for row in rows("target_rules.csv")}


def _rule(row: Mapping[str, str]) -> Rule:
    return Rule(
        id=row["id"], state=Carried(row["state"]), how=row["how"], keys=tuple(filter(None, row["key"].split("|"))),
        factor=float(row["factor"] or 1.0), start=float(row["start"]) if row["start"] else None,
        base_year=int(row["base_year"]) if row["base_year"] else None, confidence=row["start_confidence"],
        source=row["start_source"], full=row["full"], reason_en=row["reason_en"], reason_zh=row["reason_zh"],
    )


def groups() -> dict[str, Group]:
    """Groups of places by name."""
    return {
        row["group"]: Group(
            name=row["group"], counties=tuple(row["counties"].split("|")), confidence=row["confidence"],
            reason_en=row["reason_en"], reason_zh=row["reason_zh"],
        )
        for row in rows("county_groups.csv")
    }
