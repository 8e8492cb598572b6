"""Which loops of a core may run several iterations at once, as lanes of vectors."""

import math
from dataclasses import dataclass, field
from enum import Enum

from spatial.analysis.loops import runs_apart
from spatial.device.npu import Npu
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.emit.vector.products import SUMS, sums_narrow
from spatial.lower.aie.emit.vector.reductions import Reduction, reductions_of
from spatial.lower.aie.emit.vector.taken import is_taken

__all__ = ["Lanes", "Shape", "iterations_of", "lanes_of"]

ELEMENTWISE = ("arith", "math")
LEAST = 4
LEAST_BITS = 128
"""Of the widest vector: what a core loads and stores at once at least, as one."""


class Shape(Enum):
    """A value in neighbouring iterations: the same, one more in each, or any."""

    SAME = "same"
    LINEAR = "linear"
    ANY = "any"


@dataclass(slots=True)
class Lanes:
    """A loop that may run so many iterations at once, what its values are in them, and what it sums up.

    If it is `narrow`, it sums up narrow numbers or products of these, in twice the bits of a register.
    """

    loop: scf.ForOp
    count: int = 0
    reductions: list[Reduction] = field(default_factory=list)
    narrow: bool = False
    shapes: dict[ir.Value, Shape] = field(default_factory=dict)
    loaded: list[memref.LoadOp] = field(default_factory=list)
    stored: list[memref.StoreOp] = field(default_factory=list)
    widest: int = 8

    def shape(self, value: ir.Value) -> Shape:
        """What a value is; one from outside is the same."""
        return self.shapes.get(value, Shape.SAME)


def lanes_of(loop: scf.ForOp, npu: Npu) -> Lanes | None:
    """How a loop runs in lanes that fill a register, or a half or a quarter of it; None where it must not or cannot.

    Its iterations touch different elements, which lie side by side, and take no number from each other but for sums
    whose order does not matter. Those of a loop with `pipeline=False` run one after the other.
    """
    extent, reductions = iterations_of(loop), reductions_of(loop)
    if extent is None or reductions is None or runs_apart(loop):
        return None
    found = Lanes(loop, reductions=reductions)
    found.shapes[loop.induction_variable] = Shape.LINEAR
    found.shapes |= dict.fromkeys(loop.inner_iter_args, Shape.ANY)
    if reductions and any(isinstance(op, scf.ForOp) for op in operations(loop.body)):
        return None
    if not all(_read(found, op) for op in operations(loop.body)) or not _apart(found):
        return None
    if not (found.stored or reductions):
        return None
    most = npu.vector_bytes * 8 // found.widest
    found.count = math.gcd(extent, most)
    if found.widest == SUMS and extent % (2 * most) == 0 and sums_narrow(loop) and _is_taken(found, 2 * most, npu):
        found.narrow, found.count = True, 2 * most
    while not _is_taken(found, found.count, npu):
        found.count //= 2
    wide_enough = found.count >= LEAST and found.count * found.widest >= LEAST_BITS
    return found if wide_enough else None


def _is_taken(lanes: Lanes, count: int, npu: Npu) -> bool:
    """Whether all that runs in lanes does so in so many."""
    inside = (op for op in operations(lanes.loop.body) if len(op.results) == 1)
    return all(lanes.shape(op.results[0]) is not Shape.ANY or is_taken(op, count, npu) for op in inside)


def _read(lanes: Lanes, op: ir.OpView) -> bool:
    """Takes an operation in; false where it cannot run in lanes."""
    match op:
        case memref.LoadOp():
            return _load(lanes, op)
        case memref.StoreOp():
            lanes.stored.append(op)
            return _neighbours(lanes, list(op.indices)) and _wide(lanes, op.value)
        case scf.ForOp():
            same = all(lanes.shape(each) is Shape.SAME for each in list(op.operands)[:3])
            carried = list(op.inner_iter_args) + list(op.results)
            lanes.shapes.update(dict.fromkeys(carried, Shape.ANY))
            return same and all(not isinstance(each.type, ir.IndexType) and _wide(lanes, each) for each in carried)
        case scf.YieldOp():
            return True
    return op.operation.name.partition(".")[0] in ELEMENTWISE and _element(lanes, op)


def _load(lanes: Lanes, op: memref.LoadOp) -> bool:
    places = list(op.indices)
    lanes.loaded.append(op)
    if all(lanes.shape(each) is Shape.SAME for each in places):
        lanes.shapes[op.result] = Shape.SAME
        return True
    lanes.shapes[op.result] = Shape.ANY
    return _neighbours(lanes, places) and _wide(lanes, op.result)


def _neighbours(lanes: Lanes, places: list[ir.Value]) -> bool:
    """Whether neighbouring iterations touch neighbouring elements."""
    if not places or lanes.shape(places[-1]) is not Shape.LINEAR:
        return False
    return all(lanes.shape(each) is Shape.SAME for each in places[:-1])


def _element(lanes: Lanes, op: ir.OpView) -> bool:
    shapes = {lanes.shape(operand) for operand in op.operands}
    (result,) = op.results
    if shapes <= {Shape.SAME}:
        return True
    if Shape.LINEAR in shapes:
        lanes.shapes[result] = Shape.LINEAR
        return _is_moved(lanes, op)
    lanes.shapes[result] = Shape.ANY
    return not isinstance(result.type, ir.IndexType) and _wide(lanes, result)


def _is_moved(lanes: Lanes, op: ir.OpView) -> bool:
    """Whether an operation moves a value that is one more in each iteration, by the same in all."""
    left, *others = (lanes.shape(each) for each in op.operands)
    if isinstance(op, arith.SubIOp):
        return (left, *others) == (Shape.LINEAR, Shape.SAME)
    return isinstance(op, arith.AddIOp) and {left, *others} == {Shape.LINEAR, Shape.SAME}


def _wide(lanes: Lanes, value: ir.Value) -> bool:
    """Notes how wide a value is; false where no vector holds it."""
    if isinstance(value.type, ir.VectorType | ir.IndexType):
        return False
    width = int(value.type.width)
    lanes.widest = max(lanes.widest, width)
    return width <= 32


def _apart(lanes: Lanes) -> bool:
    """Whether what is written is touched at the same place of the last dimension alone."""
    places: dict[ir.Value, set[ir.Value]] = {}
    for store in lanes.stored:
        places.setdefault(store.memref, set()).add(list(store.indices)[-1])
    for load in lanes.loaded:
        if load.memref in places:
            places[load.memref].add(list(load.indices)[-1])
    return all(len(found) == 1 for found in places.values())


def iterations_of(loop: scf.ForOp) -> int | None:
    """The iterations of a loop that counts from 0 in ones, if they are known."""
    low, high, step = (_number(each) for each in list(loop.operands)[:3])
    return high if (low, step) == (0, 1) else None


def _number(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)
