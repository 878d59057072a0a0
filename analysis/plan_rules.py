"""How far a future comes toward a target: one function for each rule of `data/plan/target_rules.csv`.

Every rule gives a value for each unit and for the prefecture, float64[U + 1], in the unit of the target; the scope
then says which of them count. No rule reads what was announced, only what was lived or delivered: a target cannot be
met by declaring it. In the table of rules `key` names indicators, levers or targets, and

- `indicator`: factor * the indicator in December of the deadline (or the last month of the run);
- `gap_to_province`: 100 * (rate of the unit less that of the province in the named future);
- `change`: the mean of the indicators then, less that in December of `base_year`; `growth` the same in percent;
- `outside_core`: the share of the indicator outside the core unit, in percent, less that of `base_year`;
- `level`: start + factor * (what is in force less practice), or factor * what is in force without a start;
- `delivered`: with `full`, start + (target - start) * delivered / full, where `full` is a number or `plan`, the amount
  that the plan's own setting would bring by the deadline without delay or loss; without `full`, start + factor *
  (delivered beyond practice + practice since the end of `base_year`). For `exists` the value is 1 when at least half of
  `full` is there, else 0;
- `delivered_total`: the same where the number is a total over the places named, delivered and full summed over them;
- `yearly`: factor * the least that a full year brought, from the year after issue to the deadline;
- `per_head`: as `delivered`, in stock of `base_year` per head then over heads now; the second key counts the heads;
- `density`: heads (first key) per built-up land in percent of `base_year`, less 100; land is start m2 for each head of
  the first December, then grows by what the lever (second key, ha a year) supplies, practice included;
- `index_change`: mean over levers of delivered / what the plan brings by the end, less that of `base_year`;
- `gap_index`: 1 - min(1, that mean against what the plan brings by the deadline);
- `count_index`: how many of the places have all levers at what the plan brings by the deadline;
- `in_force`: 1 where the lever has left practice, in the prefecture where any place has;
- `started`: 1 (or 100 %) where any lever has left practice;
- `all_of`: the targets named; the value is the share of them that are met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from analysis.plan_books import ISSUED, Group, Rule, Target
from analysis.plan_labels import say
from model.spec.registry import REGISTRY
from model.spec.types import Lever
from scenarios.fields import read_lever
from scenarios.places import Ground
from scenarios.schedule import path_of

MONTHS: Final = 12
LEAST: Final = 0.5
"""Part of the plan's own amount from which something without a number counts as there (assumed)."""
M2_PER_HA: Final = 10_000.0
URBAN_100K: Final = 100_000.0
CITY: Final = -1


class NotJudged(Exception):
    """A target that this future cannot answer; `why` is the reason in English and in Chinese."""

    def __init__(self, key: str, **values: object) -> None:
        self.why = say(key, "en", **values), say(key, "zh", **values)
        super().__init__(self.why[0])


@dataclass(frozen=True, slots=True)
class Future:
    """What one seed of one scenario left.

    months: "YYYY-MM" in order; indicators: key -> float64[n_months, U + 1]; years: "YYYY"; delivered, level: lever ->
    float64[n_years, U].
    """

    months: tuple[str, ...]
    indicators: Mapping[str, np.ndarray]
    years: tuple[str, ...]
    delivered: Mapping[str, np.ndarray]
    level: Mapping[str, np.ndarray]

    def at(self, key: str, year: int) -> np.ndarray:
        """An indicator in December of a year, float64[U + 1]. Raises NotJudged outside the run."""
        month = f"{year}-12"
        if month not in self.months:
            raise NotJudged("month_not_lived", month=month)
        return self.indicators[key][self.months.index(month)]

    def brought(self, key: str, year: int) -> np.ndarray:
        """What a lever has delivered beyond practice by the end of a year, float64[U]; before the run nothing."""
        return self._of(self.delivered, key, year)

    def in_force(self, key: str, year: int) -> np.ndarray:
        """What is in force at the end of a year, float64[U]."""
        return self._of(self.level, key, year)

    def _of(self, table: Mapping[str, np.ndarray], key: str, year: int) -> np.ndarray:
        if (month := f"{year}-12") not in self.months:
            raise NotJudged("month_not_lived", month=month)
        return table[key][self.years.index(str(year))]


