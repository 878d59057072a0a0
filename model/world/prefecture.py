"""A prefecture is a folder of data: `load_prefecture` turns it into arrays by unit.

Nothing here knows any place. The folder `data/prefectures/KEY/` holds names, units, outside
destinations, start-state quantities and drivers; the statistics it is derived from are beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.world import datafiles
from model.world.census import read_census
from model.world.datafiles import DataError, Figure, Statistics, Table, read_table, verify_sources
from model.world.drivers import FUTURES, DriverTable, ordinal

ALL: Final = "all"
"""In state.csv: the whole prefecture rather than one unit."""

RINGS: Final = ("province", "beyond")
TEXTS: Final = ("name_en", "name_zh", "ring")
FERTILE_AGES: Final = ("15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49")
MORTALITY_AGES: Final = (0, 1, *range(5, 101, 5))
"""First year of each of the 22 age groups of the death rates."""

EARTH_RADIUS_KM: Final = 6371.0088


@dataclass(frozen=True, slots=True)
class Area:
    """A place above the units: code and names."""

    adcode: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class OutsidePlace:
    """A destination outside the prefecture. ring: province or beyond; numbers: quantity -> value of outside.csv."""

    key: str
    name_en: str
    name_zh: str
    ring: str
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prefecture:
    """Everything about one prefecture that the model needs; arrays are read-only.

    unit_keys, unit_adcodes, unit_names_en, unit_names_zh, admin_levels, functional_types: n_units texts.
    core_unit: key of the core unit. pilot: bool[n_units].
    lat, lon: float64[n_units], the seats in degrees; area_km2: float64[n_units].
    tile: int64[n_units, 2], row and column of the map grid.
    distance_km: float64[n_units, n_units]; outside_distance_km: float64[n_units, n_outside].
    outside: the destinations outside, in file order.
    state: quantity -> float64[n_units]; scalars: quantity -> float for the whole prefecture.
    census: year -> margin -> float64[n_units, ...]; census_total: the same for the published total (one row).
    size: residents over those of the prefecture for which practice is declared. last_observed: last year of which
    national births are read as they were, where the start lies in the past.
    """

    key: str
    area: Area
    province: Area
    nation: Area
    reference_month: str
    core_unit: str
    unit_keys: tuple[str, ...]
    unit_adcodes: tuple[str, ...]
    unit_names_en: tuple[str, ...]
    unit_names_zh: tuple[str, ...]
    admin_levels: tuple[str, ...]
    functional_types: tuple[str, ...]
    pilot: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    area_km2: np.ndarray
    tile: np.ndarray
    distance_km: np.ndarray
    outside: tuple[OutsidePlace, ...]
    outside_distance_km: np.ndarray
    state: Mapping[str, np.ndarray]
    scalars: Mapping[str, float]
    census: Mapping[int, Mapping[str, np.ndarray]]
    census_total: Mapping[int, Mapping[str, np.ndarray]]
    figures: tuple[Figure, ...]
    driver_table: DriverTable
    statistics: Statistics
    plan_folder: Path
    root: Path
    size: float = 1.0
    last_observed: int | None = None

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.unit_keys)

    @property
    def n_outside(self) -> int:
        """Number of outside destinations."""
        return len(self.outside)

    @property
    def units(self) -> tuple[str, ...]:
        """Short for unit_keys."""
        return self.unit_keys

    @property
    def outside_keys(self) -> tuple[str, ...]:
        """Keys of the outside destinations, in order."""
        return tuple(o.key for o in self.outside)

    @property
    def core(self) -> int:
        """Row of the core unit."""
        return self.unit_keys.index(self.core_unit)

    @property
    def reference_ordinal(self) -> int:
        """Reference month as year * 12 + month - 1."""
        return ordinal(self.reference_month)

    @property
    def start_year(self) -> int:
        """Year of the census from which people are drawn."""
        return self.reference_ordinal // 12

    @property
    def start_census(self) -> Mapping[str, np.ndarray]:
        """Margins of the census from which people are drawn."""
        return self.census[self.start_year]

    @property
    def census_2010(self) -> Mapping[str, np.ndarray]:
        """Margins of the 2010 census on today's units."""
        return self.census[2010]

    @property
    def census_2020(self) -> Mapping[str, np.ndarray]:
        """Margins of the 2020 census."""
        return self.census[2020]

    def unit_index(self, key: str) -> int:
        """Row of a unit. KeyError naming the units there are."""
        if key not in self.unit_keys:
            raise KeyError(f"no unit '{key}' in {self.key}; units are {', '.join(self.unit_keys)}")
        return self.unit_keys.index(key)

    def outside_array(self, quantity: str) -> np.ndarray:
        """float64[n_outside] of one quantity of outside.csv."""
        return np.array([o.numbers[quantity] for o in self.outside])

    def state_columns(self, prefix: str, names: Iterable[str]) -> np.ndarray:
        """float64[n_units, n_names]: state[prefix + name] side by side."""
        return np.stack([self.state[prefix + name] for name in names], axis=1)

    @property
    def registered_away_by_outside(self) -> np.ndarray:
        """float64[n_units, n_outside]: persons registered in a unit who live in each outside place."""
        return self.state_columns("n_registered_away_", self.outside_keys)

    def figure(self, quantity: str, unit: str = ALL) -> Figure:
        """The provenance of one number of state.csv. KeyError if there is none."""
        for figure in self.figures:
            if figure.key("quantity") == quantity and figure.key("unit") == unit:
                return figure
        raise KeyError(f"no {quantity} for {unit} in state.csv")

    def drivers(
        self,
        future: str | Mapping[str, str] = "central",
        months: Sequence[str | int] | None = None,
        origin: str | None = None,
        base: str | int | None = None,
    ) -> dict[str, np.ndarray]:
        """float64[n_months] for every driver; see DriverTable.series. Default: one month, the reference."""
        start: str | int = self.reference_month if base is None else base
        return self.driver_table.series(future, [start] if months is None else months, origin, start)

    def fertility(self, year: int, *, trend: bool = True) -> np.ndarray:
        """Births per woman and year, float64[n_units, 7], ages 15-19 to 45-49.

        The national schedule of the start census (of the UN prospects where that is not at hand),
        rescaled so that each unit has its own total fertility at the start (state["tfr"]); with `trend`
        that total moves with the national total of the UN prospects, year over start year.
        """
        read, nation, start = self.statistics.value, self.nation.adcode, self.start_year
        printed = bool(self.statistics.rows("demography", "asfr_census", nation, start))
        schedule = "asfr_census" if printed else "asfr_wpp"
        shape = np.array([read("demography", schedule, nation, start, age=a, sex="female")[0] for a in FERTILE_AGES])
        rates = self.state["tfr"][:, None] * (shape / (5.0 * shape.sum()))[None, :]
        return rates * self.national_fertility(year) if trend and year != start else rates

    def national_fertility(self, year: int) -> float:
        """National total fertility of the UN prospects, year over start year."""
        of = self.nation.adcode
        now, then = (self.statistics.value("demography", "tfr_wpp", of, y)[0] for y in (year, self.start_year))
        return now / then

    def fertility_path(self, year: int, trend: float) -> float:
        """Fertility of a year over that at the start: the national path as far as it is read, then exp(trend)."""
        if self.last_observed is None:
            return math.exp(trend * (year - self.start_year))
        known = min(year, self.last_observed)
        return self.national_fertility(known) * math.exp(trend * (year - known))

    def mortality(self, year: int) -> np.ndarray:
        """Deaths per person and year, float64[22, 2], ages MORTALITY_AGES, male and female.

        National rates of the UN prospects for the five years that hold `year` (nearest period
        outside 2010-2030), times scalars["mortality_scale"]; the same in every unit.
        """
        return _mortality(self, year - year % 5)

    def male_share_at_birth(self, year: int) -> float:
        """Share of boys among births, national, between the years given by the UN prospects."""
        years = (2010, 2015, 2020, 2024, 2027)
        ratios = [
            self.statistics.value("demography", "sex_ratio_at_birth_wpp", self.nation.adcode, y)[0] for y in years
        ]
        ratio = float(np.interp(year, years, ratios))
        return ratio / (1.0 + ratio)


