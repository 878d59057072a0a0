"""Kin by rows against slow twins that compare ids."""

import copy

import numpy as np
import pytest

from model.kernels.households import unlink_member
from model.kernels.rng import mix_uid
from model.kernels.screen import lanes_below
from model.kernels.sort import sort_by
from model.phases.demography import compact
from model.phases.kin import links, near_kin, start_kin, tell_kin, update_kin
from tests.permute import permute
from tests.reference import people as twin
from tests.worlds import month_of, small_world


def linked(households=500):
    world = small_world(households)
    start_kin(world)
    return world


def children_of(world, h):
    homes = world.households
    return [k for k in range(homes.n) if homes.kin_uid[k] == homes.uid[h] and homes.size[k] > 0]


def nearest(world, h, month):
    """The recorded kin with an adult whose hash is smallest: children, or parents if there are none."""
    homes, people = world.households, world.residents
    mine = children_of(world, h)
    if not mine:
        mine = [k for k in range(homes.n) if homes.uid[k] == homes.kin_uid[h]]
    able = [
        k for k in mine
        if k != h and any(month - people.birth[i] >= 192 for i in twin.household_members(world, k))
    ]
    return min(able, key=lambda k: int(mix_uid(homes.uid[h], homes.uid[k])), default=-1)


def check_links(world):
    homes, kin = world.households, links(world)
    row = {int(homes.uid[h]): h for h in range(homes.n)}
    for h in range(homes.n):
        assert kin.parent[h] == row.get(int(homes.kin_uid[h]), -1)
        children, k = set(), kin.first[h]
        while k >= 0:
            children.add(int(k))
            k = kin.after[k]
        assert children == {k for k in range(homes.n) if homes.kin_uid[k] == homes.uid[h]}


def empty_some(world, rows):
    homes, people = world.households, world.residents
    for h in rows:
        for i in twin.household_members(world, h):
            unlink_member(i, homes.head, homes.size, people.next, people.household)


@pytest.mark.parametrize("shuffle", [False, True])
def test_near_kin_and_those_who_hear_equal_their_twins(shuffle):
    world = linked()
    if shuffle:
        permute(world)
    homes = world.households
    lost = np.unique(np.concatenate([np.arange(0, homes.n, 7), links(world).parent[: homes.n : 5]]))
    lost = lost[lost >= 0].astype(np.int64)
    empty_some(world, lost[::3])
    found = near_kin(world, month_of(3), lost)
    assert (found >= 0).any() and (found < 0).any()
    assert found.tolist() == [nearest(world, h, 3) for h in lost]
    homes.events_next[: homes.n] = 0
    tell_kin(world, lost)
    told = np.flatnonzero(homes.events_next[: homes.n]).tolist()
    assert told == sorted({k for h in lost for k in children_of(world, h)})


def test_links_last_through_new_rows_a_compaction_and_another_order():
    world = linked()
    homes = world.households
    new = homes.append(homes.capacity)
    homes.uid[new] = np.arange(10**6, 10**6 + new.stop - new.start)
    check_links(world)
    empty_some(world, links(world).parent[: homes.n][links(world).parent[: homes.n] >= 0][::2])
    compact(world)
    check_links(world)
    permute(world)
    check_links(world)


def test_old_parents_equal_the_twin_in_any_order():
    world, other = linked(), linked()
    permute(other)
    for w in (world, other):
        update_kin(w, 30)
        homes, people = w.households, w.residents
        row = {int(homes.uid[h]): h for h in range(homes.n)}
        for h in range(homes.n):
            parents = row.get(int(homes.kin_uid[h]), -1)
            members = twin.household_members(w, parents) if parents >= 0 else []
            assert homes.kin_elder[h] == any(30 - people.birth[i] >= 720 for i in members)


def test_a_copy_keeps_its_own_links():
    world = linked(60)
    other = copy.deepcopy(world)
    links(other).parent[:] = -1
    assert (links(world).parent >= 0).any()


def test_lanes_are_compared_one_by_one():
    words = np.random.default_rng(1).integers(0, 2**64, (2, 500), dtype=np.uint64)
    words[1, :100] = words[0, :100]
    got = np.array([lanes_below(a, b) for a, b in words.T], np.uint64).view(np.uint16).reshape(-1, 4)
    a, b = (side.copy().view(np.uint16).reshape(-1, 4) for side in words)
    assert (((got >> 15) == 1) == (a < b)).all() and (got & 0x7FFF == 0).all()


@pytest.mark.parametrize("n", [0, 1, 2, 57, 400])
def test_sort_by_key(n):
    key = np.random.default_rng(n).random(n + 4)
    row, other = np.arange(n + 4), key * 2.0
    before = key.copy()
    sort_by(key, row, other, 2, n + 2)
    order = np.concatenate([[0, 1], 2 + np.argsort(before[2 : n + 2]), [n + 2, n + 3]])
    assert (row == order).all() and (key == before[order]).all() and (other == before[order] * 2.0).all()
