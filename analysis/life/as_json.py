"""A told life for machines: one object with stable keys of places, markets and codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.life.events import Happening, age, happenings
from analysis.life.parting import Touch, events_of
from analysis.life.telling import Teller
from analysis.life.words import Words
from model.spec.codes import NO_SECTOR, Activity, Config, Education, Sector, Tenure

if TYPE_CHECKING:
    from analysis.life.lives import Life, Window
    from analysis.life.parting import Parting
    from model.trace import Alternative, Decision, LivedMonth, Settling, Trigger

PLACES = ("place", "old", "new", "split_place", "home_place", "owns", "hukou", "usual")
CODES: dict[str, Any] = {
    "config": Config, "tenure": Tenure, "split_tenure": Tenure, "activity": Activity, "education": Education,
}


def as_object(lives: list[Life], window: Window, parting: Parting | None, lang: str) -> dict[str, Any]:
    """The whole answer. Ids are texts, since they need all of 64 bits; `parting` only for two scenarios."""
    life = lives[0]
    words = Words(life.world, lang)
    out = {
        "person": str(life.uid), "scale": life.made.scale, "seed": life.made.seed,
        "from": words.month(window.first), "to": words.month(window.last),
        "lives": [life_object(one, window, lang) for one in lives],
    }
    if len(lives) > 1:
        out["parting"] = parting_object(words, parting)
    return out


def life_object(life: Life, window: Window, lang: str) -> dict[str, Any]:
    """One scenario: the start and the months in which something happened."""
    teller = Teller(life, lang)
    opening = life.months[0].opening
    assert opening is not None
    months = []
    for lived in life.months:
        text = teller.month(lived)
        if text and window.first <= lived.index <= window.last:
            months.append(month_object(teller, lived, text))
    title = life.scenario.title
    return {
        "scenario": life.scenario.name, "title": {"en": title.en, "zh": title.zh},
        "start": start_object(teller.words, opening), "months": months,
    }


def start_object(words: Words, opening: Any) -> dict[str, Any]:
    """The person and the household at the start."""
    person, home = opening.person, opening.home
    return {
        "age": age(person, 0), "sex": ("man", "woman")[int(person["sex"])], "wage_yuan": person["wage_yuan"],
        "household": str(int(home["uid"])), "household_size": home["size"], "origin": words.place_key(home["origin"]),
        "land_mu": home["land_mu"], "savings_yuan": home["savings_fen"] / 100.0, "debt_yuan": home["debt_fen"] / 100.0,
        **facts_object(words, {key: person[key] for key in ("education", "activity", "sector", "place", "hukou")}),
        **facts_object(words, {key: home[key] for key in ("config", "tenure")}),
    }


def month_object(teller: Teller, lived: LivedMonth, text: list[str]) -> dict[str, Any]:
    """One month; what was not decided in it is null."""
    words = teller.words
    wish, settling = lived.wish, lived.settling
    return {
        "month": words.month(lived.index),
        "happenings": [happening_object(words, thing) for thing in happenings(lived)],
        "trigger": trigger_object(lived.trigger),
        "decision": decision_object(words, lived.decision),
        "purchase": None if wish is None else asdict(wish) | {"place": words.place_key(wish.place)},
        "registration": settling_object(words, settling),
        "text": text,
    }


def happening_object(words: Words, thing: Happening) -> dict[str, Any]:
    """One thing that happened."""
    facts = {key: value for key, value in thing.facts.items() if key != "member"}
    who = None if thing.who is None else str(thing.who)
    return {"kind": thing.kind, "phase": thing.phase, "who": who, **facts_object(words, facts)}


def facts_object(words: Words, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with rows and codes as keys."""
    return {key: _fact(words, key, value) for key, value in facts.items()}


