"""Fills preallocated arrays with the declared indicators, month by month, by unit and for the prefecture.

Rates of the prefecture are made from summed counts, never by averaging units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.inputs import Month
from model.kernels import tally as k
from model.results import Results
from model.spec.codes import Activity, Sector, Service
from model.spec.registry import REGISTRY
from model.state.heads import census, count_heads, unit_flows
from model.world.constants import market_keys

if TYPE_CHECKING:
    from model.state.world import World

HOME_M2: Final = 90.0
FEN: Final = 100.0
YEAR: Final = 12
LABOUR_INTENSIVE: Final = (Sector.MANUFACTURING, Sector.TRADE, Sector.CATERING, Sector.RESIDENT_SERVICES)
"""Industries with many posts for little capital (assumed: the plan names none)."""


class Recorder:
    """Arrays [n_months, n_units + 1] for every declared scalar indicator, and yearly flows between markets."""

    def __init__(self, world: World) -> None:
        n, places = world.input.n_months, world.n_units + 1
        self.arrays = {
            key: np.full((n, places), np.nan)
            for key, indicator in REGISTRY.indicators.items()
            if indicator.dims == ("month", "place")
        }
        self.start_ordinal = world.input.start_ordinal
        years = (self.start_ordinal + n - 1) // YEAR - self.start_ordinal // YEAR + 1
        self.moves = np.zeros((years, world.markets.n, world.markets.n), np.int64)
        self.flows_in = np.zeros((n, places))
        self.flows_out = np.zeros((n, places))
        self.left_village = np.zeros((n, 2, places))
        self.levers = tuple(REGISTRY.levers)
        self.delivered = np.zeros((years, len(self.levers), world.n_units))
        self.level = np.zeros_like(self.delivered)
        self.months_recorded = 0

    def record(self, world: World, month: Month) -> None:
        """Write this month's row of every indicator."""
        t = month.index
        counts, registered = _tally(world, t)
        self._population(world, t, registered)
        self._growth(world, t)
        self._integration(world, t, counts)
        self._living(world, t, counts)
        self._economy(world, t)
        self._markets(world, t)
        self._public(world, t)
        self._programmes(world, t)
        self.months_recorded = t + 1

    def _year(self, t: int) -> int:
        """Row of the calendar year of a month."""
        return (self.start_ordinal + t) // YEAR - self.start_ordinal // YEAR

    def _set(self, key: str, t: int, values: np.ndarray) -> None:
        self.arrays[key][t] = values

    def _population(self, world: World, t: int, registered: np.ndarray) -> None:
        people, urban = (_with_total(x) for x in census(world))
        frozen = _with_total(_frozen_urban(world))
        registered_all, registered_urban = (_with_total(registered[:, c]) for c in (0, 1))
        rate, hukou = _ratio(urban, people), _ratio(registered_urban, registered_all)
        self._set("resident_population", t, people * world.weight)
        self._set("urban_population", t, urban * world.weight)
        self._set("resident_urbanization_rate", t, rate)
        self._set("resident_urbanization_rate_frozen", t, _ratio(frozen, people))
        self._set("hukou_urbanization_rate", t, hukou)
        self._set("citizenization_gap", t, rate - hukou)
        province = world.input.drivers["province_urban_percent"][t] / 100.0
        self._set("urbanization_gap_to_province", t, province - rate)

    def _growth(self, world: World, t: int) -> None:
        """Births, deaths, moves; urban growth of the month in three lines; where those who left villages went."""
        events, units, weight = world.month_events, world.n_units, world.weight
        zero = np.zeros(units, np.int64)
        od = events.get("moves_od", np.zeros((world.markets.n, world.markets.n), np.int64))
        self.moves[self._year(t)] += od
        into, out = unit_flows(od, units)
        across = int(od[3 * units :, : 3 * units].sum()), int(od[: 3 * units, 3 * units :].sum())
        self.flows_in[t] = np.append(into, across[0]) * weight
        self.flows_out[t] = np.append(out, across[1]) * weight
        for key, name in (("births", "births"), ("deaths", "deaths"), ("hukou_conversions", "conversions")):
            self._set(key, t, _with_total(events.get(name, zero)) * weight)
        self._set("in_moves", t, self.flows_in[t])
        self._set("out_moves", t, self.flows_out[t])
        first = max(0, t - YEAR + 1)
        net = (self.flows_in[first : t + 1] - self.flows_out[first : t + 1]).sum(axis=0) * YEAR / (t + 1 - first)
        self._set("net_migration_rate", t, _ratio(net, self.arrays["resident_population"][t]))
        urban_in, urban_out = events.get("moves_urban", np.zeros((2, units), np.int64))
        natural = events.get("births_urban", zero) - events.get("deaths_urban", zero)
        lines = (urban_in - urban_out, natural, events.get("reclassified", zero))
        keys = ("urban_growth_moves", "urban_growth_natural", "urban_growth_reclassification")
        for key, line in zip(keys, lines, strict=True):
            self._set(key, t, _with_total(line) * weight)
        self.left_village[t] = _village_departures(od, units)
        near, every = self.left_village[first : t + 1].sum(axis=0)
        self._set("in_county_urbanization_share", t, _ratio(near, every))

    def _integration(self, world: World, t: int, counts: np.ndarray) -> None:
        """Five parts: what newcomers have of what locals have, at most 1; their plain mean is the index."""
        local, new = counts[:, k.LOCAL], counts[:, k.NEWCOMER]
        share_same = _ratio(new[:, k.SAME_COUNTY], new[:, k.PERSONS])
        gap = 1.0 - world.channels.entitlement
        access = 1.0 - gap * (1.0 - share_same + share_same * world.p.ent_gap_own_county)
        persons = new[:, k.PERSONS]
        city = float((access * persons)[persons > 0].sum() / max(1, persons.sum()))
        parts = {
            "integration_services": np.append(access, city),
            "integration_insurance": _gap(new, local, k.WITH_INSURANCE, k.AT_WORK),
            "integration_housing": _gap(new, local, k.SECURITY, k.PERSONS),
            "integration_jobs": _gap(new, local, k.STABLE, k.AT_WORK),
            "integration_income": _gap(new, local, k.INCOME, k.PERSONS),
        }
        for key, values in parts.items():
            self._set(key, t, np.minimum(1.0, values))
        self._set("integration_index", t, np.mean([self.arrays[key][t] for key in parts], axis=0))
        self._set("urban_residents_without_hukou", t, _with_total(persons) * world.weight)

    def _living(self, world: World, t: int, counts: np.ndarray) -> None:
        """Incomes, work, rents and prices against incomes."""
        urban = counts[:, k.LOCAL] + counts[:, k.NEWCOMER]
        rural = counts[:, k.RURAL]
        urban_income = _ratio(_with_total(urban[:, k.INCOME]), _with_total(urban[:, k.PERSONS]))
        rural_income = _ratio(_with_total(rural[:, k.INCOME]), _with_total(rural[:, k.PERSONS]))
        self._set("urban_rural_income_ratio", t, _ratio(urban_income, rural_income))
        everyone = counts.sum(axis=1)
        self._set("employment_rate", t, _ratio(_with_total(everyone[:, k.AT_WORK]), _with_total(everyone[:, k.ADULTS])))
        homes, places = world.households, world.places
        let = k.renters(
            homes.n, homes.head, homes.size, homes.tenure, homes.place, homes.income_yuan, places.unit, world.n_units
        )
        seats = np.arange(world.n_units) * 3 + 2
        rooms = let[:, 3] * 32.0
        flats = let[:, 0] * 18.0 + let[:, 1] * 14.0 - rooms
        rent = world.markets.rent_yuan_m2[seats] * flats + world.markets.room_rent_yuan_m2[seats] * rooms
        self._set("rent_share", t, _ratio(_with_total(rent), _with_total(let[:, 2])))
        yearly = urban_income * YEAR
        size = _ratio(_with_total(everyone[:, k.PERSONS]), _with_total(_families(world)))
        price = world.markets.price_yuan_m2[seats]
        mean_price = float((price * urban[:, k.PERSONS]).sum() / max(1, urban[:, k.PERSONS].sum()))
        self._set("price_to_income", t, _ratio(np.append(price, mean_price) * HOME_M2, yearly * size))

    def _economy(self, world: World, t: int) -> None:
        """Labour-intensive industries in jobs and pay, and output per resident."""
        a, people = world.accounts, world.residents
        jobs = _labour_intensive(world, world.firms.unit, world.firms.sector, world.firms.jobs_filled)
        at_work = (people.household[: people.n] >= 0) & (people.activity[: people.n] == Activity.EMPLOYED)
        market = people.job_market[: people.n].astype(np.int64)
        here = np.flatnonzero(at_work & (market < 3 * world.n_units))
        pay = _labour_intensive(world, market[here] // 3, people.sector[here], people.wage_yuan[here])
        self._set("labour_intensive_employment_share", t, _ratio(*map(_with_total, jobs)))
        self._set("labour_intensive_value_share", t, _ratio(*map(_with_total, pay)))
        sales = _with_total(_ratio(a["tax_fen"], a["tax_rate"]) + a["public_pay_fen"])
        real = sales / FEN * YEAR * world.weight / world.input.drivers["outside_wage_index"][t]
        self._set("value_added_per_resident", t, _ratio(real, self.arrays["resident_population"][t]))

    def _markets(self, world: World, t: int) -> None:
        """Empty homes in towns, and service load by service."""
        markets, units = world.markets, world.n_units
        inside = 3 * units
        homes = markets.homes[:inside].reshape(units, 3)[:, 1:].sum(axis=1)
        used = markets.homes_occupied[:inside].reshape(units, 3)[:, 1:].sum(axis=1)
        self._set("vacant_home_share", t, 1.0 - _ratio(_with_total(used), _with_total(homes)))
        for service in Service:
            load = world.panels.load[service, :inside].reshape(units, 3).sum(axis=1)
            places = world.panels.capacity[service, :inside].reshape(units, 3).sum(axis=1)
            self._set(f"service_load_{service.name.lower()}", t, _ratio(_with_total(load), _with_total(places)))

        used = world.panels.load[Service.SCHOOL, :inside].reshape(units, 3)
        met = world.panels.quality[Service.SCHOOL, :inside].reshape(units, 3) * used
        for key, part in (("school_quality_town", slice(1, 3)), ("school_quality_village", slice(0, 1))):
            pupils = _with_total(used[:, part].sum(axis=1))
            self._set(key, t, _ratio(_with_total(met[:, part].sum(axis=1)), pupils))

    def _public(self, world: World, t: int) -> None:
        """County accounts."""
        a, weight = world.accounts, world.weight
        debt, resources = _with_total(a["debt_fen"]), _with_total(a["resources_fen"])
        self._set("debt_ratio", t, _ratio(debt, resources))
        self._set("debt_yuan", t, debt / FEN * weight)
        self._set("interest_to_revenue", t, _ratio(YEAR * _with_total(a["interest_fen"]), resources))
        spending, general = _with_total(a["spending_fen"]), _with_total(a["revenue_fen"] - a["land_fen"])
        self._set("fiscal_self_sufficiency", t, _ratio(_with_total(a["own_revenue_fen"]), spending))
        self._set("recurrent_balance", t, _ratio(general - _with_total(a["recurrent_fen"]), general))
        self._set("later_upkeep_yuan", t, _with_total(a["later_upkeep_yuan"]))
        self._set("county_spending_yuan", t, _with_total(a["spending_fen"]) / FEN * weight)
        self._set("lever_cost_yuan", t, _with_total(world.channels.cost_flow_yuan().sum(axis=1)))
        self._set("service_budget_floor_months", t, _with_total(a["floor_months"]))

    def _programmes(self, world: World, t: int) -> None:
        """What levers have delivered and what is in force; the last month of a year stays."""
        year = self._year(t)
        self.delivered[year], self.level[year] = world.channels.programmes()

    def results(self, world: World) -> Results:
        """Everything recorded so far."""
        n, pre = self.months_recorded, world.prefecture
        months = tuple(_label(self.start_ordinal + t) for t in range(n))
        years = tuple(str(self.start_ordinal // YEAR + y) for y in range(self.moves.shape[0]))
        arrays = {key: array[:n] for key, array in self.arrays.items()}
        return Results(
            months, (*pre.units, "city"), market_keys(pre), years, arrays, self.moves * world.weight,
            self.levers, self.delivered.copy(), self.level.copy(),
        )


def _label(ordinal: int) -> str:
    return f"{ordinal // YEAR}-{ordinal % YEAR + 1:02d}"


def _with_total(values: np.ndarray) -> np.ndarray:
    """Units, then their sum."""
    return np.append(values, values.sum())


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Quotient; not a number where there is nobody."""
    top, bottom = np.asarray(top, np.float64), np.asarray(bottom, np.float64)
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)


def _village_departures(od: np.ndarray, units: int) -> np.ndarray:
    """Moves from villages to towns of the own unit, and to anywhere but villages: float64[2, U + 1]."""
    rural = 3 * np.arange(units)
    near = od[rural, rural + 1] + od[rural, rural + 2]
    every = od[rural].sum(axis=1) - od[rural][:, rural].sum(axis=1)
    return np.stack((_with_total(near), _with_total(every)))


def _gap(new: np.ndarray, local: np.ndarray, top: int, bottom: int) -> np.ndarray:
    """Newcomers' mean over locals' mean, by unit and for the prefecture."""
    return _ratio(
        _ratio(_with_total(new[:, top]), _with_total(new[:, bottom])),
        _ratio(_with_total(local[:, top]), _with_total(local[:, bottom])),
    )


def _tally(world: World, t: int) -> tuple[np.ndarray, np.ndarray]:
    people, homes, places = world.residents, world.households, world.places
    return k.tally(
        t, people.n, people.household, people.birth, people.usual, people.hukou, people.activity, people.job_since,
        people.flags, places.unit, places.urban, homes.tenure, homes.split_tenure, homes.income_yuan, homes.size,
        homes.place, people.place, world.n_units,
    )


def _labour_intensive(
    world: World, unit: np.ndarray, sector: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whole amounts in labour-intensive industries and in all, by unit, float64[U] each; exact, whatever the order."""
    chosen = np.isin(sector, LABOUR_INTENSIVE)
    return (
        np.bincount(unit[chosen], weights=amount[chosen], minlength=world.n_units),
        np.bincount(unit, weights=amount, minlength=world.n_units),
    )


def _frozen_urban(world: World) -> np.ndarray:
    """Urban residents by the codes of the start."""
    places = world.places
    now = places.urban.copy()
    places.urban[:] = places.urban_frozen
    try:
        return count_heads(world)[1]
    finally:
        places.urban[:] = now


def _families(world: World) -> np.ndarray:
    """Households whose main place is in each unit."""
    homes, places = world.households, world.places
    unit = places.unit[homes.place[: homes.n]]
    alive = (homes.head[: homes.n] >= 0) & (unit >= 0)
    return np.bincount(unit[alive], minlength=world.n_units)


