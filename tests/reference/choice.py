"""Plain twin of the utilities of one household (E2-E8, E12, E21), written from docs/odd.md."""

from __future__ import annotations

from math import log

from model.spec.codes import Config, Kind, Service


def income_term(q, yuan: float, size: int) -> float:
    floor = q.subsistence_yuan * size
    return q.beta_w * log(max(yuan, floor)) - (q.floor_penalty if yuan < floor else 0.0)


def services(t, q, f, market: int, local: bool, row: int) -> float:
    new = 0.0 if local else 1.0
    need = {
        Service.SCHOOL: q.school * (f.n_pupils > 0),
        Service.KINDERGARTEN: q.kindergarten * (f.n_preschool > 0),
        Service.CHILDCARE: q.childcare * (f.n_small > 0),
        Service.HOSPITAL: q.hospital * (q.hospital_60 if f.n_elders > 0 else 1.0),
        Service.ELDER_CARE: q.elder * (f.n_elders > 0),
    }
    met = {s: t.log_quality[s, market] + new * t.log_entitlement[s, row, market] for s in need}
    total = sum(weight * met[s] for s, weight in need.items())
    return total + t.amenity[market] + q.culture * t.log_quality[Service.CULTURE, market]


def alternatives(t, q, f, home) -> dict[tuple[int, int], float]:
    """Utility by (place, arrangement); the present one carries no move cost."""
    unit = int(t.place_unit[home.origin])
    row = unit if unit >= 0 else t.income.shape[0] - 1
    at = int(t.place_market[home.origin])
    rural = t.place_kind[home.origin] == Kind.VILLAGE
    earners = (f.earners0, f.earners1, f.earners2)

    def pay(market):
        return sum(n * t.income[row, market, s] for s, n in enumerate(earners))

    farm = home.land_mu * q.farm_net_yuan_mu / 12 * t.home_premium[row] * rural
    rent_of_land = home.land_mu * q.farm_rent_yuan_mu / 12 * rural
    pension = f.n_elders * t.transfer[row] - sum(earners) * t.levy[row]
    kept = pension + t.heating[row] * rural
    attachment = q.asc_home + q.asc_home_age * max(0, f.age - 30)
    present = (home.split_place if home.split_place >= 0 else home.place, home.config)

    def known(expected, key):
        return expected if key != present else (1 - q.own_experience) * expected + q.own_experience * f.wages

    def town_rent(market, area, alone=False):
        rent = (t.room if alone else t.rent)[market] * area
        return min(rent, t.rent[market] * area * (1 - t.rental_discount)) if t.rental_free[market] else rent

    out = {}
    key = (home.origin, int(Config.WHOLE))
    near = (q.hospital + q.culture) * t.service_gain[home.origin] * (home.pace > 1)
    at_home = services(t, q, f, at, True, row) + t.village[home.origin] + near + attachment
    out[key] = income_term(q, known(pay(at), key) + farm + kept, f.size) + at_home
    seat = 3 * unit + 2
    minutes = home.pace * t.minutes[home.origin, seat]
    if rural and f.worker >= 0 and minutes <= q.commute_max_min:
        key = (home.origin, int(Config.COMMUTE))
        earned = known(pay(seat), key) + farm / 2 + kept - q.commute_yuan_min * home.fuel * minutes
        out[key] = income_term(q, earned, f.size) + at_home + q.beta_commute_min * minutes
    for market, place in enumerate(t.market_place):
        if market == t.place_market[home.place] and home.place != home.origin:
            place = home.place
        foreign_town = t.market_kind[market] == Kind.TOWN and t.market_unit[market] != unit
        if place < 0 or place == home.origin or (place != home.place and foreign_town):
            continue
        far = t.market_kind[market] in (Kind.CORE, Kind.OUTSIDE)
        reach = t.access[home.origin, market] + q.log_college * bool(f.college and far)
        key = (int(place), int(Config.WHOLE))
        cost = 0.0 if home.owns == place else town_rent(market, min(90.0, 18.0 + 14.0 * f.size), f.size == 1)
        local = f.registered >= 0 and t.place_market[f.registered] == market
        earned = known(pay(market), key) + rent_of_land + pension - cost
        served = services(t, q, f, market, local, row)
        out[key] = income_term(q, earned, f.size) + served + reach + t.base[row, market, 0]
        if f.size < 2 or f.worker < 0 or unit < 0:
            continue
        ways = _apart(t, q, f, row, at, market, pay, town_rent, home.takes_bed)
        for config, (earned, cost, gain, part) in ways.items():
            key = (int(place), int(config))
            money = known(earned, key) + farm + kept - cost
            out[key] = (
                income_term(q, money, f.size) + at_home + gain + q.beta_split + reach + t.base[row, market, part]
            )
    keep = present if present in out else (home.origin, int(Config.WHOLE))
    return {key: v - q.move_cost * (key != keep) for key, v in out.items()}


def _apart(t, q, f, row, at, market, pay, town_rent, bed):
    """Earnings, cost, gain in services and constant's part for each way of living in two places."""
    outside = t.market_kind[market] == Kind.OUTSIDE
    earners = f.earners0 + f.earners1 + f.earners2
    swap = t.income[row, market, f.worker_skill] - t.income[row, at, f.worker_skill]
    cost = t.rent[market] * 4.0 if bed and t.dorm_free[market] else t.room[market] * 15.0
    out = {Config.WORKER_AWAY: (pay(at) + swap, cost, 0.0, 1)}
    if f.n_pupils > 0 and f.carer >= 0 and f.size >= 3 and not outside:
        school = t.log_quality[Service.SCHOOL]
        better = school[market] + t.log_entitlement[Service.SCHOOL, row, market] - school[at]
        out[Config.CHILD_TOWN] = (pay(at) * q.carer_earning_share, town_rent(market, 40.0), q.school * better, 2)
    if earners >= 2 and f.n_elders > 0 and f.size > earners and outside:
        out[Config.COUPLE_AWAY] = (pay(market), t.room[market] * 25.0, 0.0, 1)
    return out
