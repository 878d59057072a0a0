"""Effects of the levers on jobs, matching and consumption."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import CostBase, Effect, Form, Quantities, Term, arriving, change, effect, yuan
from model.spec.params import Params


@effect(Form.LEVEL)
def planned_jobs(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Posts planned this month in answer to the support per post."""
    return p.job_support_response / 10_000.0 * q["urban_population"] / 1000.0, 12.0


@effect(Form.LEVEL)
def returnee_firms(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Firms added this month in answer to the grant."""
    return p.returnee_response / 10_000.0 * q["resident_population"] / 10_000.0, 12.0


@effect(Form.LEVEL)
def entry_cost(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """The part of the cost of starting a firm that offices can cut, as far as the reform goes."""
    return p.business_cost_cut


@effect(Form.MONTH)
def floor_space(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Square metres finished this month, from a lever in 1,000 m2 a year."""
    return 1000.0


def vocational_students(p: Params, q: Quantities) -> np.ndarray:
    return q["resident_population"] / 1000.0 * p.vocational_students_per_1000


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("labour_intensive_job_support", "planned_jobs_flow", planned_jobs),
    ("tourism_investment", "tourism_flow_yuan", yuan),
    ("returnee_grant", "returnee_firms_flow", returnee_firms),
    ("business_environment", "entry_cost_cut", entry_cost),
    ("industrial_land_terms", "industrial_lease_share", change),
    ("platform_floorspace", "floorspace_flow_m2", floor_space),
    ("specialised_towns", "cluster_towns", change),
    ("industry_city_zones", "linked_zones", change),
    ("carbon_policy", "carbon_limit", change),
    ("job_matching", "match_coverage", change),
    ("training_places", "training_flow", arriving),
    ("vocational_funding", "vocational_funding_yuan", change),
    ("labour_brand_outmigration", "outside_placement_share", change),
    ("retail_investment", "retail_flow_yuan", yuan),
)
COST_BASE: Final[dict[str, CostBase]] = {"vocational_funding": vocational_students}
PAID_PER_RESULT: Final[dict[str, str]] = {
    "labour_intensive_job_support": "planned_jobs_flow",
    "returnee_grant": "returnee_firms_flow",
}
PAID_TO_FIRMS: Final = frozenset({"labour_intensive_job_support", "returnee_grant"})
