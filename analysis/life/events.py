"""What happened in a month: differences between one snapshot and the next, named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from model.spec.codes import NO_PLACE, NO_SECTOR, Activity, Education, Flag, Homestead
from model.trace import LivedMonth, Snapshot

COLUMNS: Final = ("config", "place", "split_place")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. who: stable id of the member concerned, None for the household; facts: by name."""

    kind: str
    phase: str
    who: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def happenings(month: LivedMonth) -> list[Happening]:
    """Everything that happened to the person and the household, in the order of the phases."""
    out, before = [], month.opening
    for phase, after in month.after.items():
        if before is None:
            break
        if after is None:
            return [*out, Happening("died", phase, int(before.person["uid"]), {"age": age(before.person, month.index)})]
        out += _changes(before, after, phase, month)
        before = after
    return out


def age(person: dict[str, float], month: int) -> int:
    """Completed years of age."""
    return int((month - person["birth"]) // 12)


def _changes(before: Snapshot, after: Snapshot, phase: str, month: LivedMonth) -> list[Happening]:
    out = []
    same_home = before.home["uid"] == after.home["uid"]
    if same_home:
        out += _members(before, after, phase, month)
    else:
        facts = {"size": after.home["size"], "place": after.home["place"]}
        out.append(Happening("new_household", phase, int(after.person["uid"]), facts))
    for uid, now in after.members.items():
        if uid in before.members:
            out += _member(uid, before.members[uid], now, phase, month.index)
    if same_home:
        out += _home(before, after, phase)
    out += _residence(before, after, phase, same_home)
    return out


def _members(before: Snapshot, after: Snapshot, phase: str, month: LivedMonth) -> list[Happening]:
    out = []
    for uid, now in after.members.items():
        if uid not in before.members:
            born = now["birth"] == month.index
            facts = {"sex": now["sex"], "size": after.home["size"]} if born else {"member": now}
            out.append(Happening("born" if born else "member_joined", phase, uid, facts))
    for uid, then in before.members.items():
        if uid not in after.members:
            kind = "member_died" if uid in month.dead else "member_left"
            out.append(Happening(kind, phase, uid, {"member": then}))
    return out


def _member(uid: int, then: dict[str, float], now: dict[str, float], phase: str, month: int) -> list[Happening]:
    out = []

    def add(kind: str, **facts: float) -> None:
        out.append(Happening(kind, phase, uid, facts))

    on = int(now["flags"]) & ~int(then["flags"])
    off = int(then["flags"]) & ~int(now["flags"])
    if on & Flag.MARRIED:
        add("married")
    if off & Flag.MARRIED:
        add("widowed")
    if on & Flag.CARE_NEED:
        add("needs_care")
    if on & Flag.COLLEGE_AWAY:
        add("college_away", place=now["place"])
    if off & Flag.COLLEGE_AWAY:
        add("college_back")
    if on & Flag.TRAINED:
        add("trained")
    if on & Flag.RELOCATED:
        add("resettled")
    _school(add, then, now)
    _work(add, then, now, phase, month)
    new_job = now["job_since"] == month
    if on & Flag.INSURED and now["activity"] == Activity.EMPLOYED == then["activity"] and not new_job:
        add("insured")
    if then["hukou"] != now["hukou"]:
        add("registered", old=then["hukou"], new=now["hukou"])
    return out


def _school(add: Any, then: dict[str, float], now: dict[str, float]) -> None:
    old, new = then["activity"], now["activity"]
    if old == Activity.CHILD and new == Activity.PUPIL:
        add("school_start")
    elif old == Activity.PUPIL and new not in (Activity.PUPIL, Activity.CHILD):
        add("left_school", education=now["education"], activity=new)
    elif now["education"] > then["education"]:
        add("kindergarten" if now["education"] == Education.PRESCHOOL else "school_up", education=now["education"])


def _work(add: Any, then: dict[str, float], now: dict[str, float], phase: str, month: int) -> None:
    old, new = then["activity"], now["activity"]
    job = {"sector": now["sector"], "market": now["job_market"], "pay": now["wage_yuan"]}
    moved_job = then["sector"] != now["sector"] or then["job_market"] != now["job_market"]
    if new == Activity.EMPLOYED:
        if old != Activity.EMPLOYED:
            add("job_found", **job)
        elif now["job_since"] == month and (moved_job or then["job_since"] != month):
            add("job_changed", **job)
        elif moved_job:
            add("job_kept", **job)
    elif old == Activity.EMPLOYED and new == Activity.UNEMPLOYED:
        add("job_left" if phase == "relocation" else "job_lost", sector=then["sector"], pay=then["wage_yuan"])
    elif old in (Activity.EMPLOYED, Activity.UNEMPLOYED) and new in (Activity.RETIRED, Activity.INACTIVE):
        add("stopped_work", activity=new)
    elif old == Activity.INACTIVE and new == Activity.UNEMPLOYED:
        add("looks_again")


def _home(before: Snapshot, after: Snapshot, phase: str) -> list[Happening]:
    then, now, out = before.home, after.home, []
    moved = any(then[key] != now[key] for key in COLUMNS)
    if moved and then["back_place"] == NO_PLACE != now["back_place"]:
        out.append(Happening("home_for_a_while", phase))
    elif moved and then["back_place"] == now["split_place"] != NO_PLACE and now["back_place"] == NO_PLACE:
        out.append(Happening("went_back", phase, None, {"split_place": now["split_place"]}))
    elif moved:
        facts = {key: now[key] for key in ("config", "place", "tenure", "split_place", "split_tenure")}
        out.append(Happening("moved" if now["split_place"] == NO_PLACE else "moved_apart", phase, None, facts))
    if then["owns"] != now["owns"] and then["owns"] != NO_PLACE:
        out.append(Happening("sold", phase, None, {"place": then["owns"]}))
    if then["owns"] != now["owns"] and now["owns"] != NO_PLACE:
        kind = "inherited" if phase == "demography" else "bought"
        out.append(Happening(kind, phase, None, {"place": now["owns"]}))
    if not moved and then["tenure"] != now["tenure"]:
        out.append(Happening("tenure", phase, None, {"tenure": now["tenure"]}))
    if not moved and now["split_place"] != NO_PLACE and then["split_tenure"] != now["split_tenure"]:
        out.append(Happening("apart_tenure", phase, None, {"tenure": now["split_tenure"]}))
    if then["homestead"] != now["homestead"]:
        kinds = {Homestead.EXITED: "homestead_exit", Homestead.LEASED: "homestead_lease"}
        out += [Happening(kind, phase) for code, kind in kinds.items() if now["homestead"] == code]
    return out


def _residence(before: Snapshot, after: Snapshot, phase: str, same_home: bool) -> list[Happening]:
    """What only concerns the person: where they are, and what counts as their usual residence."""
    then, now, out = before.person, after.person, []
    uid = int(now["uid"])
    if then["place"] != now["place"] and same_home and phase != "relocation":
        out.append(Happening("went", phase, uid, {"place": now["place"]}))
    if then["usual"] != now["usual"]:
        out.append(Happening("usual", phase, uid, {"old": then["usual"], "new": now["usual"]}))
    elif after.urban and not before.urban:
        out.append(Happening("recoded", phase, None, {"place": now["usual"]}))
    return out


def has_job(person: dict[str, float]) -> bool:
    """Whether the person is at work in an industry."""
    return person["activity"] == Activity.EMPLOYED and person["sector"] != NO_SECTOR
