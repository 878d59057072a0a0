"""Firms: sales, posts wanted, programmes, pay and enrolment (E14, E22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.rng import Stream
from model.kernels.segments import share_of, uniforms
from model.phases.entry import add_programmes, cluster_share, open_and_close, unit_rows
from model.phases.skills import unit_tightness
from model.phases.travel import trade_gain
from model.spec.codes import N_SECTORS, Sector
from model.state.firms import ROWS_PER_MARKET, SECTOR_DEMAND, Demand, Firms, Size

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FIRM: Final = Stream.FIRM
YEAR: Final = 12.0
MILLION: Final = 1e6
TIGHTNESS_LIMIT: Final = 0.5
"""Log tightness beyond which pay reacts no more: thin markets are noisy (assumed)."""
LEAST_SHARE: Final = 0.05
KEPT_UP: Final = 0.5
"""Part of the wear of tourism that paid upkeep makes good (assumed)."""

TOURISM_POSTS: Final = (
    (0, Sector.CATERING, 0.3), (0, Sector.CULTURE, 0.1), (2, Sector.CATERING, 0.4), (2, Sector.CULTURE, 0.2),
)
GREEN_POSTS: Final = (
    (2, Sector.UTILITIES, Size.ESTABLISHED, 0.6), (2, Sector.CONSTRUCTION, Size.SMALL, 0.4),
)
"""Where posts of visitors and of green works are: market of the unit, industry (size class), share (assumed)."""
BED_SECTORS: Final = (Sector.MINING, Sector.MANUFACTURING)
SEASON: Final = np.zeros((N_SECTORS, 12))
"""High and low season by calendar month, 0 in November and 0 on average, in units of `season_depth` (assumed)."""
SEASON[Sector.CONSTRUCTION] = (-1.5, -1.5, 0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0, -0.5)
SEASON[[Sector.CATERING, Sector.CULTURE]] = (-1.0, -1.0, -1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, -1.0)


def firms(world: World, month: Month) -> None:
    """Sales of last month and today's pay set the demand for posts; firms open, close, hire and shrink to meet it.

    E14: demand = L0 * (sales / sales0) * (pay / pay0)^labour_demand_elast, with sales and pay deflated by pay outside;
    firms that are there close `hiring_adjust_month` of the gap to what they want in the long run each month. Sales
    come from coal and steel demand over productivity, from households' spending at the market, from works and homes,
    or from the public budget. The local multiplier is an outcome. d ln w = wage_adjust_year (ln theta - ln theta_ref)
    / 12 + growth outside, less the part of added insurance cost that is passed on (E22).

    **Reads** drivers, channels (jobs, consumption, insurance), seen markets (jobs_open, seekers), accounts of last
    month's sales, works and served people. **Writes** firms (base_posts, young_posts, n_young, n_old, posts,
    jobs_wanted, productivity, insured_share, dorm_beds, age, alive), panels (wage_yuan), accounts (pay_growth,
    paid_wage_yuan, farm_growth, farm_wage_yuan, insurance_pass_on, closing_share, park_floor_m2, tourism_draw_yuan,
    firm_beds).
    """
    table = world.firms
    index = outside_index(world, month.index)
    add_programmes(world, table, month.index)
    add_tourism(world)
    update_pay(world, index, month.index)
    update_enrolment(world, table)
    cluster = cluster_share(world)
    target = open_and_close(world, table, month.index, posts_demanded(world, table, month.index, index), cluster)
    pace = np.minimum(1.0, world.p.hiring_adjust_month * (1.0 + world.p.cluster_hiring * cluster))
    table.posts[: table.n] += pace * (target - table.posts[: table.n])
    set_whole_posts(world, table, month.of_year)
    offer_beds(world, table)


def outside_index(world: World, month: int) -> float:
    """Pay outside the prefecture over month 0."""
    path = world.input.drivers["outside_wage_index"]
    return float(path[month] / path[0])


def add_tourism(world: World) -> None:
    """Investment beyond practice draws visitors until its formats age; unpaid upkeep lets them age faster."""
    p, a = world.p, world.accounts
    wear = p.tourism_wear_year / YEAR * (1.0 - KEPT_UP * a["delivery"])
    invested = world.channels.tourism_flow_yuan + a["works_tourism_yuan"]
    a["tourism_draw_yuan"] = a["tourism_draw_yuan"] * (1.0 - wear) + invested


def update_pay(world: World, index: float, month: int) -> None:
    """E14 wage equation; pay outside follows the driver and each place's own growth gap.

    Villages, townships and county town of a unit are one labour market for pay: people search across them, and
    tightness counted market by market would drive village pay without limit as villagers leave.
    """
    p, a, local = world.p, world.accounts, 3 * world.n_units
    outside_growth = index / outside_index(world, max(month - 1, 0))
    theta = unit_tightness(world)
    pull = np.clip(np.log(np.maximum(theta, 1e-9) / p.theta_start), -TIGHTNESS_LIMIT, TIGHTNESS_LIMIT)
    tight = np.repeat(np.exp(p.wage_adjust_year * pull / YEAR), 3)
    growth = np.empty(world.markets.n)
    growth[:local] = tight * outside_growth * (1.0 - a["insurance_pass_on"])
    growth[local:] = outside_growth * (1.0 + world.prefecture.outside_array("wage_growth_gap_year")) ** (1.0 / YEAR)
    if month == 0:
        growth[:] = 1.0
    a["pay_growth"] = growth
    a["paid_wage_yuan"] *= growth[:, None]
    a["farm_growth"] = np.array([outside_growth if month else 1.0])
    a["farm_wage_yuan"] *= a["farm_growth"][0]
    world.panels.wage_yuan[:] = pay_seen(world)


def pay_seen(world: World) -> np.ndarray:
    """Mean monthly earnings of one at work by market of residence and skill, float64[M, 3].

    Family farmers count with what their own work earns, others with market pay.
    """
    a, local = world.accounts, 3 * world.n_units
    wage = a["paid_wage_yuan"].copy()
    share = a["farm_share"][:, None]
    wage[:local] = share * np.repeat(a["farm_wage_yuan"], 3, axis=0) + (1.0 - share) * wage[:local]
    return wage


def update_enrolment(world: World, table: Firms) -> None:
    """E22: the share that enforcement asks for, dampened by the contribution rate; the rest of the gap stays.

    asked = start + (1 - start) * gain, gain = (compliance - insurance_base) / (1 - insurance_base) *
    (1 + total rate)^insurance_cost_elast. Added employer cost is shared between pay and hiring.
    """
    p, a = world.p, world.accounts
    n = table.n
    rate = p.employer_contribution_rate + p.worker_contribution_rate
    gain = (world.channels.insurance_compliance - p.insurance_base) / (1.0 - p.insurance_base)
    gain = gain * (1.0 + rate) ** p.insurance_cost_elast
    start = a["insured_start"]
    by_row = gain[table.unit[:n]]
    asked = np.where(by_row >= 0.0, start + (1.0 - start) * by_row, start * (1.0 + by_row))
    before = table.insured_share[:n].copy()
    table.insured_share[:n] += p.enrol_month * (asked - before)
    cost = p.employer_contribution_rate * p.contribution_base_share
    jobs = table.jobs_filled[:n].reshape(table.n_markets, ROWS_PER_MARKET).astype(np.float64)
    added = (cost * (table.insured_share[:n] - before)).reshape(jobs.shape)
    total = jobs.sum(axis=1)
    a["insurance_pass_on"] = p.insurance_wage_share * share_of((jobs * added).sum(axis=1), total)


def posts_demanded(world: World, table: Firms, month: int, index: float) -> np.ndarray:
    """Posts that sales and pay ask of every cell before firms open or close, float64[n]."""
    p, a, n = world.p, world.accounts, table.n
    sales = sales_ratio(world, month, index)
    market = table.market[:n]
    base = a["paid_wage_start"][: table.n_markets].mean(axis=1)
    pay = a["paid_wage_yuan"][: table.n_markets].mean(axis=1) / base / index
    cost = p.employer_contribution_rate * p.contribution_base_share
    labour = pay[market] * (1.0 + cost * table.insured_share[:n]) / (1.0 + cost * a["insured_start"])
    # Public posts are as many as the budget funds, whatever pay does.
    elasticity = np.where(SECTOR_DEMAND[table.sector[:n]] == Demand.PUBLIC, 0.0, p.labour_demand_elast)
    plain = (table.base_posts[:n] + table.young_posts[:n]) * sales
    return (carbon_limited(world, table, plain) + visitors(world)) * labour**elasticity


def visitors(world: World) -> np.ndarray:
    """Posts that visitors bring by cell, float64[n]."""
    out = np.zeros(world.firms.n)
    posts = world.accounts["tourism_draw_yuan"] / MILLION * world.p.tourism_jobs_per_million * world.scale
    for offset, sector, share in TOURISM_POSTS:
        rows = unit_rows(world.n_units, offset, sector, Size.SMALL)
        out[rows] = np.maximum(share * posts, -world.firms.base_posts[rows])
    return out


def carbon_limited(world: World, table: Firms, posts: np.ndarray) -> np.ndarray:
    """Posts left under limits on output, with the green posts that replace a part of them, float64[n].

    Mining keeps 1 - carbon_output_cut * limit, manufacturing and utilities by their exposure to coal.
    """
    p, limit = world.p, world.channels.carbon_limit
    exposure = np.zeros(N_SECTORS)
    exposure[Sector.MINING] = 1.0
    exposure[Sector.MANUFACTURING] = p.coal_exposure_manufacturing
    exposure[Sector.UTILITIES] = p.coal_exposure_utilities
    n = table.n
    lost = posts * np.minimum(1.0, p.carbon_output_cut * limit[table.unit[:n]] * exposure[table.sector[:n]])
    out = posts - lost
    green = p.carbon_green_share * np.bincount(table.unit[:n], weights=lost, minlength=world.n_units)
    for offset, sector, size, share in GREEN_POSTS:
        out[unit_rows(world.n_units, offset, sector, size)] += share * green
    return out


def sales_ratio(world: World, month: int, index: float) -> np.ndarray:
    """Real sales over the start by firm, float64[n]; last month's where they come from inside the model."""
    p, a, table = world.p, world.accounts, world.firms
    n = table.n
    demand = SECTOR_DEMAND[table.sector[:n]]
    unit, market = table.unit[:n], table.market[:n]
    out = np.ones(n)
    rows = demand == Demand.OUTSIDE
    table.productivity[:n][rows] = (1.0 + p.tradable_productivity_year) ** (month / YEAR)
    out[rows] = outside_demand(world, month)[table.sector[:n][rows]] / table.productivity[:n][rows]
    out[rows] *= trade_gain(world, month)[unit[rows]]
    local = over_start(a["local_sales_fen"], a["local_sales_start"]) / index
    rows = demand == Demand.LOCAL
    out[rows] = p.service_export_share + (1.0 - p.service_export_share) * local[market[rows]]
    works = over_start(a["works_fen"], a["works_start"]) / index
    homes = home_building(world)
    rows = demand == Demand.BUILDING
    out[rows] = (p.building_public_share * works + (1.0 - p.building_public_share) * homes)[unit[rows]]
    rows = demand == Demand.PUBLIC
    out[rows] = (a["service_funding"] * over_start(a["served"], a["served_start"]))[unit[rows]]
    return np.maximum(out, LEAST_SHARE)


