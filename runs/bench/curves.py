"""How the months' cost grows: with people, months, places, levers and threads, each alone, and the fitted exponents."""

from __future__ import annotations

import csv
import math
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from model.world.datafiles import data_root, refresh_sources
from runs.bench.measure import Say, once
from runs.execute import usable_cores

SCALES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
PLACE_FACTORS: Final = (0.5, 1, 2, 4)
LEVERS: Final = (0, 23, 46, 92)
FEW: Final = 0.01
"""Scale of the curves that do not grow people."""
LARGE: Final = 0.1
"""From here on the exponent of people is fitted: below, the cost of places shows."""


def curves(
    scales: Sequence[float] = SCALES, months: int = 86, repeat: int = 3, scenario: str = "current_practice",
    say: Say = lambda text: None,
) -> dict[str, Any]:
    """Axis -> points [{"x", "ms_per_month", ...}] and exponent; medians of `repeat` fresh processes.

    The exponent is the slope of log cost over log x: of people from 1:10 on, of months over the whole loop. Curves of
    places and levers are lived at 1:100 on one thread, where people cost least.
    """
    found: dict[str, Any] = {"months": months, "repeat": repeat, "scenario": scenario}

    def point(x: float, scale: float, threads: int, say_as: str, **more: Any) -> dict[str, float]:
        runs = [once(scale, months, threads, scenario, **more) for _ in range(repeat)]
        middle = sorted(runs, key=lambda run: run["loop_s"])[len(runs) // 2]
        say(f"{say_as} {x:g}: loop {middle['loop_s']:.3g} s")
        return {
            "x": x, "loop_s": round(middle["loop_s"], 5), "people": middle["people"], "places": middle["places"],
            "ms_per_month": round(1e3 * middle["loop_s"] / middle["months"], 5),
            "peak_mib": round(statistics.median(run["peak_mib"] for run in runs), 1),
            "month_s": middle["month_s"],
        }

    people = [point(scale, scale, 1, "scale") for scale in scales]
    found["months_lived"] = _months(people[-1].pop("month_s"))
    for each in people:
        each.pop("month_s", None)
        each["x"] = each["people"]
    large = [each for each, scale in zip(people, scales) if scale >= LARGE]
    found["people"] = _axis(people, large if len(large) > 1 else people[-2:])
    found["threads"] = _axis([
        point(count, max(scales), count, "threads") for count in range(1, usable_cores() + 1)
    ])
    found["levers"] = _axis([point(count, FEW, 1, "levers", levers=count) for count in LEVERS])
    found["places"] = _axis(_places(point))
    for axis in ("threads", "levers", "places"):
        for each in found[axis]["points"]:
            each.pop("month_s", None)
    return found


def _places(point: Callable[..., dict[str, float]]) -> list[dict[str, float]]:
    """The same people in fewer or more villages: the data folder with another number of village groups."""
    points = []
    for factor in PLACE_FACTORS:
        with tempfile.TemporaryDirectory(prefix="xiancheng-bench-") as folder:
            data = Path(folder) / "data"
            shutil.copytree(data_root(), data)
            for path in data.glob("prefectures/*/state.csv"):
                _more_villages(path, factor)
            refresh_sources(data)
            each = point(factor, FEW, 1, "times as many villages", data=str(data), populations=folder)
        points.append({**each, "x": each["places"]})
    return points


def _more_villages(path: Path, factor: float) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["quantity"] == "n_village_clusters":
            row["value"] = str(max(1, round(float(row["value"]) * factor)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _months(seconds: Sequence[float]) -> dict[str, Any]:
    """Cost of the first k months of the largest run."""
    marks = sorted({k for k in (12, 24, 48, len(seconds)) if k <= len(seconds)})
    return _axis([
        {"x": k, "loop_s": round(sum(seconds[:k]), 5), "ms_per_month": round(1e3 * sum(seconds[:k]) / k, 5)}
        for k in marks
    ], key="loop_s")


def _axis(
    points: list[dict[str, float]], fitted: list[dict[str, float]] | None = None, key: str = "ms_per_month"
) -> dict[str, Any]:
    return {"points": points, "exponent": exponent(fitted or points, key)}


def exponent(points: Sequence[dict[str, float]], key: str = "ms_per_month") -> float | None:
    """Slope of log cost over log x by least squares; None when fewer than two x are above 0."""
    pairs = [(math.log(p["x"]), math.log(p[key])) for p in points if p["x"] > 0]
    if len({x for x, _ in pairs}) < 2:
        return None
    mx, my = (statistics.fmean(pair[k] for pair in pairs) for k in (0, 1))
    return round(sum((x - mx) * (y - my) for x, y in pairs) / sum((x - mx) ** 2 for x, _ in pairs), 3)


def table(found: dict[str, Any]) -> list[str]:
    """The curves as lines for a screen."""
    lines = []
    for axis in ("people", "months_lived", "places", "levers", "threads"):
        lines += ["", f"{axis}: exponent {found[axis]['exponent']}"]
        lines += [f"  {p['x']:>12,.6g}  {p['ms_per_month']:>10.3f} ms a month" for p in found[axis]["points"]]
    return lines[1:]
