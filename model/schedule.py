"""The month on one screen: eleven phases in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from model.inputs import Month
from model.phases.beliefs import beliefs
from model.phases.budgets import budgets
from model.phases.demography import demography
from model.phases.firms import firms
from model.phases.housing import housing
from model.phases.matching import matching
from model.phases.relabelling import relabelling
from model.phases.relocation import relocation
from model.phases.services import services
from model.phases.settlement import settlement
from model.phases.triggers import triggers
from model.state.world import World


class Phase(NamedTuple):
    """One step of the month."""

    name: str
    run: Callable[[World, Month], None]


MONTH: Final = (
    Phase("demography", demography),
    Phase("budgets", budgets),
    Phase("firms", firms),
    Phase("matching", matching),
    Phase("beliefs", beliefs),
    Phase("triggers", triggers),
    Phase("relocation", relocation),
    Phase("housing", housing),
    Phase("settlement", settlement),
    Phase("services", services),
    Phase("relabelling", relabelling),
)
