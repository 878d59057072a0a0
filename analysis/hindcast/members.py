"""Which prefecture is meant, and its members: current practice from the census of the past, seed by seed."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, Any, Final

from analysis import hindcast
from analysis.hindcast.labels import ENDINGS
from runs import identity
from runs.plan import Plan
from runs.plan import plan as plan_of

if TYPE_CHECKING:
    from model.world.thin_places import Place

SIMULATE: Final = "analysis.hindcast.life:simulate"


class NoSuchCity(ValueError):
    """A city that the census file does not hold; the message names the nearest."""


def find(city: str) -> Place:
    """A prefecture by code, key, English or Chinese name. Raises NoSuchCity."""
    from model.world.datafiles import data_root
    from model.world.thin_places import places

    known = places(data_root())
    asked = city.strip().casefold()
    for place in known:
        if asked in names(place):
            return place
    every = {name: place for place in known for name in names(place)}
    near = difflib.get_close_matches(asked, every, n=1, cutoff=0.3)
    hint = f"did you mean {every[near[0]].key}? " if near else ""
    raise NoSuchCity(f"no prefecture '{city}' in the census file; {hint}there are {', '.join(p.key for p in known)}")


def names(place: Place) -> tuple[str, ...]:
    """Everything a prefecture may be called, in lower case."""
    zh = place.area.name_zh
    short = next((zh.removesuffix(e) for e in ENDINGS if zh.endswith(e)), zh)
    code = place.area.adcode
    return (place.key, place.area.name_en.casefold(), zh, short, code, code[:4])


def plan(place: Place, start: str, end: str, scale: float, seeds: int) -> Plan:
    """The members of a hindcast. start: census year; end: the last month lived, YYYY-MM."""
    from model.world.tables import data_digest, load_prefecture
    from model.world.thin_places import MARK
    from scenarios import load
    from scenarios.compile import compile_scenario

    prefecture = load_prefecture(f"{place.key}{MARK}{start}")
    practice = load("current_practice")
    scenario = dataclasses.replace(
        practice, name=f"hindcast_{place.key}_{start}", prefecture=prefecture.key, start=prefecture.reference_month,
        end=end, future="central", scale=scale, origins=(),
    )

    def compile_(scenario: Any, scale: float, seed: int) -> Any:
        return compile_scenario(scenario, prefecture, scale, seed)

    made = plan_of(
        [scenario], compile_, scale=scale, seeds=seeds, sources=sources(), data=data_digest(lived=True)
    )
    units = zip(prefecture.unit_keys, prefecture.unit_adcodes, prefecture.unit_names_en, prefecture.unit_names_zh)
    places = {key: {"adcode": code, "en": en, "zh": zh} for key, code, en, zh in units}
    area = prefecture.area
    places["city"] = {"adcode": area.adcode, "en": area.name_en, "zh": area.name_zh}
    return dataclasses.replace(made, places=places)


def sources() -> str:
    """Digest of the code of the model and of what counts the census at the end."""
    from pathlib import Path

    folder = Path(hindcast.__file__).parent
    counting = [folder / "life.py", folder.parent / "population_report.py"]
    return identity.digest_of([identity.sources_digest(), identity.files_digest(counting, folder.parent)])
