"""Makes the project's own environment, `.venv`, on a machine that has nothing but some Python.

Standard library only, and it must parse on Python 3.8: it runs before the right Python is found.
Loaded by path from `xiancheng.py`; it imports no room of the project.
"""

from __future__ import annotations

import ast
import contextlib
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time

SUPPORTED = ((3, 12), (3, 13), (3, 14))
EXIT_NOT_READY = 2
STAMP_NAME = "xiancheng.stamp"
LOCK_NAME = "requirements.lock"

PROBE = (
    "import sys, struct, ensurepip, venv; "
    "print('%d.%d.%d %d' % (sys.version_info[:3] + (struct.calcsize('P') * 8,)))"
)


class NotReady(Exception):
    """The environment could not be made; the text says what was tried and what to do."""


# ---------------------------------------------------------------- finding a Python


def candidates(environ, platform, executable):
    """Commands that may start a fitting Python, best first. None of them is trusted before `probe`."""
    found = [[executable]] if executable else []
    versions = ["%d.%d" % version for version in SUPPORTED]
    if platform == "win32":
        found += [["py", "-" + version] for version in versions]
    found += [["python" + version] for version in versions]
    for folder in _known_folders(environ, platform):
        for version in versions:
            pattern = folder.replace("{version}", version)
            found += [[path] for path in sorted(glob.glob(pattern), reverse=True)]
    found += [["python3"], ["python"]]
    if platform != "win32":
        found += [["/usr/bin/python3"], ["/usr/local/bin/python3"], ["/opt/homebrew/bin/python3"]]
    unique = []
    for command in found:
        if command not in unique:
            unique.append(command)
    return unique


def _known_folders(environ, platform):
    """Where version managers keep Pythons that may be absent from PATH."""
    home = environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~")
    pyenv = environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    if platform == "win32":
        local = environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return [
            os.path.join(glob.escape(pyenv), "pyenv-win", "versions", "{version}.*", "python.exe"),
            os.path.join(glob.escape(environ.get("APPDATA") or home), "uv", "python",
                         "cpython-{version}.*", "python.exe"),
            os.path.join(glob.escape(local), "Programs", "Python", "Python3*", "python.exe"),
        ]
    data = environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return [
        os.path.join(glob.escape(pyenv), "versions", "{version}*", "bin", "python"),
        os.path.join(glob.escape(data), "uv", "python", "cpython-{version}.*", "bin", "python3"),
    ]


def probe(command, environ=None):
    """(version, "") when the command is a working Python of a supported version, else (None, reason).

    Running it is the only proof: a pyenv shim exists for versions that are not active and ends with 127.
    """
    try:
        done = subprocess.run(
            command + ["-c", PROBE], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=30, env=environ,
        )
    except OSError as error:
        return None, (error.strerror or str(error)).lower()
    except subprocess.TimeoutExpired:
        return None, "gave no answer in 30 s"
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        if "ensurepip" in last[0] or "venv" in last[0]:
            return None, "lacks the venv module (on Debian and Ubuntu: install the python3-venv package)"
        return None, "ends with exit code %d" % done.returncode
    match = re.search(r"(\d+)\.(\d+)\.(\d+) (\d+)\s*$", done.stdout.decode("utf-8", "replace"))
    if not match:
        return None, "did not say its version"
    version = tuple(int(part) for part in match.groups()[:3])
    if version[:2] not in SUPPORTED:
        return None, "is Python %d.%d.%d" % version
    if match.group(4) != "64":
        return None, "is a 32-bit Python"
    return version, ""


def find_python(environ=None, platform=None, executable=None):
    """The first command that works and its version."""
    environ = os.environ if environ is None else environ
    tried = []
    for command in candidates(environ, platform or sys.platform, executable or sys.executable):
        version, reason = probe(command)
        if version:
            return command, version
        tried.append((" ".join(command), reason))
    raise NotReady(not_found_text(tried))


def not_found_text(tried):
    width = max([len(name) for name, _ in tried] or [0])
    lines = ["No Python 3.12, 3.13 or 3.14 was found. Tried:"]
    lines += ["  %s  %s" % (name.ljust(width), reason) for name, reason in tried]
    lines += [
        "Install Python 3.12 (from your system or python.org, or `pyenv install 3.12`,",
        "or `uv python install 3.12`) and give the same command again.",
    ]
    return "\n".join(lines)


# ---------------------------------------------------------------- the stamp


def venv_folder(root):
    return os.path.join(root, ".venv")


def venv_python(root, platform=None):
    if (platform or sys.platform) == "win32":
        return os.path.join(venv_folder(root), "Scripts", "python.exe")
    return os.path.join(venv_folder(root), "bin", "python")


