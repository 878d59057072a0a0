"""What one household weighs, told by the kernels that decide: triggers (E1, E11) and the nested choice (E2-E12)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels.choice import (
    CHOICE,
    MAX_ALTERNATIVES,
    N_NESTS,
    NEST,
    SLOT_CONFIGS,
    TASTE,
    ChoiceParams,
    ChoiceTables,
    Home,
    choose,
    nested_probabilities,
    read_family,
    takes_bed,
    utilities,
)
from model.kernels.rng import gumbel, log_positive_stable, uniform_pair
from model.phases.choice_tables import choice_params, choice_tables
from model.phases.triggers import COLLEGE, RECONSIDER, RETURN, TRIGGER, _hazards, bit_of, trigger_tables
from model.spec.codes import Event
from model.spec.params import Params

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

LAST_NEST_OF_RETURN: Final = 2

PARTS: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = (
    ("move_cost", ("move_cost",), ()),
    ("income", ("beta_w", "floor_penalty"), ()),
    ("entitlement", (), ("log_entitlement",)),
    ("services", ("school", "kindergarten", "childcare", "hospital", "elder", "culture"), ("amenity",)),
    ("home", ("asc_home", "asc_home_age"), ()),
    ("apart", ("beta_split",), ()),
    ("commuting", ("beta_commute_min",), ()),
    ("college", ("log_college",), ()),
    ("constants", (), ("base",)),
    ("distance", (), ("access",)),
)
"""Part of the utility, and what must be zero for it to vanish: fields of ChoiceParams and of ChoiceTables.

