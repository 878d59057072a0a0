"""The Mesa model and the plain loop are one, and Mesa's generators stay out of the month."""

import numpy as np
import pytest

from model import schedule, simulate
from model.engine import CountyModel
from model.warm_up import tiny_input


@pytest.fixture(scope="module")
def made():
    return tiny_input()


def test_the_mesa_model_lives_the_same_months(made):
    assert CountyModel(made).run().digest() == simulate.simulate(made).digest()


@pytest.mark.parametrize("name", ["random", "rng"])
def test_a_phase_may_not_draw_from_a_shared_generator(made, monkeypatch, name):
    model = CountyModel(made)

    def phase(world, month):
        getattr(model, name).random()

    monkeypatch.setattr(simulate, "MONTH", (schedule.Phase("demography", phase),))
    with pytest.raises(RuntimeError, match=f"{name} is not used inside a month"):
        model.step()
    assert 0.0 <= getattr(model, name).random() < 1.0


def test_observers_may_still_use_agents_at_random(made):
    model = CountyModel(made)
    model.step()
    assert len(model.agents.shuffle()) == len(model.agents) > 0
    assert np.isfinite(model.rng.normal())
