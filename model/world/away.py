"""People registered here who live outside, and households whose members live apart.

A village family with a worker in the county town is two households to the census and one to the model:
groups found alone in a town are joined to a group at home, matched by age, so that the count of residents by
place of usual residence does not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.build import keyed
from model.spec.codes import NO_SECTOR, Activity, Config
from model.world.groups import COLLECTIVE, NATIVE, SAME_PROVINCE, Groups, destinations, give, some_village
from model.world.homes import (
    ALONE,
    ONE,
    SKIP_FROM,
    TWO,
    Assembly,
    Gaps,
    Plan,
    Pool,
    couples_and_singles,
    nearness,
    pick,
    spread,
)
from model.world.ipf import diffuse, order_by
from model.world.margins import LEVELS, N_AGES, Margins, Seeds
from model.world.people import ADULT, EDUCATION_GROUP, MARRIED, SENIOR, Expected, People, work_age_band

if TYPE_CHECKING:
    from model.world.places import Geography

LINK_AGES: Final = (18, 55)
SCHOOL_AGES: Final = (6, 17)


def people_outside(margins: Margins, expected: Expected, seeds: Seeds) -> People:
    """Everybody registered here who lives outside, sorted by unit of origin; not residents."""
    count = margins.away.sum(axis=1)
    unit = np.repeat(np.arange(count.size), count).astype(np.uint8)
    n = unit.size
    shape = seeds.by_age("away_by_age", ("men", "women"))
    cells = np.zeros(n, np.uint8)
    # Ages first, then sex within age, each carried over all units in turn.
    by_age = (shape.sum(axis=1) / shape.sum())[None]
    diffuse(np.zeros(n, np.int32), by_age, np.arange(n), cells)
    age = cells.copy()
    order = order_by(unit.astype(np.int64) * N_AGES + age, count.size * N_AGES)
    by_sex = shape / np.maximum(shape.sum(axis=1, keepdims=True), 1e-12)
    sex = np.zeros(n, np.uint8)
    diffuse(age.astype(np.int32), by_sex, order, sex)
    order = order_by((unit.astype(np.int64) * 2 + sex) * N_AGES + age, count.size * 2 * N_AGES)
    cell = ((unit.astype(np.int64) * 2 + 1) * N_AGES + age) * 2 + sex
    education, marital, activity = (np.zeros(n, np.uint8) for _ in range(3))
    diffuse(cell.astype(np.int32), expected.education.reshape(-1, len(LEVELS)), order, education)
    marital_cell = ((unit.astype(np.int64) * N_AGES + age) * 2 + sex).astype(np.int32)
    diffuse(marital_cell, expected.marital.reshape(-1, expected.marital.shape[-1]), order, marital)
    activity[:] = Activity.EMPLOYED
    activity[(age >= 60) | (age < 16)] = Activity.INACTIVE
    activity[age >= 60] = Activity.RETIRED
    activity[age < 16] = Activity.PUPIL
    activity[age < 6] = Activity.CHILD
    studying = (age >= 16) & (age < 22) & (education >= SENIOR)
    activity[studying & (np.arange(n) % 2 == 0)] = Activity.PUPIL
    sector = np.full(n, NO_SECTOR, np.uint8)
    band = ((unit.astype(np.int64) * 2 + 1) * 3 + work_age_band(age)) * 2 + sex
    jobs = np.ascontiguousarray(expected.sector[:, 1].mean(axis=0)[None].repeat(count.size, axis=0))
    jobs[..., 0] = 0.0
    jobs /= jobs.sum(axis=-1, keepdims=True)
    wide = np.stack([jobs, jobs], axis=1).reshape(-1, jobs.shape[-1])
    diffuse((band * 3 + EDUCATION_GROUP[education]).astype(np.int32), wide, order[activity[order] == 2], sector)
    urban = np.ones(n, np.uint8)
    return People(unit, urban, age, sex, education, marital, activity, sector, np.zeros(n, np.bool_))


def groups_outside(
    people: People, margins: Margins, urban_share: np.ndarray, geography: Geography, seeds: Seeds, keys: np.ndarray,
    seed: np.uint64,
) -> Groups:
    """People outside as groups that live together: families with children, couples, single people.

    urban_share: float64[U], share registered in a town.
    """
    gaps, units = Gaps.of(seeds), margins.people.size
    uniforms = np.stack([keyed(seed, 1, keys, slot) for slot in range(3)], axis=1)
    edges = np.searchsorted(people.unit, np.arange(units + 1))
    of = np.zeros(people.n, np.int64)
    unit, kind, total = [], [], 0
    for u in range(units):
        rows = slice(edges[u], edges[u + 1])
        age = people.age[rows].astype(np.float64)
        if age.size == 0:
            continue
        pool = Pool(age, people.sex[rows], people.marital[rows] == MARRIED, uniforms[rows], 1)
        men, women = (int(((age >= ADULT) & pool.married & (pool.sex == s)).sum()) for s in (0, 1))
        children = int((age < ADULT).sum())
        parents = min(round(children / gaps.children), int((age >= ADULT).sum()))
        broken = round(seeds.number("away_apart_share") * min(men, women))
        plan = Plan(age.size, age.size, parents, 0, 0, parents, min(broken, max(min(men, women) - parents, 0)))
        assembly = Assembly(pool, couples_and_singles(pool, gaps, plan.broken), plan, gaps)
        assembly.run()
        assembly.of[assembly.of < 0] = 0
        assembly.kind = assembly.kind or [ONE]
        of[rows] = total + assembly.of
        kind += assembly.kind
        unit += [u] * len(assembly.kind)
        total += len(assembly.kind)
    who, size = np.array(unit, np.uint8), np.bincount(of, minlength=total)
    order = order_by(who.astype(np.int64) * 2 + (size == 1), 2 * units)
    where = give(who, destinations(margins.away), size, order)
    town = give(who, np.stack([1 - urban_share, urban_share], axis=1), size, order) > 0
    seat = give(who, np.stack([1 - margins.urban_in_seat, margins.urban_in_seat], axis=1), size, order) > 0
    hukou = some_village(who, size, order, geography)
    hukou = np.where(town, np.where(seat, geography.seat_place[who], geography.town_place[who]), hukou)
    oldest = np.zeros(total, np.int64)
    np.maximum.at(oldest, of, people.age.astype(np.int64))
    return Groups(
        of=of.astype(np.int32), unit=who, urban=np.ones(total, np.uint8), kind=np.array(kind, np.uint8),
        skip=np.zeros(total, np.bool_), carer=np.zeros(total, np.bool_), size=size, age=oldest,
        scope=np.zeros(total, np.uint8),
        place=geography.outside_place[where].astype(np.int16), hukou=hukou.astype(np.int16),
        outside=np.ones(total, np.bool_),
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What matching needs about each group: int64 or bool [G].

    oldest: greatest age; man, woman: age of a married man or woman whose spouse is not there, else 0;
    worker: everybody in it is at work and of moving age; pupil: a child of school age is there;
    adults: number of adults; married_man, married_woman: the single adult is one.
    """

    oldest: np.ndarray
    man: np.ndarray
    woman: np.ndarray
    worker: np.ndarray
    pupil: np.ndarray
    adults: np.ndarray


