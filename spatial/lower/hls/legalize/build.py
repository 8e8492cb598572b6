"""Builds what is added to functions: loops over arrays, functions, memory."""

import itertools
from collections.abc import Callable, Sequence

from spatial.ir.arithmetic import attribute, constant
from spatial.ir.dialect import StreamType
from spatial.ir.dtypes import memory_type, scalar_type, token_type
from spatial.ir.function import parameter_attribute
from spatial.ir.location import location
from spatial.ir.mlir import func, ir, memref, scf
from spatial.source.span import UNKNOWN, Span
from spatial.types.dtype import DType, index
from spatial.types.tensor import TensorType

__all__ = ["Parameters", "channel_type", "declare_table", "local", "made_function", "nest"]

Indices = Sequence[ir.Value]
Parameters = Sequence[tuple[str, str, DType | TensorType]]
"""Names, kinds and types of parameters."""


def nest(counts: Sequence[int], names: Sequence[str], body: Callable[[Indices], None], *, ours: bool = False) -> None:
    """A nest of loops at the insertion point, none for a count of 1, around what `body` builds from the indices.

    Loops that are `ours` stand for no line of the user's.
    """
    _nest(tuple(counts), tuple(names), (), body, location(UNKNOWN) if ours else None)


def _nest(
    counts: Sequence[int],
    names: Sequence[str],
    outer: Indices,
    body: Callable[[Indices], None],
    place: ir.Location | None,
) -> None:
    if not counts:
        body(outer)
        return
    if counts[0] == 1:
        _nest(counts[1:], names[1:], (*outer, constant(index, 0)), body, place)
        return
    loop = scf.ForOp(constant(index, 0), constant(index, counts[0]), constant(index, 1), loc=place)
    loop.operation.attributes["df.name"] = ir.StringAttr.get(names[0])
    with ir.InsertionPoint(loop.body):
        _nest(counts[1:], names[1:], (*outer, loop.induction_variable), body, place)
        scf.yield_([])


def local(name: str, type_: DType | TensorType, storage: str = "") -> ir.Value:
    """Memory of a function at the insertion point, bound to storage if one is named."""
    memory: ir.Value = memref.alloca(memory_type(type_), [], [])
    memory.owner.attributes["df.name"] = ir.StringAttr.get(name)
    memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
    if storage and isinstance(type_, TensorType):
        memory.owner.attributes["df.storage"] = ir.StringAttr.get(storage)
    return memory


def declare_table(module: ir.Module, type_: TensorType, values: Sequence[int | float]) -> str:
    """A constant of a module; its symbol, which one of the same values has already if there is one."""
    kind = ir.RankedTensorType.get(list(type_.shape), scalar_type(type_.element))
    elements = ir.DenseElementsAttr.get([attribute(type_.element, value) for value in values], kind)
    tables = [op for op in module.body.operations if isinstance(op, memref.GlobalOp)]
    for op in tables:
        if op.attributes["df.type"].value == str(type_) and op.attributes["initial_value"] == elements:
            return str(op.sym_name.value)
    names = {op.sym_name.value for op in tables}
    symbol = next(name for n in itertools.count() if (name := f"table.{n}") not in names)
    with ir.InsertionPoint.at_block_begin(module.body):
        memref.GlobalOp(
            symbol, memory_type(type_), sym_visibility="private", initial_value=elements, constant=True
        ).attributes["df.type"] = ir.StringAttr.get(str(type_))
    return symbol


def channel_type(type_: DType | TensorType) -> ir.Type:
    """The MLIR type of the end of a channel of tokens of a type."""
    return StreamType.get(ir.TypeAttr.get(token_type(type_)))


def made_function(
    name: str, kernel: str, given: Parameters, span: Span, body: Callable[[Sequence[ir.Value]], None]
) -> str:
    """A function at the insertion point whose body is built from its arguments; its name."""
    types = [_argument_type(kind, type_) for _, kind, type_ in given]
    with location(span):
        function = func.FuncOp(name, (types, []), visibility="private")
        function.attributes["df.kernel"] = ir.StringAttr.get(kernel)
        kinds = [(kind, str(type_)) for _, kind, type_ in given]
        function.attributes["df.parameters"] = parameter_attribute([each for each, _, _ in given], kinds)
        entry = function.add_entry_block([location(span, each) for each, _, _ in given])
        with ir.InsertionPoint(entry):
            body(list(entry.arguments))
            func.ReturnOp([])
    return name


def _argument_type(kind: str, type_: DType | TensorType) -> ir.Type:
    if kind == "stream":
        return channel_type(type_)
    return memory_type(type_) if isinstance(type_, TensorType) or kind == "scalar" else scalar_type(type_)
