"""Work and money (E4, E13, E14, E22). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

JOBS: Final[tuple[Param, ...]] = (
    _p("theta_start", "ratio", 1.0, 0.6, 1.6, "E13", "jobs", "open posts per person who looks for work at the start", "期初求人倍率", "assumed: public employment offices counted 1.3-1.6 posts a seeker in 2020, but only of those who came to them"),
    _p("commute_decay_min", "minute", 20.0, 12.0, 35.0, "E13", "jobs", "minutes of commuting by which the weight of a post in job search falls to 1/e", "求职权重降至1/e的通勤分钟数", "assumed: half of the longest commute accepted"),
    _p("farm_search_month", "1/month", 0.02, 0.005, 0.05, "E13", "jobs", "share of family farmers under 55 who also look for paid work in a month", "55岁以下农户劳动力每月寻找务工机会的比例", "assumed: farm work shrank by about 4 % a year after 2010, retirement included"),
    _p("farm_return_month", "1/month", 0.05, 0.01, 0.15, "E13", "jobs", "share of jobless villagers with land who go back to the family farm in a month", "失业且有地村民每月返回务农的比例", "assumed: land is the insurance of last resort (E8)"),
    _p("outside_p_job", "share", 0.95, 0.9, 0.98, "E4", "earnings", "chance of work of a labour force member outside the prefecture", "在外劳动力就业概率", "assumed: national surveyed urban unemployment was 5.1-5.6 % in 2020-2024"),
    _p("outside_insured_share", "share", 0.3, 0.2, 0.45, "E22", "insurance", "share of those who start work outside enrolled in worker insurance", "在外新就业者参加职工保险比例", "assumed near the migrant pension share of the last NBS counts"),
    _p("wage_spread", "log point", 0.3, 0.2, 0.45, "E4", "earnings", "standard deviation of log pay among people of one skill, market and industry", "同技能同市场同行业工资对数标准差", "assumed"),
    _p("pay_small_firm", "ratio", 0.88, 0.75, 1.0, "E14", "jobs", "pay in small and own-account firms over the market wage", "小微与个体经营工资与市场工资之比", "assumed: private over mean of private and non-private urban units is 0.73 with its mix of skills"),
    _p("pay_established_firm", "ratio", 1.1, 1.0, 1.25, "E14", "jobs", "pay in established firms over the market wage", "规模企业工资与市场工资之比", "assumed, as above"),
    _p("pay_rural_ratio", "ratio", 0.72, 0.6, 0.85, "E4", "earnings", "pay in villages over the county town, same skill", "乡村与县城同技能工资之比", "assumed: NBS local over out-going migrant pay 0.76 includes distance"),
    _p("pay_town_ratio", "ratio", 0.95, 0.85, 1.0, "E4", "earnings", "pay in township seats over the county town, same skill", "乡镇驻地与县城同技能工资之比", "assumed"),
    _p("training_deadweight", "share", 0.5, 0.3, 0.8, "E13", "jobs", "share of trainees who would have learned or found the same without the course", "培训中的无谓损失比例", "assumed: job programmes evaluated elsewhere lose a third to three quarters"),
    _p("hiring_adjust_month", "1/month", 0.15, 0.05, 0.3, "E14", "jobs", "part of the gap between posts wanted in the long run and now that firms close in a month", "企业每月弥合目标岗位差距的比例", "assumed: half a year to close two thirds"),
    _p("leakage_share", "share", 0.45, 0.3, 0.6, "E14", "jobs", "part of household spending that leaves the county: goods made elsewhere, cities, online", "居民消费外流比例", "assumed; the local multiplier follows from it and is checked, never set"),
    _p("leakage_to_core", "share", 0.25, 0.1, 0.45, "E14", "jobs", "part of leaked spending of other units that goes to the core district", "外流消费中流向中心城区的比例", "assumed"),
    _p("retail_leak_cut", "share", 0.15, 0.0, 0.35, "E14", "jobs", "largest relative cut of leakage that retail investment can bring", "商业投资可减少消费外流的最大比例", "assumed; zero allowed"),
    _p("retail_scale_yuan", "yuan/person", 3000.0, 1000.0, 8000.0, "E14", "jobs", "retail investment per resident that brings 63 % of that cut", "达到上述效果63%所需的人均商业投资", "assumed"),
    _p("logistics_leakage", "share", 0.05, -0.1, 0.2, "E14", "jobs", "rise of leakage when rural parcel cost falls to nothing: cheaper delivery also buys from afar", "农村物流成本降至零时消费外流的上升幅度", "assumed; sign open"),
    _p("service_export_share", "share", 0.15, 0.05, 0.3, "E14", "jobs", "part of local services sold to outside demand", "本地服务业面向外部需求的比例", "assumed: freight, finance and business services for mines and works"),
    _p("coal_exposure_manufacturing", "elasticity", 0.5, 0.2, 0.8, "E14", "jobs", "elasticity of outside sales of manufacturing to coal and steel demand", "制造业外销对煤钢需求的弹性", "assumed: coke, steel and machinery for mines are about half of local manufacturing"),
    _p("coal_exposure_utilities", "elasticity", 0.5, 0.2, 0.8, "E14", "jobs", "elasticity of outside sales of utilities to coal and steel demand", "电热水气业外销对煤钢需求的弹性", "assumed: coal power for the grid"),
    _p("tradable_productivity_year", "1/year", 0.03, 0.0, 0.06, "E14", "jobs", "yearly growth of output per post in mining, works and utilities", "采矿制造等行业劳动生产率年增速", "assumed: mechanised faces; employment followed real growth less this"),
    _p("building_public_share", "share", 0.4, 0.2, 0.6, "E14", "jobs", "part of construction sales that follows public works; the rest follows homes under construction", "建筑业中随公共投资变动的比例", "assumed"),
    _p("tourism_jobs_per_million", "post/million yuan", 1.0, 0.2, 2.5, "E14", "jobs", "lasting posts per million yuan of tourism investment", "每百万元文旅投资带来的持续岗位", "assumed"),
    _p("insurance_wage_share", "share", 0.5, 0.2, 0.8, "E22", "insurance", "part of added employer insurance cost that is passed on to pay", "新增单位缴费转嫁到工资的比例", "assumed: incidence studies span nearly the whole range"),
    _p("employer_contribution_rate", "share", 0.247, 0.247, 0.247, "E22", "insurance", "employer contribution to pension, medical and unemployment insurance", "用人单位养老医疗失业保险缴费率", "published rates: 16 + 8 + 0.7 % of the wage base (fiscal.csv 2024)"),
    _p("worker_contribution_rate", "share", 0.103, 0.103, 0.103, "E22", "insurance", "own contribution of an insured worker", "职工个人缴费率", "published rates: 8 + 2 + 0.3 % of the wage base (fiscal.csv 2024)"),
    _p("contribution_base_share", "share", 0.75, 0.6, 0.95, "E22", "insurance", "wage base on which contributions are in practice paid, over the wage", "实际缴费基数与工资之比", "assumed: bases are widely declared below pay"),
    _p("enrol_month", "1/month", 0.1, 0.05, 0.3, "E22", "insurance", "part of the gap to what enforcement asks that firms close in a month", "企业每月弥合应保未保差距的比例", "assumed"),
    _p("consume_share", "share", 0.52, 0.42, 0.62, "E14", "jobs", "part of disposable income above subsistence that is spent", "超出基本生活费的收入中用于消费的比例", "assumed: with subsistence it gives about 0.56 of urban and 0.7 of rural income (provincial survey 2022)"),
    _p("worker_pension_yuan_month", "yuan/month", 2900.0, 2400.0, 3400.0, "E8", "earnings", "monthly pension of a retired worker", "企业退休人员月养老金", "assumed: provincial level of about 3,000 yuan in 2020, from memory"),
    _p("pension_urban_share", "share", 0.75, 0.6, 0.85, "E8", "earnings", "people past working life with urban registration who draw a worker pension at the start", "期初60岁以上城镇户籍人口领取职工养老金比例", "assumed: transfers are a quarter of urban income in the provincial survey"),
    _p("income_not_cash_urban", "share", 0.12, 0.05, 0.2, "E4", "earnings", "part of published urban income that is no cash of the month: imputed rent, care refunds", "公布的城镇收入中非当月现金部分(自有住房折算租金等)", "assumed: property income is 7 % of urban income in the provincial survey of 2023, most of it imputed"),
    _p("remit_share", "share", 0.45, 0.3, 0.6, "E12", "earnings", "part of pay that a member working outside the prefecture sends home; the rest is spent there", "市外务工成员寄带回家的收入比例", "assumed: surveys of out-migrants report 30-60 %"),
    _p("income_not_cash_rural", "share", 0.1, 0.03, 0.2, "E4", "earnings", "the same for rural income", "公布的农村收入中非当月现金部分", "assumed: own produce and refunds"),
    _p("pension_rural_share", "share", 0.06, 0.02, 0.12, "E8", "earnings", "people over 60 with rural registration who draw a worker pension at the start", "期初60岁以上农村户籍人口领取职工养老金比例", "assumed"),
    _p("mortgage_years", "year", 18.0, 12.0, 25.0, "E5", "housing", "years over which a mortgage outstanding is repaid", "剩余房贷偿还年数", "assumed"),
    _p("mortgage_interest_year", "1/year", 0.048, 0.038, 0.055, "E5", "housing", "interest rate of mortgages outstanding", "存量房贷年利率", "assumed: loan prime rate of 4.65 % in 2020 with the usual premium, falling later"),
)
