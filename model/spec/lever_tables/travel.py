"""Levers on infrastructure and travel."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, DOWN, EITHER, ISSUED, PREFECTURE, PROVINCE, UP, lever
from model.spec.types import Lever

TRAVEL: Final[tuple[Lever, ...]] = (
    lever(
        "utility_investment", "infrastructure", "million yuan/year", 1500.0, (0.0, 10_000.0),
        writes="utility_flow_yuan", payer=COUNTY, cost=1_000_000.0, lead=18, upkeep=0.03,
        plan={"times": 1.3, "from": ISSUED}, basis="direction",
        en="Utilities", zh="市政管网投资",
        meaning_en="Spending on water, sewage, gas, heat and power networks per year in the whole prefecture.",
        meaning_zh="全市每年供水、污水、燃气、供热与电网投资。",
        signs=(UP, EITHER),
        why="A small amenity with lasting upkeep; coverage was already above 90%.",
        source="assumed practice: near 1.5% of fixed-asset investment",
        apportion="urban_population", flow=True,
    ),
    lever(
        "road_investment", "travel", "million yuan/year", 1000.0, (0.0, 10_000.0),
        writes="travel_time_factor", payer=COUNTY, cost=1_000_000.0, lead=18, upkeep=0.02,
        plan={"times": 1.3, "from": ISSUED}, basis="direction",
        en="Roads", zh="道路投资",
        meaning_en="Spending on town, trunk and rural roads per year in the whole prefecture.",
        meaning_zh="全市每年城镇道路、干线与农村公路投资。",
        signs=(EITHER, UP),
        why="Shorter trips let people commute instead of moving and let larger cities draw them away.",
        source="assumed practice",
        apportion="resident_population", flow=True,
    ),
    lever(
        "transit_coverage", "travel", "share", 0.5, (0.0, 1.0),
        writes="transit_share", payer=COUNTY, cost=40_000_000.0, lead=12, upkeep=0.25,
        plan=[
            {"ramp": {"2024-07": 0.5, "2025-12": 0.8}},
            {"ramp": {"2024-07": 0.5, "2025-12": 0.9}, "where": "passenger_hub"},
        ],
        basis="direction",
        en="Bus coverage", zh="公交覆盖率",
        meaning_en="Share of villages with a usable bus to the county town, nearest villages first.",
        meaning_zh="有可用公交通达县城的村庄比例,由近及远。",
        signs=(EITHER, UP),
        why="Families without a car reach jobs and hospitals in town from home, so fewer of them need to move.",
        source="assumed practice; 40 million yuan per county for full coverage, a quarter of it a year to run",
    ),
    lever(
        "charging_ratio", "travel", "ratio", 0.35, (0.0, 1.5),
        writes="charging_ratio", payer=COUNTY, cost=15_000_000.0, lead=12, upkeep=0.1,
        plan={"ramp": {"2024-07": 0.35, "2025-12": 0.6}}, basis="direction",
        en="Chargers per electric car", zh="车桩比",
        meaning_en="Public chargers per electric car.",
        meaning_zh="每辆电动汽车对应的公共充电桩数。",
        signs=(EITHER, EITHER),
        why="Cheaper daily trips for the few who drive electric: commuting gains a little over moving.",
        source="assumed practice near the national ratio of public chargers; cost per county and unit of the ratio",
    ),
    lever(
        "intercity_link_date", "travel", "year", 2030.0, (2024.0, 2030.0),
        writes="intercity_open_year intercity_works_share", payer=PROVINCE, cost=-100_000_000.0, lead=1, upkeep=0.02,
        plan={"value": 2028.0, "from": ISSUED}, basis="direction",
        en="Opening year of intercity links", zh="对外通道建成年份",
        meaning_en="Year from which expressways and rail links bring places outside nearer; 2030 is not before 2028.",
        meaning_zh="高速公路与铁路等对外通道建成通车年份,2030表示2028年前不通车。",
        signs=(DOWN, EITHER),
        why="A shorter way works both ways: firms sell more outside, and people leave more easily for larger cities.",
        source="reading of the plan: works are named without a date; 100 million yuan per county and year earlier assumed",
    ),
    lever(
        "logistics_cost_cut", "infrastructure", "share", 0.0, (0.0, 0.5),
        writes="logistics_cut", payer=PREFECTURE, cost=100_000_000.0, lead=24, upkeep=0.05,
        plan=[
            {"ramp": {"2024-07": 0.0, "2027-12": 0.10}},
            {"ramp": {"2024-07": 0.0, "2027-12": 0.12}, "where": "rail_node"},
        ],
        basis="direction",
        en="Cut of rural logistics cost", zh="农村物流成本下降",
        meaning_en="Share by which rural freight and parcel cost falls.",
        meaning_zh="农村货运与寄递成本下降的比例。",
        signs=(EITHER, UP),
        why="Helps farms sell and villagers buy online: income stays, and some town trade leaks.",
        source="reading of the plan: 0.10 by 2027; 100 million yuan per unit and county assumed",
    ),
)
