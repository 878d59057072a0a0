"""County budgets: what comes in, what is paid in which order, what is built and what is borrowed (E18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.kernels.jit import bare
from model.kernels.rows import count_rows
from model.kernels.treasury import build, gather, pay
from model.phases.assessment import assess
from model.phases.firms import outside_index
from model.phases.treasury import treasury_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World


def budgets(world: World, month: Month) -> None:
    """Revenue, the order of payment, works, bonds, and once a year the assessment of counties.

    Two accounts: the general one (tax, fees, transfers, awards) and the land fund (land sales, bonds, loans). Needs =
    public pay + operation per head * residents served (newcomers count by their entitlement) * prices + village
    organisations + interest and returns + principal + upkeep + works + county-paid cost of what is delivered. Order
    when short: pay, villages and basic operation (with help of the fund, then from above, which counts as a month
    below the floor), interest, principal, the rest of operation, upkeep, and last works: the practice programme
    less its reprioritised part, then new measures, then the rest. Bonds stop at the ceiling (`public_debt`).

    **Reads** channels (budget, entitlement, costs), accounts of last month (tax_fen, public_pay_fen, conversions),
    seen markets (homes_sold_month, price, jobs), seen panels (load, capacity), markets.public_rental_used. **Writes**
    ledger, accounts (revenue_fen, own_revenue_fen, land_fen, spending_fen, recurrent_fen, debt_fen, resources_fen,
    resources_months, interest_fen, works_fen, home_sales_mean, served, service_funding, delivery, floor_months,
    lever_cost_yuan, benefit_payers, price_level, reward_homes_fen, platform_equity_yuan, platform_debt_fen,
    recycled_yuan, private_yuan, later_upkeep_yuan, delivery_prefecture, asset_yuan, asset_condition, upkeep_paid,
    works_queue, works_tourism_yuan, works_posts, works_villages, works_farm_yuan, works_roads_yuan, works_places,
    works_amenity, works_travel, reward_homes, reward_fen, prefecture_works_fen, year_conversions, year_delivery,
    rewarded, years_assessed, urban_last, access_last, lags, lagging_lines, leased_land_fen).
    """
    index = outside_index(world, month.index)
    a, c, panels, seen = world.accounts, world.channels, world.panels, world.seen.markets
    a["served"] = served_now(world, month)
    assess(world, month)
    t = treasury_of(world)
    t.price_level[0] = index
    gather(
        t.rules, t.whole, t.real, a["local_sales_fen"], a["local_sales_start"], seen["homes_sold_month"],
        seen["price_yuan_m2"], world.markets.public_rental_used, panels.load, panels.capacity, c.cost_flow_yuan(),
        c.cost_to_households_yuan(), c.upkeep_flow_yuan(), a["benefit_payers"],
    )
    clusters = world.prefecture.state["n_village_clusters"]
    pay(month.index, index, t.rules, t.whole, t.real, t.posted, clusters, a["resources_months"], t.met)
    world.ledger.post_slips(t.slips, t.posted)
    build(
        month.index, index, t.rules, t.whole, t.real, t.posted, panels.load, panels.capacity,
        a["residents_market_start"], a["type_lines"], a["lagging_lines"], a["works_queue"], a["works_places"],
        a["works_amenity"],
    )


def served_now(world: World, month: Month) -> np.ndarray:
    """`served` from last month's count of indicators and the births and deaths since, where there is one.

    Only they change registration or usual residence before budgets.
    """
    last, e = world.kept.get("settled"), world.month_events
    if last is None or last[0] != month.index - 1:
        return served(world)
    _, local, everybody = last
    local = local + e.get("births_registered", 0) - e.get("deaths_registered", 0)
    other = everybody + e.get("births", 0) - e.get("deaths", 0) - local
    return np.asarray(local + other * world.channels.entitlement)


def served(world: World) -> np.ndarray:
    """Residents served by each county: local registration counts one, others their entitlement, float64[U]."""
    people, places = world.residents, world.places
    local, other = count_rows(
        count_registered, people.n, (2, world.n_units), people.household, people.usual, people.hukou, places.unit
    )
    return local + other * world.channels.entitlement


@bare
def count_registered(start, stop, out, household, usual, hukou, place_unit):
    """Usual residents by unit: registered in the same unit, and elsewhere; out: int64[2, U].

    Neighbours in the table mostly live in one unit, so that a run of them is counted before it is added.
    """
    alive, lives, registered = household[start:stop], usual[start:stop], hukou[start:stop]
    unit, local, other = np.int64(-1), np.int64(0), np.int64(0)
    for i in range(alive.size):
        here = np.int64(place_unit[lives[i]])
        if here != unit:
            add_run(out, unit, local, other)
            unit, local, other = here, np.int64(0), np.int64(0)
        same = place_unit[registered[i]] == unit
        local += (alive[i] >= 0) & same
        other += (alive[i] >= 0) & (not same)
    add_run(out, unit, local, other)


@bare
def add_run(out, unit, local, other):
    """Add what was counted, unless it is outside."""
    if unit >= 0:
        out[0, unit] += local
        out[1, unit] += other
