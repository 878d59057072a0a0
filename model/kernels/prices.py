"""Homes built, sold and priced, and land for them, by market or unit: one kernel a step of the housing phase."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from model.kernels.jit import bare, kernel
from model.kernels.lots import near
from model.spec.codes import Kind

VILLAGE, OUTSIDE = int(Kind.VILLAGE), int(Kind.OUTSIDE)
RATES: Final = (
    "stall_share", "resume_month", "density_amenity_gain", "parking_amenity_gain", "standard_amenity_gain",
    "parking_band", "upgrade_sales_share", "upgrade_scrap_share", "vacancy_natural", "price_adjust_month",
    "price_momentum", "price_outside_share", "price_stick_down", "expect_adapt_month", "rent_outside_share",
    "rent_level_per_point", "rent_adjust_month", "rent_stick_down", "room_adjust_month", "rooms_per_demolished",
    "unsafe_room_share", "land_cost_share", "eps_supply", "land_practice_margin", "finance_ratio", "rebuild_ratio",
    "parking_cost_share", "rental_build_yuan", "rental_conversion_discount", "land_starts_per_ha", "homestead_exit_ha",
    "quota_trade_land", "mixed_conversion", "collective_land_share", "collective_displaces", "collective_home_share",
    "cost_pass_share", "home_size_m2", "demand_price", "demand_income", "down_payment_share", "kin_help_share",
    "renter_buys_year", "p_marriage_home", "mortgage_interest_year", "home_upkeep_year", "user_cost_floor_year",
    "resale_discount", "demolish_owner_share",
)
"""Parameters that kernels of homes read, in this order: `rates_of`."""
(
    STALL, RESUME, DENSITY_GAIN, PARKING_GAIN, STANDARD_GAIN, PARKING_BAND, UPGRADE_SALES, UPGRADE_SCRAP, NATURAL,
    PRICE_ADJUST, MOMENTUM, PRICE_OUTSIDE, PRICE_STICK, EXPECT, RENT_OUTSIDE, RENT_LEVEL, RENT_ADJUST, RENT_STICK,
    ROOM_ADJUST, ROOMS_DEMOLISHED, UNSAFE, LAND_COST, EPS_SUPPLY, LAND_MARGIN, FINANCE, REBUILD, PARKING_COST,
    RENTAL_COST, CONVERSION, STARTS_HA, EXIT_HA, QUOTA_TRADE, MIXED, COLLECTIVE, DISPLACES, COLLECTIVE_HOMES,
    COST_PASS, HOME_M2, DEMAND_PRICE, DEMAND_INCOME, DOWN, KIN_HELP, RENTER_BUYS, WEDDING_BUYS, INTEREST, UPKEEP,
    FLOOR, DISCOUNT, OWNER_SHARE,
) = range(len(RATES))
MONTH_CAP: Final = 0.03
"""No price or rent moves by more than 3 % a month."""
ROOM_SHORTAGE: Final = -0.5
"""Vacancy of rooms below which rents rise no further: half as many again look as there are rooms (assumed)."""
ROOM_RENT_MOST: Final = 1.2
"""Rent of a room over that of a flat, per m2, at which tenants take flats instead (assumed)."""
STOCK_LIMIT_MONTHS: Final = 24
SALES_MEMORY: Final = 1.0 / 12.0
LAND_PRICE_LEAST, LAND_PRICE_MOST = 0.1, 5.0
YEAR: Final = 12.0
LEAST_LAND: Final = 0.1
MOST_STOCK_SHARE: Final = 0.9
UNIT_M2: Final = 60.0
"""Floor area of an affordable rental home (assumed; the rule is at most 70)."""


def rates_of(world) -> np.ndarray:
    """`RATES` of the run, float64[len(RATES)]."""
    if "home_rates" not in world.kept:
        world.kept["home_rates"] = np.array([world.p[key] for key in RATES])
    return world.kept["home_rates"]


@bare
def whole(carry, m, amount):
    """The whole part of `amount` plus what was left over before; the rest is kept in carry[m]."""
    kept = carry[m] + amount
    out = math.floor(kept)
    carry[m] = kept - out
    return np.int64(out)


@bare
def finish(
    queue, homes, unsold, unfinished, amenity, kind, sales, base, stall_carry, resume_carry, density, density_start,
    parking, parking_start, uplift, p,
):
    """Homes due join the stock, some stall, some that stalled are taken up; new homes move the amenity of towns.

    queue: int64[48, M], moved up. A town's amenity rises by `better_homes` if all its homes are new.
    """
    for m in range(sales.size):
        due = queue[0, m]
        sold = sales[m] / base[m] if base[m] > 0.0 else 1.0
        stalled = min(whole(stall_carry, m, p[STALL] * min(max(1.0 - sold, 0.0), 1.0) * due), due)
        resumed = min(whole(resume_carry, m, p[RESUME] * unfinished[m]), unfinished[m])
        done = due - stalled + resumed
        unfinished[m] += stalled - resumed
        homes[m] += done
        unsold[m] += done
        if kind[m] != VILLAGE and kind[m] != OUTSIDE and done != 0:
            u = m // 3
            spaces = min(parking[u], p[PARKING_BAND]) - min(parking_start[u], p[PARKING_BAND])
            gain = p[DENSITY_GAIN] * (density_start[u] / density[u] - 1.0)
            gain = gain + p[PARKING_GAIN] * spaces + p[STANDARD_GAIN] * uplift[u]
            amenity[m] += done / max(homes[m], 1) * gain
    for k in range(queue.shape[0] - 1):
        for m in range(sales.size):
            queue[k, m] = queue[k + 1, m]
    queue[queue.shape[0] - 1, :] = 0


@bare
def add_rentals(
    exact, practice, flow, reward, beds_exact, beds_flow, firm_beds, public, beds, homes, unsold, price, sales, scale,
    p, taken,
):
    """Affordable rentals and beds of county towns to whole numbers; unsold homes taken for them: int64[U]."""
    for u in range(taken.size):
        m = 3 * u + 2
        exact[u] += (practice[u] + flow[u] + reward[u]) * scale
        beds_exact[u] += beds_flow[u] * scale
        before = public[m]
        public[m] = np.int64(max(math.floor(exact[u] + 0.5), 0.0))
        beds[m] = max(np.int64(math.floor(beds_exact[u] + 0.5)) + firm_beds[m], 0)
        bulk = price[m] * UNIT_M2 * (1.0 - p[CONVERSION])
        cheap = unsold[m] > STOCK_LIMIT_MONTHS * sales[m] and bulk < p[RENTAL_COST]
        taken[u] = min(max(public[m] - before, 0), unsold[m]) if cheap else 0
        homes[m] -= taken[u]
        unsold[m] -= taken[u]


@bare
def spill(occupied, wanted, rooms, used):
    """Tenants for whom there is no cheap room take flats."""
    for m in range(wanted.size):
        used[m] = min(wanted[m], rooms[m])
        occupied[m] += wanted[m] - used[m]


@bare
def renewed(out, practice, flow, keep, kind, homes, scale):
    """Homes that renewal would demolish in a month, float64[M]: spread over the unit's towns as homes are."""
    out[:] = 0.0
    for u in range(practice.size):
        lost = (1.0 - keep[u]) * max(practice[u] + flow[u], 0.0) * scale
        total = np.int64(0)
        for m in range(3 * u, 3 * u + 3):
            total += homes[m] if kind[m] != VILLAGE else 0
        for m in range(3 * u, 3 * u + 3):
            out[m] = lost * ((homes[m] if kind[m] != VILLAGE else 0) / max(total, 1))


