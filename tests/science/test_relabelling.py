"""Relabelling of villages and the six-month rule."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.phases.relabelling import recode, relabelling, start_relabelling
from model.spec.codes import Kind
from model.state.heads import Heads, check_heads, count_by_place
from tests.reference import people as twin
from tests.science.test_services import ready
from tests.worlds import month_of


def test_six_month_rule_equals_twin_and_heads_close():
    world = ready()
    start_relabelling(world)
    people = world.residents
    rng = np.random.default_rng(3)
    moved = rng.choice(people.n, people.n // 4, replace=False)
    people.place[moved] = rng.integers(0, world.places.n, moved.size)
    people.since[moved] = rng.integers(-9, 3, moved.size)
    world.heads = Heads.of(world)
    usual, moves = twin.six_months(world, 2)
    relabelling(world, month_of(2))
    np.testing.assert_array_equal(people.usual[: people.n], usual)
    np.testing.assert_array_equal(world.month_events["moves_od"], moves)
    assert moves.sum() > 0
    check_heads(world, "relabelling")


def test_relabelling_meets_the_quota_and_heads_close():
    world = ready(3000)
    start_relabelling(world)
    people, places = world.residents, world.places
    world.accounts["relabel_quota"][:] = 60.0
    residents = count_by_place(people.n, people.household, people.usual, places.n)
    frozen = places.urban_frozen[: places.n].copy()
    total = np.zeros(world.n_units, np.int64)
    for _ in range(8):
        world.month_events = {}
        world.heads = Heads.of(world)
        recode(world, 1.0)
        total += world.month_events["reclassified"]
        check_heads(world, "relabelling")
    for u in range(world.n_units):
        rows = np.flatnonzero((places.unit[: places.n] == u) & (places.kind[: places.n] == Kind.VILLAGE))
        wanted = twin.recoded(places.relabel_order[rows], residents[rows], 60.0, 8)
        assert set(np.flatnonzero(places.urban[rows])) == set(wanted)
        assert total[u] == residents[rows][wanted].sum()
        assert abs(total[u] - 480.0) <= residents[rows].max() / 2 + 60.0 or len(wanted) == rows.size
    np.testing.assert_array_equal(places.urban_frozen[: places.n], frozen)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=8), st.floats(0.0, 300.0), st.integers(1, 10)
)
def test_carried_quota_stays_within_half_a_village(residents, quota, years):
    done = twin.recoded(list(range(len(residents))), residents, quota, years)
    used = sum(residents[v] for v in done)
    if len(done) < len(residents):
        assert used - quota * years <= max(residents) / 2 + 1e-9


def test_quota_is_the_given_share_of_past_urban_growth():
    world = ready()
    start_relabelling(world)
    census = world.prefecture.census
    growth = (census[2020]["urban"] - census[2010]["urban"]) / 10.0
    np.testing.assert_allclose(world.accounts["relabel_quota"], world.p.reclass_share * growth * world.scale)
