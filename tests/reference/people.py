"""Slow plain twins of the kernels of births, homes, services, registration and relabelling."""

from __future__ import annotations

import math

import numpy as np

from model.kernels.rng import Stream, uniform
from model.kernels.screen import screen_key, screen_word
from model.spec.codes import Config, Flag, Kind, Service, Tenure


class Lists:
    """Households as Python sets of people."""

    def __init__(self, members: dict[int, set[int]]) -> None:
        self.members = {h: set(m) for h, m in members.items()}

    def unlink(self, i: int) -> None:
        """Take a person out."""
        for m in self.members.values():
            m.discard(i)

    def move(self, i: int, h: int) -> None:
        """Put a person into household h."""
        self.unlink(i)
        self.members[h].add(i)


def household_members(world, h: int) -> list[int]:
    """Rows of the members of one household."""
    out, i = [], world.households.head[h]
    while i >= 0:
        out.append(int(i))
        i = world.residents.next[i]
    return out


def spouse(world, i: int) -> int:
    """The married member of the other sex nearest in age, ties by uid."""
    people = world.residents
    found = [
        (abs(int(people.birth[k]) - int(people.birth[i])), int(people.uid[k]), k)
        for k in household_members(world, people.household[i])
        if people.sex[k] != people.sex[i] and people.flags[k] & Flag.MARRIED
    ]
    return min(found)[2] if found else -1


def kin(world, lost: int, month: int) -> int:
    """Household of the same origin (else unit) with an adult and the smallest hash; those whose turn it is first."""
    from model.kernels.kin import TURNS
    from model.kernels.rng import mix_uid

    homes, people, places = world.households, world.residents, world.places
    turn = int(mix_uid(np.uint64(month), np.uint64(1))) % TURNS

    def able(h: int) -> bool:
        ages = [month - int(people.birth[i]) for i in household_members(world, h)]
        return bool(ages) and max(ages) >= 192 and not homes.collective[h]

    for by_unit, in_turn in ((False, True), (False, False), (True, True), (True, False)):
        same = [
            h for h in range(homes.n)
            if (places.unit[homes.origin[h]] == places.unit[homes.origin[lost]] if by_unit
                else homes.origin[h] == homes.origin[lost])
            and (not in_turn or int(mix_uid(homes.uid[h], np.uint64(0))) % TURNS == turn) and h != lost and able(h)
        ]
        if same:
            return min(same, key=lambda h: int(mix_uid(homes.uid[lost], homes.uid[h])))
    return -1


