"""Who thinks again this month about where and how to live (E1), and who is drawn home (E11)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np

from model.kernels.jit import bare, kernel, within
from model.kernels.rng import Stream
from model.kernels.rows import BLOCK, find_rows
from model.kernels.screen import screen_key, screen_word
from model.spec.codes import Event, Flag, Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.spec.params import Params
    from model.state.world import World

RECONSIDER: Final = 1
RETURN: Final = 2
TRIGGER: Final = Stream.TRIGGER
S32, LOW, TO_UNIT = np.uint64(32), np.uint64(0xFFFFFFFF), 2.0**-32
PRIOR, COLLEGE = int(Flag.PRIOR_MIGRANT), int(Flag.COLLEGE_AWAY)
OUTSIDE, VILLAGE = int(Kind.OUTSIDE), int(Kind.VILLAGE)
SLACK: Final = 1e-12
"""Above a sum of hazards in another order."""
EVENTS: Final = (
    (Event.JOB_LOSS, "trigger_job_loss"),
    (Event.WEDDING, "trigger_wedding"),
    (Event.BIRTH, "trigger_birth"),
    (Event.CHILD_3, "trigger_child_3"),
    (Event.CHILD_6, "trigger_child_6"),
    (Event.CHILD_12, "trigger_child_12"),
    (Event.CHILD_15, "trigger_child_15"),
    (Event.LEASE_END, "trigger_lease_end"),
    (Event.PARENT_CARE, "trigger_parent_care"),
    (Event.OFFER, "trigger_offer"),
)
AGE_BANDS: Final = (
    (15, "rel_move_15_19"), (20, "rel_move_20_24"), (25, "rel_move_25_29"), (30, "rel_move_30_39"),
    (40, "rel_move_40_49"), (50, "rel_move_50_59"), (60, "rel_move_60plus"),
)


class TriggerTables(NamedTuple):
    """Rates common to all households of a month."""

    rate_age: np.ndarray  # [120] monthly hazard by age of the member most likely to move
    bound: float  # no hazard without an event exceeds this
    prior: float
    event_rate: np.ndarray  # [11] added hazard by event bit
    return_month: float
    return_50: float
    left_behind_men: float
    left_behind_women: float
    pension_parent: float


def triggers(world: World, month: Month) -> None:
    """Mark households that reconsider (1) or return (2) in `world.triggered`.

    E1: P = 1 - exp(-(lambda_ref * rel_move(age) * m_prior * m_pension * season + sum of event hazards)), the age
    band of the member most likely to move standing for the household; m_pension = or_pension_parent where a member
    of working age lives with one of 60 or over, or has parents of that age in another household. E11: a competing
    hazard of return for households away and for members living apart. Students at college stay until they finish.

    **Reads** residents (birth, sex, flags), households (events, place, origin, config, kin_elder).
    **Writes** world.triggered; world.kept remembers the rows.
    """
    homes, people, places = world.households, world.residents, world.places
    tables = kept_tables(world, month.of_year)
    world.triggered = out = np.zeros(homes.n, np.uint8)
    rows = find_rows(
        _mark, homes.n, tables, trigger_key(world.seed, month.index), month.index, homes.uid, homes.head, homes.events,
        homes.place, homes.origin, homes.split_place, homes.kin_elder, people.next, people.birth, people.sex,
        people.flags, places.kind, places.unit, out,
    )
    world.kept["triggered"] = out, rows


def kept_tables(world: World, of_year: int) -> TriggerTables:
    """`trigger_tables`, made once for each calendar month."""
    p, tables = world.kept.get("trigger_tables", (None, {}))
    if p is not world.p:
        world.kept["trigger_tables"] = world.p, (tables := {})
    if of_year not in tables:
        tables[of_year] = trigger_tables(world.p, of_year)
    return cast(TriggerTables, tables[of_year])


def trigger_key(seed: np.uint64, month: int) -> np.uint64:
    """Key of the month's draws."""
    return np.uint64(screen_key(seed, TRIGGER, month))


def trigger_tables(p: Params, of_year: int) -> TriggerTables:
    """Rates of this calendar month (Spring Festival in months 1-2, school terms in month 8)."""
    season = {1: p.season_festival, 2: p.season_festival, 8: p.season_term}
    rest = (12.0 - 2.0 * p.season_festival - p.season_term) / 9.0
    level = p.lambda_ref_month * season.get(of_year, rest)
    rate = np.zeros(120)
    for start, key in AGE_BANDS:
        rate[start:] = level * getattr(p, key)
    bound = rate.max() * max(1.0, p.mult_prior_migrant) * max(1.0, p.or_pension_parent)
    return TriggerTables(
        rate, float(bound), p.mult_prior_migrant, event_rates(p), -math.log1p(-p.h_return_perm) / 12.0,
        p.mult_return_50, p.or_return_leftbehind_m, p.or_return_leftbehind_w, p.or_pension_parent,
    )


