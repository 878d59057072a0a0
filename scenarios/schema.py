"""What a scenario file may hold besides its settings, and the JSON Schema of the whole for editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

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


def _whole(low: int, high: int) -> Any:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong("a whole number is meant")
        return int(limited(value, (low, high), ""))

    return Annotated[int, PlainValidator(read), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})]


def _scale(value: object) -> float:
    if value == "auto":
        raise wrong("auto is not a scale; write a share of the population from 0.001 to 1")
    return limited(read_number(value), SCALE, "of the population")


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


class Header(Strict):
    """Everything in a scenario but what it sets."""

    prefecture: Words
    start: Month
    end: Month
    future: Words
    scale: Annotated[
        float, PlainValidator(_scale), WithJsonSchema({"type": "number", "minimum": SCALE[0], "maximum": SCALE[1]})
    ]
    seeds: SeedRange


class Own(Strict):
    """What belongs to one file alone and is never inherited."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    name: Title = Field(default=None)
    title: Title = Field(default=None)
    extends: Words = Field(default=None)
    mix: list[Words] = Field(default=None)


def read_model[M: Strict](model: type[M], tree: Mapping[str, object]) -> tuple[dict[str, Any], list[Complaint]]:
    """The fields of a model that are right, and what is wrong with the others."""
    try:
        return dict(model.model_validate(dict(tree))), []
    except ValidationError as error:
        complaints = [_top(e) for e in error.errors(include_url=False)]
    bad = {path[0] for path, _ in complaints}
    good: dict[str, Any] = {}
    for key, field in model.model_fields.items():
        if key in tree and key not in bad:
            good[key] = TypeAdapter(Annotated[field.annotation, *field.metadata]).validate_python(tree[key])
    return good, complaints


def _top(error: Any) -> Complaint:
    path, text = complaint_of(error, "", None)
    path = tuple(step for step in path if step not in ("one", "two"))
    if error["type"] == "missing":
        return path, "is missing"
    return path, text




def scenario_model() -> type[Strict]:
    """The whole file as one model: what `schema.json` is written from."""
    levers = {key: (lever_type(key), Field(default=None)) for key in REGISTRY.levers}
    params = {key: (param_type(key), Field(default=None)) for key in REGISTRY.params}
    settings = create_model(
        "Settings",
        __base__=Strict,
        levers=(create_model("Levers", __base__=Strict, **levers), Field(default=None)),  # type: ignore[call-overload]
        params=(create_model("Params", __base__=Strict, **params), Field(default=None)),  # type: ignore[call-overload]
    )
    header = {
        key: (Annotated[field.annotation, *field.metadata], Field(default=None))
        for key, field in Header.model_fields.items()
    }
    return create_model("Scenario", __base__=Own, set=(settings, Field(default=None)), **header)  # type: ignore[call-overload]


def render_schema() -> str:
    """The text of `schema.json`: maps may be nested or written with dots."""
    schema = scenario_model().model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for kind, name in (("levers", "Levers"), ("params", "Params")):
        for key, content in definitions[name]["properties"].items():
            definitions["Settings"]["properties"][f"{kind}.{key}"] = content
    _walk(schema, lambda node: node.pop("default", None) if node.get("default", 0) is None else None)
    _walk(schema, lambda node: node.pop("title", None) if isinstance(node.get("title"), str) else None)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Scenario of xiancheng", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _walk(node: Any, change: Callable[[dict[str, Any]], object]) -> None:
    if isinstance(node, dict):
        change(node)
        for value in list(node.values()):
            _walk(value, change)
    elif isinstance(node, list):
        for value in node:
            _walk(value, change)




if __name__ == "__main__":
    import sys

    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python -m scenarios.schema --write")
    SCHEMA_FILE.write_text(render_schema(), encoding="utf-8")
