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
)
