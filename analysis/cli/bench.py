"""`bench`: how fast the months are, phase by phase, beside what the machine can do."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--scale", "scales", type=float, multiple=True, help="Share of the population; repeatable [0.01 0.1 1].")
@click.option("--months", type=click.IntRange(1, 1200), default=86, show_default=True, help="Months lived.")
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Fresh processes; medians.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads [all cores from 1:10 on, one below].")
@click.option("--scenario", default="current_practice", show_default=True, help="Name or path.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
@click.option("--keep", is_flag=True, help="Keep the result under tests/perf and write docs/performance.md again.")
def bench(
    scales: tuple[float, ...], months: int, repeat: int, threads: int | None, scenario: str, as_json: bool, keep: bool
) -> None:
    """Measure each phase: ns per person-month, share, bytes touched (estimated), beside a probe of the machine.

    Every repetition is a fresh process. `loop_s` is the loop over the months with kernels loaded, `end_to_end_s` the
    whole life of the process with the population in the cache.
    """
    from runs.bench.measure import SCALES, table
    from runs.bench.measure import bench as measure

    found = measure(scales or SCALES, months, repeat, threads, scenario, say=_say)
    _show(found, as_json, table(found))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _show(found: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)
