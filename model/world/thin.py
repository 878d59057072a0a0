"""Prefectures made by rules from a census of the past: KEY@2010, for any prefecture of the province.

Read: the county tabulation of that census, `thin/` (names, seats, rules), national rates of birth and death, the
drivers observed during the decade, and of a prefecture with a folder of its own which units it has. No count and no
state of any county of a later date.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.world.census import read_census
from model.world.datafiles import DataError, Figure, Statistics, Table, read_table
from model.world.drivers import FUTURES, OBSERVED, POINTS, DriverTable
from model.world.prefecture import FERTILE_AGES, Area, OutsidePlace, Prefecture, great_circle_km
from model.world.thin_places import MARK, Place, Unit, about, places, units_of
from model.world.thin_rules import Facts, Made, follow, missed_share

PROVINCE_URBAN: Final = "province_urban_percent"
"""The one driver that counts people: read for the start only."""
RISE: Final = "province_urban_rise"
PAY: Final = "outside_wage_index"
GRID: Final = 4
"""Units in a row of the map, which has no geography here."""


def make(key: str, root: Path) -> Prefecture:
    """The prefecture of a key such as KEY@2010. DataError where it cannot be made."""
    facts_of = about(root)
    name, _, year = key.partition(MARK)
    known = {p.key: p for p in places(root)}
    if name not in known or year not in facts_of["starts"]:
        all_ = (f"{k}{MARK}{y}" for k in known for y in facts_of["starts"])
        raise DataError([f"no prefecture {key}; there are {', '.join(all_)}"])
    return _Maker(key, known, int(year), facts_of, root).prefecture()


class _Maker:
    """Gathers what the rules read, follows them and puts the prefecture together."""

    def __init__(self, key: str, known: dict[str, Place], year: int, facts_of: dict[str, Any], root: Path) -> None:
        self.key, self.year, self.root, self.about = key, year, root, facts_of
        self.place = known[key.partition(MARK)[0]]
        self.start = facts_of["starts"][str(year)]
        self.month = facts_of["census"][str(year)]["reference_month"]
        self.province, self.nation = (Area(**facts_of[k]) for k in ("province", "nation"))
        self.units: tuple[Unit, ...] = units_of(self.place.key, root)
        self.statistics = Statistics(root)
        self.census, self.counted = self._margins([u.codes[str(year)] for u in self.units])
        self.core = int(np.argmax(self.census["urban"]))
        self.outside = [
            _outside(spot, self.place, tuple(known.values())) for spot in facts_of["outside"]
            if spot.get("prefecture") != self.place.key
        ]
        self.drivers = read_table(self.start["drivers"], root)

    def _margins(self, parts: Sequence[Sequence[str]]) -> tuple[dict[str, np.ndarray], list[Figure]]:
        return read_census(self.root / self.about["census"][str(self.year)]["file"], self.year, parts, self.root)

    def _national(self, indicator: str) -> np.ndarray:
        read, nation = self.statistics.value, self.nation.adcode
        return np.array([
            read("demography", indicator, nation, self.year, age=a, sex="female")[0] for a in FERTILE_AGES
        ])

    def facts(self) -> Facts:
        """What the rules may read."""
        now = self._known_drivers(())
        pay = now.series("central", [self.start["parameters_of"]], None, self.month)[PAY]
        whole, _ = self._margins([(self.province.adcode,)])
        read, province = self.statistics.value, self.province.adcode
        left = read("migration", "outmigrants_other_provinces_total", province, self.year)[0]
        return Facts(
            key=self.place.key,
            units=tuple(u.key for u in self.units),
            outside=tuple(o.key for o in self.outside),
            census=self.census,
            province=whole,
            core=self.core,
            district=np.array([u.admin_level == "district" for u in self.units]),
            practice=self._practice(),
            death_rate=self._death_rate(),
            fertility=self._national("asfr_wpp") / 1000.0,
            pay=float(pay[0]),
            missed=missed_share(whole, left),
        )

    def size(self) -> float:
        """Residents over those of the prefecture for which practice is declared."""
        declared, _ = self._margins([self.start["practice_of"]])
        return float(self.census["residents"].sum() / declared["residents"].sum())

    def _practice(self) -> dict[str, np.ndarray]:
        from model.spec.registry import REGISTRY
        from model.world.quantities import counts_by_unit, unit_practice

        counts = counts_by_unit(self.census)
        totals = [lever for lever in REGISTRY.levers.values() if lever.apportion is not None]
        return {lever.key: unit_practice(lever, counts, len(self.units), self.size()) for lever in totals}

    def _death_rate(self) -> np.ndarray:
        from model.world.prefecture import MORTALITY_AGES, mortality_rates
        from model.world.vital import by_single_year, implied_death_rate

        rates = mortality_rates(self.statistics, self.nation.adcode, self.year)
        return implied_death_rate(self.census["age_sex"], by_single_year(rates, MORTALITY_AGES))

    def _known_drivers(self, more: Sequence[Figure]) -> DriverTable:
        """Observed rows up to the last year; of the urban share of the province `more` alone."""
        last = int(self.start["last_driver_year"])
        rows = [
            f for f in self.drivers.figures()
            if f.key("future") == OBSERVED and int(f.key("period")[:4]) <= last and f.key("driver") != PROVINCE_URBAN
        ]
        return DriverTable((*rows, *more), self.drivers.file)

    def _province_urban(self, rise: float) -> list[Figure]:
        """The share counted at the start, and its rise before the start, carried on in every future."""
        counted = [
            f for f in self.drivers.figures()
            if f.key("driver") == PROVINCE_URBAN and f.key("future") == OBSERVED and f.key("period") == self.month
        ]
        ahead = [
            counted[0]._replace(
                value=rise, unit=POINTS, source="rise between the censuses before the start, carried on",
                keys=(("driver", PROVINCE_URBAN), ("future", future), ("period", str(self.year)), ("known_from", "")),
            )
            for future in FUTURES
        ]
        return counted + ahead

    def prefecture(self) -> Prefecture:
        """Follow the rules and put everything together."""
        rules: Table = read_table(self.start["rules"], self.root)
        made: Made = follow(rules, self.facts())
        number = {
            c: _frozen([float(getattr(u, c)) for u in self.units]) for c in ("lat", "lon", "area_km2")
        }
        lat, lon = number["lat"], number["lon"]
        out_lat, out_lon = (np.array([getattr(o, x) for o in self.outside]) for x in ("lat", "lon"))
        total, _ = self._margins([(self.place.area.adcode,)])
        return Prefecture(
            key=self.key,
            area=self.place.area,
            province=self.province,
            nation=self.nation,
            reference_month=self.month,
            core_unit=self.units[self.core].key,
            unit_keys=tuple(u.key for u in self.units),
            unit_adcodes=tuple(u.adcode for u in self.units),
            unit_names_en=tuple(u.name_en for u in self.units),
            unit_names_zh=tuple(u.name_zh for u in self.units),
            admin_levels=tuple(u.admin_level for u in self.units),
            functional_types=tuple(u.functional_type for u in self.units),
            pilot=_frozen([u.pilot for u in self.units]),
            tile=_frozen([[k // GRID, k % GRID] for k in range(len(self.units))]),
            distance_km=_frozen(great_circle_km(lat[:, None], lon[:, None], lat[None], lon[None])),
            outside=tuple(o.with_numbers(made.outside[o.key]) for o in self.outside),
            outside_distance_km=_frozen(great_circle_km(lat[:, None], lon[:, None], out_lat[None], out_lon[None])),
            state=made.state,
            scalars=made.scalars,
            census={self.year: self.census},
            census_total={self.year: total},
            figures=(*made.figures, *self.counted),
            driver_table=self._known_drivers(self._province_urban(made.scalars[RISE])),
            statistics=self.statistics,
            plan_folder=self.root / self.about["plan_folder"],
            root=self.root,
            size=self.size(),
            last_observed=int(self.start["last_driver_year"]),
            **number,
        )


class _Spot:
    """An outside place that has a position but no numbers yet."""

    def __init__(self, about_it: dict[str, Any], lat: float, lon: float) -> None:
        self.key, self.about, self.lat, self.lon = about_it["key"], about_it, lat, lon

    def with_numbers(self, numbers: dict[str, float]) -> OutsidePlace:
        """The place with the quantities that rules gave it."""
        a = self.about
        return OutsidePlace(
            self.key, a["name_en"], a["name_zh"], a["ring"], {**numbers, "lat": self.lat, "lon": self.lon}
        )


def _outside(about_it: dict[str, Any], home: Place, known: Sequence[Place]) -> _Spot:
    """Where an outside place lies: a prefecture, the nearest of some points, or a point that stands for many."""
    if "prefecture" in about_it:
        there = next(p for p in known if p.key == about_it["prefecture"])
        return _Spot(about_it, there.lat, there.lon)
    points = about_it.get("points") or [(p.lat, p.lon) for p in known if p.key != home.key]
    lat, lon = np.array(points, dtype=np.float64).T
    km = great_circle_km(np.array(home.lat), np.array(home.lon), lat, lon)
    first = int(np.argmin(km))
    part = float(np.sort(km)[: about_it["nearest"]].mean() / km[first]) if "nearest" in about_it else 1.0
    return _Spot(about_it, home.lat + part * (lat[first] - home.lat), home.lon + part * (lon[first] - home.lon))


def _frozen(values: Any) -> np.ndarray:
    array = np.asarray(values)
    array.setflags(write=False)
    return array

