"""Quantities of a start state from a census and a table of rules, for places without a table of their own.

`thin/rules_2010.csv` says for each quantity: value x base, where a base is a product of arrays worked out here from
the census and of quantities made by earlier rows. A later row for a narrower group of units takes the place of an
earlier one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from model.world.census import AGE_STARTS
from model.world.datafiles import DataError, Figure, Table

VILLAGE_RESIDENTS: Final = 3700
LEAST_VILLAGES: Final = 8
LEAST_AWAY: Final = 0.01
"""Share of registered persons away from their unit, at least: a census counts no fewer (assumed)."""
MOST_WITHIN: Final = 0.7
"""Of those registered away, most that can live in other units of the prefecture (assumed)."""
CORE_WEIGHT: Final = 0.4
COHORTS: Final = 5.0
"""Years of birth of children under five."""
FERTILE: Final = slice(AGE_STARTS.index(15), AGE_STARTS.index(50))

STOCK_YEARS: Final = 10.0
"""Years in which stocks of movers doubled: between the censuses of 2000 and 2010 in the nation."""
RECODED: Final = 1.0 / 3.0
"""Share of the growth of urban residents that is relabelling."""

MOST_VILLAGERS: Final = 2.0
"""Persons registered in villages for each rural resident, at most: other farmers by label live in what is coded as a
town and are registered there (assumed)."""

type Margins = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules may read. U units.

    census: margins of the start census by unit; province: the same for the whole province (one row); practice: lever
    -> float64[U], current practice of totals; death_rate: float64[U], deaths per person and year that ages
    imply; fertility: float64[7], national births per woman and year at 15-19 to 45-49; pay: yuan of the years for
    which parameters are stated, for one yuan of the start; missed: see `missed_share`; state: quantities made so
    far.
    """

    key: str
    units: tuple[str, ...]
    outside: tuple[str, ...]
    census: Margins
    province: Margins
    core: int
    district: np.ndarray
    practice: Mapping[str, np.ndarray]
    death_rate: np.ndarray
    fertility: np.ndarray
    pay: float
    missed: float
    state: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(slots=True)
