"""`@sp.kernel`: what the user declares of a kernel, before it is compiled."""

import contextvars
import inspect
import math
import operator
import types
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol, SupportsIndex, runtime_checkable

from spatial.kernel.declared.environment import closure_now, environment_of
from spatial.kernel.declared.generics import bind_types, open_types
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.stream.naming import path_of_names
from spatial.stream.stream import Stream
from spatial.types.dtype import DType

__all__ = [
    "Instantiable",
    "Kernel",
    "Place",
    "Server",
    "current_place",
    "in_order",
    "inside",
    "kernel",
    "plain_function",
]

MOST_PES = 1 << 20


@dataclass(slots=True, kw_only=True)
class Place:
    """One instance of a region, while Python runs its body.

    The names of all its things begin with `path`, "inner[0]." or "" for the program itself; `given` are the
    objects that its parameters are. `kernels` collects those of the whole program, `instances` counts
    the regions instantiated here by their names, `depth` the instances around this one.
    """

    path: str = ""
    given: dict[str, object] = field(default_factory=dict)
    kernels: list["Kernel"] = field(default_factory=list)
    instances: Counter[str] = field(default_factory=Counter)
    depth: int = 0


@runtime_checkable
class Instantiable(Protocol):
    """A region, as kernels see it."""

    @property
    def name(self) -> str:
        """What its instances are called."""
        ...

    def parameters(self) -> Sequence[str]:
        """The names of its parameters."""
        ...

    def scalar_types(self) -> Mapping[str, DType]:
        """The parameters that are declared as scalars, with their types."""
        ...

    def instantiate(
        self, outer: Place, arguments: Sequence[object], keywords: Mapping[str, object], span: Span
    ) -> object:
        """Runs its body as a part of `outer`, called at `span`; what it returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Why a kernel waits: a kernel that calls its region starts each PE by a token, and each tells its end by one.

    Its PEs use the elements of the streams `starts` and `ends` from `first` on.
    """

    starts: Stream
    ends: Stream
    first: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kernel:
    """A kernel instantiated over the grid `mapping`; `args` are the objects for its parameters, if given.

    `closure` holds the local names around it as they were when it was declared: a kernel declared in a
    loop means the loop's variable as it was then. `place` is the instance of a region it runs in; without
    one it is a template, which a region's body calls. `types` are the values of its type parameters.
    It was `called` where `span` is a call; the text of one that is `ours` is none of the user's. It has a
    `server` where it belongs to a region that a kernel calls. One that `returns` is a function,
    which is a program by itself.
    """

    function: types.FunctionType
    mapping: tuple[int, ...]
    args: tuple[object, ...] | None
    span: Span
    closure: Mapping[str, object] = field(default_factory=dict, repr=False)
    place: Place | None = field(default=None, repr=False)
    types: Mapping[str, object] = field(default_factory=dict, repr=False)
    called: bool = False
    ours: bool = False
    server: Server | None = field(default=None, repr=False)
    returns: bool = False

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def label(self) -> str:
        """Its name within the program: `inner[0].pe`."""
        return f"{self.place.path}{self.name}" if self.place else self.name

    @property
    def given(self) -> Mapping[str, object]:
        """The objects that the parameters of the region around it are."""
        return self.place.given if self.place else {}

    def environment(self) -> dict[str, object]:
        """Every name its text can mean; what had no value when it was declared is looked up now."""
        return {**environment_of(self.function, {}), **self.closure, **self.types}

    def __getitem__(self, parameters: object) -> "Kernel":
        """The kernel for these values of its type parameters: `worker[4]`."""
        return replace(self, types=bind_types(self.function, "kernel", parameters))

    def __call__(self, *arguments: object, **keywords: object) -> None:
        """Instantiates a kernel that is declared outside of regions; a region's body calls it.

        Raises `ProgramError` elsewhere, and for a kernel of a region, which runs by being declared.
        """
        span, place = caller_span(), _place.get()
        title, hint = "", "leave the call out, and give arrays in `@sp.kernel(args=[...])`"
        if self.place is not None:
            title = f"the kernel `{self.name}` is not called: its PEs run as soon as the region does"
        elif place is None:
            title = f"the kernel `{self.name}` is called outside of a region"
            hint = "call it in the body of a function under `@sp.region()`"
        if title or place is None:
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="call/misplaced")])
        if missing := open_types(self.function, self.types):
            raise ProgramError(
                [Misuse(title=missing.title, span=span, hint=missing.hint, code="definition/type-parameters")]
            )
        args = in_order(self.function, "kernel", arguments, keywords, span)
        place.kernels.append(replace(self, args=args, place=place, span=span, called=True))


_place: contextvars.ContextVar[Place | None] = contextvars.ContextVar("place", default=None)


def current_place() -> Place | None:
    """The instance of a region whose body runs, if any does."""
    return _place.get()


@contextmanager
def inside(place: Place) -> Iterator[None]:
    """Kernels, streams and regions made meanwhile belong to this instance."""
    token = _place.set(place)
    try:
        with path_of_names(place.path):
            yield
    finally:
        _place.reset(token)


def in_order(
    function: types.FunctionType,
    word: str,
    arguments: Sequence[object],
    keywords: Mapping[str, object],
    span: Span,
) -> tuple[object, ...]:
    """What a call gives for each parameter, defaults included; raises `ProgramError` where it does not fit."""
    signature = inspect.signature(function)
    try:
        bound = signature.bind(*arguments, **keywords)
    except TypeError as error:
        title = f"the {word} `{function.__name__}` is called with wrong arguments: {error}"
        hint = f"its parameters are `{', '.join(signature.parameters)}`" if signature.parameters else "give none"
        raise ProgramError([Misuse(title=title, span=span, hint=hint, code="call/arguments")]) from None
    bound.apply_defaults()
    return tuple(bound.arguments[name] for name in signature.parameters)


def kernel(
    function: Callable[..., object] | None = None,
    *,
    mapping: Sequence[int] = (1,),
    args: Sequence[object] | None = None,
) -> Kernel | Callable[[Callable[..., object]], Kernel]:
    """Declares a kernel in a region: `@sp.kernel(mapping=[4, 4], args=[A, B])`.

    `mapping` gives the extents of its grid of PEs along one to three axes, [1] if left out. `args` are
    the objects for its parameters: arrays and streams of the region, or values that are known at compile
    time; left out, each parameter takes the region's array or stream of its name. Declared outside of a
    region it is a template: a region's body calls it, `worker(a, B, 3)`, as often as it likes.
    """
    span = caller_span()
    extents = _checked_mapping(mapping, caller_span("mapping"))
    given = _checked_arguments(args, caller_span("args"))

    def declare(body: Callable[..., object]) -> Kernel:
        written, place = plain_function(body, "kernel", span), _place.get()
        if place is None and given is not None:
            hint = f"leave `args` out, and call `{written.__name__}(...)` in the body of a region"
            title = f"the kernel `{written.__name__}` is declared outside of a region, where no arrays are"
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="kernel/args")])
        closure = closure_now(written)
        declared = Kernel(function=written, mapping=extents, args=given, span=span, closure=closure, place=place)
        if place is not None:
            place.kernels.append(declared)
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
        raise ProgramError([Misuse(title=title, span=span, hint=hint, code="definition/function")])
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
    title = "`args` takes a list, one entry for each parameter"
    raise ProgramError([Misuse(title=title, span=span, hint="write `args=[A, B]`", code="kernel/args")])
