"""Services in whole runs: what levers that cost nothing do to where people live and are treated."""

from dataclasses import replace

import numpy as np
import pytest

from model.engine import CountyModel, simulate
from model.spec.codes import Service
from tests.science.test_levers import at_full
from tests.science.test_month import make_input
from tests.worlds import without_costs

HOSPITAL = int(Service.HOSPITAL)


@pytest.fixture(autouse=True)
def free(monkeypatch):
    """Nothing that levers deliver costs money."""
    without_costs(monkeypatch)


def villagers(results) -> float:
    """Residents of places coded rural at the start, last month."""
    got = results.indicators
    return float((got["resident_population"] * (1.0 - got["resident_urbanization_rate_frozen"]))[-1, -1])


def test_better_villages_keep_people_where_amenity_counts():
    """At the upper end of the priors of amenity, so that few people at 1:100 are enough."""
    made = make_input(scale=0.01, months=48)
    made = replace(made, params={**made.params, "village_amenity_gain": 0.4, "share_infrastructure": 0.3})
    better = at_full(made, ["hemei_villages", "water_integration"])
    assert villagers(simulate(better)) > villagers(simulate(made))


def hospital_loads(made, months=40):
    model = CountyModel(made)
    while model.months_done < months:
        model.step()
    load = model.world.panels.load[HOSPITAL, : 3 * model.world.n_units]
    return load.reshape(-1, 3)[:, 2], list(model.world.prefecture.unit_keys)


def test_a_tertiary_hospital_in_one_county_takes_patients_from_the_others():
    made = make_input(scale=0.005, months=40)
    before, units = hospital_loads(made)
    pilot = units.index("zhangzi")
    path = made.levers["county_hospital_level"].copy()
    path[2:, pilot] = 3.0
    after, _ = hospital_loads(replace(made, levers={**made.levers, "county_hospital_level": path}))
    change = after / before - 1.0
    assert change[pilot] > 0.01 and change[pilot] == change.max()
    others = np.delete(np.arange(len(units)), pilot)
    assert after[others].sum() < before[others].sum()
