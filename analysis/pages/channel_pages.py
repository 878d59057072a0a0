"""docs/channels/*.md: one page per channel, which evidence stands behind it and how thin it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from analysis.pages.tables import GENERATED, SIGNS, number, table
from model.effects import EFFECTS
from model.spec.evidence import CHANNEL_EVIDENCE
from model.spec.registry import REGISTRY
from model.spec.types import Confidence, Lever, Param
from model.spec.units import unit

NOTHING_CHECKS: Final = "- Nothing: no fact outside the model was found that could test it."


def render_index() -> str:
    """The text of docs/channels/README.md."""
    rows = []
    for key, text in REGISTRY.channels.items():
        params, counts = parameters(key), classes(key)
        rows.append((
            f"[{text.en} · {text.zh}]({key}.md)", str(len(list(levers(key)))), str(len(params)),
            *(str(counts[c]) for c in Confidence), thinness(key),
        ))
    head = ("channel", "levers", "numbers behind it", *(str(c) for c in Confidence), "in short")
    return "\n".join((
        "# Channels: the evidence behind each\n",
        GENERATED.format(source="model/spec"),
        "A lever acts only through a channel; a channel acts through the equations named on its page. What is "
        "*published* was read in a study, *recalled* is from memory, *assumed* is a judgement with a wide interval.\n",
        table(head, rows),
    ))


def render(channel: str) -> str:
    """The text of docs/channels/<channel>.md."""
    text, known = REGISTRY.channels[channel], CHANNEL_EVIDENCE[channel]
    checks = "\n".join(f"- {check}" for check in known.checks) or NOTHING_CHECKS
    return "\n".join((
        f"# {text.en} · {text.zh}\n",
        GENERATED.format(source="model/spec"),
        f"Acts through {', '.join(known.equations)}. {thinness(channel).capitalize()}.\n",
        f"**What was read.** {known.read}\n",
        f"**What may turn it round.** {known.opposing}\n",
        f"**What could refute it**\n\n{checks}\n",
        "## States\n", table(("state", "unit", "meaning", "含义", "moved by"), map(_state_row, states(channel))),
        "## Levers\n", table(
            ("lever", "carried", "urban share", "integration", "why", "class"), map(_lever_row, levers(channel))),
        "## Numbers that carry its effect\n",
        table(("parameter", "eq.", "default", "90 % interval", "unit", "meaning", "class", "evidence"),
              map(_param_row, parameters(channel))),
        "Each lever also has its own delivered share (`implement_<lever>` around `implement_share`): assumed.\n",
    ))


def levers(channel: str) -> Iterable[Lever]:
    """Levers that stand in the channel."""
    return (x for x in REGISTRY.levers.values() if x.channel == channel)


def states(channel: str) -> Iterable[str]:
    """Keys of the channel's states."""
    return (s.key for s in REGISTRY.states.values() if s.channel == channel)


def parameters(channel: str) -> list[Param]:
    """Parameters of the equations through which the channel acts, but for delivery."""
    wanted = set(CHANNEL_EVIDENCE[channel].equations)
    return [p for p in REGISTRY.params.values() if wanted & set(p.equation.split("/"))]


def classes(channel: str) -> Counter[Confidence]:
    """How many of its parameters stand in each class."""
    return Counter(p.confidence for p in parameters(channel))


def thinness(channel: str) -> str:
    """One sentence from the counts."""
    params, counts = parameters(channel), classes(channel)
    firm = counts[Confidence.PUBLISHED] + counts[Confidence.DERIVED]
    return f"{firm} of {len(params)} numbers rest on published figures, {counts[Confidence.ASSUMED]} are assumed"


def _state_row(key: str) -> tuple[str, ...]:
    state = REGISTRY.states[key]
    movers = ", ".join(f"`{lever}`" for lever, moved, _ in EFFECTS if moved == key)
    return f"`{key}`", unit(state.unit).label(), state.text.en, state.text.zh, movers


def _lever_row(x: Lever) -> tuple[str, ...]:
    why = f"{x.sign_reason} {x.carried_reason}".strip()
    return f"`{x.key}`", str(x.carried), SIGNS[x.sign_urbanization], SIGNS[x.sign_integration], why, str(x.confidence)


def _param_row(p: Param) -> tuple[str, ...]:
    interval = f"{number(p.prior.low)} to {number(p.prior.high)}" if p.prior else "-"
    return (f"`{p.key}`", p.equation, number(p.default), interval, unit(p.unit).label(), p.text.en, str(p.confidence),
            p.source)