def over_start(now: np.ndarray, start: np.ndarray) -> np.ndarray:
    """now / start, 1 where there was nothing at the start."""
    return share_of(now, start, empty=1.0)


def outside_demand(world: World, month: int) -> np.ndarray:
    """Volume of outside demand by industry over month 0, float64[19]."""
    path = world.input.drivers["coal_steel_demand_index"]
    coal = float(path[month] / path[0])
    out = np.ones(N_SECTORS)
    out[Sector.MINING] = coal
    out[Sector.MANUFACTURING] = coal**world.p.coal_exposure_manufacturing
    out[Sector.UTILITIES] = coal**world.p.coal_exposure_utilities
    return out


def home_building(world: World) -> np.ndarray:
    """Homes under construction over the start by unit, float64[U]."""
    queue = world.panels.building[:, : 3 * world.n_units].sum(axis=0).reshape(world.n_units, 3).sum(axis=1)
    return over_start(queue, world.accounts["building_start"])


def set_whole_posts(world: World, table: Firms, of_year: int) -> None:
    """Whole posts of the season by a kept rounding point per cell, so that slow change shows without flicker."""
    n = table.n
    season = 1.0 + world.p.season_depth * SEASON[table.sector[:n], of_year - 1]
    table.jobs_wanted[:n] = np.floor(table.posts[:n] * season + world.accounts["rounding"])
    table.age[:n] += 1
    table.alive[:n] = (table.jobs_wanted[:n] > 0) | (table.jobs_filled[:n] > 0)


def offer_beds(world: World, table: Firms) -> None:
    """Dormitory beds of established mines and works, and their change since the start by market (int64[M])."""
    n, a = table.n, world.accounts
    offers = np.isin(table.sector[:n], [int(s) for s in BED_SECTORS]) & (table.size[:n] == Size.ESTABLISHED)
    per_post = np.where(offers, world.p.firm_bed_share, 0.0)
    table.dorm_beds[:n] = np.floor(per_post * table.posts[:n] + a["rounding"])
    start = np.floor(per_post * a["posts_start"] + a["rounding"]).astype(np.int64)
    more = np.zeros(world.markets.n, np.int64)
    more[: table.n_markets] = table.by_market(table.dorm_beds[:n] - start)
    a["firm_beds"] = more


def rounding_points(world: World) -> np.ndarray:
    """One uniform per firm, drawn once: float64[n]."""
    table = world.firms
    return uniforms(world.seed, FIRM, table.uid[: table.n], 0, 0)