Parts are taken away one after the other, so they add up to the utility exactly; networks are split from distance
afterwards, since both stand in `access`.
"""
PART_KEYS: Final = tuple(key for key, _, _ in PARTS) + ("network",)


@dataclass(frozen=True, slots=True)
class Trigger:
    """E1 and E11 for one household and month: hazards, the draw, and what came of it.

    base: hazard of thinking again without an event; events: what each adds; back: hazard of a lasting return;
    chance: 1 - exp(-(their sum)); drawn: uniform, the household is triggered below `chance`; outcome: 0 nothing,
    1 thinks again, 2 returns.
    """

    base: float
    events: dict[Event, float]
    back: float
    chance: float
    drawn: float
    outcome: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to live: where, how, and what it was worth to this household.

    place, market, config, nest: as the kernel writes them. income_yuan: expected, at least subsistence, a month.
    parts: by PART_KEYS, adding up to `utility`. nest_shock, taste, fresh: tau times the month's error of the nest,
    tau times the kept and the month's error of the alternative; value = utility + the three. probability: of the
    closed form, among the alternatives that compete. competes: False beyond the county in a return.
    """

    place: int
    market: int
    config: int
    nest: int
    income_yuan: float
    parts: dict[str, float]
    utility: float
    nest_shock: float
    taste: float
    fresh: float
    value: float
    probability: float
    competes: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A household's choice: the alternatives in the kernel's order, the present one and the chosen one."""

    returning: bool
    alternatives: tuple[Alternative, ...]
    current: int
    chosen: int
    worker: int
    carer: int


def trigger_of(world: World, month: Month, h: int) -> Trigger:
    """Hazards and draw of household row `h`, before the triggers phase has run."""
    homes, people, places = world.households, world.residents, world.places
    tables = trigger_tables(world.p, month.of_year)
    base, back = _hazards(
        tables, month.index, h, homes.head, homes.place, homes.origin, homes.split_place, people.next, people.birth,
        people.sex, people.flags, places.kind, places.unit,
    )
    raised = int(homes.events[h])
    events = {
        event: float(tables.event_rate[bit_of(event)])
        for event in Event if raised & event and bit_of(event) < tables.event_rate.size
    }
    total = base + sum(events.values()) + back
    u, v = uniform_pair(world.seed, TRIGGER, homes.uid[h], month.index, 0)
    chance, head = 1.0 - math.exp(-total), homes.head[h]
    studies = people.flags[head] & COLLEGE and people.next[head] < 0
    outcome = 0 if studies or u >= chance else RETURN if v * total < back else RECONSIDER
    return Trigger(float(base), events, float(back), chance, float(u), outcome)


def decision_of(world: World, month: Month, h: int) -> Decision:
    """What household row `h`, which has been triggered, weighs and chooses, before the relocation phase has run."""
    returning = bool(world.triggered[h] == RETURN)
    return weigh(world, month.index, h, returning, choice_tables(world, month.index), choice_params(world.p))


def weigh(
    world: World, month: int, h: int, returning: bool, tables: ChoiceTables, q: ChoiceParams
) -> Decision:
    """The decision of household row `h` on the given tables of the month."""
    homes, people = world.households, world.residents
    family = read_family(
        homes.head[h], people.next, people.birth, people.sex, people.education, people.activity, people.hukou,
        people.wage_yuan, people.uid, month, world.seed, q.log_female_out,
    )
    bed = takes_bed(world.seed, homes.uid[h], q.dorm_accept)
    home = Home(
        homes.origin[h], homes.place[h], homes.split_place[h], homes.config[h], homes.owns[h], homes.land_mu[h], bed
    )
    v, alt = np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, 4), np.int16)
    n, current = utilities(tables, q, family, home, v, alt)
    uid = homes.uid[h]
    chosen = choose(v, alt, n, q.tau, q.fresh, world.seed, uid, month, returning)
    v, alt = v[:n], alt[:n]
    parts = parts_of(world, tables, q, family, home, n)
    income = _incomes(tables, q, family, home, n)
    shocks = _shocks(world, q, uid, month, alt)
    open_ = alt[:, 3] <= LAST_NEST_OF_RETURN if returning else np.ones(n, np.bool_)
    odds = _odds(v, alt, open_, q.tau)
    alternatives = tuple(
        Alternative(
            place=int(alt[k, 0]), market=int(alt[k, 1]), config=int(alt[k, 2]), nest=int(alt[k, 3]),
            income_yuan=float(income[k]), parts={key: float(part[k]) for key, part in parts.items()},
            utility=float(v[k]), nest_shock=float(shocks[k, 0]), taste=float(shocks[k, 1]), fresh=float(shocks[k, 2]),
            value=float(v[k] + shocks[k].sum()), probability=float(odds[k]), competes=bool(open_[k]),
        )
        for k in range(n)
    )
    return Decision(returning, alternatives, int(current), int(chosen), int(family.worker), int(family.carer))


def parts_of(
    world: World, tables: ChoiceTables, q: ChoiceParams, family: Any, home: Home, n: int
) -> dict[str, np.ndarray]:
    """Every part of the utilities float64[n] by PART_KEYS; together they are the utilities."""
    parts = {}
    whole = _evaluate(tables, q, family, home, n)
    for key, numbers, arrays in PARTS:
        q = q._replace(**dict.fromkeys(numbers, 0.0))
        tables = tables._replace(**{name: np.zeros_like(getattr(tables, name)) for name in arrays})
        rest = _evaluate(tables, q, family, home, n)
        parts[key] = whole - rest
        whole = rest
    still = replace(world, p=Params({**world.p, "beta_network": 0.0}))
    distance = choice_tables(still, 0).access
    only = tables._replace(access=distance)
    far = _evaluate(only, q, family, home, n)
    parts["network"] = parts["distance"] - far
    parts["distance"] = far
    return parts


def _evaluate(tables: ChoiceTables, q: ChoiceParams, family: Any, home: Home, n: int) -> np.ndarray:
    v, alt = np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, 4), np.int16)
    utilities(tables, q, family, home, v, alt)
    return v[:n].copy()


def _incomes(tables: ChoiceTables, q: ChoiceParams, family: Any, home: Home, n: int) -> np.ndarray:
    """Expected income behind the income part, yuan a month float64[n], at least subsistence."""
    zero = q._replace(floor_penalty=0.0, beta_w=1.0)
    with_income = _evaluate(tables, zero, family, home, n)
    return np.exp(with_income - _evaluate(tables, zero._replace(beta_w=0.0), family, home, n))


def _shocks(world: World, q: ChoiceParams, uid: np.uint64, month: int, alt: np.ndarray) -> np.ndarray:
    """tau times the errors of nest, kept taste and month, float64[n, 3], on the draws of `choose`."""
    log_s = np.zeros(N_NESTS)
    for nest in range(N_NESTS):
        a, b = uniform_pair(world.seed, NEST, uid, month, nest)
        log_s[nest] = log_positive_stable(a, b, q.tau)
    out = np.empty((alt.shape[0], 3))
    for k, (_, market, config, nest) in enumerate(alt.astype(np.int64)):
        slot = int(market) * SLOT_CONFIGS + int(config)
        a, _ = uniform_pair(world.seed, CHOICE, uid, month, slot)
        c, d = uniform_pair(world.seed, TASTE, uid, 0, slot)
        out[k] = log_s[nest], q.fresh * log_positive_stable(c, d, q.fresh), q.fresh * gumbel(a)
    return q.tau * out


def _odds(v: np.ndarray, alt: np.ndarray, open_: np.ndarray, tau: float) -> np.ndarray:
    """Closed-form probabilities among the alternatives that compete, float64[n]."""
    rows = np.flatnonzero(open_)
    p, out = np.empty(rows.size), np.zeros(v.size)
    nested_probabilities(v[rows], alt[rows], rows.size, tau, p)
    out[rows] = p
    return out
