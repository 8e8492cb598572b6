"""Compiles a region to a verified module and its actor graph."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import attribute
from spatial.ir.dialect import context, declare_actor, declare_channel, declare_memory
from spatial.ir.dtypes import memory_type
from spatial.ir.function import bind_storage, keep_results, kernels, memory_kind, parameter_attribute
from spatial.ir.graph import ActorGraph
from spatial.ir.location import location
from spatial.ir.mlir import func, ir
from spatial.ir.text import print_module
from spatial.ir.verify import verify
from spatial.kernel.declared.definition import Kernel, Place
from spatial.kernel.declared.parameters import settle
from spatial.kernel.declared.references import ArrayRef, ScalarRef
from spatial.kernel.declared.results import Result
from spatial.kernel.declared.signature import Declared, parameter_types
from spatial.kernel.declared.tiles import BadPlacement
from spatial.kernel.specialized.sharing import Symbols
from spatial.kernel.specialized.specialize import Specialized, compile_kernel, unique
from spatial.region.checks import check_channels
from spatial.region.definition import Region
from spatial.region.ends import check_open
from spatial.region.errors import NoKernels
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.stream.stream import ChannelRef, Stream, StreamType
from spatial.types.tensor import TensorType, element_of

__all__ = ["Program", "assembled", "compile_region", "reference"]


@dataclass(frozen=True, kw_only=True)
class Program:
    """A region compiled: the module and the graph read off it."""

    name: str
    module: ir.Module
    graph: ActorGraph

    def __str__(self) -> str:
        return print_module(self.module)


def compile_region(region: Region, *, keeps_calls: bool = False) -> Program:
    """Compiles a region with its closure as it is now; raises `ProgramError` with every problem found.

    With `keeps_calls` what a function does that a kernel calls stands together in a `WrittenOp`.
    """
    body = region.body
    body.check(region.span)
    text = body.text
    types, problems = parameter_types(text, body.environment(), body.annotations())
    problems += [_not_cut(name, declared) for name, declared in types.items() if declared.placements]
    if problems:
        raise ProgramError(problems)
    given = {name: reference(name, declared) for name, declared in types.items()}
    place = Place(given=dict(given))
    body.run(given, place)
    declared = place.kernels
    if not declared:
        raise ProgramError([NoKernels(region=region.name, span=text.name_span())])
    if not given:
        given.update(_parameters_of_kernels(declared, place))
        place.given.update(given)
    return assembled(region.name, given, declared, text.name_span(), keeps_calls=keeps_calls)


def assembled(
    name: str,
    given: Mapping[str, ArrayRef | Stream],
    declared: Sequence[Kernel],
    span: Span,
    *,
    keeps_calls: bool = False,
) -> Program:
    """The program of some kernels and of the parameters that they are given; raises `ProgramError` as above."""
    with context(), location(span):
        module = ir.Module.create()
        symbols = Symbols({name}, keeps_calls=keeps_calls)
        specialized, results, problems = _compile_kernels(module, declared, symbols)
        if problems:
            raise ProgramError(unique(problems))
        made = {result.name: result.array for result in results if result.array is not None}
        _declare_region(module, name, {**given, **made}, specialized, results)
    graph = verify(module)
    open_streams = {stream.name: stream.span for stream in given.values() if isinstance(stream, Stream)}
    if problems := [*check_channels(graph), *check_open(graph, open_streams)]:
        raise ProgramError(problems)
    return Program(name=name, module=module, graph=graph)


def _not_cut(name: str, declared: Declared) -> Problem:
    told, hint = "a region has no mapping", "cut the parameter of the kernel"
    return BadPlacement(parameter=name, told=told, span=declared.span, hint=hint)


def reference(name: str, declared: Declared) -> ArrayRef | Stream:
    """What a region's body holds for a parameter of the region."""
    if isinstance(declared.type, StreamType):
        return Stream(name=name, type=declared.type, span=declared.span, named=True)
    made = ArrayRef if isinstance(declared.type, TensorType) else ScalarRef
    return made(name=name, type=declared.type, span=declared.span, storage=declared.storage)


def _parameters_of_kernels(declared: Sequence[Kernel], place: Place) -> dict[str, ArrayRef | Stream]:
    """The parameters of a region without any: those of its kernels, equal names being one array or scalar.

    What a kernel's parameter is bound to by the region's body is none of them. A part of the region that
    has no parameters either has them too.
    """
    found: dict[str, ArrayRef | Stream] = {}
    for kernel in declared:
        if kernel.args is not None or kernel.given is not place.given:
            continue
        settled = settle(kernel)
        types, _ = parameter_types(settled.text, settled.environment, settled.annotations)
        for name, parameter in types.items():
            if not isinstance(settled.environment.get(name), ArrayRef):
                found.setdefault(name, reference(name, parameter))
    return found


