"""Firms: sales, posts wanted, programmes, pay and enrolment (E14, E22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import demand
from model.kernels.rng import Stream
from model.kernels.segments import uniforms
from model.phases.entry import add_programmes, cells_of, cluster_share, open_and_close
from model.phases.skills import THIN_SHARE
from model.phases.travel import trade_gain
from model.spec.codes import N_SECTORS, Sector
from model.state.firms import Firms, Size

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

FIRM: Final = Stream.FIRM
YEAR: Final = 12.0
MILLION: Final = 1e6
TIGHTNESS_LIMIT: Final = 0.5
"""Log tightness beyond which pay reacts no more: thin markets are noisy (assumed)."""
KEPT_UP: Final = 0.5
"""Part of the wear of tourism that paid upkeep makes good (assumed)."""

def _posts(*where: tuple[int, Sector, Size, float]) -> tuple[np.ndarray, np.ndarray]:
    """Market of the unit, industry and size class, int64[k, 3], and shares, float64[k]."""
    return np.array([row[:3] for row in where], np.int64), np.array([row[3] for row in where])


TOURISM_POSTS: Final = _posts(
    (0, Sector.CATERING, Size.SMALL, 0.3), (0, Sector.CULTURE, Size.SMALL, 0.1),
    (2, Sector.CATERING, Size.SMALL, 0.4), (2, Sector.CULTURE, Size.SMALL, 0.2),
)
GREEN_POSTS: Final = _posts(
    (2, Sector.UTILITIES, Size.ESTABLISHED, 0.6), (2, Sector.CONSTRUCTION, Size.SMALL, 0.4)
)
"""Where posts of visitors and of green works are: market of the unit, industry, size class, share (assumed)."""
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
    wanted = open_and_close(world, table, month.index, posts_demanded(world, table, month.index, index), cluster)
    set_posts(world, table, month.of_year, wanted, cluster)


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
    p, a, seen = world.p, world.accounts, world.seen.markets
    outside_growth = index / outside_index(world, max(month - 1, 0))
    a["pay_growth"] = demand.pay_growth(
        seen["jobs_filled"], seen["jobs_open"], seen["seekers"], THIN_SHARE, p.theta_start, p.wage_adjust_year / YEAR,
        TIGHTNESS_LIMIT, outside_growth,
        a["insurance_pass_on"], world.prefecture.outside_array("wage_growth_gap_year"), month == 0,
    )
    a["paid_wage_yuan"] *= a["pay_growth"][:, None]
    a["farm_growth"] = np.array([outside_growth if month else 1.0])
    a["farm_wage_yuan"] *= a["farm_growth"][0]
    see_pay(world)


def see_pay(world: World) -> None:
    """Mean monthly earnings of one at work by market of residence and skill, float64[M, 3].

    Family farmers count with what their own work earns, others with market pay.
    """
    a = world.accounts
    demand.pay_seen(a["paid_wage_yuan"], a["farm_wage_yuan"], a["farm_share"], world.panels.wage_yuan)


def update_enrolment(world: World, table: Firms) -> None:
    """E22: the share that enforcement asks for, dampened by the contribution rate; the rest of the gap stays.

    asked = start + (1 - start) * gain, gain = (compliance - insurance_base) / (1 - insurance_base) *
    (1 + total rate)^insurance_cost_elast. Added employer cost is shared between pay and hiring.
    """
    p, a = world.p, world.accounts
    rate = p.employer_contribution_rate + p.worker_contribution_rate
    gain = (world.channels.insurance_compliance - p.insurance_base) / (1.0 - p.insurance_base)
    a["insurance_pass_on"] = demand.enrol(
        cells_of(table), gain * (1.0 + rate) ** p.insurance_cost_elast, a["insured_start"], p.enrol_month,
        insurance_cost(world), p.insurance_wage_share,
    )


def insurance_cost(world: World) -> float:
    """What an insured post costs the employer over its pay."""
    return float(world.p.employer_contribution_rate * world.p.contribution_base_share)


def posts_demanded(world: World, table: Firms, month: int, index: float) -> np.ndarray:
    """Posts that sales and pay ask of every cell before firms open or close, float64[n].

    Under limits on output mining keeps 1 - carbon_output_cut * limit, manufacturing and utilities by their exposure to
    coal; green posts replace a part.
    """
    p, a = world.p, world.accounts
    costs = demand.Costs(
        a["paid_wage_yuan"], a["paid_wage_start"], a["insured_start"], insurance_cost(world), p.labour_demand_elast,
        index, world.channels.carbon_limit, p.carbon_output_cut, p.coal_exposure_manufacturing,
        p.coal_exposure_utilities, p.carbon_green_share,
        a["tourism_draw_yuan"] / MILLION * p.tourism_jobs_per_million * world.scale,
    )
    sales = sales_ratio(world, month, index)
    return np.asarray(demand.posts_demanded(cells_of(table), sales, costs, GREEN_POSTS, TOURISM_POSTS))


def sales_ratio(world: World, month: int, index: float) -> np.ndarray:
    """Real sales over the start by firm, float64[n]; last month's where they come from inside the model."""
    p, a = world.p, world.accounts
    sources = demand.Sales(
        outside_demand(world, month), trade_gain(world, month), (1.0 + p.tradable_productivity_year) ** (month / YEAR),
        a["local_sales_fen"], a["local_sales_start"], a["works_fen"], a["works_start"], world.panels.building,
        a["building_start"], a["service_funding"], a["served"], a["served_start"], p.service_export_share,
        p.building_public_share, index,
    )
    return np.asarray(demand.sales_ratio(cells_of(world.firms), sources))


def outside_demand(world: World, month: int) -> np.ndarray:
    """Volume of outside demand by industry over month 0, float64[19]."""
    path = world.input.drivers["coal_steel_demand_index"]
    coal = float(path[month] / path[0])
    out = np.ones(N_SECTORS)
    out[Sector.MINING] = coal
    out[Sector.MANUFACTURING] = coal**world.p.coal_exposure_manufacturing
    out[Sector.UTILITIES] = coal**world.p.coal_exposure_utilities
    return out


def set_posts(world: World, table: Firms, of_year: int, wanted: np.ndarray, cluster: np.ndarray) -> None:
    """Posts after partial adjustment, whole posts of the season, dormitory beds and their change since the start."""
    p, a = world.p, world.accounts
    a["firm_beds"] = demand.settle_posts(
        cells_of(table), wanted, p.hiring_adjust_month, cluster, p.cluster_hiring,
        1.0 + p.season_depth * SEASON[:, of_year - 1], a["rounding"], a["posts_start"], p.firm_bed_share,
        world.markets.n,
    )


def rounding_points(world: World) -> np.ndarray:
    """One uniform per firm, drawn once: float64[n]."""
    table = world.firms
    return uniforms(world.seed, FIRM, table.uid[: table.n], 0, 0)
