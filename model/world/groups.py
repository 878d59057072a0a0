"""Who lives where and is registered where: residents as groups that live together, placed one by one.

A group is a family home, one person of a collective household, or people who live together outside the
prefecture. Groups are given whole attributes by weighted diffusion, so that persons (not groups) add up.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.build import diffuse_weighted
from model.world.homes import Homes
from model.world.ipf import Margin, fit, order_by, shift_to_total
from model.world.margins import SCOPES, Margins, Seeds
from model.world.people import ADULT, People

if TYPE_CHECKING:
    from model.world.places import Geography
    from model.world.tables import Prefecture

COLLECTIVE: Final = 5
NATIVE, SAME_COUNTY, SAME_PROVINCE, OTHER_PROVINCE = range(len(SCOPES))
SCHOOL_FROM: Final = 6
AGE_BANDS: Final = np.array([0, 18, 25, 35, 45, 55, 65])


@dataclass(slots=True)
class Groups:
    """People who live together; G groups, residents first.

    of: int32[n persons]; unit: uint8[G], unit of residence (of origin for those outside); urban, kind, scope:
    uint8[G]; skip, outside: bool[G]; size: int64[G]; age: int64[G], of the reference person;
    place, hukou: int16[G].
    """

    of: np.ndarray
    unit: np.ndarray
    urban: np.ndarray
    kind: np.ndarray
    skip: np.ndarray
    carer: np.ndarray
    size: np.ndarray
    age: np.ndarray
    scope: np.ndarray
    place: np.ndarray
    hukou: np.ndarray
    outside: np.ndarray

    @property
    def n(self) -> int:
        """Number of groups."""
        return int(self.unit.size)


def give(cell: np.ndarray, probability: np.ndarray, weight: np.ndarray, order: np.ndarray) -> np.ndarray:
    """One category per group, int64[n]; rows not in `order` get 0."""
    out = np.zeros(cell.size, np.int64)
    diffuse_weighted(cell.astype(np.int64), np.ascontiguousarray(probability), weight.astype(np.int64), order, out)
    return out


def reference_key(age: np.ndarray) -> np.ndarray:
    """Order of members: the oldest adult under 60 first, then the youngest of the old, then the children."""
    age = age.astype(np.int64)
    return np.where(age < 18, 1000 - age, np.where(age < 60, 100 - age, 300 + age))


def gather(people: People, homes: Homes) -> Groups:
    """Residents as groups: family homes, then one group for each person of a collective household."""
    single = np.flatnonzero(people.collective)
    n_homes = homes.unit.size
    of = homes.of.copy()
    of[single] = n_homes + np.arange(single.size)
    total = n_homes + single.size
    size = np.bincount(of, minlength=total)
    adults = np.bincount(of[people.age >= ADULT], minlength=total)
    pupils = np.bincount(of[(people.age >= SCHOOL_FROM) & (people.age < ADULT)], minlength=total)
    age = np.full(total, 10_000, np.int64)
    np.minimum.at(age, of, reference_key(people.age) * 128 + people.age)
    return Groups(
        of=of,
        unit=np.concatenate([homes.unit, people.unit[single]]),
        urban=np.concatenate([homes.urban, people.urban[single]]),
        kind=np.concatenate([homes.kind, np.full(single.size, COLLECTIVE, np.uint8)]),
        skip=np.concatenate([homes.skip, np.zeros(single.size, np.bool_)]),
        carer=(adults == 1) & (pupils > 0),
        size=size,
        age=age % 128,
        scope=np.zeros(total, np.uint8),
        place=np.zeros(total, np.int16),
        hukou=np.zeros(total, np.int16),
        outside=np.zeros(total, np.bool_),
    )


def join(first: Groups, second: Groups) -> Groups:
    """Two sets of groups one after the other, and their persons too."""
    both = {f.name: np.concatenate([getattr(first, f.name), getattr(second, f.name)]) for f in fields(Groups)}
    both["of"] = np.concatenate([first.of, second.of + first.n])
    return Groups(**both)


def _sorted(groups: Groups, units: int, *keys: tuple[np.ndarray, int]) -> np.ndarray:
    """Order by unit, then homes before persons alone, then the given keys."""
    small = (groups.size == 1).astype(np.int64)
    key = groups.unit.astype(np.int64) * 2 + small
    n = 2 * units
    for values, top in keys:
        key, n = key * top + values, n * top
    return order_by(key, n)


def set_scope(groups: Groups, margins: Margins, seeds: Seeds) -> None:
    """Where each resident group is registered, as a class: SCOPES; persons per unit as printed."""
    units, bands = margins.people.size, AGE_BANDS.size
    band = np.searchsorted(AGE_BANDS, groups.age, side="right") - 1
    by_age = seeds.rows("scope_by_age", [str(a) for a in AGE_BANDS], SCOPES[1:])
    village = seeds.rows("scope_in_village", SCOPES[1:], ("odds",))[:, 0]
    seed = np.ones((3, 2, bands, len(SCOPES)))
    seed[..., 1:] = by_age[None, None]
    seed[0, 0, :, 1:] *= village
    seed[1, ..., 1:] *= seeds.number("collective_from_elsewhere")
    seed[2, 1, :, SAME_COUNTY] *= seeds.number("scope_lone_carer")
    sort = np.where(groups.kind == COLLECTIVE, 1, 2 * groups.carer)
    inner = (sort * 2 + groups.urban) * bands + band
    cell = groups.unit.astype(np.int64) * (6 * bands) + inner
    people = np.bincount(cell, groups.size, 6 * bands * units).reshape(units, 3, 2, bands)
    table = np.empty((units, 3, 2, bands, len(SCOPES)))
    for u in range(units):
        target = margins.scope[u] * (people[u].sum() / max(margins.scope[u].sum(), 1))
        fitted = fit(seed * people[u][..., None], [Margin((3,), target), Margin((0, 1, 2), people[u])]).table
        total = fitted.sum(axis=-1, keepdims=True)
        table[u] = np.divide(fitted, total, out=np.full_like(fitted, 0.25), where=total > 0)
    order = _sorted(groups, units, (groups.urban.astype(np.int64), 2), (band, bands))
    groups.scope[:] = give(cell, table.reshape(-1, len(SCOPES)), groups.size, order)


def village_table(geography: Geography) -> np.ndarray:
    """float64[U, most villages]: share of the unit's rural people in each of its villages."""
    units = geography.seat_place.size
    table = np.zeros((units, int(geography.n_villages.max())))
    for u in range(units):
        first, n = int(geography.first_village[u]), int(geography.n_villages[u])
        table[u, :n] = geography.village_share[first : first + n]
    return table


