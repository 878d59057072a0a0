"""Tables of an experiment: for a spreadsheet, for a screen, and as one JSON object for programs.

Months become years as each indicator declares: a sum is the total of the year's months up to the month named,
a mean their mean, a rate or a stock its value in that month.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis import load, paired
from model.spec.registry import REGISTRY
from runs.experiment import Experiment
from runs.store import replacing

CITY: Final = "city"
MOVES: Final = "moves_by_origin_destination"
CSV: Final = "summary.csv"
XLSX: Final = "summary.xlsx"
DIFFERENCE: Final = ("mean", "se", "p05", "p95", "low", "high", "sign_probability", "n", "seeds_needed")


def yearly(frame: pd.DataFrame) -> pd.DataFrame:
    """The tidy frame at every December and the last month, each indicator reduced as it declares."""
    frame = frame.assign(month=frame["month"].astype(str))
    ends = load.decembers(frame)
    result = [frame[frame["month"].isin(ends) & ~frame["indicator"].isin(_reduced("sum", "mean"))]]
    last_of_year = {month[:4]: month for month in ends}
    for how in ("sum", "mean"):
        part = frame[frame["indicator"].isin(_reduced(how))]
        part = part.assign(month=part["month"].str[:4].map(last_of_year))
        keys = ["scenario", "seed", "month", "place", "indicator"]
        grouped = part.groupby(keys, observed=True, sort=False)["value"]
        result.append((grouped.sum(min_count=1) if how == "sum" else grouped.mean()).reset_index())
    return pd.concat(result, ignore_index=True)


def _reduced(*ways: str) -> list[str]:
    """Keys of indicators whose months are brought to a year in one of these ways."""
    return [key for key, declared in REGISTRY.indicators.items() if declared.reduce in ways]


def spread(frame: pd.DataFrame) -> pd.DataFrame:
    """Over seeds, for each scenario, month, place and indicator: mean, p05, p95 and the number of seeds."""
    tables = []
    for name in paired.scenarios_of(frame):
        values = paired.cells(frame[frame["scenario"] == name])
        numbers = values.to_numpy()
        n = np.isfinite(numbers).sum(axis=1)
        mean, _ = paired.mean_and_spread(numbers, n)
        p05, p95 = paired.quantiles(numbers)
        table = pd.DataFrame({"scenario": name, "mean": mean, "p05": p05, "p95": p95, "seeds": n}, index=values.index)
        tables.append(table.reset_index())
    return pd.concat(tables, ignore_index=True)


class Summary:
    """The yearly tables of one experiment, made once.

    levels: scenario, month, place, indicator, mean, p05, p95, seeds. differences: as of `paired.difference`, against
    the first scenario, on the seeds that all scenarios have.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        frame = yearly(experiment.frame())
        frame["scenario"] = pd.Categorical(frame["scenario"], experiment.scenarios)
        self.levels = spread(frame)
        self.scenarios = list(dict.fromkeys(self.levels["scenario"]))
        self.base = self.scenarios[0]
        self.differences = paired.difference(paired.common(frame), self.base)
        self.last = max(self.levels["month"])

    def write(self) -> list[Path]:
        """Write summary.csv and summary.xlsx into the experiment's folder."""
        table = self.table()
        csv, xlsx = (self.experiment.folder / name for name in (CSV, XLSX))
        with replacing(csv) as temporary:
            # Excel takes Chinese in plain UTF-8 for GBK: the mark at the front tells it.
            table.to_csv(temporary, index=False, encoding="utf-8-sig", float_format="%.10g")
        with replacing(xlsx) as temporary:
            _write_workbook(temporary, self._sheets(table))
        return [csv, xlsx]

    def table(self) -> pd.DataFrame:
        """Levels and differences side by side, with names and units in both languages."""
        keys = ["scenario", "month", "place", "indicator"]
        gaps = self.differences[[*keys, *DIFFERENCE]].rename(columns={m: f"difference_{m}" for m in DIFFERENCE})
        table = self.levels.merge(gaps, on=keys, how="left")
        places, known = self.experiment.places, REGISTRY.indicators
        labels = {key: known[key].text if key in known else None for key in table["indicator"].unique()}
        named: dict[str, Any] = {
            "scenario": table["scenario"],
            "month": table["month"],
            "place": table["place"],
            "adcode": _names(table["place"], places, "adcode"),
            "place_zh": _names(table["place"], places, "zh"),
            "place_en": _names(table["place"], places, "en"),
            "indicator": table["indicator"],
            "indicator_zh": table["indicator"].map({k: text.zh if text else k for k, text in labels.items()}),
            "indicator_en": table["indicator"].map({k: text.en if text else k for k, text in labels.items()}),
            "unit": table["indicator"].map({k: known[k].unit if k in known else "" for k in labels}),
        }
        numbers = [column for column in table.columns if column not in keys]
        return pd.DataFrame({**named, **{column: table[column] for column in numbers}})

    def _sheets(self, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """The city in every year; the counties in the last month, headlines only."""
        city = table["place"] == CITY
        shown = headlines(table["indicator"].unique())
        counties = ~city & (table["month"] == self.last) & table["indicator"].isin(shown)
        return {"城市 city": table[city], "区县 counties": table[counties]}

    def to_json(self) -> dict[str, Any]:
        """The object that `run --json` prints; numbers that are not finite are None."""
        experiment = self.experiment
        levels = _nested(self.levels, ("mean", "p05", "p95"))
        gaps = _nested(self.differences, ("mean", "se", "p05", "p95"))
        moved = _moves(experiment)
        return {
            "run_id": experiment.run_id,
            "scale": experiment.scale,
            "seeds": list(experiment.seeds),
            "scenarios": {name: {**levels[name].get(CITY, {}), MOVES: moved[name]} for name in self.scenarios},
            "counties": {
                name: {place: of for place, of in levels[name].items() if place != CITY} for name in self.scenarios
            },
            "differences": {name: of.get(CITY, {}) for name, of in gaps.items()},
        }

    def of(self, table: pd.DataFrame, scenario: str, indicator: str) -> Mapping[str, float] | None:
        """The city's row of one of the tables in the last month, if there is one."""
        found = table[
            (table["scenario"] == scenario) & (table["month"] == self.last) & (table["place"] == CITY)
            & (table["indicator"] == indicator)
        ]
        return None if found.empty else found.iloc[0].to_dict()


def headlines(keys: Any) -> list[str]:
    """The declared headline indicators among these keys, in declared order; all keys when none is declared one."""
    present = {str(key) for key in keys}
    chosen = [key for key, declared in REGISTRY.indicators.items() if declared.headline and key in present]
    return chosen or sorted(present)


def _names(column: pd.Series, places: Mapping[str, Mapping[str, str]], what: str) -> pd.Series:
    """Names of places; the key where none is known (no code then)."""
    keys = [str(key) for key in column.unique()]
    return column.map({key: places[key][what] if key in places else ("" if what == "adcode" else key) for key in keys})


def _nested(table: pd.DataFrame, measures: tuple[str, ...]) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
    """scenario -> place -> indicator -> month -> measures."""
    nested: dict[str, Any] = {}
    names = [table[key].astype(str).tolist() for key in ("scenario", "place", "indicator", "month")]
    numbers = [[_finite(x) for x in table[measure].to_numpy(float)] for measure in measures]
    for scenario, place, indicator, month, *values in zip(*names, *numbers):
        months = nested.setdefault(scenario, {}).setdefault(place, {}).setdefault(indicator, {})
        months[month] = dict(zip(measures, values))
    return nested


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _moves(experiment: Experiment) -> dict[str, dict[str, dict[str, dict[str, float | None]]]]:
    """scenario -> December -> origin -> destination -> people in that year, mean over seeds."""
    frame = experiment.moves()
    keys = ["scenario", "year", "origin", "destination"]
    means = frame.groupby(keys, observed=True, sort=False)["value"].mean().reset_index()
    nested: dict[str, Any] = {name: {} for name in experiment.scenarios}
    names = [means[key].astype(str).tolist() for key in keys]
    for scenario, year, origin, destination, value in zip(*names, means["value"].tolist()):
        nested[scenario].setdefault(f"{year}-12", {}).setdefault(origin, {})[destination] = _finite(value)
    return nested


def _write_workbook(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    """One table for each sheet, header fixed and filters on; empty cells for what is not a number."""
    import xlsxwriter

    options = {"constant_memory": True, "nan_inf_to_errors": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
            sheet.set_column(0, len(table.columns) - 1, 14)
            sheet.write_row(0, 0, list(table.columns), bold)
            for row, values in enumerate(table.astype(object).itertuples(index=False), start=1):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif math.isfinite(value):
                        sheet.write_number(row, column, value)


def dumps(summary: Summary) -> str:
    """The contract object as one line of JSON."""
    return json.dumps(summary.to_json(), ensure_ascii=False, allow_nan=False)
