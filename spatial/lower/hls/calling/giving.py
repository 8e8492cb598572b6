"""What a caller gives to those whom it calls."""

from collections.abc import Iterator, Mapping

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import ByReferenceOp
from spatial.ir.dtypes import parse_type
from spatial.ir.external import by_reference, call_dataflow, is_dataflow
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir, memref
from spatial.lower.hls.calling.parts import Called
from spatial.lower.hls.legalize.build import local, nest
from spatial.types.dtype import index
from spatial.types.tensor import shape_of

__all__ = ["give_before", "references"]


def references(function: func.FuncOp, called: Called) -> Iterator[tuple[str, ByReferenceOp]]:
    """What a function gives those that it calls, each with the parameter that it is given for."""
    for op in operations(function.entry_block):
        if is_dataflow(op) and op.symbol.value == called.name:
            for value, parameter in zip(op.operands, called.graph.parameters, strict=False):
                yield parameter.name, value.owner.opview


def give_before(function: func.FuncOp, called: Called, before: Mapping[str, str]) -> None:
    """Gives some arrays a second time, by the names of their parameters: a copy of what the caller holds on chip.

    What lies behind a port is not copied: an element is written only by who has read it.
    """
    copies: dict[str, ir.Value] = {}
    given = dict(references(function, called))
    for name, other in before.items():
        type_ = parse_type(given[name].dtype.value)
        if name in called.local:
            with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
                copies[name] = local(other, type_)
    for call in [op for op in operations(function.entry_block) if is_dataflow(op) and op.symbol.value == called.name]:
        arrays = dict(zip((each.name for each in called.graph.parameters), call.operands, strict=False))
        with ir.InsertionPoint(call), call.location:
            more = [_again(arrays[name].owner.opview, copies.get(name), other) for name, other in before.items()]
            call_dataflow([*call.operands, *more], called.name)
        call.operation.erase()


def _again(reference: ByReferenceOp, copy: ir.Value | None, name: str) -> ir.Value:
    """Gives an array once more, or a copy that is made now."""
    array, dtype = reference.memory, reference.dtype.value
    if copy is not None:
        shape = shape_of(parse_type(dtype))
        loops = [f"{name}_{axis}" for axis in range(len(shape))]
        nest(shape, loops, lambda at: memref.store(memref.load(array, list(at)), copy, list(at)), ours=True)
    return by_reference(array if copy is None else copy, constant(index, 0), dtype, "in")
