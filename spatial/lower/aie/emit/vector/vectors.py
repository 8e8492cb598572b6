"""Writes loops of a core as loops over vectors."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spatial.analysis.loops import is_loop
from spatial.device.npu import Npu
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf, vector
from spatial.lower.aie.emit.vector.lanes import Lanes, Shape, iterations_of, lanes_of
from spatial.lower.aie.emit.vector.products import widen_products
from spatial.lower.aie.emit.vector.settled import settle

__all__ = ["vectorize"]


def vectorize(block: ir.Block, npu: Npu) -> None:
    """Rewrites the loops of a block that may run in lanes: the inner ones of a nest first, those that sum up last.

    What loops say of how their iterations run is gone then.
    """
    for op in list(block.operations):
        for loop in _chosen(op, npu):
            _rewrite(loop)
    for innermost in list(_innermost(block)):
        if (lanes := _ready(settle(innermost), npu)) is not None:
            _rewrite(lanes)


def _chosen(op: ir.OpView, npu: Npu) -> Iterator[Lanes]:
    """The loops inside an operation that become loops over vectors, and sum up nothing: none that holds another."""
    inside = [
        found
        for region in op.regions
        for block in region.blocks
        for each in list(block.operations)
        for found in _chosen(each, npu)
    ]
    if inside or not isinstance(op, scf.ForOp):
        yield from inside
    elif not len(op.results) and (lanes := _ready(op, npu)) is not None:
        yield lanes


def _ready(loop: scf.ForOp, npu: Npu) -> Lanes | None:
    """How a loop runs in lanes, with its products at the width that these are multiplied in."""
    found = lanes_of(loop, npu)
    if found is None or not found.narrow:
        return found
    widen_products(loop.body)
    return lanes_of(loop, npu)


def _innermost(block: ir.Block) -> Iterator[scf.ForOp]:
    """The loops of numbers that hold no other, and have iterations."""
    for op in operations(block):
        if isinstance(op, scf.ForOp) and iterations_of(op) and not any(map(_is_beyond, operations(op.body))):
            yield op


def _is_beyond(op: ir.OpView) -> bool:
    """Whether an operation is a loop, or one on vectors."""
    return is_loop(op) or any(isinstance(each.type, ir.VectorType) for each in (*op.operands, *op.results))


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
        if (
            self.lanes.narrow
            and not isinstance(found.owner, ir.Block)
            and isinstance(found.owner.opview, arith.ExtSIOp)
        ):
            (source,) = found.owner.operands
            return arith.extsi(self.kind(found.type), vector.broadcast(self.kind(source.type), source))
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
    low, high, _, *first = loop.operands
    with ir.InsertionPoint(loop), loop.location:
        step = arith.constant(ir.IndexType.get(), lanes.count)
        writer = _Writer(lanes)
        pairs = list(zip(lanes.reductions, first, strict=True))
        made = scf.ForOp(low, high, step, [each.begin(value, writer.kind(value.type)) for each, value in pairs])
        writer.made[loop.induction_variable] = made.induction_variable
        writer.made.update(zip(loop.inner_iter_args, made.inner_iter_args, strict=True))
        with ir.InsertionPoint(made.body):
            writer.block(loop.body)
        for (each, value), result, summed in zip(pairs, loop.results, made.results, strict=True):
            result.replace_all_uses_with(each.end(value, summed))
    loop.operation.erase()
