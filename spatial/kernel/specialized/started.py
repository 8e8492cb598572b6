"""What a call of a region in a kernel becomes: actors of its own for each PE, that wait to be started."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod

from spatial.kernel.declared.definition import Instantiable, Place, Server
from spatial.kernel.declared.references import ArrayRef, ScalarRef
from spatial.kernel.errors import NotSupported, WrongUse
from spatial.kernel.specialized.requests import RUNNING, Request
from spatial.kernel.specialized.serving import Called
from spatial.meta.errors import UndefinedName
from spatial.meta.names import suggestion
from spatial.meta.shapes import Origin
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.stream.stream import ChannelRef, Stream, StreamType
from spatial.stream.tokens import TokenType
from spatial.types.dtype import DType, bool_
from spatial.types.qualifiers import Qualified
from spatial.types.tensor import TensorType

__all__ = ["Caller", "Started", "channels_of", "start", "tokens_of"]

Spans = Callable[[ast.AST], Span]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Started:
    """A region that a PE calls: a channel to each of its actors that starts it, and one back that tells its end.

    `handed` are the PE's local arrays that regions are given, each by the number of the call that declares it and
    its name, and cells for the `scalars` that only the run knows: by the position of the argument, the name
    of the cell and its type.
    """

    starts: tuple[ChannelRef, ...]
    ends: tuple[ChannelRef, ...]
    handed: Mapping[tuple[int, str], ArrayRef]
    scalars: tuple[tuple[int, str, DType], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A PE that calls regions: its arrays by the names of its parameters, and where its instances are collected.

    `handed` are its local arrays that regions are given, as memory of the module.
    """

    place: Place
    arrays: Mapping[str, ArrayRef]
    handed: dict[tuple[int, str], ArrayRef] = field(default_factory=dict)


def start(request: Request, caller: Caller, span: Span, spans: Spans) -> Started | list[Problem]:
    """Instantiates the region that a PE calls at `span`, or says what is wrong with that."""
    call, kernels = request.call, caller.place.kernels
    if not isinstance(request.region, Instantiable):
        title = f"`{ast.unparse(call.func)}` is no region, but a value of type `{type(request.region).__name__}`"
        return [WrongUse(title=title, span=spans(call.func), hint="put `@sp.region()` above the function")]
    given = list(_arguments(request, caller, spans))
    problems = [item for item in given if hasattr(item, "report")]
    if problems:
        return problems
    positional = len(call.args)
    names = [keyword.arg or "" for keyword in call.keywords]
    before = len(kernels)
    path = f"{caller.place.path}{request.region.name}[{caller.place.instances[request.region.name]}]"
    try:
        keywords = dict(zip(names, given[positional:], strict=True))
        request.region.instantiate(caller.place, given[:positional], keywords, span)
    except ProgramError as error:
        return list(error.problems)
    count = sum(prod(kernel.mapping) for kernel in kernels[before:])
    if not count:
        hint = "declare a kernel in its body: `@sp.kernel(mapping=[4])`"
        title = f"the region `{request.region.name}` declares no kernel"
        return [Misuse(title=title, span=span, hint=hint, code="region/empty")]
    starts, ends = (_hidden(path, role, count, span) for role in ("start", "end"))
    first = 0
    for position in range(before, len(kernels)):
        kernels[position] = replace(kernels[position], server=Server(starts=starts, ends=ends, first=first))
        first += prod(kernels[position].mapping)
    return Started(
        starts=tuple(ChannelRef(stream=starts, indices=(number,)) for number in range(count)),
        ends=tuple(ChannelRef(stream=ends, indices=(number,)) for number in range(count)),
        handed=caller.handed,
        scalars=tuple(
            (position, cell.name.removeprefix(caller.place.path), cell.type)
            for position, cell in enumerate(given)
            if isinstance(cell, ScalarRef) and isinstance(cell.type, DType) and cell.name.startswith(f"{path}.")
        ),
    )


def channels_of(reference: ChannelRef | Started) -> tuple[ChannelRef, ...]:
    """The channels that a site uses."""
    return (reference,) if isinstance(reference, ChannelRef) else (*reference.starts, *reference.ends)


def tokens_of(reference: ChannelRef | Started) -> TokenType | Called:
    """The type of the tokens of a site's channel, or what is called there."""
    if isinstance(reference, ChannelRef):
        return reference.stream.type.element
    return Called(len(reference.starts), reference.scalars)