def event_rates(p: Params) -> np.ndarray:
    """Added hazard of the month after each event, float64[11] by event bit.

    A closed village school multiplies a year's moves of parents (30-39) by rr_village_school_closed.
    """
    rates = np.zeros(len(Event) - 1)
    for event, key in EVENTS:
        rates[bit_of(event)] = -math.log1p(-getattr(p, key))
    year = 12.0 * p.lambda_ref_month * p.rel_move_30_39
    rates[bit_of(Event.SCHOOL_CLOSED)] = (p.rr_village_school_closed - 1.0) * year
    return rates


def bit_of(event: Event) -> int:
    """Position of an event's bit."""
    return int(event).bit_length() - 1


@bare
def drawn(word):
    """Two uniforms of the 64 hashed bits of a household: for whether anything happens, and for what."""
    return ((word >> S32) + 0.5) * TO_UNIT, ((word & LOW) + 0.5) * TO_UNIT


@kernel
def _mark(
    start, stop, found, t, key, month, uid, head, events, place, origin, split_place, kin_elder, nxt, birth, sex,
    flags, kind, unit, out,
):
    """Households that think again or return: marked in `out`, rows to `found`; for `model.kernels.rows.find_rows`."""
    most = t.bound + t.return_month * t.return_50 * max(1.0, t.left_behind_women) ** 3
    # A whole number above the chance without an event, so that words can be compared with vector instructions.
    cut = np.uint64(min((1.0 - math.exp(-most)) / TO_UNIT + 1.0, 4294967295.0))
    words, rows = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    lines = np.empty(BLOCK, np.int64)
    total = 0
    for a in range(start, stop, BLOCK):
        ids, raised = uid[a : min(stop, a + BLOCK)], events[a : min(stop, a + BLOCK)]
        for j in range(ids.size):
            words[j] = screen_word(key, ids[j])
        n = 0
        for j in range(ids.size):
            rows[n] = j
            n += (words[j] >> S32 <= cut) | (raised[j] != 0)
        n = _likely(t, most, words, raised, rows, n)
        _touch(a, rows, n, lines, head, place, origin, split_place, kin_elder, nxt, birth, sex, flags)
        for k in range(n):
            h = a + rows[k]
            if head[h] < 0 or (flags[head[h]] & COLLEGE and nxt[head[h]] < 0):
                continue
            rate, back = _hazards(
                t, month, h, head, place, origin, split_place, kin_elder, nxt, birth, sex, flags, kind, unit
            )
            rate += event_hazard(t, events[h])
            u, v = drawn(words[rows[k]])
            if u < 1.0 - math.exp(-(rate + back)):
                out[h] = RETURN if v * (rate + back) < back else RECONSIDER
                found[total] = h
                total += 1
    return total


@within
def event_hazard(t, events):
    """What this month's events add."""
    rate, e, b = 0.0, int(events), 0
    while e and b < t.event_rate.size:
        if e & 1:
            rate += t.event_rate[b]
        e >>= 1
        b += 1
    return rate


@within
def _likely(t, most, words, raised, rows, n):
    """Leave in `rows` those whose draw is not too high for the largest hazard with their events; returns how many."""
    kept = 0
    for k in range(n):
        j = rows[k]
        rows[kept] = j
        if raised[j]:
            bound = most + event_hazard(t, raised[j]) + SLACK
            kept += drawn(words[j])[0] < 1.0 - math.exp(-bound)
        else:
            kept += 1
    return kept


@within
def _touch(a, rows, n, lines, head, place, origin, split_place, kin_elder, nxt, birth, sex, flags):
    """Read what lies apart in loops that do nothing else, so that many reads from memory are under way at once."""
    for k in range(n):
        lines[k] = head[a + rows[k]]
    for k in range(n):
        h, i = a + rows[k], max(lines[k], 0)
        lines[k] = place[h] + origin[h] + split_place[h] + kin_elder[h] + nxt[i] + birth[i] + sex[i] + flags[i]


@within
def _hazards(t, month, h, head, place, origin, split_place, kin_elder, nxt, birth, sex, flags, kind, unit):
    """Hazard of reconsidering and of a lasting return, per month."""
    rate, oldest, women, children = 0.0, 0, 0, 0
    working_age, elder = False, False
    away = kind[place[h]] == OUTSIDE or (split_place[h] >= 0 and kind[split_place[h]] == OUTSIDE)
    i = head[h]
    while i >= 0:
        age = (month - birth[i]) // 12
        if age >= 15:
            r = t.rate_age[min(age, 119)]
            if (flags[i] & PRIOR) and 20 <= age < 46:
                r *= t.prior
            rate = max(rate, r)
        working_age |= 16 <= age < 60
        elder |= age >= 60
        if 20 <= age < 60:
            oldest = max(oldest, age)
            women += sex[i]
        if age < 15 and split_place[h] >= 0:
            children += 1
        i = nxt[i]
    if working_age and (elder or kin_elder[h]):
        rate *= t.pension_parent
    back = 0.0
    if away and unit[origin[h]] >= 0:
        back = t.return_month * (t.return_50 if oldest >= 50 else 1.0)
        odds = t.left_behind_women if women > 0 else t.left_behind_men
        back *= odds ** min(children, 3)
    return rate, back