def facts(people: People, groups: Groups) -> Facts:
    """Read the groups' members once."""
    n, of, age = groups.n, groups.of, people.age.astype(np.int64)
    oldest = np.zeros(n, np.int64)
    np.maximum.at(oldest, of, age)
    apart = []
    wed = people.marital == MARRIED
    sides = [np.bincount(of[wed & (people.sex == s)], minlength=n) for s in (0, 1)]
    for s in (0, 1):
        youngest = np.full(n, 200, np.int64)
        rows = wed & (people.sex == s)
        np.minimum.at(youngest, of[rows], age[rows])
        apart.append(np.where(sides[s] > sides[1 - s], youngest, 0))
    at_work = (people.activity == Activity.EMPLOYED) & (age >= LINK_AGES[0]) & (age <= LINK_AGES[1])
    worker = np.bincount(of[at_work], minlength=n) == groups.size
    school = (age >= SCHOOL_AGES[0]) & (age <= SCHOOL_AGES[1])
    pupil = np.bincount(of[school], minlength=n) > 0
    adults = np.bincount(of[age >= ADULT], minlength=n)
    return Facts(oldest, apart[0], apart[1], worker, pupil, adults)


@dataclass(slots=True)
class Links:
    """host: int32[G], the group at home that this one belongs to, -1 none; config: uint8[G] of the host."""

    host: np.ndarray
    config: np.ndarray


