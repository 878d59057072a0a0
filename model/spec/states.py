"""Channel states: the only things a lever may change, and the only way a phase hears of a policy.

A *flow* state holds what is added to current practice and is exactly 0 at practice; practice itself is in
the start state and its trends. A *level* state holds the absolute level and is exactly its practice value
at practice; where `practice_param` is named, that parameter is the practice. All are float64[n_units] in real
units (not scaled to the run).
"""

from __future__ import annotations

from typing import Final

from model.spec.state_tables.budget import BUDGET
from model.spec.state_tables.common import ChannelState
from model.spec.state_tables.housing import HOUSING
from model.spec.state_tables.jobs import JOBS
from model.spec.state_tables.rural import RURAL
from model.spec.state_tables.services import SERVICES
from model.spec.state_tables.settlement import SETTLEMENT
from model.spec.state_tables.travel import TRAVEL
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

STATES: Final[tuple[ChannelState, ...]] = (
    SETTLEMENT + SERVICES + HOUSING + TRAVEL + JOBS + RURAL + BUDGET
)
"""Every state, one table per group of channels."""
