"""Finding a person: by id, or as the first whom a condition over columns of people fits."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from model.spec.codes import Activity, Config, Education, Kind, Tenure
from model.trace import first_of
from scenarios.problems import Problem, ProblemsError
from scenarios.select import SelectorError, select

if TYPE_CHECKING:
    from model.state.world import World

COLUMNS: Final = (
    "age", "sex", "education", "county", "place_kind", "hukou", "activity", "tenure", "household_size", "config",
)
"""Columns a condition may name: county and hukou are keys of units (where the person lives, is registered)."""
OUTSIDE: Final = "outside"


def person_columns(world: World) -> dict[str, np.ndarray]:
    """Columns of everybody at the start, array[n]: whole years, words, keys of units or `outside`."""
    people, homes, places = world.residents, world.households, world.places
    n = people.n
    home = people.household[:n]
    units = np.array([*world.prefecture.unit_keys, OUTSIDE])
    return {
        "age": -people.birth[:n].astype(np.int64) // 12,
        "sex": np.array(["man", "woman"])[people.sex[:n]],
        "education": _words(Education)[people.education[:n]],
        "county": units[places.unit[people.place[:n]]],
        "place_kind": _words(Kind)[places.kind[people.place[:n]]],
        "hukou": units[places.unit[people.hukou[:n]]],
        "activity": _words(Activity)[people.activity[:n]],
        "tenure": _words(Tenure)[homes.tenure[home]],
        "household_size": homes.size[home].astype(np.int64),
        "config": _words(Config)[homes.config[home]],
    }


def _words(codes: type[IntEnum]) -> np.ndarray:
    return np.array([code.name.lower() for code in codes])


def find_like(world: World, like: str, nth: int) -> int:
    """The nth person, by id, whom `like` fits at the start. Raises ProblemsError."""
    if not like.strip():
        raise ProblemsError([Problem.asked("--like", f"nobody is described; columns are {', '.join(COLUMNS)}")])
    try:
        mask = select(like, person_columns(world), "person")
    except SelectorError as error:
        raise ProblemsError([Problem.asked("--like", str(error))]) from error
    found = first_of(world, mask, nth)
    if found is None:
        raise ProblemsError([Problem.asked("--nth", f"only {int(mask.sum())} people fit, so there is no number {nth}")])
    return found


def check_person(world: World, uid: int) -> int:
    """The id itself when somebody at the start has it. Raises ProblemsError."""
    people = world.residents
    if not (people.uid[: people.n] == np.uint64(uid)).any():
        raise ProblemsError([Problem.asked(
            "--person", f"nobody at the start has the id {uid} at scale {world.scale:g}; a smaller scale holds fewer "
            "people, and --like finds somebody",
        )])
    return uid
