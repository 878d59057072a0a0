"""Every lever that may do harm can: for each of these a run exists in which it makes some indicator worse."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model.engine import simulate
from model.spec.registry import REGISTRY
from tests.science.test_levers import full_path
from tests.science.test_month import make_input

MONTHS, SCALE, SEEDS = 60, 0.01, (1, 2, 3)


@cache
def practice(seed: int, scale: float = SCALE):
    made = make_input(months=MONTHS, scale=scale, seed=seed)
    return made, simulate(made).indicators


def differences(
    key: str, indicator: str, unit: int | None = None, scale: float = SCALE, **params: float
) -> np.ndarray:
    """Paired difference over the last year, full strength less practice, by seed: the city's, or one unit's.

    unit: where the lever is set and the indicator read; None for everywhere.
    """
    out = []
    for seed in SEEDS:
        made, base = practice(seed, scale)
        if params:
            made = replace(made, params={**made.params, **params})
            base = simulate(made).indicators
        path, full = made.levers[key].copy(), full_path(key, made.levers[key])
        where = slice(None) if unit is None else unit
        path[:, where] = full[:, where]
        got = simulate(replace(made, levers={**made.levers, key: path})).indicators
        place = -1 if unit is None else unit
        out.append(np.nanmean(got[indicator][-12:, place] - base[indicator][-12:, place]))
    return np.array(out)


def emptiest() -> int:
    """The county with the largest share of empty homes."""
    return int(np.argmax(practice(SEEDS[0])[1]["vacant_home_share"][0, :-1]))


STRONG = {key: REGISTRY.params[key].prior.high for key in ("beta_amenity_man", "village_amenity_gain")}
"""Villages as strong as their priors allow, so that few people suffice to see a sign."""
HARMS = {
    "compulsory insurance costs jobs": ("social_insurance_compliance", "employment_rate", -1),
    "long-distance transport drains residents": ("intercity_link_date", "resident_population", -1),
    "rural upgrades keep people from towns": ("hemei_villages", "resident_urbanization_rate", -1),
    "teachers sent to villages are missed in towns": ("teacher_rotation", "school_quality_town", -1),
    "works on debt are owed": ("special_bond_funding", "debt_ratio", 1),
}
"""What is claimed -> lever, indicator, the sign of the harm."""
WEAK = {"hemei_villages"}
WIDE = 0.05
"""Size at which a harm that moves few people shows with every seed."""


@pytest.mark.parametrize("claim", HARMS)
def test_a_lever_can_do_harm(claim):
    key, indicator, sign = HARMS[claim]
    moved = differences(key, indicator, scale=WIDE, **STRONG) if key in WEAK else differences(key, indicator)
    assert np.all(sign * moved > 0.0), (claim, moved)
    better = REGISTRY.indicators[indicator].better
    assert better != "neither" or indicator == "resident_population"


def test_homes_where_homes_stand_empty_only_empty_more():
    unit = emptiest()
    assert np.all(differences("rental_housing_units", "vacant_home_share", unit) > 0.0)
