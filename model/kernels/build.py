"""Loops of the building of populations: carried rounding, controlled rounding, keyed draws, ids."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.kernels.jit import kernel
from model.kernels.rng import Stream, mix_uid, uniform

BUILD: Final = Stream.BUILD


@kernel
def fractional(x):
    """Not a whole number, up to rounding noise."""
    return abs(x - np.rint(x)) > 1e-7


@kernel
def cancel_cycles(wide):
    """Move weight round cycles of fractional cells until none is left, in place.

    Each step makes at least one cell whole and keeps every row and column sum.
    """
    rows, columns = wide.shape
    path_r = np.empty(2 * (rows + columns) + 4, np.int64)
    path_c = np.empty(2 * (rows + columns) + 4, np.int64)
    seen_row = np.empty(rows, np.int64)
    start = 0
    while start < rows * columns:
        if not fractional(wide[start // columns, start % columns]):
            start += 1
            continue
        seen_row[:] = -1
        length = 0
        r, c = start // columns, start % columns
        first = -1
        while True:
            path_r[length], path_c[length] = r, c
            length += 1
            seen_row[r] = length - 1
            nxt = -1
            for k in range(columns):
                if k != c and fractional(wide[r, k]):
                    nxt = k
                    break
            if nxt < 0:
                break
            c = nxt
            path_r[length], path_c[length] = r, c
            length += 1
            nxt = -1
            for k in range(rows):
                if k != r and fractional(wide[k, c]):
                    if seen_row[k] >= 0:
                        nxt = k
                        break
                    if nxt < 0:
                        nxt = k
            if nxt < 0:
                break
            r = nxt
            if seen_row[r] >= 0:
                first = seen_row[r]
                break
        if first < 0:
            # A lone fraction in its row or column: only rounding noise can leave one.
            wide[path_r[length - 1], path_c[length - 1]] = np.rint(wide[path_r[length - 1], path_c[length - 1]])
            continue
        # The cycle leaves row `r` by the cell after path[first] and comes back to it in column c.
        path_c[first] = c
        up, down = 1e300, 1e300
        for k in range(first, length):
            x = wide[path_r[k], path_c[k]]
            if (k - first) % 2 == 0:
                up = min(up, np.ceil(x) - x)
                down = min(down, x - np.floor(x))
            else:
                up = min(up, x - np.floor(x))
                down = min(down, np.ceil(x) - x)
        step = up if up <= down else -down
        for k in range(first, length):
            sign = 1.0 if (k - first) % 2 == 0 else -1.0
            y = wide[path_r[k], path_c[k]] + sign * step
            wide[path_r[k], path_c[k]] = np.rint(y) if not fractional(y) else y


@kernel
def diffuse_weighted(cell, probability, weight, order, out):
    """Give each group one category so that every run of groups holds its expected numbers of persons.

    cell: int32[n], row of `probability` (float64[cells, k], rows sum to one) of each group; weight: int64[n], its
    persons; order: int64[n], groups in the order in which the error is carried on; out: uint8[n], written.
    Along the order each category's expected count grows, and the one furthest behind is emitted: any
    contiguous run of the order is within about one group of its expectation in every category.
    """
    k = probability.shape[1]
    behind = np.zeros(k)
    for q in range(order.size):
        i = order[q]
        row = cell[i]
        best = 0
        # A category without probability here must wait, however far behind it is.
        most = -1e300
        for j in range(k):
            p = probability[row, j]
            behind[j] += p * weight[i]
            if p > 1e-12 and behind[j] > most:
                most = behind[j]
                best = j
        behind[best] -= weight[i]
        out[i] = best


@kernel
def diffuse(cell, probability, order, out):
    """`diffuse_weighted` for persons, each of whom counts one."""
    diffuse_weighted(cell, probability, np.ones(cell.size, np.int64), order, out)


@kernel
def order_by(key, n_keys):
    """Stable order of rows by a non-negative integer key below `n_keys` (counting sort), int64[n]."""
    count = np.zeros(n_keys + 1, np.int64)
    for i in range(key.size):
        count[key[i] + 1] += 1
    for k in range(n_keys):
        count[k + 1] += count[k]
    order = np.empty(key.size, np.int64)
    for i in range(key.size):
        order[count[key[i]]] = i
        count[key[i]] += 1
    return order


@kernel
def keyed(seed, month, keys, slot):
    """One uniform in (0, 1) per key of the building stream; keys uint64[n]."""
    out = np.empty(keys.size, np.float64)
    for i in range(keys.size):
        out[i] = uniform(seed, BUILD, keys[i], month, slot)
    return out


@kernel
def household_uids(unit, ordinal):
    """Stable household ids from (unit, ordinal in the unit), uint64."""
    out = np.empty(unit.size, np.uint64)
    for i in range(unit.size):
        out[i] = mix_uid(np.uint64(unit[i] + 1), np.uint64(ordinal[i]))
    return out


@kernel
def member_uids(home_uid, home, start):
    """Stable ids of persons in household order from (household id, member number), uint64."""
    out = np.empty(home.size, np.uint64)
    for i in range(home.size):
        out[i] = mix_uid(home_uid[home[i]], np.uint64(i - start[home[i]] + 1))
    return out
