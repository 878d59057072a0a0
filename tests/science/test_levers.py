"""Levers: each moves what it declares and something that is reported, and touches nothing else."""

import sys
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest

from model.engine import CountyModel, open_month
from model.spec.registry import REGISTRY
from model.state.panels import Panels
from tests.science.test_month import make_input
from tests.worlds import without_costs

SCALE = 0.01
MONTHS = 48
START = 2
WIDE = 0.25
NEED_MANY = {
    "water_integration", "renewal_dwellings", "utility_investment", "rural_retail_support", "village_governance",
}
"""Levers that move amenity by a few per cent, and so utility by less than a thousandth: at 1:100 nobody changes."""
SCARCE_BY_CHANCE = {"dormitory_beds"}
"""More beds matter where all are taken, and under practice that is so in few towns and not for every seed."""
STRONG = ("beta_amenity_man", "village_amenity_gain", "governance_gain")
"""Taken at the upper ends of their priors for these levers, so that few people suffice to see that they act."""
ALONE = [key for key, lever in REGISTRY.levers.items() if lever.acts_alone and key not in NEED_MANY | SCARCE_BY_CHANCE]
BESIDE_OTHERS = [key for key, lever in REGISTRY.levers.items() if not lever.acts_alone]
"""Levers that only change how others are carried out: tried beside the settings of the action plan."""
MOVE_TRIPS = {"travel_time_factor", "maintenance_share", "type_weight"}
MONEY_OF_LEVERS = {"lever_cost_yuan", "county_spending_yuan", "debt_yuan", "debt_ratio"}
STILL_UNDER_PRACTICE = {
    "retail_stock_yuan", "aware_new", "aware_existing", "insurance_pass_on", "benefit_payers", "conversions",
    "dorm_beds_exact", "resident_benefit", "land_added_ha_year", "relocation_carry",
    "systems", "village_stock", "levels_seen", "talent_posts", "boarding_beds", "boarding_share",
    "amenity_carried", "tourism_draw_yuan", "leased_land_fen", "park_floor_m2", "rural_capital_yuan",
    "delivery", "delivery_prefecture", "service_funding", "upkeep_paid", "floor_months",
    "works_tourism_yuan", "works_posts", "works_villages", "works_farm_yuan", "works_roads_yuan", "works_places",
    "reward_homes", "reward_homes_fen", "reward_fen", "private_yuan", "recycled_yuan", "platform_equity_yuan",
    "platform_debt_fen", "asset_condition", "works_travel",
}
"""Accounts that practice leaves alone at this scale and that channels may move (E5, E10, E14, E16-E18, E22)."""


def full_path(key: str, practice: np.ndarray, start: int = START) -> np.ndarray:
    """Practice, and from `start` the end of the bounds farther from it, shared out as practice is."""
    lever = REGISTRY.levers[key]
    end = max(lever.bounds, key=lambda b: abs(b - lever.practice))
    path = practice.copy()
    if lever.apportion is None:
        path[start:] = end
    else:
        total = practice.sum(axis=1, keepdims=True)
        share = np.divide(practice, total, out=np.full_like(practice, 1.0 / practice.shape[1]), where=total > 0.0)
        path[start:] = end * share[start:]
    return path


def at_full(made, keys):
    return replace(made, levers={**made.levers, **{key: full_path(key, made.levers[key]) for key in keys}})


class Lived:
    """A run with the channel states of every month, and the arrays that nothing may move, before and after."""

    def __init__(self, made) -> None:
        model = CountyModel(made)
        self.world = model.world
        self.before = self.everything()
        self.states = {key: [] for key in REGISTRY.states}
        while model.months_done < made.n_months:
            model.step()
            for key, seen in self.states.items():
                seen.append(getattr(self.world.channels, key).copy())
        self.after = self.everything()
        self.results = model.recorder.results(self.world)

    def everything(self) -> dict[str, np.ndarray]:
        world = self.world
        out = {f"accounts.{k}": np.array(v) for k, v in world.accounts.items()}
        out |= {f"panels.{f.name}": getattr(world.panels, f.name).copy() for f in fields(Panels)}
        out |= {f"places.{c.key}": getattr(world.places, c.key)[: world.places.n].copy() for c in world.places.columns}
        out |= {f"p.{k}": np.array(v) for k, v in world.p.items()}
        geography = world.geography
        out |= {f"geography.{k}": getattr(geography, k).copy() for k in ("dist_km", "minutes", "market_place")}
        return out | {"prefecture": np.concatenate([np.ravel(v) for v in world.prefecture.state.values()])}

    def still(self) -> set[str]:
        """What the whole run left as it was at the start, to the last bit."""
        return {key for key, value in self.before.items() if same(value, self.after[key])}

    def moved_states(self, base: "Lived") -> set[str]:
        return {k for k, seen in self.states.items() if not same(np.array(seen), np.array(base.states[k]))}

    def moved_indicators(self, base: "Lived") -> set[str]:
        old = base.results.indicators
        return {k for k, values in self.results.indicators.items() if values.tobytes() != old[k].tobytes()}


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.fixture(scope="module")
def practice():
    return make_input(scale=SCALE, months=MONTHS)


@pytest.fixture(scope="module")
def base(practice):
    return Lived(practice)


