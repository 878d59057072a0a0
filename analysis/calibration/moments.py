"""The figures a calibration is held against, read from `data/statistics/moments.csv`, and how a run shows each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.calibration import witness
from analysis.calibration.posterior import Target
from analysis.calibration.witness import Lived
from model.spec.priors import Z90
from model.world.datafiles import DataError, data_root, read_table

ORIGIN: Final = "2022-12"
"""Nothing dated later about the prefecture's population or urbanization may be fitted."""
RECENT: Final = "recent"
SMALL: Final = 1e-4
"""Floor of what a logarithm is taken of: a small run may have nobody who returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One figure. low-high: 90 % band of the figure as it applies here.

    experiment: the run that shows it. period: the month the figure is of. scale: `log` where logarithms are compared.
    sd_model: discrepancy of the model, on that scale.
    """

    key: str
    experiment: str
    place: str
    period: str
    value: float
    low: float
    high: float
    scale: str
    sd_model: float
    unit: str
    text_en: str
    text_zh: str
    source: str
    confidence: str

    @property
    def is_log(self) -> bool:
        """Whether logarithms are compared."""
        return self.scale == "log"

    @property
    def target(self) -> float:
        """The figure on the scale on which it is compared."""
        return float(np.log(self.value)) if self.is_log else self.value

    @property
    def variance(self) -> float:
        """Of the figure and of the model's discrepancy together, on that scale."""
        low, high = (np.log(self.low), np.log(self.high)) if self.is_log else (self.low, self.high)
        return float(((high - low) / (2.0 * Z90)) ** 2 + self.sd_model**2)


def read_moments(path: Path | None = None, origin: str = ORIGIN) -> tuple[Moment, ...]:
    """All figures. DataError for one of the prefecture that is dated after `origin`, or that no run shows."""
    path = data_root() / "statistics" / "moments.csv" if path is None else path
    table = read_table(path, path.parent.parent)
    problems, found = [], []
    for line, row in zip(table.lines, table.records(), strict=True):
        numbers = {k: float(row[k]) for k in ("value", "low", "high", "sd_model")}
        texts = {k: row[k] for k in (
            "experiment", "place", "period", "scale", "unit", "text_en", "text_zh", "source", "confidence")}
        moment = Moment(key=row["moment"], **numbers, **texts)
        if moment.period > origin and moment.place not in ("nation", "province"):
            problems.append(f"{table.file}:{line} {moment.key} is of {moment.period}, after the origin {origin}; "
                            "it may be a test, not a figure to fit")
        if moment.key not in SHOWN:
            problems.append(f"{table.file}:{line} {moment.key} has no measure in analysis/calibration/moments.py")
        found.append(moment)
    if problems:
        raise DataError(problems)
    return tuple(found)


def target_of(moments: Sequence[Moment]) -> Target:
    """Figures and variances as arrays."""
    return Target(np.array([m.target for m in moments]), np.array([m.variance for m in moments]))


def shown(moments: Sequence[Moment], lived: Lived) -> np.ndarray:
    """What the run shows for each figure, on the scale on which it is compared, float64[m]; nan where it has none."""
    values = np.array([SHOWN[m.key](lived) for m in moments])
    logs = np.array([m.is_log for m in moments])
    return np.where(logs, np.log(np.where(logs, np.maximum(values, SMALL), 1.0)), values)


def _moves(lived: Lived) -> float:
    return float(witness.move_rates(lived, ((0, 120),))[0])


def _indicator(key: str, month: str, place: str = "city") -> Callable[[Lived], float]:
    return lambda lived: lived.indicator(key, month, place)


SHOWN: Final[Mapping[str, Callable[[Lived], float]]] = {
    "resident_population_2021": _indicator("resident_population", "2021-12"),
    "resident_population_2022": _indicator("resident_population", "2022-12"),
    "net_migration_rate_2022": _indicator("net_migration_rate", "2022-12"),
    "urban_share_2022": _indicator("resident_urbanization_rate", "2022-12"),
    "residents_tunliu_2022": _indicator("resident_population", "2022-12", "tunliu"),
    "urban_tunliu_2022": _indicator("resident_urbanization_rate", "2022-12", "tunliu"),
    "residents_xiangyuan_2022": _indicator("resident_population", "2022-12", "xiangyuan"),
    "urban_xiangyuan_2022": _indicator("resident_urbanization_rate", "2022-12", "xiangyuan"),
    "rate_moves_year": _moves,
    "share_local_workers": witness.share_local_workers,
    "share_own_county_workers": witness.share_own_county_workers,
    "share_inside_province": witness.share_inside_province,
    "pay_ratio_out_local": witness.pay_ratio,
    "schooling_lead": witness.schooling_lead,
    "rate_return_year": witness.rate_of_return,
}