def _fact(words: Words, key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if key in PLACES:
        return words.place_key(value)
    if key == "market":
        return words.market_key(value)
    if key == "sector":
        return None if int(value) == NO_SECTOR else Sector(int(value)).name.lower()
    if key == "sex":
        return ("man", "woman")[int(value)]
    return CODES[key](int(value)).name.lower() if key in CODES else value


def settling_object(words: Words, settling: Settling | None) -> dict[str, Any] | None:
    """Route, traits and chance of registration."""
    if settling is None:
        return None
    return asdict(settling) | {
        "place": words.place_key(settling.place), "unit": words.prefecture.unit_keys[settling.unit],
        "joins": [str(uid) for uid in settling.joins], "registers": settling.registers,
    }


def trigger_object(trigger: Trigger | None) -> dict[str, Any] | None:
    """Hazards and the draw."""
    if trigger is None:
        return None
    return {
        "hazard": trigger.base, "events": {str(e.name).lower(): x for e, x in trigger.events.items()},
        "hazard_return": trigger.back, "chance": trigger.chance, "drawn": trigger.drawn,
        "outcome": trigger.outcome,
    }


def decision_object(words: Words, decision: Decision | None) -> dict[str, Any] | None:
    """Every alternative; `present` and `chosen` are positions in the list."""
    if decision is None:
        return None
    return {
        "returning": decision.returning, "offered": decision.offered,
        "present": decision.current, "chosen": decision.chosen,
        "alternatives": [alternative_object(words, x) for x in decision.alternatives],
    }


def alternative_object(words: Words, x: Alternative) -> dict[str, Any]:
    """One alternative: utility = sum of parts, value = utility + shocks."""
    return {
        "place": words.place_key(x.place), "main_place": words.place_key(x.main), "market": words.market_key(x.market),
        "config": Config(x.config).name.lower(), "tenure": Tenure(x.tenure).name.lower(), "nest": x.nest,
        "competes": x.competes, "income_yuan": x.income_yuan, "parts": x.parts, "utility": x.utility,
        "shocks": {"nest": x.nest_shock, "taste": x.taste, "month": x.fresh, "tenure": x.tenure_shock},
        "value": x.value, "probability": x.probability,
    }


def parting_object(words: Words, parting: Parting | None) -> dict[str, Any] | None:
    """The month, the aspects and the cause; null when the paths never part."""
    if parting is None:
        return None
    aspects = {key: [_aspect(words, key, side) for side in pair] for key, pair in parting.aspects.items()}
    out: dict[str, Any] = {
        "month": words.month(parting.index), "phase": parting.phase, "aspects": aspects, "earlier": None, "cause": None,
    }
    if (earlier := parting.earlier) is not None:
        out["earlier"] = {
            "month": words.month(earlier.index),
            "work": {str(uid): [_work(words, side) for side in pair] for uid, pair in earlier.work.items()},
            "events": [[str(e.name).lower() for e in events_of(bits)] for bits in earlier.events],
        }
    if (cause := parting.cause) is not None:
        out["cause"] = {
            "inputs": [{"kind": x.kind, "key": x.key} for x in cause.inputs], "complete": cause.complete,
            "others": [{"kind": x.kind, "key": x.key} for x in cause.others],
            "also": [{"kind": x.kind, "key": x.key} for x in cause.also],
            "combination": len(cause.inputs) > 1, "alone": cause.alone, "runs": cause.runs,
            "direct": [touch_object(words, touch) for touch in cause.direct],
            "states": {key: [touch_object(words, t) for t in listed] for key, listed in cause.touches.items()},
        }
    return out


def touch_object(words: Words, touch: Touch) -> dict[str, Any]:
    """A state that differs in a unit."""
    return {
        "state": touch.state, "unit": words.prefecture.unit_keys[touch.unit], "since": words.month(touch.since),
        "values": [touch.one, touch.two],
    }


def _work(words: Words, value: tuple[float, ...]) -> dict[str, Any]:
    activity, sector, market = value
    return {"activity": _fact(words, "activity", activity), "job": _aspect(words, "job", (sector, market))}


def _aspect(words: Words, key: str, value: Any) -> Any:
    if value is None:
        return None
    if key == "job":
        sector, market = value
        return None if int(sector) == NO_SECTOR else [_fact(words, "sector", sector), words.market_key(market)]
    if key == "tenure":
        return [Tenure(int(t)).name.lower() for t in value]
    if key == "members":
        return sorted(str(uid) for uid in value)
    return str(int(value)) if key == "household" else _fact(words, key, value)
