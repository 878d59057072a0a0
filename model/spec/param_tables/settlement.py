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
)
