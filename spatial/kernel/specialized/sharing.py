"""Finds functions that were built already, so that equal specializations share one."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from spatial.ir.mlir import func

__all__ = ["Built", "Symbols"]


@dataclass(slots=True)
class Built:
    """A function of the module; its `text` is printed once somebody compares it."""

    function: func.FuncOp
    text: str = ""

    def print(self) -> str:
        """Everything of it but its name, with the places it came from."""
        if not self.text:
            name = self.function.name.value
            printed: str = self.function.operation.get_asm(enable_debug_info=True, use_local_scope=True)
            self.text = printed.replace(f"@{name}(", "@(", 1)
        return self.text


@dataclass(slots=True)
class Symbols:
    """The names in use in a module, and its functions by the definition they were made from.

    `taken` are the symbols of functions, `tables` those of constant arrays. Where it `keeps_calls`, what a called
    function does is held together.
    """

    taken: set[str]
    tables: dict[object, str] = field(default_factory=dict)
    built: dict[Hashable, list[Built]] = field(default_factory=dict)
    keeps_calls: bool = False

    def shared(self, function: func.FuncOp, origin: Hashable, before: int) -> str:
        """The name of a function that is like this one, which is then erased, or its own.

        Only the first `before` functions of the same `origin` are compared: those of one kernel differ.
        """
        known = self.built.setdefault(origin, [])
        made = Built(function)
        for other in known[:before]:
            if other.print() == made.print():
                self.taken.discard(function.name.value)
                function.operation.erase()
                return str(other.function.name.value)
        known.append(made)
        return str(function.name.value)
