"""What a core takes to compute: the cycles of operations and nests of loops that use no channel."""

import math
from collections.abc import Iterable, Sequence

from spatial.analysis.loops import PIPELINED, inner, is_loop, runs_apart
from spatial.device.npu import Npu
from spatial.ir.external import is_timed
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.sim.npu.nests import CASTS, Contraction, chain_of, contraction_of, element_bits, stride_of, trips_of

__all__ = ["computed", "product_cycles", "taken"]

SAID = (PIPELINED, "df.pipeline")
LOADS = 2  # in a cycle
CHEAP = (arith.ConstantOp, scf.YieldOp, memref.AllocaOp, *CASTS)  # a register is filled wide, and stored narrow
PRODUCTS = (arith.MulIOp, arith.MulFOp)
SUMS = (arith.AddIOp, arith.AddFOp)
DIVISIONS = ("arith.div", "arith.rem", "arith.floordiv", "arith.ceildiv")
FLOAT_OPERATION = 4  # of float32, which is computed as products of bfloat16, per operation
DIVISION = 40
FUNCTION = 60  # exp, sqrt, and the like, as polynomials


def taken(operations: Iterable[ir.OpView], device: Npu) -> float:
    """The cycles of operations one after the other; a branch takes what its longer side does."""
    return sum(computed(op, device) for op in operations)


def computed(op: ir.OpView, device: Npu) -> float:
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


def product_cycles(product: Contraction, device: Npu) -> float:
    """The cycles of a product of matrices on the unit for that: whole blocks, each with its fill."""
    shape = device.products[product.dtype]
    rows = math.ceil(product.rows / (2 * shape.rows))
    columns = math.ceil(product.columns / (2 * shape.columns))
    instructions = 4 * math.ceil(product.depth / shape.depth)
    each = shape.rows * shape.depth * shape.columns / device.macs[product.dtype]
    return product.times * rows * columns * (instructions * each + shape.fill)


def _loop(loop: scf.ForOp, device: Npu) -> float:
    """A nest of which nothing is said of how iterations run is a product of matrices where it has the shape of one."""
    product = None if _is_said(loop) else contraction_of(loop)
    if product is not None and product.dtype in device.products:
        return product_cycles(product, device)
    trips = trips_of(loop) or 1
    written = _written_out(loop, device)
    begin = device.times.loop if trips > 1 else 0
    if written is None:
        return begin + trips * _iteration(loop, device)
    apart = device.times.apart if runs_apart(loop) else 1
    return begin + math.ceil(trips / _lanes(loop, device)) * max(1, _bundled(written, device)) * apart


def _iteration(loop: scf.ForOp, device: Npu) -> float:
    """The cycles of an iteration that holds loops."""
    loops = [op for op in loop.body.operations if is_loop(op)]
    others = [op for op in loop.body.operations if not is_loop(op)]
    return _bundled(others, device) + taken(loops, device)


def _is_said(loop: scf.ForOp) -> bool:
    """Whether the user wrote of a loop of the nest that its iterations overlap, or that they do not."""
    return any(word in each.attributes for each in chain_of(loop) for word in SAID)


def _written_out(loop: scf.ForOp, device: Npu) -> list[ir.OpView] | None:
    """What an iteration does, loops inside that are one operation on vectors in their place; None with other loops."""
    found: list[ir.OpView] = []
    for op in loop.body.operations:
        if not is_loop(op):
            found.append(op)
            continue
        inside = _written_out(op, device) if isinstance(op, scf.ForOp) else None
        trips = trips_of(op)
        if inside is None or trips is None or trips > _lanes(op, device):
            return None
        found += inside
    return found


def _lanes(loop: scf.ForOp, device: Npu) -> int:
    """How many iterations an operation on vectors does at once; 1 where elements do not lie beside each other."""
    body = list(inner(loop))
    accesses = [op for op in body if isinstance(op, memref.LoadOp | memref.StoreOp)]
    if runs_apart(loop) or any(op.regions for op in body):
        return 1
    if not all(_in_step(op, loop.induction_variable) for op in accesses):
        return 1
    if any(op.operation.name.startswith(DIVISIONS) or op.operation.name.startswith("math.") for op in body):
        return 1
    widest = max((element_bits(op.memref.type.element_type) for op in accesses), default=32)
    return max(1, 8 * device.vector_bytes // max(8, widest))


def _in_step(op: ir.OpView, variable: ir.Value) -> bool:
    """Whether neighbouring iterations use neighbouring elements, or all the same."""
    *outer, last = [stride_of(index, variable) for index in op.indices] or [0]
    return last in (0, 1) and all(each == 0 for each in outer)


def _bundled(body: Sequence[ir.OpView], device: Npu) -> float:
    """Cycles of operations in the units of a core: two loads, a store and an operation in each."""
    loads = sum(_is_access(op) for op in body if isinstance(op, memref.LoadOp))
    stores = sum(_is_access(op) for op in body if isinstance(op, memref.StoreOp))
    works = sum(computed(op, device) for op in body if not isinstance(op, memref.LoadOp | memref.StoreOp))
    return max(math.ceil(loads / LOADS), stores, works)


def _scalar(op: ir.OpView) -> int:
    """The cycles of one operation by itself; a product that is only added to something takes none of its own."""
    name = op.operation.name
    if name.startswith("math."):
        return FUNCTION
    if name.startswith(DIVISIONS):
        return DIVISION
    if isinstance(op, memref.LoadOp | memref.StoreOp):
        return int(_is_access(op))
    if isinstance(op, CHEAP) or _is_place(op) or _is_added(op):
        return 0
    return FLOAT_OPERATION if any(isinstance(each.type, ir.F32Type | ir.F64Type) for each in op.operands) else 1


def _is_access(op: ir.OpView) -> bool:
    """Whether a load or store uses memory, and no register."""
    return bool(op.memref.type.shape)


def _is_place(op: ir.OpView) -> bool:
    """Whether an operation works on places where elements lie, and not on elements."""
    return bool(op.results) and all(isinstance(each.type, ir.IndexType) for each in op.results)


def _is_added(op: ir.OpView) -> bool:
    """Whether an operation is the product of a multiply-accumulate."""
    if not isinstance(op, PRODUCTS):
        return False
    users = [use.owner.opview for use in op.result.uses]
    while len(users) == 1 and isinstance(users[0], CASTS):
        users = [use.owner.opview for use in users[0].result.uses]
    return len(users) == 1 and isinstance(users[0], SUMS)
