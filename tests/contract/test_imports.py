"""The one-way street model <- scenarios <- runs <- analysis, read from the sources themselves."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("model", "scenarios", "runs", "analysis")
MODEL_MAY_USE = {"numpy", "numba", "llvmlite", "mesa"}
LONGEST_FILE = 500

TEXT_SUFFIXES = {".py", ".toml", ".md", ".yaml", ".yml", ".json", ".txt", ".lock", ".cfg", ".sh", ".j2", ".html", ""}
# Put together from pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(["home", "root", "Users", "work", "mnt"]) + r")/\w")
REGISTRY_HOST = re.compile("|".join(re.escape(a + b) for a, b in [
    ("pypi", ".org"), ("python", "hosted.org"), ("/simple", "/"), ("npm", "js.org"),
    ("ana", "conda.org"), ("file:/", "//"),
]))


def sources(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts and not path.is_relative_to(ROOT / "runs" / "store")
    )


def imports_of(path: Path) -> list[tuple[int, str]]:
    """(line, full module name) of each import, also inside functions and under TYPE_CHECKING."""
    found = []
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                found.append((node.lineno, ".".join([*base, node.module or ""]).strip(".")))
            else:
                found.append((node.lineno, node.module or ""))
    return found


def offences(folder: str, wrong) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(folder) for line, name in imports_of(path) if wrong(path, name)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_walks_back(room):
    forbidden = {*ROOMS[ROOMS.index(room) + 1:], "xiancheng", "tests"}
    assert offences(room, lambda _, name: name.split(".")[0] in forbidden) == []


def test_the_model_stands_on_arrays_alone():
    allowed = MODEL_MAY_USE | {"model"} | sys.stdlib_module_names
    assert offences("model", lambda _, name: name.split(".")[0] not in allowed) == []


@pytest.mark.parametrize("room", ["runs", "analysis"])
def test_scenario_files_are_read_in_one_room(room):
    assert offences(room, lambda _, name: name.split(".")[0] in {"ruamel"}) == []


def test_the_walker_sees_every_kind_of_import(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "model" / "state" / "one.py"
    file.parent.mkdir(parents=True)
    file.write_text("import a.b, c\nfrom d import e\nfrom .near import f\nfrom .. import g\ndef h():\n    import i\n")
    assert {name for _, name in imports_of(file)} == {"a.b", "c", "d", "model.state.near", "model", "i"}


def test_no_other_distribution_has_rooms_of_our_names():
    """The names are generic; in an environment shared with a namesake we would import the wrong room."""
    owners = packages_distributions()
    assert {name: set(owners.get(name, [])) - {"xiancheng"} for name in ROOMS} == {name: set() for name in ROOMS}


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {}
    for path in [*sources(*ROOMS, "tests"), ROOT / "xiancheng.py"]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            long[str(path.relative_to(ROOT))] = lines
    assert long == {}


def own_texts() -> list[Path]:
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".venv.lock"]
    deep = [
        path for folder in (*ROOMS, "tests", "docs", ".ci") for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not is_result(path)
    ]
    return sorted(path for path in top + deep if path.suffix.lower() in TEXT_SUFFIXES)


def is_result(path: Path) -> bool:
    """What a run wrote: runs/store and the folders runs/<name>-<short id>."""
    parts = path.relative_to(ROOT).parts
    return parts[0] == "runs" and len(parts) > 2 and (parts[1] == "store" or "-" in parts[1])


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["machine path", "registry host"])
def test_nothing_names_a_machine_or_a_registry(pattern):
    found = []
    for path in own_texts():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_patterns_catch_what_they_are_for():
    assert MACHINE_PATH.search("open('" + "/ho" + "me/li/x.csv')")
    assert MACHINE_PATH.search("cd /wo" + "rk/main")
    assert not MACHINE_PATH.search("share of home/work trips")
    assert REGISTRY_HOST.search("https://files.python" + "hosted.org/packages/x.whl")
