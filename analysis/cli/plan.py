"""`plan measures` and `plan targets`: the plan's own books."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

FAILED = 1

_csv = click.option("--csv", "csv_file", metavar="FILE|-", help="Write a table; `-` is standard output.")
_json = click.option("--json", "as_json", is_flag=True, help="Print a list of objects and nothing else.")
_lang = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def plan() -> None:
    """The action plan's own books: its measures, and its targets against what was reached."""


@plan.command()
@_csv
@_json
@_lang
def measures(csv_file: str | None, as_json: bool, lang: str) -> None:
    """Every measure with its lever, channel, state (simulated, delivered, tracked) and the reason."""
    from analysis import plan_books, plan_measures

    found = plan_books.measures()
    if as_json:
        click.echo(dumps(plan_measures.objects(found)))
    elif csv_file is not None:
        write(csv_file, plan_measures.table(found))
    else:
        show(plan_measures.lines(found, lang))


@plan.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--scale", type=float, help="Share of the population that is lived, 0.001 to 1.")
@click.option("--seeds", type=click.IntRange(min=1), help="Number of repetitions, the same for every scenario.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value in every scenario.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes at work (default: one per core).")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads of each process.")
@_csv
@_json
@_lang
def targets(
    scenarios: tuple[str, ...], scale: float | None, seeds: int | None, settings: tuple[str, ...],
    workers: int | None, threads: int, csv_file: str | None, as_json: bool, lang: str,
) -> int:
    """Every target: what each SCENARIO reached, the probability over seeds that it is met, and the gap.

    Runs that are in runs/store are not done again.
    """
    from analysis import plan_screen, plan_targets
    from runs.api import AllFailed

    try:
        found = plan_targets.stand(
            scenarios, scale=scale, seeds=seeds, overrides=settings, workers=workers, threads=threads
        )
    except AllFailed as error:
        click.echo(str(error), err=True)
        return FAILED
    if as_json:
        click.echo(dumps([standing.to_json() for standing in found]))
    elif csv_file is not None:
        write(csv_file, plan_screen.table(found))
    else:
        show(plan_screen.lines(found, lang))
    return 0


def show(lines: Sequence[str]) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line)


def dumps(objects: Sequence[Mapping[str, Any]]) -> str:
    """A list of objects as one line of JSON."""
    return json.dumps(objects, ensure_ascii=False, allow_nan=False)


def write(file: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as CSV to a file, or to standard output for `-`."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    if file == "-":
        click.echo(text.getvalue(), nl=False)
        return
    try:
        # The mark at the front tells spreadsheets that Chinese is UTF-8.
        Path(file).write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {file}")
