"""Every measure of the plan with its lever and how it is carried: as rows, objects and lines for a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis import plan_labels
from analysis.plan_books import Measure
from analysis.screen import width_of
from model.spec.registry import REGISTRY
from scenarios.parts import home
from scenarios.render import flow


def objects(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    """The objects of `plan measures --json`."""
    return [_object(measure) for measure in measures]


def _object(m: Measure) -> dict[str, Any]:
    lever = REGISTRY.levers[m.lever]
    return {
        "id": m.id, "section": m.section, "title_en": m.title_en, "title_zh": m.title_zh, "lever": m.lever,
        "lever_en": lever.text.en, "lever_zh": lever.text.zh, "channel": m.channel, "counties": m.counties,
        "pilot": m.pilot, "plan": [dict(item) for item in lever.plan_items], "mix": home(m.lever).name,
        "state": str(m.state), "reason": m.reason_en, "reason_zh": m.reason_zh,
    }


def table(measures: Sequence[Measure]) -> list[dict[str, str]]:
    """The rows of `plan measures --csv`: the same keys, the plan setting as a line of YAML."""
    made = objects(measures)
    return [{**row, "plan": "; ".join(flow(item) for item in row["plan"])} for row in made]


def lines(measures: Sequence[Measure], lang: str) -> list[str]:
    """Lines for a screen; the last counts the states."""
    zh = lang == "zh"
    rows = [list(plan_labels.HEADS["measures"][lang])]
    for m in measures:
        title, reason = (m.title_zh, m.reason_zh) if zh else (m.title_en, m.reason_en)
        rows.append([m.section, m.id, title, m.lever, m.channel, plan_labels.state(m.state, lang), reason])
    return [*leaning_left(rows), "", counted(measures, lang)]


def counted(measures: Sequence[Measure], lang: str) -> str:
    """One line: how many measures, on how many levers, and how many of each state."""
    states = plan_labels.counted((m.state for m in measures), lang)
    return plan_labels.say("measures", lang, n=len(measures), levers=len({m.lever for m in measures}), states=states)


def leaning_left(rows: list[list[str]]) -> list[str]:
    """Rows of text as aligned lines, every column from the left."""
    wide = [max(width_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (wide[i] - width_of(cell)) for i, cell in enumerate(row)).rstrip() for row in rows
    ]
