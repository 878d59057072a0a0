"""Levers on public money."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import (
    CENTRE,
    DOWN,
    EITHER,
    ISSUED,
    NOBODY,
    PREFECTURE,
    PROVINCE,
    UP,
    lever,
)
from model.spec.types import Confidence, Lever

BUDGET: Final[tuple[Lever, ...]] = (
    lever(
        "citizenisation_transfer", "budget", "yuan/person", 3000.0, (0.0, 100_000.0),
        writes="award_yuan_per_convert", payer=CENTRE, cost=0.0, lead=6, upkeep=0.0,
        plan={"times": 1.5, "from": ISSUED}, basis="direction",
        en="Citizenisation reward", zh="农业转移人口市民化奖励",
        meaning_en="Money paid to a county for each person newly registered in its towns.",
        meaning_zh="县级每新增一名城镇落户人口获得的奖励资金。",
        signs=(EITHER, UP),
        why="Pays for services of newcomers; a household's choice does not see it, and counts may be gamed.",
        source="behaviour.csv transfer_per_convert; paid by the budgets phase per conversion",
        confidence=Confidence.RECALLED,
    ),
    lever(
        "county_transfer", "budget", "million yuan/year", 4717.0, (0.0, 20_000.0),
        writes="county_transfer_flow_yuan", payer=PROVINCE, cost=0.0, lead=6, upkeep=0.0,
        plan={"times": 1.1, "from": ISSUED}, basis="direction",
        en="Transfers to counties", zh="对县转移支付",
        meaning_en="Project funds and transfers from above to all counties per year.",
        meaning_zh="上级每年对全市各县的转移支付与项目资金。",
        signs=(EITHER, UP),
        why="Money fills arrears first; what is left builds services.",
        source="fiscal.csv upper_level_project_funds: 4,717 million yuan in 2023; paid by the budgets phase",
        confidence=Confidence.PUBLISHED, apportion="resident_population", flow=True,
    ),
    lever(
        "debt_ceiling", "budget", "ratio", 1.2, (0.0, 4.0),
        writes="debt_ceiling", payer=NOBODY, cost=0.0, lead=0, upkeep=0.0,
        plan={"value": 1.2, "from": ISSUED}, basis="direction",
        en="Debt ceiling", zh="债务上限",
        meaning_en="Debt to comprehensive fiscal resources at which a county may not borrow more.",
        meaning_zh="县级停止新增举债的债务与综合财力之比。",
        signs=(EITHER, EITHER),
        why="A higher ceiling buys more now and costs later; the plan keeps it as it is.",
        source="behaviour.csv debt_cap", confidence=Confidence.RECALLED,
    ),
    lever(
        "special_bond_funding", "budget", "million yuan/year", 3000.0, (0.0, 20_000.0),
        writes="bond_flow_yuan", payer=NOBODY, cost=0.0, lead=3, upkeep=0.0,
        plan={"times": 1.1, "from": ISSUED}, basis="direction",
        en="Special bonds", zh="专项债券",
        meaning_en="Special-bond quota per year of the whole prefecture.",
        meaning_zh="全市每年专项债券额度。",
        signs=(EITHER, EITHER),
        why="Capital now, interest later; issue stops at the ceiling and where projects earn nothing.",
        source="assumed practice; interest is paid by the budgets phase",
        apportion="resident_population", flow=True,
    ),
    lever(
        "performance_reward", "budget", "million yuan/year", 0.0, (0.0, 500.0),
        writes="reward_flow_yuan", payer=PREFECTURE, cost=0.0, lead=0, upkeep=0.0,
        plan={"value": 10.0, "from": "2025-01"}, basis="direction",
        en="Reward for results", zh="年度成效奖补",
        meaning_en="Yearly reward to each county with clear results in the year before.",
        meaning_zh="对上年度成效明显的每个县(区)的年度奖补。",
        signs=(EITHER, DOWN),
        why="Winners get more next year; the gap between counties can widen.",
        source="reading of the plan: above zero; 10 million yuan ours; paid by the budgets phase to winners",
        flow=True,
    ),
)
