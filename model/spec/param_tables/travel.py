"""Trips (E21). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

TRAVEL: Final[tuple[Param, ...]] = (
    _p("carless_share", "share", 0.55, 0.4, 0.7, "E21", "commuting", "households without a car or motorcycle fit for a daily trip to town", "无可用于每日进城的汽车或摩托车的家庭比例", "assumed: 37 cars per 100 households in the national survey of 2020 (recalled), and motorcycles"),
    _p("bus_time_ratio", "ratio", 1.3, 1.1, 1.6, "E21", "commuting", "door-to-door minutes by bus over those by car", "公交与小汽车出行时间之比", "assumed: waiting and stops"),
    _p("no_bus_time_ratio", "ratio", 1.8, 1.4, 2.5, "E21", "commuting", "minutes without car or bus (shared rides, bicycles to the next stop) over those by car", "无车无公交时与小汽车出行时间之比", "assumed"),
    _p("transit_service_gain", "log point", 0.1, 0.0, 0.25, "E21", "commuting", "rise of the usable quality of hospitals and culture for people without a car whose village gets a bus", "通公交后无车家庭可用医疗文化服务质量的提升", "assumed: zero allowed"),
    _p("ev_share_start", "share", 0.012, 0.005, 0.025, "E21", "commuting", "electric among the cars of households at the start", "期初家庭汽车中电动车比例", "assumed: national stock of 2020 (recalled)"),
    _p("ev_growth_year", "1/year", 0.4, 0.25, 0.55, "E21", "commuting", "logistic growth of the share of electric cars at the present density of chargers", "现行充电密度下电动车占比的逻辑斯蒂年增速", "assumed: gives about one car in six by 2027, as registrations suggest (recalled)"),
    _p("ev_charging_elast", "elasticity", 0.3, 0.0, 0.7, "E21", "commuting", "elasticity of that growth to chargers per electric car", "上述增速对车桩比的弹性", "assumed: zero allowed"),
    _p("ev_cost_ratio", "ratio", 0.45, 0.3, 0.65, "E21", "commuting", "money cost of a minute of driving, electric over petrol", "电动车与燃油车每分钟出行费用之比", "assumed: energy costs a quarter to a third, wear the same"),
    _p("commute_money_share", "share", 0.4, 0.2, 0.6, "E21", "commuting", "money in the generalised cost of a trip, the rest is time", "出行综合成本中货币支出的比例", "assumed"),
    _p("intercity_time_gain", "share", 0.15, 0.05, 0.3, "E21", "commuting", "time to places outside saved by the named expressways and rail links in full", "列名高速公路与铁路全部建成后对外出行时间的节省比例", "assumed"),
    _p("link_trade_elast", "elasticity", 0.3, 0.0, 0.8, "E21", "commuting", "elasticity of outside sales of local firms to the inverse of that time", "本地企业外销对对外出行时间(倒数)的弹性", "assumed: zero allowed"),
)
