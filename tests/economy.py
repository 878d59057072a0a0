"""The small world with an economy: jobs of every kind, villages with farms, accounts, and a month of its phases."""

from __future__ import annotations

import numpy as np

from model.channels import PAYERS
from model.phases.budgets import budgets
from model.phases.firms import firms
from model.phases.matching import matching
from model.spec.codes import Activity, Flag, Kind, Sector
from model.state.ledger import Ledger, wealth_by_unit
from model.world.firms import start_economy
from tests.worlds import month_of, small_world

STATE = {
    "wage_month_yuan": 4500.0, "income_urban_pc_yuan": 34000.0, "income_rural_pc_yuan": 15000.0,
    "budget_expenditure_yuan": 9.0e6, "budget_revenue_yuan": 4.0e6, "citizenization_award_yuan_year": 2.0e4,
    "land_revenue_to_budget_revenue_ratio": 0.2, "n_new_commodity_homes_year": 10.0, "n_village_clusters": 3.0,
    "debt_yuan": 5.0e6,
}
SECTORS = (Sector.MINING, Sector.MANUFACTURING, Sector.CONSTRUCTION, Sector.TRADE, Sector.CATERING, Sector.EDUCATION)


def economy_world(households=400, *, units=2, seed=1, params=None, months=86, spread_jobs=True):
    """The small world after `start_economy`: people at work spread over industries, one in twelve of them jobless."""
    world = small_world(households, units=units, seed=seed, months=months, params=params)
    dress(world, spread_jobs)
    start_economy(world)
    world.look()
    return world


def dress(world, spread_jobs=True):
    """What the economy reads and the small world leaves out."""
    units, pre = world.n_units, world.prefecture
    pre.state |= {k: np.full(units, v) for k, v in STATE.items()}
    pre.scalars |= {"wage_factor_low": 0.75, "wage_factor_mid": 1.0, "wage_factor_high": 1.35}
    pre.outside_array = lambda key: np.full(2, {"wage_month_yuan": 5500.0, "wage_growth_gap_year": 0.0}.get(key, 1.0))
    paths = ("cpi_index", "coal_steel_demand_index", "coal_price_index")
    world.input.drivers.update({k: np.ones(86) for k in paths} | {"province_urban_percent": np.full(86, 62.0)})
    nothing = np.zeros((units, len(PAYERS)))
    world.channels.cost_flow_yuan = lambda: nothing
    world.channels.cost_to_households_yuan = world.channels.upkeep_flow_yuan = lambda: nothing
    world.channels.insurance_compliance = np.full(units, world.p.insurance_base)
    world.markets.rent_yuan_m2[: world.markets.n], world.markets.price_yuan_m2[: world.markets.n] = 9.0, 4500.0
    world.panels.building[3] = 4
    world.accounts |= {"land_added_ha_year": np.zeros(units), "land_price": np.ones(units)}
    world.ledger = Ledger(units)
    if spread_jobs:
        spread(world)


def spread(world):
    """Give industries, contracts, schooling and joblessness by uid, so that rows do not matter."""
    people, places, n = world.residents, world.places, world.residents.n
    uid = people.uid[:n].astype(np.int64)
    work = people.activity[:n] == Activity.EMPLOYED
    village = places.kind[people.place[:n]] == Kind.VILLAGE
    people.sector[:n] = np.where(work, np.array([int(s) for s in SECTORS])[uid % len(SECTORS)], people.sector[:n])
    people.sector[:n] = np.where(work & village & (uid % 3 == 0), int(Sector.FARMING), people.sector[:n])
    people.education[:n] = np.where(people.education[:n] >= 3, 3 + uid % 3, people.education[:n])
    jobless = work & (uid % 12 == 0)
    people.activity[:n][jobless] = Activity.UNEMPLOYED
    people.sector[:n][jobless], people.job_market[:n][jobless] = 255, 255
    old = (people.activity[:n] == Activity.INACTIVE) & (people.birth[:n] <= -720)
    people.activity[:n][old] = Activity.RETIRED
    at_work = work & ~jobless & (people.sector[:n] != Sector.FARMING)
    bits = np.where(uid % 2 == 0, int(Flag.CONTRACT), 0) | np.where(uid % 4 == 0, int(Flag.INSURED), 0)
    people.flags[:n] |= np.where(at_work, bits, 0).astype(np.uint16)


def live(world, index):
    """One month of the economy alone, as the engine would open it."""
    homes = world.households
    homes.events[: homes.n], homes.events_next[: homes.n] = homes.events_next[: homes.n], 0
    world.month_events = {}
    world.ledger.new_month()
    world.look()
    for phase in (budgets, firms, matching):
        phase(world, month_of(index))


def check_money(world):
    """Ledger and households agree."""
    homes, n = world.households, world.households.n
    world.ledger.check(wealth_by_unit(
        homes.savings_fen[:n], homes.debt_fen[:n], homes.size[:n], homes.place[:n], world.places.unit, world.n_units
    ))


def at_work(world):
    """People at work outside family farms in the prefecture."""
    people, n = world.residents, world.residents.n
    local = (people.activity[:n] == Activity.EMPLOYED) & (people.sector[:n] != Sector.FARMING)
    return local & (people.job_market[:n] < 3 * world.n_units)


def add_channel(world, key, unit, value):
    """Set one channel state of one unit."""
    array = getattr(world.channels, key).copy()
    array[unit] = value
    setattr(world.channels, key, array)


def lever_bill(world, unit, payer, yuan):
    """A bill for what levers deliver in one unit."""
    table = np.zeros((world.n_units, len(PAYERS)))
    table[unit, PAYERS.index(payer)] = yuan
    world.channels.cost_flow_yuan = lambda: table
