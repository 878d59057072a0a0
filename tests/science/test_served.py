"""Residents whom budgets serve: the count that is kept is the count of everybody."""

import numpy as np

from model.engine import CountyModel
from model.phases import budgets
from tests.science.test_params import busy


def test_what_is_kept_is_what_is_counted(monkeypatch):
    seen, known = [], budgets.served_now

    def both(world, month):
        seen.append((month.index, world.kept.get("settled", (-2,))[0], known(world, month), budgets.served(world)))
        return seen[-1][2]

    monkeypatch.setattr(budgets, "served_now", both)
    CountyModel(busy(16, 0.002, "full")).run()
    assert [last for _, last, *_ in seen[1:]] == list(range(15))
    for index, _, kept, counted in seen:
        assert np.array_equal(kept, counted), index
