"""What a lever has delivered, and the plain ways in which that moves a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.spec.params import Params

MILLION: Final = 1e6
LEAST_STOCK: Final = 0.1
"""Least share of the starting stock that is left when spending is cut for years."""


@dataclass(slots=True)
class Delivered:
    """What one lever has delivered, float64[U], as changes from practice in the lever's unit.

    level: the change in force this month (a level), or this month's change of a yearly flow as a yearly rate.
    step: by how much `level` rose this month (levels only, else 0).
    month: what is delivered this month (flows only: level / 12, else 0).
    stock: all that was delivered so far (levels: `level`).
    practice: current practice by unit.
    """

    level: np.ndarray
    step: np.ndarray
    month: np.ndarray
    stock: np.ndarray
    practice: np.ndarray


type Quantities = Mapping[str, np.ndarray]
type Effect = Callable[[Delivered, Params, Quantities], np.ndarray]
type CostBase = Callable[[Params, Quantities], np.ndarray]


def change(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """The change itself."""
    return d.level


def arriving(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """What arrives this month, in the lever's own things."""
    return d.month


def yuan(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """Yuan this month, from a lever in million yuan a year."""
    return d.month * MILLION


def monthly(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """A yearly amount per head as a monthly one."""
    return d.level / 12.0


def stock_ratio(d: Delivered, p: Params) -> np.ndarray:
    """Stock so far over the stock at the start, 1 at practice; units with no practice stay at 1."""
    start = d.practice * p.public_stock_years
    added = np.divide(d.stock, start, out=np.zeros_like(d.stock), where=start > 0.0)
    return np.maximum(1.0 + added, LEAST_STOCK)


def stock_added(d: Delivered, p: Params, q: Quantities) -> np.ndarray:
    """What arrives this month as a share of the stock at the start; 0 for units with no practice."""
    start = d.practice * p.public_stock_years
    return np.divide(d.month, start, out=np.zeros_like(d.month), where=start > 0.0)
