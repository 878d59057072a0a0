"""Words for readers stand in the registry and in files of labels, nowhere else in analysis/."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile("[\u4e00-\u9fff]")
# The screen and the spreadsheet keep their few words in tables at the head of their files; pages write documents.
OWN_TABLES = {"screen.py", "summary.py"}


def test_chinese_stands_only_in_files_of_labels():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in sorted((ROOT / "analysis").rglob("*.py"))
        if "labels" not in path.stem and path.name not in OWN_TABLES and path.parent.name != "pages"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if HAN.search(line)
    ]
    assert found == []
