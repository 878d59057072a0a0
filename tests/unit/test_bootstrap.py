"""The door's set-up: finding a Python, knowing when nothing is to do, speaking uv's words."""

import ast
import os
import re
import stat
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from runs import bootstrap

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="writes shell scripts")


def script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


# ---------------------------------------------------------------- the source itself


@pytest.mark.parametrize("name", ["xiancheng.py", "runs/bootstrap.py"])
def test_an_old_python_can_read_the_door(name):
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_bootstrap_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "runs/bootstrap.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_supported_pythons_are_those_of_the_project():
    wanted = Requirement("x" + tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"])
    allowed = [(3, minor) for minor in range(6, 20) if wanted.specifier.contains(f"3.{minor}.1")]
    assert tuple(allowed) == bootstrap.SUPPORTED


# ---------------------------------------------------------------- finding a Python


def test_the_python_that_started_is_tried_first_and_nothing_twice():
    found = bootstrap.candidates({"HOME": "/nowhere"}, "linux", "python3.12")
    assert found[0] == ["python3.12"]
    assert len(found) == len({tuple(command) for command in found})
    assert ["py", "-3.12"] not in found


def test_windows_asks_its_launcher():
    found = bootstrap.candidates({"USERPROFILE": "nowhere"}, "win32", "C:/python38.exe")
    assert found[:2] == [["C:/python38.exe"], ["py", "-3.12"]]


@pytest.mark.parametrize("odd", ["plain", "with [brackets] and {braces}"])
def test_pyenv_versions_are_found_without_their_shims(tmp_path, odd):
    root = tmp_path / odd
    for version in ("3.11.7", "3.12.1", "3.13.0"):
        (root / "versions" / version / "bin").mkdir(parents=True)
        (root / "versions" / version / "bin" / "python").touch()
    found = bootstrap.candidates({"PYENV_ROOT": str(root), "HOME": "/nowhere"}, "linux", "")
    inside = [command[0] for command in found if command[0].startswith(str(root))]
    assert [Path(path).parts[-3] for path in inside] == ["3.12.1", "3.13.0"]


def test_this_python_passes_the_probe():
    version, reason = bootstrap.probe([sys.executable])
    assert (version, reason) == (sys.version_info[:3], "")


@posix_only
@pytest.mark.parametrize(("text", "reason"), [
    ("exit 127", "ends with exit code 127"),
    ("echo 3.11.7 64", "is Python 3.11.7"),
    ("echo 3.12.1 32", "is a 32-bit Python"),
    ("echo hello", "did not say its version"),
    ("echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2; exit 1", "lacks the venv module"),
])
def test_the_probe_says_why_not(tmp_path, text, reason):
    version, said = bootstrap.probe([script(tmp_path / "python", text)])
    assert version is None
    assert said.startswith(reason)


def test_the_probe_survives_a_missing_command():
    assert bootstrap.probe(["no-such-python-anywhere"]) == (None, "no such file or directory")


@posix_only
def test_a_broken_shim_is_passed_over(tmp_path, monkeypatch):
    shim = script(tmp_path / "python3.12", "exit 127")
    monkeypatch.setattr(bootstrap, "candidates", lambda *_: [[shim], [sys.executable]])
    assert bootstrap.find_python() == ([sys.executable], sys.version_info[:3])


@posix_only
def test_when_nothing_fits_all_that_was_tried_is_named(tmp_path, monkeypatch, capsys):
    old = script(tmp_path / "python3", "echo 3.9.2 64")
    monkeypatch.setattr(bootstrap, "candidates", lambda *_: [[old], ["py", "-3.12"]])
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    with pytest.raises(SystemExit) as end:
        bootstrap.enter(str(tmp_path), "xiancheng.py", ["run"])
    text = capsys.readouterr().err
    assert end.value.code == 2
    assert f"{old}  is Python 3.9.2" in text
    assert "py -3.12" in text
    assert "Install Python 3.12" in text


# ---------------------------------------------------------------- the stamp


@pytest.fixture
def house(tmp_path):
    (tmp_path / "requirements.lock").write_bytes(b"numpy==2.5.5\n")
    (tmp_path / "pyproject.toml").write_bytes(b"[project]\n")
    return tmp_path


@pytest.fixture
def pretended(house, monkeypatch):
    """A house whose environment is made by writing one file; counts the installs."""
    installs = []

    def create(root, say):
        python = Path(bootstrap.venv_python(root))
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return str(python)

    monkeypatch.setattr(bootstrap, "_create", create)
    monkeypatch.setattr(bootstrap, "_install", lambda *_: installs.append(1))
    return house, installs


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_the_stamp_follows_lock_and_project(house, name):
    before = bootstrap.stamp_of(str(house))
    assert bootstrap.stamp_of(str(house)) == before
    (house / name).write_bytes(b"changed\n")
    assert bootstrap.stamp_of(str(house)) != before


def test_a_moved_clone_gets_a_new_environment(pretended, tmp_path_factory):
    house, _ = pretended
    bootstrap.prepare(str(house), say=lambda text: None)
    assert bootstrap.is_ready(str(house))
    moved = tmp_path_factory.mktemp("moved") / "house"
    house.rename(moved)
    assert not bootstrap.is_ready(str(moved))
    assert bootstrap.read_stamp(str(moved))[1] == str(house.resolve())


@posix_only
def test_an_environment_behind_a_link_belongs_to_another_copy_and_is_left_alone(house, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "kept").touch()
    (house / ".venv").symlink_to(other, target_is_directory=True)
    seen = []
    monkeypatch.setattr(bootstrap, "_run", lambda *_: seen.append(os.path.lexists(house / ".venv")))
    bootstrap._create(str(house), lambda text: None)
    assert seen == [False]
    assert (other / "kept").exists()


@pytest.mark.parametrize("text", ["", "one line", "a\nb\nc\n"])
def test_a_damaged_stamp_is_no_stamp(house, text):
    (house / ".venv").mkdir()
    (house / ".venv" / bootstrap.STAMP_NAME).write_text(text)
    assert bootstrap.read_stamp(str(house)) == (None, None)


def test_line_ends_of_a_windows_checkout_do_not_matter(house):
    before = bootstrap.stamp_of(str(house))
    (house / "requirements.lock").write_bytes(b"numpy==2.5.5\r\n")
    assert bootstrap.stamp_of(str(house)) == before


def test_a_second_call_installs_nothing(pretended):
    house, installs = pretended
    for _ in range(3):
        bootstrap.prepare(str(house), say=lambda text: None)
    assert len(installs) == 1
    (house / "requirements.lock").write_text("numpy==2.5.6\n")
    bootstrap.prepare(str(house), say=lambda text: None)
    assert len(installs) == 2


def test_a_failed_install_is_tried_again(pretended, monkeypatch):
    house, _ = pretended

    def fail(*_):
        raise bootstrap.NotReady("no network")

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "_install", fail)
        with pytest.raises(bootstrap.NotReady):
            bootstrap.prepare(str(house), say=lambda text: None)
    assert not bootstrap.is_ready(str(house))
    bootstrap.prepare(str(house), say=lambda text: None)
    assert bootstrap.is_ready(str(house))


