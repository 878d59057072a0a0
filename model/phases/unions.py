"""Weddings and young people who leave their parents' home (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels.households import elder_than, move_member, spouse_of
from model.kernels.jit import kernel, within
from model.kernels.kin import hang_child
from model.kernels.rng import Stream, mix_uid, uniform, uniform_pair
from model.kernels.sort import sort_by
from model.phases.kin import links
from model.phases.kinship import hand_over, inherit
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
NOBODY: Final = np.zeros(0, np.int64)


def unite(world: World, month: Month, willing: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Pair those who marry this month and house them; return the households somebody left.

    willing: rows, int64[k]; moved: see Ledger.transfers.
    """
    people, places = world.residents, world.places
    couples = _couples(
        willing, world.seed, month.index, world.n_units, people.uid, people.birth, people.sex, people.household,
        people.flags, people.hukou, people.place, places.unit,
    )
    if couples.shape[1] == 0:
        return NOBODY
    return wed(world, month, couples[0], couples[1], moved)


@kernel
def _couples(willing, seed, month, units, uid, birth, sex, household, flags, hukou, place, unit):
    """Grooms and brides, int64[2, k], within the county where people are registered (else where they live).

    The more numerous sex is cut to the number of the other by a keyed lottery; then both are ranked by age, a bride
    standing two years below her groom, with a keyed spread of three years each way, and the ranks are matched.
    """
    group, who, start = _groups(willing, units, sex, household, flags, hukou, place, unit)
    row, lot, rank = np.empty(who.size, np.int64), np.empty(who.size), np.empty(who.size)
    end = start[:-1].copy()
    for r in range(who.size):
        i, j = who[r], end[group[r]]
        lot[j], spread = uniform_pair(seed, S_PARTNER, uid[i], month, 0)
        row[j], rank[j] = i, birth[i] + AGE_SPREAD * (spread - 0.5) - AGE_GAP * (sex[i] == 1)
        end[group[r]] += 1
    out = np.empty((2, who.size // 2), np.int64)
    k = 0
    for u in range(units):
        men, women, last = start[2 * u], start[2 * u + 1], start[2 * u + 2]
        n = min(women - men, last - women)
        if n == 0:
            continue
        if women - men > n:
            sort_by(lot, row, rank, men, women)
        if last - women > n:
            sort_by(lot, row, rank, women, last)
        sort_by(rank, row, lot, men, men + n)
        sort_by(rank, row, lot, women, women + n)
        for q in range(n):
            g, b = row[men + q], row[women + q]
            if household[g] != household[b]:
                out[0, k], out[1, k] = g, b
                k += 1
    return out[:, :k].copy()


@kernel
def _groups(willing, units, sex, household, flags, hukou, place, unit):
    """Group (unit * 2 + sex) and row of those who marry, and where each group would start in order: int64[2U + 1]."""
    group, who = np.empty(willing.size, np.int64), np.empty(willing.size, np.int64)
    start = np.zeros(2 * units + 1, np.int64)
    k = 0
    for r in range(willing.size):
        i = willing[r]
        if household[i] < 0 or flags[i] & (AWAY | MARRIED):
            continue
        u = unit[hukou[i]]
        if u < 0:
            u = unit[place[i]]
        if u >= 0:
            group[k], who[k] = 2 * u + sex[i], i
            start[group[k] + 1] += 1
            k += 1
    for g in range(2 * units):
        start[g + 1] += start[g]
    return group[:k], who[:k], start


def wed(world: World, month: Month, grooms: np.ndarray, brides: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """The bride joins the groom: in his parents' home, or in a home of their own where he lives.

    A couple of their own takes with them the groom's share of the land and `wedding_gift_share` of his family's
    savings, which is what parents can add to a down payment.
    """
    people, homes, unit = world.residents, world.households, world.places.unit
    left = people.household[brides].astype(np.int64)
    family = people.household[grooms].astype(np.int64)
    own = _lives_apart(
        grooms, world.seed, month.index, world.p.marriage_join_parents, people.uid, people.birth, people.next,
        people.household, homes.head, homes.size, homes.collective,
    )
    movers = grooms[own]
    new = homes.append(movers.size)
    home = family.copy()
    home[own] = np.arange(new.start, new.stop)
    left = np.concatenate([left, family[own]])
    _open_homes(world, month, movers, family[own], new.start, NEW_COUPLE)
    give_savings(world, family[own], new.start, np.full(movers.size, world.p.wedding_gift_share), moved)
    _marry(
        grooms, brides, home, left, month.index, people.place, people.since, people.flags, people.household,
        people.next, homes.head, homes.size, homes.config, homes.events_next, homes.savings_fen, homes.debt_fen,
        homes.owns, homes.place, unit, moved,
    )
    return left


@kernel
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
    world: World, month: Month, people_rows: np.ndarray, family: np.ndarray, first: int, salt: int
) -> None:
    """Found households from row `first` on for `people_rows` where each of them lives, and move them in."""
    people, homes = world.residents, world.households
    kin = links(world)
    _open(
        people_rows, family, first, month.index, salt, people.uid, people.place, people.flags, people.household,
        people.next, homes.uid, homes.head, homes.size, homes.origin, homes.place, homes.split_place, homes.config,
        homes.tenure, homes.owns, homes.homestead, homes.land_mu, homes.since, homes.kin_uid, homes.collective,
        kin.parent, kin.first, kin.after, world.places.kind,
    )


@kernel
def _open(
    rows, family, first, month, salt, uid, place, flags, household, nxt, home_uid, head, size, origin, home_place,
    split_place, config, tenure, owns, homestead, land_mu, since, kin_uid, collective, kin_parent, kin_first, kin_after,
    kind,
):
    for r in range(rows.size):
        i, f, h = rows[r], family[r], first + r
        home_uid[h] = mix_uid(uid[i], np.uint64(month + 1 + (salt << 16)))
        origin[h], home_place[h], split_place[h], owns[h] = origin[f], place[i], NO_PLACE, NO_PLACE
        config[h], since[h] = WHOLE, month
        if not collective[f]:
            kin_uid[h] = home_uid[f]
            hang_child(h, f, kin_parent, kin_first, kin_after)
        at_home = place[i] == origin[f]
        tenure[h] = (SELF_BUILT if kind[origin[f]] == VILLAGE else OTHER) if at_home else RENTED
        homestead[h] = IN_USE if at_home and kind[origin[f]] == VILLAGE else NO_PLOT
        share = np.float32(land_mu[f] / max(int(size[f]), 1))
        land_mu[h], land_mu[f] = share, land_mu[f] - share
        flags[i] &= ~APART
        move_member(i, h, head, size, nxt, household)


def give_savings(world: World, family: np.ndarray, first: int, part: np.ndarray, moved: np.ndarray) -> None:
    """Hand part[k], float64, of family[k]'s savings to the new home in row first + k, one after the other."""
    homes = world.households
    _give(family, first, part, homes.savings_fen, homes.place, world.places.unit, moved)


@kernel
def _give(family, first, part, savings, place, unit, moved):
    for r in range(family.size):
        f, h = family[r], first + r
        gift = int(max(savings[f], 0) * part[r])
        savings[f] -= gift
        savings[h] += gift
        hand_over(gift, unit[place[f]], unit[place[h]], moved)


@kernel
def _marry(
    grooms, brides, home, left, month, place, since, flags, household, nxt, head, size, config, events_next, savings,
    debt, owns, home_place, unit, moved,
):
    """Brides move in; what a home owned that a bride leaves empty goes with her. left: the brides' homes, and more."""
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
    for r in range(grooms.size):
        if size[left[r]] == 0:
            inherit(left[r], home[r], savings, debt, owns, home_place, unit, moved)


def leave_home(world: World, month: Month, willing: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Young adults living with somebody a generation older open a home of their own where they live.

    A spouse and children go along; nobody leaves whose spouse or children live elsewhere. Returns the homes left.
    willing: rows, int64[k]; moved: see Ledger.transfers.
    """
    people, homes = world.residents, world.households
    if willing.size == 0:
        return NOBODY
    if "taken" not in world.kept or world.kept["taken"].size < homes.n:
        world.kept["taken"] = np.zeros(homes.capacity, np.bool_)
    # Rows are settled one after the other in the order of ids: of a couple, the first to leave takes the other along.
    rows = _leavers(
        willing[np.argsort(people.uid[willing])], world.kept["taken"], month.index, people.uid, people.birth,
        people.sex, people.flags, people.next, people.household, homes.head, homes.collective,
    )
    if rows.size == 0:
        return NOBODY
    family = people.household[rows].astype(np.int64)
    new = homes.append(rows.size)
    before = homes.size[family].astype(np.int64)
    companions = _companions(
        rows, month.index, people.birth, people.sex, people.flags, people.uid, people.next, people.household,
        homes.head, homes.size,
    )
    _open_homes(world, month, rows, family, new.start, LEFT_HOME)
    _follow(companions, new.start, people.household, people.next, people.flags, homes.head, homes.size)
    give_savings(world, family, new.start, homes.size[new] / np.maximum(before, 1), moved)
    return family


@kernel
def _leavers(rows, taken, month, uid, birth, sex, flags, nxt, household, head, collective):
    """At most one leaver a household and month, the first by id. taken: bool[H], False before and after."""
    out = np.empty(rows.size, np.int64)
    k = 0
    for r in range(rows.size):
        i = rows[r]
        h = household[i]
        if h < 0 or collective[h] or taken[h] or flags[i] & AWAY:
            continue
        if elder_than(i, GENERATION, head, nxt, household, birth) and _family_together(
            i, month, birth, sex, flags, uid, nxt, household, head
        ):
            taken[h] = True
            out[k] = i
            k += 1
    for r in range(k):
        taken[household[out[r]]] = False
    return out[:k].copy()


@within
def _goes_along(k, i, mate, month, birth):
    return k == mate or (month - birth[k] < CHILD_MONTHS and int(birth[k]) - int(birth[i]) >= 16 * 12)


@within
def _mate(i, birth, sex, flags, uid, nxt, household, head):
    """The spouse of i if of the same generation, else -1."""
    if flags[i] & MARRIED == 0:
        return -1
    s = spouse_of(i, head, nxt, household, birth, sex, flags, uid)
    return s if s >= 0 and abs(int(birth[s]) - int(birth[i])) < GENERATION else -1


@within
def _family_together(i, month, birth, sex, flags, uid, nxt, household, head):
    mate = _mate(i, birth, sex, flags, uid, nxt, household, head)
    k = head[household[i]]
    while k >= 0:
        if k != i and (flags[i] & MARRIED) and _goes_along(k, i, mate, month, birth):
            if (flags[k] ^ flags[i]) & APART:
                return False
        k = nxt[k]
    return True


@kernel
def _companions(rows, month, birth, sex, flags, uid, nxt, household, head, size):
    """Number of the leaver and row of every spouse and child who goes along: int64[k, 2]."""
    room = 0
    for r in range(rows.size):
        room += size[household[rows[r]]]
    out = np.empty((room, 2), np.int64)
    c = 0
    for r in range(rows.size):
        i = rows[r]
        if flags[i] & MARRIED == 0:
            continue
        mate = _mate(i, birth, sex, flags, uid, nxt, household, head)
        k = head[household[i]]
        while k >= 0:
            if k != i and _goes_along(k, i, mate, month, birth):
                out[c, 0], out[c, 1] = r, k
                c += 1
            k = nxt[k]
    return out[:c]


@kernel
def _follow(companions, first, household, nxt, flags, head, size):
    for j in range(companions.shape[0]):
        r, k = companions[j]
        flags[k] &= ~APART
        move_member(k, first + r, head, size, nxt, household)
