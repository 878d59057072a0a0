"""Land for homes: quota within red lines, stock and collective land, and homesteads given up or let (E8, E16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.kernels import prices as kernels
from model.kernels.jit import bare, kernel
from model.kernels.prices import rates_of
from model.kernels.rng import Stream, uniform
from model.kernels.rows import count_rows
from model.spec.codes import Homestead, Kind

if TYPE_CHECKING:
    from model.inputs import Month
    from model.state.world import World

IN_USE, IDLE = int(Homestead.IN_USE), int(Homestead.IDLE)
LEASED, EXITED = int(Homestead.LEASED), int(Homestead.EXITED)
VILLAGE: Final = int(Kind.VILLAGE)
S_HOMESTEAD: Final = Stream.HOMESTEAD
YEAR: Final = 12.0
FEN: Final = 100
SURVEY_OFFER_YUAN: Final = 40_000.0
"""Pay for a plot at which homestead_exit_will is taken to hold (assumed)."""


def land_index(world: World, exits: np.ndarray) -> np.ndarray:
    """Land for homes against practice, float64[U], 1 at practice; hectares are real, exits at the scale of the run.

    exits: homesteads given up this month, int64[U]. Added hectares of every source make room for
    land_starts_per_ha homes each; a lower cap on the floor-area ratio makes less of all land.
    """
    a, c, land = world.accounts, world.channels, supply(world)
    kernels.index_land(
        land, exits, a["starts_base"], c.land_quota_trade_share, a["quota_trade_start"], c.density_cap,
        a["density_start"], world.scale, rates_of(world),
    )
    return land


def supply(world: World) -> np.ndarray:
    """Hectares a year for homes beyond practice, float64[U]; the stocks that feed it are drawn down.

    new = min((practice + quota) (1 - exclusion * share inside the red line), what the farmland floor leaves);
    stock land = s / (1 - s) (practice + quota), as far as idle land lasts. accounts["land_added_ha_year"] is what
    counties may sell beyond practice: new land, less what collective land replaces.
    """
    a, c, out = world.accounts, world.channels, np.empty(world.n_units)
    kernels.supply_land(
        out, a["land_practice_ha"], c.construction_land_ha_year, c.ecological_exclusion, a["ecological_share"],
        a["farmland_left_ha"], c.farmland_floor_ha, c.stock_land_share, c.mixed_use, a["idle_land_ha"],
        a["stock_share_start"], c.collective_land, a["land_added_ha_year"], rates_of(world),
    )
    return out


def share_collective_sales(world: World) -> None:
    """Part of the sales of collective land goes in equal shares to member households (those with contracted land)."""
    p, homes, places, units = world.p, world.households, world.places, world.n_units
    if not world.channels.collective_land.any():
        return
    sold = world.channels.collective_land * p.collective_land_share * world.accounts["land_practice_ha"]
    yuan = sold / YEAR * p.land_price_yuan_ha * p.collective_household_share
    if not yuan.any():
        return
    columns = (homes.size, homes.land_mu, homes.origin, places.unit)
    members = count_rows(count_members, homes.n, (units,), *columns)
    each = (np.floor(yuan * FEN * world.scale) // np.maximum(members, 1)).astype(np.int64)
    paid = count_rows(pay_members, homes.n, (units, units + 1), *columns, homes.place, homes.savings_fen, each)
    ledger = world.ledger
    receiver = np.append(ledger.accounts("households"), ledger.account("outside"))
    ledger.post("collective_land", ledger.accounts("firms")[:, None], receiver[None, :], paid)


@bare
def count_members(start, stop, out, size, land_mu, origin, place_unit):
    """Member households by the unit of their village; out: int64[U]."""
    land, homes, villages = land_mu[start:stop], size[start:stop], origin[start:stop]
    for h in range(land.size):
        unit = place_unit[villages[h]]
        if land[h] > 0.0 and homes[h] > 0 and unit >= 0:
            out[unit] += 1


@bare
def pay_members(start, stop, out, size, land_mu, origin, place_unit, place, savings_fen, each):
    """Pay each[unit] to every member household; out: int64[U, U + 1], by unit of the village and of where it lives."""
    outside = out.shape[1] - 1
    for h in range(start, stop):
        unit = place_unit[origin[h]]
        if land_mu[h] > 0.0 and size[h] > 0 and unit >= 0:
            lives = place_unit[place[h]]
            savings_fen[h] += each[unit]
            out[unit, lives if lives >= 0 else outside] += each[unit]


def pay_households(world: World, kind: str, rows: np.ndarray, unit: np.ndarray, fen: np.ndarray) -> None:
    """Firms of `unit` pay households; the money is in their savings."""
    homes, ledger = world.households, world.ledger
    homes.savings_fen[rows] += fen
    receiver = ledger.household_accounts(world.places.unit[homes.place[rows]])
    ledger.post(kind, ledger.accounts("firms")[unit], receiver, fen)


def homestead_exits(world: World, month: Month) -> np.ndarray:
    """Owners of idle plots give them up for pay (E8); int64[U].

    Yearly chance homestead_exit_act * strength, as far as the county can carry it, for holders who value their plot
    below the pay: a share 1 - (1 - homestead_exit_will)^(homestead_exit_yuan / SURVEY_OFFER_YUAN), a kept trait.
    Developers who use the freed quota pay. Nobody moves for it, and contracted land is kept.
    """
    p, homes, places = world.p, world.households, world.places
    chance = month_chance(world, p.homestead_exit_act)
    if chance is None:
        return np.zeros(world.n_units, np.int64)
    willing = 1.0 - (1.0 - p.homestead_exit_will) ** (p.homestead_exit_yuan / SURVEY_OFFER_YUAN)
    rows = _change_plot(
        homes.n, world.seed, month.index, willing, chance, 0, IDLE, homes.uid, homes.size,
        homes.homestead, homes.origin, places.unit,
    )
    homes.homestead[rows] = EXITED
    unit = places.unit[homes.origin[rows]].astype(np.int64)
    pay_households(world, "homestead_exit", rows, unit, np.full(rows.size, int(p.homestead_exit_yuan * FEN), np.int64))
    exits = np.bincount(unit, minlength=world.n_units)
    world.count("homestead_exits", exits)
    return exits


def homestead_leases(world: World, month: Month, leased: np.ndarray) -> None:
    """Holders of idle plots let them (E8), yearly chance homestead_lease_will * homestead_lease_act * strength.

    Guests and firms pay homestead_lease_yuan_year. A plot whose owners came back is in use again. leased: rows of
    plots that were let before.
    """
    p, homes, places, n = world.p, world.households, world.places, world.households.n
    chance = month_chance(world, p.homestead_lease_act)
    if chance is not None:
        rows = _change_plot(
            n, world.seed, month.index, p.homestead_lease_will, chance, 2, IDLE, homes.uid, homes.size,
            homes.homestead, homes.origin, places.unit,
        )
        homes.homestead[rows] = LEASED
        leased = np.concatenate((leased, rows))
    let = leased[homes.homestead[leased] == LEASED]
    if let.size == 0:
        return
    back = homes.place[let] == homes.origin[let]
    homes.homestead[let[back]] = IN_USE
    let = let[~back]
    unit = places.unit[homes.origin[let]].astype(np.int64)
    fen = np.full(let.size, int(p.homestead_lease_yuan_year / YEAR * FEN), np.int64)
    pay_households(world, "homestead_rent", let, unit, fen)


def month_chance(world: World, yearly: float) -> np.ndarray | None:
    """Monthly chance by unit of a yearly one under full strength, as far as the county pays; None if nowhere."""
    if not world.channels.homestead_strength.any():
        return None
    strength = world.channels.homestead_strength * world.accounts.get("delivery", np.ones(world.n_units))
    return np.asarray(-np.expm1(np.log1p(-yearly * np.clip(strength, 0.0, 1.0)) / YEAR))


@kernel
def _change_plot(n, seed, month, willing, chance, slot, state, uid, size, homestead, origin, unit):
    """Rows of households with a plot in `state` that are willing (a kept trait) and drawn this month."""
    out = np.empty(n, np.int64)
    k = 0
    for h in range(n):
        if homestead[h] != state or size[h] == 0 or unit[origin[h]] < 0 or chance[unit[origin[h]]] <= 0.0:
            continue
        # Willingness is a trait; the month's draw is only made by the willing.
        if uniform(seed, S_HOMESTEAD, uid[h], 0, slot + 1) < willing:
            if uniform(seed, S_HOMESTEAD, uid[h], month, slot) < chance[unit[origin[h]]]:
                out[k] = h
                k += 1
    return out[:k].copy()
