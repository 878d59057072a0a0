"""`hindcast`: live a prefecture from the census of 2010 and hold the end against the census of 2020."""

from __future__ import annotations

from pathlib import Path

import click

FAILED = 1
DEFAULT_CITY = "changzhi"
CENSUSES = ("2010",)
FIRST, LAST = 2011, 2020
COMPARED = 2020
END_MONTH = "10"
"""A census counts the first of November."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--city", default=DEFAULT_CITY, show_default=True,
              help="A prefecture of the census file: code, key or Chinese name.")
@click.option("--from", "start", type=click.Choice(CENSUSES), default=CENSUSES[-1], show_default=True,
              help="Census from which people are drawn.")
@click.option("--to", "end", type=click.IntRange(FIRST, LAST), default=COMPARED, show_default=True,
              help="Year in whose November the end is counted; compared if it is that of a census.")
@click.option("--scale", type=click.FloatRange(0.001, 1.0), default=0.01, show_default=True,
              help="Share of the population that is lived.")
@click.option("--seeds", type=click.IntRange(min=1), default=4, show_default=True, help="Number of repetitions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: one in runs/).")
@click.option("--workers", type=click.IntRange(min=1), help="Processes at work (default: one per core).")
@click.option("--no-figures", is_flag=True, help="Tables only.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True,
              help="Language of the table and figures (both: the table in English).")
def hindcast(
    city: str, start: str, end: int, scale: float, seeds: int, as_json: bool, out: Path | None, workers: int | None,
    no_figures: bool, lang: str,
) -> int:
    """Live a prefecture from a past census and compare with the next one.

    Works for every prefecture of the census file. Nothing counted later than the start is read to make the world;
    drivers of the decade (pay, coal, prices, national births and deaths) are given. Where the later census is not at
    hand, the forecast is printed with its band and nothing is compared. Runs that are done are kept and never done
    again.
    """
    from analysis.hindcast.members import NoSuchCity, find

    try:
        place = find(city)
    except NoSuchCity as error:
        raise click.BadParameter(str(error), param_hint="--city") from error
    from analysis.hindcast import report
    from runs.api import AllFailed

    try:
        found = report.carry_out(
            place, start, f"{end}-{END_MONTH}", later=str(end) if end == COMPARED else None, scale=scale, seeds=seeds,
            out=out, workers=workers, langs=() if no_figures else ("en", "zh") if lang == "both" else (lang,),
        )
    except AllFailed as error:
        click.echo(str(error), err=True)
        return FAILED
    if as_json:
        click.echo(report.dumps(found, start, str(end)))
        return 0
    for line in report.lines(found, start, str(end), "zh" if lang == "zh" else "en"):
        click.echo(line)
    click.echo(str(found.folder))
    return 0
