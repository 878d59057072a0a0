"""Levers on jobs, matching, skill and consumption."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.common import COUNTY, EITHER, ISSUED, PREFECTURE, UP, lever
from model.spec.types import Lever

JOBS: Final[tuple[Lever, ...]] = (
    lever(
        "labour_intensive_job_support", "jobs", "yuan/post", 0.0, (0.0, 50_000.0),
        writes="planned_jobs_flow", payer=COUNTY, cost=1.0, lead=12, upkeep=1.0,
        plan={"value": 5000.0, "from": ISSUED}, basis="direction",
        en="Support per labour-intensive job", zh="劳动密集型岗位补助",
        meaning_en="Money paid to a firm for each new labour-intensive post in a county town.",
        meaning_zh="对县城每个新增劳动密集型岗位给予企业的补助。",
        signs=(UP, UP),
        why="Posts within commuting reach pull people; many planned posts fail or displace others.",
        source="reading of the plan: above zero; 5,000 yuan ours; paid once per post planned",
    ),
    lever(
        "returnee_grant", "jobs", "yuan/firm", 0.0, (0.0, 200_000.0),
        writes="returnee_firms_flow", payer=COUNTY, cost=1.0, lead=6, upkeep=1.0,
        plan={"value": 20_000.0, "from": ISSUED}, basis="direction",
        en="Start-up grant for returnees", zh="返乡创业补贴",
        meaning_en="Grant to a firm founded by someone who returns.",
        meaning_zh="对返乡人员创办企业的一次性补贴。",
        signs=(EITHER, UP),
        why="Some firms locate in villages, many would have started anyway, two in five close in three years.",
        source="assumed amount; paid once per firm that the grant adds",
    ),
    lever(
        "tourism_investment", "jobs", "million yuan/year", 300.0, (0.0, 5000.0),
        writes="tourism_flow_yuan", payer=COUNTY, cost=1_000_000.0, lead=18, upkeep=0.04,
        plan=[
            {"times": 1.5, "from": ISSUED},
            {"times": 2.0, "where": "functional_type == 'culture-tourism'", "from": ISSUED},
        ],
        basis="both",
        en="Tourism investment", zh="文旅投资",
        meaning_en="Investment in tourism and its roads per year in the whole prefecture.",
        meaning_zh="全市每年文旅及旅游公路投资。",
        signs=(EITHER, UP),
        why="Seasonal service jobs, many of them in villages, which keep people there.",
        source="assumed practice",
        apportion="resident_population", flow=True,
    ),
    lever(
        "job_matching", "matching", "share", 0.6, (0.0, 1.0),
        writes="match_coverage", payer=COUNTY, cost=5_000_000.0, lead=12, upkeep=0.2,
        plan={"ramp": {"2024-07": 0.6, "2025-12": 1.0}}, basis="text",
        en="Linked job services", zh="就业服务贯通",
        meaning_en="Coverage of job services linked between city, county and township.",
        meaning_zh="市县乡贯通的就业服务覆盖率。",
        signs=(EITHER, UP),
        why="Faster matches near home and also faster departures; the gain in matching may be nil.",
        source="reading of the plan: 0.6 and 1; 5 million yuan per county assumed",
    ),
    lever(
        "training_places", "matching", "place/year", 40_000.0, (0.0, 300_000.0),
        writes="training_flow", payer=COUNTY, cost=1500.0, lead=3, upkeep=0.0,
        plan={"times": 1.25, "from": ISSUED}, basis="direction",
        en="Training places", zh="职业技能培训",
        meaning_en="Subsidised vocational training places per year in the whole prefecture.",
        meaning_zh="全市每年补贴性职业技能培训名额。",
        signs=(EITHER, UP),
        why="Trained people earn a little more, here or elsewhere: it helps some leave.",
        source="assumed practice; 1,500 yuan a place",
        apportion="rural_population", flow=True,
    ),
    lever(
        "retail_investment", "consumption", "million yuan/year", 200.0, (0.0, 5000.0),
        writes="retail_flow_yuan", payer=PREFECTURE, cost=1_000_000.0, lead=12, upkeep=0.03,
        plan={"times": 1.5, "from": ISSUED}, basis="direction",
        en="Retail and leisure facilities", zh="商业消费设施",
        meaning_en="Public spending on shops, streets and services for consumers per year in the prefecture.",
        meaning_zh="全市每年用于商业街区与消费服务设施的公共投入。",
        signs=(EITHER, EITHER),
        why="Keeps a little spending in the county; online trade takes most of what leaks.",
        source="assumed practice",
        apportion="urban_population", flow=True,
    ),
)
