"""Infrastructure by system: what is built, what wears, and the amenity of towns and villages (E6, E16, E17)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.spec.codes import Kind

if TYPE_CHECKING:
    from model.state.world import World

YEAR: Final = 12.0
AMENITY_RANGE: Final = (0.05, 5.0)
LEAST_STOCK: Final = 0.05


class System(IntEnum):
    """Rows of accounts["systems"]: what stands in each unit.

    Shares are of town homes renewed, of communities, of rural residents and of rural households; stocks are over the
    stock at the start; utilities are one plus 10,000 yuan a head built beyond practice; villages are one plus the
    full upgrades per village, averaged over residents.
    """

    UTILITIES = 0
    RENEWAL = 1
    PUBLIC_SPACE = 2
    COMMUNITY = 3
    HAZARD = 4
    ECOLOGY = 5
    WATER = 6
    HEATING = 7
    VILLAGE = 8


class Weight(NamedTuple):
    """How a system enters amenity: ((offset + x) / (offset + x at the start))^elasticity, in towns or villages."""

    system: System
    offset: float
    town: str | None
    village: str | None


WEIGHTS: Final = (
    Weight(System.UTILITIES, 0.0, "utility_amenity_gain", None),
    Weight(System.RENEWAL, 1.0, "renewal_amenity_gain", None),
    Weight(System.PUBLIC_SPACE, 0.0, "public_space_amenity", None),
    Weight(System.COMMUNITY, 1.0, "community_amenity", None),
    Weight(System.HAZARD, 0.0, "hazard_amenity", "hazard_amenity"),
    Weight(System.ECOLOGY, 0.0, "ecology_amenity", "ecology_amenity"),
    Weight(System.WATER, 1.0, None, "water_amenity"),
    Weight(System.HEATING, 1.0, None, "heating_amenity"),
)
"""Parameter of each system's elasticity; upgrades of villages differ by place and are in accounts["village_stock"]."""
LEVELS: Final = ("hospital_level", "township_health", "community_facility", "water_integration")
"""Channel levels whose rise is built once and then wears; rows of accounts["levels_seen"]."""


def upkeep_share(world: World) -> np.ndarray:
    """Share of needed upkeep that is paid, float64[U] in 0..1; 1 holds what stands.

    The one place where money for upkeep enters: what the budget paid this month over what holds the stock.
    """
    paid: np.ndarray = world.accounts["upkeep_paid"]
    return paid


def start_systems(world: World, residents: np.ndarray, heads: np.ndarray) -> None:
    """Systems as at practice. residents: real people by unit and kind of market, float64[U, 3]; heads: by place."""
    a, c, units = world.accounts, world.channels, world.n_units
    homes = world.markets.homes[: 3 * units].reshape(units, 3)[:, 1:].sum(axis=1) * world.weight
    a["villages_start"] = np.maximum(residents[:, 0] / world.p.residents_per_village, 1.0)
    a["town_homes_start"] = np.maximum(homes, 1.0)
    a["town_residents_start"] = np.maximum(residents[:, 1:].sum(axis=1), 1.0)
    systems = np.ones((len(System), units))
    systems[System.RENEWAL] = 0.0
    systems[System.COMMUNITY], systems[System.WATER] = c.community_facility, c.water_integration
    systems[System.HEATING] = c.clean_heating
    a["systems"], a["systems_start"] = systems, systems.copy()
    a["amenity_carried"] = np.ones(3 * units)
    a["levels_seen"] = np.array([getattr(c, key) for key in LEVELS])
    for key in ("smart_coverage", "village_governance", "village_plan"):
        a[f"{key}_start"] = getattr(c, key).copy()
    a["village_stock"], a["village_heads_start"] = np.ones(world.places.n), heads.copy()


def rises(world: World) -> dict[str, np.ndarray]:
    """By how much each of LEVELS has risen since last month, float64[U]."""
    now = np.array([getattr(world.channels, key) for key in LEVELS])
    steps = now - world.accounts["levels_seen"]
    world.accounts["levels_seen"] = now
    return dict(zip(LEVELS, steps, strict=True))


def wear_factor(world: World) -> np.ndarray:
    """Wear over that of practice where platforms and sensors find faults early, float64[U]."""
    more = world.channels.smart_coverage - world.accounts["smart_coverage_start"]
    return 1.0 - world.p.smart_wear_cut * more


