"""`test`: style, types, import direction, then the tests, in the order of what fails fastest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff", (sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", ".")),
    ("mypy", (sys.executable, "-m", "mypy", "--no-error-summary")),
    ("lint-imports", (sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()")),
)

MOST_PROCESSES = 8


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def test(pytest_args: tuple[str, ...]) -> int:
    """Run ruff, mypy, lint-imports and pytest.

    What follows is handed to pytest: `test -n 0`, `test tests/unit -k selector`. Tests marked slow run where CI is
    set, and when a `-m` expression asks for them: `test -m "slow or not slow"`. Without `-n` there is one process for
    each processor, at most eight, with one thread each.
    """
    if not os.environ.get("CI") and "-m" not in pytest_args:
        pytest_args = ("-m", "not slow", *pytest_args)
    if not any(argument.startswith("-n") for argument in pytest_args):
        pytest_args = ("-n", str(min(processors(), MOST_PROCESSES)), *pytest_args)
    variables = {**os.environ, "NUMBA_NUM_THREADS": os.environ.get("NUMBA_NUM_THREADS", "1")}
    failed = [name for name, command in CHECKS if not passes(name, command)]
    sys.stdout.flush()
    # pytest comes last, so that its closing line is the last line.
    command = (sys.executable, "-m", "pytest", *pytest_args)
    code = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
    return 1 if failed or code else 0


def passes(name: str, command: tuple[str, ...]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    ok = done.returncode == 0
    click.echo(f"{name:<13}{'ok' if ok else 'FAILED'}  {time.monotonic() - started:.1f} s")
    if not ok:
        click.echo((done.stdout + done.stderr).strip())
    return ok
