"""Functions of object files: where they stand in our modules and in the vendor's."""

from collections.abc import Sequence

from spatial.ir.mlir import func, ir
from spatial.lower.aie.dialect.ops import DeviceOp

__all__ = ["call", "contained", "declare"]


def declare(block: ir.Block, name: str, parameters: Sequence[ir.Type], object_file: str) -> None:
    """Declares a function of an object file in the block of a module, in front of what is there."""
    with ir.InsertionPoint.at_block_begin(block), ir.Location.unknown():
        made = func.FuncOp(name, ir.FunctionType.get(list(parameters), []), visibility="private")
        made.attributes["link_with"] = ir.StringAttr.get(object_file)


def call(name: str, values: Sequence[ir.Value]) -> None:
    """Calls a function of an object file."""
    func.CallOp([], name, list(values))


def contained(block: ir.Block) -> list[ir.OpView]:
    """The operations of a block as the vendor has them: functions stand in the device that calls them.

    In our modules they stand beside it, where calls are checked against them.
    """
    owner, own = block.owner.opview, list(block.operations)
    if isinstance(owner, DeviceOp):
        return [*(op for op in owner.operation.block.operations if isinstance(op, func.FuncOp)), *own]
    return [op for op in own if not isinstance(op, func.FuncOp)]
