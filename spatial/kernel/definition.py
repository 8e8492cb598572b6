"""`@sp.kernel`: what the user declares of a kernel, before it is compiled."""

import contextvars
import inspect
import math
import operator
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Never, SupportsIndex

from spatial.kernel.environment import closure_now, environment_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["Kernel", "collect_kernels", "kernel", "plain_function"]

MOST_PES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A kernel instantiated over the grid `mapping`; `args` are the region's arrays for its parameters, if given.

    `closure` holds the local names around it as they were when it was declared: a kernel declared in a
    loop means the loop's variable as it was then.
    """

    function: types.FunctionType
    mapping: tuple[int, ...]
    args: tuple[object, ...] | None
    span: Span
    closure: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    def environment(self) -> dict[str, object]:
        """Every name its text can mean; what had no value when it was declared is looked up now."""
        return {**environment_of(self.function, {}), **self.closure}

    def __call__(self, *arguments: object) -> Never:
        """A kernel runs by being declared in a region."""
        title = f"the kernel `{self.name}` is not called: its PEs run as soon as the region does"
        hint = "leave the call out, and give arrays in `@sp.kernel(args=[...])`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="kernel/called")])


_collecting: contextvars.ContextVar[list[Kernel] | None] = contextvars.ContextVar("kernels", default=None)


@contextmanager
def collect_kernels() -> Iterator[list[Kernel]]:
    """Collects the kernels declared meanwhile, in order."""
    found: list[Kernel] = []
    token = _collecting.set(found)
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
    extents = _checked_mapping(mapping, caller_span("mapping"))
    given = _checked_arguments(args, caller_span("args"))

    def declare(body: Callable[..., object]) -> Kernel:
        written = plain_function(body, "kernel", span)
        found = _collecting.get()
        if found is None:
            hint = "put the kernel into the body of a function under `@sp.region()`"
            title = f"the kernel `{written.__name__}` is declared outside of a region"
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="kernel/outside-region")])
        closure = closure_now(written)
        declared = Kernel(function=written, mapping=extents, args=given, span=span, closure=closure)
        found.append(declared)
        return declared

    return declare if function is None else declare(function)


def plain_function(body: object, word: str, span: Span) -> types.FunctionType:
    """The function under a decorator, and under those that keep it as `functools.wraps` does.

    Raises `ProgramError` for anything but an ordinary `def`.
    """
    body = inspect.unwrap(body) if callable(body) else body
    title, hint = "", "write `def name(...):`"
    if not isinstance(body, types.FunctionType):
        title = f"`@sp.{word}` stands above a function, not above {_article(body)}"
    elif body.__code__.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        title = f"a {word} is a plain function, `{body.__name__}` is declared with `async`"
    elif word == "region" and inspect.isgeneratorfunction(body):
        title, hint = f"the region `{body.__name__}` contains `yield`, so nothing in it would run", "leave `yield` out"
    elif body.__name__ == "<lambda>":
        title = f"a {word} is a function with a name, not a `lambda`"
    if not isinstance(body, types.FunctionType) or title:
        raise ProgramError([Misuse(title=title, span=span, hint=hint, code=f"{word}/function")])
    return body


def _article(thing: object) -> str:
    return "a class" if isinstance(thing, type) else f"a value of type `{type(thing).__name__}`"


def _checked_mapping(mapping: object, span: Span) -> tuple[int, ...]:
    given = tuple(mapping) if isinstance(mapping, list | tuple) else (mapping,)
    extents = tuple(extent for extent in map(_extent, given) if extent is not None)
    if not 1 <= len(given) <= 3 or len(extents) != len(given):
        title = f"a mapping has one to three extents of at least 1, not `{mapping}`"
        raise ProgramError([Misuse(title=title, span=span, hint="write `mapping=[4, 4]`", code="kernel/mapping")])
    if math.prod(extents) > MOST_PES:
        title = f"a mapping has at most {MOST_PES:,} PEs"
        raise ProgramError([Misuse(title=title, span=span, code="kernel/mapping")])
    return extents


def _extent(given: object) -> int | None:
    if isinstance(given, bool) or not isinstance(given, SupportsIndex):
        return None
    try:
        extent = operator.index(given)
    except TypeError:
        return None
    return extent if extent >= 1 else None


def _checked_arguments(args: object, span: Span) -> tuple[object, ...] | None:
    if args is None or isinstance(args, list | tuple):
        return args if args is None else tuple(args)
    title = "`args` takes a list of the region's arrays"
    raise ProgramError([Misuse(title=title, span=span, hint="write `args=[A, B]`", code="kernel/args")])
