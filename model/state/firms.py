"""Firms: one row of whole firms per market, industry and size class (ODD E14, E22)."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np

from model.kernels.rng import mix_uid
from model.spec.codes import N_SECTORS, Sector
from model.spec.types import Column, Text
from model.state.table import Table


class Size(IntEnum):
    """Size class of firms: the own-account and small, and the established with contracts."""

    SMALL = 0
    ESTABLISHED = 1


class Demand(IntEnum):
    """Where the sales of an industry come from."""

    NONE = 0
    OUTSIDE = 1
    BUILDING = 2
    LOCAL = 3
    PUBLIC = 4


N_SIZES: Final = len(Size)
ROWS_PER_MARKET: Final = N_SECTORS * N_SIZES

OUTSIDE_SECTORS: Final = (Sector.MINING, Sector.MANUFACTURING, Sector.UTILITIES)
PUBLIC_SECTORS: Final = (
    Sector.SCIENCE, Sector.PUBLIC_FACILITIES, Sector.EDUCATION, Sector.HEALTH, Sector.PUBLIC_ADMIN,
)

SECTOR_DEMAND: Final = np.full(N_SECTORS, Demand.LOCAL, np.uint8)
"""Demand of each industry: uint8[19]. Family farms are not firms and hire nobody."""
SECTOR_DEMAND[Sector.FARMING] = Demand.NONE
SECTOR_DEMAND[list(OUTSIDE_SECTORS)] = Demand.OUTSIDE
SECTOR_DEMAND[Sector.CONSTRUCTION] = Demand.BUILDING
SECTOR_DEMAND[list(PUBLIC_SECTORS)] = Demand.PUBLIC


FREE_ENTRY: Final = np.array([
    demand in (Demand.BUILDING, Demand.LOCAL) or sector == Sector.MANUFACTURING
    for sector, demand in enumerate(SECTOR_DEMAND)
]) & (np.arange(N_SECTORS) != Sector.FINANCE)
"""Industries whose firms open and close freely, bool[19]; mines, power, finance and public bodies are licensed."""

MEAN_POSTS: Final = np.full((N_SECTORS, N_SIZES), (4.0, 25.0))
"""Posts of a firm at the start by industry and size class (assumed: own-account and small; with contracts)."""
MEAN_POSTS[Sector.MANUFACTURING, Size.ESTABLISHED] = 60.0
MEAN_POSTS[Sector.CONSTRUCTION, Size.ESTABLISHED] = 50.0
MEAN_POSTS[Sector.TRANSPORT, Size.ESTABLISHED] = 30.0


def _column(key: str, dtype: str, unit: str, low: float, high: float, en: str, zh: str) -> Column:
    return Column(
        table="firms", key=key, dtype=dtype, unit=unit, low=low, high=high, missing=None, text=Text(en=en, zh=zh)
    )


FIRMS: Final = (
    _column("uid", "uint64", "id", 1, 2**64 - 1, "stable id of the representative firm", "代表性企业编号"),
    _column("unit", "int16", "unit", 0, 32767, "county or district row", "县区"),
    _column("market", "int16", "market", 0, 254, "labour market of the posts", "所属市场"),
    _column("sector", "uint8", "code", 0, 18, "industry (Sector)", "行业"),
    _column("size", "uint8", "code", 0, 1, "size class (Size)", "规模"),
    _column("base_posts", "float64", "jobs", 0, 2**40, "posts wanted at the sales and pay of the start", "基期岗位数"),
    _column("young_posts", "float64", "jobs", 0, 2**40, "posts in start-ups that may still fail", "初创企业岗位"),
    _column("n_young", "int64", "firms", 0, 2**40, "firms in their first three years, unscaled", "开办三年内企业数"),
    _column("n_old", "int64", "firms", 0, 2**40, "older firms, unscaled", "开办三年以上企业数"),
    _column("firm_posts", "float64", "jobs", 0, 2**40, "posts of a firm at start sales and pay", "基期单个企业岗位数"),
    _column("posts", "float64", "jobs", 0, 2**40, "posts wanted after partial adjustment", "调整后岗位需求"),
    _column("jobs_wanted", "int64", "jobs", 0, 2**40, "posts wanted, whole", "需求岗位"),
    _column("jobs_filled", "int64", "jobs", 0, 2**40, "posts filled", "在岗人数"),
    _column("wage_factor", "float64", "ratio", 0.1, 10, "pay over the market wage of the skill", "工资系数"),
    _column("insured_share", "float64", "share", 0, 1, "employees enrolled in worker insurance", "参保比例"),
    _column("dorm_beds", "int64", "beds", 0, 2**40, "dormitory beds offered to workers", "宿舍床位"),
    _column("age", "int16", "month", 0, 32767, "months since entry", "存续月数"),
    _column("alive", "uint8", "code", 0, 1, "1 while it has or wants posts", "存续"),
    _column("productivity", "float64", "index", 0.01, 100, "output per post, 1 at the start", "劳动生产率指数"),
)


class Firms(Table):
    """Firms of the local markets by cell: market, industry and size class, in this order.

    A cell holds whole numbers of young and old firms, which are alike but for their age.

    The row of a job is a sum (`row_of`), and the posts filled are the employed people with that
    market, industry and contract: people and firms cannot disagree.
    """

    columns = FIRMS

    @property
    def n_markets(self) -> int:
        """Local labour markets, three per unit."""
        return self.n // ROWS_PER_MARKET

    def row_of(self, market: np.ndarray, sector: np.ndarray, established: np.ndarray) -> np.ndarray:
        """Row of the firm that holds a job; arrays broadcast, established is 0 or 1."""
        return (np.asarray(market, np.int64) * N_SECTORS + sector) * N_SIZES + established

    def by_market(self, values: np.ndarray) -> np.ndarray:
        """Integer values per firm summed by market: int64[n_markets]."""
        return values[: self.n].reshape(self.n_markets, ROWS_PER_MARKET).sum(axis=1)


def make_firms(market_unit: np.ndarray) -> Firms:
    """Empty representative firms for the local markets; market_unit: int16[n_markets], all inside."""
    return _empty_firms(tuple(market_unit.tolist())).copy()


@lru_cache(maxsize=4)
def _empty_firms(units: tuple[int, ...]) -> Firms:
    market_unit, n_markets = np.array(units), len(units)
    firms = Firms(n_markets * ROWS_PER_MARKET)
    firms.append(n_markets * ROWS_PER_MARKET)
    row = np.arange(firms.n)
    firms.market[:] = row // ROWS_PER_MARKET
    firms.sector[:] = row // N_SIZES % N_SECTORS
    firms.size[:] = row % N_SIZES
    firms.unit[:] = market_unit[firms.market]
    firms.productivity[:] = 1.0
    firms.wage_factor[:] = 1.0
    firms.uid[:] = [mix_uid(int(m) * 64 + int(s), int(k)) for m, s, k in zip(firms.market, firms.sector, firms.size)]
    return firms
