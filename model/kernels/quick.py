"""The choice of one household without weighing all it could do: places that cannot win are passed over.

Errors are drawn first. A place and arrangement is evaluated only when its error, with an upper bound of its utility,
beats the best found so far, which begins with how the household lives now. The answer is that of
`model.kernels.choice.utilities` and `model.kernels.nested.choose` (tested); most alternatives are never weighed.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from model.kernels.choice import (
    CHILD,
    CHILDCARE,
    COLUMNS,
    CULTURE,
    ELDER,
    FROM_TOWN,
    HOSPITAL,
    KINDERGARTEN,
    MAX_ALTERNATIVES,
    N_SLOTS,
    SCHOOL,
    WHOLE,
    WORKER,
    ChoiceParams,
    ChoiceTables,
    arrange,
    at_home,
    base_of,
    lives_in_town,
    log_income,
    nest_of,
    pay,
    place_term,
    possible,
    service_value,
    target_in,
)
from model.kernels.jit import bare, kernel, within
from model.kernels.nested import N_NESTS, NEAR_NESTS, SLOT_CONFIGS, UNDRAWN
from model.kernels.rng import mix_uid
from model.kernels.shocks import NEST_WORDS, TENURE_WORDS, best_lane, lane_of, look_up, stable

BOUNDED: Final = np.array([HOSPITAL, SCHOOL, KINDERGARTEN, CHILDCARE, ELDER])
GROUPS: Final = 1280
"""Most places times arrangements of one household: 256 markets, five arrangements."""


class Bounds(NamedTuple):
    """What no alternative of the month exceeds. U units (row U: from outside), M markets."""

    pay: np.ndarray  # float64[2, U + 1, 3] yuan/month of one earner, over markets
    service: np.ndarray  # float64[U + 1, M] utility of services, over needs and registration
    school: np.ndarray  # float64[U + 1, M] of schools alone
    split: float  # utility of living in two places


class Room(NamedTuple):
    """Where one thread works."""

    v: np.ndarray  # float64[MAX_ALTERNATIVES]
    alt: np.ndarray  # int16[MAX_ALTERNATIVES, COLUMNS]
    log_s: np.ndarray  # float64[N_NESTS]
    bound: np.ndarray  # float64[GROUPS]
    code: np.ndarray  # int64[GROUPS] market and slot
    word: np.ndarray  # uint64[GROUPS]
    best: np.ndarray  # int16[COLUMNS] the alternative that is chosen


@kernel
def make_room():
    """Fresh room for one thread."""
    return Room(
        np.empty(MAX_ALTERNATIVES), np.empty((MAX_ALTERNATIVES, COLUMNS), np.int16), np.empty(N_NESTS),
        np.empty(GROUPS), np.empty(GROUPS, np.int64), np.empty(GROUPS, np.uint64), np.empty(COLUMNS, np.int16),
    )


@bare
def stays(t, q, s, bounds, f, home, uid, near, room):
    """Whether one household stays as it is; if not, what it chooses is in room.best.

    t, q, s: ChoiceTables, ChoiceParams, Shocks; f, home: Family, Home; near: a return, which stays in the prefecture.
    """
    b = base_of(t, q, f, home)
    lasting, fresh = mix_uid(uid, s.kept_key), mix_uid(uid, s.month_key)
    for nest in range(N_NESTS):
        room.log_s[nest] = stable(s.nest, s.nest_scale, s.gumbel, mix_uid(NEST_WORDS + nest, fresh))
    here = int(t.place_market[home.place]) if not b.at_home else -1
    there = int(t.place_market[home.split_place]) if home.split_place >= 0 else -1
    n, current = at_home(t, q, f, home, b, room.v, room.alt)
    last, value, stay = 0, UNDRAWN, True
    present = fill_present(t, f, home, b, here, there, room)
    groups = fill_others(t, q, s, bounds, f, home, b, here, there, near, room, present)
    part = slice(present, groups)
    draw_groups(s, room.code[part], room.word[part], room.bound[part], lasting, fresh)
    for j in range(groups + 1):
        if j == present:
            current = max(current, 0)
            value, k = best_of(q, s, room, 0, n, current, lasting, fresh, near, value)
            stay = k == current
        if j == groups:
            break
        if j >= present and room.bound[j] <= value:
            continue
        m, slot = room.code[j] // SLOT_CONFIGS, room.code[j] % SLOT_CONFIGS
        last, now = arrange(t, q, f, home, b, m, target_in(t, home, b, m), slot, room.v, room.alt, n, current)
        if j < present:
            n, current = last, now
        else:
            value, k = best_of(q, s, room, n, last, -1, lasting, fresh, near, value)
            stay = stay and k < 0
    return stay


@within
def fill_present(t, f, home, b, here, there, room):
    """Codes of all arrangements at the places away from home where the household lives; returns how many."""
    g = 0
    for m in range(t.market_place.size):
        if m not in (here, there):
            continue
        target = target_in(t, home, b, m)
        for slot in range(N_SLOTS):
            if target >= 0 and possible(t, f, home, b, m, target, slot):
                g = add(room, g, m, slot, 0.0)
    return g


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


@within
def fill_others(t, q, s, bounds, f, home, b, here, there, near, room, g):
    """Codes of other places and arrangements, and bounds of their utility with the nest's error; returns the end."""
    top, x = bounds.pay[f.prior, b.row], t.income[f.prior, b.row]
    other = max(b.let + b.pension, b.farm + b.kept)
    floor = q.subsistence_yuan * f.size
    most = max(f.earners0 * top[0] + f.earners1 * top[1] + f.earners2 * top[2] + other, floor)
    # log y <= log most + y / most - 1: one logarithm does for all places.
    always = log_income(q, most, f.size) - q.beta_w + max(0.0, q.asc_buy) - q.move_cost
    slope = q.beta_w / most
    skill, at_home = f.worker_skill, b.pay - x[b.market, f.worker_skill]
    in_town, from_town = 0.0, 0.0
    if here >= 0 and lives_in_town(t, home, b, -1):
        known = f.registered >= 0 and t.place_market[f.registered] == here
        from_town = service_value(t, q, f, here, known, b.row) + place_term(t, q, f, b, home, here, 0)
        in_town = pay(t, f, b.row, here) - x[here, skill]
    for m in range(t.market_place.size):
        target = target_in(t, home, b, m)
        nest = nest_of(t, b.unit, m)
        if target < 0 or m in (here, there) or (near and nest >= NEAR_NESTS):
            continue
        drawn = s.tau * room.log_s[nest] + always
        for slot in range(N_SLOTS):
            if not possible(t, f, home, b, m, target, slot):
                continue
            value = drawn + place_term(t, q, f, b, home, m, 0 if slot == WHOLE else (2 if slot == CHILD else 1))
            if slot == WHOLE:
                earned = pay(t, f, b.row, m)
                value += bounds.service[b.row, m]
            elif slot == FROM_TOWN:
                earned = in_town + x[m, skill]
                value += from_town + bounds.split
            else:
                earned = at_home + x[m, skill] if slot == WORKER else (b.pay if slot == CHILD else pay(t, f, b.row, m))
                value += b.stay + bounds.split
            if slot == CHILD:
                value += bounds.school[b.row, m] - q.school * t.log_quality[SCHOOL, b.market]
            g = add(room, g, m, slot, value + slope * max(earned + other, floor))
    return g


