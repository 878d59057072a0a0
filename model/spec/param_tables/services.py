"""Public services (E17). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

SERVICES: Final[tuple[Param, ...]] = (
    _p("school_commute_share", "share", 0.2, 0.1, 0.35, "E17", "services", "village pupils who board or commute to school in the county town", "在县城寄宿或走读的农村学生比例", "assumed: part of the lead of 17 points of town pupils over town residents"),
    _p("hospital_weight_60", "ratio", 2.5, 1.5, 3.5, "E17", "services", "hospital use at 60 and over against adults", "60岁及以上与成年人就医量之比", "assumed: admissions by age, recalled"),
    _p("rotation_quality", "ratio", 0.6, 0.0, 1.2, "E17", "services", "gain of village school quality per share of town teachers serving there", "城镇教师交流比例对乡村学校质量的提高", "assumed: zero allowed"),
    _p("hospital_level_gain", "ratio", 0.08, 0.0, 0.2, "E17", "services", "gain of hospital capacity and quality in the county town per level", "县级医院能力每提高一级的服务提升", "assumed: zero allowed"),
    _p("township_health_gain", "ratio", 0.4, 0.0, 0.8, "E17", "services", "gain of rural hospital capacity and quality per share of township hospitals that meet the standard", "乡镇卫生院达标比例对乡村医疗能力与质量的提升", "assumed: zero allowed"),
    _p("culture_yuan_per_user", "yuan/person", 3000.0, 1000.0, 8000.0, "E17", "services", "spending that lets culture and sport serve one more person", "文化体育设施每多服务一人的投入", "assumed"),
    _p("village_amenity_gain", "ratio", 0.15, 0.0, 0.4, "E17", "services", "gain of rural amenity if every village had the full upgrade", "全部村庄完整提档升级后农村宜居度的提高", "assumed: zero allowed"),
    _p("utility_amenity_gain", "ratio", 0.1, 0.0, 0.25, "E17", "services", "gain of town amenity per 10,000 yuan of utilities a head", "人均一万元市政设施投入对城镇宜居度的提高", "assumed: zero allowed"),
    _p("residents_per_village", "person", 900.0, 600.0, 1300.0, "E17", "services", "rural residents per administrative village", "每个行政村常住人口", "assumed: rural residents over villages of the prefecture, recalled"),
    _p("pupils_per_village_school", "person", 90.0, 60.0, 130.0, "E17", "services", "pupils per village school at the start", "期初每所乡村学校学生数", "assumed"),
    _p("village_school_floor", "ratio", 0.7, 0.5, 0.85, "E17", "services", "pupils per village school, against the start, under which schools are merged", "校均学生数降至期初多少比例时撤并", "assumed"),
    _p("elder_bed_demand", "share", 0.25, 0.1, 0.45, "E17", "services", "elders in need of care whose family wants a bed or day place", "有照护需求老人中需要床位或日托的比例", "assumed: most care is given at home"),
    _p("childcare_need", "share", 0.3, 0.2, 0.4, "E17", "services", "children under 3 whose family wants a place", "有托育需求的3岁以下婴幼儿比例", "assumed: about a third in national surveys (recalled)"),
    _p("hospital_occupancy", "share", 0.75, 0.65, 0.85, "E17", "services", "beds in use at the start", "期初病床使用率", "assumed: near the provincial rate (recalled)"),
)
