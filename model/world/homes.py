"""Households from whole people: couples, their children, grandparents, people alone. Nobody is left over.

Counts come first: how many nuclei (couples and single adults) and households of each number of generations
a pool must hold. Then people take roles by rank of age, so that every match is one sort, whatever the scale.
A household here is a census household (people who live together); `away.py` joins those that are one family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.kernels.build import keyed
from model.world.ipf import round_to_total
from model.world.margins import Margins, Seeds
from model.world.people import ADULT, MARRIED, People

ALONE: Final = 0
ONE: Final = 1
TWO: Final = 2
THREE: Final = 3
FOUR: Final = 4
KINDS: Final = 5
OLD_NUCLEUS: Final = 42
APART_BEFORE: Final = 56
SKIP_FROM: Final = 52
"""A couple whose wife is this old or older takes children as grandparents."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Mean age gaps in years, and the shares that shape households."""

    mother: float
    mother_spread: float
    grandparent: float
    couple: float
    couple_spread: float
    children: float
    lone: float
    apart: float
    skip: tuple[float, float]

    @classmethod
    def of(cls, seeds: Seeds) -> Gaps:
        """Read from the seed tables."""
        n = seeds.number
        return cls(
            n("mother_gap_years"), n("mother_gap_spread_years"), n("grandparent_gap_years"), n("couple_gap_years"),
            n("couple_gap_range_years"),
            n("children_per_parent_nucleus"), n("lone_parent_weight"), n("married_apart_share"),
            (n("skip_generation_weight_village"), n("skip_generation_weight_town")),
        )


@dataclass(slots=True)
class Homes:
    """Census households of family type; H homes.

    of: int32[n persons], home of each person, -1 in collective households;
    unit, urban: uint8[H]; kind: uint8[H] (generations, ALONE to FOUR);
    skip: bool[H], grandparents with grandchildren and no parents.
    """

    of: np.ndarray
    unit: np.ndarray
    urban: np.ndarray
    kind: np.ndarray
    skip: np.ndarray


@dataclass(slots=True)
class Pool:
    """People of one unit and place class who live in family households (local rows)."""

    age: np.ndarray
    sex: np.ndarray
    married: np.ndarray
    u: np.ndarray  # uniforms [n, 3]
    urban: int


@dataclass(slots=True)
class Nuclei:
    """Couples (`b` is the wife) and single adults (`b` is -1). age: the wife's or the single's."""

    a: np.ndarray
    b: np.ndarray
    age: np.ndarray

    def take(self, rows: np.ndarray) -> Nuclei:
        """The nuclei of the given rows."""
        return Nuclei(self.a[rows], self.b[rows], self.age[rows])

    @property
    def couple(self) -> np.ndarray:
        """True for couples."""
        return self.b >= 0


def spread(n: int, k: int) -> np.ndarray:
    """k rows of n, evenly apart (int64); with k > n rows repeat as evenly as can be."""
    return ((np.arange(k) + 0.5) * n / max(k, 1)).astype(np.int64) if n else np.zeros(0, np.int64)


def pick(weight: np.ndarray, k: int) -> np.ndarray:
    """k different rows, chosen along their order with chances as the weights, at most one (sorted int64)."""
    n = weight.size
    if k >= n:
        return np.arange(n)
    if k <= 0:
        return np.zeros(0, np.int64)
    w = np.maximum(weight, 1e-12)
    chance = w * (k / w.sum())
    for _ in range(30):
        full = chance >= 1.0
        left = k - int(full.sum())
        if not full.any() or left <= 0 or chance.max() <= 1.0 + 1e-9:
            break
        chance = np.where(full, 1.0, w * (left / max(w[~full].sum(), 1e-300)))
    chosen = np.flatnonzero(round_to_total(np.minimum(chance, 1.0), k) > 0)
    if chosen.size < k:
        rest = np.setdiff1d(np.arange(n), chosen)
        chosen = np.sort(np.concatenate([chosen, rest[spread(rest.size, k - chosen.size)]]))
    return chosen


