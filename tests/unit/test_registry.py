"""The registry: what is declared is complete, consistent, and helpful when a key is misspelt."""

import csv
import math
import pickle
from pathlib import Path

import numba
import pytest

from model.effects import COST_BASE, EFFECTS, PAID_PER_RESULT, PAID_TO_FIRMS, PAID_TO_HOUSEHOLDS
from model.spec.params import DERIVED, LATER, MOMENTS, NOT_PARAMETERS, by_key, delivered_share
from model.spec.priors import choose_prior, quantile
from model.spec.registry import REGISTRY, UnknownKey
from model.spec.types import Confidence, Sign
from model.spec.units import UnitError, convert, quantity, unit

DATA = Path(__file__).resolve().parents[2] / "data"
LEVERS = list(REGISTRY.levers.values())
PARAMS = list(REGISTRY.params.values())
INDICATORS = list(REGISTRY.indicators.values())
ISSUED = "2024-07"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def by_name(item) -> str:
    return item.key


# Levers

PLAN_LEVERS = [
    "hukou_rent_route", "hukou_habitual_residence", "service_entitlement_parity",
    "social_insurance_compliance", "rental_housing_units", "dormitory_beds", "renewal_dwellings",
    "school_seats", "teacher_rotation", "county_hospital_level", "childcare_places",
    "elder_care_facilities", "labour_intensive_job_support", "job_matching", "tourism_investment",
    "citizenisation_transfer", "county_transfer", "debt_ceiling", "performance_reward",
    "construction_land_quota", "land_quota_trade_share", "homestead_reform", "hemei_villages",
    "township_health_standard", "logistics_cost_cut",
]



def test_every_main_lever_of_the_plan_is_declared():
    assert set(PLAN_LEVERS) <= set(REGISTRY.levers)


def test_every_channel_has_a_lever_and_a_state():
    assert {x.channel for x in LEVERS} == set(REGISTRY.channels)
    assert {s.channel for s in REGISTRY.states.values()} == set(REGISTRY.channels)


def test_a_lever_writes_exactly_the_states_of_its_effects():
    wired = {x.key: {state for lever, state, _ in EFFECTS if lever == x.key} for x in LEVERS}
    assert wired == {x.key: set(x.writes) for x in LEVERS}
    assert {lever for lever, _, _ in EFFECTS} == set(REGISTRY.levers)


def test_every_state_has_a_writer_and_every_writer_a_state():
    assert {state for x in LEVERS for state in x.writes} == set(REGISTRY.states)


def test_cost_tables_name_levers_and_states():
    assert {*COST_BASE, *PAID_PER_RESULT, *PAID_TO_FIRMS, *PAID_TO_HOUSEHOLDS} <= set(REGISTRY.levers)
    assert set(PAID_PER_RESULT.values()) <= set(REGISTRY.states)


def plan_points(lever) -> list[list[tuple[str, float]]]:
    """For each item of the plan setting, (month, value) with `times` multiplied out; `where` only after the first."""
    found = []
    for k, item in enumerate(lever.plan_items):
        kinds = set(item) - {"where"}
        assert ("where" in item) == (k > 0), "the first item is for all places, the others for some"
        if "ramp" in item:
            assert kinds == {"ramp"}
            found.append(sorted(item["ramp"].items()))
        else:
            assert kinds in ({"value", "from"}, {"times", "from"}), item
            found.append([(item["from"], item["value"] if "value" in item else item["times"] * lever.practice)])
    return found


@pytest.mark.parametrize("lever", LEVERS, ids=by_name)
def test_practice_and_plan_lie_inside_the_bounds(lever):
    low, high = lever.bounds
    assert low <= lever.practice <= high and low < high
    assert all(low <= value <= high for points in plan_points(lever) for _, value in points)


@pytest.mark.parametrize("lever", LEVERS, ids=by_name)
def test_no_plan_setting_starts_before_the_plan_was_issued(lever):
    for item, points in zip(lever.plan_items, plan_points(lever), strict=True):
        months = [month for month, _ in points]
        assert min(months) >= ISSUED and all(len(m) == 7 and m[4] == "-" for m in months)
        if "ramp" in item:
            assert points[0][1] == lever.practice, "a ramp starts from practice"


