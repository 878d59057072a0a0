"""What a channel state is, and one call to declare a level and one for a flow."""

from __future__ import annotations

from dataclasses import dataclass

from model.spec.types import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel state: its practice value, its hard limits, and whether it is a flow added to practice."""

    key: str
    channel: str
    unit: str
    practice: float
    low: float
    high: float
    flow: bool
    text: Text
    practice_param: str | None = None


def level(
    channel: str, key: str, unit: str, practice: float, low: float, high: float, en: str, zh: str,
    param: str | None = None,
) -> ChannelState:
    return ChannelState(
        key=key, channel=channel, unit=unit, practice=practice, low=low, high=high, flow=False,
        text=Text(en=en, zh=zh), practice_param=param,
    )


def flow(channel: str, key: str, unit: str, en: str, zh: str) -> ChannelState:
    return ChannelState(
        key=key, channel=channel, unit=unit, practice=0.0, low=-1e12, high=1e12, flow=True, text=Text(en=en, zh=zh)
    )
