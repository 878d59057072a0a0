"""Yearly net flows before the start, to which place constants are fitted and from which relabelling takes its pace.

Where two censuses lie at or before the start, they are the changes between them. Where there is one, they are its
stocks: movers by where they are registered, over the years in which such stocks double.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from model.state.world import World
    from model.world.tables import Prefecture

PARTS: Final = ("whole", "worker", "child")
CENSUS_YEARS: Final = 10.0
MOST_YEAR: Final = 0.06
"""Largest part of a unit's rural residents that one year's flow into its towns may take (assumed)."""


MOST_RECODED: Final = 0.015
"""Largest part of a unit's rural residents that is recoded in a year (assumed)."""
POOLED: Final = 0.8
"""Part of a unit's stocks that is taken from the rates of the province: single counties also tell where registration
follows slowly or was not kept up, and in the first prefecture their stocks hardly told which would grow (assumed)."""


@dataclass(frozen=True, slots=True)
class Stocks:
    """Movers a year as stocks imply them, persons at full scale. U units, O outside places.

    towns: float64[U], from villages into towns of the own unit; within: float64[U, U], to other units of the prefecture
    (row: home); outside: float64[U, O].
    """

    towns: np.ndarray
    within: np.ndarray
    outside: np.ndarray

    @property
    def leaving(self) -> np.ndarray:
        """Who leaves each unit, float64[U]."""
        return np.asarray(self.within.sum(axis=1) + self.outside.sum(axis=1))


def from_stocks(prefecture: Prefecture, years_town: float, years_away: float) -> Stocks:
    """Flows of a prefecture with one census: stock over the years in which it doubles.

    Into towns of the own unit: residents registered in another township of the county. To other units and outside:
    persons registered here who live there. Of all stocks that part grows which is registered in villages, by the
    village share of the unit: townspeople had moved before.
    """
    from model.world.groups import flows_within
    from model.world.margins import scaled

    census, state = prefecture.start_census, prefecture.state
    village, scalars = 1.0 - state["share_registered_urban"], prefecture.scalars
    stock = census["migrants_by_scope"][:, 0] * village
    towns = _pooled(stock, scalars["province_town_rate"] * census["rural"]) / years_town
    away = np.hstack([flows_within(prefecture, scaled(prefecture, 1.0)), prefecture.registered_away_by_outside])
    farmers = census["industry"][:, 0] / census["industry"].sum(axis=1) * state["n_employed"]
    leaving = _pooled(away.sum(axis=1) * village, scalars["province_away_rate"] * farmers) / years_away
    away *= (leaving / away.sum(axis=1))[:, None]
    units = prefecture.n_units
    return Stocks(np.minimum(towns, MOST_YEAR * census["rural"]), away[:, :units], away[:, units:])


def _pooled(stock: np.ndarray, typical: np.ndarray) -> np.ndarray:
    """A stock by unit of which `POOLED` is what would be typical in the province, float64[U]."""
    return np.asarray((1.0 - POOLED) * stock + POOLED * typical)


def stocks_of(world: World) -> Stocks:
    """The flows of a world that starts from one census."""
    return from_stocks(world.prefecture, world.p.stock_years_town, world.p.stock_years_away)


def one_census(prefecture: Prefecture) -> bool:
    """Whether only the census of the start is known."""
    return len(prefecture.census) == 1


def recoded_year(world: World) -> np.ndarray:
    """Rural residents a year whose villages are recoded as urban, persons at full scale, float64[U].

    The share `reclass_share` of the growth of urban residents, which between censuses is known and else is that of
    moves, births and recoding together; then at most `MOST_RECODED` of the unit's rural residents.
    """
    pre, share = world.prefecture, world.p.reclass_share
    if not one_census(pre):
        first, last = min(pre.census), max(pre.census)
        growth = np.ravel(pre.census[last]["urban"]) - np.ravel(pre.census[first]["urban"])
        return np.asarray(share * np.maximum(growth, 0.0) / CENSUS_YEARS)
    natural = pre.state["natural_growth_per_1000_year"] / 1000.0 * pre.start_census["urban"]
    growth = np.maximum(urban_inflow(world)[0] + natural, 0.0)
    return np.minimum(share / (1.0 - share) * growth, MOST_RECODED * pre.start_census["rural"])