@lru_cache(maxsize=16)
def _mortality(prefecture: Prefecture, year: int) -> np.ndarray:
    rates = mortality_rates(prefecture.statistics, prefecture.nation.adcode, year)
    return _frozen(rates * prefecture.scalars["mortality_scale"])


def mortality_rates(statistics: Statistics, nation: str, year: int) -> np.ndarray:
    """National deaths per person and year of the UN prospects, float64[22, 2], ages MORTALITY_AGES, men and women."""
    first = min(max(year - year % 5, 2010), 2025)
    name, period, read = "mortality_rate_mx_wpp", f"{first}-{first + 5}", statistics.value
    return np.array([
        [read("demography", name, nation, period, age=str(a), sex=s)[0] for s in ("male", "female")]
        for a in MORTALITY_AGES
    ])


def default_prefecture(root: str | Path | None = None) -> str:
    """The key in `prefectures/default.txt`, else the only folder there. DataError if neither."""
    folder = datafiles.data_root(root) / "prefectures"
    named = folder / "default.txt"
    if named.is_file():
        return named.read_text(encoding="utf-8").strip()
    keys = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    if len(keys) == 1:
        return keys[0]
    raise DataError([f"prefectures: {len(keys)} folders and no default.txt; write one key into default.txt"])


def load_prefecture(key: str | None = None, data_root: str | Path | None = None) -> Prefecture:
    """Load a prefecture, checking every file first; the same object again while no file has changed.

    key: folder under `data/prefectures`, default `default_prefecture()`; KEY@2010 is a prefecture made by rules from
    the census of that year (`model.world.thin`). data_root: the data
    folder, default see `datafiles.data_root`. DataError with all problems of all its tables.
    """
    root = datafiles.data_root(data_root)
    return _load(key or default_prefecture(root), root, datafiles.folder_state(root))


