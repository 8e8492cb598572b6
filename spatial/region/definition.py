"""`@sp.region`: what the user declares of a region, before it is compiled."""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from spatial.kernel.declared.definition import Place, current_place, plain_function
from spatial.kernel.declared.environment import enclosing_names
from spatial.kernel.declared.generics import bind_types
from spatial.region.instance import Body, instantiate
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.types.dtype import DType, as_dtype

__all__ = ["Region", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region as declared; it is compiled each time it is simulated or built, with the closure as it is then.

    `enclosing` are the local names around its definition, `bound` the values of its type parameters.
    """

    function: types.FunctionType
    span: Span
    enclosing: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    bound: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def body(self) -> Body:
        """Its function, ready to run."""
        return Body(function=self.function, enclosing=self.enclosing, bound=self.bound)

    def __getitem__(self, parameters: object) -> "Region":
        """The region for these values of its type parameters: `inner[2, 2]`."""
        return replace(self, bound=bind_types(self.function, "region", parameters))

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """Instantiates it in the body of another region; what its own body returns.

        The parameters become arrays and streams of that region, or compile-time values. Raises
        `ProgramError` anywhere else: a region runs by `sp.simulate` or by what `sp.build` makes of it.
        """
        span, outer = caller_span(), current_place()
        if outer is None:
            title = f"the region `{self.name}` is not called: it is simulated or built"
            hint = f"write `sp.simulate({self.name}, ...)`, or call it in the body of a region"
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="call/misplaced")])
        return self.instantiate(outer, arguments, keywords, span)

    def parameters(self) -> Sequence[str]:
        """The names of its parameters."""
        return tuple(self.body.parameter_types())

    def scalar_types(self) -> Mapping[str, DType]:
        """The parameters that are declared as scalars, with their types."""
        types = self.body.parameter_types()
        return {name: dtype for name, type_ in types.items() if (dtype := as_dtype(type_)) is not None}

    def instantiate(
        self, outer: Place, arguments: Sequence[object], keywords: Mapping[str, object], span: Span
    ) -> object:
        """Runs its body as a part of `outer`, called at `span`; what it returns."""
        return instantiate(self.body, outer, arguments, keywords, span)


@overload
def region(function: Callable[..., object]) -> Region: ...
@overload
def region() -> Callable[[Callable[..., object]], Region]: ...
def region(function: Callable[..., object] | None = None) -> Region | Callable[[Callable[..., object]], Region]:
    """Declares a region: `@sp.region()` above a function whose body declares streams and kernels.

    Its parameters, typed as arrays, are the memory that kernels share with the caller; without
    parameters it takes those of its kernels, in order of first appearance. Called in the body of another
    region it is a part of that, as often as it is called; its parameters may then be streams and
    compile-time values as well.
    """
    span = caller_span()

    def declare(body: Callable[..., object]) -> Region:
        return Region(function=plain_function(body, "region", span), span=span, enclosing=enclosing_names())

    return declare if function is None else declare(function)
