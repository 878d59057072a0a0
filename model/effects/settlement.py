"""Effects of the levers on settlement, entitlement and information."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.effects.common import Effect, Form, Quantities, Term, change, effect
from model.spec.params import Params


@effect(Form.GAP)
def insurance(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """Closes the same share of the gap to 1 as the lever does, from the drawn start insurance_base."""
    return 1.0 - p.insurance_base, 1.0 - practice, p.insurance_base, practice


EFFECTS: Final[tuple[tuple[str, str, Effect], ...]] = (
    ("hukou_entry_limit", "entry_limit", change),
    ("hukou_rent_route", "rent_parity", change),
    ("hukou_habitual_residence", "habitual_share", change),
    ("hukou_household_form_share", "family_form_share", change),
    ("admin_transaction_cost", "admin_delay", change),
    ("information_reach", "awareness_speed", change),
    ("service_entitlement_parity", "entitlement", change),
    ("social_insurance_compliance", "insurance_compliance", insurance),
    ("social_insurance_contribution", "resident_contribution_yuan_year", change),
)
