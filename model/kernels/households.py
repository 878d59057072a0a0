"""Households as linked lists: head -> Residents.next -> ... -> -1.

The order of members within a list carries no meaning: whatever is read from a household must be a sum, or a choice
settled by birth month and uid.
"""

from __future__ import annotations

from typing import Final

from model.kernels.jit import kernel, within
from model.spec.codes import NO_PLACE, Activity, Config, Flag

APART: Final = int(Flag.APART)
MARRIED: Final = int(Flag.MARRIED)
WHOLE: Final = int(Config.WHOLE)
PUPIL: Final = int(Activity.PUPIL)
ADULT_MONTHS: Final = 16 * 12


@within
def append_member(i, h, head, size, nxt, household):
    """Put person i, who is in no list, into household h."""
    nxt[i] = head[h]
    head[h] = i
    household[i] = h
    size[h] += 1


@within
def unlink_member(i, head, size, nxt, household):
    """Take person i out of the household, leaving i with household -1."""
    h = household[i]
    k = head[h]
    if k == i:
        head[h] = nxt[i]
    else:
        while nxt[k] != i:
            k = nxt[k]
        nxt[k] = nxt[i]
    nxt[i] = -1
    household[i] = -1
    size[h] -= 1


@within
def move_member(i, h, head, size, nxt, household):
    """Move person i from the present household to household h."""
    unlink_member(i, head, size, nxt, household)
    append_member(i, h, head, size, nxt, household)


@within
def has_adult(h, month, head, nxt, birth):
    """Whether anybody of 16 or over is left."""
    i = head[h]
    while i >= 0:
        if month - birth[i] >= ADULT_MONTHS:
            return True
        i = nxt[i]
    return False


@within
def spouse_of(i, head, nxt, household, birth, sex, flags, uid):
    """The married member of the other sex nearest in age (ties by uid), or -1.

    Nobody's spouse is stored: this is the rule by which one is inferred.
    """
    best, gap = -1, 0
    k = head[household[i]]
    while k >= 0:
        if sex[k] != sex[i] and flags[k] & MARRIED:
            g = abs(int(birth[k]) - int(birth[i]))
            if best < 0 or g < gap or (g == gap and uid[k] < uid[best]):
                best, gap = k, g
        k = nxt[k]
    return best


@within
def elder_than(i, months, head, nxt, household, birth):
    """Whether the household of i has a member at least so many months older."""
    k = head[household[i]]
    while k >= 0:
        if int(birth[i]) - int(birth[k]) >= months:
            return True
        k = nxt[k]
    return False


@kernel
def gather_apart(h, head, nxt, flags, place, split_place, tenure, split_tenure, config):
    """If only members living apart are left, their dwelling becomes the main one. True if the main place changed."""
    apart, main = 0, 0
    i = head[h]
    while i >= 0:
        if flags[i] & APART:
            apart += 1
        else:
            main += 1
        i = nxt[i]
    if apart > 0 and main > 0:
        return False
    changed = apart > 0
    if changed:
        place[h], tenure[h] = split_place[h], split_tenure[h]
        i = head[h]
        while i >= 0:
            flags[i] &= ~APART
            i = nxt[i]
    if split_place[h] != NO_PLACE:
        split_place[h], config[h] = NO_PLACE, WHOLE
    return changed
