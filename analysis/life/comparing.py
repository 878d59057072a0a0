"""Two lives side by side as lines of text: the same until they part, why they parted, and what became of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from analysis.life import labels
from analysis.life.labels import say, word
from analysis.life.parting import (
    Cause,
    Earlier,
    Input,
    Parting,
    Touch,
    differing_drivers,
    events_of,
    inputs_that_differ,
    units_of_life,
)
from analysis.life.telling import INDENT, SHOCKS, SHOWN, Teller, grouped, money
from analysis.screen import columns
from model.spec.registry import REGISTRY
from model.spec.units import unit as unit_of

if TYPE_CHECKING:
    from analysis.life.lives import Life, Window
    from model.trace import Decision

MOST_LISTED: Final = 6


def tell_both(
    lives: list[Life], window: Window, parting: Parting | None, lang: str, shown: int = SHOWN
) -> list[str]:
    """The first life until the paths part, then both."""
    tellers = [Teller(life, lang, shown) for life in lives]
    names = [scenario_name(life, lang) for life in lives]
    lines = [teller.title(window) for teller in tellers] + ["", tellers[0].start(), ""]
    split = window.last + 1 if parting is None else parting.index
    told = {index: [teller.month(life.months[index]) for teller, life in zip(tellers, lives)]
            for index in range(len(lives[0].months))}
    same = [(i, told[i][0]) for i in told if window.first <= i < split and told[i][0]]
    if same:
        lines += [say("same_until", lang, one=names[0])]
        for index, month in same:
            lines += [tellers[0].words.month(index), *(INDENT + line for line in month)]
        lines += [""]
    if parting is None:
        return [*lines, *never(lives, window, lang)]
    lines += parting_lines(lives, parting, lang)
    for index in range(parting.index, window.last + 1):
        if index == parting.index + 1:
            lines += ["", say("after", lang)]
        if any(told[index]) and index >= window.first:
            lines += [tellers[0].words.month(index)]
            for name, month in zip(names, told[index]):
                if month:
                    lines += [INDENT + say("under", lang, scenario=name), *(INDENT * 2 + line for line in month)]
    return [*lines, "", tellers[0].legend()]


def scenario_name(life: Life, lang: str) -> str:
    """Title of a life's scenario."""
    return word(life.scenario.title, lang)


def never(lives: list[Life], window: Window, lang: str) -> list[str]:
    """That nothing parts, and whether anything could have."""
    words = Teller(lives[0], lang).words
    one, two = (scenario_name(life, lang) for life in lives)
    n = len(inputs_that_differ(lives[0].made, lives[1].made, window.last + 1))
    why = say("no_effect", lang, n=n) if n else say("no_difference", lang)
    return [say("never", lang, one=one, two=two, first=words.month(0), last=words.month(window.last)), why]


def parting_lines(lives: list[Life], parting: Parting, lang: str) -> list[str]:
    """Month, aspects, cause and how the weighing differed."""
    words = Teller(lives[0], lang).words
    aspects = say("semicolon", lang).join(
        say("aspect", lang, aspect=word(labels.ASPECT[key], lang), one=words.aspect(key, a), two=words.aspect(key, b))
        for key, (a, b) in parting.aspects.items()
    )
    lines = [say("part", lang, month=words.month(parting.index), aspects=aspects)]
    if parting.earlier is not None:
        lines += [earlier_line(lives, parting.earlier, lang)]
    if parting.cause is not None:
        lines += cause_lines(lives, parting.index, parting.cause, lang)
    if parting.phase == "settlement":
        lines += settling_lines(lives, parting.index, lang)
    return [*lines, *weighing_lines(lives, parting.index, lang)] if parting.phase == "relocation" else lines


def cause_lines(lives: list[Life], index: int, cause: Cause, lang: str) -> list[str]:
    """What parted the paths, and the evidence for it."""
    one, two = (scenario_name(life, lang) for life in lives)
    inputs = listed([input_words(lives, given, index, lang) for given in cause.inputs], lang)
    key = "cause_open" if not cause.complete else "cause_one" if len(cause.inputs) == 1 else "cause_many"
    lines = [say(key, lang, inputs=inputs, one=one, runs=cause.runs, n=len(cause.inputs))]
    if cause.alone is not None:
        lines += [say("alone_yes" if cause.alone else "alone_no", lang, one=one, two=two)]
    if cause.also:
        also = say("semicolon", lang).join(name_of(given, lang) for given in cause.also)
        lines += [say("also", lang, n=len(cause.also), k=len(cause.others), inputs=also)]
    elif cause.others:
        lines += [say("no_other", lang, k=len(cause.others))]
    if cause.direct:
        lines += [say("direct", lang, states=states_words(lives, cause.direct, lang))]
    elif any(given.kind == "lever" for given in cause.inputs):
        touches = list(dict.fromkeys(touch for listed in cause.touches.values() for touch in listed))
        states = states_words(lives, touches, lang)
        lines += [say("indirect_here", lang, states=states) if touches else say("indirect", lang)]
    return lines


def states_words(lives: list[Life], touches: list[Touch], lang: str) -> str:
    """States with their values in both runs, unit by unit; of a state's meaning only what stands before a semicolon."""
    words = Teller(lives[0], lang).words
    return listed([
        say("state", lang, state=re.split("[;:；：]", word(REGISTRY.states[t.state].text, lang))[0], key=t.state,
            unit=words.unit(t.unit), one=figure(t.one), two=figure(t.two), month=words.month(t.since))
        for t in touches
    ], lang)


