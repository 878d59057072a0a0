"""The command line: one table of commands, loaded only when called, and one place where errors become text.

Exit codes: 0 fine, 1 failed runs or checks, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Sequence

import click

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

# name -> (where its click command lives, one line for --help)
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("analysis.cli.run:run", "Live futures of one or more scenarios and write a report."),
    "plan": ("analysis.cli.plan:plan", "The plan's own books: measures, and targets against what was reached."),
    "check": ("analysis.cli.scenario:check", "Check scenario files and list every problem at once."),
    "explain": ("analysis.cli.scenario:explain", "Show where each value of a scenario comes from."),
    "life": ("analysis.cli.life:life", "Tell one resident's months; with two scenarios, where and why they part."),
    "population": ("analysis.cli.population:population", "Build the first population, compare it with the census."),
    "constants": ("analysis.cli.constants:constants", "Fit the place constants of a prefecture, once."),
    "hindcast": ("analysis.cli.hindcast:hindcast", "Live from the census of 2010, compare with the census of 2020."),
    "calibrate": ("analysis.cli.calibrate:calibrate", "Fit free parameters to published figures; an ensemble."),
    "bench": ("analysis.cli.bench:bench", "Measure speed phase by phase, sweeps, curves, agreement across scales."),
    "docs": ("analysis.cli.docs:docs", "Write the generated pages and tables of docs/ again."),
    "baseline": ("analysis.cli.baseline:baseline", "Show or accept changes of the recorded numbers."),
    "test": ("analysis.cli.test:test", "Run all checks and tests of the project."),
    "doctor": ("analysis.cli.doctor:doctor", "Say what this installation has and what it lacks."),
}

# Commands that load compiled kernels into this process.
WITH_KERNELS = ("life", "population", "constants", "calibrate", "baseline", "hindcast", "bench")

ROOMS = ("model", "scenarios", "runs", "analysis")


class LazyGroup(click.Group):
    """A group that imports a command's file when the command is called, so that --help costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        target = COMMANDS[name][0]
        module, _, attribute = target.partition(":")
        try:
            if name in WITH_KERNELS:
                importlib.import_module("runs.numba_cache").prepare()
            return getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise missing(name, error) from error
        except AttributeError as error:
            if attribute not in str(error):
                raise
            raise NotHere(f"the command {name!r} needs {target}, which is not in this copy") from error

    def resolve_command(self, ctx, args):
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


class NotHere(click.ClickException):
    """Something the command needs is not in this copy or not installed."""

    exit_code = BAD_INPUT


def missing(command: str, error: ModuleNotFoundError) -> click.ClickException:
    name = error.name or "?"
    if name.split(".")[0] in ROOMS:
        file = name.replace(".", "/") + ".py"
        return NotHere(f"the command {command!r} needs {file}, which is not in this copy")
    return NotHere(
        f"the command {command!r} needs the package {name!r}, which is not installed; "
        "start with `python3 xiancheng.py`, which installs everything"
    )


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="xiancheng", message="xiancheng %(version)s")
def cli() -> None:
    """Scenarios of county towns and new urbanisation in Changzhi, Shanxi.

    `run` without anything else lives the action plan beside current practice and writes a report.
    """


def problems_of(error: BaseException) -> str | None:
    """The text of an error that is the user's to mend, or None for a fault of ours."""
    text = getattr(error, "problems_text", None)
    if text is not None:
        return str(text() if callable(text) else text)
    # Looked up, not imported: without scenarios loaded, the error cannot be one of theirs.
    problems = sys.modules.get("scenarios.problems")
    if problems is not None and isinstance(error, getattr(problems, "ProblemsError", ())):
        return str(error)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code. A command may return an int as its own exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result = cli.main(args=arguments or ["--help"], prog_name="xiancheng", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was finished is kept, the same command goes on from there", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ROOMS:
            raise
        missing(arguments[0], error).show()
        return BAD_INPUT
    except Exception as error:
        text = problems_of(error)
        if text is None:
            raise
        click.echo(text, err=True)
        return BAD_INPUT
    return result if isinstance(result, int) and not isinstance(result, bool) else 0
