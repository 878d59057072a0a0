"""What services and indicators count of people and households, once a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.kernels import tally
from model.kernels.rows import count_rows, find_and_count

if TYPE_CHECKING:
    from model.state.world import World


class Headcount(NamedTuple):
    """Counts of one month."""

    month: int
    counts: tally.Counts
    homes: np.ndarray  # int64[U + 1, 2, 4], households by unit and tenure, see `tally.count_households`
    elsewhere: np.ndarray  # int32[k], rows of people who live at another place than their usual one


class Room(NamedTuple):
    """What the passes write to or look up, made once a run."""

    here: np.ndarray  # uint32[P], see `tally.describe_places`
    home: np.ndarray  # uint32[P]
    zone_of: np.ndarray  # int64[2M]
    packed: np.ndarray  # int64[H], see `tally.count_households`
    intensive: np.ndarray  # int64[256], 1 for labour-intensive industries


def room_of(world: World) -> Room:
    """Kept; households may become more."""
    known = world.kept.get("headcount_room")
    if known is None or known.packed.size < world.households.n:
        intensive = np.zeros(tally.CODES, np.int64)
        intensive[list(tally.LABOUR_INTENSIVE)] = 1
        known = world.kept["headcount_room"] = Room(
            np.zeros(world.places.n, np.uint32), np.zeros(world.places.n, np.uint32),
            np.zeros(2 * world.markets.n, np.int64), np.zeros(world.households.capacity, np.int64), intensive,
        )
    return known


def headcount(world: World, t: int, due: int = tally.NOBODY_DUE) -> Headcount:
    """Count everybody in month t.

    due: those who came to their place in this month or before count as having it for their usual one, since
    relabelling is still to come.
    """
    people, homes, places, markets, units = (
        world.residents, world.households, world.places, world.markets, world.n_units
    )
    here, home, zone_of, packed, intensive = room_of(world)
    zones = tally.describe_places(
        units, places.unit, places.kind, places.market, places.urban, here, home, zone_of
    )
    by_tenure = count_rows(
        tally.count_households, homes.n, (units + 1, 2, 4), homes.head, homes.size, homes.tenure, homes.split_tenure,
        homes.place, homes.income_yuan, here, packed,
    )
    ends = tally.room(zones, units, places.n)
    elsewhere, out = find_and_count(
        tally.count_people, people.n, ends[-1], ends, t, due, people.household, people.birth, people.place,
        people.usual, people.since, people.hukou, people.activity, people.job_since, people.flags, people.sector,
        people.job_market, people.wage_yuan, here, home, packed, intensive, tally.COUNTED, places.unit, places.urban,
        places.urban_frozen,
    )
    counts = tally.no_counts(units, markets.n, places.n)
    tally.sum_up(out, ends, zone_of, places.unit, places.urban_frozen, markets.unit, markets.kind, *counts)
    return Headcount(t, counts, by_tenure, elsewhere)