def test_pip_does_it_when_uv_cannot(house, monkeypatch):
    (house / "requirements.lock").write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    commands, said = [], []

    def run(command, what, root, environ):
        commands.append(command)
        if "uv" in command:
            raise bootstrap.NotReady("uv failed with exit code 1:\n  no answer")
        return ""

    monkeypatch.setattr(bootstrap, "_run", run)
    bootstrap._install(str(house), "python", said.append)
    last_two = [" ".join(command) for command in commands[-2:]]
    assert "--require-hashes -r" in last_two[0]
    assert "--no-deps --no-build-isolation --editable" in last_two[1]
    assert all("pip" in command and "uv" not in command.split() for command in last_two)
    assert said[0].endswith("no answer")


# ---------------------------------------------------------------- settings


def test_children_write_bytecode_and_use_one_blas_thread():
    result = bootstrap.run_environment({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHOME": "x", "LANG": "C"})
    assert result == {"LANG": "C", "OPENBLAS_NUM_THREADS": "1"}
    assert bootstrap.run_environment({"OPENBLAS_NUM_THREADS": "8"})["OPENBLAS_NUM_THREADS"] == "8"


def test_pip_settings_take_the_strongest():
    listing = "\n".join([
        ":env:.timeout='180'", "global.timeout='15'", "global.index-url='https://one.example/a'",
        "install.index-url='https://two.example/a'", "global.extra-index-url='\\nhttps://x.example\\nhttps://y.example'",
        "download.index-url='https://three.example/a'", "a line of noise",
    ])
    assert bootstrap.pip_settings(listing) == {
        "timeout": "180", "index-url": "https://two.example/a",
        "extra-index-url": "\nhttps://x.example\nhttps://y.example",
    }


def test_uv_hears_what_pip_was_told(tmp_path):
    settings = {
        "index-url": "https://one.example/a", "extra-index-url": "https://x.example\nhttps://y.example",
        "find-links": f"{tmp_path} {tmp_path}/missing", "cert": "ca.pem", "trusted-host": "a b",
        "timeout": "180", "proxy": "http://proxy.example:1", "no-index": "true",
    }
    assert bootstrap.uv_environment(settings, {}) == {
        "UV_DEFAULT_INDEX": "https://one.example/a",
        "UV_INDEX": "https://x.example https://y.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "ca.pem",
        "UV_INSECURE_HOST": "a b",
        "UV_NO_INDEX": "1",
        "UV_HTTP_TIMEOUT": "180",
        "HTTP_PROXY": "http://proxy.example:1",
        "HTTPS_PROXY": "http://proxy.example:1",
    }


def test_what_the_user_told_uv_stands():
    settings = {"index-url": "https://one.example/a", "cert": "ca.pem", "proxy": "http://proxy.example:1"}
    environ = {"UV_INDEX_URL": "https://mine.example", "SSL_CERT_FILE": "mine.pem", "ALL_PROXY": "http://p.example"}
    assert bootstrap.uv_environment(settings, environ) == {}
    assert bootstrap.uv_environment({}, {}) == {}


# ---------------------------------------------------------------- the lock


def test_uv_is_taken_out_of_the_lock_with_its_hashes():
    entry = bootstrap.lock_entry(LOCK, "uv").splitlines()
    assert re.fullmatch(r"uv==\S+ \\", entry[0])
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64} \\", line) for line in entry[1:-1])
    assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", entry[-1])
    assert bootstrap.lock_entry(LOCK, "no-such-package") == ""


def test_the_lock_names_no_host_and_hashes_everything():
    assert "://" not in LOCK
    names = re.findall(r"^([a-z0-9][\w.-]*)==", LOCK, re.M)
    assert all("--hash=sha256:" in bootstrap.lock_entry(LOCK, name) for name in names)


def test_the_lock_fits_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    pins = dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", LOCK, re.M))
    for text in [*project["dependencies"], *extras["dev"], *extras["maps"]]:
        asked = Requirement(text)
        name = re.sub(r"[-_.]+", "-", asked.name).lower()
        assert Version(pins[name]) in asked.specifier, f"{text} is not met by the lock"


def test_the_environment_is_known_from_inside(tmp_path):
    assert bootstrap.is_inside(str(tmp_path), os.path.join(str(tmp_path), ".venv"))
    assert not bootstrap.is_inside(str(tmp_path), os.path.join(str(tmp_path), "other"))
