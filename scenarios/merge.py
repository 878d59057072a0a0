"""Layers of files into one tree: base < extends < mix < set < command line.

Maps merge, everything else replaces, lists replace whole, `!reset` deletes. There is no other rule. Each
value keeps the spot where it was written, and each path the chain of all that was ever written there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scenarios.loader import RESET, Layer, Path_, read_setting
from scenarios.problems import COMMAND_LINE, Problem, ProblemsError, Spot, path_text


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing written about one path: by which layer, where, and what (plain, or "!reset")."""

    layer: str
    spot: Spot
    value: Any


@dataclass(slots=True)
class Merged:
    """The tree so far, the spots of its paths, and all that was ever written, in order."""

    tree: dict[str, Any] = field(default_factory=dict)
    keys: dict[Path_, Spot] = field(default_factory=dict)
    values: dict[Path_, Spot] = field(default_factory=dict)
    history: list[tuple[Path_, Origin]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def spot(self, path: Path_, of_key: bool = False) -> Spot:
        """The spot of a path, or of its nearest parent."""
        first, second = (self.keys, self.values) if of_key else (self.values, self.keys)
        for length in range(len(path), 0, -1):
            for table in (first, second):
                if path[:length] in table:
                    return table[path[:length]]
        return Spot(COMMAND_LINE, 0, 0)

    def has(self, path: Path_) -> bool:
        """Whether something is written at exactly this path."""
        return path in self.values

    def lay(self, layer: Layer, name: str) -> None:
        """Put a layer on top. `name` says in explanations which of the five it is."""
        self._lay_map(self.tree, layer.tree, (), layer, name)

    def _lay_map(self, below: dict[str, Any], above: dict[str, Any], path: Path_, layer: Layer, name: str) -> None:
        for key, value in above.items():
            here = (*path, key)
            if value is RESET:
                self._reset(below, key, here, layer, name)
                continue
            if not (isinstance(value, dict) and isinstance(below.get(key), dict)):
                self._forget(here)
                below[key] = {} if isinstance(value, dict) else value
            self.keys[here] = layer.spot(here, of_key=True)
            self.values[here] = layer.spot(here)
            if isinstance(value, dict):
                self._lay_map(below[key], value, here, layer, name)
            else:
                self._take(value, here, layer, name)

    def _take(self, value: Any, here: Path_, layer: Layer, name: str) -> None:
        """Remember a number, word or list, and the spots inside it."""
        if isinstance(value, list):
            for table, source in ((self.keys, layer.keys), (self.values, layer.values)):
                table.update({path: spot for path, spot in source.items() if _starts(path, here)})
            if _holds_reset(value):
                self._nothing(layer.spot(here), here)
        self.history.append((here, Origin(name, layer.spot(here), plain(value))))

    def _reset(self, below: dict[str, Any], key: str, here: Path_, layer: Layer, name: str) -> None:
        if key not in below:
            self._nothing(layer.spot(here), here)
            return
        self.history.append((here, Origin(name, layer.spot(here), "!reset")))
        self._forget(here)
        del below[key]

    def _nothing(self, spot: Spot, here: Path_) -> None:
        self.problems.append(Problem.at(spot, path_text(here), "there is nothing here to !reset"))

    def _forget(self, here: Path_) -> None:
        for table in (self.keys, self.values):
            if here not in table:
                # Nothing lies below what was never written.
                continue
            for path in [path for path in table if _starts(path, here)]:
                del table[path]


def expand(layer: Layer) -> tuple[Layer, list[Problem]]:
    """The same layer with dotted keys written as nested maps."""
    wide = Layer(layer.file, {})
    problems = list(layer.problems)
    _expand_map(layer.tree, (), (), layer, wide, problems)
    return wide, problems


def _expand_map(
    tree: dict[str, Any], old: Path_, new: Path_, layer: Layer, wide: Layer, problems: list[Problem]
) -> None:
    for key, value in tree.items():
        here, there = (*old, key), new
        node: Any = _at(wide.tree, new)
        steps = key.split(".")
        for count, step in enumerate(steps, start=1):
            there = (*there, step)
            last = count == len(steps)
            if not isinstance(node.get(step, {}), dict) or (last and step in node and not isinstance(value, dict)):
                first = wide.keys[there].line
                text = f"written twice; the first is in line {first}"
                problems.append(Problem.at(layer.spot(here, of_key=True), path_text(there), text))
                break
            wide.keys.setdefault(there, layer.spot(here, of_key=True))
            wide.values.setdefault(there, layer.spot(here))
            if last and not isinstance(value, dict):
                node[step] = value
                _copy_spots(layer, wide, here, there)
            else:
                node = node.setdefault(step, {})
        else:
            if isinstance(value, dict):
                _expand_map(value, here, there, layer, wide, problems)


def _at(tree: dict[str, Any], path: Path_) -> dict[str, Any]:
    node: Any = tree
    for step in path:
        node = node[step]
    return node


def _copy_spots(layer: Layer, wide: Layer, here: Path_, there: Path_) -> None:
    for source, target in ((layer.keys, wide.keys), (layer.values, wide.values)):
        for path, spot in source.items():
            if len(path) > len(here) and path[: len(here)] == here:
                target[there + path[len(here) :]] = spot


def command_line(settings: Iterable[str]) -> tuple[list[Layer], list[Problem]]:
    """One layer for each `key=value`; levers and params go under `set`, where files write them."""
    layers: list[Layer] = []
    problems: list[Problem] = []
    for setting in settings:
        try:
            steps, value = read_setting(setting)
        except ProblemsError as error:
            problems += error.problems
            continue
        path: tuple[str, ...] = ("set", *steps) if steps[0] in ("levers", "params") else steps
        tree: Any = value
        for step in reversed(path):
            tree = {step: tree}
        spot = Spot(COMMAND_LINE, 0, 0)
        spots: dict[Path_, Spot] = {path[:length]: spot for length in range(1, len(path) + 1)}
        layers.append(Layer(COMMAND_LINE, tree, dict(spots), dict(spots)))
    return layers, problems


def settings_of(layer: Layer) -> dict[tuple[str, str], Spot]:
    """The levers and parameters a layer sets, with the spot of each key."""
    found = {}
    chosen = layer.tree.get("set")
    for kind, entries in (chosen if isinstance(chosen, dict) else {}).items():
        for key in entries if isinstance(entries, dict) else ():
            found[kind, key] = layer.spot(("set", kind, key), of_key=True)
    return found


def _starts(path: Path_, beginning: Path_) -> bool:
    return path[: len(beginning)] == beginning


def plain(value: Any) -> Any:
    """A value as text and numbers only, for records."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case _:
            return "!reset" if value is RESET else value


def _holds_reset(value: Any) -> bool:
    match value:
        case list():
            return any(item is RESET or _holds_reset(item) for item in value)
        case dict():
            return any(_holds_reset(item) for item in value.values() if item is not RESET)
        case _:
            return False