@pytest.fixture(scope="module")
def wide_base():
    made = make_input(scale=WIDE, months=MONTHS)
    made = replace(made, params={**made.params, **{key: REGISTRY.params[key].prior.high for key in STRONG}})
    return made, Lived(made)


@pytest.fixture
def free(monkeypatch):
    """Measures that cost nothing, so that what moves an outcome is the channel and not the money spent on it."""
    without_costs(monkeypatch)


@pytest.mark.parametrize("key", ALONE)
def test_full_strength_moves_its_states_and_an_outcome_and_nothing_that_is_frozen(key, practice, base, free):
    moves_what_it_may(key, practice, base)


@pytest.mark.parametrize("key", sorted(NEED_MANY))
def test_full_strength_of_levers_that_need_many_people(key, wide_base, free):
    moves_what_it_may(key, *wide_base)


@pytest.mark.parametrize("key", sorted(SCARCE_BY_CHANCE))
def test_full_strength_of_levers_on_what_is_seldom_scarce(key, free):
    for seed in range(1, 6):
        made = make_input(scale=SCALE, months=MONTHS, seed=seed)
        got, base = Lived(at_full(made, [key])), Lived(made)
        assert got.moved_states(base) == set(REGISTRY.levers[key].writes)
        if got.moved_indicators(base) - MONEY_OF_LEVERS:
            return
    pytest.fail("no reported outcome moves with any seed")


@pytest.fixture(scope="module")
def plan_base():
    """The plan's last settings from the first month on."""
    made = make_input(scale=SCALE, months=MONTHS)
    whole = make_input("action_plan", scale=SCALE, months=86)
    levers = {key: path.copy() for key, path in made.levers.items()}
    for key in levers.keys() - set(BESIDE_OTHERS):
        levers[key][START:] = whole.levers[key][-1]
    made = replace(made, levers=levers)
    return made, Lived(made)


@pytest.mark.parametrize("key", BESIDE_OTHERS)
def test_what_carries_others_moves_an_outcome_beside_the_plan_and_none_alone(
    key, plan_base, practice, base, monkeypatch
):
    made, plan = plan_base
    got, writes = Lived(at_full(made, [key])), set(REGISTRY.levers[key].writes)
    assert writes <= got.moved_states(plan) and got.moved_indicators(plan) - MONEY_OF_LEVERS
    without_costs(monkeypatch)
    alone = Lived(at_full(practice, [key]))
    assert alone.moved_states(base) == writes and not alone.moved_indicators(base), "it acts alone: declare it so"


def moves_what_it_may(key, practice, base):
    got = Lived(at_full(practice, [key]))
    writes = REGISTRY.levers[key].writes
    assert got.moved_states(base) == set(writes)
    assert got.moved_indicators(base) - MONEY_OF_LEVERS, "no reported outcome moves"
    allowed = {f"accounts.{name}" for name in STILL_UNDER_PRACTICE}
    allowed |= {"panels.minutes"} if MOVE_TRIPS & set(writes) else set()
    assert {name for name in base.still() if not same(got.after[name], base.after[name])} <= allowed


def test_what_must_never_move_is_among_what_stands_still(base):
    must = {"panels.xi", "panels.dist_km", "accounts.settle_intercept", "accounts.arrival_base", "accounts.pir_start",
            "accounts.relabel_quota", "accounts.death_month", "accounts.birth_month", "prefecture"}
    assert must | {f"p.{key}" for key in REGISTRY.params} <= base.still()


@pytest.mark.parametrize("unit", [0, 5, 11])
def test_all_levers_in_one_unit_leave_the_channels_of_the_others_alone(unit, practice, base):
    strong = at_full(practice, REGISTRY.levers)
    levers = {key: practice.levers[key].copy() for key in practice.levers}
    for key, path in levers.items():
        path[:, unit] = strong.levers[key][:, unit]
    got = Lived(replace(practice, levers=levers))
    others = np.arange(len(base.results.places) - 1) != unit
    for key in REGISTRY.states:
        here, there = np.array(got.states[key]), np.array(base.states[key])
        assert same(here[:, others], there[:, others]), key
        assert not same(here[:, unit], there[:, unit]), key


def test_announced_and_not_delivered_changes_no_byte(practice, base):
    announced = at_full(practice, REGISTRY.levers)
    got = Lived(replace(announced, params={**announced.params, "implement_share": 0.0}))
    assert got.moved_states(base) == set()
    assert got.moved_indicators(base) == set()


class Watched(Mapping):
    """A mapping that notes who reads it."""

    def __init__(self, held) -> None:
        self.held, self.readers = held, set()

    def note(self):
        frame = sys._getframe(2)
        while "collections" in frame.f_code.co_filename or frame.f_globals["__name__"] == __name__:
            frame = frame.f_back
        self.readers.add(frame.f_globals["__name__"])

    def __getitem__(self, key):
        self.note()
        return self.held[key]

    def __iter__(self):
        self.note()
        return iter(self.held)

    def __len__(self):
        return len(self.held)


def test_only_the_opening_of_a_month_reads_the_levers(practice):
    """Phases hear of a policy through channels alone."""
    levers = Watched(practice.levers)
    model = CountyModel(replace(practice, levers=levers))
    for _ in range(14):
        model.step()
    assert levers.readers == {open_month.__module__}
