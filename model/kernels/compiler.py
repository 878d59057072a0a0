"""Numba's compiler without the work that kernels do not need.

A kernel that other kernels call is copied into them. So it gets no wrapper for Python, no machine code and no file,
and the costly optimisations see it once, inside its callers. The same numbers are computed: nothing here lets LLVM
reorder or contract floating-point operations.
"""

from __future__ import annotations

from typing import Any, Final

from llvmlite.binding import newpassmanagers
from numba.core import types
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.registry import CPUDispatcher
from numba.core.targetconfig import ConfigStack, TargetConfig
from numba.core.typed_passes import BaseNativeLowering
from numba.core.types.functions import BaseFunction

PLAIN: Final = (
    types.Number, types.Boolean, types.Array, types.Literal, types.NoneType, types.BaseTuple, types.RangeType,
)
"""Types of arguments with which a built-in function means the same whenever it is called."""


class Kernel(CPUDispatcher):
    """A function that Python calls as machine code of its own, and other kernels as a part of theirs."""

    def __init__(self, py_func: Any, targetoptions: Any = None, **others: Any) -> None:
        super().__init__(py_func, targetoptions=targetoptions, **others)
        inner = {key: value for key, value in self.targetoptions.items() if key != "nogil"}
        self.inner = CPUDispatcher(py_func, targetoptions={**inner, "no_cpython_wrapper": True})

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """How a kernel that calls this one sees it."""
        return self.inner.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """What a kernel that calls this one is linked with."""
        return self.inner.get_overload(sig)


class Part(JITCodeLibrary):  # type: ignore[misc]
    """Code that is only copied into that of its callers: linked, and never made into machine code."""

    def finalize(self) -> None:
        """Copy in what this part calls."""
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Nowhere."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Part:
        """Itself, since nobody may reach the machine through it."""
        return self

    def set_env(self, name: str, env: object) -> None:
        """Code that does not run has no use for objects of Python."""


def _lower(self: Any, state: Any) -> bool:
    if state.library is None and state.flags.no_cpython_wrapper:
        state.flags.no_cfunc_wrapper = True
        state.library = Part(state.targetctx.codegen(), state.func_id.func_qualname)
    return bool(_LOWER(self, state))


def _simplify(self: Any, module: Any) -> None:
    """What makes code short before it is copied; all else is done once, with the callers."""
    module.data_layout = self._codegen._data_layout
    builder = self._codegen._pass_builder(opt=1, loop_vectorize=False, slp_vectorize=False)
    manager = newpassmanagers.create_new_function_pass_manager()
    manager.add_sroa_pass()
    manager.add_instruction_combine_pass()
    manager.add_simplify_cfg_pass()
    for function in module.functions:
        if not function.is_declaration:
            manager.run(function, builder)


def _same(self: Any, other: object) -> Any:
    if self is other:
        return True
    if type(self) is type(other) and self._values == other._values:
        return True
    return _SAME(self, other)


def _call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
    """The type of a call of a built-in function, worked out once: it tries dozens of signatures each time."""
    if kws or not all(isinstance(arg, PLAIN) for arg in args):
        return _CALL_TYPE(self, context, args, kws)
    # Functions are kept beside what was found, so that no other takes their place in memory.
    _, found = _CALLS.setdefault(id(self), (self, {}))
    key = (args, ConfigStack.top_or_none())
    if key not in found:
        found[key] = _CALL_TYPE(self, context, args, kws)
    return found[key]


_LOWER: Final = BaseNativeLowering.run_pass
_SAME: Final = TargetConfig.__eq__
_CALL_TYPE: Final = BaseFunction.get_call_type
_CALLS: Final[dict[int, tuple[Any, dict[Any, Any]]]] = {}

BaseNativeLowering.run_pass = _lower
CPUCodeLibrary._optimize_functions = _simplify
TargetConfig.__eq__ = _same
BaseFunction.get_call_type = _call_type
