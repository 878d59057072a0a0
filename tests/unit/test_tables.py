"""Tables refuse what they must, all at once; lookups, censuses, rates and drivers say what they promise."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from model.world import tables as t
from model.world.datafiles import BOOKS, SOURCES, Schema, parse_table
from model.world.places import build_places

SCHEMA = Schema("unit_of_measure", ("value",), required=("unit", "quantity", "year"))
HEADER = "unit,quantity,value,unit_of_measure,year,source,confidence\n"
GOOD = "a,rent,7.5,yuan/m2/month,2020,a bulletin,published\n"


@pytest.fixture(scope="module")
def prefecture() -> t.Prefecture:
    return t.load_prefecture()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may break."""
    return Path(shutil.copytree(t.data_root(), tmp_path / "data"))


def problems_of(text: str) -> list[str]:
    return parse_table(text, "state.csv", SCHEMA)[1]


# what a table refuses


def test_a_good_table_has_no_problem():
    table, problems = parse_table(HEADER + GOOD, "state.csv", SCHEMA)
    assert problems == []
    assert table is not None and table.figure(0).value == 7.5 and table.figure(0).key("unit") == "a"


def test_refuses_a_missing_unit_column():
    (problem,) = problems_of(HEADER.replace("unit_of_measure,", "") + GOOD.replace("yuan/m2/month,", ""))
    assert problem.startswith("state.csv:1 ") and "unit_of_measure" in problem


def test_refuses_a_blank_unit():
    (problem,) = problems_of(HEADER + GOOD.replace("yuan/m2/month", " "))
    assert problem.startswith("state.csv:2 ") and "write the unit" in problem


@pytest.mark.parametrize("value", ["seven", "", "nan", "inf", "7,5"])
def test_refuses_a_value_that_is_no_number(value: str):
    (problem,) = problems_of(HEADER + GOOD.replace("7.5", f'"{value}"'))
    assert problem.startswith("state.csv:2 ") and "plain decimal number" in problem


def test_refuses_an_unknown_class():
    (problem,) = problems_of(HEADER + GOOD.replace("published", "guessed"))
    assert "'guessed'" in problem and "published, derived, recalled, assumed" in problem


def test_refuses_a_blank_source_and_a_short_row():
    problems = problems_of(HEADER + GOOD.replace("a bulletin", "") + "a,rent,1\n")
    assert len(problems) == 2 and "source is blank" in problems[0] and problems[1].startswith("state.csv:3 ")


def test_lists_all_problems_at_once(root: Path):
    path = root / "prefectures" / "default.txt"
    folder = root / "prefectures" / path.read_text(encoding="utf-8").strip()
    state = folder / "state.csv"
    lines = state.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([cells[0], cells[1], "many", "", *cells[4:]]).rsplit(",", 1)[0] + ",guessed"
    state.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(t.DataError) as caught:
        t.load_prefecture(data_root=root)
    text = str(caught.value)
    assert len(caught.value.problems) == 4, text
    for part in ("checksum", "unit_of_measure is blank", "'many'", "'guessed'", "state.csv:2"):
        assert part in text


# checksums and sources


def test_what_is_held_against_results_names_no_run(root: Path):
    before, lived = t.data_digest(root), t.data_digest(root, lived=True)
    for name in BOOKS:
        with (root / name).open("a", encoding="utf-8") as handle:
            handle.write("\n")
    t.refresh_sources(root)
    assert t.data_digest(root) != before and t.data_digest(root, lived=True) == lived
    with (root / "plan" / "measures.csv").open("a", encoding="utf-8") as handle:
        handle.write("\n")
    t.refresh_sources(root)
    assert t.data_digest(root, lived=True) != lived


def test_refuses_a_changed_checksum(root: Path):
    path = root / "statistics" / "fiscal.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",480,", ",481,", 1), encoding="utf-8")
    with pytest.raises(t.DataError, match=r"fiscal\.csv: checksum .* --refresh-sources"):
        t.read_table("statistics/fiscal.csv", root)
    with pytest.raises(t.DataError, match=r"fiscal\.csv"):
        t.load_prefecture(data_root=root)
    before = t.data_digest(root)
    assert t.refresh_sources(root) == []
    assert t.data_digest(root) != before
    t.load_prefecture(data_root=root)


def test_names_missing_and_unlisted_files_together(root: Path):
    (root / "plan" / "targets.csv").unlink()
    (root / "statistics" / "new.csv").write_text("adcode\n", encoding="utf-8")
    with pytest.raises(t.DataError) as caught:
        t.verify_sources(root)
    assert [p.split(":")[0] for p in caught.value.problems] == ["plan/targets.csv", "statistics/new.csv"]
    with pytest.raises(t.DataError, match=r"no row in SOURCES\.csv"):
        t.read_table("statistics/new.csv", root)


