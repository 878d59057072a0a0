"""What a scenario file may hold besides its settings, and the JSON Schema of the whole for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.spec.registry import REGISTRY
from model.spec.types import Text
from scenarios.fields import lever_kind, limited, param_kind, read_number
from scenarios.kinds import (
    MONTH,
    WORDS,
    Complaint,
    Kind,
    Wrong,
    fields,
    list_of,
    made_by,
    one_of,
    scalar,
    shared,
)

SCHEMA_FILE: Final = Path(__file__).resolve().parent / "schema.json"
SCALE: Final = (0.001, 1.0)
AUTO: Final = {"auto": "city", "auto city": "city", "auto county": "county", "auto group": "group"}
"""A scale that is chosen when the run begins, by what is asked: headlines of the city, a county, or a rare group."""


@dataclass(frozen=True, slots=True)
class SeedRange:
    """Which seeds to run: `count` of them from `first` on."""

    first: int
    count: int


def _whole(low: int, high: int) -> Kind:
    def take(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("a whole number is meant")
        return int(limited(value, (low, high)))

    return scalar(take, {"type": "integer", "minimum": low, "maximum": high})


def _scale(value: object) -> float | str:
    if isinstance(value, str) and " ".join(value.split()) in AUTO:
        return " ".join(value.split())
    if isinstance(value, str) and value.startswith("auto"):
        raise Wrong(f"{value} is not a scale; write a share of the population from 0.001 to 1, or {', '.join(AUTO)}")
    return limited(read_number(value), SCALE, "of the population")


def _schema_number(value: object) -> int:
    if value != 1 or isinstance(value, bool):
        raise Wrong("only schema 1 is known")
    return 1


def _text_form(value: object) -> str:
    return "two" if isinstance(value, dict) else "one"


SEEDS: Final = made_by(SeedRange, shared("SeedRange", fields(
    {"first": _whole(0, 2**32 - 1), "count": _whole(1, 100_000)}, ("first", "count"), SeedRange.__doc__ or "",
)))
TWO_TONGUES: Final = made_by(Text, shared("TwoTongues", fields(
    {"en": WORDS, "zh": WORDS}, ("en", "zh"), "A text in English and in Chinese.",
)))
TITLE: Final = one_of(_text_form, {"one": WORDS, "two": TWO_TONGUES})
SCALE_OR_AUTO: Final = scalar(
    _scale, {"anyOf": [{"type": "number", "minimum": SCALE[0], "maximum": SCALE[1]}, {"enum": list(AUTO)}]}
)

OWN: Final[dict[str, Kind]] = {
    "schema": scalar(_schema_number, {"const": 1}), "name": TITLE, "title": TITLE, "extends": WORDS,
    "mix": list_of(WORDS),
}
"""What belongs to one file alone and is never inherited."""

HEADER: Final[dict[str, Kind]] = {
    "prefecture": WORDS, "start": MONTH, "end": MONTH, "future": WORDS, "scale": SCALE_OR_AUTO, "seeds": SEEDS,
}
"""Everything else in a scenario but what it sets."""


def read_fields(kinds: Mapping[str, Kind], tree: Mapping[str, object]) -> tuple[dict[str, Any], list[Complaint]]:
    """The values of a map that are right, and what is wrong with the others (path, text)."""
    good: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for key, value in tree.items():
        found: list[Complaint] = []
        read = kinds[key].read(value, (key,), found)
        if not found:
            good[key] = read
        for path, text in found:
            comma = "; a text with a comma stands in quotes" if text == "unknown key" and kinds[key] is TITLE else ""
            complaints.append((path, text + comma))
    return good, complaints


def scenario_kind() -> Kind:
    """The whole file: what `schema.json` is written from."""
    levers = shared("Levers", fields({key: lever_kind(key) for key in REGISTRY.levers}))
    params = shared("Params", fields({key: param_kind(key) for key in REGISTRY.params}))
    settings = shared("Settings", fields({"levers": levers, "params": params}))
    return fields({**OWN, **HEADER, "set": settings})


def render_schema() -> str:
    """The text of `schema.json`; levers and parameters may stand in nested maps or behind dots."""
    kind = scenario_kind()
    definitions: dict[str, Any] = {name: dict(of.schema) for name, of in kind.named}
    settings = definitions["Settings"]
    settings["properties"] = dict(settings["properties"])
    for word, name in (("levers", "Levers"), ("params", "Params")):
        for key in definitions[name]["properties"]:
            settings["properties"][f"{word}.{key}"] = {"$ref": f"#/$defs/{name}/properties/{key}"}
    settings["patternProperties"] = {r"^(levers|params)\..+\..+$": {}}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions, **kind.schema,
        "patternProperties": {r"^(seeds|set)\..+$": {}},
    }
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
