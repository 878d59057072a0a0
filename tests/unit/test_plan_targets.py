"""The targets: every rule against numbers made by hand, over places and seeds; nothing is met by declaring it."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import numpy as np
import pytest

from analysis import cli, plan_books, plan_screen, plan_targets
from analysis.plan_books import PlanError, Rule, Target
from analysis.plan_rules import RULERS, Future, NotJudged, Yardstick
from model.spec.registry import REGISTRY
from model.spec.types import Carried
from runs.api import carry_out
from scenarios.places import load_ground
from tests.unit.fake_engine import simulate
from tests.unit.fake_plan import ENGINE, fake_plan, model_input
from tests.unit.test_plan_measures import every_lever

START = 2020 * 12 + 10
MONTHS = tuple(f"{(START + m) // 12}-{(START + m) % 12 + 1:02d}" for m in range(86))
YEARS = tuple(str(year) for year in range(2020, 2028))
GROUND = load_ground("changzhi")
KEYS = GROUND.prefecture.unit_keys
N = len(KEYS)


@pytest.fixture(scope="module")
def yard():
    return Yardstick(GROUND, START, plan_books.groups(), every_lever())


def future(indicators=None, delivered=None, level=None, months=MONTHS):
    """A future in which nothing happens but what is given: key -> number, array[U + 1], or function of the month row;
    delivered -> amount at every year's end from 2024 on, by unit."""
    levers = every_lever()
    made = {key: np.ones((len(months), N + 1)) for key in REGISTRY.indicators}
    for key, value in (indicators or {}).items():
        rows = [value(t) if callable(value) else value for t in range(len(months))]
        made[key] = np.array([np.broadcast_to(row, N + 1) for row in rows])
    practice = {key: GROUND.practice(lever) for key, lever in levers.items()}
    stock = {key: np.zeros((len(YEARS), N)) for key in levers}
    force = {key: np.tile(practice[key], (len(YEARS), 1)) for key in levers}
    for table, given in ((stock, delivered), (force, level)):
        for key, value in (given or {}).items():
            table[key][4:] = value
    return Future(months=months, indicators=made, years=YEARS, delivered=stock, level=force)


def target(scope="city", comparator=">=", low=100.0, high=None, deadline=2025, unit="%"):
    return Target(
        id="t", section="三", title_en="t", title_zh="t", scope=scope, unit=unit, comparator=comparator, low=low,
        high=low if high is None else high, deadline=deadline, kind="stock",
    )


def rule(how, *keys, factor=1.0, start=None, base_year=None, full=""):
    return Rule(
        id="t", state=Carried.DELIVERED, how=how, keys=keys, factor=factor, start=start, base_year=base_year,
        confidence="assumed", source="made up", full=full, reason_en="because", reason_zh="因为",
    )


def judged(yard, what, how, *futures):
    return plan_targets.judge([(what, how)], {"one": futures or (future(),)}, yard)[0]


def month_of(year):
    return MONTHS.index(f"{year}-12")


# the tables


def test_every_target_has_a_rule_a_state_and_a_reason():
    pairs = plan_targets.book()
    assert len(pairs) == len({t.id for t, _ in pairs}) == 190
    assert all(r.state in Carried and r.reason_en and r.reason_zh for _, r in pairs)
    assert all((r.how == "none") == (r.state is Carried.TRACKED) for _, r in pairs)
    assert {r.how for _, r in pairs} - {"none", "all_of"} == set(RULERS), "no rule is without a target"
    assert all(bool(r.source) == bool(r.confidence) and (r.start is None or r.source) for _, r in pairs)
    assert all(r.base_year is not None for _, r in pairs if r.how in ("change", "growth", "index_change", "per_head"))


def test_every_scope_of_the_text_is_known(yard):
    for t in plan_books.targets():
        assert yard.members(t.scope, future({"urban_population": 150_000.0}), 2025).any(), t.scope
    with pytest.raises(KeyError):
        yard.members("each-galaxy", future(), 2025)


def test_start_values_that_the_data_have_are_the_data():
    from model.world.tables import Statistics

    statistics = Statistics(GROUND.prefecture.root)
    checked = 0
    for _, r in plan_targets.book():
        words = r.source.replace(",", "").split()
        assert r.confidence in ("", "derived", "assumed") or words[0] == "statistics/services.csv", r.id
        if words[:1] == ["statistics/services.csv"]:
            value, figure = statistics.value("services", words[1], words[2], words[3])
            assert (value, figure.confidence) == (r.start, r.confidence), r.id
            checked += 1
    assert checked >= 4