def worn(world: World, wear_year: float, stock: np.ndarray, practice: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Change of a stock in a month, without additions: rebuilding by the programme of practice, less wear.

    Upkeep prevents `upkeep_holds` of wear where it is paid in full; the programme of practice makes good what is left
    at the start. stock, practice, factor: [..., U]; exactly 0 at practice.
    """
    holds = world.p.upkeep_holds
    lost = factor * (1.0 - holds * upkeep_share(world))
    change: np.ndarray = wear_year / YEAR * ((1.0 - holds) * practice - lost * stock)
    return change


def improve_systems(world: World, heads: np.ndarray, steps: dict[str, np.ndarray]) -> None:
    """Build, wear, and set amenity. heads: people by place, int64[P]; steps: what `rises` returned."""
    p, c, a = world.p, world.channels, world.accounts
    x, start = a["systems"], a["systems_start"]
    governed = c.village_governance - a["village_governance_start"]
    factor = np.tile(wear_factor(world), (len(System), 1))
    factor[System.RENEWAL] *= 1.0 - p.governance_gain * governed
    change = worn(world, p.system_wear_year, x, start, factor)
    change[System.HEATING] = c.clean_heating - x[System.HEATING]
    change[System.VILLAGE] = 0.0
    x += change
    x[System.UTILITIES] += c.utility_flow_yuan / (10_000.0 * a["town_residents_start"])
    x[System.RENEWAL] += c.renewal_flow / a["town_homes_start"]
    x[System.PUBLIC_SPACE] += c.public_space_flow
    x[System.HAZARD] += c.hazard_flow
    x[System.ECOLOGY] += c.ecology_flow
    x[System.COMMUNITY] += steps["community_facility"]
    x[System.WATER] += steps["water_integration"]
    np.maximum(x, np.minimum(start, LEAST_STOCK), out=x)
    upgrade_villages(world, heads, governed)
    set_amenity(world)


def upgrade_villages(world: World, heads: np.ndarray, governed: np.ndarray) -> None:
    """Upgrades and rebuilding of villages, spread by plan; accounts.village_stock float64[P], 1 at the start.

    Governance raises what projects deliver and lowers wear.
    """
    p, a, places = world.p, world.accounts, world.places
    village = np.flatnonzero(places.kind[: places.n] == Kind.VILLAGE)
    unit = places.unit[village].astype(np.int64)
    stock, share = a["village_stock"], village_money(world, heads, village, unit)
    deliver = (1.0 + p.governance_gain * governed)[unit] * share
    factor = (wear_factor(world) * (1.0 - p.governance_gain * governed))[unit]
    holds = p.upkeep_holds
    lost = factor * (1.0 - holds * upkeep_share(world))[unit]
    upgrades = world.channels.village_quality_flow + a["works_villages"]
    added = (upgrades / a["villages_start"])[unit] * deliver
    change = p.system_wear_year / YEAR * ((1.0 - holds) * deliver - lost * stock[village])
    stock[village] = np.maximum(stock[village] + added + change, LEAST_STOCK)
    people = np.bincount(unit, weights=heads[village], minlength=world.n_units)
    felt = np.bincount(unit, weights=heads[village] * stock[village], minlength=world.n_units)
    a["systems"][System.VILLAGE] = np.divide(felt, people, out=np.ones(world.n_units), where=people > 0.0)


def village_money(world: World, heads: np.ndarray, village: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Money per cluster over the unit's mean: even at practice; planned money follows those who stay, float64[V].

    Under full planning `village_minimum_share` is even and the rest goes by residents times residents over those at
    the start, so that large and growing villages get more and shrinking ones the minimum.
    """
    p, a, units = world.p, world.accounts, world.n_units
    people = heads[village].astype(np.float64)
    start = np.maximum(a["village_heads_start"][village], 1.0)
    call = people * people / start
    count = np.bincount(unit, minlength=units)
    mean = np.bincount(unit, weights=call, minlength=units) / np.maximum(count, 1)
    by_call = np.divide(call, mean[unit], out=np.ones(call.size), where=mean[unit] > 0.0)
    planned = world.channels.village_plan - a["village_plan_start"]
    return 1.0 + planned[unit] * (1.0 - p.village_minimum_share) * (by_call - 1.0)


def set_amenity(world: World) -> None:
    """Move markets.amenity by what the systems gained or lost; upgrades of villages are felt by place instead."""
    m, a, inside = world.markets, world.accounts, 3 * world.n_units
    now = carried(world)
    m.amenity[:inside] += a["works_amenity"].ravel()
    m.amenity[:inside] = np.clip(m.amenity[:inside] * (now / a["amenity_carried"]), *AMENITY_RANGE)
    a["amenity_carried"] = now


def carried(world: World) -> np.ndarray:
    """Part of amenity that the systems carry, 1 at the start: float64[3U]."""
    p, a, units = world.p, world.accounts, world.n_units
    town, rural = np.ones(units), np.ones(units)
    for w in WEIGHTS:
        index = (w.offset + a["systems"][w.system]) / (w.offset + a["systems_start"][w.system])
        if w.town is not None:
            town = town * index ** p[w.town]
        if w.village is not None:
            rural = rural * index ** p[w.village]
    return np.stack([rural, town, town], axis=1).ravel()


def village_amenity(world: World) -> np.ndarray:
    """Log of what upgrades add to the amenity of each village, float64[P]; 0 elsewhere and at the start."""
    return world.p.village_amenity_gain * np.log(world.accounts["village_stock"])
