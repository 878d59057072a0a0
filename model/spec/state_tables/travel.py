"""States of infrastructure and travel."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

TRAVEL: Final[tuple[ChannelState, ...]] = (
    flow("infrastructure", "utility_flow_yuan", "yuan/month", "spending on utilities beyond practice", "超出现行的市政管网设施支出"),
    level("infrastructure", "logistics_cut", "share", 0.0, 0.0, 0.6, "cut of rural freight and parcel cost", "农村物流寄递成本下降比例"),
    level("travel", "travel_time_factor", "ratio", 1.0, 0.5, 2.0, "travel time within and to the county against practice, from road spending so far", "县内及对外出行时间相对现行的倍数(由累计道路投资决定)"),
)
