"""Targets of the start population at any scale, and the named seed tables that shape it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.world.census import AGE_STARTS, MARITAL
from model.world.datafiles import DataError, Schema, checksum_problem, parse_table, read_sources
from model.world.ipf import round_table, round_to_total

if TYPE_CHECKING:
    from pathlib import Path

    from model.world.tables import Prefecture

SEED_FILE: Final = "seeds/population.csv"
SEED_SCHEMA: Final = Schema("unit_of_measure", ("value",), required=("table", "row", "column"))
N_AGES: Final = 105
"""Single years of age, 0 to 104; the last stands for everybody older."""

EDUCATION_FROM: Final = 6
"""The county tables of schooling cover people from this age (their totals equal the population aged 6+)."""

LEVELS: Final = ("none", "preschool", "primary", "junior", "senior", "college", "bachelor")
SECTORS: Final = (
    "farming", "mining", "manufacturing", "utilities", "construction", "trade", "transport", "catering", "ict",
    "finance", "real_estate", "business", "science", "public_facilities", "resident_services", "education",
    "health", "culture", "public_admin",
)
SCOPES: Final = ("native", "same_county", "same_province", "other_province")
TENURES: Final = ("rented", "self_built", "purchased", "inherited", "other")


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seed tables by name: row -> column -> value."""

    tables: Mapping[str, Mapping[str, Mapping[str, float]]]

    def number(self, key: str) -> float:
        """One assumed number."""
        return self.tables["number"][key]["value"]

    def rows(self, table: str, rows: Sequence[str], columns: Sequence[str]) -> np.ndarray:
        """float64[rows, columns] of a table whose rows are names."""
        return np.array([[self.tables[table][r][c] for c in columns] for r in rows])

    def by_age(self, table: str, columns: Sequence[str], smooth: bool = False) -> np.ndarray:
        """float64[105, columns]: rows are the first ages of bands, held until the next row.

        With `smooth` the values are interpolated between the middles of the bands.
        """
        found = self.tables[table]
        starts = np.array(sorted(int(r) for r in found))
        values = np.array([[found[str(s)][c] for c in columns] for s in starts])
        ages = np.arange(N_AGES)
        band = np.clip(np.searchsorted(starts, ages, side="right") - 1, 0, starts.size - 1)
        out: np.ndarray = np.where((ages >= starts[0])[:, None], values[band], 0.0)
        if smooth:
            ends = np.append(starts[1:], starts[-1] + 10)
            middle = (starts + ends - 1) / 2
            out = np.stack([np.interp(ages, middle, values[:, k]) for k in range(len(columns))], axis=1)
            out[ages < starts[0]] = 0.0
        return out