@bare
def owner_limits(out, carry, month, pool):
    """Draws below uint64[M] let through more owners than a month can need: month[m] homes and what was left over."""
    for m in range(out.size):
        out[m] = near(math.ceil(carry[m] + 1.1 * month[m]), pool[m])


@bare
def take_down(carry, month, homes, occupied, unsold, p, gone, owned):
    """Homes demolished where others stand empty, and how many of them owners lived in: int64[M]; whether any are."""
    some = False
    for m in range(gone.size):
        empty = max(homes[m] - occupied[m] - unsold[m], 0)
        gone[m] = min(whole(carry, m, month[m]), empty)
        owned[m] = np.int64(math.floor(p[OWNER_SHARE] * gone[m] + 0.5))
        homes[m] -= gone[m]
        some |= gone[m] > 0
    return some


@bare
def sell(homes, occupied, unsold, sold_month, sold, base, dear, sales, upgrade_carry, scrap_carry, p):
    """Families who give up an older home buy what is unsold, as others have bought sold[m]; some older homes leave."""
    for m in range(sold.size):
        new = min(whole(upgrade_carry, m, p[UPGRADE_SALES] * base[m] * dear[m]), unsold[m])
        homes[m] -= min(whole(scrap_carry, m, p[UPGRADE_SCRAP] * new), max(homes[m] - occupied[m], 0))
        sold_month[m] = sold[m] + new
        unsold[m] -= min(sold_month[m], unsold[m])
        sales[m] += SALES_MEMORY * (sold_month[m] - sales[m])