@lru_cache(maxsize=4)
def _load(key: str, root: Path, _state_of_files: object) -> Prefecture:
    if "@" in key:
        from model.world.thin import make

        verify_sources(root, unlisted_ok=True)
        return make(key, root)
    folder = root / "prefectures" / key
    if not (folder / "prefecture.json").is_file():
        there = sorted(p.parent.name for p in (root / "prefectures").glob("*/prefecture.json"))
        raise DataError([f"prefectures/{key}: no prefecture.json; there are {', '.join(there) or 'none'}"])
    problems: list[str] = []

    def attempt[T](read: Callable[..., T], *arguments: Any) -> T | None:
        try:
            return read(*arguments)
        except DataError as error:
            problems.extend(p for p in error.problems if p not in problems)
            return None

    attempt(lambda: verify_sources(root, unlisted_ok=True))
    read = {n: attempt(read_table, folder / f"{n}.csv", root) for n in ("units", "state", "outside", "drivers")}
    tables = {n: table for n, table in read.items() if table is not None}
    if problems:
        raise DataError(problems)
    about = json.loads((folder / "prefecture.json").read_text(encoding="utf-8"))
    units = tables["units"].records()
    keys = tuple(u["key"] for u in units)
    state, scalars = _state(tables["state"], keys, problems)
    outside = _outside(tables["outside"], problems)
    drivers = attempt(DriverTable, tables["drivers"].figures(), tables["drivers"].file)
    if about["core_unit"] not in keys:
        problems.append(f"prefectures/{key}/prefecture.json: core_unit '{about['core_unit']}' is not a unit")
    census: dict[int, Mapping[str, np.ndarray]] = {}
    totals: dict[int, Mapping[str, np.ndarray]] = {}
    figures = [*tables["state"].figures()]
    for year, section in about["census"].items():
        path = root / section["file"]
        missing = [k for k in keys if k not in section["units"]]
        problems += [f"prefectures/{key}/prefecture.json: census {year} has no codes for {k}" for k in missing]
        if missing:
            continue
        parts = [section["units"][k] for k in keys] + [section["total"]]
        found = attempt(read_census, path, int(year), parts, root)
        if found:
            census[int(year)] = {k: v[:-1] for k, v in found[0].items()}
            totals[int(year)] = {k: v[-1:] for k, v in found[0].items()}
            figures += found[1]
    if problems or drivers is None:
        raise DataError(problems)
    number = {c: _frozen([float(u[c]) for u in units]) for c in ("seat_lat", "seat_lon", "area_km2")}
    lat, lon = number["seat_lat"], number["seat_lon"]
    out_lat, out_lon = (np.array([o.numbers[x] for o in outside]) for x in ("lat", "lon"))
    return Prefecture(
        key=about["key"],
        area=Area(about["adcode"], about["name_en"], about["name_zh"]),
        province=Area(**about["province"]),
        nation=Area(**about["nation"]),
        reference_month=about["reference_month"],
        core_unit=about["core_unit"],
        unit_keys=keys,
        unit_adcodes=tuple(u["adcode"] for u in units),
        unit_names_en=tuple(u["name_en"] for u in units),
        unit_names_zh=tuple(u["name_zh"] for u in units),
        admin_levels=tuple(u["admin_level"] for u in units),
        functional_types=tuple(u["functional_type"] for u in units),
        pilot=_frozen([int(u["pilot"]) == 1 for u in units]),
        lat=lat,
        lon=lon,
        area_km2=number["area_km2"],
        tile=_frozen([[int(u["tile_row"]), int(u["tile_col"])] for u in units]),
        distance_km=_frozen(great_circle_km(lat[:, None], lon[:, None], lat[None], lon[None])),
        outside=outside,
        outside_distance_km=_frozen(great_circle_km(lat[:, None], lon[:, None], out_lat[None], out_lon[None])),
        state=state,
        scalars=scalars,
        census=census,
        census_total=totals,
        figures=tuple(figures),
        driver_table=drivers,
        statistics=Statistics(root),
        plan_folder=root / about["plan_folder"],
        root=root,
    )


