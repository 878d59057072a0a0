"""Triggers, choice, beliefs and arrivals (E1-E7, E11, E12, E21, E23). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

CHOICE: Final[tuple[Param, ...]] = (
    _p("taste_persistence", "share", 0.35, 0.1, 0.6, "E3", "choice", "share of the variance of the shock to a place that persists for a person", "个人对某地偏好冲击中持久部分的方差比例", "assumed: circular moves show that much of it is fresh each month"),
    _p("network_cap", "ratio", 30.0, 10.0, 60.0, "E7", "choice", "co-villagers at a place, per 100, beyond which more do not help", "同村人占比(每百人)的饱和上限", "assumed: keeps the network from running away"),
    _p("season_festival", "ratio", 1.6, 1.1, 2.2, "E1", "trigger", "triggers in months 1-2 (Spring Festival) against the mean month", "春节期间(1—2月)重新考虑的强度与平均月之比", "assumed: returns and departures bunch around the festival"),
    _p("season_term", "ratio", 1.3, 1.0, 1.8, "E1", "trigger", "triggers in month 8, before the school term, against the mean month", "8月(开学前)重新考虑的强度与平均月之比", "assumed: moves for school precede the term"),
    _p("trigger_job_loss", "share", 0.15, 0.05, 0.35, "E1", "trigger", "chance that a job loss makes a household think again in the next month", "失业后次月重新考虑居住的概率", "assumed; only trigger times choice is identified"),
    _p("trigger_wedding", "share", 0.4, 0.15, 0.7, "E1", "trigger", "the same for a wedding", "结婚后次月重新考虑的概率", "assumed: most couples settle where to live at the wedding"),
    _p("trigger_birth", "share", 0.06, 0.01, 0.15, "E1", "trigger", "the same for a birth", "生育后次月重新考虑的概率", "assumed"),
    _p("trigger_child_3", "share", 0.1, 0.02, 0.25, "E1", "trigger", "the same when a child turns 3", "子女满3岁次月重新考虑的概率", "assumed: kindergarten entry"),
    _p("trigger_child_6", "share", 0.25, 0.1, 0.5, "E1", "trigger", "the same when a child turns 6", "子女满6岁次月重新考虑的概率", "assumed: primary school entry is the main school move"),
    _p("trigger_child_12", "share", 0.25, 0.1, 0.5, "E1", "trigger", "the same when a child turns 12", "子女满12岁次月重新考虑的概率", "assumed: junior secondary schools stand in towns"),
    _p("trigger_child_15", "share", 0.1, 0.02, 0.25, "E1", "trigger", "the same when a child turns 15", "子女满15岁次月重新考虑的概率", "assumed: senior schools board their pupils"),
    _p("trigger_lease_end", "share", 0.1, 0.02, 0.25, "E1", "trigger", "the same when a lease ends", "租约到期次月重新考虑的概率", "assumed"),
    _p("trigger_parent_care", "share", 0.05, 0.01, 0.15, "E1", "trigger", "the same when a parent comes to need care", "父母需照料时次月重新考虑的概率", "assumed"),
    _p("trigger_offer", "share", 0.2, 0.05, 0.4, "E1", "trigger", "the same when an offer or a new home comes up", "获得工作机会或新房时次月重新考虑的概率", "assumed"),
    _p("move_cost", "utils", 1.5, 0.5, 3.0, "E2", "choice", "utility lost by any change of place or arrangement, once", "任何迁移或居住安排变化的一次性效用损失", "assumed: keeps the yearly gross flow near the 4-5 % of the census; the place constants are fitted after it"),
    _p("move_with_job", "share", 0.75, 0.5, 0.95, "E2", "choice", "working people who move with a job arranged at the new place", "迁移前已落实工作的就业者比例", "assumed: most migrants find work through kin and fellow villagers before they go"),
    _p("own_experience", "share", 0.5, 0.2, 0.8, "E4", "choice", "weight of what a household earns now beside what it expects where it lives", "当前收入在现居地预期收入中的权重", "assumed"),
    _p("fallback_yuan_month", "yuan/month", 600.0, 300.0, 1200.0, "E4", "choice", "monthly income of an earner without a job", "无工作时的月收入", "assumed: casual work and relatives; near the rural basic living standard"),
    _p("subsistence_yuan_month", "yuan/person/month", 450.0, 350.0, 600.0, "E4", "choice", "income per head below which the floor and its penalty hold", "人均最低生活收入", "assumed near the rural basic living line of about 5,500 yuan a year"),
    _p("subsistence_penalty", "utils", 1.0, 0.3, 2.0, "E4", "choice", "utility lost below subsistence", "低于最低生活标准的效用损失", "assumed"),
    _p("worker_contribution_share", "share", 0.03, 0.0, 0.08, "E4", "choice", "expected own insurance contribution as a share of pay", "预期个人社保缴费占工资比例", "assumed: 10.5 % of the wage base times the insured quarter of workers"),
    _p("farm_net_yuan_mu_year", "yuan/mu/year", 650.0, 400.0, 1000.0, "E8", "choice", "net income of own farming per mu and year", "自营农业亩均年净收入", "assumed: maize at upland yields, own labour not counted"),
    _p("farm_rent_yuan_mu_year", "yuan/mu/year", 250.0, 100.0, 450.0, "E8", "choice", "rent for leased farm land", "耕地流转租金", "assumed: upland maize land"),
    _p("commute_yuan_minute_month", "yuan/minute/month", 8.0, 4.0, 14.0, "E21", "choice", "monthly money cost of a daily commute per one-way minute", "每日通勤每单程分钟的月费用", "assumed: half a yuan per km, 22 days, both ways, shared rides"),
    _p("carer_earning_share", "share", 0.7, 0.5, 0.9, "E12", "choice", "household earnings kept when one adult minds a child in town", "一名成人进城陪读时家庭保留的收入比例", "assumed: the carer earns little while minding the child"),
    _p("pension_yuan_month", "yuan/month", 250.0, 150.0, 500.0, "E4", "choice", "transfer income per person of 60 and over as households reckon it", "60岁及以上老人人均月转移收入", "assumed between the resident pension of about 120 yuan and worker pensions"),
    _p("public_rental_discount", "share", 0.35, 0.2, 0.5, "E5", "choice", "affordable rent below the market rent", "保障性租赁住房租金低于市场租金的比例", "assumed: policy asks for no more than 90 %, practice in county towns is lower"),
    _p("share_school", "share", 0.35, 0.2, 0.5, "E6", "choice", "schools in the composite amenity", "学校在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_kindergarten", "share", 0.08, 0.02, 0.15, "E6", "choice", "kindergartens in the composite amenity", "幼儿园在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_childcare", "share", 0.04, 0.01, 0.1, "E6", "choice", "childcare in the composite amenity", "托育在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_hospital", "share", 0.2, 0.1, 0.3, "E6", "choice", "hospitals in the composite amenity", "医疗在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_elder", "share", 0.08, 0.02, 0.15, "E6", "choice", "elder care in the composite amenity", "养老在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_culture", "share", 0.1, 0.03, 0.2, "E6", "choice", "culture and consumption in the composite amenity", "文化消费在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("share_infrastructure", "share", 0.15, 0.05, 0.3, "E6", "choice", "infrastructure in the composite amenity", "市政设施在综合公共服务权重中的比重", "assumed split of the composite elasticity"),
    _p("ent_gap_own_county", "share", 0.3, 0.1, 0.6, "E6", "choice", "gap of entitlement within the home county, against newcomers from elsewhere", "本县农村户籍居民在县城的权益缺口(相对外来居民)", "assumed: services of the home county are nearly open to its own villagers"),
    _p("ent_outside", "share", 0.6, 0.4, 0.85, "E6", "choice", "share of services open to newcomers outside the prefecture", "市外公共服务对外来居民开放程度", "assumed: below county towns"),
    _p("belief_speed_year", "per year", 1.0, 0.3, 2.0, "E23", "beliefs", "speed at which beliefs about pay and jobs move to the truth", "对各地收入与就业认知的年更新速度", "assumed: about a year behind"),
    _p("belief_network_gain", "per year", 2.0, 0.5, 4.0, "E23", "beliefs", "added speed where five in a hundred co-villagers live", "同村人占5%时认知更新的额外速度", "assumed"),
    _p("arrival_rate_month", "per month", 0.006, 0.003, 0.012, "E2", "arrivals", "arrivals a month per person registered outside who lives here", "外来户籍居民存量的月度流入率", "assumed: about 7 % of the stock turns over in a year"),
    _p("arrival_share_couple", "share", 0.45, 0.25, 0.65, "E2", "arrivals", "arriving households that are couples", "流入家庭中夫妻家庭比例", "assumed"),
    _p("arrival_share_child", "share", 0.5, 0.3, 0.7, "E2", "arrivals", "arriving couples with a child", "流入夫妻家庭携子女比例", "assumed"),
    _p("arrival_share_senior", "share", 0.25, 0.15, 0.35, "E2", "arrivals", "arriving adults with senior secondary schooling", "流入成人高中学历比例", "assumed near migrants' schooling in the census"),
    _p("arrival_share_college", "share", 0.2, 0.1, 0.35, "E2", "arrivals", "arriving adults with college schooling", "流入成人大专及以上比例", "assumed near migrants' schooling in the census"),
    _p("rho_tenure", "ratio", 0.5, 0.3, 0.75, "E3", "choice", "dissimilarity of renting, buying and affordable rental within a place and arrangement; at most the fresh part of the taste", "同一地点与居住安排内租房、购房、保障房之间的相异系数", "assumed: ways to be housed in one town are near substitutes"),
    _p("asc_buy_on_arrival", "util", -1.0, -2.0, 0.0, "E5", "choice", "utility of buying at the moment of a move beside its cost", "迁入时即购房除费用外的效用", "assumed: most newcomers rent first; purchases of tenants and at weddings are apart"),
    _p("weekly_relief", "share", 0.4, 0.1, 0.7, "E21", "split", "part of the loss from living in two places that a weekly return at no distance would take away", "可每周往返时两地分居效用损失的最大减轻比例", "assumed"),
    _p("weekly_max_min", "minute", 150.0, 90.0, 240.0, "E21", "split", "longest one-way trip for a weekly return", "每周往返的最长单程时间", "assumed: two to three hours"),
    _p("prior_experience", "share", 0.3, 0.0, 0.6, "E23", "beliefs", "weight of last month's truth in the expectations of those who have worked elsewhere", "有外出经历者预期中上月实际情况的权重", "assumed: zero allowed"),
)
