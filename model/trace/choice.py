"""What one household weighs, told by the kernels that decide: triggers (E1, E11) and the nested choice (E2-E12)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.choice import (
    COLUMNS,
    FROM_TOWN,
    MAX_ALTERNATIVES,
    WORKER,
    ChoiceParams,
    ChoiceTables,
    utilities,
)
from model.kernels.family import Family, Home, read_family, read_home
from model.kernels.nested import (
    N_NESTS,
    NEAR_NESTS,
    SLOT_CONFIGS,
    choose,
    nested_probabilities,
)
from model.kernels.screen import screen_word
from model.kernels.shocks import kept_shock, month_shock, nest_shock, tenure_shock
from model.phases.choice_tables import choice_tables, month_shocks
from model.phases.triggers import (
    COLLEGE,
    RECONSIDER,
    RETURN,
    _hazards,
    bit_of,
    drawn,
    trigger_key,
    trigger_tables,
)
from model.spec.codes import Event, Kind
from model.spec.params import Params

if TYPE_CHECKING:
    from model.inputs import Month
    from model.kernels.shocks import Shocks
    from model.state.world import World

PARTS: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = (
    ("move_cost", ("move_cost",), ()),
    ("income", ("beta_w", "floor_penalty"), ()),
    ("entitlement", (), ("log_entitlement",)),
    ("services", ("school", "kindergarten", "childcare", "hospital", "elder", "culture"), ("amenity", "village")),
    ("home", ("asc_home", "asc_home_age"), ()),
    ("apart", ("beta_split",), ()),
    ("commuting", ("beta_commute_min",), ()),
    ("buying", ("asc_buy",), ()),
    ("college", ("log_college",), ()),
    ("constants", (), ("base",)),
    ("distance", (), ("access",)),
)
"""Part of the utility, and what must be zero for it to vanish: fields of ChoiceParams and of ChoiceTables.