def test_a_new_file_needs_its_text(root: Path):
    (root / "statistics" / "new.csv").write_text("adcode\n", encoding="utf-8")
    assert t.refresh_sources(root) == ["statistics/new.csv"]
    with pytest.raises(t.DataError, match=r"title is blank for statistics/new\.csv"):
        t.verify_sources(root)


def test_needs_the_list_of_sources(root: Path):
    (root / SOURCES).unlink()
    with pytest.raises(t.DataError, match=r"SOURCES\.csv is missing"):
        t.load_prefecture(data_root=root)


def test_data_root_follows_the_environment(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XIANCHENG_DATA", str(root))
    assert t.data_root() == root
    assert t.load_prefecture().root == root


def test_default_prefecture_is_named_or_alone(root: Path):
    named = t.default_prefecture(root)
    (root / "prefectures" / "default.txt").unlink()
    assert t.default_prefecture(root) == named
    (root / "prefectures" / "another").mkdir()
    with pytest.raises(t.DataError, match=r"default\.txt"):
        t.default_prefecture(root)
    with pytest.raises(t.DataError, match="there are"):
        t.load_prefecture("nowhere", root)


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "prefectures" / t.default_prefecture(root) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    t.refresh_sources(root)


def test_a_prefecture_is_read_once_until_a_file_changes(root: Path):
    first = t.load_prefecture(data_root=root)
    assert t.load_prefecture(data_root=root) is first
    os.utime(root / "prefectures" / first.key / "state.csv", ns=(1, 1))
    assert t.load_prefecture(data_root=root) is not first


def test_places_are_made_once_but_their_tables_are_new(prefecture: t.Prefecture):
    one, two = build_places(prefecture), build_places(prefecture)
    assert one.dist_km is two.dist_km and not one.dist_km.flags.writeable
    one.places.urban[:] = 7
    one.markets.homes[:] = 7
    assert not (two.places.urban == 7).any() and not (build_places(prefecture).markets.homes == 7).any()


def test_state_needs_every_unit_once(root: Path, prefecture: t.Prefecture):
    first, second = prefecture.unit_keys[:2]
    edit(root, "state.csv", f"\n{first},tfr,", f"\n{second},tfr,")
    with pytest.raises(t.DataError) as caught:
        t.load_prefecture(data_root=root)
    assert any("already on line" in p for p in caught.value.problems)
    assert any(f"tfr has no row for {first}" in p for p in caught.value.problems)
    edit(root, "state.csv", f"\n{second},tfr,", "\natlantis,tfr,")
    with pytest.raises(t.DataError, match="'atlantis' is not in units"):
        t.load_prefecture(data_root=root)


def test_outside_needs_every_quantity(root: Path, prefecture: t.Prefecture):
    edit(root, "outside.csv", f"{prefecture.outside_keys[0]},lat,", f"{prefecture.outside_keys[0]},latitude,")
    with pytest.raises(t.DataError, match=f"{prefecture.outside_keys[0]} has no row for lat"):
        t.load_prefecture(data_root=root)


def test_census_rows_must_exist(root: Path, prefecture: t.Prefecture):
    edit(root, "prefecture.json", prefecture.unit_adcodes[1], "999999")
    with pytest.raises(t.DataError, match="no row with code 999999"):
        t.load_prefecture(data_root=root)


# lookups


def test_statistics_give_value_and_provenance(prefecture: t.Prefecture):
    statistics = t.Statistics(prefecture.root)
    value, figure = statistics.value("population", "urban_pop_census", prefecture.area.adcode, 2020)
    assert value == prefecture.census_total[2020]["urban"][0]
    assert figure.confidence in t.CONFIDENCE and figure.unit == "persons" and figure.source and figure.line > 1
    assert list(statistics.used) == [("statistics/population.csv", figure.line)]


def test_statistics_say_what_there_is(prefecture: t.Prefecture):
    statistics, code = t.Statistics(prefecture.root), prefecture.area.adcode
    with pytest.raises(t.DataError, match=r"no row for urban_pop_census.*years there: 2010, 2020"):
        statistics.value("population", "urban_pop_census", code, 1990)
    with pytest.raises(t.DataError, match="rows for pop_age_sex"):
        statistics.value("demography", "pop_age_sex", code, 2020, sex="male")
    with pytest.raises(t.DataError, match="not in the file"):
        statistics.value("fiscal", "gold", code, 2020)


def test_unknown_table_has_no_schema(root: Path):
    with pytest.raises(t.DataError, match="no schema"):
        t.read_table("plan/measures.csv", root)


def test_unit_lookup_names_the_units(prefecture: t.Prefecture):
    assert prefecture.unit_index(prefecture.core_unit) == prefecture.core
    with pytest.raises(KeyError, match=prefecture.unit_keys[0]):
        prefecture.unit_index("atlantis")
    assert prefecture.figure("tfr", prefecture.core_unit).confidence == "derived"


# rates


def test_fertility_has_each_units_own_total(prefecture: t.Prefecture):
    rates = prefecture.fertility(2020)
    assert rates.shape == (prefecture.n_units, len(t.FERTILE_AGES))
    np.testing.assert_allclose(5 * rates.sum(axis=1), prefecture.state["tfr"])
    assert (prefecture.fertility(2023) < rates).all()
    np.testing.assert_array_equal(prefecture.fertility(2023, trend=False), rates)


def test_mortality_and_sex_at_birth_are_plausible(prefecture: t.Prefecture):
    rates = prefecture.mortality(2020)
    assert rates.shape == (len(t.MORTALITY_AGES), 2)
    assert ((rates > 0) & (rates < 1)).all()
    assert (np.diff(rates[6:], axis=0) > 0).all()
    assert (rates[:, 0] > rates[:, 1]).all()
    assert (prefecture.mortality(2010) != rates).any()
    np.testing.assert_array_equal(prefecture.mortality(2035), prefecture.mortality(2027))
    assert 0.51 < prefecture.male_share_at_birth(2021) < 0.54


# drivers


def test_months_are_ordinals():
    assert t.ordinal("2020-11") == 2020 * 12 + 10
    assert t.month_range("2020-11", 3) == [24250, 24251, 24252]
    for wrong in ("2020-13", "2020", "November"):
        with pytest.raises(ValueError, match="YYYY-MM"):
            t.ordinal(wrong)


def test_an_index_starts_at_one_and_follows_its_future(prefecture: t.Prefecture):
    months = t.month_range(prefecture.reference_month, 86)
    low, central, high = (prefecture.drivers(f, months, "2020-12") for f in t.FUTURES)
    for name in prefecture.driver_table.names:
        assert central[name].shape == (86,)
        assert low[name][-1] < central[name][-1] < high[name][-1]
        if name.endswith("_index"):
            assert central[name][0] == 1.0
    mixed = prefecture.drivers({prefecture.driver_table.names[0]: "high"}, months, "2020-12")
    for i, name in enumerate(prefecture.driver_table.names):
        np.testing.assert_array_equal(mixed[name], (high if i == 0 else central)[name])


def test_observed_years_do_not_depend_on_the_future(prefecture: t.Prefecture):
    months = t.month_range(prefecture.reference_month, 49)
    low, high = (prefecture.drivers(f, months) for f in ("low", "high"))
    rate = "province_urban_percent"
    np.testing.assert_array_equal(low[rate], high[rate])
    observed = {f.key("period"): f.value for f in prefecture.driver_table.figures
                if f.key("driver") == rate and f.key("future") == "observed"}
    assert prefecture.drivers(months=["2022-12"])[rate][0] == observed["2022-12"]


def test_nothing_published_after_the_origin_is_read(prefecture: t.Prefecture, root: Path):
    months = t.month_range(prefecture.reference_month, 86)
    origin = "2022-06"
    path = root / "prefectures" / prefecture.key / "drivers.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [x for x in lines if x.split(",")[1] != "observed" or x.rsplit(",", 1)[1][:7] <= origin]
    assert len(kept) < len(lines)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    t.refresh_sources(root)
    blind = t.load_prefecture(data_root=root)
    with_all, without = prefecture.drivers("central", months, origin), blind.drivers("central", months)
    for name, series in with_all.items():
        np.testing.assert_array_equal(series, without[name])
    assert any((series != prefecture.drivers("central", months)[n]).any() for n, series in with_all.items())


def test_drivers_reach_back_to_the_earlier_census(prefecture: t.Prefecture):
    months = t.month_range("2010-11", 121)
    series = prefecture.drivers(months=months, base="2010-11")
    assert all(np.isfinite(x).all() for x in series.values())
    with pytest.raises(t.DataError, match=r"no level at or before|no figure for"):
        prefecture.drivers(months=["2005-01"])


def test_unknown_futures_and_drivers_are_named(prefecture: t.Prefecture):
    with pytest.raises(ValueError, match="futures are low, central, high"):
        prefecture.drivers("rosy")
    with pytest.raises(ValueError, match="drivers are"):
        prefecture.drivers({"weather": "low"})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",observed,2021,", ",seen,2021,", "future 'seen' is unknown"),
        (",low,2021,", ",low,2021-05,", "a future is a change a year"),
        (",2022-04-30", ",soon", "date of publication"),
        (",observed,2021,", ",observed,2021-13,", "must be YYYY for growth"),
    ],
)
def test_driver_rows_are_checked(root: Path, old: str, new: str, says: str):
    edit(root, "drivers.csv", old, new)
    with pytest.raises(t.DataError, match=says):
        t.load_prefecture(data_root=root)
