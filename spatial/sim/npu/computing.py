"""What a core takes to compute: the cycles of operations and nests of loops that use no channel."""

import math
from collections.abc import Iterable

from spatial.analysis.loops import is_loop
from spatial.device.npu import Npu
from spatial.ir.external import is_timed
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.sim.npu.nests import CASTS, Contraction, contraction_of, element_bits, stride_of, trips_of

__all__ = ["LOOP", "computed", "product_cycles", "taken"]

LOOP = 2  # cycles of an iteration's counter and branch, where a loop runs element by element
FILL = 16  # cycles for a loop of vectors to fill and drain the pipeline
CHEAP = (arith.ConstantOp, scf.YieldOp, memref.AllocaOp, *CASTS)  # a register is filled wide, and stored narrow
DIVISIONS = ("arith.div", "arith.rem", "arith.floordiv", "arith.ceildiv")
FLOAT_OPERATION = 4  # of float32, which is computed as products of bfloat16, per operation
DIVISION = 40
FUNCTION = 60  # exp, sqrt, and the like, as polynomials


def taken(operations: Iterable[ir.OpView], device: Npu) -> int:
    """The cycles of operations one after the other; a branch takes what its longer side does."""
    return sum(computed(op, device) for op in operations)


def computed(op: ir.OpView, device: Npu) -> int:
    """The cycles of an operation that uses no channel; a loop whose trips only a run tells counts once."""
    if is_timed(op):
        return int(op.cycles.value)
    if isinstance(op, scf.ForOp):
        return _loop(op, device)
    blocks = [block for region in op.regions for block in region.blocks]
    if isinstance(op, scf.IfOp):
        return 1 + max(taken(block.operations, device) for block in blocks)
    if blocks:
        return sum(taken(block.operations, device) for block in blocks)
    return _scalar(op)


def product_cycles(product: Contraction, device: Npu) -> int:
    """The cycles of a product of matrices on the unit for that: whole blocks, each with its fill."""
    shape = device.products[product.dtype]
    rows = math.ceil(product.rows / (2 * shape.rows))
    columns = math.ceil(product.columns / (2 * shape.columns))
    instructions = 4 * math.ceil(product.depth / shape.depth)
    each = shape.rows * shape.depth * shape.columns / device.macs[product.dtype]
    return round(product.times * rows * columns * (instructions * each + shape.fill))


def _loop(loop: scf.ForOp, device: Npu) -> int:
    product = contraction_of(loop)
    if product is not None and product.dtype in device.products:
        return product_cycles(product, device)
    trips = trips_of(loop)
    body = list(loop.body.operations)
    if trips is None or any(is_loop(op) for op in body):
        return (trips or 1) * (taken(body, device) + LOOP)
    lanes = _lanes(loop, device)
    if lanes == 1:
        return trips * (taken(body, device) + LOOP)
    return math.ceil(trips / lanes) * _vector(body) + FILL


def _lanes(loop: scf.ForOp, device: Npu) -> int:
    """How many iterations an operation on vectors does at once; 1 where elements do not lie beside each other."""
    body = list(loop.body.operations)
    accesses = [op for op in body if isinstance(op, memref.LoadOp | memref.StoreOp)]
    if any(op.regions for op in body) or not all(_in_step(op, loop.induction_variable) for op in accesses):
        return 1
    if any(op.operation.name.startswith(DIVISIONS) or op.operation.name.startswith("math.") for op in body):
        return 1
    widest = max((element_bits(op.memref.type.element_type) for op in accesses), default=32)
    return max(1, 8 * device.vector_bytes // max(8, widest))


def _in_step(op: ir.OpView, variable: ir.Value) -> bool:
    """Whether neighbouring iterations use neighbouring elements, or all the same."""
    *outer, last = [stride_of(index, variable) for index in op.indices] or [0]
    return last in (0, 1) and all(each == 0 for each in outer)


def _vector(body: list[ir.OpView]) -> int:
    """Cycles of an iteration on vectors: two loads, a store and an operation in each."""
    loads = sum(isinstance(op, memref.LoadOp) for op in body)
    stores = sum(isinstance(op, memref.StoreOp) for op in body)
    works = sum(_scalar(op) for op in body if not isinstance(op, memref.LoadOp | memref.StoreOp) and _counts(op))
    return max(math.ceil(loads / 2), stores, works, 1)


def _counts(op: ir.OpView) -> bool:
    """Whether an operation works on elements, and not on the places where they lie."""
    return not isinstance(op, CHEAP) and not all(isinstance(each.type, ir.IndexType) for each in op.results)


def _scalar(op: ir.OpView) -> int:
    """The cycles of one operation by itself."""
    name = op.operation.name
    if isinstance(op, CHEAP):
        return 0
    if name.startswith("math."):
        return FUNCTION
    if name.startswith(DIVISIONS):
        return DIVISION
    wide = any(isinstance(each.type, ir.F32Type | ir.F64Type) for each in op.operands)
    return FLOAT_OPERATION if wide and not isinstance(op, memref.LoadOp | memref.StoreOp) else 1
