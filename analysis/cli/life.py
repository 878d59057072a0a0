"""`xiancheng life`: one resident's months, told; with two scenarios, where the paths part and what parted them."""

from __future__ import annotations

import click

DEFAULT_SCALE = 0.01
MOST_ID = 2**64 - 1


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO [SCENARIO2]")
@click.option("--person", type=click.IntRange(1, MOST_ID), metavar="ID", help="Id of the person at the start.")
@click.option("--like", metavar="CONDITION", help="Somebody at the start, as in \"age<30 and county=='zhangzi'\".")
@click.option("--nth", type=click.IntRange(min=1), default=1, show_default=True,
              help="With --like: which of those who fit, counted by id.")
@click.option("--scale", type=click.FloatRange(0.001, 1.0), default=DEFAULT_SCALE, show_default=True,
              help="Share of the population that is lived.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed (default: the scenario's first).")
@click.option("--from", "first", metavar="YYYY-MM", help="First month told (default: the first lived).")
@click.option("--to", "last", metavar="YYYY-MM", help="Last month lived and told (default: the scenario's last).")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value in every scenario.")
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True,
              help="Alternatives printed for each decision; --json holds all.")
@click.option("--tries", type=click.IntRange(min=1), default=40, show_default=True,
              help="With two scenarios: most re-runs in search of what parted the paths.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
def life(
    scenarios: tuple[str, ...], person: int | None, like: str | None, nth: int, scale: float, seed: int | None,
    first: str | None, last: str | None, settings: tuple[str, ...], top: int, tries: int, lang: str, as_json: bool,
) -> None:
    """Tell one resident's months: what was considered, the utilities, the shocks, what was chosen.

    A SCENARIO is a name in the library or a path. With two of them, both are lived on the same draws and told side
    by side: the month in which the paths part, and the lever that parted them, found by putting levers of the second
    back to the first until the paths no longer part by that month.

    Columns for --like: age, sex (man, woman), education (none, preschool, primary, junior, senior, college,
    bachelor), county and hukou (key of a unit, or outside), place_kind (village, town, seat, core, outside), activity
    (child, pupil, employed, unemployed, inactive, retired), tenure, household_size, config.
    """
    if len(scenarios) > 2:
        raise click.UsageError("one scenario, or two to compare")
    if (person is None) == (like is None):
        raise click.UsageError("say whose life: either --person or --like")
    from analysis.life.lives import live, read, window_of

    found = read(scenarios, settings)
    window = window_of(found, first, last)
    seed = found[0].seeds.first if seed is None else seed
    lives = live(found, window, person=person, like=like, nth=nth, scale=scale, seed=seed)
    parting = part(lives, tries, lang) if len(lives) == 2 else None
    if as_json:
        import json

        from analysis.life.as_json import as_object

        click.echo(json.dumps(as_object(lives, window, parting, lang), ensure_ascii=False, indent=1))
        return
    from analysis.life.comparing import tell_both
    from analysis.life.telling import tell

    both = len(lives) == 2
    for line in tell_both(lives, window, parting, lang, top) if both else tell(lives[0], window, lang, top):
        click.echo(line)


def part(lives, tries, lang):
    """The parting of two lives with its cause, or None; says on standard error how far the search is."""
    from analysis.life.labels import say
    from analysis.life.parting import first_parting, seek_cause

    parting = first_parting(lives[0].months, lives[1].months)
    if parting is not None:
        parting.cause = seek_cause(
            lives, parting, most=tries,
            say=lambda done: click.echo(say("trying", lang, done=done, most=tries), err=True),
        )
    return parting
