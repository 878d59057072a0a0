"""docs/levers.md, parameters.md, indicators.md and columns.md, written from the registry itself."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from analysis.pages.tables import GENERATED, SIGNS, number, table
from model.effects import EFFECTS
from model.spec.columns import HOUSEHOLDS, MARKETS, PLACES, RESIDENTS
from model.spec.params import DERIVED
from model.spec.registry import REGISTRY
from model.spec.types import Carried, Column, Confidence, Indicator, Lever, Param
from model.spec.units import unit

CARRIED: Final = {
    Carried.SIMULATED: "Simulated by a mechanism.",
    Carried.DELIVERED: "Delivered as a programme with a budget and a delay, without a behavioural mechanism.",
    Carried.TRACKED: "Tracked only.",
}
BASIS: Final = {
    "text": "the number stands in the plan",
    "direction": "the plan gives only a direction; the number is ours",
    "both": "part of it stands in the plan",
}


def render_levers() -> str:
    """The text of docs/levers.md."""
    levers = REGISTRY.levers
    parts = [
        "# Levers: what a government can set\n",
        GENERATED.format(source="model/spec/lever_tables"),
        f"{len(levers)} levers act only through {len(REGISTRY.states)} channel states. At *practice* a lever does "
        "nothing, to the last bit. A plan setting starts no earlier than the month after the plan was issued. "
        "Expected signs were written before any calibration and are kept as they were; they concern the resident "
        "urban share and integration. Practice and bounds of a lever that is shared out are totals of the whole "
        "prefecture.\n",
        table(
            ("lever", "English", "中文", "unit", "practice", "bounds", "plan", "urban share", "integration"),
            (_lever_row(x) for x in levers.values()),
        ),
    ]
    for channel, text in REGISTRY.channels.items():
        parts.append(f"## {text.en} · {text.zh}\n")
        parts += [_lever_text(x) for x in levers.values() if x.channel == channel]
        parts.append(_state_table(channel))
    return "\n".join(parts)


def _lever_row(x: Lever) -> tuple[str, ...]:
    return (
        f"`{x.key}`", x.text.en, x.text.zh, x.unit, number(x.practice), _bounds(x), _plan(x),
        SIGNS[x.sign_urbanization], SIGNS[x.sign_integration],
    )


def _lever_text(x: Lever) -> str:
    shared = f", shared out by {REGISTRY.quantities[x.apportion].en}" if x.apportion else ""
    states = ", ".join(f"`{state}`" for lever, state, _ in EFFECTS if lever == x.key)
    cost = "no cost of its own" if x.unit_cost_yuan == 0 else f"{number(x.unit_cost_yuan)} yuan per unit"
    lines = (
        f"### `{x.key}` {x.text.en} · {x.text.zh}\n",
        f"{x.text.meaning_en}  \n{x.text.meaning_zh}\n",
        f"- Practice {number(x.practice)} {x.unit}{shared}; limits {_bounds(x)}.",
        f"- Plan: {_plan(x)} ({BASIS[x.plan_basis]}).",
        f"- Changes {states}. Lead time {x.lead_months} months; payer {x.payer}; {cost}; "
        f"delivered share `implement_{x.key}`; upkeep {number(100 * x.upkeep_share_year)} % a year.",
        f"- {CARRIED[x.carried]}{' ' + x.carried_reason if x.carried_reason else ''}"
        f"{' Households act on it once they know of it.' if x.needs_awareness else ''}"
        f"{'' if x.acts_alone else ' It only changes how other levers are carried out.'}",
        f"- Expected: urban share {SIGNS[x.sign_urbanization]}, integration {SIGNS[x.sign_integration]}. "
        f"{x.sign_reason}",
        f"- Clauses: {', '.join(x.clauses)}.",
        f"- Source ({x.confidence}): {x.source}.\n",
    )
    return "\n".join(lines)


def _bounds(x: Lever) -> str:
    return f"{number(x.bounds[0])} to {number(x.bounds[1])}"


def _plan(x: Lever) -> str:
    return "; ".join(_plan_item(item) for item in x.plan_items)


def _plan_item(item: dict[str, object]) -> str:
    where = f" where `{item['where']}`" if "where" in item else ""
    if "ramp" in item:
        points = item["ramp"]
        assert isinstance(points, dict)
        return "; ".join(f"{number(v)} at {m}" for m, v in sorted(points.items())) + where
    times, value = item.get("times"), item.get("value")
    what = f"{times} x practice" if isinstance(times, int | float) else number(float(str(value)))
    return f"{what}{where} from {item['from']}"


def _state_table(channel: str) -> str:
    rows = [
        (
            f"`{s.key}`", s.unit, "flow" if s.flow else "level",
            f"`{s.practice_param}`" if s.practice_param else number(s.practice), s.text.en, s.text.zh,
        )
        for s in REGISTRY.states.values()
        if s.channel == channel
    ]
    return "States of this channel:\n\n" + table(("state", "unit", "kind", "practice", "meaning", "含义"), rows)


def render_parameters() -> str:
    """The text of docs/parameters.md."""
    params = REGISTRY.params
    counts = {c: sum(p.confidence == c for p in params.values()) for c in Confidence}
    parts = [
        "# Parameters: numbers that no lever may touch\n",
        GENERATED.format(source="data/statistics/behaviour.csv and model/spec/params_structural.py"),
        f"{len(params)} parameters: " + ", ".join(f"{n} {c}" for c, n in counts.items()) + ". The interval holds 90 % "
        "of the prior; that of a uniform prior is its whole range. A dash stands for a fixed number.\n",
        *(f"`{key}` is computed in each draw as {rule}.\n" for key, rule in DERIVED.items()),
        "A lever is delivered to the share `expit(logit(implement_share) + implement_<lever>)`: levers are drawn "
        "separately around what the government as a whole can do, so that related levers are correlated.\n",
    ]
    for group, members in groupby(sorted(params.values(), key=lambda p: p.group), key=lambda p: p.group):
        parts.append(f"## Group: {group}\n")
        parts.append(table(
            ("parameter", "eq.", "default", "interval", "prior", "unit", "meaning", "含义", "class", "evidence"),
            (_param_row(p) for p in members),
        ))
    return "\n".join(parts)


def _param_row(p: Param) -> tuple[str, ...]:
    interval = f"{number(p.prior.low)} to {number(p.prior.high)}" if p.prior else "-"
    return (
        f"`{p.key}`", p.equation, number(p.default), interval, p.prior.family if p.prior else "-",
        unit(p.unit).label(), p.text.en, p.text.zh, str(p.confidence), p.source,
    )


def render_indicators() -> str:
    """The text of docs/indicators.md."""
    indicators = list(REGISTRY.indicators.values())
    head = ("indicator", "English", "中文", "unit", "to the year", "better", "definition")
    parts = [
        "# Indicators: what is reported\n",
        GENERATED.format(source="model/spec/indicators.py"),
        "Every indicator is recorded each month for each unit and for the city, unless other dimensions are named. "
        "Rates and shares are fractions between 0 and 1; the integration index and its parts run from 0 to 100. "
        "`last` takes December, `sum` adds the months, `rate` is computed anew from its parts.\n",
        "## Headlines\n",
        table(head, (_indicator_row(x) for x in indicators if x.headline)),
        "## All others\n",
        table(head, (_indicator_row(x) for x in indicators if not x.headline)),
    ]
    return "\n".join(parts)


def _indicator_row(x: Indicator) -> tuple[str, ...]:
    dims = "" if x.dims == ("month", "place") else f" By {', '.join(x.dims)}."
    return (
        f"`{x.key}`", x.text.en, x.text.zh, unit(x.unit).label(), str(x.reduce), x.better, x.definition + dims
    )


def render_columns() -> str:
    """The text of docs/columns.md."""
    parts = [
        "# Columns: the state of people, households, places and markets\n",
        GENERATED.format(source="model/spec/columns.py"),
        "Each row is one array; `missing` is the value that stands for none.\n",
    ]
    for columns in (RESIDENTS, HOUSEHOLDS, PLACES, MARKETS):
        parts.append(f"## {columns[0].table}\n")
        head = ("column", "type", "unit", "least", "most", "missing", "meaning", "含义")
        parts.append(table(head, (_column_row(c) for c in columns)))
    return "\n".join(parts)


def _column_row(c: Column) -> tuple[str, ...]:
    missing = "-" if c.missing is None else number(c.missing)
    return (f"`{c.key}`", c.dtype, c.unit, number(c.low), number(c.high), missing, c.text.en, c.text.zh)
