"""The values a scenario may hold: months, numbers in a unit, schedules of levers, and parameters.

Each declared lever and parameter gives one strict type, so a new one is accepted, checked and documented on the
day it is declared. Error texts are ours: a mistake is explained in the words of the file, not of a type system.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Annotated, Any, Final, TypeGuard

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from model.spec.registry import REGISTRY
from model.spec.types import Lever, Param
from model.spec.units import UnitError, unit
from scenarios.problems import did_you_mean
from scenarios.schedule import CONSTANT, DATED, KINDS, Setting, ordinal

type Path_ = tuple[str | int, ...]
type Complaint = tuple[Path_, str]

MONTH: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
_NUMBER: Final = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")
_MONTH_PATTERN: Final = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"


class Strict(BaseModel):
    """No key that is not declared, no value that is not what it should be, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


def wrong(text: str) -> PydanticCustomError:
    """An error with our own text."""
    return PydanticCustomError("scenario", "{text}", {"text": text})


def number_text(number: float) -> str:
    """A number as people write it."""
    return format(number, ".10g")




def is_month(value: object) -> TypeGuard[str]:
    """Whether a value is a month, YYYY-MM."""
    return isinstance(value, str) and MONTH.fullmatch(value) is not None


def _month(value: object) -> int:
    if is_month(value):
        return ordinal(value)
    raise wrong(f"{value} is not a month; write YYYY-MM, like 2024-07")


