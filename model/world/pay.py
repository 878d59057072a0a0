"""Pay by industry, industries outside, and shares of contracts and insurance: assumed starting values."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.spec.codes import N_SECTORS, Sector

S = Sector


def _table(values: dict[Sector, float]) -> np.ndarray:
    """float64[19] in the order of Sector; industries not named get 0."""
    out = np.zeros(N_SECTORS)
    for sector, value in values.items():
        out[sector] = value
    return out


SECTOR_PAY: Final = _table({
    S.FARMING: 1.0, S.MINING: 1.3, S.MANUFACTURING: 1.0, S.UTILITIES: 1.25, S.CONSTRUCTION: 0.95, S.TRADE: 0.85,
    S.TRANSPORT: 1.1, S.CATERING: 0.72, S.ICT: 1.15, S.FINANCE: 1.4, S.REAL_ESTATE: 0.9, S.BUSINESS: 0.9,
    S.SCIENCE: 1.2, S.PUBLIC_FACILITIES: 0.8, S.RESIDENT_SERVICES: 0.78, S.EDUCATION: 1.15, S.HEALTH: 1.1,
    S.CULTURE: 0.95, S.PUBLIC_ADMIN: 1.15,
})
"""Pay of an industry over the market wage of the same skill. Assumed after provincial pay in private units of 2020
over its mean: mining 1.23, transport 1.17, catering 0.75, finance 1.44, resident services 0.76."""

_OUTSIDE: Final = _table({
    S.MANUFACTURING: 0.27, S.CONSTRUCTION: 0.17, S.TRADE: 0.14, S.TRANSPORT: 0.08, S.CATERING: 0.08,
    S.RESIDENT_SERVICES: 0.13, S.ICT: 0.03, S.BUSINESS: 0.04, S.MINING: 0.02, S.EDUCATION: 0.02, S.HEALTH: 0.02,
})
OUTSIDE_MIX: Final = np.cumsum(_OUTSIDE / _OUTSIDE.sum())
"""Cumulated shares of industries in which people find work outside. Assumed after the national survey of migrant
workers of 2023 (manufacturing 27, construction 15, trade 13, services 12 per cent)."""
