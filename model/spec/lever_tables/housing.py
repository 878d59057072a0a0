"""Levers on housing, land, infrastructure and travel time."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, EITHER, FIRM, ISSUED, NOBODY, UP, lever
from model.spec.types import Confidence, Lever

HOUSING: Final[tuple[Lever, ...]] = (
    lever(
        "rental_housing_units", "housing", "dwelling/year", 905.0, (0.0, 20_000.0),
        writes="public_rental_flow", payer=COUNTY, cost=180_000.0, lead=18, upkeep=0.02,
        plan={"times": 2, "from": ISSUED}, basis="direction",
        en="Affordable rental homes", zh="保障性租赁住房",
        meaning_en="Affordable rental dwellings delivered per year in the whole prefecture.",
        meaning_zh="全市每年筹建保障性租赁住房套数。",
        signs=(UP, UP),
        why="Cuts the cost of a first step into town; crowds out some market lets, idle where homes abound.",
        source="housing.csv affordable_rental_plan_2021_2025: 4,525 in five years", confidence=Confidence.DERIVED,
        apportion="urban_population", flow=True,
    ),
    lever(
        "dormitory_beds", "housing", "bed/year", 600.0, (0.0, 20_000.0),
        writes="dorm_beds_flow", payer=FIRM, cost=40_000.0, lead=12, upkeep=0.03,
        plan={"times": 2, "from": ISSUED}, basis="direction",
        en="Dormitory beds", zh="园区宿舍床位",
        meaning_en="Dormitory beds in and near industrial parks delivered per year in the whole prefecture.",
        meaning_zh="全市每年新增园区宿舍床位。",
        signs=(UP, EITHER),
        why="Brings single workers near jobs, but people in dormitories settle less often.",
        source="assumed practice; firms pay",
        apportion="urban_population", flow=True,
    ),
    lever(
        "renewal_dwellings", "housing", "dwelling/year", 19_745.4, (0.0, 100_000.0),
        writes="renewal_flow", payer=COUNTY, cost=25_000.0, lead=9, upkeep=0.01,
        plan={"times": 1.25, "from": ISSUED}, basis="both",
        en="Renewal of old homes", zh="老旧小区改造",
        meaning_en="Dwellings in old neighbourhoods renewed per year in the whole prefecture.",
        meaning_zh="全市每年改造老旧小区户数。",
        signs=(EITHER, EITHER),
        why="Serves those already in town; may raise the rent of the cheapest rooms.",
        source="housing.csv old_neighbourhood_households_2021_2025: 98,727 in five years",
        confidence=Confidence.DERIVED, apportion="urban_population", flow=True,
    ),
    lever(
        "construction_land_quota", "land", "ha/year", 600.0, (0.0, 3000.0),
        writes="construction_land_ha_year", payer=COUNTY, cost=1_500_000.0, lead=12, upkeep=0.0,
        plan={"times": 1.1, "from": ISSUED}, basis="direction",
        en="Construction land quota", zh="建设用地指标",
        meaning_en="New construction land supplied per year in the whole prefecture.",
        meaning_zh="全市每年供应的新增建设用地。",
        signs=(EITHER, EITHER),
        why="Land is not what binds where homes stand empty; supply there lowers prices and adds debt.",
        source="assumed practice; 1.5 million yuan a hectare to prepare",
        apportion="urban_population", flow=True,
    ),
    lever(
        "land_quota_trade_share", "land", "share", 0.2, (0.0, 1.0),
        writes="land_quota_trade_share", payer=NOBODY, cost=0.0, lead=12, upkeep=0.0,
        plan={"value": 0.4, "from": ISSUED}, basis="direction",
        en="Traded share of land quota", zh="增减挂钩指标交易比例",
        meaning_en="Share of saved rural construction land that is traded as quota.",
        meaning_zh="城乡建设用地增减挂钩节余指标的交易比例。",
        signs=(EITHER, UP),
        why="Money for villages that give up homesteads; works only as far as exits happen.",
        source="assumed practice 0.2",
    ),
    lever(
        "homestead_reform", "land", "share", 0.0, (0.0, 1.0),
        writes="homestead_strength", payer=COUNTY, cost=2_000_000.0, lead=24, upkeep=0.1,
        plan={"ramp": {"2024-07": 0.0, "2027-12": 0.3}}, basis="direction",
        en="Homestead reform", zh="宅基地制度改革",
        meaning_en="Strength of paid exit, lease and transfer of homesteads; 1 is a fully working market.",
        meaning_zh="宅基地有偿退出、出租与流转的改革力度,1为市场完全运转。",
        signs=(EITHER, UP),
        why="Money may carry a family to town or let it stay; take-up in pilots is low.",
        source="reading of the plan: content not in the text; strength ours",
    ),
)