def listed(items: list[str], lang: str) -> str:
    """The first MOST_LISTED items, and how many more there are."""
    more = len(items) - MOST_LISTED
    return say("semicolon", lang).join(items[:MOST_LISTED]) + (say("more", lang, n=more) if more > 0 else "")


def settling_lines(lives: list[Life], index: int, lang: str) -> list[str]:
    """Where both households stood before the rules of registration in that month."""
    lines = []
    for life in lives:
        settling = life.months[index].settling
        if settling is not None:
            told = Teller(life, lang).settling(settling, settling.registers)
            lines += [INDENT + say("under", lang, scenario=scenario_name(life, lang)) + " " + line for line in told]
    return lines


def figure(value: float) -> str:
    """Four digits, or whole numbers from a thousand on."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def earlier_line(lives: list[Life], earlier: Earlier, lang: str) -> str:
    """What differed in the household before the paths parted."""
    words = Teller(lives[0], lang).words
    seen = lives[0].months[earlier.index].close
    assert seen is not None
    said = [
        say("earlier_work", lang, who=words.who(uid, lives[0].uid, seen.members[uid], earlier.index),
            one=words.work(a), two=words.work(b))
        for uid, (a, b) in earlier.work.items()
    ]
    if earlier.events[0] != earlier.events[1]:
        one, two = (
            say("comma", lang).join(word(labels.EVENT[str(e.name)], lang) for e in events_of(bits)) or say("none", lang)
            for bits in earlier.events
        )
        said += [say("earlier_events", lang, one=one, two=two)]
    return say("earlier", lang, month=words.month(earlier.index), what=say("semicolon", lang).join(said))


def name_of(given: Input, lang: str) -> str:
    """A lever by its label and key, anything else by its key."""
    return f"{word(REGISTRY.levers[given.key].text, lang)} ({given.key})" if given.kind == "lever" else given.key


def input_words(lives: list[Life], given: Input, index: int, lang: str) -> str:
    """A lever, parameter or future with its two values at the parting.

    Of the units where a lever differs most, one in which this life is lived, if there is any.
    """
    one, two = (life.made for life in lives)
    if given.kind == "future":
        return say("future", lang, keys=say("comma", lang).join(differing_drivers(one, two, index + 1)))
    if given.kind == "parameter":
        values = [f"{made.params[given.key]:.4g}" for made in (one, two)]
        return say("parameter", lang, key=given.key, one=values[0], two=values[1])
    lever, words = REGISTRY.levers[given.key], Teller(lives[0], lang).words
    a, b = one.levers[given.key][: index + 1], two.levers[given.key][: index + 1]
    month = int((a != b).any(axis=1).nonzero()[0][-1])
    gap = abs(a[month] - b[month])
    most = [u for u in range(gap.size) if gap[u] == gap.max()]
    u = next((u for u in units_of_life(lives, index) if u in most), most[0])
    unit = unit_of(lever.unit).label(lang)
    values = [f"{figure(x)} {unit}".strip() for x in (a[month, u], b[month, u])]
    return say(
        "setting", lang, label=name_of(given, lang), one=values[0], two=values[1],
        unit=words.unit(u), month=words.month(month),
    )


def weighing_lines(lives: list[Life], index: int, lang: str) -> list[str]:
    """Parts of the utility, second less first, for what each chose and for the present way of life."""
    decisions = [life.months[index].decision for life in lives]
    names = [scenario_name(life, lang) for life in lives]
    if decisions[0] is None and decisions[1] is None:
        return []
    teller = Teller(lives[0], lang)
    if decisions[0] is None or decisions[1] is None:
        lines = [say("only_one", lang, scenario=names[1 if decisions[0] is None else 0])]
        triggers = [life.months[index].trigger for life in lives]
        return lines + [
            INDENT + say("under", lang, scenario=name) + " " + teller.chance(trigger)
            for name, trigger in zip(names, triggers) if trigger is not None
        ]
    rows = [gap_row(teller, decisions[0], decisions[1], key) for key in keys_to_show(decisions[0], decisions[1])]
    head = teller.table_head()
    table = columns([head, *(row for row in rows if row)])
    return [say("weighing", lang, one=names[0], two=names[1]), *(INDENT + line for line in table)]


def keys_to_show(one: Decision, two: Decision) -> list[tuple[int, ...]]:
    """What the first chose, what the second chose, and the present, each once."""
    ks = [one.alternatives[one.chosen], two.alternatives[two.chosen], one.alternatives[one.current]]
    return list(dict.fromkeys(x.key for x in ks))


def gap_row(teller: Teller, one: Decision, two: Decision, key: tuple[int, ...]) -> list[str]:
    """One alternative's differences; empty where only one scenario offers it."""
    a, b = ({x.key: (k, x) for k, x in enumerate(d.alternatives)} for d in (one, two))
    if key not in a or key not in b:
        return []
    (k, x), (_, y) = a[key], b[key]
    first, second = grouped(x.parts), grouped(y.parts)
    numbers: list[Any] = [second[part] - first[part] for part in list(first)[:-1]]
    numbers += [getattr(y, key) - getattr(x, key) for key in ("utility", *SHOCKS, "value")]
    return [
        teller.alternative(one, k), money(y.income_yuan - x.income_yuan), *(f"{number:+.3f}" for number in numbers),
        f"{y.probability - x.probability:+.1%}",
    ]