def test_the_values_of_the_text_are_read():
    found = {t.id: t for t in plan_books.targets()}
    band = found["parking-supply-band"]
    assert (band.low, band.high, band.value_text) == (1.1, 1.3, "1.1 to 1.3")
    assert found["vocational-funding-per-student"].deadline is None
    assert found["charger-service-radius"].strict and found["leakage-below-8"].strict
    assert found["labour-intensive-gva-share"].strict and not found["road-network-density"].strict


# comparators


@pytest.mark.parametrize(("comparator", "low", "high", "unit", "met", "missed"), [
    (">=", 8.5, None, "km", (8.5, 9), (8.4999,)),
    ("<=", 10, None, "% vacant", (10, 9), (10.001,)),
    ("<=", 8, None, "% (strictly less than)", (7.9,), (8, 9)),
    (">=", 0, None, "change in share vs 2023 (pp)", (0.01,), (0, -1)),
    ("<=", 0, None, "change in ratio vs 2023", (-0.01,), (0, 1)),
    ("all", 100, None, "%", (100,), (99.9,)),
    ("exists", 1, None, "0/1", (1,), (0,)),
    ("=", 40, None, "villages per year", (40, 41), (39,)),
    ("between", 1.1, 1.3, "spaces", (1.1, 1.2, 1.3), (1.09, 1.31)),
])
def test_what_meets_a_target(comparator, low, high, unit, met, missed):
    what = target(comparator=comparator, low=low, high=high, unit=unit)
    assert [what.meets(value) for value in met] == [True] * len(met)
    assert [what.meets(value) for value in missed] == [False] * len(missed)
    assert all(what.gap(value) >= 0 for value in met) and all(what.gap(value) <= 0 for value in missed)


# rules


def test_an_indicator_is_read_in_december_of_the_deadline(yard):
    lived = future({"integration_services": lambda t: t / 100})
    one = judged(yard, target(low=60.0), rule("indicator", "integration_services", factor=100.0), lived)
    assert one.reached == pytest.approx(month_of(2025)) and one.probability == 1.0
    assert one.gap == pytest.approx(month_of(2025) - 60) and one.judged_at == "2025-12"


def test_without_a_deadline_the_last_month_counts_and_beyond_the_run_nothing_does(yard):
    lived = future({"integration_services": lambda t: t / 100})
    how = rule("indicator", "integration_services", factor=100.0)
    assert judged(yard, target(deadline=None), how, lived).reached == 85
    assert judged(yard, target(deadline=None), how, lived).judged_at == "2027-12"
    far = judged(yard, target(deadline=2030), how, lived)
    assert (far.reached, far.probability, far.gap) == (None, None, None)
    assert far.reason[0].endswith("2030-12 is not lived in this run") and far.to_json()["reached"] is None


def test_the_gap_to_the_province_is_turned(yard):
    what = target(low=0.0, unit="gap of resident urbanization rate to Shanxi average (pp)")
    for gap, met in ((0.02, 0.0), (-0.01, 1.0)):
        one = judged(yard, what, rule("gap_to_province"), future({"urbanization_gap_to_province": gap}))
        assert one.reached == pytest.approx(-100 * gap) and one.probability == met


def test_a_change_is_against_its_year_and_standing_still_is_not_clearly_up(yard):
    what = target(low=0.0, unit="change in integration index vs 2023")
    how = rule("change", "integration_index", base_year=2023)
    rising = judged(yard, what, how, future({"integration_index": lambda t: t}))
    assert rising.reached == 24 and rising.probability == 1.0
    assert judged(yard, what, how, future()).probability == 0.0
    growth = judged(yard, what, rule("growth", "births", base_year=2023), future({"births": lambda t: 1.0 + (t > 50)}))
    assert growth.reached == pytest.approx(100.0)


def test_each_county_means_every_one_of_them(yard):
    values = np.append(np.arange(1.0, N + 1), 99.0)
    lived = future({"births": values})
    for low, met, passing in ((1.0, 1.0, N), (2.0, 0.0, N - 1)):
        one = judged(yard, target("each-county", low=low), rule("indicator", "births"), lived)
        assert (one.reached, one.probability) == (1.0, met)
        assert (one.seeds[0].passing, one.seeds[0].places) == (passing, N)
    most = judged(yard, target("each-county", "<=", 5.0), rule("indicator", "births"), lived)
    assert most.reached == N and most.probability == 0.0


