"""How far a hindcast may be off: the spread of its seeds and the error of the rules themselves.

The second part is taken from the first prefecture alone, where the same rules, lived from 2010, missed the counties of
2020 by 0.15 in the logit of the urban share and by 0.065 in the log of residents (root mean square); one parameter was
chosen there, so that half as much again is allowed elsewhere. Errors of counties go together in part: for a whole
prefecture two thirds of the error of one county is assumed for the share, and one half for residents.
"""

from __future__ import annotations

from typing import Final

import numpy as np

COUNTY: Final = {"urban_share": 0.22, "residents": 0.10}
WHOLE: Final = {"urban_share": 0.15, "residents": 0.05}
"""Standard deviation of the error of the rules: logit of the share, log of residents."""
Z90: Final = 1.6449
LOW, HIGH = 0.05, 0.95
LEAST: Final = 1e-4


def band(margin: str, values: np.ndarray, whole: bool) -> tuple[float, float]:
    """Ends of a 90 % band for the values of all seeds; without an error of the rules where none is known."""
    if margin not in COUNTY:
        return float(np.quantile(values, LOW)), float(np.quantile(values, HIGH))
    share = margin == "urban_share"
    inside = np.clip(values, LEAST, 1.0 - LEAST) if share else np.maximum(values, 1.0)
    x = np.log(inside / (1.0 - inside)) if share else np.log(inside)
    error = (WHOLE if whole else COUNTY)[margin]
    spread = Z90 * np.hypot(x.std(ddof=1) if x.size > 1 else 0.0, error)
    ends = np.array([x.mean() - spread, x.mean() + spread])
    low, high = 1.0 / (1.0 + np.exp(-ends)) if share else np.exp(ends)
    return min(float(low), float(values.mean())), max(float(high), float(values.mean()))
