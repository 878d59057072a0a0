"""Writing a scenario back as YAML: one file that stands alone, each value with where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scenarios.fields import number_text
from scenarios.kinds import MONTH_WORD
from scenarios.merge import Origin

if TYPE_CHECKING:
    from scenarios.api import Scenario

HEADER = ("prefecture", "start", "end", "future", "scale", "seeds")


def resolved_text(scenario: Scenario) -> str:
    """The scenario as YAML that loads to the same thing, with `# file:line` behind each value."""
    head = {
        "prefecture": scenario.prefecture,
        "start": scenario.start,
        "end": scenario.end,
        "future": scenario.future,
        "scale": scenario.scale,
        "seeds": {"first": scenario.seeds.first, "count": scenario.seeds.count},
    }
    name = {"en": scenario.title.en, "zh": scenario.title.zh}
    lines = [f"# {scenario.name}, resolved", "schema: 1", f"name: {flow(name)}"]
    lines += [f"{key}: {flow(head[key])}{_where(scenario, key)}" for key in HEADER]
    settings: list[tuple[str, Any]] = [(f"levers.{key}", items) for key, items in scenario.lever_json().items()]
    settings += [(f"params.{key}", number) for key, number in sorted(scenario.params.items())]
    lines.append("set:" if settings else "set: {}")
    for key, value in settings:
        if isinstance(value, list):
            lines.append(f"  {key}:{_where(scenario, key)}")
            lines += [f"    - {flow(item)}" for item in value]
        else:
            lines.append(f"  {key}: {flow(value)}{_where(scenario, key)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value in one line of YAML."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(flow(item) for item in value) + "]"
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return number_text(value) if float(number_text(value)) == value else repr(value)
    text = str(value)
    bare = MONTH_WORD.fullmatch(text) or (text.isidentifier() and text.lower() not in ("true", "false", "null"))
    return text if bare else json.dumps(text, ensure_ascii=False)


def live(origins: Iterable[tuple[str, Origin]], key: str) -> list[tuple[str, Origin]]:
    """What of all that was written about a key still stands, in order."""
    standing: list[tuple[str, Origin]] = []
    for path, origin in origins:
        if not (_below(path, key) or _below(key, path)):
            continue
        standing = [(old, kept) for old, kept in standing if not (_below(old, path) or _below(path, old))]
        if origin.value != "!reset":
            standing.append((path, origin))
    return standing


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith(above + ".")


def _where(scenario: Scenario, key: str) -> str:
    spots = dict.fromkeys(str(origin.spot) for _, origin in live(scenario.origins, key))
    return f"  # {', '.join(spots)}" if spots else ""
