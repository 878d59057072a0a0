"""Homes and land (E5, E8, E9, E15, E16). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

HOUSING: Final[tuple[Param, ...]] = (
    _p("home_size_m2", "m2", 100.0, 85.0, 120.0, "E5", "housing", "floor area of a new town home", "新建城镇住房面积", "assumed: common size of new flats in county towns"),
    _p("down_payment_share", "share", 0.3, 0.2, 0.4, "E9", "housing", "down payment as a share of the price", "首付比例", "assumed: national rule for first homes until 2023"),
    _p("kin_help_share", "share", 0.5, 0.3, 0.7, "E9", "housing", "part of a down payment that a family may borrow from kin", "首付中可由亲友借款承担的比例", "assumed: wedding homes are a common purse of both families; it becomes debt"),
    _p("price_momentum", "ratio", 0.3, 0.0, 0.6, "E15", "housing", "share of expected price growth that enters this month's growth", "预期房价增速进入当月增速的比重", "assumed: serial correlation of city indices"),
    _p("price_outside_share", "ratio", 0.3, 0.0, 0.6, "E15", "housing", "share of the outside price trend that enters local growth", "外部房价趋势进入本地增速的比重", "assumed"),
    _p("price_stick_down", "ratio", 0.3, 0.1, 0.8, "E15", "housing", "speed of falls against rises of the home price", "房价下跌相对上涨的调整速度", "assumed: sellers wait; model.md asks for slower falls"),
    _p("rent_level_per_point", "log point/point", 0.02, 0.005, 0.04, "E15", "housing", "rise of the rent level where one point less of the let homes stands empty", "空置率每下降1个百分点对应的租金水平上升", "assumed: a level, not a rate, so that rents cannot run away from incomes"),
    _p("rent_adjust_month", "1/month", 0.1, 0.05, 0.25, "E15", "housing", "share of the way to the rent level gone in a month", "租金每月向均衡水平调整的比例", "assumed: rents react faster than prices"),
    _p("rent_outside_share", "ratio", 0.5, 0.2, 0.8, "E15", "housing", "share of the outside rent trend that enters local rents", "外部租金趋势进入本地租金的比重", "assumed"),
    _p("expect_adapt_month", "1/month", 0.08, 0.03, 0.2, "E15", "housing", "weight of last month's growth in the expectation of price growth", "房价预期对上月实际增速的适应权重", "assumed: a memory of about a year"),
    _p("share_buy_core", "share", 0.2, 0.05, 0.4, "E9", "housing", "wedding homes bought in the prefecture's core rather than in the own county town", "婚房购于市中心城区而非本县城的比例", "assumed"),
    _p("renter_buys_year", "1/year", 0.08, 0.03, 0.15, "E9", "housing", "chance that a family renting in a town, able to pay the down payment, buys there within a year", "在城镇租房且付得起首付的家庭一年内购房的概率", "assumed: purchases for schooling and settling, beside weddings"),
    _p("upgrade_sales_share", "share", 0.4, 0.25, 0.6, "E16", "housing", "new homes bought by urban families who give up an older one, of the sales at the start", "期初销售中城镇家庭改善性购房的比例", "assumed: complement of share_buyers_rural"),
    _p("upgrade_scrap_share", "share", 0.5, 0.2, 0.8, "E16", "housing", "older homes given up in that way which leave the stock", "被置换旧房退出存量的比例", "assumed"),
    _p("land_starts_per_ha", "dwelling/ha", 60.0, 30.0, 100.0, "E16", "housing", "homes that a hectare of added construction land lets developers start", "每公顷新增建设用地可开工住房套数", "assumed: a third of new land is for homes, plot ratio 2"),
    _p("land_practice_margin", "ratio", 1.3, 1.1, 1.6, "E16", "housing", "most starts that land under current practice allows, against starts at the start", "现行土地供应允许的最大开工量与期初之比", "assumed"),
    _p("renewal_amenity_gain", "ratio", 0.1, 0.0, 0.25, "E16", "housing", "gain of amenity if every dwelling of a town were renewed", "全部住房改造后宜居度的提高", "assumed: zero allowed"),
    _p("land_cost_share", "share", 0.2, 0.1, 0.35, "E16", "housing", "share of land in the cost of building", "土地占建造成本的比重", "assumed: how far more land makes building cheaper"),
    _p("quota_trade_land", "ratio", 0.5, 0.0, 1.0, "E16", "housing", "land for homes gained, against practice, if all saved quota were traded", "节余指标全部交易时住宅用地相对现行的增加比例", "assumed: zero allowed"),
    _p("homestead_exit_ha", "ha/household", 0.04, 0.025, 0.06, "E8", "land", "construction land freed by one homestead given up", "每户退出宅基地腾出的建设用地", "assumed: legal plot size of 0.2 to 0.33 mu and its surroundings"),
    _p("homestead_exit_yuan", "yuan/household", 40000.0, 20000.0, 80000.0, "E8", "land", "price paid for a homestead", "宅基地有偿退出补偿", "assumed: below pilots in the east, which pay more"),
)
