"""One call declares one lever."""

from __future__ import annotations

from model.spec.types import Carried, Confidence, Lever, Payer, Sign, Text

UP, DOWN, EITHER, NONE = Sign.UP, Sign.DOWN, Sign.EITHER, Sign.NONE
COUNTY, PREFECTURE, PROVINCE, CENTRE, FIRM, NOBODY = (
    Payer.COUNTY, Payer.PREFECTURE, Payer.PROVINCE, Payer.CENTRE, Payer.FIRM, Payer.NOBODY
)
ISSUED = "2024-07"
"""First whole month after the plan was issued (21 June 2024): no setting of the plan starts before it."""


def lever(
    key: str, channel: str, unit: str, practice: float, bounds: tuple[float, float], *,
    writes: str, payer: Payer, cost: float, lead: int, upkeep: float,
    plan: dict[str, object] | list[dict[str, object]], basis: str,
    en: str, zh: str, meaning_en: str, meaning_zh: str, signs: tuple[Sign, Sign], why: str,
    source: str, confidence: Confidence = Confidence.ASSUMED, apportion: str | None = None, flow: bool = False,
    carried: Carried = Carried.SIMULATED, reason: str = "", awareness: bool = False, alone: bool = True,
) -> Lever:
    """A Lever; `writes` holds words separated by spaces; levers.py adds the clauses of the plan.

    `cost` is yuan per unit delivered (for a flow: per thing built; for a level: per unit of rise and county, or per
    head where model/effects names a base). `upkeep` is the yearly share of the cost of what was added; 1 or
    more means a running cost without capital, so `cost` is per year.
    `signs` are the effects expected on the resident urban share and on integration, with `why`, written
    before any calibration.
    """
    return Lever(
        key=key, channel=channel, unit=unit, practice=practice, bounds=bounds, writes=tuple(writes.split()),
        payer=payer, unit_cost_yuan=cost, lead_months=lead, upkeep_share_year=upkeep, plan=plan, plan_basis=basis,
        clauses=(), text=Text(en=en, zh=zh, meaning_en=meaning_en, meaning_zh=meaning_zh),
        sign_urbanization=signs[0], sign_integration=signs[1], sign_reason=why, source=source,
        confidence=confidence, apportion=apportion, flow=flow,
        carried=carried, carried_reason=reason, needs_awareness=awareness, acts_alone=alone,
    )
