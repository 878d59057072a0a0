"""Levers on villages and household income."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, EITHER, ISSUED, PREFECTURE, UP, lever
from model.spec.types import Lever

RURAL: Final[tuple[Lever, ...]] = (
    lever(
        "hemei_villages", "village", "village/year", 0.0, (0.0, 3000.0),
        writes="village_quality_flow", payer=PREFECTURE, cost=600_000.0, lead=12, upkeep=0.05,
        plan={"value": 440.0, "from": ISSUED}, basis="text",
        en="Harmonious villages", zh="和美乡村建设",
        meaning_en="Villages upgraded per year in the whole prefecture (40 exemplary, 400 upgraded).",
        meaning_zh="全市每年建设的和美乡村(40个精品示范村、400个提档升级村)。",
        signs=(EITHER, UP),
        why="A better village is a reason to stay; visitors and income may also carry a family to town.",
        source="plan: 40 + 400 a year; mean 0.6 million yuan a village assumed",
        apportion="rural_population", flow=True,
    ),
    lever(
        "village_sanitation", "village", "village/year", 150.0, (0.0, 3000.0),
        writes="village_quality_flow", payer=COUNTY, cost=400_000.0, lead=12, upkeep=0.06,
        plan={"times": 2, "from": ISSUED}, basis="direction",
        en="Village sanitation", zh="农村人居环境整治",
        meaning_en="Villages given sewage, toilets and waste collection per year in the whole prefecture.",
        meaning_zh="全市每年完成污水、厕所与垃圾治理的村数。",
        signs=(EITHER, UP),
        why="Comfort at home keeps some old people; the young leave for work and school.",
        source="assumed practice; 0.4 million yuan a village",
        apportion="rural_population", flow=True,
    ),
    lever(
        "rural_retail_support", "village", "store/year", 0.0, (0.0, 3000.0),
        writes="village_quality_flow", payer=COUNTY, cost=20_000.0, lead=6, upkeep=0.2,
        plan={"value": 300.0, "from": ISSUED}, basis="direction",
        en="Village stores", zh="村级便利店扶持",
        meaning_en="Village stores opened with public support per year in the whole prefecture.",
        meaning_zh="全市每年在公共支持下开设的村级便利店。",
        signs=(EITHER, UP),
        why="A shop is a small part of village life; parcels reach most villages already.",
        source="assumed: 20,000 yuan a store and a fifth of it each year",
        apportion="rural_population", flow=True,
    ),
    lever(
        "clean_heating_subsidy", "village", "yuan/household/year", 0.0, (0.0, 5000.0),
        writes="heating_subsidy_yuan_month", payer=COUNTY, cost=1.0, lead=3, upkeep=1.0,
        plan={"value": 300.0, "from": ISSUED}, basis="direction",
        en="Clean-heating subsidy", zh="清洁取暖补贴",
        meaning_en="Subsidy per rural household and year for clean heating, beyond practice.",
        meaning_zh="超出现行标准的农村每户每年清洁取暖补贴。",
        signs=(EITHER, UP),
        why="Income at home; a flat in town is heated more cheaply, so the sign is open.",
        source="assumed: the subsidy of practice is in the start state",
    ),
    lever(
        "social_protection_topup", "income", "yuan/person/year", 0.0, (0.0, 20_000.0),
        writes="social_topup_yuan_month", payer=COUNTY, cost=1.0, lead=3, upkeep=1.0,
        plan={"value": 600.0, "from": ISSUED}, basis="direction",
        en="Social protection top-up", zh="社会救助提标",
        meaning_en="Yearly benefit per recipient beyond practice (disabled, destitute, left behind).",
        meaning_zh="残疾人、特困与留守等救助对象每年超出现行标准的补助。",
        signs=(EITHER, UP),
        why="Support for the old frees the young to leave; it also makes staying affordable.",
        source="assumed amount; recipients are topup_recipient_share of residents",
    ),
    lever(
        "agri_processing_investment", "income", "million yuan/year", 400.0, (0.0, 5000.0),
        writes="farm_income_premium", payer=PREFECTURE, cost=1_000_000.0, lead=18, upkeep=0.02,
        plan=[
            {"times": 1.5, "from": ISSUED},
            {"times": 2.0, "where": "functional_type == 'agricultural'", "from": ISSUED},
        ],
        basis="direction",
        en="Farm processing and brands", zh="农产品加工与品牌投入",
        meaning_en="Public investment in farm processing, parks and brands per year in the whole prefecture.",
        meaning_zh="全市每年对农产品加工、园区与品牌的公共投入。",
        signs=(EITHER, UP),
        why="Raises farm income, which keeps people and narrows the income gap; larger farms release labour.",
        source="assumed practice",
        apportion="rural_population", flow=True,
    ),
)
