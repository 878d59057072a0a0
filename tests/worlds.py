"""A small hand-made world, so that a phase can be tested without data files or the synthetic population."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from model import channels
from model.inputs import ModelInput, Month
from model.spec.codes import NO_PLACE, NO_SECTOR, Activity, Flag, Kind, Sector, Tenure
from model.spec.levers import LEVERS
from model.spec.params import param_values
from model.spec.states import STATES
from model.state.heads import Heads
from model.state.ledger import Ledger, wealth_by_unit
from model.state.panels import BUILD_QUEUE_MONTHS, Panels
from model.state.table import Households, Markets, Places, Residents
from model.state.world import World
from model.world.works import start_works

VILLAGES = 3
OUTSIDE = 2
START = 2020 * 12 + 10
LEVERS_BY_KEY = {lever.key: lever for lever in LEVERS}
AGE_STARTS = (0, 1, *range(5, 90, 5))


class SmallPrefecture(SimpleNamespace):
    """What the phases read of a prefecture, with round numbers."""

    def outside_array(self, quantity: str) -> np.ndarray:
        """float64[2] of one quantity of the outside places."""
        return np.array([20.0, 40.0])

    def mortality(self, year: int) -> np.ndarray:
        """Deaths per person and year float64[22, 2]: a Gompertz line, men above women."""
        ages = np.array([0, 1, *range(5, 101, 5)], float)
        level = np.minimum(1.5e-4 * np.exp(0.085 * ages), 0.8)
        return np.stack([level * 1.2, level * 0.8], axis=1)

    start_year = 2020

    @property
    def start_census(self):
        return self.census[self.start_year]

    def fertility_path(self, year: int, trend: float) -> float:
        return math.exp(trend * (year - self.start_year))

    def fertility(self, year: int, *, trend: bool = True) -> np.ndarray:
        """Births per woman and year float64[U, 7]."""
        shape = np.array([6.0, 55.0, 99.0, 65.0, 27.0, 6.0, 2.0])
        return self.state["tfr"][:, None] * (shape / (5.0 * shape.sum()))[None]

    def male_share_at_birth(self, year: int) -> float:
        """Share of boys among births."""
        return 0.52


def small_prefecture(units: int) -> SmallPrefecture:
    """A prefecture of `units` alike counties, the first one its core."""
    pyramid = np.exp(-np.array(AGE_STARTS, float) / 60.0)
    age_sex = np.repeat(np.repeat((pyramid * 5000.0)[None, :, None], units, 0), 2, 2)
    people = age_sex.sum(axis=(1, 2))
    census = {"age_sex": age_sex, "residents": people, "urban": 0.5 * people, "rural": 0.5 * people}
    earlier = census | {"urban": 0.35 * people}
    flat = {
        "tfr": 1.4, "crude_death_rate_per_1000": 8.0, "home_price_yuan_per_m2": 4500.0,
        "home_rent_yuan_per_m2_month": 8.5, "housing_vacancy_share": 0.2, "n_new_commodity_homes_year": 600.0,
        "n_affordable_rental_year": 30.0, "elderly_beds_per_1000_60plus": 29.6, "hospital_beds_per_1000": 6.0,
        "childcare_seats_per_1000": 2.0, "school_seats_urban": 5000.0, "school_seats_rural": 6000.0,
        "kindergarten_seats_urban": 1800.0, "kindergarten_seats_rural": 2000.0, "n_renovated_dwellings_year": 300.0,
    }
    keys = tuple(f"unit{u}" for u in range(units))
    return SmallPrefecture(
        unit_keys=keys, units=keys, core=0, core_unit=keys[0], n_units=units, census={2010: earlier, 2020: census},
        state={k: np.full(units, v) for k, v in flat.items()}, scalars={"mortality_scale": 1.0},
        functional_types=("core", *["ecological"] * (units - 1)), pilot=np.zeros(units, bool),
    )


def small_places(units: int) -> tuple[Places, Markets, SimpleNamespace]:
    """Per unit three villages, a town and a seat; then two outside places, one in the province."""
    n = units * (VILLAGES + 2) + OUTSIDE
    places, markets = Places(n), Markets(3 * units + OUTSIDE)
    places.n, markets.n = n, 3 * units + OUTSIDE
    seat, town = np.zeros(units, np.int16), np.zeros(units, np.int16)
    for u in range(units):
        row = u * (VILLAGES + 2)
        rows = slice(row, row + VILLAGES)
        places.kind[rows], places.market[rows], places.relabel_order[rows] = Kind.VILLAGE, 3 * u, np.arange(VILLAGES)
        town[u], seat[u] = row + VILLAGES, row + VILLAGES + 1
        places.kind[town[u]], places.kind[seat[u]] = Kind.TOWN, Kind.SEAT if u else Kind.CORE
        places.market[town[u]], places.market[seat[u]] = 3 * u + 1, 3 * u + 2
        places.unit[row : row + VILLAGES + 2] = u
        markets.unit[3 * u : 3 * u + 3] = u
        markets.kind[3 * u : 3 * u + 3] = Kind.VILLAGE, Kind.TOWN, places.kind[seat[u]]
        markets.ring[3 * u : 3 * u + 3] = 1
    out = np.arange(n - OUTSIDE, n, dtype=np.int16)
    places.kind[out], places.unit[out], places.market[out] = Kind.OUTSIDE, -1, 3 * units + np.arange(OUTSIDE)
    markets.unit[3 * units :], markets.kind[3 * units :], markets.ring[3 * units :] = -1, Kind.OUTSIDE, (2, 3)
    places.urban[:n] = places.kind[:n] != Kind.VILLAGE
    places.urban_frozen[:n] = places.urban[:n]
    minutes = np.ones((n, markets.n), np.float32)
    geography = SimpleNamespace(seat_place=seat, town_place=town, outside_place=out, minutes=minutes)
    return places, markets, geography


def small_panels(n_places: int, n_markets: int, units: int) -> Panels:
    """Panels of round numbers."""
    return Panels(
        dist_km=np.ones((n_places, n_markets), np.float32), minutes=np.ones((n_places, n_markets), np.float32),
        xi=np.zeros((units + 1, n_markets, 3)), wage_yuan=np.full((n_markets, 3), 4000.0),
        network=np.zeros((n_places, n_markets), np.float32), belief_p=np.full((units + 1, n_markets), 0.9),
        belief_wage=np.full((units + 1, n_markets, 3), 4000.0), capacity=np.ones((6, n_markets)),
        load=np.zeros((6, n_markets)), staff=np.zeros((6, n_markets)), quality=np.ones((6, n_markets)),
        queue=np.ones((2, 6, n_markets)),
        building=np.zeros((BUILD_QUEUE_MONTHS, n_markets), np.int64),
    )


def fill_people(world: World, households: int, seed: int) -> None:
    """Families of one to five: a couple, children, a grandparent; a third of those of villages live in town."""
    rng = np.random.default_rng(seed)
    people, homes, places = world.residents, world.households, world.places
    homes.append(households)
    inside = np.flatnonzero(places.unit[: places.n] >= 0)
    for h in range(households):
        origin = int(rng.choice(inside))
        u = int(places.unit[origin])
        away = places.kind[origin] == Kind.VILLAGE and rng.random() < 1 / 3
        place = int(rng.choice([world.geography.seat_place[u], world.geography.outside_place[0]])) if away else origin
        parent = int(rng.integers(22, 45))
        ages = [(parent + 2, 0), (parent, 1)] if rng.random() < 0.75 else [(parent, int(rng.integers(2)))]
        if len(ages) == 2:
            ages += [(int(rng.integers(0, parent - 20)), int(rng.integers(2))) for _ in range(rng.integers(0, 3))]
        if rng.random() < 0.5:
            ages += [(parent + 26, int(rng.integers(2)))]
        rows = people.append(len(ages))
        homes.uid[h], homes.origin[h], homes.place[h] = h + 1, origin, place
        homes.split_place[h], homes.owns[h], homes.size[h] = NO_PLACE, NO_PLACE, len(ages)
        village = places.kind[origin] == Kind.VILLAGE
        homes.tenure[h] = Tenure.RENTED if away else Tenure.SELF_BUILT if village else Tenure.OWNED
        if homes.tenure[h] == Tenure.OWNED or (away and rng.random() < 0.5):
            homes.owns[h] = place if places.unit[place] >= 0 else NO_PLACE
            homes.tenure[h] = Tenure.OWNED if homes.owns[h] == place else homes.tenure[h]
        homes.homestead[h], homes.land_mu[h] = (1, 6.0) if village else (0, 0.0)
        homes.savings_fen[h], homes.income_yuan[h] = int(rng.integers(1, 30)) * 1_000_000, 5000
        homes.since[h] = -24
        for k, (i, (age, sex)) in enumerate(zip(range(rows.start, rows.stop), ages)):
            people.uid[i] = i + 1_000_001
            people.birth[i], people.sex[i] = -12 * age - int(rng.integers(12)), sex
            people.household[i], people.next[i] = h, i + 1 if i + 1 < rows.stop else -1
            people.place[i] = people.usual[i] = place
            people.hukou[i], people.since[i], people.job_since[i] = origin, -24, -24
            grown = age >= 18
            people.activity[i] = Activity.EMPLOYED if grown and age < 60 else (
                Activity.INACTIVE if grown else Activity.PUPIL if age >= 6 else Activity.CHILD)
            people.education[i] = 3 if grown or age >= 12 else 2 if age >= 6 else 0
            people.sector[i] = Sector.TRADE if grown and age < 60 else NO_SECTOR
            people.job_market[i] = places.market[place] if grown and age < 60 else 255
            people.wage_yuan[i] = 4000 if grown and age < 60 else 0
            people.flags[i] = Flag.MARRIED if k < 2 and len(ages) > 1 and ages[1][1] == 1 and ages[0][1] == 0 else 0
        homes.head[h] = rows.start


def small_world(
    households: int = 300, *, units: int = 2, seed: int = 1, months: int = 86, scale: float = 1.0,
    params: dict[str, float] | None = None,
) -> World:
    """A world of `units` counties and `households` families in which any one phase can be run."""
    places, markets, geography = small_places(units)
    model_input = ModelInput(
        prefecture="small", start_ordinal=START, n_months=months, scale=scale, seed=seed, levers={},
        drivers={
            "outside_home_price_index": np.ones(months), "outside_rent_index": np.ones(months),
            "outside_wage_index": np.ones(months),
        },
        params={},
    )
    world = World(
        input=model_input, prefecture=small_prefecture(units), geography=geography, p=param_values(params),
        residents=Residents(8), households=Households(8), places=places, markets=markets,
        panels=small_panels(places.n, markets.n, units),
        channels=SimpleNamespace(
            practice=lambda key: np.full(units, LEVERS_BY_KEY[key].practice / units),
            **{s.key: np.full(units, s.practice) for s in STATES},
        ),
        firms=None, ledger=Ledger(units), heads=None,
    )
    fill_people(world, households, seed)
    wealth = wealth_by_unit(
        world.households.savings_fen[: world.households.n], world.households.debt_fen[: world.households.n],
        world.households.size[: world.households.n], world.households.place[: world.households.n], places.unit, units,
    )
    world.ledger.balance[world.ledger.accounts("households")] = wealth[:units]
    world.ledger.balance[world.ledger.account("outside")] -= wealth[:units].sum()
    world.heads = Heads.of(world)
    start_works(world)
    world.look()
    return world


def month_of(index: int) -> Month:
    """The clock of month `index` of a small world."""
    of_year = (START + index) % 12 + 1
    return Month(index=index, of_year=of_year, is_year_end=of_year == 12)


def shuffled(world: World, seed: int = 7) -> World:
    """The same world with rows of people and households, and members within households, in another order."""
    import copy

    twin = copy.deepcopy(world)
    rng = np.random.default_rng(seed)
    people, homes = twin.residents, twin.households
    order, home_order = rng.permutation(people.n), rng.permutation(homes.n)
    people.keep(order)
    homes.keep(home_order)
    new_home = np.empty(homes.n, np.int64)
    new_home[home_order] = np.arange(homes.n)
    people.household[: people.n] = new_home[people.household[: people.n]]
    homes.head[: homes.n] = -1
    for i in range(people.n):
        h = people.household[i]
        people.next[i], homes.head[h] = homes.head[h], i
    return twin


def by_uid(world: World) -> dict[str, np.ndarray]:
    """Every column of the living and of their households, sorted by id, with rows replaced by ids."""
    people, homes = world.residents, world.households
    alive = np.flatnonzero(people.household[: people.n] >= 0)
    alive = alive[np.argsort(people.uid[alive])]
    kept = np.flatnonzero(homes.size[: homes.n] > 0)
    kept = kept[np.argsort(homes.uid[kept])]
    rows = ("next", "household")
    out = {f"person {c.key}": getattr(people, c.key)[alive] for c in people.columns if c.key not in rows}
    out |= {f"home {c.key}": getattr(homes, c.key)[kept] for c in homes.columns if c.key != "head"}
    out["person home"] = homes.uid[people.household[alive]]
    return out


def check_households(world: World) -> None:
    """Lists, sizes and places of households hold together."""
    people, homes = world.residents, world.households
    seen = 0
    for h in range(homes.n):
        i, k = homes.head[h], 0
        while i >= 0:
            assert people.household[i] == h
            apart = people.flags[i] & Flag.APART
            assert people.place[i] == (homes.split_place[h] if apart else homes.place[h])
            i, k = people.next[i], k + 1
        assert k == homes.size[h]
        seen += k
    assert seen == int((people.household[: people.n] >= 0).sum())


def without_costs(patch: pytest.MonkeyPatch) -> None:
    """Levers cost nothing in worlds that start from now on, so that the channel acts alone and not the money."""
    fixed = channels._fixed

    def free(*of):
        made = fixed(*of)
        return made._replace(unit_cost=0.0 * made.unit_cost, running=0.0 * made.running)

    patch.setattr(channels, "_fixed", free)
    patch.setattr(channels, "_LAST", [])