class Matching:
    """Joins groups that live apart to groups at home, one to one, by age."""

    def __init__(self, groups: Groups, geography: Geography, gap: float) -> None:
        self.gap = gap
        self.links = Links(np.full(groups.n, -1, np.int32), np.zeros(groups.n, np.uint8))
        unit_of, urban_of = geography.places.unit, geography.places.urban
        # Families are matched within the unit of registration, in villages or in towns.
        self.cell = np.where(
            unit_of[groups.hukou] >= 0, 2 * unit_of[groups.hukou].astype(np.int64) + urban_of[groups.hukou], -1
        )
        at_home = ~groups.outside & (groups.scope == NATIVE) & (groups.kind != COLLECTIVE)
        home = 2 * groups.unit.astype(np.int64) + groups.urban
        self.open = at_home & (home == self.cell)

    def match(
        self, guests: np.ndarray, age: np.ndarray, hosts: np.ndarray, host_age: np.ndarray, gap: float, config: int
    ) -> None:
        """Join `guests` (rows, unlinked) to `hosts` (rows, open) whose age is about the guest's plus gap."""
        links = self.links
        guests = guests[(links.host[guests] < 0) & (self.cell[guests] >= 0)]
        hosts = hosts[self.open[hosts]]
        guests = guests[np.lexsort((age[guests], self.cell[guests]))]
        hosts = hosts[np.lexsort((host_age[hosts], self.cell[hosts]))]
        top = int(self.cell.max(initial=0)) + 2
        g_edge = np.searchsorted(self.cell[guests], np.arange(top))
        h_edge = np.searchsorted(self.cell[hosts], np.arange(top))
        for c in range(top - 1):
            mine, theirs = guests[g_edge[c] : g_edge[c + 1]], hosts[h_edge[c] : h_edge[c + 1]]
            if not mine.size or not theirs.size:
                continue
            # A guest without a host near the right age stays on their own.
            near = nearness(age[mine], host_age[theirs] - gap) > 0.02
            mine = mine[near]
            chosen = theirs[pick(nearness(host_age[theirs], age[mine] + gap), min(mine.size, theirs.size))]
            mine = mine[spread(mine.size, chosen.size)]
            links.host[mine] = chosen
            links.config[chosen] = config
            self.open[chosen] = False


def link_families(
    people: People, groups: Groups, geography: Geography, seeds: Seeds, keys: np.ndarray, seed: np.uint64
) -> Links:
    """Decide who lives apart from a household at home, inside and outside the prefecture."""
    known, number = facts(people, groups), seeds.number
    gap = number("grandparent_gap_years")
    matching = Matching(groups, geography, gap)
    draw = keyed(seed, 2, keys, 0)
    # Two in the prefecture must be registered in a village and live in a town.
    town = ~groups.outside & (groups.urban == 1) & (geography.places.urban[groups.hukou] == 0)
    town &= (groups.scope > NATIVE) & (groups.scope <= SAME_PROVINCE) & (matching.cell >= 0)
    alone = (groups.size == 1) & known.worker
    workers = town & alone & (draw < number("linked_worker_share"))
    children = town & known.pupil & (known.adults == 1) & (draw < number("linked_child_share"))
    single_out = groups.outside & (groups.kind == ALONE) & known.worker
    couple_out = groups.outside & (groups.kind == ONE) & (groups.size == 2) & known.worker
    total = groups.size[groups.outside].sum()
    couple_out &= draw < number("away_couple_share") * total / max(2.0 * couple_out.sum(), 1.0)
    workers |= single_out & (draw < number("away_worker_share") * total / max(float(single_out.sum()), 1.0))
    everyone = np.arange(groups.n)
    elder_home = everyone[(groups.kind >= ALONE) & (known.oldest >= 45) & (known.oldest <= 85)]
    couples = everyone[couple_out]
    matching.match(couples, groups.age, everyone[groups.skip], known.oldest, gap, Config.COUPLE_AWAY)
    with_child = everyone[children]
    for spouse, mine in ((known.man, known.woman), (known.woman, known.man)):
        matching.match(with_child[mine[with_child] > 0], mine, everyone[spouse > 0], spouse, 0.0, Config.CHILD_TOWN)
    matching.match(with_child, known.oldest, elder_home, known.oldest, gap, Config.CHILD_TOWN)
    rows = everyone[workers]
    for spouse, mine in ((known.woman, known.man), (known.man, known.woman)):
        wide = everyone[(spouse > 0) & (groups.kind >= TWO)]
        matching.match(rows[mine[rows] > 0], mine, wide, spouse, 0.0, Config.WORKER_AWAY)
        matching.match(rows[mine[rows] > 0], mine, everyone[spouse > 0], spouse, 0.0, Config.WORKER_AWAY)
    matching.match(rows, groups.age, elder_home, known.oldest, gap, Config.WORKER_AWAY)
    matching.match(couples, groups.age, elder_home[known.oldest[elder_home] >= SKIP_FROM], known.oldest, gap,
                   Config.COUPLE_AWAY)
    return matching.links
