"""Kinds of values in a scenario: each reads one value, and says in JSON Schema what it takes.

Reading goes on after a mistake, so that all of them are told at once. Texts are in the words of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from scenarios.problems import did_you_mean
from scenarios.schedule import ordinal

type Path_ = tuple[str | int, ...]
type Complaint = tuple[Path_, str]
type Read = Callable[[object, Path_, list[Complaint]], Any]

MONTH_PATTERN: Final = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
MONTH_WORD: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")


class Wrong(ValueError):
    """A value that cannot be taken, in our own words."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be.

    read: (value, its path, complaints to add to) -> what is meant, or None where something is wrong.
    schema: JSON Schema. named: kinds that the schema refers to as `#/$defs/NAME`.
    """

    read: Read
    schema: Mapping[str, Any]
    named: tuple[tuple[str, Kind], ...] = ()


def scalar(take: Callable[[object], Any], schema: Mapping[str, Any]) -> Kind:
    """One word or number; `take` raises Wrong."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        try:
            return take(value)
        except Wrong as error:
            complaints.append((path, str(error)))
            return None

    return Kind(read, schema)


def list_of(kind: Kind) -> Kind:
    """A list, read into a list."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        if not isinstance(value, list):
            complaints.append((path, "a list is meant"))
            return None
        return [kind.read(item, (*path, index), complaints) for index, item in enumerate(value)]

    return Kind(read, {"type": "array", "items": kind.schema}, kind.named)


def by_month(kind: Kind) -> Kind:
    """Values by month, read into a map of ordinals."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        if not isinstance(value, dict):
            complaints.append((path, not_a_map(value)))
            return None
        return {
            MONTH.read(key, (*path, key), complaints): kind.read(item, (*path, key), complaints)
            for key, item in value.items()
        }

    return Kind(read, {"type": "object", "patternProperties": {MONTH_PATTERN: kind.schema}}, kind.named)


def fields(kinds: Mapping[str, Kind], needed: tuple[str, ...] = (), about: str = "", listed: bool = False) -> Kind:
    """A map of these keys, read into a dict. listed: whether a stray key is answered with all that there are."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        if not isinstance(value, dict):
            complaints.append((path, not_a_map(value)))
            return None
        complaints += [((*path, key), "is missing") for key in needed if key not in value]
        known = list(kinds) if listed else []
        others = f"; there are {', '.join(known)}" if known else ""
        complaints += [
            ((*path, key), "unknown key" + did_you_mean(key, known, others)) for key in value if key not in kinds
        ]
        return {key: kinds[key].read(item, (*path, key), complaints) for key, item in value.items() if key in kinds}

    schema: dict[str, Any] = {
        "type": "object", "additionalProperties": False,
        "properties": {key: kind.schema for key, kind in kinds.items()},
    }
    if needed:
        schema["required"] = list(needed)
    if about:
        schema["description"] = about
    return Kind(read, schema, tuple(named for kind in kinds.values() for named in kind.named))


def one_of(choose: Callable[[object], str], forms: Mapping[str, Kind]) -> Kind:
    """Several ways of writing; `choose` says by its look which of them a value is meant in."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        return forms[choose(value)].read(value, path, complaints)

    named = tuple(named for kind in forms.values() for named in kind.named)
    return Kind(read, {"oneOf": [kind.schema for kind in forms.values()]}, named)


def shared(name: str, kind: Kind) -> Kind:
    """The same kind, written once in the schema under a name."""
    return Kind(kind.read, {"$ref": f"#/$defs/{name}"}, ((name, kind), *kind.named))


def made_by(make: Callable[..., Any], kind: Kind) -> Kind:
    """The same kind; what it read whole becomes `make(**read)`."""

    def read(value: object, path: Path_, complaints: list[Complaint]) -> Any:
        before = len(complaints)
        found = kind.read(value, path, complaints)
        return make(**found) if len(complaints) == before else None

    return Kind(read, kind.schema, kind.named)


def not_a_map(value: object) -> str:
    """What to say where a map of keys should stand."""
    if isinstance(value, str) and "：" in value:
        return "`：` is a full-width colon; write `:` and a space"
    return "no value; write one or leave the key out" if value is None else "a map of keys is meant"


def is_month(value: object) -> TypeGuard[str]:
    """Whether a value is a month, YYYY-MM."""
    return isinstance(value, str) and MONTH_WORD.fullmatch(value) is not None


def _month(value: object) -> int:
    if is_month(value):
        return ordinal(value)
    raise Wrong(f"{value} is not a month; write YYYY-MM, like 2024-07")


def _words(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise Wrong("words are meant" if value is not None else "no value; write one or leave the key out")


MONTH: Final = scalar(_month, {"type": "string", "pattern": MONTH_PATTERN})
WORDS: Final = scalar(_words, {"type": "string", "minLength": 1})