@bare
def vacancy(occupied, homes):
    """Share of homes that nobody lives in, 0 where there are none."""
    return min(max(1.0 - occupied / homes, 0.0), 1.0) if homes > 0 else 0.0


@bare
def move_prices(price, occupied, homes, growth, kind, trend, p):
    """One month of prices: towns by their vacancy, places outside by the trend, villages not at all."""
    for m in range(price.size):
        step = trend if kind[m] == OUTSIDE else 0.0
        if kind[m] != VILLAGE and kind[m] != OUTSIDE:
            free = 100.0 * (p[NATURAL] - vacancy(occupied[m], homes[m]))
            step = p[PRICE_ADJUST] * free + p[MOMENTUM] * growth[m] / 12.0 + p[PRICE_OUTSIDE] * trend
            step = _capped(step, p[PRICE_STICK])
        price[m] *= math.exp(step)
        growth[m] += p[EXPECT] * (12.0 * step - growth[m])


@bare
def _capped(step, stick):
    step = stick * step if step < 0.0 else step
    return min(max(step, -MONTH_CAP), MONTH_CAP)


@bare
def move_rents(
    rent, room_rent, rent_start, room_start, drift, kind, occupied, homes, unsold, withheld, flat_vacancy, wanted,
    rooms, room_vacancy, trend, p,
):
    """One month of rents of flats and of rooms: towards levels set by what is free of each; outside by the trend.

    flat_vacancy, room_vacancy: of the start. Vacancy of rooms is negative where they are short.
    """
    for m in range(rent.size):
        drift[m] += p[RENT_OUTSIDE] * trend
        most = math.log(ROOM_RENT_MOST * rent[m])
        gap = 100.0 * (flat_vacancy[m] - vacancy(occupied[m], homes[m] - unsold[m] - withheld[m]))
        rent[m] *= math.exp(_rent_step(rent[m], rent_start[m], drift[m], gap, math.inf, kind[m], trend, p))
        free = room_vacancy[m]
        if rooms[m] > 0:
            free = 1.0 - wanted[m] / rooms[m]
        elif wanted[m] > 0:
            free = ROOM_SHORTAGE
        gap = 100.0 * (room_vacancy[m] - max(free, ROOM_SHORTAGE))
        room_rent[m] *= math.exp(_rent_step(room_rent[m], room_start[m], drift[m], gap, most, kind[m], trend, p))


@bare
def _rent_step(rent, start, drift, gap, most, kind, trend, p):
    if kind == OUTSIDE:
        return trend
    town = 1.0 if kind != VILLAGE else 0.0
    level = min(math.log(start) + drift + p[RENT_LEVEL] * gap * town, most)
    return _capped(p[RENT_ADJUST] * (level - math.log(rent)), p[RENT_STICK])


