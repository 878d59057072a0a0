"""`xiancheng constants`: fit the place constants of a prefecture to flows before its start, once."""

from __future__ import annotations

import click


@click.command()
@click.option("--scale", default=0.05, show_default=True, help="Share of the population used for the fit.")
@click.option("--prefecture", default=None, help="Folder under data/prefectures (default: the only one).")
@click.option("--write", is_flag=True, help="Write the prefecture's place_constants.csv.")
def constants(scale: float, prefecture: str | None, write: bool) -> None:
    """Fit place constants to 2010-2020 net flows; print how near each destination group comes."""
    import numpy as np

    import scenarios
    from model.world.constants import constants_path, fit_constants, save_constants, target_flows
    from model.world.start import start_world
    from model.world.tables import load_prefecture, refresh_sources
    from scenarios.compile import compile_scenario

    scenario = scenarios.load("current_practice")
    folder = load_prefecture(prefecture or scenario.prefecture)
    model_input = compile_scenario(scenario, folder, scale=scale, seed=0)
    blank = np.zeros((folder.n_units + 1, 3 * folder.n_units + folder.n_outside, 3))
    world = start_world(model_input, constants=blank)
    xi, gap = fit_constants(world)
    target = target_flows(world)
    click.echo("net persons a year by home unit (target, gap): own towns, core, outside")
    inside = 3 * folder.n_units
    core = 3 * folder.core + 2
    per_year = 12.0 / world.scale
    for u, key in enumerate(folder.units):
        own = slice(3 * u, 3 * u + 3)
        parts = [(x[u, own].sum(), x[u, core].sum(), x[u, inside:].sum()) for x in (target, gap)]
        cells = "  ".join(f"{t * per_year:8.0f} {g * per_year:+7.0f}" for t, g in zip(*parts, strict=True))
        click.echo(f"{key:>12}  {cells}")
    if write:
        save_constants(constants_path(folder), folder, xi)
        refresh_sources()
        click.echo(f"wrote {constants_path(folder)}")
