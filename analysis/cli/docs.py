"""`xiancheng docs`: write every generated page, the scenario schema and the library of the plan again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is stale.")
def docs(check: bool) -> int:
    """Write what is generated: scenarios/schema.json, the plan's mixes in scenarios/library, the pages of docs/."""
    from analysis.pages import PAGES
    from scenarios.schema import render_schema
    from scenarios.write_library import files

    scenarios = Path("scenarios")
    made: dict[Path, Callable[[], str]] = {scenarios / "schema.json": render_schema}
    made |= {scenarios / "library" / name: partial(str, text) for name, text in files().items()}
    made |= {Path("docs") / name: render for name, render in PAGES.items()}
    stale = 0
    for name, render in made.items():
        path, text = ROOT / name, render()
        fresh = path.exists() and path.read_text(encoding="utf-8") == text
        stale += not fresh
        if not fresh and not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        click.echo(f"{'fresh' if fresh else 'stale' if check else 'written'}  {name}")
    return 1 if check and stale else 0
