"""Finds updates `X[f] = X[f] op e` that may happen in any order, for what `op` is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.values import Values
from spatial.ir.mlir import arith, ir, memref

__all__ = ["Reduction", "reductions"]

MODULAR: dict[type, str] = {
    arith.AddIOp: "+",
    arith.SubIOp: "+",
    arith.MulIOp: "*",
    arith.AndIOp: "&",
    arith.OrIOp: "|",
    arith.XOrIOp: "^",
}
"""Operations of which the low bits follow from the low bits they are given, whatever was lost above."""

EXTREME: dict[type, str] = {
    arith.MinSIOp: "min",
    arith.MaxSIOp: "max",
    arith.MinUIOp: "unsigned min",
    arith.MaxUIOp: "unsigned max",
}
FLOATING: dict[type, str] = {
    arith.AddFOp: "+",
    arith.SubFOp: "+",
    arith.MulFOp: "*",
    arith.MinimumFOp: "min",
    arith.MaximumFOp: "max",
}
OPERATORS = {**MODULAR, **EXTREME, **FLOATING}
LEFT_ONLY = (arith.SubIOp, arith.SubFOp)
CONVERSIONS = (arith.ExtSIOp, arith.ExtUIOp, arith.TruncIOp, arith.ExtFOp, arith.TruncFOp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """An update: what it loads, what it stores, by which operator.

    One of floats is only as good as one in another order where the user says so.
    """

    load: Access
    store: Access
    operator: str
    floating: bool

    def apart(self, other: "Reduction") -> bool:
        """Whether one of two updates is over before the other begins, in the text."""
        return self is other or self.store.order < other.load.order or other.store.order < self.load.order


def reductions(accesses: Sequence[Access], values: Values) -> list[Reduction]:
    """The updates among the accesses of a function.

    Integers may be widened before and are cut back to the type of the element behind; a saturating or
    rounding step is none of these operations, so what has one is no reduction.
    """
    loads = {access.op.operation: access for access in accesses if isinstance(access.op, memref.LoadOp)}
    found = []
    for store in accesses:
        if isinstance(store.op, memref.StoreOp):
            found += list(_reduction(store, loads, values))
    return found


def _reduction(store: Access, loads: Mapping[ir.Operation, Access], values: Values) -> Iterator[Reduction]:
    """The update that a store ends, if it loads its element once."""
    ways = [(path, loads[path[-1].operation]) for path in _paths(store.op.value) if path[-1].operation in loads]
    same = [(path, load) for path, load in ways if _same_element(load, store)]
    if len(same) != 1:
        return
    ((path, load),) = same
    operators = [op for op in path if type(op) in OPERATORS]
    names = {OPERATORS[type(op)] for op in operators}
    together = load.op.operation.block == store.op.operation.block
    if together and len(names) == 1 and _fits(path, operators, values):
        floating = type(operators[0]) in FLOATING
        yield Reduction(load=load, store=store, operator=names.pop(), floating=floating)


def _paths(value: ir.Value) -> Iterator[list[ir.OpView]]:
    """The ways from a stored value back to loads, through values that are used nowhere else."""
    if isinstance(value.owner, ir.Block) or len(list(value.uses)) != 1:
        return
    op = value.owner.opview
    if isinstance(op, memref.LoadOp):
        yield [op]
    elif isinstance(op, CONVERSIONS) or type(op) in OPERATORS:
        for operand in list(op.operands)[: 1 if isinstance(op, LEFT_ONLY) else 2]:
            yield from ([op, *rest] for rest in _paths(operand))


def _same_element(load: Access, store: Access) -> bool:
    if load.resource is not store.resource or load.op.memref != store.op.memref:
        return False
    if list(load.op.indices) == list(store.op.indices):
        return True
    return None not in load.indices and load.indices == store.indices


def _fits(path: Sequence[ir.OpView], operators: Sequence[ir.OpView], values: Values) -> bool:
    """Whether nothing is lost on the way that the order of the updates could change."""
    if type(operators[0]) in FLOATING:
        return True
    element = path[-1].result.type
    if type(operators[0]) in MODULAR:
        return all(op.result.type.width >= element.width for op in path)
    signed = type(operators[0]) in (arith.MinSIOp, arith.MaxSIOp)
    conversions = [op for op in path if isinstance(op, CONVERSIONS)]
    right = (arith.ExtSIOp if signed else arith.ExtUIOp, arith.TruncIOp)
    if not all(isinstance(op, right) and op.result.type.width >= element.width for op in conversions):
        return False
    inside = {op.result for op in path}
    others = [operand for op in operators for operand in op.operands if operand not in inside]
    return all(_holds(other, element, values, signed=signed) for other in others)


def _holds(value: ir.Value, element: ir.IntegerType, values: Values, *, signed: bool) -> bool:
    """Whether a value surely fits the type of the element."""
    if value.type.width <= element.width:
        return True
    owner = value.owner
    widening = arith.ExtSIOp if signed else arith.ExtUIOp
    if not isinstance(owner, ir.Block) and isinstance(owner.opview, widening):
        return _holds(owner.operands[0], element, values, signed=signed)
    sum_ = values.sum_of(value)
    low, high = (None, None) if sum_ is None else values.interval(sum_)
    least = -(1 << (element.width - 1)) if signed else 0
    most = (1 << (element.width - signed)) - 1
    return low is not None and high is not None and least <= low and high <= most
