"""The choice of one household without weighing all it could do: places that cannot win are passed over.

Every place and arrangement gets an upper bound of its utility and of its error, both from short tables; only where
they beat how the household lives now are the exact ones worked out. The answer is that of
`model.kernels.choice.utilities` and `model.kernels.nested.choose` (tested); most alternatives are never weighed.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.choice import (
    CHILD,
    COLUMNS,
    COMMUTE,
    COUPLE,
    FROM_TOWN,
    MAX_ALTERNATIVES,
    N_SLOTS,
    SCHOOL,
    WHOLE,
    WORKER,
    arrange,
    base_of,
    commute,
    commutes_to,
    home_itself,
    lives_in_town,
    log_income,
    may_commute,
    nest_of,
    pay,
    place_term,
    possible,
    reaches,
    service_value,
    target_in,
)
from model.kernels.jit import kernel, within
from model.kernels.nested import N_NESTS, NEAR_NESTS, SLOT_CONFIGS, UNDRAWN
from model.kernels.rng import mix_uid
from model.kernels.shocks import NEST_WORDS, TENURE_WORDS, best_lane, coarse_lane, lane_of, look_up, stable

GROUPS: Final = 1536
"""Most places times arrangements of one household: 256 markets, five arrangements, and towns to commute to."""
MARGIN: Final = 2e-3
"""Utility added to bounds for what 32 bits round away."""
F = np.float32
BYTES, HIGH, LOW = np.uint64(8), np.uint64(7), np.uint64(3)
TABLE: Final = 256


class Room(NamedTuple):
    """Where one thread works. Groups are places and arrangements."""

    v: np.ndarray  # float64[MAX_ALTERNATIVES]
    alt: np.ndarray  # int16[MAX_ALTERNATIVES, COLUMNS]
    log_s: np.ndarray  # float64[N_NESTS]
    best: np.ndarray  # int16[COLUMNS] the alternative that is chosen
    exact: np.ndarray  # uint64[2 N_SLOTS] groups where the household lives now
    code: np.ndarray  # uint64[GROUPS] market and slot of the others
    bound: np.ndarray  # float32[GROUPS] of their utility with the nest's error
    beats: np.ndarray  # int64[GROUPS] those that could win
    nest: np.ndarray  # float32[N_NESTS]
    reach: np.ndarray  # float32[GROUPS] by destination: nest, distance, network
    kept: np.ndarray  # uint64[GROUPS] hashed words, and the bytes of them
    month: np.ndarray
    kept_byte: np.ndarray  # uint8[8 GROUPS]
    month_byte: np.ndarray
    lane: np.ndarray  # uint8[GROUPS]


@kernel
def make_room():
    """Fresh room for one thread."""
    kept, month = np.empty(GROUPS, np.uint64), np.empty(GROUPS, np.uint64)
    return Room(
        np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16), np.empty(N_NESTS),
        np.empty(COLUMNS, np.int16), np.empty(2 * N_SLOTS, np.uint64), np.empty(GROUPS, np.uint64),
        np.empty(GROUPS, np.float32), np.empty(GROUPS, np.int64), np.empty(N_NESTS, np.float32),
        np.empty(GROUPS, np.float32), kept, month, kept.view(np.uint8), month.view(np.uint8),
        np.empty(GROUPS, np.uint8),
    )


@within
def stays(t, q, s, w, f, home, uid, near, room):
    """Whether one household stays as it is; if not, what it chooses is in room.best.

    t, q, s, w: ChoiceTables, ChoiceParams, Shocks, Bounds; f, home: Family, Home; near: a return, which stays in the
    prefecture.
    """
    b = base_of(t, q, f, home)
    lasting, fresh = mix_uid(uid, s.kept_key), mix_uid(uid, s.month_key)
    for nest in range(N_NESTS):
        room.log_s[nest] = stable(s.nest, s.nest_scale, s.gumbel, mix_uid(NEST_WORDS + nest, fresh))
    n, current = home_itself(q, f, home, b, room.v, room.alt)
    mine = commutes_to(t, q, f, home, b) if may_commute(f, b) else -1
    if mine >= 0 and reaches(t, q, home, b, mine):
        current = n
        n = commute(t, q, f, home, b, mine, mine, room.v, room.alt, n)
    present = fill_present(t, w, f, home, b, room)
    groups = fill_groups(t, q, s, w, f, home, b, mine, room)
    draw_words(room, groups, lasting, fresh)
    value, stay, step, end = UNDRAWN, True, 0, present + 1
    while step < end:
        if step == present:
            current = max(current, 0)
            value, k = best_of(q, s, room, 0, n, current, lasting, fresh, near, value)
            stay = k == current
            end += find_better(w, room, groups, value)
            step += 1
            continue
        g = room.beats[step - present - 1] if step > present else 0
        code = int(room.code[g]) if step > present else int(room.exact[step])
        step += 1
        m, slot = code // SLOT_CONFIGS, code % SLOT_CONFIGS
        target = target_in(t, home, b, m)
        if step > present + 1 and not may_win(t, s, f, home, b, m, target, slot, near, present, room, g, fresh, value):
            continue
        now, last = current, n
        if slot == COMMUTE:
            last = commute(t, q, f, home, b, m, mine, room.v, room.alt, n)
        else:
            last, now = arrange(t, q, f, home, b, m, target, slot, room.v, room.alt, n, current)
        if step <= present:
            n, current = last, now
        else:
            value, k = best_of(q, s, room, n, last, -1, lasting, fresh, near, value)
            stay = stay and k < 0
    return stay


@within
def fill_present(t, w, f, home, b, room):
    """Groups that no bound covers, to room.exact: how the household lives away from home, and where that is no
    destination all arrangements there. Returns how many."""
    n = 0
    here = int(t.place_market[home.place]) if not b.at_home else -1
    there = int(t.place_market[home.split_place]) if home.split_place >= 0 else -1
    apart = FROM_TOWN if home.config == WORKER and not b.at_home else home.config
    for side in range(2):
        m = there if side else here
        if m < 0 or (side and there == here):
            continue
        target = target_in(t, home, b, m)
        for slot in range(N_SLOTS):
            now = (m == here and slot == WHOLE and home.config == WHOLE) or (m == there and slot == apart)
            if (now or not w.listed[b.row, m]) and target >= 0 and possible(t, f, home, b, m, target, slot):
                room.exact[n] = m * SLOT_CONFIGS + slot
                n += 1
    return n


@within
def fill_groups(t, q, s, w, f, home, b, mine, room):
    """Groups of all destinations, and bounds of their utility with the nest's error; returns how many.

    What cannot be is left to `may_win`, which looks at few.
    """
    x = t.income[f.prior, b.row]
    other = max(b.let + b.pension, b.farm + b.kept)
    floor = q.subsistence_yuan * f.size
    top = w.top[f.prior, b.row]
    most = max(f.earners0 * top[0] + f.earners1 * top[1] + f.earners2 * top[2] + other, floor)
    # log y <= log most + y / most - 1: one logarithm does for all places.
    always = log_income(q, most, f.size) - q.beta_w + max(0.0, q.asc_buy) - q.move_cost + MARGIN
    slope, least, rest = F(q.beta_w / most), F(floor), F(other)
    for nest in range(N_NESTS):
        room.nest[nest] = s.tau * room.log_s[nest] + always
    size, inside = w.size[b.row], w.inside[b.row]
    reach, access, nest, far = room.reach[:size], w.access[home.origin], w.nest[b.row], w.far[b.row]
    college = F(f.college)
    for j in range(reach.size):
        reach[j] = room.nest[nest[j]] + access[j] + college * far[j]
    e0, e1, e2 = F(f.earners0), F(f.earners1), F(f.earners2)
    y = w.pay[f.prior, b.row]
    g = whole_bounds(room, w, b.row, 0, size, WHOLE, 0, w.whole[b.row], F(0.0), e0, e1, e2, y, rest, least, slope)
    if f.size >= 2 and f.worker >= 0 and b.unit >= 0:
        still, skill = F(b.stay + w.split), f.worker_skill
        pays = F(b.pay - x[b.market, skill] + other)
        g = worker_bounds(room, w, b.row, size, WORKER, g, still, y[skill], pays, least, slope)
        if f.n_pupils > 0:
            alone = F(b.stay + w.split + q.beta_w / most * max(b.pay + other, floor))
            alone -= F(q.school * t.log_quality[SCHOOL, b.market])
            g = child_bounds(room, w, b.row, inside, g, alone)
        if f.n_elders > 0:
            g = whole_bounds(
                room, w, b.row, inside, size, COUPLE, g, w.worker[b.row], still, e0, e1, e2, y, rest, least, slope
            )
        if lives_in_town(t, home, b, -1):
            still, pays = from_town(t, q, w, f, home, b, x, other)
            g = worker_bounds(room, w, b.row, size, FROM_TOWN, g, F(still), y[skill], F(pays), least, slope)
    if may_commute(f, b):
        for k in range(w.n_near[home.origin]):
            m = w.near[home.origin, k]
            if m != mine and reaches(t, q, home, b, m):
                earned = max(pay(t, f, b.row, m) + other, floor) * (q.beta_w / most)
                earned += b.stay + q.beta_commute_min * home.pace * t.minutes[home.origin, m]
                room.code[g], room.bound[g] = m * SLOT_CONFIGS + COMMUTE, room.nest[0] + earned
                g += 1
    return g


@within
def from_town(t, q, w, f, home, b, x, other):
    """Bound of what does not depend on the place where a worker from a family in a town lives: utility, and pay."""
    here = int(t.place_market[home.place])
    known = f.registered >= 0 and t.place_market[f.registered] == here
    value = service_value(t, q, f, here, known, b.row) + place_term(t, q, f, b, home, here, 0)
    return value + w.split, pay(t, f, b.row, here) - x[here, f.worker_skill] + other


@within
def whole_bounds(room, w, row, first, end, slot, g, term, more, e0, e1, e2, y, other, least, slope):
    """Groups of destinations [first, end) at which all earners work; returns the next group."""
    bound, code, reach = room.bound[g : g + end - first], room.code[g : g + end - first], room.reach[first:end]
    named, term = w.code[row, first:end], term[first:end]
    a, b, c = y[0, first:end], y[1, first:end], y[2, first:end]
    for j in range(bound.size):
        bound[j] = reach[j] + term[j] + more + slope * max(e0 * a[j] + e1 * b[j] + e2 * c[j] + other, least)
    for j in range(code.size):
        code[j] = named[j] + np.uint64(slot)
    return g + end - first


@within
def worker_bounds(room, w, row, end, slot, g, more, y, other, least, slope):
    """Groups of destinations [0, end) at which one of the earners works; returns the next group."""
    bound, code, named, term = room.bound[g : g + end], room.code[g : g + end], w.code[row], w.worker[row]
    for j in range(bound.size):
        bound[j] = room.reach[j] + term[j] + more + slope * max(y[j] + other, least)
    for j in range(code.size):
        code[j] = named[j] + np.uint64(slot)
    return g + end


@within
def child_bounds(room, w, row, end, g, more):
    """Groups of destinations [0, end) at which a child and a carer live; returns the next group."""
    bound, code, named, term = room.bound[g : g + end], room.code[g : g + end], w.code[row], w.child[row]
    for j in range(bound.size):
        bound[j] = room.reach[j] + term[j] + more
    for j in range(code.size):
        code[j] = named[j] + np.uint64(CHILD)
    return g + end


@within
def draw_words(room, groups, lasting, fresh):
    """Hashed words of all groups, in loops of their own, which the compiler turns into vector instructions."""
    code, kept, month, lane = room.code[:groups], room.kept[:groups], room.month[:groups], room.lane[:groups]
    for j in range(code.size):
        kept[j] = mix_uid(code[j], lasting)
    for j in range(code.size):
        month[j] = mix_uid(code[j], fresh)
    for j in range(code.size):
        lane[j] = coarse_lane(mix_uid(np.uint64(TENURE_WORDS) + code[j], fresh))


@within
def find_better(w, room, groups, value):
    """Write down groups whose bound, with bounds of their errors, exceeds `value`; returns how many."""
    n, c, x = 0, w.coarse, F(value)
    for j in range(np.uint64(groups)):
        k, m = room.kept_byte[BYTES * j + HIGH], room.kept_byte[BYTES * j + LOW]
        bound = room.bound[j] + c[0, k] + c[1, m]
        k, m = room.month_byte[BYTES * j + HIGH], room.month_byte[BYTES * j + LOW]
        room.beats[n] = j
        n += bound + c[2, k] + c[3, m] + c[4, room.lane[j]] > x
    return n


@within
def may_win(t, s, f, home, b, m, target, slot, near, present, room, g, fresh, value):
    """Whether a group is possible, not weighed already, and its bound with its own errors exceeds `value`."""
    if slot != COMMUTE:
        if target < 0 or (near and nest_of(t, b.unit, m) >= NEAR_NESTS) or not possible(t, f, home, b, m, target, slot):
            return False
        for k in range(present):
            if room.exact[k] == room.code[g]:
                return False
    error = stable(s.kept, s.kept_scale, s.gumbel, room.kept[g])
    error += stable(s.month, s.month_scale, s.gumbel, room.month[g])
    error += s.rho * look_up(s.gumbel, best_lane(mix_uid(np.uint64(TENURE_WORDS) + room.code[g], fresh)))
    return room.bound[g] + s.tau * error > value


@within
def best_of(q, s, room, first, last, current, lasting, fresh, near, value):
    """The larger of `value` and the best of alternatives [first, last): (value, its index or -1); kept in room.best."""
    found, shock, group, word = -1, 0.0, -1, np.uint64(0)
    for k in range(first, last):
        nest = room.alt[k, 3]
        if near and nest >= NEAR_NESTS:
            continue
        code = room.alt[k, 1] * SLOT_CONFIGS + room.alt[k, 2]
        if code != group:
            group, word = code, mix_uid(TENURE_WORDS + code, fresh)
            shock = stable(s.kept, s.kept_scale, s.gumbel, mix_uid(code, lasting))
            shock += stable(s.month, s.month_scale, s.gumbel, mix_uid(code, fresh))
        v = room.v[k] - (0.0 if k == current else q.move_cost)
        v += s.tau * (room.log_s[nest] + shock + s.rho * look_up(s.gumbel, lane_of(word, room.alt[k, 4])))
        if v > value:
            value, found = v, k
    if found >= 0:
        for c in range(room.best.size):
            room.best[c] = room.alt[found, c]
    return value, found