def nearness(age: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weight of candidates of a given age so that those picked are spread over ages as `wanted` is."""
    bins = 140
    have = np.bincount(np.clip(age, 0, bins - 1).astype(np.int64), minlength=bins)
    need = np.bincount(np.clip(wanted, 0, bins - 1).astype(np.int64), minlength=bins)
    bell = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
    ratio = np.convolve(need, bell, "same") / np.maximum(np.convolve(have, bell, "same"), 1e-9)
    return np.asarray(ratio[np.clip(age, 0, bins - 1).astype(np.int64)] + 1e-6)


def couples_and_singles(pool: Pool, gaps: Gaps, broken: int) -> Nuclei:
    """Pair married men and women of the pool by rank of age, sorted by age; `broken` pairs stay apart."""
    adult = pool.age >= ADULT
    sides = []
    for sex, older in ((0, gaps.couple), (1, 0.0)):
        rows = np.flatnonzero(adult & pool.married & (pool.sex == sex))
        key = pool.age[rows] - older + gaps.couple_spread * (pool.u[rows, 0] - 0.5)
        sides.append(rows[np.argsort(key, kind="stable")])
    pairs = min(sides[0].size, sides[1].size)
    men, women = (side[spread(side.size, pairs)] for side in sides)
    # Spouses live apart for work and school: mostly people of working age.
    working = (pool.age[women] < APART_BEFORE).astype(np.float64)
    stay = np.setdiff1d(np.arange(pairs), pick(working + 0.02, min(broken, pairs)))
    men, women = men[stay], women[stay]
    alone = adult.copy()
    alone[men] = alone[women] = False
    singles = np.flatnonzero(alone)
    nuclei = Nuclei(
        np.concatenate([men, singles]),
        np.concatenate([women, np.full(singles.size, -1)]),
        np.concatenate([pool.age[women], pool.age[singles]]).astype(np.float64),
    )
    return nuclei.take(np.argsort(nuclei.age, kind="stable"))


@dataclass(slots=True)
class Plan:
    """Households wanted in one pool by kind, and nuclei that take children."""

    alone: int
    one: int
    two: int
    three: int
    four: int
    parents: int = 0
    broken: int = 0

    @property
    def homes(self) -> int:
        """All households."""
        return self.alone + self.one + self.two + self.three + self.four

    def spare(self, nuclei: int) -> int:
        """Nuclei left to join others; below zero when roles are more than nuclei."""
        olds = self.three + self.four
        return nuclei + self.parents - (self.homes + self.two + 2 * olds + self.four)


def make_feasible(plan: Plan, children: int, couples: int, singles: int, gaps: Gaps) -> Plan:
    """Choose the number of parent nuclei and, if people are short, change kinds; households stay."""
    if children and plan.two + plan.three + plan.four == 0:
        plan.two = 1
        if plan.one:
            plan.one -= 1
        elif plan.alone:
            plan.alone -= 1
    plan.broken = min(couples, max(round(gaps.apart * couples), (plan.alone - singles + 1) // 2))
    nuclei = couples + singles + plan.broken
    most = min(plan.two + plan.three + plan.four, children)
    least = min(most, -(-children // 4))
    plan.parents = int(np.clip(round(children / gaps.children), least, most))
    short = -plan.spare(nuclei)
    if short > 0:
        plan.parents = min(most, plan.parents + short)
        short = -plan.spare(nuclei)
    while short > 0 and plan.three + plan.four + plan.two > max(plan.parents, int(children > 0)):
        # One generation fewer frees one nucleus.
        if plan.four:
            plan.four, plan.three = plan.four - 1, plan.three + 1
        elif plan.two > plan.parents:
            plan.two, plan.one = plan.two - 1, plan.one + 1
        elif plan.three:
            plan.three, plan.two = plan.three - 1, plan.two + 1
        else:
            break
        short = -plan.spare(nuclei)
    if short > 0:
        plan.broken = min(couples, plan.broken + short)
    return plan


class Assembly:
    """Homes of one pool under way: which nucleus and which child stands in which home."""

    def __init__(self, pool: Pool, nuclei: Nuclei, plan: Plan, gaps: Gaps) -> None:
        self.pool, self.nuclei, self.plan, self.gaps = pool, nuclei, plan, gaps
        self.home_of = np.full(nuclei.a.size, -1, np.int64)
        self.of = np.full(pool.age.size, -1, np.int64)
        self.kind: list[int] = []
        self.host_age: list[float] = []
        self.skip: list[bool] = []

    def free(self, mask: np.ndarray | None = None) -> np.ndarray:
        """Rows of nuclei without a home, by age."""
        open_rows = self.home_of < 0
        return np.flatnonzero(open_rows if mask is None else open_rows & mask)

    def settle(self, rows: np.ndarray, kind: int) -> np.ndarray:
        """Give each of the nuclei a new home; returns the homes."""
        homes = len(self.kind) + np.arange(rows.size)
        self.home_of[rows] = homes
        self.kind += [kind] * rows.size
        self.host_age += self.nuclei.age[rows].tolist()
        self.skip += [False] * rows.size
        return homes

    def run(self) -> None:
        """All steps in order."""
        parents, homes = self._parents()
        self._grandparents(parents, homes)
        self._alone()
        self._couples()
        self._grown_children()
        self._extras()
        for person in (self.nuclei.a, self.nuclei.b):
            there = person >= 0
            self.of[person[there]] = self.home_of[there]

    def _parents(self) -> tuple[np.ndarray, np.ndarray]:
        pool, nuclei, gaps, plan = self.pool, self.nuclei, self.gaps, self.plan
        children = np.flatnonzero(pool.age < ADULT)
        u = np.clip(pool.u[children, 1], 1e-3, 1 - 1e-3)
        gap = np.clip(gaps.mother + gaps.mother_spread * 0.5513 * np.log(u / (1 - u)), 18, 43)
        wanted = pool.age[children] + gap
        grand = nuclei.couple & (nuclei.age >= SKIP_FROM) & (nuclei.age <= 74)
        man = ~nuclei.couple & (pool.sex[nuclei.a] == 0)
        eff = nuclei.age - np.where(grand, gaps.grandparent, 0.0) - np.where(man, gaps.couple, 0.0)
        apart = ~nuclei.couple & pool.married[nuclei.a]
        base = np.where(nuclei.couple, 1.0, np.where(apart, gaps.lone, 0.12 * gaps.lone))
        base = np.where(grand, gaps.skip[pool.urban], base) * ((nuclei.age >= 20) & ((nuclei.age < SKIP_FROM) | grand))
        order = np.argsort(eff, kind="stable")
        weight = (base * nearness(eff, wanted))[order]
        rows = order[pick(weight, min(plan.parents, order.size))]
        rows = rows[np.argsort(eff[rows], kind="stable")]
        homes = self.settle(rows, TWO)
        for i in np.flatnonzero(grand[rows]):
            self.skip[homes[i]] = True
        if rows.size:
            take = children[np.argsort(wanted, kind="stable")]
            self.of[take] = np.repeat(homes, self._sizes(rows, take.size))
        return rows, homes

    def _sizes(self, rows: np.ndarray, children: int) -> np.ndarray:
        """Children of each parent nucleus (sum is `children`): mostly one or two, a few three."""
        n = rows.size
        threes = max(children - 2 * n, min(round(0.03 * n), (children - n) // 2), 0)
        least, over = (1, 0) if threes <= n else divmod(children, n)
        if threes > n:
            sizes = np.full(n, least)
            sizes[spread(n, over)] += 1
            return sizes
        order = np.argsort(self.pool.u[self.nuclei.a[rows], 2], kind="stable")
        sizes = np.ones(n, np.int64)
        twos = children - n - 2 * threes
        sizes[order[:threes]] = 3
        sizes[order[threes : threes + twos]] = 2
        return sizes

    def _grandparents(self, parents: np.ndarray, homes: np.ndarray) -> None:
        plan, nuclei, gap = self.plan, self.nuclei, self.gaps.grandparent
        able = np.flatnonzero(~np.array(self.skip, dtype=bool)[homes]) if homes.size else np.zeros(0, np.int64)
        able = able[spread(able.size, min(plan.three + plan.four, able.size))]
        hosts = homes[able]
        wanted = np.sort(nuclei.age[parents[able]]) + gap
        hosts = hosts[np.argsort(nuclei.age[parents[able]], kind="stable")]
        rows = self.free(nuclei.age >= OLD_NUCLEUS)
        widowed = ~nuclei.couple[rows] & (nuclei.age[rows] >= 60)
        weight = nearness(nuclei.age[rows], wanted) * np.where(widowed, 2.0, np.where(nuclei.couple[rows], 1.0, 0.6))
        rows = rows[pick(weight, hosts.size)]
        hosts = hosts[spread(hosts.size, rows.size)]
        self.home_of[rows] = hosts
        for k, h in enumerate(hosts):
            self.kind[h], self.host_age[h] = THREE, float(nuclei.age[rows[k]])
        great = self.free((nuclei.age >= 72) & ~nuclei.couple)
        great = great[::-1][: min(plan.four, hosts.size)]
        oldest = hosts[::-1][: great.size]
        self.home_of[great] = oldest
        for h in oldest:
            self.kind[h] = FOUR

    def _alone(self) -> None:
        pool, nuclei = self.pool, self.nuclei
        rows = self.free(~nuclei.couple)
        age, married = nuclei.age[rows], pool.married[nuclei.a[rows]]
        weight = np.select([age < 22, age < 30, (age < 40) & ~married, age >= 65], [0.08, 0.35, 0.8, 2.5], 1.0)
        self.settle(rows[pick(weight, min(self.plan.alone, rows.size))], ALONE)

    def _couples(self) -> None:
        nuclei, wanted = self.nuclei, self.plan.one
        rows = self.free(nuclei.couple)
        age = nuclei.age[rows]
        weight = np.select([age < 30, age < 45, age < 52], [0.5, 0.25, 0.7], 1.0)
        chosen = rows[pick(weight, min(wanted, rows.size))]
        self.settle(chosen, ONE)
        missing = wanted - chosen.size
        singles = self.free(~nuclei.couple)
        pairs = min(missing, singles.size // 2)
        if pairs > 0:
            both = singles[spread(singles.size, 2 * pairs)]
            self.home_of[both[1::2]] = self.settle(both[::2], ONE)
        for row in self.free()[: max(missing - pairs, 0)]:
            self.settle(np.array([row]), ONE)

    def _grown_children(self) -> None:
        """Two generations without a minor: an older nucleus with a grown child or a young couple."""
        nuclei, gap = self.nuclei, self.gaps.grandparent
        rows = self.free()
        wanted = max(self.plan.homes - len(self.kind), 0)
        age = nuclei.age[rows]
        weight = np.where(nuclei.couple[rows], 0.4, 1.0) / (1.0 + np.exp((age - 36.0) / 4.0))
        young = rows[pick(weight, min(wanted, rows.size // 2))]
        rest = np.setdiff1d(rows, young)
        old = rest[pick(nearness(nuclei.age[rest], nuclei.age[young] + gap), min(young.size, rest.size))]
        homes = self.settle(old, TWO)
        self.home_of[young[: homes.size]] = homes
        missing = wanted - homes.size
        if missing > 0:
            left = self.free()
            self.settle(left[spread(left.size, min(missing, left.size))], ONE)

    def _extras(self) -> None:
        """Nuclei that are left join a household whose older members could be their parents."""
        rows = self.free()
        if not rows.size:
            return
        if not self.kind:
            self.settle(rows[:1], TWO)
            rows = rows[1:]
        kind, age = np.array(self.kind), np.array(self.host_age)
        hosts = np.flatnonzero(kind >= TWO)
        hosts = hosts if hosts.size else np.arange(kind.size)
        hosts = hosts[np.argsort(age[hosts], kind="stable")]
        wanted = self.nuclei.age[rows] + self.gaps.grandparent
        chosen = hosts[pick(nearness(age[hosts], wanted), min(rows.size, hosts.size))]
        self.home_of[rows] = chosen[spread(chosen.size, rows.size)]


def build_homes(people: People, margins: Margins, seeds: Seeds, keys: np.ndarray, seed: np.uint64) -> Homes:
    """Put every resident outside collective households into a census household of their unit and place class.

    keys: uint64[n], stable numbers of persons for keyed draws.
    """
    gaps = Gaps.of(seeds)
    of = np.full(people.n, -1, np.int32)
    unit, urban, kind, skip = [], [], [], []
    family = np.flatnonzero(~people.collective)
    pool_of = people.unit[family].astype(np.int64) * 2 + people.urban[family]
    edges = np.searchsorted(pool_of, np.arange(2 * margins.people.size + 1))
    uniforms = np.stack([keyed(seed, 0, keys[family], slot) for slot in range(3)], axis=1)
    total = 0
    for u in range(margins.people.size):
        pools = []
        for place in range(2):
            part = slice(edges[2 * u + place], edges[2 * u + place + 1])
            rows = family[part]
            pools.append((rows, Pool(
                people.age[rows].astype(np.float64), people.sex[rows], people.marital[rows] == MARRIED,
                uniforms[part], place,
            )))
        plans = _split(margins.households[u], [p for _, p in pools], gaps)
        for (rows, pool), plan in zip(pools, plans, strict=True):
            if rows.size == 0:
                continue
            assembly = Assembly(pool, couples_and_singles(pool, gaps, plan.broken), plan, gaps)
            assembly.run()
            # Children of a pool without any adult stay together.
            lost = assembly.of < 0
            if lost.any():
                assembly.of[lost] = 0
                assembly.kind = assembly.kind or [ONE]
                assembly.skip = assembly.skip or [False]
            of[rows] = total + assembly.of
            n = len(assembly.kind)
            unit.append(np.full(n, u, np.uint8))
            urban.append(np.full(n, pool.urban, np.uint8))
            kind.append(np.array(assembly.kind, np.uint8))
            skip.append(np.array(assembly.skip, np.bool_))
            total += n
    return Homes(of, np.concatenate(unit), np.concatenate(urban), np.concatenate(kind), np.concatenate(skip))


def _split(wanted: np.ndarray, pools: list[Pool], gaps: Gaps) -> list[Plan]:
    """Share the unit's households of each kind between villages and towns by who lives there."""
    children = np.array([(p.age < ADULT).sum() for p in pools])
    men, women = (np.array([((p.age >= ADULT) & p.married & (p.sex == s)).sum() for p in pools]) for s in (0, 1))
    couples = np.minimum(men, women)
    adults = np.array([(p.age >= ADULT).sum() for p in pools])
    singles = adults - 2 * couples
    late = np.array([((p.age >= 48) & p.married).sum() for p in pools]) / 2
    old = np.array([(p.age >= 55).sum() for p in pools])
    young = np.array([((p.age >= ADULT) & (p.age < 32) & ~p.married).sum() for p in pools])
    potentials = (singles, late + 0.2 * couples, children / gaps.children + 0.35 * young, np.sqrt(children * old),
                  np.sqrt(children * old))
    counts = np.empty((2, KINDS), np.int64)
    for k in range(KINDS):
        weight = np.asarray(potentials[k], dtype=np.float64)
        weight = weight if weight.sum() > 0 else adults.astype(np.float64)
        counts[:, k] = round_to_total(weight, int(wanted[k])) if weight.sum() > 0 else (wanted[k], 0)
    plans = [Plan(*(int(c) for c in counts[i])) for i in range(2)]
    for plan, c in zip(plans, children, strict=True):
        plan.parents = min(round(c / gaps.children), plan.two + plan.three + plan.four)
    nuclei = couples + singles
    spares = np.array([plan.spare(int(n)) for plan, n in zip(plans, nuclei, strict=True)])
    fair = spares.sum() * nuclei / max(nuclei.sum(), 1)
    move = round(float(spares[0] - fair[0]))
    move = int(np.clip(move, -plans[0].alone, plans[1].alone))
    plans[0].alone += move
    plans[1].alone -= move
    return [
        make_feasible(plan, int(c), int(k), int(s), gaps)
        for plan, c, k, s in zip(plans, children, couples, singles, strict=True)
    ]
