"""Who buys a town home: newly wed families, and tenants who can pay the first share (E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.homes import columns
from model.kernels.jit import kernel
from model.kernels.lots import draw_lots
from model.kernels.rng import Stream, uniform, uniform_pair
from model.kernels.screen import screen_key, screen_unit
from model.phases.staffing import core_market
from model.spec.codes import NO_PLACE, Config, Event, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

WEDDING, OFFER = int(Event.WEDDING), int(Event.OFFER)
RENTED, OWNED = int(Tenure.RENTED), int(Tenure.OWNED)
VILLAGE: Final = int(Kind.VILLAGE)
WHOLE, COMMUTE = int(Config.WHOLE), int(Config.COMMUTE)
S_PURCHASE, S_OCCUPANCY = Stream.PURCHASE, Stream.OCCUPANCY
SETTLED_MONTHS: Final = 12


class Terms(NamedTuple):
    """What a home costs and who may buy: by market float64[M] unless said."""

    price_fen: np.ndarray  # int64[M]
    down_fen: np.ndarray  # int64[M]
    need_fen: np.ndarray  # int64[M], savings without which nobody tries
    wedding: np.ndarray  # chance that a wedding family tries to buy
    renter: np.ndarray  # monthly chance that a tenant tries to buy
    core_share: float


def purchases(
    world: World, month: Month, weddings: np.ndarray, tenants: np.ndarray, compensated: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sell to those who want and can pay; homes bought by market, those on arrival included, int64[M], and buyers.

    Wedding families of village origin try with chance p_marriage_home, tenants of a year or more with renter_buys_year,
    both times `demand_for_homes`. Savings, which hold what the groom's parents gave, must reach the
    down payment less `kin_help_share` of it; what savings do not pay is debt, to a bank or to kin. A home bought at a
    wedding is owned, not lived in: only those who mean to occupy it (1 - share_absent_owner) get an OFFER, and may
    move when triggered. compensated: rows of owners whose home was demolished and who buy again where they live.
    """
    homes, markets = world.households, world.markets
    terms = terms_of(world)
    rows, place = wishes(world, month.index, terms, weddings, tenants)
    wished = rows.size
    rows, place = with_compensated(world, rows, place, compensated, terms)
    if world.watch is not None:
        world.watch.buying(world, month.index, rows, place, wished, terms)
    bought, world.accounts["bought_on_arrival"] = world.accounts["bought_on_arrival"], np.zeros(markets.n, np.int64)
    market = world.places.market[place].astype(np.int64)
    empty = np.maximum(markets.homes[: markets.n] - markets.homes_occupied[: markets.n], 0)
    won = lottery(world.seed, month.index, homes.uid[rows], market, np.ones(rows.size, np.bool_), empty)
    rows, place, market = rows[won], place[won], market[won]
    pay(world, rows, place, terms.price_fen[market], terms.down_fen[market])
    occupy(world, month, rows, place)
    np.add.at(bought, market, 1)
    world.count("homes_bought", np.bincount(market[market < 3 * world.n_units] // 3, minlength=world.n_units))
    return bought, rows


def wishes(
    world: World, month: int, terms: Terms, weddings: np.ndarray, tenants: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of households that want a home and can pay for it, ascending, and where: int64[k] each."""
    homes, places = world.households, world.places
    core, seats = core_seat(world), world.geography.seat_place
    rows, place = _wishes(
        weddings, tenants, world.seed, month, terms, columns(world), homes.origin, homes.savings_fen, places.unit,
        places.kind, places.market, seats, core,
    )
    order = np.argsort(rows)
    return rows[order], place[order]


def with_compensated(
    world: World, rows: np.ndarray, place: np.ndarray, compensated: np.ndarray, terms: Terms
) -> tuple[np.ndarray, np.ndarray]:
    """Add those who were paid for a demolished home and can pay for one where they live."""
    if compensated.size == 0:
        return rows, place
    homes = world.households
    more = np.setdiff1d(compensated, rows)
    here = homes.place[more].astype(np.int64)
    able = homes.savings_fen[more] >= terms.need_fen[world.places.market[here]]
    return np.concatenate((rows, more[able])), np.concatenate((place, here[able]))


def core_seat(world: World) -> int:
    """The county town that is the core of the prefecture."""
    return int(world.geography.seat_place[core_market(world) // 3])


def demand_for_homes(world: World) -> np.ndarray:
    """(p / p0)^demand_price * (pay / pay0)^demand_income by market, as seen at the start of the month: float64[M]."""
    p, a, seen = world.p, world.accounts, world.seen
    if "demand_for_homes" not in seen.kept:
        price = seen.markets["price_yuan_m2"] / a["price_start"]
        pay = seen.panels.wage_yuan.mean(axis=1) / a["wage_seen_start"]
        seen.kept["demand_for_homes"] = price**p.demand_price * pay**p.demand_income
    return np.asarray(seen.kept["demand_for_homes"])


def build_cost(world: World) -> np.ndarray:
    """Cost of building a home without its land against practice, float64[U]: standards and parking spaces."""
    p, c = world.p, world.channels
    return np.asarray(
        1.0 + c.building_cost_uplift + p.parking_cost_share * (c.parking_ratio - world.accounts["parking_start"])
    )


def new_home_price(world: World) -> np.ndarray:
    """Yuan/m2 that a buyer pays, as seen at the start of the month, float64[M].

    Developers pass on cost_pass_share of what building without land costs beyond practice.
    """
    p, units = world.p, world.n_units
    price = world.seen.markets["price_yuan_m2"].copy()
    added = p.cost_pass_share * (1.0 - p.land_cost_share) * (build_cost(world) - 1.0)
    price[: 3 * units] *= 1.0 + np.repeat(added, 3)
    return price


def terms_of(world: World) -> Terms:
    """Prices as seen at the start of the month; worked out once in it."""
    kept = world.seen.kept
    if "terms" not in kept:
        kept["terms"] = _terms_now(world)
    terms: Terms = kept["terms"]
    return terms


def _terms_now(world: World) -> Terms:
    p = world.p
    price = new_home_price(world)
    dear = demand_for_homes(world)
    fen = np.floor(price * p.home_size_m2 * 100.0).astype(np.int64)
    down = np.ceil(fen * p.down_payment_share).astype(np.int64)
    yearly = np.minimum(p.renter_buys_year * dear, 0.9)
    wedding, renter = np.minimum(p.p_marriage_home * dear, 1.0), -np.expm1(np.log1p(-yearly) / 12.0)
    need = np.ceil(down * (1.0 - p.kin_help_share)).astype(np.int64)
    return Terms(fen, down, need, wedding, renter, p.share_buy_core)


@kernel
def _wishes(weddings, tenants, seed, month, t, homes, origin, savings, unit, kind, market, seat_place, core):
    most = weddings.size + tenants.size
    rows, where = np.empty(most, np.int64), np.empty(most, np.int64)
    key = screen_key(seed, S_PURCHASE, month)
    highest = 0.0
    for m in range(t.renter.size):
        highest = max(highest, t.renter[m])
    k = 0
    for r in range(most):
        h = weddings[r] if r < weddings.size else tenants[r - weddings.size]
        lot = 0.0 if r < weddings.size else screen_unit(key, homes.uid[h])
        if lot >= highest and r >= weddings.size:
            continue
        if homes.size[h] == 0 or homes.owns[h] >= 0 or homes.collective[h]:
            continue
        target = NO_PLACE
        u = unit[origin[h]]
        weds = homes.events[h] & WEDDING and u >= 0 and kind[origin[h]] == VILLAGE and homes.tenure[h] != OWNED
        if r < weddings.size and weds:
            x, y = uniform_pair(seed, S_PURCHASE, homes.uid[h], month, 0)
            town = core if y < t.core_share else seat_place[u]
            if x < t.wedding[market[town]]:
                target = town
        elif r >= weddings.size and not weds and homes.tenure[h] == RENTED and homes.config[h] in (WHOLE, COMMUTE):
            town = homes.place[h]
            if unit[town] >= 0 and kind[town] != VILLAGE and month - homes.since[h] >= SETTLED_MONTHS:
                if lot < t.renter[market[town]]:
                    target = town
        if target >= 0 and savings[h] >= t.need_fen[market[target]]:
            rows[k], where[k] = h, target
            k += 1
    return rows[:k], where[:k]


def pay(world: World, rows: np.ndarray, place: np.ndarray, price_fen: np.ndarray, down_fen: np.ndarray) -> None:
    """The buyer's position falls by the price (down payment and new debt); developers where the home is get it."""
    if rows.size == 0:
        return
    homes, ledger = world.households, world.ledger
    own = np.minimum(homes.savings_fen[rows], down_fen)
    homes.savings_fen[rows] -= own
    homes.debt_fen[rows] += price_fen - own
    homes.owns[rows] = place
    buyer = ledger.household_accounts(world.places.unit[homes.place[rows]])
    seller = ledger.accounts("firms")[world.places.unit[place].astype(np.int64)]
    ledger.post("home_purchase", buyer, seller, price_fen)


def receive_price(world: World, rows: np.ndarray, fen: np.ndarray) -> None:
    """Households give up the home they own for `fen`; debts are paid from it first."""
    homes = world.households
    repaid = np.minimum(homes.debt_fen[rows], fen)
    homes.debt_fen[rows] -= repaid
    homes.savings_fen[rows] += fen - repaid
    homes.owns[rows] = NO_PLACE


def occupy(world: World, month: Month, rows: np.ndarray, place: np.ndarray) -> None:
    """Buyers who live there already own their dwelling now; others may get an offer to move."""
    if rows.size == 0:
        return
    homes = world.households
    there = homes.place[rows] == place
    homes.tenure[rows[there]] = OWNED
    far = rows[~there]
    _offers(far, world.seed, month.index, world.p.share_absent_owner, homes.uid, homes.events_next)


@kernel
def _offers(rows, seed, month, absent, uid, events_next):
    for r in range(rows.size):
        if uniform(seed, S_OCCUPANCY, uid[rows[r]], month, 0) >= absent:
            events_next[rows[r]] |= OFFER


def lottery(
    seed: np.uint64, month: int, uid: np.ndarray, market: np.ndarray, apply: np.ndarray, free: np.ndarray
) -> np.ndarray:
    """Winners among applicants of each market, at most free[market] of them: bool[k]."""
    return draw_lots(seed, Stream.LOTTERY, month, np.arange(uid.size), uid, np.where(apply, market, -1), free)


@kernel
def draws(seed, stream, uid, month):
    """One uniform per id: float64[k]."""
    out = np.empty(uid.size)
    for r in range(uid.size):
        out[r] = uniform(seed, stream, uid[r], month, 0)
    return out
