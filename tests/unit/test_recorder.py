"""What the recorder counts and how it adds up, against slow twins in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from model.kernels import indicators, tally
from model.phases.headcount import headcount
from model.spec.codes import Activity, Flag, Tenure
from tests.worlds import small_world

SECURITY = {Tenure.RENTED: 50, Tenure.PUBLIC_RENTAL: 80, Tenure.DORMITORY: 30}
MONTH = 5


@pytest.fixture(scope="module")
def world():
    return small_world()


def twin_groups(w, month):
    """Groups and fields by masks."""
    x = {c.key: getattr(w.residents, c.key)[: w.residents.n].astype(np.int64) for c in w.residents.columns}
    x = {key: column[x["household"] >= 0] for key, column in x.items()}
    homes, unit, urban = w.households, w.places.unit.astype(int), w.places.urban.astype(bool)
    h = x["household"]
    same, in_town = unit[x["hukou"]] == unit[x["usual"]], urban[x["usual"]]
    local = in_town & same & urban[x["hukou"]]
    works = (month - x["birth"] >= 180) & (x["activity"] == Activity.EMPLOYED)
    tenure = np.where(x["place"] == homes.place[h], homes.tenure[h], homes.split_tenure[h])
    fields = (
        np.ones(h.size), month - x["birth"] >= 180, works, works & (x["flags"] & Flag.INSURED > 0),
        works & ((x["flags"] & Flag.CONTRACT > 0) | (month - x["job_since"] >= 12)),
        [SECURITY.get(t, 100) for t in tenure], homes.income_yuan[h] // np.maximum(homes.size[h].astype(int), 1), same,
    )
    group = np.where(local, 0, np.where(in_town, 1, 2))
    out = np.zeros((w.n_units, 3, len(fields)), np.int64)
    inside = unit[x["usual"]] >= 0
    for k, values in enumerate(fields):
        np.add.at(out[:, :, k], (unit[x["usual"]][inside], group[inside]), np.asarray(values, np.int64)[inside])
    return out


def test_groups_equal_twin(world):
    counts = headcount(world, MONTH).counts
    np.testing.assert_array_equal(counts.groups, twin_groups(world, MONTH))


def test_registered_and_resident_people_equal_twin(world):
    counted = headcount(world, MONTH)
    homes, counts = counted.homes, counted.counts
    people, places, units = world.residents, world.places, world.n_units
    alive = people.household[: people.n] >= 0
    for column, found, code in (
        (people.hukou, counts.registered[:, 0], np.ones(places.n)),
        (people.hukou, counts.registered[:, 1], places.urban),
        (people.usual, counts.resident[0], np.ones(places.n)),
        (people.usual, counts.resident[1], places.urban),
        (people.usual, counts.resident[2], places.urban_frozen),
    ):
        place = column[: people.n][alive]
        place = place[places.unit[place] >= 0]
        wanted = np.bincount(places.unit[place], weights=code[place], minlength=units)
        np.testing.assert_array_equal(found, wanted)
    h = world.households
    unit = places.unit[h.place[: h.n]]
    rented = (h.head[: h.n] >= 0) & (h.tenure[: h.n] == Tenure.RENTED) & (unit >= 0)
    yuan = np.bincount(unit[rented], weights=h.income_yuan[: h.n][rented], minlength=units)
    np.testing.assert_array_equal(homes[:units, tally.TENANTS, tally.YUAN], yuan)


def test_pay_of_local_jobs_equals_twin(world):
    pay = headcount(world, MONTH).counts.pay
    people, units = world.residents, world.n_units
    n = people.n
    local = (people.activity[:n] == Activity.EMPLOYED) & (people.household[:n] >= 0)
    local &= people.job_market[:n] < 3 * units
    unit, chosen = people.job_market[:n] // 3, np.isin(people.sector[:n], tally.LABOUR_INTENSIVE)
    for found, mask in ((pay[0], local), (pay[1], local & chosen)):
        wanted = np.bincount(unit[mask], weights=people.wage_yuan[:n][mask], minlength=units)
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 12, 16, 31])
def test_sums_have_the_bits_of_numpy(n):
    x = np.random.default_rng(n).normal(size=n + 1)
    assert indicators.total(x, n) == x[:n].sum()


def test_moves_between_units_and_from_villages_equal_twin():
    units, markets = 3, 11
    od = np.random.default_rng(1).integers(0, 5, (markets, markets))
    group = np.minimum(np.arange(markets) // 3, units)
    into, out, village = np.zeros(units + 1), np.zeros(units + 1), np.zeros((2, units + 1))
    moves = np.zeros_like(od)
    indicators.moved(od, moves, into, out, village, 2.0)
    apart = od * (group[:, None] != group[None, :])
    for u in range(units):
        assert into[u] == 2.0 * apart[:, group == u].sum() and out[u] == 2.0 * apart[group == u].sum()
        own = od[3 * u, 3 * u + 1 : 3 * u + 3].sum()
        rural = od[3 * u, : 3 * units : 3].sum()
        assert (village[:, u] == (own, od[3 * u].sum() - rural)).all()
    assert into[units] == 2.0 * apart[group == units].sum() and out[units] == 2.0 * apart[:, group == units].sum()
    np.testing.assert_array_equal(moves, od)
