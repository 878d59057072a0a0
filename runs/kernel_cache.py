"""Where numba keeps the machine code of one kernel: in a folder named by all source that can reach it.

Numba looks only at the file a kernel stands in. Here a kernel's stamp covers the compiled functions of its file,
the constants they can see, and the same of every file from which those names come, so that an edit recompiles
what it can change and nothing else. The folder carries the stamp: processes of two versions never share a file.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from numba.core import config
from numba.core.caching import UserProvidedCacheLocator

STAMP: Final = 16
COMPILERS: Final = ("njit", "vectorize", "'kernel'", "'bare'", "'within'")
"""What the decorators of compiled functions are called."""
type Definition = ast.FunctionDef | ast.ClassDef


class KernelLocator(UserProvidedCacheLocator):  # type: ignore[misc]
    """Numba's locator with a stamp over the whole reach of a file's kernels."""

    def __init__(self, py_func: object, py_file: str) -> None:
        super().__init__(py_func, py_file)
        self._stamp = stamp(Path(py_file))
        name = f"{Path(py_file).stem}-{self._stamp}"
        self._cache_path = os.path.join(config.CACHE_DIR, name)

    @classmethod
    def from_function(cls, py_func: object, py_file: str) -> KernelLocator | None:
        """A locator whose folder is marked as used now, so that only what nobody uses is pruned."""
        locator: KernelLocator | None = super().from_function(py_func, py_file)
        if locator is not None:
            with contextlib.suppress(OSError):
                os.utime(locator.get_cache_path())
        return locator

    def get_source_stamp(self) -> str:
        """The stamp that numba keeps in its index."""
        return self._stamp

    def get_disambiguator(self) -> str:
        """Names are unique within a file, so that a moved line compiles nothing."""
        return "k"


def stamp(path: Path) -> str:
    """Digest of everything a kernel in `path` can depend on."""
    digest = hashlib.blake2b(digest_size=STAMP // 2)
    for file in sorted(reach(path.resolve())):
        digest.update(f"{file.name}\n{_parsed(file).text}\n".encode())
    return digest.hexdigest()


def reach(path: Path) -> frozenset[Path]:
    """The file itself and every file whose names its kernels and constants use, directly or through others."""
    found, waiting = {path}, [path]
    while waiting:
        for other in _parsed(waiting.pop()).uses:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


class _Parsed:
    """What of a file compiled code can see: its text, and the files whose names it uses."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        local = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        seen, names = _visible(tree, local)
        self.text = "\n".join(ast.dump(node) for node in seen)
        self.uses = frozenset(_imported(tree, path, names))


def _parsed(path: Path) -> _Parsed:
    status = path.stat()
    return _parse(path, status.st_mtime_ns, status.st_size)


@functools.cache
def _parse(path: Path, mtime: int, size: int) -> _Parsed:
    return _Parsed(path)


def _visible(tree: ast.Module, local: dict[str, Definition]) -> tuple[list[ast.AST], set[str]]:
    """Compiled functions, statements of the module, and the functions and classes they name; all names they load."""
    imports = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.If)
    waiting: list[ast.AST] = [node for node in tree.body if not isinstance(node, imports)]
    waiting += [node for node in tree.body if isinstance(node, ast.FunctionDef) and _compiled(node)]
    seen: list[ast.AST] = []
    names: set[str] = set()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.append(node)
        loaded = {x.id for x in _code(node) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load)}
        waiting += [local[name] for name in sorted(loaded - names) if name in local]
        names |= loaded
    return sorted(seen, key=ast.dump), names


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but annotations, which compiled code does not read."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _code(child)


def _compiled(node: ast.FunctionDef) -> bool:
    return any(word in ast.dump(decorator) for decorator in node.decorator_list for word in COMPILERS)


def _imported(tree: ast.Module, path: Path, names: set[str]) -> Iterator[Path]:
    """Files of the same package from which a name in `names` is imported."""
    root = _root(path)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                if (alias.asname or alias.name) in names:
                    yield from _files(root, f"{node.module}.{alias.name}", node.module)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name.split(".")[0]) in names:
                    yield from _files(root, alias.name)


def _root(path: Path) -> Path:
    """The folder above the outermost package that holds the file."""
    folder = path.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def _files(root: Path, *modules: str) -> Iterator[Path]:
    """The source of the first of `modules` that is one."""
    for module in modules:
        base = root.joinpath(*module.split("."))
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.exists():
                yield file
                return
