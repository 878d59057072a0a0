"""`xiancheng docs`: write every generated page and the scenario schema again."""

from __future__ import annotations

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is stale.")
def docs(check: bool) -> int:
    """Write the generated pages of docs/ and scenarios/schema.json from the registry and the data."""
    from analysis.pages import PAGES
    from scenarios.schema import render_schema

    pages = {**{Path("docs") / name: render for name, render in PAGES.items()}}
    pages[Path("scenarios") / "schema.json"] = render_schema
    stale = 0
    for name, render in pages.items():
        path, text = ROOT / name, render()
        fresh = path.exists() and path.read_text(encoding="utf-8") == text
        stale += not fresh
        if not fresh and not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        click.echo(f"{'fresh' if fresh else 'stale' if check else 'written'}  {name}")
    return 1 if check and stale else 0