@pytest.mark.parametrize(("scope", "chosen"), [
    ("pilot-county", "zhangzi"), ("counties:licheng|wuxiang", "licheng wuxiang"), ("yellow-river-counties", "qinyuan"),
    ("corridor-counties", "wuxiang licheng pingshun huguan"),
])
def test_scopes_choose_their_places(yard, scope, chosen):
    members = yard.members(scope, future(), 2025)
    assert {KEYS[u] for u in np.flatnonzero(members)} == set(chosen.split())
    everyone_else = np.append(np.where(np.isin(KEYS, chosen.split()), 5.0, 0.0), 0.0)
    one = judged(yard, target(scope, low=5.0), rule("indicator", "births"), future({"births": everyone_else}))
    assert one.probability == 1.0


def test_scopes_of_kinds_of_places(yard):
    count = {scope: yard.members(scope, future(), 2025).sum() for scope in
             ("each-county", "non-pilot-counties", "each-county-town", "share-of-counties", "city")}
    assert count == {
        "each-county": 12, "non-pilot-counties": 11, "each-county-town": 8, "share-of-counties": 12, "city": 1,
    }
    assert yard.members("city", future(), 2025)[-1] and not yard.members("each-county", future(), 2025)[-1]


def test_membership_by_urban_residents_is_that_of_the_simulated_year(yard):
    people = np.full(N + 1, 50_000.0)
    people[3] = 120_000.0
    lived = future({"urban_population": lambda t: people * (0.5 if t < month_of(2025) else 1.0), "births": 1.0})
    what = target("counties-urban-pop-ge-100k", low=1.0)
    one = judged(yard, what, rule("indicator", "births"), lived)
    assert (one.seeds[0].places, one.probability) == (1, 1.0)
    nobody = judged(yard, dataclasses.replace(what, deadline=2024), rule("indicator", "births"), lived)
    assert nobody.probability is None and "no place is in its scope" in nobody.reason[0]


def test_undelivered_is_unmet_and_full_delivery_meets(yard):
    how = rule("delivered", "school_seats", start=40.0, full="plan")
    for part, reached, met in ((0.0, 40.0, 0.0), (0.6, 76.0, 0.0), (1.0, 100.0, 1.0), (1.5, 100.0, 1.0)):
        lived = future(delivered={"school_seats": part * yard.plan_brings("school_seats", 2025)})
        for scope in ("city", "each-county", "each-county-town"):
            one = judged(yard, target(scope), how, lived)
            assert one.reached == pytest.approx(reached) and one.probability == met, (scope, part)


def test_what_is_announced_and_not_delivered_counts_for_nothing(yard):
    lived = future(level={"school_seats": 10.0 * GROUND.practice(REGISTRY.levers["school_seats"])})
    for how in (
        rule("delivered", "school_seats", start=40.0, full="plan"), rule("delivered", "school_seats", start=0.0),
        rule("index_change", "school_seats", base_year=2023),
    ):
        assert judged(yard, target(), how, lived).probability == 0.0


def test_the_plan_brings_its_setting_over_time_without_delay(yard):
    practice = GROUND.practice(REGISTRY.levers["school_seats"])
    np.testing.assert_allclose(yard.plan_brings("school_seats", 2025), 0.5 * practice * 1.5)
    np.testing.assert_allclose(yard.plan_brings("childcare_places", 2025), 4.5 - 2.6)
    pilot = np.asarray(GROUND.prefecture.pilot, bool)
    np.testing.assert_allclose(yard.plan_brings("county_hospital_level", 2027), np.where(pilot, 2.0, 1.0))


def test_delivered_in_its_own_unit_counts_practice_since_a_year(yard):
    practice = GROUND.practice(REGISTRY.levers["elder_care_facilities"])
    lived = future(delivered={"elder_care_facilities": 2.0})
    what = target(low=100.0, unit="facilities")
    one = judged(yard, what, rule("delivered", "elder_care_facilities", base_year=2023), lived)
    assert one.reached == pytest.approx(24.0 + 2 * practice.sum())
    assert judged(yard, what, rule("delivered", "elder_care_facilities"), lived).reached == pytest.approx(24.0)
    share = rule("delivered", "elder_care_facilities", full="48", start=0.0)
    assert judged(yard, target(), share, lived).reached == pytest.approx(50.0)


