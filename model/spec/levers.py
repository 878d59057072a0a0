"""Every lever: what a government can set. One table per group of channels in `lever_tables`."""

from __future__ import annotations

from typing import Final

from model.spec.lever_tables.budget import BUDGET
from model.spec.lever_tables.housing import HOUSING
from model.spec.lever_tables.jobs import JOBS
from model.spec.lever_tables.rural import RURAL
from model.spec.lever_tables.services import SERVICES
from model.spec.lever_tables.settlement import SETTLEMENT
from model.spec.types import Lever

LEVERS: Final[tuple[Lever, ...]] = SETTLEMENT + SERVICES + HOUSING + JOBS + RURAL + BUDGET
