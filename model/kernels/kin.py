"""Kin by row: who hears, who is asked, who has somebody old (see model.state.table.Kin)."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.households import has_adult
from model.kernels.jit import kernel, within
from model.kernels.rng import mix_uid

OLD_MONTHS: Final = 60 * 12
TURNS: Final = 32


@within
def hang_child(h, parent_row, parent, first, after):
    """Put household h into the list of the households that come from parent_row."""
    parent[h] = parent_row
    after[h] = first[parent_row]
    first[parent_row] = h


@kernel
def hang_children(n, parent, first, after):
    """Make the lists of children of households [0, n) from the rows of their parents."""
    for h in range(n):
        first[h], after[h] = -1, -1
    for h in range(n):
        if parent[h] >= 0:
            hang_child(h, parent[h], parent, first, after)


@kernel
def forget_parents(gone, parent, first, after):
    """Households `gone` are nobody's parents any more."""
    for r in range(gone.size):
        k = first[gone[r]]
        while k >= 0:
            parent[k] = -1
            k = after[k]


@kernel
def move_parents(n, row, parent, first, after):
    """Of n households, parents in rows from n on are now in row[p - n]; then the lists are made again."""
    for h in range(n):
        if parent[h] >= n:
            parent[h] = row[parent[h] - n]
    hang_children(n, parent, first, after)


@kernel
def tell_children(rows, bits, first, after, size, events):
    """Raise `bits` in every household that comes from one of `rows`."""
    for r in range(rows.size):
        k = first[rows[r]]
        while k >= 0:
            if size[k] > 0:
                events[k] |= bits
            k = after[k]


@kernel
def mark_elders(start, stop, month, first, after, size, head, nxt, birth, kin_elder):
    """Set kin_elder of the children of households [start, stop) that have a member of 60 or over."""
    for h in range(start, stop):
        if first[h] < 0 or size[h] == 0:
            continue
        i = head[h]
        while i >= 0 and month - birth[i] < OLD_MONTHS:
            i = nxt[i]
        k = first[h]
        while i >= 0 and k >= 0:
            kin_elder[k] = 1
            k = after[k]


@kernel
def nearest_kin(lost, month, uid, parent, first, after, size, head, nxt, birth):
    """Of each lost household the children's household with an adult, or without children the parents', else -1.

    Of several, the one whose hash with the household's id is smallest. int64[k].
    """
    out = np.full(lost.size, -1, np.int64)
    for r in range(lost.size):
        h = lost[r]
        children, best = False, np.uint64(0)
        k = first[h]
        while k >= 0:
            if size[k] > 0:
                children = True
                key = mix_uid(uid[h], uid[k])
                if k != h and (out[r] < 0 or key < best) and has_adult(k, month, head, nxt, birth):
                    out[r], best = k, key
            k = after[k]
        k = parent[h]
        if not children and k >= 0 and k != h and has_adult(k, month, head, nxt, birth):
            out[r] = k
    return out


@within
def turn_of(uid):
    """In which of TURNS months a household is asked before others."""
    return np.int64(mix_uid(uid, np.uint64(0)) & np.uint64(TURNS - 1))


@kernel
def by_origin(origin, uid, rows, start):
    """Rows of households in the order of their origins and turns, int32[n]; start: int64[P * TURNS + 1], zeros."""
    for h in range(rows.size):
        start[origin[h] * TURNS + turn_of(uid[h]) + 1] += 1
    for g in range(start.size - 1):
        start[g + 1] += start[g]
    end = start.copy()
    for h in range(rows.size):
        g = origin[h] * TURNS + turn_of(uid[h])
        rows[end[g]] = h
        end[g] += 1


@kernel
def asked(rows, start, n, turn, wanted, uid, origin):
    """Households of origins that are `wanted` whose turn it is, all when `turn` is -1, in no order: int32[k].

    rows, start: see `by_origin`, households from rows.size to n came later; wanted: uint8[P].
    """
    room = n - rows.size
    first, count = max(turn, 0), TURNS if turn < 0 else 1
    for p in range(wanted.size):
        if wanted[p]:
            room += start[p * TURNS + first + count] - start[p * TURNS + first]
    found = np.empty(room, np.int32)
    k = 0
    for p in range(wanted.size):
        if wanted[p]:
            for q in range(start[p * TURNS + first], start[p * TURNS + first + count]):
                found[k] = rows[q]
                k += 1
    for h in range(rows.size, n):
        if wanted[origin[h]] and (turn < 0 or turn_of(uid[h]) == turn):
            found[k] = h
            k += 1
    return found[:k]


@kernel
def groups_wanted(lost, kin, by_unit, unit, n_places, origin, first, after):
    """Lists of the lost without kin by origin, or by unit of it; returns uint8[n_places], 1 where somebody asks.

    first: int64[n_places + 1] and after: int64[lost.size], to be filled with positions in `lost`.
    """
    for g in range(first.size):
        first[g] = -1
    for r in range(lost.size):
        if kin[r] < 0:
            g = unit[origin[lost[r]]] + 1 if by_unit else origin[lost[r]]
            after[r], first[g] = first[g], r
    wanted = np.empty(n_places, np.uint8)
    for p in range(n_places):
        wanted[p] = first[unit[p] + 1 if by_unit else p] >= 0
    return wanted


@kernel
def answer(rows, lost, kin, by_unit, unit, first, after, month, uid, origin, size, collective, head, nxt, birth):
    """Of the households `rows` with an adult, give each of the lost in the lists the one of the smallest hash."""
    best = np.empty(lost.size, np.uint64)
    for q in range(rows.size):
        h = rows[q]
        if size[h] == 0 or collective[h]:
            continue
        r = first[unit[origin[h]] + 1 if by_unit else origin[h]]
        checked = False
        while r >= 0:
            key = mix_uid(uid[lost[r]], uid[h])
            if kin[r] < 0 or key < best[r]:
                if not checked and not has_adult(h, month, head, nxt, birth):
                    break
                checked = True
                best[r], kin[r] = key, h
            r = after[r]
