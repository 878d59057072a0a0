"""What a county receives in a month: tax, fees, land, transfers, awards and rewards (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.segments import share_of
from model.phases.entry import deferred_land
from model.phases.public_debt import ceiling_room
from model.phases.public_works import PLACE_YUAN, shortage

if TYPE_CHECKING:
    from model.state.world import World

FEN: Final = 100.0
YEAR: Final = 12
HOME_M2: Final = 90.0
LEAST_GRANT: Final = 0.1
"""Weight that is left to a county without room below the ceiling when grants follow risk (assumed)."""


def fen(world: World, yuan: np.ndarray) -> np.ndarray:
    """Real yuan by unit as whole fen at the scale of the run; negative amounts become nothing."""
    return np.floor(np.maximum(yuan, 0.0) * FEN * world.scale).astype(np.int64)


def receive(world: World, index: float) -> np.ndarray:
    """Post what the county receives now; returns all revenue of the month, with the tax that came in with it.

    Rewards wait for `upper_budgets`, which knows what the prefecture can pay: they are revenue of the month in which
    they come in.
    """
    ledger, a, channels, p = world.ledger, world.accounts, world.channels, world.p
    county = ledger.accounts("county")
    land = land_sales(world)
    ledger.post("land_sales", ledger.accounts("firms"), ledger.accounts("fund"), land)
    fees = np.floor(a["fee_start_fen"] * index * share_of(a["served"], a["served_start"], empty=1.0)).astype(np.int64)
    ledger.post("fees", ledger.accounts("firms"), county, fees)
    general = np.floor(a["transfer_start_fen"] * index).astype(np.int64)
    ledger.post("general_transfer", ledger.account("province"), county, general)
    award = np.floor(channels.award_yuan_per_convert * FEN * p.verified_share * a["conversions"]).astype(np.int64)
    ledger.post("award", ledger.account("centre"), county, award)
    a["reward_homes_fen"] = np.floor(channels.award_housing_share * award).astype(np.int64)
    extra = fen(world, granted(world))
    ledger.post("county_transfer", ledger.account("province"), county, extra)
    a["own_revenue_fen"], a["land_fen"] = a["tax_fen"] + fees, land
    return a["tax_fen"] + fees + land + general + award + extra + a["reward_fen"]


def granted(world: World) -> np.ndarray:
    """Transfers beyond practice by unit, yuan a month, float64[U]: their sum is what was set, shared out again.

    risk_grant_weight of them goes by room below the debt ceiling, deficit_weight by the cost of missing places; only
    among counties for which something was set.
    """
    p, c = world.p, world.channels
    set_for = np.maximum(c.county_transfer_flow_yuan, 0.0)
    resources = np.maximum(world.accounts["resources_fen"] * c.debt_ceiling, 1.0)
    room = np.maximum(ceiling_room(world) / resources, LEAST_GRANT)
    need = (shortage(world) * PLACE_YUAN[:, None, None]).sum(axis=(0, 2))
    weight = (1.0 - c.deficit_weight) * set_for + c.deficit_weight * _resum(need * (set_for > 0.0), set_for)
    weight = (1.0 - p.risk_grant_weight) * weight + p.risk_grant_weight * _resum(weight * room, weight)
    return _resum(weight, set_for)


def _resum(amounts: np.ndarray, like: np.ndarray) -> np.ndarray:
    """`amounts` scaled to the sum of `like`; `like` itself where there is nothing."""
    total = amounts.sum()
    return amounts * (like.sum() / total) if total > 0.0 else like


def land_sales(world: World) -> np.ndarray:
    """Land revenue: the start's, moved by a year's mean of home sales by value, and land supplied beyond practice."""
    p, a, channels, seen = world.p, world.accounts, world.channels, world.seen
    assert seen is not None
    value = seen.markets["homes_sold_month"] * seen.markets["price_yuan_m2"] * HOME_M2
    by_unit = value[: 3 * world.n_units].reshape(world.n_units, 3).sum(axis=1)
    a["home_sales_mean"] = a["home_sales_mean"] + (by_unit - a["home_sales_mean"]) / YEAR
    practice = a["land_start_fen"] * share_of(a["home_sales_mean"], a["home_sales_start"], empty=1.0)
    practice = practice - deferred_land(world, practice)
    more = a["land_added_ha_year"] * p.land_price_yuan_ha * a["land_price"] / YEAR
    saved = world.prefecture.state["n_village_clusters"] * p.quota_saved_ha_village
    more = more + (channels.land_quota_trade_share - a["quota_share_start"]) * saved * p.quota_price_yuan_ha / YEAR
    return np.floor(np.maximum(practice + more * FEN * world.scale, 0.0)).astype(np.int64)
