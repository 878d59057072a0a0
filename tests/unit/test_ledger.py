"""The ledger: double entry, whole fen, and a clear refusal when something does not add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.state.ledger import InvariantError, Ledger, wealth_by_unit


def test_accounts_are_distinct_and_ordered():
    ledger = Ledger(3)
    ids = [ledger.account(k, u) for k in ("households", "firms", "county", "fund", "villages") for u in range(3)]
    ids += [ledger.account(k) for k in ("prefecture", "province", "centre", "banks", "insurance", "outside")]
    assert ids == list(range(21)) and ledger.balance.size == 21
    assert ledger.account("households", -1) == ledger.account("outside")


def test_unknown_accounts_are_named():
    ledger = Ledger(2)
    with pytest.raises(KeyError, match="no account 'village'"):
        ledger.account("village", 0)
    with pytest.raises(KeyError, match="needs a unit from 0 to 1, not 2"):
        ledger.account("county", 2)


def test_post_moves_money_and_counts_the_flow_by_unit():
    ledger = Ledger(2)
    ledger.post("wages", ledger.accounts("firms"), ledger.accounts("households"), np.array([100, 250]))
    ledger.post("transfer", ledger.account("province"), ledger.accounts("county"), np.array([7, 8]))
    assert ledger.of("firms").tolist() == [-100, -250]
    assert ledger.of("households").tolist() == [100, 250]
    assert ledger.flow_of("wages").tolist() == [100, 250, 0]
    assert ledger.flow_of("transfer").tolist() == [7, 8, 0]
    ledger.new_month()
    assert ledger.flow_of("wages").tolist() == [0, 0, 0]


def test_post_accumulates_repeated_accounts():
    ledger = Ledger(2)
    ledger.post("x", np.array([0, 0, 0]), np.array([1, 1, 0]), np.array([5, 6, 7]))
    assert ledger.balance[:2].tolist() == [-11, 11]


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15), st.integers(0, 2**40)), max_size=60))
def test_every_flow_conserves_money(flows):
    ledger = Ledger(2)
    for source, target, fen in flows:
        ledger.post("any", source, target, fen)
    ledger.check()
    twin = [0] * 16
    for source, target, fen in flows:
        twin[source] -= fen
        twin[target] += fen
    assert ledger.balance.tolist() == twin


def test_fractions_and_negative_amounts_are_refused():
    ledger = Ledger(1)
    with pytest.raises(TypeError, match="whole fen"):
        ledger.post("wages", 0, 1, 1.5)
    with pytest.raises(ValueError, match="-5 fen is negative"):
        ledger.post("wages", 0, 1, -5)


def test_imbalance_is_refused():
    ledger = Ledger(2)
    ledger.balance[0] += 3
    with pytest.raises(InvariantError, match="sum to 3 fen"):
        ledger.check()


def test_households_must_own_what_the_ledger_says():
    ledger = Ledger(2)
    ledger.post("opening", ledger.account("banks"), ledger.accounts("households"), np.array([500, 900]))
    ledger.check(np.array([500, 900, 0]))
    with pytest.raises(InvariantError, match=r"households\[1\] holds 900 fen .* gap of -50; 1 of 2"):
        ledger.check(np.array([500, 950, 0]))


def test_wealth_moves_with_the_household_in_either_sign():
    ledger = Ledger(2)
    ledger.move_household_wealth(np.array([0, 1, -1]), np.array([1, -1, 0]), np.array([100, -40, 7]))
    assert ledger.of("households").tolist() == [-93, 140]
    assert ledger.balance[ledger.account("outside")] == -47
    ledger.check()


def test_wealth_by_unit_skips_the_empty_and_counts_outside_apart():
    savings, debt = np.array([10, 20, 30, 40]), np.array([1, 2, 3, 4])
    size, place = np.array([1, 2, 0, 1], np.uint8), np.array([0, 1, 0, 2], np.int16)
    total = wealth_by_unit(savings, debt, size, place, np.array([0, 1, -1], np.int16), 2)
    assert total.tolist() == [9, 18, 36]