def _arguments(request: Request, caller: Caller, spans: Spans) -> Iterator[object]:
    """What each argument is, or what is wrong with it."""
    call = request.call
    nodes = [*call.args, *(keyword.value for keyword in call.keywords)]
    scalars = _names(request)
    for position, (node, value) in enumerate(zip(nodes, request.arguments, strict=True)):
        dtype = scalars.get(position)
        array = _array(value, caller, spans(node)) if isinstance(value, Origin) and not value.lost else None
        if value is not RUNNING and not isinstance(value, Origin):
            yield value
        elif array is not None and (dtype is None or isinstance(array, ScalarRef)):
            assert isinstance(value, Origin), "what is no array has none"
            yield _window(array, value, spans(node))
        elif isinstance(node, ast.Name) and not request.scope.is_local(node.id):
            hint = suggestion(node.id, request.scope.local, request.scope.environment)
            yield UndefinedName(name=node.id, span=spans(node), hint=hint)
        elif dtype is not None:
            yield _cell(caller, request, position, dtype, spans(node))
        else:
            yield _running(node, array=isinstance(value, Origin) and value.lost, span=spans(node))


def _running(node: ast.expr, *, array: bool, span: Span) -> NotSupported:
    """What is given is a value of the run, or its place in an array is."""
    what = f"giving a region `{ast.unparse(node)}`, which is only known while the program runs"
    hint = "declare the parameter as a scalar, such as `x: int32`, or give a compile-time value"
    if array or (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)):
        what = what.replace("which is", "the place of which is")
        hint = "give the array and the index, for a parameter `k: int32`, or index it with a compile-time value"
    return NotSupported(what=what, span=span, hint=hint)


def _array(origin: Origin, caller: Caller, span: Span) -> ArrayRef | Problem | None:
    """The whole array that is given, or whose part is; None for a local number."""
    if not origin.call and origin.name in caller.arrays:
        return caller.arrays[origin.name]
    said = origin.type if isinstance(origin.type, Qualified) else Qualified(type=origin.type)
    if not isinstance(said.type, TensorType):
        return None
    if said.stateful:
        hint = "declare the memory in the body of the region around the kernel, or give a copy of it"
        what = f"giving a region `{origin.name}`, a local that keeps its values over calls"
        return NotSupported(what=what, span=span, hint=hint)
    fresh = ArrayRef(
        name=f"{caller.place.path}{origin.name}",
        type=said.type,
        span=span,
        owned=True,
        storage=str(said.storage or ""),
    )
    return caller.handed.setdefault((origin.call, origin.name), fresh)


def _names(request: Request) -> dict[int, DType]:
    """The types of the arguments that are given for scalar parameters, by position."""
    assert isinstance(request.region, Instantiable), "this has been checked"
    types = request.region.scalar_types()
    given = [
        *request.region.parameters()[: len(request.call.args)],
        *(each.arg or "" for each in request.call.keywords),
    ]
    return {position: types[name] for position, name in enumerate(given) if name in types}


def _cell(caller: Caller, request: Request, position: int, dtype: DType, span: Span) -> ScalarRef:
    """Memory by which a kernel gives a region a number that only the run knows."""
    assert isinstance(request.region, Instantiable), "this has been checked"
    name = f"{request.region.name}[{caller.place.instances[request.region.name]}].argument_{position}"
    cell = ScalarRef(name=f"{caller.place.path}{name}", type=dtype, span=span, owned=True)
    caller.handed[0, name] = cell
    return cell


def _window(array: ArrayRef | Problem, origin: Origin, span: Span) -> object:
    """The part of an array that is given, or what is wrong with that."""
    try:
        for index in origin.taken:
            array = array[index] if isinstance(array, ArrayRef) else array
    except ProgramError as error:
        told = error.problems[0].report()
        return Misuse(title=told.title, span=span, hint=told.hint, code=told.code)
    return array


def _hidden(path: str, role: str, count: int, span: Span) -> Stream:
    """The stream that starts the actors of an instance, or that by which they tell their end."""
    type_ = StreamType(element=bool_, depth=1, shape=(count,))
    return Stream(name=f"{path}.{role}", type=type_, span=span, named=True, role=role)
