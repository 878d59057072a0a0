"""Who leaves the labour force, comes back and learns, against slow twins."""

import numpy as np
import pytest

from model.kernels import rows, skills
from model.kernels.screen import limit_of, screen_key, screen_word
from model.spec.codes import Activity

N = 3 * rows.BLOCK + 77
rng = np.random.default_rng(5)
UID = rng.integers(1, 2**63, N).astype(np.uint64)
ACTIVITY = rng.integers(0, 6, N).astype(np.uint8)


@pytest.fixture(autouse=True)
def _one_thread_afterwards():
    before = rows.threads()
    yield
    rows.set_threads(before)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("chances", [(0.0, 0.0), (0.03, 0.2), (1.0, 0.5)])
def test_who_is_drawn_equals_the_twin(threads, chances):
    rows.set_threads(threads)
    key, one, other = np.uint64(screen_key(7, 58, 3)), int(Activity.UNEMPLOYED), int(Activity.INACTIVE)
    limits = [np.uint64(limit_of(c)) for c in chances]
    found = rows.find_rows(skills.drawn, N, key, UID, ACTIVITY, one, limits[0], other, limits[1], fewest=1)
    chance = np.where(one == ACTIVITY, chances[0], np.where(other == ACTIVITY, chances[1], 0.0))
    uniform = np.array([screen_word(key, u) for u in UID], np.uint64) / 2.0**64
    assert found.tolist() == np.flatnonzero(uniform < chance).tolist()


def test_a_limit_lets_its_chance_through():
    key = np.uint64(screen_key(1, 59, 0))
    words = np.array([screen_word(key, u) for u in UID], np.uint64)
    for chance in (0.01, 0.3, 0.9):
        share = (words < np.uint64(limit_of(chance))).mean()
        assert share == pytest.approx(chance, abs=4.0 * np.sqrt(chance * (1.0 - chance) / N))
    assert limit_of(0.0) == limit_of(-1.0) == 0 and limit_of(1.0) == limit_of(2.0) == 2**64 - 1


def test_tightness_equals_the_twin():
    filled, posts, seekers = rng.integers(0, 500, (3, 14))
    filled[:3] = posts[:3] = seekers[:3] = 0
    for u in range(4):
        found = skills.tightness(u, filled, posts, seekers, 0.002, 0.8)
        jobs, vacant, search = (int(x[3 * u : 3 * u + 3].sum()) for x in (filled, posts, seekers))
        below = search + 0.002 * jobs
        assert found == pytest.approx((vacant + 0.8 * 0.002 * jobs) / below if below else 0.8)


def test_leavers_equal_the_twin():
    education, birth = rng.integers(0, 7, N).astype(np.uint8), rng.integers(-250, -180, N).astype(np.int16)
    found = rows.find_rows(skills.left_school, N, 8, ACTIVITY, education, birth)
    age = (8 - birth.astype(int)) // 12
    wanted = (education == skills.SENIOR) & (ACTIVITY != skills.PUPIL) & (age == 18)
    assert found.tolist() == np.flatnonzero(wanted).tolist() and found.size
