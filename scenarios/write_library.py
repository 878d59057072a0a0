"""The generated files of the library: the parts of the plan, the themes, and the action plan as the sum of its parts.

Written from the plan settings of the registry and the catalogue of measures; a test holds the files to both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from model.spec.registry import REGISTRY
from model.spec.types import Lever
from scenarios.parts import PARTS, THEMES, Measure, Part, Theme, home, levers_of, measures, part_of
from scenarios.render import flow

WIDTH: Final = 100
MADE: Final = "Written by `xiancheng docs` from the registry and data/plan/measures.csv; do not edit."
BASIS: Final = (
    "Behind the measures of each lever stands how far its number is the plan's:",
    "  text       the number stands in the text or follows from it",
    "  direction  the text says only more or less; the number is ours (`explain action_plan KEY` names its source)",
    "  both       the text gives a number for part of it",
)


def files() -> dict[str, str]:
    """Path below `scenarios/library` -> text of every generated file. A part without a declared lever has none."""
    parts = [part for part in PARTS if levers_of(part, REGISTRY.levers)]
    made = {"action_plan.yaml": render_action_plan(parts)}
    made |= {f"mixes/{part.name}.yaml": render_part(part, REGISTRY.levers) for part in parts}
    return made | {f"mixes/{theme.name}.yaml": render_theme(theme, REGISTRY.levers) for theme in THEMES}


def render_action_plan(parts: Sequence[Part]) -> str:
    """The action plan: all parts together. Two parts that set one lever would be an error."""
    head = [
        "What the action plan (长政办发〔2024〕17号, June 2024) asks for: the sum of its parts. Each part is a mix",
        "and can be lived by itself or left out; each lever of the plan is set in exactly one of them. A mix says",
        "above each lever which measures of data/plan/measures.csv it carries.",
        MADE,
    ]
    lines = ["# yaml-language-server: $schema=../schema.json", *_comments(head), "schema: 1"]
    lines += ["name: {en: Action plan, zh: 行动方案}", "extends: current_practice", "mix:"]
    width = max(len(part.name) for part in parts)
    lines += [f"  - {part.name:<{width}}  # {', '.join(part.sections)} {part.zh}" for part in parts]
    return "\n".join(lines) + "\n"


def render_part(part: Part, levers: Mapping[str, Lever]) -> str:
    """One part of the plan: its levers, each with all measures it carries, and where its other measures are carried."""
    own = levers_of(part, levers)
    head = [f"{part.en} ({', '.join(part.sections)}) of the action plan.", MADE, *BASIS]
    lines = [*_head(head), f"name: {flow({'en': part.en, 'zh': part.zh})}", "", "set:"]
    for key in own:
        lines += setting(levers[key])
    elsewhere = [m for m in measures() if part_of(m.section) == part and m.lever not in own]
    if elsewhere:
        lines += ["", "# Measures of this part whose lever is set in another part, where more of its measures stand:"]
        lines += [f"#   {m.id}: {_elsewhere(m, levers)}" for m in elsewhere]
    return "\n".join(lines) + "\n"


def _elsewhere(measure: Measure, levers: Mapping[str, Lever]) -> str:
    """Where the lever of a measure is set."""
    where = home(measure.lever).name
    return f"{measure.lever} in {where}" if measure.lever in levers else f"{measure.lever}, not declared yet"


def render_theme(theme: Theme, levers: Mapping[str, Lever]) -> str:
    """One theme: levers of several parts with the settings of the plan."""
    head = [*theme.about, "Settings are the plan's own.", MADE]
    lines = [*_head(head), f"name: {flow({'en': theme.en, 'zh': theme.zh})}", "", "set:"]
    for key in theme.levers:
        if key in levers:
            lines += item_lines(levers[key])
    return "\n".join(lines) + "\n"


def setting(lever: Lever) -> list[str]:
    """The plan setting of a lever below the measures it carries."""
    carried = [(m.section, m.id) for m in measures() if m.lever == lever.key]
    groups = groupby(sorted(carried, key=lambda x: [m.section for m in measures()].index(x[0])), key=lambda x: x[0])
    text = "; ".join(f"{section} {', '.join(name for _, name in ids)}" for section, ids in groups)
    text = f"{text} [{lever.plan_basis}]"
    comment = textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [*(f"  # {line}" for line in comment), *item_lines(lever)]


def item_lines(lever: Lever) -> list[str]:
    """The plan setting as lines of YAML: one item behind the key, several as a list below it."""
    items = [{**item} for item in lever.plan_items]
    if len(items) == 1:
        return [f"  levers.{lever.key}: {flow(items[0])}"]
    return [f"  levers.{lever.key}:", *(f"    - {flow(item)}" for item in items)]


def _head(lines: Iterable[str]) -> list[str]:
    return ["# yaml-language-server: $schema=../../schema.json", *_comments(lines), "schema: 1"]


def _comments(lines: Iterable[str]) -> list[str]:
    return [f"# {line}" for line in lines]