def test_without_a_number_half_of_the_plan_is_there(yard):
    what = target("each-county", "exists", 1.0, unit="0/1")
    how = rule("delivered", "school_seats", start=0.0, full="plan")
    for part, met in ((0.49, 0.0), (0.51, 1.0)):
        lived = future(delivered={"school_seats": part * yard.plan_brings("school_seats", 2025)})
        assert judged(yard, what, how, lived).probability == met


def test_a_total_over_named_places_is_summed_over_them(yard):
    named = np.isin(KEYS, ["licheng", "wuxiang"])
    full = yard.plan_brings("school_seats", 2025)
    lived = future(delivered={"school_seats": np.where(np.array(KEYS) == "licheng", full, 0.0)})
    one = judged(yard, target("counties:licheng|wuxiang", low=10.0, unit="hubs"),
                 rule("delivered_total", "school_seats", start=0.0, full="plan"), lived)
    assert one.reached == pytest.approx(10.0 * full[np.array(KEYS) == "licheng"].sum() / full[named].sum())


def test_a_level_is_what_is_in_force(yard):
    lived = future({"resident_population": 1.0}, level={"job_matching": np.linspace(0.5, 1.0, N)})
    how = rule("level", "job_matching", factor=100.0)
    assert judged(yard, target("each-county"), how, lived).reached == pytest.approx(50.0)
    assert judged(yard, target(), how, lived).reached == pytest.approx(75.0)
    raised = future(level={"county_hospital_level": 1.5})
    rise = rule("level", "county_hospital_level", factor=100.0, start=0.0)
    assert judged(yard, target("each-county"), rise, raised).reached == pytest.approx(50.0)


def test_a_yearly_amount_is_the_least_full_year(yard):
    lived = future()
    stock = lived.delivered["hemei_villages"]
    stock[4:] = np.cumsum([0, 440, 400, 480])[:, None] / N
    what = target(comparator="=", low=40.0, deadline=2027, unit="villages per year")
    one = judged(yard, what, rule("yearly", "hemei_villages", factor=40 / 440), lived)
    assert one.reached == pytest.approx(40 * 400 / 440) and one.probability == 0.0


def test_area_per_head_falls_as_people_arrive(yard):
    what, start = target("pilot-county", low=15.0, unit="m2 per built-up-area resident"), 12.0
    how = rule("per_head", "school_seats", "urban_population", start=start, base_year=2021, full="plan")
    whole = {"school_seats": yard.plan_brings("school_seats", 2025)}
    same = judged(yard, what, how, future({"urban_population": 1e5}, whole))
    assert same.reached == pytest.approx(15.0) and same.probability == 1.0
    crowded = {"urban_population": lambda t: 1e5 * (1.25 if t > month_of(2023) else 1.0)}
    assert judged(yard, what, how, future(crowded, whole)).reached == pytest.approx(12.0)
    assert judged(yard, what, how, future(crowded)).reached == pytest.approx(9.6)


def test_density_is_heads_over_land_supplied(yard):
    practice = GROUND.practice(REGISTRY.levers["construction_land_quota"])
    what = target(low=0.0, deadline=2027, unit="change in urban residents per km2 built-up vs 2023 (%)")
    how = rule("density", "urban_population", "construction_land_quota", start=100.0, base_year=2023)
    people = {"urban_population": lambda t: np.append(np.full(N, 1e5), N * 1e5) * (1.1 if t > month_of(2023) else 1.0)}
    then, now = (N * 1e5 * 100 / 1e4 + practice.sum() * years for years in (3, 7))
    assert judged(yard, what, how, future(people)).reached == pytest.approx(100 * (1.1 * then / now - 1))
    more = future(people, {"construction_land_quota": 1000.0})
    assert judged(yard, what, how, more).reached == pytest.approx(100 * (1.1 * then / (now + N * 1000) - 1))


