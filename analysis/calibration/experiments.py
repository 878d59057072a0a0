"""The runs a calibration is made of: which months, which start, and which parameters are free."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

from analysis.calibration.moments import RECENT, read_moments, shown
from analysis.calibration.witness import live

if TYPE_CHECKING:
    from model.inputs import ModelInput

SCENARIO: Final = "current_practice"
LAST_MONTH: Final = "2022-12"

FREE: Final = (
    "lambda_ref_month", "taste_persistence", "move_cost", "beta_w", "ratio_dist_income", "beta_border_pref",
    "beta_border_prov", "tau_nest", "beta_network", "beta_split", "h_return_perm", "mult_school_kids",
    "arrival_rate_month", "reclass_share", "move_with_job", "place_shift_own_town", "place_shift_core",
    "place_shift_other_unit", "place_shift_province", "place_shift_beyond",
)
"""What moves the figures that are fitted; every other parameter stays at its prior and is drawn from it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recent:
    """From the census of 2020 to the end of 2022 under current practice. Picklable: a worker calls it."""

    scale: float
    kernels: ClassVar[bool] = True

    def __call__(self, values: dict[str, float], seed: int) -> Sequence[float]:
        """Every figure of `moments.csv` that this run shows, in order."""
        moments = [m for m in read_moments() if m.experiment == RECENT]
        made = dataclasses.replace(_compiled(self.scale), seed=seed)
        return list(shown(moments, live(dataclasses.replace(made, params={**made.params, **values}))))


@lru_cache(maxsize=2)
def _compiled(scale: float) -> ModelInput:
    from model.world.tables import load_prefecture
    from scenarios import load
    from scenarios.compile import compile_scenario

    scenario = load(SCENARIO, (f"end={LAST_MONTH}",))
    return compile_scenario(scenario, load_prefecture(scenario.prefecture), scale, 0)
