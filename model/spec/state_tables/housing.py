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
    level("land", "land_assurance", "ratio", 1.0, 0.0, 1.0, "perceived loss of land rights on conversion, against that of the start", "对落户后丧失土地权益的担忧相对期初的倍数"),
    level("housing", "renewal_keep", "share", 0.9, 0.0, 1.0, "share of renewal that keeps or improves homes", "更新中保留和改善住房的比例"),
    level("housing", "rental_enforcement", "share", 0.0, 0.0, 1.0, "strength with which unsafe let rooms are closed", "不安全出租房间清退力度"),
    level("housing", "building_cost_uplift", "share", 0.0, 0.0, 1.0, "share added to the cost of construction", "建造成本增加比例"),
    level("housing", "parking_ratio", "ratio", 0.8, 0.0, 3.0, "parking spaces per vehicle at new homes", "新建住房每车车位数"),
    flow("housing", "relocation_flow", "household/month", "village households moved to their county town", "搬迁至本县城的农户"),
    level("matching", "relocation_links", "share", 0.0, 0.0, 1.0, "reach of job brokerage in relocation settlements", "搬迁安置点就业帮扶覆盖"),
    flow("land", "farmland_floor_ha", "ha", "farmland that must be kept beyond today's floor", "超出现行红线的耕地保有量"),
    level("land", "ecological_exclusion", "share", 0.0, 0.0, 1.0, "strictness of the ecological red line beyond practice", "生态红线在现行基础上的严格程度"),
    level("land", "density_cap", "ratio", 2.0, 0.2, 6.0, "highest floor-area ratio of new homes", "新建住宅容积率上限"),
    level("land", "stock_land_share", "share", 0.1, 0.0, 0.9, "share of the need for land met from stock land", "用地需求中存量用地的比例"),
    level("land", "mixed_use", "share", 0.0, 0.0, 1.0, "strength of mixed use of land", "土地混合利用力度"),
    level("land", "collective_land", "share", 0.0, 0.0, 1.0, "openness of the market for collective commercial land", "集体经营性建设用地入市开放度"),
)
