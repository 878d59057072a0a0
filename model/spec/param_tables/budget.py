"""Public money (E18). Assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.common import assumed as _p
from model.spec.types import Param

BUDGET: Final[tuple[Param, ...]] = (
    _p("tradable_markup", "ratio", 3.0, 2.0, 4.5, "E18", "budget", "outside sales of mining, works and utilities over their wage bill", "采矿制造等行业外销与工资总额之比", "assumed: secondary value added over wages at the start"),
    _p("public_wage_max_share", "share", 0.5, 0.35, 0.65, "E18", "budget", "largest part of county spending that public pay takes; the rest of the wage bill is paid by the prefecture", "县级支出中公共部门工资最高占比", "assumed"),
    _p("capital_spending_share", "share", 0.2, 0.1, 0.3, "E18", "budget", "part of county spending that is public works at the start", "期初县级支出中基本建设比例", "assumed"),
    _p("capital_reprioritised_share", "share", 0.3, 0.1, 0.5, "E18", "budget", "part of the practice works budget that may be turned to new measures", "现行基建预算可调整用于新措施的比例", "assumed"),
    _p("bond_growth_year", "1/year", 0.06, 0.02, 0.12, "E18", "budget", "net new special bonds a year at practice, over debt", "现行专项债年净增与债务余额之比", "assumed: keeps debt over resources about where it stood"),
    _p("land_price_yuan_ha", "yuan/ha", 2.0e6, 1.0e6, 4.0e6, "E18", "budget", "county revenue per hectare of construction land beyond practice", "超出现行供地每公顷县级收入", "assumed, net of compensation and works"),
    _p("quota_saved_ha_village", "ha/village", 0.05, 0.01, 0.15, "E18", "budget", "rural construction land saved a year per village cluster", "每村群每年节余农村建设用地", "assumed"),
    _p("quota_price_yuan_ha", "yuan/ha", 1.5e6, 0.5e6, 4.0e6, "E18", "budget", "price of traded land quota within the province", "省内增减挂钩指标价格", "assumed: 0.1-0.3 million yuan a mu"),
    _p("fee_revenue_share", "share", 0.15, 0.05, 0.3, "E18", "budget", "part of general revenue that is fees, which follow residents served", "一般预算收入中随服务人口变动的收费比例", "assumed: non-tax revenue less one-off sales"),
    _p("verified_share", "share", 0.9, 0.7, 1.0, "E18", "budget", "registrations that pass the check for the citizenisation reward", "市民化奖励核定通过的落户比例", "assumed: counts may be inflated"),
    _p("reward_home_yuan", "yuan/dwelling", 180000.0, 120000.0, 250000.0, "E18", "budget", "cost of a guaranteed rental home built with reward money", "奖励资金建设保障性住房每套成本", "assumed: as for affordable rentals"),
    _p("bond_years", "year", 15.0, 10.0, 20.0, "E18", "budget", "mean maturity of county debt", "县级债务平均期限", "assumed"),
    _p("bond_rolled_share", "share", 0.85, 0.7, 0.98, "E18", "budget", "part of principal due that is refinanced", "到期本金中借新还旧比例", "assumed: near the share refinanced in recent years"),
    _p("bond_principal_cover", "share", 0.5, 0.2, 1.0, "E18", "budget", "part of principal that a project must earn beside interest to get a special bond", "专项债项目收益须覆盖的本金比例", "assumed: all interest and part of principal"),
    _p("project_yield_year", "1/year", 0.07, 0.04, 0.1, "E18", "budget", "mean yearly cash flow of projects over their cost", "项目年均现金流与投资之比", "assumed; yields spread evenly from zero to twice the mean"),
    _p("risk_grant_weight", "share", 0.3, 0.0, 0.8, "E18", "budget", "part of added transfers that goes by room below the debt ceiling", "新增转移支付中按债务空间分配的比例", "assumed: grants follow debt risk; zero allowed"),
    _p("private_return_year", "1/year", 0.07, 0.05, 0.1, "E18", "budget", "return to private capital a year, out of user charges", "社会资本年回报率", "assumed: bond coupon plus a premium"),
    _p("recycling_asset_share", "share", 0.1, 0.03, 0.2, "E18", "budget", "part of public works that earns cash and could be sold into a trust", "公共资产中具有现金流、可盘活的比例", "assumed: toll roads, water, heat"),
    _p("recycling_least_yuan", "yuan", 5.0e8, 2.0e8, 1.0e9, "E18", "budget", "smallest pool of earning assets that a county can sell", "可盘活资产的最小规模", "assumed: listing rules ask for about a billion, pooled sales for less"),
    _p("recycling_yield_year", "1/year", 0.05, 0.035, 0.07, "E18", "budget", "yearly income forgone on assets sold", "盘活资产后每年放弃的收益率", "assumed: yields of listed trusts"),
    _p("platform_leverage", "ratio", 1.5, 0.5, 2.5, "E18", "budget", "debt that platforms raise on equity put in", "平台公司新增负债与注资之比", "assumed"),
    _p("platform_base_share", "share", 0.3, 0.0, 0.6, "E18", "budget", "part of platform equity counted among a county's resources for its ceiling", "计入县级综合财力的平台股权比例", "assumed; zero allowed"),
    _p("platform_cover", "share", 0.6, 0.3, 0.9, "E18", "budget", "part of platform interest that projects earn", "项目收益覆盖平台利息的比例", "assumed"),
    _p("platform_fallback_year", "1/year", 0.03, 0.0, 0.08, "E18", "budget", "part of platform debt that falls on the county each year", "平台债务每年转为县级负担的比例", "assumed: contingent debt; zero allowed"),
    _p("prefecture_programme_share", "share", 0.04, 0.02, 0.08, "E18", "budget", "works of the prefecture's own budget over all county spending at the start", "市本级建设支出与期初县级支出之比", "assumed"),
    _p("reward_winner_share", "share", 0.33, 0.15, 0.5, "E18", "budget", "counties rewarded for results each year", "每年获得成效奖补的县占比", "assumed: a third"),
    _p("village_operation_yuan_year", "yuan/village/year", 100000.0, 60000.0, 200000.0, "E18", "budget", "running cost of a village organisation", "村级组织年运转经费", "assumed: near the floor that the province asks for"),
    _p("type_shift_share", "share", 0.15, 0.05, 0.3, "E18", "budget", "part of works that full weight of the functional type turns to its line", "完全按类型安排时转向特色领域的工程比例", "assumed: most works are bound"),
    _p("deficit_shift_share", "share", 0.2, 0.05, 0.4, "E18", "budget", "part of works that full weight of measured need turns to missing places", "完全按短板安排时转向补缺的工程比例", "assumed: most works are bound"),
    _p("feedback_shift_share", "share", 0.1, 0.0, 0.25, "E18", "budget", "part of works that full yearly feedback turns to lines that lag", "完全按反馈调整时转向滞后领域的工程比例", "assumed; zero allowed"),
    _p("feedback_gain", "logit", 0.3, 0.0, 0.8, "E18", "budget", "change of the log odds of delivery between lines under full yearly feedback", "完全反馈调整时各领域落地优势对数的变化", "assumed; zero allowed"),
    _p("planning_months", "month", 9.0, 3.0, 18.0, "E18", "budget", "months of checks and plans before targeted works begin", "短板项目前期规划月数", "assumed"),
    _p("township_shift_share", "share", 0.1, 0.0, 0.3, "E18", "budget", "part of county-town works and places that townships take under full powers", "完全放权时由县城转至乡镇的工程与服务比例", "assumed: none found in pilots, zero allowed"),
    _p("township_lead_cut", "share", 0.1, 0.0, 0.3, "E18", "budget", "cut of the time works take under full township powers", "完全放权时工期缩短比例", "assumed; zero allowed"),
    _p("effort_slip", "ratio", 0.2, 0.0, 0.6, "E18", "budget", "loss of log odds of delivery in rules and people per gain in works that show", "显性工程每增加一单位落地优势对数,规则与人的工作相应下降", "assumed: effort follows what is scored; zero allowed"),
    _p("pilot_learning", "logit/year", 0.2, 0.0, 0.6, "E18", "budget", "gain in log odds of delivery per year by which others follow the pilot", "后行县每晚一年从试点获得的落地优势对数", "assumed; zero allowed"),
    _p("works_farm_return", "1/year", 0.06, 0.0, 0.15, "E18", "budget", "farm family income a year over works for farming", "农业工程年增收与投资之比", "assumed: most of the gain stays with processors; zero allowed"),
    _p("works_park_yuan_post", "yuan/post", 400000.0, 200000.0, 800000.0, "E18", "budget", "park works per post planned", "园区工程每个计划岗位投入", "assumed"),
    _p("works_village_yuan", "yuan/village", 6.0e5, 3.0e5, 1.2e6, "E18", "budget", "works per village upgraded", "每个村提档升级工程投入", "assumed: as for village upgrades"),
)
