"""A hindcast against the later census: levels with bands, errors, and what standing still would have missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.hindcast.cells import MARGINS, SHARES, SIGN, UNITS
from analysis.hindcast.spread import band
from model.world.census import read_census
from model.world.datafiles import DataError, data_root
from model.world.thin_places import about, units_of

if TYPE_CHECKING:
    from analysis.hindcast.members import Place
    from runs.experiment import Experiment

CITY: Final = "city"

@dataclass(frozen=True, slots=True)
class Comparison:
    """A hindcast as a table.

    table: place, adcode, margin, cell, unit, start, mean, p05, p95, observed (NaN where the later census is not at
    hand). places: key -> code and names, the prefecture last. has_census: whether the later census is at hand.
    """

    table: pd.DataFrame
    places: dict[str, dict[str, str]]
    scale: float
    seeds: int
    has_census: bool

    def of(self, margin: str, cell: str | None = None) -> pd.DataFrame:
        """Rows of one margin (and cell), by place in order."""
        rows = self.table[self.table["margin"] == margin]
        rows = rows if cell is None else rows[rows["cell"] == cell]
        return rows.set_index("place")

    def errors(self) -> dict[str, dict[str, float]]:
        """Margin -> mean absolute error over units of the hindcast and of no change, in the words of `meaning`."""
        if not self.has_census:
            return {}
        return {margin: {"hindcast": _error(rows, "mean"), "no_change": _error(rows, "start")}
                for margin, rows in self.table[self.table["place"] != CITY].groupby("margin", sort=False)}


def _error(rows: pd.DataFrame, column: str) -> float:
    """Per cent of the observed for people and households, points for shares; cells of a margin added up."""
    miss = (rows[column] - rows["observed"]).abs()
    total = rows["observed"].abs() if rows["unit"].iloc[0] != "share" else pd.Series(1.0, index=rows.index)
    if rows["cell"].nunique() == 1:
        return float(100.0 * (miss / total).mean())
    by_place = miss.groupby(rows["place"]).sum()
    if rows["unit"].iloc[0] == "share":
        # Each point too much somewhere is a point too little elsewhere.
        return float(100.0 * by_place.mean() / 2.0)
    return float(100.0 * (by_place / total.groupby(rows["place"]).sum()).mean())


def compare(experiment: Experiment, place: Place, later: str | None) -> Comparison:
    """Read the members' censuses and hold them against the census of `later` (None: no comparison)."""
    frame = experiment.frame()
    frame = frame[frame["indicator"].astype(str).str.startswith("census_")]
    months = sorted(frame["month"].astype(str).unique())
    start, end = (frame[frame["month"] == m] for m in (months[0], months[-1]))
    keys = list(experiment.places)
    observed = _observed(place, later, len(keys) - 1) if later else None
    rows: list[dict[str, Any]] = []
    first, last = (_by_seed(f) for f in (start, end))
    for margin, names in MARGINS.items():
        signs = [SIGN.format(margin=margin, cell=c) for c in range(len(names))]
        for k, key in enumerate(keys):
            begin, now = (np.stack([x[s, key] for s in signs]) for x in (first, last))
            if margin in SHARES and len(names) > 1:
                begin, now = begin / begin.sum(axis=0), now / now.sum(axis=0)
            seen = np.full(len(names), np.nan) if observed is None else observed[margin][k]
            for c, name in enumerate(names):
                low, high = band(margin, now[c], key == CITY)
                rows.append({
                    "place": key, "adcode": experiment.places[key]["adcode"], "margin": margin, "cell": name,
                    "unit": UNITS.get(margin, "share"),
                    "start": float(begin[c].mean()), "mean": float(now[c].mean()),
                    "p05": low, "p95": high,
                    "observed": float(seen[c]),
                })
    places = {key: dict(names) for key, names in experiment.places.items()}
    return Comparison(pd.DataFrame(rows), places, experiment.scale, len(experiment.seeds), observed is not None)


def _by_seed(frame: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """(indicator, place) -> values by seed."""
    ordered = frame.sort_values("seed")
    groups = ordered.groupby(["indicator", "place"], observed=True)["value"]
    return {key: values.to_numpy() for key, values in groups}


def _observed(place: Place, year: str, units: int) -> dict[str, np.ndarray] | None:
    """Margin -> float64[U + 1, cells] of the later census, the prefecture last; None where its rows are not at hand."""
    root = data_root()
    parts = [u.codes[year] for u in units_of(place.key, root)] + [(place.area.adcode,)]
    assert len(parts) == units + 1
    try:
        c, _ = read_census(root / about(root)["census"][year]["file"], int(year), parts, root)
    except DataError:
        return None
    scope, people = c["migrants_by_scope"], c["residents"][:, None]
    tenure = np.stack([c["tenure"][:, 0], c["tenure"][:, 1] + c["tenure"][:, 3], c["tenure"][:, 2], c["tenure"][:, 4]],
                      axis=1)
    return {
        "residents": people,
        "urban_share": c["urban"][:, None] / people,
        "age_sex": c["age_sex"].reshape(len(parts), -1),
        "scope": np.concatenate([people - scope.sum(axis=1, keepdims=True), scope], axis=1) / people,
        "tenure": tenure / tenure.sum(axis=1, keepdims=True),
        "industry": c["industry"] / c["industry"].sum(axis=1, keepdims=True),
        "households": c["households"][:, None],
    }
