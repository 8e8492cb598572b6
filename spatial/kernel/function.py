"""Builds the MLIR function of one specialization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.dialect import StreamType
from spatial.ir.dtypes import array_type, scalar_type
from spatial.ir.function import parameter_attribute
from spatial.ir.location import location
from spatial.ir.mlir import func, ir
from spatial.kernel.expressions import EXPRESSIONS
from spatial.kernel.locals import assigned_once, first_assignments
from spatial.kernel.lowering import Lowering
from spatial.kernel.statements import STATEMENTS
from spatial.kernel.values import Array, ChannelEnd, number_type
from spatial.meta.expand import Column, Expansion
from spatial.meta.scope import Scope
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["FunctionParts", "build_function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionParts:
    """What a specialization is made of: `tokens` types its channels, `arrays` its array parameters by name.

    `around` is what Python sees around the kernel, with the region's arrays, which `scope` leaves out;
    the names in `unusable` are wrong, which has been told.
    """

    name: str
    kernel: str
    expansion: Expansion
    tokens: Sequence[DType]
    arrays: Mapping[str, tuple[TensorType, Span]]
    labels: tuple[str, ...]
    scope: Scope
    text: FunctionText
    around: Mapping[str, object]
    unusable: frozenset[str]

    @property
    def span(self) -> Span:
        """Where the kernel's name stands."""
        return self.text.name_span()


def build_function(parts: FunctionParts, tables: dict[object, str]) -> tuple[func.FuncOp, list[Problem]]:
    """Appends the function to the module at the insertion point; the result also says what is wrong with it."""
    columns, ports = parts.expansion.columns, _port_names(parts.expansion)
    names = [*(column.text for column in columns), *ports, *parts.arrays]
    types = [
        *(scalar_type(number_type(_numbers(column)[0])) for column in columns),
        *(StreamType.get(ir.TypeAttr.get(scalar_type(token))) for token in parts.tokens),
        *(array_type(type_) for type_, _ in parts.arrays.values()),
    ]
    kinds = [
        *(("value", str(number_type(_numbers(column)[0]))) for column in columns),
        *(("stream", str(token)) for token in parts.tokens),
        *(("array", str(type_)) for type_, _ in parts.arrays.values()),
    ]
    with location(parts.span):
        function = func.FuncOp(parts.name, (types, []), visibility="private")
        function.attributes["df.kernel"] = ir.StringAttr.get(parts.kernel)
        function.attributes["df.parameters"] = parameter_attribute(names, kinds)
        entry = function.add_entry_block([location(parts.span, name) for name in names])
        lowering = _lowering(parts, entry, tables)
        with ir.InsertionPoint(entry):
            lowering.body(parts.expansion.body)
            func.ReturnOp([])
    return function, lowering.problems


def _lowering(parts: FunctionParts, entry: ir.Block, tables: dict[object, str]) -> Lowering:
    columns, arguments = parts.expansion.columns, list(entry.arguments)
    ports = arguments[len(columns) : len(columns) + len(parts.tokens)]
    memories = arguments[len(columns) + len(parts.tokens) :]
    arrays = {
        name: Array(name, memory, type_, span)
        for (name, (type_, span)), memory in zip(parts.arrays.items(), memories, strict=True)
    }
    body, spans = parts.expansion.body, parts.text.span
    parameters = frozenset(argument.arg for argument in parts.text.node.args.args)
    return Lowering(
        entry=entry,
        spans=spans,
        expressions=EXPRESSIONS,
        statements=STATEMENTS,
        names={**dict.fromkeys({*parameters, *parts.unusable}), **arrays},
        parameters=parameters,
        ports=[ChannelEnd(port, token) for port, token in zip(ports, parts.tokens, strict=True)],
        arguments=arguments[: len(columns)],
        columns=[_numbers(column) for column in columns],
        labels=parts.labels,
        scope=parts.scope,
        around=parts.around,
        once=assigned_once(body) - frozenset(arrays),
        assigned={name: spans(node) for name, node in first_assignments(body).items()},
        tables=tables,
    )


def _numbers(column: Column) -> tuple[int | float | bool, ...]:
    return tuple(value for value in column.values if isinstance(value, int | float))


def _port_names(expansion: Expansion) -> list[str]:
    """What the user calls the stream of each channel."""
    return [spelling.split("[")[0].split(".")[-1] for spelling in expansion.ports]
