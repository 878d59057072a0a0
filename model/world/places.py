"""Places and markets of a prefecture, with distances and travel times, from its folder of data."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from model.spec.codes import Kind
from model.state.table import Markets, Places
from model.world.prefecture import great_circle_km

if TYPE_CHECKING:
    from model.world.tables import Prefecture

DETOUR: Final = 1.35
SPEED_KM_H: Final = 45.0
SPEED_LONG_KM_H: Final = 80.0
LONG_KM: Final = 80.0
GOLDEN_ANGLE: Final = math.pi * (3.0 - math.sqrt(5.0))
RING_PREFECTURE: Final = 1
RING_PROVINCE: Final = 2
RING_BEYOND: Final = 3


@dataclass(frozen=True, slots=True)
class Geography:
    """Where everything is. P places, M markets, U units.

    dist_km, minutes: float32[P, M]; seat_place, town_place, first_village: int16[U];
    n_villages: int16[U]; village_share: float64[P], share of its unit's rural people who live in a village.
    """

    places: Places
    markets: Markets
    dist_km: np.ndarray
    minutes: np.ndarray
    seat_place: np.ndarray
    town_place: np.ndarray
    first_village: np.ndarray
    n_villages: np.ndarray
    outside_place: np.ndarray
    village_share: np.ndarray

    @property
    def market_place(self) -> np.ndarray:
        """The one place of every town and outside market, int16[M]; -1 for rural markets of many villages."""
        places = np.full(self.n_markets, -1, np.int16)
        places[1 : 3 * self.seat_place.size : 3] = self.town_place
        places[2 : 3 * self.seat_place.size : 3] = self.seat_place
        places[3 * self.seat_place.size :] = self.outside_place
        return places

    @property
    def n_places(self) -> int:
        """Villages, towns, seats and outside destinations."""
        return self.places.n

    @property
    def n_markets(self) -> int:
        """Three per unit, then one per outside destination."""
        return self.markets.n


def travel_minutes(km: np.ndarray) -> np.ndarray:
    """One-way minutes: county roads up to 80 km, faster beyond (assumed speeds)."""
    return np.where(
        km <= LONG_KM, km / SPEED_KM_H * 60, LONG_KM / SPEED_KM_H * 60 + (km - LONG_KM) / SPEED_LONG_KM_H * 60
    )


def _village_offsets(n: int, radius_km: float) -> tuple[np.ndarray, np.ndarray]:
    """Village clusters on a sunflower spiral around the seat, nearest first (km east, km north).

    The census prints no village positions; an even cover of a disc of the county's area is assumed.
    """
    k = np.arange(n)
    r = radius_km * np.sqrt((k + 0.5) / n)
    return r * np.cos(k * GOLDEN_ANGLE), r * np.sin(k * GOLDEN_ANGLE)


def _village_shares(n: int) -> np.ndarray:
    """Sizes fall slowly with distance from the seat (assumed: rank to the power -0.3)."""
    w = np.arange(1, n + 1, dtype=np.float64) ** -0.3
    return w / w.sum()


def build_places(prefecture: Prefecture) -> Geography:
    """Places in order: per unit its villages, township seats, county town; then the outside.

    Tables of places and markets are new ones at every call; the other arrays are read-only.
    """
    kept = _build(prefecture)
    return replace(kept, places=kept.places.copy(), markets=kept.markets.copy())


@lru_cache(maxsize=4)
def _build(prefecture: Prefecture) -> Geography:
    units = prefecture.n_units
    n_villages = prefecture.state["n_village_clusters"].astype(np.int16)
    core, n_outside = prefecture.core, prefecture.n_outside
    n_places = int(n_villages.sum()) + 2 * units + n_outside
    places, markets = Places(n_places), Markets(3 * units + n_outside)
    places.n, markets.n = n_places, 3 * units + n_outside
    seat, town, first = (np.zeros(units, np.int16) for _ in range(3))
    share = np.zeros(n_places)
    row = 0
    for u in range(units):
        n = int(n_villages[u])
        lat0, lon0 = float(prefecture.lat[u]), float(prefecture.lon[u])
        east, north = _village_offsets(n, math.sqrt(float(prefecture.area_km2[u]) / math.pi))
        rows = slice(row, row + n)
        first[u] = row
        places.kind[rows] = Kind.VILLAGE
        places.lat[rows] = lat0 + north / 111.2
        places.lon[rows] = lon0 + east / (111.2 * math.cos(math.radians(lat0)))
        places.market[rows] = 3 * u
        places.relabel_order[rows] = np.arange(n)
        share[rows] = _village_shares(n)
        town[u], seat[u] = row + n, row + n + 1
        places.kind[town[u]] = Kind.TOWN
        places.kind[seat[u]] = Kind.CORE if u == core else Kind.SEAT
        places.lat[town[u] : seat[u] + 1] = lat0
        places.lon[town[u] : seat[u] + 1] = lon0
        places.market[town[u]], places.market[seat[u]] = 3 * u + 1, 3 * u + 2
        places.unit[row : row + n + 2] = u
        row += n + 2
        markets.unit[3 * u : 3 * u + 3] = u
        markets.kind[3 * u : 3 * u + 3] = (Kind.VILLAGE, Kind.TOWN, places.kind[seat[u]])
        markets.ring[3 * u : 3 * u + 3] = RING_PREFECTURE
    rows = slice(row, n_places)
    places.kind[rows], places.unit[rows] = Kind.OUTSIDE, -1
    places.lat[rows], places.lon[rows] = prefecture.outside_array("lat"), prefecture.outside_array("lon")
    places.market[rows] = 3 * units + np.arange(n_outside)
    markets.unit[3 * units :], markets.kind[3 * units :] = -1, Kind.OUTSIDE
    near = np.array([o.ring == "province" for o in prefecture.outside])
    markets.ring[3 * units :] = np.where(near, RING_PROVINCE, RING_BEYOND)
    places.urban[:] = places.kind != Kind.VILLAGE
    places.urban_frozen[:] = places.urban
    dist = _distances(places, prefecture, seat, town, np.arange(row, n_places))
    arrays = (
        dist, travel_minutes(dist).astype(np.float32), seat, town, first, n_villages,
        np.arange(row, n_places, dtype=np.int16), share,
    )
    for array in arrays:
        array.setflags(write=False)
    return Geography(places, markets, *arrays)


def _distances(
    places: Places, prefecture: Prefecture, seat: np.ndarray, town: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    """Road distances float32[P, M]; to the rural market of one's own unit it is zero."""
    units = prefecture.n_units
    radius = np.sqrt(prefecture.area_km2 / math.pi)
    target = np.empty(3 * units + outside.size, np.int64)
    target[0 : 3 * units : 3], target[1 : 3 * units : 3], target[2 : 3 * units : 3] = seat, town, seat
    target[3 * units :] = outside
    km = DETOUR * great_circle_km(
        places.lat[: places.n, None], places.lon[: places.n, None], places.lat[target][None], places.lon[target][None]
    )
    # An outside place stands for many: its distance to each unit is the data's, not that of one point.
    inside = places.unit[: places.n] >= 0
    km[inside, 3 * units :] = DETOUR * prefecture.outside_distance_km[places.unit[: places.n][inside]]
    own = np.arange(places.n)[places.unit[: places.n] >= 0]
    unit = places.unit[own]
    km[own, 3 * unit] = 0.0
    # A township seat is nearer than the county town: villages look to one of several (assumed a third of the radius).
    village = places.kind[own] == Kind.VILLAGE
    km[own, 3 * unit + 1] = DETOUR * radius[unit] / np.where(village, 3.0, 2.0)
    km[town, 3 * np.arange(units) + 1] = 0.0
    km[town, 3 * np.arange(units) + 2] = DETOUR * radius / 2
    return km.astype(np.float32)
