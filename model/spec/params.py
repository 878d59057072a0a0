"""Every number of the model that no lever may touch, with its prior; and the vector a run uses.

Rows of `data/statistics/behaviour.csv` whose equation is `target` or `state` are moments and starting
values, not parameters; nor are those in `MOMENTS` and `LATER`. Structural numbers are declared in
`params_structural.py`, table by table in `param_tables/`. A test fails when a declared parameter is never read in a run.
"""

from __future__ import annotations

import csv
from collections import namedtuple
from collections.abc import Iterator, Mapping, ValuesView
from typing import Any, Final

from model.spec.levers import LEVERS
from model.spec.params_structural import STRUCTURAL
from model.spec.priors import choose_prior, expit, logit
from model.spec.types import Confidence, Param, Text
from model.world.datafiles import data_root, read_table

NOT_PARAMETERS: Final = frozenset({"target", "state"})
MOMENTS: Final[dict[str, str]] = {
    "rel_move_0_4": "children move with their household: check of the age schedule of moves",
    "rel_move_5_14": "children move with their household: check of the age schedule of moves",
    "beta_amenity_nat": "bounds the place constants, which are fitted",
    "ratio_service_wage": "upper bound of beta_amenity_man over beta_w",
    "will_convert_rural": "stated wish; the level of conversions is set by conv_hazard_stock",
    "intent_to_act": "times will_convert_rural, a lower check of conv_hazard_stock",
    "will_stay": "stated wish; stays are the outcome of the choice",
    "semi_land_return": "outcome of the choice when farm income rises",
    "return_intent_newgen": "stated wish; returns are h_return_perm",
    "return_to_town": "outcome of the choice of those who return",
    "h_remigrate": "outcome of trigger and choice of those who returned",
    "p_edu_move": "outcome of the events CHILD_6 and CHILD_12 and the choice",
    "share_edu_split": "outcome of the choice between a whole move and child with carer",
    "wage_gap_out_local": "outcome of published wages by place",
    "local_multiplier": "outcome of leakage and demand",
    "rent_share": "outcome, reported as an indicator",
    "cost_per_citizen": "check of county spending per resident served",
    "self_sufficiency": "check of county revenue over spending",
    "tax_shock": "check of tax against the path of coal and steel demand",
    "cbr_2022": "check of births",
    "cdr_2022": "check of deaths",
    "hh_size": "check of household size",
}
"""Rows of behaviour.csv that a run brings about and calibration compares: key -> what they check."""

LATER: Final[dict[str, str]] = {
    "land_titling_effect": "titling ended by 2020, and nothing in the state tells who held a title before",
}
"""Rows of behaviour.csv whose mechanism this version lacks: key -> why; the ODD names each under its equation."""

DERIVED: Final[dict[str, str]] = {"beta_d": "-ratio_dist_income x beta_w"}
"""Rows of behaviour.csv that are computed in each draw and never drawn."""

UNITS: Final[dict[str, str]] = {
    "per year": "1/year", "per month": "1/month", "per log point": "util/log point", "utils": "util",
    "utils per minute": "util/minute", "utils per year": "util/year", "log points": "log point",
    "log points per year": "log point/year", "log points per pp": "log point", "logit units": "logit",
    "months": "month", "minutes": "minute", "persons": "person", "jobs": "post", "probability": "share",
    "rate ratio": "ratio", "% income per % distance": "elasticity", "per unit of withheld service value": "logit",
    "jobs per job": "ratio", "yuan, 2012 prices": "yuan", "yuan per person": "yuan/person", "pp per 1%": "%",
    "pp/100": "share",
}
"""Units of behaviour.csv in the words of model.spec.units."""

GROUPS: Final[dict[str, str]] = {
    "E1": "trigger", "E2": "choice", "E3": "choice", "E4": "earnings", "E5": "housing", "E6": "services",
    "E7": "choice", "E8": "land", "E9": "housing", "E10": "settlement", "E11": "return", "E12": "split",
    "E13": "jobs", "E14": "jobs", "E15": "housing", "E16": "housing", "E17": "services", "E18": "budget",
    "E19": "demography", "E20": "accounting", "E21": "commuting", "E22": "insurance", "E23": "beliefs",
    "policy": "delivery",
}
"""Group of a parameter, for sensitivity by groups, from the first equation that it enters."""

LEVER_SPREAD: Final = 1.0
"""Half width of the 90 % interval of a lever's own delivery, in logits around the common implement_share."""


