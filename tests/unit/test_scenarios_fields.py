"""Every declared lever and parameter is accepted within its limits and refused beyond them, on both sides."""

from __future__ import annotations

import json
import math

import pytest

from model.spec.registry import REGISTRY
from scenarios.fields import param_limits, read_lever, read_param
from scenarios.schema import HEADER, SCHEMA_FILE, read_fields, render_schema


def said(key: str, value: object) -> list[str]:
    return [text for _, text in read_lever(key, value)[1]]


def beyond(low: float, high: float) -> tuple[float, float]:
    step = max(abs(low), abs(high), 1.0) * 1e-6
    return low - step, high + step


@pytest.mark.parametrize("key", REGISTRY.levers)
def test_both_bounds_of_every_lever(key):
    low, high = REGISTRY.levers[key].bounds
    for value in (low, high):
        assert not said(key, value)
        assert not said(key, f"{value} {REGISTRY.levers[key].unit}")
    for value, side in zip(beyond(low, high), ("below", "above")):
        for form in (value, {"value": value}, [{"value": value}], {"2024-07": value}, {"ramp": {"2024-07": value}},
                     {"steps": {"2024-07": value}}, {"series": [value]}):
            texts = said(key, form)
            assert len(texts) == 1
            assert f"is {side} the limit" in texts[0]
            assert REGISTRY.levers[key].unit in texts[0]


@pytest.mark.parametrize("key", REGISTRY.params)
def test_both_bounds_of_every_parameter(key):
    low, high = param_limits(REGISTRY.params[key])
    default = REGISTRY.params[key].default
    assert low <= default <= high
    for value in (low, high, default):
        assert read_param(key, value) == (value, [])
    for value, side in zip(beyond(low, high), ("below", "above")):
        assert f"is {side} the limit" in read_param(key, value)[1][0][1]


def test_priors_lie_within_what_may_be_set():
    for param in REGISTRY.params.values():
        low, high = param_limits(param)
        if param.prior is not None:
            assert low <= param.prior.low <= param.prior.high <= high


@pytest.mark.parametrize(
    "value", [True, "x", "", [], {}, None, "1 1", "nan", "1e999x", math.inf, {"value": None}, [1], [[]]]
)
def test_what_is_not_a_setting(value):
    assert said("job_matching", value)


def test_units_are_read_in_any_number():
    assert read_lever("rental_housing_units", "600 dwellings/year") == read_lever("rental_housing_units", 600)
    assert read_lever("rental_housing_units", "600dwelling / year") == read_lever("rental_housing_units", 600)
    assert said("rental_housing_units", "50 dwelling/month") == [
        "wrong unit dwelling/month: this is in dwelling/year"
    ]
    assert said("rental_housing_units", "600 houses") == ["wrong unit houses: this is in dwelling/year"]
    assert said("job_matching", "90 %") == ["wrong unit %: shares are written from 0 to 1, not 90 %; write 0.9"]


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (
            "scale", "auto village", "auto village is not a scale; write a share of the population from 0.001 to 1, "
            "or auto, auto city, auto county, auto group",
        ),
        ("scale", 0.0005, "0.0005 is below the limit 0.001 (allowed 0.001 to 1 of the population)"),
        ("scale", "0.1", "0.1 is not a number"),
        ("scale", True, "a number is meant"),
        ("seeds", 3, "a map of keys is meant"),
        ("seeds", {"first": 1}, "is missing"),
        ("seeds", {"first": 1.5, "count": 1}, "a whole number is meant"),
        ("start", 2020, "2020 is not a month; write YYYY-MM, like 2024-07"),
        ("future", None, "no value; write one or leave the key out"),
    ],
)
def test_the_head_of_a_file(key, value, text):
    assert [said for _, said in read_fields(HEADER, {key: value})[1]] == [text]


def test_the_json_schema_is_fresh():
    text = render_schema()
    assert SCHEMA_FILE.read_text(encoding="utf-8") == text, "run `python3 xiancheng.py docs`"
    schema = json.loads(text)
    assert set(schema["$defs"]["Levers"]["properties"]) == set(REGISTRY.levers)
    assert {f"params.{key}" for key in REGISTRY.params} <= set(schema["$defs"]["Settings"]["properties"])
