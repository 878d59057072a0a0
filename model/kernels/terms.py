"""What a month holds for household cash, from levers, accounts and prices, in whole fen (E4, E5, E8, E22)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.kernels.farms import premiums
from model.kernels.jit import bare
from model.kernels.money import (
    CHILD,
    COMMUTE,
    COMMUTER_FARM_SHARE,
    CONFIGS,
    DORMITORY,
    FULL_SIZE,
    PUBLIC_RENTAL,
    RENTED,
    SIZES,
    TENURES,
    main_area,
    rent_of,
    split_area,
)

MONTHS = 12


class Levers(NamedTuple):
    """Levers and accounts by unit, float64[U], of which the month's terms are made."""

    heating_subsidy: np.ndarray  # yuan/month
    clean_heating: np.ndarray  # share of homes
    clean_heating_start: np.ndarray
    topup: np.ndarray  # yuan/month
    dividend: np.ndarray  # yuan/month
    contribution: np.ndarray  # yuan/year
    contribution_start: np.ndarray
    benefit: np.ndarray  # yuan/month


@bare
def set_terms(r, k, farms, x, heating_extra, dropout, own, let, market_unit, t, b):
    """Fill `model.kernels.money.Terms` t and `model.kernels.earnings.Beyond` b, all but the chance of a top-up.

    k: FarmRules; farms: Farms; x: Levers; heating_extra: yuan a month of a converted home; dropout: elasticity of who
    leaves the resident scheme, a share 1 - (contribution / practice)^-dropout; own, let: float64[U], room;
    market_unit: uint8[M].
    """
    for u in range(own.size):
        t.heating_fen[u] = fen(x.heating_subsidy[u])
        t.fuel_fen[u] = fen(heating_extra * max(x.clean_heating[u] - x.clean_heating_start[u], 0.0))
        t.heat[u] = t.heating_fen[u] - t.fuel_fen[u]
        t.benefit_fen[u] = fen(x.benefit[u])
        b.topup_fen[u], b.dividend_fen[u] = fen(x.topup[u]), fen(x.dividend[u])
        b.levy_fen[u] = fen((x.contribution[u] - x.contribution_start[u]) / MONTHS)
        b.saved_fen[u] = fen(x.contribution_start[u] / MONTHS)
        more = max(x.contribution[u] / x.contribution_start[u], 1.0)
        b.leave[u] = 1.0 - more**-dropout if more > 1.0 else 0.0
    for m in range(market_unit.size):
        t.basic_fen[m] = r.basic_pension + t.benefit_fen[market_unit[m]]
    premiums(k, farms, own, let)
    set_land(r, own, let, t)
    set_rents(r, t)


@bare
def fen(yuan):
    """Whole fen, halves to even."""
    return np.int64(np.rint(yuan * 100.0))


@bare
def set_rents(r, t):
    """Fill `t.rent` and `t.split` of those who rent from rents by market; the empty household is asked nothing."""
    for m in range(t.flat.size):
        for size in range(1, FULL_SIZE + 1):
            area, row = main_area(size), (m * SIZES + size) * TENURES
            for tenure in (RENTED, PUBLIC_RENTAL, DORMITORY):
                yuan = t.room[m] if size == 1 and tenure == RENTED else t.flat[m]
                t.rent[row + tenure] = rent_of(r, tenure, yuan, area)
        for config in range(CONFIGS):
            row = (m * CONFIGS + config) * TENURES
            for tenure in (RENTED, PUBLIC_RENTAL, DORMITORY):
                yuan = t.room[m] if config != CHILD and tenure == RENTED else t.flat[m]
                t.split[row + tenure] = rent_of(r, tenure, yuan, split_area(config, tenure))


@bare
def set_land(r, own, let, t):
    """E8: contracted land is farmed by those at home, let by those who left; own, let: float64[U] over practice."""
    slots = own.size + 2
    for config in range(CONFIGS):
        t.land[config], t.land[CONFIGS + config] = r.farm_net, r.land_rent
        part = COMMUTER_FARM_SHARE if config == COMMUTE else 1.0
        for u in range(own.size + 1):
            inside = u < own.size
            t.over[config * slots + u] = part * (own[u] if inside else 1.0)
            t.over[(CONFIGS + config) * slots + u] = let[u] if inside else 1.0
