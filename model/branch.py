"""Futures that share a past: the common months are lived once, then each future goes on from a copy of the world.

What comes from outside the world enters month by month (levers and drivers; phases look at this month and earlier ones,
never ahead), so two inputs that are equal up to a month make the same world up to it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from copy import copy
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import numpy as np

from model.inputs import ModelInput
from model.recorder import Recorder
from model.results import Results
from model.simulate import live_month
from model.state.world import World
from model.world.start import start_world

DECLARED: Final = "model.spec."
"""Instances of classes of these modules are declarations: no run changes them."""
FIXED: Final = (
    type(None), bool, int, float, complex, str, bytes, np.generic, np.dtype, Enum, range, slice, frozenset, type,
    FunctionType, BuiltinFunctionType, MethodType, ModuleType,
)

type Group = list[int]


def start_key(made: ModelInput) -> tuple[Any, ...]:
    """Inputs with equal keys begin in the same world; their levers, and drivers after month 0, may differ."""
    drivers = tuple((key, float(path[0])) for key, path in sorted(made.drivers.items()))
    frame = (made.prefecture, made.start_ordinal, made.n_months, made.scale, made.seed, tuple(sorted(made.levers)))
    return *frame, drivers, tuple(sorted(made.params.items()))


def together(inputs: Sequence[ModelInput], *, checked: bool = False) -> Iterator[tuple[int, Results]]:
    """Live inputs of one `start_key`; yields (number in `inputs`, results) as each is finished.

    The results are those of `simulate`, byte for byte. Raises ValueError when the inputs begin differently.
    """
    if len({start_key(made) for made in inputs}) > 1:
        raise ValueError("inputs that do not begin in the same world cannot share months")
    if inputs:
        world = start_world(inputs[0])
        yield from _go_on(inputs, list(range(len(inputs))), world, Recorder(world), 0, checked)


def _go_on(
    inputs: Sequence[ModelInput], group: Group, world: World, recorder: Recorder, month: int, checked: bool
) -> Iterator[tuple[int, Results]]:
    """Live a group that is one world until `month`; where it parts, each part but the last gets a copy."""
    world.input = first = inputs[group[0]]
    until = min((first_difference(first, inputs[i], month) for i in group[1:]), default=first.n_months)
    for index in range(month, until):
        live_month(world, recorder, index, checked=checked)
    if until == first.n_months:
        results = recorder.results(world)
        yield from ((i, results) for i in group)
        return
    parts: dict[bytes, Group] = {}
    for i in group:
        parts.setdefault(_month_of(inputs[i], until), []).append(i)
    *others, last = parts.values()
    for part in others:
        yield from _go_on(inputs, part, *branch(world, recorder), until, checked)
    yield from _go_on(inputs, last, world, recorder, until, checked)


def _month_of(made: ModelInput, month: int) -> bytes:
    """What comes from outside in one month."""
    paths = [made.levers[key] for key in sorted(made.levers)] + [made.drivers[key] for key in sorted(made.drivers)]
    return b"".join(path[month].tobytes() for path in paths)


def first_difference(one: ModelInput, two: ModelInput, since: int = 0) -> int:
    """The first month from `since` on in which a lever or a driver differs; `n_months` when none does."""
    first = one.n_months
    for left, right in ((one.levers, two.levers), (one.drivers, two.drivers)):
        for key, path in left.items():
            other = right[key]
            if path is other:
                continue
            differs = path[since:first] != other[since:first]
            if differs.any():
                rows = differs.reshape(differs.shape[0], -1).any(axis=1)
                first = since + int(rows.argmax())
    return first


def branch(world: World, recorder: Recorder) -> tuple[World, Recorder]:
    """A copy of both that shares nothing that a month can change.

    Shared: the input, the prefecture, parameters and declarations. Arrays that look into one another do so in the
    copy. Nobody watches the copy.
    """
    shared = (world.input, world.prefecture, world.p, world.watch)
    memo: dict[int, Any] = {id(x): x for x in shared}
    other, recorded = copied((world, recorder), memo, [])
    other.watch = None
    return other, recorded


def copied(x: Any, memo: dict[int, Any], kept: list[Any]) -> Any:
    """A deep copy; memo: id -> copy of what was met before, kept: what must not be freed while ids are compared."""
    if isinstance(x, FIXED) or type(x).__module__.startswith(DECLARED):
        return x
    if id(x) in memo:
        return memo[id(x)]
    kept.append(x)
    made: Any
    if isinstance(x, np.ndarray):
        memo[id(x)] = made = _array(x, memo, kept)
    elif isinstance(x, tuple):
        items = [copied(y, memo, kept) for y in x]
        memo[id(x)] = made = type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    elif isinstance(x, dict):
        memo[id(x)] = made = copy(x)
        for key, value in x.items():
            made[key] = copied(value, memo, kept)
    elif isinstance(x, list | set):
        memo[id(x)] = made = type(x)(copied(y, memo, kept) for y in x)
    else:
        memo[id(x)] = made = object.__new__(type(x))
        for name, value in _attributes(x):
            object.__setattr__(made, name, copied(value, memo, kept))
    return made


def _array(x: np.ndarray, memo: dict[int, Any], kept: list[Any]) -> np.ndarray:
    """A copy; a view of another array becomes the same view of that array's copy."""
    whole = x.base
    if not (isinstance(whole, np.ndarray) and whole.flags.c_contiguous):
        return np.array(x, order="K", subok=False)
    offset = x.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    buffer: Any = copied(whole, memo, kept)
    made: np.ndarray = np.ndarray(x.shape, x.dtype, buffer, offset, x.strides)
    return made


def _attributes(x: Any) -> Iterator[tuple[str, Any]]:
    """Every attribute that is set, in `__slots__` or in `__dict__`."""
    if dataclasses.is_dataclass(x):
        names = {field.name for field in dataclasses.fields(x)}
    else:
        names = {name for kind in type(x).__mro__ for name in getattr(kind, "__slots__", ())}
    for name in sorted(names - {"__dict__", "__weakref__"}):
        if hasattr(x, name):
            yield name, getattr(x, name)
    for name, value in getattr(x, "__dict__", {}).items():
        if name not in names:
            yield name, value
