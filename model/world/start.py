"""Month 0: people, places, firms, homes, services, beliefs and accounts of the start state."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.channels import Channels
from model.inputs import ModelInput, Month
from model.phases.arrivals import start_arrivals
from model.phases.beliefs import start_beliefs
from model.phases.kin import start_kin
from model.phases.relabelling import start_relabelling
from model.phases.relocation import relocation
from model.phases.settlement import start_settlement
from model.phases.triggers import triggers
from model.spec.codes import N_SERVICES, N_SKILLS
from model.spec.registry import REGISTRY
from model.state.heads import Heads
from model.state.ledger import Ledger
from model.state.panels import BUILD_QUEUE_MONTHS, Panels
from model.state.world import World
from model.world.constants import load_constants, shifts
from model.world.firms import start_economy
from model.world.housing import start_housing
from model.world.places import Geography, build_places
from model.world.population import start_population
from model.world.quantities import unit_quantities
from model.world.services import start_services
from model.world.tables import Prefecture, load_prefecture
from model.world.vital import start_demography
from model.world.works import start_works

USUAL_MONTHS: Final = 6
"""Months of presence after which a place is usual residence."""


def start_world(
    model_input: ModelInput, *, constants: np.ndarray | None = None, on_the_way: bool = True
) -> World:
    """Build the start state a run needs; the population comes from the cache when it was built before.

    constants: xi float64[U + 1, M, 3] to use instead of the prefecture's file, and on_the_way=False leaves out the
    moves before the start (both only to fit that file).
    """
    prefecture = load_prefecture(model_input.prefecture)
    geography = build_places(prefecture)
    p = REGISTRY.param_values(model_input.params)
    people = start_population(prefecture, geography, REGISTRY.param_values({}), model_input.scale)
    world = World(
        input=model_input,
        prefecture=prefecture,
        geography=geography,
        p=p,
        residents=people.residents,
        households=people.households,
        places=geography.places,
        markets=geography.markets,
        panels=empty_panels(prefecture, geography),
        channels=Channels.start(
            REGISTRY, prefecture.n_units, unit_quantities(prefecture), p, prefecture.pilot, prefecture.size
        ),
        firms=None,  # type: ignore[arg-type]
        ledger=Ledger(prefecture.n_units),
        heads=Heads(np.zeros(0, np.int64), np.zeros(0, np.int64)),
    )
    world.panels.xi[:] = load_constants(prefecture, geography, p) if constants is None else constants
    world.panels.xi += shifts(world)[:, :, None]
    start_demography(world)
    start_relabelling(world)
    start_kin(world)
    start_markets(world, budgets=not on_the_way)
    start_arrivals(world)
    if on_the_way:
        people_on_the_way(world)
        start_markets(world)
    start_settlement(world)
    world.heads = Heads.of(world)
    return world


def start_markets(world: World, budgets: bool = True) -> None:
    """Homes, services, firms, accounts and beliefs for the people as they stand; then look around.

    Without budgets where nothing is paid yet and all is set again.
    """
    world.ledger = Ledger(world.n_units)
    start_works(world)
    start_housing(world)
    start_services(world)
    start_economy(world, budgets)
    start_beliefs(world)
    world.look()


def people_on_the_way(world: World) -> None:
    """Draw the moves of the six months before the start, which the census does not count yet.

    Usual residence follows a move after half a year, so without them the first months would see no flow at all.
    Only places change: usual residence, and so every census margin, stays as it was.
    """
    start = world.input.start_ordinal
    for index in range(-USUAL_MONTHS, 0):
        month = Month(index=index, of_year=(start + index) % 12 + 1, is_year_end=False)
        triggers(world, month)
        relocation(world, month)
    world.triggered = np.zeros(world.households.n, np.uint8)


def empty_panels(prefecture: Prefecture, geography: Geography) -> Panels:
    """Arrays of the right shapes; distances and minutes filled."""
    units, places, markets = prefecture.n_units, geography.n_places, geography.n_markets
    return Panels(
        dist_km=geography.dist_km,
        minutes=geography.minutes.copy(),
        xi=np.zeros((units + 1, markets, 3)),
        wage_yuan=np.zeros((markets, N_SKILLS)),
        network=np.zeros((places, markets), np.float32),
        belief_p=np.zeros((units + 1, markets)),
        belief_wage=np.zeros((units + 1, markets, N_SKILLS)),
        capacity=np.zeros((N_SERVICES, markets)),
        load=np.zeros((N_SERVICES, markets)),
        staff=np.zeros((N_SERVICES, markets)),
        quality=np.ones((N_SERVICES, markets)),
        queue=np.ones((2, N_SERVICES, markets)),
        building=np.zeros((BUILD_QUEUE_MONTHS, markets), np.int64),
    )
