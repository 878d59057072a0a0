"""The name of a member: a digest of everything its result depends on, and of nothing else.

A result is a pure function of the compiled input, the sources under `model/` and the data files. Titles,
comments, the number of seeds and the way a scenario was put together change no result and are left out:
what of a scenario matters is, after compilation, in the arrays. So the same future under two names, or one
of eight seeds beside the same one of twenty, is lived once.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from runs.paths import ROOT

SCHEMA: Final = 1
MEMBER_BYTES: Final = 16
SHORT: Final = 8
_SEED: Final = "the seed stands here"


class NotCanonical(TypeError):
    """A value that has no single text: not a number, a set, or an object of unknown kind."""


def canonical(value: Any) -> Any:
    """A value as plain JSON in one form only. Arrays become their type, shape and digest.

    Mappings are ordered by key, floats are written so that they read back exactly, and nothing depends on
    hash order. Raises NotCanonical for values that are not finite or not known.
    """
    if isinstance(value, np.ndarray):
        return array_digest(value)
    if isinstance(value, np.generic):
        return canonical(value.item())
    if isinstance(value, enum.Enum):
        return canonical(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotCanonical(f"{value} in an input")
        return {"float": value.hex()}
    if isinstance(value, Path):
        return value.as_posix()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: canonical(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("a mapping whose keys are not text")
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    raise NotCanonical(f"an object of type {type(value).__name__}")


def canonical_json(value: Any) -> str:
    """One text for one value, the same in every process."""
    return json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Any, size: int = MEMBER_BYTES) -> str:
    """BLAKE2b of the canonical JSON, as hexadecimal text of 2 * size characters."""
    return _hexadecimal(canonical_json(value), size)


def _hexadecimal(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def array_digest(array: np.ndarray) -> dict[str, Any]:
    """Type, shape and BLAKE2b of the bytes, in C order and little endian."""
    if array.dtype.hasobject:
        raise NotCanonical("an array of objects")
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return {
        "array": hashlib.blake2b(little.tobytes(), digest_size=MEMBER_BYTES).hexdigest(),
        "dtype": little.dtype.str,
        "shape": list(array.shape),
    }


def files_digest(paths: list[Path], root: Path) -> str:
    """BLAKE2b over names below `root` and contents of files; line ends of Windows count as those of others."""
    total = hashlib.blake2b(digest_size=MEMBER_BYTES)
    for path in sorted(paths, key=lambda p: p.relative_to(root).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def sources_digest(folder: Path = ROOT / "model") -> str:
    """Digest of every Python file under `model/`, as they are now."""
    return files_digest(list(folder.rglob("*.py")), folder)


def member(model_input: Any, *, sources: str, data: str) -> str:
    """The identity of one member.

    model_input: the compiled ModelInput; its arrays, parameters, seed and scale all count.
    sources, data: digests of the code and of the data files it reads.
    """
    return members(model_input, (model_input.seed,), sources=sources, data=data)[0]


def members(
    model_input: Any, seeds: Iterable[int], *, sources: str, data: str,
    params: Iterable[Mapping[str, float]] | None = None,
) -> list[str]:
    """The identities of members that differ in their seed only, or in seed and parameters; the rest is digested once.

    params: the parameters of each seed, if they are not those of `model_input`.
    """
    content = canonical({"schema": SCHEMA, "input": model_input, "sources": sources, "data": data})
    content["input"]["seed"] = _SEED
    before, _, after = canonical_json(content).partition(json.dumps(_SEED))
    if params is None:
        return [_hexadecimal(f"{before}{seed}{after}", MEMBER_BYTES) for seed in seeds]
    own = canonical_json(model_input.params)
    at = before.rindex(own)
    head, tail = before[:at], before[at + len(own) :]
    return [
        _hexadecimal(f"{head}{canonical_json(values)}{tail}{seed}{after}", MEMBER_BYTES)
        for seed, values in zip(seeds, params, strict=True)
    ]


def experiment(scenarios: Mapping[str, list[str]]) -> str:
    """The short name of an experiment: scenario names in their order and the members of each."""
    return digest_of({"schema": SCHEMA, "scenarios": [[name, ids] for name, ids in scenarios.items()]}, SHORT // 2)
