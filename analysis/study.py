"""`run` with everything a person wants to open afterwards: results, tables and figures in one folder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from typing import Any, Final

from runs import api
from runs.experiment import Experiment

LANGS: Final = {"en": ("en",), "zh": ("zh",), "both": ("zh", "en")}


def run(scenarios: Any, *arguments: Any, figures: bool = True, lang: str = "both", **options: Any) -> Experiment:
    """`runs.api.run`, then summary tables and figures. Same arguments; `lang` is en, zh or both."""
    return api.run(scenarios, *arguments, reports=reports(figures, lang), **options)


def reports(figures: bool = True, lang: str = "both") -> Sequence[api.Report]:
    """What is added to the folder of an experiment."""
    return (write_tables, lambda experiment: draw(experiment, lang)) if figures else (write_tables,)


def write_tables(experiment: Experiment) -> None:
    """Add summary.csv and summary.xlsx."""
    from analysis.summary import Summary

    Summary(experiment).write()


def draw(experiment: Experiment, lang: str) -> None:
    """Add the figures, in the languages asked for."""
    if not has_figures():
        print("figures are not drawn: this copy has no analysis/figures", file=sys.stderr)
        return
    from analysis.figures import draw_all

    draw_all(experiment.folder, langs=LANGS[lang])


def has_figures() -> bool:
    """Whether this copy can draw."""
    found = importlib.util.find_spec("analysis.figures")
    return found is not None and found.origin is not None
