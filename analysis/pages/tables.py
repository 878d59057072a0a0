"""Words and tables that the generated pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from model.spec.types import Sign

GENERATED: Final = "Written by `xiancheng docs` from `{source}`; do not edit.\n"
SIGNS: Final = {Sign.UP: "up", Sign.DOWN: "down", Sign.EITHER: "either way", Sign.NONE: "none"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(x: float) -> str:
    """Six significant digits; thousands separated, no needless zeros."""
    if x == int(x) and abs(x) < 1e12:
        return f"{int(x):,}"
    return f"{x:.6g}"
