"""Homes, land, money and jobs of the start population: what people hold, by named shares and keyed draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.kernels.build import keyed
from model.spec.codes import NO_SECTOR, Activity, Config, Flag, Homestead, Kind, Sector, Tenure
from model.world.groups import COLLECTIVE, NATIVE, SAME_COUNTY, Groups, give
from model.world.ipf import Margin, fit, order_by
from model.world.margins import TENURES, Margins, Seeds

if TYPE_CHECKING:
    from model.state.table import Households, Residents
    from model.world.places import Geography
    from model.world.tables import Prefecture

RENTED, SELF_BUILT, PURCHASED, INHERITED, OTHER = range(len(TENURES))
FORMAL: Final = (
    Sector.MINING, Sector.MANUFACTURING, Sector.UTILITIES, Sector.ICT, Sector.FINANCE, Sector.SCIENCE,
    Sector.EDUCATION, Sector.HEALTH, Sector.CULTURE, Sector.PUBLIC_ADMIN,
)
SIX_MONTHS: Final = 6
OWNER_AGE: Final = 45
OLD: Final = 75
TOGETHER: Final = 1 << 18
"""People worked on at a time where each row stands for itself, so that what is in between stays small."""


def tenure_of_groups(groups: Groups, guest: np.ndarray, margins: Margins, seeds: Seeds) -> np.ndarray:
    """Census tenure (TENURES, int64[G]) of every family home of residents; shares of each unit as printed.

    guest: bool[G], people who live apart from their household. Others get OTHER and are set elsewhere.
    """
    units, number = margins.people.size, seeds.number
    seed = np.ones((2, 2, 3, len(TENURES)))  # guest, town, registered: here, in the county, elsewhere
    seed[:, :, 1, RENTED], seed[:, :, 2, RENTED] = number("rent_same_county"), number("rent_elsewhere")
    seed[1, ..., RENTED] *= number("tenure_guest_rent")
    seed[:, 0, :, RENTED] *= number("rent_village")
    seed[:, 0, :, SELF_BUILT] *= number("self_built_village")
    seed[:, 0, :, INHERITED] *= number("self_built_village")
    seed[:, 0, :, PURCHASED] *= number("bought_village")
    family = ~groups.outside & (groups.kind != COLLECTIVE)
    moved = np.minimum(groups.scope, SAME_COUNTY + 1).astype(np.int64)
    inner = (guest.astype(np.int64) * 2 + groups.urban) * 3 + moved
    cell = groups.unit.astype(np.int64) * 12 + inner
    homes = np.bincount(cell[family], minlength=12 * units).reshape(units, 2, 2, 3).astype(np.float64)
    table = np.full((units, 2, 2, 3, len(TENURES)), 1.0 / len(TENURES))
    for u in range(units):
        target = margins.tenure[u] * homes[u].sum()
        fitted = fit(seed * homes[u][..., None], [Margin((3,), target), Margin((0, 1, 2), homes[u])]).table
        total = fitted.sum(axis=-1, keepdims=True)
        table[u] = np.divide(fitted, total, out=table[u].copy(), where=total > 0)
    order = order_by(cell, 12 * units)
    order = order[family[order]]
    out = give(cell, table.reshape(-1, len(TENURES)), np.ones(groups.n, np.int64), order)
    out[~family] = OTHER
    return out


def dwellings(
    households: Households, groups: Groups, base: np.ndarray, guest_of: np.ndarray, tenure: np.ndarray,
    geography: Geography, seeds: Seeds, seed: np.uint64,
) -> None:
    """Tenure of both dwellings, homes owned elsewhere, and the village house.

    base: int64[H], group of each household's main body; guest_of: int64[H], group living apart, -1 none.
    """
    h, n, number = households, households.n, seeds.number
    uid = h.uid[:n]
    draw = np.stack([keyed(seed, 4, uid, slot) for slot in range(4)], axis=1)
    codes = np.array([Tenure.RENTED, Tenure.SELF_BUILT, Tenure.OWNED, Tenure.SELF_BUILT, Tenure.OTHER], np.uint8)
    single = groups.kind == COLLECTIVE
    urban = geography.places.urban[: geography.n_places]

    def code(group: np.ndarray, u: np.ndarray) -> np.ndarray:
        out = codes[tenure[group]]
        public = (out == Tenure.RENTED) & (urban[groups.place[group]] == 1) & ~groups.outside[group]
        out[public & (u < number("public_rental_share_of_rented"))] = Tenure.PUBLIC_RENTAL
        out[single[group]] = Tenure.DORMITORY
        away = groups.outside[group]
        alone = groups.size[group] == 1
        out[away] = Tenure.RENTED
        out[away & alone & (u < number("dormitory_share_outside"))] = Tenure.DORMITORY
        out[away & ~alone & (u < number("away_owner_share"))] = Tenure.OWNED
        return np.asarray(out)

    h.tenure[:n] = code(base, draw[:, 0])
    apart = guest_of >= 0
    h.split_tenure[:n][apart] = code(guest_of[apart], draw[apart, 1])
    owner = h.tenure[:n] == Tenure.OWNED
    h.owns[:n] = np.where(owner, h.place[:n], -1)
    kind = geography.places.kind[: geography.n_places]
    unit = geography.places.unit[: geography.n_places]
    at_home = (kind[h.place[:n]] == Kind.VILLAGE) & (h.place[:n] == h.origin[:n]) & (h.collective[:n] == 0)
    buyer = at_home & ~owner & (draw[:, 2] < number("village_owner_town_home_share"))
    h.owns[:n][buyer] = geography.seat_place[unit[h.place[:n][buyer]]]
    bought = apart & (h.split_tenure[:n] == Tenure.OWNED) & ~groups.outside[np.maximum(guest_of, 0)]
    h.owns[:n][bought & ~owner] = h.split_place[:n][bought & ~owner]


def land(
    households: Households, geography: Geography, prefecture: Prefecture, seeds: Seeds, seed: np.uint64
) -> None:
    """Village house and contracted land of households whose home place is a village of the prefecture."""
    h, n = households, households.n
    places = geography.places
    village = (places.kind[h.origin[:n]] == Kind.VILLAGE) & (h.collective[:n] == 0)
    stays = village & (h.place[:n] == h.origin[:n])
    left = village & ~stays
    unit = np.maximum(places.unit[h.origin[:n]], 0)
    draw = np.stack([keyed(seed, 5, h.uid[:n], slot) for slot in range(2)], axis=1)
    idle = prefecture.state["share_homesteads_idle"]
    units = prefecture.n_units
    used = np.bincount(unit[stays], minlength=units)
    gone = np.bincount(unit[left], minlength=units)
    # The observed share of idle houses says how many of those who left still keep one of their own.
    share = np.minimum(idle / (1 - idle) * used / np.maximum(gone, 1), 1.0)
    keeps = left & (draw[:, 0] < share[unit])
    h.homestead[:n] = np.select([stays, keeps], [Homestead.IN_USE, Homestead.IDLE], Homestead.NONE)
    spread = seeds.number("land_log_spread")
    mean = prefecture.state["farmland_mu_per_rural_household"][unit]
    amount = mean * np.exp(spread * normal(draw[:, 1]) - spread**2 / 2)
    part = np.where(stays | keeps, 1.0, seeds.number("land_share_left"))
    h.land_mu[:n] = np.where(village, np.minimum(amount * part, 100.0), 0.0).astype(np.float32)


def normal(u: np.ndarray) -> np.ndarray:
    """Standard normal from a uniform by a logistic approximation (largest error about 0.02 in probability)."""
    return np.asarray(np.log(u / (1 - u)) / 1.702)


def money(
    households: Households, main: np.ndarray, head_age: np.ndarray, prefecture: Prefecture, geography: Geography,
    seeds: Seeds, seed: np.uint64,
) -> None:
    """Income, savings and mortgages. main: int64[H], members of the main body; income of the place they live in."""
    h, n, number = households, households.n, seeds.number
    places = geography.places
    draw = np.stack([keyed(seed, 6, h.uid[:n], slot) for slot in range(3)], axis=1)
    at_home = np.where(places.unit[h.place[:n]] >= 0, h.place[:n], h.origin[:n])
    unit = np.maximum(places.unit[at_home], 0)
    urban = places.urban[h.place[:n]] == 1
    state = prefecture.state
    head = np.where(urban, state["income_urban_pc_yuan"][unit], state["income_rural_pc_yuan"][unit])
    year = head * np.maximum(main, 1)
    h.income_yuan[:n] = np.rint(year / 12).astype(np.int32)
    sigma = number("savings_log_spread")
    savings = number("savings_years_income") * year * np.exp(sigma * normal(draw[:, 0]))
    h.savings_fen[:n] = np.rint(np.minimum(savings, 50 * year) * 100).astype(np.int64)
    owner = (h.tenure[:n] == Tenure.OWNED) & urban & (head_age < OWNER_AGE) & (places.unit[h.place[:n]] >= 0)
    debtor = owner & (draw[:, 1] < number("debt_share_recent_owner"))
    debt = number("debt_years_income") * year * (0.4 + 1.2 * draw[:, 2])
    h.debt_fen[:n] = np.where(debtor, np.rint(debt * 100), 0).astype(np.int64)


def jobs(
    residents: Residents, married: np.ndarray, age: np.ndarray, scope: np.ndarray, p: Any, geography: Geography,
    seeds: Seeds, seed: np.uint64,
) -> None:
    """Market of the job, insurance, contract and the other yes/no facts of each person.

    married: bool[n]; age: uint8[n]; scope: uint8[n]. Reads p.commute_max_min and p.insurance_base.
    """
    for start in range(0, residents.n, TOGETHER):
        rows = slice(start, min(start + TOGETHER, residents.n))
        _jobs(residents, rows, married[rows], age[rows].astype(np.int64), scope[rows], p, geography, seeds, seed)


def _jobs(
    r: Residents, rows: slice, married: np.ndarray, age: np.ndarray, scope: np.ndarray, p: Any, geography: Geography,
    seeds: Seeds, seed: np.uint64,
) -> None:
    number, places = seeds.number, geography.places
    draw = np.stack([keyed(seed, 7, r.uid[rows], slot) for slot in range(6)], axis=1)
    place, sector = r.place[rows], r.sector[rows]
    work = r.activity[rows] == Activity.EMPLOYED
    unit = places.unit[place]
    market = places.market[place].astype(np.int64)
    farm = sector == Sector.FARMING
    market = np.where(farm & (unit >= 0), 3 * unit.astype(np.int64), market)
    village = places.kind[place] == Kind.VILLAGE
    seats = 3 * np.arange(geography.seat_place.size) + 2
    nearest = seats[np.argmin(geography.minutes[:, seats], axis=1)]
    minutes = geography.minutes[np.arange(geography.n_places), nearest]
    reach = village & work & ~farm & (minutes[place] <= p.commute_max_min)
    commutes = reach & (draw[:, 0] < number("commuter_share"))
    market = np.where(commutes, nearest[place], market)
    r.job_market[rows] = np.where(work, market, 255).astype(np.uint8)
    r.sector[rows] = np.where(work, sector, NO_SECTOR)
    r.job_since[rows] = np.where(work, -np.minimum(np.floor(120 * draw[:, 1] ** 2), np.maximum(age - 16, 0) * 12), 0)
    formal = np.isin(sector, np.array([int(s) for s in FORMAL]))
    town_hukou = places.urban[r.hukou[rows]] == 1
    insured = np.where(town_hukou, number("insured_town_formal"), p.insurance_base)
    insured = np.where(farm, number("self_employed_insured"), insured)
    contract = np.where(formal, number("contract_formal"), number("contract_other")) * ~farm
    town = places.urban[place] == 1
    returned = np.where(town, number("prior_migrant_town"), number("prior_migrant_village"))
    returned = returned * ((age >= 20) & (age < 60) & (scope == NATIVE) & (unit >= 0))
    abroad = unit < 0
    flags = np.zeros(age.size, np.int64)
    for bit, fact in (
        (Flag.INSURED, work & (draw[:, 2] < insured)),
        (Flag.CONTRACT, work & (draw[:, 3] < contract)),
        (Flag.MARRIED, married),
        (Flag.PRIOR_MIGRANT, draw[:, 4] < returned),
        (Flag.COLLEGE_AWAY, abroad & (r.activity[rows] == Activity.PUPIL) & (age >= 18)),
    ):
        flags += np.where(fact, int(bit), 0)
    r.flags[rows] |= flags.astype(np.uint16)


def arrivals(scope: np.ndarray, uid: np.ndarray, seeds: Seeds, seed: np.uint64) -> np.ndarray:
    """Months since arrival (int64): natives have always been here (large), movers by a keyed exponential."""
    u = keyed(seed, 8, uid, 0)
    mean, most = seeds.number("migrant_years_mean") * 12, seeds.number("migrant_years_most") * 12
    # Residents by the six-month rule have been here for six months at least.
    months = SIX_MONTHS - mean * np.log(1 - u * (1 - np.exp(-most / mean)))
    return np.where(scope == NATIVE, 1500, np.floor(months)).astype(np.int64)


def mark_commuters(residents: Residents, households: Households, geography: Geography) -> None:
    """A whole household in a village with a member who works in a county town has the commuting arrangement."""
    r, h = residents, households
    seats = np.zeros(geography.n_markets + 256, np.bool_)
    seats[2 : 3 * geography.seat_place.size : 3] = True
    rows = np.flatnonzero(seats[r.job_market[: r.n]] & (geography.places.kind[r.place[: r.n]] == Kind.VILLAGE))
    home = r.household[rows]
    whole = h.config[home] == Config.WHOLE
    h.config[home[whole]] = Config.COMMUTE


