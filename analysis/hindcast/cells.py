"""The margins that a hindcast counts at both ends, and how they are called among indicators."""

from __future__ import annotations

from typing import Final

from model.world.census import AGE_STARTS, SEXES
from model.world.margins import SECTORS

MARGINS: Final[dict[str, tuple[str, ...]]] = {
    "residents": ("all",),
    "urban_share": ("urban",),
    "age_sex": tuple(f"{a}+ {s}" for a in AGE_STARTS for s in SEXES),
    "scope": ("same_township", "same_county", "same_province", "other_province"),
    "tenure": ("rented", "self_built_or_inherited", "purchased", "other"),
    "industry": SECTORS,
    "households": ("all",),
}
"""Margin -> its cells."""

SIGN: Final = "census_{margin}_{cell}"
SHARES: Final = ("urban_share", "scope", "tenure", "industry")
"""Margins compared as shares of all people, homes or workers."""
UNITS: Final = {"residents": "persons", "age_sex": "persons", "households": "households"}
"""Unit of a margin that is no share."""