def some_village(unit: np.ndarray, size: np.ndarray, order: np.ndarray, geography: Geography) -> np.ndarray:
    """A village of the given unit for each group in `order`, by the villages' shares (int16[n])."""
    village = give(unit, village_table(geography), size, order)
    return (geography.first_village[unit] + village).astype(np.int16)


def settle_places(groups: Groups, margins: Margins, geography: Geography) -> None:
    """The place where each resident group lives: a village, the township seats or the county town."""
    units = margins.people.size
    order = _sorted(groups, units, (groups.scope.astype(np.int64), 4))
    rural, urban = order[groups.urban[order] == 0], order[groups.urban[order] == 1]
    seat = np.stack([1 - margins.urban_in_seat, margins.urban_in_seat], axis=1)
    in_seat = give(groups.unit, seat, groups.size, urban) > 0
    town = np.where(in_seat, geography.seat_place[groups.unit], geography.town_place[groups.unit])
    village = some_village(groups.unit, groups.size, rural, geography)
    groups.place[:] = np.where(groups.urban == 1, town, village)


def flows_within(prefecture: Prefecture, margins: Margins) -> np.ndarray:
    """float64[U, U]: people registered in the row unit who live in the column unit (E2 distance, fitted).

    Rows and columns add up to the state quantities; the seed falls with distance.
    """
    arrive = margins.scope[:, SAME_PROVINCE] * margins.from_prefecture
    leave = margins.away_within * (arrive.sum() / margins.away_within.sum())
    seed = 1.0 / np.maximum(prefecture.distance_km, 5.0)
    np.fill_diagonal(seed, 0.0)
    return fit(seed, [Margin((0,), leave), Margin((1,), arrive)]).table


def register(
    groups: Groups, prefecture: Prefecture, margins: Margins, geography: Geography, seeds: Seeds
) -> np.ndarray:
    """The place of registration of each resident group, consistent with its scope.

    Returns float64[U], the urban share to use for the unit's people outside.
    """
    units = margins.people.size
    order = _sorted(groups, units, (groups.scope.astype(np.int64), 4), (groups.urban.astype(np.int64), 2))
    hukou = groups.place.copy()
    in_village = _registered_in_village(groups, margins, geography, seeds, order)
    origin = groups.unit.astype(np.int64)
    near = order[groups.scope[order] == SAME_PROVINCE]
    flows = flows_within(prefecture, margins)
    elsewhere = np.maximum(margins.scope[:, SAME_PROVINCE] - flows.sum(axis=0), 0.0)
    choice = np.column_stack([flows.T, elsewhere])
    choice /= np.maximum(choice.sum(axis=1, keepdims=True), 1e-12)
    from_unit = give(groups.unit, choice, groups.size, near)
    origin[near] = np.minimum(from_unit[near], units)
    inside = near[from_unit[near] < units]
    share = urban_share_away(groups, margins, flows)
    urban_share = np.stack([1 - share, share], axis=1)
    inside = inside[order_by(origin[inside], units)]
    in_village[inside] = give(np.minimum(origin, units - 1), urban_share, groups.size, inside)[inside] == 0
    same = order[groups.scope[order] == SAME_COUNTY]
    moved = np.concatenate([same, inside])
    to_village = np.concatenate([order[in_village[order] & (groups.scope[order] == NATIVE)], moved[in_village[moved]]])
    to_village = to_village[groups.urban[to_village].astype(bool) | (groups.scope[to_village] != NATIVE)]
    hukou[to_village] = some_village(np.minimum(origin, units - 1), groups.size, to_village, geography)[to_village]
    to_town = moved[~in_village[moved]]
    seat = np.stack([1 - margins.urban_in_seat, margins.urban_in_seat], axis=1)
    bounded = np.minimum(origin, units - 1)
    in_seat = give(bounded, seat, groups.size, to_town)[to_town] > 0
    hukou[to_town] = np.where(in_seat, geography.seat_place[bounded[to_town]], geography.town_place[bounded[to_town]])
    _another_village(hukou, groups, same, geography)
    province, beyond = outside_rows(prefecture)
    rest = near[from_unit[near] == units]
    hukou[rest] = geography.outside_place[province[-1]]
    far = order[groups.scope[order] == OTHER_PROVINCE]
    nearest = seeds.number("scope_other_province_neighbours")
    first = give(np.zeros(groups.n, np.int64), np.array([[nearest, 1 - nearest]]), groups.size, far)[far] == 0
    hukou[far] = np.where(first, geography.outside_place[beyond[0]], geography.outside_place[beyond[-1]])
    groups.hukou[:] = hukou
    return share


