"""Indices as sums of loop variables, and the nests that these are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.analysis.static import Arguments, evaluate
from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir, memref, scf

__all__ = ["Nest", "Place", "nest_space", "place_of", "sum_of"]

WIDE = 32  # bits that hold every index


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """The loop variables of a nest, outermost first, with step and number of iterations (None: unknown) of each.

    Where there are none, as in a `while`, nothing is known of how places change.
    """

    variables: tuple[ir.Value, ...]
    steps: tuple[int, ...]
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An index: a constant, and how often each value is added to it."""

    constant: int = 0
    terms: Mapping[ir.Value, int] = field(default_factory=dict)


def nest_space(loops: Sequence[ir.OpView]) -> Nest | None:
    """The space that a nest of counting loops runs over; None where it is not known well enough."""
    if not all(isinstance(loop, scf.ForOp) for loop in loops):
        return None
    steps, counts = [], []
    for loop in loops:
        low, high, step = (evaluate(operand, Arguments({})) for operand in list(loop.operands)[:3])
        if step is None:
            return None
        steps.append(step)
        counts.append(len(range(low, high, step)) if low is not None and high is not None else None)
    if None in counts[1:]:
        return None
    return Nest(variables=tuple(loop.induction_variable for loop in loops), steps=tuple(steps), counts=tuple(counts))


def place_of(op: ir.OpView, inside: set[ir.Operation], nest: Nest) -> tuple[Place, ...] | None:
    """The indices of an access; None where one is more than a sum of loop variables and of what is known before."""
    if not isinstance(op, memref.LoadOp | memref.StoreOp):
        return None
    found = [_place(index, inside, nest) for index in op.indices]
    places = tuple(place for place in found if place is not None)
    return places if len(places) == len(found) else None


def sum_of(value: ir.Value) -> Place:
    """An index as a sum of values that are no sums themselves."""
    return _place(value, None, Nest(variables=(), steps=(), counts=())) or Place(terms={value: 1})


def _place(value: ir.Value, inside: set[ir.Operation] | None, nest: Nest) -> Place | None:
    """An index as a sum; what is not made by operations `inside` (None: all) is a value of its own."""
    if value in nest.variables:
        return Place(terms={value: 1})
    owner = value.owner
    known = evaluate(value, Arguments({}))
    if known is not None:
        return Place(constant=known)
    if isinstance(owner, ir.Block) or (inside is not None and owner not in inside):
        return Place(terms={value: 1})
    op = owner.opview
    parts = [_place(operand, inside, nest) for operand in op.operands]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    match op:
        case WithinOp() | arith.ExtSIOp():
            return found[0]
        case arith.IndexCastOp() if isinstance(value.type, ir.IndexType) or value.type.width >= WIDE:
            return found[0]
        case arith.AddIOp() if isinstance(value.type, ir.IndexType):
            return _sum(found[0], found[1], 1)
        case arith.SubIOp() if isinstance(value.type, ir.IndexType):
            return _sum(found[0], found[1], -1)
        case arith.MulIOp() if isinstance(value.type, ir.IndexType):
            return _product(*found)
    return None


def _sum(a: Place, b: Place, sign: int) -> Place:
    values = {*a.terms, *b.terms}
    terms = {value: a.terms.get(value, 0) + sign * b.terms.get(value, 0) for value in values}
    return Place(constant=a.constant + sign * b.constant, terms=terms)


def _product(a: Place, b: Place) -> Place | None:
    if a.terms and b.terms:
        return None
    factor, place = (a.constant, b) if not a.terms else (b.constant, a)
    return Place(constant=place.constant * factor, terms={v: c * factor for v, c in place.terms.items()})
