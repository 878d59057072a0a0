"""Members working outside who come home for some months and go back (E11)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.jit import kernel, within
from model.kernels.rng import Stream
from model.kernels.rows import BLOCK, over_rows
from model.kernels.screen import rows_hit, screen_key, screen_word
from model.spec.codes import NO_PLACE, NO_SECTOR, Activity, Config, Flag, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART, ON_LEAVE = int(Flag.APART), int(Flag.ON_LEAVE)
CONTRACT, INSURED = int(Flag.CONTRACT), int(Flag.INSURED)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
WHOLE, RENTED, OUTSIDE = int(Config.WHOLE), int(Tenure.RENTED), int(Kind.OUTSIDE)
CIRCULAR: Final = Stream.CIRCULAR
FESTIVAL: Final = (1, 2)
S32, LOW, WORDS = np.uint64(32), np.uint64(0xFFFFFFFF), 2.0**32
LONGEST_MONTHS: Final = np.uint64(4)
"""A stay at home lasts one to four months, so that usual residence never changes by it."""
RECENT_MONTHS: Final = 8
NO_MARKET: Final = 255


def circulate(world: World, month: Month) -> None:
    """Come home for one to four months, jobless meanwhile; then go back, unless work was found at home (E11).

    A year outside the festival sees a share `h_circular` of those apart. Who goes back keeps the clock of the first
    arrival there, and usual residence is not touched: six months away from it never pass.
    """
    homes, people, places = world.households, world.residents, world.places
    hazard = 0.0 if month.of_year in FESTIVAL else -math.log1p(-world.p.h_circular) / (12 - len(FESTIVAL))
    key, chance = np.uint64(screen_key(world.seed, CIRCULAR, month.index)), -math.expm1(-hazard)
    over_rows(
        _circulate, homes.n, key, month.index, chance, homes.uid, homes.head, homes.place, homes.split_place,
        homes.config, homes.split_tenure, homes.since, homes.back_place, homes.back_config, homes.back_month,
        homes.back_since, people.next, people.place, people.usual, people.since, people.activity, people.sector,
        people.job_market, people.wage_yuan, people.flags, places.kind,
    )


@kernel
def _circulate(
    start, stop, key, month, chance, uid, head, place, split_place, config, split_tenure, since, back_place,
    back_config, back_month, back_since, nxt, person_place, usual, person_since, activity, sector, job_market, wage,
    flags, kind,
):
    cut = np.uint64(min(chance * WORDS, WORDS - 1.0))
    hit = np.zeros(BLOCK, np.uint8)
    hits, rows = hit.view(np.uint64), np.empty(BLOCK, np.int32)
    for a in range(start, stop, BLOCK):
        b = min(stop, a + BLOCK)
        ids, back, split = uid[a:b], back_place[a:b], split_place[a:b]
        for j in range(ids.size):
            goes = (split[j] >= 0) & ((screen_word(key, ids[j]) >> S32) < cut)
            hit[j] = np.uint8(goes | (back[j] >= 0))
        for k in range(rows_hit(hit, hits, a, ids.size, rows, 0)):
            h = rows[k]
            if back_place[h] >= 0:
                if back_month[h] <= month:
                    _go_back(
                        h, month, head, split_place, config, split_tenure, since, back_place, back_config, back_since,
                        nxt, person_place, usual, person_since, activity, flags,
                    )
            elif kind[split_place[h]] == OUTSIDE and since[h] < month:
                back_place[h], back_config[h], back_since[h] = split_place[h], config[h], since[h]
                stay = (screen_word(key, uid[h]) & LOW) * LONGEST_MONTHS >> S32
                back_month[h] = month + 1 + np.int64(stay)
                split_place[h], config[h] = NO_PLACE, WHOLE
                _come_home(
                    head[h], place[h], month, nxt, person_place, person_since, activity, sector, job_market, wage, flags
                )


@within
def _come_home(i, place, month, nxt, person_place, person_since, activity, sector, job_market, wage, flags):
    """Members who live apart come home, on leave and without a job."""
    while i >= 0:
        flags[i] &= ~ON_LEAVE
        if flags[i] & APART:
            flags[i] = (flags[i] & ~APART) | ON_LEAVE
            person_place[i], person_since[i] = place, month
            if activity[i] == EMPLOYED:
                activity[i], sector[i], job_market[i], wage[i] = UNEMPLOYED, NO_SECTOR, NO_MARKET, 0
                flags[i] &= ~(CONTRACT | INSURED)
        i = nxt[i]


@kernel
def _go_back(
    h, month, head, split_place, config, split_tenure, since, back_place, back_config, back_since, nxt, person_place,
    usual, person_since, activity, flags,
):
    there, somebody, left = back_place[h], False, False
    i = head[h]
    while i >= 0:
        goes = flags[i] & ON_LEAVE and activity[i] != EMPLOYED and config[h] == WHOLE
        somebody |= goes
        left |= not goes
        i = nxt[i]
    back_place[h] = NO_PLACE
    if not (somebody and left):
        return
    split_place[h], config[h], split_tenure[h], since[h] = there, back_config[h], RENTED, back_since[h]
    i = head[h]
    while i >= 0:
        if flags[i] & ON_LEAVE and activity[i] != EMPLOYED:
            flags[i] = (flags[i] & ~ON_LEAVE) | APART
            # Who joined the household later than it came there starts the six months anew.
            kept = usual[i] == there or month - back_since[h] <= RECENT_MONTHS
            person_place[i], person_since[i] = there, back_since[h] if kept else month
        i = nxt[i]
