"""One read-only index over everything that is declared, with a helpful answer to a misspelt key."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

from model.spec.columns import HOUSEHOLDS, MARKETS, PLACES, RESIDENTS
from model.spec.indicators import INDICATORS
from model.spec.levers import LEVERS
from model.spec.params import PARAMS, Params, param_values
from model.spec.states import CHANNELS, QUANTITIES, STATES, ChannelState
from model.spec.types import Column, Indicator, Lever, Param, Text


class UnknownKey(KeyError):
    """A key that is not declared; the message names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class Index[T](Mapping[str, T]):
    """A frozen mapping from key to declaration that answers a wrong key with the nearest right ones."""

    __slots__ = ("_items", "kind")

    def __init__(self, kind: str, items: Mapping[str, T]) -> None:
        self.kind = kind
        self._items = MappingProxyType(dict(items))

    def __getitem__(self, key: str) -> T:
        try:
            return self._items[key]
        except KeyError:
            near = " or ".join(self.nearest(key))
            hint = f"; did you mean {near}?" if near else ""
            raise UnknownKey(f"unknown {self.kind} {key!r}{hint}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return Index, (self.kind, dict(self._items))

    def nearest(self, key: str, n: int = 2) -> tuple[str, ...]:
        """Up to `n` declared keys that look like `key`, best first."""
        return tuple(difflib.get_close_matches(key, self._items, n=n, cutoff=0.6))


@dataclass(frozen=True, slots=True)
class Registry:
    """Levers, parameters, indicators, columns (as `table.key`) and channel states by key."""

    levers: Index[Lever]
    params: Index[Param]
    indicators: Index[Indicator]
    columns: Index[Column]
    states: Index[ChannelState]
    channels: Index[Text]
    quantities: Index[Text]

    def nearest(self, kind: str, key: str) -> tuple[str, ...]:
        """Declared keys of `kind` (`levers`, `params`, ...) that look like `key`, best first."""
        index: Index[Any] = getattr(self, kind)
        return index.nearest(key)

    def param_values(self, overrides: Mapping[str, float] | None = None) -> Params:
        """Defaults with `overrides` as a frozen vector; derived values computed.

        Raises UnknownKey for a key that is not declared.
        """
        for key in overrides or {}:
            self.params[key]
        return param_values(overrides)

    def digest(self) -> str:
        """One hash over every declaration; changes when any of them does."""
        text = "\n".join(
            f"{index.kind} {key} {_plain(index[key])}"
            for index in (self.levers, self.params, self.indicators, self.columns, self.states)
            for key in index
        )
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(declared: Any) -> str:
    return repr(sorted(asdict(declared).items()))


def _unique[T](kind: str, items: tuple[T, ...], name: str = "key") -> Index[T]:
    """An index of declarations. Raises ValueError where a key is declared twice."""
    found: dict[str, T] = {}
    for item in items:
        key = getattr(item, name)
        if key in found:
            raise ValueError(f"{kind} {key!r} is declared twice")
        found[key] = item
    return Index(kind, found)


REGISTRY: Final = Registry(
    levers=_unique("lever", LEVERS),
    params=Index("parameter", PARAMS),
    indicators=_unique("indicator", INDICATORS),
    columns=Index("column", {f"{c.table}.{c.key}": c for c in RESIDENTS + HOUSEHOLDS + PLACES + MARKETS}),
    states=_unique("state", STATES),
    channels=Index("channel", CHANNELS),
    quantities=Index("quantity", QUANTITIES),
)
