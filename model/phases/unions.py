"""Weddings and young people who leave their parents' home (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.households import elder_than, move_member, spouse_of
from model.kernels.rng import Stream, mix_uid, uniform, uniform_pair
from model.kernels.screen import LANES
from model.phases.kinship import household_unit, pass_on
from model.spec.codes import NO_PLACE, Config, Event, Flag, Homestead, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

MARRIED, APART, AWAY = int(Flag.MARRIED), int(Flag.APART), int(Flag.COLLEGE_AWAY)
SELF_BUILT, RENTED, OTHER = int(Tenure.SELF_BUILT), int(Tenure.RENTED), int(Tenure.OTHER)
IN_USE, NO_PLOT = int(Homestead.IN_USE), int(Homestead.NONE)
COUPLE_AWAY, WHOLE, VILLAGE = int(Config.COUPLE_AWAY), int(Config.WHOLE), int(Kind.VILLAGE)
WEDDING: Final = int(Event.WEDDING)
S_MARRIAGE, S_PARTNER, S_SPLIT = Stream.MARRIAGE, Stream.PARTNER, Stream.SPLIT
GENERATION: Final = 18 * 12
CHILD_MONTHS: Final = 18 * 12
AGE_GAP: Final = 24
AGE_SPREAD: Final = 72
NEW_COUPLE: Final = 0x3E0
LEFT_HOME: Final = 0x1EF


def unite(world: World, month: Month, chance: np.ndarray, cut: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Pair those who marry this month and house them; return the households somebody left."""
    people = world.residents
    rows = _willing(
        rows, world.seed, month.index, chance, cut, people.uid, people.birth, people.sex, people.household, people.flags
    )
    grooms, brides = pair(world, month, rows)
    if grooms.size == 0:
        return np.zeros(0, np.int64)
    return wed(world, month, grooms, brides)


@njit(cache=True)
def _willing(rows, seed, month, chance, cut, uid, birth, sex, household, flags):
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        if household[i] < 0 or flags[i] & (AWAY | MARRIED):
            continue
        age = (month - birth[i]) // 12
        if uniform(seed, S_MARRIAGE, uid[i], month, 0) * cut[sex[i], age] < chance[sex[i], age] * LANES:
            out[k] = i
            k += 1
    return out[:k].copy()


