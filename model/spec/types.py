"""Frozen types in which everything that can vary or be reported is declared once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How well a figure is known; the same four words as in every data file."""

    PUBLISHED = "published"
    DERIVED = "derived"
    RECALLED = "recalled"
    ASSUMED = "assumed"


class Sign(StrEnum):
    """Direction of an effect written down before any calibration, and never edited after."""

    UP = "+"
    DOWN = "-"
    EITHER = "either"
    NONE = "none"


class Payer(StrEnum):
    """Whose account pays the unit cost of a lever."""

    CENTRE = "centre"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    FIRM = "firm"
    NOBODY = "nobody"


class Carried(StrEnum):
    """How a lever or a measure is carried: by a mechanism, by a programme with budget and delay, or only noted."""

    SIMULATED = "simulated"
    DELIVERED = "delivered"
    TRACKED = "tracked"


class Reduce(StrEnum):
    """How an indicator is brought from months to a year, and from counties to the city."""

    LAST = "last"
    SUM = "sum"
    MEAN = "mean"
    RATE = "rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One label and one sentence, in English and in Chinese."""

    en: str
    zh: str
    meaning_en: str = ""
    meaning_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """A 90 % interval and the family that carries it: uniform, lognormal, logitnormal or normal."""

    low: float
    high: float
    family: str = "uniform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A number of the model that no lever may touch."""

    key: str
    unit: str
    default: float
    prior: Prior | None
    equation: str
    group: str
    text: Text
    source: str
    confidence: Confidence
    structural: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One thing a government can set, and the channel states (never constants) it may change.

    `practice` is current practice per county and month: the neutral value. Where `apportion` names a
    unit quantity, `practice` and the bounds are totals of the prefecture, and each county's practice is
    its share of that quantity. `plan` is what the action plan asks for, as a schedule item in the
    scenario grammar (`{"value": 1.0, "from": "2024-07"}`, `{"times": 2, ...}`) or a list of them where it
    asks something of its own of some places (`where`), and `plan_basis` says whether the number stands in
    the text (`text`), is only a direction there (`direction`) or both.
    `carried` says whether a mechanism answers to it (simulated), only its cost and stock do (delivered) or
    nothing does (tracked); the last two need `carried_reason`. `needs_awareness`: households act on it only
    once they know of it (E23). `acts_alone` is False where it only changes how other levers are carried out.
    """

    key: str
    unit: str
    practice: float
    bounds: tuple[float, float]
    channel: str
    writes: tuple[str, ...]
    payer: Payer
    unit_cost_yuan: float
    lead_months: int
    upkeep_share_year: float
    plan: dict[str, object] | list[dict[str, object]]
    plan_basis: str
    clauses: tuple[str, ...]
    text: Text
    sign_urbanization: Sign
    sign_integration: Sign
    sign_reason: str
    source: str
    confidence: Confidence
    apportion: str | None = None
    flow: bool = False
    integer: bool = False
    carried: Carried = Carried.SIMULATED
    carried_reason: str = ""
    needs_awareness: bool = False
    acts_alone: bool = True

    @property
    def neutral(self) -> float:
        """The value at which the lever does nothing: current practice."""
        return self.practice

    @property
    def plan_items(self) -> tuple[dict[str, object], ...]:
        """The plan setting as schedule items, in the order in which they are laid."""
        return tuple(self.plan) if isinstance(self.plan, list) else (self.plan,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One reported outcome with its statistical definition."""

    key: str
    unit: str
    reduce: Reduce
    better: str
    text: Text
    definition: str
    dims: tuple[str, ...] = ("month", "place")
    headline: bool = False
    weight: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a state table."""

    table: str
    key: str
    dtype: str
    unit: str
    low: float
    high: float
    missing: float | None
    text: Text
