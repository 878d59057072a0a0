"""A lever set in one county leaves people and markets elsewhere as they were until somebody crosses."""

from dataclasses import replace

import numpy as np
import pytest

from model.engine import CountyModel
from model.spec.registry import REGISTRY
from tests.science.test_levers import full_path
from tests.science.test_month import make_input

UNIT = 9
"""A county that is neither the core nor the pilot."""
START = 2
MONTHS = 32
WORK = ("activity", "job_market")
PEOPLE = ("place", "usual", "hukou", "activity", "sector", "job_market", "wage_yuan", "flags", "education")
MARKETS = ("price_yuan_m2", "rent_yuan_m2", "homes", "homes_occupied", "p_job", "amenity", "public_rental")


def look(world) -> dict:
    """Everybody by id with the unit they live in, and the columns of markets."""
    people, places, markets = world.residents, world.places, world.markets
    rows = np.flatnonzero(people.household[: people.n] >= 0)
    rows = rows[np.argsort(people.uid[rows])]
    return {
        "uid": people.uid[rows].copy(),
        "unit": places.unit[people.place[rows]].copy(),
        "people": {key: getattr(people, key)[rows].copy() for key in PEOPLE},
        "market_unit": markets.unit[: markets.n].copy(),
        "markets": {key: getattr(markets, key)[: markets.n].copy() for key in MARKETS},
    }


@pytest.fixture(scope="module")
def practice():
    return make_input(months=MONTHS)


@pytest.fixture(scope="module")
def base(practice):
    """What is seen, and the channel states, at the end of every month of current practice."""
    model, seen = CountyModel(practice), []
    while model.months_done < MONTHS:
        model.step()
        seen.append((look(model.world), states(model.world)))
    return seen


def states(world) -> dict[str, np.ndarray]:
    return {key: getattr(world.channels, key).copy() for key in REGISTRY.states}


def crossed(now: dict, then: dict, unit: int) -> bool:
    """Whether other people live in `unit` than in the base run."""
    here, there = now["uid"][now["unit"] == unit], then["uid"][then["unit"] == unit]
    return here.tobytes() != there.tobytes()


def works_elsewise(now: dict, then: dict, unit: int) -> bool:
    """Whether anybody of `unit` has another job, or none, than in the base run: who looks for work looks in reach."""
    here, there = now["unit"] == unit, then["unit"] == unit
    return any(now["people"][key][here].tobytes() != then["people"][key][there].tobytes() for key in WORK)


@pytest.mark.parametrize("key", list(REGISTRY.levers))
def test_other_places_are_unchanged_until_someone_crosses(key, practice, base):
    path = practice.levers[key].copy()
    path[:, UNIT] = full_path(key, path, START)[:, UNIT]
    model = CountyModel(replace(practice, levers={**practice.levers, key: path}))
    core = model.world.prefecture.core
    moved, month = False, -1
    while not moved and month + 1 < MONTHS:
        model.step()
        month += 1
        moved = any(now.tobytes() != base[month][1][key].tobytes() for key, now in states(model.world).items())
    now, before = look(model.world), base[month][0]
    others = [u for u in range(model.world.n_units) if u not in (UNIT, core)]
    quiet = [u for u in others if not crossed(now, before, u)]
    assert moved and quiet, "the state never moved, or everybody crossed at once"
    # One more who looks for work shares the posts of all markets in reach in the same month.
    shared = {"p_job"} if any(works_elsewise(now, before, unit) for unit in (UNIT, core)) else set()
    for unit in quiet:
        for table, of in (("people", "unit"), ("markets", "market_unit")):
            for column, values in now[table].items():
                if column in shared:
                    continue
                same = values[now[of] == unit].tobytes() == before[table][column][before[of] == unit].tobytes()
                assert same, f"{table}.{column} of unit {unit} changed in the month in which the state first moved"