@within
def add(room, g, market, slot, bound):
    """Write down one place and arrangement; returns the next index."""
    room.code[g], room.bound[g] = market * SLOT_CONFIGS + slot, bound
    return g + 1


@within
def draw_groups(s, code, word, bound, lasting, fresh):
    """Add the errors of each place and arrangement, with that of its luckiest tenure, to its bound.

    Hashes and look-ups in loops of their own, which the compiler turns into vector instructions.
    """
    for j in range(code.size):
        word[j] = mix_uid(code[j], lasting)
    for j in range(code.size):
        bound[j] += s.tau * stable(s.kept, s.kept_scale, s.gumbel, word[j])
    for j in range(code.size):
        word[j] = mix_uid(code[j], fresh)
    for j in range(code.size):
        bound[j] += s.tau * stable(s.month, s.month_scale, s.gumbel, word[j])
    for j in range(code.size):
        word[j] = mix_uid(TENURE_WORDS + code[j], fresh)
    for j in range(code.size):
        bound[j] += s.tau * s.rho * look_up(s.gumbel, best_lane(word[j]))


@bare
def fill_bounds(t, q, pay, service, school):
    """The arrays of Bounds from the month's tables."""
    # Who needs a service not at all gets nothing from it; everybody needs hospitals, the old more.
    weight = (q.hospital, q.school, q.kindergarten, q.childcare, q.elder)
    most = (q.hospital * q.hospital_60, q.school, q.kindergarten, q.childcare, q.elder)
    least = (UNDRAWN, 0.0, 0.0, 0.0, 0.0)
    for row in range(pay.shape[1]):
        for prior in range(2):
            for skill in range(3):
                best = 0.0
                for m in range(t.market_place.size):
                    best = max(best, t.income[prior, row, m, skill])
                pay[prior, row, skill] = best
        for m in range(t.market_place.size):
            value = 0.0
            for k in range(BOUNDED.size):
                a = t.log_quality[BOUNDED[k], m]
                b = a + t.log_entitlement[BOUNDED[k], row, m]
                value += max(least[k], weight[k] * a, weight[k] * b, most[k] * a, most[k] * b)
            a = t.log_quality[SCHOOL, m]
            school[row, m] = q.school * max(a, a + t.log_entitlement[SCHOOL, row, m])
            service[row, m] = value + t.amenity[m] + q.culture * t.log_quality[CULTURE, m]


def bounds_of(t: ChoiceTables, q: ChoiceParams) -> Bounds:
    """Bounds of the month."""
    rows, markets = t.income.shape[1:3]
    pay, service, school = np.empty((2, rows, 3)), np.empty((rows, markets)), np.empty((rows, markets))
    fill_bounds(t, q, pay, service, school)
    return Bounds(pay, service, school, max(q.beta_split, q.beta_split * (1.0 - q.weekly_relief)))
