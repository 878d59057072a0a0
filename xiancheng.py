"""The front door. `python3 xiancheng.py run` and `python3 xiancheng.py test` work on a bare machine.

As a program it makes `.venv` if need be and goes on inside; with `.venv` active the command is `xiancheng`.
As a module it gives notebooks three names: `load` a scenario, `run` it, `compare` the results.
Only the standard library is imported here, and it must parse on Python 3.8.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))

TYPE_CHECKING = False
if TYPE_CHECKING:
    from analysis.paired import compare
    from analysis.study import run
    from scenarios import load

_NAMES = {
    "load": ("scenarios", "load"),
    "run": ("analysis.study", "run"),
    "compare": ("analysis.paired", "compare"),
}
__all__ = ["load", "run", "compare", "main"]


def __getattr__(name):
    if name == "__version__":
        from importlib.metadata import version

        return version("xiancheng")
    if name not in _NAMES:
        raise AttributeError("module 'xiancheng' has no attribute %r" % name)
    from importlib import import_module

    # Whatever is imported next may load compiled kernels; their folder must be chosen first.
    import_module("runs.numba_cache").prepare()
    module, attribute = _NAMES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(_NAMES) | {"__version__"})


def main():
    """The command line, in an environment that has the dependencies."""
    from analysis.cli import main as command_line

    sys.exit(command_line(sys.argv[1:]))


def _bootstrap():
    """Loaded by its path: importing the package `runs` would need what is not installed yet."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("xiancheng_bootstrap", os.path.join(ROOT, "runs", "bootstrap.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if sys.version_info < (3, 8):
        sys.exit("xiancheng.py needs Python 3.8 or newer to start, and looks for 3.12 by itself from there")
    _bootstrap().enter(ROOT, os.path.join(ROOT, "xiancheng.py"), sys.argv[1:])
    main()
