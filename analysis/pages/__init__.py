"""Pages of docs/ that are written from the code and the data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from analysis.pages import channel_pages, data_page, odd_tables, performance_page, plan_pages, registry_pages
from model.spec.states import CHANNELS

PAGES: Final[dict[str, Callable[[], str]]] = {
    "levers.md": registry_pages.render_levers,
    "parameters.md": registry_pages.render_parameters,
    "indicators.md": registry_pages.render_indicators,
    "columns.md": registry_pages.render_columns,
    "odd_tables.md": odd_tables.render,
    "data.md": data_page.render,
    "channels/README.md": channel_pages.render_index,
    **{f"channels/{key}.md": partial(channel_pages.render, key) for key in CHANNELS},
    "performance.md": performance_page.render,
    "plan_measures.md": plan_pages.render_measures,
    "plan_targets.md": plan_pages.render_targets,
}
"""File under docs/ -> function that writes its text. `xiancheng docs` writes them all; a test compares them."""
