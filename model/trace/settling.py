"""How one household stands before the registration rules of the month (E10), told by the kernels that decide."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels.rng import uniform
from model.kernels.screen import LANES, lane, screen_key, screen_word
from model.phases.settlement import (
    MONTHS,
    NO_ROUTE,
    OWN_ROUTE,
    S_AWARE,
    S_CONSENT,
    S_SETTLE,
    SIX_MONTHS,
    _chance,
    _route,
    learn,
    max_chance,
    rules_of,
)
from model.spec.codes import Flag, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

ROUTES: Final = ("none", "own", "new")
TERMS: Final = (
    ("owner", ("own",)), ("insured", ("insured",)), ("public_rental", ("rental",)), ("dormitory", ("dorm",)),
    ("land", ("land",)), ("years", ("years",)), ("entitlement_gap", ("gain",)),
)
"""Term of the logit, and the coefficients of `Rules` that carry it; prices and barriers are what is left."""


@dataclass(frozen=True, slots=True)
class Settling:
    """E10 for one household and month.

    route: `none`, `own` (a bought home) or `new` (renting or habitual residence). knows_new, knows_old: whether it
    knows the rules in force, and those of the start. draws: kept draws of its traits; limits: what each must stay
    below. logit: terms that add up to that of the yearly chance. drawn: uniform, the household registers below
    chance_month. converts: members who would gain an urban registration.
    """

    place: int
    unit: int
    route: str
    knows_new: bool
    knows_old: bool
    draws: dict[str, float]
    limits: dict[str, float]
    logit: dict[str, float]
    chance_year: float
    chance_month: float
    drawn: float
    converts: int

    @property
    def registers(self) -> bool:
        """Whether the household registers this month."""
        return self.drawn < self.chance_month


def settling_of(world: World, month: Month, h: int) -> Settling | None:
    """Household row `h` before the settlement phase has run; None where it lives in no town or has just come."""
    homes, places = world.households, world.places
    here = int(homes.place[h])
    young = month.index - int(homes.since[h]) < SIX_MONTHS
    if homes.size[h] == 0 or places.kind[here] in (Kind.VILLAGE, Kind.OUTSIDE) or young:
        return None
    people = _here(world, h)
    if all(world.residents.hukou[i] == here for i in people):
        return None
    u = int(places.unit[here])
    q = rules_of_the_month(world)
    flags = [int(world.residents.flags[i]) for i in people if _grown(world, month.index, i)]
    aware = any(f & Flag.AWARE for f in flags)
    route, knows_new = _route(h, here, u, world.seed, q, homes.uid, homes.tenure, homes.owns, aware)
    a0 = float(world.accounts["settle_intercept"][0])
    year, converts = _yearly(world, month.index, h, a0, q)
    owner = homes.tenure[h] == Tenure.OWNED or homes.owns[h] == here
    draws, limits = _traits(world, h, u, q, bool(owner))
    known_old = bool(knows_new) or draws["knows_old"] < limits["knows_old"]
    return Settling(
        here, u, ROUTES[0 if route == NO_ROUTE else 1 if route == OWN_ROUTE else 2], bool(knows_new), known_old,
        draws, limits, _logit(world, month.index, h, a0, q, year), float(year),
        float(1.0 - (1.0 - year) ** (1.0 / MONTHS)), _drawn(world, month.index, h, a0, q), int(converts),
    )


def _drawn(world: World, month: int, h: int, a0: float, q: Any) -> float:
    """The uniform to be compared with the month's chance: a coarse screen first, a fine draw for those who pass."""
    uid = world.households.uid[h]
    bound = 1.0 - (1.0 - max_chance(a0, q)) ** (1.0 / MONTHS)
    cut = min(math.ceil(bound * LANES) + 1.0, LANES)
    key = np.uint64(screen_key(world.seed, np.uint64(S_SETTLE), np.uint64(month)))
    coarse = lane(screen_word(key, uid), 0)
    if coarse >= cut:
        return float((coarse + 0.5) / LANES)
    return float(uniform(world.seed, S_SETTLE, uid, month, 0) * cut / LANES)


def rules_of_the_month(world: World) -> Any:
    """`rules_of` after the month's learning, without teaching anybody: on copies of the accounts."""
    twin = replace(world, accounts={key: copy(value) for key, value in world.accounts.items()})
    learn(twin)
    return rules_of(twin)


def _here(world: World, h: int) -> list[int]:
    rows, i = [], int(world.households.head[h])
    while i >= 0:
        if not world.residents.flags[i] & Flag.APART:
            rows.append(i)
        i = int(world.residents.next[i])
    return rows


def _grown(world: World, month: int, i: int) -> bool:
    return month - int(world.residents.birth[i]) >= 18 * 12


def _yearly(world: World, month: int, h: int, a0: float, q: Any) -> tuple[float, int]:
    homes, people, places = world.households, world.residents, world.places
    return _chance(
        h, month=month, seed=world.seed, a0=a0, q=q, uid=homes.uid, head=homes.head, size=homes.size,
        place=homes.place, since=homes.since, tenure=homes.tenure, owns=homes.owns, land_mu=homes.land_mu,
        homestead=homes.homestead, nxt=people.next, birth=people.birth, hukou=people.hukou, flags=people.flags,
        kind=places.kind, unit=places.unit, market=places.market, urban=places.urban,
    )


def _traits(world: World, h: int, u: int, q: Any, owner: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Kept draws of knowledge, consent and the reach of partial rules, and what each must stay below."""
    uid, seed = world.households.uid[h], world.seed
    draws = {
        "knows_new": uniform(seed, S_AWARE, uid, 0, 0), "knows_old": uniform(seed, S_AWARE, uid, 0, 1),
    }
    limits = {"knows_new": q.known[u], "knows_old": q.known_old[u]}
    if not owner:
        draws |= {
            "habitual": uniform(seed, S_CONSENT, uid, 0, 2), "consent": uniform(seed, S_CONSENT, uid, 0, 0),
            "parity": uniform(seed, S_CONSENT, uid, 0, 1),
        }
        limits |= {
            "habitual": q.habitual[u], "consent": max(q.consent, q.rent_parity[u]), "parity": q.rent_parity[u],
        }
    return {k: float(x) for k, x in draws.items()}, {k: float(x) for k, x in limits.items()}


def _logit(world: World, month: int, h: int, a0: float, q: Any, year: float) -> dict[str, float]:
    """Terms of the logit of the yearly chance; empty where no route is open."""
    if not 0.0 < year < 1.0:
        return {}
    terms, left = {"intercept": a0}, math.log(year / (1.0 - year))
    for name, fields in TERMS:
        q = q._replace(**dict.fromkeys(fields, 0.0))
        without = _yearly(world, month, h, a0, q)[0]
        rest = math.log(without / (1.0 - without))
        terms[name] = left - rest
        left = rest
    return terms | {"prices_and_barriers": left - a0}
