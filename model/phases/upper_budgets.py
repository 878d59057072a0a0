"""What governments above the county pay; the prefecture only as far as its own programme allows (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.phases.revenue import fen
from model.spec.types import Payer

if TYPE_CHECKING:
    from model.state.world import World

PAYERS: Final = tuple(Payer)
WITHOUT_LIMIT: Final = (Payer.CENTRE, Payer.PROVINCE)
PREFECTURE: Final = PAYERS.index(Payer.PREFECTURE)


def pay_from_above(world: World, levers: np.ndarray, index: float) -> np.ndarray:
    """Pay levers and rewards; returns works paid in each unit beside the county's, int64[U] fen.

    levers: int64[U, payers], cost of the month.
    """
    ledger = world.ledger
    firms, total = ledger.accounts("firms"), np.zeros(world.n_units, np.int64)
    for payer in WITHOUT_LIMIT:
        part = np.maximum(levers[:, PAYERS.index(payer)], 0)
        ledger.post("works_from_above", ledger.account(payer), firms, part)
        total += part
    return total + pay_from_prefecture(world, np.maximum(levers[:, PREFECTURE], 0), index)


def pay_from_prefecture(world: World, cost: np.ndarray, index: float) -> np.ndarray:
    """The prefecture's programme: new duties and rewards take at most its reprioritised part; returns its works.

    Writes accounts delivery_prefecture (the share of the cost of levers that could be paid), prefecture_works_fen and
    reward_fen. What new duties take is missing in the practice programme, which is spread as works of counties are.
    """
    ledger, a, p = world.ledger, world.accounts, world.p
    programme = np.floor(a["prefecture_programme_fen"] * index).astype(np.int64)
    budget = int(programme.sum())
    ledger.post("prefecture_transfer", ledger.account("province"), ledger.account("prefecture"), budget)
    reward = fen(world, world.channels.reward_flow_yuan * a["rewarded"])
    asked = int(cost.sum() + reward.sum())
    share = min(1.0, p.capital_reprioritised_share * budget / asked) if asked > 0 else 1.0
    paid, given = (np.floor(x * share).astype(np.int64) for x in (cost, reward))
    left = budget - int(paid.sum() + given.sum())
    works = np.floor(programme * (left / max(budget, 1))).astype(np.int64)
    works[0] += left - int(works.sum())
    ledger.post("prefecture_works", ledger.account("prefecture"), ledger.accounts("firms"), works)
    ledger.post("works_from_above", ledger.account("prefecture"), ledger.accounts("firms"), paid)
    ledger.post("reward", ledger.account("prefecture"), ledger.accounts("county"), given)
    a["prefecture_works_fen"] = works
    a["delivery_prefecture"] = np.array([share])
    a["reward_fen"] = given
    return works + paid
