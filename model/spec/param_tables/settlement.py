"""Settlement (E10). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

SETTLEMENT: Final[tuple[Param, ...]] = (
    _p("earners_per_household", "person", 1.6, 1.3, 1.9, "E10", "settlement", "earners per household in the price-to-income ratio", "房价收入比中的户均就业人数", "assumed"),
    _p("aware_existing", "share", 0.85, 0.7, 0.95, "E10", "settlement", "share of home owners in towns who know at the start that they may register", "期初知晓可凭房落户的购房家庭比例", "assumed: the route has been open since 2014"),
    _p("admin_delay_elast", "logit", 0.3, 0.0, 0.8, "E10", "settlement", "logits gained per log point of time saved in a registration", "办理时间每缩短一个对数点增加的落户意愿(logit)", "assumed: zero allowed"),
    _p("need_other", "share", 0.4, 0.2, 0.7, "E10", "settlement", "need for town services of a household without children under 16, against one with", "无16岁以下子女家庭对城镇公共服务的相对需要", "assumed"),
    _p("job_route_months", "month", 12.0, 6.0, 36.0, "E10", "settlement", "months of an insured contract in the town after which it carries a registration", "签订合同并参保满多少个月可凭就业落户", "assumed: rules of 2014-2020 name half a year to three years"),
    _p("learn_neighbours", "share", 0.4, 0.0, 0.8, "E10", "settlement", "chance to learn of a route from co-villagers if all of them in towns have registered there", "在城同村人全部落户时由其获知落户渠道的概率", "assumed: zero allowed"),
    _p("resident_dropout_elast", "elasticity", 0.12, 0.0, 0.35, "E22", "insurance", "elasticity of membership of working age in the resident scheme to the contribution, when it rises", "缴费上涨时劳动年龄参保人数对缴费标准的弹性(绝对值)", "assumed: national membership fell by about 2 % in 2019-2023 while the contribution rose by half (recalled); zero allowed"),
    _p("resident_subsidy_ratio", "ratio", 1.8, 1.8, 1.8, "E22", "insurance", "public subsidy over the own contribution to the resident scheme", "财政补助与个人缴费之比", "assumed: 640 yuan beside 350 in 2023 (recalled)"),
    _p("resident_benefit_ratio", "ratio", 2.5, 1.0, 4.0, "E22", "insurance", "benefit of a member of 60 and over per yuan of contribution", "60岁及以上参保人待遇与缴费标准之比", "assumed: two members of working age per elder, the subsidy, and half of it spent on the old"),
    _p("resident_lag_months", "month", 24.0, 6.0, 48.0, "E22", "insurance", "months over which benefits follow contributions", "待遇跟随缴费调整的月数", "assumed: standards are reset once a year, pensions later"),
)
