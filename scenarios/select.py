"""Choosing places by a safe expression over declared columns: `functional_type == 'ecological' and not pilot`.

Comparisons, `and`, `or`, `not`, `in` and parentheses over the columns of the units; read by Python's own parser
and checked against a short list of allowed forms, never evaluated as code.
"""

from __future__ import annotations

import ast
import csv
import operator
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scenarios.problems import did_you_mean

if TYPE_CHECKING:
    from model.world.tables import Prefecture

MAX_LENGTH: Final = 500
_ORDER: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}
_FULL_WIDTH: Final = str.maketrans({c: "" for c in "“”‘’（），＝＞＜"})


class SelectorError(ValueError):
    """A `where` that cannot be read, names an unknown column or place, or chooses nothing."""


def columns(prefecture: Prefecture, quantities: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every column a selector may name, each an array[n_units] of words, numbers or yes/no.

    quantities: counts of people at the start, as `unit_quantities` gives them. kind: `core` for the core unit,
    `county_town` for the counties, `district` for the other districts. Each group of `county_groups.csv` beside the
    plan is a column of yes and no.
    """
    kinds = ["county_town" if level == "county" else "district" for level in prefecture.admin_levels]
    kinds[prefecture.core] = "core"
    return {
        "key": np.array(prefecture.unit_keys),
        "kind": np.array(kinds),
        "admin_level": np.array(prefecture.admin_levels),
        "functional_type": np.array(prefecture.functional_types),
        "pilot": np.asarray(prefecture.pilot, dtype=bool),
        **{name: np.isin(prefecture.unit_keys, members) for name, members in groups(prefecture.plan_folder).items()},
        "area_km2": prefecture.area_km2,
        **quantities,
        "resident_urbanization_rate": quantities["urban_population"] / quantities["resident_population"],
        **prefecture.state,
    }


def groups(plan_folder: Path) -> dict[str, list[str]]:
    """Group of places of the plan -> keys of its members, from `county_groups.csv`; none without that file."""
    path = plan_folder / "county_groups.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["group"]: row["counties"].split("|") for row in csv.DictReader(handle)}


def select(expression: str, table: Mapping[str, np.ndarray], thing: str = "place") -> np.ndarray:
    """bool[n], the places (or people: `thing`) for which it holds. Raises SelectorError; never an empty mask."""
    mask = _truth(parse(expression), table)
    if not mask.any():
        raise SelectorError(f"no {thing} fits")
    return mask


def parse(expression: str) -> ast.expr:
    """The syntax tree of an expression. Raises SelectorError."""
    if len(expression) > MAX_LENGTH:
        raise SelectorError(f"longer than {MAX_LENGTH} characters")
    if not expression.strip():
        raise SelectorError("nothing is chosen; leave `where` out to mean every place")
    if expression != expression.translate(_FULL_WIDTH):
        raise SelectorError("a full-width quote, comma, bracket or sign; write ' ( ) , == > <")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style are not for people who choose places
            return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        hint = "; equality is ==" if _single_equals(expression) else ""
        raise SelectorError(f"cannot be read as a condition{hint}") from error


def canonical(expression: str) -> str:
    """The expression in one spelling, so that spaces and quotes do not make two scenarios of one."""
    return ast.unparse(parse(expression))


def _single_equals(text: str) -> bool:
    return any(
        char == "=" and text[i - 1 : i] not in ("=", "!", "<", ">") and text[i + 1 : i + 2] != "="
        for i, char in enumerate(text)
    )


def _truth(node: ast.expr, table: Mapping[str, np.ndarray]) -> np.ndarray:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return np.logical_and.reduce([_truth(value, table) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            return np.logical_or.reduce([_truth(value, table) for value in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_truth(operand, table)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            sides = [left, *rights]
            parts = [_compare(a, op, b, table) for a, op, b in zip(sides, ops, sides[1:])]
            return np.logical_and.reduce(parts)
        case ast.Name(id=name):
            column = _column(name, table)
            if column.dtype != bool:
                raise SelectorError(f"{name} is not yes or no; compare it with something")
            return column
    raise SelectorError(f"`{ast.unparse(node)}` is not a condition on columns")


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, table: Mapping[str, np.ndarray]) -> np.ndarray:
    if isinstance(op, ast.In | ast.NotIn):
        column, name = _operand(left, table)
        if name is None or not isinstance(right, ast.Tuple | ast.List):
            raise SelectorError("`in` is written column in ('a', 'b')")
        listed = [_constant(item) for item in right.elts]
        for value in listed:
            _same_sort(name, column, value)
        found = np.isin(column, np.array(listed, dtype=column.dtype if column.dtype.kind != "U" else str))
        return ~found if isinstance(op, ast.NotIn) else found
    if type(op) not in _ORDER:
        raise SelectorError("only ==, !=, <, <=, >, >= and in compare")
    (a, name_a), (b, name_b) = _operand(left, table), _operand(right, table)
    if name_a is None and name_b is None:
        raise SelectorError("a comparison names at least one column")
    if name_a is not None and name_b is None:
        _same_sort(name_a, a, b, op)
    elif name_b is not None and name_a is None:
        _same_sort(name_b, b, a, op)
    elif a.dtype.kind != b.dtype.kind and "U" in a.dtype.kind + b.dtype.kind:
        raise SelectorError(f"{name_a} and {name_b} cannot be compared")
    return np.asarray(_ORDER[type(op)](a, b))


def _operand(node: ast.expr, table: Mapping[str, np.ndarray]) -> tuple[Any, str | None]:
    """A column and its name, or a constant and None."""
    if isinstance(node, ast.Name):
        return _column(node.id, table), node.id
    return _constant(node), None


def _constant(node: ast.expr) -> str | float | bool:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    raise SelectorError(f"`{ast.unparse(node)}` is not a column, a number or a quoted word")


def _column(name: str, table: Mapping[str, np.ndarray]) -> np.ndarray:
    if name in table:
        return table[name]
    for holder in ("key", "county"):
        if holder in table and name in table[holder]:
            raise SelectorError(f"{name} is a place, not a column; write {holder} == '{name}'")
    raise SelectorError(f"unknown column {name}" + did_you_mean(name, table))


def _same_sort(name: str, column: np.ndarray, value: str | float | bool, op: ast.cmpop | None = None) -> None:
    """Words with words and numbers with numbers; a word must be one that occurs."""
    if (column.dtype.kind == "U") != isinstance(value, str):
        sort = "words; put what it is compared with in quotes" if column.dtype.kind == "U" else "numbers, not words"
        raise SelectorError(f"{name} holds {sort}")
    if not isinstance(value, str):
        return
    if op is not None and not isinstance(op, ast.Eq | ast.NotEq):
        raise SelectorError(f"{name} holds words, which have no order; use ==, != or in")
    known = sorted(set(column.tolist()))
    if value not in known:
        what = "place" if name == "key" else name
        raise SelectorError(f"unknown {what} '{value}'" + did_you_mean(value, known, f"; there are {', '.join(known)}"))
