"""The command line before any science: quick help, nearest commands, exit codes, errors as text."""

import subprocess
import sys
import time
import types

import click
import pytest

from analysis import cli

HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "numba", "mesa", "SALib", "pyarrow", "ruamel"}


def python(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def command(monkeypatch):
    """Put a command `fake` with this body into the table."""

    def put(body):
        module = types.ModuleType("fake_command_module")
        module.fake = click.command("fake")(body)
        monkeypatch.setitem(sys.modules, "fake_command_module", module)
        monkeypatch.setitem(cli.COMMANDS, "fake", ("fake_command_module:fake", "A fake."))

    return put


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("code", ["from analysis.cli import main; main(['--help'])", "import xiancheng"])
def test_nothing_scientific_is_imported(code):
    done = python(f"{code}\nimport sys; print(*sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)")
    assert done.returncode == 0
    assert done.stderr.strip() == ""


def test_a_check_loads_no_kernels_and_no_tables_or_figures():
    """Scenarios are read by ruamel and numpy; the rest of HEAVY would treble the time."""
    done = python(
        "from analysis.cli import main; main(['check', 'current_practice'])\n"
        f"import sys; print(*sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    assert done.stdout.startswith("ok  current_practice")
    assert set(done.stderr.split()) <= {"numpy", "ruamel"}


def test_help_is_quick():
    def best(code):
        times = []
        for _ in range(5):
            started = time.perf_counter()
            python(code)
            times.append(time.perf_counter() - started)
        return min(times)

    # 0.05 s when nothing else runs; one import of numpy or pandas would add 0.1 to 0.4 s.
    assert best("from analysis.cli import main; main(['--help'])") - best("pass") < 0.15


def test_help_names_every_command(capsys):
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in cli.COMMANDS)


def test_no_argument_shows_help(capsys):
    assert cli.main([]) == 0
    assert "Commands:" in capsys.readouterr().out


def test_short_help_and_version(capsys):
    assert cli.main(["-h"]) == 0
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.rstrip().split("\n")[-1].startswith("xiancheng 0.")


# ---------------------------------------------------------------- wrong words


@pytest.mark.parametrize(("typed", "meant"), [("rum", "run"), ("explian", "explain"), ("docter", "doctor")])
def test_the_nearest_command_is_named(typed, meant, capsys):
    assert cli.main([typed]) == cli.BAD_INPUT
    assert f"No such command '{typed}'. Did you mean '{meant}'?" in capsys.readouterr().err


def test_a_word_near_nothing_gets_the_list(capsys):
    assert cli.main(["qqqqqq"]) == cli.BAD_INPUT
    assert f"There are: {', '.join(cli.COMMANDS)}." in capsys.readouterr().err.replace("\n", " ")


def test_an_unknown_option_is_bad_input(capsys):
    assert cli.main(["doctor", "--jsn"]) == cli.BAD_INPUT
    assert "--json" in capsys.readouterr().err


# ---------------------------------------------------------------- exit codes and errors


def raising(error):
    def body():
        raise error

    return body


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), (True, 0), ("text", 0)])
def test_what_a_command_returns(command, result, code):
    command(lambda: result)
    assert cli.main(["fake"]) == code


def test_a_command_may_exit_through_click(command):
    command(lambda: click.get_current_context().exit(1))
    assert cli.main(["fake"]) == cli.FAILED


def test_an_interrupt_ends_with_130_and_one_line(command, capsys):
    command(raising(KeyboardInterrupt()))
    assert cli.main(["fake"]) == cli.INTERRUPTED
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("as_method", [False, True])
def test_problems_are_text_and_no_traceback(command, capsys, as_method):
    class Problems(Exception):
        problems_text = "2 problems in a.yaml\n  3:1 one\n  4:1 two"

    if as_method:
        text = Problems.problems_text
        Problems.problems_text = lambda self: text
    command(raising(Problems()))
    assert cli.main(["fake"]) == cli.BAD_INPUT
    assert capsys.readouterr().err == "2 problems in a.yaml\n  3:1 one\n  4:1 two\n"


def test_problems_of_scenarios_are_known_by_their_class(command, capsys, monkeypatch):
    problems = types.ModuleType("scenarios.problems")
    problems.ProblemsError = type("ProblemsError", (Exception,), {})
    monkeypatch.setitem(sys.modules, "scenarios.problems", problems)
    command(raising(problems.ProblemsError("1 problem in b.yaml")))
    assert cli.main(["fake"]) == cli.BAD_INPUT
    assert capsys.readouterr().err == "1 problem in b.yaml\n"


def test_a_fault_of_ours_keeps_its_traceback(command):
    command(raising(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        cli.main(["fake"])


def test_click_errors_are_bad_input(command, capsys):
    command(raising(click.ClickException("cannot read x.yaml")))
    assert cli.main(["fake"]) == cli.BAD_INPUT
    assert "cannot read x.yaml" in capsys.readouterr().err


def test_a_command_whose_file_is_absent_says_so(monkeypatch, capsys):
    monkeypatch.setitem(cli.COMMANDS, "later", ("analysis.cli.no_such_file:later", "Later."))
    assert cli.main(["later"]) == cli.BAD_INPUT
    assert "needs analysis/cli/no_such_file.py, which is not in this copy" in capsys.readouterr().err


def test_a_command_absent_from_its_file_says_so(monkeypatch, capsys):
    monkeypatch.setitem(cli.COMMANDS, "later", ("analysis.cli.doctor:no_such_command", "Later."))
    assert cli.main(["later"]) == cli.BAD_INPUT
    assert "needs analysis.cli.doctor:no_such_command" in capsys.readouterr().err


def test_a_package_that_is_not_installed_says_how(command, capsys):
    command(raising(ModuleNotFoundError("No module named 'duckdb'", name="duckdb")))
    assert cli.main(["fake"]) == cli.BAD_INPUT
    assert "'duckdb', which is not installed" in capsys.readouterr().err


# ---------------------------------------------------------------- the door as a module


def test_the_module_offers_three_names_lazily():
    import xiancheng

    assert {"load", "run", "compare", "__version__"} <= set(dir(xiancheng))
    assert xiancheng.__version__.startswith("0.")
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = xiancheng.lod


def test_the_door_hands_on_the_exit_code():
    done = python("import sys, xiancheng; sys.argv = ['xiancheng', 'rum']; xiancheng.main()")
    assert done.returncode == cli.BAD_INPUT


# ---------------------------------------------------------------- test and doctor


def test_checks_run_in_order_and_one_failure_is_enough(monkeypatch, capsys):
    from analysis.cli import test as checks

    said = [("first", (sys.executable, "-c", "")), ("second", (sys.executable, "-c", "raise SystemExit('bad')"))]
    monkeypatch.setattr(checks, "CHECKS", tuple(said))
    assert cli.main(["test", "--version"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("first        ok")
    assert lines[1].startswith("second       FAILED")
    assert lines[2] == "bad"


def test_the_real_checks_are_the_three(capsys):
    from analysis.cli import test as checks

    assert [name for name, _ in checks.CHECKS] == ["ruff", "mypy", "lint-imports"]


def test_doctor_speaks_json(capsys):
    import json

    cli.main(["doctor", "--json"])
    findings = {finding["name"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert {"python", "environment", "packages", "threads", "chinese font", "maps"} <= set(findings)
    assert findings["python"]["state"] == "ok"


def test_notebooks_get_run_with_tables_and_figures():
    import analysis.study
    import xiancheng

    assert xiancheng.run is analysis.study.run
