"""States of jobs, matching and consumption."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

JOBS: Final[tuple[ChannelState, ...]] = (
    flow("jobs", "planned_jobs_flow", "post/month", "labour-intensive posts planned beyond practice, before realisation and displacement", "超出现行的劳动密集型计划岗位(未扣除落空与挤占)"),
    flow("jobs", "tourism_flow_yuan", "yuan/month", "tourism investment beyond practice", "超出现行的文旅投资"),
    flow("jobs", "returnee_firms_flow", "firm/month", "firms founded by returnees beyond practice", "超出现行的返乡创业企业"),
    level("jobs", "insurance_compliance", "share", 0.25, 0.0, 1.0, "share of rural-hukou employees whom employers must in practice enrol in worker insurance", "用人单位实际为农村户籍职工参保的比例", "insurance_base"),
    level("matching", "match_coverage", "share", 0.6, 0.0, 1.0, "coverage of linked city, county and township job services", "市县乡贯通的就业服务覆盖率"),
    flow("matching", "training_flow", "place/month", "training places beyond practice", "超出现行的职业培训名额"),
    flow("consumption", "retail_flow_yuan", "yuan/month", "retail investment beyond practice; reduces leakage of spending", "超出现行的商业设施投资(减少消费外流)"),
)
