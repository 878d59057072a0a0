"""From YAML text to a plain tree that knows the line and column of every key and value.

YAML 1.2 as ruamel reads it (so `no` is a word and `1e-3` a number), with what a scenario never needs taken
away: anchors, aliases, tags other than `!reset`, several documents, and files large or deep enough to be an
attack. Everything wrong in a file is collected before anything is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from scenarios.problems import COMMAND_LINE, Problem, ProblemsError, Spot, path_text

MAX_BYTES: Final = 256 * 1024
MAX_NODES: Final = 20_000
MAX_DEPTH: Final = 12

type Path_ = tuple[str | int, ...]
type Events = Iterator[Any]

_WIDE_COLON = re.compile(r"""^[^#'"]*?：""")
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")}


class Reset:
    """The value `!reset`: take away what the layers below have set."""

    def __repr__(self) -> str:
        return "!reset"

    def __reduce__(self) -> str:
        return "RESET"


RESET: Final = Reset()


@dataclass(frozen=True, slots=True)
class Layer:
    """One file (or the command line) as plain maps, lists and scalars, with the spot of each path.

    keys: where the key of a path stands; values: where its value starts. problems: what is wrong but does not
    keep the rest from being read.
    """

    file: str
    tree: dict[str, Any]
    keys: dict[Path_, Spot] = field(default_factory=dict)
    values: dict[Path_, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def spot(self, path: Path_, of_key: bool = False) -> Spot:
        """The spot of a path, or of its nearest parent."""
        for length in range(len(path), -1, -1):
            for table in (self.keys, self.values) if of_key else (self.values, self.keys):
                if path[:length] in table:
                    return table[path[:length]]
        return Spot(self.file, 1, 1)


def read_file(path: Path, shown_as: str) -> Layer:
    """Read one YAML file. Raises ProblemsError with everything that cannot be read."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise ProblemsError([Problem(shown_as, 1, 1, "", f"cannot be read: {error.strerror}")]) from error
    if size > MAX_BYTES:
        text = f"{size} bytes; a scenario has at most {MAX_BYTES}"
        raise ProblemsError([Problem(shown_as, 1, 1, "", text)])
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text = "not UTF-8 text; save the file as UTF-8"
        raise ProblemsError([Problem(shown_as, line, 1, "", text)]) from error
    return read_text(content, shown_as)


def read_text(content: str, shown_as: str) -> Layer:
    """Read one YAML text whose root is a map. Raises ProblemsError."""
    reader = _Reader(shown_as)
    try:
        tree = reader.document(content)
    except YAMLError as error:
        problems = [*reader.problems, *reader.doubles, _syntax(error, content, shown_as)]
        raise ProblemsError(problems) from error
    if not reader.problems and not isinstance(tree, dict):
        what = "the file is empty" if tree is None else "a scenario is a map of keys, like `name: ...`"
        reader.problem(reader.values.get((), Spot(shown_as, 1, 1)), (), what + _wide_hint(tree))
    if reader.problems:
        raise ProblemsError(reader.problems + reader.doubles)
    return Layer(shown_as, tree, reader.keys, reader.values, reader.doubles)


def read_setting(text: str) -> tuple[tuple[str, ...], Any]:
    """Read one `key=value` of the command line; the value is YAML."""
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not key:
        hint = "write it as key=value, like levers.job_matching=0.9"
        raise ProblemsError([Problem.at(Spot(COMMAND_LINE, 0, 0), text, hint)])
    reader = _Reader(COMMAND_LINE, in_file=False)
    try:
        tree = reader.document(value)
    except YAMLError as error:
        raise ProblemsError([Problem.at(Spot(COMMAND_LINE, 0, 0), key, f"{value!r} is not YAML")]) from error
    if problems := reader.problems + reader.doubles:
        raise ProblemsError(Problem.at(Spot(COMMAND_LINE, 0, 0), key, problem.text) for problem in problems)
    return tuple(key.split(".")), tree


class _Reader:
    """Builds the tree from ruamel's events, so that nothing is expanded or constructed on the way."""

    def __init__(self, file: str, in_file: bool = True) -> None:
        self.file, self.in_file = file, in_file
        self.problems: list[Problem] = []
        self.doubles: list[Problem] = []
        self.keys: dict[Path_, Spot] = {}
        self.values: dict[Path_, Spot] = {}
        self.nodes = 0
        self.yaml = YAML(typ="safe", pure=True)

    def problem(self, spot: Spot, path: Path_, text: str) -> None:
        self.problems.append(Problem.at(spot, path_text(path), text))

    def spot(self, event: Any) -> Spot:
        if not self.in_file:
            return Spot(self.file, 0, 0)
        return Spot(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def document(self, content: str) -> Any:
        events = self.yaml.parse(content)
        tree: Any = None
        documents = 0
        try:
            for event in events:
                kind = type(event).__name__
                if kind == "DocumentStartEvent":
                    documents += 1
                    if documents == 2:
                        self.problem(self.spot(event), (), "a second document (`---`); one file holds one scenario")
                        break
                elif kind not in ("StreamStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                    tree = self.node(event, events, (), 0)
        except _TooMuch as stop:
            self.problem(stop.spot, (), str(stop))
        return tree

    def node(self, event: Any, events: Events, path: Path_, depth: int) -> Any:
        spot = self.spot(event)
        self.values[path] = spot
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _TooMuch(spot, f"more than {MAX_NODES} values; a scenario is a page or two")
        if depth > MAX_DEPTH:
            raise _TooMuch(spot, f"nested more than {MAX_DEPTH} deep")
        kind = type(event).__name__
        if kind == "AliasEvent":
            self.problem(spot, path, f"the alias *{event.anchor} is not followed; write the value here again")
            return None
        if event.anchor is not None:
            self.problem(spot, path, f"the anchor &{event.anchor} is not read; write the value where it is used")
        if kind == "ScalarEvent":
            return self.scalar(event, spot, path)
        tag = self.tag_of(event)
        if tag is not None and tag not in _PLAIN_TAGS:
            self.problem(spot, path, f"the tag {_shown(tag)} is not read; only !reset is")
        return self.sequence(events, path, depth) if kind == "SequenceStartEvent" else self.mapping(events, path, depth)

    def sequence(self, events: Events, path: Path_, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self.node(event, events, (*path, len(items)), depth + 1))
        return items

    def mapping(self, events: Events, path: Path_, depth: int) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            spot = self.spot(event)
            key = self.key(event, events, path, depth)
            again = key in tree
            value = self.node(next(events), events, (*path, f"{key} (again)" if again else key), depth + 1)
            if again:
                first = self.keys[(*path, key)].line
                text = f"written twice; the first is in line {first}"
                self.doubles.append(Problem.at(spot, path_text((*path, key)), text))
                continue
            self.keys[(*path, key)] = spot
            tree[key] = value
        return tree

    def key(self, event: Any, events: Events, path: Path_, depth: int) -> str:
        if type(event).__name__ != "ScalarEvent":
            self.node(event, events, (*path, "?"), depth + 1)
            self.problem(self.spot(event), path, "a key is one word")
            return f"?{self.nodes}"
        if event.value == "<<" and event.style is None:
            self.problem(self.spot(event), path, "the merge key << is not read; use extends or mix")
        elif event.anchor is not None or self.tag_of(event) is not None:
            self.problem(self.spot(event), path, "a key has no anchor and no tag")
        return str(event.value)

    def scalar(self, event: Any, spot: Spot, path: Path_) -> Any:
        tag = self.tag_of(event)
        if tag == "!reset":
            if event.value:
                self.problem(spot, path, "!reset stands alone; it takes no value")
            return RESET
        if tag is None:
            tag = str(self.yaml.resolver.resolve(ScalarNode, event.value, event.implicit))
        elif tag not in _PLAIN_TAGS:
            self.problem(spot, path, f"the tag {_shown(tag)} is not read; only !reset is")
            return None
        return self.plain(tag.rpartition(":")[2], event.value, spot, path)

    def plain(self, kind: str, text: str, spot: Spot, path: Path_) -> Any:
        """Scalars as plain Python: dates stay the words they are, numbers are finite."""
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2] in ("0x", "0o") else 10)
                case "float":
                    number = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
                    if math.isfinite(number):
                        return number
                    self.problem(spot, path, f"{text} is not a finite number")
                    return None
        except ValueError:
            self.problem(spot, path, f"{text} is not a number")
            return None
        return str(text)

    def tag_of(self, event: Any) -> str | None:
        return None if event.ctag is None else str(event.ctag)


class _TooMuch(Exception):
    def __init__(self, spot: Spot, text: str) -> None:
        super().__init__(text)
        self.spot = spot


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _wide_hint(value: Any) -> str:
    return "; `：` is a full-width colon, write `:` and a space" if isinstance(value, str) and "：" in value else ""


def _syntax(error: YAMLError, content: str, file: str) -> Problem:
    """One sentence for what the parser could not read, where the cause is rather than where it gave up."""
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    line = mark.line + 1 if mark else getattr(error, "line", 0) + 1
    column = mark.column + 1 if mark else 1
    lines = content.splitlines()
    for number, text in enumerate(lines[:line], start=1):
        found = _WIDE_COLON.match(text)
        if found and ": " not in found.group():
            return Problem(file, number, found.end(), "", "`：` is a full-width colon; write `:` and a space")
    if line <= len(lines) and "\t" in lines[line - 1][: column + 1]:
        at = lines[line - 1].index("\t") + 1
        return Problem(file, line, at, "", "a tab stands where YAML wants spaces")
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(file, line, column, "", f"not YAML: {said}")
