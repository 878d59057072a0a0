"""`xiancheng population`: build the start population and say how near it comes to the census."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.command()
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=0.1, show_default=True,
              help="Share of the population that is built.")
@click.option("--prefecture", default=None, help="Folder under data/prefectures (default: the only one).")
@click.option("--report", is_flag=True, help="Print the error of every margin, by unit.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None,
              help="Folder for the table (CSV) and the figure (PNG, SVG).")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--fresh", is_flag=True, help="Build anew, whatever the cache holds.")
def population(scale: float, prefecture: str | None, report: bool, out: Path | None, lang: str, fresh: bool) -> None:
    """Build the first population, compare it with the census."""
    import pandas as pd

    from analysis import population_report
    from analysis.population_labels import say
    from model.spec.registry import REGISTRY
    from model.world.places import build_places
    from model.world.population import digest, start_population
    from model.world.tables import load_prefecture

    folder = load_prefecture(prefecture)
    geography = build_places(folder)
    started = time.perf_counter()
    built = start_population(folder, geography, REGISTRY.param_values({}), scale, cache=not fresh)
    seconds = time.perf_counter() - started
    r = built.residents
    here = int((geography.places.unit[r.usual[: r.n]] >= 0).sum())
    click.echo(say("built", lang, people=r.n, residents=here, away=r.n - here, homes=built.households.n,
                   seconds=seconds, digest=digest(built)))
    if not report and out is None:
        return
    table = population_report.residuals(built, folder, geography, scale)
    if report:
        with pd.option_context("display.width", 250, "display.max_columns", 40, "display.float_format", "{:.2f}".format,
                               "display.unicode.east_asian_width", True):
            click.echo(population_report.wide(table, folder, lang).to_string())
        click.echo(say("meaning", lang))
    if out is not None:
        from analysis.figures import style

        out.mkdir(parents=True, exist_ok=True)
        path = out / "population_residuals.csv"
        table.to_csv(path, index=False, lineterminator="\n")
        paths = [path, *style.save(population_report.figure(table, folder, scale, lang), out / "population_residuals")]
        for written in paths:
            click.echo(say("wrote", lang, path=written))
