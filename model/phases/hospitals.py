"""Which county's hospital patients choose: a gap in quality draws them across county lines (E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import services as kernels
from model.phases.staffing import core_market
from model.spec.codes import Service

if TYPE_CHECKING:
    from model.state.world import World

HOSPITAL: Final = int(Service.HOSPITAL)
LEAST_KM: Final = 5.0


def start_referrals(world: World) -> None:
    """accounts: referral_start float64[U, U], where patients of each unit go at practice; seat_hospital float64[U].

    1 - hospital_out_share stay; of the others hospital_core_share go to the core and the rest to other counties by
    the inverse square of distance. All of the core's own who leave go by distance.
    """
    p, units, core = world.p, world.n_units, core_market(world) // 3
    seats = np.arange(2, 3 * units, 3)
    km = np.maximum(world.panels.dist_km[world.geography.seat_place.astype(np.int64)][:, seats], LEAST_KM)
    near = km.astype(np.float64) ** -2.0
    np.fill_diagonal(near, 0.0)
    near[:, core] = 0.0
    total = near.sum(axis=1, keepdims=True)
    by_distance = np.divide(near, total, out=np.zeros(near.shape), where=total > 0.0)
    to_core = np.where(total[:, 0] > 0.0, p.hospital_core_share, 1.0)
    to_core[core] = 0.0
    share = p.hospital_out_share * (1.0 - to_core)[:, None] * by_distance
    share[:, core] += p.hospital_out_share * to_core
    np.fill_diagonal(share, 0.0)
    np.fill_diagonal(share, 1.0 - share.sum(axis=1))
    world.accounts["referral_start"] = share
    world.accounts["seat_hospital"] = np.ones(units)


def referrals(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Pull of county-town hospitals on each unit's patients, float64[U, U], and its sum, float64[U].

    The share of v for u is A_uv q_v^k / sum, A at practice and q of last month; the value of that choice is
    (sum A q^k)^(1/k), 1 at the start.
    """
    a, units = world.accounts, world.n_units
    pull, whole = np.empty((units, units)), np.empty(units)
    kernels.refer(pull, a["referral_start"], a["seat_hospital"] ** world.p.hospital_choice_elast, whole)
    return pull, whole


def treated(world: World, use: np.ndarray) -> None:
    """Move patients who are referred to the county-town hospital they choose, within use[6, 3, M]."""
    kernels.treated(use[HOSPITAL], *referrals(world), world.p.hospital_referral_share)


def met_by_patients(world: World, quality: np.ndarray) -> None:
    """Residents meet the hospital of their market, and as far as they are referred the choice they have; in place."""
    units, inside, p = world.n_units, 3 * world.n_units, world.p
    world.accounts["seat_hospital"] = quality[HOSPITAL, 2:inside:3].copy()
    value = referrals(world)[1] ** (1.0 / p.hospital_choice_elast)
    share = p.hospital_referral_share
    own = quality[HOSPITAL, :inside].reshape(units, 3)
    quality[HOSPITAL, :inside] = (own ** (1.0 - share) * (value**share)[:, None]).ravel()