class Yardstick:
    """What a prefecture's places are, do now, and would get from the plan."""

    def __init__(
        self, ground: Ground, start_ordinal: int, groups: Mapping[str, Group],
        levers: Mapping[str, Lever] = REGISTRY.levers,
    ) -> None:
        self.ground, self.levers, self.groups = ground, levers, groups
        self.start_ordinal = start_ordinal
        self.keys = ground.prefecture.unit_keys
        self.pilot = np.asarray(ground.prefecture.pilot, bool)
        self.county = np.array([level == "county" for level in ground.prefecture.admin_levels])
        self.core = ground.prefecture.core
        self._plans: dict[str, np.ndarray] = {}

    def practice(self, key: str) -> np.ndarray:
        """What each unit does now, float64[U]."""
        return self.ground.practice(self.levers[key])

    def plan_brings(self, key: str, year: int) -> np.ndarray:
        """What the plan's setting would bring beyond practice by the end of a year, on time and in full, float64[U]."""
        lever = self.levers[key]
        last = year * MONTHS + 11 - self.start_ordinal
        if key not in self._plans:
            settings, _ = read_lever(key, lever.plan)
            masks = [self.ground.mask(setting) for setting in settings]
            n_months = 2031 * MONTHS - self.start_ordinal
            practice, share = self.practice(key), self.ground.share(lever)
            path = path_of(settings, practice, masks, share, self.start_ordinal, n_months)
            self._plans[key] = path - practice
        change = self._plans[key][: last + 1]
        return change.sum(axis=0) / MONTHS if lever.flow else change[-1]

    def progress(self, future: Future, key: str, year: int, against: int) -> np.ndarray:
        """Delivered by the end of `year` over what the plan brings by the end of `against`, float64[U + 1]."""
        full, brought = self.plan_brings(key, against), future.brought(key, year)
        whole = np.append(full, full.sum() if self.levers[key].flow else full.mean())
        done = np.append(brought, brought.sum() if self.levers[key].flow else brought.mean())
        return np.divide(done, whole, out=np.full(done.size, np.nan), where=np.abs(whole) > 1e-12)

    def index(self, future: Future, keys: tuple[str, ...], year: int, against: int) -> np.ndarray:
        """Mean progress over levers, each at most 1; a lever that the plan leaves alone in a place does not count."""
        parts = np.array([np.minimum(self.progress(future, key, year, against), 1.0) for key in keys])
        counted = np.isfinite(parts).sum(axis=0)
        return np.divide(np.nansum(parts, axis=0), counted, out=np.full(parts.shape[1], np.nan), where=counted > 0)

    def members(self, scope: str, future: Future, year: int) -> np.ndarray:
        """bool[U + 1]: the places of a scope; the prefecture alone for `city`. Raises KeyError for an unknown scope."""
        n = len(self.keys)
        everywhere, chosen = np.ones(n, bool), np.zeros(n, bool)
        match scope:
            case "city":
                return np.append(chosen, True)
            case "each-county" | "each-village" | "each-town" | "towns-pop-ge-2000" | "share-of-counties":
                chosen = everywhere
            case "each-county-town" | "county-towns":
                chosen = self.county
            case "pilot-county":
                chosen = self.pilot
            case "non-pilot-counties":
                chosen = ~self.pilot
            case "counties-urban-pop-ge-100k":
                chosen = future.at("urban_population", year)[:CITY] >= URBAN_100K
            case _:
                chosen = np.isin(self.keys, self._named(scope))
        return np.append(chosen, False)

    def _named(self, scope: str) -> list[str]:
        """Places of a scope that lists them or names a group."""
        kind, _, listed = scope.partition(":")
        if kind == "counties" and set(listed.split("|")) <= set(self.keys):
            return listed.split("|")
        name = {
            "corridor-counties": "corridor", "yellow-river-counties": "yellow_river", "capable-counties": "capable",
            "counties:four-districts+four-counties-not-named": "waste_to_core",
        }[scope]
        return list(self.groups[name].counties)


type Ruler = Callable[[Target, Rule, Future, Yardstick, int], np.ndarray]


