"""Levers with two sides, lived through: equal access against registration, links against residents (E10, E21)."""

from dataclasses import replace

import pytest

from model.engine import simulate
from tests.science.test_month import make_input
from tests.worlds import without_costs

SCALE, MONTHS, OPEN = 0.005, 54, 38
STRONG = {"implement_share": 1.0, "intercity_time_gain": 0.5, "link_trade_elast": 0.0}
"""Everything announced is done, links save half of the way, and trade does not answer: the harmful side alone."""


@pytest.fixture(scope="module")
def lived():
    """A run with one lever at a value from month 2 on, measures costing nothing: indicators of the prefecture."""
    with pytest.MonkeyPatch.context() as patch:
        without_costs(patch)

        def run(key, value):
            made = make_input(scale=SCALE, months=MONTHS)
            path = made.levers[key].copy()
            path[2:] = value
            made = replace(made, levers={**made.levers, key: path}, params={**made.params, **STRONG})
            return {name: values[:, -1] for name, values in simulate(made).indicators.items()}

        yield run


@pytest.mark.slow
def test_equal_access_raises_town_residents_and_lowers_conversions(lived):
    none, equal = (lived("service_entitlement_parity", value) for value in (0.2, 1.0))
    assert equal["urban_population"][-12:].mean() > none["urban_population"][-12:].mean()
    assert equal["hukou_conversions"].sum() < none["hukou_conversions"].sum()
    assert equal["integration_services"][-12:].mean() > none["integration_services"][-12:].mean()


@pytest.mark.slow
def test_links_to_places_outside_can_cost_residents(lived):
    never, links = (lived("intercity_link_date", value) for value in (2030.0, 2024.0))
    assert (links["resident_population"][:OPEN] == never["resident_population"][:OPEN]).all()
    assert links["out_moves"][OPEN:].sum() > never["out_moves"][OPEN:].sum()
    assert links["resident_population"][-1] < never["resident_population"][-1]
