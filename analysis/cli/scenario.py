"""`check` and `explain`: what is wrong with scenario files, and where each value comes from."""

from __future__ import annotations

import click


@click.command()
@click.argument("files", nargs=-1)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change one value, as in `run`.")
def check(files: tuple[str, ...], overrides: tuple[str, ...]) -> int:
    """Check scenario FILES (paths or names of the library) and list every problem at once.

    Without FILES the whole library is checked. Ends with 2 when anything is wrong.
    """
    from scenarios import ProblemsError, library, load

    problems = []
    for file in files or [str(path) for path in library.files()]:
        try:
            scenario = load(file, overrides)
        except ProblemsError as error:
            problems += error.problems
        else:
            count = len(scenario.levers) + len(scenario.params)
            sets = f"sets {count} key{'' if count == 1 else 's'}" if count else "sets nothing"
            click.echo(f"ok  {scenario.name}: {scenario.title.en} · {scenario.title.zh}; {sets}")
    if problems:
        raise ProblemsError(problems)
    return 0


@click.command()
@click.argument("scenario")
@click.argument("key", required=False)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change one value, as in `run`.")
@click.option("--resolved", is_flag=True, help="Print the whole scenario as one file with its origins.")
def explain(scenario: str, key: str | None, lang: str, overrides: tuple[str, ...], resolved: bool) -> None:
    """Show where the value of KEY comes from; without KEY, how SCENARIO differs from current practice."""
    from scenarios import explain as tell
    from scenarios import load

    loaded = load(scenario, overrides)
    click.echo(loaded.resolved_yaml().rstrip() if resolved else tell(loaded, key, lang))
