"""The choice kernel against its plain twin on random places and families."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels.bounds import empty_bounds, fill_bounds, fill_near, shorten_access
from model.kernels.choice import (
    COLUMNS,
    COMMUTE,
    FROM_TOWN,
    MAX_ALTERNATIVES,
    ChoiceParams,
    ChoiceTables,
    utilities,
)
from model.kernels.family import Family, Home
from model.kernels.jit import kernel
from model.kernels.nested import N_NESTS, choose
from model.kernels.quick import make_room, stays
from model.kernels.shocks import shocks_of
from model.phases.choice_tables import choice_params
from model.spec.codes import Config, Kind, Tenure
from model.spec.registry import REGISTRY
from tests.reference import choice as twin

UNITS, OUTSIDE = 3, 2
MARKETS = 3 * UNITS + OUTSIDE
PLACES = 4 * UNITS + OUTSIDE


def bounds_of(t, q, s):
    """Bounds of a month of which every row of `access` is known."""
    w = empty_bounds(t, q, s)
    fill_bounds(t, q, w)
    fill_near(t, q, w)
    shorten_access(np.arange(t.place_unit.size, dtype=np.int16), t, w)
    return w


def tables(seed: int) -> ChoiceTables:
    """Three units of two villages, a town and a seat each, and two places outside."""
    rng = np.random.default_rng(seed)
    unit = np.concatenate((np.repeat(np.arange(UNITS), 4), np.full(OUTSIDE, -1))).astype(np.int16)
    kind = np.array([*[Kind.VILLAGE, Kind.VILLAGE, Kind.TOWN, Kind.SEAT] * UNITS, *[Kind.OUTSIDE] * OUTSIDE], np.uint8)
    kind[3] = Kind.CORE
    market = np.concatenate([3 * u + np.array([0, 0, 1, 2]) for u in range(UNITS)] + [3 * UNITS + np.arange(OUTSIDE)])
    places = np.full(MARKETS, -1, np.int16)
    for place in range(PLACES):
        if kind[place] != Kind.VILLAGE:
            places[market[place]] = place
    market_kind = np.array([*[Kind.VILLAGE, Kind.TOWN, Kind.SEAT] * UNITS, *[Kind.OUTSIDE] * OUTSIDE], np.uint8)
    market_kind[2] = Kind.CORE
    return ChoiceTables(
        income=rng.uniform(300, 6000, (2, UNITS + 1, MARKETS, 3)), base=rng.normal(0, 2, (UNITS + 1, MARKETS, 3)),
        access=rng.normal(-4, 2, (PLACES, MARKETS)), minutes=rng.uniform(5, 90, (PLACES, MARKETS)).astype(np.float32),
        amenity=rng.normal(0, 0.1, MARKETS), log_quality=rng.normal(0, 0.3, (6, MARKETS)),
        log_entitlement=-rng.uniform(0, 1, (6, UNITS + 1, MARKETS)), village=rng.normal(0, 0.1, PLACES),
        rent=rng.uniform(2, 40, MARKETS), room=rng.uniform(2, 40, MARKETS), rental_discount=0.35,
        rental_free=rng.integers(0, 2, MARKETS).astype(np.uint8),
        dorm_free=rng.integers(0, 2, MARKETS).astype(np.uint8),
        homes_free=rng.integers(0, 2, MARKETS).astype(np.uint8), need_yuan=rng.uniform(2e4, 2e5, MARKETS),
        owner_yuan=rng.uniform(100, 3000, MARKETS), resale_yuan=rng.uniform(1e5, 5e5, MARKETS),
        rental_limit=rng.uniform(500, 4000, MARKETS), place_unit=unit, place_market=market.astype(np.int16),
        place_kind=kind, market_place=places, market_kind=market_kind,
        market_unit=np.repeat([*range(UNITS), -1], [3, 3, 3, OUTSIDE]).astype(np.int16),
        market_ring=np.array([1] * 3 * UNITS + [2, 3], np.uint8),
        transfer=rng.uniform(100, 500, UNITS + 1), home_premium=rng.uniform(0.8, 1.2, UNITS + 1),
        heating=rng.uniform(-100, 50, UNITS + 1),
        levy=rng.uniform(-30, 60, UNITS + 1), covered=rng.uniform(0, 1, PLACES),
        service_gain=rng.uniform(0, 0.1, PLACES), ev_share=rng.uniform(0, 1, UNITS + 1),
    )


@st.composite
def households(draw):
    """A family and where it lives: at home, commuting, away as a whole, or in two places."""

    def count(most):
        return draw(st.integers(0, most))

    e = [count(2) for _ in range(3)]
    small, pre, pupils, elders = count(1), count(1), count(2), count(2)
    size = max(1, sum(e) + small + pre + pupils + elders)
    origin = draw(st.integers(0, PLACES - 1))
    config = draw(st.sampled_from([Config.WHOLE, Config.COMMUTE, Config.WORKER_AWAY, Config.CHILD_TOWN]))
    place, split = origin, -1
    if origin >= 4 * UNITS:
        config = Config.WHOLE
    if config == Config.WHOLE:
        place = draw(st.sampled_from([origin, draw(st.integers(0, PLACES - 1))]))
    elif config != Config.COMMUTE:
        place = draw(st.sampled_from([origin, 3, 7])) if config == Config.WORKER_AWAY else origin
        split = draw(st.sampled_from([p for p in (3, 7, 11, 12, 13) if p not in (origin, place)]))
    family = Family(
        *e, small, pupils, pre, elders, size, draw(st.integers(18, 70)), count(1), 5 if sum(e) else -1, count(2),
        draw(st.sampled_from([-1, 4])), draw(st.integers(-1, PLACES - 1)), draw(st.integers(0, 20000)), count(1),
        draw(st.sampled_from([2, 5, 8, 255])),
    )
    owns, land = draw(st.sampled_from([-1, 3, 7, 11])), float(draw(st.integers(0, 30)))
    tenure = st.sampled_from([int(x) for x in Tenure])
    pace, fuel = draw(st.sampled_from([(1.0, 1.0), (1.0, 0.45), (1.3, 1.0), (1.8, 1.0)]))
    return family, Home(origin, place, split, int(config), owns, land, draw(st.booleans()), pace, fuel, draw(tenure),
                        draw(tenure), draw(st.floats(0, 3e5)))


@kernel
def quick(t, q, s, w, f, home, uid, near, room):
    return stays(t, q, s, w, f, home, uid, near, room)


def key_of(row):
    """Place, arrangement (commuting by market), main place, tenure."""
    place, market, slot, _, tenure, main = (int(x) for x in row)
    how = 10 + market if slot == COMMUTE else int(Config.WORKER_AWAY) if slot == FROM_TOWN else slot
    return place, how, main, tenure


@settings(max_examples=300, deadline=None)
@given(household=households(), seed=st.integers(0, 30))
def test_utilities_equal_the_twin(household, seed):
    family, home = household
    t, q = tables(seed), choice_params(REGISTRY.param_values({}))
    v, alt = np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16)
    n, _ = utilities(t, q, family, home, v, alt)
    found = {key_of(alt[k]): v[k] for k in range(n)}
    wanted = twin.alternatives(t, q, family, home)
    assert len(found) == n
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, abs=1e-6), key


@settings(max_examples=200, deadline=None)
@given(household=households(), seed=st.integers(0, 30), near=st.booleans(), uid=st.integers(1, 2**40))
def test_the_quick_choice_is_the_choice_among_all(household, seed, near, uid):
    family, home = household
    t, q = tables(seed), choice_params(REGISTRY.param_values({}))
    v, alt = np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16)
    for month in range(20):
        shocks = shocks_of(q.tau, q.fresh, q.rho, np.uint64(seed), month)
        n, current = utilities(t, q, family, home, v, alt)
        best = choose(v, alt, n, shocks, np.uint64(uid), near, np.empty(N_NESTS), np.empty(n))
        room = make_room()
        stayed = quick(t, q, shocks, bounds_of(t, q, shocks), family, home, np.uint64(uid), near, room)
        assert stayed == (best == current)
        if not stayed:
            assert room.best.tolist() == alt[best].tolist()


def test_parameters_are_all_finite():
    q = choice_params(REGISTRY.param_values({}))
    assert isinstance(q, ChoiceParams)
    assert np.all(np.isfinite(q))
