"""`scale: auto`: the smallest share of the population that answers the question, as far as the time allows.

What a question needs is measured by `xiancheng bench --scale-agreement` and stated in docs/performance.md. What a
scale costs is learnt from the runs that this machine has lived.
"""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from typing import Any, Final

from runs.paths import cache_dir

LADDER: Final = (0.01, 0.1, 1.0)
NEEDED: Final = {"city": 0.01, "county": 0.1, "group": 1.0}
"""What each question needs with eight seeds: a headline of the city, one of a county, a hundredth of the people."""
MINUTES: Final = 15.0
FIXED_S: Final = 0.001
PEOPLE_S: Final = 0.12
"""Seconds of one month on one core where nothing is learnt yet: places and markets, and all people of a prefecture."""
START_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The scale that was chosen, and the sentence that says why."""

    scale: float
    why: str


def choose(wanted: str, members: int, months: int, workers: int, minutes: float = MINUTES) -> Choice:
    """The scale for `wanted` (a key of `scenarios.schema.AUTO`) when `members` futures are to be lived.

    minutes: what they may take together. Where the scale that the question needs takes longer, the largest that does
    not is chosen, and the sentence says so; the smallest is never refused.
    """
    from scenarios.schema import AUTO

    question = AUTO[wanted]
    needed = NEEDED[question]
    costs = {scale: expected_s(scale, members, months, workers) for scale in LADDER}
    chosen = needed
    while costs[chosen] > 60.0 * minutes and chosen > LADDER[0]:
        chosen = LADDER[LADDER.index(chosen) - 1]
    head = f"scale {wanted}: {name(chosen)}"
    runs = f"{members} runs, about {lasting(costs[chosen])}"
    if chosen == needed:
        return Choice(chosen, f"{head}, which {ASKS[question]} needs ({runs})")
    return Choice(
        chosen,
        f"{head} ({runs}) instead of {name(needed)}, which {ASKS[question]} needs: that would take "
        f"{lasting(costs[needed])}, more than the {minutes:g} minutes allowed (--minutes)",
    )


ASKS: Final = {"city": "a headline of the city", "county": "a county", "group": "a rare group"}


def name(scale: float) -> str:
    """1:100 for 0.01."""
    return f"1:{1 / scale:.0f}"


def lasting(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def expected_s(scale: float, members: int, months: int, workers: int) -> float:
    """Seconds until so many members are done."""
    return math.ceil(members / max(1, workers)) * member_s(scale, months) * learnt()


def member_s(scale: float, months: int) -> float:
    """Seconds of one member on a machine of which nothing is known."""
    return START_S * max(scale, 0.1) + months * (FIXED_S + PEOPLE_S * scale)


def learnt() -> float:
    """How many times as long a member takes here; 1 where none was lived."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        factor = float(json.loads(_file().read_text(encoding="utf-8"))["factor"])
        if math.isfinite(factor) and factor > 0.0:
            return factor
    return 1.0


def learn(scale: float, months: int, seconds: float) -> None:
    """A member at `scale` took so many seconds of one worker."""
    if seconds > 0.0:
        with contextlib.suppress(OSError):
            _file().parent.mkdir(parents=True, exist_ok=True)
            _file().write_text(json.dumps({"factor": seconds / member_s(scale, months)}), encoding="utf-8")


def _file() -> Any:
    return cache_dir() / "speed.json"
