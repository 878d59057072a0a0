"""Every lever: what a government can set. One table per group of channels in `lever_tables`."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Final

from model.spec.lever_tables.budget import BUDGET
from model.spec.lever_tables.housing import HOUSING
from model.spec.lever_tables.jobs import JOBS
from model.spec.lever_tables.rural import RURAL
from model.spec.lever_tables.services import SERVICES
from model.spec.lever_tables.settlement import SETTLEMENT
from model.spec.lever_tables.travel import TRAVEL
from model.spec.types import Lever
from model.world.datafiles import data_root


def _with_clauses(levers: tuple[Lever, ...]) -> tuple[Lever, ...]:
    """Each lever with the measures of the plan that name it, by their ids in `plan/measures.csv`."""
    with (data_root() / "plan" / "measures.csv").open(encoding="utf-8", newline="") as handle:
        named = [(row["lever"], row["id"]) for row in csv.DictReader(handle)]
    return tuple(replace(x, clauses=tuple(i for key, i in named if key == x.key)) for x in levers)


LEVERS: Final[tuple[Lever, ...]] = _with_clauses(SETTLEMENT + SERVICES + HOUSING + TRAVEL + JOBS + RURAL + BUDGET)
