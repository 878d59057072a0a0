"""States of villages and household income."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

RURAL: Final[tuple[ChannelState, ...]] = (
    flow("income", "social_topup_yuan_month", "yuan/person/month", "benefit per recipient beyond practice", "超出现行的每名救助对象补助"),
    level("income", "farm_income_premium", "share", 0.0, -0.5, 1.0, "farm family income above practice, from processing and brands", "因加工与品牌而高于现行的农业经营收入比例"),
    flow("village", "village_quality_flow", "village/month", "villages upgraded beyond practice, in full-upgrade equivalents", "超出现行的提档升级村数(按完整升级折算)"),
    flow("income", "collective_dividend_yuan_month", "yuan/person/month", "dividend of village collectives per registered member beyond practice", "超出现行的村集体成员人均月分红"),
    level("income", "farm_productivity", "index", 1.0, 0.5, 3.0, "output of farm work over practice, from research and extension", "农业科研推广带来的劳动生产率指数(现行为1)"),
    flow("village", "rural_capital_flow_yuan", "yuan/month", "business capital invested in villages beyond practice", "超出现行的工商资本下乡投资"),
    flow("village", "heating_subsidy_yuan_month", "yuan/household/month", "clean-heating subsidy per rural household beyond practice, averaged over the year", "超出现行的农村户均清洁取暖补贴(按全年平均)"),
    level("village", "clean_heating", "share", 0.6, 0.0, 1.0, "share of rural households with clean heating", "农村清洁取暖户比例"),
    level("village", "village_plan", "share", 0.4, 0.0, 1.0, "share of eligible villages with a plan that directs village money", "已编规划并据以安排资金的应编村庄比例"),
    level("village", "village_governance", "share", 0.4, 0.0, 1.0, "strength of village teams and owner committees", "村级班子与业主委员会的治理能力"),
    level("infrastructure", "water_integration", "share", 0.3, 0.0, 1.0, "share of rural residents on integrated water supply", "纳入城乡一体化供水的农村人口比例"),
)