@pytest.mark.parametrize("lever", LEVERS, ids=by_name)
def test_a_lever_is_fully_described(lever):
    text = lever.text
    assert all((text.en, text.zh, text.meaning_en, text.meaning_zh, lever.sign_reason, lever.source))
    assert text.meaning_en.endswith(".") and text.meaning_zh.endswith("。")
    assert isinstance(lever.sign_urbanization, Sign) and isinstance(lever.sign_integration, Sign)
    assert isinstance(lever.confidence, Confidence) and lever.plan_basis in {"text", "direction", "both"}
    assert lever.apportion is None or lever.apportion in REGISTRY.quantities
    assert lever.neutral == lever.practice and lever.lead_months >= 0 and lever.upkeep_share_year >= 0
    dimension = dict(unit(lever.unit).dimension)
    if lever.flow:
        assert dimension.get("time") == -1, "a flow is counted per year"
    if lever.apportion:
        assert lever.flow or lever.unit == "ha", "a total that is shared out is a yearly amount or a stock of land"


def test_every_lever_carries_the_measures_that_name_it():
    measures = rows("plan/measures.csv")
    for lever in LEVERS:
        named = [row["id"] for row in measures if row["lever"] == lever.key]
        assert named and list(lever.clauses) == named, lever.key


def test_a_level_lever_of_practice_agrees_with_the_state_that_it_writes():
    for lever in LEVERS:
        for key in lever.writes:
            state = REGISTRY.states[key]
            if not state.flow and state.unit == lever.unit and not lever.flow:
                assert state.practice == lever.practice, lever.key


def test_a_state_has_limits_around_its_practice():
    for state in REGISTRY.states.values():
        assert state.low <= state.practice <= state.high
        assert not state.flow or state.practice == 0.0
        if state.practice_param:
            assert REGISTRY.params[state.practice_param].default == state.practice


# Parameters

def test_every_behavioural_row_is_a_parameter_unless_it_is_a_moment_a_state_or_for_later():
    table = rows("statistics/behaviour.csv")
    assert set(DERIVED) | set(MOMENTS) | set(LATER) <= {r["parameter"] for r in table}
    assert set(MOMENTS).isdisjoint(LATER)
    wanted = {r["parameter"] for r in table if r["equation"] not in NOT_PARAMETERS} - {*DERIVED, *MOMENTS, *LATER}
    assert wanted <= set(REGISTRY.params)
    left_out = {r["parameter"] for r in table} - wanted
    assert left_out.isdisjoint(REGISTRY.params)


def test_every_behavioural_row_has_its_chinese_text():
    table = {r["parameter"] for r in rows("statistics/behaviour.csv")}
    texts = rows("statistics/behaviour_zh.csv")
    assert [r["parameter"] for r in texts] == [r["parameter"] for r in rows("statistics/behaviour.csv")]
    assert len(texts) == len(table) and all(r["text_zh"].strip() for r in texts)


