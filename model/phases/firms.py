"""Firms: sales, posts wanted, programmes, pay and enrolment (E14, E22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.rng import Stream
from model.kernels.segments import share_of, uniforms
from model.phases.travel import trade_gain
from model.spec.codes import N_SECTORS, Sector
from model.state.firms import N_SIZES, ROWS_PER_MARKET, SECTOR_DEMAND, Demand, Firms, Size

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FIRM: Final = Stream.FIRM
YEAR: Final = 12.0
MILLION: Final = 1e6
START_UP_YEARS: Final = 3.0
TIGHTNESS_LIMIT: Final = 0.5
"""Log tightness beyond which pay reacts no more: thin markets are noisy (assumed)."""
THIN_SHARE: Final = 0.002
"""Weight of the start tightness in thin markets, as a share of the jobs there."""
LEAST_SHARE: Final = 0.05

PARK_MARKETS: Final = ((1, 0.2), (2, 0.8))
TOURISM_POSTS: Final = (
    (0, Sector.CATERING, 0.3), (0, Sector.CULTURE, 0.1), (2, Sector.CATERING, 0.4), (2, Sector.CULTURE, 0.2),
)
RETURNEE_POSTS: Final = (
    (0, Sector.MANUFACTURING, 0.2), (0, Sector.TRADE, 0.2), (1, Sector.TRADE, 0.2), (1, Sector.RESIDENT_SERVICES, 0.1),
    (2, Sector.CATERING, 0.15), (2, Sector.MANUFACTURING, 0.15),
)
"""Where programmes put posts: market of the unit (0 rural, 1 town, 2 county town), industry, share (assumed)."""


def firms(world: World, month: Month) -> None:
    """Sales of last month and today's pay set the posts that firms want; pay follows tightness.

    E14: L* = L0 * (sales / sales0) * (pay / pay0)^labour_demand_elast, with sales and pay deflated by pay outside;
    posts close `hiring_adjust_month` of the gap to L* each month. Sales come from coal and steel demand over
    productivity, from households' spending at the market, from works and homes, or from the public budget.
    The local multiplier is an outcome. d ln w = wage_adjust_year (ln theta - ln theta_ref) / 12 + growth outside,
    less the part of added insurance cost that is passed on (E22).

    **Reads** drivers, channels (jobs, consumption, insurance), seen markets (jobs_open, seekers), accounts of last
    month's sales, works and served people. **Writes** firms (base_posts, young_posts, posts,
    jobs_wanted, productivity, insured_share, age, alive), panels (wage_yuan), accounts (pay_growth,
    paid_wage_yuan, farm_growth, farm_wage_yuan, insurance_pass_on).
    """
    table = world.firms
    index = outside_index(world, month.index)
    add_programmes(world, table)
    update_pay(world, index, month.index)
    update_enrolment(world, table)
    target = posts_wanted(world, table, month.index, index)
    table.posts[: table.n] += world.p.hiring_adjust_month * (target - table.posts[: table.n])
    set_whole_posts(world, table)


def outside_index(world: World, month: int) -> float:
    """Pay outside the prefecture over month 0."""
    path = world.input.drivers["outside_wage_index"]
    return float(path[month] / path[0])


def add_programmes(world: World, table: Firms) -> None:
    """Posts of parks, tourism and returnees; parks take a part of theirs from works elsewhere in the prefecture.

    Start-ups fail at the hazard of `returnee_survival3` and are counted as settled after three years on average.
    """
    p, channels, scale = world.p, world.channels, world.scale
    parks = channels.planned_jobs_flow * p.park_realisation * scale
    for offset, share in PARK_MARKETS:
        rows = unit_rows(world.n_units, offset, Sector.MANUFACTURING, Size.ESTABLISHED)
        table.base_posts[rows] = np.maximum(0.0, table.base_posts[rows] + share * parks)
    displace(table, p.park_displacement * float(parks.sum()))
    tourism = channels.tourism_flow_yuan / MILLION * p.tourism_jobs_per_million * scale
    for offset, sector, share in TOURISM_POSTS:
        rows = unit_rows(world.n_units, offset, sector, Size.SMALL)
        table.base_posts[rows] = np.maximum(0.0, table.base_posts[rows] + share * tourism)
    young = table.young_posts[: table.n]
    failing = 1.0 - p.returnee_survival3 ** (1.0 / (START_UP_YEARS * YEAR))
    settled = young * (1.0 - failing) / (START_UP_YEARS * YEAR)
    young += -failing * young - settled
    table.base_posts[: table.n] += settled
    start_ups = channels.returnee_firms_flow * p.returnee_jobs * scale
    for offset, sector, share in RETURNEE_POSTS:
        rows = unit_rows(world.n_units, offset, sector, Size.SMALL)
        table.young_posts[rows] = np.maximum(0.0, table.young_posts[rows] + share * start_ups)


def unit_rows(n_units: int, offset: int, sector: int, size: int) -> np.ndarray:
    """Rows of one kind of firm in one kind of market, one per unit."""
    return ((3 * np.arange(n_units) + offset) * N_SECTORS + int(sector)) * N_SIZES + int(size)


def displace(table: Firms, posts: float) -> None:
    """Take posts from manufacturing across the prefecture, in proportion to what each firm has."""
    rows = np.flatnonzero(table.sector[: table.n] == Sector.MANUFACTURING)
    total = float(table.base_posts[rows].sum())
    if total > 0.0 and posts > 0.0:
        table.base_posts[rows] *= max(0.0, 1.0 - posts / total)


def update_pay(world: World, index: float, month: int) -> None:
    """E14 wage equation; pay outside follows the driver and each place's own growth gap.

    Villages, townships and county town of a unit are one labour market for pay: people search across them, and
    tightness counted market by market would drive village pay without limit as villagers leave.
    """
    p, a, seen = world.p, world.accounts, world.seen
    assert seen is not None
    units, local = world.n_units, 3 * world.n_units
    outside_growth = index / outside_index(world, max(month - 1, 0))
    filled, posts, seekers = (
        seen.markets[key][:local].reshape(units, 3).sum(axis=1) for key in ("jobs_filled", "jobs_open", "seekers")
    )
    thin = THIN_SHARE * filled
    theta = share_of(posts + p.theta_start * thin, seekers + thin, empty=p.theta_start)
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


def posts_wanted(world: World, table: Firms, month: int, index: float) -> np.ndarray:
    """L* of every representative firm, float64[n]."""
    p, a, n = world.p, world.accounts, table.n
    sales = sales_ratio(world, month, index)
    market = table.market[:n]
    base = a["paid_wage_start"][: table.n_markets].mean(axis=1)
    pay = a["paid_wage_yuan"][: table.n_markets].mean(axis=1) / base / index
    cost = p.employer_contribution_rate * p.contribution_base_share
    labour = pay[market] * (1.0 + cost * table.insured_share[:n]) / (1.0 + cost * a["insured_start"])
    # Public posts are as many as the budget funds, whatever pay does.
    elasticity = np.where(SECTOR_DEMAND[table.sector[:n]] == Demand.PUBLIC, 0.0, p.labour_demand_elast)
    return (table.base_posts[:n] + table.young_posts[:n]) * sales * labour**elasticity


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


def set_whole_posts(world: World, table: Firms) -> None:
    """Whole posts by a kept rounding point per firm, so that slow change shows without flicker."""
    n = table.n
    table.jobs_wanted[:n] = np.floor(table.posts[:n] + world.accounts["rounding"])
    table.age[:n] += 1
    table.alive[:n] = (table.jobs_wanted[:n] > 0) | (table.jobs_filled[:n] > 0)


def rounding_points(world: World) -> np.ndarray:
    """One uniform per firm, drawn once: float64[n]."""
    table = world.firms
    return uniforms(world.seed, FIRM, table.uid[: table.n], 0, 0)
