"""Reads off a nest of loops what a core's units would do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from spatial.analysis.loops import is_loop
from spatial.ir.mlir import arith, ir, memref, scf

__all__ = [
    "CASTS",
    "Contraction",
    "chain_of",
    "contraction_of",
    "element_bits",
    "stride_of",
    "trips_of",
    "variables_of",
]

CASTS = (arith.ExtSIOp, arith.ExtUIOp, arith.ExtFOp, arith.TruncIOp, arith.TruncFOp, arith.IndexCastOp)
PRODUCTS = (arith.MulIOp, arith.MulFOp)
FLOATS = {"bf16": "bfloat16", "f16": "float16", "f32": "float32", "f64": "float64"}
Sources: TypeAlias = tuple[memref.LoadOp, memref.LoadOp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraction:
    """A product of matrices in the shape of loops: rows come from its left operand, columns from its right.

    `dtype` is the name of the type of what is multiplied, `times` how often the whole is done.
    """

    dtype: str
    rows: int
    columns: int
    depth: int
    times: int


def trips_of(loop: ir.OpView) -> int | None:
    """How often a loop runs its body; None where only a run tells."""
    if not isinstance(loop, scf.ForOp):
        return None
    low, high, step = (_constant(operand) for operand in list(loop.operands)[:3])
    if low is None or high is None or step is None:
        return None
    return len(range(low, high, step))


def chain_of(loop: ir.OpView) -> list[scf.ForOp]:
    """The loop and those within, as long as each holds one loop and nothing else that repeats."""
    found = [loop]
    while True:
        within = [op for op in found[-1].body.operations if is_loop(op)]
        if len(within) != 1 or not isinstance(within[0], scf.ForOp):
            return found
        found.append(within[0])


def contraction_of(loop: scf.ForOp) -> Contraction | None:
    """The product of matrices that a nest is, with loops that only one operand follows and loops that both do."""
    chain = chain_of(loop)
    if any(is_loop(op) for op in chain[-1].body.operations):
        return None
    factors = [_factors(op) for op in chain[-1].body.operations if isinstance(op, PRODUCTS)]
    found = [each for each in factors if each is not None]
    if len(found) != 1:
        return None
    return _contraction(chain, *found[0])


def variables_of(value: ir.Value) -> frozenset[ir.Value]:
    """The block arguments that a value is computed from, loads left out."""
    if isinstance(value.owner, ir.Block):
        return frozenset({value})
    op = value.owner.opview
    if isinstance(op, memref.LoadOp):
        return frozenset()
    return frozenset().union(*(variables_of(operand) for operand in op.operands))


def stride_of(index: ir.Value, variable: ir.Value) -> int | None:
    """By how much an index grows with a variable; None where that is not known."""
    if index == variable:
        return 1
    if variable not in variables_of(index):
        return None if _is_loaded(index) else 0
    op = index.owner.opview
    parts = [stride_of(operand, variable) for operand in op.operands]
    left, *others = parts
    match op:
        case _ if any(part is None for part in parts) or left is None:
            return None
        case arith.AddIOp():
            return left + (others[0] or 0)
        case arith.SubIOp():
            return left - (others[0] or 0)
        case arith.MulIOp():
            factors = [_constant(operand) for operand in op.operands]
            known = next((factor for factor in factors if factor is not None), None)
            return None if known is None else known * (left + (others[0] or 0))
        case _ if isinstance(op, CASTS):
            return left
    return None


def _is_loaded(value: ir.Value) -> bool:
    if isinstance(value.owner, ir.Block):
        return False
    op = value.owner.opview
    return isinstance(op, memref.LoadOp) or any(_is_loaded(operand) for operand in op.operands)


def element_bits(type_: ir.Type) -> int:
    """The bits of a number."""
    if isinstance(type_, ir.IntegerType | ir.FloatType):
        return int(type_.width)
    return 32


def _contraction(chain: list[scf.ForOp], left: memref.LoadOp, right: memref.LoadOp) -> Contraction | None:
    uses = [frozenset().union(*(variables_of(index) for index in load.indices)) for load in (left, right)]
    sizes = {"rows": 1, "columns": 1, "depth": 1, "times": 1}
    kinds: Mapping[tuple[bool, bool], str] = {
        (True, False): "rows",
        (False, True): "columns",
        (True, True): "depth",
        (False, False): "times",
    }
    seen = set()
    for each in chain:
        trips = trips_of(each)
        if trips is None:
            return None
        kind = kinds[each.induction_variable in uses[0], each.induction_variable in uses[1]]
        seen.add(kind)
        sizes[kind] *= trips
    dtype = _dtype(left.memref.type.element_type)
    return Contraction(dtype=dtype, **sizes) if {"rows", "columns", "depth"} <= seen else None


def _factors(op: ir.OpView) -> Sources | None:
    """The loads of what is multiplied, from memory of dimensions, of one type."""
    loads = [load for operand in op.operands for load in _loaded(operand) if load.memref.type.shape]
    if len(loads) != 2 or loads[0].memref.type.element_type != loads[1].memref.type.element_type:
        return None
    return loads[0], loads[1]


def _loaded(value: ir.Value) -> Iterator[memref.LoadOp]:
    while not isinstance(value.owner, ir.Block):
        op = value.owner.opview
        if isinstance(op, memref.LoadOp):
            yield op
            return
        if not isinstance(op, CASTS):
            return
        value = op.operands[0]


def _dtype(type_: ir.Type) -> str:
    return FLOATS.get(str(type_), f"int{element_bits(type_)}")


def _constant(value: ir.Value) -> int | None:
    if isinstance(value.owner, ir.Block) or not isinstance(value.owner.opview, arith.ConstantOp):
        return None
    return int(value.owner.opview.attributes["value"].value)
