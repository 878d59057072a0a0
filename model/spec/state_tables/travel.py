"""States of infrastructure and travel."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

TRAVEL: Final[tuple[ChannelState, ...]] = (
    flow("infrastructure", "utility_flow_yuan", "yuan/month", "spending on utilities beyond practice", "超出现行的市政管网设施支出"),
    level("infrastructure", "logistics_cut", "share", 0.0, 0.0, 0.6, "cut of rural freight and parcel cost", "农村物流寄递成本下降比例"),
    level("travel", "travel_time_factor", "ratio", 1.0, 0.5, 2.0, "travel time within and to the county against practice, from road spending so far", "县内及对外出行时间相对现行的倍数(由累计道路投资决定)"),
    level("travel", "transit_share", "share", 0.5, 0.0, 1.0, "share of villages with a usable bus to the county town, nearest first", "有可用公交通达县城的村庄比例(由近及远)"),
    level("travel", "charging_ratio", "ratio", 0.35, 0.0, 3.0, "public chargers per electric car", "每辆电动汽车对应的公共充电桩数"),
    level("travel", "intercity_open_year", "year", 2030.0, 2020.0, 2040.0, "year from which links to places outside are open", "对外通道开通年份"),
    level("travel", "intercity_works_share", "share", 0.0, 0.0, 1.0, "share of the named works that is carried out", "列名对外通道工程的落实比例"),
)
