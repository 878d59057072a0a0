"""Plain twin of the utilities of one household (E2-E8, E12, E21), written from docs/odd.md."""

from __future__ import annotations

from math import log

from model.spec.codes import Config, Kind, Service, Tenure


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


def dwelling(t, market: int, tenure: int, area: float, room: bool, buys: bool) -> float:
    price = {
        Tenure.RENTED: area * (t.room if room else t.rent)[market],
        Tenure.PUBLIC_RENTAL: area * t.rent[market] * (1 - t.rental_discount),
        Tenure.DORMITORY: 4.0 * t.rent[market],
        Tenure.OWNED: t.owner_yuan[market] * buys,
    }
    return price.get(Tenure(tenure), 0.0)


class Household:
    """One household before its alternatives, as E2-E12 and E21 describe it."""

    def __init__(self, t, q, f, home) -> None:
        self.t, self.q, self.f, self.home = t, q, f, home
        self.unit = int(t.place_unit[home.origin])
        self.row = self.unit if self.unit >= 0 else t.income.shape[1] - 1
        self.at = int(t.place_market[home.origin])
        self.rural = t.place_kind[home.origin] == Kind.VILLAGE
        self.earners = (f.earners0, f.earners1, f.earners2)
        self.present = (home.split_place if home.split_place >= 0 else home.place, home.config, home.place)
        acres = home.land_mu / 12 * self.rural
        self.farm = acres * q.farm_net_yuan_mu * t.home_premium[self.row]
        self.let = acres * q.farm_rent_yuan_mu
        self.fixed = f.n_elders * t.transfer[self.row] - sum(self.earners) * t.levy[self.row]
        self.kept = self.fixed + t.heating[self.row] * self.rural
        near = (q.hospital + q.culture) * t.service_gain[home.origin] * (home.pace > 1)
        attachment = q.asc_home + q.asc_home_age * max(0, f.age - 30)
        self.stay = services(t, q, f, self.at, True, self.row) + t.village[home.origin] + near + attachment

    def pay(self, market: int) -> float:
        return sum(n * x for n, x in zip(self.earners, self.t.income[self.f.prior, self.row, market]))

    def swap(self, there: int, here: int) -> float:
        x = self.t.income[self.f.prior, self.row]
        return x[there, self.f.worker_skill] - x[here, self.f.worker_skill]

    def known(self, expected: float, now: bool) -> float:
        return (1 - self.q.own_experience) * expected + self.q.own_experience * self.f.wages if now else expected

    def term(self, market: int, part: int) -> float:
        far = self.t.market_kind[market] in (Kind.CORE, Kind.OUTSIDE)
        reach = self.t.access[self.home.origin, market] + self.q.log_college * bool(self.f.college and far)
        return reach + self.t.base[self.row, market, part]

    def local(self, market: int) -> bool:
        return self.f.registered >= 0 and self.t.place_market[self.f.registered] == market

    def can_buy(self, market: int, place: int) -> bool:
        means = self.home.funds_yuan >= self.t.need_yuan[market]
        return bool(self.home.owns != place and self.t.homes_free[market] and means)

    def area(self) -> float:
        return min(90.0, 18.0 + 14.0 * self.f.size)


def alternatives(t, q, f, home) -> dict[tuple[int, int, int, int], float]:
    """Utility by (place, arrangement, main place, tenure); the present one carries no move cost."""
    h = Household(t, q, f, home)
    at_home = (home.place == home.origin) and home.config == Config.WHOLE
    out, present = {}, None
    key = (home.origin, int(Config.WHOLE), home.origin, int(home.tenure))
    out[key] = income_term(q, h.known(h.pay(h.at), at_home) + h.farm + h.kept, f.size) + h.stay
    first = key
    present = key if at_home else None
    found, mine = commuting(h)
    out |= found
    present = mine or present
    for market, place in enumerate(t.market_place):
        if market == t.place_market[home.place] and home.place != home.origin:
            place = home.place
        foreign_town = t.market_kind[market] == Kind.TOWN and t.market_unit[market] != h.unit
        if place < 0 or place == home.origin or (place != home.place and foreign_town):
            continue
        ways = whole(h, market, int(place))
        if f.size >= 2 and f.worker >= 0 and h.unit >= 0:
            ways |= apart(h, market, int(place))
        for (where, config, main, tenure, now), value in ways.items():
            out[where, config, main, tenure] = value
            present = (where, config, main, tenure) if now else present
    keep = first if present is None else present
    return {key: v - q.move_cost * (key != keep) for key, v in out.items()}


