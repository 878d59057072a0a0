"""The last kept results of every measurement, and what the project asks of them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from runs.paths import ROOT

FILE: Final = ROOT / "tests" / "perf" / "results.json"
SECTIONS: Final = ("bench", "sweep", "curves", "scale_agreement")


class Budget(NamedTuple):
    """One thing that is asked: what, the measured number, the limit, and whether less is better."""

    what: str
    value: float | None
    limit: float
    unit: str
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        """Whether it is met; None where it was not measured."""
        if self.value is None:
            return None
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def load(path: Path = FILE) -> dict[str, Any]:
    """Section -> result; empty where nothing is kept."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep(section: str, found: dict[str, Any], path: Path = FILE) -> None:
    """Replace one section."""
    if section not in SECTIONS:
        raise KeyError(f"no section {section!r}; there are {', '.join(SECTIONS)}")
    kept = load(path)
    kept[section] = {**found, "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")}
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {name: kept[name] for name in SECTIONS if name in kept}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def budgets(kept: dict[str, Any]) -> list[Budget]:
    """What is asked of speed and memory, with the kept numbers."""
    scales = kept.get("bench", {}).get("scales", {})
    one, tenth, hundredth = (scales.get(key, {}) for key in ("1.0", "0.1", "0.01"))
    phases = {name: phase["ns_per_person_month"] for name, phase in one.get("phases", {}).items()}
    slowest = max(phases, key=lambda name: phases[name], default="none")
    return [
        Budget("1:1, 86 months: the loop over the months", one.get("loop_s"), 5.0, "s"),
        Budget("1:1: end to end, population in the cache", one.get("end_to_end_s"), 9.0, "s"),
        Budget("1:1: peak memory", one.get("peak_mib"), 800.0, "MiB"),
        Budget("1:1: all phases", one.get("ns_per_person_month"), 15.0, "ns per person-month"),
        Budget(f"1:1: the dearest phase ({slowest})", phases.get(slowest), 5.0, "ns per person-month"),
        Budget("1:1: what all cores bring over one thread", one.get("speed_up"), 1.6, "times", at_most=False),
        Budget("1:10: the loop over the months", tenth.get("loop_s"), 0.6, "s"),
        Budget("1:100, one thread: the loop over the months", hundredth.get("loop_s"), 0.06, "s"),
        Budget("people: exponent of cost, from 1:10 to 1:1 at most", growth(tenth, one), 1.1, ""),
        Budget("people: exponent of cost, from 1:10 to 1:1 at least", growth(tenth, one), 0.9, "", at_most=False),
        Budget("sweep at 1:100, all cores, parts kept", kept.get("sweep", {}).get("runs_per_s"), 25.0, "runs/s",
               at_most=False),
    ]


def growth(small: dict[str, Any], large: dict[str, Any]) -> float | None:
    """Exponent of cost over people between two scales."""
    if not small or not large or small["people"] == large["people"]:
        return None
    return round(math.log(large["loop_s"] / small["loop_s"]) / math.log(large["people"] / small["people"]), 3)
