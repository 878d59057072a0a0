"""What one household tries to buy this month (E9), at the moment at which homes are drawn for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.kernels.lots import key_of
from model.kernels.rng import uniform_pair
from model.kernels.screen import screen_unit
from model.phases.purchases import OWNED, S_PURCHASE, VILLAGE, WEDDING, Terms

if TYPE_CHECKING:
    from model.state.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """An attempt to buy that the household can pay for: where, why, and at what price.

    reason: `wedding`, `tenant` (a year or more in the town) or `compensated` (the home was demolished). chance, drawn:
    the attempt is made when drawn is below chance. Whether a home is free is seen from the household after the phase.
    """

    place: int
    reason: str
    chance: float
    drawn: float
    price_yuan: float
    down_yuan: float
    savings_yuan: float


def wish_of(world: World, month: int, h: int, place: int, compensated: bool, terms: Terms) -> Wish:
    """The attempt of household row `h` to buy at `place`, on the terms of the phase."""
    homes, places = world.households, world.places
    market = int(places.market[place])
    wed = bool(homes.events[h] & WEDDING) and places.kind[homes.origin[h]] == VILLAGE and homes.tenure[h] != OWNED
    reason = "compensated" if compensated else "wedding" if wed else "tenant"
    chance, drawn = 1.0, 0.0
    if reason == "wedding":
        chance = float(terms.wedding[market])
        drawn = uniform_pair(world.seed, S_PURCHASE, homes.uid[h], month, 0)[0]
    elif reason == "tenant":
        chance = float(terms.renter[market])
        drawn = screen_unit(key_of(world.seed, S_PURCHASE, month), homes.uid[h])
    return Wish(
        place, reason, chance, float(drawn), float(terms.price_fen[market]) / 100.0,
        float(terms.down_fen[market]) / 100.0, float(homes.savings_fen[h]) / 100.0,
    )
