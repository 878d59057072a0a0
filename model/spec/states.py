"""Channel states: the only things a lever may change, and the only way a phase hears of a policy.

A *flow* state holds what is added to current practice and is exactly 0 at practice; practice itself is in
the start state and its trends. A *level* state holds the absolute level and is exactly its practice value
at practice; where `practice_param` is named, that parameter is the practice. All are float64[n_units] in real
units (not scaled to the run).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from model.spec.types import Text

CHANNELS: Final[dict[str, Text]] = {
    "settlement": Text(en="Settlement rule", zh="落户规则"),
    "entitlement": Text(en="Entitlement to services", zh="公共服务享有权"),
    "services": Text(en="Service capacity", zh="公共服务供给"),
    "housing": Text(en="Housing", zh="住房"),
    "land": Text(en="Land", zh="土地"),
    "infrastructure": Text(en="Infrastructure", zh="基础设施"),
    "travel": Text(en="Travel time", zh="出行时间"),
    "jobs": Text(en="Jobs", zh="就业岗位"),
    "matching": Text(en="Matching and skill", zh="供需匹配与技能"),
    "income": Text(en="Household income", zh="家庭收入"),
    "consumption": Text(en="Consumption", zh="消费"),
    "village": Text(en="Village", zh="乡村"),
    "budget": Text(en="Budget", zh="财政"),
    "information": Text(en="Information", zh="信息"),
}
"""The channels of model.md section 11, in its order."""

QUANTITIES: Final[dict[str, Text]] = {
    "resident_population": Text(en="usual residents", zh="常住人口"),
    "urban_population": Text(en="usual residents in urban areas", zh="城镇常住人口"),
    "rural_population": Text(en="usual residents in rural areas", zh="乡村常住人口"),
    "children": Text(en="usual residents aged 0-14", zh="0—14岁常住人口"),
    "elderly": Text(en="usual residents aged 60 and over", zh="60岁及以上常住人口"),
}
"""Unit quantities (real counts at the start) by which totals of the prefecture are shared out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel state: its practice value, its hard limits, and whether it is a flow added to practice."""

    key: str
    channel: str
    unit: str
    practice: float
    low: float
    high: float
    flow: bool
    text: Text
    practice_param: str | None = None


def _level(
    channel: str, key: str, unit: str, practice: float, low: float, high: float, en: str, zh: str,
    param: str | None = None,
) -> ChannelState:
    return ChannelState(
        key=key, channel=channel, unit=unit, practice=practice, low=low, high=high, flow=False,
        text=Text(en=en, zh=zh), practice_param=param,
    )


def _flow(channel: str, key: str, unit: str, en: str, zh: str) -> ChannelState:
    return ChannelState(
        key=key, channel=channel, unit=unit, practice=0.0, low=-1e12, high=1e12, flow=True, text=Text(en=en, zh=zh)
    )


STATES: Final[tuple[ChannelState, ...]] = (
    _level("settlement", "rent_parity", "share", 0.0, 0.0, 1.0, "how far a tenant may register like a buyer; 0 not at all, 1 without landlord consent", "租房落户与购房落户的同等程度:0为不能,1为无需房东同意"),
    _level("settlement", "habitual_share", "share", 0.0, 0.0, 1.0, "share of residents of six months or more who may register by habitual residence alone", "可仅凭经常居住地登记户口的半年以上常住居民比例"),
    _level("settlement", "entry_limit", "ratio", 1.0, 0.0, 2.0, "remaining entry limit, multiplies residual_barrier; 1 practice, 0 abolished", "剩余落户门槛(乘以residual_barrier):1为现行,0为全面取消"),
    _level("settlement", "admin_delay", "ratio", 1.0, 0.05, 3.0, "time and trips per registration against practice; 1 practice, lower is faster", "办理一次登记的时间与跑动相对现行的倍数:1为现行,越低越快"),
    _level("information", "awareness_speed", "ratio", 1.0, 0.0, 10.0, "speed at which households learn of rules against practice; 1 practice", "居民知晓政策的速度相对现行的倍数"),
    _level("entitlement", "entitlement", "share", 0.7, 0.0, 1.0, "parity of services for residents without local registration; 0.7 practice, 1 equal. The share closed of the gap left by practice is (entitlement - 0.7) / 0.3", "非户籍常住居民公共服务同等程度:0.7为现行,1为同等。已缩小差距比例为(entitlement−0.7)/0.3"),
    _flow("services", "school_seats_flow", "seat/month", "compulsory-school seats added in towns beyond practice", "超出现行的城镇义务教育新增学位"),
    _flow("services", "kindergarten_seats_flow", "seat/month", "public or inclusive kindergarten seats added beyond practice", "超出现行的公办或普惠幼儿园新增学位"),
    _flow("services", "childcare_places_flow", "place/month", "childcare places under age 3 added beyond practice", "超出现行的3岁以下托位新增"),
    _flow("services", "elder_beds_flow", "bed/month", "elder-care beds added beyond practice", "超出现行的养老床位新增"),
    _level("services", "hospital_level", "level", 1.0, 1.0, 3.0, "service level of the county hospital: 1 practice, 2 recommended national standard, 3 tertiary", "县级医院服务能力:1现行,2国家推荐标准,3三级医院"),
    _level("services", "teacher_rotation", "share/year", 0.05, 0.0, 0.5, "share of town teachers who serve a year in village schools", "每年到乡村学校交流的教师比例"),
    _level("services", "township_health", "share", 0.6, 0.0, 1.0, "share of township hospitals that meet the national basic standard", "达到国家基本标准的乡镇卫生院比例"),
    _flow("services", "culture_flow_yuan", "yuan/month", "spending on culture and sport beyond practice", "超出现行的文化体育支出"),
    _flow("housing", "public_rental_flow", "dwelling/month", "affordable rental dwellings added beyond practice", "超出现行的保障性租赁住房新增"),
    _flow("housing", "dorm_beds_flow", "bed/month", "dormitory beds added beyond practice", "超出现行的宿舍床位新增"),
    _flow("housing", "renewal_flow", "dwelling/month", "dwellings in old neighbourhoods renewed beyond practice", "超出现行的老旧小区改造户数"),
    _flow("land", "construction_land_ha_year", "ha/year", "construction land supplied beyond practice", "超出现行的建设用地供应"),
    _level("land", "land_quota_trade_share", "share", 0.2, 0.0, 1.0, "share of saved rural construction land traded as quota", "城乡建设用地增减挂钩节余指标交易比例"),
    _level("land", "homestead_strength", "share", 0.0, 0.0, 1.0, "strength of paid exit and transfer of homesteads", "宅基地有偿退出与流转的改革力度"),
    _flow("infrastructure", "utility_flow_yuan", "yuan/month", "spending on utilities beyond practice", "超出现行的市政管网设施支出"),
    _level("infrastructure", "logistics_cut", "share", 0.0, 0.0, 0.6, "cut of rural freight and parcel cost", "农村物流寄递成本下降比例"),
    _level("travel", "travel_time_factor", "ratio", 1.0, 0.5, 2.0, "travel time within and to the county against practice, from road spending so far", "县内及对外出行时间相对现行的倍数(由累计道路投资决定)"),
    _flow("jobs", "planned_jobs_flow", "post/month", "labour-intensive posts planned beyond practice, before realisation and displacement", "超出现行的劳动密集型计划岗位(未扣除落空与挤占)"),
    _flow("jobs", "tourism_flow_yuan", "yuan/month", "tourism investment beyond practice", "超出现行的文旅投资"),
    _flow("jobs", "returnee_firms_flow", "firm/month", "firms founded by returnees beyond practice", "超出现行的返乡创业企业"),
    _level("jobs", "insurance_compliance", "share", 0.25, 0.0, 1.0, "share of rural-hukou employees whom employers must in practice enrol in worker insurance", "用人单位实际为农村户籍职工参保的比例", "insurance_base"),
    _level("matching", "match_coverage", "share", 0.6, 0.0, 1.0, "coverage of linked city, county and township job services", "市县乡贯通的就业服务覆盖率"),
    _flow("matching", "training_flow", "place/month", "training places beyond practice", "超出现行的职业培训名额"),
    _flow("income", "social_topup_yuan_month", "yuan/person/month", "benefit per recipient beyond practice", "超出现行的每名救助对象补助"),
    _level("income", "farm_income_premium", "share", 0.0, -0.5, 1.0, "farm family income above practice, from processing and brands", "因加工与品牌而高于现行的农业经营收入比例"),
    _flow("consumption", "retail_flow_yuan", "yuan/month", "retail investment beyond practice; reduces leakage of spending", "超出现行的商业设施投资(减少消费外流)"),
    _flow("village", "village_quality_flow", "village/month", "villages upgraded beyond practice, in full-upgrade equivalents", "超出现行的提档升级村数(按完整升级折算)"),
    _flow("village", "heating_subsidy_yuan_month", "yuan/household/month", "clean-heating subsidy per rural household beyond practice, averaged over the year", "超出现行的农村户均清洁取暖补贴(按全年平均)"),
    _flow("budget", "county_transfer_flow_yuan", "yuan/month", "transfer to the county beyond practice", "超出现行的对县转移支付"),
    _level("budget", "award_yuan_per_convert", "yuan/person", 3000.0, 0.0, 1e6, "citizenisation reward paid to the county per new local urban registration", "每新增一名落户人口给县级的市民化奖励", "transfer_per_convert"),
    _level("budget", "debt_ceiling", "ratio", 1.2, 0.0, 5.0, "debt to comprehensive fiscal resources at which new issue stops", "停止新增举债的债务与综合财力之比", "debt_cap"),
    _flow("budget", "bond_flow_yuan", "yuan/month", "special-bond quota beyond practice", "超出现行的专项债额度"),
    _flow("budget", "reward_flow_yuan", "yuan/month", "reward to a county that did well last year, beyond practice", "上年成效明显县的额外奖补"),
)
