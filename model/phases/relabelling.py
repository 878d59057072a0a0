"""Usual residence by the six-month rule, and villages recoded as urban (E20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rows import BLOCK, find_rows
from model.kernels.screen import rows_hit
from model.spec.codes import Kind
from model.state.heads import count_by_place
from model.world.flows import recoded_year

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

SIX_MONTHS: Final = 6


def start_relabelling(world: World) -> None:
    """Freeze the yearly number of rural residents to be recoded, and start with nothing carried over.

    accounts["relabel_quota"]: float64[U], reclass_share * (growth of urban residents over ten years) / 10 at the
    scale of the run, zero where towns lost people; accounts["relabel_carry"]: float64[U].
    """
    world.accounts["relabel_quota"] = recoded_year(world) * world.scale
    world.accounts["relabel_carry"] = np.zeros(world.n_units)


def relabelling(world: World, month: Month) -> None:
    """Six months after an arrival the new place becomes the usual one; in month 12 villages are recoded.

    A village group nearest to its county town is recoded when the residents due, carried over from year to year,
    reach half of those who live there (E20: an exogenous schedule that no lever touches).

    **Reads** residents (place, since), places.relabel_order. **Writes** residents.usual, places.urban,
    accounts.relabel_carry; counts moves_od int64[M, M] by market of the old and the new usual place, moves_urban
    int64[2, U] (into and out of places coded urban), reclassified int64[U].
    """
    people, places, units = world.residents, world.places, world.n_units
    latest = np.int16(month.index - SIX_MONTHS)
    counted = world.kept.get("headcount")
    if counted is not None and counted.month == month.index:
        rows = counted.elsewhere
    else:
        rows = find_rows(live_elsewhere, people.n, people.place, people.usual, people.since, latest)
    moves, urban = _six_months(
        rows, latest, people.household, people.place, people.usual, people.since, places.market, places.unit,
        places.urban, world.markets.n, units,
    )
    world.count("moves_od", moves)
    world.count("moves_urban", urban)
    if month.is_year_end:
        recode(world, min(1.0, (month.index + 1) / 12.0))


@kernel
def live_elsewhere(start, stop, found, place, usual, since, latest):
    """Rows of people who came by month `latest` to a place other than their usual one, the dead among them.

    For `model.kernels.rows.find_rows`. Comparing a block at a time lets the compiler use vector instructions.
    """
    hit = np.zeros(BLOCK, np.uint8)
    hits = hit.view(np.uint64)
    k = 0
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        lives, used, came = place[a:b], usual[a:b], since[a:b]
        for i in range(lives.size):
            hit[i] = np.uint8((lives[i] != used[i]) & (came[i] <= latest))
        k = rows_hit(hit, hits, a, lives.size, found, k)
    return k


@kernel
def _six_months(rows, latest, household, place, usual, since, market, unit, urban_code, n_markets, n_units):
    moves, urban = np.zeros((n_markets, n_markets), np.int64), np.zeros((2, n_units), np.int64)
    for i in rows:
        if household[i] < 0 or since[i] > latest:
            continue
        old, new = usual[i], place[i]
        moves[market[old], market[new]] += 1
        if unit[new] >= 0:
            urban[0, unit[new]] += urban_code[new]
        if unit[old] >= 0:
            urban[1, unit[old]] += urban_code[old]
        usual[i] = new
    return moves, urban


def recode(world: World, years: float) -> None:
    """Turn villages urban, nearest first, until the residents due since the last year end are used up.

    years: time since then or since the start, since the census already holds the codes of its own year.
    """
    people, places, units = world.residents, world.places, world.n_units
    carry = world.accounts["relabel_carry"]
    carry += world.accounts["relabel_quota"] * years
    residents = count_by_place(people.n, people.household, people.usual, places.n)
    recoded = np.zeros(units, np.int64)
    rows = np.flatnonzero((places.kind[: places.n] == Kind.VILLAGE) & (places.urban[: places.n] == 0))
    for place in rows[np.lexsort((places.relabel_order[rows], places.unit[rows]))]:
        u = places.unit[place]
        # A village that is not due blocks those farther out: carry can only fall below later ones' halves.
        if carry[u] > 0 and carry[u] >= residents[place] / 2:
            places.urban[place] = 1
            carry[u] -= residents[place]
            recoded[u] += residents[place]
    world.count("reclassified", recoded)
