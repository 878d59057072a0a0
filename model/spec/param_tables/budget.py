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
)
