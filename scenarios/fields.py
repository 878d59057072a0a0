"""The values a scenario may hold: numbers in a unit, schedules of levers, and parameters.

Each declared lever and parameter gives one strict kind, so a new one is accepted, checked and documented on the
day it is declared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from model.spec.registry import REGISTRY
from model.spec.types import Lever, Param
from model.spec.units import UnitError, unit
from scenarios.kinds import (
    MONTH,
    WORDS,
    Complaint,
    Kind,
    Path_,
    Wrong,
    by_month,
    fields,
    list_of,
    one_of,
    scalar,
    shared,
)
from scenarios.schedule import CONSTANT, DATED, KINDS, Setting

_NUMBER: Final = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


def number_text(number: float) -> str:
    """A number as people write it."""
    return format(number, ".10g")



def read_number(value: object) -> float:
    if value is None:
        raise Wrong("no value; write one or leave the key out")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{value} is not a number" if isinstance(value, str) else "a number is meant")
    return float(value)


def limited(number: float, limits: tuple[float, float], what: str = "") -> float:
    low, high = limits
    if low <= number <= high:
        return number
    side, limit = ("below", low) if number < low else ("above", high)
    allowed = f"{number_text(low)} to {number_text(high)} {what}".strip()
    raise Wrong(f"{number_text(number)} is {side} the limit {number_text(limit)} (allowed {allowed})")


def _in_unit(value: object, unit_text: str) -> float:
    """A bare number, or `600 dwelling/year` in exactly the unit that is declared."""
    if not isinstance(value, str):
        return read_number(value)
    match = _NUMBER.fullmatch(value)
    if match is None:
        raise Wrong(f"{value} is not a number; write it in {unit_text}")
    number, written = float(match.group(1)), match.group(2)
    if "%" in written or "％" in written:
        share = f", not {value.strip()}; write {number_text(number / 100)}" if "%" not in unit_text else ""
        raise Wrong(f"wrong unit %: shares are written from 0 to 1{share}")
    try:
        same = not written or unit(written).en == unit(unit_text).en
    except UnitError:
        same = False
    if not same:
        raise Wrong(f"wrong unit {written}: this is in {unit_text}")
    return number


def _amount(declared: Lever | Param, limits: tuple[float, float], whole: bool = False) -> Kind:
    """A number in the unit of a lever or parameter and within its limits."""

    def take(value: object) -> float:
        number = limited(_in_unit(value, declared.unit), limits, declared.unit)
        if whole and number != math.floor(number):
            raise Wrong(f"{number_text(number)} is not a whole number")
        return number

    numeric = {"type": "integer" if whole else "number", "minimum": limits[0], "maximum": limits[1]}
    worded = {"type": "string", "pattern": rf"^[-+0-9.eE]+ *{re.escape(declared.unit)}$"}
    return scalar(take, {"anyOf": [numeric, worded], "description": f"{declared.text.en} ({declared.unit})"})


def _change(lever: Lever) -> Kind:
    return scalar(lambda value: _in_unit(value, lever.unit), {"type": ["number", "string"]})


def _factor(value: object) -> float:
    factor = read_number(value)
    if factor < 0:
        raise Wrong(f"{number_text(factor)} times current practice is less than nothing")
    return factor


FACTOR: Final = scalar(_factor, {"type": "number", "minimum": 0})


def _form(value: object) -> str:
    """Which of the four ways of writing a setting is meant."""
    if isinstance(value, list):
        return "list"
    if not isinstance(value, dict):
        return "number"
    return "steps" if value and all(key[:1].isdigit() for key in value) else "item"


@cache
def lever_kind(key: str) -> Kind:
    """Everything a lever may be set to: a number, an item, a list of items, or numbers by date."""
    lever = REGISTRY.levers[key]
    amount = shared(f"Amount_{key}", _amount(lever, lever.bounds, lever.integer))
    dated = by_month(amount)
    item = fields({
        "value": amount, "times": FACTOR, "add": _change(lever), "ramp": dated, "steps": dated,
        "series": list_of(amount), "where": WORDS, "from": MONTH, "to": MONTH,
    }, listed=True)
    item = shared(f"Item_{key}", item)
    return one_of(_form, {"number": amount, "item": item, "list": list_of(item), "steps": dated})


def read_lever(key: str, value: object) -> tuple[tuple[Setting, ...], list[Complaint]]:
    """The settings of a lever, or what is wrong with them (path below the lever, text)."""
    complaints: list[Complaint] = []
    found = lever_kind(key).read(value, (), complaints)
    if complaints:
        return (), complaints
    match _form(value):
        case "number":
            return (Setting(kind="value", numbers=(found,)),), []
        case "steps":
            return (_setting("steps", found, {}),), []
        case "item":
            return _item(found, (), complaints), complaints
    if not found:
        complaints.append(((), "an empty list sets nothing; leave the key out"))
    items = [_item(item, (i,), complaints) for i, item in enumerate(found)]
    return tuple(setting for group in items for setting in group), complaints


def _item(item: Mapping[str, Any], path: Path_, complaints: list[Complaint]) -> tuple[Setting, ...]:
    kinds = [kind for kind in KINDS if kind in item]
    if len(kinds) != 1:
        text = f"{' and '.join(kinds)} cannot stand together" if kinds else f"one of {', '.join(KINDS)} is missing"
        complaints.append((path, text))
        return ()
    kind = kinds[0]
    content = item[kind]
    if kind in (*DATED, "series") and not content:
        complaints.append(((*path, kind), "no number is given"))
        return ()
    if kind in DATED and "from" in item:
        complaints.append(((*path, "from"), f"a {kind} starts at its first date; leave `from` out"))
        return ()
    return (_setting(kind, content, item),)


def _setting(kind: str, content: Any, item: Mapping[str, Any]) -> Setting:
    where, first, last = item.get("where"), item.get("from"), item.get("to")
    if kind in CONSTANT:
        return Setting(kind=kind, numbers=(content,), where=where, first=first, last=last)
    if kind in DATED:
        dates = tuple(sorted(content))
        numbers = tuple(content[date] for date in dates)
        return Setting(kind=kind, numbers=numbers, dates=dates, where=where, first=first, last=last)
    return Setting(kind=kind, numbers=tuple(content), where=where, first=first, last=last)


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
def param_kind(key: str) -> Kind:
    """What a scenario may set a parameter to."""
    param = REGISTRY.params[key]
    return _amount(param, param_limits(param))


def read_param(key: str, value: object) -> tuple[float | None, list[Complaint]]:
    """The number of a parameter, or what is wrong with it."""
    complaints: list[Complaint] = []
    return param_kind(key).read(value, (), complaints), complaints
