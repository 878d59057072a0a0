"""States of homes and land."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

HOUSING: Final[tuple[ChannelState, ...]] = (
    flow("housing", "public_rental_flow", "dwelling/month", "affordable rental dwellings added beyond practice", "超出现行的保障性租赁住房新增"),
    flow("housing", "dorm_beds_flow", "bed/month", "dormitory beds added beyond practice", "超出现行的宿舍床位新增"),
    flow("housing", "renewal_flow", "dwelling/month", "dwellings in old neighbourhoods renewed beyond practice", "超出现行的老旧小区改造户数"),
    flow("land", "construction_land_ha_year", "ha/year", "construction land supplied beyond practice", "超出现行的建设用地供应"),
    level("land", "land_quota_trade_share", "share", 0.2, 0.0, 1.0, "share of saved rural construction land traded as quota", "城乡建设用地增减挂钩节余指标交易比例"),
    level("land", "homestead_strength", "share", 0.0, 0.0, 1.0, "strength of paid exit and transfer of homesteads", "宅基地有偿退出与流转的改革力度"),
)
