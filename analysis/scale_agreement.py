"""Do small runs say what large ones say? Each headline at every scale, against bands of noise and a stated tolerance.

A band around the largest run is three standard errors of the difference between the two means, from the spread over
seeds, and a tolerance for what the size itself may change: homes, posts and villages are whole, and all seeds of a
scale begin with one start population, whose own chance the spread over seeds does not show.
The spread at a scale lived with one seed is that of the next smaller one, shrunk by the root of the people.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.summary import CITY, headlines, yearly
from model.spec.registry import REGISTRY

SCENARIOS: Final = ("current_practice", "action_plan")
SEEDS: Final[Mapping[float, int]] = {0.01: 8, 0.1: 3, 1.0: 1}
ERRORS: Final = 3.0
TOLERANCE: Final = {"share": (0.005, 0.0025), "1/year": (0.002, 0.001)}
"""Absolute, by unit of a headline: of its level, and of a difference between scenarios."""
RELATIVE: Final = (0.02, 0.01)
"""Of the level, for all other units."""
QUESTION_SEEDS: Final = 8
GROUP: Final = 0.01
"""The rare group of the third question, as a share of the people."""
QUESTIONS: Final = ("city", "county", "group")


def agreement(
    seeds: Mapping[float, int] = SEEDS, scenarios: Sequence[str] = SCENARIOS, settings: Sequence[str] = (),
    say: Callable[[str], object] = lambda text: None, **options: Any,
) -> dict[str, Any]:
    """Rows of headlines at each scale with their bands, and the scale that each question needs.

    seeds: scale -> number of seeds. Returns {"month", "seeds", "rows": [...], "agree": bool, "questions": {...}}; a
    row has indicator, what (level or difference), unit, tolerance, reference (the largest scale) and `scales`: scale ->
    mean, spread (over seeds), band, agrees.
    """
    frames: dict[float, pd.DataFrame] = {}
    for scale, count in sorted(seeds.items()):
        say(f"scale {scale:g}: {count} seeds of {' and '.join(scenarios)}")
        frames[scale] = lived(scenarios, scale, count, settings, **options)
    month = frames[min(frames)]["month"].max()
    rows = [
        _row(frames, scenarios, key, what, CITY)
        for key in headlines(frames[min(frames)]["indicator"].unique()) for what in ("level", "difference")
    ]
    return {
        "month": month, "seeds": {str(scale): count for scale, count in sorted(seeds.items())}, "rows": rows,
        "agree": all(at["agrees"] for row in rows for at in row["scales"].values()),
        "questions": {question: needed(frames, scenarios, question) for question in QUESTIONS},
    }


def lived(scenarios: Sequence[str], scale: float, count: int, settings: Sequence[str], **options: Any) -> pd.DataFrame:
    """Values of the last month of the year's table: scenario, seed, place, indicator, value, month."""
    from runs.api import run

    with tempfile.TemporaryDirectory(prefix="xiancheng-bench-") as folder:
        experiment = run(
            list(scenarios), scale=scale, seeds=count, overrides=settings, out=Path(folder) / "out", **options
        )
        frame = yearly(experiment.frame())
    return frame[frame["month"] == frame["month"].max()]


def _values(frame: pd.DataFrame, scenarios: Sequence[str], key: str, what: str, place: str) -> np.ndarray:
    """One number for each seed."""
    chosen = frame[(frame["indicator"] == key) & (frame["place"] == place)]
    base, *others = (chosen[chosen["scenario"] == name].set_index("seed")["value"].sort_index() for name in scenarios)
    return (base if what == "level" else others[-1] - base).to_numpy(float)


def _tolerance(key: str, what: str, level: float) -> float:
    kind = 0 if what == "level" else 1
    absolute = TOLERANCE.get(REGISTRY.indicators[key].unit)
    return absolute[kind] if absolute is not None else RELATIVE[kind] * abs(level)


