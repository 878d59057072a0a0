"""The order of phases within a month: which ones may change places."""

import sys
from itertools import permutations

import pytest

from model.engine import CountyModel
from model.schedule import MONTH
from tests.science.test_month import make_input

FREE = ("matching", "beliefs", "triggers")
"""Work, learning and second thoughts read the start of the month and none reads what another writes.

After them the order is fixed: who moves (relocation) fills homes (housing), owns (settlement), and uses services.
"""
ORDERS = [order for order in permutations(FREE) if order != FREE]


def lived(order, monkeypatch):
    by_name = {phase.name: phase for phase in MONTH}
    queue = iter(order)
    month = tuple(by_name[next(queue)] if phase.name in FREE else phase for phase in MONTH)
    for name, module in list(sys.modules.items()):
        if name.startswith("model.") and getattr(module, "MONTH", None) is MONTH:
            monkeypatch.setattr(module, "MONTH", month)
    return CountyModel(make_input("action_plan", months=10, scale=0.001)).run().digest()


@pytest.fixture(scope="module")
def base():
    return CountyModel(make_input("action_plan", months=10, scale=0.001)).run().digest()


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_order_of_work_learning_and_second_thoughts_changes_no_byte(order, base, monkeypatch):
    assert lived(order, monkeypatch) == base