def _indicator(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    return rule.factor * future.at(rule.keys[0], year)


def _gap_to_province(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    return -100.0 * future.at("urbanization_gap_to_province", year)


def _base(rule: Rule) -> int:
    assert rule.base_year is not None, rule.id
    return rule.base_year


def _change(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    now, then = (np.mean([future.at(key, y) for key in rule.keys], axis=0) for y in (year, _base(rule)))
    return rule.factor * (now - then)


def _growth(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    rates = [100.0 * (future.at(key, year) / future.at(key, _base(rule)) - 1.0) for key in rule.keys]
    return rule.factor * np.mean(rates, axis=0)


def _outside_core(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    now, then = (future.at(rule.keys[0], y) for y in (year, _base(rule)))
    rise = 100.0 * (then[yard.core] / then[CITY] - now[yard.core] / now[CITY])
    value = float(rise > 0.0) if target.comparator == "exists" else rise
    return np.full(now.size, value)


def _level(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    key = rule.keys[0]
    level = future.in_force(key, year)
    by_unit = rule.factor * level
    if rule.start is not None:
        by_unit = rule.start + rule.factor * (level - yard.practice(key))
    people = future.at("resident_population", year)[:CITY]
    return np.append(by_unit, (by_unit * people).sum() / people.sum())


def _delivered(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    key = rule.keys[0]
    if not rule.full:
        amount = future.brought(key, year)
        if rule.base_year is not None:
            amount = amount + yard.practice(key) * max(year - rule.base_year, 0)
        value = (rule.start or 0.0) + rule.factor * np.append(amount, amount.sum())
        return _at_most_all(target, value)
    done = _done(rule, future, yard, year)
    if target.comparator == "exists":
        return np.where(done >= LEAST, 1.0, 0.0)
    start = rule.start or 0.0
    value = start + (target.low - start) * done
    return _at_most_all(target, value)


def _delivered_total(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    key, places = rule.keys[0], yard.members(target.scope, future, year)[:CITY]
    full, brought = yard.plan_brings(key, year)[places].sum(), future.brought(key, year)[places].sum()
    start = rule.start or 0.0
    value = start + (target.low - start) * (brought / full if full > 0.0 else 0.0)
    return np.full(places.size + 1, value)


def _at_most_all(target: Target, value: np.ndarray) -> np.ndarray:
    """More than all of something is all of it."""
    return np.minimum(value, 100.0) if target.unit.startswith("%") else value


def _done(rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    """Delivered over what takes the start to the target, float64[U + 1]; nothing where the plan brings nothing."""
    key = rule.keys[0]
    if rule.full == "plan":
        return np.nan_to_num(yard.progress(future, key, year, year), nan=0.0)
    brought = future.brought(key, year)
    return np.append(brought, brought.sum()) / float(rule.full)


def _yearly(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    key, practice = rule.keys[0], yard.practice(rule.keys[0])
    years = range(ISSUED + 1, year + 1)
    each = [future.brought(key, y) - future.brought(key, y - 1) + practice for y in years]
    sums = np.array([np.append(amount, amount.sum()) for amount in each])
    return rule.factor * sums.min(axis=0)


def _per_head(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    key, heads = rule.keys
    now, then = future.at(heads, year), future.at(heads, _base(rule))
    done, start = _done(replace(rule, keys=(key,)), future, yard, year), rule.start or 0.0
    return then * (start + (target.low - start) * done) / now


def _density(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    heads, key = rule.keys
    first = int(future.years[0])
    start = future.at(heads, first) * (rule.start or 0.0) / M2_PER_HA
    supplied = [future.brought(key, y) + yard.practice(key) * (y - first) for y in (_base(rule), year)]
    then, now = (start + np.append(land, land.sum()) for land in supplied)
    return 100.0 * (future.at(heads, year) / now / (future.at(heads, _base(rule)) / then) - 1.0)


def _index_change(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    end = int(future.years[-1])
    now, then = (yard.index(future, rule.keys, y, end) for y in (year, _base(rule)))
    # An index of gaps falls as what closes them is delivered.
    return then - now if target.comparator == "<=" else now - then


def _gap_index(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    return 1.0 - yard.index(future, rule.keys, year, year)


def _count_index(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    whole = yard.index(future, rule.keys, year, year) >= 1.0 - 1e-9
    return whole.astype(np.float64)


def _in_force(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    moved = np.abs(future.in_force(rule.keys[0], year) - yard.practice(rule.keys[0])) > 1e-12
    return np.append(moved, moved.any()).astype(np.float64)


def _started(target: Target, rule: Rule, future: Future, yard: Yardstick, year: int) -> np.ndarray:
    moved = np.zeros(len(yard.keys), bool)
    for key in future.delivered:
        moved |= np.abs(future.brought(key, year)) > 1e-12 * np.maximum(1.0, np.abs(yard.practice(key)))
    whole = 1.0 if target.comparator == "exists" else 100.0
    return whole * np.append(moved, moved.all())


RULERS: Final[dict[str, Ruler]] = {
    "indicator": _indicator, "gap_to_province": _gap_to_province, "change": _change, "growth": _growth,
    "outside_core": _outside_core, "level": _level, "delivered": _delivered, "delivered_total": _delivered_total,
    "yearly": _yearly, "per_head": _per_head, "density": _density, "index_change": _index_change,
    "gap_index": _gap_index, "count_index": _count_index, "in_force": _in_force, "started": _started,
}
INDICATOR_RULES: Final = ("indicator", "gap_to_province", "change", "growth", "outside_core")
"""Rules whose keys are indicators; those of the others are levers (`per_head`: a lever and an indicator)."""
