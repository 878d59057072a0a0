"""docs/odd_tables.md: the tables of the ODD that the code itself can fill in."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from analysis.pages.tables import GENERATED, table
from model.spec.registry import REGISTRY
from model.spec.types import Carried, Confidence
from model.spec.units import unit

if TYPE_CHECKING:
    from model.schedule import Phase


def render() -> str:
    """The text of docs/odd_tables.md."""
    # Only here, so that the process that directs runs loads no compiled code.
    from model.schedule import MONTH

    return "\n".join((
        "# ODD+D: tables written from the code\n",
        GENERATED.format(source="model/schedule.py, model/kernels/rng.py, model/spec"),
        "The protocol itself: [odd.md](odd.md).\n",
        "## Process overview\n", "One month, in this order.\n",
        table(("phase", "what", "equations", "reads", "writes"), map(phase_row, MONTH)),
        "## Entities and state variables\n",
        table(("table", "columns", "bytes a row"), entity_rows()), "All columns: [columns.md](columns.md).\n",
        "## Stochasticity\n",
        "Every draw is Philox4x32-10 of (seed, stream, person or household, month, slot). Streams:\n",
        table(("number", "stream"), stream_rows()),
        "## Levers by channel\n",
        table(("channel", "levers", *(str(c) for c in Carried), "states"), channel_rows()),
        "## Parameters by group\n",
        table(("group", "parameters", *(str(c) for c in Confidence), "equations"), group_rows()),
        "## Observation: headlines\n",
        table(("indicator", "English", "中文", "unit", "definition"), (
            (f"`{x.key}`", x.text.en, x.text.zh, unit(x.unit).label(), x.definition)
            for x in REGISTRY.indicators.values() if x.headline
        )),
    ))


def phase_row(phase: Phase) -> tuple[str, ...]:
    """Name, first sentence, equations, reads and writes, from the docstring that tests hold the phase to."""
    text = " ".join(inspect.cleandoc(phase.run.__doc__ or "").split())
    what, _, rest = text.partition("**Reads**")
    reads, _, writes = rest.partition("**Writes**")
    story = (inspect.getmodule(phase.run).__doc__ or "") + what
    equations = sorted({int(n) for n in re.findall(r"\bE(\d+)\b", story)})
    return (f"`{phase.name}`", what.split(". ")[0].rstrip(". ") + ".", ", ".join(f"E{n}" for n in equations),
            reads.strip(), writes.strip())


def entity_rows() -> list[tuple[str, ...]]:
    """Table, number of columns, bytes a row."""
    sizes: dict[str, list[int]] = {}
    for key, column in REGISTRY.columns.items():
        bits = int(re.sub(r"\D", "", column.dtype) or 8)
        sizes.setdefault(key.split(".")[0], []).append(bits // 8)
    return [(name, str(len(found)), str(sum(found))) for name, found in sizes.items()]


def stream_rows() -> list[tuple[str, str]]:
    """Numbers and names of the decisions that are drawn."""
    from model.kernels.rng import Stream

    named = {value: name for name, value in vars(Stream).items() if isinstance(value, int)}
    return [(str(number), name.lower().replace("_", " ")) for number, name in sorted(named.items())]


def channel_rows() -> list[tuple[str, ...]]:
    """Levers and states of each channel."""
    rows = []
    for key, text in REGISTRY.channels.items():
        members = [x for x in REGISTRY.levers.values() if x.channel == key]
        count = Counter(x.carried for x in members)
        states = [f"`{s.key}`" for s in REGISTRY.states.values() if s.channel == key]
        rows.append((f"[{text.en} · {text.zh}](channels/{key}.md)", str(len(members)),
                     *(str(count[c]) for c in Carried), ", ".join(states)))
    return rows


def group_rows() -> list[tuple[str, ...]]:
    """Parameters of each group by class of evidence."""
    rows = []
    for group in sorted({p.group for p in REGISTRY.params.values()}):
        members = [p for p in REGISTRY.params.values() if p.group == group]
        count = Counter(p.confidence for p in members)
        equations = sorted(set(chain.from_iterable(p.equation.split("/") for p in members)))
        rows.append((group, str(len(members)), *(str(count[c]) for c in Confidence), ", ".join(equations)))
    return rows