def _words(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise wrong("words are meant" if value is not None else "no value; write one or leave the key out")


def read_number(value: object) -> float:
    if value is None:
        raise wrong("no value; write one or leave the key out")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(f"{value} is not a number" if isinstance(value, str) else "a number is meant")
    return float(value)


def limited(number: float, limits: tuple[float, float], what: str = "") -> float:
    low, high = limits
    if low <= number <= high:
        return number
    side, limit = ("below", low) if number < low else ("above", high)
    allowed = f"{number_text(low)} to {number_text(high)} {what}".strip()
    raise wrong(f"{number_text(number)} is {side} the limit {number_text(limit)} (allowed {allowed})")


def _in_unit(value: object, unit_text: str) -> float:
    """A bare number, or `600 dwelling/year` in exactly the unit that is declared."""
    if not isinstance(value, str):
        return read_number(value)
    match = _NUMBER.fullmatch(value)
    if match is None:
        raise wrong(f"{value} is not a number; write it in {unit_text}")
    number, written = float(match.group(1)), match.group(2)
    if "%" in written or "％" in written:
        share = f", not {value.strip()}; write {number_text(number / 100)}" if "%" not in unit_text else ""
        raise wrong(f"wrong unit %: shares are written from 0 to 1{share}")
    try:
        same = not written or unit(written).en == unit(unit_text).en
    except UnitError:
        same = False
    if not same:
        raise wrong(f"wrong unit {written}: this is in {unit_text}")
    return number


Month = Annotated[int, PlainValidator(_month), WithJsonSchema({"type": "string", "pattern": _MONTH_PATTERN})]
Words = Annotated[str, PlainValidator(_words), WithJsonSchema({"type": "string", "minLength": 1})]


def _amount(declared: Lever | Param, limits: tuple[float, float], whole: bool = False) -> Any:
    """The type of a number in the unit of a lever or parameter and within its limits."""

    def read(value: object) -> float:
        number = limited(_in_unit(value, declared.unit), limits, declared.unit)
        if whole and number != math.floor(number):
            raise wrong(f"{number_text(number)} is not a whole number")
        return number

    numeric: dict[str, Any] = {"type": "integer" if whole else "number"}
    numeric |= {"minimum": limits[0], "maximum": limits[1]}
    worded = {"type": "string", "pattern": rf"^[-+0-9.eE]+ *{re.escape(declared.unit)}$"}
    schema = {"anyOf": [numeric, worded], "description": f"{declared.text.en} ({declared.unit})"}
    return Annotated[float, PlainValidator(read), WithJsonSchema(schema)]


def _change(lever: Lever) -> Any:
    def read(value: object) -> float:
        return _in_unit(value, lever.unit)

    return Annotated[float, PlainValidator(read), WithJsonSchema({"type": ["number", "string"]})]


def _factor(value: object) -> float:
    factor = read_number(value)
    if factor < 0:
        raise wrong(f"{number_text(factor)} times current practice is less than nothing")
    return factor




def _form(value: object) -> str:
    """Which of the four ways of writing a setting is meant."""
    if isinstance(value, list):
        return "list"
    if not isinstance(value, dict):
        return "number"
    return "steps" if value and all(key[:1].isdigit() for key in value) else "item"


@cache
def item_model(key: str) -> type[Strict]:
    """The model of one schedule item of a lever."""
    lever = REGISTRY.levers[key]
    amount = _amount(lever, lever.bounds, lever.integer)
    factor = Annotated[float, PlainValidator(_factor), WithJsonSchema({"type": "number", "minimum": 0})]
    fields: dict[str, Any] = {
        "value": (amount, Field(default=None)),
        "times": (factor, Field(default=None)),
        "add": (_change(lever), Field(default=None)),
        "ramp": (dict[Month, amount], Field(default=None)),
        "steps": (dict[Month, amount], Field(default=None)),
        "series": (list[amount], Field(default=None)),
        "where": (Words, Field(default=None)),
        "from_": (Month, Field(default=None, alias="from")),
        "to": (Month, Field(default=None)),
    }
    return create_model(f"Item_{key}", __base__=Strict, **fields)


@cache
def lever_type(key: str) -> Any:
    """Everything a lever may be set to: a number, an item, a list of items, or numbers by date."""
    lever = REGISTRY.levers[key]
    amount = _amount(lever, lever.bounds, lever.integer)
    item = item_model(key)
    forms = (
        Annotated[amount, Tag("number")]
        | Annotated[item, Tag("item")]
        | Annotated[list[item], Tag("list")]
        | Annotated[dict[Month, amount], Tag("steps")]
    )
    return Annotated[forms, Discriminator(_form)]


@cache
def _lever_adapter(key: str) -> TypeAdapter:
    return TypeAdapter(lever_type(key))


def read_lever(key: str, value: object) -> tuple[tuple[Setting, ...], list[Complaint]]:
    """The settings of a lever, or what is wrong with them (path below the lever, text)."""
    try:
        found = _lever_adapter(key).validate_python(value)
    except ValidationError as error:
        form = _form(value)
        return (), [complaint_of(e, form, value) for e in error.errors(include_url=False)]
    complaints: list[Complaint] = []
    match _form(value):
        case "number":
            return (Setting(kind="value", numbers=(found,)),), []
        case "steps":
            return (_setting("steps", found, None, None, None),), []
        case "item":
            return _item(found, value, (), complaints), complaints
    if not found:
        complaints.append(((), "an empty list sets nothing; leave the key out"))
    items = [_item(item, raw, (i,), complaints) for i, (item, raw) in enumerate(zip(found, value))]
    return tuple(setting for group in items for setting in group), complaints


def _item(item: Any, raw: Any, path: tuple[int, ...], complaints: list[Complaint]) -> tuple[Setting, ...]:
    kinds = [kind for kind in KINDS if kind in raw]
    if len(kinds) != 1:
        text = f"{' and '.join(kinds)} cannot stand together" if kinds else f"one of {', '.join(KINDS)} is missing"
        complaints.append((path, text))
        return ()
    kind = kinds[0]
    content = getattr(item, kind)
    if kind in (*DATED, "series") and not content:
        complaints.append(((*path, kind), "no number is given"))
        return ()
    if kind in DATED and item.from_ is not None:
        complaints.append(((*path, "from"), f"a {kind} starts at its first date; leave `from` out"))
        return ()
    return (_setting(kind, content, item.where, item.from_, item.to),)


def _setting(kind: str, content: Any, where: str | None, first: int | None, last: int | None) -> Setting:
    if kind in CONSTANT:
        return Setting(kind=kind, numbers=(content,), where=where, first=first, last=last)
    if kind in DATED:
        dates = tuple(sorted(content))
        numbers = tuple(content[date] for date in dates)
        return Setting(kind=kind, numbers=numbers, dates=dates, where=where, first=first, last=last)
    return Setting(kind=kind, numbers=tuple(content), where=where, first=first, last=last)


def complaint_of(error: Any, form: str, value: object) -> Complaint:
    """One pydantic error in our words, with the path as the file has it."""
    path = tuple(step for step in error["loc"] if step != "[key]")
    if form and path[:1] == (form,):
        path = path[1:]
    path = tuple({"from_": "from"}.get(step, step) if isinstance(step, str) else step for step in path)
    match error["type"]:
        case "scenario":
            return path, error["ctx"]["text"]
        case "extra_forbidden":
            known = [*KINDS, "where", "from", "to"] if form else []
            others = f"; there are {', '.join(known)}" if known else ""
            return path, "unknown key" + did_you_mean(str(path[-1]), known, others)
        case "dict_type" | "model_type" | "model_attributes_type":
            return path, _not_a_map(error["input"])
        case "missing":
            return path, "is missing"
        case "list_type":
            return path, "a list is meant"
    return path, error["msg"]


def _not_a_map(value: object) -> str:
    if isinstance(value, str) and "：" in value:
        return "`：` is a full-width colon; write `:` and a space"
    return "no value; write one or leave the key out" if value is None else "a map of keys is meant"




def param_limits(param: Param) -> tuple[float, float]:
    """What a scenario may set a parameter to: its 90 % interval, widened by twice its width on both sides.

    A parameter that is not negative stays so, and one between 0 and 1 by its prior's family stays there; one without
    a prior may go to ten times its default either way.
    """
    if param.prior is None:
        reach = 10.0 * abs(param.default) or 1.0
        return (-reach if param.default < 0 else 0.0, 0.0 if param.default < 0 else reach)
    width = param.prior.high - param.prior.low
    low, high = param.prior.low - 2 * width, param.prior.high + 2 * width
    low, high = min(low, param.default), max(high, param.default)
    if param.prior.low >= 0 and param.default >= 0:
        low = max(low, 0.0)
    if param.prior.family == "logitnormal":
        high = min(high, 1.0)
    return low, high


@cache
def param_type(key: str) -> Any:
    """The type of a parameter in a scenario."""
    param = REGISTRY.params[key]
    return _amount(param, param_limits(param))


def read_param(key: str, value: object) -> tuple[float | None, list[Complaint]]:
    """The number of a parameter, or what is wrong with it."""
    try:
        return TypeAdapter(param_type(key)).validate_python(value), []
    except ValidationError as error:
        return None, [complaint_of(e, "", value) for e in error.errors(include_url=False)]
