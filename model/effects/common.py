"""What a lever has delivered, and the plain ways in which that moves a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from model.spec.params import Params

MILLION: Final = 1e6
LEAST_STOCK: Final = 0.1
"""Least share of the starting stock that is left when spending is cut for years."""
MOST_TERMS: Final = 4


class Form(IntEnum):
    """How what was delivered becomes the rise of a state; a, b, c, d are the terms, 1 where left out.

    level is the change in force (of a yearly flow as a yearly rate), step its rise this month, stock all that was
    delivered so far. Each form is exactly 0 where nothing was delivered.
    """

    LEVEL = 0
    """level * a / b"""
    MONTH = 1
    """level / 12 * a / b, what arrives this month; 0 where b is 0"""
    STEP = 2
    """step * a / b"""
    ANY = 3
    """a where level is not 0"""
    GAP = 4
    """level * a / b above practice, level * c / d below"""
    STOCK = 5
    """r^b - 1 with r = max(1 + stock / a, LEAST_STOCK); 0 where a is 0"""
    SATURATING = 6
    """a * x / (x + b) with x = max(level, 0)"""
    ODDS = 7
    """rise of the odds of the share practice + level over those of practice"""


type Quantities = Mapping[str, np.ndarray]
type Term = float | np.ndarray
type Terms = Callable[[Params, Quantities, np.ndarray], Term | tuple[Term, ...]]
type CostBase = Callable[[Params, Quantities], np.ndarray]


class Effect(NamedTuple):
    """How one lever moves one state. terms(parameters, quantities, practice float64[U]) are fixed during a run."""

    form: Form
    terms: Terms

    def table(self, p: Params, q: Quantities, practice: np.ndarray) -> np.ndarray:
        """The terms by unit, float64[MOST_TERMS, U]."""
        terms = self.terms(p, q, practice)
        out = np.ones((MOST_TERMS, practice.size))
        for k, term in enumerate(terms if isinstance(terms, tuple) else (terms,)):
            out[k] = term
        return out


def effect(form: Form) -> Callable[[Terms], Effect]:
    """Make an effect of this form out of a function that returns its terms."""
    return lambda terms: Effect(form, terms)


@effect(Form.LEVEL)
def change(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """The change itself."""
    return 1.0


@effect(Form.MONTH)
def arriving(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """What arrives this month, in the lever's own things."""
    return 1.0


@effect(Form.MONTH)
def yuan(p: Params, q: Quantities, practice: np.ndarray) -> Term:
    """Yuan this month, from a lever in million yuan a year."""
    return MILLION


@effect(Form.LEVEL)
def monthly(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """A yearly amount per head as a monthly one."""
    return 1.0, 12.0


def start_stock(p: Params, practice: np.ndarray) -> np.ndarray:
    """Stock at the start by the practice of a year, 0 where there is none."""
    return np.maximum(practice * p.public_stock_years, 0.0)


@effect(Form.MONTH)
def stock_added(p: Params, q: Quantities, practice: np.ndarray) -> tuple[Term, ...]:
    """What arrives this month as a share of the stock at the start; 0 for units with no practice."""
    return 1.0, start_stock(p, practice)
