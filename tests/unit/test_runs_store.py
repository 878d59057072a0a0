"""Parts are there whole or not at all, and a damaged one is noticed."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
import zlib

import numpy as np
import pytest

from runs.paths import ROOT
from runs.store import Corrupt, Store
from tests.unit.fake_engine import LEVERS, MARKETS, MONTHS, PLACES, simulate
from tests.unit.fake_plan import model_input

EMPTY = b"{}\n" + zlib.crc32(b"{}\n").to_bytes(4, "little")


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "store")
    made.open()
    return made


@pytest.fixture(scope="module")
def results():
    return simulate(model_input(effect=1.0, seed=3))


def test_what_is_read_is_what_was_written(store, results):
    store.write("one", 3, results)
    part = store.read("one")
    assert (part.identity, part.seed, part.digest) == ("one", 3, results.digest())
    assert (part.months, part.places, part.markets) == (MONTHS, PLACES, MARKETS)
    for row, name in enumerate(part.indicators):
        np.testing.assert_array_equal(part.values[row], results.indicators[name])
    np.testing.assert_array_equal(part.moves, results.moves)
    assert part.levers == LEVERS
    np.testing.assert_array_equal(part.delivered, results.delivered)
    np.testing.assert_array_equal(part.level, results.level)


def test_the_bytes_depend_on_the_result_only(store, results):
    store.write("one", 3, results)
    first = store.path("one").read_bytes()
    time.sleep(0.01)
    store.write("one", 3, results)
    assert store.path("one").read_bytes() == first


def test_any_damage_is_noticed_and_the_part_taken_away(store, results):
    store.write("one", 3, results)
    whole = store.path("one").read_bytes()
    dice = random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        store.path("one").write_bytes(damaged)
        with pytest.raises(Corrupt):
            store.read("one")
        assert not store.has("one")
        assert not store.path("one").exists()


@pytest.mark.parametrize("content", [b"", b"abc", b"no part at all", EMPTY])
def test_files_that_are_no_parts_count_as_missing(store, content):
    store.path("one").write_bytes(content)
    assert not store.has("one")


def test_a_part_under_a_wrong_name_is_refused(store, results):
    store.write("one", 3, results)
    store.path("one").rename(store.path("two"))
    with pytest.raises(Corrupt, match="holds the member one"):
        store.read("two")


def test_results_whose_shapes_do_not_fit_are_refused(store, results):
    short = dataclasses.replace(results, indicators={"births": np.zeros((3, 3))})
    with pytest.raises(ValueError, match="births"):
        store.write("one", 3, short)
    with pytest.raises(ValueError, match="moves"):
        store.write("one", 3, dataclasses.replace(results, moves=np.zeros((1, 5, 5))))
    with pytest.raises(ValueError, match="level"):
        store.write("one", 3, dataclasses.replace(results, level=np.zeros((8, 1, 2))))
    assert list(store.folder.iterdir()) == []


def test_success_takes_the_record_of_an_earlier_failure_away(store, results):
    store.fail("one", {"stage": "simulate"})
    assert store.failure("one") == {"identity": "one", "stage": "simulate"}
    store.write("one", 3, results)
    assert store.failure("one") is None


WRITER = """
import sys
from pathlib import Path
from runs.store import Store
from tests.unit.fake_engine import simulate
from tests.unit.fake_plan import model_input
store, results = Store(Path(sys.argv[1])), simulate(model_input(seed=3))
n = 0
while True:
    if n == 7:
        print("ready", flush=True)
    store.write(f"part{n % 7}", 3, results)
    n += 1
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_writer_leaves_whole_parts_only(store):
    dice = random.Random(7)
    for _ in range(8):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store.folder)], cwd=ROOT, stdout=subprocess.PIPE)
        writer.stdout.readline()
        time.sleep(dice.uniform(0.02, 0.2))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        for path in store.folder.glob("*.part"):
            store.read(path.stem)
    assert len(list(store.folder.glob("*.part"))) == 7


def test_what_killed_writers_leave_is_removed_later(store):
    old, new = store.folder / "a.part.1.tmp", store.folder / "b.part.2.tmp"
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    store.open()
    assert not old.exists()
    assert new.exists()
