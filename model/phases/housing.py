"""Who occupies which home, who buys, what homes and rents cost, and what is built (E5, E8, E9, E15, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from model.kernels.rng import Stream, uniform
from model.phases.purchases import demand_for_homes, draws, lottery, purchases
from model.spec.codes import Config, Event, Flag, Homestead, Kind, Tenure

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

APART: Final = int(Flag.APART)
RENTED, PUBLIC, DORMITORY = int(Tenure.RENTED), int(Tenure.PUBLIC_RENTAL), int(Tenure.DORMITORY)
IDLE, EXITED = int(Homestead.IDLE), int(Homestead.EXITED)
CHILD_TOWN: Final = int(Config.CHILD_TOWN)
LEASE_END: Final = int(Event.LEASE_END)
S_HOMESTEAD: Final = Stream.HOMESTEAD
LEASE_MONTHS: Final = 12
MONTH_CAP: Final = 0.03
"""No price or rent moves by more than 3 % a month."""
STOCK_LIMIT_MONTHS: Final = 24
SALES_MEMORY: Final = 1.0 / 12.0
FEN: Final = 100


def housing(world: World, month: Month) -> None:
    """Recount homes, sell, move prices and rents, and start new building.

    E15: d ln p = price_adjust_month * gap + price_momentum * expected / 12 + price_outside_share * d ln p_outside,
    gap = 100 (vacancy_natural - vacancy); falls are slower by price_stick_down. d ln r likewise, with the vacancy of
    finished homes against the start, as a level that is approached (rent_level_per_point, rent_adjust_month), so that
    rents cannot run away from incomes. Expected growth is adaptive.
    E16: starts = S0 (p / cost)^eps_supply within the land there is, none while unsold homes exceed 24 months of
    sales; they are finished after build_lag months.

    **Reads** households (tenure, places, events), world.seen (prices), channels (public_rental_flow, dorm_beds_flow,
    construction_land_ha_year, land_quota_trade_share, homestead_strength), drivers.
    **Writes** markets (homes, homes_occupied, homes_unsold, homes_sold_month, public_rental, public_rental_used,
    dorm_beds, dorm_used, price_yuan_m2, price_growth_year, rent_yuan_m2), panels.building, households (owns, tenure,
    split_tenure, savings_fen, debt_fen, homestead, events_next), accounts (dorm_beds_exact, public_rental_exact,
    rent_trend, sales_month, starts_carry, scrap_carry, upgrade_carry), ledger; counts homes_bought and homestead_exits
    by unit.
    """
    recount(world, month.index)
    complete(world)
    add_public(world)
    fit_dormitories(world, month)
    sold = purchases(world, month) + upgrades(world)
    sell(world, sold)
    exits = homestead_exits(world, month)
    move_prices(world, month.index)
    start_building(world, exits)


def recount(world: World, month: int) -> None:
    """Occupied dwellings, let public rentals and used dormitory beds by market; ends of leases raise LEASE_END."""
    homes, people, markets = world.households, world.residents, world.markets
    occupied, public, beds = _occupied(
        homes.n, month, homes.size, homes.collective, homes.place, homes.split_place, homes.tenure,
        homes.split_tenure, homes.head, people.next, people.flags, homes.since, homes.events_next,
        world.places.market, world.places.unit, markets.n,
    )
    markets.homes_occupied[: markets.n] = occupied
    markets.public_rental_used[: markets.n] = public
    markets.dorm_used[: markets.n] = beds


@njit(cache=True)
def _occupied(
    n, month, size, collective, place, split_place, tenure, split_tenure, head, nxt, flags, since, events_next,
    market, unit, n_markets,
):
    """int64[M] each. People in dormitories and in collective households take beds, not dwellings."""
    occupied, public, beds = (
        np.zeros(n_markets, np.int64), np.zeros(n_markets, np.int64), np.zeros(n_markets, np.int64)
    )
    for h in range(n):
        if size[h] == 0:
            continue
        apart = 0
        split = split_place[h] >= 0
        if split:
            i = head[h]
            while i >= 0:
                apart += (flags[i] & APART) != 0
                i = nxt[i]
        if int(size[h]) > apart:
            m = market[place[h]]
            if tenure[h] == DORMITORY or collective[h]:
                beds[m] += int(size[h]) - apart
            elif tenure[h] == PUBLIC:
                public[m] += 1
            else:
                occupied[m] += 1
                if tenure[h] == RENTED and unit[place[h]] >= 0:
                    lived = month - since[h]
                    if lived > 0 and lived % LEASE_MONTHS == 0:
                        events_next[h] |= LEASE_END
        if apart > 0:
            m = market[split_place[h]]
            if split_tenure[h] == DORMITORY:
                beds[m] += apart
            elif split_tenure[h] == PUBLIC:
                public[m] += 1
            else:
                occupied[m] += 1
    return occupied, public, beds


def complete(world: World) -> None:
    """Homes finished this month join the stock and go on sale; the queue moves up."""
    queue, m = world.panels.building, world.markets
    m.homes[: m.n] += queue[0]
    m.homes_unsold[: m.n] += queue[0]
    queue[:-1] = queue[1:]
    queue[-1] = 0


def add_public(world: World) -> None:
    """Affordable rentals and dormitory beds: practice plus what channels add, in whole units, in county towns."""
    a, c, m = world.accounts, world.channels, world.markets
    seats = 3 * np.arange(world.n_units) + 2
    a["public_rental_exact"] += (a["public_rental_practice"] + c.public_rental_flow + a["reward_homes"]) * world.scale
    a["dorm_beds_exact"] += c.dorm_beds_flow * world.scale
    m.public_rental[seats] = np.maximum(np.floor(a["public_rental_exact"] + 0.5), 0.0).astype(np.int64)
    m.dorm_beds[seats] = np.maximum(np.floor(a["dorm_beds_exact"] + 0.5), 0.0).astype(np.int64)


def fit_dormitories(world: World, month: Month) -> None:
    """Where beds are short, workers who live apart and lose a keyed draw rent a room instead, until the rest fit."""
    homes, people, m = world.households, world.residents, world.markets
    over = np.where(m.unit[: m.n] >= 0, m.dorm_used[: m.n] - m.dorm_beds[: m.n], 0)
    if not (over > 0).any():
        return
    market = world.places.market[np.maximum(homes.split_place[: homes.n], 0)]
    apart = (homes.size[: homes.n] > 0) & (homes.split_place[: homes.n] >= 0)
    rows = np.flatnonzero(apart & (homes.split_tenure[: homes.n] == DORMITORY) & (over[market] > 0))
    draw = draws(world.seed, Stream.DORM, homes.uid[rows], month.index)
    rows = rows[np.lexsort((homes.uid[rows], draw))]
    _leave_dormitory(
        rows, over, homes.head, people.next, people.flags, homes.split_place, homes.split_tenure, world.places.market,
        m.dorm_used, m.homes_occupied,
    )


@njit(cache=True)
def _leave_dormitory(rows, over, head, nxt, flags, split_place, split_tenure, market, dorm_used, occupied):
    for r in range(rows.size):
        h = rows[r]
        m = market[split_place[h]]
        if over[m] <= 0:
            continue
        beds = 0
        i = head[h]
        while i >= 0:
            beds += (flags[i] & APART) != 0
            i = nxt[i]
        split_tenure[h] = RENTED
        over[m] -= beds
        dorm_used[m] -= beds
        occupied[m] += 1


def whole(world: World, key: str, amount: np.ndarray) -> np.ndarray:
    """The whole part of `amount` plus what was left over before; the rest is kept under accounts[key]."""
    kept = world.accounts[key] + amount
    out = np.floor(kept)
    world.accounts[key] = kept - out
    return out.astype(np.int64)


def upgrades(world: World) -> np.ndarray:
    """New homes bought by urban families who give up an older one, int64[M].

    upgrade_sales_share * S0 * `demand_for_homes`; `upgrade_scrap_share` of the older homes leave
    the stock. These families are not followed one by one.
    """
    a, p, m = world.accounts, world.p, world.markets
    demand = p.upgrade_sales_share * a["starts_base"] * demand_for_homes(world)
    sold = np.minimum(whole(world, "upgrade_carry", demand), m.homes_unsold[: m.n])
    scrapped = whole(world, "scrap_carry", p.upgrade_scrap_share * sold)
    m.homes[: m.n] -= np.minimum(scrapped, np.maximum(m.homes[: m.n] - m.homes_occupied[: m.n], 0))
    return sold


def sell(world: World, sold: np.ndarray) -> None:
    """New homes go first; further buyers take empty older ones."""
    m = world.markets
    m.homes_sold_month[: m.n] = sold
    m.homes_unsold[: m.n] -= np.minimum(sold, m.homes_unsold[: m.n])
    a = world.accounts
    a["sales_month"] = a["sales_month"] + SALES_MEMORY * (sold - a["sales_month"])


def vacancy(occupied: np.ndarray, homes: np.ndarray) -> np.ndarray:
    """Share of homes that nobody lives in, 0 where there are none: float64[M]."""
    share = np.divide(occupied, homes, out=np.ones(homes.size), where=homes > 0)
    return np.clip(1.0 - share, 0.0, 1.0)


def move_prices(world: World, month: int) -> None:
    """One month of E15. Village rents follow outside rents only; outside markets follow their drivers."""
    p, m, a = world.p, world.markets, world.accounts
    n = m.n
    kind = m.kind[:n]
    town, out = (kind != Kind.VILLAGE) & (kind != Kind.OUTSIDE), kind == Kind.OUTSIDE
    trend_price = drift(world.input.drivers["outside_home_price_index"], month)
    trend_rent = drift(world.input.drivers["outside_rent_index"], month)
    homes, occupied, unsold = m.homes[:n], m.homes_occupied[:n], m.homes_unsold[:n]
    gap = 100.0 * (p.vacancy_natural - vacancy(occupied, homes))
    step = p.price_adjust_month * gap + p.price_momentum * m.price_growth_year[:n] / 12.0
    step = step + p.price_outside_share * trend_price
    step = np.clip(np.where(step < 0.0, p.price_stick_down * step, step), -MONTH_CAP, MONTH_CAP)
    step = np.where(town, step, np.where(out, trend_price, 0.0))
    let_gap = 100.0 * (a["let_vacancy_start"] - vacancy(occupied, homes - unsold))
    a["rent_trend"] = a["rent_trend"] + p.rent_outside_share * trend_rent
    level = np.log(a["rent_start"]) + a["rent_trend"] + p.rent_level_per_point * let_gap * town
    rent_step = p.rent_adjust_month * (level - np.log(m.rent_yuan_m2[:n]))
    rent_step = np.where(out, trend_rent, np.clip(rent_step, -MONTH_CAP, MONTH_CAP))
    m.price_yuan_m2[:n] *= np.exp(step)
    m.rent_yuan_m2[:n] *= np.exp(rent_step)
    m.price_growth_year[:n] += p.expect_adapt_month * (12.0 * step - m.price_growth_year[:n])


def drift(path: np.ndarray, month: int) -> float:
    """Log change of an index since last month; 0 in the first."""
    return float(np.log(path[month] / path[month - 1])) if month > 0 else 0.0


def start_building(world: World, exits: np.ndarray) -> None:
    """E16. exits: homesteads given up this month, int64[U]; their land adds to that of channels.

    More land lowers the cost of building: cost / cost0 = land^-land_cost_share, land = 1 at practice. Starts never
    exceed land_practice_margin * land * S0.
    """
    p, m, a = world.p, world.markets, world.accounts
    n, units = m.n, world.n_units
    land = land_index(world, exits)
    by_market = np.ones(n)
    by_market[: 3 * units] = np.repeat(land, 3)
    pull = (m.price_yuan_m2[:n] / a["price_start"] * by_market**p.land_cost_share) ** p.eps_supply
    starts = a["starts_base"] * np.minimum(pull, p.land_practice_margin * by_market)
    overhang = m.homes_unsold[:n] > STOCK_LIMIT_MONTHS * a["sales_month"]
    lag = min(max(round(p.build_lag), 1), world.panels.building.shape[0]) - 1
    world.panels.building[lag] += whole(world, "starts_carry", np.where(overhang, 0.0, starts))


def land_index(world: World, exits: np.ndarray) -> np.ndarray:
    """Land for homes against practice, float64[U]: added hectares, freed homesteads, and traded quota."""
    p, a, c = world.p, world.accounts, world.channels
    base = a["starts_base"][: 3 * world.n_units].reshape(-1, 3).sum(axis=1) * 12.0
    freed = exits * p.homestead_exit_ha * 12.0
    homes = p.land_starts_per_ha * (c.construction_land_ha_year * world.scale + freed)
    added = np.divide(homes, base, out=np.zeros(base.size), where=base > 0.0)
    traded = p.quota_trade_land * (c.land_quota_trade_share - a["quota_trade_start"])
    return np.maximum(1.0 + added + traded, 0.1)


def homestead_exits(world: World, month: Month) -> np.ndarray:
    """Owners of idle plots give them up for pay (E8); int64[U].

    Yearly chance homestead_exit_will * homestead_exit_act * strength, as far as the county can carry it. Developers
    who use the freed quota pay. Nobody moves for it, and contracted land is kept.
    """
    p, homes, places = world.p, world.households, world.places
    strength = world.channels.homestead_strength * world.accounts.get("delivery", np.ones(world.n_units))
    chance = -np.expm1(np.log1p(-p.homestead_exit_act * np.clip(strength, 0.0, 1.0)) / 12.0)
    if not chance.any():
        return np.zeros(world.n_units, np.int64)
    rows = _exits(
        homes.n, world.seed, month.index, p.homestead_exit_will, chance, homes.uid, homes.size, homes.homestead,
        homes.origin, places.unit,
    )
    homes.homestead[rows] = EXITED
    fen = int(p.homestead_exit_yuan * FEN)
    homes.savings_fen[rows] += fen
    unit = places.unit[homes.origin[rows]].astype(np.int64)
    payer = world.ledger.accounts("firms")[unit]
    receiver = world.ledger.household_accounts(places.unit[homes.place[rows]])
    world.ledger.post("homestead_exit", payer, receiver, np.full(rows.size, fen, np.int64))
    exits = np.bincount(unit, minlength=world.n_units)
    world.count("homestead_exits", exits)
    return exits


@njit(cache=True)
def _exits(n, seed, month, willing, chance, uid, size, homestead, origin, unit):
    out = np.empty(n, np.int64)
    k = 0
    for h in range(n):
        if homestead[h] != IDLE or size[h] == 0 or unit[origin[h]] < 0:
            continue
        # Willingness is a trait; the month's draw is only made by the willing.
        if uniform(seed, S_HOMESTEAD, uid[h], 0, 1) < willing:
            if uniform(seed, S_HOMESTEAD, uid[h], month, 0) < chance[unit[origin[h]]]:
                out[k] = h
                k += 1
    return out[:k].copy()


def allocate_public_rental(world: World, rows: np.ndarray, month: Month) -> np.ndarray:
    """Let free affordable rentals by lottery among households that have just come to rent (E5).

    rows: household rows. Those renting in a market with free units get them in the order of a keyed draw, and
    their tenure becomes PUBLIC_RENTAL. Returns bool[k], who got one.
    """
    homes, m = world.households, world.markets
    market = world.places.market[homes.place[rows]].astype(np.int64)
    apply = (homes.tenure[rows] == RENTED) & (world.places.unit[homes.place[rows]] >= 0)
    free = np.maximum(m.public_rental[: m.n] - m.public_rental_used[: m.n], 0)
    won = lottery(world.seed, month.index, homes.uid[rows], market, apply, free)
    homes.tenure[rows[won]] = PUBLIC
    np.add.at(m.public_rental_used, market[won], 1)
    return won
