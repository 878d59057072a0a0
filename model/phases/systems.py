"""Infrastructure by system: what is built, what wears, and the amenity of towns and villages (E6, E16, E17)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels import systems as kernels
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
SYSTEM_OF: Final = np.array([int(w.system) for w in WEIGHTS])
OFFSET: Final = np.array([w.offset for w in WEIGHTS])
UNWORN: Final = np.array([system in (System.HEATING, System.VILLAGE) for system in System])
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
    a["village_rows"] = np.flatnonzero(world.places.kind[: world.places.n] == Kind.VILLAGE)


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


def improve_systems(world: World, heads: np.ndarray, steps: dict[str, np.ndarray]) -> None:
    """Build, wear, and set amenity. heads: people by place, int64[P]; steps: what `rises` returned."""
    p, c, a = world.p, world.channels, world.accounts
    x, start = a["systems"], a["systems_start"]
    governed, factor = c.village_governance - a["village_governance_start"], wear_factor(world)
    added = np.zeros(x.shape)
    added[System.HEATING] = c.clean_heating - x[System.HEATING]
    added[System.UTILITIES] = c.utility_flow_yuan / (10_000.0 * a["town_residents_start"])
    added[System.RENEWAL] = c.renewal_flow / a["town_homes_start"]
    added[System.PUBLIC_SPACE], added[System.HAZARD] = c.public_space_flow, c.hazard_flow
    added[System.ECOLOGY] = c.ecology_flow
    added[System.COMMUNITY], added[System.WATER] = steps["community_facility"], steps["water_integration"]
    kernels.improve(
        x, start, added, UNWORN, p.system_wear_year / YEAR, p.upkeep_holds, upkeep_share(world), factor,
        1.0 - p.governance_gain * governed, int(System.RENEWAL), LEAST_STOCK,
    )
    upgrade_villages(world, heads, governed, factor)
    set_amenity(world)


def upgrade_villages(world: World, heads: np.ndarray, governed: np.ndarray, factor: np.ndarray) -> None:
    """Upgrades and rebuilding of villages, spread by plan; accounts.village_stock float64[P], 1 at the start.

    Governance raises what projects deliver and lowers wear. Money per cluster over the unit's mean is even at
    practice; planned money follows those who stay: under full planning `village_minimum_share` is even and the rest
    goes by residents times residents over those at the start, so that large and growing villages get more and
    shrinking ones the minimum.
    """
    p, a, c, places = world.p, world.accounts, world.channels, world.places
    kernels.upgrade_villages(
        a["village_stock"], heads, a["village_heads_start"], a["village_rows"], places.unit,
        c.village_plan - a["village_plan_start"], p.village_minimum_share, p.governance_gain, governed, factor,
        p.system_wear_year / YEAR, p.upkeep_holds, upkeep_share(world), c.village_quality_flow + a["works_villages"],
        a["villages_start"], LEAST_STOCK, a["systems"][System.VILLAGE],
    )


def set_amenity(world: World) -> None:
    """Move markets.amenity by what the systems gained or lost; upgrades of villages are felt by place instead."""
    a, inside = world.accounts, 3 * world.n_units
    now = carried(world)
    kernels.move_amenity(
        now, a["amenity_carried"], a["works_amenity"].ravel(), *AMENITY_RANGE, world.markets.amenity[:inside]
    )
    a["amenity_carried"] = now


def carried(world: World) -> np.ndarray:
    """Part of amenity that the systems carry, 1 at the start: float64[3U]."""
    a, out = world.accounts, np.empty(3 * world.n_units)
    if "amenity_powers" not in world.kept:
        world.kept["amenity_powers"] = np.array(
            [[world.p[key] if key else 0.0 for key in (w.town, w.village)] for w in WEIGHTS]
        )
    kernels.carry(a["systems"], a["systems_start"], SYSTEM_OF, OFFSET, world.kept["amenity_powers"], out)
    return out
