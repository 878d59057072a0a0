"""What a scenario file may hold besides its settings, and the JSON Schema of the whole for editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import (
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    create_model,
)

from model.spec.registry import REGISTRY
from scenarios.fields import (
    Complaint,
    Month,
    Strict,
    Words,
    complaint_of,
    lever_type,
    limited,
    param_type,
    read_number,
    wrong,
)

SCHEMA_FILE: Final = Path(__file__).resolve().parent / "schema.json"
SCALE: Final = (0.001, 1.0)
AUTO: Final = {"auto": "city", "auto city": "city", "auto county": "county", "auto group": "group"}
"""A scale that is chosen when the run begins, by what is asked: headlines of the city, a county, or a rare group."""


def _whole(low: int, high: int) -> Any:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong("a whole number is meant")
        return int(limited(value, (low, high)))

    return Annotated[int, PlainValidator(read), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})]


def _scale(value: object) -> float | str:
    if isinstance(value, str) and " ".join(value.split()) in AUTO:
        return " ".join(value.split())
    if isinstance(value, str) and value.startswith("auto"):
        raise wrong(f"{value} is not a scale; write a share of the population from 0.001 to 1, or {', '.join(AUTO)}")
    return limited(read_number(value), SCALE, "of the population")


def _schema_number(value: object) -> int:
    if value != 1 or isinstance(value, bool):
        raise wrong("only schema 1 is known")
    return 1


class SeedRange(Strict):
    """Which seeds to run: `count` of them from `first` on."""

    first: _whole(0, 2**32 - 1)  # type: ignore[valid-type]
    count: _whole(1, 100_000)  # type: ignore[valid-type]


class TwoTongues(Strict):
    """A text in English and in Chinese."""

    en: Words
    zh: Words


def _text_form(value: object) -> str:
    return "two" if isinstance(value, dict) else "one"


Title = Annotated[Annotated[Words, Tag("one")] | Annotated[TwoTongues, Tag("two")], Discriminator(_text_form)]
Scale = Annotated[
    float | str, PlainValidator(_scale),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": SCALE[0], "maximum": SCALE[1]}, {"enum": list(AUTO)}]}),
]
Schema = Annotated[int, PlainValidator(_schema_number), WithJsonSchema({"const": 1})]

OWN: Final[dict[str, Any]] = {
    "schema": Schema, "name": Title, "title": Title, "extends": Words, "mix": list[Words],
}
"""What belongs to one file alone and is never inherited."""

HEADER: Final[dict[str, Any]] = {
    "prefecture": Words, "start": Month, "end": Month, "future": Words, "scale": Scale, "seeds": SeedRange,
}
"""Everything else in a scenario but what it sets."""


def read_fields(types: Mapping[str, Any], tree: Mapping[str, object]) -> tuple[dict[str, Any], list[Complaint]]:
    """The values of a map that are right, and what is wrong with the others (path, text)."""
    good: dict[str, Any] = {}
    complaints: list[Complaint] = []
    for key, value in tree.items():
        try:
            good[key] = TypeAdapter(types[key]).validate_python(value)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                path, text = complaint_of(one, "", value)
                if text == "unknown key" and types[key] is Title:
                    text += "; a text with a comma stands in quotes"
                complaints.append(((key, *(step for step in path if step not in ("one", "two"))), text))
    return good, complaints


def scenario_model() -> type[Strict]:
    """The whole file as one model: what `schema.json` is written from."""

    def model(name: str, types: Mapping[str, Any]) -> Any:
        fields = {f"{key}_": (kind, Field(default=None, alias=key)) for key, kind in types.items()}
        return create_model(name, __base__=Strict, **fields)  # type: ignore[call-overload]

    levers = model("Levers", {key: lever_type(key) for key in REGISTRY.levers})
    params = model("Params", {key: param_type(key) for key in REGISTRY.params})
    settings = model("Settings", {"levers": levers, "params": params})
    return model("Scenario", {**OWN, **HEADER, "set": settings})


def render_schema() -> str:
    """The text of `schema.json`; levers and parameters may stand in nested maps or behind dots."""
    schema = scenario_model().model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for kind, name in (("levers", "Levers"), ("params", "Params")):
        for key in definitions[name]["properties"]:
            definitions["Settings"]["properties"][f"{kind}.{key}"] = {"$ref": f"#/$defs/{name}/properties/{key}"}
    definitions["Settings"]["patternProperties"] = {r"^(levers|params)\..+\..+$": {}}
    schema["patternProperties"] = {r"^(seeds|set)\..+$": {}}
    for key in REGISTRY.levers:
        amount = definitions[f"Item_{key}"]["properties"]["value"]
        schema = _shared(schema, amount, f"#/$defs/Amount_{key}")
        schema["$defs"][f"Amount_{key}"] = amount
    _walk(schema, _tidy)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _shared(node: Any, part: Any, reference: str) -> Any:
    """The same schema with every copy of `part` replaced by a reference."""
    if node == part:
        return {"$ref": reference}
    if isinstance(node, dict):
        return {key: _shared(value, part, reference) for key, value in node.items()}
    return [_shared(value, part, reference) for value in node] if isinstance(node, list) else node


def _tidy(node: dict[str, Any]) -> None:
    """No default that is only `not there`, and no title that only repeats the key."""
    if "default" in node and node["default"] is None:
        del node["default"]
    if isinstance(node.get("title"), str):
        del node["title"]


def _walk(node: Any, change: Callable[[dict[str, Any]], object]) -> None:
    if isinstance(node, dict):
        change(node)
        for value in list(node.values()):
            _walk(value, change)
    elif isinstance(node, list):
        for value in node:
            _walk(value, change)