def occupied(world) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Dwellings lived in, rooms wanted, public rentals let, beds used, by market."""
    homes, people, places, n = world.households, world.residents, world.places, world.markets.n
    lived, rooms, public, beds = (np.zeros(n, np.int64) for _ in range(4))
    for h in range(homes.n):
        rows = household_members(world, h)
        apart = sum(bool(people.flags[i] & Flag.APART) for i in rows) if homes.split_place[h] >= 0 else 0
        work = homes.config[h] in (Config.WORKER_AWAY, Config.COUPLE_AWAY)
        parts = [(len(rows) - apart, homes.place[h], homes.tenure[h], bool(homes.collective[h]), len(rows) == 1)]
        parts += [(apart, homes.split_place[h], homes.split_tenure[h], False, work)] if apart else []
        for count, place, tenure, collective, simple in parts:
            m = places.market[place]
            if count == 0:
                continue
            if tenure == Tenure.DORMITORY or collective:
                beds[m] += count
            elif tenure == Tenure.PUBLIC_RENTAL:
                public[m] += 1
            elif simple and tenure == Tenure.RENTED and places.unit[place] >= 0 and is_town(places.kind[place]):
                rooms[m] += 1
            else:
                lived[m] += 1
    return lived, rooms, public, beds


def lottery(seed: int, month: int, uid, market, apply, free) -> np.ndarray:
    """Winners: applicants of each market in the order of their draw, as long as there is something left."""
    won, left = np.zeros(len(uid), bool), dict(enumerate(free))
    key = np.uint64(screen_key(np.uint64(seed), Stream.LOTTERY, month))
    draws = [(int(screen_word(key, np.uint64(u))) >> 11) * 2.0**-53 for u in uid]
    for r in sorted(range(len(uid)), key=lambda r: (draws[r], uid[r])):
        if apply[r] and left[market[r]] > 0:
            won[r] = True
            left[market[r]] -= 1
    return won


def settlement_logit(
    p, *, a0, owner, insured, rental, dorm, land, years, pir_gap, gap, need, entry_limit=1.0, delay=1.0
):
    """Yearly chance of one household by the formula of model.md E10, written out once more."""
    x = a0 + owner * math.log(p.or_own_settle) + insured * math.log(p.or_insured_settle)
    x += rental * math.log(p.or_public_rental_settle) + dorm * math.log(p.or_dorm_settle)
    x += land * math.log(p.or_land_settle) * p.perceived_land_loss / 0.3
    x += p.alpha_tenure_years * math.log(years) + math.log(p.or_pir_settle) * pir_gap
    x += p.alpha_gain_gap * gap * need - p.barrier_logit * p.residual_barrier * entry_limit
    x -= p.admin_delay_elast * math.log(delay)
    return 1.0 / (1.0 + math.exp(-x))


def users(world, month: int) -> dict[int, np.ndarray]:
    """Whole users of school, kindergarten and elder care by market, everybody counted in full."""
    people, places, n = world.residents, world.places, world.markets.n
    out = {s: np.zeros(n) for s in (Service.SCHOOL, Service.KINDERGARTEN, Service.ELDER_CARE)}
    for i in range(people.n):
        if people.household[i] < 0:
            continue
        years, m = (month - int(people.birth[i])) / 12, places.market[people.place[i]]
        out[Service.SCHOOL][m] += 6 <= years < 15
        out[Service.KINDERGARTEN][m] += 3 <= years < 6
        out[Service.ELDER_CARE][m] += years >= 60 and bool(people.flags[i] & Flag.CARE_NEED)
    return out


def six_months(world, month: int) -> tuple[np.ndarray, np.ndarray]:
    """New usual places, and the market matrix of moves."""
    people, places, n = world.residents, world.places, world.markets.n
    usual, moves = people.usual[: people.n].copy(), np.zeros((n, n), np.int64)
    for i in range(people.n):
        if people.household[i] >= 0 and usual[i] != people.place[i] and month - people.since[i] >= 6:
            moves[places.market[usual[i]], places.market[people.place[i]]] += 1
            usual[i] = people.place[i]
    return usual, moves


def recoded(order, residents, quota: float, years: int) -> list[int]:
    """Village rows recoded within so many years, nearest first, one unit."""
    carry, done, todo = 0.0, [], sorted(range(len(order)), key=lambda v: order[v])
    for _ in range(years):
        carry += quota
        for v in list(todo):
            if carry > 0 and carry >= residents[v] / 2:
                carry -= residents[v]
                done.append(v)
                todo.remove(v)
    return done


def is_town(kind: int) -> bool:
    """Township seats and county towns."""
    return kind not in (Kind.VILLAGE, Kind.OUTSIDE)


def registrants(world, q, h: int, month: int) -> tuple[int, set[int]]:
    """Route (0 none, 1 own, 2 family, 3 job, 4 newer rules) and the members who would register, by the text of E10."""
    homes, people, places = world.households, world.residents, world.places
    rows, seed = household_members(world, h), world.seed
    age = {i: month - int(people.birth[i]) for i in rows}
    apart = {i: bool(people.flags[i] & Flag.APART) for i in rows}
    if not rows or month - homes.since[h] < 6:
        return 0, set()
    for side in (False, True):
        here = int(homes.split_place[h] if side else homes.place[h])
        part = [i for i in rows if apart[i] == side]
        if here >= 0 and is_town(places.kind[here]) and any(people.hukou[i] != here for i in part):
            break
    else:
        return 0, set()
    u, uid = places.unit[here], homes.uid[h]

    def draw(stream, slot=0):
        return uniform(seed, stream, uid, 0, slot)

    def job(i):
        safe = people.flags[i] & Flag.CONTRACT and people.flags[i] & Flag.INSURED and people.activity[i] == 2
        good = people.job_market[i] == places.market[here] and month - people.job_since[i] >= q.job_months
        return bool(safe and good)

    aware = any(age[i] >= 216 and people.flags[i] & Flag.AWARE for i in part)
    told = q.neighbours * q.converted[homes.origin[h]]
    new = 1 - (1 - q.known[u]) * (1 - told * bool(q.newer[u]))
    knows_new = bool(aware or draw(Stream.AWARE) < new)
    knows_old = knows_new or draw(Stream.AWARE, 1) < 1 - (1 - q.known_old[u]) * (1 - told)
    together = draw(Stream.FORM) < (q.family_form if knows_new else q.family_form_old)[u]
    tenure = homes.split_tenure[h] if side else homes.tenure[h]
    free = tenure == Tenure.PUBLIC_RENTAL or draw(Stream.CONSENT) < max(q.consent, q.rent_parity[u])
    opens = draw(Stream.CONSENT, 2) < q.habitual[u] or (free and draw(Stream.CONSENT, 1) < q.rent_parity[u])
    working = [i for i in part if people.activity[i] in (2, 3) and 216 <= age[i] < 720]
    route = 0
    if knows_old and (homes.owns[h] == here or tenure == Tenure.OWNED):
        route, who = 1, part
    elif knows_old and any(age[i] >= 216 and people.hukou[i] == here for i in rows):
        route, who = 2, part
    elif knows_old and any(job(i) for i in part):
        route, who = 3, [i for i in part if job(i)]
    elif knows_new and opens:
        route, who = 4, working or part
    if route == 0:
        return 0, set()
    return route, {i for i in (rows if together else who) if people.hukou[i] != here}
