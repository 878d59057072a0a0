"""A labour brand works against the county: posts outside take workers out, and what they earn comes back in part."""

from dataclasses import replace

import numpy as np
import pytest

from model.engine import CountyModel
from model.spec.codes import Activity, Flag, Kind
from tests.science.test_month import make_input

MONTHS, SCALE = 18, 0.01


def lived(share):
    """A year and a half with such a share of trainees offered a post outside: the model, and people placed by month."""
    made = make_input("current_practice", months=MONTHS, scale=SCALE)
    path = np.full_like(made.levers["labour_brand_outmigration"], share)
    model = CountyModel(replace(made, levers={**made.levers, "labour_brand_outmigration": path}), checked=True)
    placed = []
    while model.months_done < MONTHS:
        model.step()
        placed.append(int(model.world.month_events.get("placed_outside", np.zeros(1)).sum()))
    return model, placed


@pytest.fixture(scope="module")
def both():
    return lived(0.1), lived(0.8)


def outside_at_work(model):
    world = model.world
    people, n = world.residents, world.residents.n
    away = world.places.kind[people.place[:n]] == Kind.OUTSIDE
    apart = (people.flags[:n] & int(Flag.APART)) > 0
    return int((away & apart & (people.activity[:n] == Activity.EMPLOYED) & (people.household[:n] >= 0)).sum())


def test_practice_places_nobody_and_a_brand_places_some(both):
    (_, none), (_, some) = both
    assert sum(none) == 0 and sum(some) > 10


def test_those_who_take_a_post_outside_are_missing_at_home(both):
    (base, _), (brand, _) = both
    residents = [
        model.recorder.results(model.world).indicators["resident_population"][-1, -1] for model in (base, brand)
    ]
    assert residents[1] < residents[0]
    assert outside_at_work(brand) > outside_at_work(base)
