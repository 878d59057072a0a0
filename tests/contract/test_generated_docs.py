"""Pages written from the code and the data are those that the code and the data would write now."""

from pathlib import Path

import pytest

from analysis import plan_books
from analysis.pages import PAGES
from model.spec.registry import REGISTRY

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(name):
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), f"docs/{name} is out of date; run xiancheng docs and commit it"


@pytest.mark.parametrize("name, kind", [
    ("levers.md", "levers"), ("levers.md", "states"), ("parameters.md", "params"), ("indicators.md", "indicators"),
])
def test_every_declared_key_is_on_its_page(name, kind):
    text = PAGES[name]()
    assert [key for key in getattr(REGISTRY, kind) if f"`{key}`" not in text] == []


def test_every_column_is_on_its_page():
    text = PAGES["columns.md"]()
    assert [key for key in REGISTRY.columns if f"| `{key.split('.')[1]}` |" not in text] == []


def test_every_measure_and_target_is_on_its_page():
    for name, found in (("plan_measures.md", plan_books.measures()), ("plan_targets.md", plan_books.targets())):
        text = PAGES[name]()
        assert [one.id for one in found if f"`{one.id}`" not in text or one.title_zh not in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_tables_are_whole(name):
    """Every row of a table has as many cells as its head."""
    width = None
    for line in PAGES[name]().splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else None
        assert cells is None or width is None or cells == width, line
        width = cells
