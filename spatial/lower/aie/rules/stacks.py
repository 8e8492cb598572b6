"""A rule about what the program of a core keeps on its stack."""

import math
from collections.abc import Iterator

from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir
from spatial.lower.aie.dialect.ops import CoreOp, ViewType
from spatial.lower.aie.footprint import WORD, stack_of
from spatial.lower.aie.rules.cores import cores_of, node_of
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = ["stack_bytes", "stack_room"]

FRAME = 64
"""The bytes of a call: where it returns to and what it is given, in whole vectors. Source: AM020, 32-byte alignment."""

SCALARS = 24 * 4
"""The bytes of registers for numbers and pointers that a program may fill: 32 of them, some for loops and calls."""

VECTORS = 10 * 64
"""The bytes of registers for vectors that a program may fill: 12 of 512 bits (AM020), less two for what is computed."""

ALIGNED = 32


def stack_room(subject: Subject) -> Iterator[Breach]:
    """What does not stay in registers fits the stack, as far as values tell; that of object files is not counted."""
    for core in cores_of(subject):
        node, size = node_of(subject, core), stack_bytes(core)
        if node is not None and size > (given := stack_of(node, subject.npu)):
            wanted = -(-size // ALIGNED) * ALIGNED
            yield Breach(
                title=f"the program of `{node.name}` keeps about {size} bytes on its stack, which has {given}",
                span=node.span,
                notes=("so many values are needed later at one place that registers do not hold them",),
                hint=f"give it a larger stack, `s.place(..., stack={wanted})`, or use an array",
            )


def stack_bytes(core: CoreOp) -> int:
    """An estimate from above of what lies on a core's stack where most does: values that registers do not hold."""
    last = _last_uses(core)
    return FRAME + _most(core.body.blocks[0], 0, 0, last)


Last = dict[ir.Operation, list[ir.Value]]


def _last_uses(core: CoreOp) -> Last:
    """For operations, the values of the same block that are used there, or inside of it, for the last time."""
    found: Last = {}
    inside = list(operations(core.body.blocks[0]))
    place = {op.operation: number for number, op in enumerate(inside)}
    for op in inside:
        arguments = [each for region in op.regions for block in region.blocks for each in block.arguments]
        for value in (*op.results, *arguments):
            home = value.owner if isinstance(value.owner, ir.Block) else value.owner.operation.block
            if any(_bytes(value)) and (users := [_within(use.owner.operation, home) for use in value.uses]):
                found.setdefault(max(users, key=place.__getitem__), []).append(value)
    return found


def _within(op: ir.Operation, home: ir.Block) -> ir.Operation:
    """The operation of a block in which another one is."""
    while op.block != home:
        op = op.parent.operation
    return op


def _most(block: ir.Block, scalars: int, vectors: int, last: Last) -> int:
    """The most bytes beside registers at any operation of a block, where so many are needed around it."""
    most = 0
    for value in block.arguments:
        number, wide = _bytes(value)
        scalars, vectors = scalars + number, vectors + wide
    for op in block.operations:
        kept = 0 if not isinstance(op, func.CallOp) else scalars + vectors
        most = max(most, kept, max(0, scalars - SCALARS) + max(0, vectors - VECTORS))
        for region in op.regions:
            for inner in region.blocks:
                most = max(most, _most(inner, scalars, vectors, last))
        for value in op.results:
            if list(value.uses):
                number, wide = _bytes(value)
                scalars, vectors = scalars + number, vectors + wide
        for value in last.get(op.operation, ()):
            number, wide = _bytes(value)
            scalars, vectors = scalars - number, vectors - wide
    return most


def _bytes(value: ir.Value) -> tuple[int, int]:
    """What a value takes of registers for numbers, and of those for vectors; constants are made where they are used."""
    kind = value.type
    if isinstance(kind, ir.VectorType):
        return 0, math.prod(kind.shape) * int(kind.element_type.width) // 8
    constant = not isinstance(value.owner, ir.Block) and isinstance(value.owner.opview, arith.ConstantOp)
    if constant or isinstance(kind, ViewType):
        return 0, 0
    wide = isinstance(kind, ir.IntegerType | ir.FloatType) and int(kind.width) > 8 * WORD
    return (2 * WORD if wide else WORD), 0