def great_circle_km(lat: np.ndarray, lon: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Great-circle distance in km between points in degrees, broadcast."""
    a, b, c, d = (np.radians(x) for x in (lat, lon, lat2, lon2))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))


def _frozen(values: Any) -> np.ndarray:
    array = np.asarray(values)
    array.setflags(write=False)
    return array


def _state(
    table: Table, units: tuple[str, ...], problems: list[str]
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    state: dict[str, np.ndarray] = {}
    scalars: dict[str, float] = {}
    seen: dict[tuple[str, str], int] = {}
    for figure in table.figures():
        where, quantity = figure.key("unit"), figure.key("quantity")
        if (where, quantity) in seen:
            problems.append(f"{table.file}:{figure.line} {quantity} of {where} is already on line "
                            f"{seen[where, quantity]}; keep one")
        seen[where, quantity] = figure.line
        if where == ALL:
            scalars[quantity] = figure.value
        elif where in units:
            state.setdefault(quantity, np.full(len(units), math.nan))[units.index(where)] = figure.value
        else:
            problems.append(f"{table.file}:{figure.line} unit '{where}' is not in units.csv; use one of "
                            f"{', '.join(units)} or {ALL}")
    for quantity, array in state.items():
        problems += [f"{table.file}: {quantity} has no row for {units[u]}; add it"
                     for u in np.flatnonzero(np.isnan(array))]
        array.setflags(write=False)
    return state, scalars


def _outside(table: Table, problems: list[str]) -> tuple[OutsidePlace, ...]:
    texts: dict[str, dict[str, str]] = {}
    numbers: dict[str, dict[str, float]] = {}
    for i, record in enumerate(table.records()):
        key, quantity = record["key"], record["quantity"]
        texts.setdefault(key, {})
        numbers.setdefault(key, {})
        if record["unit_of_measure"] == "text":
            texts[key][quantity] = record["value"]
        else:
            numbers[key][quantity] = table.figure(i).value
    wanted = {q: None for n in numbers.values() for q in n} | dict.fromkeys(("lat", "lon"))
    for key, text in texts.items():
        absent = [q for q in wanted if q not in numbers[key]] + [t for t in TEXTS if not text.get(t)]
        problems += [f"{table.file}: {key} has no row for {q}; add it" for q in absent]
        if text.get("ring") not in RINGS:
            problems.append(f"{table.file}: ring of {key} must be one of {', '.join(RINGS)}")
    return tuple(
        OutsidePlace(key, text.get("name_en", ""), text.get("name_zh", ""), text.get("ring", ""), numbers[key])
        for key, text in texts.items()
    )


__all__ = ["ALL", "FUTURES", "Area", "OutsidePlace", "Prefecture", "default_prefecture", "load_prefecture"]
