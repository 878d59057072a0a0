"""`xiancheng calibrate`: a posterior ensemble of the free parameters, from published figures only."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--scale", type=click.FloatRange(0.001, 1), default=0.01, show_default=True,
              help="Share of the population that is lived.")
@click.option("--runs", type=click.IntRange(32), default=256, show_default=True, help="Runs of each of the two waves.")
@click.option("--draws", type=click.IntRange(16), default=400, show_default=True, help="Draws of the ensemble.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of designs and samplers.")
@click.option("--workers", type=click.IntRange(1), help="Processes at work (default: one per core).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None,
              help="Folder of the report (default: runs/calibration-...).")
@click.option("--accept", is_flag=True, help="Put the ensemble into the prefecture's folder, for every later run.")
def calibrate(scale: float, runs: int, draws: int, seed: int, workers: int | None, out: Path | None,
              accept: bool) -> None:
    """Fit the free parameters to the figures of data/statistics/moments.csv.

    Two waves of runs, emulators that state their errors, an ensemble sampled by emcee. Finished runs are kept line
    by line: the same command goes on after an interruption, and gives the same ensemble.
    """
    from analysis.calibration import report
    from analysis.calibration.study import study
    from analysis.calibration.waves import Effort
    from model.world.ensemble import ensemble_path, save_ensemble
    from model.world.tables import load_prefecture, refresh_sources
    from runs.paths import runs_dir
    from runs.progress import Stages

    started = time.perf_counter()
    with Stages() as stages:
        done = study(scale, Effort(n_first=runs, n_second=runs, n_draws=draws, seed=seed), workers, stages.show)
    folder = out or runs_dir() / f"calibration-{seed}"
    for path in report.write(done, folder):
        click.echo(str(path), err=True)
    with (folder / "report.md").open(encoding="utf-8") as file:
        click.echo(file.read())
    click.echo(f"{time.perf_counter() - started:.0f} s")
    if accept:
        path = ensemble_path(load_prefecture())
        save_ensemble(path, done.space.keys, done.draws())
        refresh_sources()
        click.echo(f"wrote {path}")