@pytest.mark.parametrize("param", PARAMS, ids=by_name)
def test_a_prior_covers_its_default_and_keeps_its_interval(param):
    assert param.text.en and param.text.zh and param.source and param.group and param.equation
    unit(param.unit)
    if param.prior is None:
        assert param.structural
        return
    low, high, family = param.prior.low, param.prior.high, param.prior.family
    assert low <= param.default <= high and low < high
    ends = (0.0, 1.0) if family == "uniform" else (0.05, 0.95)
    tail = 1e-12
    assert math.isclose(quantile(param.prior, ends[0] or tail), low, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(quantile(param.prior, min(ends[1], 1 - tail)), high, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("low, high, family", [
    (0.1, 0.9, "logitnormal"), (0.5, 2.0, "lognormal"), (-1.0, 1.0, "normal"), (-2.0, -0.3, "normal"),
    (0.0, 0.4, "uniform"), (-1.0, 0.0, "uniform"),
])
def test_the_family_follows_the_quantity(low, high, family):
    assert choose_prior(low, high).family == family


def test_a_penalty_never_turns_into_a_gain():
    assert max(quantile(choose_prior(-2.0, -0.3), k / 1000) for k in range(1, 1000)) == 0.0
    assert min(quantile(choose_prior(0.1, 3.0), k / 1000) for k in range(1, 1000)) > 0.0
    assert choose_prior(1.0, 1.0) is None
    with pytest.raises(ValueError, match="above"):
        choose_prior(2.0, 1.0)


def test_the_income_cost_of_distance_sets_beta_d():
    p = REGISTRY.param_values({"beta_w": 2.0, "ratio_dist_income": 1.2})
    assert p.beta_d == p["beta_d"] == -2.4
    assert "beta_d" not in REGISTRY.params
    with pytest.raises(KeyError, match="beta_d"):
        REGISTRY.param_values({"beta_d": -1.0})


def test_the_vector_of_a_run_is_frozen_picklable_and_readable_by_kernels():
    p = REGISTRY.param_values()
    with pytest.raises(AttributeError, match="fixed"):
        p.beta_w = 3.0
    with pytest.raises(AttributeError, match="no parameter"):
        _ = p.beta_x
    assert dict(pickle.loads(pickle.dumps(p))) == dict(p)
    kernel = numba.njit(lambda t: t.beta_w + t.tau_nest)
    assert kernel(p.as_tuple()) == p.beta_w + p.tau_nest
    assert type(p.as_tuple()) is type(REGISTRY.param_values({"beta_w": 2.0}).as_tuple())


def test_a_lever_is_delivered_by_the_common_share_unless_it_differs():
    p = REGISTRY.param_values()
    assert delivered_share(p, "school_seats") == pytest.approx(p.implement_share, abs=1e-15)
    low = REGISTRY.param_values({"implement_school_seats": -1.0})
    assert delivered_share(low, "school_seats") < delivered_share(p, "school_seats")
    assert delivered_share(low, "road_investment") == delivered_share(p, "road_investment")
    assert {f"implement_{key}" for key in REGISTRY.levers} <= set(REGISTRY.params)


def test_a_parameter_declared_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        by_key((PARAMS[0], PARAMS[0]))


# Indicators, columns, units

def test_indicators_are_defined_and_weighted():
    headlines = [x.key for x in INDICATORS if x.headline]
    assert 8 <= len(headlines) <= 12
    for x in INDICATORS:
        unit(x.unit)
        assert x.text.en and x.text.zh and len(x.definition) > 40 and x.better in {"up", "down", "neither"}
        assert (x.weight is not None) == (x.reduce.value == "rate")


def test_the_integration_index_and_its_parts_are_fractions():
    keys = [key for key in REGISTRY.indicators if key.startswith("integration_")]
    assert len(keys) == 6
    assert {REGISTRY.indicators[key].unit for key in keys} == {"share"}


@pytest.mark.parametrize("kind, wrong, right", [
    ("levers", "hukou_rent_rout", "hukou_rent_route"), ("params", "beta_network_", "beta_network"),
    ("indicators", "debt_ration", "debt_ratio"), ("columns", "residents.hukuo", "residents.hukou"),
    ("states", "entitlment", "entitlement"),
])
def test_a_wrong_key_is_answered_with_the_right_one(kind, wrong, right):
    assert REGISTRY.nearest(kind, wrong)[0] == right
    with pytest.raises(UnknownKey, match=f"did you mean {right}"):
        getattr(REGISTRY, kind)[wrong]
    assert wrong not in getattr(REGISTRY, kind)


def test_a_key_unlike_any_other_gets_no_guess():
    with pytest.raises(UnknownKey, match=r"unknown lever 'zzz'$"):
        REGISTRY.levers["zzz"]


def test_the_registry_has_one_digest():
    assert REGISTRY.digest() == REGISTRY.digest() and len(REGISTRY.digest()) == 32
    assert pickle.loads(pickle.dumps(REGISTRY)).digest() == REGISTRY.digest()


def test_units_are_read_converted_and_checked():
    assert quantity("50 dwelling/month", "dwelling/year") == 600.0
    assert quantity("600", "dwelling/year") == 600.0
    assert quantity("0.3 billion yuan/year", "million yuan/year") == pytest.approx(300.0)
    assert quantity("40 %", "share") == pytest.approx(0.4)
    assert convert(15.0, "mu", "ha") == pytest.approx(1.0)
    assert quantity("2 dwellings/year", "dwelling/year") == 2.0
    with pytest.raises(UnitError, match="dimensions differ"):
        quantity("5 bed/year", "dwelling/year")
    with pytest.raises(UnitError, match="unknown unit"):
        unit("parsec")
    with pytest.raises(UnitError, match="number"):
        quantity("many homes", "dwelling/year")
    assert unit("million yuan/year").label("zh") == "百万元/年" and unit("1/month").label() == "per month"


def test_every_declared_unit_is_known():
    for item in (*LEVERS, *PARAMS, *INDICATORS, *REGISTRY.states.values()):
        unit(item.unit)
