"""Futures that share a past: living the common months once changes no byte."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from model import branch
from model.recorder import Recorder
from model.simulate import live_month, simulate
from model.world.start import start_world
from tests.science.test_month import make_input

MONTHS = 16


def parting(made, month, *keys, times=1.3):
    """The same future until `month`, then some levers a little higher."""
    levers = dict(made.levers)
    for key in keys:
        levers[key] = levers[key].copy()
        levers[key][month:] = levers[key][month:] * times + 0.01
    return dataclasses.replace(made, levers=levers)


@pytest.fixture(scope="module")
def variants():
    """Equal to one another until months 0, 5, 9 (twice) and 9 again from another branch; one is given twice."""
    base = make_input(months=MONTHS)
    early = parting(base, 5, "hukou_rent_route", "school_seats")
    drivers = dict(base.drivers)
    drivers["outside_wage_index"] = drivers["outside_wage_index"].copy()
    drivers["outside_wage_index"][7:] *= 1.05
    return [
        base, early, parting(base, 9, "job_matching"), parting(base, 9, "job_matching", times=0.7),
        parting(early, 9, "job_matching"), parting(base, 0, "county_transfer"), base,
        dataclasses.replace(base, drivers=drivers),
    ]


@pytest.fixture(scope="module")
def alone(variants):
    return [simulate(made).digest() for made in variants]


def test_the_variants_are_different_futures(alone):
    assert alone[0] == alone[6]
    assert len(set(alone)) == len(alone) - 1


@pytest.mark.parametrize("order", [1, -1])
def test_futures_lived_together_are_those_lived_alone(variants, alone, order):
    chosen = range(len(variants))[::order]
    lived = {chosen[i]: results.digest() for i, results in branch.together([variants[i] for i in chosen])}
    assert [lived[i] for i in range(len(variants))] == alone


def test_a_copy_taken_in_the_middle_goes_on_by_itself(variants, alone):
    base, late = variants[0], variants[2]
    world = start_world(base)
    recorder = Recorder(world)
    for index in range(9):
        live_month(world, recorder, index)
    other, recorded = branch.branch(world, recorder)
    other.input = late
    for index in range(9, MONTHS):
        live_month(other, recorded, index, checked=index == 9)
        live_month(world, recorder, index)
    assert recorder.results(world).digest() == alone[0]
    assert recorded.results(other).digest() == alone[2]


def test_a_copy_of_a_copy_is_one_too(variants, alone):
    world = start_world(variants[0])
    recorder = Recorder(world)
    for index in range(MONTHS):
        if index % 4 == 1:
            world, recorder = branch.branch(world, recorder)
        live_month(world, recorder, index)
    assert recorder.results(world).digest() == alone[0]


def test_what_begins_differently_is_not_lived_together(variants):
    other = dataclasses.replace(variants[0], seed=2)
    with pytest.raises(ValueError, match="do not begin in the same world"):
        list(branch.together([variants[0], other]))


def test_the_first_difference_is_the_first(variants):
    assert [branch.first_difference(variants[0], made) for made in variants] == [MONTHS, 5, 9, 9, 5, 0, MONTHS, 7]
    assert branch.first_difference(variants[1], variants[4], since=6) == 9


def test_views_of_one_array_stay_views_of_one_array():
    whole = np.arange(12.0).reshape(3, 4)
    held = {"whole": whole, "row": whole[1], "again": whole, "list": [whole[:, 2]]}
    made = branch.copied(held, {}, [])
    again = branch.copied(made, {}, [])
    for one in (made, again):
        one["whole"][:] = -1.0
        assert one["again"] is one["whole"]
        assert (one["row"] == -1).all() and (one["list"][0] == -1).all()
    assert whole[1, 2] == 6.0
