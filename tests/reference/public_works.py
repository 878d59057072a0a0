"""Public works, revenue and debt by NumPy, unit by unit at once: the slow twin of `model.kernels.works` and of half of
`model.kernels.treasury`."""

from __future__ import annotations

import numpy as np

from model.kernels.public import (
    CAPACITY,
    FARM,
    FEN,
    GENERAL,
    HOME_M2,
    HOMES,
    LINES,
    PARKS,
    QUEUE_MONTHS,
    ROADS,
    TOURISM,
    VILLAGE,
    YEAR,
)
from model.kernels.revenue import LEAST_GRANT
from model.kernels.segments import share_of
from model.kernels.treasury import BORROWING_MONTHS, PLATFORM_PREMIUM, RENTAL_HOME_YUAN
from model.kernels.works import BEST, MOST_SHIFTED, PLACE_YUAN, ROAD_PART, TEN_THOUSAND, WORST
from model.phases.public_debt import by_unit, passing_share
from model.spec.codes import N_SERVICES, Service


def split_lines(world) -> np.ndarray:
    """Share of the works by line, float64[U, LINES], rows sum to 1.

    Full weight of the functional type turns type_shift_share to the lines of the type, full weight of measured need
    deficit_shift_share to missing places, full feedback feedback_shift_share to lines that lag.
    """
    p, c, a = world.p, world.channels, world.accounts
    shift = (c.type_weight * p.type_shift_share)[:, None] * a["type_lines"]
    shift = shift + (c.feedback_strength * p.feedback_shift_share)[:, None] * a["lagging_lines"]
    shift[:, CAPACITY] += c.deficit_weight * p.deficit_shift_share
    total = shift.sum(axis=1)
    shift *= np.minimum(1.0, share_of(MOST_SHIFTED, total, empty=1.0))[:, None]
    shift[:, GENERAL] += 1.0 - shift.sum(axis=1)
    return shift


def build(world, month: int, index: float, works_fen: np.ndarray, homes_fen: np.ndarray) -> None:
    """Begin what was paid for and finish what is due.

    works_fen: int64[U], works of the month; homes_fen: int64[U], reward money for homes. General works count as what
    they differ from those of the start, which just keep towns as they are.
    """
    a = world.accounts
    real = works_fen / (FEN * world.scale * index)
    begun = real[:, None] * split_lines(world)
    begun[:, GENERAL] -= a["works_start_yuan"]
    begun[:, HOMES] = homes_fen / (FEN * world.scale)
    queue, units = a["works_queue"], np.arange(world.n_units)
    for line, lag in enumerate(lags(world)):
        queue[(month + lag) % QUEUE_MONTHS, units, line] += begun[:, line]
    done = queue[month % QUEUE_MONTHS].copy()
    queue[month % QUEUE_MONTHS] = 0.0
    finish(world, done)


def lags(world) -> np.ndarray:
    """Months from payment to use, int64[LINES, U].

    bond_delay over the pace of delivery, less where townships decide; planning comes before works for measured need.
    """
    p, c = world.p, world.channels
    months = p.bond_delay / pace(world) * (1.0 - p.township_lead_cut * c.township_power)
    out = np.tile(months, (LINES, 1))
    out[CAPACITY] += p.planning_months
    return np.clip(np.rint(out), 1, QUEUE_MONTHS - 1).astype(np.int64)


def pace(world) -> np.ndarray:
    """Part of planned works carried out on time, over that of practice, float64[U]."""
    share, odds = world.p.implement_share, world.channels.delivery_odds
    return np.maximum(odds / (1.0 - share + share * odds), 0.1)


def finish(world, done: np.ndarray) -> None:
    """Turn finished works (real yuan, float64[U, LINES]) into what other phases read in `accounts`."""
    p, a = world.p, world.accounts
    a["works_tourism_yuan"] = done[:, TOURISM]
    a["works_posts"] = done[:, PARKS] / p.works_park_yuan_post
    a["works_villages"] = done[:, VILLAGE] / p.works_village_yuan
    a["reward_homes"] = done[:, HOMES] / p.reward_home_yuan
    a["works_farm_yuan"] = a["works_farm_yuan"] + done[:, FARM]
    a["works_roads_yuan"] = a["works_roads_yuan"] + done[:, ROADS]
    a["works_places"] = places_built(world, done[:, CAPACITY])
    a["asset_yuan"] = np.maximum(a["asset_yuan"] + done.sum(axis=1), 0.1 * a["asset_start_yuan"])
    a["works_amenity"] = amenity_of(world, done[:, GENERAL])


