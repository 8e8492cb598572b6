"""Builds the MLIR function of one specialization."""

import ast
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from spatial.ir.dialect import StreamType
from spatial.ir.dtypes import memory_type, scalar_type, token_type
from spatial.ir.function import bind_storage, memory_kind, parameter_attribute
from spatial.ir.location import location
from spatial.ir.mlir import func, ir, memref
from spatial.kernel.channels.switch import Lowered, lowered
from spatial.kernel.checks.unwritten import check_unwritten
from spatial.kernel.declared.references import ArrayRef, Handed, Kept
from spatial.kernel.declared.results import Result
from spatial.kernel.declared.tiles import Tile
from spatial.kernel.loops.exits import structured
from spatial.kernel.lower.expressions import EXPRESSIONS
from spatial.kernel.lower.inline import inlined
from spatial.kernel.lower.locals import assigned_once, first_assignments
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.results import given_back
from spatial.kernel.lower.returning import Results
from spatial.kernel.lower.statements import STATEMENTS
from spatial.kernel.lower.values import Array, ChannelEnd, Origin, Scalar, number_type
from spatial.kernel.specialized.serving import Called, CallEnds, serving
from spatial.meta.expand import Column, Expansion
from spatial.meta.plain import Inlined
from spatial.meta.scope import Scope
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.stream.tokens import TokenType
from spatial.types.dtype import bool_
from spatial.types.tensor import TensorType