class Made:
    """State (quantity -> float64[U]), scalars, numbers of outside places by key, and a figure for each number."""

    state: dict[str, np.ndarray] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    outside: dict[str, dict[str, float]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()


def follow(table: Table, facts: Facts) -> Made:
    """Apply every rule in order. DataError naming rules whose base or place is not known."""
    made, problems = Made(facts.state, outside={key: {} for key in facts.outside}), []
    figures: dict[tuple[str, str], Figure] = {}
    for row, rule in zip(table.records(), table.figures(), strict=True):
        quantity, where = row["quantity"], row["where"]
        kind, _, name = where.partition(":")
        if kind not in ("unit", "district", "core", "prefecture", "outside", "all"):
            problems.append(f"{table.file}:{rule.line} where '{where}' is no group of units")
            continue
        if (kind == "prefecture" and name != facts.key) or (kind == "outside" and name not in facts.outside):
            continue
        try:
            values = rule.value * _base(row["base"], facts)
        except KeyError as error:
            problems.append(f"{table.file}:{rule.line} no base {error}; bases are {', '.join(BASES)}")
            continue
        if kind in ("all", "outside"):
            place, key = (made.scalars, "all") if kind == "all" else (made.outside[name], name)
            place[quantity] = float(values[0])
            figures[key, quantity] = _figure(rule, place[quantity], key)
            continue
        array = made.state.setdefault(quantity, np.full(len(facts.units), math.nan))
        for u in np.flatnonzero(_chosen(kind, facts)):
            array[u] = values[u]
            figures[facts.units[u], quantity] = _figure(rule, float(values[u]), facts.units[u])
    if problems:
        raise DataError(problems)
    made.figures = tuple(figures.values())
    for array in made.state.values():
        array.setflags(write=False)
    return made


def _chosen(kind: str, facts: Facts) -> np.ndarray:
    units = np.arange(len(facts.units))
    return {"district": facts.district, "core": units == facts.core}.get(kind, np.ones(units.size, bool))


def _figure(rule: Figure, value: float, unit: str) -> Figure:
    keys = (*((k, v) for k, v in rule.keys if k != "where"), ("unit", unit))
    return rule._replace(value=value, keys=keys)


def _base(names: str, facts: Facts) -> np.ndarray:
    out = np.ones(len(facts.units))
    for name in names.split("*"):
        if name.startswith("practice_"):
            out = out * facts.practice[name.removeprefix("practice_")]
        else:
            out = out * (facts.state[name] if name in facts.state else BASES[name](facts))
    return out


def _from_elsewhere(census: Margins) -> np.ndarray:
    return census["migrants_by_scope"][:, 1:].sum(axis=1)


def _villages(f: Facts) -> np.ndarray:
    return np.maximum(np.round(f.census["rural"] / VILLAGE_RESIDENTS), LEAST_VILLAGES)


def _nonfarm(f: Facts) -> np.ndarray:
    share = [1.0 - c["industry"][:, 0] / c["industry"].sum(axis=1) for c in (f.census, f.province)]
    return np.sqrt(share[0] / share[1])


def _jobless(f: Facts) -> np.ndarray:
    seeking, working = f.census["seeking_work"].sum(axis=1), f.census["industry"].sum(axis=1)
    return seeking / (seeking + working)


def _employed(f: Facts) -> np.ndarray:
    c = f.census
    return c["industry"].sum(axis=1) * c["households"] / c["long_form_households"]


def _aged(first: int, last: int) -> Callable[[Facts], np.ndarray]:
    """Children of whole ages first to last, spread evenly within census groups."""

    def count(f: Facts) -> np.ndarray:
        people = f.census["age_sex"].sum(axis=2)
        ends = (*AGE_STARTS[1:], 105)
        parts = [
            people[:, g] * max(0, min(last + 1, end) - max(first, start)) / (end - start)
            for g, (start, end) in enumerate(zip(AGE_STARTS, ends, strict=True))
        ]
        return np.sum(parts, axis=0)

    return count


def _births(f: Facts) -> np.ndarray:
    """Mean births a year of the five years before the census, as far as they lived to be counted."""
    return f.census["age_sex"][:, :2].sum(axis=(1, 2)) / COHORTS


def _tfr(f: Facts) -> np.ndarray:
    women = f.census["age_sex"][:, FERTILE, 1]
    return 5.0 * f.fertility.sum() * _births(f) / (women * f.fertility).sum(axis=1)


def _natural(f: Facts) -> np.ndarray:
    return 1000.0 * (_births(f) / f.census["residents"] - f.death_rate)


def missed_share(province: Margins, left_province: float) -> float:
    """Persons away whom the census missed where they are registered, over registered villagers of the province.

    Those found at their destinations (in other counties of the province and, left_province, outside) less those that
    registration shows to be away: whole households that left are on nobody's form at home.
    """
    at_home = province["residents"] - _from_elsewhere(province)
    found = province["migrants_by_scope"][:, 1] + left_province
    missed = found - (province["registered"] - at_home)
    return float(np.maximum(missed, 0.0)[0] / _villagers(province)[0])


def _villagers(census: Margins) -> np.ndarray:
    return census["registered"] * (1.0 - census["nonagricultural_percent"] / 100.0)


def _town_rate(f: Facts) -> np.ndarray:
    """Residents of the province registered in another township of their county, villagers, over rural residents."""
    p = f.province
    stock = p["migrants_by_scope"][:, 0] * _villagers(p) / p["registered"]
    return np.repeat(stock / p["rural"], len(f.units))


def _away_rate(f: Facts) -> np.ndarray:
    """Villagers of the province away from their county over its workers in farming."""
    p = f.province
    away = p["registered"] + f.missed * _villagers(p) - p["residents"] + _from_elsewhere(p)
    farmers = p["industry"][:, 0] * p["households"] / p["long_form_households"]
    return np.repeat(away * _villagers(p) / p["registered"] / farmers, len(f.units))


def _registered_urban(f: Facts) -> np.ndarray:
    """Share registered in places coded urban: those without the agricultural label, and what villages cannot hold."""
    villagers = np.minimum(_villagers(f.census) * (1.0 + f.missed), MOST_VILLAGERS * f.census["rural"])
    return 1.0 - villagers / _registered(f)


def _registered(f: Facts) -> np.ndarray:
    return f.census["registered"] + f.missed * _villagers(f.census)


def _away(f: Facts) -> np.ndarray:
    at_home = f.census["residents"] - _from_elsewhere(f.census)
    return np.maximum(_registered(f) - at_home, LEAST_AWAY * f.census["registered"])


def _away_within(f: Facts) -> np.ndarray:
    """Those who live in other units of the prefecture: what all units receive, shared by those away."""
    weight = _away(f)
    weight[f.core] *= CORE_WEIGHT
    near = f.state["share_inprovince_migrants_from_prefecture"]
    received = (near * f.census["migrants_by_scope"][:, 1]).sum()
    return np.minimum(received * weight / weight.sum(), MOST_WITHIN * _away(f))


def _town_growth(f: Facts) -> np.ndarray:
    """Growth of urban residents a year as stocks of movers and births imply it, relabelling included."""
    c, village = f.census, 1.0 - f.state["share_registered_urban"]
    near = f.state["share_inprovince_migrants_from_prefecture"] * c["migrants_by_scope"][:, 1]
    moves = (c["migrants_by_scope"][:, 0] * village + near) / STOCK_YEARS
    return (moves + np.maximum(_natural(f), 0.0) / 1000.0 * c["urban"]) / (1.0 - RECODED)


BASES: Final[Mapping[str, Callable[[Facts], np.ndarray]]] = {
    "one": lambda f: np.ones(len(f.units)),
    "pay": lambda f: np.full(len(f.units), f.pay),
    "residents": lambda f: f.census["residents"],
    "urban": lambda f: f.census["urban"],
    "urban_share": lambda f: f.census["urban"] / f.census["residents"],
    "rural_share": lambda f: f.census["rural"] / f.census["residents"],
    "registered": _registered,
    "registered_urban": _registered_urban,
    "villages": _villages,
    "nonfarm": _nonfarm,
    "jobless": _jobless,
    "employed": _employed,
    "aged_6_14": _aged(6, 14),
    "aged_3_5": _aged(3, 5),
    "tfr": _tfr,
    "deaths": lambda f: 1000.0 * f.death_rate,
    "natural": _natural,
    "town_growth": _town_growth,
    "province_town_rate": _town_rate,
    "province_away_rate": _away_rate,
    "away": _away,
    "away_within": _away_within,
    "away_out": lambda f: _away(f) - _away_within(f),
}
"""Name -> float64[U]; beside these a base may name an earlier quantity or, as practice_LEVER, what a lever does now."""