Parts are taken away one after the other, so they add up to the utility exactly; networks are split from distance
afterwards, since both stand in `access`.
"""
PART_KEYS: Final = (*(key for key, _, _ in PARTS), "network")


@dataclass(frozen=True, slots=True)
class Trigger:
    """E1 and E11 for one household and month: hazards, the draw, and what came of it.

    base: hazard of thinking again without an event; events: what each adds; back: hazard of a lasting return;
    chance: 1 - exp(-(their sum)); drawn: uniform, the household is triggered below `chance`, unless it is a student
    away; outcome: 0 nothing, 1 thinks again, 2 returns. Who starts a job this month takes it up before weighing.
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

    place, market, slot, nest, tenure, main: as the kernel writes them; config: Config of the slot. income_yuan:
    expected, at least subsistence, a month. parts: by PART_KEYS, adding up to `utility`. nest_shock, taste, fresh,
    tenure_shock: tau times the errors of the nest, of the kept taste, of the month and of the tenure; value = utility
    + the four. probability: of the closed form, among those that compete. competes: False far away in a return.
    """

    place: int
    market: int
    slot: int
    nest: int
    tenure: int
    main: int
    income_yuan: float
    parts: dict[str, float]
    utility: float
    nest_shock: float
    taste: float
    fresh: float
    tenure_shock: float
    value: float
    probability: float
    competes: bool

    @property
    def config(self) -> int:
        """Config of the slot."""
        return WORKER if self.slot == FROM_TOWN else self.slot

    @property
    def key(self) -> tuple[int, ...]:
        """What makes it the same alternative in another run."""
        return self.place, self.market, self.slot, self.tenure, self.main


@dataclass(frozen=True, slots=True)
class Decision:
    """A household's choice: the alternatives in the kernel's order, the present one and the chosen one.

    offered: it weighs because a post outside is offered, and moves only to take it.
    """

    returning: bool
    offered: bool
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
        tables, month.index, h, homes.head, homes.place, homes.origin, homes.split_place, homes.kin_elder, people.next,
        people.birth, people.sex, people.flags, places.kind, places.unit,
    )
    raised = int(homes.events[h])
    events = {
        event: float(tables.event_rate[bit_of(event)])
        for event in Event if raised & event and bit_of(event) < tables.event_rate.size
    }
    total = base + sum(events.values()) + back
    u, v = drawn(np.uint64(screen_word(trigger_key(world.seed, month.index), homes.uid[h])))
    chance, head = 1.0 - math.exp(-total), homes.head[h]
    studies = people.flags[head] & COLLEGE and people.next[head] < 0
    outcome = 0 if studies or u >= chance else RETURN if v * total < back else RECONSIDER
    return Trigger(float(base), events, float(back), chance, float(u), outcome)


def weigh(
    world: World, month: int, h: int, returning: bool, tables: ChoiceTables, q: ChoiceParams
) -> Decision:
    """The decision of household row `h` at the moment at which it is made, on what deciders see."""
    homes, people, shocks = world.households, world.residents, month_shocks(world, q, month)
    family = read_family(
        homes.head[h], people.next, people.birth, people.sex, people.education, people.activity, people.sector,
        people.job_market, people.hukou, people.wage_yuan, people.flags, people.uid, month, shocks,
        q.log_female_out,
    )
    uid = homes.uid[h]
    home = read_home(
        tables, q, world.seed, uid, homes.origin[h], homes.place[h], homes.split_place[h], homes.config[h],
        homes.owns[h], homes.land_mu[h], homes.tenure[h], homes.split_tenure[h], homes.savings_fen[h],
        homes.debt_fen[h],
    )
    v, alt, values = _blank()
    n, current = utilities(tables, q, family, home, v, alt)
    chosen = choose(v, alt, n, shocks, uid, returning, np.empty(N_NESTS), values)
    alt = alt[:n].astype(np.int64)
    parts = parts_of(world, month, tables, q, family, home, n)
    income = _incomes(tables, q, family, home, n)
    drawn = _shocks(shocks, uid, alt)
    open_ = alt[:, 3] < NEAR_NESTS if returning else np.ones(n, np.bool_)
    odds = _odds(v[:n], alt, open_, q)
    alternatives = tuple(
        Alternative(
            **dict(zip(("place", "market", "slot", "nest", "tenure", "main"), alt[k].tolist())),
            income_yuan=float(income[k]), parts={key: float(part[k]) for key, part in parts.items()},
            utility=float(v[k]), value=float(values[k]), probability=float(odds[k]), competes=bool(open_[k]),
            **dict(zip(("nest_shock", "taste", "fresh", "tenure_shock"), drawn[k].tolist())),
        )
        for k in range(n)
    )
    offered = not world.triggered[h]
    return Decision(
        returning, offered, alternatives, int(current), int(chosen), int(family.worker), int(family.carer)
    )


def _blank() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16), np.empty(MAX_ALTERNATIVES)


def parts_of(
    world: World, month: int, tables: ChoiceTables, q: ChoiceParams, family: Family, home: Home, n: int
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
    far = _evaluate(tables._replace(access=choice_tables(still, month).access), q, family, home, n)
    parts["network"] = parts["distance"] - far
    parts["distance"] = far
    return parts


def _evaluate(tables: ChoiceTables, q: ChoiceParams, family: Family, home: Home, n: int) -> np.ndarray:
    v, alt, _ = _blank()
    utilities(tables, q, family, home, v, alt)
    return v[:n].copy()


def _incomes(tables: ChoiceTables, q: ChoiceParams, family: Family, home: Home, n: int) -> np.ndarray:
    """Expected income behind the income part, yuan a month float64[n], at least subsistence."""
    one = q._replace(floor_penalty=0.0, beta_w=1.0)
    with_income = _evaluate(tables, one, family, home, n)
    return np.exp(with_income - _evaluate(tables, one._replace(beta_w=0.0), family, home, n))


def _shocks(shocks: Shocks, uid: np.uint64, alt: np.ndarray) -> np.ndarray:
    """tau times the errors of nest, kept taste, month and tenure, float64[n, 4], on the draws of `choose`."""
    out = np.empty((alt.shape[0], 4))
    for k, (_, market, slot, nest, tenure, _) in enumerate(alt.tolist()):
        place = market * SLOT_CONFIGS + slot
        out[k] = (
            nest_shock(shocks, uid, nest), kept_shock(shocks, uid, place), month_shock(shocks, uid, place),
            tenure_shock(shocks, uid, place, tenure),
        )
    return shocks.tau * out


def _odds(v: np.ndarray, alt: np.ndarray, open_: np.ndarray, q: ChoiceParams) -> np.ndarray:
    """Closed-form probabilities among the alternatives that compete, float64[n]."""
    rows = np.flatnonzero(open_)
    p, out = np.empty(rows.size), np.zeros(v.size)
    nested_probabilities(v[rows], alt[rows], rows.size, q.tau, q.rho, p)
    out[rows] = p
    return out


def stayed_or_went(decision: Decision, home: dict[str, float], world: World) -> bool:
    """Whether a household (by column) now lives as it was told to have chosen; staying leaves it as it was."""
    chosen = decision.alternatives[decision.chosen]
    if decision.chosen == decision.current or (decision.offered and not takes_offer(decision, world)):
        return True
    where = home["split_place"] if home["split_place"] >= 0 else home["place"]
    return (home["config"], where, home["place"]) == (chosen.config, chosen.place, chosen.main)


def takes_offer(decision: Decision, world: World) -> bool:
    """Whether the best alternative is outside, where the post that is offered lies, with somebody to take it."""
    chosen = decision.alternatives[decision.chosen]
    return bool(world.places.kind[chosen.place] == Kind.OUTSIDE) and decision.worker >= 0
