"""Targets as rows of a table file and as lines for a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from analysis import plan_labels
from analysis.plan_measures import leaning_left
from analysis.plan_targets import Standing

WIDEST: Final = 34
"""Characters of a column of text on the screen."""


def table(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The rows of `plan targets --csv`: the keys of `--json`, lists as text, what is not known empty."""
    made = [standing.to_json() for standing in standings]
    return [{key: _cell(value) for key, value in row.items()} for row in made]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    return "" if value is None else value


def lines(standings: Sequence[Standing], lang: str) -> list[str]:
    """Lines for a screen: one row a target, the scenarios side by side."""
    zh, heads = lang == "zh", plan_labels.HEADS
    scenarios = list(dict.fromkeys(s.scenario for s in standings))
    lived = [f"{name} {word}" for name in scenarios for word in heads["reached"][lang]]
    head = [*heads["targets"][lang], *lived, *heads["reason"][lang]]
    by_target: dict[str, dict[str, Standing]] = {}
    for standing in standings:
        by_target.setdefault(standing.target.id, {})[standing.scenario] = standing
    rows = [head]
    for of in by_target.values():
        first = next(iter(of.values()))
        t = first.target
        named = t.title_zh if zh else t.id
        row = [clipped(named), t.kind, clipped(t.scope), str(t.deadline or "-"), t.value_text, clipped(t.unit)]
        row.append(plan_labels.state(first.rule.state, lang))
        for name in scenarios:
            row += [number(of[name].reached), number(of[name].probability), number(of[name].gap, "+")]
        rows.append([*row, first.reason[zh]])
    counts = [counted(standings, name, lang) for name in scenarios]
    return [*leaning_left(rows), "", *counts, "", plan_labels.say("note", lang)]


def clipped(text: str) -> str:
    """Long text cut for a column of the screen; `--csv` and `--json` have all of it."""
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def number(value: float | None, sign: str = "") -> str:
    """Four digits; a dash for what is not known."""
    return "-" if value is None else f"{value:{sign},.4g}"


def counted(standings: Sequence[Standing], scenario: str, lang: str) -> str:
    """One line: how many targets of each state, and how many the scenario meets in most seeds."""
    own = [s for s in standings if s.scenario == scenario]
    judged = [s.probability for s in own if s.probability is not None]
    return plan_labels.say(
        "targets", lang, scenario=scenario, n=len(own), judged=len(judged), met=sum(p > 0.5 for p in judged),
        states=plan_labels.counted((s.rule.state for s in own), lang),
    )
