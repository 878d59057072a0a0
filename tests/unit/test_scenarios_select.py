"""The selector grammar: what it means, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.places import load_ground
from scenarios.select import SelectorError, canonical, parse, select

TABLE = {
    "key": np.array(["north", "south", "east", "west"]),
    "kind": np.array(["core", "county_town", "county_town", "district"]),
    "pilot": np.array([False, True, False, False]),
    "people": np.array([400.0, 300.0, 200.0, 100.0]),
    "homes": np.array([100.0, 350.0, 100.0, 100.0]),
}


@pytest.mark.parametrize(
    ("expression", "chosen"),
    [
        ("pilot", "south"),
        ("not pilot", "north east west"),
        ("kind == 'county_town'", "south east"),
        ('kind != "county_town"', "north west"),
        ("key in ('north', 'west')", "north west"),
        ("key in ['north']", "north"),
        ("key not in ('north', 'west')", "south east"),
        ("people > 150 and people <= 300", "south east"),
        ("150 < people <= 300", "south east"),
        ("people in (100, 400)", "north west"),
        ("people < homes", "south"),
        ("pilot == True", "south"),
        ("kind == 'core' or pilot and people > 1000", "north"),
        ("(kind == 'core' or pilot) and people < 350", "south"),
        ("people > -5", "north south east west"),
        ("  pilot  ", "south"),
    ],
)
def test_meaning(expression, chosen):
    assert " ".join(TABLE["key"][select(expression, TABLE)]) == chosen


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("", "nothing is chosen; leave `where` out to mean every place"),
        ("kind = 'core'", "cannot be read as a condition; equality is =="),
        ("people >", "cannot be read as a condition"),
        ("key == ‘north’", "a full-width quote, comma, bracket or sign; write ' ( ) , == > <"),
        ("peple > 3", "unknown column peple; did you mean people?"),
        ("north", "north is a place, not a column; write key == 'north'"),
        ("people", "people is not yes or no; compare it with something"),
        ("key == 'norht'", "unknown place 'norht'; did you mean north?"),
        ("kind == 'x'", "unknown kind 'x'; there are core, county_town, district"),
        ("kind in ('core', 'cor')", "unknown kind 'cor'; did you mean core?"),
        ("kind == 3", "kind holds words; put what it is compared with in quotes"),
        ("people == 'many'", "people holds numbers, not words"),
        ("kind < 'core'", "kind holds words, which have no order; use ==, != or in"),
        ("kind == people", "kind and people cannot be compared"),
        ("people > 1000", "no place fits"),
        ("3 > 2", "a comparison names at least one column"),
        ("people is 3", "only ==, !=, <, <=, >, >= and in compare"),
        ("'core' in kind", "`in` is written column in ('a', 'b')"),
        ("kind in 'core'", "`in` is written column in ('a', 'b')"),
        ("pilot" + " " * 600, "longer than 500 characters"),
    ],
)
def test_refusals(expression, text):
    with pytest.raises(SelectorError) as caught:
        select(expression, TABLE)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    "expression",
    ["__import__('os').system('ls')", "people.sum() > 3", "people[0] > 3", "lambda: pilot", "people + 1 > 3",
     "[x for x in people]", "f'{people}' == 'a'", "pilot if pilot else pilot", "(pilot := True)", "2 ** 99 > people",
     "pilot; pilot", "people > 1e999j", "not" * 100 + " pilot", "(" * 240 + ")" * 240, "...", "{}"],
)
def test_nothing_else_is_a_condition(expression):
    with pytest.raises(SelectorError):
        select(expression, TABLE)


@given(st.text(max_size=40))
def test_no_text_does_anything_but_choose_or_refuse(text):
    try:
        mask = select(text, TABLE)
    except SelectorError:
        return
    assert mask.dtype == bool
    assert mask.any()


@given(st.lists(st.sampled_from(["pilot", "kind == 'core'", "people > 150", "homes <= 100"]), min_size=1, max_size=5),
       st.lists(st.sampled_from([" and ", " or ", " and not ", " or not "]), min_size=4, max_size=4))
def test_it_means_what_python_means(parts, joints):
    expression = parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:]))
    rows = [{name: column[i].item() for name, column in TABLE.items()} for i in range(4)]
    wanted = [bool(eval(expression, {}, row)) for row in rows]
    if any(wanted):
        assert select(expression, TABLE).tolist() == wanted
        assert select(canonical(expression), TABLE).tolist() == wanted
    else:
        with pytest.raises(SelectorError, match="no place fits"):
            select(expression, TABLE)


def test_one_spelling():
    assert canonical('kind=="core"  and(pilot)') == canonical("kind == 'core' and pilot")
    assert parse("pilot") is not None


def test_columns_of_the_prefecture():
    table = load_ground("changzhi").table
    for column in ("key", "kind", "admin_level", "functional_type", "pilot", "resident_population",
                   "resident_urbanization_rate", "home_price_yuan_per_m2"):
        assert len(table[column]) == 12
    assert 0 < table["resident_urbanization_rate"].min() < table["resident_urbanization_rate"].max() < 1
    assert select("kind == 'county_town'", table).sum() == 8
    assert select("kind == 'core'", table).sum() == 1
    assert select("pilot", table).tolist() == (table["key"] == "zhangzi").tolist()
