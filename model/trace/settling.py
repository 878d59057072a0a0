"""How one household stands before the registration rules of the month (E10), told by the kernels that decide."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels import settle as e10
from model.kernels.rng import uniform
from model.kernels.screen import LANES, lane, screen_key, screen_word
from model.phases.settlement import MONTHS, columns, intercept, learn, rules_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

ROUTES: Final = ("none", "own", "family", "job", "new")
"""Names of NO_ROUTE, OWN_ROUTE, FAMILY_ROUTE, JOB_ROUTE and NEW_ROUTE."""
TERMS: Final = (
    ("owner", "own"), ("insured", "insured"), ("public_rental", "rental"), ("dormitory", "dorm"), ("land", "land"),
    ("dividend", "dividend"), ("years", "years"), ("entitlement_gap", "gain"), ("prices", "pir"),
)
"""Term of the logit, and the field of `Rules` that carries it; barriers and delays are what is left."""


@dataclass(frozen=True, slots=True)
class Settling:
    """E10 for one household and month.

    place: the town in which a part of the household could register. route: one of ROUTES as the household knows it.
    draws: kept draws of its traits; limits: what each must stay below. logit: terms that add up to that of the yearly
    chance. drawn: uniform, it registers below chance_month. joins: ids of those who would register; converts: how many
    of them would gain an urban registration. together: as a family household.
    """

    place: int
    unit: int
    route: str
    knows_new: bool
    together: bool
    draws: dict[str, float]
    limits: dict[str, float]
    logit: dict[str, float]
    chance_year: float
    chance_month: float
    drawn: float
    joins: tuple[int, ...]
    converts: int

    @property
    def registers(self) -> bool:
        """Whether those who join register this month."""
        return self.drawn < self.chance_month


def settling_of(world: World, month: Month, h: int) -> Settling | None:
    """Household row `h` before the settlement phase has run; None where no part has lived half a year in a town."""
    c = columns(world)
    if c.size[h] == 0 or month.index - c.since[h] < e10.SIX_MONTHS:
        return None
    here, apart = e10.town_part(h, c)
    if here < 0:
        return None
    u, q, a0 = int(c.unit[here]), rules_of_the_month(world), intercept(world)
    year, converts, case = e10.chance(h, world.seed, month.index, a0, q, c)
    draws, limits = _traits(world, h, u, q, bool(e10.owns_there(h, here, apart, c)))
    open_ = case.route != e10.NO_ROUTE
    return Settling(
        int(here), u, ROUTES[case.route], bool(case.knows_new), bool(case.together), draws, limits,
        _logit(world, month.index, h, case, a0, q) if open_ else {}, float(year),
        float(1.0 - (1.0 - year) ** (1.0 / MONTHS)), _drawn(world, month.index, h),
        _joiners(world, h, case, month.index, q, c) if open_ else (), int(converts),
    )


def _joiners(world: World, h: int, case: e10.Case, month: int, q: e10.Rules, c: e10.Columns) -> tuple[int, ...]:
    """Ids of the members who would register."""
    ids, i = [], int(c.head[h])
    while i >= 0:
        if e10.joins(i, case, month, q, c):
            ids.append(int(world.residents.uid[i]))
        i = int(c.nxt[i])
    return tuple(ids)


def _drawn(world: World, month: int, h: int) -> float:
    """The uniform to be compared with the month's chance: a coarse lane, and within it a fine draw."""
    uid = world.households.uid[h]
    key = np.uint64(screen_key(world.seed, np.uint64(e10.S_SETTLE), np.uint64(month)))
    fine = uniform(world.seed, e10.S_SETTLE, uid, month, 0)
    return float((int(lane(screen_word(key, uid), 0)) + fine) / LANES)


def rules_of_the_month(world: World) -> e10.Rules:
    """`rules_of` after the month's learning, without teaching anybody: on copies of the accounts."""
    twin = replace(world, accounts={key: copy(value) for key, value in world.accounts.items()})
    learn(twin)
    return rules_of(twin)


def _traits(world: World, h: int, u: int, q: e10.Rules, owner: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Kept draws of knowledge, consent and the reach of partial rules, and what each must stay below."""
    uid, seed = world.households.uid[h], world.seed
    told = q.neighbours * q.converted[world.households.origin[h]]
    known, known_old = q.known[u], 1.0 - (1.0 - q.known_old[u]) * (1.0 - told)
    known = 1.0 - (1.0 - known) * (1.0 - told) if q.newer[u] else known
    draws = {"knows_new": uniform(seed, e10.S_AWARE, uid, 0, 0), "knows_old": uniform(seed, e10.S_AWARE, uid, 0, 1)}
    limits = {"knows_new": known, "knows_old": known_old}
    if not owner:
        parity = q.rent_parity[u]
        draws |= {
            "habitual": uniform(seed, e10.S_CONSENT, uid, 0, 2), "consent": uniform(seed, e10.S_CONSENT, uid, 0, 0),
            "parity": uniform(seed, e10.S_CONSENT, uid, 0, 1),
        }
        limits |= {"habitual": q.habitual[u], "consent": max(q.consent, parity), "parity": parity}
    return {k: float(x) for k, x in draws.items()}, {k: float(x) for k, x in limits.items()}


def _logit(world: World, month: int, h: int, case: e10.Case, a0: float, q: e10.Rules) -> dict[str, float]:
    """Terms of the logit of the yearly chance."""
    c = columns(world)
    terms, left = {"intercept": a0}, float(e10.logit(h, case, month, a0, q, c))
    for name, field in TERMS:
        old: Any = getattr(q, field)
        zero: Any = np.zeros_like(old) if isinstance(old, np.ndarray) else 0.0
        q = q._replace(**{field: zero})
        rest = float(e10.logit(h, case, month, a0, q, c))
        terms[name], left = left - rest, rest
    return terms | {"barriers": left - a0}
