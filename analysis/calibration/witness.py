"""What calibration and evidence tests look at besides the recorded indicators: people, before and after a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.recorder import Recorder
from model.simulate import live_month
from model.spec.codes import Activity, Kind, Sector, Service
from model.world.places import RING_PROVINCE
from model.world.start import start_world

if TYPE_CHECKING:
    from model.inputs import ModelInput
    from model.results import Results
    from model.state.world import World

YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class People:
    """The living at the end of a month, one row each, sorted by uid.

    uid: uint64; age: years; man: bool; usual, place, hukou: place rows; unit_*: unit rows, -1 outside. worker: bool,
    registered in a village and at work outside farming or outside the own unit (a migrant worker as NBS counts them).
    """

    uid: np.ndarray
    age: np.ndarray
    man: np.ndarray
    usual: np.ndarray
    place: np.ndarray
    hukou: np.ndarray
    unit_usual: np.ndarray
    unit_hukou: np.ndarray
    from_village: np.ndarray
    job_market: np.ndarray
    wage_yuan: np.ndarray
    worker: np.ndarray


@dataclass(frozen=True, slots=True)
class Lived:
    """A run with its people `months_back` before the end and at the end."""

    world: World
    results: Results
    before: People
    after: People

    def indicator(self, key: str, month: str, place: str = "city") -> float:
        """One recorded number. ValueError if the run has no such month or place."""
        r = self.results
        return float(r.indicators[key][r.months.index(month), r.places.index(place)])

    def moved(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of `before` and of `after` of those who were there at both times."""
        _, a, b = np.intersect1d(self.before.uid, self.after.uid, assume_unique=True, return_indices=True)
        return a, b


def people_of(world: World, index: int) -> People:
    """The living of the world after month `index`."""
    r, places = world.residents, world.places
    alive = np.flatnonzero(r.household[: r.n] >= 0)
    rows = alive[np.argsort(r.uid[alive])]
    unit, kind = places.unit, places.kind
    usual, hukou = r.usual[rows], r.hukou[rows]
    at_work = r.activity[rows] == Activity.EMPLOYED
    own = unit[hukou]
    market = r.job_market[rows].astype(np.int64)
    job_unit = np.where(market < 3 * world.n_units, market // 3, -1)
    village = (kind[hukou] == Kind.VILLAGE) & (own >= 0)
    return People(
        uid=r.uid[rows], age=(index - r.birth[rows].astype(np.int64)) // YEAR, man=r.sex[rows] == 0,
        usual=usual, place=r.place[rows], hukou=hukou, unit_usual=unit[usual], unit_hukou=own, from_village=village,
        job_market=market, wage_yuan=r.wage_yuan[rows],
        worker=village & at_work & ((r.sector[rows] != Sector.FARMING) | (job_unit != own)),
    )


def live(made: ModelInput, months_back: int = YEAR) -> Lived:
    """Live every month and look at people twice: `months_back` before the end, and at the end."""
    world = start_world(made)
    recorder = Recorder(world)
    before = None
    for index in range(made.n_months):
        if index == made.n_months - months_back:
            before = people_of(world, index - 1)
        live_month(world, recorder, index)
    if before is None:
        raise ValueError(f"a run of {made.n_months} months has nothing {months_back} months before its end")
    return Lived(world, recorder.results(world), before, people_of(world, made.n_months - 1))


def share_local_workers(lived: Lived) -> float:
    """Migrant workers who work in the villages or townships of their own unit, of all (NBS: in the own township)."""
    people = lived.after
    workers = people.worker
    local = (people.job_market // 3 == people.unit_hukou) & (people.job_market % 3 != 2)
    return _share(local[workers])


def share_own_county_workers(lived: Lived) -> float:
    """Migrant workers who work anywhere in their own unit, of all."""
    people = lived.after
    return _share((people.job_market // 3 == people.unit_hukou)[people.worker])


def share_inside_province(lived: Lived) -> float:
    """Of people registered in the prefecture who live outside their own unit, those who stay in the province."""
    people, world = lived.after, lived.world
    away = (people.unit_hukou >= 0) & (people.unit_usual != people.unit_hukou)
    ring = world.markets.ring[world.places.market[people.usual]]
    return _share((ring <= RING_PROVINCE)[away])


def pay_ratio(lived: Lived) -> float:
    """Mean pay of migrant workers outside their own unit over that of those in it."""
    people = lived.after
    out = people.worker & (people.job_market // 3 != people.unit_hukou)
    local = people.worker & ~out
    if not out.any() or not local.any():
        return float("nan")
    return float(people.wage_yuan[out].mean() / people.wage_yuan[local].mean())


def schooling_lead(lived: Lived) -> float:
    """Share of pupils taught in townships and county towns, less the urban share of residents.

    Pupils count where they are taught: many who live in villages board in the county town (E17).
    """
    world, people = lived.world, lived.after
    taught = world.panels.load[Service.SCHOOL, : 3 * world.n_units].reshape(-1, 3).sum(axis=0)
    urban = _share(world.places.urban[people.usual[people.unit_usual >= 0]] == 1)
    return float(taught[1:].sum() / taught.sum()) - urban


def rate_of_return(lived: Lived) -> float:
    """Of those registered in a unit who lived elsewhere, the share back in it a year later."""
    a, b = lived.moved()
    first, last = lived.before, lived.after
    away = (first.unit_hukou[a] >= 0) & (first.unit_usual[a] != first.unit_hukou[a]) & (first.age[a] >= 16)
    back = last.unit_usual[b] == first.unit_hukou[a]
    return _share(back[away])


def move_rates(lived: Lived, ages: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Share of each age group (low, high exclusive) whose usual residence changed within the year, float64[n]."""
    a, b = lived.moved()
    first, last = lived.before, lived.after
    changed = first.usual[a] != last.usual[b]
    age, here = first.age[a], first.unit_hukou[a] >= 0
    return np.array([_share(changed[here & (age >= low) & (age < high)]) for low, high in ages])


def _share(yes: np.ndarray) -> float:
    return float(yes.mean()) if yes.size else float("nan")