def _compile_kernels(
    module: ir.Module, declared: Sequence[Kernel], symbols: Symbols
) -> tuple[list[Specialized], list[Result], list[Problem]]:
    """Appends the functions of all kernels, those of regions that a kernel calls behind its own.

    The results are those of the function that a program may be.
    """
    specialized: list[Specialized] = []
    results: list[Result] = []
    problems: list[Problem] = []
    names: set[str] = set()
    waiting = [*reversed(declared)]
    with ir.InsertionPoint(module.body):
        while waiting:
            kernel = waiting.pop()
            compiled = compile_kernel(kernel, _unused(kernel.label, names), symbols)
            specialized += compiled.specialized
            results += compiled.results
            problems += compiled.problems
            waiting += reversed(compiled.called)
    return specialized, results, problems


def _unused(name: str, taken: set[str]) -> str:
    """The name, numbered if it is taken, which it is then."""
    found = next(other for n in itertools.count() if (other := f"{name}_{n}" if n else name) not in taken)
    taken.add(found)
    return found


def distinct(names: Sequence[str]) -> list[str]:
    """The names, numbered where one occurs again."""
    taken: set[str] = set()
    return [_unused(name, taken) for name in names]


def _declare_region(
    module: ir.Module,
    name: str,
    given: Mapping[str, ArrayRef | Stream],
    specialized: Sequence[Specialized],
    results: Sequence[Result],
) -> None:
    """The function that declares channels and actors, in front of the module."""
    functions = {function.name.value: list(function.arguments.types) for function in kernels(module)}
    arrays = {name: array for name, array in given.items() if isinstance(array, ArrayRef)}
    with ir.InsertionPoint.at_block_begin(module.body):
        region = func.FuncOp(name, ([memory_type(array.type) for array in arrays.values()], []))
    region.attributes["df.region"] = ir.UnitAttr.get()
    region.attributes["df.parameters"] = parameter_attribute(list(given), [_kind(each) for each in given.values()])
    keep_results(region, [(each.name, _result_kind(each)) for each in results])
    bind_storage(region, {name: array.storage for name, array in arrays.items()})
    entry = region.add_entry_block([location(array.span, array.name) for array in arrays.values()])
    with ir.InsertionPoint(entry):
        for ref in _channels(specialized):
            with location(ref.stream.span):
                _declare_channel(ref)
        memories = _memories(specialized, arrays)
        for array, name in memories.items():
            with location(array.span):
                initial = [attribute(element_of(array.type), value) for value in array.initial]
                declare_memory(name, str(array.type), initial, stateful=array.stateful, storage=array.storage)
        for group in specialized:
            _declare_actors(group, functions[group.function], memories)
        func.ReturnOp([])


def _declare_channel(ref: ChannelRef) -> None:
    type_ = ref.stream.type
    initial = [attribute(element_of(type_.element), value) for value in type_.initial]
    declare_channel(ref.stream.name, ref.indices, type_.depth, str(type_.element), initial, role=ref.stream.role)


def _result_kind(result: Result) -> str:
    """How a result is kept: whether a run is given its array, and else whether it is a number."""
    return "given" if result.array is None else "number" if result.number else "made"


def _kind(given: ArrayRef | Stream) -> tuple[str, ...]:
    """How a parameter of the region is kept: a stream with its token type, and its extents if it is several."""
    if isinstance(given, Stream):
        return ("stream", str(given.type.element), *map(str, given.type.shape))
    return memory_kind(given.type)


def _channels(specialized: Sequence[Specialized]) -> list[ChannelRef]:
    """Every channel in use, ordered by the streams' declarations, then by index; no two streams share a name."""
    used = {ref: None for group in specialized for instance in group.instances for ref in instance.channels}
    streams = sorted(dict.fromkeys(ref.stream for ref in used), key=lambda stream: stream.number)
    order = {stream: number for number, stream in enumerate(streams)}
    for stream, name in zip(streams, distinct([stream.name for stream in streams]), strict=True):
        stream.name = name
    return sorted(used, key=lambda ref: (order[ref.stream], ref.indices))


def _memories(specialized: Sequence[Specialized], arrays: Mapping[str, ArrayRef]) -> dict[ArrayRef, str]:
    """All memory of the module's own that is in use, in the order of the declarations, and what it is called."""
    given = (array for group in specialized for instance in group.instances for array in instance.arrays)
    used = dict.fromkeys(array for array in given if array.owned)
    ordered = sorted(used, key=lambda array: array.number)
    names = distinct([*arrays, *(array.name for array in ordered)])[len(arrays) :]
    return dict(zip(ordered, names, strict=True))


def _declare_actors(group: Specialized, types: Sequence[ir.Type], memories: Mapping[ArrayRef, str]) -> None:
    with location(group.span):
        for instance in group.instances:
            values = [_value(kind, value) for kind, value in zip(types, instance.values, strict=False)]
            channels = [str(ref) for ref in instance.channels]
            arrays = [memories.get(array, array.name) for array in instance.arrays]
            declare_actor(group.function, group.kernel, instance.pid, values, channels, arrays)


def _value(kind: ir.Type, value: object) -> ir.Attribute:
    if isinstance(value, float):
        return ir.FloatAttr.get(kind, value)
    return ir.BoolAttr.get(value) if isinstance(value, bool) else ir.IntegerAttr.get(kind, value)
