"""The start population: residents and households at any scale, fitted to the census, with those who are away."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels.build import household_uids, keyed, member_uids
from model.spec.codes import Flag, Homestead
from model.state.table import Households, Residents
from model.world import endow, snapshot
from model.world.away import Links, groups_outside, link_families, people_outside
from model.world.groups import (
    COLLECTIVE,
    NATIVE,
    Groups,
    gather,
    join,
    reference_key,
    register,
    set_scope,
    settle_places,
)
from model.world.homes import build_homes
from model.world.margins import Margins, Seeds, read_seeds, scaled
from model.world.people import MARRIED, Expected, People, draw_people, expect

if TYPE_CHECKING:
    from model.world.places import Geography
    from model.world.tables import Prefecture

BUILD_SEED: Final = 20201101
"""Seed of the start population. It is not the seed of a run: all runs begin with the same people."""

PARAMS: Final = ("commute_max_min", "insurance_base")
"""Parameters that the build reads; part of the cache key."""

EARLIEST: Final = -1500


@dataclass(slots=True)
class Population:
    """People (residents and those away) and their households."""

    residents: Residents
    households: Households


@lru_cache(maxsize=4)
def _prepared(prefecture: Prefecture) -> tuple[Seeds, Expected]:
    seeds = read_seeds(prefecture.root)
    return seeds, expect(scaled(prefecture, 1.0), seeds, prefecture.state["jobless_rate_share"])


def _numbers_in_unit(unit: np.ndarray, units: int, offset: int) -> np.ndarray:
    """Key of each row of an array sorted by unit: (unit, number in the unit), uint64."""
    start = np.searchsorted(unit, np.arange(units))
    inner = np.arange(unit.size) - start[unit] + offset
    return (unit.astype(np.uint64) << np.uint64(40)) | inner.astype(np.uint64)


def build_population(
    prefecture: Prefecture, geography: Geography, p: Any, scale: float, seed: int = BUILD_SEED
) -> Population:
    """Build the start population at `scale` in (0, 1].

    p: parameters by attribute; reads `PARAMS`. Every draw is keyed by (seed, person or household), so the same
    arguments give the same bytes. Raises ValueError for a scale outside (0, 1].
    """
    if not 0.0 < scale <= 1.0:
        raise ValueError(f"scale must be above 0 and at most 1, not {scale}")
    seeds, expected = _prepared(prefecture)
    key = np.uint64(seed)
    margins = scaled(prefecture, scale)
    units = prefecture.n_units
    people = draw_people(margins, expected, seeds)
    homes = build_homes(people, margins, seeds, _numbers_in_unit(people.unit, units, 0), key)
    groups = gather(people, homes)
    set_scope(groups, margins, seeds)
    settle_places(groups, margins, geography)
    urban_share = register(groups, prefecture, margins, geography, seeds)
    away = people_outside(margins, expected, seeds)
    away_keys = _numbers_in_unit(away.unit, units, 1 << 36)
    groups = join(groups, groups_outside(away, margins, urban_share, geography, seeds, away_keys, key))
    people = People(*(np.concatenate([getattr(people, f.name), getattr(away, f.name)]) for f in fields(People)))
    order = np.argsort(groups.unit, kind="stable")
    group_keys = np.empty(groups.n, np.uint64)
    group_keys[order] = _numbers_in_unit(groups.unit[order], units, 1 << 38)
    links = link_families(people, groups, geography, seeds, group_keys, key)
    return _tables(people, groups, links, margins, prefecture, geography, p, seeds, key)


def _tables(
    people: People, groups: Groups, links: Links, margins: Margins, prefecture: Prefecture, geography: Geography,
    p: Any, seeds: Seeds, key: np.uint64,
) -> Population:
    """Groups and persons as the state tables, households in order of the unit of their home place."""
    guest = links.host >= 0
    base = np.flatnonzero(~guest)
    base = base[np.argsort(groups.unit[base], kind="stable")]
    row_of = np.full(groups.n, -1, np.int32)
    row_of[base] = np.arange(base.size)
    row_of[guest] = row_of[links.host[guest]]
    guest_of = np.full(base.size, -1, np.int64)
    guest_of[row_of[guest]] = np.flatnonzero(guest)
    # People registered with the household at home, wherever they live.
    groups.hukou[guest] = groups.hukou[links.host[guest]]
    home = row_of[groups.of]
    apart = guest[groups.of]
    order = np.lexsort((people.education, reference_key(people.age), apart, home)).astype(np.int32)
    households = _households(groups, links, base, guest_of, geography)
    residents = _residents(people, groups, households, home[order], order, apart[order], seeds, key)
    h, r = households, residents
    main = np.bincount(home[~apart], minlength=h.n)
    head_age = people.age[order][h.head[: h.n]].astype(np.int64)
    tenure = endow.tenure_of_groups(groups, guest, margins, seeds)
    endow.dwellings(h, groups, base, guest_of, tenure, geography, seeds, key)
    endow.land(h, geography, prefecture, seeds, key)
    h.homestead[: h.n][h.collective[: h.n] == 1] = Homestead.NONE
    endow.money(h, main, head_age, prefecture, geography, seeds, key)
    endow.jobs(
        r, people.marital[order] == MARRIED, people.age[order], groups.scope[groups.of[order]], p,
        geography, seeds, key,
    )
    endow.mark_commuters(r, h, geography)
    return Population(residents, households)


def _households(
    groups: Groups, links: Links, base: np.ndarray, guest_of: np.ndarray, geography: Geography
) -> Households:
    n = base.size
    h = Households(n + 64)
    h.n = n
    unit = groups.unit[base]
    start = np.searchsorted(unit, np.arange(int(unit.max(initial=0)) + 2))
    h.uid[:n] = household_uids(unit.astype(np.uint64), (np.arange(n) - start[unit]).astype(np.uint64))
    apart = guest_of >= 0
    size = groups.size[base]
    size[apart] += groups.size[guest_of[apart]]
    h.size[:n] = size
    h.head[:n] = np.cumsum(size) - size
    h.place[:n] = groups.place[base]
    h.origin[:n] = groups.hukou[base]
    h.split_place[:n] = np.where(apart, groups.place[guest_of], -1)
    h.config[:n] = links.config[base]
    h.collective[:n] = groups.kind[base] == COLLECTIVE
    return h


def _residents(
    people: People, groups: Groups, households: Households, home: np.ndarray, order: np.ndarray, apart: np.ndarray,
    seeds: Seeds, key: np.uint64,
) -> Residents:
    n = order.size
    r = Residents(n + n // 64 + 64)
    r.n = n
    start = households.head[: households.n].astype(np.int64)
    r.uid[:n] = member_uids(households.uid[: households.n], home, start)
    r.household[:n] = home
    last = np.append(home[1:] != home[:-1], True) if n else np.zeros(0, np.bool_)
    r.next[:n] = np.arange(1, n + 1, dtype=np.int32)
    r.next[:n][last] = -1
    r.birth[:n] = people.age[order]
    r.birth[:n] *= -12
    r.birth[:n] -= np.floor(12 * keyed(key, 3, r.uid[:n], 0)).astype(np.int16)
    r.sex[:n], r.education[:n] = people.sex[order], people.education[order]
    r.activity[:n], r.sector[:n] = people.activity[order], people.sector[order]
    group = groups.of[order]
    r.place[:n] = r.usual[:n] = groups.place[group]
    r.hukou[:n] = groups.hukou[group]
    # Members of a group came together; who lives outside counts as a mover whatever their registration.
    moved = np.where(groups.outside, NATIVE + 1, groups.scope)
    months = _months_here(moved, groups, group, households, home, seeds, key).astype(np.int16)
    r.since[:n] = np.maximum(np.maximum(-months, r.birth[:n]), EARLIEST)
    settled = np.full(households.n, EARLIEST, np.int64)
    np.maximum.at(settled, home[~apart], -months[~apart])
    households.since[: households.n] = settled
    r.flags[:n] = np.where(apart, int(Flag.APART), 0)
    return r


def _months_here(
    moved: np.ndarray, groups: Groups, group: np.ndarray, households: Households, home: np.ndarray, seeds: Seeds,
    key: np.uint64,
) -> np.ndarray:
    """Months since arrival of each person, one draw for all who came together."""
    uid = np.empty(groups.n, np.uint64)
    uid[group] = households.uid[home]
    return endow.arrivals(moved, uid, seeds, key)[group]


def start_population(
    prefecture: Prefecture, geography: Geography, p: Any, scale: float, seed: int = BUILD_SEED, *, cache: bool = True
) -> Population:
    """`build_population` from the cache when the same content was built before; always fresh tables."""
    if not cache:
        return build_population(prefecture, geography, p, scale, seed)
    used = {name: float(getattr(p, name)) for name in PARAMS}
    path = snapshot.cache_path(prefecture, scale, seed, used)
    kinds = {"residents": Residents, "households": Households}
    found = snapshot.load(path, kinds)
    if found is None:
        built = build_population(prefecture, geography, p, scale, seed)
        snapshot.save(path, {"residents": built.residents, "households": built.households})
        return built
    return Population(**found)  # type: ignore[arg-type]


def digest(population: Population) -> str:
    """One hash over every column of both tables."""
    return snapshot.digest({"residents": population.residents, "households": population.households})
