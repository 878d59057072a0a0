"""Effects of the levers on jobs, matching and consumption."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Delivered, Effect, Quantities, arriving, change, yuan
from model.spec.params import Params


def planned_jobs(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Posts planned this month in answer to the support per post."""
    return p.job_support_response * d.level / 10_000.0 * q["urban_population"] / 1000.0 / 12.0


def returnee_firms(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Firms added this month in answer to the grant."""
    return p.returnee_response * d.level / 10_000.0 * q["resident_population"] / 10_000.0 / 12.0


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("labour_intensive_job_support", "planned_jobs_flow", planned_jobs),
    ("tourism_investment", "tourism_flow_yuan", yuan),
    ("returnee_grant", "returnee_firms_flow", returnee_firms),
    ("job_matching", "match_coverage", change),
    ("training_places", "training_flow", arriving),
    ("retail_investment", "retail_flow_yuan", yuan),
)
PAID_PER_RESULT: Final[dict[str, str]] = {
    "labour_intensive_job_support": "planned_jobs_flow",
    "returnee_grant": "returnee_firms_flow",
}
PAID_TO_FIRMS: Final = frozenset({"labour_intensive_job_support", "returnee_grant"})
