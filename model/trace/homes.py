"""Whether one household tries to buy a home this month (E9), told by the kernel that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.kernels.rng import uniform, uniform_pair
from model.phases.purchases import S_PURCHASE, WEDDING, _wishes, core_seat, terms_of

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """An attempt to buy that the household can pay for: where, why, and at what price.

    wedding: True after a wedding, False for a tenant of a year or more. chance, drawn: the attempt is made when drawn
    is below chance. Whether a home is free is seen from the household after the phase.
    """

    place: int
    wedding: bool
    chance: float
    drawn: float
    price_yuan: float
    down_yuan: float
    savings_yuan: float


def wish_of(world: World, month: Month, h: int) -> Wish | None:
    """The attempt of household row `h`, before the housing phase has run; None when it makes none."""
    homes, places = world.households, world.places
    terms, one = terms_of(world), slice(h, h + 1)
    rows, where = _wishes(
        1, world.seed, month.index, terms, homes.uid[one], homes.size[one], homes.events[one], homes.origin[one],
        homes.place[one], homes.tenure[one], homes.owns[one], homes.config[one], homes.since[one],
        homes.collective[one], homes.savings_fen[one], places.unit, places.kind, places.market,
        world.geography.seat_place.astype("int64"), core_seat(world),
    )
    if rows.size == 0:
        return None
    market = int(places.market[where[0]])
    wedding = bool(homes.events[h] & WEDDING) and places.kind[homes.origin[h]] == 0
    drawn = (
        uniform_pair(world.seed, S_PURCHASE, homes.uid[h], month.index, 0)[0] if wedding
        else uniform(world.seed, S_PURCHASE, homes.uid[h], month.index, 1)
    )
    chance = (terms.wedding if wedding else terms.renter)[market]
    return Wish(
        int(where[0]), bool(wedding), float(chance), float(drawn), float(terms.price_fen[market]) / 100.0,
        float(terms.down_fen[market]) / 100.0, float(homes.savings_fen[h]) / 100.0,
    )
