"""Lots: the smallest keyed draws of each group win, whatever the order of rows."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.screen import TWO_64, screen_key, screen_unit

EVERY: Final = ~np.uint64(0)
"""In a limit of draws: all of them."""


def key_of(seed, stream: int, month: int) -> np.uint64:
    """The key of the draws of one lottery."""
    return np.uint64(screen_key(seed, np.uint64(stream), np.uint64(month)))


@bare
def near(number, pool):
    """Limit of draws that lets through a few more than `number` of `pool`."""
    share = (2.0 * number + 32.0) / max(pool, 1)
    if number <= 0:
        return np.uint64(0)
    return np.uint64(share * TWO_64) if share < 0.5 else EVERY


@bare
def widen(limit, have, number):
    """Whether a market has found fewer than wanted below its limit; there all are to be looked at."""
    again = False
    for m in range(number.size):
        if have[m] < number[m] and limit[m] != EVERY:
            limit[m] = EVERY
            again = True
    return again


@kernel
def lowest(rows, group, draw, uid, number):
    """Mark the number[g] smallest draws of every group, ties by uid: bool[k].

    group: int64[k], below 0 for rows that take no part. Keeps a heap of the smallest so far for each group, the
    largest of them on top, so that nobody is sorted.
    """
    won = np.zeros(rows.size, np.bool_)
    first = np.zeros(number.size + 1, np.int64)
    for g in range(number.size):
        first[g + 1] = first[g] + min(max(number[g], 0), rows.size)
    heap, used = np.empty(first[number.size], np.int64), np.zeros(number.size, np.int64)
    for r in range(rows.size):
        g = group[r]
        if g < 0:
            continue
        room = heap[first[g] : first[g + 1]]
        if used[g] < room.size:
            _rise(room, used[g], r, draw, uid)
            used[g] += 1
        elif room.size > 0 and _before(r, room[0], draw, uid):
            _sink(room, r, draw, uid)
    for g in range(number.size):
        for k in range(first[g], first[g] + used[g]):
            won[heap[k]] = True
    return won


@kernel
def _before(a, b, draw, uid):
    return draw[a] < draw[b] or (draw[a] == draw[b] and uid[a] < uid[b])


@kernel
def _rise(room, k, r, draw, uid):
    while k > 0 and _before(room[(k - 1) // 2], r, draw, uid):
        room[k] = room[(k - 1) // 2]
        k = (k - 1) // 2
    room[k] = r


@kernel
def _sink(room, r, draw, uid):
    k = 0
    while 2 * k + 1 < room.size:
        c = 2 * k + 1
        if c + 1 < room.size and _before(room[c], room[c + 1], draw, uid):
            c += 1
        if not _before(r, room[c], draw, uid):
            break
        room[k] = room[c]
        k = c
    room[k] = r


@kernel
def draw_lots(seed, stream, month, rows, uid, group, number):
    """The number[g] rows of every group with the smallest draws: bool[k]. group: int64[k], -1 takes no part."""
    key = screen_key(seed, stream, month)
    draw, tie = np.empty(rows.size), np.empty(rows.size, np.uint64)
    for k in range(rows.size):
        tie[k] = uid[rows[k]]
        if group[k] >= 0 and number[group[k]] > 0:
            draw[k] = screen_unit(key, tie[k])
    return lowest(rows, group, draw, tie, number)
