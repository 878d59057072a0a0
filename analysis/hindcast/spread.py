"""How far a hindcast may be off: the spread of its seeds and the error of the rules themselves.

The second part is what the same rules missed in the *other* prefectures whose later census is at hand
(`thin/errors.csv`): no band is made from the census that it is held against.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np

from model.world.datafiles import read_table

FILE: Final = "thin/errors.csv"
COUNTY, WHOLE = "county", "whole"
Z90: Final = 1.6449
LOW, HIGH = 0.05, 0.95
LEAST: Final = 1e-4

type Errors = dict[tuple[str, str], float]


def errors_elsewhere(place: str, root: Path) -> Errors:
    """(margin, level) -> root mean square error over all prefectures but one: logit of a share, log of people."""
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for row in read_table(FILE, root).records():
        if row["prefecture"] != place:
            key, n = (row["margin"], row["level"]), float(row["n"])
            squares, weight = sums.get(key, (0.0, 0.0))
            sums[key] = squares + n * float(row["value"]) ** 2, weight + n
    return {key: math.sqrt(squares / weight) for key, (squares, weight) in sums.items()}


def band(margin: str, values: np.ndarray, level: str, errors: Errors) -> tuple[float, float]:
    """Ends of a 90 % band for the values of all seeds; without an error of the rules where none is known."""
    if (margin, level) not in errors:
        return float(np.quantile(values, LOW)), float(np.quantile(values, HIGH))
    share = margin == "urban_share"
    inside = np.clip(values, LEAST, 1.0 - LEAST) if share else np.maximum(values, 1.0)
    x = np.log(inside / (1.0 - inside)) if share else np.log(inside)
    spread = Z90 * np.hypot(x.std(ddof=1) if x.size > 1 else 0.0, errors[margin, level])
    ends = np.array([x.mean() - spread, x.mean() + spread])
    low, high = 1.0 / (1.0 + np.exp(-ends)) if share else np.exp(ends)
    return min(float(low), float(values.mean())), max(float(high), float(values.mean()))