def commuting(h):
    """Daily commuting to county towns in reach; and the present alternative if it is one of them."""
    t, q, f, home = h.t, h.q, h.f, h.home
    out, mine = {}, None
    if f.worker < 0 or h.unit < 0:
        return out, mine
    reach = [
        m for m in range(t.market_kind.size)
        if t.market_kind[m] in (Kind.SEAT, Kind.CORE) and m != h.at
        and home.pace * t.minutes[home.origin, m] <= q.commute_max_min
    ]
    goes = f.works_in if f.works_in in reach else 3 * h.unit + 2
    for m in reach:
        now = home.place == home.origin and home.config == Config.COMMUTE and m == goes
        minutes = home.pace * t.minutes[home.origin, m]
        earned = h.known(h.pay(m), now) + h.farm / 2 + h.kept - q.commute_yuan_min * home.fuel * minutes
        key = (home.origin, 10 + m, home.origin, int(home.tenure))
        out[key] = income_term(q, earned, f.size) + h.stay + q.beta_commute_min * minutes
        mine = key if now else mine
    return out, mine


def whole(h, market, place):
    """The whole household, by tenure: (place, arrangement, main place, tenure, whether it is so now) -> utility."""
    t, q, f, home = h.t, h.q, h.f, h.home
    now = home.place == place and home.config == Config.WHOLE
    inside = t.market_kind[market] not in (Kind.OUTSIDE, Kind.VILLAGE)
    earned = h.known(h.pay(market), now) + h.let + h.fixed
    poor = earned <= t.rental_limit[market] * f.size
    offers = {int(Tenure.RENTED): False}
    if inside and t.rental_free[market] and poor:
        offers[int(Tenure.PUBLIC_RENTAL)] = False
    if inside and h.can_buy(market, place):
        offers[int(Tenure.OWNED)] = True
    if home.owns == place:
        offers = {int(Tenure.OWNED): False}
    if now:
        offers = {int(home.tenure): False}
    value = services(t, q, f, market, h.local(market), h.row) + h.term(market, 0)
    return {
        (place, int(Config.WHOLE), place, tenure, now):
            income_term(q, earned - dwelling(t, market, tenure, h.area(), f.size == 1, buys), f.size)
            + value + q.asc_buy * buys
        for tenure, buys in offers.items()
    }


def apart(h, market, place):
    """Part of the household, by tenure, with the rest at home or in the town where it lives."""
    t, q, f, home = h.t, h.q, h.f, h.home
    outside = t.market_kind[market] == Kind.OUTSIDE
    here = int(t.place_market[home.place])
    ways = {(Config.WORKER_AWAY, home.origin): (h.pay(h.at) + h.swap(market, h.at) + h.farm, h.stay, 1, 15.0)}
    if f.n_pupils > 0 and f.carer >= 0 and f.size >= 3 and not outside:
        school = t.log_quality[Service.SCHOOL]
        open_ = 0.0 if h.local(market) else t.log_entitlement[Service.SCHOOL, h.row, market]
        gain = q.school * (school[market] + open_ - school[h.at])
        ways[Config.CHILD_TOWN, home.origin] = (h.pay(h.at) * q.carer_earning_share + h.farm, h.stay + gain, 2, 40.0)
    earners = sum(h.earners)
    if earners >= 2 and f.n_elders > 0 and f.size > earners and outside:
        ways[Config.COUPLE_AWAY, home.origin] = (h.pay(market) + h.farm, h.stay, 1, 25.0)
    town = t.place_kind[home.place] not in (Kind.VILLAGE, Kind.OUTSIDE)
    if home.place != home.origin and town and home.place != place:
        rest = services(t, q, f, here, h.local(here), h.row) + h.term(here, 0)
        cost = dwelling(t, here, home.tenure, h.area(), False, False)
        ways[Config.WORKER_AWAY, home.place] = (h.pay(here) + h.swap(market, here) + h.let - cost, rest, 1, 15.0)
    out = {}
    for (config, main), (earned, rest, part, area) in ways.items():
        now = (place, config, main) == h.present
        minutes = home.pace * t.minutes[main, market]
        land = h.let if main != home.origin else h.farm
        fixed = land - (dwelling(t, here, home.tenure, h.area(), False, False) if main != home.origin else 0.0)
        money = h.known(earned - fixed, now) + fixed + (h.kept if main == home.origin else h.fixed)
        if minutes < q.weekly_max_min:
            money -= 0.2 * q.commute_yuan_min * home.fuel * minutes
        loss = q.beta_split * (1 - q.weekly_relief * max(0.0, 1 - minutes / q.weekly_max_min))
        for tenure, buys in offers_apart(h, config, market, place, now).items():
            spent = dwelling(t, market, tenure, area, config != Config.CHILD_TOWN, buys)
            value = rest + loss + h.term(market, part) + q.asc_buy * buys
            out[place, int(config), main, tenure, now] = income_term(q, money - spent, f.size) + value
    return out


def offers_apart(h, config, market, place, now):
    """Tenures of the dwelling apart, and whether it would be bought."""
    offers = {int(Tenure.RENTED): False}
    if config == Config.WORKER_AWAY and h.home.takes_bed and h.t.dorm_free[market]:
        offers[int(Tenure.DORMITORY)] = False
    if config == Config.CHILD_TOWN and h.can_buy(market, place):
        offers[int(Tenure.OWNED)] = True
    if h.home.owns == place:
        offers = {int(Tenure.OWNED): False}
    return {int(h.home.split_tenure): False} if now else offers
