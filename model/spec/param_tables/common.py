"""One call declares one assumed parameter."""

from __future__ import annotations

from model.spec.priors import choose_prior
from model.spec.types import Confidence, Param, Text


def assumed(
    key: str, unit: str, default: float, low: float, high: float, equation: str, group: str, en: str, zh: str,
    source: str,
) -> Param:
    """One assumed parameter; low-high is a 90 % interval (see priors.choose_prior), low == high fixes the number."""
    return Param(
        key=key, unit=unit, default=default, prior=choose_prior(low, high), equation=equation, group=group,
        text=Text(en=en, zh=zh), source=source, confidence=Confidence.ASSUMED, structural=True,
    )