@bare
def offer_rooms(exact, rooms, wanted, start, demolished, enforcement, p):
    """Owners add rooms as tenants come, less what demolition took and what may not be let, in place."""
    for m in range(exact.size):
        kept = exact[m] + p[ROOM_ADJUST] * (wanted[m] / (1.0 - start[m]) - exact[m])
        exact[m] = max(kept - p[ROOMS_DEMOLISHED] * demolished[m], 0.0)
        safe = 1.0 - p[UNSAFE] * enforcement[m // 3] if m < 3 * enforcement.size else 1.0
        rooms[m] = np.int64(math.floor(exact[m] * safe + 0.5))


@bare
def build_cost(uplift, parking, parking_start, p):
    """Cost of building a home without its land against practice: standards and parking spaces."""
    return 1.0 + uplift + p[PARKING_COST] * (parking - parking_start)


@bare
def supply_land(
    out, practice, quota, exclusion, ecological, farmland_left, floor, stock_share, mixed_use, idle, stock_start,
    collective, added_year, p,
):
    """See `model.phases.land.supply`; out: float64[U]."""
    for u in range(out.size):
        wanted = max(practice[u] + quota[u], 0.0)
        room = max(farmland_left[u] - floor[u], 0.0) * YEAR
        new = min(wanted * (1.0 - exclusion[u] * ecological[u]), room)
        share = min(stock_share[u] * (1.0 + p[MIXED] * mixed_use[u]), MOST_STOCK_SHARE)
        stock = min(share / (1.0 - share) * wanted, idle[u] * YEAR)
        usual = stock_start[u] / (1.0 - stock_start[u]) * practice[u]
        sold = collective[u] * p[COLLECTIVE] * practice[u]
        farmland_left[u] -= new / YEAR
        idle[u] -= stock / YEAR
        added_year[u] = new - practice[u] - p[DISPLACES] * sold
        out[u] = (new - practice[u]) + (stock - usual) + p[COLLECTIVE_HOMES] * sold


@bare
def index_land(land, exits, base, quota_trade, quota_start, density, density_start, scale, p):
    """Hectares beyond practice, float64[U], to land for homes against practice, in place."""
    for u in range(land.size):
        yearly = (base[3 * u] + base[3 * u + 1] + base[3 * u + 2]) * YEAR
        homes = p[STARTS_HA] * (land[u] * scale + exits[u] * p[EXIT_HA] * YEAR)
        added = homes / yearly if yearly > 0.0 else 0.0
        traded = p[QUOTA_TRADE] * (quota_trade[u] - quota_start[u])
        land[u] = max((1.0 + added + traded) * (density[u] / density_start[u]), LEAST_LAND)


@bare
def start_homes(
    begun, price, price_start, base, rebuild, sales, unsold, demolished, carry, land, uplift, parking, parking_start, p
):
    """E16: homes begun this month are added to int64[M]."""
    for m in range(begun.size):
        u, room, dear = m // 3, 1.0, 1.0
        if u < land.size:
            room, dear = land[u], build_cost(uplift[u], parking[u], parking_start[u], p)
        gain = price[m] / price_start[m] * room ** p[LAND_COST] / dear ** (1.0 - p[LAND_COST])
        starts = max(base[m] - rebuild[m], 0.0) * min(gain ** p[EPS_SUPPLY], p[LAND_MARGIN] * room)
        starts = min(starts, p[FINANCE] * sales[m])
        if unsold[m] > STOCK_LIMIT_MONTHS * sales[m]:
            starts = 0.0
        begun[m] += whole(carry, m, starts + p[REBUILD] * demolished[m])


@bare
def price_land(out, price, price_start, uplift, parking, parking_start, p):
    """What is left of a home's price for its land in the county town, against the start: float64[U]."""
    for u in range(out.size):
        m = 3 * u + 2
        cost = build_cost(uplift[u], parking[u], parking_start[u], p)
        left = (price[m] / price_start[m] - (1.0 - p[LAND_COST]) * cost) / p[LAND_COST]
        out[u] = min(max(left, LAND_PRICE_LEAST), LAND_PRICE_MOST)


@kernel
def terms_now(seen_price, price_start, wage, wage_start, uplift, parking, parking_start, p):
    """What a home costs and who tries to buy, float64[4, M]: price of a m2, demand, chances of a wedding family and of
    a tenant; and in fen, whole, int64[4, M]: price, first share, savings without which nobody tries, resale."""
    n = seen_price.size
    out, fen = np.empty((4, n)), np.empty((4, n), np.int64)
    for m in range(n):
        price, u = seen_price[m], m // 3
        if u < uplift.size:
            cost = build_cost(uplift[u], parking[u], parking_start[u], p)
            price *= 1.0 + p[COST_PASS] * (1.0 - p[LAND_COST]) * (cost - 1.0)
        pay = (wage[m, 0] + wage[m, 1] + wage[m, 2]) / 3.0 / wage_start[m]
        dear = (seen_price[m] / price_start[m]) ** p[DEMAND_PRICE] * pay ** p[DEMAND_INCOME]
        yearly = min(p[RENTER_BUYS] * dear, 0.9)
        out[0, m], out[1, m], out[2, m] = price, dear, min(p[WEDDING_BUYS] * dear, 1.0)
        out[3, m] = -math.expm1(math.log1p(-yearly) / 12.0)
        fen[0, m] = np.int64(math.floor(price * p[HOME_M2] * 100.0))
        fen[1, m] = np.int64(math.ceil(fen[0, m] * p[DOWN]))
        fen[2, m] = np.int64(math.ceil(fen[1, m] * (1.0 - p[KIN_HELP])))
        fen[3, m] = np.int64(math.floor(seen_price[m] * p[HOME_M2] * (1.0 - p[DISCOUNT]) * 100.0))
    return out, fen
