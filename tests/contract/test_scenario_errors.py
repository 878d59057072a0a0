"""Every mistake in a scenario has one exact text: these are promises to people who write scenarios."""

from __future__ import annotations

import textwrap

import pytest

from model.spec.registry import REGISTRY
from scenarios import ProblemsError, load
from scenarios.fields import param_limits

HEAD = "name: {en: Test, zh: 测试}\n"

MALFORMED = {
    "misspelt lever, parameter and key": (
        """
        sede: 3
        set:
          levers.hukou_rent_rout: 1
          params.beta_ww: 1
        """,
        """
        3 problems in bad.yaml
          2:1  sede                    unknown key; did you mean seeds?
          4:3  levers.hukou_rent_rout  unknown lever; did you mean hukou_rent_route?
          5:3  params.beta_ww          unknown parameter; did you mean beta_w?
        """,
    ),
    "wrong unit": (
        """
        set:
          levers.rental_housing_units: 600 dwelling/month
          levers.job_matching: 90%
          levers.dormitory_beds: {add: many}
          levers.school_seats: {times: 2 seat/year}
        """,
        """
        4 problems in bad.yaml
          3:3   levers.rental_housing_units  wrong unit dwelling/month: this is in dwelling/year
          4:3   levers.job_matching          wrong unit %: shares are written from 0 to 1, not 90%; write 0.9
          5:27  levers.dormitory_beds.add    many is not a number; write it in bed/year
          6:25  levers.school_seats.times    2 seat/year is not a number
        """,
    ),
    "out of range": (
        """
        set:
          levers:
            job_matching: 3
            hukou_rent_route: {ramp: {2024-07: -1}}
        scale: 1.5
        seeds: {first: 1, count: 0}
        """,
        """
        4 problems in bad.yaml
          4:5   levers.job_matching                   3 is above the limit 1 (allowed 0 to 1 share)
          5:31  levers.hukou_rent_route.ramp.2024-07  -1 is below the limit 0 (allowed 0 to 1 share)
          6:1   scale                                 1.5 is above the limit 1 (allowed 0.001 to 1 of the population)
          7:19  seeds.count                           0 is below the limit 1 (allowed 1 to 100000)
        """,
    ),
    "unknown place, column and no place": (
        """
        set:
          levers.school_seats: {times: 2, where: "key == 'zhangzhi'"}
          levers.job_matching: {value: 1, where: "functional_typ == 'core'"}
          levers.teacher_rotation: {value: 0.1, where: "kind = 'core'"}
          levers.childcare_places: {value: 3, where: zhangzi}
          levers.homestead_reform: {value: 0.3, where: "pilot and kind == 'core'"}
        """,
        """
        5 problems in bad.yaml
          3:35  levers.school_seats.where      unknown place 'zhangzhi'; did you mean zhangzi?
          4:35  levers.job_matching.where      unknown column functional_typ; did you mean functional_type?
          5:41  levers.teacher_rotation.where  cannot be read as a condition; equality is ==
          6:39  levers.childcare_places.where  zhangzi is a place, not a column; write key == 'zhangzi'
          7:41  levers.homestead_reform.where  no place fits
        """,
    ),
    "bad date": (
        """
        end: 2027-13
        set:
          levers.school_seats: {times: 2, from: 2019-07}
          levers.job_matching: {value: 1, from: 2025-07, to: 2025-06}
          levers.childcare_places: {2024: 3}
          levers.teacher_rotation: {ramp: {2019-01: 0.1, 2024-07: 0.2}}
        """,
        """
        5 problems in bad.yaml
          2:1   end                           2027-13 is not a month; write YYYY-MM, like 2024-07
          4:35  levers.school_seats.from      2019-07 is before the scenario starts (2020-11)
          5:50  levers.job_matching.to        2025-06 is before it begins (2025-07)
          6:29  levers.childcare_places.2024  2024 is not a month; write YYYY-MM, like 2024-07
          7:29  levers.teacher_rotation.ramp  2019-01 is before the scenario starts (2020-11)
        """,
    ),
    "duplicate key": (
        """
        set:
          levers.job_matching: 1
          levers.job_matching: 0.9
          levers: {job_matching: 0.8}
          levers.x: 1
        """,
        """
        3 problems in bad.yaml
          4:3   levers.job_matching  written twice; the first is in line 3
          5:12  levers.job_matching  written twice; the first is in line 3
          6:3   levers.x             unknown lever
        """,
    ),
    "not YAML": (
        "set: [1",
        """
        1 problem in bad.yaml
          3:1  not YAML: expected ',' or ']', but got '<stream end>'
        """,
    ),
    "full-width colon": (
        """
        set：
          levers.job_matching: 1
        """,
        """
        1 problem in bad.yaml
          2:4  `：` is a full-width colon; write `:` and a space
        """,
    ),
    "full-width colon inside": (
        """
        set:
          levers.job_matching：1
        """,
        """
        1 problem in bad.yaml
          3:3  set  a map of keys is meant; `：` is a full-width colon, write `:` and a space
        """,
    ),
    "tab": (
        "set:\n\tlevers.job_matching: 1",
        """
        1 problem in bad.yaml
          3:1  a tab stands where YAML wants spaces
        """,
    ),
    "anchors, aliases, tags and merge keys": (
        """
        a: &a [x, x]
        b: [*a, *a]
        c: !!python/object/apply:os.system [ls]
        d: {<<: {e: 1}}
        """,
        """
        5 problems in bad.yaml
          2:4  a     the anchor &a is not read; write the value where it is used
          3:5  b[0]  the alias *a is not followed; write the value here again
          3:9  b[1]  the alias *a is not followed; write the value here again
          4:4  c     the tag !!python/object/apply:os.system is not read; only !reset is
          5:5  d     the merge key << is not read; use extends or mix
        """,
    ),
    "nested as an attack": (
        "set: " + "[" * 3000,
        """
        1 problem in bad.yaml
          2:18  nested more than 12 deep
        """,
    ),
    "two documents": (
        "---\nset: {}",
        """
        1 problem in bad.yaml
          2:1  a second document (`---`); one file holds one scenario
        """,
    ),
    "stray kinds of settings": (
        """
        levers: {job_matching: 1}
        set:
          job_matching: 1
          levers.school_seats: {value: 4000, times: 2}
          levers.teacher_rotation: {from: 2024-07}
          levers.childcare_places: []
          levers.homestead_reform:
          levers.debt_ceiling: !reset
        """,
        """
        7 problems in bad.yaml
          2:1   levers                   unknown key; levers stand under `set`
          4:3   job_matching             unknown key; a lever is set as levers.job_matching, under `set`
          5:3   levers.school_seats      value and times cannot stand together
          6:3   levers.teacher_rotation  one of value, times, add, ramp, steps, series is missing
          7:3   levers.childcare_places  an empty list sets nothing; leave the key out
          8:3   levers.homestead_reform  no value; write one or leave the key out
          9:24  levers.debt_ceiling      there is nothing here to !reset
        """,
    ),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder of one's own, so that messages name files as a user sees them."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def block(text: str) -> str:
    return textwrap.dedent(text).strip()


def said(*arguments, **options) -> str:
    with pytest.raises(ProblemsError) as caught:
        load(*arguments, **options)
    return caught.value.problems_text


@pytest.mark.parametrize("name", MALFORMED)
def test_the_exact_text(here, name):
    content, expected = MALFORMED[name]
    (here / "bad.yaml").write_text(HEAD + block(content) + "\n", encoding="utf-8")
    assert said("bad.yaml") == block(expected)


def test_two_mixes_that_set_one_key(here):
    (here / "one.yaml").write_text("set:\n  levers.job_matching: 1\n  params.beta_w: 1\n", encoding="utf-8")
    (here / "two.yaml").write_text("set:\n  params.beta_w: 1\n  levers: {job_matching: 1}\n", encoding="utf-8")
    (here / "bad.yaml").write_text("mix: [one.yaml, rural_revival, two.yaml]\n", encoding="utf-8")
    assert said("bad.yaml") == block("""
        2 problems in bad.yaml
          1:32  mix[2]  one.yaml and two.yaml both set levers.job_matching (one.yaml:2 and two.yaml:3)
          1:32  mix[2]  one.yaml and two.yaml both set params.beta_w (one.yaml:3 and two.yaml:2)
    """)


def test_the_two_ways_to_reform_settlement_are_alternatives(here):
    (here / "bad.yaml").write_text("mix: [rent_settlement, settlement_reform]\n", encoding="utf-8")
    text = said("bad.yaml")
    assert text.startswith("1 problem in bad.yaml\n  1:24  mix[1]  rent_settlement and settlement_reform both set ")
    assert "levers.hukou_rent_route (mixes/rent_settlement.yaml:" in text


def test_a_total_beyond_its_limit_is_told_where_it_was_made(here):
    lever = REGISTRY.levers["rental_housing_units"]
    (here / "bad.yaml").write_text("set:\n  levers.rental_housing_units: {times: 1000}\n", encoding="utf-8")
    made, high = format(1000 * lever.practice, ".6g"), format(lever.bounds[1], ".10g")
    assert said("bad.yaml") == block(f"""
        1 problem in bad.yaml
          2:33  levers.rental_housing_units.times  makes {float(made):.10g} in the whole prefecture, above the """
        f"""limit {high} (allowed 0 to {high} dwelling/year)
    """)


def test_a_parameter_beyond_its_prior_is_refused(here):
    low, high = param_limits(REGISTRY.params["beta_w"])
    (here / "bad.yaml").write_text(f"set:\n  params.beta_w: {high + 1}\n  params.beta_d: -1\n", encoding="utf-8")
    unit = REGISTRY.params["beta_w"].unit
    assert said("bad.yaml") == block(f"""
        2 problems in bad.yaml
          2:3  params.beta_w  {high + 1:.10g} is above the limit {high:.10g} (allowed {low:.10g} to {high:.10g} {unit})
          3:3  params.beta_d  is computed as -ratio_dist_income x beta_w and cannot be set
    """)


def test_a_circle_is_printed(here):
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (here / f"{name}.yaml").write_text(f"extends: {parent}.yaml\n", encoding="utf-8")
    assert said("a.yaml") == block("""
        1 problem in c.yaml
          1:10  extends  extends goes in a circle: a -> b -> c -> a
    """)


def test_a_mistake_in_a_parent_is_told_with_the_parent(here):
    (here / "parent.yaml").write_text("set:\n  levers.job_matching: 2\n", encoding="utf-8")
    (here / "child.yaml").write_text("extends: parent.yaml\nset:\n  levers.x_y_z: 1\n", encoding="utf-8")
    assert said("child.yaml") == block("""
        1 problem in child.yaml
          3:3  levers.x_y_z  unknown lever
        1 problem in parent.yaml
          2:3  levers.job_matching  2 is above the limit 1 (allowed 0 to 1 share)
    """)


def test_the_command_line(here):
    overrides = ["levers.hukou_rent_rout=1", "scale=2", "foo", "levers.job_matching.value=[", "mix=[a]"]
    assert said("action_plan", overrides) == block("""
        5 problems in the command line
          --set foo: write it as key=value, like levers.job_matching=0.9
          --set levers.hukou_rent_rout: unknown lever; did you mean hukou_rent_route?
          --set levers.job_matching.value: '[' is not YAML
          --set mix: cannot be given on the command line
          --set scale: 2 is above the limit 1 (allowed 0.001 to 1 of the population)
    """)


def test_a_scenario_that_is_not_there(here):
    assert said("actionplan") == block("""
        1 problem in the command line
          actionplan: unknown scenario; did you mean action_plan?
    """)
    assert said("no/such.yaml") == block("""
        1 problem in the command line
          no/such.yaml: there is no such file
    """)
    (here / "bad.yaml").write_text("extends: curent_practice\nmix: [rural_revivl]\n", encoding="utf-8")
    assert said("bad.yaml") == block("""
        1 problem in bad.yaml
          1:10  extends  unknown scenario curent_practice; did you mean current_practice?
    """)


def test_what_is_no_text_at_all(here):
    (here / "empty.yaml").write_text("# nothing\n", encoding="utf-8")
    (here / "list.yaml").write_text("- a\n- b\n", encoding="utf-8")
    (here / "latin.yaml").write_bytes("a: 1\nname: \xe9\n".encode("latin-1"))
    (here / "huge.yaml").write_text("# " + "x" * 300_000, encoding="utf-8")
    assert said("empty.yaml") == "1 problem in empty.yaml\n  1:1  the file is empty"
    assert said("list.yaml") == "1 problem in list.yaml\n  1:1  a scenario is a map of keys, like `name: ...`"
    assert said("latin.yaml") == "1 problem in latin.yaml\n  2:1  not UTF-8 text; save the file as UTF-8"
    assert said("huge.yaml") == "1 problem in huge.yaml\n  1:1  300002 bytes; a scenario has at most 262144"


def test_a_mix_holds_only_settings(here):
    (here / "piece.yaml").write_text("scale: 1\nset: {levers.job_matching: 1}\n", encoding="utf-8")
    (here / "bad.yaml").write_text("mix: [piece.yaml]\n", encoding="utf-8")
    assert said("bad.yaml") == block("""
        1 problem in piece.yaml
          1:1  scale  a mix holds only name, title and set
    """)