def test_indices_of_delivery_and_of_gaps(yard):
    keys = ("school_seats", "county_hospital_level")
    part = {"school_seats": 0.5 * yard.plan_brings("school_seats", 2027)}
    up = target(low=0.0, deadline=2027, unit="change in amenity index vs 2023")
    how = rule("index_change", *keys, base_year=2023)
    one = judged(yard, up, how, future(delivered=part))
    assert one.reached == pytest.approx(0.25) and one.probability == 1.0
    down = target(comparator="<=", low=0.0, deadline=2027, unit="change in facility-gap index vs 2024")
    assert judged(yard, down, how, future(delivered=part)).reached == pytest.approx(-0.25)
    gap = target(comparator="<=", low=0.0, deadline=2027, unit="facility-gap index")
    assert judged(yard, gap, rule("gap_index", *keys), future(delivered=part)).reached == pytest.approx(0.75)


def test_counties_are_counted_where_the_target_counts_them(yard):
    full = yard.plan_brings("school_seats", 2025)
    lived = future(delivered={"school_seats": np.where(np.arange(N) < 3, full, 0.9 * full)})
    how = rule("count_index", "school_seats")
    share = judged(yard, target("share-of-counties", low=30.0, unit="% of counties/districts"), how, lived)
    number = judged(yard, target("share-of-counties", low=2.0, unit="counties/districts"), how, lived)
    assert share.reached == pytest.approx(25.0) and share.probability == 0.0
    assert number.reached == 3 and number.probability == 1.0


def test_started_is_any_lever_off_its_practice(yard):
    what = target("pilot-county", "exists", 1.0, deadline=2024, unit="0/1")
    assert judged(yard, what, rule("started"), future()).probability == 0.0
    moved = np.where(np.asarray(GROUND.prefecture.pilot, bool), 1.0, 0.0)
    assert judged(yard, what, rule("started"), future(delivered={"school_seats": moved})).probability == 1.0
    others = dataclasses.replace(what, scope="non-pilot-counties", comparator="all", low=100.0)
    assert judged(yard, others, rule("started"), future(delivered={"school_seats": moved})).probability == 0.0


def test_a_target_of_others_is_met_where_all_are(yard):
    one = dataclasses.replace(target(low=1.0), id="a"), rule("indicator", "births")
    two = dataclasses.replace(target(low=5.0), id="b"), rule("indicator", "deaths")
    both = dataclasses.replace(target("city", "exists", 1.0), id="c"), rule("all_of", "a", "b")
    lived = [future({"deaths": 9.0}), future({"deaths": 1.0})]
    found = {s.target.id: s for s in plan_targets.judge([both, one, two], {"x": lived}, yard)}
    assert (found["a"].probability, found["b"].probability, found["c"].probability) == (1.0, 0.5, 0.5)
    assert found["c"].reached == 0.75


# seeds and scenarios


def test_the_probability_is_the_share_of_seeds(yard):
    lived = [future({"births": value}) for value in (98.0, 100.0, 101.0, 105.0)]
    one = judged(yard, target(), rule("indicator", "births"), *lived)
    assert (one.reached, one.probability, one.gap) == (101.0, 0.75, 1.0)
    assert one.to_json()["seeds"] == 4


def test_what_is_tracked_is_not_judged(yard):
    one = judged(yard, target(), rule("none"))
    assert (one.reached, one.probability, one.gap) == (None, None, None)
    assert one.to_json()["reason"] == "because"


def test_a_lever_that_is_only_tracked_leaves_its_target_tracked(monkeypatch):
    noted = {"carried": Carried.TRACKED, "carried_reason": "only noted"}
    monkeypatch.setattr(REGISTRY.levers, "_items", every_lever(utility_investment=noted))
    found = {t.id: r for t, r in plan_targets.book()}
    assert found["gas-penetration"].state is Carried.TRACKED and found["gas-penetration"].how == "none"
    assert "only noted" in found["gas-penetration"].reason_en


def test_a_rule_that_names_nothing_known_is_said(monkeypatch):
    wrong = plan_books.rules() | {"gas-penetration": dataclasses.replace(
        plan_books.rules()["gas-penetration"], keys=("utility_investmnt",)
    )}
    monkeypatch.setattr(plan_targets, "rules", lambda: wrong)
    with pytest.raises(PlanError, match="target gas-penetration: unknown key 'utility_investmnt'"):
        plan_targets.book()


def test_every_target_is_judged_in_a_future_where_nothing_is_delivered(yard):
    pairs = plan_targets.book()
    standings = plan_targets.judge(pairs, {"practice": [future(), future()]}, yard)
    assert len(standings) == 190
    for s in standings:
        known = s.rule.how != "none" and s.target.deadline != 2030 and s.target.scope != "counties-urban-pop-ge-100k"
        assert (s.probability is not None) == known, s.target.id
        if known and s.rule.state is Carried.DELIVERED and s.rule.full == "plan":
            assert s.probability == 0.0, f"{s.target.id} is met though nothing was delivered"


