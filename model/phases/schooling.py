"""School ages, the leavers who look for work, and the college years spent away (E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.households import move_member
from model.kernels.jit import kernel, within
from model.kernels.rng import Stream, mix_uid, uniform, uniform_pair
from model.kernels.rows import BLOCK, find_rows
from model.kernels.screen import rows_hit
from model.phases.kinship import household_unit, move_wealth
from model.spec.codes import NO_PLACE, Activity, Config, Education, Event, Flag, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

TERM_STARTS: Final = 9
GRADUATION: Final = 7
CHILD, PUPIL = int(Activity.CHILD), int(Activity.PUPIL)
UNEMPLOYED, INACTIVE = int(Activity.UNEMPLOYED), int(Activity.INACTIVE)
PRESCHOOL, PRIMARY, JUNIOR = int(Education.PRESCHOOL), int(Education.PRIMARY), int(Education.JUNIOR)
SENIOR, COLLEGE, BACHELOR = int(Education.SENIOR), int(Education.COLLEGE), int(Education.BACHELOR)
AWAY, APART = int(Flag.COLLEGE_AWAY), int(Flag.APART)
DORMITORY, RENTED, WHOLE = int(Tenure.DORMITORY), int(Tenure.RENTED), int(Config.WHOLE)
OFFER: Final = int(Event.OFFER)
S_COLLEGE, S_SCHOOLING, S_GRADUATE = Stream.COLLEGE, Stream.SCHOOLING, Stream.GRADUATE
COLLEGE_HOME: Final = 0xC011
RING_PROVINCE: Final = 2


class Progress(NamedTuple):
    """Chances of going on, and of where college is."""

    senior: float
    college: float
    urban_ratio: float
    bachelor: float
    core: float
    province: float


def schooling(world: World, month: Month) -> np.ndarray:
    """In month 9 a school year begins, in month 7 colleges send people out; other months return at once.

    Returns the households that somebody left for college.
    """
    people, homes, p = world.residents, world.households, world.p
    if month.of_year == GRADUATION:
        rows = find_rows(_students, people.n, people.education, people.activity)
        _graduate(
            rows, world.seed, month.index, people.uid, people.sex, people.birth, people.household, people.education,
            people.activity, people.flags, world.accounts["home_share"], homes.collective, homes.size, homes.tenure,
            homes.events_next,
        )
    if month.of_year != TERM_STARTS:
        return np.zeros(0, np.int64)
    q = Progress(
        p.p_senior, p.p_college, p.college_urban_ratio, p.p_bachelor, p.college_core_share, p.college_province_share
    )
    leavers = find_rows(
        _term, people.n, world.seed, month.index, q, people.uid, people.birth, people.household, people.education,
        people.activity, people.sex, world.accounts["home_share"], people.hukou, world.places.urban,
    )
    return go_to_college(world, month, q, leavers[np.argsort(people.uid[leavers])])


@within
def first_activity(seed, uid, month, home_share):
    """Leavers look for work, but for the share of their sex that stays out of the labour force."""
    return INACTIVE if uniform(seed, S_GRADUATE, uid, month, 0) < home_share else UNEMPLOYED


@kernel
def _students(start, stop, found, education, activity):
    """Rows of people at college."""
    hits = np.zeros(BLOCK // 8, np.uint64)
    hit = hits.view(np.uint8)
    k = 0
    for a in range(start, stop, BLOCK):
        doing, level = activity[a : min(stop, a + BLOCK)], education[a : min(stop, a + BLOCK)]
        for j in range(doing.size):
            hit[j] = (doing[j] == PUPIL) & (level[j] >= COLLEGE)
        k = rows_hit(hit, hits, a, doing.size, found, k)
    return k


@kernel
def _graduate(
    rows, seed, month, uid, sex, birth, household, education, activity, flags, home_share, collective, size, tenure,
    events_next,
):
    for r in range(rows.size):
        i = rows[r]
        h = household[i]
        if h < 0 or (month - birth[i]) // 12 < (22 if education[i] == BACHELOR else 21):
            continue
        activity[i] = first_activity(seed, uid[i], month, home_share[sex[i]])
        if flags[i] & AWAY and size[h] == 1:
            collective[h], tenure[h] = 0, RENTED
        flags[i] &= ~AWAY
        events_next[h] |= OFFER


@kernel
def _term(
    start, stop, found, seed, month, q, uid, birth, household, education, activity, sex, home_share, hukou, urban
):
    """Move pupils up; return rows of those who start college."""
    k = 0
    for i in range(start, stop):
        if activity[i] > PUPIL or household[i] < 0:
            continue
        age = (month - birth[i]) // 12
        if activity[i] == CHILD:
            if age >= 6:
                activity[i], education[i] = PUPIL, PRIMARY
            elif age >= 3:
                education[i] = PRESCHOOL
        elif age >= 18 and education[i] == SENIOR:
            u, v = uniform_pair(seed, S_COLLEGE, uid[i], month, 0)
            if u < q.college * (q.urban_ratio if urban[hukou[i]] else 1.0):
                education[i] = BACHELOR if v < q.bachelor else COLLEGE
                found[k] = i
                k += 1
            else:
                activity[i] = first_activity(seed, uid[i], month, home_share[sex[i]])
        elif age >= 15 and education[i] <= JUNIOR:
            if uniform(seed, S_SCHOOLING, uid[i], month, 0) < q.senior:
                education[i] = SENIOR
            else:
                education[i] = JUNIOR
                activity[i] = first_activity(seed, uid[i], month, home_share[sex[i]])
        elif age >= 12 and education[i] < JUNIOR:
            education[i] = JUNIOR
    return k


def go_to_college(world: World, month: Month, q: Progress, rows: np.ndarray) -> np.ndarray:
    """Students form a household of one at the place of their college; return the homes they left."""
    if rows.size == 0:
        return np.zeros(0, np.int64)
    people, homes, places = world.residents, world.households, world.places
    left = people.household[rows].astype(np.int64)
    core = int(np.flatnonzero(places.kind[: places.n] == Kind.CORE)[0])
    ring = world.markets.ring[3 * world.n_units : world.markets.n]
    outside = world.geography.outside_place
    near, far = outside[ring == RING_PROVINCE], outside[ring != RING_PROVINCE]
    target = _college_place(world.seed, month.index, q, people.uid[rows], core, near, far)
    alone = homes.size[left] == 1
    before = household_unit(world, left[alone])
    home = left.copy()
    new = homes.append(int((~alone).sum()))
    home[~alone] = np.arange(new.start, new.stop)
    _settle_students(
        rows, home, target, month.index, people.uid, people.place, people.since, people.flags, people.household,
        people.next, homes.uid, homes.head, homes.size, homes.origin, homes.place, homes.split_place, homes.config,
        homes.tenure, homes.owns, homes.since, homes.collective,
    )
    move_wealth(world, left[alone], before)
    return left[~alone]


@kernel
def _college_place(seed, month, q, uid, core, near, far):
    out = np.empty(uid.size, np.int16)
    for r in range(uid.size):
        u, v = uniform_pair(seed, S_COLLEGE, uid[r], month, 1)
        if u < q.core or near.size + far.size == 0:
            out[r] = core
        elif (u < q.core + q.province and near.size > 0) or far.size == 0:
            out[r] = near[int(v * near.size)]
        else:
            out[r] = far[int(v * far.size)]
    return out


@kernel
def _settle_students(
    rows, home, target, month, uid, place, since, flags, household, nxt, home_uid, head, size, origin, home_place,
    split_place, config, tenure, owns, home_since, collective,
):
    for r in range(rows.size):
        i, h = rows[r], home[r]
        old = household[i]
        if h != old:
            home_uid[h] = mix_uid(uid[i], np.uint64(month + 1 + (COLLEGE_HOME << 16)))
            origin[h], owns[h] = origin[old], NO_PLACE
            move_member(i, h, head, size, nxt, household)
        home_place[h], split_place[h], config[h] = target[r], NO_PLACE, WHOLE
        tenure[h], collective[h], home_since[h] = DORMITORY, 1, month
        flags[i] = (flags[i] | AWAY) & ~APART
        if place[i] != target[r]:
            place[i], since[i] = target[r], month
