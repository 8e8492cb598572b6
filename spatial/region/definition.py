"""`@sp.region`: what the user declares of a region, before it is compiled."""

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Never

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["Region", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region as declared; it is compiled each time it is simulated or built, with the closure as it is then."""

    function: types.FunctionType
    span: Span

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    def __call__(self, *arguments: object) -> Never:
        """A region runs by `sp.simulate` or by what `sp.build` makes of it."""
        title = f"the region `{self.name}` is not called: it is simulated or built"
        hint = f"write `sp.simulate({self.name}, ...)`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def region() -> Callable[[Callable[..., object]], Region]:
    """Declares a region: a function whose body declares streams and kernels.

    Its parameters, typed as arrays, are the memory that kernels share with the caller; without
    parameters it takes those of its kernels, in order of first appearance.
    """
    span = caller_span()

    def declare(function: Callable[..., object]) -> Region:
        if not isinstance(function, types.FunctionType):
            raise ProgramError([Misuse(title="`@sp.region()` stands above a function", span=span)])
        return Region(function=function, span=span)

    return declare
