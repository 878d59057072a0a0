"""States of public budgets."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

BUDGET: Final[tuple[ChannelState, ...]] = (
    flow("budget", "county_transfer_flow_yuan", "yuan/month", "transfer to the county beyond practice", "超出现行的对县转移支付"),
    level("budget", "award_yuan_per_convert", "yuan/person", 3000.0, 0.0, 1e6, "citizenisation reward paid to the county per new local urban registration", "每新增一名落户人口给县级的市民化奖励", "transfer_per_convert"),
    level("budget", "debt_ceiling", "ratio", 1.2, 0.0, 5.0, "debt to comprehensive fiscal resources at which new issue stops", "停止新增举债的债务与综合财力之比", "debt_cap"),
    flow("budget", "bond_flow_yuan", "yuan/month", "special-bond quota beyond practice", "超出现行的专项债额度"),
    flow("budget", "reward_flow_yuan", "yuan/month", "reward to a county that did well last year, beyond practice", "上年成效明显县的额外奖补"),
    level("budget", "award_housing_share", "share", 0.0, 0.0, 1.0, "part of the citizenisation reward spent on guaranteed housing", "市民化奖励用于保障性住房的比例"),
    level("budget", "maintenance_share", "1/year", 0.02, 0.0, 0.2, "upkeep a year over the value of public works; at practice the stock of the start is just kept", "年养护支出与公共资产价值之比,现行水平恰好维持期初存量"),
    level("budget", "private_share", "share", 0.1, 0.0, 1.0, "part of project capital borne by private investors", "项目资本中社会资本比例"),
    flow("budget", "recycling_flow_yuan", "yuan/month", "proceeds sought from existing public assets, investment trusts included", "拟盘活存量资产(含基础设施REITs)回收资金"),
    flow("budget", "platform_flow_yuan", "yuan/month", "assets and equity put into county financing platforms", "注入县级平台公司的资产与股权"),
    level("budget", "type_weight", "share", 0.0, 0.0, 1.0, "weight of the county's functional type in the mix of its works", "县城功能类型在项目安排中的权重"),
    level("budget", "deficit_weight", "share", 0.0, 0.0, 1.0, "weight of measured shortages in where public money goes", "按短板需求安排资金的权重"),
    level("budget", "township_power", "share", 0.0, 0.0, 1.0, "part of county powers over works and services held by townships", "下放乡镇的建设与服务权限"),
    level("budget", "feedback_strength", "share", 0.0, 0.0, 1.0, "strength of the yearly shift of effort to lines that lag", "每年向滞后领域调整力度的强度"),
    level("budget", "delivery_odds", "ratio", 1.0, 0.0, 1e3, "odds that what is planned is delivered on time, against practice", "按期完成计划的优势比(相对现行)"),
    level("budget", "pilot_lead_years", "year", 0.0, 0.0, 2.0, "years by which pilot counties begin before others", "试点县领先其他县的年数"),
)
