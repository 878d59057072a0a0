"""States of jobs, matching and consumption."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

JOBS: Final[tuple[ChannelState, ...]] = (
    flow("jobs", "planned_jobs_flow", "post/month", "labour-intensive posts planned beyond practice, before realisation and displacement", "超出现行的劳动密集型计划岗位(未扣除落空与挤占)"),
    flow("jobs", "tourism_flow_yuan", "yuan/month", "tourism investment beyond practice", "超出现行的文旅投资"),
    flow("jobs", "returnee_firms_flow", "firm/month", "firms founded by returnees beyond practice", "超出现行的返乡创业企业"),
    level("jobs", "entry_cost_cut", "share", 0.0, -0.5, 0.8, "cost of starting a firm below practice, all industries", "低于现行的企业开办成本降幅(各行业)"),
    level("jobs", "industrial_lease_share", "share", 0.1, 0.0, 1.0, "industrial land supplied by long lease or lease-then-grant", "长期租赁或先租后让供应的工业用地比例"),
    level("jobs", "cluster_towns", "town", 0.0, 0.0, 60.0, "specialised towns beyond practice", "超出现行的特色专业镇数"),
    level("jobs", "linked_zones", "zone", 0.0, 0.0, 20.0, "development zones linked with the county town beyond practice", "超出现行的产城融合园区数"),
    level("jobs", "carbon_limit", "share", 0.0, 0.0, 1.0, "strength of limits on energy-intensive output beyond practice", "超出现行的高耗能产出约束强度"),
    flow("jobs", "floorspace_flow_m2", "m2/month", "floor space in parks beyond practice, before realisation", "超出现行的园区厂房面积(未扣除落空)"),
    level("jobs", "insurance_compliance", "share", 0.25, 0.0, 1.0, "share of rural-hukou employees whom employers must in practice enrol in worker insurance", "用人单位实际为农村户籍职工参保的比例", "insurance_base"),
    level("matching", "match_coverage", "share", 0.6, 0.0, 1.0, "coverage of linked city, county and township job services", "市县乡贯通的就业服务覆盖率"),
    flow("matching", "training_flow", "place/month", "training places beyond practice", "超出现行的职业培训名额"),
    level("matching", "vocational_funding_yuan", "yuan/person/year", 6000.0, 0.0, 50_000.0, "public funding per student of vocational schools", "中等职业学校生均财政拨款"),
    level("matching", "outside_placement_share", "share", 0.1, 0.0, 1.0, "share of trainees who are offered a post outside the prefecture", "获得市外岗位推荐的学员比例"),
    flow("consumption", "retail_flow_yuan", "yuan/month", "retail investment beyond practice; reduces leakage of spending", "超出现行的商业设施投资(减少消费外流)"),
)
