"""What the run command prints, writes and ends with; an engine of a few numbers stands in for the model."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import cli, load
from analysis.cli import run as command
from analysis.screen import columns, number
from analysis.study import reports
from analysis.summary import yearly
from model.spec.registry import REGISTRY
from runs.api import carry_out
from tests.unit.fake_engine import MARKETS, MONTHS
from tests.unit.fake_plan import ENGINE, FakeScenario, fake_plan

DECEMBERS = [f"{year}-12" for year in range(2020, 2028)]


@pytest.fixture
def faked(tmp_path, monkeypatch):
    """The command with the fake engine under it: scenario names are effects, `base` being none."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("XIANCHENG_CACHE", str(tmp_path / "cache"))
    engine = ["simulate"]

    def run(names, *, scale, minutes, seeds, overrides, out, workers, threads, figures, lang, parameters):
        chosen = [FakeScenario(name, effect=float(i)) for i, name in enumerate(names)]
        return carry_out(
            fake_plan(*chosen, scale=scale, seeds=seeds), out=out, workers=0, simulate=f"{ENGINE}:{engine[0]}",
            reports=reports(figures=False), progress=False,
        )

    monkeypatch.setattr("analysis.study.run", run)
    return engine


def call(*arguments: str):
    return CliRunner().invoke(command.run, list(arguments), standalone_mode=False)


def test_json_is_one_object_of_the_agreed_shape(faked):
    done = call("base", "plan", "--seeds", "3", "--json")
    assert done.exit_code == 0 and done.return_value == 0
    assert done.stdout.count("\n") == 1
    told = json.loads(done.stdout, parse_constant=lambda text: pytest.fail(f"{text} is not JSON"))
    assert set(told) == {"run_id", "scale", "seeds", "scenarios", "counties", "differences"}
    assert told["seeds"] == [1, 2, 3] and told["scale"] == 0.001
    assert list(told["scenarios"]) == ["base", "plan"] and list(told["differences"]) == ["plan"]
    outcomes = ["births", "resident_population", "resident_urbanization_rate", "urban_rural_income_ratio"]
    for of in (told["scenarios"]["base"], told["counties"]["plan"]["south"], told["differences"]["plan"]):
        assert sorted(set(of) - {"moves_by_origin_destination"}) == outcomes
    levels = told["scenarios"]["base"]["resident_urbanization_rate"]
    assert list(levels) == DECEMBERS
    assert set(levels["2027-12"]) == {"mean", "p05", "p95"}
    assert set(told["differences"]["plan"]["births"]["2024-12"]) == {"mean", "se", "p05", "p95"}
    assert set(told["counties"]["base"]) == {"north", "south"}
    assert told["differences"]["plan"]["resident_urbanization_rate"]["2027-12"]["mean"] == pytest.approx(0.02)
    moves = told["scenarios"]["plan"]["moves_by_origin_destination"]
    assert list(moves) == DECEMBERS
    assert set(moves["2020-12"]) == set(MARKETS) == set(moves["2020-12"]["coast"])


def test_numbers_that_are_not_finite_are_null(faked):
    told = json.loads(call("base", "plan", "--seeds", "1", "--json").stdout)
    assert told["differences"]["plan"]["births"]["2027-12"]["se"] is None


def test_the_last_line_is_the_folder_and_the_table_has_readable_units(faked, tmp_path):
    done = call("base", "plan", "--seeds", "3", "--lang", "en", "--out", str(tmp_path / "mine"))
    lines = done.stdout.splitlines()
    assert lines[-1] == str(tmp_path / "mine")
    row = next(line for line in lines if line.startswith("Resident urbanisation rate"))
    assert "+2.00 pp" in row and "[+2.00, +2.00]" in row
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "base.scenario.resolved.yaml", "log.jsonl", "manifest.json", "moves.parquet", "plan.scenario.resolved.yaml",
        "programmes.parquet", "results.parquet", "summary.csv", "summary.xlsx",
    ]


