"""Writes loops of a core as loops over vectors."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spatial.analysis.loops import PIPELINED
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf, vector
from spatial.lower.aie.emit.vector.lanes import Lanes, Shape, lanes_of

__all__ = ["vectorize"]


def vectorize(block: ir.Block, vector_bytes: int) -> None:
    """Rewrites the loops of a block that may run in lanes, the inner ones of a nest first.

    What loops say of how their iterations run is gone then.
    """
    for op in list(block.operations):
        for loop in _chosen(op, vector_bytes):
            _rewrite(loop)
    for op in operations(block):
        if PIPELINED in op.attributes:
            del op.attributes[PIPELINED]


def _chosen(op: ir.OpView, vector_bytes: int) -> Iterator[Lanes]:
    """The loops inside an operation that become loops over vectors: none that holds another."""
    inside = [
        found
        for region in op.regions
        for block in region.blocks
        for each in list(block.operations)
        for found in _chosen(each, vector_bytes)
    ]
    if inside or not isinstance(op, scf.ForOp):
        yield from inside
    elif (lanes := lanes_of(op, vector_bytes)) is not None:
        yield lanes


@dataclass(slots=True)
class _Writer:
    """A loop over vectors under way, and what stands for the values of the one it replaces."""

    lanes: Lanes
    made: dict[ir.Value, ir.Value] = field(default_factory=dict)

    def plain(self, value: ir.Value) -> ir.Value:
        """What stands for a value that is one number for all lanes, or the first of neighbours."""
        return self.made.get(value, value)

    def wide(self, value: ir.Value) -> ir.Value:
        """A value as a vector."""
        found = self.plain(value)
        if isinstance(found.type, ir.VectorType):
            return found
        return vector.broadcast(self.kind(found.type), found)

    def kind(self, element: ir.Type) -> ir.Type:
        """The type of a vector."""
        return ir.VectorType.get([self.lanes.count], element)

    def block(self, block: ir.Block) -> None:
        for op in block.operations:
            with op.location:
                self.operation(op)

    def operation(self, op: ir.OpView) -> None:
        match op:
            case memref.LoadOp() if self.lanes.shape(op.result) is Shape.ANY:
                places = [self.plain(each) for each in op.indices]
                self.made[op.result] = vector.load(self.kind(op.result.type), op.memref, places)
            case memref.StoreOp():
                vector.store(self.wide(op.value), op.memref, [self.plain(each) for each in op.indices])
            case scf.ForOp():
                self.loop(op)
            case scf.YieldOp():
                scf.YieldOp([self.wide(each) for each in op.operands])
            case _:
                self.element(op)

    def loop(self, op: scf.ForOp) -> None:
        """A loop inside: what it carries are vectors."""
        low, high, step, *carried = op.operands
        made = scf.ForOp(*map(self.plain, (low, high, step)), [self.wide(each) for each in carried])
        self.made[op.induction_variable] = made.induction_variable
        self.made.update(zip(op.inner_iter_args, made.inner_iter_args, strict=True))
        with ir.InsertionPoint(made.body):
            self.block(op.body)
        self.made.update(zip(op.results, made.results, strict=True))

    def element(self, op: ir.OpView) -> None:
        (result,) = op.results
        any_ = self.lanes.shape(result) is Shape.ANY
        operands = [self.wide(each) if any_ else self.plain(each) for each in op.operands]
        kind = self.kind(result.type) if any_ else result.type
        attributes = {name: op.attributes[name] for name in op.attributes}
        made = ir.Operation.create(op.operation.name, results=[kind], operands=operands, attributes=attributes)
        self.made[result] = made.results[0]


def _rewrite(lanes: Lanes) -> None:
    loop = lanes.loop
    low, high, _ = list(loop.operands)[:3]
    with ir.InsertionPoint(loop), loop.location:
        step = arith.constant(ir.IndexType.get(), lanes.count)
        made = scf.ForOp(low, high, step)
        writer = _Writer(lanes)
        writer.made[loop.induction_variable] = made.induction_variable
        with ir.InsertionPoint(made.body):
            writer.block(loop.body)
    loop.operation.erase()
