"""One call of a function of the user's, as the walk over a kernel meets it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.meta.library import Closure
from spatial.meta.scope import Scope
from spatial.meta.sites import Operand
from spatial.source.text import FunctionText

__all__ = ["Callee", "Plain"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Callee:
    """A function as it is called once: its names, and the arguments its parameters are given.

    It is the `number`-th call of its PE, from 1 on; `text` is what is followed of it.
    """

    closure: Closure
    scope: Scope
    text: FunctionText
    bound: Mapping[str, Operand]
    number: int

    @property
    def name(self) -> str:
        """What the user calls the function: it may go by another name than its text has."""
        return getattr(self.closure.function, "__name__", self.closure.definition.name)

    def bound_values(self) -> Iterator[tuple[str, object]]:
        """The object that a method is called on, for its first parameter."""
        yield from zip(self.closure.definition.parameters, self.closure.bound, strict=False)

    def known(self) -> Iterator[tuple[str, Operand | None]]:
        """The parameters that are known before the program runs, with their arguments; None means the default."""
        return ((name, operand) for name, operand in self._given() if self._is_known(name))

    def running(self) -> Iterator[tuple[str, Operand | None]]:
        """The other parameters."""
        return ((name, operand) for name, operand in self._given() if not self._is_known(name))

    def _given(self) -> Iterator[tuple[str, Operand | None]]:
        for name in self.closure.definition.parameters[len(self.closure.bound) :]:
            yield name, self.bound.get(name)

    def _is_known(self, name: str) -> bool:
        return name in self.scope.known or name in self.scope.functions


@dataclass(frozen=True, slots=True)
class Plain:
    """A called value that is no function of the user's: a type, a word of the language."""

    value: object
