"""Levers on the settlement rule, entitlement and information."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, EITHER, FIRM, ISSUED, PREFECTURE, UP, lever
from model.spec.types import Lever

SETTLEMENT: Final[tuple[Lever, ...]] = (
    lever(
        "hukou_entry_limit", "settlement", "ratio", 1.0, (0.0, 1.0),
        writes="entry_limit", payer=COUNTY, cost=0.0, lead=3, upkeep=0.0,
        plan={"value": 0.0, "from": ISSUED}, basis="text",
        en="County-town entry limit", zh="县城落户限制",
        meaning_en="Strength of what is left of entry limits in county towns: 1 as practised, 0 abolished.",
        meaning_zh="县城剩余落户限制的强度:1为现行,0为全面取消。",
        signs=(EITHER, UP),
        why="The gate was mostly open by 2014, so registration rises a little; residence follows jobs and homes.",
        source="assumed: practice is 1 by definition; residual_barrier carries its size",
    ),
    lever(
        "hukou_rent_route", "settlement", "share", 0.0, (0.0, 1.0),
        writes="rent_parity", payer=COUNTY, cost=0.0, lead=3, upkeep=0.0,
        plan={"value": 1.0, "from": ISSUED}, basis="text",
        en="Registration by renting", zh="租房落户同权",
        meaning_en="How far tenants may register in the county town on the terms of buyers; 1 is full parity.",
        meaning_zh="租房者与购房者在县城落户的同等程度,1为完全同权。",
        signs=(EITHER, UP),
        why="Helps only tenants who are willing, aware and at present refused by landlords: a small group.",
        source="reading of the plan: default 0, plan 1",
    ),
    lever(
        "hukou_habitual_residence", "settlement", "share", 0.0, (0.0, 1.0),
        writes="habitual_share", payer=COUNTY, cost=0.0, lead=6, upkeep=0.0,
        plan={"value": 0.5, "from": ISSUED}, basis="direction",
        en="Registration by habitual residence", zh="经常居住地登记户口",
        meaning_en="Share of residents of six months or more who may register where they live without further proof.",
        meaning_zh="无需其他证明即可在经常居住地登记户口的半年以上常住居民比例。",
        signs=(EITHER, UP),
        why="Opens a route without home or contract; raises hukou figures, leaves residence nearly as it was.",
        source="reading of the plan: the text says explore; 0.5 is ours",
    ),
    lever(
        "admin_transaction_cost", "settlement", "ratio", 1.0, (0.1, 2.0),
        writes="admin_delay", payer=COUNTY, cost=-4_000_000.0, lead=12, upkeep=0.1,
        plan={"ramp": {"2024-07": 1.0, "2025-12": 0.5}}, basis="direction",
        en="Time cost of a procedure", zh="办事时间成本",
        meaning_en="Time and trips that a registration or claim takes, against practice.",
        meaning_zh="办理一次登记或申领所需时间与跑动相对现行的倍数。",
        signs=(EITHER, UP),
        why="Faster procedures let the willing convert sooner; nobody moves for a shorter queue.",
        source="assumed: 4 million yuan per county for a full cut, 10% upkeep",
    ),
    lever(
        "service_entitlement_parity", "entitlement", "share", 0.7, (0.0, 1.0),
        writes="entitlement", payer=COUNTY, cost=0.0, lead=12, upkeep=0.0,
        plan={"value": 1.0, "from": ISSUED}, basis="text",
        en="Equal access to services", zh="公共服务同等享有",
        meaning_en="Share of a local resident's service entitlement open to residents without local registration.",
        meaning_zh="未落户常住居民可享有的户籍居民公共服务比例。",
        signs=(UP, UP),
        why="Raises the value of living in town and lowers the reason to convert, so the hukou rate may fall.",
        source="reading of the plan: default 0.7; the cost arises in the recurrent budget (E18), not here",
    ),
    lever(
        "information_reach", "information", "ratio", 1.0, (0.0, 5.0),
        writes="awareness_speed", payer=PREFECTURE, cost=500_000.0, lead=3, upkeep=1.0,
        plan={"value": 2.0, "from": ISSUED}, basis="direction",
        en="Publicity", zh="政策宣传",
        meaning_en="Speed at which households learn of new rules, against practice.",
        meaning_zh="居民知晓新政策的速度相对现行的倍数。",
        signs=(EITHER, UP),
        why="Speeds the take-up of other levers; alone it changes nothing but registration.",
        source="assumed: half a million yuan a year per county for each doubling",
    ),
    lever(
        "social_insurance_compliance", "jobs", "share", 0.25, (0.0, 1.0),
        writes="insurance_compliance", payer=FIRM, cost=0.0, lead=24, upkeep=0.0,
        plan={"value": 0.6, "from": ISSUED}, basis="direction",
        en="Social insurance compliance", zh="社会保险参保执行率",
        meaning_en="Share of rural-hukou employees with worker insurance paid by the employer.",
        meaning_zh="由用人单位缴纳职工社会保险的农村户籍职工比例。",
        signs=(EITHER, UP),
        why="Insured workers settle more, but contributions lower take-home pay and hiring.",
        source="behaviour.csv insurance_base; contributions are paid in the firms phase (E22)",
    ),
)
