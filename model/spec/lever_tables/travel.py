"""Levers on infrastructure and travel."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, EITHER, ISSUED, PREFECTURE, UP, lever
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
        "logistics_cost_cut", "infrastructure", "share", 0.0, (0.0, 0.5),
        writes="logistics_cut", payer=PREFECTURE, cost=100_000_000.0, lead=24, upkeep=0.05,
        plan={"ramp": {"2024-07": 0.0, "2027-12": 0.10}}, basis="direction",
        en="Cut of rural logistics cost", zh="农村物流成本下降",
        meaning_en="Share by which rural freight and parcel cost falls.",
        meaning_zh="农村货运与寄递成本下降的比例。",
        signs=(EITHER, UP),
        why="Helps farms sell and villagers buy online: income stays, and some town trade leaks.",
        source="reading of the plan: 0.10 by 2027; 100 million yuan per unit and county assumed",
    ),
)
