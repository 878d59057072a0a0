"""Everything that can be wrong with a merged scenario, found in one pass, and what is right, resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.spec.params import DERIVED
from model.spec.registry import REGISTRY
from model.spec.types import Lever, Text
from model.world.datafiles import data_root
from scenarios import library
from scenarios.fields import number_text, read_lever, read_param
from scenarios.kinds import Complaint, Path_, is_month
from scenarios.places import Ground, load_ground
from scenarios.problems import Problem, did_you_mean, path_text
from scenarios.schedule import DATED, Setting, apply, month_text, ordinal
from scenarios.schema import HEADER, OWN, read_fields
from scenarios.select import SelectorError, select

__all__ = ["Found", "check", "ordinal"]


@dataclass(slots=True)
class Found:
    """What a check found: problems, and all that is right."""

    problems: list[Problem]
    title: Text = field(default_factory=lambda: Text(en="", zh=""))
    header: dict[str, Any] = field(default_factory=dict)
    levers: dict[str, tuple[Setting, ...]] = field(default_factory=dict)
    params: dict[str, float] = field(default_factory=dict)


def check(read: library.Stack) -> Found:
    """Check a scenario that was read and merged."""
    return _Check(read).found()


class _Check:
    def __init__(self, read: library.Stack) -> None:
        self.read = read
        self.merged = read.merged
        self.result = Found(list(read.merged.problems))

    def found(self) -> Found:
        self.own()
        self.header()
        chosen = self.merged.tree.get("set", {})
        if self.is_map(chosen, ("set",)):
            for kind in chosen:
                if kind not in ("levers", "params"):
                    self.problem(("set", kind), self._stray(kind))
            ground = self.ground()
            for key, value in self.entries(chosen, "levers"):
                self.lever(key, value, ground)
            for key, value in self.entries(chosen, "params"):
                self.param(key, value)
        return self.result

    def problem(self, path: Path_, text: str) -> None:
        self.result.problems.append(Problem.at(self.merged.spot(path, of_key=True), path_text(path), text))

    def complain(self, below: Path_, complaints: Iterable[Complaint]) -> None:
        for path, text in complaints:
            self.problem((*below, *path), text)

    def is_map(self, value: object, path: Path_) -> bool:
        if isinstance(value, dict):
            return True
        wide = isinstance(value, str) and "：" in value
        hint = "; `：` is a full-width colon, write `:` and a space" if wide else ""
        spot = self.merged.spot(path)
        self.result.problems.append(Problem.at(spot, path_text(path), f"a map of keys is meant{hint}"))
        return False

    def entries(self, chosen: dict[str, Any], kind: str) -> list[tuple[str, Any]]:
        entries = chosen.get(kind, {})
        return list(entries.items()) if self.is_map(entries, ("set", kind)) else []

    # ---- the head of the file ---------------------------------------------------------------------------------

    def own(self) -> None:
        """Name and title belong to the file itself; what it extends and mixes was read before."""
        top = self.read.top
        texts: dict[str, object] = {key: top.tree[key] for key in ("name", "title") if key in top.tree}
        good, complaints = read_fields(OWN, texts)
        for path, text in complaints:
            self.result.problems.append(Problem.at(top.spot(path, of_key=True), path_text(path), text))
        words = good.get("title") or good.get("name") or self.read.name
        self.result.title = Text(en=words, zh=words) if isinstance(words, str) else Text(en=words.en, zh=words.zh)

    def header(self) -> None:
        tree = {key: value for key, value in self.merged.tree.items() if key != "set"}
        for key in [key for key in tree if key not in HEADER]:
            self.problem((key,), self._stray(key))
            del tree[key]
        for key in [key for key in HEADER if key not in tree]:
            spots = [origin.spot for path, origin in self.merged.history if path == (key,)]
            self.result.problems.append(Problem.at(spots[-1], key, "cannot do without a value"))
        header, complaints = read_fields(HEADER, tree)
        self.complain((), complaints)
        self.result.header = header
        if header.get("start", 0) > header.get("end", 10**6):
            self.problem(("end",), f"{month_text(header['end'])} is before the start {month_text(header['start'])}")
        known = library.names("futures")
        if header.get("future", known[0]) not in known:
            text = "unknown future" + did_you_mean(header["future"], known, f"; there are {', '.join(known)}")
            self.problem(("future",), text)

    def _stray(self, key: str) -> str:
        for kind, declared in (("levers", REGISTRY.levers), ("params", REGISTRY.params)):
            if key in declared:
                return f"unknown key; a {kind.rstrip('s')} is set as {kind}.{key}, under `set`"
            if key == kind:
                return f"unknown key; {kind} stand under `set`"
        known = [*library.OWN_KEYS, *HEADER, "set"]
        return "unknown key" + did_you_mean(key, known, f"; there are {', '.join(known)}")

    def ground(self) -> Ground | None:
        """The prefecture, or None where it is not known; then places are not checked."""
        key = self.result.header.get("prefecture")
        if key is None:
            return None
        folders = sorted(path.parent.name for path in (data_root() / "prefectures").glob("*/prefecture.json"))
        if key not in folders:
            text = "unknown prefecture" + did_you_mean(key, folders, f"; there are {', '.join(folders)}")
            self.problem(("prefecture",), text)
            return None
        ground = load_ground(key)
        first = ground.prefecture.reference_month
        start = self.result.header.get("start")
        if start is not None and month_text(start) != first:
            self.problem(("start",), f"{month_text(start)} is not the month of the start state; it is {first}")
        return ground

    # ---- levers and parameters --------------------------------------------------------------------------------

    def param(self, key: str, value: object) -> None:
        path = ("set", "params", key)
        if key in DERIVED:
            self.problem(path, f"is computed as {DERIVED[key]} and cannot be set")
        elif key not in REGISTRY.params:
            self.problem(path, "unknown parameter" + did_you_mean(key, REGISTRY.params))
        else:
            number, complaints = read_param(key, value)
            self.complain(path, complaints)
            if number is not None:
                self.result.params[key] = number

    def lever(self, key: str, value: object, ground: Ground | None) -> None:
        path = ("set", "levers", key)
        if key not in REGISTRY.levers:
            self.problem(path, "unknown lever" + did_you_mean(key, REGISTRY.levers))
            return
        before = len(self.result.problems)
        settings, complaints = read_lever(key, value)
        self.complain(path, complaints)
        items: list[tuple[Path_, Any]] = [(path, value)]
        if isinstance(value, list):
            items = [((*path, index), item) for index, item in enumerate(value)]
        for place, item in items:
            if isinstance(item, dict):
                self.dates(item, place)
                if ground is not None:
                    self.where(item.get("where"), (*place, "where"), ground)
        dated = {"start", "end"} <= self.result.header.keys()
        if ground is not None and dated and len(self.result.problems) == before:
            self.reach(REGISTRY.levers[key], settings, [place for place, _ in items], ground)
        self.result.levers[key] = settings

    def where(self, expression: object, path: Path_, ground: Ground) -> None:
        if isinstance(expression, str) and expression.strip():
            try:
                select(expression, ground.table)
            except SelectorError as error:
                self.problem(path, str(error))

    def dates(self, item: dict[str, Any], path: Path_) -> None:
        """Months as written, so that a wrong number beside them hides nothing."""
        start = self.result.header.get("start")
        if start is None:
            return
        dated = [(key, item[key]) for key in DATED if isinstance(item.get(key), dict)] or [("", item)]
        begins = start
        for key, months in [*dated, ("from", item.get("from"))]:
            firsts = [m for m in (months if isinstance(months, dict) else [months]) if is_month(m)]
            if firsts:
                begins = ordinal(min(firsts))
                if begins < start:
                    at = (*path, key) if key else path
                    self.problem(at, f"{month_text(begins)} is before the scenario starts ({month_text(start)})")
        last = item.get("to")
        if is_month(last) and ordinal(last) < begins:
            self.problem((*path, "to"), f"{last} is before it begins ({month_text(begins)})")

    def reach(self, lever: Lever, settings: tuple[Setting, ...], places: list[Path_], ground: Ground) -> None:
        """Lay the settings one by one: which places are meant, and does the result stay within the limits."""
        start, end = self.result.header["start"], self.result.header["end"]
        practice, share = ground.practice(lever), ground.share(lever)
        path = np.tile(practice, (max(end - start + 1, 0), 1))
        for setting, place in zip(settings, places):
            rows = apply(setting, path, practice, ground.mask(setting), share, start)
            made = path[rows] if share is None else path[rows].sum(axis=1, keepdims=True)
            text = _outside(made, lever)
            if text:
                at = (*place, setting.kind)
                self.problem(at if self.merged.has(at) else place, text)
                return


def _outside(made: np.ndarray, lever: Lever) -> str | None:
    """What to say when a lever would leave its limits, else None."""
    low, high = lever.bounds
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    if made.size == 0 or (made.min() >= low - slack and made.max() <= high + slack):
        return None
    side, limit, worst = ("above", high, made.max()) if made.max() > high + slack else ("below", low, made.min())
    allowed = f"{number_text(low)} to {number_text(high)} {lever.unit}"
    total = " in the whole prefecture" if lever.apportion else ""
    amount = number_text(float(f"{worst:.6g}"))
    return f"makes {amount}{total}, {side} the limit {number_text(limit)} (allowed {allowed})"