def test_a_folder_is_written_anew_but_never_someone_elses(faked, tmp_path, capsys):
    mine = tmp_path / "mine"
    call("base", "plan", "--seeds", "2", "--out", str(mine))
    call("base", "--seeds", "3", "--out", str(mine))
    assert not (mine / "plan.scenario.resolved.yaml").exists()
    assert load.experiment(mine).seeds == (1, 2, 3)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").touch()
    assert cli.main(["run", "base", "--out", str(tmp_path / "other")]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.docx"]


def test_one_scenario_alone_is_fine(faked):
    done = call("base", "--seeds", "2", "--lang", "zh")
    assert done.return_value == 0
    assert "常住人口城镇化率" in done.stdout and "差异" not in done.stdout
    assert json.loads(call("base", "--seeds", "2", "--json").stdout)["differences"] == {}


def test_without_arguments_the_plan_is_compared_with_current_practice(faked):
    told = json.loads(call("--json").stdout)
    assert list(told["scenarios"]) == ["current_practice", "action_plan"]
    assert told["scale"] == 0.01 and told["seeds"] == list(range(1, 9))


def test_failed_runs_end_with_1_and_are_counted(faked):
    faked[0] = "fails_on_two"
    done = call("base", "plan", "--seeds", "3", "--json")
    assert done.return_value == 1
    assert "2 runs failed" in done.stderr and "heads do not add up" in done.stderr and ".error.json" in done.stderr
    gaps = json.loads(done.stdout)["differences"]["plan"]["resident_urbanization_rate"]["2027-12"]
    assert gaps["mean"] == pytest.approx(0.02)


def test_when_all_runs_fail_nothing_is_printed_on_stdout(faked):
    faked[0] = "tells"
    done = call("base", "--seeds", "1", "--json")
    assert done.return_value == 1
    assert "all 1 runs failed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["base", "--scale", "2"], "share of the population"), (["base", "base"], "called base"),
        (["--seeds", "0"], "--seeds"), (["--lang", "fr"], "fr"), (["--sed", "3"], "--sed"),
    ],
)
def test_bad_input_ends_with_2(faked, capsys, arguments, words):
    assert cli.main(["run", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == "" and words in told.err


def test_an_interruption_ends_with_130(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.study.run", interrupted)
    assert cli.main(["run", "base"]) == 130
    assert capsys.readouterr().out == ""


def test_months_become_years_as_declared(faked):
    frame = carry_out(fake_plan(seeds=1), workers=0, simulate=f"{ENGINE}:simulate", progress=False).frame()
    years = yearly(frame).query("scenario == 'base' and place == 'city'").set_index(["indicator", "month"])["value"]
    # Births are 3 a month with seed 1: two months in 2020, twelve in 2021.
    assert years["births", "2020-12"] == 6.0 and years["births", "2021-12"] == 36.0
    raw = frame.query("scenario == 'base' and place == 'city' and month == '2021-12'").set_index("indicator")["value"]
    assert years["resident_population", "2021-12"] == raw["resident_population"]


def test_the_summary_opens_in_a_spreadsheet(faked, tmp_path):
    call("base", "plan", "--seeds", "3", "--out", str(tmp_path / "mine"))
    assert (tmp_path / "mine" / "summary.csv").read_bytes().startswith("\ufeffscenario,".encode())
    table = pd.read_csv(tmp_path / "mine" / "summary.csv")
    row = table.query("scenario == 'plan' and month == '2027-12' and place == 'city'").set_index("indicator")
    assert row.loc["resident_urbanization_rate", "difference_mean"] == pytest.approx(0.02)
    assert row.loc["resident_urbanization_rate", "indicator_zh"] == "常住人口城镇化率"
    assert load.experiment(tmp_path / "mine").scenarios == ("base", "plan")
    assert len(load.tidy(tmp_path / "mine")) == 6 * 4 * len(MONTHS) * 3
    assert len(load.moves(tmp_path / "mine")) == 6 * 8 * len(MARKETS) ** 2


def test_numbers_as_people_read_them():
    share, people = (REGISTRY.indicators[key] for key in ("resident_urbanization_rate", "resident_population"))
    assert number(0.5612, share) == "56.12 %"
    assert number(-0.0042, share, "+") == "-0.42 pp"
    assert number(-0.0012, REGISTRY.indicators["net_migration_rate"]) == "-1.20 ‰"
    assert number(3_180_884.4, people) == "3,180,884"
    assert number(math.nan, share) == "-"
    assert number(1234.5, None) == "1,234" and number(2.345, None) == "2.35" and number(0.1234, None) == "0.123"


def test_chinese_is_two_columns_wide():
    assert columns([["指标", "1"], ["abc", "22"]]) == ["指标   1", "abc   22"]
