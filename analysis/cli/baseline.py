"""`xiancheng baseline`: show how the recorded numbers moved, and accept them on purpose."""

from __future__ import annotations

import click


@click.command()
@click.option("--accept", is_flag=True, help="Write the new numbers; the changelog needs a line tagged `numbers`.")
def baseline(accept: bool) -> int:
    """Run three small scenarios and compare their summary with the committed one, line by line."""
    from analysis.baseline import PATH, changes, committed_text, current_text

    new, old = current_text(), committed_text()
    lines = changes(old, new)
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} numbers moved" if lines else "no number moved")
    if accept and lines:
        PATH.write_text(new, encoding="utf-8")
        click.echo(f"wrote {PATH}; now add a line tagged `numbers` to CHANGELOG.md")
    return 1 if lines and not accept else 0