def _row(
    frames: Mapping[float, pd.DataFrame], scenarios: Sequence[str], key: str, what: str, place: str
) -> dict[str, Any]:
    values = {scale: _values(frame, scenarios, key, what, place) for scale, frame in frames.items()}
    spreads = spread_by_scale(values)
    largest = max(frames)
    reference = float(values[largest].mean())
    level = float(_values(frames[largest], scenarios, key, "level", place).mean())
    tolerance = _tolerance(key, what, level)
    error = {scale: spreads[scale] / math.sqrt(len(values[scale])) for scale in frames}
    scales = {}
    for scale in sorted(frames):
        noise = math.hypot(error[scale], error[largest]) if scale != largest else 0.0
        mean, band = float(values[scale].mean()), ERRORS * noise + tolerance
        scales[str(scale)] = {
            "mean": mean, "spread": spreads[scale], "band": band, "agrees": bool(abs(mean - reference) <= band)
        }
    return {
        "indicator": key, "what": what, "unit": REGISTRY.indicators[key].unit, "tolerance": tolerance,
        "reference": reference, "scales": scales,
    }


def spread_by_scale(values: Mapping[float, np.ndarray]) -> dict[float, float]:
    """Standard deviation over seeds; where there are fewer than three, from the next smaller scale."""
    out: dict[float, float] = {}
    for scale in sorted(values):
        if len(values[scale]) >= 3 or not out:
            out[scale] = float(np.std(values[scale], ddof=1)) if len(values[scale]) > 1 else 0.0
        else:
            smaller = max(out)
            out[scale] = out[smaller] * math.sqrt(smaller / scale)
    return out


def needed(frames: Mapping[float, pd.DataFrame], scenarios: Sequence[str], question: str) -> dict[str, Any]:
    """The smallest scale at which the standard error of eight seeds is within the tolerance, for most headlines.

    city: levels and differences of the prefecture. county: of the median county. group: of a group that is GROUP of the
    prefecture's people, whose spread is the prefecture's over the root of that share. Returns scale, and by indicator
    and kind the share of the population at which the error meets the tolerance.
    """
    small = min(frames)
    frame = frames[small]
    places = [p for p in frame["place"].unique() if p != CITY] if question == "county" else [CITY]
    exact: dict[str, float] = {}
    for key in headlines(frame["indicator"].unique()):
        for what in ("level", "difference"):
            shares = []
            for place in places:
                values = _values(frame, scenarios, key, what, place)
                level = float(_values(frame, scenarios, key, "level", place).mean())
                error = float(np.std(values, ddof=1)) / math.sqrt(QUESTION_SEEDS)
                ratio = error / max(_tolerance(key, what, level), 1e-300)
                shares.append(small * ratio**2 / (GROUP if question == "group" else 1.0))
            # A county in which nobody is concerned has no value.
            exact[f"{key} {what}"] = float(f"{np.median([share for share in shares if math.isfinite(share)]):.3g}")
    middle = float(np.quantile(list(exact.values()), 0.75))
    ladder = sorted(frames)
    chosen = next((scale for scale in ladder if middle <= scale), ladder[-1])
    return {"scale": chosen, "three_quarters_need": float(f"{middle:.3g}"), "share_needed": exact}


def table(found: Mapping[str, Any]) -> list[str]:
    """The agreement as lines for a screen."""
    from analysis.screen import columns

    scales = list(found["seeds"])
    head = ["headline", *(f"{scale} ({found['seeds'][scale]})" for scale in scales), "tolerance", "agrees"]
    rows = [head]
    for row in found["rows"]:
        cells = []
        for scale in scales:
            at = row["scales"][scale]
            cells.append(f"{at['mean']:.4g} ±{at['band']:.2g}")
        agrees = all(at["agrees"] for at in row["scales"].values())
        rows.append([f"{row['indicator']} {row['what']}", *cells, f"{row['tolerance']:.2g}", "yes" if agrees else "NO"])
    lines = [f"{found['month']}: mean and band by scale (seeds)", "", *columns(rows), ""]
    for question, need in found["questions"].items():
        lines.append(
            f"{question}: scale {need['scale']:g} (three quarters of the headlines need "
            f"{need['three_quarters_need']:g})"
        )
    return lines
