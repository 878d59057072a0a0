"""Which prefectures can be made from a census of the past, and the units that two censuses share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.world.datafiles import DataError, checksum_problem, read_sources, read_table
from model.world.prefecture import Area

MARK: Final = "@"
"""Stands between the key of a prefecture and the year of the census it is made from."""
FOLDER: Final = "thin"


@dataclass(frozen=True, slots=True)
class Unit:
    """A county or district, or several where their borders changed. codes: census year -> rows that make it up."""

    key: str
    codes: Mapping[str, tuple[str, ...]]
    name_en: str
    name_zh: str
    admin_level: str
    functional_type: str
    lat: float
    lon: float
    area_km2: float
    pilot: bool
    adcode: str


@dataclass(frozen=True, slots=True)
class Place:
    """A prefecture of `thin/prefectures.csv`; its seat in degrees."""

    key: str
    area: Area
    lat: float
    lon: float


def about(root: Path) -> dict[str, Any]:
    """`thin/about.json`: censuses, starts, outside places. DataError when it is changed or missing."""
    path = root / FOLDER / "about.json"
    if not path.is_file():
        raise DataError([f"{FOLDER}/about.json: not found under {root}"])
    raw = path.read_bytes()
    problem = checksum_problem(f"{FOLDER}/about.json", raw, read_sources(root))
    if problem:
        raise DataError([problem])
    return dict(json.loads(raw.decode("utf-8")))


def places(root: Path) -> tuple[Place, ...]:
    """Every prefecture that can be made, in order of code."""
    return tuple(
        Place(r["key"], Area(r["adcode"], r["name_en"], r["name_zh"]), float(r["seat_lat"]), float(r["seat_lon"]))
        for r in read_table(f"{FOLDER}/prefectures.csv", root).records()
    )


def units_of(key: str, root: Path) -> tuple[Unit, ...]:
    """Units that the censuses share, from the prefecture's own folder where it has one."""
    folder = root / "prefectures" / key
    if (folder / "prefecture.json").is_file():
        census = json.loads((folder / "prefecture.json").read_text(encoding="utf-8"))["census"]
        records = read_table(folder / "units.csv", root).records()
        return tuple(_unit(r, {y: tuple(census[y]["units"][r["key"]]) for y in census}) for r in records)
    years = [c.removeprefix("adcodes_") for c in read_table(f"{FOLDER}/counties.csv", root).columns if "adcodes" in c]
    rows = [r for r in read_table(f"{FOLDER}/counties.csv", root).records() if r["prefecture"] == key]
    return tuple(_unit(r, {y: tuple(r[f"adcodes_{y}"].split("+")) for y in years}) for r in rows)


def _unit(row: Mapping[str, str], codes: Mapping[str, tuple[str, ...]]) -> Unit:
    lat, lon, area = (float(row[c]) for c in ("seat_lat", "seat_lon", "area_km2"))
    level = row.get("admin_level") or ("district" if row["name_zh"].endswith("区") else "county")
    now = "+".join(codes[max(codes)])
    return Unit(
        row["key"], codes, row["name_en"], row["name_zh"], level, row.get("functional_type", ""), lat, lon, area,
        row.get("pilot") == "1", now,
    )