def _behaviour() -> tuple[Param, ...]:
    with (data_root() / "statistics" / "behaviour_zh.csv").open(encoding="utf-8", newline="") as handle:
        zh = {row["parameter"]: row["text_zh"] for row in csv.DictReader(handle)}
    return tuple(
        Param(
            key=row["parameter"],
            unit=UNITS.get(row["units"], row["units"]),
            default=float(row["central"]),
            prior=choose_prior(float(row["low"]), float(row["high"])),
            equation=row["equation"],
            group=GROUPS[row["equation"].split("/")[0]],
            text=Text(en=row["meaning"], zh=zh[row["parameter"]]),
            source=row["evidence"],
            confidence=Confidence(row["confidence"]),
            structural=row["low"] == row["high"],
        )
        for row in read_table("statistics/behaviour.csv").records()
        if row["equation"] not in NOT_PARAMETERS and row["parameter"] not in {*DERIVED, *MOMENTS, *LATER}
    )


def _delivery() -> tuple[Param, ...]:
    """One delivery deviation per lever: levers differ, and share what the government as a whole can do."""
    return tuple(
        Param(
            key=f"implement_{lever.key}", unit="logit", default=0.0, equation="policy", group="delivery",
            prior=choose_prior(-LEVER_SPREAD, LEVER_SPREAD),
            text=Text(
                en=f"delivery of '{lever.text.en}' beside implement_share, in logits",
                zh=f"“{lever.text.zh}”落地比例相对implement_share的对数优势偏差",
            ),
            source="assumed: each lever is drawn separately around a common implement_share",
            confidence=Confidence.ASSUMED,
        )
        for lever in LEVERS
    )


def by_key(params: tuple[Param, ...]) -> dict[str, Param]:
    """Parameters by key. Raises ValueError where a key is declared twice."""
    found: dict[str, Param] = {}
    for param in params:
        if param.key in found or param.key in DERIVED:
            raise ValueError(f"parameter {param.key!r} is declared twice")
        found[param.key] = param
    return found


PARAMS: Final[dict[str, Param]] = by_key(_behaviour() + STRUCTURAL + _delivery())


class Params(Mapping[str, float]):
    """The frozen parameter vector of one run: a mapping whose keys are also attributes (`p.beta_w`)."""

    # The instance's own dictionary holds the values: phases read hundreds a month.

    def __init__(self, values: Mapping[str, float]) -> None:
        self.__dict__.update(values)

    def __getitem__(self, key: str) -> float:
        return self.__dict__[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    def values(self) -> ValuesView[float]:
        """All values, in the order of the keys."""
        return self.__dict__.values()

    def __getattr__(self, key: str) -> float:
        raise AttributeError(f"no parameter {key!r}")

    def __setattr__(self, key: str, value: object) -> None:
        raise AttributeError(f"parameters are fixed for the life of a run; {key!r} cannot be set")

    def __reduce__(self) -> tuple[type[Params], tuple[dict[str, float]]]:
        return Params, (dict(self.__dict__),)

    def __repr__(self) -> str:
        return f"Params({len(self)} values)"

    def as_tuple(self) -> Any:
        """All values as a NamedTuple of floats, which compiled kernels accept."""
        return _kernel_type(tuple(self))(*self.__dict__.values())


_KERNEL_TYPES: dict[tuple[str, ...], Any] = {}


def _kernel_type(keys: tuple[str, ...]) -> Any:
    """One NamedTuple class per set of keys, so that kernels compile once."""
    if keys not in _KERNEL_TYPES:
        _KERNEL_TYPES[keys] = namedtuple("KernelParams", keys)
    return _KERNEL_TYPES[keys]


def param_values(overrides: Mapping[str, float] | None = None) -> Params:
    """Defaults with `overrides`, and the derived values computed from them.

    Raises KeyError for a key that is not declared or that is derived.
    """
    values = {key: param.default for key, param in PARAMS.items()}
    for key, value in (overrides or {}).items():
        if key in DERIVED:
            raise KeyError(f"parameter {key!r} is computed as {DERIVED[key]} and cannot be set")
        if key not in values:
            raise KeyError(f"no parameter {key!r}")
        values[key] = float(value)
    values["beta_d"] = -values["ratio_dist_income"] * values["beta_w"]
    return Params(values)


def delivered_share(p: Mapping[str, float], lever: str) -> float:
    """Share of an announced change of `lever` that is delivered on the ground; 0 or 1 where implement_share is."""
    if p["implement_share"] in (0.0, 1.0):
        return p["implement_share"]
    return expit(logit(p["implement_share"]) + p[f"implement_{lever}"])
