"""Watching a household changes nothing, and what is told of its decisions is what the run decided."""

from dataclasses import replace

import numpy as np
import pytest

import scenarios
from analysis.life.lives import Window, live
from analysis.life.parting import Input, differing, first_parting, put_back, seek_cause
from model.engine import CountyModel, simulate
from model.recorder import Recorder
from model.simulate import live_month
from model.spec.codes import Kind, Tenure
from model.trace import PART_KEYS, Tracer, first_of, trace
from model.trace.choice import stayed_or_went, trigger_of, weigh
from model.trace.homes import wish_of
from model.trace.recorder import NoSuchPerson
from model.trace.settling import settling_of
from model.trace.snapshot import columns_of
from model.world.start import start_world
from tests.science.test_levers import at_full
from tests.science.test_month import make_input

MONTHS, SCALE = 30, 0.002
EVERY = 3
"""Of households, every third is told in the settlement test."""


def somebody(world, nth=1):
    """A person of 20-29 in a village."""
    people, places = world.residents, world.places
    age = -people.birth[: people.n].astype(int) // 12
    village = places.kind[people.place[: people.n]] == Kind.VILLAGE
    return first_of(world, (age >= 20) & (age < 30) & village, nth)


class Teller:
    """At each decision tells what many households will do, and counts how often that is what they did."""

    def __init__(self):
        self.told = {"trigger": 0, "choice": 0, "moved": 0, "settlement": 0, "registered": 0, "wish": 0, "bought": 0}
        self.wrong = []

    def opened(self, world, month):
        self.mine = {}

    def before(self, world, month, phase):
        homes = world.households
        rows = np.flatnonzero(homes.size[: homes.n] > 0)
        self.mine = {}
        if phase == "triggers":
            self.mine = {h: trigger_of(world, month, h).outcome for h in rows[homes.events[rows] > 0]}
        elif phase == "settlement":
            town = np.isin(world.places.kind[homes.place[rows]], (Kind.TOWN, Kind.SEAT, Kind.CORE))
            self.mine = {h: settling_of(world, month, h) for h in rows[town][month.index % EVERY :: EVERY]}

    def deciding(self, world, month, rows, returning, tables, q):
        for h, back in zip(rows.tolist(), returning.tolist()):
            decision = self.mine[h] = weigh(world, month, h, back, tables, q)
            values = [x.value if x.competes else -np.inf for x in decision.alternatives]
            if int(np.argmax(values)) != decision.chosen:
                self.wrong.append(("argmax", month, h))
            for x in decision.alternatives:
                assert set(x.parts) == set(PART_KEYS)
                assert sum(x.parts.values()) == pytest.approx(x.utility, abs=1e-9)
                shocks = x.nest_shock + x.taste + x.fresh + x.tenure_shock
                assert x.utility + shocks == pytest.approx(x.value, abs=1e-9)
            assert sum(x.probability for x in decision.alternatives) == pytest.approx(1.0)

    def buying(self, world, month, rows, place, wished, terms):
        for r, h in enumerate(rows.tolist()):
            told = self.mine[h] = wish_of(world, month, h, int(place[r]), r >= wished, terms)
            if told.drawn >= told.chance or told.place != place[r]:
                self.wrong.append(("wish", month, h))

    def after(self, world, month, phase):
        homes = world.households
        told = self.told
        if phase == "triggers":
            told["trigger"] += len(self.mine)
            self.wrong += [("trigger", month.index, h) for h, x in self.mine.items() if x != world.triggered[h]]
        elif phase == "relocation":
            for h, x in self.mine.items():
                told["choice"] += 1
                told["moved"] += x.chosen != x.current
                if not stayed_or_went(x, columns_of(homes, h), world):
                    self.wrong.append(("choice", month.index, h))
        elif phase == "housing":
            told["wish"] += len(self.mine)
            told["bought"] += sum(homes.owns[h] == x.place for h, x in self.mine.items())
        elif phase == "settlement":
            self.registrations(world, month)

    def registrations(self, world, month):
        people = world.residents
        row_of = dict(zip(people.uid[: people.n].tolist(), range(people.n)))
        for h, x in self.mine.items():
            if x is None or x.route == "none":
                continue
            self.told["settlement"] += 1
            self.told["registered"] += x.registers
            there = [people.hukou[row_of[uid]] == x.place for uid in x.joins]
            if any(there) != x.registers or all(there) != (x.registers or not there):
                self.wrong.append(("settlement", month.index, h))
            year = 1.0 / (1.0 + np.exp(-sum(x.logit.values())))
            assert year == pytest.approx(x.chance_year)


@pytest.fixture(scope="module")
def watched():
    """A run under strong settlement levers in which hundreds of households are told."""
    made = at_full(make_input(months=MONTHS, scale=SCALE), ["hukou_rent_route", "hukou_habitual_residence"])
    world, teller = start_world(made), Teller()
    recorder = Recorder(world)
    for index in range(MONTHS):
        live_month(world, recorder, index, watch=teller)
    return made, recorder.results(world), teller


def test_what_is_told_is_what_was_done(watched):
    _, _, teller = watched
    assert teller.wrong == []


def test_hundreds_of_decisions_were_told(watched):
    _, _, teller = watched
    least = {"trigger": 100, "choice": 300, "moved": 100, "settlement": 100, "registered": 5, "wish": 5, "bought": 5}
    assert {key: n for key, n in least.items() if teller.told[key] < n} == {}


def test_telling_everybody_changes_no_byte(watched):
    made, results, _ = watched
    assert results.digest() == simulate(made).digest()