__all__ = ["ArrayParameter", "Built", "FunctionParts", "build_function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayParameter:
    """An array parameter: what the kernel sees, and for each dimension of the memory the column of its offset."""

    tile: Tile
    origins: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A function of the module: the memory it takes behind its parameters, its results, and what is wrong with it."""

    function: func.FuncOp
    given: tuple[ArrayRef | Handed | Kept, ...]
    problems: list[Problem]
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionParts:
    """What a specialization is made of: `ports` types its channels, `arrays` its array parameters by name.

    `handed` are local arrays that regions are given. A port may be a call of a region. What is `served` belongs
    to such a region itself: it waits to be started, time after time.
    `around` is what Python sees around the kernel, with the region's arrays, which `scope` leaves out;
    the names in `unusable` are wrong, which has been told. What it returns is collected in `results`, if it may.
    Where it `keeps_calls`, what a called function does is held together.
    """

    name: str
    kernel: str
    expansion: Expansion
    ports: Sequence[TokenType | Called]
    served: bool
    handed: Mapping[tuple[int, str], Handed]
    arrays: Mapping[str, ArrayParameter]
    labels: tuple[str, ...]
    scope: Scope
    text: FunctionText
    around: Mapping[str, object]
    unusable: frozenset[str]
    results: Results | None = None
    keeps_calls: bool = False

    @property
    def span(self) -> Span:
        """Where the kernel's name stands."""
        return self.text.name_span()

    @property
    def channels(self) -> list[tuple[str, TokenType]]:
        """What each channel parameter is called, and the type of its tokens."""
        found: list[tuple[str, TokenType]] = []
        for port, spelling in zip(self.ports, self.expansion.ports, strict=True):
            if isinstance(port, Called):
                found += [("start", bool_)] * port.actors + [("end", bool_)] * port.actors
            else:
                found.append((_stream_name(spelling), port))
        return [*found, ("start", bool_), ("end", bool_)] if self.served else found


def build_function(parts: FunctionParts, tables: dict[object, str]) -> Built:
    """Appends the function to the module at the insertion point."""
    columns, channels = parts.expansion.columns, parts.channels
    names = [*(column.text for column in columns), *(name for name, _ in channels), *parts.arrays]
    types = [
        *(scalar_type(number_type(_numbers(column)[0])) for column in columns),
        *(StreamType.get(ir.TypeAttr.get(token_type(token))) for _, token in channels),
        *(memory_type(array.tile.memory) for array in parts.arrays.values()),
    ]
    kinds = [
        *(("value", str(number_type(_numbers(column)[0]))) for column in columns),
        *(("stream", str(token)) for _, token in channels),
        *(memory_kind(array.tile.memory) for array in parts.arrays.values()),
    ]
    with location(parts.span):
        function = func.FuncOp(parts.name, (types, []), visibility="private")
        function.attributes["df.kernel"] = ir.StringAttr.get(parts.kernel)
        entry = function.add_entry_block([location(parts.span, name) for name in names])
        body = structured(parts.expansion.body)
        handed = frozenset(name for call, name in parts.handed if not call)
        with ir.InsertionPoint(entry):
            with _served(parts, entry):
                lowering = _lowering(parts, body, entry, tables)
                lowering.body(body)
                lowering.problems += check_unwritten(body, handed, parts.text.span)
            results = given_back(lowering, parts.results, parts.expansion.body, parts.span) if parts.results else ()
            func.ReturnOp([])
        names += [array.name for array in lowering.given]
        kinds += [memory_kind(array.type) for array in lowering.given]
        function.attributes["df.parameters"] = parameter_attribute(names, kinds)
        made = {result.name: result.array.storage for result in results if result.array is not None}
        bind_storage(function, {**{name: array.tile.storage for name, array in parts.arrays.items()}, **made})
        taken = ir.FunctionType.get([argument.type for argument in entry.arguments], [])
        function.attributes["function_type"] = ir.TypeAttr.get(taken)
    return Built(function=function, given=tuple(lowering.given), problems=lowering.problems, results=results)


def _lowering(parts: FunctionParts, body: list[ast.stmt], entry: ir.Block, tables: dict[object, str]) -> Lowering:
    columns, arguments = parts.expansion.columns, list(entry.arguments)
    behind = len(columns) + len(parts.channels)
    memories = arguments[behind:]
    ports, calls = _ports(parts, arguments[len(columns) : behind])
    arrays = {
        name: _memory(name, array, memory, arguments)
        for (name, array), memory in zip(parts.arrays.items(), memories, strict=True)
    }
    spans = parts.text.span
    parameters = frozenset(argument.arg for argument in parts.text.node.args.args)
    return Lowering(
        entry=entry,
        top=ir.InsertionPoint.current.block,
        spans=spans,
        expressions={**EXPRESSIONS, Inlined: inlined, Lowered: lowered},
        statements=STATEMENTS,
        names={**dict.fromkeys({*parameters, *parts.unusable}), **arrays},
        parameters=parameters,
        ports=ports,
        calls=calls,
        handed=parts.handed,
        arguments=arguments[: len(columns)],
        columns=[_numbers(column) for column in columns],
        labels=parts.labels,
        scope=parts.scope,
        around=parts.around,
        once=assigned_once(body) - frozenset(arrays),
        assigned={name: spans(node) for name, node in first_assignments(body).items()},
        tables=tables,
        returning=parts.results,
        keeps_calls=parts.keeps_calls,
    )


def _memory(name: str, array: ArrayParameter, memory: ir.Value, columns: Sequence[ir.Value]) -> Array | Scalar:
    """What a parameter means in the body: an array, or the value of a scalar, which never changes."""
    type_, span = array.tile.type, array.tile.span
    if not isinstance(type_, TensorType):
        return Scalar(memref.load(memory, []), type_)
    origin = tuple(
        Origin(None if column is None else columns[column], kept)
        for column, kept in zip(array.origins, array.tile.kept, strict=True)
    )
    within = any(each.offset is not None for each in origin)
    return Array(name, memory, type_, span, origin=origin if within else ())


def _numbers(column: Column) -> tuple[int | float | bool, ...]:
    return tuple(value for value in column.values if isinstance(value, int | float))


def _ports(parts: FunctionParts, channels: Sequence[ir.Value]) -> tuple[list[ChannelEnd], dict[int, CallEnds]]:
    """The channel end of each port, and of those that are calls, all their ends."""
    ports: list[ChannelEnd] = []
    calls: dict[int, CallEnds] = {}
    rest = list(channels)
    for number, port in enumerate(parts.ports):
        count = port.actors if isinstance(port, Called) else 0
        if isinstance(port, Called):
            calls[number] = CallEnds(port.scalars, rest[:count], rest[count : 2 * count])
        ports.append(ChannelEnd(rest[0], bool_ if isinstance(port, Called) else port))
        rest = rest[2 * count or 1 :]
    return ports, calls


def _served(parts: FunctionParts, entry: ir.Block) -> AbstractContextManager[None]:
    """What is built inside runs each time that the region it belongs to is called."""
    if not parts.served:
        return nullcontext()
    behind = len(parts.expansion.columns) + len(parts.channels)
    return serving(entry.arguments[behind - 2], entry.arguments[behind - 1])


def _stream_name(spelling: str) -> str:
    """What the user calls the stream of a channel."""
    return spelling.split("[")[0].split(".")[-1]
