"""The yearly assessment: who did best, and which lines lag (E18)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.public import CAPACITY, GENERAL, LINES, PARKS
from model.kernels.segments import share_of
from model.state.heads import census

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SERVICES, JOBS, TOWNS = range(3)
LAGS: Final = 3
LAG_CHANNELS: Final[Mapping[str, int]] = MappingProxyType({
    "services": SERVICES, "village": SERVICES,
    "jobs": JOBS, "matching": JOBS, "consumption": JOBS,
    "housing": TOWNS, "settlement": TOWNS, "entitlement": TOWNS, "infrastructure": TOWNS, "travel": TOWNS,
})
"""Channel -> the lag that it can close (assumed)."""
LAG_LINES: Final = (CAPACITY, PARKS, GENERAL)
LAG_SCALE: Final = np.array([0.2, 0.05, 0.1])
"""Gaps that weigh alike: users over places, jobless share, urban share below the province (assumed)."""


def assess(world: World, month: Month) -> None:
    """Each January: reward the best of last year, and see where results lag.

    The score is the mean rank of four results: gain of the urban share, registrations per resident, gain of the
    share of services open to residents, and delivery of what was planned.
    """
    a = world.accounts
    a["year_conversions"] = a["year_conversions"] + a["conversions"]
    a["year_delivery"] = a["year_delivery"] + a["delivery"]
    if month.of_year != 1:
        return
    people, urban = census(world)
    rate, access = share_of(urban, people), share_of(a["served"], people)
    results = np.stack([
        rate - a["urban_last"], share_of(a["year_conversions"], people), access - a["access_last"], a["year_delivery"]
    ])
    winners = best(results, world.p.reward_winner_share)
    if a["years_assessed"][0] > 0:
        a["rewarded"] = winners
    a["years_assessed"] = a["years_assessed"] + 1
    a["urban_last"], a["access_last"] = rate, access
    a["year_conversions"], a["year_delivery"] = np.zeros(world.n_units, np.int64), np.zeros(world.n_units)
    a["lags"] = lags_of_lines(world, rate, month.index)
    a["lagging_lines"] = lagging_lines(a["lags"])


def best(results: np.ndarray, share: float) -> np.ndarray:
    """1 for the units with the best mean rank, else 0: int64[U]. results: float64[K, U], more is better.

    Equal results share a rank; equal scores go by the first result.
    """
    units = results.shape[1]
    rank = (results[:, :, None] > results[:, None, :]).sum(axis=2).mean(axis=0)
    order = np.lexsort((-results[0], -rank))
    out = np.zeros(units, np.int64)
    out[order[: max(1, round(share * units))]] = 1
    return out


def lags_of_lines(world: World, rate: np.ndarray, month: int) -> np.ndarray:
    """How the lags of services, jobs and towns share what lags in a unit, float64[U, 3]; even where nothing does."""
    units, seen = world.n_units, world.seen
    inside = 3 * units
    load = seen.panels.load[:, :inside].reshape(-1, units, 3).sum(axis=2)
    places = seen.panels.capacity[:, :inside].reshape(-1, units, 3).sum(axis=2)
    crowded = np.maximum(share_of(load, places, empty=1.0) - 1.0, 0.0).mean(axis=0)
    filled, seekers = (
        seen.markets[key][:inside].reshape(units, 3).sum(axis=1) for key in ("jobs_filled", "seekers")
    )
    province = world.input.drivers["province_urban_percent"][month] / 100.0
    gaps = np.stack([crowded, share_of(seekers, filled + seekers), np.maximum(province - rate, 0.0)], axis=1)
    gaps = gaps / LAG_SCALE
    return np.where(gaps.sum(axis=1, keepdims=True) > 0.0, share_of(gaps, gaps.sum(axis=1, keepdims=True)), 1.0 / LAGS)


def lagging_lines(lags: np.ndarray) -> np.ndarray:
    """The lines of works that close the lags, float64[U, LINES]; what lags in towns stays with general works."""
    out = np.zeros((lags.shape[0], LINES))
    for lag, line in enumerate(LAG_LINES):
        if line != GENERAL:
            out[:, line] = lags[:, lag]
    return out


def line_effort(world: World) -> dict[str, np.ndarray]:
    """Odds of delivery by channel under yearly feedback: up where results lag, down elsewhere, even in the log.

    Channels are left out, at even odds, where there is no feedback at all.
    """
    strength = world.channels.feedback_strength * world.p.feedback_gain
    if not strength.any():
        return {}
    odds = np.exp(strength[:, None] * (LAGS * world.accounts["lags"] - 1.0)).T
    return {channel: odds[lag] for channel, lag in LAG_CHANNELS.items()}