def urban_share_away(groups: Groups, margins: Margins, flows: np.ndarray) -> np.ndarray:
    """float64[U]: share registered in town among the unit's people who live in other units or outside.

    The same as among all its registered people, unless its villagers alone are more than its village share allows.
    """
    units = margins.people.size
    local = ~groups.outside & (groups.scope <= SAME_COUNTY)
    stay = np.bincount(groups.unit[local], groups.size[local], units)
    in_village = local & (groups.urban == 0)
    rural = np.bincount(groups.unit[in_village], groups.size[in_village], units)
    gone = flows.sum(axis=1) + margins.away.sum(axis=1)
    village = (1 - margins.hukou_urban) * (stay + gone) - np.maximum(rural, (1 - margins.hukou_urban) * stay)
    return np.asarray(1 - np.clip(village / np.maximum(gone, 1), 0, 1))


def _another_village(hukou: np.ndarray, groups: Groups, same: np.ndarray, geography: Geography) -> None:
    """People registered in another township of the county cannot be registered in their own village."""
    clash = same[(hukou[same] == groups.place[same]) & (groups.urban[same] == 0)]
    unit = groups.unit[clash]
    first, n = geography.first_village[unit].astype(np.int64), geography.n_villages[unit].astype(np.int64)
    hukou[clash] = (first + (hukou[clash] - first + 1) % n).astype(np.int16)


def outside_rows(prefecture: Prefecture) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the outside places within the province and beyond it, nearest to the core first beyond."""
    ring = np.array([o.ring for o in prefecture.outside])
    province, beyond = np.flatnonzero(ring == "province"), np.flatnonzero(ring != "province")
    beyond = beyond[np.argsort(prefecture.outside_distance_km[prefecture.core][beyond], kind="stable")]
    return province, beyond


def _registered_in_village(
    groups: Groups, margins: Margins, geography: Geography, seeds: Seeds, order: np.ndarray
) -> np.ndarray:
    """Which natives and movers within the county are registered in a village (bool[G]).

    Everybody who lives in a village, and so many of those in town that the registered urban share of each
    unit comes out (official series: registered place coded urban).
    """
    units = margins.people.size
    number = seeds.number
    at_seat = groups.place == geography.seat_place[groups.unit]
    kind = np.where(groups.scope == SAME_COUNTY, np.where(groups.carer, 3, 0), np.where(at_seat, 2, 1))
    odds = np.array([
        number("village_registration_same_county"), number("village_registration_town_native"),
        number("village_registration_seat_native"), number("village_registration_carer"),
    ])
    local = groups.scope <= SAME_COUNTY
    in_town = local & (groups.urban == 1)
    out: np.ndarray = local & (groups.urban == 0)
    unit = groups.unit.astype(np.int64)
    cell = unit * 4 + kind
    count = np.bincount(cell[in_town], groups.size[in_town], 4 * units).reshape(units, 4)
    stay = np.bincount(unit[local], groups.size[local], units)
    rural = np.bincount(unit[out], groups.size[out], units)
    p = np.zeros((units * 4, 2))
    for u in range(units):
        wanted = stay[u] * (1 - margins.hukou_urban[u]) - rural[u]
        p[4 * u : 4 * u + 4, 1] = shift_to_total(odds, count[u], float(wanted))
    p[:, 0] = 1 - p[:, 1]
    rows = order[in_town[order]]
    rows = rows[order_by(cell[rows], 4 * units)]
    out[rows] = give(cell, p, groups.size, rows)[rows] > 0
    return out


def destinations(counts: np.ndarray) -> np.ndarray:
    """float64[U, O]: shares of each unit's people outside by destination; even where nobody is away."""
    total = counts.sum(axis=1, keepdims=True)
    even = np.full(counts.shape, 1.0 / counts.shape[1])
    return np.divide(counts, total, out=even, where=total > 0)
