"""How levers become channel states (model/effects). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

DELIVERY: Final[tuple[Param, ...]] = (
    _p("road_time_elast", "elasticity", 0.1, 0.0, 0.25, "E21", "delivery", "elasticity of travel time to the stock of roads, as a fall", "出行时间对道路存量的弹性(下降)", "assumed: most trips are bound by speed limits and terrain; zero allowed"),
    _p("agri_income_elast", "elasticity", 0.08, 0.0, 0.2, "E8", "delivery", "elasticity of farm family income to the stock of processing and brands", "农业经营收入对加工与品牌存量的弹性", "assumed: farm-gate share of processing gains is small; zero allowed"),
    _p("public_stock_years", "year", 15.0, 8.0, 30.0, "E18", "delivery", "years of practice spending that make up the stock at the start", "期初存量相当于现行年投入的年数", "assumed: service life of roads and plants"),
    _p("job_support_response", "post/1000 person/year", 1.0, 0.2, 3.0, "E14", "delivery", "posts planned a year per 1,000 urban residents and 10,000 yuan of support a post", "每千城镇人口、每岗1万元补助对应的年计划岗位", "assumed: 5,000 yuan brings about 900 planned posts a year in a prefecture of 1.8 million urban residents"),
    _p("returnee_response", "firm/10000 person/year", 0.3, 0.05, 1.0, "E14", "delivery", "returnee firms added a year per 10,000 residents and 10,000 yuan of grant", "每万人口、每家1万元补贴对应的年新增返乡企业", "assumed: most grants go to firms that would have started anyway"),
    _p("elder_beds_per_facility", "bed/facility", 50.0, 20.0, 120.0, "E17", "delivery", "beds in a new elder-care facility", "每处新建养老设施床位数", "assumed: between a day centre and a county home"),
    _p("business_cost_cut", "share", 0.2, 0.0, 0.4, "E14", "delivery", "part of the cost of starting a firm that public offices can cut", "政府部门可降低的企业开办成本比例", "assumed; zero allowed: most of the cost is capital and rent"),
    _p("brand_income_pass", "ratio", 0.5, 0.1, 1.0, "E8", "delivery", "relative rise of farm income over that of the farm-gate price: what is branded and sold", "农业收入相对升幅与地头价溢价之比", "assumed: a part of output is sold under a brand, and costs do not rise"),
    _p("collective_dividend_yuan_year", "yuan/person/year", 150.0, 30.0, 400.0, "E8", "delivery", "dividend a member and year beyond practice where all collectives share in full", "集体收益全面分享时超出现行的成员年人均分红", "assumed: most collectives of the province earn a few hundred thousand yuan a year"),
    _p("extension_gain", "share", 0.06, 0.0, 0.15, "E8", "delivery", "rise of the output of farm work with the strongest research transfer", "最强科技转化推广带来的农业劳动生产率升幅", "assumed; zero allowed"),
    _p("extension_release", "elasticity", 1.0, 0.0, 3.0, "E13", "delivery", "elasticity of farmers' search for paid work to the output of farm work", "农户求职对农业劳动生产率的弹性", "assumed: fewer hands for the same land"),
    _p("rural_capital_jobs_per_million", "post/million yuan", 1.5, 0.5, 4.0, "E14", "delivery", "posts per million yuan of business capital in villages", "每百万元下乡资本带来的岗位", "assumed below services and above works"),
    _p("rural_capital_yuan_mu", "yuan/mu", 6000.0, 2500.0, 15_000.0, "E8", "delivery", "business capital per mu of land that it leases", "工商资本租入每亩土地对应的投资", "assumed: between field crops and greenhouses"),
    _p("rural_capital_rent_gain", "share", 0.3, 0.0, 0.8, "E8", "delivery", "rent paid by business capital above that of neighbours", "工商资本支付的地租高出邻里流转的幅度", "assumed"),
    _p("village_sanitation_weight", "share", 0.3, 0.1, 0.6, "E6", "delivery", "sanitation of a village as a share of a full upgrade", "人居环境整治占完整提档升级的比重", "assumed"),
    _p("village_store_weight", "share", 0.05, 0.01, 0.2, "E6", "delivery", "a village store as a share of a full upgrade", "村级便利店占完整提档升级的比重", "assumed"),
    _p("topup_recipient_share", "share", 0.045, 0.03, 0.07, "E18", "delivery", "residents who receive social assistance", "领取社会救助的常住人口比例", "assumed: basic living, disability and destitute support together"),
    _p("rural_household_size", "person/household", 2.6, 2.3, 3.0, "E18", "delivery", "rural residents per household, to count heating subsidies", "农村户均人口(用于计算取暖补贴户数)", "assumed near the prefecture's census mean of 2.59"),
)