@pytest.mark.parametrize("nth", [1, 5])
def test_a_traced_run_has_the_bytes_of_an_untraced_one(nth):
    made = make_input(months=MONTHS, scale=SCALE)
    tracer = Tracer(somebody(start_world(made), nth))
    _, results = trace(made, tracer, checked=True)
    assert results.digest() == CountyModel(made).run().digest()
    assert [month.index for month in tracer.months] == list(range(MONTHS))


def test_nobody_is_an_error():
    made = make_input(months=2)
    with pytest.raises(NoSuchPerson, match="12"):
        trace(made, Tracer(12))


def test_a_life_ends():
    """Of the oldest somebody dies within two years: from then on there is no snapshot, and no error."""
    made = make_input(months=24, scale=SCALE)
    people = start_world(made).residents
    for uid in people.uid[np.argsort(people.birth[: people.n])[:40]].tolist():
        tracer = Tracer(uid)
        trace(made, tracer)
        if tracer.months[-1].close is None:
            break
    seen = [month.close is not None for month in tracer.months]
    assert seen == sorted(seen, reverse=True) and not seen[-1]
    assert len(tracer.months) == 24


# ---------------------------------------------------------------- two scenarios


def both(made_one, made_two, uid, months):
    """Two lives on given inputs, without scenario files."""
    from analysis.life.lives import Life

    lives = []
    for made in (made_one, made_two):
        tracer = Tracer(uid)
        world, _ = trace(made, tracer, months=months)
        lives.append(Life(scenarios.load("current_practice"), made, uid, world, tracer.months))
    return lives


def test_the_same_settings_never_part():
    window = Window(0, 23)
    pair = [scenarios.load("current_practice"), scenarios.load("current_practice")]
    lives = live(pair, window, person=None, like="age < 30 and place_kind == 'village'", nth=2, scale=SCALE, seed=3)
    assert first_parting(lives[0].months, lives[1].months) is None


AWARE = {"aware_existing": 0.0, "awareness_12m": 0.999999}
"""Of the rules of the start nobody knows; of a new one everybody within a month."""


@pytest.fixture(scope="module")
def registered_by_rent():
    """A tenant whom the full rent route, known to all, registers; another lever is at full in an idle place."""
    practice = make_input(months=MONTHS, scale=0.01)
    practice = replace(practice, params={**practice.params, **AWARE, "alpha_tenure_years": 4.0})
    route = at_full(practice, ["hukou_rent_route", "elder_care_facilities"])
    world = start_world(route)
    before = dict(zip(world.residents.uid[: world.residents.n].tolist(), world.residents.hukou[: world.residents.n]))
    model = CountyModel(route, world=world)
    control = CountyModel(practice)
    for _ in range(MONTHS):
        model.step()
        control.step()
    after, still, tenants = hukou(model.world), hukou(control.world), people_who_rent(model.world)
    changed = (u for u, place in before.items() if after.get(u, place) != place and still.get(u) == place)
    here, there = at_work(model.world), at_work(control.world)
    alike = {uid for uid, work in here.items() if there.get(uid) == work}
    uid = min(tenants & alike & set(changed))
    return both(practice, route, uid, MONTHS)


def hukou(world):
    people = world.residents
    alive = people.household[: people.n] >= 0
    return dict(zip(people.uid[: people.n][alive].tolist(), people.hukou[: people.n][alive].tolist()))


def at_work(world):
    people = world.residents
    work = zip(*(getattr(people, key)[: people.n].tolist() for key in ("uid", "activity", "job_market", "job_since")))
    return {uid: rest for uid, *rest in work}


def people_who_rent(world):
    people, homes = world.residents, world.households
    home = people.household[: people.n]
    rents = (home >= 0) & (homes.tenure[home] == Tenure.RENTED) & (homes.owns[home] < 0)
    return set(people.uid[: people.n][rents].tolist())


def test_the_lever_that_parts_a_path_is_named(registered_by_rent):
    lives = registered_by_rent
    parting = first_parting(lives[0].months, lives[1].months)
    assert "hukou" in parting.aspects
    cause = seek_cause(lives, parting)
    assert cause.inputs == (Input("lever", "hukou_rent_route"),)
    assert cause.complete and cause.alone
    assert {touch.state for touch in cause.direct} == {"rent_parity"}
    assert Input("lever", "elder_care_facilities") in cause.others
    before, after = (life.months[parting.index].settling for life in lives)
    assert not before.knows_new and not before.registers
    assert after.knows_new and after.registers and after.route != "none"


def test_put_back_the_paths_are_one(registered_by_rent):
    one, two = registered_by_rent
    made = put_back(two.made, one.made, [Input("lever", "hukou_rent_route"), Input("lever", "elder_care_facilities")])
    tracer = Tracer(one.uid, decisions=False)
    trace(made, tracer, months=MONTHS)
    assert not any(differing(a.close, b.close) for a, b in zip(one.months, tracer.months))


def test_rules_move_chances_and_never_draws(registered_by_rent):
    """While the household is the same, its draws of the month are the same under any rules."""
    one, two = registered_by_rent
    last = first_parting(one.months, two.months).index
    pairs = list(zip(one.months[: last + 1], two.months))
    assert all(a.trigger.drawn == b.trigger.drawn for a, b in pairs)
    settling = [(a.settling, b.settling) for a, b in pairs if a.settling and b.settling]
    assert settling and all(a.drawn == b.drawn and a.draws == b.draws for a, b in settling)