def urban_inflow(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Net persons a year who moved into urban places, and net migration, of each unit: float64[U] each.

    Between censuses urban places gained dU a year; a share `reclass_share` was relabelled, natural change is the
    unit's, the rest moved in; net migration of the unit is published.
    """
    pre = world.prefecture
    if one_census(pre):
        flows = stocks_of(world)
        arriving = flows.within.sum(axis=0)
        urban = pre.state["share_registered_urban"]
        return flows.towns + arriving - urban * flows.leaving, arriving - flows.leaving
    old, new = pre.census_2010, pre.census_2020
    pop10, pop20 = old["urban"] + old["rural"], new["urban"] + new["rural"]
    mean_pop = (pop10 + pop20) / 2.0
    net = pre.state["net_migration_rate_per_1000_year"] / 1000.0 * mean_pop
    natural = (pop20 - pop10) / 10.0 / mean_pop - net / mean_pop
    gain = (new["urban"] - old["urban"]) / 10.0
    return gain * (1.0 - world.p.reclass_share) - natural * (old["urban"] + new["urban"]) / 2.0, net


def target_flows(world: World) -> np.ndarray:
    """Net persons per month at the scale of the run, float64[U + 1, M, 3], by home unit and destination.

    Into own towns, to county towns of other units, outside. Residents from elsewhere leave as many as arrive, less
    the growth of their stock where that is what flows are taken from.
    """
    units = world.n_units
    target = np.zeros((units + 1, world.markets.n, len(PARTS)))
    (_stock_targets if one_census(world.prefecture) else _census_targets)(world, target)
    arrivals = 1.6 * world.accounts["arrival_base"].sum(axis=0)
    if one_census(world.prefecture):
        arrivals = np.maximum(arrivals - _growth_from_outside(world) * world.scale / 12.0, 0.0)
    target[:units] *= world.scale / 12.0
    target[units, 2 : 3 * units : 3, 0] = -arrivals
    return target


def _growth_from_outside(world: World) -> np.ndarray:
    """Net yearly inflow of people registered outside the prefecture, float64[U]."""
    scope = world.prefecture.start_census["migrants_by_scope"]
    far = scope[:, 1] * (1.0 - world.prefecture.state["share_inprovince_migrants_from_prefecture"]) + scope[:, 2]
    return np.asarray(far / world.p.stock_years_away)


def _stock_targets(world: World, target: np.ndarray) -> None:
    flows, units = stocks_of(world), world.n_units
    for u in range(units):
        target[u, 2 : 3 * units : 3, 0] = flows.within[u]
    _own_towns(world, target, flows.towns + flows.leaving * world.prefecture.state["share_registered_urban"])
    target[:units, 3 * units :, 0] = flows.outside


def _census_targets(world: World, target: np.ndarray) -> None:
    """From the changes between two censuses.

    A negative net migration of the unit (published) left for elsewhere, from its towns in the
    proportion of its people registered there, so that more than the net gain of its towns came from its villages:
    to the core in the proportion that the core gained, else outside in the proportions of those registered away.
    """
    pre, units = world.prefecture, world.n_units
    into_urban, net = urban_inflow(world)
    core = pre.core
    leaving = np.where(np.arange(units) == core, 0.0, np.maximum(-net, 0.0))
    own = into_urban + leaving * pre.state["share_registered_urban"]
    own[core] -= net[core]
    own = np.maximum(own, 0.0)
    to_core = leaving * min(1.0, max(net[core], 0.0) / leaving.sum())
    away = pre.registered_away_by_outside
    _own_towns(world, target, own)
    for u in range(units):
        if u != core:
            target[u, 3 * core + 2, 0] = to_core[u]
        target[u, 3 * units :, 0] = (leaving[u] - to_core[u]) * away[u] / away[u].sum()


def _own_towns(world: World, target: np.ndarray, own: np.ndarray) -> None:
    """Moves into towns of the own unit, shared by township seats and county town as urban residents are."""
    seat = world.prefecture.state["share_urban_in_seat"]
    for u in range(world.n_units):
        target[u, 3 * u + 1, 0] = own[u] * (1.0 - seat[u])
        target[u, 3 * u + 2, 0] = own[u] * seat[u]
