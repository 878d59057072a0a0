"""A small sort for kernels: groups of a few hundred, keys that differ."""

from __future__ import annotations

from model.kernels.jit import kernel


@kernel
def sort_by(key, row, other, start, stop):
    """Sort entries [start, stop) of the three arrays by `key`, ascending (Shell 1959, gaps of about 4/9)."""
    gap = stop - start
    while gap > 1:
        gap = max(1, gap * 4 // 9)
        for j in range(start + gap, stop):
            k, r, o = key[j], row[j], other[j]
            i = j
            while i >= start + gap and key[i - gap] > k:
                key[i], row[i], other[i] = key[i - gap], row[i - gap], other[i - gap]
                i -= gap
            key[i], row[i], other[i] = k, r, o