def amenity_of(world, general: np.ndarray) -> np.ndarray:
    """Rise of amenity by general works beyond those of the start, float64[U, 3], at utility_amenity_gain.

    Townships with powers take township_shift_share of the works of the county town: they gain what it loses.
    """
    p, a = world.p, world.accounts
    gain = p.utility_amenity_gain / TEN_THOUSAND
    people = a["residents_market_start"]
    towns = np.maximum(people[:, 1] + people[:, 2], 1.0)
    every = a["works_start_yuan"] + general
    moved = world.channels.township_power * p.township_shift_share * every * people[:, 2] / towns
    out = np.zeros((world.n_units, 3))
    out[:, 1] = gain * (general / towns + moved / np.maximum(people[:, 1], 1.0))
    out[:, 2] = gain * (general / towns - moved / np.maximum(people[:, 2], 1.0))
    return out


def age_assets(world, rate: np.ndarray) -> None:
    """Condition of public works from upkeep a year over value, float64[U]; at the start's rate it stays.

    With the roads built, condition moves the time of trips; places and systems wear by what `upkeep_paid` leaves.
    """
    p, a = world.p, world.accounts
    before = a["asset_condition"]
    now = before + (rate - a["maintenance_start"]) / YEAR * before
    a["asset_condition"] = np.clip(now, WORST, BEST)
    a["upkeep_paid"] = np.clip(share_of(rate, a["maintenance_start"], empty=1.0), 0.0, 1.0)
    roads = 1.0 + a["works_roads_yuan"] / (ROAD_PART * a["asset_start_yuan"])
    a["works_travel"] = (a["asset_condition"] * roads) ** -p.road_time_elast


def shortage(world) -> np.ndarray:
    """Places missing by service and market, real, float64[6, U, 3]."""
    inside = 3 * world.n_units
    short = np.maximum(world.panels.load[:, :inside] - world.panels.capacity[:, :inside], 0.0) / world.scale
    return short.reshape(N_SERVICES, world.n_units, 3)


def places_built(world, yuan: np.ndarray) -> np.ndarray:
    """Places that works for measured need add, float64[6, U, 3]: money follows the cost of what is missing.

    Where nothing is missing they become school seats in towns.
    """
    cost = shortage(world) * PLACE_YUAN[:, None, None]
    whole = cost.sum(axis=(0, 2))
    part = share_of(cost, whole[None, :, None])
    idle = np.zeros_like(part)
    towns = world.accounts["residents_market_start"][:, 1:]
    idle[Service.SCHOOL, :, 1:] = share_of(towns, towns.sum(axis=1, keepdims=True), empty=0.5)
    part = np.where(whole[None, :, None] > 0.0, part, idle)
    return part * yuan[None, :, None] / PLACE_YUAN[:, None, None]


def fen(world, yuan: np.ndarray) -> np.ndarray:
    """Real yuan by unit as whole fen at the scale of the run; negative amounts become nothing."""
    return np.floor(np.maximum(yuan, 0.0) * FEN * world.scale).astype(np.int64)


def receive(world, index: float) -> np.ndarray:
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


def granted(world) -> np.ndarray:
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


def land_sales(world) -> np.ndarray:
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


def deferred_land(world, sales_fen: np.ndarray) -> np.ndarray:
    """Land revenue put off by leasing industrial land, less the rents of what was leased before, fen, float64[U]."""
    p, a = world.p, world.accounts
    more = world.channels.industrial_lease_share - a["lease_start"]
    put_off = sales_fen * p.industrial_land_share * more
    rents = a["leased_land_fen"] * p.land_lease_rate_year / YEAR
    a["leased_land_fen"] = a["leased_land_fen"] + put_off
    return put_off - rents


def ceiling_room(world) -> np.ndarray:
    """Fen that may still be borrowed below the ceiling, float64[U]; negative above it.

    Resources = those of twelve months and platform_base_share of the equity of platforms.
    """
    a = world.accounts
    equity = world.p.platform_base_share * a["platform_equity_yuan"] * FEN * world.scale
    return world.channels.debt_ceiling * (a["resources_fen"] + equity) - a["debt_fen"]


