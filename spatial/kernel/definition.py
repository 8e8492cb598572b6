"""`@sp.kernel`: what the user declares of a kernel, before it is compiled."""

import contextvars
import operator
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Never

from spatial.source.errors import Misuse, ProgramError, outside_kernel
from spatial.source.span import Span, caller_span
from spatial.types.tensor import TensorType

__all__ = ["ArrayRef", "Kernel", "collect_kernels", "kernel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayRef:
    """A region's array as its body holds it, to be given to kernels."""

    name: str
    type: TensorType
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A kernel instantiated over the grid `mapping`; `args` are the region's arrays for its parameters, if given."""

    function: types.FunctionType
    mapping: tuple[int, ...]
    args: tuple[object, ...] | None
    span: Span

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    def __call__(self, *arguments: object) -> Never:
        """A kernel runs by being declared in a region."""
        raise outside_kernel(f"{self.name}(...)")


_collecting: contextvars.ContextVar[list[Kernel] | None] = contextvars.ContextVar("kernels", default=None)


@contextmanager
def collect_kernels() -> Iterator[list[Kernel]]:
    """Collects the kernels declared meanwhile, in order."""
    token = _collecting.set(found := [])
    try:
        yield found
    finally:
        _collecting.reset(token)


def kernel(
    function: Callable[..., object] | None = None,
    *,
    mapping: Sequence[int] = (1,),
    args: Sequence[object] | None = None,
) -> "Kernel | Callable[[Callable[..., object]], Kernel]":
    """Declares a kernel in a region: `@sp.kernel(mapping=[4, 4], args=[A, B])`.

    `mapping` gives the extents of its grid of PEs along one to three axes, [1] if left out. `args`
    are the arrays for its parameters; left out, each parameter takes the region's array of its name.
    Raises `ProgramError` outside of a region.
    """
    span = caller_span()
    extents = _checked_mapping(mapping, span)

    def declare(body: Callable[..., object]) -> Kernel:
        found = _collecting.get()
        if not isinstance(body, types.FunctionType):
            raise ProgramError([Misuse(title="`@sp.kernel` stands above a function", span=span)])
        if found is None:
            hint = "put the kernel into the body of a function under `@sp.region()`"
            title = f"the kernel `{body.__name__}` is declared outside of a region"
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="kernel/outside-region")])
        declared = Kernel(function=body, mapping=extents, args=None if args is None else tuple(args), span=span)
        found.append(declared)
        return declared

    return declare if function is None else declare(function)


def _checked_mapping(mapping: Sequence[int], span: Span) -> tuple[int, ...]:
    given = tuple(mapping) if isinstance(mapping, list | tuple) else (mapping,)
    try:
        extents = tuple(operator.index(extent) for extent in given)  # type: ignore[arg-type]
    except TypeError:
        extents = ()
    if not 1 <= len(extents) <= 3 or min(extents) < 1:
        title = f"a mapping has one to three extents of at least 1, not `{mapping}`"
        raise ProgramError([Misuse(title=title, span=span, hint="write `mapping=[4, 4]`", code="kernel/mapping")])
    return extents
