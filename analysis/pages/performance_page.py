"""docs/performance.md: its text is written by hand, its tables are filled in from the kept results.

A table stands between `<!-- measured: NAME -->` and `<!-- end -->`; `xiancheng bench --keep` writes what is between.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from analysis.pages.tables import table
from runs.bench.kept import budgets, growth, load
from runs.paths import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"
FIGURE: Final = ROOT / "docs" / "performance_curves"
REGION: Final = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
NOTHING: Final = "(not measured yet)\n"
MIB: Final = 2**20
PLACES_BYTES: Final = 12
"""Of each pair of place and market: distance, minutes and network."""
ELSEWHERE: Final = (("Changzhi (measured)", None), ("a province", 35e6), ("the country", 1.4e9))
AXES: Final = {
    "people": "people", "months_lived": "months", "places": "places", "levers": "levers off practice",
    "threads": "threads",
}


def write() -> list[Path]:
    """Fill the page and draw its figure; returns what was written."""
    kept = load()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), kept), encoding="utf-8")
    written = [PAGE]
    if "curves" in kept:
        from analysis.figures import style
        from analysis.figures.cost import cost

        written += style.save(cost(kept["curves"]), FIGURE)
    return written


def render() -> str:
    """The page as it should stand."""
    return filled(PAGE.read_text(encoding="utf-8"), load())


def filled(text: str, kept: dict[str, Any]) -> str:
    """The text with every region written again. Raises KeyError for a region nobody can fill."""
    return REGION.sub(lambda found: f"{found[1]}{FILL[found[2]](kept)}{found[3]}", text)


def _probe(kept: dict[str, Any]) -> str:
    if "bench" not in kept:
        return NOTHING
    p = kept["bench"]["probe"]
    return (
        f"Measured {kept['bench']['measured']} on {p['cores']} cores ({p['processor']}, load {p['load']} at the "
        f"start): memory copy {p['copy_gb_s']} GB/s, read {p['read_gb_s']} GB/s on one core and "
        f"{p['read_all_cores_gb_s']} on all; exp of float32 {p['exp_float32_ns']} ns, 64-bit hash {p['hash_ns']} ns.\n"
    )


def _budget(kept: dict[str, Any]) -> str:
    rows = []
    for budget in budgets(kept):
        value = "-" if budget.value is None else f"{budget.value:.4g} {budget.unit}".strip()
        met = {True: "yes", False: "**no**", None: "-"}[budget.met]
        limit = f"{'at most' if budget.at_most else 'at least'} {budget.limit:g} {budget.unit}".strip()
        rows.append((budget.what, value, limit, met))
    return table(("what", "measured", "asked", "met"), rows)


def _phases(kept: dict[str, Any]) -> str:
    if "bench" not in kept:
        return NOTHING
    parts = []
    bandwidth = kept["bench"]["probe"]["read_gb_s"]
    for scale, at in kept["bench"]["scales"].items():
        rows = []
        for name, phase in at["phases"].items():
            mib = phase.get("mib_touched")
            rows.append((
                name, f"{phase['ns_per_person_month']:.3f}", f"{phase['ms_per_month']:.3f}",
                f"{100 * phase['share']:.1f} %", "-" if mib is None else f"{mib:.2f}",
                "-" if mib is None else f"{mib * MIB / bandwidth / 1e6:.3f}",
            ))
        head = (
            f"Scale {scale}: {at['people']:,} people, {at['months']} months, {at['threads']} threads. Loop "
            f"{at['loop_s']:.3f} s (CPU {at['loop_cpu_s']:.3f} s), end to end {at['end_to_end_s']:.2f} s, "
            f"{at['ns_per_person_month']:.2f} ns per person-month, peak {at['peak_mib']:.0f} MiB.\n\n"
        )
        names = ("phase", "ns / person-month", "ms / month", "share", "MiB touched (estimate)", "ms at bandwidth")
        parts.append(head + table(names, rows))
    return "\n".join(parts)


def _curves(kept: dict[str, Any]) -> str:
    if "curves" not in kept:
        return NOTHING
    found, rows = kept["curves"], []
    for axis, words in AXES.items():
        points = found[axis]["points"]
        line = "; ".join(f"{p['x']:,.6g}: {p['ms_per_month']:.3g}" for p in points)
        exponent = found[axis]["exponent"]
        rows.append((words, line, "-" if exponent is None else f"{exponent:.2f}"))
    note = f"Measured {found['measured']}: medians of {found['repeat']}, {found['months']} months, {found['scenario']}."
    return table(("grown", "ms a month", "exponent"), rows) + f"\n{note}\n"


def _sweep(kept: dict[str, Any]) -> str:
    if "sweep" not in kept:
        return NOTHING
    found = kept["sweep"]
    head = (
        f"Measured {found['measured']}: {found['runs']:,} runs at {found['scale']:g} on {found['workers']} workers, "
        f"**{found['runs_per_s']:.1f} runs a second** with parts kept. A run {1e3 * found['run_s']:.1f} ms; handing "
        f"it out and keeping it {found['overhead_ms']:.2f} ms of a worker; a part {found['store_kib']:.0f} KiB.\n\n"
    )
    rows = [
        (f"{k + 1}", f"{w['runs_per_s']:.1f}", f"{w['peak_mib']:.0f}") for k, w in enumerate(found["windows"])
    ]
    return head + table(("tenth of the runs", "runs a second", "most memory of a worker so far, MiB"), rows)


def _agreement(kept: dict[str, Any]) -> str:
    if "scale_agreement" not in kept:
        return NOTHING
    found = kept["scale_agreement"]
    scales = list(found["seeds"])
    rows = []
    for row in found["rows"]:
        cells = [f"{row['scales'][s]['mean']:.5g} ± {row['scales'][s]['band']:.2g}" for s in scales]
        agrees = all(row["scales"][s]["agrees"] for s in scales)
        rows.append((f"`{row['indicator']}`", row["what"], *cells, "yes" if agrees else "**no**"))
    head = ("headline", "what", *(f"{s} ({found['seeds'][s]} seeds)" for s in scales), "agree")
    needs = [
        (question, f"{need['scale']:g}", f"{need['three_quarters_need']:g}")
        for question, need in found["questions"].items()
    ]
    return (
        f"Measured {found['measured']}, values of {found['month']}; ± is the band around the largest run.\n\n"
        + table(head, rows) + "\n" + table(("question", "scale", "three quarters of the headlines need"), needs)
    )


def _elsewhere(kept: dict[str, Any]) -> str:
    scales = kept.get("bench", {}).get("scales", {})
    if not {"0.01", "1.0"} <= scales.keys():
        return NOTHING
    one, small = scales["1.0"], scales["0.01"]
    cores = kept["bench"]["probe"]["cores"]
    each = max(0.0, (one["peak_mib"] - small["peak_mib"]) * MIB / (one["people"] - small["people"]))
    places = next((p["places"] for p in kept.get("curves", {}).get("people", {}).get("points", [])), 400)
    rows = []
    for words, people in ELSEWHERE:
        many = people or one["people"]
        ratio = many / one["people"]
        cpu = one["loop_cpu_s"] * ratio
        rows.append((
            words, f"{many / 1e6:,.1f}", f"{(small['peak_mib'] + each * many / MIB) / 1024:,.1f}",
            f"{ratio**2 * places * 40 * PLACES_BYTES / 2**30:,.2f}", f"{one['loop_s'] * ratio:,.0f}",
            f"{cpu / 64 / 0.7:,.0f}",
        ))
    head = (
        "where", "million people", "memory for people, GiB", "tables of place by market, GiB",
        f"86 months on {cores} such cores, s", "on 64 such cores at 70 % of their sum, s",
    )
    grown = growth(scales.get("0.1", {}), one)
    note = f"Exponent of cost over people from 1:10 to 1:1: {grown:g}. " if grown is not None else ""
    return table(head, rows) + f"\n{note}{each:.0f} bytes a person at the peak, households and copies included.\n"


FILL: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "probe": _probe, "budget": _budget, "phases": _phases, "curves": _curves, "sweep": _sweep,
    "agreement": _agreement, "elsewhere": _elsewhere,
}
