"""States of public services."""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.common import ChannelState, flow, level

SERVICES: Final[tuple[ChannelState, ...]] = (
    flow("services", "school_seats_flow", "seat/month", "compulsory-school seats added in towns beyond practice", "超出现行的城镇义务教育新增学位"),
    flow("services", "kindergarten_seats_flow", "seat/month", "public or inclusive kindergarten seats added beyond practice", "超出现行的公办或普惠幼儿园新增学位"),
    flow("services", "childcare_places_flow", "place/month", "childcare places under age 3 added beyond practice", "超出现行的3岁以下托位新增"),
    flow("services", "elder_beds_flow", "bed/month", "elder-care beds added beyond practice", "超出现行的养老床位新增"),
    level("services", "hospital_level", "level", 1.0, 1.0, 3.0, "service level of the county hospital: 1 practice, 2 recommended national standard, 3 tertiary", "县级医院服务能力:1现行,2国家推荐标准,3三级医院"),
    level("services", "teacher_rotation", "share/year", 0.05, 0.0, 0.5, "share of town teachers who serve a year in village schools", "每年到乡村学校交流的教师比例"),
    level("services", "teacher_retention", "share", 0.0, 0.0, 1.0, "strength of limits on the loss of teachers and pupils from counties", "遏制县域师资与生源流失的力度"),
    level("services", "rural_pay_premium", "share", 0.0, 0.0, 1.0, "pay of village teachers and doctors above practice", "乡村教师与医生工资高于现行的比例"),
    flow("services", "rural_posts_flow", "post/month", "talent posts in villages and townships filled beyond practice", "超出现行的乡镇与村人才岗位新增"),
    level("services", "township_health", "share", 0.6, 0.0, 1.0, "share of township hospitals that meet the national basic standard", "达到国家基本标准的乡镇卫生院比例"),
    flow("services", "culture_flow_yuan", "yuan/month", "spending on culture and sport beyond practice", "超出现行的文化体育支出"),
    level("infrastructure", "community_facility", "share", 0.2, 0.0, 1.0, "share of town communities with embedded facilities to standard", "嵌入式服务设施达标的城镇社区比例"),
    flow("infrastructure", "public_space_flow", "share/month", "parks and public space added beyond practice, as a share of the stock at the start", "超出现行的公园与公共空间新增占期初存量比例"),
    flow("infrastructure", "hazard_flow", "share/month", "hazard protection added beyond practice, as a share of the stock at the start", "超出现行的防灾设施新增占期初存量比例"),
    flow("infrastructure", "ecology_flow", "share/month", "restored waters and land beyond practice, as a share of the stock at the start", "超出现行的生态修复占期初存量比例"),
    level("infrastructure", "smart_coverage", "share", 0.1, 0.0, 1.0, "coverage of operation platforms and sensors", "智慧化运行平台与监测覆盖率"),
)