def test_not_judged_carries_both_languages():
    with pytest.raises(NotJudged) as caught:
        future(months=MONTHS[:40]).at("births", 2025)
    assert len(set(caught.value.why)) == 2 and "2025-12" in caught.value.why[1]


def test_futures_are_what_an_experiment_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    experiment = carry_out(fake_plan(seeds=2), workers=0, simulate=f"{ENGINE}:simulate", progress=False)
    found = plan_targets.futures_of(experiment, {"births", "resident_population"})
    assert {name: len(seeds) for name, seeds in found.items()} == {"base": 2, "plan": 2}
    made = simulate(model_input(effect=1.0, seed=2))
    two = found["plan"][1]
    assert (two.months, two.years) == (made.months, YEARS) and set(two.indicators) == {"births", "resident_population"}
    np.testing.assert_array_equal(two.indicators["resident_population"], made.indicators["resident_population"])
    for i, key in enumerate(made.levers):
        np.testing.assert_array_equal(two.delivered[key], made.delivered[:, i])
        np.testing.assert_array_equal(two.in_force(key, 2024), made.level[4, i])


# the command


@pytest.fixture
def lived(yard, monkeypatch):
    """The command with made-up futures under it."""
    asked = {}

    def stand(scenarios, **options):
        asked.update(options, scenarios=list(scenarios))
        return plan_targets.judge(plan_targets.book(), {name: [future(), future()] for name in scenarios}, yard)

    monkeypatch.setattr(plan_targets, "stand", stand)
    return asked


def test_json_has_one_object_for_each_target_and_scenario(lived, capsys):
    arguments = ["plan", "targets", "current_practice", "action_plan", "--json", "--scale", "0.01", "--seeds", "2"]
    assert cli.main(arguments) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=lambda text: pytest.fail(f"{text} is not JSON"))
    assert len(told) == 380
    assert [one["scenario"] for one in told[:2]] == ["current_practice", "action_plan"]
    assert lived["scale"] == 0.01 and lived["seeds"] == 2
    keys = {"id", "scenario", "state", "deadline", "value", "reached", "probability", "gap", "kind", "scope", "reason"}
    assert all(keys <= set(one) and one["state"] in set(Carried) and one["reason"] for one in told)
    band = next(one for one in told if one["id"] == "parking-supply-band")
    assert band["value"] == [1.1, 1.3]
    for one in told:
        if one["state"] == "tracked" or one["deadline"] == 2030:
            assert one["reached"] is None and one["probability"] is None


def test_csv_and_the_table_have_every_target(lived, capsys):
    assert cli.main(["plan", "targets", "action_plan", "--csv", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 190 and all(row["state"] and row["reason_zh"] for row in rows)
    for lang, word in (("en", "190 targets"), ("zh", "190项目标")):
        assert cli.main(["plan", "targets", "action_plan", "--lang", lang]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert sum(line.startswith(tuple(plan_screen.clipped(t.id if lang == "en" else t.title_zh)
                                         for t in plan_books.targets())) for line in lines) >= 190
        assert any(word in line for line in lines)


def test_an_unknown_scenario_is_bad_input(capsys):
    assert cli.main(["plan", "targets", "actionplan"]) == cli.BAD_INPUT
    assert "actionplan: unknown scenario; did you mean action_plan?" in capsys.readouterr().err
    assert cli.main(["plan", "targets"]) == cli.BAD_INPUT
    assert "SCENARIO" in capsys.readouterr().err
    assert cli.main(["plan", "targets", "action_plan", "--scale", "7"]) == cli.BAD_INPUT
    assert "the scale is a share of the population" in capsys.readouterr().err


def test_no_rule_reads_a_lever_that_is_not_declared():
    plan_targets.refuse_undeclared(plan_targets.book())


def test_a_lever_that_is_not_declared_is_said():
    odd = dataclasses.replace(rule("delivered", "no_such_lever"), id="gas-penetration")
    with pytest.raises(PlanError, match="no_such_lever: not declared, but target gas-penetration reads it"):
        plan_targets.refuse_undeclared([(target(), odd)])
