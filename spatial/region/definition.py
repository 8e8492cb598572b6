"""`@sp.region`: what the user declares of a region, before it is compiled."""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Never, overload

from spatial.kernel.definition import plain_function
from spatial.kernel.environment import enclosing_names
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["Region", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region as declared; it is compiled each time it is simulated or built, with the closure as it is then.

    `enclosing` are the local names around its definition.
    """

    function: types.FunctionType
    span: Span
    enclosing: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    def __call__(self, *arguments: object) -> Never:
        """A region runs by `sp.simulate` or by what `sp.build` makes of it."""
        title = f"the region `{self.name}` is not called: it is simulated or built"
        hint = f"write `sp.simulate({self.name}, ...)`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="region/called")])


@overload
def region(function: Callable[..., object]) -> Region: ...
@overload
def region() -> Callable[[Callable[..., object]], Region]: ...
def region(function: Callable[..., object] | None = None) -> Region | Callable[[Callable[..., object]], Region]:
    """Declares a region: `@sp.region()` above a function whose body declares streams and kernels.

    Its parameters, typed as arrays, are the memory that kernels share with the caller; without
    parameters it takes those of its kernels, in order of first appearance.
    """
    span = caller_span()

    def declare(body: Callable[..., object]) -> Region:
        return Region(function=plain_function(body, "region", span), span=span, enclosing=enclosing_names())

    return declare if function is None else declare(function)