def stamp_of(root):
    """A hash of all that decides the environment."""
    digest = hashlib.sha256()
    for name in (LOCK_NAME, "pyproject.toml"):
        with open(os.path.join(root, name), "rb") as file:
            digest.update(file.read().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def is_ready(root):
    return read_stamp(root) == (stamp_of(root), _place(root)) and os.path.exists(venv_python(root))


def read_stamp(root):
    """(hash, folder the environment was made for), or a pair of None."""
    try:
        with open(os.path.join(venv_folder(root), STAMP_NAME), encoding="utf-8", errors="surrogateescape") as file:
            digest, place = file.read().splitlines()
            return digest, place
    except (OSError, ValueError):
        return None, None


def write_stamp(root):
    path = os.path.join(venv_folder(root), STAMP_NAME)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(stamp_of(root) + "\n" + _place(root) + "\n")


def _place(root):
    return os.path.realpath(root)


def is_inside(root, prefix=None):
    """Does this very process run in the project's environment?"""
    return os.path.realpath(prefix or sys.prefix) == os.path.realpath(venv_folder(root))


# ---------------------------------------------------------------- settings for child processes


def run_environment(environ):
    """What every command of the project runs with."""
    result = dict(environ)
    # Without bytecode files each start would parse all of numpy and scipy again: seconds, every time.
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    result.pop("PYTHONHOME", None)
    # Members run side by side in processes; a thread pool in each of them only gets in the way.
    result.setdefault("OPENBLAS_NUM_THREADS", "1")
    return result


def pip_settings(listing):
    """Read `pip config list`: the sections pip would use for `install`, weakest first."""
    strength = {"global": 0, "install": 1, ":env:": 2}
    found = {}
    for line in listing.splitlines():
        section, dot, rest = line.partition(".")
        key, equals, text = rest.partition("=")
        if section not in strength or not dot or not equals:
            continue
        try:
            value = str(ast.literal_eval(text))
        except (SyntaxError, ValueError):
            value = text
        if key not in found or strength[section] >= found[key][0]:
            found[key] = (strength[section], value)
    return {key: value for key, (_, value) in found.items()}


def uv_environment(settings, environ):
    """uv reads none of pip's settings: say the same in uv's words, where the user has not spoken already."""
    result = {}

    def say(name, value, *synonyms):
        if value and not any(environ.get(other) for other in (name,) + synonyms):
            result[name] = value

    say("UV_DEFAULT_INDEX", settings.get("index-url", "").strip(), "UV_INDEX_URL")
    extra = " ".join(settings.get("extra-index-url", "").split())
    if extra:
        say("UV_INDEX", extra, "UV_EXTRA_INDEX_URL")
        # pip looks into all indexes at once; uv stops at the first that knows the name. Hashes keep it safe.
        say("UV_INDEX_STRATEGY", "unsafe-best-match")
    links = settings.get("find-links", "").split()
    say("UV_FIND_LINKS", ",".join(link for link in links if _reachable(link)))
    say("SSL_CERT_FILE", settings.get("cert", "").strip())
    say("SSL_CLIENT_CERT", settings.get("client-cert", "").strip())
    say("UV_INSECURE_HOST", " ".join(settings.get("trusted-host", "").split()))
    if settings.get("no-index", "").strip().lower() in ("1", "true", "yes", "on"):
        say("UV_NO_INDEX", "1")
    timeout = settings.get("timeout") or settings.get("default-timeout") or ""
    if timeout.strip().isdigit():
        say("UV_HTTP_TIMEOUT", timeout.strip())
    proxy = settings.get("proxy", "").strip()
    if proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            say(name, proxy, name.lower(), "ALL_PROXY", "all_proxy")
    return result


def _reachable(link):
    """pip passes over a missing folder; uv stops there."""
    return "://" in link or os.path.exists(os.path.expanduser(link))


def lock_entry(lock_text, name):
    """The lines of one package in the lock, with its hashes, so that it can be installed on its own."""
    lines = []
    for line in lock_text.splitlines():
        if line[:1] not in ("", " ", "#"):
            inside = re.split(r"[=\s\[]", line, maxsplit=1)[0].lower() == name
        elif line[:1] == "" or line.startswith("#"):
            inside = False
        if lines and not inside:
            break
        if line[:1] not in ("", "#") and inside and not line.lstrip().startswith("#"):
            lines.append(line)
    if lines:
        lines[-1] = lines[-1].rstrip("\\ ")
    return "\n".join(lines) + "\n" if lines else ""


# ---------------------------------------------------------------- making the environment


def prepare(root, say=None):
    """Make `.venv` fit the lock. Costs two small reads when it already does."""
    if is_ready(root):
        return
    say = say or _to_stderr
    with _one_at_a_time(root, say):
        if is_ready(root):
            return
        started = time.time()
        python = _create(root, say)
        say("xiancheng: installing the packages of %s ..." % LOCK_NAME)
        _install(root, python, say)
        write_stamp(root)
        say("xiancheng: .venv is ready after %.0f s" % (time.time() - started))


def _to_stderr(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextlib.contextmanager
def _one_at_a_time(root, say):
    """Two terminals may start at once; the second waits and then finds all done."""
    with open(os.path.join(root, ".venv.lock"), "a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:
                    time.sleep(1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            # Freed by the system even when this process is killed.
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("xiancheng: another start is making .venv, waiting for it ...")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _create(root, say):
    """An environment that exists and works is kept; any other is made anew, and so is one that was moved:
    its scripts still point to the old folder."""
    python = venv_python(root)
    moved = read_stamp(root)[1] not in (None, _place(root))
    if not moved and os.path.exists(python) and probe([python])[0]:
        # Other tools make environments without pip.
        if subprocess.call([python, "-c", "import importlib.util as u; raise SystemExit(not u.find_spec('pip'))"]):
            _run([python, "-m", "ensurepip"], "adding pip to .venv", root, os.environ)
        return python
    folder = venv_folder(root)
    if os.path.islink(folder):
        # `venv --clear` would empty the folder that the link points to, and it may serve another copy.
        os.unlink(folder)
    command, version = find_python()
    say("xiancheng: first run, making .venv with Python %d.%d.%d (about 800 MB in the end)" % version)
    _run(command + ["-m", "venv", "--clear", folder], "making .venv", root, os.environ)
    return python


def _install(root, python, say):
    environ = run_environment(os.environ)
    environ.pop("VIRTUAL_ENV", None)
    lock = os.path.join(root, LOCK_NAME)
    quiet_pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    this_project = ["--no-deps", "--no-build-isolation", "--editable", root]
    try:
        _install_uv(root, lock, quiet_pip, environ)
        listing = _run(quiet_pip + ["config", "list"], "reading pip's settings", root, environ)
        uv_environ = dict(environ)
        uv_environ.update(uv_environment(pip_settings(listing), environ))
        uv = [python, "-m", "uv", "--quiet", "pip", "install", "--python", python]
        _run(uv + ["--require-hashes", "-r", lock], "uv", root, uv_environ)
        _run(uv + this_project, "uv", root, uv_environ)
    except NotReady as error:
        say("xiancheng: uv did not do it, going on with pip (slower)\n  " + str(error).splitlines()[-1])
        pip = quiet_pip + ["install", "--quiet"]
        _run(pip + ["--require-hashes", "-r", lock], "pip", root, environ)
        _run(pip + this_project, "pip", root, environ)


def _install_uv(root, lock, pip, environ):
    with open(lock, encoding="utf-8") as file:
        entry = lock_entry(file.read(), "uv")
    if not entry:
        raise NotReady("uv is not in %s" % LOCK_NAME)
    handle, path = tempfile.mkstemp(suffix=".txt", prefix="xiancheng-uv-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(entry)
        _run(pip + ["install", "--quiet", "--no-deps", "--require-hashes", "-r", path],
             "installing uv", root, environ)
    finally:
        os.unlink(path)


def _run(command, what, root, environ):
    try:
        done = subprocess.run(
            command, cwd=root, env=dict(environ), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise NotReady("%s: %s" % (what, error)) from error
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        tail = "\n".join("  " + line for line in text.strip().splitlines()[-12:])
        raise NotReady("%s failed with exit code %d:\n%s" % (what, done.returncode, tail))
    return text


# ---------------------------------------------------------------- going on inside


def go_inside(root, script, arguments):
    """Replace this process by the same command in `.venv`."""
    python = venv_python(root)
    command = [python, script] + list(arguments)
    environ = run_environment(os.environ)
    environ.pop("__PYVENV_LAUNCHER__", None)
    if sys.platform != "win32":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(python, command, environ)
    # Windows has no exec that keeps the console: wait for the child, which also gets every Ctrl-C.
    child = subprocess.Popen(command, env=environ)
    while True:
        try:
            raise SystemExit(child.wait())
        except KeyboardInterrupt:
            continue


def enter(root, script, arguments):
    """Returns only when this process already runs in a fitting `.venv`."""
    try:
        ready_before = is_ready(root)
        prepare(root)
    except (NotReady, OSError) as error:
        _to_stderr(str(error))
        raise SystemExit(EXIT_NOT_READY) from None
    except KeyboardInterrupt:
        _to_stderr("interrupted; give the same command again to go on")
        raise SystemExit(130) from None
    if not (ready_before and is_inside(root)):
        go_inside(root, script, arguments)
    for name in set(os.environ) - set(run_environment(os.environ)):
        del os.environ[name]
    os.environ.update(run_environment(os.environ))
    sys.dont_write_bytecode = False
