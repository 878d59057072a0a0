"""From a prefecture and two years to a folder, a table for the screen and one JSON object."""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.hindcast import members
from analysis.hindcast.against import CITY, Comparison, compare
from analysis.hindcast.labels import MARGINS, say
from runs import api
from runs.paths import store_dir
from runs.store import Store

if TYPE_CHECKING:
    from model.world.thin_places import Place
    from runs.experiment import Experiment

TABLE: Final = "hindcast.csv"


@dataclass(frozen=True, slots=True)
class Hindcast:
    """What came out, and where it lies."""

    comparison: Comparison
    folder: Path
    failed: int


def carry_out(
    place: Place, start: str, end: str, *, later: str | None, scale: float, seeds: int, out: Path | None,
    workers: int | None, langs: Sequence[str],
) -> Hindcast:
    """Live what is not in the store yet, compare, and write the folder. Raises api.AllFailed."""
    plan = members.plan(place, start, end, scale, seeds)
    store = Store(store_dir())
    if plan.missing(store):
        prepare(plan.members[0].model_input)
    found: list[Comparison] = []

    def write(experiment: Experiment) -> None:
        comparison = compare(experiment, place, later)
        comparison.table.to_csv(experiment.folder / TABLE, index=False, encoding="utf-8-sig", lineterminator="\n")
        if langs and comparison.has_census:
            from analysis.figures.hindcast import draw

            draw(comparison, experiment, langs, start, end[:4])
        found.append(comparison)

    experiment = api.carry_out(plan, out=out, workers=workers, simulate=members.SIMULATE, reports=[write])
    return Hindcast(found[0], experiment.folder, len(experiment.failed))


def prepare(model_input: Any) -> None:
    """Fit the place constants before workers need them, so that they are fitted once."""
    from model.spec.registry import REGISTRY
    from model.world.fitted import fitted_constants, is_fitted
    from model.world.tables import load_prefecture

    prefecture = load_prefecture(model_input.prefecture)
    p = REGISTRY.param_values(model_input.params)
    if not is_fitted(prefecture, p):
        print(f"fitting the place constants of {model_input.prefecture}, once", file=sys.stderr)
        fitted_constants(prefecture, p)


def dumps(found: Hindcast, start: str, end: str) -> str:
    """One JSON object: the prefecture, its counties, and errors where the later census is at hand."""
    c = found.comparison
    share, people = c.of("urban_share"), c.of("residents")

    def one(key: str) -> dict[str, Any]:
        return {
            "adcode": c.places[key]["adcode"], "key": key, "name_en": c.places[key]["en"],
            "name_zh": c.places[key]["zh"],
            "resident_urbanization_rate": _numbers(share.loc[key]),
            "resident_population": _numbers(people.loc[key]),
        }

    counties = [one(key) for key in c.places if key != CITY]
    return json.dumps({
        "from": start, "to": end, "scale": c.scale, "seeds": c.seeds, "failed": found.failed,
        "units": {"resident_urbanization_rate": "share", "resident_population": "persons"},
        "city": one(CITY), "counties": counties, "compared": c.has_census, "errors": c.errors(),
        "reads": say("reads", "en", start=start), "band": say("band_note", "en"), "folder": str(found.folder),
    }, ensure_ascii=False, indent=1)


def _numbers(row: Any) -> dict[str, float | None]:
    names = {"start": "start", "mean": "mean", "p05": "p05", "p95": "p95", "observed": "observed"}
    return {name: None if math.isnan(row[column]) else float(row[column]) for name, column in names.items()}


def lines(found: Hindcast, start: str, end: str, lang: str) -> list[str]:
    """The table for a screen: by county urban share and residents, then errors beside those of no change."""
    c = found.comparison
    seen = c.has_census
    rows = [[say("county", lang), say("code", lang), *_head("urban", start, end, lang, seen),
             *_head("residents", start, end, lang, seen)]]
    share, people = c.of("urban_share"), c.of("residents")
    for key, names in c.places.items():
        rows.append([f"{names['en']} {names['zh']}", names["adcode"], *_cells(share.loc[key], _share, seen),
                     *_cells(people.loc[key], _people, seen)])
    place = c.places[CITY]["zh" if lang == "zh" else "en"]
    out = [say("title", lang, place=place, start=start, end=end, seeds=c.seeds, scale=c.scale), "", *_columns(rows), ""]
    if seen:
        errors = c.errors()
        table = [[say("error", lang), say("hindcast", lang), say("no_change", lang)]]
        table += [[getattr(words, lang), f"{errors[m]['hindcast']:.1f}", f"{errors[m]['no_change']:.1f}"]
                  for m, words in MARGINS.items()]
        out += [*_columns(table), ""]
    else:
        out += [say("no_census", lang, end=end), ""]
    return [*out, say("reads", lang, start=start), say("band_note", lang)]


def _head(what: str, start: str, end: str, lang: str, seen: bool) -> list[str]:
    counted = [say("counted", lang, year=end)] if seen else []
    return [say(what, lang, year=start), *counted, say("lived", lang, year=end), say("band", lang)]


def _cells(row: Any, words: Callable[[float], str], seen: bool) -> list[str]:
    counted = [words(row["observed"])] if seen else []
    return [words(row["start"]), *counted, words(row["mean"]), f"{words(row['p05'])}-{words(row['p95'])}"]


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100.0 * value:.1f}"


def _people(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:,.0f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with columns of even width; the first to the left, the others to the right."""
    widths = [max(_width(row[k]) for row in rows) for k in range(len(rows[0]))]
    out = []
    for row in rows:
        cells = [text + " " * (w - _width(text)) if k == 0 else " " * (w - _width(text)) + text
                 for k, (text, w) in enumerate(zip(row, widths, strict=True))]
        out.append("  ".join(cells).rstrip())
    return out
