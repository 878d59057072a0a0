"""The kernels of delivery against their slow twin, under settings and money that change every month."""

import numpy as np
import pytest

from model.channels import Channels
from model.phases.assessment import LAG_CHANNELS
from model.spec.registry import REGISTRY
from tests.reference.channels import SlowChannels

UNITS = 4
QUANTITIES = {key: 1e5 * (k + 1) * np.array([1.0, 0.37, 0.61, 0.0]) for k, key in enumerate(REGISTRY.quantities)}


@pytest.mark.parametrize("seed", range(4))
def test_a_year_of_changing_settings_agrees_with_the_slow_twin(seed):
    rng = np.random.default_rng(seed)
    p = REGISTRY.param_values({"implement_share": rng.uniform(0.3, 0.9), "pilot_learning": 0.4, "effort_slip": 0.5})
    pilot = rng.random(UNITS) < 0.5
    fast = Channels.start(REGISTRY, UNITS, QUANTITIES, p, pilot)
    slow = SlowChannels(REGISTRY, UNITS, QUANTITIES, p, pilot)
    for month in range(40):
        values = {
            key: np.clip(slow.practice[key] * rng.uniform(0.3, 1.5, UNITS) + rng.uniform(0, 0.2), *lever.bounds)
            for key, lever in REGISTRY.levers.items() if rng.random() < 0.8
        }
        delivery, prefecture = rng.random(UNITS), rng.random()
        effort = {channel: np.exp(rng.normal(0.0, 0.3, UNITS)) for channel in LAG_CHANNELS}
        fast.advance(values, p, delivery, month, prefecture=prefecture, effort=effort)
        slow.advance(values, delivery, prefecture, effort)
    for key in REGISTRY.states:
        np.testing.assert_allclose(getattr(fast, key), slow.state[key], rtol=1e-11, atol=1e-12, err_msg=key)
    np.testing.assert_allclose(fast.delivered, [*slow.delivered.values()], rtol=1e-11, atol=1e-12)
    cost, kept = slow.costs()
    np.testing.assert_allclose(fast.cost_flow_yuan(), cost, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(fast.upkeep_flow_yuan(), kept, rtol=1e-9, atol=1e-3)
    assert fast.touched == {key: set(lever.writes) for key, lever in REGISTRY.levers.items()}
