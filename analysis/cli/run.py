"""`run`: live scenarios, say what came out, leave a folder to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from runs.experiment import Experiment

DEFAULT = ("current_practice", "action_plan")
DEFAULT_SCALE = 0.01
DEFAULT_SEEDS = 8
FAILED = 1


class Scale(click.ParamType):
    """A share of the population, or a word for what is asked."""

    name = "share|auto"

    def convert(self, value, param, ctx):
        if isinstance(value, float) or str(value).startswith("auto"):
            return value
        try:
            return float(value)
        except ValueError:
            self.fail(f"{value!r} is neither a share of the population nor auto", param, ctx)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--scale", type=Scale(), help="Share of the population that is lived, 0.001 to 1; or auto, "
              "'auto county', 'auto group': what such a question needs.")
@click.option("--minutes", type=click.FloatRange(min=0), default=15.0, show_default=True,
              help="What --scale auto may take.")
@click.option("--seeds", type=click.IntRange(min=1), help="Number of repetitions, the same for every scenario.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value in every scenario.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder to write (default: a new one in runs/).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes at work (default: one per core).")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads of each process.")
@click.option("--ensemble/--point", "ensemble", default=True, show_default="--ensemble",
              help="A draw of the calibrated parameters for each seed, or their median for all.")
@click.option("--no-figures", is_flag=True, help="Tables only.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True,
              help="Language of tables and figures.")
def run(
    scenarios: tuple[str, ...], scale: float | str | None, minutes: float, seeds: int | None, settings: tuple[str, ...],
    out: str | None, as_json: bool, workers: int | None, threads: int, ensemble: bool,
    no_figures: bool, lang: str,
) -> int:
    """Live futures of one or more scenarios and write a report.

    A SCENARIO is a name in the library or a path. The first is the one the others are compared with. Without any,
    the action plan is compared with current practice, at 1:100 with 8 seeds.

    Runs that are done are kept in runs/store and never done again: after an interruption the same command goes on.
    The last line printed is the folder with all results. With --json, each outcome is given at every December and
    in the last month; what is counted over time (births, moves) is the total of that year's months.
    """
    from runs.api import AllFailed

    if not scenarios:
        scenarios, scale, seeds = DEFAULT, scale or DEFAULT_SCALE, seeds or DEFAULT_SEEDS
    from analysis.study import run as live

    try:
        experiment = live(
            list(scenarios), scale=scale, minutes=minutes, seeds=seeds, overrides=settings, out=out, workers=workers,
            threads=threads, figures=not no_figures, lang=lang, parameters="ensemble" if ensemble else "point",
        )
    except AllFailed as error:
        click.echo(str(error), err=True)
        return FAILED
    show(experiment, as_json, lang, figures=not no_figures)
    return report_failures(experiment)


def show(experiment: Experiment, as_json: bool, lang: str, figures: bool) -> None:
    """Print the JSON object, or the table of headlines and where everything is."""
    from analysis.screen import lines
    from analysis.summary import Summary, dumps

    summary = Summary(experiment)
    if as_json:
        click.echo(dumps(summary))
        return
    for line in lines(summary, lang):
        click.echo(line)
    click.echo()
    if figures and experiment.figures.is_dir():
        click.echo(f"figures: {experiment.figures}")
    click.echo(str(experiment.folder))


def report_failures(experiment: Experiment) -> int:
    """Say how many runs failed and where their records lie; the exit code."""
    if not experiment.failed:
        return 0
    from runs.paths import store_dir

    first = next(iter(experiment.failed.values()))
    click.echo(
        f"{len(experiment.failed)} runs failed, the first with {first.get('exception')}: {first.get('message')}; "
        f"the records are {store_dir()}/*.error.json",
        err=True,
    )
    return FAILED
