"""The committed summary of three small scenarios: numbers move only on purpose."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

SCENARIOS: Final = ("current_practice", "action_plan", "settlement_reform")
SCALE: Final = 0.002
SEEDS: Final = (1, 2)
MONTHS: Final = ("2020-12", "2022-12", "2024-12", "2027-12")
RELATIVE: Final = 1e-9
"""Differences in the last digits come from the compiler, not from the model."""

PATH: Final = Path(__file__).resolve().parents[1] / "tests" / "regression" / "baseline.csv"


def current_text() -> str:
    """Run the three scenarios now; one line per scenario, seed, month and indicator of the whole prefecture."""
    import scenarios
    from model.engine import simulate
    from model.world.tables import load_prefecture
    from scenarios.compile import compile_scenario

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("scenario", "seed", "month", "indicator", "value"))
    for name in SCENARIOS:
        scenario = scenarios.load(name)
        prefecture = load_prefecture(scenario.prefecture)
        for seed in SEEDS:
            results = simulate(compile_scenario(scenario, prefecture, scale=SCALE, seed=seed))
            for month in MONTHS:
                t = results.months.index(month)
                for key in sorted(results.indicators):
                    writer.writerow((name, seed, month, key, repr(float(results.indicators[key][t, -1]))))
    return out.getvalue()


def committed_text() -> str:
    """The committed summary, empty when there is none yet."""
    return PATH.read_text(encoding="utf-8") if PATH.exists() else ""


def changes(old: str, new: str) -> list[str]:
    """Readable lines for every number that moved, appeared or went."""
    before, after = _read(old), _read(new)
    lines = []
    for key in sorted(before.keys() | after.keys()):
        a, b = before.get(key), after.get(key)
        if a is None or b is None:
            lines.append(f"{' '.join(key)}: {'new ' + repr(b) if a is None else 'gone'}")
        elif not _same(a, b):
            lines.append(f"{' '.join(key)}: {a!r} -> {b!r}")
    return lines


def _same(a: float, b: float) -> bool:
    if a != a or b != b:
        return a != a and b != b
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b))


def _read(text: str) -> dict[tuple[str, ...], float]:
    rows = csv.reader(io.StringIO(text))
    return {tuple(row[:-1]): float(row[-1]) for row in rows if row and row[-1] != "value"}
