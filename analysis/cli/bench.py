"""`bench`: how fast the months are, phase by phase, beside what the machine can do; sweeps, curves, scales."""

from __future__ import annotations

import json
from typing import Any

import click

FAILED = 1


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--scale", "scales", type=float, multiple=True, help="Share of the population; repeatable [0.01 0.1 1].")
@click.option("--months", type=click.IntRange(1, 1200), default=86, show_default=True, help="Months lived.")
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Fresh processes; medians.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads [all cores from 1:10 on, one below].")
@click.option("--scenario", default="current_practice", show_default=True, help="Name or path.")
@click.option("--sweep", type=click.IntRange(min=2), metavar="N", help="Live N runs on all cores: runs a second.")
@click.option("--curves", is_flag=True, help="Cost as people, months, places, levers and threads grow.")
@click.option("--scale-agreement", is_flag=True, help="Headlines at every scale, and what each question needs.")
@click.option("--all", "everything", is_flag=True, help="Phases, a sweep of 5,000, curves and agreement, one by one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on standard output.")
@click.option("--keep", is_flag=True, help="Keep the result under tests/perf and write docs/performance.md again.")
def bench(
    scales: tuple[float, ...], months: int, repeat: int, threads: int | None, scenario: str, sweep: int | None,
    curves: bool, scale_agreement: bool, everything: bool, as_json: bool, keep: bool,
) -> int:
    """Measure each phase: ns per person-month, share, bytes touched (estimated), beside a probe of the machine.

    Every repetition is a fresh process. `loop_s` is the loop over the months with kernels loaded, `end_to_end_s` the
    whole life of the process with the population in the cache. With --sweep, --curves or --scale-agreement that is
    measured instead. Exit code 1 where scales do not agree.
    """
    asked = {"sweep": sweep is not None, "curves": curves, "scale_agreement": scale_agreement}
    chosen = [name for name, wanted in asked.items() if wanted or everything]
    if everything or not chosen:
        chosen = ["bench", *chosen]
    found: dict[str, Any] = {}
    lines: list[str] = []
    for name in chosen:
        match name:
            case "bench":
                from runs.bench import measure

                found[name] = measure.bench(scales or measure.SCALES, months, repeat, threads, scenario, say=_say)
                lines += measure.table(found[name])
            case "sweep":
                from runs.bench import sweep as sweeps

                share = scales[0] if scales and not everything else 0.01
                found[name] = sweeps.sweep(sweep or 5000, share, None, (scenario,), say=_say)
                lines += sweeps.table(found[name])
            case "curves":
                from runs.bench import curves as grown

                found[name] = grown.curves(scales or grown.SCALES, months, min(repeat, 3), scenario, say=_say)
                lines += grown.table(found[name])
            case _:
                from analysis import scale_agreement as agreement

                seeds = {scale: agreement.SEEDS.get(scale, 3) for scale in scales} or agreement.SEEDS
                found[name] = agreement.agreement(seeds, say=_say)
                lines += agreement.table(found[name])
        if keep:
            _keep(name, found[name])
    _show(found if len(found) > 1 else found[chosen[0]], as_json, lines)
    return FAILED if not found.get("scale_agreement", {}).get("agree", True) else 0


def _say(text: str) -> None:
    click.echo(text, err=True)


def _keep(section: str, found: dict[str, Any]) -> None:
    """Into the results under tests/perf, and from there into the page and its figure."""
    from analysis.pages import performance_page
    from runs.bench import kept

    kept.keep(section, found)
    for path in performance_page.write():
        _say(f"written: {path}")


def _show(found: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)
