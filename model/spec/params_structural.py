"""Numbers that the phases need and for which no study gave a row: assumed, wide, each with its reason."""

from __future__ import annotations

from typing import Final

from model.spec.param_tables.budget import BUDGET
from model.spec.param_tables.choice import CHOICE
from model.spec.param_tables.delivery import DELIVERY
from model.spec.param_tables.housing import HOUSING
from model.spec.param_tables.jobs import JOBS
from model.spec.param_tables.people import PEOPLE
from model.spec.param_tables.services import SERVICES
from model.spec.param_tables.settlement import SETTLEMENT
from model.spec.param_tables.travel import TRAVEL
from model.spec.types import Param

STRUCTURAL: Final[tuple[Param, ...]] = (
    DELIVERY + CHOICE + JOBS + BUDGET + PEOPLE + HOUSING + SERVICES + SETTLEMENT + TRAVEL
)
