"""In which months of a year something happens to whom: everybody is looked at once a year, not once a month.

Each person has four lanes of 16 hashed bits, one for each kind of event, and `cut` c for each, a little more than
65,536 times the largest chance of a month. A lane w below 12 c makes w // c the first month in which the event may
happen; a fresh hash begins anew after it. When g months have passed since, the next may be it with chance
h = c / (65,536 - g c), and it is kept with chance p / h: so that every month has chance p, whatever came before.

Chances that differ by unit are left to the month, since people move: until then p is the largest of any unit.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.jit import bare, kernel, within
from model.kernels.rng import Stream, mix_uid, to_open
from model.kernels.rows import BLOCK
from model.kernels.screen import lane, lanes_below, screen_block, screen_key, screen_unit, screen_word
from model.spec.codes import Activity, Flag

YEAR: Final = 12
WORDS: Final = 65_536
DEATH, BIRTH, UNION, LEAVE, TURN, CARE = range(6)
"""Kinds of events. The first four have lanes; that of BIRTH is of CARE in old age. TURN comes to all of one age."""
LANES_OF: Final = 4
KINDS: Final = 6
MARRIED, CARE_NEED, AWAY = int(Flag.MARRIED), int(Flag.CARE_NEED), int(Flag.COLLEGE_AWAY)
EMPLOYED, UNEMPLOYED = int(Activity.EMPLOYED), int(Activity.UNEMPLOYED)
S_DUE, S_DEATH, S_BIRTH = Stream.DUE, Stream.DEATH, Stream.BIRTH
CARE_FROM: Final = 60
CHILDHOOD: Final = 180
"""Months of age up to which turns are those of children."""
MOST_ENTRIES: Final = LANES_OF * YEAR + 1


@within
def _next(word, kind, since, cut):
    """Month of the year, from `since` on, of the next candidate of a kind; YEAR if there is none."""
    w = np.uint32(lane(word, kind))
    if since > 0:
        w = np.uint32(mix_uid(word, np.uint64(LANES_OF * since + kind)) & np.uint64(WORDS - 1))
    return since + np.int64(w // np.uint32(cut)) if w < np.uint32((YEAR - since) * cut) else YEAR


@within
def _kept(word, kind, month, passed, cut, p):
    """Whether a candidate is kept."""
    draw = to_open(mix_uid(word, np.uint64(LANES_OF * (YEAR + 1 + month) + kind)))
    return draw * cut < p * (WORDS - passed * cut)


@kernel
def plan_range(
    start, stop, seed, first, since, season, uid, birth, sex, household, cut, turn, limits, of_sex, always, most
):
    """What comes to rows [start, stop) from month `since` of the year on: int64[k], row | month << 32 | kind << 40.

    first: index of the year's first month; season: int64[12]; cut: int32[2, A, 4] by sex and age in months then; turn:
    int8[A], month in which life turns, -1 none; limits: uint64[AGES], see `screen_block`; of_sex, always: uint64[2, A],
    what lanes stay below, and top bits of those that any word does; most: float64[2, 4, 2, 111] by season, lane, sex
    and age in years, largest chances of a month.
    """
    key = screen_key(seed, S_DUE, first + YEAR)
    hit, candidate = np.empty(BLOCK, np.uint8), np.empty(BLOCK + 1, np.int32)
    out = np.empty((stop - start) // 2 + BLOCK * MOST_ENTRIES, np.int64)
    k = 0
    for a in range(start, stop, BLOCK):
        n = min(stop - a, BLOCK)
        if k + BLOCK * MOST_ENTRIES > out.size:
            more = np.empty(2 * out.size, np.int64)
            more[:k] = out[:k]
            out = more
        screen_block(hit, key, first, uid[a : a + n], birth[a : a + n], limits)
        candidates = 0
        for j in range(n):
            candidate[candidates] = a + j
            candidates += hit[j] & (household[a + j] >= 0)
        for c in range(candidates):
            i = np.int64(candidate[c])
            months = min(max(first - birth[i], 0), turn.size - 1)
            out[k] = i | (np.int64(turn[months]) << 32) | (TURN << 40)
            k += turn[months] >= since
            word = screen_word(key, uid[i])
            bits = lanes_below(word, of_sex[sex[i], months]) | always[sex[i], months]
            if bits:
                k = _plan(
                    i, word, bits, first - birth[i], since, season, cut[sex[i], months], most[:, :, sex[i]], out, k
                )
    return out[:k]


@bare
def _plan(i, word, bits, months, since, season, cut, most, out, k):
    """Write what comes to one person in the lanes with `bits` to `out` from k on; returns the new k."""
    for kind in range(LANES_OF):
        if (bits >> np.uint64(16 * kind + 15)) & np.uint64(1) == np.uint64(0):
            continue
        begin, c = 0, np.int64(cut[kind])
        month = _next(word, kind, begin, c)
        while month < YEAR:
            age = min((months + month) // YEAR, most.shape[2] - 1)
            if month >= since and age >= 0 and _kept(
                word, kind, month, month - begin, c, most[season[month], kind, age]
            ):
                out[k] = i | (month << 32) | ((CARE if kind == BIRTH and age >= CARE_FROM else kind) << 40)
                k += 1
            begin = month + 1
            month = _next(word, kind, begin, c)
    return k


@kernel
def by_month(entries, rows, kinds, start):
    """Sort entries of `plan_range` by month, in their order: rows int32[k], kinds uint8[k]; start: int64[13], zeros."""
    for q in range(entries.size):
        start[((entries[q] >> 32) & 0xFF) + 1] += 1
    for m in range(YEAR):
        start[m + 1] += start[m]
    end = start.copy()
    for q in range(entries.size):
        m = (entries[q] >> 32) & 0xFF
        rows[end[m]], kinds[end[m]] = entries[q] & 0xFFFF_FFFF, entries[q] >> 40
        end[m] += 1


@bare
def due_now(
    start, stop, found, sizes, _, seed, month, rows, kinds, first, seen, season, cut, turn, most, death, birth_chance,
    ratio, uid, birth, sex, household, activity, flags, usual, unit,
):
    """Rows to which something happens this month, by kind: int64[KINDS, n], see `model.kernels.rows.sort_rows`.

    Line q is rows[q], or person seen + q - rows.size, who came after the year had been planned. death, birth_chance:
    float64[U + 1, 2, 111] and, over women of the age, float64[U + 1, 111]; ratio: float64[111], women over wives.
    """
    now, year = month - first, screen_key(seed, S_DUE, first + YEAR)
    s_death, s_birth = screen_key(seed, S_DEATH, month), screen_key(seed, S_BIRTH, month)
    planned = rows.size
    for q in range(start, min(stop, planned)):
        i, kind = np.int64(rows[q]), np.int64(kinds[q])
        if _happens(
            i, kind, month, s_death, s_birth, most[season], death, birth_chance, ratio, uid, birth, sex, household,
            activity, flags, usual, unit,
        ):
            found[kind, start + sizes[kind]] = i
            sizes[kind] += 1
    for i in range(seen + max(start, planned) - planned, seen + stop - planned):
        months, word = min(max(first - birth[i], 0), turn.size - 1), screen_word(year, uid[i])
        age = min((month - birth[i]) // YEAR, most.shape[3] - 1)
        for lane_number in range(LANES_OF + 1):
            kind = CARE if lane_number == BIRTH and age >= CARE_FROM else lane_number
            if kind == TURN:
                comes = turn[months] == now
            else:
                c = np.int64(cut[sex[i], months, lane_number])
                comes = _comes(word, lane_number, now, c, most[season, lane_number, sex[i], age])
            if comes and _happens(
                i, kind, month, s_death, s_birth, most[season], death, birth_chance, ratio, uid, birth, sex, household,
                activity, flags, usual, unit,
            ):
                found[kind, start + sizes[kind]] = i
                sizes[kind] += 1


@within
def _comes(word, kind, now, cut, p):
    """Whether a year's plan would have an event in a lane in month `now` of the year."""
    begin = 0
    month = _next(word, kind, begin, cut)
    while month < now:
        begin = month + 1
        month = _next(word, kind, begin, cut)
    return month == now and _kept(word, kind, month, month - begin, cut, p)


@bare
def _happens(
    i, kind, month, s_death, s_birth, most, death, birth_chance, ratio, uid, birth, sex, household, activity, flags,
    usual, unit,
):
    """Whether what was planned for the month comes about, as people are and where they live by now."""
    if household[i] < 0:
        return False
    if kind == UNION:
        return flags[i] & (MARRIED | AWAY) == 0
    if kind == LEAVE:
        return flags[i] & AWAY == 0
    if kind == CARE:
        return flags[i] & CARE_NEED == 0
    if kind == TURN:
        return month - birth[i] <= CHILDHOOD or activity[i] in (EMPLOYED, UNEMPLOYED)
    if kind == BIRTH and flags[i] & MARRIED == 0:
        return False
    age, u = min((month - birth[i]) // YEAR, most.shape[2] - 1), np.int64(unit[usual[i]])
    if u < 0:
        u = death.shape[0] - 1
    if kind == DEATH:
        return screen_unit(s_death, uid[i]) * most[DEATH, sex[i], age] < death[u, sex[i], age]
    return screen_unit(s_birth, uid[i]) * most[BIRTH, 1, age] < birth_chance[u, age] * ratio[age]
