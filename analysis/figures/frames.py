"""What every figure asks of the tidy frame: series, bands, names of places and published values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from analysis.labels import LANGUAGES
from analysis.paired import quantiles, scenarios_of
from analysis.summary import CITY
from model.spec.types import Text
from model.world.tables import Prefecture, load_prefecture, read_table

POPULATION: Final = "statistics/population.csv"
PUBLISHED: Final = "published"


class NothingToDraw(ValueError):
    """The frame lacks what a figure needs; the message says what."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the numbers of an experiment: its name, titles of scenarios by name, and the prefecture."""

    run_id: str
    titles: Mapping[str, Text] = field(default_factory=dict)
    prefecture: str | None = None

    def title(self, scenario: str, lang: str) -> str:
        """The scenario's title, or its name where none is known."""
        text = self.titles.get(scenario)
        return getattr(text, language(lang)) if text else scenario

    @property
    def area(self) -> Prefecture:
        """The prefecture with its units, in the order of its folder."""
        return _prefecture(self.prefecture)


@cache
def _prefecture(key: str | None) -> Prefecture:
    return load_prefecture(key)


def language(lang: str) -> str:
    """`lang` itself. Raises ValueError for one that is not spoken here."""
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
    return lang


def unit_names(area: Prefecture, lang: str) -> dict[str, str]:
    """Short names of units by key: without County or District in English."""
    names = area.unit_names_zh if lang == "zh" else area.unit_names_en
    return {key: name if lang == "zh" else name.rsplit(" ", 1)[0] for key, name in zip(area.units, names)}


def series(frame: pd.DataFrame, indicator: str, place: str = CITY) -> pd.DataFrame:
    """Values by month (rows, in order) and (scenario, seed) (columns). Raises NothingToDraw when there are none."""
    rows = frame[(frame["indicator"] == indicator) & (frame["place"] == place)]
    if rows.empty:
        raise NothingToDraw(f"the results hold no {indicator} for {place}")
    wide = rows.assign(month=rows["month"].astype(str), scenario=rows["scenario"].astype(str)).pivot(
        index="month", columns=["scenario", "seed"], values="value"
    )
    return wide.sort_index().reindex(columns=scenarios_of(frame), level="scenario")


def bands(wide: pd.DataFrame) -> pd.DataFrame:
    """Median and 5-95 % over seeds of `series`: scenario, month, median, p05, p95, runs."""
    tables = []
    for scenario in dict.fromkeys(wide.columns.get_level_values("scenario")):
        values = wide[scenario].to_numpy()
        p05, p50, p95 = quantiles(values, (0.05, 0.5, 0.95))
        tables.append(pd.DataFrame({
            "scenario": scenario, "month": wide.index, "median": p50, "p05": p05, "p95": p95,
            "runs": np.isfinite(values).sum(axis=1),
        }))
    return pd.concat(tables, ignore_index=True)


def unsure(row: pd.Series) -> bool:
    """Whether a difference has an interval of its mean and that holds zero."""
    return bool(np.isfinite(row["low"]) and row["low"] <= 0.0 <= row["high"])


def runs_of(frame: pd.DataFrame) -> int:
    """Futures of the scenario that has fewest."""
    return int(frame[["scenario", "seed"]].drop_duplicates()["scenario"].astype(str).value_counts().min())


def months_of(frame: pd.DataFrame) -> list[str]:
    """Months in order."""
    return sorted(str(month) for month in frame["month"].unique())


def year_of(months: Sequence[str]) -> np.ndarray:
    """Months as positions on an axis of years: the end of December 2020 is 2021.0."""
    return np.array([int(m[:4]) + int(m[5:]) / 12 for m in months])


def published_rates(adcode: str, indicators: Sequence[str], first: str, last: str) -> list[tuple[str, float]]:
    """(month, share) of published rates at year end, within the months drawn; estimates never count."""
    found = []
    for figure in read_table(POPULATION).figures():
        if figure.key("adcode") != adcode or figure.key("indicator") not in indicators:
            continue
        month = f"{figure.key('year')}-12"
        if figure.confidence == PUBLISHED and first <= month <= last:
            found.append((month, figure.value / 100.0))
    return sorted(found)