def principal_due(world, debt_fen: np.ndarray) -> np.ndarray:
    """Principal to repay out of own money this month, int64[U] fen; bond_rolled_share of what is due is renewed."""
    p = world.p
    due = debt_fen / (YEAR * p.bond_years)
    return np.floor((1.0 - p.bond_rolled_share) * due).astype(np.int64)


def new_bonds(world, repaid: np.ndarray) -> np.ndarray:
    """Special bonds issued this month, within quota, cash-flow test and ceiling, int64[U] fen.

    At practice debt grows by bond_growth_year beside what was repaid, moved by the share of projects that pass; quota
    beyond practice is used by the share that passes.
    """
    a, p, c = world.accounts, world.p, world.channels
    passing = passing_share(world)
    practice = a["debt_fen"] * (p.bond_growth_year / YEAR) * share_of(passing, a["passing_start"], empty=1.0)
    quota = c.bond_flow_yuan * FEN * world.scale
    wanted = practice + repaid + np.where(quota > 0.0, quota * passing, quota)
    return np.floor(np.clip(np.minimum(wanted, ceiling_room(world)), 0.0, None)).astype(np.int64)


def platform_loans(world) -> np.ndarray:
    """Debt that platforms raise this month for works, int64[U] fen; part of what they owe falls on the county."""
    a, p = world.accounts, world.p
    equity = a["platform_equity_yuan"] + world.channels.platform_flow_yuan
    a["platform_equity_yuan"] = np.maximum(equity, 0.0)
    fallen = np.floor(a["platform_debt_fen"] * (p.platform_fallback_year / YEAR)).astype(np.int64)
    a["platform_debt_fen"] = a["platform_debt_fen"] - fallen
    a["debt_fen"] = a["debt_fen"] + fallen
    room = p.platform_leverage * a["platform_equity_yuan"] * FEN * world.scale - a["platform_debt_fen"]
    raised = np.floor(np.maximum(room, 0.0) / BORROWING_MONTHS).astype(np.int64)
    a["platform_debt_fen"] = a["platform_debt_fen"] + raised
    return raised


def platform_interest(world) -> tuple[np.ndarray, np.ndarray]:
    """Interest of platforms earned by their projects, and left to the county: int64[U] fen each."""
    p = world.p
    whole = world.accounts["platform_debt_fen"] * ((p.bond_coupon + PLATFORM_PREMIUM) / YEAR)
    earned = np.floor(p.platform_cover * whole).astype(np.int64)
    return earned, np.floor(whole).astype(np.int64) - earned


def sold_assets(world) -> np.ndarray:
    """Proceeds of assets sold this month, int64[U] fen.

    Only what is finished, let or used, and earns: affordable rentals in use and recycling_asset_share of public works
    in their condition; nothing below recycling_least_yuan, nothing twice.
    """
    a, p, m, units = world.accounts, world.p, world.markets, world.n_units
    homes = by_unit(m.public_rental_used[: 3 * units]) / world.scale
    pool = homes * RENTAL_HOME_YUAN + p.recycling_asset_share * a["asset_yuan"] * a["asset_condition"]
    left = np.where(pool >= p.recycling_least_yuan, np.maximum(pool - a["recycled_yuan"], 0.0), 0.0)
    taken = np.clip(np.minimum(world.channels.recycling_flow_yuan, left), 0.0, None)
    a["recycled_yuan"] = a["recycled_yuan"] + taken
    return np.floor(taken * FEN * world.scale).astype(np.int64)


def owed_outside(world) -> np.ndarray:
    """Returns of private investors and rent of assets sold, which leave the county, int64[U] fen."""
    a, p = world.accounts, world.p
    yearly = p.private_return_year * np.maximum(a["private_yuan"], 0.0) + p.recycling_yield_year * a["recycled_yuan"]
    return np.floor(yearly / YEAR * FEN * world.scale).astype(np.int64)


def private_capital(world, planned: np.ndarray) -> np.ndarray:
    """Works that private investors pay beyond practice, int64[U] fen; negative where they withdraw.

    planned: float64[U] fen of works and new measures. They come for the share of projects that pass the test.
    """
    a = world.accounts
    more = (world.channels.private_share - a["private_share_start"]) * passing_share(world)
    return np.floor(np.maximum(more * planned, -planned)).astype(np.int64)
