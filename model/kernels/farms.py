"""Farm land: what it yields over practice, what firms take over, and whom that frees (E8, E13)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.kernels.jit import bare


class FarmRules(NamedTuple):
    """Parameters of farming."""

    yuan_mu: float  # business capital that leases one mu
    most: float  # largest part of the land that firms lease
    rent_gain: float  # by which their rent is above that of neighbours
    rent: float  # rent that firms pay over net income of own farming at practice
    works_return: float  # monthly income by works over what they cost
    search_month: float  # chance that a farmer looks for paid work
    release: float  # power of productivity in that chance


class Farms(NamedTuple):
    """State of farming by unit, float64[U] each."""

    capital: np.ndarray  # yuan beyond practice
    land: np.ndarray  # mu at the start
    works: np.ndarray  # yuan of works for farming
    income_start: np.ndarray  # yuan/month
    brand: np.ndarray  # income of processing and brands over practice
    productivity: np.ndarray


@bare
def leased(k, f, u):
    """Part of the land of unit u that business capital leases beyond practice; negative where it has withdrawn."""
    return min(max(f.capital[u] / k.yuan_mu / f.land[u], -k.most), k.most) if f.land[u] > 0.0 else 0.0


@bare
def premiums(k, f, own, let):
    """Income from own land, and rent of land let, over practice: float64[U] each, written. k: FarmRules, f: Farms.

    Brands and processing raise what is farmed, research its output; the part let to firms earns their rent instead.
    """
    for u in range(own.size):
        part = leased(k, f, u)
        gain = k.works_return * (f.works[u] / f.income_start[u] if f.income_start[u] > 0.0 else 0.0)
        farmed = (1.0 + (f.brand[u] + min(max(gain, -0.5), 1.0))) * f.productivity[u]
        own[u] = farmed + part * (k.rent - farmed)
        let[u] = 1.0 + k.rent_gain * part


@bare
def searching(k, f, out):
    """Chance that a farmer under 55 looks for paid work, float64[U]; land let and better tools free hands."""
    for u in range(out.size):
        out[u] = min(1.0, k.search_month * ((1.0 + leased(k, f, u)) * f.productivity[u] ** k.release))
