"""A month of county budgets in kernels against its slow twin, for counties rich and poor and every state of theirs."""

import copy

import numpy as np
import pytest

from model.kernels.public import STATES
from model.phases.budgets import budgets
from model.spec.registry import REGISTRY
from tests.economy import economy_world
from tests.reference import budgets as slow
from tests.worlds import month_of

SCALED = {
    "debt_fen": (0.5, 3.0), "public_pay_fen": (0.5, 2.0), "tax_fen": (0.2, 1.5), "transfer_start_fen": (0.0, 1.5),
    "works_start_fen": (0.2, 2.0), "local_sales_fen": (0.5, 1.5), "residents_market_start": (0.5, 2.0),
}


@pytest.fixture(scope="module")
def start():
    return economy_world(200, units=5, params={"recycling_least_yuan": 10.0, "private_return_year": 0.07})


def disturb(world, rng):
    """Settings of every state, bills of levers, accounts and crowding such as no run would see together."""
    a, units = world.accounts, world.n_units
    for key in STATES:
        state = REGISTRY.states[key]
        span = 2e5 if key.endswith("_yuan") else min(state.high, state.practice + 2.0) - max(state.low, -1.0)
        value = state.practice + rng.normal(0.0, 0.5, units) * span * (rng.random(units) < 0.7)
        setattr(world.channels, key, np.clip(value, state.low, state.high))
    for key, (low, high) in SCALED.items():
        a[key] = (a[key] * rng.uniform(low, high, a[key].shape)).astype(a[key].dtype)
    a["conversions"], a["rewarded"] = rng.integers(0, 9, units), rng.integers(0, 2, units)
    a["lagging_lines"][:] = rng.random(a["lagging_lines"].shape) * 0.3
    a["type_lines"][:] = rng.random(a["type_lines"].shape) * 0.3
    bills = rng.normal(0.0, 2e4, (3, units, 6))
    world.channels.cost_flow_yuan = lambda: bills[0]
    world.channels.cost_to_households_yuan = lambda: 0.1 * bills[1]
    world.channels.upkeep_flow_yuan = lambda: np.abs(0.1 * bills[2])
    world.panels.load[:] = rng.uniform(0.0, 90.0, world.panels.load.shape) * (rng.random(world.panels.load.shape) < 0.5)
    world.panels.capacity[:] = 40.0
    for kind in ("county", "fund"):
        gift = rng.integers(-(10**9), 10**9, units) * rng.integers(0, 2, units)
        world.ledger.settle("gift", "loss", np.full(units, world.ledger.account("province")),
                            world.ledger.accounts(kind), gift)


@pytest.mark.parametrize("seed", range(6))
def test_a_year_and_a_half_agrees_with_the_slow_twin(start, seed):
    fast = copy.deepcopy(start)
    disturb(fast, np.random.default_rng(seed))
    plain = copy.deepcopy(fast)
    for index in range(18):
        for world, live in ((fast, budgets), (plain, slow.budgets)):
            world.ledger.new_month()
            live(world, month_of(index))
        assert fast.ledger.balance.tolist() == plain.ledger.balance.tolist()
        for kind in plain.ledger._row:
            assert fast.ledger.flow_of(kind).tolist() == plain.ledger.flow_of(kind).tolist(), kind
        for key, value in plain.accounts.items():
            np.testing.assert_allclose(fast.accounts[key], value, rtol=1e-12, atol=1e-9, err_msg=f"{index} {key}")


def test_money_that_runs_backwards_is_refused(start):
    world = copy.deepcopy(start)
    world.accounts["village_operation_fen"] = np.full(world.n_units, -1e9)
    with pytest.raises(ValueError, match="negative"):
        budgets(world, month_of(0))
