"""`xiancheng constants`: fit the place constants of a prefecture to flows before its start, once."""

from __future__ import annotations

import click

SEEDS = (101, 102)
"""Seeds of the fit, apart from those of runs."""


@click.command()
@click.option("--scale", default=0.05, show_default=True, help="Share of the population used for the fit.")
@click.option("--prefecture", default=None, help="Folder under data/prefectures (default: the only one).")
@click.option("--write", is_flag=True, help="Write the prefecture's place_constants.csv.")
def constants(scale: float, prefecture: str | None, write: bool) -> None:
    """Fit place constants to 2010-2020 net flows; print how near each destination group comes."""
    import numpy as np

    import scenarios
    from model.engine import CountyModel
    from model.world.constants import constants_path, fit_constants, refine_constants, save_constants
    from model.world.start import start_world
    from model.world.tables import load_prefecture, refresh_sources
    from scenarios.compile import compile_scenario

    scenario = scenarios.load("current_practice")
    folder = load_prefecture(prefecture or scenario.prefecture)
    blank = np.zeros((folder.n_units + 1, 3 * folder.n_units + folder.n_outside, 3))
    models = {}

    def make_world(xi, seed, *, on_the_way=True):
        made = compile_scenario(scenario, folder, scale=scale, seed=seed)
        world = start_world(made, constants=xi, on_the_way=on_the_way)
        models["now"] = CountyModel(made, world=world)
        return world

    def live_month(world, index):
        models["now"].step()
        return world.month_events

    xi, _ = fit_constants(make_world(blank, 0, on_the_way=False))
    xi, (target, gap) = refine_constants(make_world, live_month, xi, SEEDS)
    click.echo("net persons a year by home (target, gap): own towns, core, other units, outside, living apart")
    for u, key in enumerate((*folder.units, "outside")):
        whole = [(x[u, 0, 0], x[u, 1, 0], x[u, 2, 0], x[u, 3:, 0].sum(), x[u, :, 1:].sum()) for x in (target, gap)]
        cells = "  ".join(f"{t * 12 / scale:7.0f} {g * 12 / scale:+7.0f}" for t, g in zip(*whole, strict=True))
        click.echo(f"{key:>12}  {cells}")
    if write:
        save_constants(constants_path(folder), folder, xi)
        refresh_sources()
        click.echo(f"wrote {constants_path(folder)}")