def pair(world: World, month: Month, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Couples among `rows`, within the county where people are registered (else where they live).

    The more numerous sex is cut to the number of the other by a keyed lottery; then both are ranked by age, a bride
    standing two years below her groom, with a keyed spread of three years each way, and the ranks are matched.
    """
    people, places = world.residents, world.places
    registered, here = places.unit[people.hukou[rows]], places.unit[people.place[rows]]
    pool = np.where(registered >= 0, registered, here).astype(np.int64)
    rows, pool = rows[pool >= 0], pool[pool >= 0]
    lottery, spread = _two_draws(world.seed, month.index, people.uid[rows])
    rank = people.birth[rows] + AGE_SPREAD * (spread - 0.5) - AGE_GAP * (people.sex[rows] == 1)
    picked = []
    for u in np.unique(pool):
        men = np.flatnonzero((pool == u) & (people.sex[rows] == 0))
        women = np.flatnonzero((pool == u) & (people.sex[rows] == 1))
        n = min(men.size, women.size)
        both = []
        for side in (men, women):
            side = side[np.argsort(lottery[side])][:n]
            both.append(rows[side[np.argsort(rank[side])]])
        picked.append(both)
    if not picked:
        return rows[:0], rows[:0]
    grooms, brides = (np.concatenate(side) for side in zip(*picked))
    apart = people.household[grooms] != people.household[brides]
    return grooms[apart], brides[apart]


@njit(cache=True)
def _two_draws(seed, month, uid):
    a, b = np.empty(uid.size), np.empty(uid.size)
    for r in range(uid.size):
        a[r], b[r] = uniform_pair(seed, S_PARTNER, uid[r], month, 0)
    return a, b


def wed(world: World, month: Month, grooms: np.ndarray, brides: np.ndarray) -> np.ndarray:
    """The bride joins the groom: in his parents' home, or in a home of their own where he lives.

    A couple of their own takes with them the groom's share of the land and `wedding_gift_share` of his family's
    savings, which is what parents can add to a down payment.
    """
    people, homes = world.residents, world.households
    left = people.household[brides].astype(np.int64)
    family = people.household[grooms].astype(np.int64)
    own = _lives_apart(
        grooms, world.seed, month.index, world.p.marriage_join_parents, people.uid, people.birth, people.next,
        people.household, homes.head, homes.size, homes.collective,
    )
    new = homes.append(int(own.sum()))
    home = family.copy()
    home[own] = np.arange(new.start, new.stop)
    _open_homes(world, month, grooms[own], family[own], home[own], NEW_COUPLE)
    give_savings(world, family[own], home[own], world.p.wedding_gift_share)
    _marry(
        grooms, brides, home, month.index, people.place, people.since, people.flags, people.household, people.next,
        homes.head, homes.size, homes.config, homes.events_next,
    )
    alone = np.flatnonzero(homes.size[left] == 0)
    pass_on(world, left[alone], home[alone], household_unit(world, left[alone]))
    return np.concatenate([left, family[own]])


@njit(cache=True)
def _lives_apart(grooms, seed, month, join, uid, birth, nxt, household, head, size, collective):
    """Whether each couple opens a home of its own; a groom who lives alone has one already."""
    out = np.zeros(grooms.size, np.bool_)
    for r in range(grooms.size):
        i = grooms[r]
        h = household[i]
        if size[h] == 1 and not collective[h]:
            continue
        with_parents = elder_than(i, GENERATION, head, nxt, household, birth) and not collective[h]
        out[r] = not (with_parents and uniform(seed, S_MARRIAGE, uid[i], month, 1) < join)
    return out


def _open_homes(
    world: World, month: Month, people_rows: np.ndarray, family: np.ndarray, home: np.ndarray, salt: int
) -> None:
    """Found households for `people_rows` where each of them lives, and move them in."""
    people, homes = world.residents, world.households
    _open(
        people_rows, family, home, month.index, salt, people.uid, people.place, people.flags, people.household,
        people.next, homes.uid, homes.head, homes.size, homes.origin, homes.place, homes.split_place, homes.config,
        homes.tenure, homes.owns, homes.homestead, homes.land_mu, homes.since, homes.kin_uid, homes.collective,
        world.places.kind,
    )


@njit(cache=True)
def _open(
    rows, family, home, month, salt, uid, place, flags, household, nxt, home_uid, head, size, origin, home_place,
    split_place, config, tenure, owns, homestead, land_mu, since, kin_uid, collective, kind,
):
    for r in range(rows.size):
        i, f, h = rows[r], family[r], home[r]
        home_uid[h] = mix_uid(uid[i], np.uint64(month + 1 + (salt << 16)))
        origin[h], home_place[h], split_place[h], owns[h] = origin[f], place[i], NO_PLACE, NO_PLACE
        config[h], since[h] = WHOLE, month
        if not collective[f]:
            kin_uid[h] = home_uid[f]
        at_home = place[i] == origin[f]
        tenure[h] = (SELF_BUILT if kind[origin[f]] == VILLAGE else OTHER) if at_home else RENTED
        homestead[h] = IN_USE if at_home and kind[origin[f]] == VILLAGE else NO_PLOT
        share = np.float32(land_mu[f] / max(int(size[f]), 1))
        land_mu[h], land_mu[f] = share, land_mu[f] - share
        flags[i] &= ~APART
        move_member(i, h, head, size, nxt, household)


def give_savings(world: World, family: np.ndarray, home: np.ndarray, share: np.ndarray | float) -> None:
    """Hand a share of each family's savings to the new home, one after the other in the given order."""
    homes = world.households
    gift = np.zeros(family.size, np.int64)
    part = np.broadcast_to(np.asarray(share, np.float64), family.shape)
    for r, (f, h) in enumerate(zip(family, home)):
        gift[r] = int(max(int(homes.savings_fen[f]), 0) * part[r])
        homes.savings_fen[f] -= gift[r]
        homes.savings_fen[h] += gift[r]
    world.ledger.move_household_wealth(household_unit(world, family), household_unit(world, home), gift)


@njit(cache=True)
def _marry(grooms, brides, home, month, place, since, flags, household, nxt, head, size, config, events_next):
    for r in range(grooms.size):
        g, b, h = grooms[r], brides[r], home[r]
        move_member(b, h, head, size, nxt, household)
        flags[g] |= MARRIED
        flags[b] = (flags[b] & ~APART) | MARRIED | (flags[g] & APART)
        if flags[g] & APART:
            config[h] = COUPLE_AWAY
        if place[b] != place[g]:
            place[b], since[b] = place[g], month
        events_next[h] |= WEDDING


def leave_home(world: World, month: Month, chance: float, cut: int, rows: np.ndarray) -> np.ndarray:
    """Young adults living with somebody a generation older open a home of their own where they live.

    A spouse and children go along; nobody leaves whose spouse or children live elsewhere. Returns the homes left.
    """
    people, homes = world.residents, world.households
    rows = rows[np.argsort(people.uid[rows])]
    # Rows are settled one after the other in the order of ids: of a couple, the first to leave takes the other along.
    rows = _leavers(
        rows, world.seed, month.index, chance, cut, people.uid, people.birth, people.sex, people.flags, people.next,
        people.household, homes.head, homes.collective,
    )
    family = people.household[rows].astype(np.int64)
    if rows.size == 0:
        return family
    new = homes.append(rows.size)
    home = np.arange(new.start, new.stop)
    before = homes.size[family].astype(np.int64)
    companions = _companions(
        rows, month.index, people.birth, people.sex, people.flags, people.uid, people.next, people.household, homes.head
    )
    _open_homes(world, month, rows, family, home, LEFT_HOME)
    _follow(
        companions, home, people.household, people.next, people.flags, homes.head, homes.size
    )
    give_savings(world, family, home, homes.size[home] / np.maximum(before, 1))
    return np.unique(family)


@njit(cache=True)
def _leavers(rows, seed, month, chance, cut, uid, birth, sex, flags, nxt, household, head, collective):
    """At most one leaver a household and month: the first by id."""
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        h = household[i]
        if h < 0 or collective[h] or flags[i] & AWAY:
            continue
        if uniform(seed, S_SPLIT, uid[i], month, 0) * cut >= chance * LANES:
            continue
        taken = False
        for s in range(k):
            if household[out[s]] == h:
                taken = True
        if taken or not elder_than(i, GENERATION, head, nxt, household, birth):
            continue
        if _family_together(i, month, birth, sex, flags, uid, nxt, household, head):
            out[k] = i
            k += 1
    return out[:k].copy()


@njit(inline="always", cache=True)
def _goes_along(k, i, mate, month, birth):
    return k == mate or (month - birth[k] < CHILD_MONTHS and int(birth[k]) - int(birth[i]) >= 16 * 12)


@njit(inline="always", cache=True)
def _mate(i, birth, sex, flags, uid, nxt, household, head):
    """The spouse of i if of the same generation, else -1."""
    if flags[i] & MARRIED == 0:
        return -1
    s = spouse_of(i, head, nxt, household, birth, sex, flags, uid)
    return s if s >= 0 and abs(int(birth[s]) - int(birth[i])) < GENERATION else -1


@njit(inline="always", cache=True)
def _family_together(i, month, birth, sex, flags, uid, nxt, household, head):
    mate = _mate(i, birth, sex, flags, uid, nxt, household, head)
    k = head[household[i]]
    while k >= 0:
        if k != i and (flags[i] & MARRIED) and _goes_along(k, i, mate, month, birth):
            if (flags[k] ^ flags[i]) & APART:
                return False
        k = nxt[k]
    return True


@njit(cache=True)
def _companions(rows, month, birth, sex, flags, uid, nxt, household, head):
    """Number of the leaver and row of every spouse and child who goes along: int64[k, 2]."""
    found = [(-1, -1)]
    for r in range(rows.size):
        i = rows[r]
        if flags[i] & MARRIED == 0:
            continue
        mate = _mate(i, birth, sex, flags, uid, nxt, household, head)
        k = head[household[i]]
        while k >= 0:
            if k != i and _goes_along(k, i, mate, month, birth):
                found.append((r, k))
            k = nxt[k]
    out = np.empty((len(found) - 1, 2), np.int64)
    for j in range(out.shape[0]):
        out[j, 0], out[j, 1] = found[j + 1]
    return out


@njit(cache=True)
def _follow(companions, home, household, nxt, flags, head, size):
    for j in range(companions.shape[0]):
        r, k = companions[j]
        flags[k] &= ~APART
        move_member(k, home[r], head, size, nxt, household)