def read_seeds(root: Path) -> Seeds:
    """The seed tables under the data folder. DataError when the file is changed or malformed."""
    raw = (root / SEED_FILE).read_bytes()
    table, problems = parse_table(raw.decode("utf-8"), SEED_FILE, SEED_SCHEMA)
    changed = checksum_problem(SEED_FILE, raw, read_sources(root))
    problems += [changed] if changed else []
    if problems or table is None:
        raise DataError(problems)
    out: dict[str, dict[str, dict[str, float]]] = {}
    for row in table.records():
        out.setdefault(row["table"], {}).setdefault(row["row"], {})[row["column"]] = float(row["value"])
    return Seeds(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What the population must add up to, whole numbers at the scale of the run. U units, O outside places.

    people, urban: int64[U]; age_sex: int64[U, 19, 2]; family_people: int64[U];
    households: int64[U, 5] - alone, other one-generation, two, three, four or more generations;
    scope: int64[U, 4] as SCOPES; employed: int64[U]; away: int64[U, O].
    Shares, not rounded: education float64[U, 7, 2] (within sex), marital float64[U, 4, 2] (within sex, 15+),
    sector float64[U, 19], tenure float64[U, 5], urban_in_seat, hukou_urban, from_prefecture float64[U]
    (share of residents from other counties of the province who come from inside the prefecture).
    away_within: float64[U], registered here and living in other units.
    """

    people: np.ndarray
    urban: np.ndarray
    age_sex: np.ndarray
    family_people: np.ndarray
    households: np.ndarray
    scope: np.ndarray
    employed: np.ndarray
    away: np.ndarray
    education: np.ndarray
    marital: np.ndarray
    sector: np.ndarray
    tenure: np.ndarray
    urban_in_seat: np.ndarray
    hukou_urban: np.ndarray
    from_prefecture: np.ndarray
    away_within: np.ndarray


def _shares(counts: np.ndarray, axis: int) -> np.ndarray:
    return np.asarray(counts / counts.sum(axis=axis, keepdims=True))


def scaled(prefecture: Prefecture, scale: float) -> Margins:
    """The margins of the start census times `scale`, rounded so that totals of the city and its units stay exact."""
    census, state = prefecture.start_census, prefecture.state
    units = prefecture.n_units
    people = round_to_total(census["residents"] * scale, round(float(census["residents"].sum()) * scale))
    age_sex = round_table(census["age_sex"].reshape(units, -1) * scale, people).reshape(units, len(AGE_STARTS), 2)
    urban = np.minimum(round_with(census["urban"] * scale), people)
    scope = census["migrants_by_scope"]
    native = census["residents"][:, None] - scope.sum(axis=1, keepdims=True)
    scope_all = np.concatenate([native, scope], axis=1)
    generations, alone = census["generations"], census["one_person_households"]
    kinds = np.column_stack([alone, generations[:, 0] - alone, generations[:, 1:]])
    return Margins(
        people=people,
        urban=urban,
        age_sex=age_sex,
        family_people=np.minimum(round_with(census["family_population"] * scale), people),
        households=round_table(kinds * scale, round_with(census["households"] * scale)),
        scope=round_table(scope_all * scale, people),
        employed=round_with(state["n_employed"] * scale),
        away=round_table(prefecture.registered_away_by_outside * scale),
        education=_shares(census["education"], 1),
        marital=_shares(census["marital"], 1),
        sector=_shares(census["industry"], 1),
        tenure=_shares(census["tenure"], 1),
        urban_in_seat=state["share_urban_in_seat"],
        hukou_urban=state["share_registered_urban"],
        from_prefecture=state["share_inprovince_migrants_from_prefecture"],
        away_within=state["n_registered_away_in_prefecture"],
    )


def round_with(values: np.ndarray) -> np.ndarray:
    """Whole numbers whose total is the rounded total (int64), by largest remainder."""
    low = np.floor(values + 1e-9)
    short = round(float(values.sum())) - int(low.sum())
    order = np.argsort(-(values - low), kind="stable")
    low[order[:short]] += 1
    return low.astype(np.int64)


def age_group(age: np.ndarray) -> np.ndarray:
    """Row of the 19 census age groups for whole years of age (int64)."""
    return np.searchsorted(np.array(AGE_STARTS), age, side="right") - 1


def single_years(age_sex: np.ndarray) -> np.ndarray:
    """Spread group counts over single years, float64[U, 105, 2], smooth and with the group sums kept.

    age_sex: [U, 19, 2]. Starts even inside groups (from 85 on falling by 18 % a year, assumed), then smooths
    and rescales to the groups in turn.
    """
    starts = np.append(np.array(AGE_STARTS), N_AGES)
    group = age_group(np.arange(N_AGES))
    width = np.diff(starts).astype(np.float64)
    out = np.asarray(age_sex, dtype=np.float64)[:, group] / width[group][None, :, None]
    old = np.arange(N_AGES) >= AGE_STARTS[-1]
    fall = 0.82 ** np.arange(old.sum())
    out[:, old] = np.asarray(age_sex, dtype=np.float64)[:, -1:, :] * (fall / fall.sum())[None, :, None]
    edge = (np.arange(N_AGES) > 1) & ~old
    for _ in range(40):
        smooth = out.copy()
        smooth[:, 1:-1] = 0.25 * out[:, :-2] + 0.5 * out[:, 1:-1] + 0.25 * out[:, 2:]
        out = np.where(edge[None, :, None], smooth, out)
        have = np.add.reduceat(out, starts[:-1], axis=1)
        ratio = np.divide(age_sex, have, out=np.zeros_like(have), where=have > 0)
        out *= ratio[:, group]
    return out


__all__ = [
    "EDUCATION_FROM", "LEVELS", "MARITAL", "N_AGES", "SCOPES", "SECTORS", "SEED_FILE", "TENURES", "Margins", "Seeds",
    "age_group", "read_seeds", "round_with", "scaled", "single_years",
]
