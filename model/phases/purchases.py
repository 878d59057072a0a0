"""Who buys a town home: newly wed families, and tenants who can pay the first share (E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.kernels.homes import Homes, columns
from model.kernels.jit import kernel
from model.kernels.prices import rates_of, terms_now
from model.kernels.rng import Stream, uniform, uniform_pair
from model.kernels.screen import screen_key, screen_unit
from model.kernels.trade import BUYER_KINDS, buy_homes
from model.phases.staffing import core_market
from model.spec.codes import NO_PLACE, Config, Event, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

WEDDING: Final = int(Event.WEDDING)
RENTED, OWNED = int(Tenure.RENTED), int(Tenure.OWNED)
VILLAGE: Final = int(Kind.VILLAGE)
WHOLE, COMMUTE = int(Config.WHOLE), int(Config.COMMUTE)
S_PURCHASE: Final = Stream.PURCHASE
SETTLED_MONTHS: Final = 12


class Terms(NamedTuple):
    """What a home costs and who may buy: by market float64[M] unless said."""

    price_fen: np.ndarray  # int64[M]
    down_fen: np.ndarray  # int64[M]
    need_fen: np.ndarray  # int64[M], savings without which nobody tries
    resale_fen: np.ndarray  # int64[M], what dealers pay for a home
    price_yuan_m2: np.ndarray  # of a new home, with what standards add
    demand: np.ndarray  # (p / p0)^demand_price * (pay / pay0)^demand_income
    wedding: np.ndarray  # chance that a wedding family tries to buy
    renter: np.ndarray  # monthly chance that a tenant tries to buy


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
    homes, m, places, by_unit = world.households, world.markets, world.places, np.zeros(world.n_units, np.int64)
    terms = terms_of(world)
    rows, place = wishes(world, month.index, terms, weddings, tenants)
    wished = rows.size
    rows, place = with_compensated(world, rows, place, compensated, terms)
    if world.watch is not None:
        world.watch.buying(world, month.index, rows, place, wished, terms)
    bought, world.accounts["bought_on_arrival"] = world.accounts["bought_on_arrival"], np.zeros(m.n, np.int64)
    if rows.size:
        book = world.ledger.book(BUYER_KINDS)
        buy_homes(
            rows, place, world.seed, month.index, world.p.share_absent_owner, homes.uid, homes.owns, homes.place,
            homes.tenure, homes.savings_fen, homes.debt_fen, homes.events_next, places.unit, places.market, m.homes,
            m.homes_occupied, terms.price_fen, terms.down_fen, bought, by_unit, *account_ids(world), *book,
        )
        world.ledger.accept(book)
    world.count("homes_bought", by_unit)
    return bought, rows


def account_ids(world: World) -> tuple[int, int]:
    """The first account of firms and that of everybody outside."""
    ids: tuple[int, int] | None = world.kept.get("account_ids")
    if ids is None:
        ids = world.kept["account_ids"] = (world.ledger.account("firms", 0), world.ledger.account("outside"))
    return ids


def wishes(
    world: World, month: int, terms: Terms, weddings: np.ndarray, tenants: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of households that want a home and can pay for it, ascending, and where: int64[k] each."""
    homes, places = world.households, world.places
    if weddings.size + tenants.size == 0:
        return weddings, weddings
    rows, place = _wishes(
        weddings, tenants, world.seed, month, terms.wedding, terms.renter, terms.need_fen, world.p.share_buy_core,
        columns(world), homes.origin, homes.savings_fen, places.unit, places.kind, places.market,
        world.geography.seat_place, core_seat(world),
    )
    if rows.size < 2:
        return rows, place
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
    if "core_seat" not in world.kept:
        world.kept["core_seat"] = int(world.geography.seat_place[core_market(world) // 3])
    return int(world.kept["core_seat"])


def demand_for_homes(world: World) -> np.ndarray:
    """(p / p0)^demand_price * (pay / pay0)^demand_income by market, as seen at the start of the month: float64[M]."""
    return terms_of(world).demand


def terms_of(world: World) -> Terms:
    """Prices as seen at the start of the month; worked out once in it."""
    kept = world.seen.kept
    if "terms" not in kept:
        kept["terms"] = _terms_now(world)
    terms: Terms = kept["terms"]
    return terms


def _terms_now(world: World) -> Terms:
    """Developers pass on cost_pass_share of what building without land costs beyond practice."""
    a, c, seen = world.accounts, world.channels, world.seen
    (price, demand, wedding, renter), (fen, down, need, resale) = terms_now(
        seen.markets["price_yuan_m2"], a["price_start"], seen.panels.wage_yuan, a["wage_seen_start"],
        c.building_cost_uplift, c.parking_ratio, a["parking_start"], rates_of(world),
    )
    return Terms(fen, down, need, resale, price, demand, wedding, renter)


@kernel
def _wishes(
    weddings, tenants, seed, month, wedding, renter, need_fen, core_share, columns, origin, savings, unit, kind, market,
    seat_place, core,
):
    homes = Homes(*columns)
    most = weddings.size + tenants.size
    rows, where = np.empty(most, np.int64), np.empty(most, np.int64)
    key = screen_key(seed, S_PURCHASE, month)
    highest = 0.0
    for m in range(renter.size):
        highest = max(highest, renter[m])
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
            town = core if y < core_share else seat_place[u]
            if x < wedding[market[town]]:
                target = town
        elif r >= weddings.size and not weds and homes.tenure[h] == RENTED and homes.config[h] in (WHOLE, COMMUTE):
            town = homes.place[h]
            if unit[town] >= 0 and kind[town] != VILLAGE and month - homes.since[h] >= SETTLED_MONTHS:
                if lot < renter[market[town]]:
                    target = town
        if target >= 0 and savings[h] >= need_fen[market[target]]:
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


@kernel
def draws(seed, stream, uid, month):
    """One uniform per id: float64[k]."""
    out = np.empty(uid.size)
    for r in range(uid.size):
        out[r] = uniform(seed, stream, uid[r], month, 0)
    return out
